//! What can be wrong with the bytes of a record. Each stops the reader: a record is never skipped
//! and never half understood.

use exam_core::ids::BadId;

/// A record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// The bytes are not protobuf.
    #[error("the record is not protobuf")]
    NotProtobuf(#[source] prost::DecodeError),
    /// The record has no bytes at all.
    #[error("the record is empty")]
    Empty,
    /// A later program wrote an event that this one does not know.
    #[error("the record is event {field}, which this version does not know")]
    UnknownEvent {
        /// The number of the event in the format.
        field: u32,
    },
    /// The record holds more than this program understands, or was written another way.
    #[error("only {understood} of the record's {stored} bytes are understood")]
    NotUnderstood {
        /// Bytes that make up what was understood.
        understood: usize,
        /// Bytes of the record.
        stored: usize,
    },
    /// Something that must be there is not.
    #[error("the record has no {what}")]
    Missing {
        /// What is missing.
        what: &'static str,
    },
    /// A word of a closed list that this program does not know.
    #[error("{value} is no {what} this version knows")]
    UnknownWord {
        /// The list.
        what: &'static str,
        /// The word's number.
        value: i32,
    },
    /// A number outside its range.
    #[error("{value} is out of range for the {what}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// The number.
        value: u32,
    },
    /// A name or an id breaks its rule.
    #[error("the record holds a name that is none")]
    BadName(#[from] BadId),
}

impl RecordFault {
    /// Names what an undecodable record holds, by the number of its first field.
    pub(crate) fn unknown_event(stored: &[u8]) -> Self {
        match first_field(stored) {
            Some(field) => Self::UnknownEvent { field },
            None => Self::Empty,
        }
    }

    /// Says whether all that was stored was understood: what was understood must be as long as
    /// what was stored, or something was dropped.
    pub(crate) fn unless_whole(understood: usize, stored: usize) -> Result<(), Self> {
        if understood == stored {
            Ok(())
        } else {
            Err(Self::NotUnderstood { understood, stored })
        }
    }
}

/// Returns the field number of the first key: a varint whose low three bits are the wire type.
fn first_field(stored: &[u8]) -> Option<u32> {
    let mut key = 0_u64;
    for (index, byte) in stored.iter().take(5).enumerate() {
        key |= u64::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return u32::try_from(key >> 3).ok();
        }
    }
    None
}
