//! All that a screen may show of one seat at one instant: cheap to clone, equal to compare.
//!
//! Every count of answers comes from [`Picture::tally`], so that header, answer card and hand-in
//! page agree by construction (RULES W8). No words, no styles, no keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use exam_core::{
    BootId, Digest, End, HallTime, ItemId, ItemKind, Lang, Marks, OptionId, Paper, Refusal, SeatId,
    SessionId, SessionView, Span, Text, WallTime,
};

/// One seat at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// Counts up with every change.
    pub version: u64,
    /// Whether the hall is there.
    pub link: Link,
    /// What the hall says of itself and the sitting, once it was reached.
    pub hall: Option<Arc<HallInfo>>,
    /// The candidate's own data, after log-in.
    pub candidate: Option<Arc<Candidate>>,
    /// The session as the hall last described it.
    pub view: Option<SessionView>,
    /// The hall's clock as known here.
    pub clock: Clock,
    /// Where the paper is.
    pub paper: PaperState,
    /// Responses by item, as the candidate sees them.
    pub answers: Arc<BTreeMap<ItemId, Answer>>,
    /// Flags and strike-outs by item.
    pub notes: Arc<BTreeMap<ItemId, NoteShown>>,
    /// The item the candidate was at when the seat last stopped, for the return (R3, R4).
    pub position: Option<ItemId>,
    /// Whether answers that wait are on disk.
    pub spool: SpoolState,
    /// Where the end stands.
    pub ending: Ending,
    /// The newest refusal a person should hear, and its number (a new number = say it again).
    pub refusal: Option<(u64, Refusal)>,
    /// The hall said it goes away for a moment.
    pub goodbye: bool,
    /// The hall speaks another protocol: nothing can be done here but tell the technician.
    pub other_version: Option<String>,
    /// Set once after a return with restored answers: how many are intact.
    pub restored: Option<u16>,
}

/// Whether the hall is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// First connection under way.
    #[default]
    Connecting,
    /// Messages flow.
    Online,
    /// The hall is away since this local monotonic millisecond.
    Offline {
        /// Local monotonic milliseconds.
        since_ms: i64,
    },
}

/// What the hall says of itself and of the sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallInfo {
    /// The hall's name.
    pub name: String,
    /// The station's number.
    pub station: String,
    /// This seat, from the certificate.
    pub seat: SeatId,
    /// IANA time zone for showing.
    pub zone: String,
    /// The sitting's name.
    pub sitting: String,
    /// Whether this is a rehearsal.
    pub rehearsal: bool,
    /// The exam's title.
    pub title: Option<Text>,
    /// Planned start.
    pub planned: HallTime,
    /// When log-in opens.
    pub log_in_opens: HallTime,
    /// Length in minutes.
    pub minutes: u32,
    /// Number of items.
    pub items: u32,
    /// Full marks.
    pub full_marks: Marks,
}

/// The candidate's own data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Name as on the roster.
    pub name: String,
    /// Admission number.
    pub number: String,
    /// ID number, all but the last four masked.
    pub id_masked: String,
    /// Subject, for showing.
    pub subject: String,
    /// The exam's title.
    pub title: Text,
    /// Length in minutes, without accommodation.
    pub minutes: u32,
    /// Time factor in hundredths.
    pub factor: u32,
    /// Number of items.
    pub items: u32,
    /// Full marks.
    pub full_marks: Marks,
    /// The undertaking to be read.
    pub undertaking: Text,
    /// Its digest.
    pub undertaking_digest: Digest,
    /// Rests at which to warn, longest first.
    pub warn: Vec<Span>,
    /// Languages of the items.
    pub languages: Vec<Lang>,
    /// Whether language may change once the paper is open.
    pub may_switch: bool,
    /// Early hand-in from this many minutes after the start.
    pub early_hand_in_minutes: u32,
}

/// The hall's clock as known at this seat. For showing and for made-times; it decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    /// Hall clock of the newest message.
    pub hall: HallTime,
    /// Wall clock of the newest message.
    pub wall: WallTime,
    /// Local monotonic milliseconds when it came.
    pub at_ms: i64,
    /// This machine's boot.
    pub boot: BootId,
}

impl Clock {
    /// Returns the hall time at local monotonic millisecond `now_ms`.
    pub fn hall_at(&self, now_ms: i64) -> HallTime {
        self.hall + Span((now_ms - self.at_ms).max(0))
    }

    /// Returns the hall's wall time at local monotonic millisecond `now_ms`.
    pub fn wall_at(&self, now_ms: i64) -> WallTime {
        WallTime(self.wall.0.saturating_add((now_ms - self.at_ms).max(0)))
    }
}

/// Where the paper is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PaperState {
    /// Not here.
    #[default]
    Absent,
    /// Here, sealed.
    Sealed,
    /// Open.
    Open(Arc<Paper>),
    /// It did not open; the invigilator is wanted.
    Broken,
}

/// One response as the candidate sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is chosen; none = cleared.
    pub choice: Option<OptionId>,
    /// How safe it is.
    pub saved: Saved,
}

/// The three truths of an answer (RULES W8); there is no fourth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Saved {
    /// 已选: on the screen.
    Chosen,
    /// 本机已存，待上传: in this machine's spool.
    Waiting,
    /// 已保存: the hall has it, durable; with the hall's wall time of the ack, where known.
    Saved(WallTime),
}

/// Flag and strike-outs of one item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoteShown {
    /// Whether it is flagged.
    pub flagged: bool,
    /// The options struck out.
    pub struck: Vec<OptionId>,
}

/// Whether answers that wait survive a crash of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SpoolState {
    /// On disk.
    #[default]
    OnDisk,
    /// Only in memory: the folder cannot be written. The self-test and the hall are told.
    MemoryOnly {
        /// Why.
        why: String,
    },
}

/// Where the end stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Ending {
    /// Nobody has ended anything.
    #[default]
    None,
    /// The candidate has handed in; the hall has yet to say so.
    HandingIn,
    /// The own end has passed here; the screen is locked, the hall has yet to say so.
    Locked,
    /// The hall has said how it ended.
    Ended(ReceiptShown),
}

/// The receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptShown {
    /// How it ended.
    pub end: End,
    /// When, hall clock.
    pub at: HallTime,
    /// When, for people.
    pub at_wall: WallTime,
    /// Items with a response in the hall's record.
    pub answered: u16,
    /// Items of the paper.
    pub total: u16,
    /// Receipt number.
    pub code: String,
    /// Short digest of the responses on record.
    pub check: String,
    /// Marks, only where the rule file shows them at hand-in.
    pub marks: Option<MarksShown>,
}

/// Marks on the last screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarksShown {
    /// Total.
    pub total: Marks,
    /// Full marks.
    pub full: Marks,
    /// Whether it is a pass.
    pub passed: bool,
    /// By section.
    pub sections: Vec<SectionShown>,
}

/// Marks of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionShown {
    /// The type of its items.
    pub kind: ItemKind,
    /// Marks earned.
    pub marks: Marks,
    /// Marks there are.
    pub full: Marks,
    /// Right answers.
    pub right: u32,
    /// Items.
    pub items: u32,
}

/// Counts over all answers: the one place they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Items of the paper.
    pub total: u16,
    /// Items with a response.
    pub answered: u16,
    /// Items without one.
    pub unanswered: u16,
    /// Items flagged.
    pub flagged: u16,
    /// Items whose newest response is only on the screen.
    pub chosen: u16,
    /// Items whose newest response is in the spool.
    pub waiting: u16,
}

impl Tally {
    /// Says whether every response is in the hall's record.
    pub const fn all_saved(&self) -> bool {
        self.chosen == 0 && self.waiting == 0
    }
}

impl Picture {
    /// Returns the open paper.
    pub fn open_paper(&self) -> Option<&Arc<Paper>> {
        match &self.paper {
            PaperState::Open(paper) => Some(paper),
            PaperState::Absent | PaperState::Sealed | PaperState::Broken => None,
        }
    }

    /// Returns the session, once there is one.
    pub fn session(&self) -> Option<SessionId> {
        self.view.as_ref().map(|view| view.session)
    }

    /// Returns the rest at local monotonic millisecond `now_ms`, never below zero.
    pub fn rest(&self, now_ms: i64) -> Option<Span> {
        let ends_at = self.view.as_ref()?.ends_at?;
        let rest = ends_at - self.clock.hall_at(now_ms);
        Some(Span(rest.0.max(0)))
    }

    /// Counts all answers of the paper.
    pub fn tally(&self) -> Tally {
        let Some(paper) = self.open_paper() else {
            return Tally::default();
        };
        self.tally_of(paper.items().map(|(_, item)| &item.item))
    }

    /// Counts the answers of some items, such as one section's.
    pub fn tally_of<'a>(&self, items: impl Iterator<Item = &'a ItemId>) -> Tally {
        let mut tally = Tally::default();
        for item in items {
            tally.total += 1;
            let answer = self.answers.get(item);
            if answer.is_some_and(|answer| answer.choice.is_some()) {
                tally.answered += 1;
            }
            match answer.map(|answer| answer.saved) {
                Some(Saved::Chosen) => tally.chosen += 1,
                Some(Saved::Waiting) => tally.waiting += 1,
                Some(Saved::Saved(_)) | None => {}
            }
            if self.notes.get(item).is_some_and(|note| note.flagged) {
                tally.flagged += 1;
            }
        }
        tally.unanswered = tally.total - tally.answered;
        tally
    }
}
