//! The results of a whole sitting as one plain document, for export.
//!
//! It holds all that somebody else needs to mark again: every response in paper order, what each
//! item is worth, and the keys. Marks are whole hundredths of a point; names of fields are part of
//! the format. No person's name is in it unless the roster given brings one.

use std::collections::BTreeMap;

use exam_core::{Rules, SessionId, Sitting, SittingKind, Text};
use serde::{Deserialize, Serialize};

use crate::fault::MarkingFault;
use crate::mark::{PaperMarks, SectionMarks, SessionMarks, mark_sitting};
use crate::source::{KeySource, Units};

/// The version of the document's format.
pub const FORMAT: u32 = 1;

/// What the numbers called marks, points, pass, total and of are counted in.
pub const MARKS_IN: &str = "hundredths of a point";

/// What the record of a sitting does not hold and its results need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Who sat, by session.
    pub roster: BTreeMap<SessionId, RosterLine>,
    /// Where the journal stood when it was read.
    pub journal: Option<JournalHead>,
}

/// A line of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterLine {
    /// Number of the admission ticket.
    pub ticket: String,
    /// The candidate's name, where it is wanted in the document.
    pub name: Option<String>,
}

/// Where a journal stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalHead {
    /// How many records it has.
    pub records: u64,
    /// The hash of the newest, in hexadecimal.
    pub head: String,
}

/// The results of a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultDocument {
    /// [`FORMAT`].
    pub format: u32,
    /// [`MARKS_IN`].
    pub marks_in: String,
    /// Name of the sitting.
    pub sitting: String,
    /// `real` or `rehearsal`.
    pub kind: String,
    /// The exam.
    pub exam: ExamResult,
    /// What the sitting was opened with.
    pub digests: Digests,
    /// Where the journal stood.
    pub journal: Option<JournalHead>,
    /// The planned start: milliseconds since 1970-01-01 UTC.
    pub planned_wall_ms: i64,
    /// The planned start on the hall clock.
    pub planned_ms: i64,
    /// When the room started on the hall clock.
    pub started_ms: Option<i64>,
    /// One for each row of the roster, in its order.
    pub sessions: Vec<SessionResult>,
    /// Every item of every paper with the option that is right.
    pub keys: BTreeMap<String, String>,
    /// Every item of every paper with the code of its unit.
    pub units: BTreeMap<String, String>,
}

/// The exam as its rule file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExamResult {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Title,
    /// Level, such as 三级.
    pub level: String,
    /// Subject, such as 理论知识.
    pub subject: String,
    /// Marks needed to pass.
    pub pass: i32,
    /// The greatest marks a paper can earn.
    pub full: i32,
    /// Its sections, in order.
    pub sections: Vec<SectionHead>,
}

/// A text in both languages, or in Chinese alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: Option<String>,
}

/// A section as the rules have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionHead {
    /// Number of its part.
    pub part: u8,
    /// Title of its part.
    pub part_title: Title,
    /// `true-false` or `single-choice`.
    pub kind: String,
    /// How many items.
    pub count: u16,
    /// What each is worth.
    pub points: i32,
}

/// Digests of what the sitting was opened with, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    /// The signed exam file.
    pub exam: String,
    /// The bank's signed manifest.
    pub manifest: String,
    /// Commitment to the seed.
    pub seed_commitment: String,
}

/// How one candidate's session came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionResult {
    /// The session.
    pub session: String,
    /// Number of the admission ticket.
    pub candidate: String,
    /// The candidate's name, if the roster brought it.
    pub name: Option<String>,
    /// The seat at the end.
    pub seat: String,
    /// `handed-in`, `time-up` or `absent`.
    pub end: String,
    /// When, on the hall clock.
    pub at_ms: i64,
    /// The paper; none where the end is not a marked one.
    pub paper: Option<PaperResult>,
}

/// A paper, marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperResult {
    /// All marks together.
    pub total: i32,
    /// The greatest marks it can earn.
    pub of: i32,
    /// Whether the pass mark is reached.
    pub passed: bool,
    /// How many items have a response.
    pub answered: u16,
    /// Answers that counted out of a spool after the grace (T13).
    pub counted_offline: u32,
    /// Answers that wait for the chief and are in no mark (T13).
    pub waiting: u32,
    /// The total as it would be without answers out of a spool (T13).
    pub total_without_offline: i32,
    /// Its sections, in paper order.
    pub sections: Vec<SectionResult>,
    /// By unit code.
    pub units: BTreeMap<String, UnitResult>,
}

/// A section, marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionResult {
    /// Number of its part.
    pub part: u8,
    /// `true-false` or `single-choice`.
    pub kind: String,
    /// What each item is worth.
    pub points: i32,
    /// Marks earned.
    pub marks: i32,
    /// The greatest marks it can earn.
    pub of: i32,
    /// Its items, in paper order.
    pub items: Vec<ItemResult>,
}

/// An item, marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemResult {
    /// Its number on this paper.
    pub number: u16,
    /// The item.
    pub item: String,
    /// The option chosen; none = no response, or cleared.
    pub chosen: Option<String>,
    /// What would be chosen without answers that counted out of a spool (T13).
    pub chosen_without_offline: Option<String>,
    /// What it earned.
    pub marks: i32,
}

/// A unit, marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitResult {
    /// Marks earned.
    pub marks: i32,
    /// The greatest marks it can earn on this paper.
    pub of: i32,
    /// How many items are right.
    pub right: u16,
    /// How many items there are.
    pub items: u16,
}

/// Marks a sitting and writes the results down. The same input gives the same document.
///
/// # Errors
/// [`MarkingFault`] as [`mark_sitting`] has it, and where the roster lacks a session.
pub fn result_document<K: KeySource + ?Sized>(
    sitting: &Sitting,
    keys: &K,
    units: &Units,
    context: &Context,
) -> Result<ResultDocument, MarkingFault> {
    let opened = sitting.opened().ok_or(MarkingFault::NotOpened)?;
    let marked = mark_sitting(sitting, keys, units)?;
    let mut document = ResultDocument {
        format: FORMAT,
        marks_in: MARKS_IN.to_owned(),
        sitting: opened.sitting.to_string(),
        kind: match opened.kind {
            SittingKind::Real => "real".to_owned(),
            SittingKind::Rehearsal => "rehearsal".to_owned(),
        },
        exam: exam(sitting.rules()),
        digests: Digests {
            exam: opened.exam.to_string(),
            manifest: opened.manifest.to_string(),
            seed_commitment: opened.commitment.to_string(),
        },
        journal: context.journal.clone(),
        planned_wall_ms: opened.planned_wall.0,
        planned_ms: opened.planned.0,
        started_ms: sitting.started().map(|start| start.0),
        sessions: Vec::with_capacity(marked.len()),
        keys: BTreeMap::new(),
        units: BTreeMap::new(),
    };
    for session in &marked {
        document.sessions.push(session_result(session, context)?);
    }
    for outline in sitting.sessions().values().map(|session| &session.outline) {
        for (_, entry) in outline.items() {
            if let (Some(key), Some(unit)) = (keys.key(&entry.item), units.get(&entry.item)) {
                document
                    .keys
                    .insert(entry.item.to_string(), key.to_string());
                document.units.insert(entry.item.to_string(), unit.clone());
            }
        }
    }
    Ok(document)
}

fn exam(rules: &Rules) -> ExamResult {
    let heads = rules.parts.iter().flat_map(|part| {
        part.sections.iter().map(|section| SectionHead {
            part: part.part.0,
            part_title: title(&part.title),
            kind: section.kind.name().to_owned(),
            count: section.count,
            points: section.points.0,
        })
    });
    ExamResult {
        id: rules.exam.to_string(),
        title: title(&rules.title),
        level: rules.subject.level.clone(),
        subject: rules.subject.name.clone(),
        pass: rules.pass.0,
        full: rules.full_marks().0,
        sections: heads.collect(),
    }
}

fn title(text: &Text) -> Title {
    Title {
        zh: text.zh.to_string(),
        en: text.en.as_ref().map(ToString::to_string),
    }
}

fn session_result(marks: &SessionMarks, context: &Context) -> Result<SessionResult, MarkingFault> {
    let line = context
        .roster
        .get(&marks.session)
        .ok_or_else(|| MarkingFault::NotOnRoster {
            seat: marks.seat.clone(),
        })?;
    Ok(SessionResult {
        session: marks.session.to_string(),
        candidate: line.ticket.clone(),
        name: line.name.clone(),
        seat: marks.seat.to_string(),
        end: marks.end.id().to_owned(),
        at_ms: marks.at.0,
        paper: marks.paper.as_ref().map(paper_result),
    })
}

fn paper_result(paper: &PaperMarks) -> PaperResult {
    let units = paper.units.iter().map(|(code, unit)| {
        let unit = UnitResult {
            marks: unit.marks.0,
            of: unit.of.0,
            right: unit.right,
            items: unit.items,
        };
        (code.clone(), unit)
    });
    PaperResult {
        total: paper.total.0,
        of: paper.of.0,
        passed: paper.passed,
        answered: paper.answered,
        counted_offline: paper.counted_offline,
        waiting: paper.waiting,
        total_without_offline: paper.total_without_offline.0,
        sections: paper.sections.iter().map(section_result).collect(),
        units: units.collect(),
    }
}

fn section_result(section: &SectionMarks) -> SectionResult {
    let items = section.items.iter().map(|item| ItemResult {
        number: item.number,
        item: item.item.to_string(),
        chosen: item.chosen.as_ref().map(ToString::to_string),
        chosen_without_offline: item
            .chosen_without_offline
            .as_ref()
            .map(ToString::to_string),
        marks: item.marks.0,
    });
    SectionResult {
        part: section.part.0,
        kind: section.kind.name().to_owned(),
        points: section.points.0,
        marks: section.marks().0,
        of: section.of().0,
        items: items.collect(),
    }
}
