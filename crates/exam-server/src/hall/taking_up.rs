//! Taking a sitting up again: from its journal, its seed, its papers and its bank back to the very
//! state it was in.

use std::sync::Arc;

use exam_bank::seed_commitment;
use exam_core::{Digest, Event, HallTime, Rules, Sitting, WallTime};
use exam_journal::Opened;

use super::HallFault;
use crate::banks;
use crate::data::{DataFault, DataFolder, SittingFolder};
use crate::papers::{self, SealedPapers};
use crate::roster::{Roster, read_csv};

/// A sitting as its journal has it.
#[derive(Debug)]
pub(super) struct TakenUp {
    pub(super) sitting: Sitting,
    pub(super) rules: Arc<Rules>,
    pub(super) papers: SealedPapers,
    pub(super) seed: [u8; 32],
    /// Hall and wall time of the newest record.
    pub(super) last: (HallTime, WallTime),
}

/// Folds an opened journal and checks everything beside it against it.
pub(super) fn take_up(
    data: &DataFolder,
    folder: &SittingFolder,
    opened: &Opened,
) -> Result<TakenUp, HallFault> {
    let lost: u64 = opened
        .report
        .lost
        .iter()
        .map(|lost| lost.last - lost.first + 1)
        .sum();
    if lost > 0 {
        return Err(HallFault::RecordsLost(lost));
    }
    let first = opened
        .records
        .first()
        .and_then(|record| exam_record::decode(&record.payload).ok());
    let Some(Event::SittingOpened {
        exam,
        manifest,
        commitment,
        planned_wall,
        ..
    }) = first
    else {
        return Err(HallFault::NoOpening);
    };
    let bank = banks::find(data, &manifest, planned_wall)?;
    let rules = bank.exams.iter().find(|one| one.digest == exam);
    let rules = Arc::new(rules.ok_or(HallFault::NoOpening)?.rules.clone());
    let records = opened.records.iter();
    let records = records.map(|record| (record.lsn, record.hall_ms, &record.payload));
    let sitting = exam_record::fold(Arc::clone(&rules), records)?;
    let seed = read_seed(folder)?;
    if seed_commitment(&seed) != commitment {
        return Err(HallFault::OtherSeed);
    }
    let last = opened
        .records
        .last()
        .map_or((HallTime(0), WallTime(0)), |record| {
            (HallTime(record.hall_ms), WallTime(record.wall_ms))
        });
    Ok(TakenUp {
        papers: papers::read(&folder.papers(), &sitting, &seed, &manifest)?,
        sitting,
        rules,
        seed,
        last,
    })
}

fn read_seed(folder: &SittingFolder) -> Result<[u8; 32], HallFault> {
    let path = folder.seed();
    let text = std::fs::read_to_string(&path).map_err(DataFault::io("read", &path))?;
    let seed: Digest = text.trim().parse().map_err(|_bad| HallFault::OtherSeed)?;
    Ok(seed.0)
}

/// Reads the roster that lies in a sitting's folder.
pub(super) fn read_roster(folder: &SittingFolder) -> Result<Roster, HallFault> {
    let path = folder.roster();
    let text = std::fs::read(&path).map_err(DataFault::io("read", &path))?;
    let no_new_session = || Err(std::io::ErrorKind::InvalidData.into());
    read_csv(&text, no_new_session).map_err(|findings| HallFault::Roster(findings.len()))
}
