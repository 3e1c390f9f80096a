//! Opening a journal: the recovery table.
//!
//! The log is read whole first, while the second copy opens in its own thread. Then, in this
//! order: cut what was unfinished, take damaged records from the second copy, take from it what
//! the log lost at its end. Everything else about the second copy happens behind, after serving
//! began. A step that cannot be done leaves the files as they were.

use std::{collections::BTreeMap, ops::ControlFlow, path::PathBuf, sync::Arc};

use super::{Journal, Opened, OpeningReport, TornTail};
use crate::{
    fault::JournalFault,
    files::{Access, Files, create_dir_durably},
    frame::FrameBuilder,
    incident::{Incident, IncidentSink, Lost, SpanOfBytes},
    log::{self, Depth, End, Gap, Head, Log, Scan, Seen, mend, scan, write_fix},
    options::{Options, SecondCopy},
    record::{NewRecord, Record, genesis},
    second::{Context, OpenStore, Second},
    segment::{Kind, name},
    set_aside,
};

const FRAME_RECORDS: usize = 256;

/// Opens a journal over any kind of second copy.
pub(crate) fn open_with(
    files: Arc<dyn Files>,
    dir: PathBuf,
    options: &Options,
    opener: Option<OpenStore>,
) -> Result<(Journal, Opened), JournalFault> {
    let genesis = genesis(&options.identity);
    for folder in [dir.clone(), dir.join(log::FOLDER)] {
        let made = create_dir_durably(&*files, &folder);
        made.map_err(JournalFault::io("create", &folder))?;
    }
    let mut second = opener
        .filter(|_| options.second_copy == SecondCopy::On)
        .map(|opener| {
            let files = Arc::clone(&files);
            Second::start(Context::new(files, dir.clone(), genesis, opener, options))
        });
    let mut opening = Opening {
        files: Arc::clone(&files),
        log_dir: dir.join(log::FOLDER),
        dir,
        genesis,
        sink: options.incidents.clone(),
        report: OpeningReport::empty(genesis),
    };
    let (end, pieces) = opening.read_log()?;
    opening.tidy(&end)?;
    let checkpoint = second.as_mut().and_then(Second::checkpoint);
    let mut records = opening.mend_gaps(pieces, checkpoint.and(second.as_mut()))?;
    let log_head = end.head;
    let segment_bytes = options.segment_bytes;
    let mut log = Log::resume(files, &opening.log_dir, genesis, segment_bytes, end)?;
    if let (Some(second), Some(checkpoint)) = (&mut second, checkpoint) {
        let lost = opening.beyond(second, checkpoint, log_head, &records);
        opening.append_again(&mut log, &lost)?;
        records.extend(lost);
    }
    let mut journal = Journal {
        log,
        second,
        incidents: options.incidents.clone(),
    };
    journal.reserve(options.reserve_bytes)?;
    let head = journal.log.head();
    if let Some(second) = &journal.second {
        second.go(head.lsn);
    }
    opening.report.last_lsn = head.lsn;
    opening.report.head = head.hash;
    Ok((
        journal,
        Opened {
            records,
            report: opening.report,
        },
    ))
}

impl OpeningReport {
    /// The report of a journal in which nothing was found.
    pub(crate) fn empty(head: [u8; 32]) -> Self {
        Self {
            last_lsn: 0,
            head,
            torn: None,
            damage: Vec::new(),
            repaired: Vec::new(),
            lost: Vec::new(),
            recovered: None,
            incidents: Vec::new(),
        }
    }
}

struct Opening {
    files: Arc<dyn Files>,
    dir: PathBuf,
    log_dir: PathBuf,
    genesis: [u8; 32],
    sink: IncidentSink,
    report: OpeningReport,
}

enum Piece {
    Record(Record),
    Gap(Gap),
}

impl Opening {
    fn raise(&mut self, incident: Incident) {
        self.sink.raise(incident.clone());
        self.report.incidents.push(incident);
    }

    /// Verifies the whole log.
    fn read_log(&mut self) -> Result<(End, Vec<Piece>), JournalFault> {
        let files = Arc::clone(&self.files);
        let dir = self.log_dir.clone();
        let mut pieces = Vec::new();
        let mut damage: Vec<(Vec<SpanOfBytes>, Option<Lost>)> = Vec::new();
        let what = Scan {
            files: &*files,
            dir: &dir,
            genesis: self.genesis,
            from: 1,
            depth: Depth::Opening,
        };
        let end = scan(what, &mut |seen| {
            match seen {
                Seen::Record(record) => pieces.push(Piece::Record(record)),
                Seen::Gap(gap) => pieces.push(Piece::Gap(gap)),
                Seen::Damage { spans, records } => damage.push((spans, records)),
            }
            ControlFlow::Continue(())
        })?;
        for (spans, records) in damage {
            self.report.damage.extend(spans.clone());
            self.raise(Incident::LogDamaged { spans, records });
            self.report.repaired.extend(records);
        }
        Ok((end, pieces))
    }

    /// Removes preparations that never finished, and cuts the torn tail after keeping it aside.
    fn tidy(&mut self, end: &End) -> Result<(), JournalFault> {
        for unfinished in &end.unfinished {
            let path = self.log_dir.join(unfinished);
            self.files
                .remove(&path)
                .map_err(JournalFault::io("remove", &path))?;
        }
        let Some(tail) = &end.tail else { return Ok(()) };
        let mut torn = TornTail {
            bytes: tail.bytes(),
            frames: tail.frames,
            kept_in: Vec::new(),
        };
        for (number, from, to) in &tail.cuts {
            torn.kept_in.push(self.cut(*number, *from, *to)?);
        }
        if tail.frames > 1 {
            self.raise(Incident::TailTooLong {
                frames: tail.frames,
                bytes: torn.bytes,
            });
        }
        self.report.torn = Some(torn);
        Ok(())
    }

    fn cut(&self, number: u32, from: u64, to: u64) -> Result<PathBuf, JournalFault> {
        let path = self.log_dir.join(name(Kind::Segment, number));
        let len = usize::try_from(to - from).unwrap_or(usize::MAX);
        let read = || {
            let file = self.files.open(&path, Access::Write)?;
            let mut bytes = vec![0; len];
            let n = file.read_at(from, &mut bytes)?;
            bytes.truncate(n);
            Ok((file, bytes))
        };
        let (file, bytes) = read().map_err(JournalFault::io("read", &path))?;
        let label = format!("tail-of-{number:08}-from-{from}.bin");
        let kept_in = set_aside::keep(&*self.files, &self.dir, &label, &bytes)?;
        let blank = || {
            file.write_at(from, &vec![0; bytes.len()])?;
            file.sync_data()
        };
        blank().map_err(JournalFault::io("cut", &path))?;
        Ok(kept_in)
    }

    /// Fills holes from the second copy, where that links; what stays missing is named.
    fn mend_gaps(
        &mut self,
        pieces: Vec<Piece>,
        mut second: Option<&mut Second>,
    ) -> Result<Vec<Record>, JournalFault> {
        let mut records = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let gap = match piece {
                Piece::Record(record) => {
                    records.push(record);
                    continue;
                }
                Piece::Gap(gap) => gap,
            };
            let range = Lost {
                first: gap.first,
                last: gap.last,
            };
            let found = second
                .as_mut()
                .map_or_else(Vec::new, |s| s.read(gap.first, gap.last));
            let mut found: BTreeMap<u64, Record> = found
                .into_iter()
                .map(|record| (record.lsn, record))
                .collect();
            let mended = mend(gap, &mut found);
            let mut new = mended.left;
            let lost = mended.rest.map(|rest| Lost {
                first: rest.first,
                last: rest.last,
            });
            new.extend(mended.right);
            if let (Some(first), Some(last)) = (new.first(), new.last()) {
                let records = Lost {
                    first: first.lsn,
                    last: last.lsn,
                };
                write_fix(&*self.files, &self.log_dir, &self.genesis, &new)?;
                self.raise(Incident::LogRepaired { records });
            }
            if let Some(lost) = lost {
                self.raise(Incident::RecordsLost(lost));
                self.report.lost.push(lost);
            }
            tracing::info!(%range, repaired = new.len(), "hole in the log");
            records.extend(new);
        }
        let lost = self.report.lost.clone();
        self.report.repaired = without(&self.report.repaired, &lost);
        Ok(records)
    }

    /// Returns the records that the second copy has beyond the log's end, as far as they link.
    fn beyond(
        &mut self,
        second: &mut Second,
        checkpoint: Head,
        log: Head,
        records: &[Record],
    ) -> Vec<Record> {
        if checkpoint.lsn <= log.lsn {
            let known = hash_at(checkpoint.lsn, log, self.genesis, records);
            if known.is_some_and(|hash| hash != checkpoint.hash) {
                // Where they part is found by the full scan behind.
                self.raise(Incident::SecondCopyDiffers {
                    lsn: checkpoint.lsn,
                    kept_in: None,
                });
            }
            return Vec::new();
        }
        let mut head = log;
        let mut linking = second.read(log.lsn + 1, checkpoint.lsn);
        let fits = linking
            .iter()
            .take_while(|record| {
                let links = record.lsn == head.lsn + 1 && record.prev == head.hash;
                if links {
                    head = Head {
                        lsn: record.lsn,
                        hash: record.hash(),
                    };
                }
                links
            })
            .count();
        linking.truncate(fits);
        if head != checkpoint {
            // A record is proven by the next one's link or by the checkpoint; the last has neither.
            linking.pop();
            let lsn = log.lsn + 1 + linking.len() as u64;
            self.raise(Incident::SecondCopyDiffers { lsn, kept_in: None });
        }
        linking
    }

    /// Appends records that the log had lost.
    fn append_again(&mut self, log: &mut Log, lost: &[Record]) -> Result<(), JournalFault> {
        let (Some(first), Some(last)) = (lost.first(), lost.last()) else {
            return Ok(());
        };
        let recovered = Lost {
            first: first.lsn,
            last: last.lsn,
        };
        let mut rest = lost;
        while !rest.is_empty() {
            let at = log.head();
            let mut builder = FrameBuilder::after(at.lsn, at.hash);
            let mut taken = 0;
            for record in rest.iter().take(FRAME_RECORDS) {
                if taken > 0 && builder.len() + record.payload.len() + 64 > log.frame_max() {
                    break;
                }
                builder.push(&NewRecord {
                    hall_ms: record.hall_ms,
                    wall_ms: record.wall_ms,
                    payload: record.payload.clone(),
                });
                taken += 1;
            }
            log.write(&builder.finish(&self.genesis))?;
            log.sync()?;
            rest = &rest[taken..];
        }
        self.report.recovered = Some(recovered);
        self.raise(Incident::LogWasBehind { recovered });
        Ok(())
    }
}

/// The digest of record `lsn`, if the log knows it: from the record, or from the next one's link.
fn hash_at(lsn: u64, log: Head, genesis: [u8; 32], records: &[Record]) -> Option<[u8; 32]> {
    if lsn == 0 {
        return Some(genesis);
    }
    if lsn == log.lsn {
        return Some(log.hash);
    }
    let next = records
        .binary_search_by_key(&(lsn + 1), |record| record.lsn)
        .ok()?;
    Some(records[next].prev)
}

/// The parts of `ranges` that are not in `holes`.
fn without(ranges: &[Lost], holes: &[Lost]) -> Vec<Lost> {
    let mut out = Vec::new();
    for range in ranges {
        let mut first = range.first;
        for hole in holes
            .iter()
            .filter(|hole| range.first <= hole.first && hole.last <= range.last)
        {
            if first < hole.first {
                out.push(Lost {
                    first,
                    last: hole.first - 1,
                });
            }
            first = hole.last + 1;
        }
        if first <= range.last {
            out.push(Lost {
                first,
                last: range.last,
            });
        }
    }
    out
}
