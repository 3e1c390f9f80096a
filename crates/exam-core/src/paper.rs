//! A paper: a form as one candidate sees it, and its outline (ids and points, no words).
//!
//! There is no field for an item key here and nothing that could hold one: a paper cannot leak
//! what it does not have.

use crate::ids::{Digest, ExamId, ItemId, OptionId, PartNo, SessionId};
use crate::lang::Text;
use crate::marks::Marks;

/// What kind of answer an item takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// 判断题: the two options are never shuffled (P4).
    TrueFalse,
    /// 单选题: one of several options.
    SingleChoice,
}

impl ItemKind {
    /// Returns the name used in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TrueFalse => "true-false",
            Self::SingleChoice => "single-choice",
        }
    }
}

/// One candidate's paper, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Whose paper it is.
    pub session: SessionId,
    /// Which exam it belongs to.
    pub exam: ExamId,
    /// Its timed parts, in order.
    pub parts: Vec<PaperPart>,
}

/// One separately timed part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperPart {
    /// Its number, from 1.
    pub part: PartNo,
    /// Its title.
    pub title: Text,
    /// Its sections, in order.
    pub sections: Vec<PaperSection>,
}

/// The items of one type within a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperSection {
    /// The type of every item in it.
    pub kind: ItemKind,
    /// What each item is worth.
    pub points: Marks,
    /// Its items, in this candidate's order.
    pub items: Vec<PaperItem>,
}

/// One item as the candidate reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperItem {
    /// Its number on this paper, from 1, counted through all parts.
    pub number: u16,
    /// Its name; used on the wire and in the record, never shown (KIOSK C23).
    pub item: ItemId,
    /// The question. `**…**` marks emphasis.
    pub stem: Text,
    /// What can be chosen, in this candidate's order.
    pub options: Vec<PaperOption>,
}

/// One option of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperOption {
    /// What a response names.
    pub id: OptionId,
    /// What the candidate reads; empty for true/false, whose words are the screen's.
    pub text: Text,
}

/// What the desk must know of a paper to judge a revision (W2), and the record to be marked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// Its timed parts, in order.
    pub parts: Vec<PartOutline>,
}

/// One part of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartOutline {
    /// Its number, from 1.
    pub part: PartNo,
    /// BLAKE3 of the encoded part, before sealing.
    pub digest: Digest,
    /// Its sections, in order.
    pub sections: Vec<SectionOutline>,
}

/// One section of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionOutline {
    /// The type of its items.
    pub kind: ItemKind,
    /// What each item is worth.
    pub points: Marks,
    /// Its items, in this candidate's order.
    pub items: Vec<ItemOutline>,
}

/// One item of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOutline {
    /// The item.
    pub item: ItemId,
    /// Its options, in this candidate's order.
    pub options: Vec<OptionId>,
}

/// A cell of the hall's plan, for who sits beside whom (P5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the room.
    pub room: u16,
    /// Row, counted from the front.
    pub row: u16,
    /// Column, counted from the left.
    pub column: u16,
}

impl Place {
    /// Says whether two cells touch, corners included (P5, rule "8").
    pub fn touches(self, other: Self) -> bool {
        self.room == other.room
            && self != other
            && self.row.abs_diff(other.row) <= 1
            && self.column.abs_diff(other.column) <= 1
    }
}

impl Paper {
    /// Returns the paper's items in order.
    pub fn items(&self) -> impl Iterator<Item = (&PaperSection, &PaperItem)> {
        self.parts
            .iter()
            .flat_map(|part| &part.sections)
            .flat_map(|section| section.items.iter().map(move |item| (section, item)))
    }

    /// Returns its outline; `digests` are those of the encoded parts, in order.
    ///
    /// A missing digest stays all zero, which no encoded part has.
    pub fn outline(&self, digests: &[Digest]) -> Outline {
        let parts = self
            .parts
            .iter()
            .enumerate()
            .map(|(index, part)| PartOutline {
                part: part.part,
                digest: digests.get(index).copied().unwrap_or_default(),
                sections: part.sections.iter().map(PaperSection::outline).collect(),
            });
        Outline {
            parts: parts.collect(),
        }
    }
}

impl PaperSection {
    fn outline(&self) -> SectionOutline {
        let items = self.items.iter().map(|item| ItemOutline {
            item: item.item.clone(),
            options: item
                .options
                .iter()
                .map(|option| option.id.clone())
                .collect(),
        });
        SectionOutline {
            kind: self.kind,
            points: self.points,
            items: items.collect(),
        }
    }
}

impl Outline {
    /// Returns every item with its section.
    pub fn items(&self) -> impl Iterator<Item = (&SectionOutline, &ItemOutline)> {
        self.parts
            .iter()
            .flat_map(|part| &part.sections)
            .flat_map(|section| section.items.iter().map(move |item| (section, item)))
    }

    /// Returns the part that holds `item`, and the item.
    pub fn find(&self, item: &ItemId) -> Option<(PartNo, &ItemOutline)> {
        self.parts.iter().find_map(|part| {
            let mut items = part.sections.iter().flat_map(|section| &section.items);
            items
                .find(|entry| entry.item == *item)
                .map(|entry| (part.part, entry))
        })
    }

    /// Returns how many items the paper has.
    pub fn total(&self) -> usize {
        self.items().count()
    }
}
