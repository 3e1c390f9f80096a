//! The one command: every part of Examhall behind one program.
//!
//! It parses the command line, calls the crates that do the work, and says in words and exit codes
//! how it went. It has no rule of its own about exams.

mod audit;
mod cli;
mod exit;
mod output;

use std::process::ExitCode;

use clap::Parser as _;
use exam_core::Lang;

use cli::{Audit, Cli, Command};
use exit::Failure;

/// Runs the command and returns its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let lang = Lang::from(cli.lang);
    match run(cli.command, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.say(lang);
            failure.exit.into()
        }
    }
}

fn run(command: Command, lang: Lang) -> Result<(), Failure> {
    match command {
        Command::Audit(Audit::Journal { folder, summary }) => {
            audit::journal(&folder, summary, lang)
        }
        _ => Err(Failure::unexpected("")),
    }
}

/// exam-text speaks no type of the trade, so its language is a type of its own.
pub(crate) const fn text_lang(lang: Lang) -> exam_text::Lang {
    match lang {
        Lang::Zh => exam_text::Lang::Zh,
        Lang::En => exam_text::Lang::En,
    }
}

/// Writes an error with everything behind it, each cause once.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let more = source.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = source.source();
    }
    text
}
