//! A person at the kiosk in this terminal, with a few simulated neighbours.

use std::io::IsTerminal as _;

use exam_core::{Lang, Span, WallTime};
use exam_kiosk::{DemoHint, KioskOptions, Leave};
use exam_text::Args;
use tokio::runtime::Runtime;

use super::chief;
use super::stage::{Stage, record_place};
use crate::cli::Demo;
use crate::exit::{Exit, Failure};
use crate::{bank, output};

/// Hall time between opening and the planned start.
const UNTIL_START: Span = Span::seconds(20);

/// Hall time between everybody being ready and the start: long enough to see the waiting room.
const BEFORE_START: Span = Span::seconds(4);

/// Refuses to go on where there is no terminal.
///
/// # Errors
/// [`Exit::NotATerminal`].
pub(crate) fn must_be_a_terminal() -> Result<(), Failure> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::new(Exit::NotATerminal, "fault-not-a-terminal"))
}

/// Runs the demonstration with a person.
///
/// # Errors
/// What stands in the way, in words.
pub(super) fn run(
    runtime: &Runtime,
    demo: &Demo,
    lang: Lang,
    now: WallTime,
) -> Result<(), Failure> {
    runtime.block_on(play(demo, lang, now))
}

async fn play(demo: &Demo, lang: Lang, now: WallTime) -> Result<(), Failure> {
    let neighbours = demo.seats.unwrap_or(3);
    let say =
        |id: &str, args: &Args<'_>| output::line(exam_text::say(id, args, crate::text_lang(lang)));
    say(
        "demo-setting",
        &Args::new().count("seats", i64::from(neighbours) + 1),
    );
    let stage = Stage::set(demo, now, neighbours.saturating_add(1), true, UNTIL_START).await?;
    let logs = exam_server::logs::start(&stage.root.join("logs"), "info");
    output::line(bank::verified(&stage.bank.verified, lang));
    let (person, mut observed) = stage.seat(0)?;
    // The person's screen is the only one who must see acks; nobody keeps a ledger for it.
    let drain = tokio::spawn(async move { while observed.recv().await.is_some() {} });
    let mut bots = tokio::task::JoinSet::new();
    for at in 1..stage.members.len() {
        bots.spawn(stage.bot(at)?.run());
    }
    let hint = stage.members.first().map(|member| DemoHint {
        number: member.number.clone(),
        tail: member.tail(),
    });
    let options = KioskOptions {
        lang,
        leave: Leave::Demonstration,
        hint,
    };
    let outcome = {
        let sitting = chief::run(&stage.hall, BEFORE_START, |_| {});
        let kiosk = exam_kiosk::run(&person, options);
        tokio::pin!(sitting, kiosk);
        tokio::select! {
            outcome = &mut kiosk => outcome,
            ended = &mut sitting => {
                ended?;
                kiosk.await
            }
        }
    };
    let outcome = outcome.map_err(|fault| kiosk_failure(&fault))?;
    bots.abort_all();
    person.stop().await;
    drain.abort();
    let Stage {
        hall,
        root,
        sitting,
        ..
    } = stage;
    hall.shutdown(0)
        .await
        .map_err(|fault| crate::hall::failure(&root, &fault))?;
    drop(logs);
    result(&outcome, lang);
    let record = record_place(&root, &sitting).display().to_string();
    say("demo-record", &Args::new().text("record", record));
    say("demo-audit", &Args::new());
    Ok(())
}

/// Puts what the terminal refused into words.
pub(crate) fn kiosk_failure(fault: &exam_kiosk::KioskFault) -> Failure {
    match fault {
        exam_kiosk::KioskFault::NotATerminal => {
            Failure::new(Exit::NotATerminal, "fault-not-a-terminal")
        }
        other => {
            Failure::new(Exit::NotATerminal, "fault-terminal").text("what", crate::chain(other))
        }
    }
}

fn result(outcome: &exam_kiosk::Outcome, lang: Lang) {
    let lang = crate::text_lang(lang);
    let Some(receipt) = &outcome.receipt else {
        output::line(exam_text::say("demo-left", &Args::new(), lang));
        return;
    };
    let args = Args::new()
        .text("answered", receipt.answered.to_string())
        .text("total", receipt.total.to_string())
        .text("code", receipt.code.clone());
    output::line(exam_text::say("demo-receipt", &args, lang));
    if let Some(marks) = &receipt.marks {
        let id = if marks.passed {
            "demo-passed"
        } else {
            "demo-failed"
        };
        let args = Args::new()
            .text("marks", marks.total.to_string())
            .text("full", marks.full.to_string());
        output::line(exam_text::say(id, &args, lang));
    }
}
