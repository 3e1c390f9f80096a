//! Following the log: compare what a present copy has, read on from the log, take what is fed.
//!
//! Batches of at most 256 records, each with its checkpoint; a sync after every drain of the
//! queue. The log is only read here; where both differ, it is right.

use std::{ops::ControlFlow, time::Duration};

use bytes::Bytes;

use super::{
    Context, SecondStatus, Shared, Store, StoreFault, Verdict, against_log, guarded, parsed,
    queue::Batch,
};
use crate::{
    incident::Incident,
    log::{self, Depth, Head, Scan, Seen, scan},
    record::stored_hash,
    set_aside,
};

const BATCH_MAX: usize = 256;
const UNSYNCED_MAX: u64 = 4096;
const IDLE: Duration = Duration::from_secs(1);

/// A store on its way after the log.
pub(super) struct Follower<'a> {
    context: &'a Context,
    shared: &'a Shared,
    pub(super) store: Box<dyn Store>,
    /// Last record applied.
    pub(super) at: Head,
    unsynced: u64,
    following: bool,
}

impl<'a> Follower<'a> {
    pub(super) fn new(
        context: &'a Context,
        shared: &'a Shared,
        store: Box<dyn Store>,
        at: Head,
    ) -> Self {
        Self {
            context,
            shared,
            store,
            at,
            unsynced: 0,
            following: false,
        }
    }

    /// Holds every record of a present copy against the log. From the first difference on its own
    /// records are set aside and the log's take their place.
    pub(super) fn compare(&mut self, log_lsn: u64) -> Result<(), StoreFault> {
        if self.at.lsn == 0 {
            return Ok(());
        }
        let Context {
            files,
            journal,
            genesis,
            ..
        } = self.context;
        let dir = journal.join(log::FOLDER);
        let found = against_log(&**files, &dir, *genesis, &*self.store, self.at.lsn, log_lsn)?;
        let Verdict::Differs(lsn) = found else {
            return Ok(());
        };
        let own = guarded(|| self.store.read(lsn..=u64::MAX))?;
        let records = parsed(&own);
        if records.len() < own.len() {
            return Err(StoreFault::Damaged(format!(
                "what stands at {lsn} and after is no record"
            )));
        }
        let label = format!("sled-from-{lsn}.seg");
        let data = log::as_segment(0, genesis, &records);
        let kept_in = set_aside::keep(&**files, journal, &label, &data)
            .map_err(|fault| StoreFault::Failed(fault.to_string()))?;
        let kept_in = Some(kept_in);
        self.context
            .incidents
            .raise(Incident::SecondCopyDiffers { lsn, kept_in });
        self.at = self.head_before(lsn)?;
        let lsns: Vec<u64> = own.iter().map(|(lsn, _)| *lsn).collect();
        for part in lsns.rchunks(BATCH_MAX) {
            let at = self.at;
            guarded(|| self.store.remove(part, at))?;
        }
        self.sync()
    }

    fn head_before(&self, lsn: u64) -> Result<Head, StoreFault> {
        let before = lsn.saturating_sub(1);
        if before == 0 {
            return Ok(Head {
                lsn: 0,
                hash: self.context.genesis,
            });
        }
        let stored = guarded(|| self.store.read(before..=before))?;
        let hash = stored
            .first()
            .map_or([0; 32], |(_, stored)| stored_hash(stored));
        Ok(Head { lsn: before, hash })
    }

    /// Reads on from the log until everything durable in it is applied.
    pub(super) fn catch_up(&mut self) -> Result<(), StoreFault> {
        let to = self.shared.log_lsn();
        if self.at.lsn >= to {
            return Ok(());
        }
        let Context {
            files,
            journal,
            genesis,
            ..
        } = self.context;
        let dir = journal.join(log::FOLDER);
        let from = self.at.lsn + 1;
        let what = Scan {
            files: &**files,
            dir: &dir,
            genesis: *genesis,
            from,
            depth: Depth::Opening,
        };
        let mut part: Vec<(u64, Bytes)> = Vec::with_capacity(BATCH_MAX);
        let mut applied = Ok(());
        let walked = scan(what, &mut |seen| {
            let Seen::Record(record) = seen else {
                return ControlFlow::Continue(());
            };
            if record.lsn > to || self.shared.queue.is_abandoned() {
                return ControlFlow::Break(());
            }
            part.push((record.lsn, record.stored()));
            if part.len() == BATCH_MAX {
                applied = self.apply(&part);
                part.clear();
            }
            if applied.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        applied?;
        walked.map_err(|e| StoreFault::Failed(format!("could not read the log: {e}")))?;
        self.apply(&part)?;
        self.sync()
    }

    fn apply(&mut self, records: &[(u64, Bytes)]) -> Result<(), StoreFault> {
        let Some((lsn, stored)) = records.last() else {
            return Ok(());
        };
        let head = Head {
            lsn: *lsn,
            hash: stored_hash(stored),
        };
        guarded(|| self.store.apply(records, head))?;
        self.at = head;
        self.unsynced += records.len() as u64;
        if self.unsynced >= UNSYNCED_MAX {
            self.sync()
        } else {
            Ok(())
        }
    }

    fn sync(&mut self) -> Result<(), StoreFault> {
        guarded(|| self.store.sync())?;
        self.unsynced = 0;
        let status = if self.following {
            SecondStatus::Following(self.at.lsn)
        } else {
            SecondStatus::CatchingUp(self.at.lsn)
        };
        self.shared.set(status);
        Ok(())
    }

    pub(super) fn follow(&mut self) -> Result<(), StoreFault> {
        self.following = true;
        self.sync()?;
        loop {
            let work = self.shared.queue.take(IDLE);
            if work.abandoned {
                return Ok(());
            }
            // What found the queue full, or is on its way into it, is read from the log; while
            // batches flow this is not needed, and reading would only cost time.
            let read_on = work.dropped || work.batches.is_empty() || work.flushes > 0;
            for batch in work.batches {
                self.take(batch)?;
            }
            if read_on || work.closing {
                self.catch_up()?;
            }
            if self.unsynced > 0 {
                self.sync()?;
            }
            self.shared.queue.answer(work.flushes);
            if work.closing {
                return Ok(());
            }
            self.shared.queue.rest(self.context.pace);
        }
    }

    fn take(&mut self, batch: Batch) -> Result<(), StoreFault> {
        if batch.head.lsn <= self.at.lsn {
            return Ok(());
        }
        if batch.first_lsn != self.at.lsn + 1 {
            return self.catch_up();
        }
        let records: Vec<(u64, Bytes)> = (batch.first_lsn..).zip(batch.stored).collect();
        for part in records.chunks(BATCH_MAX) {
            self.apply(part)?;
        }
        Ok(())
    }
}
