//! The result sheet of a sitting, as CSV for people and as JSON for programs.
//!
//! Both are made of the same document; the same document gives the same bytes.

use std::collections::BTreeSet;

use csv::{Terminator, WriterBuilder};
use exam_core::{HallTime, Lang, Marks};
use exam_marking::{PaperResult, ResultDocument, SessionResult};

use crate::guard::guarded;
use crate::headings;

/// A sheet that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeFault {
    /// The CSV writer failed.
    #[error("could not write the sheet as CSV")]
    Csv(#[source] csv::Error),
    /// The JSON writer failed.
    #[error("could not write the results as JSON")]
    Json(#[source] serde_json::Error),
    /// A paper's sections are not those of the exam.
    #[error("the paper at seat {seat} has {have} sections, the exam has {want}")]
    OtherSections {
        /// The seat.
        seat: String,
        /// Sections of the paper.
        have: usize,
        /// Sections of the exam.
        want: usize,
    },
}

/// What a spreadsheet needs to see that a file is UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Writes the result sheet: UTF-8 with byte-order mark, comma, CRLF, one row for each candidate in
/// roster order. Who has no marks (absent) has empty cells, not zeros.
///
/// # Errors
/// [`ExchangeFault`] where a paper does not have the exam's sections.
pub fn results_csv(document: &ResultDocument, lang: Lang) -> Result<Vec<u8>, ExchangeFault> {
    let units: BTreeSet<&str> = document
        .sessions
        .iter()
        .filter_map(|session| session.paper.as_ref())
        .flat_map(|paper| paper.units.keys().map(String::as_str))
        .collect();
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(BOM.to_vec());
    writer
        .write_record(guard_all(headings_of(document, &units, lang)))
        .map_err(ExchangeFault::Csv)?;
    for session in &document.sessions {
        let row = row(document, session, &units, lang)?;
        writer
            .write_record(guard_all(row))
            .map_err(ExchangeFault::Csv)?;
    }
    writer
        .into_inner()
        .map_err(|unflushed| ExchangeFault::Csv(unflushed.into_error().into()))
}

/// Writes the whole document as JSON, indented, with a newline at its end.
///
/// # Errors
/// [`ExchangeFault::Json`], which a document of texts and whole numbers does not cause.
pub fn results_json(document: &ResultDocument) -> Result<Vec<u8>, ExchangeFault> {
    let mut bytes = serde_json::to_vec_pretty(document).map_err(ExchangeFault::Json)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn guard_all(cells: Vec<String>) -> Vec<String> {
    let guard = |cell: String| guarded(&cell).into_owned();
    cells.into_iter().map(guard).collect()
}

fn headings_of(document: &ResultDocument, units: &BTreeSet<&str>, lang: Lang) -> Vec<String> {
    let sections = &document.exam.sections;
    let parts: BTreeSet<u8> = sections.iter().map(|head| head.part).collect();
    let mut cells: Vec<String> = headings::first(lang).map(str::to_owned).to_vec();
    cells.extend(
        sections
            .iter()
            .map(|head| headings::section(head, parts.len(), lang)),
    );
    cells.extend(units.iter().map(|code| headings::unit(code, lang)));
    cells.extend(headings::last(lang).map(str::to_owned));
    cells
}

fn row(
    document: &ResultDocument,
    session: &SessionResult,
    units: &BTreeSet<&str>,
    lang: Lang,
) -> Result<Vec<String>, ExchangeFault> {
    let mut cells = vec![
        session.candidate.clone(),
        session.name.clone().unwrap_or_default(),
        session.seat.clone(),
        headings::end(&session.end, lang).to_owned(),
    ];
    let columns = headings::first(lang).len()
        + document.exam.sections.len()
        + units.len()
        + headings::last(lang).len();
    match &session.paper {
        Some(paper) => {
            let want = document.exam.sections.len();
            if paper.sections.len() != want {
                return Err(ExchangeFault::OtherSections {
                    seat: session.seat.clone(),
                    have: paper.sections.len(),
                    want,
                });
            }
            let ended = document
                .started_ms
                .map(|start| (HallTime(session.at_ms) - HallTime(start)).to_string());
            cells.push(ended.unwrap_or_default());
            cells.extend(marks(paper, units, lang));
        }
        None => cells.resize(columns, String::new()),
    }
    Ok(cells)
}

fn marks(paper: &PaperResult, units: &BTreeSet<&str>, lang: Lang) -> Vec<String> {
    let points = |hundredths: i32| Marks(hundredths).to_string();
    let items: usize = paper
        .sections
        .iter()
        .map(|section| section.items.len())
        .sum();
    let mut cells = vec![
        points(paper.total),
        headings::passed(paper.passed, lang).to_owned(),
    ];
    cells.extend(paper.sections.iter().map(|section| points(section.marks)));
    cells.extend(units.iter().map(|code| {
        let unit = paper.units.get(*code);
        unit.map_or_else(String::new, |unit| points(unit.marks))
    }));
    cells.extend([
        paper.answered.to_string(),
        items.to_string(),
        paper.counted_offline.to_string(),
        points(paper.total_without_offline),
        paper.waiting.to_string(),
    ]);
    cells
}
