//! Exit codes: one for each thing that can go wrong, so that scripts and technicians can tell.
//!
//! Words are exam-text's; a [`Failure`] carries their id and arguments.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use exam_core::Lang;
use exam_text::Args;

use crate::output;

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
    /// This is not a terminal, or one too small.
    NotATerminal = 40,
    /// Something else failed.
    Fault = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A failure as a person reads it: what happened, is the work safe, what to do.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    id: &'static str,
    args: Args<'static>,
}

impl Failure {
    /// A failure whose words stand under `id` (`fault-…`).
    pub fn new(exit: Exit, id: &'static str) -> Self {
        let args = Args::new();
        Self { exit, id, args }
    }

    /// Adds an argument.
    #[must_use]
    pub fn text(mut self, name: &'static str, value: impl Display) -> Self {
        self.args = self.args.text(name, value.to_string());
        self
    }

    /// A number of things.
    #[must_use]
    pub fn count(mut self, name: &'static str, value: usize) -> Self {
        self.args = self
            .args
            .count(name, i64::try_from(value).unwrap_or(i64::MAX));
        self
    }

    /// A file that cannot be read or makes no sense.
    pub fn file(path: &Path, what: impl Display) -> Self {
        Self::new(Exit::BadFile, "fault-bad-file")
            .text("path", path.display())
            .text("what", what)
    }

    /// Something that has no words of its own.
    pub fn unexpected(what: impl Display) -> Self {
        Self::new(Exit::Fault, "fault-unexpected").text("what", what)
    }

    /// Says it on standard error, in three sentences.
    pub fn say(&self, lang: Lang) {
        let lang = crate::text_lang(lang);
        let none = Args::new();
        let trouble = exam_text::trouble(self.id, &self.args, lang);
        output::error(&trouble.what);
        let safe = exam_text::say("fault-label-safe", &none, lang);
        output::error(format!("  {safe} {}", trouble.safe));
        let remedy = exam_text::say("fault-label-do", &none, lang);
        output::error(format!("  {remedy} {}", trouble.remedy));
    }
}
