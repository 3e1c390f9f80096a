//! `examhall demo`: a whole hall on this machine, with a person at the kiosk or with none.
//!
//! Nothing here is special to a demonstration but the people: bank, package, hall, door, seats and
//! record are the real ones, and simulated candidates are seats over TLS like any other.

mod chief;
mod headless;
mod interactive;
mod stage;

pub use interactive::{kiosk_failure, must_be_a_terminal};

use exam_core::{Lang, WallTime};

use crate::cli::Demo;
use crate::exit::Failure;

/// Runs a demonstration.
///
/// # Errors
/// What stands in the way, in words; a rehearsal's bad verdict too.
pub fn run(demo: &Demo, lang: Lang, now: WallTime) -> Result<(), Failure> {
    if !demo.headless {
        interactive::must_be_a_terminal()?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::unexpected)?;
    if demo.headless {
        headless::run(&runtime, demo, lang, now)
    } else {
        interactive::run(&runtime, demo, lang, now)
    }
}
