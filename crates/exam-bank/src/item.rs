//! An item as examiners keep it: stem, options, key, and what is known about it.
//!
//! The hall never sees this type: it gets [`crate::content::Content`], which has no key.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use exam_core::{ItemId, ItemKind, OptionId, Text};

/// The right answer of an item: one of its options. For a true/false item one of
/// [`OptionId::yes`] and [`OptionId::no`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemKey(OptionId);

impl ItemKey {
    /// A key that names this option.
    pub const fn new(option: OptionId) -> Self {
        Self(option)
    }

    /// The key of a true/false item.
    pub fn of_truth(is_true: bool) -> Self {
        Self(if is_true {
            OptionId::yes()
        } else {
            OptionId::no()
        })
    }

    /// Returns the option it names.
    pub const fn option(&self) -> &OptionId {
        &self.0
    }
}

impl fmt::Debug for ItemKey {
    /// Writes no key: logs and panics are read by the wrong people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemKey(..)")
    }
}

/// How far an item has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Being written; never published.
    Draft,
    /// May be drawn.
    Approved,
    /// No longer drawn; kept so that old papers can still be marked.
    Retired,
}

impl Status {
    /// Every status, under its name in files.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("draft", Self::Draft),
        ("approved", Self::Approved),
        ("retired", Self::Retired),
    ];

    /// Returns the name used in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Retired => "retired",
        }
    }
}

/// Where something stands in the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The file, as a path inside the bank's folder.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

/// One item of a bank, key and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it stands in the source; no part of what is signed.
    pub at: At,
    /// Its permanent name.
    pub id: ItemId,
    /// Its revision, from 1.
    pub rev: u32,
    /// What kind of answer it takes.
    pub kind: ItemKind,
    /// Code of its unit.
    pub unit: String,
    /// 1 (recall) to 5 (judgement).
    pub difficulty: u8,
    /// How far it has come.
    pub status: Status,
    /// The question; `**…**` marks emphasis.
    pub stem: Text,
    /// What can be chosen, as written; empty for true/false.
    pub options: Vec<ItemOption>,
    /// The right answer.
    pub key: ItemKey,
    /// Why the key is right.
    pub rationale: String,
    /// What it rests on: a law, a standard, the trade.
    pub source: String,
    /// Items that must not share a paper with it.
    pub enemies: BTreeSet<ItemId>,
    /// Free words.
    pub tags: BTreeSet<String>,
}

/// One option of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOption {
    /// Its permanent name within the item; not a letter.
    pub id: OptionId,
    /// What the candidate reads.
    pub text: Text,
    /// Whether it keeps its place when options are shuffled (P4).
    pub pin: bool,
}
