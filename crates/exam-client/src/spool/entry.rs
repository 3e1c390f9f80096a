//! One entry of the spool, and its bytes.
//!
//! Item and option ids, numbers and times: no stem, no key, no name. The bodies are the wire's own
//! messages, so that what was spooled is what is sent.

use exam_core::command::Holder;
use exam_core::{BootId, ItemId, Made, Note, Revision, Seq};
use exam_proto::Malformed;
use exam_proto::delivery as wire;
use prost::Message as _;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// This seat holds a session; the first entry of every file.
    Lease {
        /// The session, the lease and its epoch.
        holder: Holder,
        /// The machine's boot.
        boot: BootId,
    },
    /// A response changed.
    Revision(Revision),
    /// Flag or strike-outs changed.
    Note(Note),
    /// The candidate is at this item.
    Position(ItemId),
    /// The seat locked itself at the own end.
    Locked {
        /// The last revision made.
        last: Seq,
    },
    /// The candidate handed in.
    HandedIn {
        /// The last revision made.
        last: Seq,
        /// When the key was pressed.
        pressed: Made,
    },
    /// The hall said the paper stays open after all.
    Resumed,
}

const LEASE: u8 = 1;
const REVISION: u8 = 2;
const NOTE: u8 = 3;
const POSITION: u8 = 4;
const LOCKED: u8 = 5;
const HANDED_IN: u8 = 6;
const RESUMED: u8 = 7;

impl Entry {
    /// Returns the entry's bytes: one byte that says what it is, then its body.
    pub fn encode(&self) -> Vec<u8> {
        let (tag, body) = match self {
            Self::Lease { holder, boot } => {
                let hello = wire::Hello {
                    boot: bytes::Bytes::copy_from_slice(&boot.0),
                    holder: Some(holder.into()),
                    ..wire::Hello::default()
                };
                (LEASE, hello.encode_to_vec())
            }
            Self::Revision(revision) => (REVISION, wire::Revision::from(revision).encode_to_vec()),
            Self::Note(note) => (NOTE, wire::Note::from(note).encode_to_vec()),
            Self::Position(item) => (POSITION, item.as_str().as_bytes().to_vec()),
            Self::Locked { last } => (LOCKED, last.0.to_le_bytes().to_vec()),
            Self::HandedIn { last, pressed } => {
                let hand_in = wire::HandIn {
                    holder: None,
                    last: last.0,
                    pressed: Some(pressed.into()),
                };
                (HANDED_IN, hand_in.encode_to_vec())
            }
            Self::Resumed => (RESUMED, Vec::new()),
        };
        let mut bytes = Vec::with_capacity(body.len() + 1);
        bytes.push(tag);
        bytes.extend_from_slice(&body);
        bytes
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are no entry of this version.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let Some((tag, body)) = bytes.split_first() else {
            return Err(Malformed("the entry is empty".to_owned()));
        };
        let bad = |what: &str| Malformed(format!("spool entry: {what}"));
        let wire_bad = |error: prost::DecodeError| Malformed(format!("spool entry: {error}"));
        Ok(match *tag {
            LEASE => {
                let hello = wire::Hello::decode(body).map_err(wire_bad)?;
                let holder = hello.holder.as_ref().ok_or_else(|| bad("no holder"))?;
                Self::Lease {
                    holder: holder.try_into()?,
                    boot: BootId::try_from(hello.boot.as_ref())?,
                }
            }
            REVISION => {
                let revision = wire::Revision::decode(body).map_err(wire_bad)?;
                Self::Revision((&revision).try_into()?)
            }
            NOTE => Self::Note((&wire::Note::decode(body).map_err(wire_bad)?).try_into()?),
            POSITION => {
                let text = std::str::from_utf8(body).map_err(|_bytes| bad("no item id"))?;
                Self::Position(ItemId::new(text)?)
            }
            LOCKED => {
                let last = <[u8; 4]>::try_from(body).map_err(|_length| bad("no number"))?;
                Self::Locked {
                    last: Seq(u32::from_le_bytes(last)),
                }
            }
            HANDED_IN => {
                let hand_in = wire::HandIn::decode(body).map_err(wire_bad)?;
                let pressed = hand_in.pressed.as_ref().ok_or_else(|| bad("no time"))?;
                Self::HandedIn {
                    last: Seq(hand_in.last),
                    pressed: pressed.try_into()?,
                }
            }
            RESUMED => Self::Resumed,
            other => return Err(bad(&format!("kind {other} is not of this version"))),
        })
    }
}
