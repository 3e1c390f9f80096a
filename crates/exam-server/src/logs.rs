//! Technical logs: five files of ten megabytes, written behind, never in anybody's way.
//!
//! A full queue drops lines and counts them; below a gigabyte of free disk nothing is written, so
//! that logs give way before the journal does (RULES W7). Names, numbers, answers, keys and codes
//! have types that cannot be logged readably; this module knows none of them.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::time::SystemTime;

use crate::data::{DataFault, available_bytes, make_dir};

/// Length of one file.
const FILE_BYTES: u64 = 10 << 20;

/// Files kept, the current one included.
const FILES: u32 = 5;

/// Lines that may wait for the disk.
const LINES_WAITING: usize = 4_096;

/// Below so much free disk nothing is written.
const KEEP_FREE: u64 = 1 << 30;

/// Free disk is looked at after so many bytes.
const LOOK_EVERY: u64 = 64 << 10;

/// Keeps the log going; on drop what waits is written.
#[derive(Debug)]
pub struct Logs {
    _guard: WorkerGuard,
    dropped: ErrorCounter,
}

impl Logs {
    /// How many lines were dropped because the disk did not keep up.
    pub fn dropped(&self) -> usize {
        self.dropped.dropped_lines()
    }
}

/// Starts logging into `dir` for this process. `filter` is an env-filter such as `info`.
///
/// # Errors
/// [`DataFault`] where the folder cannot be used; a process that logs elsewhere already goes on
/// doing so.
pub fn start(dir: &Path, filter: &str) -> Result<Logs, DataFault> {
    make_dir(dir)?;
    let file = Rotating::open(dir, FILE_BYTES, FILES, KEEP_FREE)?;
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(LINES_WAITING)
        .finish(file);
    let dropped = writer.error_counter();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_ansi(false)
        .with_timer(SystemTime)
        .with_writer(writer)
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("this process logs elsewhere already");
    }
    Ok(Logs {
        _guard: guard,
        dropped,
    })
}

/// `hall.log`, `hall.log.1` ... `hall.log.4`, the newest first.
struct Rotating {
    dir: PathBuf,
    file: File,
    length: u64,
    since_look: u64,
    quiet: bool,
    file_bytes: u64,
    files: u32,
    keep_free: u64,
}

impl Rotating {
    fn open(dir: &Path, file_bytes: u64, files: u32, keep_free: u64) -> Result<Self, DataFault> {
        let path = dir.join("hall.log");
        let file = Self::append_to(&path).map_err(DataFault::io("open", &path))?;
        let length = file.metadata().map_err(DataFault::io("read", &path))?.len();
        Ok(Self {
            dir: dir.to_owned(),
            file,
            length,
            since_look: LOOK_EVERY,
            quiet: false,
            file_bytes,
            files,
            keep_free,
        })
    }

    fn append_to(path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }

    fn named(&self, number: u32) -> PathBuf {
        match number {
            0 => self.dir.join("hall.log"),
            older => self.dir.join(format!("hall.log.{older}")),
        }
    }

    fn rotate(&mut self) -> io::Result<()> {
        for number in (0..self.files.saturating_sub(1)).rev() {
            let from = self.named(number);
            if from.exists() {
                std::fs::rename(from, self.named(number + 1))?;
            }
        }
        self.file = Self::append_to(&self.named(0))?;
        self.length = 0;
        Ok(())
    }
}

impl Write for Rotating {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let bytes = u64::try_from(line.len()).unwrap_or(u64::MAX);
        self.since_look = self.since_look.saturating_add(bytes);
        if self.since_look >= LOOK_EVERY {
            self.since_look = 0;
            self.quiet = available_bytes(&self.dir).is_ok_and(|free| free < self.keep_free);
        }
        if self.quiet {
            return Ok(line.len());
        }
        if self.length > 0 && self.length.saturating_add(bytes) > self.file_bytes {
            self.rotate()?;
        }
        self.file.write_all(line)?;
        self.length = self.length.saturating_add(bytes);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_files_of_their_size_and_the_oldest_goes() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(dir.path(), 100, 5, 0).unwrap();
        for number in 0..60 {
            let line = format!("line {number:03} {}\n", "x".repeat(20));
            log.write_all(line.as_bytes()).unwrap();
        }
        let files = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap());
        let lengths: Vec<u64> = files.map(|file| file.metadata().unwrap().len()).collect();
        assert_eq!(lengths.len(), 5);
        assert!(lengths.iter().all(|length| *length <= 100), "{lengths:?}");
        let newest = std::fs::read_to_string(dir.path().join("hall.log")).unwrap();
        assert!(newest.contains("line 059"), "{newest}");
    }

    #[test]
    fn below_the_reserve_of_free_disk_nothing_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(dir.path(), 100, 5, u64::MAX).unwrap();
        log.write_all(b"a line\n").unwrap();
        assert_eq!(std::fs::read(dir.path().join("hall.log")).unwrap(), b"");
    }
}
