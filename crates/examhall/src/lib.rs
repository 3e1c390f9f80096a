//! The one command: every part of Examhall behind one program.
//!
//! It parses the command line, calls the crates that do the work, and says in words and exit codes
//! how it went. It has no rule of its own about exams.

mod audit;
mod bank;
mod cast;
mod cli;
mod demo;
mod demo_bank;
mod exit;
mod hall;
mod kept;
mod kiosk;
mod mark;
mod output;
mod second_marker;
mod serve;
mod sitting;
mod verdict;

use std::process::ExitCode;

use clap::Parser as _;
use exam_core::{Lang, WallTime};

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
    let now = wall_clock();
    match command {
        Command::Demo(demo) => demo::run(&demo, lang, now),
        Command::Serve(serve) => serve::run(&serve, lang, now),
        Command::Kiosk(kiosk) => kiosk::run(&kiosk, lang),
        Command::Sitting(sitting) => sitting::run(sitting, lang),
        Command::Bank(bank) => bank::run(bank, lang, now),
        Command::Audit(Audit::Journal { folder, summary }) => {
            audit::journal(&folder, summary, lang)
        }
        Command::Mark(mark) => mark::run(&mark, lang, now),
        Command::Verdict(ask) => verdict::run(&ask, lang, now),
        Command::ProbeCopy { dir } => probe_copy(&dir),
    }
}

/// Looks at a second copy that may be damaged; this process may die of it, the hall does not.
fn probe_copy(dir: &std::path::Path) -> Result<(), Failure> {
    let probe = exam_journal::probe(dir);
    match probe.exit_code() {
        0 => Ok(()),
        _ => Err(Failure::new(exit::Exit::Verdict, "fault-unexpected")
            .text("what", format!("{probe:?}"))),
    }
}

/// The wall clock, read once and here alone.
#[expect(
    clippy::disallowed_methods,
    reason = "the command hands the hour to everything it calls"
)]
fn wall_clock() -> WallTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let ms = since.map_or(0, |since| since.as_millis());
    WallTime(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// exam-text speaks no type of the trade, so its language is a type of its own.
pub(crate) const fn text_lang(lang: Lang) -> exam_text::Lang {
    match lang {
        Lang::Zh => exam_text::Lang::Zh,
        Lang::En => exam_text::Lang::En,
    }
}

/// Returns the words of `id` in the command's language.
pub(crate) fn say(id: &str, args: &exam_text::Args<'_>, lang: Lang) -> String {
    exam_text::say(id, args, text_lang(lang))
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
