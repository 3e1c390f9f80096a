//! What the program is asked: to measure, or, by itself, to serve or to look at a second copy.

use std::path::PathBuf;
use std::str::FromStr;

use crate::Bad;

pub(crate) const HELP: &str = "\
usage: throughput [--streams 100,500,2000] [--journals null,real] [--window 4]
                  [--rounds 5] [--seconds 5] [--data FOLDER]

  --streams  how many seats answer at a time; one row of the table each
  --journals which servers: null keeps nothing, log keeps the log alone, real the second copy too;
             the others are compared with the first
  --window   how many revisions of a seat may wait for their ack; at 1 every ack has a message of its
             own, at more one message acks several
  --rounds   how often each server is driven, in turns; medians are shown
  --seconds  how long each round is measured, after one second of running in
  --data     where the journals lie (default: the system's temporary folder); it decides which
             disk is measured";

/// Commands of one stream that a hall lets be under way.
const WINDOW_MAX: u32 = 8;

/// The word that makes this program a server.
pub(crate) const SERVE: &str = "serve";

/// The word that makes it look at a second copy.
pub(crate) const PROBE: &str = "probe-copy";

/// What the program is asked.
#[derive(Debug)]
pub(crate) enum Asked {
    Measure(Plan),
    Serve(Serve),
    Probe(PathBuf),
    Help,
}

/// What is measured.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) streams: Vec<u16>,
    pub(crate) journals: Vec<Journal>,
    /// Revisions of a seat that wait for their ack.
    pub(crate) window: u32,
    pub(crate) rounds: u32,
    pub(crate) seconds: u32,
    /// Where the data folders are made.
    pub(crate) data: PathBuf,
}

/// What one server is.
#[derive(Debug)]
pub(crate) struct Serve {
    pub(crate) journal: Journal,
    pub(crate) data: PathBuf,
    pub(crate) seats: u16,
    /// Whether the sitting is there already.
    pub(crate) takes_up: bool,
}

/// Where a server's answers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Journal {
    /// To the disk, and to the second copy behind it.
    Real,
    /// To the disk, without a second copy.
    Log,
    /// Nowhere.
    Null,
}

impl Journal {
    /// Its name in the table and on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Log => "log",
            Self::Null => "null",
        }
    }
}

impl FromStr for Journal {
    type Err = Bad;
    fn from_str(word: &str) -> Result<Self, Bad> {
        let all = [Self::Real, Self::Log, Self::Null];
        let found = all.into_iter().find(|one| one.name() == word);
        found.ok_or_else(|| format!("no such journal: {word}").into())
    }
}

impl Serve {
    /// The words by which the program makes itself this server.
    pub(crate) fn words(&self) -> Vec<String> {
        let data = self.data.display().to_string();
        let seats = self.seats.to_string();
        let words = [SERVE, self.journal.name(), &data, &seats];
        let takes_up = self.takes_up.then_some("take-up");
        words
            .into_iter()
            .chain(takes_up)
            .map(ToOwned::to_owned)
            .collect()
    }
}

/// Reads the command line.
pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Asked, Bad> {
    let words: Vec<String> = words.collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [SERVE, journal, data, seats, rest @ ..] => Ok(Asked::Serve(Serve {
            journal: journal.parse()?,
            data: PathBuf::from(data),
            seats: seats.parse()?,
            takes_up: !rest.is_empty(),
        })),
        [PROBE, dir] => Ok(Asked::Probe(PathBuf::from(dir))),
        ["--help" | "-h"] => Ok(Asked::Help),
        asked => measure(asked).map(Asked::Measure),
    }
}

fn measure(words: &[&str]) -> Result<Plan, Bad> {
    let mut plan = Plan {
        streams: vec![100, 500, 2_000],
        journals: vec![Journal::Null, Journal::Real],
        window: 4,
        rounds: 5,
        seconds: 5,
        data: std::env::temp_dir(),
    };
    for pair in words.chunks(2) {
        match *pair {
            ["--streams", list] => {
                let counts = list.split(',').map(|count| count.trim().parse());
                plan.streams = counts.collect::<Result<_, _>>()?;
            }
            ["--journals", list] => {
                let names = list.split(',').map(|name| name.trim().parse());
                plan.journals = names.collect::<Result<_, _>>()?;
            }
            ["--window", count] => plan.window = count.parse()?,
            ["--rounds", count] => plan.rounds = count.parse()?,
            ["--seconds", count] => plan.seconds = count.parse()?,
            ["--data", folder] => plan.data = PathBuf::from(folder),
            _ => return Err(format!("not understood: {}\n{HELP}", pair.join(" ")).into()),
        }
    }
    if [plan.rounds, plan.seconds, plan.window].contains(&0) || plan.streams.contains(&0) {
        return Err("every number must be at least 1".into());
    }
    if plan.window > WINDOW_MAX {
        return Err(format!("a stream may have {WINDOW_MAX} commands under way at most").into());
    }
    Ok(plan)
}
