//! One batch as one frame of the log: how it is written, read, and found again after damage.
//!
//! ```text
//!  0  magic "EXFR"        4     20  previous digest       32
//!  4  first LSN  (BE)     8     52  body: (length u32 BE, stored record) × count
//! 12  count      (BE)     4     ..  digest of identity digest + everything above, 32
//! 16  body bytes (BE)     4
//! ```
//! A frame is whole or it is nothing: this module never returns part of one. It does not know
//! files, nor what comes before or after.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::record::{FIXED, NewRecord, PAYLOAD_MAX, Record, put_stored, stored_hash};

pub(crate) const MAGIC: [u8; 4] = *b"EXFR";
const HEAD: usize = 52;
const DIGEST: usize = 32;
/// Bytes of a frame beside its records.
pub(crate) const OVERHEAD: usize = HEAD + DIGEST;
/// The longest frame, in bytes.
pub(crate) const FRAME_MAX: usize = 8 << 20;

const FRAME_CONTEXT: &str = "examhall 2026 journal frame v1";

/// A whole frame read from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) first_lsn: u64,
    pub(crate) prev: [u8; 32],
    /// Digest of the last record.
    pub(crate) head: [u8; 32],
    pub(crate) records: Vec<Record>,
}

/// A frame ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    pub(crate) bytes: Bytes,
    pub(crate) last_lsn: u64,
    pub(crate) head: [u8; 32],
    /// The stored bytes of each record, as slices of `bytes`.
    pub(crate) stored: Vec<Bytes>,
}

/// Builds one frame, record by record.
#[derive(Debug)]
pub(crate) struct FrameBuilder {
    out: BytesMut,
    last_lsn: u64,
    head: [u8; 32],
    ends: Vec<usize>,
}

impl FrameBuilder {
    /// Begins the frame that follows the record `last_lsn` with digest `head`.
    pub(crate) fn after(last_lsn: u64, head: [u8; 32]) -> Self {
        let mut out = BytesMut::with_capacity(4096);
        out.put_slice(&MAGIC);
        out.put_u64(last_lsn + 1);
        out.put_u64(0); // count and length are known at the end
        out.put_slice(&head);
        Self {
            out,
            last_lsn,
            head,
            ends: Vec::new(),
        }
    }

    /// Adds a new record and returns the chain's head after it.
    pub(crate) fn push(&mut self, new: &NewRecord) -> [u8; 32] {
        self.last_lsn += 1;
        let stored_len = u32::try_from(FIXED + new.payload.len()).expect("payloads are bounded");
        self.out.put_u32(stored_len);
        let at = self.out.len();
        put_stored(
            &mut self.out,
            self.last_lsn,
            &self.head,
            new.hall_ms,
            new.wall_ms,
            &new.payload,
        );
        self.head = stored_hash(&self.out[at..]);
        self.ends.push(self.out.len());
        self.head
    }

    /// Bytes of the frame if it ended now.
    pub(crate) fn len(&self) -> usize {
        self.out.len() + DIGEST
    }

    pub(crate) fn finish(self, genesis: &[u8; 32]) -> Encoded {
        let Self {
            mut out,
            last_lsn,
            head,
            ends,
        } = self;
        let count = u32::try_from(ends.len()).expect("a frame is bounded");
        let length = u32::try_from(out.len() - HEAD).expect("a frame is bounded");
        out[12..16].copy_from_slice(&count.to_be_bytes());
        out[16..20].copy_from_slice(&length.to_be_bytes());
        let digest = frame_digest(genesis, &out);
        out.put_slice(&digest);
        let bytes = out.freeze();
        let mut from = HEAD;
        let stored = ends
            .into_iter()
            .map(|end| {
                let one = bytes.slice(from + 4..end);
                from = end;
                one
            })
            .collect();
        Encoded {
            bytes,
            last_lsn,
            head,
            stored,
        }
    }
}

/// Bytes that a new record takes in a frame.
pub(crate) fn room_for(new: &NewRecord) -> usize {
    4 + FIXED + new.payload.len()
}

fn frame_digest(genesis: &[u8; 32], frame: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(FRAME_CONTEXT);
    hasher.update(genesis);
    hasher.update(frame);
    *hasher.finalize().as_bytes()
}

/// Reads the frame at the start of `buf`; returns it with its length, or nothing if there is no
/// whole frame of this journal.
pub(crate) fn decode(genesis: &[u8; 32], buf: &[u8]) -> Option<(Frame, usize)> {
    let head = buf.first_chunk::<HEAD>()?;
    if head[..4] != MAGIC {
        return None;
    }
    let first_lsn = u64::from_be_bytes(head[4..12].try_into().ok()?);
    let count = u32::from_be_bytes(head[12..16].try_into().ok()?);
    let length = u32::from_be_bytes(head[16..20].try_into().ok()?) as usize;
    let prev: [u8; 32] = head[20..52].try_into().ok()?;
    if length > FRAME_MAX || first_lsn == 0 || count == 0 {
        return None;
    }
    let len = length + OVERHEAD;
    let whole = buf.get(..len)?;
    let (under_digest, digest) = whole.split_last_chunk::<DIGEST>()?;
    if frame_digest(genesis, under_digest) != *digest {
        return None;
    }
    let (records, head) = body(&under_digest[HEAD..], first_lsn, count, prev)?;
    Some((
        Frame {
            first_lsn,
            prev,
            head,
            records,
        },
        len,
    ))
}

/// Reads the records of a frame and checks that they are dense and linked.
fn body(
    mut body: &[u8],
    first_lsn: u64,
    count: u32,
    mut head: [u8; 32],
) -> Option<(Vec<Record>, [u8; 32])> {
    let mut records = Vec::new();
    for lsn in first_lsn..first_lsn.checked_add(u64::from(count))? {
        let (len, rest) = body.split_first_chunk::<4>()?;
        let len = u32::from_be_bytes(*len) as usize;
        if len > FIXED + PAYLOAD_MAX {
            return None;
        }
        let (stored, rest) = rest.split_at_checked(len)?;
        let record = Record::from_stored(stored).ok()?;
        if record.lsn != lsn || record.prev != head {
            return None;
        }
        head = stored_hash(stored);
        records.push(record);
        body = rest;
    }
    body.is_empty().then_some((records, head))
}

/// Returns where the next whole frame at or after `from` begins. Crosses bad lengths: every
/// position is tried.
pub(crate) fn find(genesis: &[u8; 32], buf: &[u8], from: usize) -> Option<usize> {
    let end = written_end(buf);
    let mut at = from;
    while at + OVERHEAD <= end {
        let step = buf[at..end].iter().position(|&b| b == MAGIC[0])?;
        at += step;
        if decode(genesis, &buf[at..]).is_some() {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// How many frame beginnings stand in `buf`, whole or not.
pub(crate) fn beginnings(buf: &[u8]) -> u64 {
    buf.windows(MAGIC.len()).filter(|w| **w == MAGIC).count() as u64
}

/// Returns the end of the last byte that is not zero.
pub(crate) fn written_end(buf: &[u8]) -> usize {
    const STEP: usize = 4096;
    static ZEROS: [u8; STEP] = [0; STEP];
    let mut end = buf.len();
    while end > 0 {
        let from = end.saturating_sub(STEP);
        let part = &buf[from..end];
        if part != &ZEROS[..part.len()] {
            return from + part.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1);
        }
        end = from;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENESIS: [u8; 32] = [3; 32];

    fn frame(records: usize) -> Encoded {
        let mut builder = FrameBuilder::after(4, [7; 32]);
        for i in 0..records {
            builder.push(&NewRecord {
                hall_ms: 10,
                wall_ms: 20,
                payload: Bytes::from(vec![u8::try_from(i).unwrap(); i]),
            });
        }
        builder.finish(&GENESIS)
    }

    #[test]
    fn a_batch_reads_back_with_its_chain() {
        let encoded = frame(5);
        let (read, len) = decode(&GENESIS, &encoded.bytes).unwrap();
        assert_eq!(len, encoded.bytes.len());
        assert_eq!((read.first_lsn, read.prev), (5, [7; 32]));
        assert_eq!(read.head, encoded.head);
        assert_eq!(read.records.len(), 5);
        for (record, stored) in read.records.iter().zip(&encoded.stored) {
            assert_eq!(record.stored(), *stored);
        }
    }

    #[test]
    fn no_flipped_bit_and_no_cut_leaves_a_frame_whole() {
        let bytes = frame(3).bytes;
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(&GENESIS, &flipped), None, "bit {bit}");
        }
        for len in 0..bytes.len() {
            assert_eq!(decode(&GENESIS, &bytes[..len]), None, "cut at {len}");
        }
    }

    #[test]
    fn a_frame_of_another_journal_is_no_frame() {
        assert_eq!(decode(&[4; 32], &frame(1).bytes), None);
    }

    #[test]
    fn the_search_crosses_a_bad_length() {
        let mut bytes = frame(2).bytes.to_vec();
        let first = bytes.len();
        bytes[18] = 0xff;
        bytes.extend_from_slice(&frame(1).bytes);
        bytes.extend_from_slice(&[0; 9000]);
        assert_eq!(find(&GENESIS, &bytes, 1), Some(first));
        assert_eq!(find(&GENESIS, &bytes, first + 1), None);
        assert_eq!(beginnings(&bytes), 2);
    }
}
