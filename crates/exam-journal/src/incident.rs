//! What a journal has to tell people: typed, raised once, never a reason to stop.
//!
//! Texts for people are the caller's; this module only names what happened.

use std::{fmt, path::PathBuf, sync::Arc};

/// Records that neither copy has. What they touched cannot be served as whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lost {
    /// First missing LSN.
    pub first: u64,
    /// Last missing LSN.
    pub last: u64,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..={}", self.first, self.last)
    }
}

/// A stretch of bytes in a file of the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpanOfBytes {
    /// File name in the log folder.
    pub file: String,
    /// First byte.
    pub offset: u64,
    /// How many bytes.
    pub len: u64,
}

impl fmt::Display for SpanOfBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes {}+{}", self.file, self.offset, self.len)
    }
}

/// Something that happened to a copy of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incident {
    /// The log had lost its last records; they were appended again from the second copy.
    LogWasBehind {
        /// The records that came back.
        recovered: Lost,
    },
    /// Bytes of the log are damaged. They stay as they are.
    LogDamaged {
        /// Where.
        spans: Vec<SpanOfBytes>,
        /// Records that were in them, if any were.
        records: Option<Lost>,
    },
    /// Damaged records were taken from the second copy.
    LogRepaired {
        /// Which.
        records: Lost,
    },
    /// Records that neither copy has.
    RecordsLost(Lost),
    /// More than one unfinished frame stood at the end of the log: more was lost than a crash
    /// alone explains. The bytes are kept aside.
    TailTooLong {
        /// Frame beginnings seen in it.
        frames: u64,
        /// Bytes set aside.
        bytes: u64,
    },
    /// The second copy holds other bytes than the log from this LSN on; the log won.
    SecondCopyDiffers {
        /// First differing LSN, as far as known.
        lsn: u64,
        /// Where the second copy's own records are kept, once they are.
        kept_in: Option<PathBuf>,
    },
    /// The second copy was set aside and is being built anew behind.
    SecondCopySetAside {
        /// Why.
        why: String,
        /// Where it is kept, if it could be moved.
        kept_in: Option<PathBuf>,
    },
    /// The second copy is lost until the journal is opened again; the log goes on alone.
    SecondCopyLost {
        /// Why.
        why: String,
    },
    /// The second copy could not keep up for a while; it will read on from the log.
    SecondCopyLags {
        /// Records behind.
        behind: u64,
    },
    /// The next segment could not be prepared ahead of need.
    SegmentNotPrepared {
        /// Why.
        why: String,
    },
}

/// Where incidents go: a callback that must not block.
#[derive(Clone)]
pub struct IncidentSink(Arc<dyn Fn(Incident) + Send + Sync>);

impl IncidentSink {
    /// Calls `sink` with every incident, from whichever thread it happens on.
    pub fn new(sink: impl Fn(Incident) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// Raises an incident; it also goes to the technical log.
    pub(crate) fn raise(&self, incident: Incident) {
        tracing::warn!(?incident, "journal incident");
        (self.0)(incident);
    }
}

impl Default for IncidentSink {
    fn default() -> Self {
        Self::new(|_| ())
    }
}

impl fmt::Debug for IncidentSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IncidentSink")
    }
}
