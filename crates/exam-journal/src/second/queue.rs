//! The way from the log to the second copy's thread: bounded, never blocking the log.
//!
//! A batch that finds the queue full is dropped: the thread notices the hole in the numbers and
//! reads on from the log itself. Nothing here knows what a batch holds.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc::SyncSender},
    time::Duration,
};

use bytes::Bytes;

use crate::log::Head;

const BATCHES_MAX: usize = 1024;

/// Durable records on their way to the second copy.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) first_lsn: u64,
    pub(super) head: Head,
    pub(super) stored: Vec<Bytes>,
}

/// What the thread finds to do.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) batches: Vec<Batch>,
    /// A batch found no room since the last look.
    pub(super) dropped: bool,
    /// How many wait until everything durable is in the second copy and synced.
    pub(super) flushes: usize,
    /// The journal closes: finish, mark clean, end.
    pub(super) closing: bool,
    /// The second copy was given up: end at once.
    pub(super) abandoned: bool,
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    wake: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    batches: VecDeque<Batch>,
    dropped: bool,
    flushes: Vec<SyncSender<()>>,
    closing: bool,
    abandoned: bool,
}

impl Inner {
    /// Whether somebody waits for the thread.
    fn is_urgent(&self) -> bool {
        self.closing || self.abandoned || !self.flushes.is_empty()
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns false if the batch found no room and was dropped.
    pub(super) fn push(&self, batch: Batch) -> bool {
        let mut inner = self.lock();
        if inner.batches.len() >= BATCHES_MAX {
            inner.dropped = true;
            return false;
        }
        inner.batches.push_back(batch);
        drop(inner);
        self.wake.notify_one();
        true
    }

    pub(super) fn flush(&self, done: SyncSender<()>) {
        self.lock().flushes.push(done);
        self.wake.notify_one();
    }

    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.wake.notify_one();
    }

    pub(super) fn abandon(&self) {
        let mut inner = self.lock();
        inner.abandoned = true;
        inner.batches.clear();
        inner.flushes.clear();
        drop(inner);
        self.wake.notify_one();
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.lock().abandoned
    }

    /// Waits for something to do, at most `idle`.
    pub(super) fn take(&self, idle: Duration) -> Work {
        let inner = self.lock();
        let nothing = |inner: &mut Inner| inner.batches.is_empty() && !inner.is_urgent();
        let (mut inner, _) = self
            .wake
            .wait_timeout_while(inner, idle, nothing)
            .unwrap_or_else(PoisonError::into_inner);
        Work {
            batches: inner.batches.drain(..).collect(),
            dropped: std::mem::take(&mut inner.dropped),
            flushes: inner.flushes.len(),
            closing: inner.closing,
            abandoned: inner.abandoned,
        }
    }

    /// Tells the first `count` of those who wait that it is done. The others hear of it when the
    /// copy is given up, after its status says so.
    pub(super) fn answer(&self, count: usize) {
        let mut inner = self.lock();
        // Giving the copy up meanwhile has cleared them.
        let count = count.min(inner.flushes.len());
        for done in inner.flushes.drain(..count) {
            if done.try_send(()).is_err() {
                tracing::debug!("nobody waits for this flush any more");
            }
        }
    }

    /// Lets records gather for `pace`, unless somebody waits.
    pub(super) fn rest(&self, pace: Duration) {
        let inner = self.lock();
        drop(
            self.wake
                .wait_timeout_while(inner, pace, |inner| !inner.is_urgent()),
        );
    }
}
