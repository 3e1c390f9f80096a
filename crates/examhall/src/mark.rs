//! `examhall mark`: record + keys to the result sheet.
//!
//! Whether a response is right is exam-marking's business, how a sheet looks exam-exchange's.

use std::path::Path;

use exam_core::{Lang, Marks, WallTime};
use exam_marking::{ResultDocument, result_document};
use exam_text::Args;

use crate::cli::Mark;
use crate::exit::{Exit, Failure};
use crate::kept::Kept;
use crate::{bank, output};

/// Marks a sitting and writes `result.csv` and `result.json`.
///
/// # Errors
/// What could not be read, verified or written, in words; nothing is written in halves.
pub(crate) fn run(mark: &Mark, lang: Lang, now: WallTime) -> Result<(), Failure> {
    let kept = Kept::read(&mark.data, mark.sitting.as_deref())?;
    let trust = bank::read_trust(&mark.trust)?;
    let keys = bank::open_keys(&mark.keys, &trust, &kept.bank.digest, now)?;
    let document = document(&kept, &keys)?;
    std::fs::create_dir_all(&mark.out).map_err(|error| Failure::file(&mark.out, error))?;
    let paths = write(&document, &mark.out, lang)?;
    table(&document, lang);
    for path in paths {
        let args = Args::new().text("path", path.display().to_string());
        output::line(crate::say("bank-packed", &args, lang));
    }
    Ok(())
}

/// Makes the results of a sitting.
///
/// # Errors
/// [`Exit::Verdict`] naming what cannot be marked, such as an item without a key.
pub(crate) fn document(kept: &Kept, keys: &exam_bank::Keys) -> Result<ResultDocument, Failure> {
    result_document(&kept.sitting, keys, &kept.units(), &kept.context()).map_err(|fault| {
        Failure::new(Exit::Verdict, "fault-record-differs").text("what", crate::chain(&fault))
    })
}

/// Writes the sheet in both forms, each whole or not at all.
///
/// # Errors
/// The file that cannot be written.
pub(crate) fn write(
    document: &ResultDocument,
    out: &Path,
    lang: Lang,
) -> Result<Vec<std::path::PathBuf>, Failure> {
    let csv = exam_exchange::results_csv(document, lang).map_err(Failure::unexpected)?;
    let json = exam_exchange::results_json(document).map_err(Failure::unexpected)?;
    let mut paths = Vec::new();
    for (name, bytes) in [("result.csv", csv), ("result.json", json)] {
        let path = out.join(name);
        exam_server::data::write_replacing(&path, &bytes)
            .map_err(|fault| Failure::file(&path, crate::chain(&fault)))?;
        paths.push(path);
    }
    Ok(paths)
}

/// Prints the result sheet for people.
pub(crate) fn table(document: &ResultDocument, lang: Lang) {
    let say = |id: &str| crate::say(id, &Args::new(), lang);
    let head = [
        "table-seat",
        "table-number",
        "table-name",
        "table-end",
        "table-answered",
        "table-total",
        "table-passed",
    ];
    let mut rows = vec![head.map(say)];
    rows.extend(document.sessions.iter().map(|session| {
        let paper = session.paper.as_ref();
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        [
            session.seat.clone(),
            session.candidate.clone(),
            session.name.clone().unwrap_or_default(),
            say(&format!("end-{}", session.end)),
            or_dash(paper.map(|paper| paper.answered.to_string())),
            or_dash(paper.map(|paper| Marks(paper.total).to_string())),
            or_dash(paper.map(|paper| {
                say(if paper.passed {
                    "table-pass"
                } else {
                    "table-fail"
                })
            })),
        ]
    }));
    for row in in_columns(&rows) {
        output::line(row);
    }
}

/// Sets rows in columns by display width, so that hanzi stand straight.
fn in_columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let glyphs = exam_term::Look::plain().glyphs;
    let width = |text: &String| usize::from(glyphs.width(text));
    let mut widths = [0; N];
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row
            .iter()
            .zip(widths)
            .map(|(cell, widest)| format!("{cell}{}  ", " ".repeat(widest - width(cell))));
        cells.collect::<String>().trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
