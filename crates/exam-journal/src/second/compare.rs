//! The full scan of the second copy against the log, record by record, byte by byte.
//!
//! The log is right: every one of its records is proven by the chain. This module finds the first
//! difference; what is done about it is the caller's business.

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use bytes::Bytes;

use super::{Store, StoreFault, guarded};
use crate::{
    files::Files,
    log::{Depth, Scan, Seen, scan},
};

const CHUNK: usize = 1024;

/// What the comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every record that both have is the same, and the copy has every one up to its last.
    Agrees,
    /// From this LSN on the copy has other bytes, lacks a record, or goes beyond the log.
    Differs(u64),
}

/// Compares the records up to `last` (the copy's last) with the log, whose last is `log_last`.
pub(crate) fn against_log(
    files: &dyn Files,
    log_dir: &Path,
    genesis: [u8; 32],
    store: &dyn Store,
    last: u64,
    log_last: u64,
) -> Result<Verdict, StoreFault> {
    let both = last.min(log_last);
    let mut chunk: Vec<(u64, Bytes)> = Vec::with_capacity(CHUNK);
    let mut found: Result<Option<u64>, StoreFault> = Ok(None);
    let mut check = |chunk: &mut Vec<(u64, Bytes)>| {
        found = first_difference(store, chunk);
        chunk.clear();
        if matches!(found, Ok(None)) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let walked = scan(
        Scan {
            files,
            dir: log_dir,
            genesis,
            from: 1,
            depth: Depth::Opening,
        },
        &mut |seen| {
            let Seen::Record(record) = seen else {
                return ControlFlow::Continue(());
            };
            if record.lsn > both {
                return ControlFlow::Break(());
            }
            chunk.push((record.lsn, record.stored()));
            if chunk.len() < CHUNK {
                ControlFlow::Continue(())
            } else {
                check(&mut chunk)
            }
        },
    );
    walked.map_err(|e| StoreFault::Failed(format!("could not read the log: {e}")))?;
    if !chunk.is_empty() && check(&mut chunk).is_break() {
        return found.map(|lsn| Verdict::Differs(lsn.unwrap_or(1)));
    }
    match found? {
        Some(lsn) => Ok(Verdict::Differs(lsn)),
        None if last > log_last => Ok(Verdict::Differs(log_last + 1)),
        None => Ok(Verdict::Agrees),
    }
}

fn first_difference(store: &dyn Store, log: &[(u64, Bytes)]) -> Result<Option<u64>, StoreFault> {
    let (Some((first, _)), Some((last, _))) = (log.first(), log.last()) else {
        return Ok(None);
    };
    let copy: BTreeMap<u64, Bytes> = guarded(|| store.read(*first..=*last))?
        .into_iter()
        .collect();
    let differs = |(lsn, stored): &&(u64, Bytes)| copy.get(lsn) != Some(stored);
    Ok(log.iter().find(differs).map(|(lsn, _)| *lsn))
}
