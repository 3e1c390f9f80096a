//! What can be wrong with a data folder; each has its own meaning for the person at the server.

use std::io;
use std::path::{Path, PathBuf};

/// A data folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFault {
    /// Another process holds it.
    #[error("could not take {}: process {pid} on {host} holds it", root.display())]
    Locked {
        /// The folder.
        root: PathBuf,
        /// Its process, 0 where not known.
        pid: u32,
        /// Its machine.
        host: String,
    },
    /// It is of another format. Lower: `examhall hall upgrade`; higher: a newer program.
    #[error("could not use {}: data format {have}, this program knows {want}", root.display())]
    OtherFormat {
        /// The folder.
        root: PathBuf,
        /// The format it has.
        have: u32,
        /// The format this program knows.
        want: u32,
    },
    /// It is something else, or nothing.
    #[error("could not use {}: it is no data folder of an examhall", root.display())]
    NotADataFolder {
        /// The folder.
        root: PathBuf,
    },
    /// The disk is full.
    #[error("could not {doing} {}: the disk is full", path.display())]
    NoSpace {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DataFault {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::NoSpace { doing, path }
            }
            _ => Self::Io {
                doing,
                path,
                source,
            },
        }
    }
}
