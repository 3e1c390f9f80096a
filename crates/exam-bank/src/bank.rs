//! A bank in memory: who owns it, its syllabus, its items and exams.
//!
//! Reading it from a folder is [`crate::source`]'s work, judging it [`mod@crate::check`]'s.

use std::collections::BTreeMap;

use exam_core::{Lang, Rules, Text};

use crate::item::Item;
use crate::trust::Trust;

/// A bank as its folder says, items that could not be read left out.
#[derive(Debug, Clone)]
pub struct Bank {
    /// Its id: `a-z`, `0-9` and `-`.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Whose it is.
    pub owner: String,
    /// The level of the certificate, such as 三级.
    pub level: String,
    /// Languages every item has; Chinese always among them.
    pub languages: Vec<Lang>,
    /// The syllabus.
    pub units: Units,
    /// What the checks allow.
    pub policies: Policies,
    /// Its items, in the order of the files.
    pub items: Vec<Item>,
    /// Its exams, by file name.
    pub exams: Vec<ExamFile>,
    /// Who signs, where the folder says so.
    pub trust: Option<Trust>,
    /// How many errors reading it gave; a flawed bank is never published.
    pub(crate) flaws: usize,
}

/// One exam file of a bank, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExamFile {
    /// Name of the file without its ending, such as `exam-theory`.
    pub name: String,
    /// The rules.
    pub rules: Rules,
    /// The texts it shows, by file name, byte for byte.
    pub texts: BTreeMap<String, Vec<u8>>,
}

/// The syllabus: units by code. Units nest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Units(pub BTreeMap<String, Unit>);

/// One unit of the syllabus; never a timed part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The unit it belongs to.
    pub parent: Option<String>,
    /// Its title.
    pub title: Text,
    /// Its share of the theory paper in per cent.
    pub weight: u8,
}

impl Units {
    /// Says whether `unit` is `code` or lies below it.
    pub fn covers(&self, code: &str, unit: &str) -> bool {
        let mut at = Some(unit);
        // A chain is never longer than the syllabus; the bound also ends a circle.
        for _ in 0..=self.0.len() {
            match at {
                Some(here) if here == code => return true,
                Some(here) => at = self.0.get(here).and_then(|unit| unit.parent.as_deref()),
                None => return false,
            }
        }
        false
    }

    /// Returns every code, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// What the checks of a bank allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policies {
    /// Per cent of single-choice items whose key may be the one longest option.
    pub key_longest: u8,
    /// Least per cent of either truth value among a unit's true/false items.
    pub truth_least: u8,
    /// Available items wanted for each quota, in per cent of the quota.
    pub margin: u16,
    /// Per cent of common shingles from which two stems are nearly the same.
    pub near: u8,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            key_longest: 35,
            truth_least: 35,
            margin: 200,
            near: 40,
        }
    }
}
