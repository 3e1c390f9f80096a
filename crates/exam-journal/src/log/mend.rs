//! Holes of a log filled with records from elsewhere, as far as these link to both edges.
//!
//! A hole is mended in a file of its own (`.fix`): damaged bytes stay where they are as evidence,
//! and no segment is ever rewritten. Where the candidates come from is the caller's business.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use bytes::{BufMut as _, BytesMut};

use super::Gap;
use crate::{
    fault::JournalFault,
    files::{Files, replace_durably},
    frame::FrameBuilder,
    record::{NewRecord, Record},
    segment::{HEADER, Header, Kind, name, parse_name},
};

/// What became of a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mended {
    /// Records that link to the record before the hole, in order.
    pub(crate) left: Vec<Record>,
    /// The hole that remains.
    pub(crate) rest: Option<Gap>,
    /// Records that link to the record after the hole, in order.
    pub(crate) right: Vec<Record>,
}

/// Fills a hole with candidates, each of which must link.
pub(crate) fn mend(gap: Gap, candidates: &mut BTreeMap<u64, Record>) -> Mended {
    let mut rest = gap;
    let mut left = Vec::new();
    while rest.first <= rest.last
        && let Some(record) = candidates.remove(&rest.first)
    {
        let hash = record.hash();
        let closes = rest.first < rest.last || hash == rest.next_prev;
        if record.prev != rest.before || !closes {
            candidates.insert(record.lsn, record);
            break;
        }
        rest.first += 1;
        rest.before = hash;
        left.push(record);
    }
    // A record is proven by the next one's link. The last of an unfinished run has none: out.
    if rest.first <= rest.last
        && let Some(unproven) = left.pop()
    {
        rest.first = unproven.lsn;
        rest.before = unproven.prev;
    }
    let mut right = Vec::new();
    while rest.first <= rest.last
        && let Some(record) = candidates.remove(&rest.last)
    {
        if record.hash() != rest.next_prev {
            break;
        }
        rest.last -= 1;
        rest.next_prev = record.prev;
        right.push(record);
    }
    right.reverse();
    let rest = (rest.first <= rest.last).then_some(rest);
    Mended { left, rest, right }
}

/// Writes records that fill a hole as a `.fix` file; durable on return.
pub(crate) fn write_fix(
    files: &dyn Files,
    dir: &Path,
    genesis: &[u8; 32],
    records: &[Record],
) -> Result<PathBuf, JournalFault> {
    let entries = files.list(dir).map_err(JournalFault::io("list", dir))?;
    let last = entries
        .iter()
        .filter_map(|entry| parse_name(&entry.name))
        .filter_map(|(kind, number)| (kind == Kind::Fix).then_some(number))
        .max();
    let number = last.unwrap_or(0) + 1;
    let file = name(Kind::Fix, number);
    let data = as_segment(number, genesis, records);
    let path = dir.join(&file);
    replace_durably(files, dir, &file, &data).map_err(JournalFault::io("write", &path))?;
    Ok(path)
}

/// Records in the form of a segment file: a header, then one frame for each linked run of at
/// most 256.
pub(crate) fn as_segment(number: u32, genesis: &[u8; 32], records: &[Record]) -> Vec<u8> {
    let mut body = BytesMut::new();
    for run in records.chunk_by(|a, b| b.lsn == a.lsn + 1 && b.prev == a.hash()) {
        for part in run.chunks(256) {
            let mut builder = FrameBuilder::after(part[0].lsn - 1, part[0].prev);
            for record in part {
                builder.push(&NewRecord {
                    hall_ms: record.hall_ms,
                    wall_ms: record.wall_ms,
                    payload: record.payload.clone(),
                });
            }
            body.put_slice(&builder.finish(genesis).bytes);
        }
    }
    let (first_lsn, prev) = records.first().map_or((0, *genesis), |r| (r.lsn, r.prev));
    let bytes = (HEADER + body.len()) as u64;
    let header = Header {
        number,
        first_lsn,
        prev,
        genesis: *genesis,
        bytes,
    };
    let mut data = header.encode().to_vec();
    data.extend_from_slice(&body);
    data
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn chain(n: u64) -> Vec<Record> {
        let mut prev = [5; 32];
        (1..=n)
            .map(|lsn| {
                let payload = Bytes::from(lsn.to_string());
                let record = Record {
                    lsn,
                    hall_ms: 1,
                    wall_ms: 2,
                    prev,
                    payload,
                };
                prev = record.hash();
                record
            })
            .collect()
    }

    fn hole(chain: &[Record]) -> Gap {
        Gap {
            first: 3,
            last: 6,
            before: chain[1].hash(),
            next_prev: chain[6].prev,
            spans: vec![],
        }
    }

    #[test]
    fn a_hole_closes_with_the_right_records() {
        let chain = chain(8);
        let mut candidates = chain.iter().map(|r| (r.lsn, r.clone())).collect();
        let mended = mend(hole(&chain), &mut candidates);
        assert_eq!(mended.left, chain[2..6]);
        assert_eq!(mended.rest, None);
    }

    #[test]
    fn a_wrong_candidate_stays_out_and_both_edges_are_kept() {
        let chain = chain(8);
        let mut candidates: BTreeMap<_, _> = chain.iter().map(|r| (r.lsn, r.clone())).collect();
        candidates.get_mut(&4).unwrap().payload = Bytes::from_static(b"other");
        candidates.remove(&5);
        let mended = mend(hole(&chain), &mut candidates);
        assert_eq!(
            mended.left,
            chain[2..3],
            "the other 4 links to 3, but nothing proves it"
        );
        let rest = mended.rest.unwrap();
        assert_eq!((rest.first, rest.last), (4, 5));
        assert_eq!(mended.right, chain[5..6]);
    }

    #[test]
    fn a_single_missing_record_must_fit_both_edges() {
        let chain = chain(8);
        let mut gap = hole(&chain);
        (gap.last, gap.next_prev) = (3, chain[3].prev);
        let mut other = chain[2].clone();
        other.hall_ms += 1;
        let mut candidates = BTreeMap::from([(3, other)]);
        assert!(mend(gap, &mut candidates).left.is_empty());
    }
}
