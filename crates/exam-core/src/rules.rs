//! The rules of one exam as plain checked values (RULES 2).
//!
//! Reading them from `exam.toml`, with findings, is exam-bank's work. No number of any board stands
//! here: every limit is a field.

use crate::ids::{Digest, ExamId, PartNo};
use crate::lang::{Lang, Text};
use crate::marks::Marks;
use crate::paper::ItemKind;
use crate::time::{HallTime, Span};

/// The rules of one exam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Which exam.
    pub exam: ExamId,
    /// Its title.
    pub title: Text,
    /// Level and name of the subject, as on the roster.
    pub subject: Subject,
    /// The bank its items come from.
    pub bank: String,
    /// The marks needed to pass.
    pub pass: Marks,
    /// How forms are drawn.
    pub paper: PaperRules,
    /// Its timed parts, in order; at least one.
    pub parts: Vec<PartRules>,
    /// Who is let in, and when.
    pub admission: Admission,
    /// When a paper may be handed in.
    pub hand_in: HandInRules,
    /// Start, end and grace.
    pub clock: ClockRules,
    /// Languages of the items.
    pub languages: Languages,
    /// When marks are shown.
    pub release: Release,
}

/// Level and name of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Such as 三级.
    pub level: String,
    /// Such as 理论知识.
    pub name: String,
}

/// How forms are drawn (RULES 2 `[paper]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperRules {
    /// Each candidate an own form, or all the same items in their own order.
    pub draw: Draw,
    /// Greatest difference of mean difficulty between two papers, in hundredths of a level.
    pub spread_hundredths: u32,
    /// How long before the planned start a sealed package may be opened.
    pub unseal_before: Span,
}

/// Whose form is whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// Every candidate gets an own selection.
    Each,
    /// All candidates get the same items, each in an own order.
    OneForm,
}

/// A timed part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRules {
    /// Its number, from 1.
    pub part: PartNo,
    /// Its title.
    pub title: Text,
    /// Its length.
    pub length: Span,
    /// Whether items may be revisited within it.
    pub revisit: bool,
    /// Its sections, in order; at least one.
    pub sections: Vec<SectionRules>,
}

/// A section: items of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionRules {
    /// The type.
    pub kind: ItemKind,
    /// How many items.
    pub count: u16,
    /// What each is worth.
    pub points: Marks,
    /// Whether the order of items is drawn.
    pub shuffle_items: bool,
    /// Whether the order of options is drawn; never for true/false (P4).
    pub shuffle_options: bool,
    /// Quotas, in the order of the file; their counts sum to `count`.
    pub select: Vec<Quota>,
}

/// So many items of a unit (sub-units included), of one difficulty where named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Code of the unit.
    pub unit: String,
    /// Difficulty 1 to 5, or any.
    pub difficulty: Option<u8>,
    /// How many.
    pub count: u16,
}

/// Admission (RULES 2 `[admission]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// 报到时间: log-in opens this long before the planned start.
    pub report_before: Span,
    /// Entry closes this long after `late_from`.
    pub late_after: Span,
    /// What the late limit counts from.
    pub late_from: LateFrom,
    /// Whether the exact instant of the limit is inside.
    pub late_limit: LateLimit,
    /// What makes somebody late: the mark at the door, or the log-in.
    pub late_judged: LateJudged,
    /// Whether an invigilator must confirm identity before the undertaking.
    pub identity: Identity,
    /// The undertaking shown: its text and the digest that was signed with the exam.
    pub undertaking: Undertaking,
}

/// What the late limit counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateFrom {
    /// 报到时间.
    Report,
    /// The planned start.
    Start,
}

/// What happens exactly at the late limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateLimit {
    /// Exactly at the limit is in time.
    Admit,
    /// Exactly at the limit is late.
    Refuse,
}

/// What is judged against the late limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateJudged {
    /// The invigilator's mark; the log-in only where nobody marked arrival.
    Arrival,
    /// The log-in at the seat.
    LogIn,
}

/// Whether identity is confirmed by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// An invigilator sees the original document.
    Invigilator,
    /// Nobody does.
    Nobody,
}

/// The undertaking text (承诺): shown text = signed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undertaking {
    /// The text; blank lines part paragraphs.
    pub text: Text,
    /// BLAKE3 of the Chinese file's bytes, as signed with the exam.
    pub digest: Digest,
}

/// Hand-in (RULES 2 `[hand_in]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandInRules {
    /// Not before this long after the room's start; exactly then is allowed.
    pub earliest: Span,
    /// In this last stretch early hand-in needs the invigilator; zero = never.
    pub locked_last: Span,
}

/// Start, end and grace (RULES 2 `[clock]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRules {
    /// Whose act the start is (T15).
    pub start: StartBy,
    /// How long a connected kiosk is waited for after the end (T13).
    pub grace: Span,
    /// Whether late answers out of a whole spool count by themselves (T13).
    pub offline: OfflineRule,
    /// How long after the last contact such an answer may have been made.
    pub offline_max: Span,
    /// Rests at which the candidate is warned, longest first.
    pub warn: Vec<Span>,
}

/// Whose act the start is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartBy {
    /// The chief's.
    Chief,
    /// It happens by itself at the planned start.
    Clock,
}

/// What becomes of answers that arrive after Closing (T13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfflineRule {
    /// They count by themselves where the spool proves them.
    Count,
    /// All of them wait for the chief.
    Decide,
}

/// Languages of the items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages {
    /// Those a paper carries; Chinese always among them.
    pub items: Vec<Lang>,
    /// Whether the candidate may change language once the paper is open.
    pub switch: bool,
}

/// When marks are shown to the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// On the last screen.
    AtHandIn,
    /// By the office, after sealing.
    AfterSealing,
    /// Never on a screen.
    NeverOnScreen,
}

impl Rules {
    /// Returns the length of all parts together.
    pub fn length(&self) -> Span {
        self.parts
            .iter()
            .fold(Span::ZERO, |sum, part| sum + part.length)
    }

    /// Returns the greatest marks a paper can earn.
    pub fn full_marks(&self) -> Marks {
        let sections = self.parts.iter().flat_map(|part| &part.sections);
        sections
            .map(|section| section.points.times(usize::from(section.count)))
            .sum()
    }

    /// Returns how many items a paper has.
    pub fn total_items(&self) -> usize {
        let sections = self.parts.iter().flat_map(|part| &part.sections);
        sections.map(|section| usize::from(section.count)).sum()
    }

    /// Returns when log-in opens (报到时间) for a sitting planned to start at `planned`.
    pub fn report_time(&self, planned: HallTime) -> HallTime {
        planned - self.admission.report_before
    }

    /// Returns the last instant of entry, and says whether `arrival` is inside (RULES 2).
    pub fn entry(&self, planned: HallTime, arrival: HallTime) -> (HallTime, bool) {
        let from = match self.admission.late_from {
            LateFrom::Report => self.report_time(planned),
            LateFrom::Start => planned,
        };
        let limit = from + self.admission.late_after;
        let inside = match self.admission.late_limit {
            LateLimit::Admit => arrival <= limit,
            LateLimit::Refuse => arrival < limit,
        };
        (limit, inside)
    }
}
