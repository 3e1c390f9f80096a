//! The state of the simulated disk: live bytes, synced bytes, and what lies between.
//!
//! Contents are unsynced until `sync_data`, names until `sync_dir` of their folder. Folders
//! themselves survive every crash: only files' names are at stake.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
};

use crate::files::Entry;

const SECTOR: usize = 512;

/// Kinds of calls that can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Opening, reading, listing.
    Read,
    /// Writing and preallocating.
    Write,
    /// Syncing a file or a folder.
    Sync,
    /// Creating, renaming, removing.
    Name,
    /// Any of `Write`, `Sync` and `Name`.
    Change,
}

/// What a crash leaves of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// Nothing.
    LoseUnsynced,
    /// Everything: only the process died (a kill, no loss of power).
    KeepAll,
    /// Any subset of the 512-byte sectors of each unsynced write, in any order; by seed.
    KeepSectors(u64),
    /// The unsynced writes of each file in order up to some byte; by seed.
    KeepPrefix(u64),
}

#[derive(Clone)]
pub(super) struct State {
    pub(super) inodes: BTreeMap<u64, Inode>,
    pub(super) names: BTreeMap<PathBuf, u64>,
    synced_names: BTreeMap<PathBuf, u64>,
    pub(super) dirs: BTreeSet<PathBuf>,
    pub(super) free: Option<u64>,
    /// Which life of the machine this is; files opened in an earlier one are stale.
    pub(super) born: u64,
    pub(super) changes: u64,
    next_inode: u64,
    failures: Vec<Failure>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            inodes: BTreeMap::new(),
            names: BTreeMap::new(),
            synced_names: BTreeMap::new(),
            dirs: BTreeSet::from([PathBuf::new(), PathBuf::from("/")]),
            free: None,
            born: 0,
            changes: 0,
            next_inode: 0,
            failures: Vec::new(),
        }
    }
}

#[derive(Clone)]
struct Failure {
    call: Call,
    left: u64,
    kind: io::ErrorKind,
    stays: bool,
}

#[derive(Clone, Default)]
pub(super) struct Inode {
    pub(super) live: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<(usize, Vec<u8>)>,
}

impl Inode {
    pub(super) fn write(&mut self, offset: u64, data: &[u8]) {
        let at = usize::try_from(offset).expect("bounded by the test's memory");
        put(&mut self.live, at, data);
        self.unsynced.push((at, data.to_vec()));
    }

    pub(super) fn sync(&mut self) {
        for (at, data) in self.unsynced.drain(..) {
            put(&mut self.synced, at, &data);
        }
    }

    pub(super) fn flip(&mut self, offset: u64, bit: u8) -> bool {
        let Ok(at) = usize::try_from(offset) else {
            return false;
        };
        for bytes in [&mut self.live, &mut self.synced] {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << (bit % 8);
            }
        }
        at < self.live.len()
    }

    pub(super) fn truncate(&mut self, len: u64) {
        self.sync();
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        self.live.truncate(len);
        self.synced.truncate(len);
    }

    fn crash(&mut self, how: Crash, seed: u64) {
        let mut chance = Chance(seed);
        match how {
            Crash::LoseUnsynced => self.unsynced.clear(),
            Crash::KeepAll => self.sync(),
            Crash::KeepSectors(_) => {
                for (at, data) in std::mem::take(&mut self.unsynced) {
                    keep_sectors(&mut self.synced, at, &data, &mut chance);
                }
            }
            Crash::KeepPrefix(_) => {
                let all: usize = self.unsynced.iter().map(|(_, data)| data.len()).sum();
                let mut left = chance.below(all as u64 + 1);
                for (at, data) in std::mem::take(&mut self.unsynced) {
                    let part = left.min(data.len());
                    put(&mut self.synced, at, &data[..part]);
                    left -= part;
                }
            }
        }
        self.live.clone_from(&self.synced);
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, data: &[u8]) {
    if data.is_empty() {
        return;
    }
    if bytes.len() < at + data.len() {
        bytes.resize(at + data.len(), 0);
    }
    bytes[at..at + data.len()].copy_from_slice(data);
}

fn keep_sectors(bytes: &mut Vec<u8>, at: usize, data: &[u8], chance: &mut Chance) {
    let mut from = 0;
    while from < data.len() {
        let to = ((at + from) / SECTOR + 1) * SECTOR - at;
        let to = to.min(data.len());
        if chance.below(2) == 0 {
            put(bytes, at + from, &data[from..to]);
        }
        from = to;
    }
}

impl State {
    pub(super) fn inode(&mut self, path: &Path) -> Option<&mut Inode> {
        self.inodes.get_mut(self.names.get(path)?)
    }

    pub(super) fn plan_failure(&mut self, call: Call, nth: u64, kind: io::ErrorKind, stays: bool) {
        self.failures.push(Failure {
            call,
            left: nth.max(1),
            kind,
            stays,
        });
    }

    /// Counts a call and fails it if that was planned.
    pub(super) fn check(&mut self, call: Call) -> io::Result<()> {
        if call != Call::Read {
            self.changes += 1;
        }
        let mut failed = None;
        for failure in &mut self.failures {
            let matches =
                failure.call == call || (failure.call == Call::Change && call != Call::Read);
            if matches && failure.left > 0 {
                failure.left -= 1;
                if failure.left == 0 {
                    failed = Some(failure.kind);
                    failure.left = u64::from(failure.stays);
                }
            }
        }
        failed.map_or(Ok(()), |kind| Err(kind.into()))
    }

    pub(super) fn grow(&mut self, inode: &mut Inode, offset: u64, data: &[u8]) -> io::Result<()> {
        let end = offset + data.len() as u64;
        let growth = end.saturating_sub(inode.live.len() as u64);
        if let Some(free) = &mut self.free {
            *free = free.checked_sub(growth).ok_or(io::ErrorKind::StorageFull)?;
        }
        inode.write(offset, data);
        Ok(())
    }

    pub(super) fn create(&mut self, path: &Path) -> io::Result<u64> {
        if !path.parent().is_some_and(|dir| self.dirs.contains(dir)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if self.names.contains_key(path) || self.dirs.contains(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.next_inode += 1;
        self.inodes.insert(self.next_inode, Inode::default());
        self.names.insert(path.to_owned(), self.next_inode);
        Ok(self.next_inode)
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        if self.dirs.remove(from) {
            self.dirs.insert(to.to_owned());
            return Ok(());
        }
        let inode = self.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.names.insert(to.to_owned(), inode);
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        let inode = self.names.remove(path).ok_or(io::ErrorKind::NotFound)?;
        if let (Some(free), Some(inode)) = (&mut self.free, self.inodes.get(&inode)) {
            *free += inode.live.len() as u64;
        }
        Ok(())
    }

    pub(super) fn sync_names(&mut self, dir: &Path) {
        let inside = |path: &PathBuf| path.parent() == Some(dir);
        self.synced_names.retain(|path, _| !inside(path));
        let now = self.names.iter().filter(|(path, _)| inside(path));
        self.synced_names
            .extend(now.map(|(path, inode)| (path.clone(), *inode)));
    }

    pub(super) fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        if !self.dirs.contains(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let name = |path: &Path| {
            let inside = path.parent() == Some(dir);
            path.file_name()
                .and_then(|n| n.to_str())
                .filter(|_| inside)
                .map(str::to_owned)
        };
        let dirs = self.dirs.iter().filter_map(|path| {
            Some(Entry {
                name: name(path)?,
                len: 0,
                is_dir: true,
            })
        });
        let files = self.names.iter().filter_map(|(path, inode)| {
            let len = self
                .inodes
                .get(inode)
                .map_or(0, |inode| inode.live.len() as u64);
            Some(Entry {
                name: name(path)?,
                len,
                is_dir: false,
            })
        });
        let mut entries: Vec<_> = dirs.chain(files).collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    pub(super) fn crash(&mut self, how: Crash) {
        self.born += 1;
        self.failures.clear();
        let seed = match how {
            Crash::LoseUnsynced | Crash::KeepAll => 0,
            Crash::KeepSectors(seed) | Crash::KeepPrefix(seed) => seed,
        };
        let mut chance = Chance(seed);
        let keep_names = match how {
            Crash::LoseUnsynced => false,
            Crash::KeepAll => true,
            // Names travel together, as one transaction of the file system's journal.
            Crash::KeepSectors(_) | Crash::KeepPrefix(_) => chance.below(2) == 0,
        };
        if !keep_names {
            self.names = self.synced_names.clone();
        }
        self.synced_names = self.names.clone();
        for inode in self.inodes.values_mut() {
            inode.crash(how, chance.next());
        }
    }
}

/// A small generator (splitmix64); enough to choose what a crash leaves.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> usize {
        usize::try_from(self.next() % n.max(1)).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SimFiles;
    use super::*;
    use crate::files::Files as _;

    fn disk() -> (SimFiles, PathBuf) {
        let disk = SimFiles::new();
        disk.create_dir(Path::new("/d")).unwrap();
        (disk, PathBuf::from("/d/f"))
    }

    #[test]
    fn what_was_not_synced_is_lost_and_what_was_is_not() {
        let (disk, path) = disk();
        let file = disk.create_new(&path).unwrap();
        file.write_at(0, b"synced").unwrap();
        file.sync_data().unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
        file.write_at(0, b"SYNCEDtail").unwrap();
        let second = disk.create_new(Path::new("/d/g")).unwrap();
        second.sync_data().unwrap();
        disk.crash(Crash::LoseUnsynced);
        assert_eq!(disk.contents(&path).unwrap(), b"synced");
        assert_eq!(
            disk.contents(Path::new("/d/g")),
            None,
            "its folder was not synced"
        );
        assert!(file.write_at(0, b"x").is_err(), "the process is dead");
    }

    #[test]
    fn the_nth_call_fails_once_and_space_runs_out() {
        let (disk, path) = disk();
        let file = disk.create_new(&path).unwrap();
        disk.fail(Call::Sync, 2, io::ErrorKind::Other);
        assert!(file.sync_data().is_ok());
        assert!(file.sync_data().is_err());
        assert!(file.sync_data().is_ok());
        disk.set_free(Some(5));
        let full = file.preallocate(6).unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_torn_crash_is_the_same_for_the_same_seed() {
        let image = |seed| {
            let (disk, path) = disk();
            let file = disk.create_new(&path).unwrap();
            disk.sync_dir(Path::new("/d")).unwrap();
            file.write_at(0, &[7; 4000]).unwrap();
            disk.crash(Crash::KeepSectors(seed));
            disk.contents(&path).unwrap()
        };
        assert_eq!(image(5), image(5));
        assert!((0..20).any(|seed| image(seed) != image(5)));
    }
}
