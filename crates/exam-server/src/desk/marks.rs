//! The one place in the hall that may hold item keys: where a sitting's rules show marks at
//! hand-in and the keys file was loaded for it. Everywhere else a hall has none.

use exam_core::session::Session;
use exam_core::{ItemKind, Marks};

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

/// The keys of a sitting whose rules show marks at hand-in.
pub struct MarksAtHandIn {}

impl std::fmt::Debug for MarksAtHandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MarksAtHandIn(..)")
    }
}

impl MarksAtHandIn {
    pub(super) fn of(&self, _session: &Session) -> Option<MarksShown> {
        None
    }
}
