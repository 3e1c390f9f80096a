//! The whole hall: opens a sitting or takes it up again, serves it, and leaves in order.
//!
//! Everything is put together here and nowhere else. A harness may bring its own clock, disk and
//! addresses; the rest is the same for a demonstration, a rehearsal and a real sitting.

mod assembly;
mod fault;
mod journal;
mod opening;
mod options;
mod running;
mod serve;
mod start;
mod taking_up;

pub use fault::HallFault;
pub use opening::{NewSitting, OpeningReport, Plan};
pub use options::{Backing, ClockChoice, HallOptions, SittingChoice};
pub use running::{Left, RunningHall, SittingShown};
pub use start::start;

pub use crate::desk::{DeskFault, MarksAtHandIn};
