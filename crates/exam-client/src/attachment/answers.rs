//! The responses at this seat, and the way of each change: chosen, numbered and spooled, acked.
//!
//! A change gets its number only when it is handed to the spool; until then a later change of the
//! same item takes its place. After that it is never merged, dropped or renumbered (W1).

use std::collections::BTreeMap;

use exam_core::{
    Digest, Epoch, ItemId, Made, OptionId, Revision, Seq, SessionId, Snapshot, WallTime,
};

use super::path::Path;
use crate::picture::{Answer, Saved};
use crate::spool::Recovered;

/// All responses of one epoch.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) path: Path<Revision>,
    epoch: Epoch,
    link: Digest,
    chosen: Vec<Chosen>,
    newest: BTreeMap<ItemId, Newest>,
}

/// A change that has no number yet.
#[derive(Debug, Clone)]
struct Chosen {
    item: ItemId,
    choice: Option<OptionId>,
    made: Made,
    at_ms: i64,
}

/// The newest change of one item.
#[derive(Debug, Clone)]
struct Newest {
    choice: Option<OptionId>,
    origin: Origin,
    /// When the hall had it, for people.
    wall: Option<WallTime>,
}

#[derive(Debug, Clone, Copy)]
enum Origin {
    Chosen,
    Numbered(Seq),
    Hall,
}

impl Answers {
    /// Nothing yet.
    pub(super) fn none() -> Self {
        Self {
            path: Path::after(Seq(0)),
            epoch: Epoch(0),
            link: Digest::default(),
            chosen: Vec::new(),
            newest: BTreeMap::new(),
        }
    }

    /// Begins an epoch where the hall's record stands.
    pub(super) fn fresh(snapshot: &Snapshot, wall: WallTime) -> Self {
        let mut answers = Self {
            path: Path::after(snapshot.up_to),
            epoch: snapshot.epoch,
            link: snapshot.link,
            ..Self::none()
        };
        answers.merge(snapshot, wall);
        answers
    }

    /// Takes up what the spool held; all of it waits until the hall says otherwise (R5).
    pub(super) fn recovered(recovered: &Recovered) -> Self {
        let holder = recovered.holder;
        let mut answers = Self {
            path: Path::recovered(&recovered.revisions),
            epoch: holder.epoch,
            link: first_link(holder.session, holder.epoch),
            ..Self::none()
        };
        if let Some(last) = recovered.revisions.last() {
            answers.link = last.link;
        }
        answers.overlay(Seq(0));
        answers
    }

    /// Agrees with the hall's record on return; what the hall lacks stays on top of it.
    pub(super) fn merge(&mut self, snapshot: &Snapshot, wall: WallTime) {
        self.path.agree(snapshot.up_to);
        if self.path.last() == snapshot.up_to {
            self.link = snapshot.link;
        }
        let before = std::mem::take(&mut self.newest);
        for (item, choice) in &snapshot.responses {
            let same = before
                .get(item)
                .filter(|newest| newest.choice == *choice && newest.wall.is_some());
            let newest = Newest {
                choice: choice.clone(),
                origin: Origin::Hall,
                wall: same.map_or(Some(wall), |newest| newest.wall),
            };
            self.newest.insert(item.clone(), newest);
        }
        self.overlay(snapshot.up_to);
    }

    fn overlay(&mut self, have: Seq) {
        for revision in self.path.since(have) {
            let newest = Newest {
                choice: revision.choice.clone(),
                origin: Origin::Numbered(revision.seq),
                wall: None,
            };
            self.newest.insert(revision.item.clone(), newest);
        }
        for chosen in &self.chosen {
            let newest = Newest {
                choice: chosen.choice.clone(),
                origin: Origin::Chosen,
                wall: None,
            };
            self.newest.insert(chosen.item.clone(), newest);
        }
    }

    /// Returns what is chosen for `item` now.
    pub(super) fn current(&self, item: &ItemId) -> Option<&OptionId> {
        self.newest.get(item)?.choice.as_ref()
    }

    /// A response changes; an earlier change of the item that has no number yet is replaced.
    pub(super) fn choose(
        &mut self,
        item: ItemId,
        choice: Option<OptionId>,
        made: Made,
        at_ms: i64,
    ) {
        self.chosen.retain(|chosen| chosen.item != item);
        let newest = Newest {
            choice: choice.clone(),
            origin: Origin::Chosen,
            wall: None,
        };
        self.newest.insert(item.clone(), newest);
        self.chosen.push(Chosen {
            item,
            choice,
            made,
            at_ms,
        });
    }

    /// Says whether changes wait for a number.
    pub(super) const fn has_chosen(&self) -> bool {
        !self.chosen.is_empty()
    }

    /// Numbers and links all that was chosen; with the local time of each choice.
    pub(super) fn number(&mut self) -> Vec<(Revision, i64)> {
        let mut numbered = Vec::new();
        for chosen in std::mem::take(&mut self.chosen) {
            let mut revision = Revision {
                seq: self.path.last().next(),
                item: chosen.item,
                choice: chosen.choice,
                made: chosen.made,
                link: Digest::default(),
            };
            revision.link = revision.link_after(&self.link, self.epoch);
            self.link = revision.link;
            if let Some(newest) = self.newest.get_mut(&revision.item) {
                newest.origin = Origin::Numbered(revision.seq);
            }
            self.path.push(revision.clone());
            numbered.push((revision, chosen.at_ms));
        }
        numbered
    }

    /// The hall has everything up to `seq`. Returns whether that is news.
    pub(super) fn ack(&mut self, seq: Seq, wall: WallTime) -> bool {
        let news = self.path.ack(seq);
        let acked = self.path.acked();
        for newest in self.newest.values_mut() {
            if matches!(newest.origin, Origin::Numbered(seq) if seq <= acked) {
                newest.wall = newest.wall.or(Some(wall));
            }
        }
        news
    }

    /// Returns every response with its truth (W8).
    pub(super) fn shown(&self) -> BTreeMap<ItemId, Answer> {
        let answer = |newest: &Newest| Answer {
            choice: newest.choice.clone(),
            saved: self.saved(newest),
        };
        self.newest
            .iter()
            .map(|(item, newest)| (item.clone(), answer(newest)))
            .collect()
    }

    fn saved(&self, newest: &Newest) -> Saved {
        let wall = newest.wall.unwrap_or_default();
        match newest.origin {
            Origin::Hall => Saved::Saved(wall),
            Origin::Numbered(seq) if seq <= self.path.acked() => Saved::Saved(wall),
            Origin::Numbered(seq) if seq <= self.path.on_disk() => Saved::Waiting,
            Origin::Numbered(_) | Origin::Chosen => Saved::Chosen,
        }
    }
}

fn first_link(session: SessionId, epoch: Epoch) -> Digest {
    Revision::first_link(session, epoch)
}
