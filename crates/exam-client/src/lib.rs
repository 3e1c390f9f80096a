//! The attachment of one seat to its hall: log-in, the paper, answers with their three truths,
//! the spool, reconnection, the clock, the hand-in. Kiosk, bots and simulation all use it.
//!
//! It has no screen and no type that can hold an item key. [`attachment`] is a pure machine (no
//! socket, no file, no clock); [`driver`] is the thin shell around it; [`enrol`] gets the seat its
//! certificate.

pub mod act;
pub mod attachment;
pub mod clock;
mod entropy;
pub mod message;
pub mod picture;
pub mod spool;

pub use act::Act;
pub use attachment::{Attachment, AttachmentConfig, Input, Observed, Output};
pub use clock::LocalClock;
pub use picture::{
    Answer, Candidate, Clock, Ending, HallInfo, Link, MarksShown, NoteShown, PaperState, Picture,
    ReceiptShown, Saved, SectionShown, SpoolState, Tally,
};
