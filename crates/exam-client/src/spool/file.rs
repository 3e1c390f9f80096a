//! The spool's file: a magic line, then frames `length, body, hash`, each hash over the one before.
//!
//! A frame that is torn or changed ends the file: it and all after it are cut, and kept aside.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use exam_core::command::Holder;

use super::{Entry, Recovered, SpoolFault};

/// First bytes of a spool file of this version.
const MAGIC: &[u8; 16] = b"EXAMHALL SPOOL 1";
/// Greatest length of an entry; a longer one can only be damage.
const ENTRY_MAX: usize = 64 * 1024;
const HASH: usize = 32;
const CURRENT: &str = "current.spool";
const NEXT: &str = "next.spool";
const LOCK: &str = "LOCK";
/// Folder of the files that are no longer written.
pub const SET_ASIDE: &str = "set-aside";

/// The open spool of one seat.
#[derive(Debug)]
pub struct SpoolFile {
    dir: PathBuf,
    current: Option<Current>,
    // Held as long as the spool is open; released by the system when the process dies.
    _lock: File,
}

#[derive(Debug)]
struct Current {
    file: File,
    holder: Holder,
    chain: [u8; HASH],
}

impl SpoolFile {
    /// Opens the spool in `dir`, cutting a torn tail, and returns what it held.
    ///
    /// # Errors
    /// [`SpoolFault`] where the folder cannot be read and written, or is in use.
    pub fn open(dir: &Path) -> Result<(Self, Option<Recovered>), SpoolFault> {
        let fault = |source| SpoolFault::Folder {
            path: dir.to_owned(),
            source,
        };
        fs::create_dir_all(dir.join(SET_ASIDE)).map_err(fault)?;
        let lock = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(dir.join(LOCK))
            .map_err(fault)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => SpoolFault::InUse {
                path: dir.to_owned(),
            },
            TryLockError::Error(source) => fault(source),
        })?;
        let mut spool = Self {
            dir: dir.to_owned(),
            current: None,
            _lock: lock,
        };
        let recovered = spool.recover().map_err(fault)?;
        Ok((spool, recovered))
    }

    /// Appends entries and makes them durable. A lease of another session or epoch begins a new
    /// file; the old one is moved aside.
    ///
    /// # Errors
    /// [`SpoolFault`] where the disk fails; what was appended before stays.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), SpoolFault> {
        let mut rest = entries;
        while let Some((first, after)) = rest.split_first() {
            if let Entry::Lease { holder, .. } = first
                && self.holder() != Some(*holder)
            {
                self.begin(first, *holder).map_err(|s| self.fault(s))?;
                rest = after;
                continue;
            }
            let other = |entry: &Entry| match entry {
                Entry::Lease { holder, .. } => self.holder() != Some(*holder),
                _ => false,
            };
            let run = rest.iter().position(other).unwrap_or(rest.len());
            let (now, later) = rest.split_at(run);
            let current = self.current.as_mut().ok_or(SpoolFault::NoSession)?;
            let written = current.write(now);
            written.map_err(|source| self.fault(source))?;
            rest = later;
        }
        Ok(())
    }

    fn holder(&self) -> Option<Holder> {
        self.current.as_ref().map(|current| current.holder)
    }

    fn fault(&self, source: io::Error) -> SpoolFault {
        SpoolFault::Write {
            path: self.dir.join(CURRENT),
            source,
        }
    }

    /// Begins a new file under another name first, so that at no instant a half-made one stands
    /// where the current one is looked for.
    fn begin(&mut self, lease: &Entry, holder: Holder) -> io::Result<()> {
        let next = self.dir.join(NEXT);
        let mut file =
            private(OpenOptions::new().write(true).create(true).truncate(true)).open(&next)?;
        file.write_all(MAGIC)?;
        let mut current = Current {
            file,
            holder,
            chain: [0; HASH],
        };
        current.write(std::slice::from_ref(lease))?;
        self.set_current_aside()?;
        fs::rename(&next, self.dir.join(CURRENT))?;
        sync_dir(&self.dir)?;
        self.current = Some(current);
        Ok(())
    }

    fn set_current_aside(&mut self) -> io::Result<()> {
        let name = self.current.take().map_or_else(
            || "unreadable".to_owned(),
            |current| format!("{}-{}", current.holder.session, current.holder.epoch),
        );
        let current = self.dir.join(CURRENT);
        if current.exists() {
            fs::rename(&current, self.free_name(&name, "spool"))?;
            sync_dir(&self.dir.join(SET_ASIDE))?;
        }
        Ok(())
    }

    fn free_name(&self, stem: &str, ending: &str) -> PathBuf {
        let aside = self.dir.join(SET_ASIDE);
        let name = |number: u32| match number {
            1 => aside.join(format!("{stem}.{ending}")),
            more => aside.join(format!("{stem}.{more}.{ending}")),
        };
        let free = (1..u32::MAX).map(name).find(|path| !path.exists());
        free.unwrap_or_else(|| name(u32::MAX))
    }

    fn recover(&mut self) -> io::Result<Option<Recovered>> {
        let (current, next) = (self.dir.join(CURRENT), self.dir.join(NEXT));
        if next.exists() {
            // Killed while a new file was begun: it is whole only once it bears the name.
            if current.exists() {
                fs::rename(&next, self.free_name("unfinished", "spool"))?;
            } else {
                fs::rename(&next, &current)?;
            }
        }
        if !current.exists() {
            return Ok(None);
        }
        let bytes = fs::read(&current)?;
        let read = Read::new(&bytes);
        let Some(recovered) = Recovered::from_entries(&read.entries) else {
            self.set_current_aside()?;
            return Ok(None);
        };
        let file = OpenOptions::new().append(true).open(&current)?;
        if let Some(tail) = bytes.get(read.good..).filter(|tail| !tail.is_empty()) {
            tracing::warn!(bytes = tail.len(), "cut a torn tail off the spool");
            let mut aside = private(OpenOptions::new().write(true).create_new(true))
                .open(self.free_name(&format!("tail-{}", recovered.holder.session), "bin"))?;
            aside.write_all(tail)?;
            aside.sync_data()?;
            file.set_len(u64::try_from(read.good).unwrap_or(u64::MAX))?;
            file.sync_data()?;
        }
        self.current = Some(Current {
            file,
            holder: recovered.holder,
            chain: read.chain,
        });
        Ok(Some(recovered))
    }
}

impl Current {
    fn write(&mut self, entries: &[Entry]) -> io::Result<()> {
        let mut bytes = Vec::new();
        let mut chain = self.chain;
        for entry in entries {
            let body = entry.encode();
            chain = link(&chain, &body);
            bytes.extend_from_slice(&u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
            bytes.extend_from_slice(&body);
            bytes.extend_from_slice(&chain);
        }
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.chain = chain;
        Ok(())
    }
}

/// The good prefix of a file.
struct Read {
    entries: Vec<Entry>,
    chain: [u8; HASH],
    good: usize,
}

impl Read {
    fn new(bytes: &[u8]) -> Self {
        let mut read = Self {
            entries: Vec::new(),
            chain: [0; HASH],
            good: 0,
        };
        let Some(mut rest) = bytes.strip_prefix(MAGIC.as_slice()) else {
            return read;
        };
        read.good = MAGIC.len();
        while let Some((entry, chain, after)) = read.frame(rest) {
            read.good += rest.len() - after.len();
            read.entries.push(entry);
            read.chain = chain;
            rest = after;
        }
        read
    }

    fn frame<'a>(&self, bytes: &'a [u8]) -> Option<(Entry, [u8; HASH], &'a [u8])> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (body, rest) = rest.split_at_checked(length.min(ENTRY_MAX))?;
        let (hash, rest) = rest.split_first_chunk::<HASH>()?;
        (length <= ENTRY_MAX && link(&self.chain, body) == *hash).then_some(())?;
        Some((Entry::decode(body).ok()?, *hash, rest))
    }
}

fn link(before: &[u8; HASH], body: &[u8]) -> [u8; HASH] {
    let mut hasher = blake3::Hasher::new_derive_key("examhall 2026 spool entry v1");
    hasher.update(before);
    hasher.update(body);
    *hasher.finalize().as_bytes()
}

/// Only the kiosk's own user may read answers and lease.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Makes names durable, where a folder can be synced.
fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}
