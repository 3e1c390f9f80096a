//! Exit codes: one for each thing that can go wrong, so that scripts and technicians can tell.
//!
//! Words are exam-text's; a [`Failure`] carries their id and arguments.

use std::process::ExitCode;

use exam_text::Args;

/// Why the command ends other than well. The numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// A check was run and its verdict is bad: findings, damage, a lost answer.
    Verdict = 1,
    /// The command line makes no sense (clap's own code).
    Usage = 2,
    /// The bank is not there.
    BankMissing = 10,
    /// The bank was refused: unsigned, expired, tampered with, or full of errors.
    BankRefused = 11,
    /// A file the command was given cannot be read or makes no sense.
    BadFile = 12,
    /// Another process holds the data folder.
    DataLocked = 20,
    /// The data folder is of another format version, or is none.
    DataFormat = 21,
    /// The disk has not the space a sitting must reserve.
    NoSpace = 22,
    /// The journal is damaged, or cannot be written.
    Journal = 23,
    /// A port is in use or cannot be opened.
    Port = 30,
    /// The hall cannot be reached, or refused.
    Hall = 31,
    /// This is not a terminal.
    NotATerminal = 40,
    /// Something else failed.
    Fault = 70,
}

/// A failure as a person reads it: what happened, is the work safe, what to do.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// Id of the words in exam-text.
    pub id: &'static str,
    /// Their arguments.
    pub args: Args,
}

impl Failure {
    /// A failure without arguments.
    pub fn new(exit: Exit, id: &'static str) -> Self {
        Self { exit, id, args: Args::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.args = self.args.with(name, value.to_string());
        self
    }

    /// A file that cannot be used.
    pub fn file(path: &std::path::Path, error: impl std::fmt::Display) -> Self {
        Self::new(Exit::BadFile, "command-bad-file").with("path", path.display()).with("error", error)
    }

    /// Something that has no words of its own.
    pub fn fault(error: impl std::fmt::Display) -> Self {
        Self::new(Exit::Fault, "command-fault").with("error", error)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
