//! The one place that writes to standard output and standard error.
//!
//! A terminal program runs elsewhere; nothing may be printed while it holds the screen.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is where printing is done"
)]

use std::io::Write as _;

/// Writes a line to standard output. A closed pipe ends output, not the command.
pub fn line(text: impl std::fmt::Display) {
    if writeln!(std::io::stdout(), "{text}").is_err() {
        // The reader has gone; what the command does still counts.
    }
}

/// Writes a line to standard error.
pub fn error(text: impl std::fmt::Display) {
    if writeln!(std::io::stderr(), "{text}").is_err() {
        // Nobody is left to tell.
    }
}
