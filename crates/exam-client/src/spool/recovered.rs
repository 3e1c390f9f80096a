//! What a spool says after a restart.

use exam_core::command::Holder;
use exam_core::{BootId, ItemId, Made, Note, Revision, Seq};

use super::Entry;

/// What this seat held and had made when it last stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The session, the lease and its epoch.
    pub holder: Holder,
    /// The boot the seat last attached in.
    pub boot: BootId,
    /// The newest dense run of revisions, in order of sequence.
    pub revisions: Vec<Revision>,
    /// The newest dense run of notes, in order of sequence.
    pub notes: Vec<Note>,
    /// The item the candidate was at.
    pub position: Option<ItemId>,
    /// Whether the paper had been locked or handed in here.
    pub ended: Option<Ended>,
}

/// How the paper had been closed at this seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Locked at the own end.
    Locked {
        /// The last revision made.
        last: Seq,
    },
    /// Handed in.
    HandedIn {
        /// The last revision made.
        last: Seq,
        /// When the key was pressed.
        pressed: Made,
    },
}

impl Recovered {
    /// Folds the entries of one spool; none where they do not begin with a lease.
    pub fn from_entries(entries: &[Entry]) -> Option<Self> {
        let (first, rest) = entries.split_first()?;
        let Entry::Lease { holder, boot } = first else {
            return None;
        };
        let mut recovered = Self {
            holder: *holder,
            boot: *boot,
            revisions: Vec::new(),
            notes: Vec::new(),
            position: None,
            ended: None,
        };
        for entry in rest {
            recovered.take(entry);
        }
        Some(recovered)
    }

    fn take(&mut self, entry: &Entry) {
        match entry {
            Entry::Lease { holder, boot } => {
                self.holder = *holder;
                self.boot = *boot;
            }
            Entry::Revision(revision) => {
                let dense = self
                    .revisions
                    .last()
                    .is_none_or(|last| revision.seq == last.seq.next());
                // The hall once had more than this disk: what came before is in its record.
                if !dense {
                    self.revisions.clear();
                }
                self.revisions.push(revision.clone());
            }
            Entry::Note(note) => {
                let dense = self
                    .notes
                    .last()
                    .is_none_or(|last| note.seq == last.seq.next());
                if !dense {
                    self.notes.clear();
                }
                self.notes.push(note.clone());
            }
            Entry::Position(item) => self.position = Some(item.clone()),
            Entry::Locked { last } => self.ended = Some(Ended::Locked { last: *last }),
            Entry::HandedIn { last, pressed } => {
                self.ended = Some(Ended::HandedIn {
                    last: *last,
                    pressed: *pressed,
                });
            }
            Entry::Resumed => self.ended = None,
        }
    }
}
