//! A whole sitting without a screen: simulated candidates, then a verdict by another process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use exam_client::bot::BotReport;
use exam_core::{End, Lang, Span, WallTime};
use exam_text::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::chief::{self, Progress};
use super::stage::{Stage, record_place};
use crate::cli::Demo;
use crate::exit::{Exit, Failure};
use crate::verdict::{SHOWN, Verdict};
use crate::{bank, output};

/// Hall time between opening and the planned start: enrolment and log-in fall into it.
const UNTIL_START: Span = Span::minutes(8);

/// What the sitting left for the verdict.
struct Played {
    reports: Vec<BotReport>,
    failed: usize,
    root: PathBuf,
    extras: PathBuf,
    sitting: String,
}

/// Rehearses a sitting and judges it.
///
/// # Errors
/// [`Exit::Verdict`] where an acked answer is missing, a paper invalid or a mark unequal.
pub(super) fn run(
    runtime: &Runtime,
    demo: &Demo,
    lang: Lang,
    now: WallTime,
) -> Result<(), Failure> {
    let played = runtime.block_on(play(demo, lang, now))?;
    let verdict = judge(&played, lang)?;
    let document = document(&played, &verdict);
    if let Some(path) = &demo.json {
        let text = serde_json::to_string_pretty(&document).map_err(Failure::unexpected)?;
        std::fs::write(path, text + "\n").map_err(|error| Failure::file(path, error))?;
    }
    summary(&played, &verdict, lang);
    if played.failed == 0 && verdict.is_good() {
        return Ok(());
    }
    let what = format!("bots failed: {}, {}", played.failed, document);
    Err(Failure::new(Exit::Verdict, "fault-record-differs").text("what", what))
}

async fn play(demo: &Demo, lang: Lang, now: WallTime) -> Result<Played, Failure> {
    let seats = demo.seats.unwrap_or(30);
    phase(
        "demo-setting",
        &Args::new().count("seats", i64::from(seats)),
        lang,
    );
    let stage = Stage::set(demo, now, seats, false, UNTIL_START).await?;
    let logs = exam_server::logs::start(&stage.root.join("logs"), "info");
    output::line(bank::verified(&stage.bank.verified, lang));
    let args = Args::new()
        .text("address", stage.hall.delivery_address().to_string())
        .count("speed", i64::from(stage.speed));
    phase("demo-sitting", &args, lang);
    let mut bots = JoinSet::new();
    for at in 0..stage.members.len() {
        bots.spawn(stage.bot(at)?.run());
    }
    let bar = bar(u64::from(seats) * 100, lang);
    let show = |progress: Progress| {
        bar.set_position(progress.answered);
        bar.set_message(format!("{}/{}", progress.ended, seats));
    };
    chief::run(&stage.hall, Span::seconds(20), show).await?;
    let (reports, mut failed) = collect(bots).await;
    // The demonstration exam shows marks at hand-in: a receipt without them is a failure.
    failed += reports
        .iter()
        .filter(|report| report.receipt.marks.is_none())
        .count();
    bar.finish_and_clear();
    chief::close(&stage.hall).await?;
    let shown: BTreeMap<String, i32> = reports
        .iter()
        .filter_map(|report| {
            let marks = report.receipt.marks.as_ref()?;
            Some((report.session?.to_string(), marks.total.0))
        })
        .collect();
    let path = stage.ledgers().join(SHOWN);
    let text = serde_json::to_string(&shown).map_err(Failure::unexpected)?;
    std::fs::write(&path, text).map_err(|error| Failure::file(&path, error))?;
    let Stage {
        hall,
        root,
        extras,
        sitting,
        ..
    } = stage;
    hall.shutdown(0)
        .await
        .map_err(|fault| crate::hall::failure(&root, &fault))?;
    drop(logs);
    phase("demo-stopped", &Args::new(), lang);
    Ok(Played {
        reports,
        failed,
        root,
        extras,
        sitting: sitting.to_string(),
    })
}

async fn collect(
    mut bots: JoinSet<Result<BotReport, exam_client::bot::BotFault>>,
) -> (Vec<BotReport>, usize) {
    let (mut reports, mut failed) = (Vec::new(), 0);
    while let Some(joined) = bots.join_next().await {
        match joined {
            Ok(Ok(report)) => reports.push(report),
            Ok(Err(fault)) => {
                output::error(crate::chain(&fault));
                failed += 1;
            }
            Err(error) => {
                output::error(error);
                failed += 1;
            }
        }
    }
    (reports, failed)
}

/// Has another process read the record back; it prints the result table.
fn judge(played: &Played, lang: Lang) -> Result<Verdict, Failure> {
    let program = std::env::current_exe().map_err(Failure::unexpected)?;
    let results = played.extras.join("results");
    std::fs::create_dir_all(&results).map_err(|error| Failure::file(&results, error))?;
    let json = results.join("verdict.json");
    let (bank, ledgers) = (played.extras.join("bank"), played.extras.join("ledgers"));
    let status = Command::new(program)
        .args(["--lang", lang.tag(), "verdict", "--data"])
        .arg(&played.root)
        .args(["--sitting", &played.sitting, "--ledgers"])
        .arg(ledgers)
        .arg("--keys")
        .arg(bank.join("package.keys"))
        .arg("--trust")
        .arg(bank.join("trust.toml"))
        .arg("--json")
        .arg(&json)
        .status()
        .map_err(Failure::unexpected)?;
    let text = std::fs::read_to_string(&json).map_err(|error| {
        Failure::new(Exit::Verdict, "fault-record-differs")
            .text("what", format!("{status}: {error}"))
    })?;
    serde_json::from_str(&text).map_err(|error| Failure::file(&json, error))
}

/// The latency at `percent` of all acks, in milliseconds.
fn percentile(sorted_us: &[u64], percent: usize) -> f64 {
    let at = (sorted_us.len().saturating_sub(1)) * percent / 100;
    let us = sorted_us.get(at).copied().unwrap_or(0);
    f64::from(u32::try_from(us).unwrap_or(u32::MAX)) / 1000.0
}

fn document(played: &Played, verdict: &Verdict) -> serde_json::Value {
    let ended = |end: End| {
        played
            .reports
            .iter()
            .filter(|report| report.receipt.end == end)
            .count()
    };
    let mut us: Vec<u64> = played
        .reports
        .iter()
        .flat_map(|report| report.ack_us.clone())
        .collect();
    us.sort_unstable();
    let marks: Vec<_> = verdict
        .marks
        .iter()
        .map(|line| json!({"candidate": line.candidate, "total": exam_core::Marks(line.total).to_string(), "passed": line.passed}))
        .collect();
    json!({
        "seats": played.reports.len() + played.failed,
        "handed_in": ended(End::HandedIn),
        "timed_up": ended(End::TimeUp),
        "revisions_sent": played.reports.iter().map(|report| report.made).sum::<u64>(),
        "revisions_acked": verdict.ledger_revisions,
        "acked_missing_from_journal": verdict.acked_missing_from_journal,
        "papers_invalid": verdict.papers_invalid,
        "marks_mismatched": verdict.marks_mismatched,
        "ack_ms": {"p50": percentile(&us, 50), "p99": percentile(&us, 99), "max": percentile(&us, 100)},
        "marks": marks,
        "journal": {"records": verdict.records, "head": verdict.head},
    })
}

fn summary(played: &Played, verdict: &Verdict, lang: Lang) {
    let document = document(played, verdict);
    let number = |name: &str| document[name].to_string();
    let args = Args::new()
        .text("acked", number("revisions_acked"))
        .text("missing", number("acked_missing_from_journal"))
        .text("papers", number("papers_invalid"))
        .text("marks", number("marks_mismatched"))
        .text("handedin", number("handed_in"))
        .text("timedup", number("timed_up"))
        .text("p50", document["ack_ms"]["p50"].to_string())
        .text("p99", document["ack_ms"]["p99"].to_string());
    let good = played.failed == 0 && verdict.is_good();
    let id = if good {
        "demo-verdict-good"
    } else {
        "demo-verdict-bad"
    };
    for id in ["demo-counts", "demo-latency", id] {
        output::line(crate::say(id, &args, lang));
    }
    let sitting = exam_core::SittingId::new(&played.sitting);
    if let Ok(sitting) = sitting {
        place(&record_place(&played.root, &sitting), &played.extras, lang);
    }
}

/// Says where record and results lie.
pub(super) fn place(record: &std::path::Path, extras: &std::path::Path, lang: Lang) {
    let args = Args::new()
        .text("record", record.display().to_string())
        .text("results", extras.join("results").display().to_string());
    for id in ["demo-place", "demo-results"] {
        output::line(crate::say(id, &args, lang));
    }
}

fn phase(id: &str, args: &Args<'_>, lang: Lang) {
    output::line(exam_text::say(id, args, crate::text_lang(lang)));
}

fn bar(length: u64, lang: Lang) -> ProgressBar {
    let words = crate::say("demo-bar", &Args::new(), lang);
    let bar = ProgressBar::new(length);
    let template = format!("{{bar:40}} {{pos}}/{{len}}  {words} {{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}
