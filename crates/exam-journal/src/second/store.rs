//! The second copy as its thread sees it: a map from LSN to stored bytes with a checkpoint.
//!
//! [`SledStore`] is the only code that knows sled. Its lessons (TECH "sled traps" of the design):
//! `flush()` issues no fsync, so the `db` file is synced here; large values live in blob files
//! that sled never syncs, so these are synced too; the checkpoint travels in the same batch as the
//! records. Any call may fail or panic: callers guard every one.

use std::{
    fs::File,
    io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use bytes::Bytes;

use crate::{
    files::{Files as _, RealFiles},
    log::Head,
};

/// Why the second copy failed. It never reaches a caller of the journal but as an incident.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreFault {
    #[error("{0}")]
    Failed(String),
    #[error("panicked: {0}")]
    Panicked(String),
    #[error("its contents are damaged: {0}")]
    Damaged(String),
    #[error("no answer within the time allowed")]
    Slow,
    #[error("it is too far behind")]
    TooFarBehind,
    #[error("an earlier run gave it up")]
    GivenUp,
    #[error("a trial opening in another process failed")]
    ProbeFailed,
}

/// Opens a store in a folder, creating it if need be.
pub(crate) type OpenStore = Arc<dyn Fn(&Path) -> Result<Box<dyn Store>, StoreFault> + Send + Sync>;

/// Stored records by LSN.
pub(crate) trait Store: Send {
    /// The last record applied, as the last batch said.
    fn checkpoint(&self) -> Result<Option<Head>, StoreFault>;
    /// Stored bytes in order of LSN; what is missing is missing.
    fn read(&self, range: RangeInclusive<u64>) -> Result<Vec<(u64, Bytes)>, StoreFault>;
    /// Puts records and the checkpoint in one step.
    fn apply(&mut self, records: &[(u64, Bytes)], checkpoint: Head) -> Result<(), StoreFault>;
    /// Removes records and sets the checkpoint in one step.
    fn remove(&mut self, lsns: &[u64], checkpoint: Head) -> Result<(), StoreFault>;
    /// Returns when everything applied is on the disk.
    fn sync(&mut self) -> Result<(), StoreFault>;
}

/// The store that halls use.
pub(crate) fn open_sled() -> OpenStore {
    Arc::new(|dir| SledStore::open(dir).map(|store| Box::new(store) as Box<dyn Store>))
}

const CACHE_BYTES: u64 = 64 << 20;
const LOCK_TRIES: u32 = 100;
const LOCK_WAIT: Duration = Duration::from_millis(10);
/// Sorts after every LSN below 2^56.
const CHECKPOINT: &[u8] = b"checkpoint";
/// Somewhat below the size from which sled keeps a value in a file of its own.
const BLOB: usize = 100 << 10;

pub(super) struct SledStore {
    db: sled::Db,
    file: File,
    blobs: PathBuf,
    has_new_blobs: bool,
}

fn failed(doing: &str) -> impl FnOnce(sled::Error) -> StoreFault {
    move |e| match e {
        sled::Error::Corruption { .. } => StoreFault::Damaged(format!("could not {doing}: {e}")),
        _ => StoreFault::Failed(format!("could not {doing}: {e}")),
    }
}

fn failed_io(doing: &str) -> impl FnOnce(io::Error) -> StoreFault {
    move |e| StoreFault::Failed(format!("could not {doing}: {e}"))
}

impl SledStore {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreFault> {
        let db = open_patiently(dir).map_err(failed("open"))?;
        let file = File::options().read(true).write(true).open(dir.join("db"));
        let file = file.map_err(failed_io("open the file of"))?;
        for folder in [Some(dir), dir.parent()].into_iter().flatten() {
            RealFiles
                .sync_dir(folder)
                .map_err(failed_io("sync the folder of"))?;
        }
        Ok(Self {
            db,
            file,
            blobs: dir.join("blobs"),
            has_new_blobs: false,
        })
    }

    fn batch(&mut self, batch: sled::Batch, checkpoint: Head) -> Result<(), StoreFault> {
        let mut batch = batch;
        let mut value = [0; 40];
        value[..8].copy_from_slice(&checkpoint.lsn.to_be_bytes());
        value[8..].copy_from_slice(&checkpoint.hash);
        batch.insert(CHECKPOINT, &value[..]);
        self.db.apply_batch(batch).map_err(failed("write"))
    }
}

impl Store for SledStore {
    fn checkpoint(&self) -> Result<Option<Head>, StoreFault> {
        let Some(value) = self.db.get(CHECKPOINT).map_err(failed("read"))? else {
            return Ok(None);
        };
        let parts = value.split_first_chunk::<8>();
        let head = parts.and_then(|(lsn, hash)| {
            Some(Head {
                lsn: u64::from_be_bytes(*lsn),
                hash: hash.try_into().ok()?,
            })
        });
        head.map(Some)
            .ok_or_else(|| StoreFault::Damaged("the checkpoint is no checkpoint".into()))
    }

    fn read(&self, range: RangeInclusive<u64>) -> Result<Vec<(u64, Bytes)>, StoreFault> {
        let keys = range.start().to_be_bytes()..=range.end().to_be_bytes();
        let mut out = Vec::new();
        for pair in self.db.range(keys) {
            let (key, value) = pair.map_err(failed("read"))?;
            if let Ok(lsn) = <[u8; 8]>::try_from(&*key) {
                out.push((u64::from_be_bytes(lsn), Bytes::copy_from_slice(&value)));
            }
        }
        Ok(out)
    }

    fn apply(&mut self, records: &[(u64, Bytes)], checkpoint: Head) -> Result<(), StoreFault> {
        let mut batch = sled::Batch::default();
        for (lsn, stored) in records {
            self.has_new_blobs |= stored.len() >= BLOB;
            batch.insert(&lsn.to_be_bytes(), &stored[..]);
        }
        self.batch(batch, checkpoint)
    }

    fn remove(&mut self, lsns: &[u64], checkpoint: Head) -> Result<(), StoreFault> {
        let mut batch = sled::Batch::default();
        for lsn in lsns {
            batch.remove(&lsn.to_be_bytes());
        }
        self.batch(batch, checkpoint)
    }

    fn sync(&mut self) -> Result<(), StoreFault> {
        self.db.flush().map_err(failed("flush"))?;
        if self.has_new_blobs {
            sync_all_in(&self.blobs).map_err(failed_io("sync the large values of"))?;
            self.has_new_blobs = false;
        }
        self.file.sync_data().map_err(failed_io("sync"))
    }
}

/// Opens the database; waits a little for its lock. Sled's own threads hold it for some
/// milliseconds after the last handle is gone, and so does a process that is just ending.
fn open_patiently(dir: &Path) -> sled::Result<sled::Db> {
    let config = || {
        sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
    };
    for _ in 0..LOCK_TRIES {
        match config().open() {
            Err(sled::Error::Io(e)) if e.to_string().contains("could not acquire lock") => {
                thread::sleep(LOCK_WAIT);
            }
            opened => return opened,
        }
    }
    config().open()
}

fn sync_all_in(dir: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        File::options()
            .read(true)
            .write(true)
            .open(entry?.path())?
            .sync_data()?;
    }
    RealFiles.sync_dir(dir)
}
