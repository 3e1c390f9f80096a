//! `examhall sitting`: the chief's acts from the server's own machine, over the same door.
//!
//! Every act has an id and is done once however often it is sent; what a rule refuses is said.

use std::path::Path;

use exam_client::Identity;
use exam_client::admin::{Operator, OperatorFault, Row, Showing};
use exam_core::view::Label;
use exam_core::{Arg, HallAct, HallTime, Lang, OfflineVerdict, Refusal, SeatId};
use exam_server::config::HallConfig;
use exam_text::Args;
use jiff::tz::TimeZone;

use crate::cli::{Decide, OnSitting, Sitting};
use crate::exit::{Exit, Failure};
use crate::{hall, output};

/// Runs one command on the running sitting.
///
/// # Errors
/// The refusal in words, or what stands in the way.
pub(crate) fn run(command: Sitting, lang: Lang) -> Result<(), Failure> {
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
            desk.perform(&HallAct::MoveSeat {
                session,
                to: seat(&to)?,
            })
            .await
        }
        Sitting::Absent(on) => absent(&Desk::of(&on, lang)?).await,
        Sitting::DecideOffline { on, seat, verdict } => {
            let desk = Desk::of(&on, lang)?;
            let session = desk.at(&seat).await?.view.session;
            let verdict = match verdict {
                Decide::Count => OfflineVerdict::Count,
                Decide::Refuse => OfflineVerdict::Refuse,
            };
            desk.perform(&HallAct::DecideOffline { session, verdict })
                .await
        }
        Sitting::Close(on) => close(&Desk::of(&on, lang)?).await,
    }
}

/// The way to the running hall.
struct Desk {
    operator: Operator,
    zone: TimeZone,
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
        let operator = Operator {
            identity,
            address: serving.delivery,
        };
        // Without readable settings an instant is still shown, in UTC.
        let zone = HallConfig::read(&on.data.join("hall.toml"))
            .ok()
            .and_then(|config| TimeZone::get(&config.zone).ok())
            .unwrap_or(TimeZone::UTC);
        Ok(Self {
            operator,
            zone,
            lang,
        })
    }

    async fn perform(&self, act: &HallAct) -> Result<(), Failure> {
        if let Err(fault) = self.operator.perform(act).await {
            return Err(self.failure(&fault).await);
        }
        output::line(crate::say("sitting-done", &Args::new(), self.lang));
        Ok(())
    }

    async fn showing(&self) -> Result<Showing, Failure> {
        match self.operator.show().await {
            Ok(showing) => Ok(showing),
            Err(fault) => Err(self.unreachable(&fault)),
        }
    }

    async fn at(&self, name: &str) -> Result<Row, Failure> {
        let name = seat(name)?;
        let mut rows = self.showing().await?.rows.into_iter();
        rows.find(|row| row.view.seat == name)
            .ok_or_else(|| Failure::new(Exit::Usage, "fault-usage").text("what", name))
    }

    async fn failure(&self, fault: &OperatorFault) -> Failure {
        let OperatorFault::Refused(refusal) = fault else {
            return self.unreachable(fault);
        };
        let clocks = self.operator.show().await.ok();
        let words = self.refusal_words(refusal, clocks.as_ref());
        Failure::new(Exit::Hall, "fault-hall-refused")
            .text("what", words.trim_end_matches(['.', '。']))
    }

    fn unreachable(&self, fault: &OperatorFault) -> Failure {
        Failure::new(Exit::Hall, "fault-no-server")
            .text("address", &self.operator.address)
            .text("what", crate::chain(fault))
    }

    /// A refusal in the words of exam-text; instants by the hall's wall clock.
    fn refusal_words(&self, refusal: &Refusal, clocks: Option<&Showing>) -> String {
        let lang = crate::text_lang(self.lang);
        let mut args = Args::new();
        for (name, value) in refusal.args() {
            args = match value {
                Arg::Count(count) => args.count(name, count),
                Arg::Name(text) => args.text(name, text),
                Arg::For(span) => args.text(name, exam_text::span(span.0, lang)),
                Arg::At(at) => args.text(name, self.time_of_day(at, clocks)),
            };
        }
        crate::say(refusal.id(), &args, self.lang)
    }

    fn time_of_day(&self, at: HallTime, clocks: Option<&Showing>) -> String {
        let wall = clocks.and_then(|clocks| {
            let ms = clocks.wall.0.checked_add((at - clocks.hall).0)?;
            jiff::Timestamp::from_millisecond(ms).ok()
        });
        wall.map_or_else(
            || "?".to_owned(),
            |wall| {
                wall.to_zoned(self.zone.clone())
                    .strftime("%H:%M:%S")
                    .to_string()
            },
        )
    }
}

fn not_serving(data: &Path) -> Failure {
    Failure::new(Exit::Hall, "fault-not-serving").text("path", data.display())
}

fn seat(name: &str) -> Result<SeatId, Failure> {
    SeatId::new(name).map_err(|bad| Failure::new(Exit::Usage, "fault-usage").text("what", bad))
}

async fn show(desk: &Desk) -> Result<(), Failure> {
    let showing = desk.showing().await?;
    let args = Args::new()
        .text("sitting", showing.sitting.clone())
        .text("records", showing.records.to_string())
        .text("head", showing.head.to_string());
    output::line(crate::say("sitting-head", &args, desk.lang));
    for row in &showing.rows {
        let view = &row.view;
        let state = crate::say(view.label.id(), &Args::new(), desk.lang);
        let link = if view.connected { "+" } else { "-" };
        let rest = view
            .ends_at
            .filter(|_| view.may.answer)
            .map(|end| (end - showing.hall).to_string());
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
        desk.perform(&HallAct::Identify {
            session: row.view.session,
        })
        .await?;
        count += 1;
    }
    output::line(crate::say(
        "sitting-admitted",
        &Args::new().count("count", count),
        desk.lang,
    ));
    Ok(())
}

/// Marks everybody absent who never came to start; the door must be closed.
async fn absent(desk: &Desk) -> Result<(), Failure> {
    let showing = desk.showing().await?;
    let missing = showing.rows.iter().filter(|row| {
        !row.view.connected && matches!(row.view.label, Label::Expected | Label::Arrived)
    });
    for row in missing {
        desk.perform(&HallAct::MarkAbsent {
            session: row.view.session,
        })
        .await?;
    }
    Ok(())
}

/// Takes overdue papers as they stand, then closes.
async fn close(desk: &Desk) -> Result<(), Failure> {
    let showing = desk.showing().await?;
    for row in showing
        .rows
        .iter()
        .filter(|row| row.view.label == Label::Overdue)
    {
        desk.perform(&HallAct::Settle {
            session: row.view.session,
        })
        .await?;
    }
    desk.perform(&HallAct::Close).await
}
