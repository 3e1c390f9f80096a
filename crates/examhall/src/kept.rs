//! A sitting as it lies in a data folder, read back and folded: where marking, verdict and audit
//! begin. Nothing is changed, and no running hall can be holding the folder.

use std::path::Path;
use std::sync::Arc;

use exam_bank::VerifiedBank;
use exam_core::{Event, Sitting, SittingId, WallTime};
use exam_journal::{RealFiles, Record};
use exam_marking::{Context, JournalHead, RosterLine, Units};
use exam_server::banks;
use exam_server::data::{DataFolder, SittingFolder};
use exam_server::roster::{Roster, read_csv};

use crate::exit::{Exit, Failure};
use crate::{audit, hall};

/// A sitting read back.
pub struct Kept {
    /// The bank, verified again.
    pub bank: VerifiedBank,
    /// The state, folded from the record.
    pub sitting: Sitting,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Who sat.
    pub roster: Roster,
    /// The sitting's seed.
    pub seed: [u8; 32],
    /// Where the journal stands.
    pub journal: JournalHead,
    /// The sitting's folder.
    pub folder: SittingFolder,
    _held: DataFolder,
}

impl Kept {
    /// Reads a sitting; without a name the only one there is.
    ///
    /// # Errors
    /// What is missing, held, damaged or does not fit, in words.
    pub fn read(root: &Path, name: Option<&str>) -> Result<Self, Failure> {
        let data = DataFolder::open(root).map_err(|fault| hall::data_failure(root, &fault))?;
        let id = choose(&data, root, name)?;
        let folder = data.sitting(&id);
        let records = exam_journal::read_records(&RealFiles, folder.dir())
            .map_err(|fault| audit::unreadable(folder.dir(), &fault))?;
        let events = decode(&records, &folder)?;
        let opened = events.iter().find_map(|event| match event {
            Event::SittingOpened { manifest, exam, .. } => Some((*manifest, *exam)),
            _ => None,
        });
        let (manifest, exam) = opened.ok_or_else(|| Failure::file(folder.dir(), "no opening"))?;
        let opened_at = records.first().map_or(WallTime(0), |record| WallTime(record.wall_ms));
        let bank = banks::find(&data, &manifest, opened_at)
            .map_err(|fault| bank_failure(&fault))?;
        let rules = bank
            .exams
            .iter()
            .find(|entry| entry.digest == exam)
            .map(|entry| Arc::new(entry.rules.clone()))
            .ok_or_else(|| Failure::file(folder.dir(), format!("exam {exam} is not in the bank")))?;
        let triples = records.iter().map(|record| (record.lsn, record.hall_ms, &record.payload));
        let sitting = exam_record::fold(rules, triples)
            .map_err(|fault| Failure::file(folder.dir(), crate::chain(&fault)))?;
        Ok(Self {
            roster: read_roster(&folder)?,
            seed: read_seed(&folder)?,
            journal: head(&records),
            bank,
            sitting,
            events,
            folder,
            _held: data,
        })
    }

    /// Returns the unit of every item.
    pub fn units(&self) -> Units {
        let items = self.bank.content.items.iter();
        items.map(|(id, item)| (id.clone(), item.unit.clone())).collect()
    }

    /// Returns what the record does not hold and results need.
    pub fn context(&self) -> Context {
        let line = |row: &exam_server::roster::Row| RosterLine {
            ticket: row.number.show().to_owned(),
            name: Some(row.name.show().to_owned()),
        };
        let rows = self.roster.rows().iter();
        Context {
            roster: rows.map(|row| (row.session, line(row))).collect(),
            journal: Some(self.journal.clone()),
        }
    }
}

fn choose(data: &DataFolder, root: &Path, name: Option<&str>) -> Result<SittingId, Failure> {
    let sittings = data.sittings().map_err(|fault| hall::data_failure(root, &fault))?;
    match (name, sittings.as_slice()) {
        (Some(name), all) => all
            .iter()
            .find(|id| id.as_str() == name)
            .cloned()
            .ok_or_else(|| no_such(root, name)),
        (None, [only]) => Ok(only.clone()),
        (None, all) => {
            let names: Vec<&str> = all.iter().map(SittingId::as_str).collect();
            Err(Failure::new(Exit::Usage, "fault-which-sitting").text("names", names.join(" ")))
        }
    }
}

fn no_such(root: &Path, name: &str) -> Failure {
    Failure::new(Exit::Usage, "fault-no-sitting").text("path", root.display()).text("name", name)
}

fn decode(records: &[Record], folder: &SittingFolder) -> Result<Vec<Event>, Failure> {
    let decode = |record: &Record| {
        exam_record::decode(&record.payload).map_err(|fault| {
            Failure::file(folder.dir(), format!("{}: {}", record.lsn, crate::chain(&fault)))
        })
    };
    records.iter().map(decode).collect()
}

fn bank_failure(fault: &banks::BankFault) -> Failure {
    Failure::new(Exit::BankRefused, "fault-bank-refused").text("what", crate::chain(fault))
}

fn read_roster(folder: &SittingFolder) -> Result<Roster, Failure> {
    let path = folder.roster();
    let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, error))?;
    let no_session = || Err(std::io::Error::other("a row without a session"));
    read_csv(&bytes, no_session)
        .map_err(|findings| Failure::file(&path, format!("{} findings", findings.len())))
}

fn read_seed(folder: &SittingFolder) -> Result<[u8; 32], Failure> {
    let path = folder.seed();
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::file(&path, error))?;
    let digest: exam_core::Digest =
        text.trim().parse().map_err(|bad| Failure::file(&path, bad))?;
    Ok(digest.0)
}

fn head(records: &[Record]) -> JournalHead {
    let head = records.last().map_or([0; 32], Record::hash);
    JournalHead {
        records: records.last().map_or(0, |record| record.lsn),
        head: exam_core::Digest(head).to_string(),
    }
}
