//! `manifest.json`: what people sign. It names the digests of content and keys, and of every item.
//!
//! It holds no item text and no key; who may sign it is [`crate::trust`]'s matter.

use std::collections::{BTreeMap, BTreeSet};

use exam_core::{Digest, ItemId, ItemKind, Text, WallTime};

use crate::bank::{Bank, Units};
use crate::canonical::{Json, Kind, Malformed, Object};
use crate::content::{Content, KINDS, header, read_units, units_json};
use crate::date;
use crate::item::Status;
use crate::keys::Keys;

/// What distinguishes one published edition of a bank from the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Number of the edition; each is greater than the one before.
    pub version: u32,
    /// Its name for people, such as `2026年11月`.
    pub label: String,
    /// Digest of the manifest before it, where there was one.
    pub previous: Option<Digest>,
    /// When it was made; whole seconds are kept.
    pub created: WallTime,
    /// Until when it may be used, that instant included.
    pub expires: WallTime,
    /// 32 random bytes that keep the key digests from being guessed.
    pub salt: [u8; 32],
}

/// The signed table of contents of one edition of a bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The bank's id.
    pub bank: String,
    /// Its title.
    pub title: Text,
    /// Number of the edition.
    pub version: u32,
    /// Its name for people.
    pub label: String,
    /// Digest of the manifest before it.
    pub previous: Option<Digest>,
    /// When it was made.
    pub created: WallTime,
    /// Until when it may be used, that instant included.
    pub expires: WallTime,
    /// The syllabus.
    pub units: Units,
    /// Digest of `content.json`.
    pub content: Digest,
    /// Digest of `keys.json`.
    pub keys: Digest,
    /// Digest of `trust.json`, the copy of the trust root that travels along.
    pub trust: Digest,
    /// Every published item, by id.
    pub items: BTreeMap<ItemId, ManifestItem>,
}

/// What the manifest says of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestItem {
    /// Its revision.
    pub rev: u32,
    /// Its kind.
    pub kind: ItemKind,
    /// Its unit.
    pub unit: String,
    /// Its status.
    pub status: Status,
    /// Digest of its content.
    pub content: Digest,
    /// Salted digest of its key.
    pub key: Digest,
}

impl Manifest {
    /// Makes the manifest of one edition.
    pub fn make(
        bank: &Bank,
        edition: &Edition,
        content: &Content,
        keys: &Keys,
        trust: Digest,
    ) -> Self {
        let item = |item: &crate::content::ContentItem| ManifestItem {
            rev: item.rev,
            kind: item.kind,
            unit: item.unit.clone(),
            status: item.status,
            content: item.digest(),
            key: keys.digest_of(&item.id).unwrap_or_default(),
        };
        let items = content
            .items
            .values()
            .map(|one| (one.id.clone(), item(one)));
        Self {
            bank: bank.id.clone(),
            title: bank.title.clone(),
            version: edition.version,
            label: edition.label.clone(),
            previous: edition.previous,
            created: edition.created,
            expires: edition.expires,
            units: bank.units.clone(),
            content: content.digest(),
            keys: keys.digest(),
            trust,
            items: items.collect(),
        }
    }

    /// Returns how many items of each kind there are.
    pub fn counts(&self) -> BTreeMap<ItemKind, usize> {
        let mut counts = BTreeMap::new();
        for item in self.items.values() {
            *counts.entry(item.kind).or_default() += 1;
        }
        counts
    }

    /// Returns the canonical bytes of `manifest.json`.
    pub fn bytes(&self) -> Vec<u8> {
        let counts = self.counts();
        let counts = counts
            .iter()
            .map(|(kind, count)| (kind.name().to_owned(), Json::Int(count_int(*count))));
        let items = self.items.iter().map(|(id, item)| {
            Json::map([
                ("content", Json::name(item.content)),
                ("id", Json::name(id)),
                ("key", Json::name(item.key)),
                ("rev", Json::Int(i64::from(item.rev))),
                ("status", Json::name(item.status.name())),
                ("type", Json::name(item.kind.name())),
                ("unit", Json::text(&item.unit)),
            ])
        });
        Json::map([
            ("bank", Json::text(&self.bank)),
            ("content", Json::name(self.content)),
            ("counts", Json::Map(counts.collect())),
            ("created", Json::name(date::write(self.created))),
            ("digest", Json::name(crate::canonical::ALGORITHM)),
            ("expires", Json::name(date::write(self.expires))),
            ("format", Json::Int(1)),
            ("items", Json::list(items)),
            ("keys", Json::name(self.keys)),
            ("kind", Json::name("manifest")),
            ("label", Json::text(&self.label)),
            ("title", Json::both(&self.title)),
            ("trust", Json::name(self.trust)),
            ("units", units_json(&self.units)),
            ("version", Json::Int(i64::from(self.version))),
        ])
        .with("previous", self.previous.map(Json::name))
        .bytes()
    }

    /// Returns the digest of `manifest.json`: the name of this edition everywhere.
    pub fn digest(&self) -> Digest {
        Kind::Manifest.digest(&self.bytes())
    }

    /// Reads `manifest.json`.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not the canonical form of a manifest.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let json = Json::parse(bytes)?;
        let object = Object::new(&json, "")?;
        header(&object, "manifest")?;
        let time = |name: &str| {
            let text = object.str(name)?;
            date::read(text).ok_or_else(|| Malformed::new(name, "must be a time in UTC"))
        };
        let previous = match object.get("previous") {
            Some(_) => Some(object.parse("previous")?),
            None => None,
        };
        let manifest = Self {
            bank: object.str("bank")?.to_owned(),
            title: object.both("title")?,
            version: object.int("version")?,
            label: object.str("label")?.to_owned(),
            previous,
            created: time("created")?,
            expires: time("expires")?,
            units: read_units(&object)?,
            content: object.parse("content")?,
            keys: object.parse("keys")?,
            trust: object.parse("trust")?,
            items: object.objects("items", read_item)?.into_iter().collect(),
        };
        object.need("counts")?;
        object.done()?;
        if manifest.bytes() == bytes {
            Ok(manifest)
        } else {
            Err(Malformed::new("items", "counts, order or ids do not agree"))
        }
    }

    /// Returns the first item whose content is not what was signed, or that only one side has.
    pub(crate) fn content_differs(&self, content: &Content) -> Option<ItemId> {
        let ids: BTreeSet<&ItemId> = self.items.keys().chain(content.items.keys()).collect();
        let differs = |id: &ItemId| match (self.items.get(id), content.items.get(id)) {
            (Some(signed), Some(item)) => {
                signed.content != item.digest()
                    || signed.rev != item.rev
                    || signed.kind != item.kind
                    || signed.unit != item.unit
                    || signed.status != item.status
            }
            (None, _) | (_, None) => true,
        };
        ids.into_iter().find(|id| differs(id)).cloned()
    }

    /// Returns the first item whose key is not what was signed, or that only one side has.
    pub(crate) fn key_differs(&self, keys: &Keys) -> Option<ItemId> {
        let held = keys.iter().map(|(id, _)| id);
        let ids: BTreeSet<&ItemId> = self.items.keys().chain(held).collect();
        let signed = |id: &ItemId| self.items.get(id).map(|item| item.key);
        ids.into_iter()
            .find(|id| signed(id).is_none() || signed(id) != keys.digest_of(id))
            .cloned()
    }
}

fn read_item(item: &Object<'_>) -> Result<(ItemId, ManifestItem), Malformed> {
    Ok((
        item.parse("id")?,
        ManifestItem {
            rev: item.int("rev")?,
            kind: item.one_of("type", &KINDS)?,
            unit: item.str("unit")?.to_owned(),
            status: item.one_of("status", &Status::NAMES)?,
            content: item.parse("content")?,
            key: item.parse("key")?,
        },
    ))
}

fn count_int(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
