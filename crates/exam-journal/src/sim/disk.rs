//! The state of the simulated disk: live bytes, synced bytes, and what lies between.
//!
//! Contents are unsynced until `sync_data`, names of files and folders until `sync_dir` of the
//! folder they stand in.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
};

use super::inode::{Chance, Inode};
use crate::files::Entry;

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
    synced_dirs: BTreeSet<PathBuf>,
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
            dirs: roots(),
            synced_dirs: roots(),
            free: None,
            born: 0,
            changes: 0,
            next_inode: 0,
            failures: Vec::new(),
        }
    }
}

fn roots() -> BTreeSet<PathBuf> {
    ["", ".", "/"].map(PathBuf::from).into()
}

#[derive(Clone)]
struct Failure {
    call: Call,
    left: u64,
    kind: io::ErrorKind,
    stays: bool,
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
        self.synced_dirs.retain(|path| !inside(path));
        self.synced_dirs
            .extend(self.dirs.iter().filter(|path| inside(path)).cloned());
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
            self.dirs = self.synced_dirs.clone();
            self.names = self.synced_names.clone();
            // What stands in a folder that is gone is gone with it.
            let dirs = &self.dirs;
            let stands = |path: &Path| path.ancestors().skip(1).all(|dir| dirs.contains(dir));
            self.names.retain(|path, _| stands(path));
            self.dirs = dirs.iter().filter(|dir| stands(dir)).cloned().collect();
        }
        self.synced_dirs = self.dirs.clone();
        self.synced_names = self.names.clone();
        for inode in self.inodes.values_mut() {
            inode.crash(how, chance.next());
        }
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
        disk.sync_dir(Path::new("/")).unwrap();
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
