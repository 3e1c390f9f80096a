//! The candidate's screen: an Elm loop over the one attachment of exam-client.
//!
//! Model, messages and effects are here; what is saved, when time ends and what may be done come
//! from the attachment's picture. The kiosk holds no rules, no keys and no journal.

pub mod keymap;
pub mod model;
pub mod run;
pub mod update;
pub mod view;

pub use model::{DemoHint, Leave, Model, Screen};
pub use run::{Appearance, KioskFault, KioskOptions, Outcome, run, run_with};
pub use update::{Effect, Msg, update};
pub use view::{Hits, view};

#[cfg(test)]
mod tests;
