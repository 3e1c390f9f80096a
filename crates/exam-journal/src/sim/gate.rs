//! A gate in front of any disk: while it is held, every sync waits.
//!
//! So a test can stand in the middle of an `fdatasync` and look at what has left the server. It
//! knows no time: it waits for events only.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use crate::files::{Access, Entry, FileHandle, Files};

/// A disk whose syncs can be held.
#[derive(Debug, Clone)]
pub struct Gate {
    inner: Arc<dyn Files>,
    turnstile: Arc<Turnstile>,
}

/// Holds the syncs until dropped or released.
#[derive(Debug)]
#[must_use = "the syncs go on when this is dropped"]
pub struct Hold {
    turnstile: Arc<Turnstile>,
}

#[derive(Debug, Default)]
struct Turnstile {
    state: Mutex<Counts>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Counts {
    holds: usize,
    waiting: usize,
    passed: u64,
}

impl Turnstile {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, condition: impl Fn(&Counts) -> bool) -> MutexGuard<'_, Counts> {
        let held = self.lock();
        self.changed
            .wait_while(held, |counts| condition(counts))
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn pass(&self) {
        self.lock().waiting += 1;
        self.changed.notify_all();
        let mut counts = self.wait_while(|counts| counts.holds > 0);
        counts.waiting -= 1;
        counts.passed += 1;
        drop(counts);
        self.changed.notify_all();
    }
}

impl Gate {
    /// Puts a gate in front of a disk; it stands open.
    pub fn before(inner: Arc<dyn Files>) -> Self {
        Self {
            inner,
            turnstile: Arc::default(),
        }
    }

    /// From now on every sync waits until the hold is dropped.
    pub fn hold(&self) -> Hold {
        self.turnstile.lock().holds += 1;
        Hold {
            turnstile: Arc::clone(&self.turnstile),
        }
    }

    /// How many syncs have passed the gate.
    pub fn passed(&self) -> u64 {
        self.turnstile.lock().passed
    }
}

impl Hold {
    /// Whether a sync is waiting at the gate now.
    pub fn is_waited_for(&self) -> bool {
        self.turnstile.lock().waiting > 0
    }

    /// Returns once a sync is waiting at the gate. Blocks the calling thread.
    pub fn wait_for_sync(&self) {
        drop(self.turnstile.wait_while(|counts| counts.waiting == 0));
    }

    /// Lets the syncs go on.
    pub fn release(self) {}
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.turnstile.lock().holds -= 1;
        self.turnstile.changed.notify_all();
    }
}

#[derive(Debug)]
struct Gated {
    inner: Box<dyn FileHandle>,
    turnstile: Arc<Turnstile>,
}

impl FileHandle for Gated {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read_at(offset, buf)
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.inner.write_at(offset, data)
    }

    fn preallocate(&self, len: u64) -> io::Result<()> {
        self.inner.preallocate(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.turnstile.pass();
        self.inner.sync_data()
    }
}

impl Files for Gate {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.inner.create_dir(dir)
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn FileHandle>> {
        let inner = self.inner.create_new(path)?;
        Ok(Box::new(Gated {
            inner,
            turnstile: Arc::clone(&self.turnstile),
        }))
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn FileHandle>> {
        let inner = self.inner.open(path, access)?;
        Ok(Box::new(Gated {
            inner,
            turnstile: Arc::clone(&self.turnstile),
        }))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.turnstile.pass();
        self.inner.sync_dir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.inner.remove(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.inner.list(dir)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        self.inner.exists(path)
    }

    fn free_space(&self, dir: &Path) -> io::Result<u64> {
        self.inner.free_space(dir)
    }

    fn host_path(&self, dir: &Path) -> Option<PathBuf> {
        self.inner.host_path(dir)
    }
}
