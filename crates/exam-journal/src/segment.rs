//! The header of a segment file, and the names of segment files.
//!
//! ```text
//!  0  magic "EXAMHLOG"   8    56  identity digest      32
//!  8  FORMAT      (BE)   4    88  segment bytes (BE)    8
//! 12  number      (BE)   4    96  digest of 0..96      32
//! 16  first LSN   (BE)   8   128  frames
//! 24  previous digest   32
//! ```
//! A segment whose header is all zero is a prepared one, not yet used: header and first frame are
//! written together. The place of the magic, the format number and the digest never changes, so
//! that a later format is refused by name. This module opens no file.

/// The format of segment files, in every segment's header.
pub const FORMAT: u32 = 1;

pub(crate) const HEADER: usize = 128;
const MAGIC: [u8; 8] = *b"EXAMHLOG";
const HEADER_CONTEXT: &str = "examhall 2026 journal segment v1";

/// What a segment says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) number: u32,
    pub(crate) first_lsn: u64,
    /// The chain's head before `first_lsn`.
    pub(crate) prev: [u8; 32],
    pub(crate) genesis: [u8; 32],
    /// Length of the file when it was prepared.
    pub(crate) bytes: u64,
}

/// What stands where a header should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Whole(Header),
    /// Prepared, not yet used.
    Zero,
    Damaged,
    /// Whole, but of another format.
    OtherFormat(u32),
}

impl Header {
    pub(crate) fn encode(&self) -> [u8; HEADER] {
        let mut out = [0; HEADER];
        out[..8].copy_from_slice(&MAGIC);
        out[8..12].copy_from_slice(&FORMAT.to_be_bytes());
        out[12..16].copy_from_slice(&self.number.to_be_bytes());
        out[16..24].copy_from_slice(&self.first_lsn.to_be_bytes());
        out[24..56].copy_from_slice(&self.prev);
        out[56..88].copy_from_slice(&self.genesis);
        out[88..96].copy_from_slice(&self.bytes.to_be_bytes());
        let digest = blake3::derive_key(HEADER_CONTEXT, &out[..96]);
        out[96..].copy_from_slice(&digest);
        out
    }

    pub(crate) fn find(segment: &[u8]) -> Found {
        let Some(raw) = segment.first_chunk::<HEADER>() else {
            return if segment.iter().all(|&b| b == 0) {
                Found::Zero
            } else {
                Found::Damaged
            };
        };
        if *raw == [0; HEADER] {
            return Found::Zero;
        }
        read(raw).unwrap_or(Found::Damaged)
    }
}

fn read(raw: &[u8; HEADER]) -> Option<Found> {
    if raw[..8] != MAGIC || raw[96..] != blake3::derive_key(HEADER_CONTEXT, &raw[..96]) {
        return None;
    }
    let format = u32::from_be_bytes(raw[8..12].try_into().ok()?);
    if format != FORMAT {
        return Some(Found::OtherFormat(format));
    }
    Some(Found::Whole(Header {
        number: u32::from_be_bytes(raw[12..16].try_into().ok()?),
        first_lsn: u64::from_be_bytes(raw[16..24].try_into().ok()?),
        prev: raw[24..56].try_into().ok()?,
        genesis: raw[56..88].try_into().ok()?,
        bytes: u64::from_be_bytes(raw[88..96].try_into().ok()?),
    }))
}

/// What a file of the log folder is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `00000001.seg`: frames in order of writing.
    Segment,
    /// `00000001.fix`: frames taken from the second copy to fill a hole.
    Fix,
    /// `00000001.seg.new`: being prepared when the process ended; never held a record.
    Unfinished,
}

pub(crate) fn name(kind: Kind, number: u32) -> String {
    match kind {
        Kind::Segment => format!("{number:08}.seg"),
        Kind::Fix => format!("{number:08}.fix"),
        Kind::Unfinished => format!("{number:08}.seg.new"),
    }
}

/// Reads a file name of the log folder; a foreign one is nothing.
pub(crate) fn parse_name(file: &str) -> Option<(Kind, u32)> {
    let (stem, ending) = file.split_once('.')?;
    let kind = match ending {
        "seg" => Kind::Segment,
        "fix" => Kind::Fix,
        "seg.new" | "fix.new" => Kind::Unfinished,
        _ => return None,
    };
    Some((kind, stem.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Header = Header {
        number: 3,
        first_lsn: 99,
        prev: [1; 32],
        genesis: [2; 32],
        bytes: 4096,
    };

    #[test]
    fn a_header_reads_back_and_no_flipped_bit_passes() {
        let raw = WHOLE.encode();
        assert_eq!(Header::find(&raw), Found::Whole(WHOLE));
        for bit in 0..HEADER * 8 {
            let mut flipped = raw;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::find(&flipped), Found::Damaged, "bit {bit}");
        }
        assert_eq!(Header::find(&[0; 500]), Found::Zero);
        assert_eq!(Header::find(&[0, 0, 1]), Found::Damaged);
    }

    #[test]
    fn a_later_format_is_named() {
        let mut raw = WHOLE.encode();
        raw[11] = 9;
        let digest = blake3::derive_key(HEADER_CONTEXT, &raw[..96]);
        raw[96..].copy_from_slice(&digest);
        assert_eq!(Header::find(&raw), Found::OtherFormat(9));
    }

    #[test]
    fn names_read_back() {
        for kind in [Kind::Segment, Kind::Fix, Kind::Unfinished] {
            assert_eq!(parse_name(&name(kind, 12)), Some((kind, 12)));
        }
        assert_eq!(parse_name("notes.txt"), None);
    }
}
