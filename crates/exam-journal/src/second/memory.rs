//! A second copy in memory for tests: it can fail, panic and wait on command.

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex},
};

use bytes::Bytes;

use super::{OpenStore, Store, StoreFault};
use crate::{files::Files, log::Head};

/// All copies of a test, by folder; they outlive the journals that use them.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    inner: Arc<(Mutex<Inner>, Condvar)>,
}

#[derive(Default)]
struct Inner {
    copies: BTreeMap<PathBuf, Copy>,
    trouble: Trouble,
}

#[derive(Clone, Default)]
pub(crate) struct Copy {
    pub(crate) records: BTreeMap<u64, Bytes>,
    pub(crate) checkpoint: Option<Head>,
}

/// What the copies do when called.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Trouble {
    #[default]
    None,
    OpenFails,
    OpenPanics,
    /// Opening waits until there is no trouble.
    OpenWaits,
    ApplyFails,
    ApplyPanics,
    ApplyWaits,
    ReadPanics,
}

struct InMemory {
    memory: Memory,
    dir: PathBuf,
}

impl Memory {
    pub(crate) fn set(&self, trouble: Trouble) {
        self.inner.0.lock().unwrap().trouble = trouble;
        self.inner.1.notify_all();
    }

    pub(crate) fn with<T>(&self, dir: &Path, change: impl FnOnce(&mut Copy) -> T) -> T {
        change(
            self.inner
                .0
                .lock()
                .unwrap()
                .copies
                .entry(dir.to_owned())
                .or_default(),
        )
    }

    fn meet(&self, fails: Trouble, panics: Trouble, waits: Trouble) -> Result<(), StoreFault> {
        let inner = self.inner.0.lock().unwrap();
        let inner = self
            .inner
            .1
            .wait_while(inner, |i| i.trouble == waits && waits != Trouble::None);
        let trouble = inner.unwrap().trouble;
        assert!(
            trouble == Trouble::None || trouble != panics,
            "planned panic"
        );
        if trouble != Trouble::None && trouble == fails {
            return Err(StoreFault::Failed("planned failure".into()));
        }
        Ok(())
    }

    /// Opens copies of this memory; their folders appear on `files`.
    pub(crate) fn opener(&self, files: Arc<dyn Files>) -> OpenStore {
        let memory = self.clone();
        Arc::new(move |dir| {
            files
                .create_dir(dir)
                .map_err(|e| StoreFault::Failed(e.to_string()))?;
            memory.meet(Trouble::OpenFails, Trouble::OpenPanics, Trouble::OpenWaits)?;
            Ok(Box::new(InMemory {
                memory: memory.clone(),
                dir: dir.to_owned(),
            }))
        })
    }
}

impl Store for InMemory {
    fn checkpoint(&self) -> Result<Option<Head>, StoreFault> {
        Ok(self.memory.with(&self.dir, |copy| copy.checkpoint))
    }

    fn read(&self, range: RangeInclusive<u64>) -> Result<Vec<(u64, Bytes)>, StoreFault> {
        self.memory
            .meet(Trouble::None, Trouble::ReadPanics, Trouble::None)?;
        Ok(self.memory.with(&self.dir, |copy| {
            copy.records
                .range(range)
                .map(|(lsn, stored)| (*lsn, stored.clone()))
                .collect()
        }))
    }

    fn apply(&mut self, records: &[(u64, Bytes)], checkpoint: Head) -> Result<(), StoreFault> {
        self.memory.meet(
            Trouble::ApplyFails,
            Trouble::ApplyPanics,
            Trouble::ApplyWaits,
        )?;
        self.memory.with(&self.dir, |copy| {
            copy.records.extend(records.iter().cloned());
            copy.checkpoint = Some(checkpoint);
        });
        Ok(())
    }

    fn remove(&mut self, lsns: &[u64], checkpoint: Head) -> Result<(), StoreFault> {
        self.memory.with(&self.dir, |copy| {
            copy.records.retain(|lsn, _| !lsns.contains(lsn));
            copy.checkpoint = Some(checkpoint);
        });
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreFault> {
        Ok(())
    }
}
