//! What the log's side and the thread of the second copy share.
//!
//! No behaviour of either side is here, only what both must agree on.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{
    OpenStore, SecondStatus,
    marker::{self, Left, folder},
    queue::Queue,
};
use crate::{
    files::Files,
    incident::IncidentSink,
    options::{Options, ProbeCommand},
    set_aside,
};

/// What every part of the second copy needs to know.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) files: Arc<dyn Files>,
    /// The journal's folder.
    pub(crate) journal: PathBuf,
    pub(crate) genesis: [u8; 32],
    pub(crate) opener: OpenStore,
    pub(crate) probe: Option<ProbeCommand>,
    pub(crate) limit: Duration,
    pub(crate) pace: Duration,
    pub(crate) lag_max: u64,
    pub(crate) incidents: IncidentSink,
}

impl Context {
    pub(crate) fn new(
        files: Arc<dyn Files>,
        journal: PathBuf,
        genesis: [u8; 32],
        opener: OpenStore,
        options: &Options,
    ) -> Self {
        Self {
            files,
            journal,
            genesis,
            opener,
            probe: options.probe.clone(),
            limit: options.second_limit,
            pace: options.second_pace,
            lag_max: options.second_lag_max,
            incidents: options.incidents.clone(),
        }
    }

    /// Moves the attempt's folder out of the way; where to, if that worked.
    pub(super) fn set_aside(&self, number: u32) -> Option<PathBuf> {
        let from = folder(&self.journal, number);
        if !self.files.exists(&from).unwrap_or(false) {
            return None;
        }
        set_aside::take(&*self.files, &self.journal, &from, "sled").ok()
    }

    /// Notes how the copy is left. If that cannot be written the mark stays "open", which only
    /// costs a closer look next time.
    pub(super) fn mark(&self, number: u32, left: Left) {
        drop(marker::write(&*self.files, &self.journal, number, left));
    }
}

/// State shared by the log's side and one thread.
#[derive(Debug)]
pub(super) struct Shared {
    status: Mutex<SecondStatus>,
    /// Last LSN durable in the log.
    pub(super) log_lsn: AtomicU64,
    pub(super) queue: Queue,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            status: Mutex::new(SecondStatus::CatchingUp(0)),
            log_lsn: AtomicU64::new(0),
            queue: Queue::default(),
        }
    }

    pub(super) fn status(&self) -> SecondStatus {
        self.status
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sets the status unless the copy is already lost; returns whether it did.
    pub(super) fn set(&self, status: SecondStatus) -> bool {
        let mut now = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*now, SecondStatus::Lost(_)) {
            return false;
        }
        *now = status;
        true
    }

    pub(super) fn log_lsn(&self) -> u64 {
        self.log_lsn.load(Ordering::Acquire)
    }
}
