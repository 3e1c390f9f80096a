//! The paper at this seat: sealed parts in memory, opened when their keys come.
//!
//! Neither parts nor keys are ever written anywhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use exam_core::{Digest, ExamId, ItemId, OptionId, Paper, PaperPart, PartNo, SessionId};
use exam_proto::seal::{PaperKey, unseal};

use crate::picture::PaperState;

/// What has come of the paper.
#[derive(Debug, Clone, Default)]
pub(super) struct PaperBox {
    sealed: BTreeMap<PartNo, (Digest, Bytes)>,
    parts: usize,
    keys: BTreeMap<PartNo, PaperKey>,
    opened: BTreeMap<PartNo, PaperPart>,
    exam: Option<ExamId>,
    broken: bool,
    /// The options of every item of the open parts, for judging what a key press means.
    options: BTreeMap<ItemId, Vec<OptionId>>,
}

impl PaperBox {
    pub(super) fn put(&mut self, part: PartNo, parts: u32, manifest: Digest, sealed: Bytes) {
        self.parts = usize::try_from(parts).unwrap_or(usize::MAX);
        if !self.opened.contains_key(&part) {
            self.broken = false;
            self.sealed.insert(part, (manifest, sealed));
        }
    }

    pub(super) fn key(&mut self, part: PartNo, key: PaperKey) {
        self.keys.insert(part, key);
    }

    /// Says whether every part is here.
    pub(super) fn is_complete(&self) -> bool {
        self.parts > 0 && self.sealed.len() + self.opened.len() >= self.parts
    }

    /// Says whether a part is open.
    pub(super) fn is_open(&self) -> bool {
        !self.opened.is_empty()
    }

    /// Returns the options of an item of the open parts.
    pub(super) fn options(&self, item: &ItemId) -> Option<&[OptionId]> {
        self.options.get(item).map(Vec::as_slice)
    }

    /// Opens whatever can be opened for `session`. Returns what there is to show, if it changed.
    pub(super) fn open(&mut self, session: SessionId) -> Option<PaperState> {
        let ready: Vec<PartNo> = self
            .sealed
            .keys()
            .filter(|part| self.keys.contains_key(part))
            .copied()
            .collect();
        let tried = !ready.is_empty();
        for part in ready {
            let (Some((manifest, sealed)), Some(key)) =
                (self.sealed.get(&part), self.keys.remove(&part))
            else {
                continue;
            };
            match unseal(&key, session, part, manifest, sealed) {
                Ok(opened) => {
                    self.sealed.remove(&part);
                    self.broken = false;
                    self.take(opened.exam, opened.part);
                }
                Err(fault) => {
                    tracing::error!(%fault, %part, "the paper does not open at this seat");
                    self.broken = true;
                }
            }
        }
        tried.then(|| self.state(session))
    }

    fn take(&mut self, exam: ExamId, part: PaperPart) {
        for item in part.sections.iter().flat_map(|section| &section.items) {
            let options = item.options.iter().map(|option| option.id.clone());
            self.options.insert(item.item.clone(), options.collect());
        }
        self.exam = Some(exam);
        self.opened.insert(part.part, part);
    }

    /// Returns what there is to show.
    pub(super) fn state(&self, session: SessionId) -> PaperState {
        match &self.exam {
            _ if self.broken => PaperState::Broken,
            Some(exam) if self.is_open() => PaperState::Open(Arc::new(Paper {
                session,
                exam: exam.clone(),
                parts: self.opened.values().cloned().collect(),
            })),
            Some(_) | None if self.sealed.is_empty() => PaperState::Absent,
            Some(_) | None => PaperState::Sealed,
        }
    }
}
