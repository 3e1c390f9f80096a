//! Why a hall does not open or does not go on; each has its own meaning for the person at the
//! server.

use exam_bank::Shortfall;
use exam_core::{ExamId, Refusal, SittingId};
use exam_journal::JournalFault;
use exam_record::FoldFault;

use crate::banks::BankFault;
use crate::book::BookFault;
use crate::clock::ClockFault;
use crate::config::ConfigFault;
use crate::data::DataFault;
use crate::desk::DeskFault;
use crate::door::DoorFault;
use crate::enrol::CodesFault;
use crate::papers::PapersFault;
use crate::pki::PkiFault;

/// A hall could not be opened, or ended by a fault.
#[derive(Debug, thiserror::Error)]
pub enum HallFault {
    /// The data folder.
    #[error(transparent)]
    Data(#[from] DataFault),
    /// `hall.toml`.
    #[error(transparent)]
    Config(#[from] ConfigFault),
    /// Certificates.
    #[error(transparent)]
    Pki(#[from] PkiFault),
    /// Enrolment codes.
    #[error(transparent)]
    Codes(#[from] CodesFault),
    /// The ports; a port in use is [`DoorFault::PortInUse`].
    #[error(transparent)]
    Door(#[from] DoorFault),
    /// The clock (T12).
    #[error(transparent)]
    Clock(#[from] ClockFault),
    /// The bank.
    #[error(transparent)]
    Bank(#[from] BankFault),
    /// The bank has no such exam.
    #[error("could not find exam {0} in the bank")]
    NoSuchExam(ExamId),
    /// The bank cannot serve the exam (P3).
    #[error("could not draw the papers")]
    Shortfall(#[from] Shortfall),
    /// The sealed papers.
    #[error(transparent)]
    Papers(#[from] PapersFault),
    /// There is a sitting of that name already.
    #[error("could not open sitting {0}: there is one of that name")]
    SittingExists(SittingId),
    /// There is no sitting of that name.
    #[error("could not find sitting {0}")]
    NoSuchSitting(SittingId),
    /// The seat plan cannot be: a seat or a session stands in it twice.
    #[error("could not open the sitting: a rule says no")]
    Refused(Refusal),
    /// Somebody's row in the roster file cannot be read any more.
    #[error("could not read the roster of the sitting: {0} findings")]
    Roster(usize),
    /// The seed's file is not the seed of the record.
    #[error("could not use the seed of the sitting: it is not the one on record")]
    OtherSeed,
    /// The journal; a full disk at opening (W7) is [`JournalFault::NoSpace`].
    #[error(transparent)]
    Journal(#[from] JournalFault),
    /// The hall's own journal.
    #[error(transparent)]
    Book(#[from] BookFault),
    /// A sitting's journal does not begin with an opened sitting.
    #[error("could not take up the sitting: its journal has no opening")]
    NoOpening,
    /// A sitting's journal holds what does not fit.
    #[error("could not take up the sitting")]
    Fold(#[from] FoldFault),
    /// Records are lost that neither copy has; the sitting cannot be served as whole.
    #[error("could not take up the sitting: {0} records are lost")]
    RecordsLost(u64),
    /// The desk ended by a fault.
    #[error(transparent)]
    Desk(#[from] DeskFault),
    /// The operating system has no thread or no chance to give.
    #[error("could not start the hall")]
    System(#[from] std::io::Error),
    /// The hall has ended already.
    #[error("could not reach the hall: it has ended")]
    Ended,
}

impl HallFault {
    /// Says whether the disk was full, wherever that was noticed.
    pub fn is_no_space(&self) -> bool {
        match self {
            Self::Data(DataFault::NoSpace { .. })
            | Self::Pki(PkiFault::Data(DataFault::NoSpace { .. }))
            | Self::Codes(CodesFault::Data(DataFault::NoSpace { .. }))
            | Self::Bank(BankFault::Data(DataFault::NoSpace { .. }))
            | Self::Papers(PapersFault::Data(DataFault::NoSpace { .. })) => true,
            Self::Journal(fault)
            | Self::Book(BookFault::Journal(fault))
            | Self::Desk(DeskFault::Journal(fault)) => fault.is_no_space(),
            _ => false,
        }
    }

    /// Returns a word for the fault that never changes: messages and exit codes are found by it.
    pub fn name(&self) -> &'static str {
        if self.is_no_space() {
            return "no-space";
        }
        match self {
            Self::Data(DataFault::Locked { .. }) => "data-locked",
            Self::Data(DataFault::OtherFormat { .. }) => "data-other-format",
            Self::Data(DataFault::NotADataFolder { .. }) => "not-a-data-folder",
            Self::Data(_) | Self::System(_) => "system",
            Self::Config(_) => "config",
            Self::Pki(_) => "pki",
            Self::Codes(_) => "codes",
            Self::Door(DoorFault::PortInUse { .. }) => "port-in-use",
            Self::Door(_) => "door",
            Self::Clock(_) => "fast-clock",
            Self::Bank(BankFault::Refused(_)) => "bank-refused",
            Self::Bank(_) => "bank",
            Self::NoSuchExam(_) => "no-such-exam",
            Self::Shortfall(_) => "shortfall",
            Self::Papers(_) => "papers",
            Self::SittingExists(_) => "sitting-exists",
            Self::NoSuchSitting(_) => "no-such-sitting",
            Self::Refused(_) => "refused",
            Self::Roster(_) => "roster",
            Self::OtherSeed => "other-seed",
            Self::Journal(_) | Self::Book(_) => "journal",
            Self::NoOpening | Self::Fold(_) | Self::RecordsLost(_) => "record",
            Self::Desk(_) | Self::Ended => "desk",
        }
    }
}
