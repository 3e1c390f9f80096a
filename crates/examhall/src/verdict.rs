//! The verdict over a rehearsal: a new process reads the record back and holds it against the
//! ledgers that the candidates kept. It believes neither the server nor the bots.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use exam_bank::{PlanRow, assemble};
use exam_client::bot::{Ledger, LedgerLine};
use exam_core::{
    Digest, Epoch, Event, ItemId, Marks, OptionId, Outline, Rules, Seq, SessionId, WallTime,
};
use exam_marking::mark_sitting;
use exam_proto::seal::{encode_part, part_digest};
use serde::{Deserialize, Serialize};

use crate::cli;
use crate::exit::{Exit, Failure};
use crate::kept::Kept;
use crate::{bank, mark, second_marker};

/// What a rehearsal came to.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Acked revisions in the ledgers.
    pub ledger_revisions: u64,
    /// Of these, the ones the record does not have, or has otherwise.
    pub acked_missing_from_journal: u64,
    /// Papers that break the blueprint, or are not what the seed gives when drawn again.
    pub papers_invalid: u64,
    /// Papers whose two markers, or the mark shown to the candidate, differ.
    pub marks_mismatched: u64,
    /// Records in the journal.
    pub records: u64,
    /// The chain's head.
    pub head: String,
    /// One for each session that has an end.
    pub marks: Vec<MarkLine>,
}

/// One candidate's marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkLine {
    /// Admission number.
    pub candidate: String,
    /// Hundredths of a point.
    pub total: i32,
    /// Whether it is a pass.
    pub passed: bool,
}

impl Verdict {
    /// Says whether nothing is missing and everything agrees.
    pub const fn is_good(&self) -> bool {
        self.acked_missing_from_journal == 0 && self.papers_invalid == 0 && self.marks_mismatched == 0
    }
}

/// Runs the verdict and writes it down; `result.csv` and `result.json` go beside it.
///
/// # Errors
/// What cannot be read back, in words; [`Exit::Verdict`] where something is missing or differs.
pub fn run(ask: &cli::Verdict, lang: exam_core::Lang, now: WallTime) -> Result<(), Failure> {
    let kept = Kept::read(&ask.data, Some(&ask.sitting))?;
    let trust = bank::read_trust(&ask.trust)?;
    let keys = bank::open_keys(&ask.keys, &trust, &kept.bank.digest, now)?;
    let ledgers = read_ledgers(&ask.ledgers)?;
    let document = mark::document(&kept, &keys)?;
    if let Some(out) = ask.json.parent() {
        mark::write(&document, out, lang)?;
        mark::table(&document, lang);
    }
    let marks = document.sessions.iter().filter_map(|session| {
        let paper = session.paper.as_ref()?;
        let candidate = session.candidate.clone();
        Some(MarkLine { candidate, total: paper.total, passed: paper.passed })
    });
    let verdict = Verdict {
        ledger_revisions: u64::try_from(ledgers.len()).unwrap_or(u64::MAX),
        acked_missing_from_journal: missing(&ledgers, &kept.events),
        papers_invalid: invalid_papers(&kept),
        marks_mismatched: mismatched(&kept, &keys, &ask.ledgers)?,
        records: kept.journal.records,
        head: kept.journal.head.clone(),
        marks: marks.collect(),
    };
    let text = serde_json::to_string(&verdict).map_err(Failure::unexpected)?;
    std::fs::write(&ask.json, text).map_err(|error| Failure::file(&ask.json, error))?;
    if verdict.is_good() {
        return Ok(());
    }
    Err(Failure::new(Exit::Verdict, "fault-record-differs").text("what", format!("{verdict:?}")))
}

fn read_ledgers(dir: &Path) -> Result<Vec<LedgerLine>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|error| Failure::file(dir, error))?;
    let mut lines = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Failure::file(dir, error))?.path();
        if path.extension().is_some_and(|ending| ending == "ledger") {
            let read = Ledger::read(&path);
            lines.extend(read.map_err(|fault| Failure::file(&path, crate::chain(&fault)))?);
        }
    }
    Ok(lines)
}

type Name = (SessionId, Epoch, Seq);

/// Counts the acked revisions that the record has not, or has with other bytes.
pub fn missing(ledgers: &[LedgerLine], events: &[Event]) -> u64 {
    let mut record: BTreeMap<Name, (&ItemId, Option<&OptionId>)> = BTreeMap::new();
    for event in events {
        if let Event::Answered { session, epoch, revision, .. }
        | Event::RevisionKept { session, epoch, revision, .. } = event
        {
            let name = (*session, *epoch, revision.seq);
            record.entry(name).or_insert((&revision.item, revision.choice.as_ref()));
        }
    }
    let lost = ledgers.iter().filter(|line| {
        let name = (line.session, line.epoch, line.seq);
        record.get(&name) != Some(&(&line.item, line.choice.as_ref()))
    });
    u64::try_from(lost.count()).unwrap_or(u64::MAX)
}

/// Counts papers that break the blueprint or are not what the seed gives when drawn again (P1).
fn invalid_papers(kept: &Kept) -> u64 {
    let rules = kept.sitting.rules();
    let rows = kept.roster.rows().iter();
    let plan: Vec<PlanRow> =
        rows.map(|row| PlanRow { session: row.session, place: row.place }).collect();
    let drawn: BTreeMap<SessionId, Outline> = assemble(rules, &kept.bank.content, &kept.seed, &plan)
        .map(|assembled| assembled.papers)
        .unwrap_or_default()
        .iter()
        .map(|paper| {
            let digest = |part| part_digest(&encode_part(paper.session, &paper.exam, part));
            let digests: Vec<Digest> = paper.parts.iter().map(digest).collect();
            (paper.session, paper.outline(&digests))
        })
        .collect();
    let bad = kept.sitting.sessions().iter().filter(|(id, session)| {
        drawn.get(*id) != Some(&session.outline) || !keeps_the_counts(&session.outline, rules)
    });
    u64::try_from(bad.count()).unwrap_or(u64::MAX)
}

/// P3: the counts exactly, no item twice.
fn keeps_the_counts(outline: &Outline, rules: &Rules) -> bool {
    let mut seen = BTreeSet::new();
    let once = outline.items().all(|(_, item)| seen.insert(&item.item));
    let have = outline.parts.iter().flat_map(|part| &part.sections);
    let want: Vec<_> = rules.parts.iter().flat_map(|part| &part.sections).collect();
    let same = have.clone().zip(&want).all(|(section, rule)| {
        section.kind == rule.kind
            && section.points == rule.points
            && section.items.len() == usize::from(rule.count)
    });
    once && same && have.count() == want.len()
}

/// Marks that the candidates were shown, by session: what a bot's receipt said.
pub const SHOWN: &str = "shown.json";

/// Counts sessions whose marks differ between the two markers, or from what was shown.
fn mismatched(kept: &Kept, keys: &exam_bank::Keys, ledgers: &Path) -> Result<u64, Failure> {
    let first = mark_sitting(&kept.sitting, keys, &kept.units())
        .map_err(|fault| Failure::file(kept.folder.dir(), crate::chain(&fault)))?;
    let first: BTreeMap<SessionId, Marks> = first
        .iter()
        .filter_map(|marks| Some((marks.session, marks.paper.as_ref()?.total)))
        .collect();
    let key = |item: &ItemId| keys.key(item).map(exam_bank::ItemKey::option);
    let second = second_marker::mark(&kept.events, key);
    let shown = read_shown(&ledgers.join(SHOWN))?;
    let all: BTreeSet<&SessionId> = first.keys().chain(second.keys()).collect();
    let bad = all.into_iter().filter(|id| {
        let total = first.get(*id);
        let differs = shown.get(&id.to_string()).is_some_and(|shown| Some(&Marks(*shown)) != total);
        differs || total != second.get(*id)
    });
    Ok(u64::try_from(bad.count()).unwrap_or(u64::MAX))
}

fn read_shown(path: &Path) -> Result<BTreeMap<String, i32>, Failure> {
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    serde_json::from_str(&text).map_err(|error| Failure::file(path, error))
}
