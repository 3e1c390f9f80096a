//! The log: segment files, written one frame at a time. An append is answered when its frame's
//! sync has returned; nothing is ever retried after a failure.
//!
//! This module writes. `log/walk.rs` reads a whole log and tells what is damaged; `log/mend.rs`
//! fills holes; `log/prepare.rs` makes segments ahead of need. None of them knows the second copy.

mod mend;
mod prepare;
mod scan;
mod walk;

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::{BufMut as _, BytesMut};

use crate::{
    fault::JournalFault,
    files::{Access, FileHandle, Files},
    frame::{Encoded, FRAME_MAX},
    segment::{HEADER, Header, Kind, name},
};

pub(crate) use mend::{as_segment, mend, write_fix};
pub(crate) use prepare::{Preparation, Prepared, Spare};
pub(crate) use scan::{Depth, End, Gap, Scan, Seen, Tail, genesis_on_disk};
pub(crate) use walk::scan;

/// The folder of the log, in a journal's folder.
pub(crate) const FOLDER: &str = "log";

/// The chain's end: the last durable record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) lsn: u64,
    pub(crate) hash: [u8; 32],
}

/// The writing end of a log.
#[derive(Debug)]
pub(crate) struct Log {
    files: Arc<dyn Files>,
    dir: PathBuf,
    genesis: [u8; 32],
    segment_bytes: u64,
    head: Head,
    active: Option<Active>,
    spares: VecDeque<Spare>,
    next_number: u32,
    /// W7: bytes of frames still promised to the caller.
    promised: u64,
    preparing: bool,
    /// After a failed preparation: only once the room ahead is down to this is it tried again.
    retry_below: Option<u64>,
    written: Option<Head>,
    poisoned: Option<Arc<str>>,
}

#[derive(Debug)]
struct Active {
    file: Box<dyn FileHandle>,
    path: PathBuf,
    number: u32,
    at: u64,
    len: u64,
}

impl Log {
    /// Goes on writing where a scan (whose tail has been cut) ended.
    pub(crate) fn resume(
        files: Arc<dyn Files>,
        dir: &Path,
        genesis: [u8; 32],
        segment_bytes: u64,
        end: End,
    ) -> Result<Self, JournalFault> {
        let mut log = Self {
            files,
            dir: dir.to_owned(),
            genesis,
            segment_bytes,
            head: end.head,
            active: None,
            spares: VecDeque::new(),
            next_number: end.last_number + 1,
            promised: 0,
            preparing: false,
            retry_below: None,
            written: None,
            poisoned: None,
        };
        if let Some((number, at)) = end.place {
            let path = dir.join(name(Kind::Segment, number));
            let (file, len) = log.open_whole(&path)?;
            log.active = Some(Active {
                file,
                path,
                number,
                at,
                len,
            });
        }
        for number in end.spares {
            let path = dir.join(name(Kind::Segment, number));
            let (_, len) = log.open_whole(&path)?;
            log.spares.push_back(Spare { number, len });
        }
        Ok(log)
    }

    /// Opens a segment for writing; one that was cut short is made whole first.
    fn open_whole(&self, path: &Path) -> Result<(Box<dyn FileHandle>, u64), JournalFault> {
        let open = || {
            let file = self.files.open(path, Access::Write)?;
            let len = file.len()?;
            if len >= self.segment_bytes {
                return Ok((file, len));
            }
            file.preallocate(self.segment_bytes)?;
            file.sync_data()?;
            Ok((file, self.segment_bytes))
        };
        open().map_err(JournalFault::io("open", path))
    }

    pub(crate) fn head(&self) -> Head {
        self.head
    }

    pub(crate) fn genesis(&self) -> &[u8; 32] {
        &self.genesis
    }

    /// The longest frame that can be appended, in bytes.
    pub(crate) fn frame_max(&self) -> usize {
        let room = usize::try_from(self.segment_bytes).unwrap_or(usize::MAX) - HEADER;
        room.min(FRAME_MAX)
    }

    /// Fails if an earlier append did.
    pub(crate) fn check(&self) -> Result<(), JournalFault> {
        match &self.poisoned {
            Some(because) => Err(JournalFault::Poisoned {
                because: Arc::clone(because),
            }),
            None => Ok(()),
        }
    }

    /// Writes one frame; it counts only after [`Log::sync`]. The next frame must not be written
    /// before that has returned.
    pub(crate) fn write(&mut self, frame: &Encoded) -> Result<(), JournalFault> {
        self.check()?;
        debug_assert!(self.written.is_none(), "one frame in flight, never two");
        let done = self.write_now(frame);
        self.poison_on_error(done)?;
        self.promised = self.promised.saturating_sub(frame.bytes.len() as u64);
        self.written = Some(Head {
            lsn: frame.last_lsn,
            hash: frame.head,
        });
        Ok(())
    }

    /// Makes the written frame durable.
    pub(crate) fn sync(&mut self) -> Result<(), JournalFault> {
        self.check()?;
        let (Some(active), Some(written)) = (&self.active, self.written.take()) else {
            return Ok(());
        };
        let done = active
            .file
            .sync_data()
            .map_err(JournalFault::io("sync", &active.path));
        self.poison_on_error(done)?;
        self.head = written;
        Ok(())
    }

    /// After a failed write or sync the state of the disk is unknown (the page may be marked
    /// clean), so nothing is retried: only replay can tell.
    fn poison_on_error<T>(&mut self, done: Result<T, JournalFault>) -> Result<T, JournalFault> {
        if let Err(fault) = &done {
            self.poisoned = Some(fault.to_string().into());
        }
        done
    }

    fn write_now(&mut self, frame: &Encoded) -> Result<(), JournalFault> {
        let len = frame.bytes.len() as u64;
        if let Some(active) = &mut self.active
            && active.at + len <= active.len
        {
            let done = active.file.write_at(active.at, &frame.bytes);
            done.map_err(JournalFault::io("write", &active.path))?;
            active.at += len;
            return Ok(());
        }
        let mut active = self.next_segment(len)?;
        let header = Header {
            number: active.number,
            first_lsn: self.head.lsn + 1,
            prev: self.head.hash,
            genesis: self.genesis,
            bytes: active.len,
        };
        // Header and first frame in one write: no sync of its own, and a torn one is a torn tail.
        let mut both = BytesMut::with_capacity(HEADER + frame.bytes.len());
        both.put_slice(&header.encode());
        both.put_slice(&frame.bytes);
        let done = active.file.write_at(0, &both);
        done.map_err(JournalFault::io("write", &active.path))?;
        active.at = both.len() as u64;
        self.active = Some(active);
        Ok(())
    }

    /// Takes the next prepared segment that can hold a frame of `len` bytes, or makes one here
    /// and now: smaller if the disk is nearly full, since nothing is refused while disk remains.
    fn next_segment(&mut self, len: u64) -> Result<Active, JournalFault> {
        let least = HEADER as u64 + len;
        while let Some(spare) = self.spares.pop_front() {
            if spare.len >= least {
                let path = self.dir.join(name(Kind::Segment, spare.number));
                let file = self.files.open(&path, Access::Write);
                let file = file.map_err(JournalFault::io("open", &path))?;
                return Ok(Active {
                    file,
                    path,
                    number: spare.number,
                    at: 0,
                    len: spare.len,
                });
            }
        }
        let mut bytes = self.segment_bytes.max(least);
        loop {
            let prepared = self.preparation(1, bytes).run();
            let Some(fault) = prepared.fault else {
                self.spares.extend(prepared.spares);
                return self.next_segment(len);
            };
            if !fault.is_no_space() || bytes == least {
                return Err(fault);
            }
            bytes = (bytes / 4).max(least);
        }
    }

    fn preparation(&mut self, count: u32, bytes: u64) -> Preparation {
        let first = self.next_number;
        self.next_number += count;
        Preparation::new(
            Arc::clone(&self.files),
            self.dir.clone(),
            first,
            count,
            bytes,
        )
    }

    /// Bytes of frames for which prepared space lies ahead.
    pub(crate) fn room_ahead(&self) -> u64 {
        let active = self
            .active
            .as_ref()
            .map_or(0, |active| active.len.saturating_sub(active.at));
        active
            + self
                .spares
                .iter()
                .map(|spare| spare.len - HEADER as u64)
                .sum::<u64>()
    }

    /// W7: promises `bytes` of frames from now on; [`Log::wants`] says what is still to be done.
    pub(crate) fn promise(&mut self, bytes: u64) {
        self.promised = bytes;
        self.retry_below = None;
    }

    /// Bytes of the promise that no prepared segment covers.
    pub(crate) fn uncovered(&self) -> u64 {
        self.promised.saturating_sub(self.room_ahead())
    }

    /// Returns what should be prepared now: what is promised, and always one spare. Nothing while
    /// a preparation is under way.
    pub(crate) fn wants(&mut self) -> Option<Preparation> {
        let wait = self
            .retry_below
            .is_some_and(|room| self.room_ahead() > room);
        if self.preparing || self.poisoned.is_some() || wait {
            return None;
        }
        let each = self.segment_bytes - HEADER as u64;
        let missing = u32::try_from(self.uncovered().div_ceil(each)).unwrap_or(u32::MAX);
        // The one in use and one ahead of it.
        let least: u32 = if self.active.is_some() { 1 } else { 2 };
        let spares = u32::try_from(self.spares.len()).unwrap_or(u32::MAX);
        let count = missing.max(least.saturating_sub(spares));
        if count == 0 {
            return None;
        }
        self.preparing = true;
        Some(self.preparation(count, self.segment_bytes))
    }

    /// Takes what a preparation made. Returns its fault, if it had one: an incident, not the end.
    pub(crate) fn accept(&mut self, prepared: Prepared) -> Result<(), JournalFault> {
        self.preparing = false;
        let passed = self.active.as_ref().map_or(0, |active| active.number);
        for spare in prepared.spares {
            if spare.number > passed {
                self.spares.push_back(spare);
            } else {
                // The log had to go past it meanwhile; it never held a byte.
                let path = self.dir.join(name(Kind::Segment, spare.number));
                self.files
                    .remove(&path)
                    .map_err(JournalFault::io("remove", &path))?;
            }
        }
        self.spares
            .make_contiguous()
            .sort_by_key(|spare| spare.number);
        self.retry_below = prepared.fault.is_some().then(|| self.room_ahead() / 2);
        prepared.fault.map_or(Ok(()), Err)
    }
}
