//! The hall and the one client there is, on a real disk and a rehearsal's fast clock: enrolment to
//! receipt, with the hall leaving and coming back in the middle.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use exam_client::bot::{Bot, BotEnd, BotPlan, BotReport, Ledger};
use exam_client::{Seat, SeatConfig};
use exam_core::view::Label;
use exam_core::{End, HallAct, SessionView, SittingKind, Span, StaffId, WallTime};
use exam_server::clock::machine;
use exam_server::config::HallConfig;
use exam_server::data::DataFolder;
use exam_server::hall::{ClockChoice, HallOptions, RunningHall, SittingChoice, start};
use tokio::task::JoinSet;

use crate::harness::{marks, new_sitting};

const SEATS: u8 = 4;
const SPEED: u32 = 200;

fn options(dir: &Path, listen: [SocketAddr; 2], sitting: SittingChoice) -> HallOptions {
    let data = DataFolder::open_or_create(dir).unwrap();
    let mut config = HallConfig::default();
    [config.listen.delivery, config.listen.enrolment] = listen;
    config.limits = config.limits.for_clients_on_one_machine(u32::from(SEATS));
    let mut options = HallOptions::new(data, config, sitting);
    options.clock = ClockChoice::Machine { speed: SPEED };
    options.reserved_revisions = 4;
    options.marks = Some(marks());
    options
}

async fn perform(hall: &RunningHall, act: HallAct) {
    let by = StaffId::new("operator").unwrap();
    hall.perform(&by, act).await.unwrap().unwrap();
}

/// Seats a bot with everything a kiosk has.
async fn seat(hall: &RunningHall, n: u8, code: String, dir: &Path) -> Bot {
    let address = hall.enrolment_address().to_string();
    let identity = exam_client::enrol(&address, &code).await.unwrap();
    let (observer, observed) = tokio::sync::mpsc::channel(256);
    let own = dir.join(format!("seat-{n}"));
    let seat = Seat::start(SeatConfig {
        identity,
        address: hall.delivery_address().to_string(),
        spool_dir: Some(own.clone()),
        boot: exam_client::clock::boot_id(),
        speed: SPEED,
        observer: Some(observer),
    });
    let end = if n == 1 { BotEnd::AtEnd } else { BotEnd::Early };
    let plan = BotPlan::new(format!("2026{n:04}"), format!("01{n:04}"), [n; 32], end);
    let ledger = Ledger::open(&own.join("ledger")).unwrap();
    Bot::new(seat.unwrap(), observed, plan, Some(ledger))
}

/// Waits until the sitting looks so; one that never does fails the test.
async fn until(hall: &RunningHall, fits: impl Fn(&[SessionView]) -> bool) {
    let mut seen = Vec::new();
    let looking = async {
        while !fits(&seen) || seen.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            seen = hall.show().await.unwrap().views;
        }
    };
    let looked = tokio::time::timeout(Duration::from_mins(1), looking).await;
    assert!(looked.is_ok(), "it never looked so: {seen:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bots_sit_a_whole_exam_while_the_hall_leaves_and_returns() {
    let (hall_dir, seats_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut sitting = new_sitting(SEATS);
    sitting.kind = SittingKind::Rehearsal;
    // Half an hour of a clock two hundred times as fast: nine seconds to open, enrol and arrive.
    sitting.planned = WallTime(machine::wall_ms() + 1_800_000);
    let id = sitting.id.clone();
    let new = SittingChoice::New(Box::new(sitting));
    let hall = start(options(hall_dir.path(), [any, any], new))
        .await
        .unwrap();
    let listen = [hall.delivery_address(), hall.enrolment_address()];

    let codes = hall.issue_seat_codes(Span::minutes(600)).unwrap();
    for row in hall.roster().rows() {
        let session = row.session;
        perform(&hall, HallAct::Arrive { session }).await;
        perform(&hall, HallAct::Identify { session }).await;
    }
    let mut bots: JoinSet<BotReport> = JoinSet::new();
    for (n, code) in (1..).zip(codes) {
        let bot = seat(&hall, n, code.code.to_string(), seats_dir.path()).await;
        bots.spawn(async move { bot.run().await.unwrap() });
    }
    until(&hall, |views| {
        views.iter().all(|view| view.label == Label::AwaitStart)
    })
    .await;
    until(&hall, |views| {
        views.iter().all(|view| view.now >= view.planned)
    })
    .await;
    perform(&hall, HallAct::Start).await;
    until(&hall, |views| views.iter().all(|view| view.answered > 5)).await;

    hall.shutdown(1).await.unwrap();
    let again = options(hall_dir.path(), listen, SittingChoice::TakeUp(id));
    let hall = start(again).await.unwrap();
    let mut reports = Vec::new();
    while let Some(report) = bots.join_next().await {
        reports.push(report.unwrap());
    }
    until(&hall, |views| views.iter().all(|view| view.ended.is_some())).await;
    perform(&hall, HallAct::Close).await;
    let views = hall.show().await.unwrap().views;
    for report in reports {
        let view = views
            .iter()
            .find(|view| Some(view.session) == report.session)
            .unwrap();
        assert_eq!(report.made, report.acked, "every answer is on record");
        assert_eq!(report.receipt.answered, view.answered);
        assert!(report.receipt.marks.is_some());
        let (end, _) = view.ended.unwrap();
        let expected = if view.seat.as_str() == "A-01" {
            End::TimeUp
        } else {
            End::HandedIn
        };
        assert_eq!(
            (end, report.receipt.end),
            (expected, expected),
            "{}",
            view.seat
        );
    }
    hall.shutdown(1).await.unwrap();
}
