//! What can go wrong with a journal: machine failures, never rules.
//!
//! A fault of the second copy is no [`JournalFault`]: it is an [`crate::Incident`], because it
//! never stops a hall.

use std::{io, path::Path, path::PathBuf, sync::Arc};

use crate::incident::Lost;

/// A journal could not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalFault {
    /// The operating system refused.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// What was being done: "write", "sync" ...
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// W7: the disk has not the space that was to be reserved.
    #[error("could not reserve {needed} bytes for the journal: {free} are free")]
    NoSpace {
        /// Bytes still to be prepared.
        needed: u64,
        /// Bytes free on that disk.
        free: u64,
    },
    /// The files are of a format that this program does not know.
    #[error("could not read {}: journal format {found}, this program knows {known}", path.display())]
    Format {
        /// The segment.
        path: PathBuf,
        /// The format in its header.
        found: u32,
        /// The format of this program, [`crate::FORMAT`].
        known: u32,
    },
    /// A segment belongs to another journal.
    #[error("could not use {}: it belongs to another journal", path.display())]
    OtherJournal {
        /// The segment.
        path: PathBuf,
    },
    /// A whole frame does not continue the chain: files were exchanged or restored by hand. Which
    /// side is true is for people to decide, so nothing is served and nothing is changed.
    #[error("could not follow the chain: {} holds another record {lsn} at byte {offset}", path.display())]
    Forked {
        /// First LSN of the frame.
        lsn: u64,
        /// The segment.
        path: PathBuf,
        /// Where the frame begins.
        offset: u64,
    },
    /// A batch or payload is over its limit; nothing was written.
    #[error("could not append {bytes} bytes at once: the limit is {limit}")]
    TooLarge {
        /// Bytes of the frame or payload.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// An earlier write or sync failed: what is on the disk is unknown until replay, so nothing is
    /// ever retried.
    #[error("could not append: an earlier append failed ({because})")]
    Poisoned {
        /// The first failure.
        because: Arc<str>,
    },
    /// Records are missing, so the log cannot be read as a whole.
    #[error("could not read the whole journal: records {lost} are lost")]
    Incomplete {
        /// The first hole.
        lost: Lost,
    },
    /// There is no journal in this folder.
    #[error("could not find a journal in {}", dir.display())]
    Absent {
        /// The folder.
        dir: PathBuf,
    },
    /// The disk thread has ended, or the journal is closed.
    #[error("could not reach the journal: it is closed")]
    Stopped,
}

impl JournalFault {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing,
            path: path.to_owned(),
            source: Arc::new(source),
        }
    }

    /// Whether the disk was full.
    pub fn is_no_space(&self) -> bool {
        match self {
            Self::NoSpace { .. } => true,
            Self::Io { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            _ => false,
        }
    }
}
