//! `keys.json`: item id to item key, as the marking office gets it and the hall does not.
//!
//! The manifest is public to the hall and names a digest of every key. A key is one of two or four
//! options, so a bare digest of it could be guessed at once: every key is therefore salted, and the
//! salts stand here, beside the keys.

use std::collections::BTreeMap;

use exam_core::{Digest, ItemId, OptionId};

use crate::bank::Bank;
use crate::canonical::{Json, Kind, Malformed, Object};
use crate::content::header;
use crate::item::{ItemKey, Status};

/// The keys of every published item of a bank.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The bank's id.
    pub bank: String,
    salt: Digest,
    keys: BTreeMap<ItemId, (u32, ItemKey)>,
}

impl std::fmt::Debug for Keys {
    /// Writes how many there are, and no key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("bank", &self.bank)
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// Takes the keys out of a bank; `salt` is 32 random bytes, drawn anew for each edition.
    pub fn of(bank: &Bank, salt: [u8; 32]) -> Self {
        let published = bank
            .items
            .iter()
            .filter(|item| item.status != Status::Draft);
        let keys = published.map(|item| (item.id.clone(), (item.rev, item.key.clone())));
        Self {
            bank: bank.id.clone(),
            salt: Digest(salt),
            keys: keys.collect(),
        }
    }

    /// Returns the edition's salt, so that a further signer can build the same edition again.
    pub const fn salt(&self) -> [u8; 32] {
        self.salt.0
    }

    /// Returns the key of an item.
    pub fn key(&self, item: &ItemId) -> Option<&ItemKey> {
        self.keys.get(item).map(|(_, key)| key)
    }

    /// Returns every item with its key, in order of ids.
    pub fn iter(&self) -> impl Iterator<Item = (&ItemId, &ItemKey)> {
        self.keys.iter().map(|(item, (_, key))| (item, key))
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns the salted digest of one item's key, as the manifest names it.
    pub fn digest_of(&self, item: &ItemId) -> Option<Digest> {
        let (rev, key) = self.keys.get(item)?;
        // A salt of its own lets one key be shown in an appeal without the others.
        let mut material = self.salt.0.to_vec();
        material.extend_from_slice(item.as_str().as_bytes());
        let json = Json::map([
            ("id", Json::name(item)),
            ("key", Json::name(key.option())),
            ("rev", Json::Int(i64::from(*rev))),
            ("salt", Json::name(Kind::KeySalt.digest(&material))),
        ]);
        Some(Kind::ItemKey.digest(&json.bytes()))
    }

    /// Returns the canonical bytes of `keys.json`.
    pub fn bytes(&self) -> Vec<u8> {
        let keys = self.keys.iter().map(|(item, (rev, key))| {
            Json::map([
                ("id", Json::name(item)),
                ("key", Json::name(key.option())),
                ("rev", Json::Int(i64::from(*rev))),
            ])
        });
        Json::map([
            ("bank", Json::text(&self.bank)),
            ("digest", Json::name(crate::canonical::ALGORITHM)),
            ("format", Json::Int(1)),
            ("keys", Json::list(keys)),
            ("kind", Json::name("keys")),
            ("salt", Json::name(self.salt)),
        ])
        .bytes()
    }

    /// Returns the digest of `keys.json`.
    pub fn digest(&self) -> Digest {
        Kind::Keys.digest(&self.bytes())
    }

    /// Reads `keys.json`.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not the canonical form of a keys file.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let json = Json::parse(bytes)?;
        let object = Object::new(&json, "")?;
        header(&object, "keys")?;
        let rows = object.objects("keys", |row| {
            let key = ItemKey::new(row.parse::<OptionId>("key")?);
            Ok((row.parse::<ItemId>("id")?, (row.int::<u32>("rev")?, key)))
        })?;
        let keys = Self {
            bank: object.str("bank")?.to_owned(),
            salt: object.parse("salt")?,
            keys: rows.into_iter().collect(),
        };
        object.done()?;
        if keys.bytes() == bytes {
            Ok(keys)
        } else {
            Err(Malformed::new("keys", "must be sorted, each id once"))
        }
    }
}
