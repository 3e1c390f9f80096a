//! How the hall opens its journals.

use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use exam_core::SittingId;
use exam_journal::{Disk, IncidentSink, JournalId, Opened, Options};

use super::{Backing, HallFault, HallOptions, OpeningReport};
use crate::data::SittingFolder;

/// Bytes that one revision takes in the log at most, a frame of its own included.
const REVISION_BYTES: u64 = 320;

/// Incidents that the running hall remembers for whoever asks.
const INCIDENTS_KEPT: usize = 100;

/// What the journal told since it was opened. Clones are one list.
#[derive(Debug, Clone, Default)]
pub(super) struct Incidents(Arc<Mutex<Vec<String>>>);

impl Incidents {
    fn sink(&self) -> IncidentSink {
        let list = self.clone();
        IncidentSink::new(move |incident| {
            let mut list = list.0.lock().unwrap_or_else(PoisonError::into_inner);
            if list.len() < INCIDENTS_KEPT {
                list.push(format!("{incident:?}"));
            }
        })
    }

    pub(super) fn list(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

pub(super) fn start_disk(backing: &Backing) -> Result<Disk, HallFault> {
    match backing {
        Backing::Files(files) => Ok(Disk::start(Arc::clone(files))?),
        Backing::Nowhere => Ok(Disk::null()),
    }
}

/// Opens the journal of a sitting; `papers_items` items in all get W7's reserve.
pub(super) async fn open_sitting(
    disk: &Disk,
    folder: &SittingFolder,
    sitting: &SittingId,
    options: &HallOptions,
    items: u64,
    incidents: &Incidents,
) -> Result<(JournalId, Opened), HallFault> {
    let mut journal = Options::new(format!("sitting {sitting}"));
    journal.reserve_bytes = items
        .saturating_mul(u64::from(options.reserved_revisions))
        .saturating_mul(REVISION_BYTES);
    journal.probe.clone_from(&options.probe);
    journal.incidents = incidents.sink();
    if !options.second_copy {
        journal = journal.without_second_copy();
    }
    Ok(disk.open(folder.dir().to_owned(), journal).await?)
}

/// Opens the hall's own journal: small, and without a second copy.
pub(super) async fn open_book(
    disk: &Disk,
    options: &HallOptions,
    incidents: &Incidents,
) -> Result<(JournalId, Opened), HallFault> {
    let mut journal = Options::new(format!("hall {}", options.config.id)).without_second_copy();
    journal.segment_bytes = 9 << 20;
    journal.incidents = incidents.sink();
    Ok(disk.open(options.data.hall_journal(), journal).await?)
}

pub(super) fn report(opened: &Opened) -> OpeningReport {
    OpeningReport {
        papers: None,
        records: opened.report.last_lsn,
        torn_bytes: opened.report.torn.as_ref().map_or(0, |torn| torn.bytes),
        incidents: opened
            .report
            .incidents
            .iter()
            .map(|one| format!("{one:?}"))
            .collect(),
    }
}
