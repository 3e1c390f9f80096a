//! The journal that keeps nothing: a measuring baseline only.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{JournalId, JournalStatus};
use crate::{
    fault::JournalFault,
    journal::{Closed, Opened, OpeningReport},
    record::{Appended, genesis},
    second::SecondStatus,
};

/// Counts records and forgets them.
#[derive(Debug, Default)]
pub(super) struct Null {
    last_lsns: Mutex<BTreeMap<JournalId, u64>>,
}

impl Null {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<JournalId, u64>> {
        self.last_lsns
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn open(&self, identity: &str) -> (JournalId, Opened) {
        let mut last_lsns = self.lock();
        let id = JournalId(last_lsns.last_key_value().map_or(1, |(last, _)| last.0 + 1));
        last_lsns.insert(id, 0);
        let report = OpeningReport::empty(genesis(identity));
        (
            id,
            Opened {
                records: Vec::new(),
                report,
            },
        )
    }

    pub(super) fn append(&self, id: JournalId, count: usize) -> Result<Appended, JournalFault> {
        let mut last_lsns = self.lock();
        let last = last_lsns.get_mut(&id).ok_or(JournalFault::Stopped)?;
        let first_lsn = *last + 1;
        *last += count as u64;
        Ok(Appended {
            first_lsn,
            last_lsn: *last,
            head: [0; 32],
        })
    }

    pub(super) fn status(&self, id: JournalId) -> Result<JournalStatus, JournalFault> {
        let last_lsn = *self.lock().get(&id).ok_or(JournalFault::Stopped)?;
        let second = SecondStatus::Off;
        Ok(JournalStatus {
            last_lsn,
            head: [0; 32],
            room_ahead: u64::MAX,
            second,
        })
    }

    pub(super) fn close(&self, id: JournalId) -> Result<Closed, JournalFault> {
        let last_lsn = self.lock().remove(&id).ok_or(JournalFault::Stopped)?;
        Ok(Closed {
            last_lsn,
            head: [0; 32],
            second: SecondStatus::Off,
        })
    }
}
