//! The seat's own small chained file: what was answered here, before the hall has it.
//!
//! One thread owns the file; entries reach it through a bounded queue, and each drained batch is
//! made durable by one `fdatasync` before it is reported. It knows nothing of the hall, and holds
//! no stem, no key and no name. Files of older sessions are moved aside, never deleted.

mod entry;
mod file;
mod recovered;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

pub use entry::Entry;
pub use file::{SET_ASIDE, SpoolFile};
pub use recovered::{Ended, Recovered};

/// Entries that may wait for the disk. The attachment has one batch under way at a time, at most a
/// paper's items and notes.
const QUEUE: usize = 4_096;
/// Entries made durable by one sync.
const BATCH: usize = 256;

/// Why answers cannot be kept on this machine's disk.
#[derive(Debug, thiserror::Error)]
pub enum SpoolFault {
    /// The folder cannot be used.
    #[error("could not use the spool folder {path}: {source}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another program holds it.
    #[error("the spool folder {path} is in use by another program on this machine")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// A write or sync failed.
    #[error("could not write the spool {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An entry came before any lease.
    #[error("nothing can be spooled before a session is held")]
    NoSession,
    /// The thread is gone or too far behind.
    #[error("the spool's disk does not keep up")]
    Behind,
}

/// What the spool's thread reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpoolReport {
    /// Entries up to this number are durable.
    Spooled {
        /// The newest.
        up_to: u64,
    },
    /// The disk failed; nothing more will be written.
    Failed {
        /// Why, for the technician.
        why: String,
    },
}

/// The queue to the spool's thread.
#[derive(Debug)]
pub struct Spool {
    entries: SyncSender<(u64, Entry)>,
    thread: JoinHandle<()>,
}

impl Spool {
    /// Opens the spool in `dir` and starts its thread; `report` is called on that thread.
    ///
    /// # Errors
    /// [`SpoolFault`] where the folder cannot be read and written, or is in use.
    pub fn start(
        dir: &Path,
        report: impl FnMut(SpoolReport) + Send + 'static,
    ) -> Result<(Self, Option<Recovered>), SpoolFault> {
        let (file, recovered) = SpoolFile::open(dir)?;
        let (entries, queue) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("spool".to_owned())
            .spawn(move || write_all(file, &queue, report))
            .map_err(|source| SpoolFault::Folder {
                path: dir.to_owned(),
                source,
            })?;
        Ok((Self { entries, thread }, recovered))
    }

    /// Hands entry `no` to the thread.
    ///
    /// # Errors
    /// [`SpoolFault::Behind`] where the queue is full or the thread has ended.
    pub fn write(&self, no: u64, entry: Entry) -> Result<(), SpoolFault> {
        self.entries
            .try_send((no, entry))
            .map_err(|error| match error {
                TrySendError::Full(_) | TrySendError::Disconnected(_) => SpoolFault::Behind,
            })
    }

    /// Waits until everything handed over is durable. Blocks.
    pub fn finish(self) {
        let Self { entries, thread } = self;
        drop(entries);
        if thread.join().is_err() {
            tracing::error!("the spool's thread panicked");
        }
    }
}

fn write_all(
    mut file: SpoolFile,
    queue: &Receiver<(u64, Entry)>,
    mut report: impl FnMut(SpoolReport),
) {
    while let Ok((mut up_to, first)) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok((no, entry)) = queue.try_recv()
        {
            up_to = no;
            batch.push(entry);
        }
        match file.append(&batch) {
            Ok(()) => report(SpoolReport::Spooled { up_to }),
            Err(fault) => {
                tracing::error!(%fault, "answers are kept in memory only from here");
                report(SpoolReport::Failed {
                    why: fault.to_string(),
                });
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
