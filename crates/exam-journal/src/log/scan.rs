//! What reading a log needs and yields, and which files it reads.
//!
//! `log/walk.rs` does the reading.

use std::path::Path;

use super::Head;
use crate::{
    fault::JournalFault,
    files::{Access, Files, read_all},
    frame,
    incident::{Lost, SpanOfBytes},
    record::Record,
    segment::{FORMAT, Found, HEADER, Header, Kind, parse_name},
};

/// What is scanned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan<'a> {
    pub(crate) files: &'a dyn Files,
    /// The log's own folder.
    pub(crate) dir: &'a Path,
    pub(crate) genesis: [u8; 32],
    /// First LSN of interest.
    pub(crate) from: u64,
    pub(crate) depth: Depth,
}

/// How much of the prepared, unused space is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// One segment beyond the last used one: as far as one unfinished frame can reach.
    Opening,
    /// Every byte.
    Full,
}

/// Missing records between two good ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// Digest of the record before the hole.
    pub(crate) before: [u8; 32],
    /// What the record after the hole bears as its `prev`.
    pub(crate) next_prev: [u8; 32],
    pub(crate) spans: Vec<SpanOfBytes>,
}

/// What a scan comes across, in order.
#[derive(Debug)]
pub(crate) enum Seen {
    Record(Record),
    /// Damaged bytes with something good after them, and the records that were in them. Those
    /// that a `.fix` file has follow as records; what is missing follows as a gap.
    Damage {
        spans: Vec<SpanOfBytes>,
        records: Option<Lost>,
    },
    Gap(Gap),
}

/// The end of a log.
#[derive(Debug, Clone)]
pub(crate) struct End {
    pub(crate) head: Head,
    /// Segment of the last good frame, and where that frame ends.
    pub(crate) place: Option<(u32, u64)>,
    /// Prepared segments after it, in order.
    pub(crate) spares: Vec<u32>,
    pub(crate) last_number: u32,
    pub(crate) frames: u64,
    pub(crate) tail: Option<Tail>,
    /// Names of files whose preparation was not finished.
    pub(crate) unfinished: Vec<String>,
}

/// Bytes after the last good frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tail {
    /// Segment number, first byte, end.
    pub(crate) cuts: Vec<(u32, u64, u64)>,
    /// Frame beginnings seen in it; more than one is more than a crash explains.
    pub(crate) frames: u64,
}

impl Tail {
    pub(crate) fn bytes(&self) -> u64 {
        self.cuts.iter().map(|(_, from, to)| to - from).sum()
    }
}

#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: u32,
    pub(super) found: Found,
}

/// The files of a log folder, in order.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) segments: Vec<Segment>,
    pub(super) unfinished: Vec<String>,
}

impl Names {
    pub(super) fn read(what: Scan<'_>) -> Result<Self, JournalFault> {
        let entries = what
            .files
            .list(what.dir)
            .map_err(JournalFault::io("list", what.dir))?;
        let mut names = Self {
            segments: Vec::new(),
            unfinished: Vec::new(),
        };
        for entry in entries {
            match parse_name(&entry.name) {
                Some((Kind::Segment, number)) => {
                    let path = what.dir.join(&entry.name);
                    let found = check(header_of(what.files, &path)?, &path, &what.genesis)?;
                    names.segments.push(Segment { number, found });
                }
                Some((Kind::Unfinished, _)) => names.unfinished.push(entry.name),
                Some((Kind::Fix, _)) | None => {}
            }
        }
        names.segments.sort_by_key(|segment| segment.number);
        Ok(names)
    }

    /// Index of the segment to begin with so that `from` is in sight.
    pub(super) fn start(&self, from: u64) -> usize {
        let holds = |segment: &Segment| match segment.found {
            Found::Whole(header) => header.first_lsn <= from && header.first_lsn > 0,
            _ => false,
        };
        self.segments.iter().rposition(holds).unwrap_or(0)
    }
}

fn header_of(files: &dyn Files, path: &Path) -> Result<Found, JournalFault> {
    let read = || {
        let mut raw = [0; HEADER];
        let n = files.open(path, Access::Read)?.read_at(0, &mut raw)?;
        Ok(Header::find(&raw[..n]))
    };
    read().map_err(JournalFault::io("read", path))
}

fn check(found: Found, path: &Path, genesis: &[u8; 32]) -> Result<Found, JournalFault> {
    match found {
        Found::OtherFormat(found) => Err(JournalFault::Format {
            path: path.to_owned(),
            found,
            known: FORMAT,
        }),
        Found::Whole(header) if header.genesis != *genesis => Err(JournalFault::OtherJournal {
            path: path.to_owned(),
        }),
        Found::Whole(_) | Found::Zero | Found::Damaged => Ok(found),
    }
}

/// The identity digest that a log itself bears: from the first whole header, else from the first
/// frame of the first segment.
pub(crate) fn genesis_on_disk(
    files: &dyn Files,
    dir: &Path,
) -> Result<Option<[u8; 32]>, JournalFault> {
    let mut guess = None;
    for entry in files.list(dir).map_err(JournalFault::io("list", dir))? {
        let Some((Kind::Segment, _)) = parse_name(&entry.name) else {
            continue;
        };
        let path = dir.join(&entry.name);
        match header_of(files, &path)? {
            Found::Whole(header) => return Ok(Some(header.genesis)),
            Found::OtherFormat(found) => {
                return Err(JournalFault::Format {
                    path,
                    found,
                    known: FORMAT,
                });
            }
            Found::Damaged if guess.is_none() => {
                let raw = read_all(files, &path).map_err(JournalFault::io("read", &path))?;
                let prev = raw
                    .get(HEADER + 20..HEADER + 52)
                    .and_then(|p| p.try_into().ok());
                guess = prev.filter(|_| raw[HEADER..].starts_with(&frame::MAGIC));
            }
            Found::Damaged | Found::Zero => {}
        }
    }
    Ok(guess)
}
