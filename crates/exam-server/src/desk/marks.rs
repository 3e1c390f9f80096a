//! The one place in the hall that may hold item keys: where a sitting's rules show marks at
//! hand-in *and* the keys file was loaded for it. Everywhere else a hall has none.

use std::collections::BTreeMap;

use exam_core::rules::Release;
use exam_core::session::Session;
use exam_core::{ItemId, ItemKind, Marks, OptionId, Rules};
use exam_marking::mark_session;

/// Marks as a kiosk shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarksShown {
    pub(crate) total: Marks,
    pub(crate) full: Marks,
    pub(crate) passed: bool,
    pub(crate) sections: Vec<SectionShown>,
}

/// Marks of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SectionShown {
    pub(crate) kind: ItemKind,
    pub(crate) marks: Marks,
    pub(crate) full: Marks,
    pub(crate) right: u32,
    pub(crate) items: u32,
}

/// The item keys of a sitting whose rules show marks at hand-in. It has no readable `Debug`, is
/// never written anywhere, and no message can carry it.
pub struct MarksAtHandIn {
    keys: BTreeMap<ItemId, OptionId>,
    units: BTreeMap<ItemId, String>,
}

impl std::fmt::Debug for MarksAtHandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MarksAtHandIn(..)")
    }
}

impl MarksAtHandIn {
    /// Takes the keys and the unit of every item, as the opened keys file and manifest have them.
    pub const fn new(keys: BTreeMap<ItemId, OptionId>, units: BTreeMap<ItemId, String>) -> Self {
        Self { keys, units }
    }

    /// Returns it only if `rules` show marks at hand-in; otherwise the keys are dropped at once.
    pub(crate) fn if_allowed(self, rules: &Rules) -> Option<Self> {
        match rules.release {
            Release::AtHandIn => Some(self),
            Release::AfterSealing | Release::NeverOnScreen => None,
        }
    }

    pub(super) fn of(&self, session: &Session, rules: &Rules) -> Option<MarksShown> {
        let marked = mark_session(session, rules, &self.keys, &self.units)
            .inspect_err(|fault| tracing::error!(%fault, "marks at hand-in could not be told"))
            .ok()?;
        let paper = marked.paper?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let sections = paper.sections.iter().map(|section| SectionShown {
            kind: section.kind,
            marks: section.marks(),
            full: section.of(),
            right: count(
                section
                    .items
                    .iter()
                    .filter(|item| item.marks > Marks::ZERO)
                    .count(),
            ),
            items: count(section.items.len()),
        });
        Some(MarksShown {
            total: paper.total,
            full: paper.of,
            passed: paper.passed,
            sections: sections.collect(),
        })
    }
}
