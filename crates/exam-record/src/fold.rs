//! A row of records to the state of a sitting: restart, audit and marking all begin here.

use std::sync::Arc;

use exam_core::{HallTime, Misfit, Rules, Sitting};

use crate::decode::decode;
use crate::fault::RecordFault;

/// A record at which a fold had to stop, by its number in the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("could not take record {lsn} into the sitting")]
pub struct FoldFault {
    /// The record's number.
    pub lsn: u64,
    /// What is wrong with it.
    #[source]
    pub why: FoldWhy,
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldWhy {
    /// It cannot be read.
    #[error(transparent)]
    Record(#[from] RecordFault),
    /// It cannot follow what happened before.
    #[error(transparent)]
    Misfit(#[from] Misfit),
}

/// Folds the records of a sitting's journal, in order, into its state.
///
/// Each record is its number, its hall time in milliseconds, and its payload.
///
/// # Errors
/// [`FoldFault`] at the first record that cannot be read or cannot follow those before it.
pub fn fold<P: AsRef<[u8]>>(
    rules: Arc<Rules>,
    records: impl IntoIterator<Item = (u64, i64, P)>,
) -> Result<Sitting, FoldFault> {
    let mut sitting = Sitting::new(rules);
    for (lsn, hall_ms, payload) in records {
        let taken = decode(payload.as_ref())
            .map_err(FoldWhy::from)
            .and_then(|event| Ok(sitting.apply(HallTime(hall_ms), &event)?));
        taken.map_err(|why| FoldFault { lsn, why })?;
    }
    Ok(sitting)
}
