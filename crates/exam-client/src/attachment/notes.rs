//! Flags and strike-outs at this seat, on a path of their own (W4). They score nothing.

use std::collections::BTreeMap;

use exam_core::{ItemId, Note, OptionId, Seq, Snapshot};

use super::path::Path;
use crate::picture::NoteShown;
use crate::spool::Recovered;

/// All notes of one epoch.
#[derive(Debug, Clone)]
pub(super) struct Notes {
    pub(super) path: Path<Note>,
    /// Changes that have no number yet.
    pending: BTreeMap<ItemId, NoteShown>,
    newest: BTreeMap<ItemId, NoteShown>,
}

impl Notes {
    /// Nothing yet.
    pub(super) fn none() -> Self {
        Self {
            path: Path::after(Seq(0)),
            pending: BTreeMap::new(),
            newest: BTreeMap::new(),
        }
    }

    /// Begins an epoch where the hall's record stands.
    pub(super) fn fresh(snapshot: &Snapshot) -> Self {
        let mut notes = Self {
            path: Path::after(snapshot.notes_up_to),
            ..Self::none()
        };
        notes.merge(snapshot);
        notes
    }

    /// Takes up what the spool held.
    pub(super) fn recovered(recovered: &Recovered) -> Self {
        let mut notes = Self {
            path: Path::recovered(&recovered.notes),
            ..Self::none()
        };
        notes.overlay(Seq(0));
        notes
    }

    /// Agrees with the hall's record on return; what the hall lacks stays on top of it.
    pub(super) fn merge(&mut self, snapshot: &Snapshot) {
        self.path.agree(snapshot.notes_up_to);
        let annotations = snapshot.annotations.iter();
        self.newest = annotations
            .map(|(item, annotation)| {
                let note = NoteShown {
                    flagged: annotation.flagged,
                    struck: annotation.struck.clone(),
                };
                (item.clone(), note)
            })
            .collect();
        self.overlay(snapshot.notes_up_to);
    }

    fn overlay(&mut self, have: Seq) {
        for note in self.path.since(have) {
            let shown = NoteShown {
                flagged: note.flagged,
                struck: note.struck.clone(),
            };
            self.newest.insert(note.item.clone(), shown);
        }
        for (item, shown) in &self.pending {
            self.newest.insert(item.clone(), shown.clone());
        }
    }

    /// Flag and strike-outs of `item` are now these.
    pub(super) fn note(&mut self, item: ItemId, flagged: bool, struck: Vec<OptionId>) {
        let shown = NoteShown { flagged, struck };
        if self.newest.get(&item).cloned().unwrap_or_default() != shown {
            self.newest.insert(item.clone(), shown.clone());
            self.pending.insert(item, shown);
        }
    }

    /// Says whether changes wait for a number.
    pub(super) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Numbers all that waits.
    pub(super) fn number(&mut self) -> Vec<Note> {
        let mut numbered = Vec::new();
        for (item, shown) in std::mem::take(&mut self.pending) {
            let note = Note {
                seq: self.path.last().next(),
                item,
                flagged: shown.flagged,
                struck: shown.struck,
            };
            self.path.push(note.clone());
            numbered.push(note);
        }
        numbered
    }

    /// Returns every note.
    pub(super) fn shown(&self) -> BTreeMap<ItemId, NoteShown> {
        self.newest.clone()
    }
}
