//! Reading a journal without touching it: every record, the chain's head, every damage by place.
//!
//! An audit repairs nothing and writes nothing into the folder. Opening sled changes its files, so
//! the second copy is copied to a temporary folder and the copy is opened. A second copy that a
//! running hall is writing may be copied in mid-stride and then count as unreadable.

#[cfg(test)]
mod tests;

use std::{
    fs, io,
    ops::ControlFlow,
    path::Path,
    sync::{Arc, mpsc::sync_channel},
    thread,
    time::Duration,
};

use crate::{
    fault::JournalFault,
    files::Files,
    incident::{Lost, SpanOfBytes},
    log::{self, Depth, Head, Scan, Seen, genesis_on_disk, scan},
    record::Record,
    second::{OpenStore, StoreFault, Verdict, against_log, folder, open_sled, present},
};

const SECOND_LIMIT: Duration = Duration::from_mins(2);

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// How many records can be read.
    pub records: u64,
    /// How many whole frames (batches) hold them.
    pub frames: u64,
    /// LSN of the last record.
    pub last_lsn: u64,
    /// The chain's head.
    pub head: [u8; 32],
    /// The identity digest that the log bears; compare it with [`crate::genesis`].
    pub genesis: [u8; 32],
    /// Damaged bytes that have something good after them, and the records that were in them.
    pub damage: Vec<(Vec<SpanOfBytes>, Option<Lost>)>,
    /// Records that cannot be read: damaged, and not repaired from the second copy.
    pub lost: Vec<Lost>,
    /// Bytes after the last good frame, that the next opening would cut.
    pub torn_bytes: u64,
    /// Frame beginnings in them; more than one is more than a crash explains.
    pub torn_frames: u64,
    /// Files whose preparation was not finished; they hold nothing.
    pub unfinished: Vec<String>,
    /// How the second copy stands to the log.
    pub second: SecondState,
}

/// How the second copy stands to the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondState {
    /// There is none.
    Absent,
    /// Every record is the same.
    Agrees,
    /// The same, but this many records are not in it yet.
    Behind(u64),
    /// It has this many records more: the log lost them, and the next opening brings them back.
    Ahead(u64),
    /// It has other bytes from this LSN on.
    Differs(u64),
    /// It cannot be read, for this reason.
    Unreadable(String),
}

impl AuditReport {
    /// Whether every record that was ever acknowledged can be read, as far as the log can tell.
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty()
            && self.torn_frames <= 1
            && !matches!(self.second, SecondState::Ahead(_))
    }
}

/// Audits the journal in `dir` without changing anything.
///
/// # Errors
/// [`JournalFault::Absent`] if there is none; [`JournalFault::Format`] and
/// [`JournalFault::Forked`] if its files cannot be read as one chain.
pub fn audit(files: &dyn Files, dir: &Path) -> Result<AuditReport, JournalFault> {
    audit_with(files, dir, |_| ())
}

/// As [`audit`], showing every readable record in order.
pub fn audit_with(
    files: &dyn Files,
    dir: &Path,
    mut visit: impl FnMut(&Record),
) -> Result<AuditReport, JournalFault> {
    let log_dir = dir.join(log::FOLDER);
    let absent = || JournalFault::Absent {
        dir: dir.to_owned(),
    };
    if !files
        .exists(&log_dir)
        .map_err(JournalFault::io("find", &log_dir))?
    {
        return Err(absent());
    }
    let genesis = genesis_on_disk(files, &log_dir)?.ok_or_else(absent)?;
    let mut damage = Vec::new();
    let mut lost = Vec::new();
    let mut records = 0;
    let what = Scan {
        files,
        dir: &log_dir,
        genesis,
        from: 1,
        depth: Depth::Full,
    };
    let end = scan(what, &mut |seen| {
        match seen {
            Seen::Record(record) => {
                records += 1;
                visit(&record);
            }
            Seen::Damage { spans, records } => damage.push((spans, records)),
            Seen::Gap(gap) => lost.push(Lost {
                first: gap.first,
                last: gap.last,
            }),
        }
        ControlFlow::Continue(())
    })?;
    Ok(AuditReport {
        records,
        frames: end.frames,
        last_lsn: end.head.lsn,
        head: end.head.hash,
        genesis,
        damage,
        lost,
        torn_bytes: end.tail.as_ref().map_or(0, log::Tail::bytes),
        torn_frames: end.tail.as_ref().map_or(0, |tail| tail.frames),
        unfinished: end.unfinished,
        second: second_state(files, dir, genesis, end.head),
    })
}

/// Reads every record of the log in `dir` without changing anything and without looking at the
/// second copy, for marking and the like; refuses a log with holes.
///
/// # Errors
/// As [`audit`]; [`JournalFault::Incomplete`] if records are missing.
pub fn read_records(files: &dyn Files, dir: &Path) -> Result<Vec<Record>, JournalFault> {
    let log_dir = dir.join(log::FOLDER);
    let absent = || JournalFault::Absent {
        dir: dir.to_owned(),
    };
    if !files
        .exists(&log_dir)
        .map_err(JournalFault::io("find", &log_dir))?
    {
        return Err(absent());
    }
    let genesis = genesis_on_disk(files, &log_dir)?.ok_or_else(absent)?;
    let mut records = Vec::new();
    let mut hole = None;
    let what = Scan {
        files,
        dir: &log_dir,
        genesis,
        from: 1,
        depth: Depth::Opening,
    };
    scan(what, &mut |seen| match seen {
        Seen::Record(record) => {
            records.push(record);
            ControlFlow::Continue(())
        }
        Seen::Damage { .. } => ControlFlow::Continue(()),
        Seen::Gap(gap) => {
            hole = Some(Lost {
                first: gap.first,
                last: gap.last,
            });
            ControlFlow::Break(())
        }
    })?;
    match hole {
        Some(lost) => Err(JournalFault::Incomplete { lost }),
        None => Ok(records),
    }
}

fn second_state(files: &dyn Files, dir: &Path, genesis: [u8; 32], log: Head) -> SecondState {
    let unreadable = |e: io::Error| SecondState::Unreadable(e.to_string());
    let number = match present(files, dir) {
        Ok(Some((number, _))) => number,
        Ok(None) => return SecondState::Absent,
        Err(e) => return unreadable(e),
    };
    let Some(from) = files.host_path(&folder(dir, number)) else {
        return SecondState::Absent;
    };
    let copied = || {
        let copy = tempfile::tempdir()?;
        copy_folder(&from, copy.path())?;
        Ok(copy)
    };
    let copy = match copied() {
        Ok(copy) => copy,
        Err(e) => return unreadable(e),
    };
    match compare(files, &dir.join(log::FOLDER), genesis, log, copy.path()) {
        Ok(state) => state,
        Err(fault) => SecondState::Unreadable(fault.to_string()),
    }
}

/// Opens the copy in a thread of its own with a time limit, then compares.
fn compare(
    files: &dyn Files,
    log_dir: &Path,
    genesis: [u8; 32],
    log: Head,
    copy: &Path,
) -> Result<SecondState, StoreFault> {
    let opener: OpenStore = open_sled();
    let copy = Arc::<Path>::from(copy);
    let (tell, opened) = sync_channel(1);
    let started = thread::Builder::new()
        .name("journal-second-audit".into())
        .spawn(move || {
            let opened = crate::second::guarded(|| {
                let store = opener(&copy)?;
                let head = store.checkpoint()?;
                Ok((store, head))
            });
            // If nobody waits any more the store is dropped here.
            drop(tell.send(opened));
        });
    started.map_err(|e| StoreFault::Failed(e.to_string()))?;
    let (store, head) = opened
        .recv_timeout(SECOND_LIMIT)
        .unwrap_or(Err(StoreFault::Slow))?;
    let last = head.map_or(0, |head| head.lsn);
    let verdict = against_log(files, log_dir, genesis, &*store, last, log.lsn)?;
    Ok(match verdict {
        Verdict::Agrees if last == log.lsn => SecondState::Agrees,
        Verdict::Agrees => SecondState::Behind(log.lsn - last),
        Verdict::Differs(lsn) if lsn == log.lsn + 1 => {
            let next = crate::second::guarded(|| store.read(lsn..=lsn))?;
            let links = next
                .first()
                .and_then(|(_, stored)| Record::from_stored(stored).ok());
            if links.is_some_and(|record| record.prev == log.hash) {
                SecondState::Ahead(last - log.lsn)
            } else {
                SecondState::Differs(lsn)
            }
        }
        Verdict::Differs(lsn) => SecondState::Differs(lsn),
    })
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&to)?;
            copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
}
