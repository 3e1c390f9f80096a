//! `examhall audit`: what a hall has kept, printed for people, changing nothing.
//!
//! Reading, verifying and folding are exam-journal's and exam-record's; here are only the lines.

use std::path::Path;

use exam_core::{Event, HallTime, Lang};
use exam_journal::{AuditReport, JournalFault, RealFiles, Record, SecondState};
use exam_text::Args;

use crate::exit::{Exit, Failure};
use crate::output;

/// Prints a journal's records, its chain head and any damage by record.
///
/// # Errors
/// [`Exit::Verdict`] where anything is lost or damaged, [`Exit::Journal`] where there is no
/// readable journal.
pub(crate) fn journal(folder: &Path, summary: bool, lang: Lang) -> Result<(), Failure> {
    let visit = |record: &Record| {
        if !summary {
            output::line(describe(record));
        }
    };
    let report = exam_journal::audit_with(&RealFiles, folder, visit)
        .map_err(|fault| unreadable(folder, &fault))?;
    for line in summary_lines(&report, lang) {
        output::line(line);
    }
    let damaged = report.lost.first().map(|lost| lost.first);
    if report.is_whole() && report.damage.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Exit::Verdict, "fault-journal-damaged")
        .text("path", folder.display())
        .text(
            "record",
            damaged.map_or_else(|| "?".to_owned(), |lsn| lsn.to_string()),
        ))
}

/// Says that a journal cannot be read at all.
pub(crate) fn unreadable(folder: &Path, fault: &JournalFault) -> Failure {
    Failure::new(Exit::Journal, "fault-journal-unreadable")
        .text("path", folder.display())
        .text("what", crate::chain(fault))
}

fn summary_lines(report: &AuditReport, lang: Lang) -> Vec<String> {
    let say = |id: &str, args: Args<'_>| crate::say(id, &args, lang);
    let number = |n: u64| n.to_string();
    let mut lines = vec![
        say(
            "audit-records",
            Args::new()
                .text("records", number(report.records))
                .text("frames", number(report.frames)),
        ),
        say(
            "audit-head",
            Args::new().text("head", exam_core::Digest(report.head).to_string()),
        ),
    ];
    for (spans, records) in &report.damage {
        for span in spans {
            let args = Args::new().text("place", span.to_string());
            lines.push(say("audit-damage", args));
        }
        if let Some(lost) = records {
            let args = Args::new()
                .text("first", number(lost.first))
                .text("last", number(lost.last));
            lines.push(say("audit-damaged-records", args));
        }
    }
    for lost in &report.lost {
        let args = Args::new()
            .text("first", number(lost.first))
            .text("last", number(lost.last));
        lines.push(say("audit-lost", args));
    }
    if report.torn_bytes > 0 {
        lines.push(say(
            "audit-torn",
            Args::new().text("bytes", number(report.torn_bytes)),
        ));
    }
    lines.push(match &report.second {
        SecondState::Absent => say("audit-second-absent", Args::new()),
        SecondState::Agrees => say("audit-second-agrees", Args::new()),
        SecondState::Behind(n) => say("audit-second-behind", Args::new().text("count", number(*n))),
        SecondState::Ahead(n) => say("audit-second-ahead", Args::new().text("count", number(*n))),
        SecondState::Differs(at) => say(
            "audit-second-differs",
            Args::new().text("record", number(*at)),
        ),
        SecondState::Unreadable(why) => say(
            "audit-second-unreadable",
            Args::new().text("what", why.clone()),
        ),
    });
    lines
}

/// Writes one record as one line: number, hall time, what happened.
fn describe(record: &Record) -> String {
    let what = match exam_record::decode(&record.payload) {
        Ok(event) => words(&event),
        Err(_) => match exam_record::decode_hall(&record.payload) {
            Ok(hall) => format!("{hall:?}"),
            Err(fault) => format!("?? {}", crate::chain(&fault)),
        },
    };
    format!(
        "{:>8}  {:>12}  {what}",
        record.lsn,
        HallTime(record.hall_ms).0
    )
}

/// The events of a sitting in words an auditor can read; ids only, as in the chain (RULES 9).
fn words(event: &Event) -> String {
    match event {
        Event::PaperFixed { session, outline } => {
            format!("PaperFixed {session} items={}", outline.total())
        }
        Event::Answered {
            session,
            epoch,
            revision,
            counted,
            ..
        } => format!(
            "Answered {session} {epoch}/{} {}={} {counted:?}",
            revision.seq,
            revision.item,
            revision
                .choice
                .as_ref()
                .map_or("-", exam_core::OptionId::as_str),
        ),
        Event::RevisionKept {
            session,
            epoch,
            revision,
            why,
            ..
        } => format!(
            "RevisionKept {session} {epoch}/{} {} {why:?}",
            revision.seq, revision.item
        ),
        Event::LoggedIn {
            session,
            seat,
            epoch,
            ..
        } => {
            format!("LoggedIn {session} {seat} epoch={epoch}")
        }
        other => format!("{other:?}"),
    }
}
