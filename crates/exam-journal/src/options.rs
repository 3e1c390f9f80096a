//! How a journal is opened.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use crate::incident::IncidentSink;

/// Whether a second copy follows the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondCopy {
    /// Sled follows behind, and repairs the log at opening.
    On,
    /// The log alone. A simulated disk has no second copy in any case.
    Off,
}

/// A command that opens a second copy in a process of its own, so that a damaged one can take
/// down nothing else. The folder is added as the last argument; the command calls
/// [`crate::probe`] on it and exits with [`crate::Probe::exit_code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments before the folder.
    pub args: Vec<OsString>,
}

/// Options of a journal.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who this journal is, for instance `sitting 2026-11-07-a`. A log of another identity is
    /// refused. Never a person's name or number.
    pub identity: String,
    /// Length of a segment file in bytes. The longest batch must fit.
    pub segment_bytes: u64,
    /// W7: bytes of log to be prepared before the journal counts as open.
    pub reserve_bytes: u64,
    /// Whether a second copy follows.
    pub second_copy: SecondCopy,
    /// How long opening waits for the second copy in all before going on without it.
    pub second_limit: Duration,
    /// How long the second copy gathers records between two syncs.
    pub second_pace: Duration,
    /// Records the second copy may be behind before it is given up until the next opening.
    pub second_lag_max: u64,
    /// How a second copy that was not closed cleanly is looked at first; without it, it is opened
    /// in its own thread only.
    pub probe: Option<ProbeCommand>,
    /// Where incidents go.
    pub incidents: IncidentSink,
}

impl Options {
    /// Options with the usual figures for a journal of this identity.
    pub fn new(identity: impl Into<String>) -> Self {
        Self {
            identity: identity.into(),
            segment_bytes: 16 << 20,
            reserve_bytes: 0,
            second_copy: SecondCopy::On,
            second_limit: Duration::from_secs(5),
            second_pace: Duration::from_millis(20),
            second_lag_max: 500_000,
            probe: None,
            incidents: IncidentSink::default(),
        }
    }

    /// The same without a second copy.
    #[must_use]
    pub fn without_second_copy(mut self) -> Self {
        self.second_copy = SecondCopy::Off;
        self
    }
}
