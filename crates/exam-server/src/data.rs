//! The data folder: who holds it, of which format it is, and where everything lies in it.
//!
//! It knows paths and locks; what the files mean is for the modules that read them. Nothing here
//! ever deletes.

mod fault;
mod files;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use exam_core::{Digest, SittingId};

pub use fault::DataFault;
pub use files::{available_bytes, make_dir, sync_dir, write_new, write_replacing};

/// The format this program writes.
pub const FORMAT: u32 = 1;

const FORMAT_WORDS: &str = "examhall data";

/// A data folder held by this process.
///
/// Layout: `FORMAT LOCK hall.toml pki/ banks/<digest>/ hall/log/ sittings/<id>/{exams/ roster.csv
/// seed papers/ log/ sled/ set-aside/} logs/`.
#[derive(Debug)]
pub struct DataFolder {
    root: PathBuf,
    /// Held for as long as the folder is; the lock goes with the file.
    _lock: File,
}

impl DataFolder {
    /// Opens a data folder, or makes one where there is nothing.
    ///
    /// # Errors
    /// [`DataFault`]: locked by another process, of another format, no data folder, no space.
    pub fn open_or_create(root: &Path) -> Result<Self, DataFault> {
        if !root.join("FORMAT").exists() {
            Self::create(root)?;
        }
        Self::open(root)
    }

    /// Opens an existing data folder.
    ///
    /// # Errors
    /// [`DataFault`], as above.
    pub fn open(root: &Path) -> Result<Self, DataFault> {
        let have = Self::format_of(root)?;
        if have != FORMAT {
            return Err(DataFault::OtherFormat {
                root: root.to_owned(),
                have,
                want: FORMAT,
            });
        }
        let lock = Self::lock(root)?;
        for dir in ["pki", "banks", "hall", "sittings", "logs"] {
            make_dir(&root.join(dir))?;
        }
        Ok(Self {
            root: root.to_owned(),
            _lock: lock,
        })
    }

    /// Reads which format a folder has, without taking it.
    ///
    /// # Errors
    /// [`DataFault::NotADataFolder`] where there is no readable `FORMAT`.
    pub fn format_of(root: &Path) -> Result<u32, DataFault> {
        let path = root.join("FORMAT");
        let none = || DataFault::NotADataFolder {
            root: root.to_owned(),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(none()),
            Err(source) => return Err(DataFault::io("read", &path)(source)),
        };
        let number = text.trim().strip_prefix(FORMAT_WORDS);
        number
            .and_then(|number| number.trim().parse().ok())
            .ok_or_else(none)
    }

    fn create(root: &Path) -> Result<(), DataFault> {
        if let Ok(mut entries) = std::fs::read_dir(root)
            && entries.next().is_some()
        {
            // Somebody's other folder: leave it alone.
            return Err(DataFault::NotADataFolder {
                root: root.to_owned(),
            });
        }
        make_dir(root)?;
        let text = format!("{FORMAT_WORDS} {FORMAT}\n");
        write_replacing(&root.join("FORMAT"), text.as_bytes())
    }

    fn lock(root: &Path) -> Result<File, DataFault> {
        let path = root.join("LOCK");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(DataFault::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Self::locked(root, &mut file)),
            Err(TryLockError::Error(source)) => return Err(DataFault::io("lock", &path)(source)),
        }
        let host = rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned();
        let holder = format!("{} {host}\n", std::process::id());
        let mut write = || {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(holder.as_bytes())
        };
        write().map_err(DataFault::io("write", &path))?;
        Ok(file)
    }

    fn locked(root: &Path, file: &mut File) -> DataFault {
        let mut text = String::new();
        // A holder that has not written yet is told as nobody known.
        let read = file.read_to_string(&mut text).unwrap_or(0);
        let (pid, host) = text
            .get(..read)
            .unwrap_or_default()
            .trim()
            .split_once(' ')
            .unwrap_or(("0", "?"));
        DataFault::Locked {
            root: root.to_owned(),
            pid: pid.parse().unwrap_or(0),
            host: host.to_owned(),
        }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The hall's settings.
    pub fn hall_toml(&self) -> PathBuf {
        self.root.join("hall.toml")
    }

    /// Certificates and keys of the hall.
    pub fn pki(&self) -> PathBuf {
        self.root.join("pki")
    }

    /// Technical logs.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The hall's own small journal: its log lies in `hall/log/`.
    pub fn hall_journal(&self) -> PathBuf {
        self.root.join("hall")
    }

    /// The verified bank whose manifest has this digest.
    pub fn bank(&self, manifest: &Digest) -> PathBuf {
        self.root.join("banks").join(manifest.to_string())
    }

    /// A sitting's folder.
    pub fn sitting(&self, sitting: &SittingId) -> SittingFolder {
        SittingFolder::at(self.root.join("sittings").join(sitting.as_str()))
    }

    /// The sittings there are, in order of names.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn sittings(&self) -> Result<Vec<SittingId>, DataFault> {
        let dir = self.root.join("sittings");
        let entries = std::fs::read_dir(&dir).map_err(DataFault::io("list", &dir))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut sittings: Vec<_> = names
            .filter_map(|name| SittingId::new(&name).ok())
            .filter(|sitting| self.sitting(sitting).is_complete())
            .collect();
        sittings.sort();
        Ok(sittings)
    }
}

/// The folder of one sitting: archived and sealed as a unit.
#[derive(Debug, Clone)]
pub struct SittingFolder {
    dir: PathBuf,
}

impl SittingFolder {
    /// Names a sitting's folder wherever it lies, such as in an archive.
    pub const fn at(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The folder itself; the journal's `log/`, `sled/` and `set-aside/` lie in it.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The signed exam and the texts it shows.
    pub fn exams(&self) -> PathBuf {
        self.dir.join("exams")
    }

    /// Names and numbers (RULES 9): beside the chain, never in it.
    pub fn roster(&self) -> PathBuf {
        self.dir.join("roster.csv")
    }

    /// The sitting's seed.
    pub fn seed(&self) -> PathBuf {
        self.dir.join("seed")
    }

    /// The sealed papers.
    pub fn papers(&self) -> PathBuf {
        self.dir.join("papers")
    }

    /// The log of the sitting's journal.
    pub fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// The mark that everything a sitting needs before its first record is on the disk.
    pub fn complete(&self) -> PathBuf {
        self.dir.join("OPENED")
    }

    /// Moves the folder of an opening that was cut short out of the way, if there is one.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn set_unfinished_aside(&self) -> Result<(), DataFault> {
        if !self.dir.exists() {
            return Ok(());
        }
        let aside = |number: u32| self.dir.with_extension(format!("unfinished-{number}"));
        let free = (1..1_000).map(aside).find(|aside| !aside.exists());
        let aside = free.unwrap_or_else(|| aside(0));
        std::fs::rename(&self.dir, &aside).map_err(DataFault::io("rename", &self.dir))
    }

    /// Says whether the sitting was opened, and not only begun to be.
    pub fn is_complete(&self) -> bool {
        self.complete().exists()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_and_the_second_is_told_by_whom() {
        let dir = tempfile::tempdir().unwrap();
        let held = DataFolder::open_or_create(dir.path()).unwrap();
        match DataFolder::open(dir.path()) {
            Err(DataFault::Locked { pid, host, .. }) => {
                assert_eq!(pid, std::process::id());
                assert_ne!(host, "?");
            }
            other => panic!("{other:?}"),
        }
        drop(held);
        DataFolder::open(dir.path()).unwrap();
    }

    #[test]
    fn another_format_is_refused_by_number() {
        let dir = tempfile::tempdir().unwrap();
        drop(DataFolder::open_or_create(dir.path()).unwrap());
        std::fs::write(dir.path().join("FORMAT"), "examhall data 7\n").unwrap();
        match DataFolder::open_or_create(dir.path()) {
            Err(DataFault::OtherFormat {
                have: 7,
                want: FORMAT,
                ..
            }) => {}
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn somebody_elses_folder_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("holiday.jpg"), "x").unwrap();
        let opened = DataFolder::open_or_create(dir.path());
        assert!(matches!(opened, Err(DataFault::NotADataFolder { .. })));
        assert!(!dir.path().join("FORMAT").exists());
        let none = DataFolder::open(&dir.path().join("none"));
        assert!(matches!(none, Err(DataFault::NotADataFolder { .. })));
    }
}
