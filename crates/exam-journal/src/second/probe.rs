//! Looking at a second copy before trusting it: in a process of its own, with a time limit.
//!
//! Opening a damaged sled folder may panic, hang, or take memory. The child does the opening; this
//! process only waits for its exit code. It judges no record: that is the full scan's work.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use super::guarded;
use super::store::{SledStore, Store as _, StoreFault};
use crate::{options::ProbeCommand, record::stored_hash};

/// What a trial opening found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// It opens, and its last record is the one of its checkpoint.
    Sound,
    /// It does not.
    Damaged,
}

impl Probe {
    /// The exit code by which the probing process tells the other.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Sound => 0,
            Self::Damaged => 1,
        }
    }
}

/// Opens the sled folder `dir` as a trial. To be called in a process of its own
/// ([`ProbeCommand`]): it may take long, and a panic hook that aborts is welcome there.
pub fn probe(dir: &Path) -> Probe {
    let look = || {
        let store = SledStore::open(dir)?;
        let Some(head) = store.checkpoint()? else {
            return Ok(true);
        };
        if head.lsn == 0 {
            return Ok(true);
        }
        let last = store.read(head.lsn..=head.lsn)?;
        Ok(last
            .first()
            .is_some_and(|(_, stored)| stored_hash(stored) == head.hash))
    };
    match guarded(look) {
        Ok(true) => Probe::Sound,
        Ok(false) | Err(_) => Probe::Damaged,
    }
}

const STEP: Duration = Duration::from_millis(5);

/// Runs the probing process on `dir` and waits for it no longer than `limit`.
pub(super) fn run(command: &ProbeCommand, dir: &Path, limit: Duration) -> Result<(), StoreFault> {
    let child = Command::new(&command.program)
        .args(&command.args)
        .arg(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child =
        child.map_err(|e| StoreFault::Failed(format!("could not start the probe: {e}")))?;
    let mut waited = Duration::ZERO;
    while waited < limit {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => return Err(StoreFault::ProbeFailed),
            Ok(None) => thread::sleep(STEP),
            Err(e) => {
                return Err(StoreFault::Failed(format!(
                    "could not wait for the probe: {e}"
                )));
            }
        }
        waited += STEP;
    }
    end(&mut child);
    Err(StoreFault::Slow)
}

fn end(child: &mut Child) {
    // It may have ended by itself meanwhile; either way it is gone or cannot be helped.
    drop(child.kill());
    drop(child.wait());
}
