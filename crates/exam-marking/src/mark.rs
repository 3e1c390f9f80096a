//! Marks of one session and of a whole sitting.

use std::collections::BTreeMap;

use exam_core::session::Response;
use exam_core::{
    End, HallTime, ItemId, ItemKind, ItemOutline, Marks, OptionId, PartNo, Rules, SeatId,
    SectionOutline, Session, SessionId, Sitting, State,
};

use crate::fault::MarkingFault;
use crate::source::{KeySource, Units};

/// How one session came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionMarks {
    /// The session.
    pub session: SessionId,
    /// Its seat at the end.
    pub seat: SeatId,
    /// How it ended.
    pub end: End,
    /// When: of a hand-in the key press, of time-up the deadline.
    pub at: HallTime,
    /// The marks; none where the end is not a marked one. Absent is not zero.
    pub paper: Option<PaperMarks>,
}

/// The marks of one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperMarks {
    /// Its sections, in paper order.
    pub sections: Vec<SectionMarks>,
    /// By unit code.
    pub units: BTreeMap<String, UnitMarks>,
    /// All marks together.
    pub total: Marks,
    /// The greatest marks the paper can earn.
    pub of: Marks,
    /// Whether the exam's pass mark is reached.
    pub passed: bool,
    /// How many items have a response.
    pub answered: u16,
    /// How many answers counted out of a spool after the grace (T13).
    pub counted_offline: u32,
    /// Answers that still wait for the chief and are in no mark (T13).
    pub waiting: u32,
    /// The total as it would be without answers that counted out of a spool (T13).
    pub total_without_offline: Marks,
}

/// The marks of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionMarks {
    /// The part it belongs to.
    pub part: PartNo,
    /// The type of its items.
    pub kind: ItemKind,
    /// What each item is worth.
    pub points: Marks,
    /// Its items, in paper order.
    pub items: Vec<ItemMarks>,
}

impl SectionMarks {
    /// Returns the marks earned in it.
    pub fn marks(&self) -> Marks {
        self.items.iter().map(|item| item.marks).sum()
    }

    /// Returns the greatest marks it can earn.
    pub fn of(&self) -> Marks {
        self.points.times(self.items.len())
    }
}

/// One item, marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemMarks {
    /// Its number on this paper, from 1, counted through all parts.
    pub number: u16,
    /// The item.
    pub item: ItemId,
    /// What is chosen; none = no response, or cleared.
    pub chosen: Option<OptionId>,
    /// What would be chosen without answers that counted out of a spool (T13).
    pub chosen_without_offline: Option<OptionId>,
    /// What it earned: its points, or nothing.
    pub marks: Marks,
}

/// The marks of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnitMarks {
    /// Marks earned.
    pub marks: Marks,
    /// The greatest marks it can earn on this paper.
    pub of: Marks,
    /// How many of its items are right.
    pub right: u16,
    /// How many of its items the paper has.
    pub items: u16,
}

/// Marks every session of a sitting, in roster order.
///
/// # Errors
/// [`MarkingFault`] at the first session that cannot be marked.
pub fn mark_sitting<K: KeySource + ?Sized>(
    sitting: &Sitting,
    keys: &K,
    units: &Units,
) -> Result<Vec<SessionMarks>, MarkingFault> {
    let mut sessions: Vec<&Session> = sitting.sessions().values().collect();
    sessions.sort_by_key(|session| session.order);
    let marked = sessions
        .into_iter()
        .map(|session| mark_session(session, sitting.rules(), keys, units));
    marked.collect()
}

/// Marks one session that has ended.
///
/// # Errors
/// [`MarkingFault`] where it has not ended, or where a key, a unit or the paper is missing.
pub fn mark_session<K: KeySource + ?Sized>(
    session: &Session,
    rules: &Rules,
    keys: &K,
    units: &Units,
) -> Result<SessionMarks, MarkingFault> {
    let State::Finished { end, at } = session.state else {
        return Err(MarkingFault::NotEnded {
            session: session.id,
            seat: session.seat.clone(),
        });
    };
    let paper = if end.is_marked() {
        Some(mark_paper(session, rules, keys, units)?)
    } else {
        None
    };
    Ok(SessionMarks {
        session: session.id,
        seat: session.seat.clone(),
        end,
        at,
        paper,
    })
}

fn mark_paper<K: KeySource + ?Sized>(
    session: &Session,
    rules: &Rules,
    keys: &K,
    units: &Units,
) -> Result<PaperMarks, MarkingFault> {
    fits(session, rules)?;
    let mut paper = PaperMarks {
        sections: Vec::new(),
        units: BTreeMap::new(),
        total: Marks::ZERO,
        of: Marks::ZERO,
        passed: false,
        answered: session.answered(),
        counted_offline: session.counted_offline,
        waiting: u32::try_from(session.waiting.len()).unwrap_or(u32::MAX),
        total_without_offline: Marks::ZERO,
    };
    let mut number = 0_u16;
    for part in &session.outline.parts {
        for section in &part.sections {
            let mut items = Vec::with_capacity(section.items.len());
            for item in &section.items {
                number = number.saturating_add(1);
                items.push(mark_item(
                    session, section, item, number, keys, units, &mut paper,
                )?);
            }
            paper.sections.push(SectionMarks {
                part: part.part,
                kind: section.kind,
                points: section.points,
                items,
            });
        }
    }
    paper.passed = paper.total >= rules.pass;
    Ok(paper)
}

/// Refuses a paper that the rules cannot have given.
fn fits(session: &Session, rules: &Rules) -> Result<(), MarkingFault> {
    let items = session.outline.total();
    if items == 0 {
        return Err(MarkingFault::NoPaper {
            session: session.id,
            seat: session.seat.clone(),
        });
    }
    let of = session
        .outline
        .items()
        .map(|(section, _)| section.points)
        .sum();
    let (exam_items, exam_of) = (rules.total_items(), rules.full_marks());
    if (items, of) == (exam_items, exam_of) {
        Ok(())
    } else {
        Err(MarkingFault::OtherPaper {
            seat: session.seat.clone(),
            items,
            of,
            exam_items,
            exam_of,
        })
    }
}

fn mark_item<K: KeySource + ?Sized>(
    session: &Session,
    section: &SectionOutline,
    outline: &ItemOutline,
    number: u16,
    keys: &K,
    units: &Units,
    paper: &mut PaperMarks,
) -> Result<ItemMarks, MarkingFault> {
    let item = &outline.item;
    let points = section.points;
    if points < Marks::ZERO {
        return Err(MarkingFault::BadPoints {
            item: item.clone(),
            points,
        });
    }
    let key = keys
        .key(item)
        .ok_or_else(|| MarkingFault::NoKey { item: item.clone() })?;
    if !outline.options.contains(key) {
        return Err(MarkingFault::KeyNotAnOption {
            item: item.clone(),
            key: key.clone(),
        });
    }
    let unit = units
        .get(item)
        .ok_or_else(|| MarkingFault::NoUnit { item: item.clone() })?;
    let chosen = choice(session.responses.get(item));
    let chosen_without_offline = choice(session.response_without_offline(item));
    let earned = |choice: &Option<OptionId>| {
        if choice.as_ref() == Some(key) {
            points
        } else {
            Marks::ZERO
        }
    };
    let marks = earned(&chosen);
    let without_offline = earned(&chosen_without_offline);
    paper.total = paper.total + marks;
    paper.of = paper.of + points;
    paper.total_without_offline = paper.total_without_offline + without_offline;
    let of_unit = paper.units.entry(unit.clone()).or_default();
    of_unit.marks = of_unit.marks + marks;
    of_unit.of = of_unit.of + points;
    of_unit.right += u16::from(marks > Marks::ZERO);
    of_unit.items += 1;
    Ok(ItemMarks {
        number,
        item: item.clone(),
        chosen,
        chosen_without_offline,
        marks,
    })
}

fn choice(response: Option<&Response>) -> Option<OptionId> {
    response.and_then(|response| response.choice.clone())
}
