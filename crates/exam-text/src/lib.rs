//! Every word a person reads, in Chinese and English.
//!
//! It is responsible for the catalogues and for filling in their arguments: [`say`] for one
//! message, [`trouble`] for a fault of the command (what happened, is work safe, what to do), and
//! the two ways a length of time is written. It deliberately knows no type of the trade: callers
//! pass ids and plain values. Texts of exams and items are not here; they belong to the bank.

mod args;
mod catalogue;
mod lang;
mod time;

pub use args::Args;
pub use catalogue::{Trouble, has, ids, say, trouble};
pub use lang::Lang;
pub use time::{clock, span};
