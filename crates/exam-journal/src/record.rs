//! One record: what the caller gave, its place in the order, and its link to the one before.
//!
//! The link is a digest over *stored bytes*; nothing is ever re-encoded to be checked. This module
//! does not know what a payload means and reads no clock.

use bytes::{BufMut as _, Bytes, BytesMut};

/// The longest payload one record may bear, in bytes.
pub const PAYLOAD_MAX: usize = 1 << 20;

/// The fixed part of a stored record: LSN, hall time, wall time, previous digest.
pub(crate) const FIXED: usize = 8 + 8 + 8 + 32;

const RECORD_CONTEXT: &str = "examhall 2026 journal record v1";
const IDENTITY_CONTEXT: &str = "examhall 2026 journal identity v1";

/// What stands as the previous digest of record 1: a digest of the journal's identity, so that
/// two journals' files cannot be swapped unnoticed.
pub fn genesis(identity: &str) -> [u8; 32] {
    blake3::derive_key(IDENTITY_CONTEXT, identity.as_bytes())
}

/// A record not yet in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// Hall time in milliseconds.
    pub hall_ms: i64,
    /// Wall-clock time in milliseconds since 1970 (UTC).
    pub wall_ms: i64,
    /// The caller's bytes; at most [`PAYLOAD_MAX`].
    pub payload: Bytes,
}

/// A record of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number: dense, from 1.
    pub lsn: u64,
    /// Hall time in milliseconds.
    pub hall_ms: i64,
    /// Wall-clock time in milliseconds since 1970 (UTC).
    pub wall_ms: i64,
    /// [`Record::hash`] of the record before, or [`genesis`] for the first.
    pub prev: [u8; 32],
    /// The caller's bytes.
    pub payload: Bytes,
}

/// Why stored bytes are no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// Fewer bytes than the fixed part.
    #[error("stored record of {0} bytes is too short")]
    Short(usize),
    /// More bytes than a record may have.
    #[error("stored record of {0} bytes is too long")]
    Long(usize),
    /// LSN 0 does not exist.
    #[error("stored record bears number 0")]
    NumberZero,
}

/// What an append wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// LSN of the first record of the batch.
    pub first_lsn: u64,
    /// LSN of its last record; one less than `first_lsn` if the batch was empty.
    pub last_lsn: u64,
    /// The chain's head after the batch.
    pub head: [u8; 32],
}

impl Record {
    /// Returns the digest that the next record bears as its `prev`.
    pub fn hash(&self) -> [u8; 32] {
        stored_hash(&self.stored())
    }

    /// Returns the exact bytes that both copies keep.
    pub fn stored(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(FIXED + self.payload.len());
        put_stored(
            &mut out,
            self.lsn,
            &self.prev,
            self.hall_ms,
            self.wall_ms,
            &self.payload,
        );
        out.freeze()
    }

    /// Reads a record from its stored bytes.
    pub fn from_stored(stored: &[u8]) -> Result<Self, RecordFault> {
        if stored.len() > FIXED + PAYLOAD_MAX {
            return Err(RecordFault::Long(stored.len()));
        }
        let short = RecordFault::Short(stored.len());
        let (lsn, rest) = stored.split_first_chunk().ok_or(short)?;
        let (hall, rest) = rest.split_first_chunk().ok_or(short)?;
        let (wall, rest) = rest.split_first_chunk().ok_or(short)?;
        let (prev, payload) = rest.split_first_chunk().ok_or(short)?;
        let lsn = u64::from_be_bytes(*lsn);
        if lsn == 0 {
            return Err(RecordFault::NumberZero);
        }
        Ok(Self {
            lsn,
            hall_ms: i64::from_be_bytes(*hall),
            wall_ms: i64::from_be_bytes(*wall),
            prev: *prev,
            payload: Bytes::copy_from_slice(payload),
        })
    }
}

/// The digest of a record, from its stored bytes.
pub(crate) fn stored_hash(stored: &[u8]) -> [u8; 32] {
    blake3::derive_key(RECORD_CONTEXT, stored)
}

/// Writes the stored form of a record.
pub(crate) fn put_stored(
    out: &mut BytesMut,
    lsn: u64,
    prev: &[u8; 32],
    hall_ms: i64,
    wall_ms: i64,
    payload: &[u8],
) {
    out.put_u64(lsn);
    out.put_i64(hall_ms);
    out.put_i64(wall_ms);
    out.put_slice(prev);
    out.put_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            lsn: 7,
            hall_ms: -3,
            wall_ms: 1_790_000_000_000,
            prev: [9; 32],
            payload: Bytes::from_static(b"anything"),
        }
    }

    #[test]
    fn a_record_reads_back_from_its_stored_bytes() {
        let read = Record::from_stored(&record().stored()).unwrap();
        assert_eq!(read, record());
        assert_eq!(read.hash(), record().hash());
    }

    #[test]
    fn every_field_is_under_the_digest() {
        let whole = record();
        for other in [
            Record {
                lsn: 8,
                ..whole.clone()
            },
            Record {
                hall_ms: -2,
                ..whole.clone()
            },
            Record {
                wall_ms: 0,
                ..whole.clone()
            },
            Record {
                prev: [8; 32],
                ..whole.clone()
            },
            Record {
                payload: Bytes::from_static(b"anythinG"),
                ..whole.clone()
            },
        ] {
            assert_ne!(other.hash(), whole.hash());
        }
    }

    #[test]
    fn bytes_that_are_no_record_are_named() {
        assert_eq!(Record::from_stored(&[1; 55]), Err(RecordFault::Short(55)));
        assert_eq!(Record::from_stored(&[0; 56]), Err(RecordFault::NumberZero));
        let long = vec![1; FIXED + PAYLOAD_MAX + 1];
        assert_eq!(
            Record::from_stored(&long),
            Err(RecordFault::Long(long.len()))
        );
    }
}
