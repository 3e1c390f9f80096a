//! A journal: the log, and the second copy behind it.
//!
//! An append is one frame and one sync; when it returns, its records are durable in the log, and
//! only then are they handed to the second copy. `journal/open.rs` holds the recovery table. No
//! thread of its own, no queue: [`crate::Disk`] has those.

mod open;
#[cfg(test)]
mod recovery;

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{
    fault::JournalFault,
    files::Files,
    frame::{Encoded, FrameBuilder, OVERHEAD, room_for},
    incident::{Incident, IncidentSink, Lost, SpanOfBytes},
    log::{Log, Preparation, Prepared},
    options::Options,
    record::{Appended, NewRecord, PAYLOAD_MAX, Record},
    second::{Second, SecondStatus, Waiter, open_sled},
};
pub(crate) use open::open_with;

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    log: Log,
    second: Option<Second>,
    incidents: IncidentSink,
}

/// What opening a journal gave.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Every record that either copy has, in order. Holes are in `report.lost`.
    pub records: Vec<Record>,
    /// What was found and done.
    pub report: OpeningReport,
}

/// What was found and done while a journal was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningReport {
    /// LSN of the last record; 0 if there is none.
    pub last_lsn: u64,
    /// The chain's head.
    pub head: [u8; 32],
    /// An unfinished frame at the end of the log, which was cut.
    pub torn: Option<TornTail>,
    /// Damaged bytes of the log; they stay where they are.
    pub damage: Vec<SpanOfBytes>,
    /// Records that damage had taken and that were taken from the second copy, now or before.
    pub repaired: Vec<Lost>,
    /// Records that neither copy has: what they may touch must not be served as whole.
    pub lost: Vec<Lost>,
    /// Records at the end that the log had lost and the second copy gave back.
    pub recovered: Option<Lost>,
    /// Everything that people should hear of, in order. It also went to the incident sink.
    pub incidents: Vec<Incident>,
}

/// An unfinished frame that was cut from the end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// How many bytes were cut.
    pub bytes: u64,
    /// Frame beginnings seen in them; more than one is more than a crash explains.
    pub frames: u64,
    /// Where the bytes are kept, one file for each segment they stood in.
    pub kept_in: Vec<PathBuf>,
}

/// How a journal was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// LSN of the last record.
    pub last_lsn: u64,
    /// The chain's head.
    pub head: [u8; 32],
    /// How the second copy was left.
    pub second: SecondStatus,
}

impl Closed {
    /// Whether the second copy has everything (or there is none).
    pub fn is_complete(&self) -> bool {
        match &self.second {
            SecondStatus::Off => true,
            SecondStatus::Following(lsn) => *lsn == self.last_lsn,
            SecondStatus::CatchingUp(_) | SecondStatus::Lost(_) => false,
        }
    }
}

/// One frame, written and not yet durable.
#[derive(Debug)]
pub(crate) struct Staged {
    frame: Encoded,
    pub(crate) appended: Vec<Appended>,
}

impl Journal {
    /// Opens the journal in the folder `dir` (its `log/`, `sled/` and `set-aside/` lie in it),
    /// creating it if there is none, and puts both copies right as far as they can be.
    ///
    /// # Errors
    /// [`JournalFault::NoSpace`] if `reserve_bytes` cannot be had (W7), [`JournalFault::Format`],
    /// [`JournalFault::OtherJournal`] and [`JournalFault::Forked`] if these files cannot be this
    /// journal's; never because of the second copy.
    pub fn open(
        files: Arc<dyn Files>,
        dir: impl Into<PathBuf>,
        options: &Options,
    ) -> Result<(Self, Opened), JournalFault> {
        let dir = dir.into();
        let opener = files.host_path(&dir).map(|_| open_sled());
        open_with(files, dir, options, opener)
    }

    /// Appends a batch as one frame and returns when it is durable. An empty batch writes nothing.
    ///
    /// # Errors
    /// [`JournalFault::TooLarge`] leaves the journal as it was. Any other fault poisons it: what is
    /// on the disk is unknown until it is opened again, so nothing is retried.
    pub fn append(&mut self, batch: &[NewRecord]) -> Result<Appended, JournalFault> {
        let staged = self.stage(&[batch])?;
        let appended = staged.appended[0];
        self.commit(staged)?;
        while let Some(preparation) = self.wants() {
            if self.accept(preparation.run()).is_err() {
                break;
            }
        }
        Ok(appended)
    }

    /// W7: prepares log space for `bytes` of records and frames from here on; counted anew at each
    /// call. Returns when the space is on the disk.
    ///
    /// # Errors
    /// [`JournalFault::NoSpace`] names what is missing; the journal goes on as before.
    pub fn reserve(&mut self, bytes: u64) -> Result<(), JournalFault> {
        self.promise(bytes);
        while let Some(preparation) = self.wants() {
            if let Err(fault) = self.accept(preparation.run()) {
                return self.settle_reserve(fault);
            }
        }
        Ok(())
    }

    /// The chain's head.
    pub fn head(&self) -> [u8; 32] {
        self.log.head().hash
    }

    /// LSN of the last durable record; 0 if there is none.
    pub fn last_lsn(&self) -> u64 {
        self.log.head().lsn
    }

    /// Bytes of prepared log space ahead.
    pub fn room_ahead(&self) -> u64 {
        self.log.room_ahead()
    }

    /// The longest frame a batch may make, in bytes.
    pub fn frame_max(&self) -> usize {
        self.log.frame_max()
    }

    /// How the second copy is.
    pub fn second_status(&self) -> SecondStatus {
        self.second
            .as_ref()
            .map_or(SecondStatus::Off, Second::status)
    }

    /// Waits until the second copy has everything durable, at most `limit`; tells how it is then.
    pub fn flush_second_copy(&self, limit: Duration) -> SecondStatus {
        self.second_waiter()
            .map_or(SecondStatus::Off, |waiter| waiter.flush(limit))
    }

    /// Closes the journal: the second copy takes what it lacks and is marked clean. Waits about
    /// `limit` at most; the log needs no closing. Dropping a journal is as safe as a kill.
    pub fn close(self, limit: Duration) -> Closed {
        let head = self.log.head();
        let second = self
            .second
            .map_or(SecondStatus::Off, |second| second.close(limit));
        Closed {
            last_lsn: head.lsn,
            head: head.hash,
            second,
        }
    }

    pub(crate) fn second_waiter(&self) -> Option<Waiter> {
        self.second.as_ref().map(Second::waiter)
    }

    /// Writes several batches as one frame; each gets its own answer.
    pub(crate) fn stage(&mut self, batches: &[&[NewRecord]]) -> Result<Staged, JournalFault> {
        self.log.check()?;
        let bytes = OVERHEAD
            + batches
                .iter()
                .map(|batch| batch_bytes(batch))
                .sum::<usize>();
        within(bytes, self.frame_max())?;
        for batch in batches {
            self.check_batch(batch)?;
        }
        let mut at = self.log.head();
        let mut builder = FrameBuilder::after(at.lsn, at.hash);
        let mut appended = Vec::with_capacity(batches.len());
        for batch in batches {
            let first_lsn = at.lsn + 1;
            for new in *batch {
                at.hash = builder.push(new);
                at.lsn += 1;
            }
            appended.push(Appended {
                first_lsn,
                last_lsn: at.lsn,
                head: at.hash,
            });
        }
        debug_assert_eq!(
            builder.len(),
            bytes,
            "the limit was checked on the true length"
        );
        let frame = builder.finish(self.log.genesis());
        if !frame.stored.is_empty() {
            self.log.write(&frame)?;
        }
        Ok(Staged { frame, appended })
    }

    /// Makes a staged frame durable, then hands it to the second copy.
    pub(crate) fn commit(&mut self, staged: Staged) -> Result<(), JournalFault> {
        let Staged { frame, .. } = staged;
        if frame.stored.is_empty() {
            return Ok(());
        }
        self.log.sync()?;
        if let Some(second) = &self.second {
            second.feed(&frame);
        }
        Ok(())
    }

    /// Refuses a batch that no frame can hold.
    pub(crate) fn check_batch(&self, batch: &[NewRecord]) -> Result<(), JournalFault> {
        let longest = batch.iter().map(|new| new.payload.len()).max();
        within(longest.unwrap_or(0), PAYLOAD_MAX)?;
        within(OVERHEAD + batch_bytes(batch), self.frame_max())
    }

    pub(crate) fn promise(&mut self, bytes: u64) {
        self.log.promise(bytes);
    }

    /// Log space to be prepared now, if any; at most one preparation is out at a time.
    pub(crate) fn wants(&mut self) -> Option<Preparation> {
        self.log.wants()
    }

    /// Takes prepared log space. A fault is raised as an incident and returned for whoever
    /// reserved; appends go on.
    pub(crate) fn accept(&mut self, prepared: Prepared) -> Result<(), JournalFault> {
        let accepted = self.log.accept(prepared);
        if let Err(fault) = &accepted {
            self.incidents.raise(Incident::SegmentNotPrepared {
                why: fault.to_string(),
            });
        }
        accepted
    }

    pub(crate) fn is_reserve_met(&self) -> bool {
        self.log.uncovered() == 0
    }

    /// Whether a reserve is met in spite of a fault (only the spare beyond it is missing).
    pub(crate) fn settle_reserve(&mut self, fault: JournalFault) -> Result<(), JournalFault> {
        if self.log.uncovered() == 0 && self.log.room_ahead() > 0 {
            return Ok(());
        }
        self.log.promise(0);
        Err(fault)
    }
}

fn within(bytes: usize, limit: usize) -> Result<(), JournalFault> {
    if bytes > limit {
        return Err(JournalFault::TooLarge {
            bytes: bytes as u64,
            limit: limit as u64,
        });
    }
    Ok(())
}

/// Bytes that a batch takes in a frame.
pub(crate) fn batch_bytes(batch: &[NewRecord]) -> usize {
    batch.iter().map(room_for).sum()
}
