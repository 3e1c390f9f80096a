//! Where keys and units come from. The keys file is exam-bank's; a map will do as well.

use std::collections::BTreeMap;

use exam_core::{ItemId, OptionId};

/// Gives the key of an item.
pub trait KeySource {
    /// Returns the one right option of `item`, or nothing where the item is unknown.
    fn key(&self, item: &ItemId) -> Option<&OptionId>;
}

impl KeySource for BTreeMap<ItemId, OptionId> {
    fn key(&self, item: &ItemId) -> Option<&OptionId> {
        self.get(item)
    }
}

impl KeySource for exam_bank::Keys {
    fn key(&self, item: &ItemId) -> Option<&OptionId> {
        Self::key(self, item).map(exam_bank::ItemKey::option)
    }
}

impl<K: KeySource + ?Sized> KeySource for &K {
    fn key(&self, item: &ItemId) -> Option<&OptionId> {
        (**self).key(item)
    }
}

/// The code of each item's unit in the syllabus, as the manifest has it.
pub type Units = BTreeMap<ItemId, String>;
