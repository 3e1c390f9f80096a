//! The attachment of one seat to its hall: log-in, the paper, answers with their three truths,
//! the spool, reconnection, the clock, the hand-in. Kiosk, bots and simulation all use it.
//!
//! It has no screen and no type that can hold an item key. [`attachment`] is a pure machine (no
//! socket, no file, no clock); [`driver`] is the thin shell around it; [`mod@enrol`] gets the seat its
//! certificate.

pub mod act;
pub mod admin;
pub mod attachment;
pub mod bot;
pub mod clock;
pub mod driver;
pub mod enrol;
mod entropy;
pub mod identity;
pub mod message;
pub mod picture;
pub mod spool;
mod tls;

#[cfg(test)]
mod door_tests;
#[cfg(test)]
mod fake_door;

pub use act::Act;
pub use attachment::{Attachment, AttachmentConfig, Input, Observed, Output};
pub use clock::LocalClock;
pub use driver::{Seat, SeatConfig, SeatHandle};
pub use enrol::{EnrolFault, enrol};
pub use identity::{Identity, IdentityFault};
pub use picture::{
    Answer, Candidate, Clock, Ending, HallInfo, Link, MarksShown, NoteShown, PaperState, Picture,
    ReceiptShown, Saved, SectionShown, SpoolState, Tally,
};
pub use tls::LinkFault;
