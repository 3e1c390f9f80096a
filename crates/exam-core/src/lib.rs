//! The words of the trade, the exam rules as plain checked types, and the pure machine that runs
//! one sitting: commands and an hour go in, events and a reply come out.
//!
//! It knows nothing of async, clocks, chance, sockets, files, serde or protobuf: the hour is an
//! argument, chance arrives inside the command, and whoever calls [`Sitting::decide`] must make
//! the events durable before anybody hears the reply.
#![warn(
    missing_docs,
    clippy::wildcard_enum_match_arm,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

pub mod act;
pub mod command;
pub mod event;
pub mod ids;
pub mod lang;
pub mod marks;
pub mod paper;
pub mod refusal;
pub mod revision;
pub mod rules;
pub mod session;
pub mod sitting;
pub mod time;
pub mod view;

pub use act::{HallAct, OfflineVerdict};
pub use command::{Command, Decision, Opening, PlannedSession, Receipt, Reply};
pub use event::{Event, KeptWhy, Resumed, SittingKind};
pub use ids::{
    ActId, BootId, Digest, Epoch, ExamId, ItemId, LeaseId, OptionId, PartNo, SeatId, Seq,
    SessionId, SittingId, StaffId,
};
pub use lang::{Lang, Text};
pub use marks::Marks;
pub use paper::{
    ItemKind, ItemOutline, Outline, Paper, PaperItem, PaperOption, PaperPart, PaperSection,
    PartOutline, Place, SectionOutline,
};
pub use refusal::{Arg, Refusal};
pub use revision::{Counted, Made, Note, Revision};
pub use rules::Rules;
pub use session::{Contact, End, Session, State};
pub use sitting::{Misfit, Sitting};
pub use time::{HallTime, Span, WallTime};
pub use view::{Label, May, SessionView, Snapshot};
