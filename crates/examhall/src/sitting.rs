//! `examhall sitting`: the chief's acts from the server's own machine, over the same door.
//!
//! Every act has an id and is done once however often it is sent; what a rule refuses is said.

use std::path::Path;

use exam_client::Identity;
use exam_client::admin::{Operator, OperatorFault, Row, Showing};
use exam_core::view::Label;
use exam_core::{HallAct, Lang, OfflineVerdict, Refusal, SeatId};
use exam_text::Args;

use crate::cli::{Decide, OnSitting, Sitting};
use crate::exit::{Exit, Failure};
use crate::{hall, output};

/// Runs one command on the running sitting.
///
/// # Errors
/// The refusal in words, or what stands in the way.
pub fn run(command: Sitting, lang: Lang) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::unexpected)?;
    runtime.block_on(act(command, lang))
}

async fn act(command: Sitting, lang: Lang) -> Result<(), Failure> {
    match command {
        Sitting::Show(on) => show(&Desk::of(&on, lang)?).await,
        Sitting::Admit { on, seat } => admit(&Desk::of(&on, lang)?, seat.as_deref()).await,
        Sitting::Start(on) => Desk::of(&on, lang)?.perform(&HallAct::Start).await,
        Sitting::MoveSeat { on, from, to } => {
            let desk = Desk::of(&on, lang)?;
            let session = desk.at(&from).await?.view.session;
            desk.perform(&HallAct::MoveSeat { session, to: seat(&to)? }).await
        }
        Sitting::Absent(on) => absent(&Desk::of(&on, lang)?).await,
        Sitting::DecideOffline { on, seat, verdict } => {
            let desk = Desk::of(&on, lang)?;
            let session = desk.at(&seat).await?.view.session;
            let verdict = match verdict {
                Decide::Count => OfflineVerdict::Count,
                Decide::Refuse => OfflineVerdict::Refuse,
            };
            desk.perform(&HallAct::DecideOffline { session, verdict }).await
        }
        Sitting::Close(on) => close(&Desk::of(&on, lang)?).await,
    }
}

/// The way to the running hall.
struct Desk {
    operator: Operator,
    lang: Lang,
}

impl Desk {
    fn of(on: &OnSitting, lang: Lang) -> Result<Self, Failure> {
        let path = hall::serving_file(&on.data);
        let text = std::fs::read_to_string(&path).map_err(|_missing| not_serving(&on.data))?;
        let serving: hall::Serving =
            toml::from_str(&text).map_err(|error| Failure::file(&path, error.message()))?;
        let dir = hall::operator_dir(&on.data);
        let identity =
            Identity::load(&dir).map_err(|fault| Failure::file(&dir, crate::chain(&fault)))?;
        Ok(Self { operator: Operator { identity, address: serving.delivery }, lang })
    }

    async fn perform(&self, act: &HallAct) -> Result<(), Failure> {
        self.operator.perform(act).await.map_err(|fault| self.failure(&fault))?;
        output::line(say("sitting-done", &Args::new(), self.lang));
        Ok(())
    }

    async fn showing(&self) -> Result<Showing, Failure> {
        self.operator.show().await.map_err(|fault| self.failure(&fault))
    }

    async fn at(&self, name: &str) -> Result<Row, Failure> {
        let name = seat(name)?;
        let mut rows = self.showing().await?.rows.into_iter();
        rows.find(|row| row.view.seat == name).ok_or_else(|| {
            Failure::new(Exit::Usage, "fault-usage").text("what", name)
        })
    }

    fn failure(&self, fault: &OperatorFault) -> Failure {
        match fault {
            OperatorFault::Refused(refusal) => Failure::new(Exit::Hall, "fault-hall-refused")
                .text("what", refusal_words(refusal, self.lang)),
            other => Failure::new(Exit::Hall, "fault-no-server")
                .text("address", &self.operator.address)
                .text("what", crate::chain(other)),
        }
    }
}

fn not_serving(data: &Path) -> Failure {
    Failure::new(Exit::Hall, "fault-not-serving").text("path", data.display())
}

fn seat(name: &str) -> Result<SeatId, Failure> {
    SeatId::new(name).map_err(|bad| Failure::new(Exit::Usage, "fault-usage").text("what", bad))
}

/// A refusal in the words of exam-text; instants are told as lengths only a screen could place.
fn refusal_words(refusal: &Refusal, lang: Lang) -> String {
    let mut args = Args::new();
    for (name, value) in refusal.args() {
        args = match value {
            exam_core::Arg::Count(count) => args.count(name, count),
            exam_core::Arg::Name(text) => args.text(name, text),
            exam_core::Arg::For(span) => args.text(name, exam_text::span(span.0, crate::text_lang(lang))),
            exam_core::Arg::At(at) => args.text(name, exam_text::clock(at.0)),
        };
    }
    say(refusal.id(), &args, lang)
}

async fn show(desk: &Desk) -> Result<(), Failure> {
    let showing = desk.showing().await?;
    let args = Args::new()
        .text("sitting", showing.sitting.clone())
        .text("records", showing.records.to_string())
        .text("head", showing.head.to_string());
    output::line(say("sitting-head", &args, desk.lang));
    for row in &showing.rows {
        let view = &row.view;
        let state = say(view.label.id(), &Args::new(), desk.lang);
        let link = if view.connected { "+" } else { "-" };
        let rest = view.ends_at.filter(|_| view.may.answer).map(|end| (end - showing.hall).to_string());
        let rest = rest.unwrap_or_default();
        let answered = format!("{}/{}", view.answered, view.total);
        output::line(format!(
            "{:<8} {link} {answered:>8} {rest:>9}  {state}  {} {}",
            view.seat, row.number, row.name
        ));
    }
    Ok(())
}

async fn admit(desk: &Desk, only: Option<&str>) -> Result<(), Failure> {
    let only = only.map(seat).transpose()?;
    let showing = desk.showing().await?;
    let waiting = showing.rows.iter().filter(|row| match &only {
        Some(seat) => row.view.seat == *seat,
        None => matches!(row.view.label, Label::AwaitIdentity | Label::DetailsWrong),
    });
    let mut count = 0;
    for row in waiting {
        desk.perform(&HallAct::Identify { session: row.view.session }).await?;
        count += 1;
    }
    output::line(say("sitting-admitted", &Args::new().count("count", count), desk.lang));
    Ok(())
}

/// Marks everybody absent who never came to start; the door must be closed.
async fn absent(desk: &Desk) -> Result<(), Failure> {
    let showing = desk.showing().await?;
    let missing = showing.rows.iter().filter(|row| {
        !row.view.connected && matches!(row.view.label, Label::Expected | Label::Arrived)
    });
    for row in missing {
        desk.perform(&HallAct::MarkAbsent { session: row.view.session }).await?;
    }
    Ok(())
}

/// Takes overdue papers as they stand, then closes.
async fn close(desk: &Desk) -> Result<(), Failure> {
    let showing = desk.showing().await?;
    for row in showing.rows.iter().filter(|row| row.view.label == Label::Overdue) {
        desk.perform(&HallAct::Settle { session: row.view.session }).await?;
    }
    desk.perform(&HallAct::Close).await
}

fn say(id: &str, args: &Args<'_>, lang: Lang) -> String {
    exam_text::say(id, args, crate::text_lang(lang))
}
