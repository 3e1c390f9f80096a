//! `content.json`: the items of a bank without their keys, as the hall gets them.
//!
//! No type in this module can hold a key, a rationale or a source: what the hall does not have it
//! cannot leak. The keys are in [`crate::keys`], a file of its own.

use std::collections::{BTreeMap, BTreeSet};

use exam_core::{Digest, ItemId, ItemKind, OptionId, Text};

use crate::bank::{Bank, Unit, Units};
use crate::canonical::{Json, Kind, Malformed, Object};
use crate::item::{Item, Status};

/// Every published item of a bank, without keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The bank's id.
    pub bank: String,
    /// The syllabus.
    pub units: Units,
    /// The items, by id.
    pub items: BTreeMap<ItemId, ContentItem>,
}

/// One item without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentItem {
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
    /// Approved items are drawn, retired ones are not.
    pub status: Status,
    /// The question; `**…**` marks emphasis.
    pub stem: Text,
    /// What can be chosen, as written; empty for true/false.
    pub options: Vec<ContentOption>,
    /// Items that must not share a paper with it.
    pub enemies: BTreeSet<ItemId>,
}

/// One option of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentOption {
    /// Its permanent name within the item.
    pub id: OptionId,
    /// What the candidate reads.
    pub text: Text,
    /// Whether it keeps its place when options are shuffled (P4).
    pub pin: bool,
}

/// The names of item kinds in files.
pub(crate) const KINDS: [(&str, ItemKind); 2] = [
    ("single-choice", ItemKind::SingleChoice),
    ("true-false", ItemKind::TrueFalse),
];

impl Content {
    /// Takes everything but drafts and keys out of a bank.
    pub fn of(bank: &Bank) -> Self {
        let published = bank
            .items
            .iter()
            .filter(|item| item.status != Status::Draft);
        let items: BTreeMap<ItemId, ContentItem> = published
            .map(|item| (item.id.clone(), ContentItem::of(item)))
            .collect();
        Self {
            bank: bank.id.clone(),
            units: bank.units.clone(),
            items,
        }
    }

    /// Returns the canonical bytes of `content.json`.
    pub fn bytes(&self) -> Vec<u8> {
        Json::map([
            ("bank", Json::text(&self.bank)),
            ("digest", Json::name(crate::canonical::ALGORITHM)),
            ("format", Json::Int(1)),
            (
                "items",
                Json::list(self.items.values().map(ContentItem::json)),
            ),
            ("kind", Json::name("content")),
            ("units", units_json(&self.units)),
        ])
        .bytes()
    }

    /// Returns the digest of `content.json`.
    pub fn digest(&self) -> Digest {
        Kind::Content.digest(&self.bytes())
    }

    /// Reads `content.json`.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not the canonical form of a content file.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let json = Json::parse(bytes)?;
        let object = Object::new(&json, "")?;
        header(&object, "content")?;
        let items = object.objects("items", ContentItem::read)?;
        let content = Self {
            bank: object.str("bank")?.to_owned(),
            units: read_units(&object)?,
            items: items
                .into_iter()
                .map(|item| (item.id.clone(), item))
                .collect(),
        };
        object.done()?;
        if content.bytes() == bytes {
            Ok(content)
        } else {
            Err(Malformed::new("items", "must be sorted, each id once"))
        }
    }
}

impl ContentItem {
    fn of(item: &Item) -> Self {
        let options = item.options.iter().map(|option| ContentOption {
            id: option.id.clone(),
            text: option.text.clone(),
            pin: option.pin,
        });
        Self {
            id: item.id.clone(),
            rev: item.rev,
            kind: item.kind,
            unit: item.unit.clone(),
            difficulty: item.difficulty,
            status: item.status,
            stem: item.stem.clone(),
            options: options.collect(),
            enemies: item.enemies.clone(),
        }
    }

    /// Returns the digest of this item's canonical bytes, as the manifest names it.
    pub fn digest(&self) -> Digest {
        Kind::Item.digest(&self.json().bytes())
    }

    fn json(&self) -> Json {
        let options = self.options.iter().map(|option| {
            Json::map([
                ("id", Json::name(&option.id)),
                ("pin", Json::Bool(option.pin)),
                ("text", Json::both(&option.text)),
            ])
        });
        Json::map([
            ("difficulty", Json::Int(i64::from(self.difficulty))),
            ("enemies", Json::list(self.enemies.iter().map(Json::name))),
            ("id", Json::name(&self.id)),
            ("options", Json::list(options)),
            ("rev", Json::Int(i64::from(self.rev))),
            ("status", Json::name(self.status.name())),
            ("stem", Json::both(&self.stem)),
            ("type", Json::name(self.kind.name())),
            ("unit", Json::text(&self.unit)),
        ])
    }

    fn read(object: &Object<'_>) -> Result<Self, Malformed> {
        let options = object.objects("options", |option| {
            Ok(ContentOption {
                id: option.parse("id")?,
                text: option.both("text")?,
                pin: option.bool("pin")?,
            })
        })?;
        Ok(Self {
            id: object.parse("id")?,
            rev: object.int("rev")?,
            kind: object.one_of("type", &KINDS)?,
            unit: object.str("unit")?.to_owned(),
            difficulty: object.int("difficulty")?,
            status: object.one_of("status", &Status::NAMES)?,
            stem: object.both("stem")?,
            options,
            enemies: object.names("enemies")?.into_iter().collect(),
        })
    }
}

/// Reads the three fields every file begins with.
pub(crate) fn header(object: &Object<'_>, kind: &str) -> Result<(), Malformed> {
    object.one_of("kind", &[(kind, ())])?;
    object.one_of("digest", &[(crate::canonical::ALGORITHM, ())])?;
    match object.int::<u8>("format")? {
        1 => Ok(()),
        other => Err(Malformed::new(
            &object.at("format"),
            format!("{other} is of another version of the program"),
        )),
    }
}

pub(crate) fn units_json(units: &Units) -> Json {
    Json::list(units.0.iter().map(|(code, unit)| {
        Json::map([
            ("code", Json::text(code)),
            ("title", Json::both(&unit.title)),
            ("weight", Json::Int(i64::from(unit.weight))),
        ])
        .with("parent", unit.parent.as_ref().map(Json::text))
    }))
}

pub(crate) fn read_units(object: &Object<'_>) -> Result<Units, Malformed> {
    let units = object.objects("units", |unit| {
        let parent = match unit.get("parent") {
            Some(json) => Some(unit.text_of("parent", json)?.to_owned()),
            None => None,
        };
        Ok((
            unit.str("code")?.to_owned(),
            Unit {
                parent,
                title: unit.both("title")?,
                weight: unit.int("weight")?,
            },
        ))
    })?;
    Ok(Units(units.into_iter().collect()))
}
