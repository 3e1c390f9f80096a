//! A disk in memory that behaves like a bad one, for this crate's tests and the hall's.
//!
//! [`SimFiles`] keeps what was written apart from what was synced: [`SimFiles::crash`] throws the
//! difference away, wholly or in part, torn at sectors or bytes; bits can be flipped, calls made
//! to fail, space to run out. [`Gate`] holds syncs of any disk, a real one too, until released.
//! Everything is drawn from seeds; there is no clock here and no entropy.
//!
//! Not simulated: reads that lie once and not twice, misdirected writes, sled's own files.

mod disk;
mod gate;
mod inode;

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::files::{Access, Entry, FileHandle, Files};

use disk::State;
pub use disk::{Call, Crash};
pub use gate::{Gate, Hold};
use inode::Inode;

/// A simulated disk. Clones are the same disk.
#[derive(Clone, Default)]
pub struct SimFiles {
    state: Arc<Mutex<State>>,
}

impl fmt::Debug for SimFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("SimFiles")
            .field("names", &state.names)
            .field("changes", &state.changes)
            .finish_non_exhaustive()
    }
}

impl SimFiles {
    /// An empty disk with endless space.
    pub fn new() -> Self {
        Self::default()
    }

    /// An independent copy of the disk as it is now; files open on the old one stay there.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self {
            state: Arc::new(Mutex::new(self.lock().clone())),
        }
    }

    /// Power fails: what was not synced is lost in the given way, every open file goes stale,
    /// planned failures are over.
    pub fn crash(&self, how: Crash) {
        self.lock().crash(how);
    }

    /// Flips one bit of what is on the disk (synced or not). Returns false if the file is shorter.
    pub fn flip(&self, path: &Path, offset: u64, bit: u8) -> bool {
        self.lock()
            .inode(path)
            .is_some_and(|inode| inode.flip(offset, bit))
    }

    /// Cuts a file to `len` bytes, on the disk too.
    pub fn truncate(&self, path: &Path, len: u64) {
        if let Some(inode) = self.lock().inode(path) {
            inode.truncate(len);
        }
    }

    /// Returns what a reader would see of a file now.
    pub fn contents(&self, path: &Path) -> Option<Vec<u8>> {
        self.lock().inode(path).map(|inode| inode.live.clone())
    }

    /// Lets the `nth` call from now (1 = the next) that matches fail with this kind of error,
    /// once. A failing write leaves a part of itself behind.
    pub fn fail(&self, call: Call, nth: u64, kind: io::ErrorKind) {
        self.lock().plan_failure(call, nth, kind, false);
    }

    /// As [`SimFiles::fail`], and every matching call after it, until the next crash.
    pub fn fail_from(&self, call: Call, nth: u64, kind: io::ErrorKind) {
        self.lock().plan_failure(call, nth, kind, true);
    }

    /// How many changing calls (all but reading) were made so far.
    pub fn calls(&self) -> u64 {
        self.lock().changes
    }

    /// Sets the space left, in bytes: growing files use it up. `None` is endless.
    pub fn set_free(&self, bytes: Option<u64>) {
        self.lock().free = bytes;
    }

    /// The space left, in bytes; `u64::MAX` if endless.
    pub fn free_left(&self) -> u64 {
        self.lock().free.unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, inode: u64, born: u64) -> Box<dyn FileHandle> {
        Box::new(SimFile {
            disk: self.clone(),
            inode,
            born,
        })
    }
}

#[derive(Debug)]
struct SimFile {
    disk: SimFiles,
    inode: u64,
    born: u64,
}

impl SimFile {
    fn with<T>(
        &self,
        call: Call,
        then: impl FnOnce(&mut State, &mut Inode) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.disk.lock();
        if state.born != self.born {
            return Err(io::Error::other("file was opened before the crash"));
        }
        let failing = state.check(call);
        let mut inode = state
            .inodes
            .remove(&self.inode)
            .ok_or(io::ErrorKind::NotFound)?;
        let result = match failing {
            Ok(()) => then(&mut state, &mut inode),
            Err(e) => Err(e),
        };
        state.inodes.insert(self.inode, inode);
        result
    }
}

impl FileHandle for SimFile {
    fn len(&self) -> io::Result<u64> {
        self.with(Call::Read, |_, inode| Ok(inode.live.len() as u64))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.with(Call::Read, |_, inode| {
            let from =
                usize::try_from(offset).map_or(inode.live.len(), |o| o.min(inode.live.len()));
            let part = buf.len().min(inode.live.len() - from);
            buf[..part].copy_from_slice(&inode.live[from..from + part]);
            Ok(part)
        })
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let done = self.with(Call::Write, |state, inode| state.grow(inode, offset, data));
        if done.is_err() && !data.is_empty() {
            // What a failed write left behind is anybody's guess; here it is its first half.
            let mut state = self.disk.lock();
            if let Some(inode) = state.inodes.get_mut(&self.inode) {
                let end = usize::try_from(offset)
                    .unwrap_or(usize::MAX)
                    .saturating_add(data.len());
                if end <= inode.live.len() {
                    inode.write(offset, &data[..data.len() / 2]);
                }
            }
        }
        done
    }

    fn preallocate(&self, len: u64) -> io::Result<()> {
        self.with(Call::Write, |state, inode| {
            let missing = len.saturating_sub(inode.live.len() as u64);
            let zeros = vec![0; usize::try_from(missing).or(Err(io::ErrorKind::StorageFull))?];
            state.grow(inode, inode.live.len() as u64, &zeros)
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        self.with(Call::Sync, |_, inode| {
            inode.sync();
            Ok(())
        })
    }
}

impl Files for SimFiles {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.check(Call::Name)?;
        state.dirs.extend(dir.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn FileHandle>> {
        let mut state = self.lock();
        state.check(Call::Name)?;
        let inode = state.create(path)?;
        Ok(self.handle(inode, state.born))
    }

    fn open(&self, path: &Path, _access: Access) -> io::Result<Box<dyn FileHandle>> {
        let mut state = self.lock();
        state.check(Call::Read)?;
        let inode = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(self.handle(inode, state.born))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.check(Call::Sync)?;
        state.sync_names(dir);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.check(Call::Name)?;
        state.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.check(Call::Name)?;
        state.remove(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let mut state = self.lock();
        state.check(Call::Read)?;
        state.list(dir)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        let mut state = self.lock();
        state.check(Call::Read)?;
        Ok(state.dirs.contains(path) || state.names.contains_key(path))
    }

    fn free_space(&self, _dir: &Path) -> io::Result<u64> {
        Ok(self.free_left())
    }

    fn host_path(&self, _dir: &Path) -> Option<PathBuf> {
        None
    }
}
