//! What leaves an attachment after each input: entries to the spool, messages to the hall.
//!
//! Persist, then speak: a change goes to the wire only once the spool has it, or cannot have it.

use std::collections::VecDeque;

use exam_core::command::Holder;
use exam_core::{BootId, ItemId, Label, Seq};

use super::{Attachment, Observed, Output, Stage};
use crate::message::KioskSays;
use crate::spool::{Entry, Recovered};

/// Local milliseconds between two pings: proof of life, and the hall's clock.
const PING_MS: i64 = 3_000;

/// What a spool entry is about, for when it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Revision(Seq),
    Note(Seq),
    End,
    Other,
}

/// What is on its way to the spool.
#[derive(Debug, Default)]
pub(super) struct Writing {
    last_no: u64,
    under_way: VecDeque<(u64, What)>,
    failed: bool,
    lease: Option<(Holder, BootId)>,
    position: Option<ItemId>,
    written_position: Option<ItemId>,
}

impl Writing {
    pub(super) fn recovered(recovered: &Recovered) -> Self {
        Self {
            lease: Some((recovered.holder, recovered.boot)),
            written_position: recovered.position.clone(),
            ..Self::default()
        }
    }

    /// The disk failed; the wire no longer waits for it.
    pub(super) fn fail(&mut self) {
        self.failed = true;
        self.under_way.clear();
    }

    pub(super) fn visit(&mut self, item: ItemId) {
        let new = self.written_position.as_ref() != Some(&item);
        self.position = new.then_some(item);
    }

    pub(super) fn forget_position(&mut self) {
        self.position = None;
        self.written_position = None;
    }
}

impl Attachment {
    /// Does all that is due after an input.
    pub(super) fn pump(&mut self) {
        // One batch under way: what is chosen meanwhile waits without a number, and a later change
        // of the same item takes its place.
        if self.writing.under_way.is_empty() {
            self.spool_changes();
        }
        self.send_prepared();
        if self.is_attached() {
            self.send_changes();
            self.ask_end();
        }
    }

    fn spool_changes(&mut self) {
        let Some(holder) = self.holder else {
            return;
        };
        for (revision, at_ms) in self.answers.number() {
            self.observe(Observed::Made {
                session: holder.session,
                epoch: holder.epoch,
                seq: revision.seq,
                item: revision.item.clone(),
                choice: revision.choice.clone(),
                at_ms,
            });
            let seq = revision.seq;
            if !self.spool(Entry::Revision(revision), What::Revision(seq)) {
                self.answers.path.without_disk();
            }
        }
        for note in self.notes.number() {
            let seq = note.seq;
            if !self.spool(Entry::Note(note), What::Note(seq)) {
                self.notes.path.without_disk();
            }
        }
        if let Some(item) = self.writing.position.take() {
            self.writing.written_position = Some(item.clone());
            self.spool(Entry::Position(item), What::Other);
        }
        debug_assert!(!self.answers.has_chosen() && !self.notes.has_pending());
        self.spool_end();
    }

    /// Hands an entry to the spool. Returns false where there is none that can be written.
    pub(super) fn spool(&mut self, entry: Entry, what: What) -> bool {
        if self.writing.failed {
            return false;
        }
        self.writing.last_no += 1;
        let no = self.writing.last_no;
        self.writing.under_way.push_back((no, what));
        self.out.push(Output::Spool { no, entry });
        true
    }

    /// Spools that this seat holds a session, unless the spool says so already.
    pub(super) fn spool_lease(&mut self, holder: Holder) {
        let lease = (holder, self.boot);
        if self.writing.lease != Some(lease) {
            self.writing.lease = Some(lease);
            let boot = self.boot;
            self.spool(Entry::Lease { holder, boot }, What::Other);
        }
    }

    /// Entries up to number `up_to` are durable.
    pub(super) fn spooled(&mut self, up_to: u64) {
        while let Some((no, what)) = self.writing.under_way.front().copied()
            && no <= up_to
        {
            self.writing.under_way.pop_front();
            match what {
                What::Revision(seq) => self.answers.path.spooled(seq),
                What::Note(seq) => self.notes.path.spooled(seq),
                What::End => self.end.spooled(),
                What::Other => {}
            }
        }
    }

    fn send_changes(&mut self) {
        let Some(holder) = self.holder else {
            return;
        };
        loop {
            let revisions = self.answers.path.take_due(self.now_ms, self.speed);
            if revisions.is_empty() {
                break;
            }
            self.say(KioskSays::Revise { holder, revisions });
        }
        loop {
            let notes = self.notes.path.take_due(self.now_ms, self.speed);
            if notes.is_empty() {
                break;
            }
            self.say(KioskSays::Annotate { holder, notes });
        }
    }

    /// Says that the paper is here: by itself before the start, at the candidate's key when late.
    fn send_prepared(&mut self) {
        let ready = match self.label() {
            Some(Label::Preparing) => true,
            Some(Label::Late) => self.begin,
            _ => false,
        };
        if ready && self.is_attached() && !self.contact.prepared_sent && self.paper.is_complete() {
            self.contact.prepared_sent = true;
            self.say(KioskSays::Prepared);
        }
    }

    pub(super) fn ping_if_due(&mut self) {
        let since = self.now_ms.saturating_sub(self.contact.pinged_ms);
        if self.contact.stage >= Stage::Welcomed && since >= PING_MS * self.speed {
            self.contact.pings += 1;
            self.contact.pinged_ms = self.now_ms;
            let number = self.contact.pings;
            self.say(KioskSays::Ping { number });
        }
    }
}
