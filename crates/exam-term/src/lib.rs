//! What a terminal program of the hall needs from its terminal, and nothing about exams.
//!
//! It is responsible for holding the terminal ([`tty`]), for the loop of inputs and frames
//! ([`mod@run`], the one place here with a clock), for keys ([`keys`]), for Chinese line breaking
//! ([`wrap`]), for writing text into cells without breaking their columns ([`ink`], [`glyphs`],
//! [`harmless`]), for looks ([`theme`]) and for the widgets both programs share ([`widgets`]).
//! [`picture`] turns a drawn buffer into text, a map of styles or an SVG.
//!
//! It deliberately knows no exam, no word a person reads (callers pass them) and no server.

pub mod glyphs;
pub mod harmless;
pub mod ink;
pub mod keys;
pub mod picture;
pub mod run;
pub mod theme;
pub mod tty;
pub mod widgets;
pub mod wrap;

pub use glyphs::{Ambiguous, Borders, Glyphs};
pub use keys::{Code, Key, Mouse, MouseKind, Tamer};
pub use run::{Ended, Input, Millis, Next, Program, Targets, run};
pub use theme::{Depth, Look, Role, Theme, ThemeKind};
pub use tty::{Tty, TtyError, TtyOptions};
