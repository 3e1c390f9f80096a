//! A new sitting: from a signed package, a roster and a planned start to papers, seed and the
//! first records.

use std::collections::BTreeMap;
use std::sync::Arc;

use exam_bank::{PlanRow, Report, Trust, assemble, seed_commitment};
use exam_core::{
    Command, Digest, ExamId, HallTime, Opening, Paper, PlannedSession, Rules, Sitting, SittingId,
    SittingKind, WallTime,
};
use exam_journal::{Disk, JournalId, NewRecord};
use exam_proto::seal::{SealedPart, seal_paper};

use super::HallFault;
use crate::banks;
use crate::data::{DataFolder, SittingFolder, make_dir, write_new, write_replacing};
use crate::entropy::Entropy;
use crate::papers::{self, SealedPapers};
use crate::roster::{Roster, write_csv};

/// Records of the opening that go into one frame: an outline of a hundred items is some kilobytes.
const FRAME: usize = 128;

/// A sitting to be opened.
#[derive(Debug, Clone)]
pub struct NewSitting {
    /// Its name.
    pub id: SittingId,
    /// Whether it counts.
    pub kind: SittingKind,
    /// The `.bank` package, as it came.
    pub package: Vec<u8>,
    /// Who may have signed it.
    pub trust: Trust,
    /// Which exam of the bank.
    pub exam: ExamId,
    /// The roster; sessions were drawn when it was read.
    pub roster: Roster,
    /// The planned start.
    pub planned: WallTime,
}

/// What the opening of a sitting has to tell (P8).
#[derive(Debug, Clone, Default)]
pub struct OpeningReport {
    /// What exam-bank reports of the papers; none where a sitting was taken up again.
    pub papers: Option<Report>,
    /// Records that were in the journal before this process.
    pub records: u64,
    /// Bytes of an unfinished write that were cut and kept aside.
    pub torn_bytes: u64,
    /// What happened to the journal's copies, as words for people who know it.
    pub incidents: Vec<String>,
}

/// A sitting ready to be opened: verified, drawn, and not yet written anywhere.
#[derive(Debug)]
pub struct Plan {
    /// Its name.
    pub id: SittingId,
    /// Whether it counts.
    pub kind: SittingKind,
    /// The rules.
    pub rules: Arc<Rules>,
    /// Digest of the signed exam.
    pub exam: Digest,
    /// Digest of the signed manifest.
    pub manifest: Digest,
    /// The planned start.
    pub planned: WallTime,
    /// The roster.
    pub roster: Roster,
    /// Every candidate's paper, in roster order.
    pub papers: Vec<Paper>,
    /// The seed they were drawn with.
    pub seed: [u8; 32],
    /// What the drawing reported.
    pub report: Report,
    /// The files of the exam: signed rules and the texts it shows.
    pub exam_files: BTreeMap<String, Vec<u8>>,
}

impl NewSitting {
    /// Verifies the bank, keeps it, and draws the papers.
    ///
    /// # Errors
    /// [`HallFault`]: the bank is refused, has no such exam, or cannot serve it.
    pub(super) fn plan(
        &self,
        data: &DataFolder,
        now: WallTime,
        entropy: &Entropy,
    ) -> Result<Plan, HallFault> {
        let bank = banks::keep(data, &self.package, &self.trust, now)?;
        let exam = bank
            .exam(&self.exam)
            .ok_or_else(|| HallFault::NoSuchExam(self.exam.clone()))?;
        let seed = entropy.seed()?;
        let rows = self.roster.rows().iter();
        let plan: Vec<PlanRow> = rows
            .map(|row| PlanRow {
                session: row.session,
                place: row.place,
            })
            .collect();
        let assembled = assemble(&exam.rules, &bank.content, &seed, &plan)?;
        let files = exam_bank::container::unpack(&self.package)
            .map_err(|bad| HallFault::Bank(exam_bank::Refused::from(bad).into()))?;
        let of_exam = |name: &String| {
            name.starts_with(&format!("{}.json", exam.name)) || exam.undertakings.contains_key(name)
        };
        Ok(Plan {
            id: self.id.clone(),
            kind: self.kind,
            rules: Arc::new(exam.rules.clone()),
            exam: exam.digest,
            manifest: bank.digest,
            planned: self.planned,
            roster: self.roster.clone(),
            papers: assembled.papers,
            seed,
            report: assembled.report,
            exam_files: files
                .into_iter()
                .filter(|(name, _)| of_exam(name))
                .collect(),
        })
    }
}

impl Plan {
    /// Seals the papers, each part under its own key.
    pub(super) fn seal(&self) -> SealedPapers {
        let seal = |paper: &Paper| (paper.session, seal_paper(&self.seed, &self.manifest, paper));
        self.papers.iter().map(seal).collect()
    }

    /// Writes what must be on the disk before the first record: seed, roster, exam, papers.
    ///
    /// # Errors
    /// [`HallFault`]: the sitting exists, or the disk.
    pub(super) fn write_files(
        &self,
        folder: &SittingFolder,
        sealed: &SealedPapers,
    ) -> Result<(), HallFault> {
        make_dir(folder.dir())?;
        // The seed first, and synced: its commitment goes into the first record.
        let seed = format!("{}\n", Digest(self.seed));
        write_new(&folder.seed(), seed.as_bytes())?;
        write_replacing(&folder.roster(), &write_csv(&self.roster))?;
        make_dir(&folder.exams())?;
        for (name, bytes) in &self.exam_files {
            write_replacing(&folder.exams().join(name), bytes)?;
        }
        papers::write(&folder.papers(), sealed)?;
        Ok(())
    }

    fn opening(&self, planned: HallTime, sealed: &SealedPapers) -> Opening {
        let sessions = self
            .roster
            .rows()
            .iter()
            .zip(&self.papers)
            .map(|(row, paper)| {
                let parts: &[SealedPart] = sealed.get(&row.session).map_or(&[], Vec::as_slice);
                let digests: Vec<Digest> = parts.iter().map(|part| part.digest).collect();
                PlannedSession {
                    session: row.session,
                    seat: row.seat.clone(),
                    place: row.place,
                    factor: row.factor,
                    outline: paper.outline(&digests),
                }
            });
        Opening {
            sitting: self.id.clone(),
            kind: self.kind,
            exam: self.exam,
            manifest: self.manifest,
            commitment: seed_commitment(&self.seed),
            planned,
            planned_wall: self.planned,
            sessions: sessions.collect(),
        }
    }

    /// Writes the first records and returns the opened sitting.
    ///
    /// # Errors
    /// [`HallFault`]: the seat plan cannot be, or the disk.
    pub(super) async fn record(
        &self,
        sealed: &SealedPapers,
        (planned, now, wall): (HallTime, HallTime, WallTime),
        (disk, journal): (&Disk, JournalId),
    ) -> Result<Sitting, HallFault> {
        let mut sitting = Sitting::new(Arc::clone(&self.rules));
        let command = Command::Open(Box::new(self.opening(planned, sealed)));
        let decision = sitting.decide(now, &command);
        decision.reply.map_err(HallFault::Refused)?;
        for events in decision.events.chunks(FRAME) {
            let mut records = Vec::with_capacity(events.len());
            for event in events {
                records.push(NewRecord {
                    hall_ms: now.0,
                    wall_ms: wall.0,
                    payload: exam_record::encode(event),
                });
                sitting
                    .apply(now, event)
                    .map_err(|misfit| HallFault::Desk(misfit.into()))?;
            }
            disk.append(journal, records).await?;
        }
        Ok(sitting)
    }
}
