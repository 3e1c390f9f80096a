//! The command line: what can be typed, with examples. What it does is in the other modules.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use exam_core::Lang;

/// Delivers computer-based exams in a test hall.
#[derive(Debug, Parser)]
#[command(name = "examhall", version, about, propagate_version = true)]
pub struct Cli {
    /// Language of messages and screens.
    #[arg(
        long,
        global = true,
        env = "EXAMHALL_LANG",
        value_enum,
        default_value = "zh"
    )]
    pub lang: LangArg,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// A language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sit a demonstration exam in this terminal, or rehearse one without a screen.
    #[command(
        after_help = "Examples:\n  examhall demo\n  examhall demo --lang en\n  \
        examhall demo --headless --seats 60 --json result.json"
    )]
    Demo(Demo),
    /// Run the hall server with one sitting.
    Serve(Serve),
    /// Run the candidate's kiosk.
    #[command(after_help = "Examples:\n  \
        examhall kiosk --state seat --enrol ABCDE-FGHJK-LMNPQ --hall 192.0.2.10:7443\n  \
        examhall kiosk --state seat")]
    Kiosk(Kiosk),
    /// Act on the sitting of a running hall, on the hall's own machine.
    #[command(subcommand)]
    Sitting(Sitting),
    /// Check, sign, verify and pack question banks.
    #[command(subcommand)]
    Bank(Bank),
    /// Verify what a hall has kept.
    #[command(subcommand)]
    Audit(Audit),
    /// Mark a sitting from its record and the keys file.
    Mark(Mark),
    /// Compare a rehearsal's record with the ledgers its candidates kept.
    #[command(hide = true)]
    Verdict(Verdict),
    /// Probe a second copy in a process of its own.
    #[command(hide = true)]
    ProbeCopy {
        /// The folder of the copy.
        dir: PathBuf,
    },
}

/// `examhall demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Keep the hall's data here instead of a temporary folder.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// The bank's source folder.
    #[arg(long, env = "EXAMHALL_BANK")]
    pub bank: Option<PathBuf>,
    /// No screen: simulated candidates sit the whole exam on a fast clock.
    #[arg(long)]
    pub headless: bool,
    /// Simulated candidates: 30 headless, otherwise neighbours (3).
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=2000))]
    pub seats: Option<u16>,
    /// Write the verdict of a headless run here as JSON.
    #[arg(long, requires = "headless")]
    pub json: Option<PathBuf>,
    /// How many times faster than life a headless run's clock is.
    #[arg(long, requires = "headless", value_parser = clap::value_parser!(u32).range(1..=600))]
    pub speed: Option<u32>,
    /// Where the hall listens.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
}

/// `examhall serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The hall's data folder; made on first use.
    #[arg(long)]
    pub data: PathBuf,
    /// The signed package (.bank). Not needed to take a sitting up again.
    #[arg(long)]
    pub package: Option<PathBuf>,
    /// Who may sign: the board's trust.toml.
    #[arg(long)]
    pub trust: Option<PathBuf>,
    /// The keys file, only where the exam shows marks at hand-in.
    #[arg(long)]
    pub keys: Option<PathBuf>,
    /// Which exam of the package.
    #[arg(long)]
    pub exam: Option<String>,
    /// The roster: CSV with number, name, id number and seat.
    #[arg(long)]
    pub roster: Option<PathBuf>,
    /// Name of the sitting, such as 2026-11-21-am.
    #[arg(long)]
    pub sitting: Option<String>,
    /// Planned start today, such as 14:00; without it: now.
    #[arg(long)]
    pub start: Option<String>,
    /// This is a rehearsal.
    #[arg(long)]
    pub rehearsal: bool,
    /// Where kiosks connect.
    #[arg(long)]
    pub listen: Option<SocketAddr>,
    /// Where kiosks enrol.
    #[arg(long)]
    pub enrol_listen: Option<SocketAddr>,
    /// Print the configuration in force and end.
    #[arg(long)]
    pub print_config: bool,
}

/// `examhall kiosk`.
#[derive(Debug, Args)]
pub struct Kiosk {
    /// The seat's folder: certificate, key, spool.
    #[arg(long, env = "EXAMHALL_SEAT")]
    pub state: PathBuf,
    /// The code on the seat's label: enrols this machine.
    #[arg(long, requires = "enrol_at")]
    pub enrol: Option<String>,
    /// The hall's enrolment port, with --enrol.
    #[arg(long)]
    pub enrol_at: Option<String>,
    /// The hall's delivery port; remembered in the seat's folder.
    #[arg(long)]
    pub hall: Option<String>,
}

/// `examhall sitting`.
#[derive(Debug, Subcommand)]
pub enum Sitting {
    /// Show every seat as it is now.
    Show(OnSitting),
    /// Confirm identity: of one seat, or of everybody logged in.
    Admit {
        /// The running hall.
        #[command(flatten)]
        on: OnSitting,
        /// One seat; without it all who wait.
        #[arg(long)]
        seat: Option<String>,
    },
    /// Start the room.
    Start(OnSitting),
    /// Let a candidate go on at another seat, or log in again at the same one.
    MoveSeat {
        /// The running hall.
        #[command(flatten)]
        on: OnSitting,
        /// The seat it is now.
        from: String,
        /// The seat it goes to.
        to: String,
    },
    /// Mark as absent everybody who never logged in, once the door is closed.
    Absent(OnSitting),
    /// Decide answers that came late, by seat.
    DecideOffline {
        /// The running hall.
        #[command(flatten)]
        on: OnSitting,
        /// The seat.
        seat: String,
        /// Whether they count.
        #[arg(value_enum)]
        verdict: Decide,
    },
    /// Take overdue papers as they stand, then close the sitting.
    Close(OnSitting),
}

/// What becomes of late answers.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Decide {
    /// They count.
    Count,
    /// They do not.
    Refuse,
}

/// Which hall.
#[derive(Debug, Args)]
pub struct OnSitting {
    /// The data folder of the running hall on this machine.
    #[arg(long)]
    pub data: PathBuf,
}

/// `examhall bank`.
#[derive(Debug, Subcommand)]
pub enum Bank {
    /// Check a bank's source folder: every finding at once.
    Check {
        /// The bank's folder.
        folder: PathBuf,
        /// Print findings as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a signing key: the secret file, and the public one beside it.
    Keygen {
        /// Where the secret key goes; `.pub` takes the place of its ending for the public one.
        #[arg(long)]
        out: PathBuf,
        /// Do not protect the key with a password: for tests and demonstrations alone.
        #[arg(long)]
        unprotected: bool,
    },
    /// Sign a bank: the first signer builds the edition, each further one adds a signature.
    #[command(after_help = "Examples:\n  \
        examhall bank sign question-banks/csm-l3 --trust trust.toml --key wang.key --out built\n  \
        examhall bank sign question-banks/csm-l3 --trust trust.toml --key li.key --out built")]
    Sign {
        /// The bank's folder: what is signed is what stands there now.
        folder: PathBuf,
        /// The board's trust.toml.
        #[arg(long)]
        trust: PathBuf,
        /// The signer's secret key.
        #[arg(long)]
        key: PathBuf,
        /// Where the built files and signatures are.
        #[arg(long)]
        out: PathBuf,
        /// Number of a new edition.
        #[arg(long, default_value_t = 1)]
        version: u32,
        /// Name of a new edition for people.
        #[arg(long, default_value = "")]
        label: String,
        /// How many days a new edition is valid.
        #[arg(long, default_value_t = 730)]
        days: u32,
    },
    /// Verify a package, or a folder built by `bank sign`.
    Verify {
        /// The .bank file or the folder.
        package: PathBuf,
        /// The board's trust.toml.
        #[arg(long)]
        trust: PathBuf,
    },
    /// Pack a signed folder into <bank>-<version>.bank and .keys.
    Pack {
        /// The folder built by `bank sign`.
        folder: PathBuf,
        /// The board's trust.toml.
        #[arg(long)]
        trust: PathBuf,
        /// Where the two files go.
        #[arg(long)]
        out: PathBuf,
    },
}

/// `examhall audit`.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Print a journal's records, chain head and any damage; changes nothing.
    Journal {
        /// The journal's folder, such as DATA/sittings/ID.
        folder: PathBuf,
        /// Print no records, only the summary.
        #[arg(long)]
        summary: bool,
    },
}

/// `examhall mark`.
#[derive(Debug, Args)]
pub struct Mark {
    /// The data folder; its hall must not be running.
    #[arg(long)]
    pub data: PathBuf,
    /// Name of the sitting; not needed where there is one.
    #[arg(long)]
    pub sitting: Option<String>,
    /// The keys file (.keys).
    #[arg(long)]
    pub keys: PathBuf,
    /// The board's trust.toml.
    #[arg(long)]
    pub trust: PathBuf,
    /// Where result.csv and result.json go.
    #[arg(long)]
    pub out: PathBuf,
}

/// `examhall verdict`.
#[derive(Debug, Args)]
pub struct Verdict {
    /// The data folder; its hall must not be running.
    #[arg(long)]
    pub data: PathBuf,
    /// Name of the sitting.
    #[arg(long)]
    pub sitting: String,
    /// The candidates' ledgers.
    #[arg(long)]
    pub ledgers: PathBuf,
    /// The keys file.
    #[arg(long)]
    pub keys: PathBuf,
    /// The trust file.
    #[arg(long)]
    pub trust: PathBuf,
    /// Where the verdict goes, as JSON.
    #[arg(long)]
    pub json: PathBuf,
}
