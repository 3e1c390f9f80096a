//! Reading a whole log in order, and telling what is damaged from what was only unfinished.
//!
//! A bad frame with nothing good after it is a torn tail (one frame at most is ever in flight); a
//! bad one with a good one after it is damage. The search for "good after" crosses bad lengths
//! and segments. Holes are filled from `.fix` files where these link. A scan changes nothing on
//! the disk.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use super::{
    Head, mend,
    scan::{Depth, End, Gap, Names, Scan, Seen, Segment, Tail},
};
use crate::{
    fault::JournalFault,
    files::read_all,
    frame::{self, Frame},
    incident::{Lost, SpanOfBytes},
    record::Record,
    segment::{Found, HEADER, Kind, name, parse_name},
};

/// Scans a log, showing `visit` everything in order until it breaks off; after that the returned
/// end is that of the part seen.
pub(crate) fn scan(
    what: Scan<'_>,
    visit: &mut dyn FnMut(Seen) -> ControlFlow<()>,
) -> Result<End, JournalFault> {
    let mut names = Names::read(what)?;
    let start = names.start(what.from);
    let head = match names.segments.get(start).map(|segment| segment.found) {
        Some(Found::Whole(header)) if start > 0 => Head {
            lsn: header.first_lsn - 1,
            hash: header.prev,
        },
        _ => Head {
            lsn: 0,
            hash: what.genesis,
        },
    };
    let segments = names.segments.split_off(start);
    let mut walk = Walk {
        what,
        visit,
        fixes: None,
        pending: Vec::new(),
        end: End {
            head,
            place: None,
            spares: Vec::new(),
            last_number: segments.last().map_or(0, |segment| segment.number),
            frames: 0,
            tail: None,
            unfinished: names.unfinished,
        },
    };
    let used = segments
        .iter()
        .rposition(|segment| segment.found != Found::Zero);
    for (i, segment) in segments.iter().enumerate() {
        let beyond = i > used.map_or(0, |last| last + 1);
        if beyond && what.depth == Depth::Opening {
            walk.end.spares.push(segment.number);
        } else if walk.segment(segment)?.is_break() {
            return Ok(walk.end);
        }
    }
    Ok(walk.finish())
}

struct Walk<'a> {
    what: Scan<'a>,
    visit: &'a mut dyn FnMut(Seen) -> ControlFlow<()>,
    fixes: Option<BTreeMap<u64, Record>>,
    /// Bad bytes with nothing good after them so far: segment, first byte, end, beginnings.
    pending: Vec<(u32, u64, u64, u64)>,
    end: End,
}

impl Walk<'_> {
    fn segment(&mut self, segment: &Segment) -> Result<ControlFlow<()>, JournalFault> {
        let number = segment.number;
        let path = self.what.dir.join(name(Kind::Segment, number));
        let buf = read_all(self.what.files, &path).map_err(JournalFault::io("read", &path))?;
        let written = frame::written_end(&buf);
        if written == 0 {
            self.end.spares.push(number);
            return Ok(ControlFlow::Continue(()));
        }
        let mut at = HEADER;
        if !matches!(segment.found, Found::Whole(_)) {
            at = self.bad(number, &buf, 0, written);
        } else if written <= HEADER {
            at = self.bad(number, &buf, 0, HEADER);
        }
        let mut good_until = None;
        while at < written {
            let Some((frame, len)) = frame::decode(&self.what.genesis, &buf[at..]) else {
                at = self.bad(number, &buf, at, written);
                continue;
            };
            if self.frame(frame, number, at, &path)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            at += len;
            good_until = Some(at as u64);
        }
        match good_until {
            Some(end) => {
                self.end.place = Some((number, end));
                // Prepared segments that the log went past stay behind, empty.
                self.end.spares.clear();
            }
            None => self.end.spares.push(number),
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Notes bad bytes from `at` to the next whole frame, and returns where that is.
    fn bad(&mut self, number: u32, buf: &[u8], at: usize, written: usize) -> usize {
        let next = frame::find(&self.what.genesis, buf, at + 1).unwrap_or(written);
        let beginnings = frame::beginnings(&buf[at..next]);
        self.pending
            .push((number, at as u64, next as u64, beginnings));
        next
    }

    fn frame(
        &mut self,
        frame: Frame,
        number: u32,
        at: usize,
        path: &Path,
    ) -> Result<ControlFlow<()>, JournalFault> {
        let Head { lsn, hash } = self.end.head;
        let next = lsn + 1;
        if frame.first_lsn < next || (frame.first_lsn == next && frame.prev != hash) {
            return Err(JournalFault::Forked {
                lsn: frame.first_lsn,
                path: PathBuf::from(path),
                offset: at as u64,
            });
        }
        let missing = frame.first_lsn > next;
        if missing || !self.pending.is_empty() {
            let mut spans = self.take_pending();
            if spans.is_empty() {
                spans.push(SpanOfBytes {
                    file: name(Kind::Segment, number),
                    offset: at as u64,
                    len: 0,
                });
            }
            let gap = missing.then(|| Gap {
                first: next,
                last: frame.first_lsn - 1,
                before: hash,
                next_prev: frame.prev,
                spans: spans.clone(),
            });
            if self.damage(spans, gap)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        self.end.head = Head {
            lsn: frame.first_lsn + frame.records.len() as u64 - 1,
            hash: frame.head,
        };
        self.end.frames += 1;
        Ok(self.show(frame.records))
    }

    fn show(&mut self, records: Vec<Record>) -> ControlFlow<()> {
        for record in records {
            if record.lsn >= self.what.from {
                (self.visit)(Seen::Record(record))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn damage(
        &mut self,
        spans: Vec<SpanOfBytes>,
        gap: Option<Gap>,
    ) -> Result<ControlFlow<()>, JournalFault> {
        let records = gap.as_ref().map(|gap| Lost {
            first: gap.first,
            last: gap.last,
        });
        if (self.visit)(Seen::Damage { spans, records }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let Some(gap) = gap else {
            return Ok(ControlFlow::Continue(()));
        };
        let mut fixes = match self.fixes.take() {
            Some(fixes) => fixes,
            None => self.load_fixes()?,
        };
        let mended = mend(gap, &mut fixes);
        self.fixes = Some(fixes);
        let shown = (|| {
            self.show(mended.left)?;
            if let Some(rest) = mended.rest {
                (self.visit)(Seen::Gap(rest))?;
            }
            self.show(mended.right)
        })();
        Ok(shown)
    }

    /// Reads every whole frame of every `.fix` file; a record counts only where it links.
    fn load_fixes(&self) -> Result<BTreeMap<u64, Record>, JournalFault> {
        let Scan {
            files,
            dir,
            genesis,
            ..
        } = self.what;
        let mut fixes = BTreeMap::new();
        for entry in files.list(dir).map_err(JournalFault::io("list", dir))? {
            let Some((Kind::Fix, _)) = parse_name(&entry.name) else {
                continue;
            };
            let path = dir.join(&entry.name);
            let buf = read_all(files, &path).map_err(JournalFault::io("read", &path))?;
            let mut at = 0;
            while let Some(found) = frame::find(&genesis, &buf, at) {
                let Some((frame, len)) = frame::decode(&genesis, &buf[found..]) else {
                    break;
                };
                fixes.extend(frame.records.into_iter().map(|record| (record.lsn, record)));
                at = found + len;
            }
        }
        Ok(fixes)
    }

    fn take_pending(&mut self) -> Vec<SpanOfBytes> {
        let pending = std::mem::take(&mut self.pending);
        pending
            .into_iter()
            .map(|(number, from, to, _)| SpanOfBytes {
                file: name(Kind::Segment, number),
                offset: from,
                len: to - from,
            })
            .collect()
    }

    fn finish(mut self) -> End {
        let mut tail = Tail::default();
        for (number, from, to, beginnings) in std::mem::take(&mut self.pending) {
            // Whatever follows the segment of the last good frame becomes a prepared one again.
            let from = match self.end.place {
                Some((last_good, end)) if last_good == number => end.min(from),
                _ => 0,
            };
            tail.frames += beginnings;
            match tail.cuts.last_mut() {
                Some(cut) if cut.0 == number => cut.2 = to,
                _ => tail.cuts.push((number, from, to)),
            }
        }
        self.end.tail = (!tail.cuts.is_empty()).then_some(tail);
        self.end
    }
}
