//! Bytes in, bytes out: frames, chain, replay, repair, audit.
//!
//! A journal is a dense, chained sequence of records kept twice: in **the log** (preallocated
//! segment files; an append returns only after the log's `fdatasync`) and, behind it, in **the
//! second copy** (sled). Each repairs the other when the journal is opened; the second copy can
//! never stop a hall. `README.md` beside this crate shows the files byte by byte.
//!
//! Deliberately absent: the meaning of a record (payloads are opaque bytes), any encoding of
//! events, time (both times of a record are the caller's), sockets, locks on the folder (the
//! server's `LOCK` covers the whole data folder), deletion or reuse of anything ever written.
#![warn(missing_docs)]

mod audit;
mod disk;
mod fault;
mod files;
mod frame;
mod incident;
mod journal;
#[cfg(test)]
mod laws;
mod log;
mod options;
mod record;
mod second;
mod segment;
mod set_aside;
pub mod sim;
#[cfg(test)]
mod testing;

pub use audit::{AuditReport, SecondState, audit, audit_with, read_records};
pub use disk::{Disk, JournalId, JournalStatus};
pub use fault::JournalFault;
pub use files::{Access, Entry, FileHandle, Files, RealFiles};
pub use incident::{Incident, IncidentSink, Lost, SpanOfBytes};
pub use journal::{Closed, Journal, Opened, OpeningReport, TornTail};
pub use options::{Options, ProbeCommand, SecondCopy};
pub use record::{Appended, NewRecord, PAYLOAD_MAX, Record, RecordFault, genesis};
pub use second::{Probe, SecondStatus, may_panic, probe};
pub use segment::FORMAT;
