//! From the log-in to the receipt, and what happens when seats come, go and meet.

use std::path::Path;

use exam_core::{HallAct, Span};
use exam_journal::Files as _;
use exam_journal::sim::SimFiles;
use exam_proto::delivery as wire;
use exam_proto::delivery::hall_message::Body;
use exam_proto::delivery::{Asked, RefusalKind};
use exam_server::hall::{Backing, SittingChoice};

use crate::durable::running;
use crate::harness::{TestHall, hall};
use crate::kiosk::Kiosk;

fn refusal(body: Body) -> (Asked, wire::Refusal) {
    let Body::Refused(refused) = body else {
        panic!("{body:?}")
    };
    (refused.asked(), refused.refusal.unwrap())
}

async fn refused(kiosk: &mut Kiosk) -> (Asked, wire::Refusal) {
    refusal(kiosk.wait(|body| matches!(body, Body::Refused(_))).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_paper_ends_in_a_receipt_with_marks() {
    let hall = hall(1).await;
    let mut kiosk = running(&hall, 1).await;
    for seq in 1..=50 {
        kiosk.revise(&[kiosk.answer(seq)]).await;
    }
    kiosk
        .wait(|body| matches!(body, Body::Ack(ack) if ack.up_to == 50))
        .await;
    kiosk.hand_in(51).await;
    let (asked, gap) = refused(&mut kiosk).await;
    assert_eq!((asked, gap.kind()), (Asked::HandIn, RefusalKind::HandInGap));
    assert_eq!((gap.have, gap.want), (50, 51), "W5: named at once");

    kiosk.hand_in(50).await;
    let receipt = kiosk.wait(|body| matches!(body, Body::Receipt(_))).await;
    let marks = kiosk.wait(|body| matches!(body, Body::Marks(_))).await;
    let Body::Marks(marks) = marks else {
        panic!("{marks:?}")
    };
    let items: u32 = marks.sections.iter().map(|section| section.items).sum();
    assert_eq!((marks.full, items), (10_000, 100));
    kiosk.hand_in(50).await;
    let again = kiosk.wait(|body| matches!(body, Body::Receipt(_))).await;
    assert_eq!(receipt, again, "a second hand-in hears the stored outcome");
    let Body::Receipt(receipt) = receipt else {
        panic!("{receipt:?}")
    };
    assert_eq!((receipt.answered, receipt.total), (50, 100));
    assert_eq!((receipt.code.len(), receipt.check.len()), (9, 9));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_logs_in_once_and_wrong_digits_run_out() {
    let hall = hall(2).await;
    let (mut first, mut second) = (hall.kiosk(1).await, hall.kiosk(2).await);
    first.log_in(1).await;
    first.wait(|body| matches!(body, Body::Snapshot(_))).await;
    second.log_in(1).await;
    let (asked, taken) = refused(&mut second).await;
    assert_eq!(
        (asked, taken.kind()),
        (Asked::LogIn, RefusalKind::TicketInUse)
    );
    for left in (0..5).rev() {
        second.try_log_in("20260002", "999999").await;
        let (_, no_match) = refused(&mut second).await;
        assert_eq!(
            (no_match.kind(), no_match.count),
            (RefusalKind::NoMatch, left)
        );
    }
    second.log_in(2).await;
    let (_, too_many) = refused(&mut second).await;
    assert_eq!(too_many.kind(), RefusalKind::TooManyTries);
    hall.clock.advance(Span::minutes(1));
    second.log_in(2).await;
    second.wait(|body| matches!(body, Body::Snapshot(_))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w6_a_newer_stream_of_the_seat_takes_the_place_of_the_older() {
    let hall = hall(1).await;
    let old = running(&hall, 1).await;
    let mut new = Kiosk::connect(&hall, old.own.clone()).await;
    new.hello(old.holder.clone()).await;
    new.wait(|body| matches!(body, Body::Snapshot(_))).await;
    assert_eq!(old.end().await, Err(tonic::Code::Aborted));
    new.wait(|body| matches!(body, Body::Sealed(_))).await;
    // The part has started, so its key comes again; the old stream's end has not hurt the seat.
    new.wait(|body| matches!(body, Body::StartKey(_))).await;
    new.revise(&[new.answer(1)]).await;
    new.wait(|body| matches!(body, Body::Ack(_))).await;
    assert!(hall.running.show().await.unwrap().views[0].connected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p6_a_kiosk_that_returns_before_the_start_gets_its_paper_and_no_key() {
    let hall = hall(1).await;
    let old = hall.ready_kiosk(1).await;
    let mut new = Kiosk::connect(&hall, old.own.clone()).await;
    new.hello(old.holder.clone()).await;
    new.wait(|body| matches!(body, Body::Sealed(_))).await;
    let heard = new.heard().await;
    assert!(
        !heard.iter().any(|body| matches!(body, Body::StartKey(_))),
        "{heard:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w6_a_moved_session_leaves_its_old_seat() {
    let hall = hall(1).await;
    let old = running(&hall, 1).await;
    let (own, holder) = (old.own.clone(), old.holder.clone());
    let to = exam_core::SeatId::new("B-09").unwrap();
    let session = TestHall::session(1);
    hall.perform(HallAct::MoveSeat { session, to })
        .await
        .unwrap();
    assert_eq!(old.end().await, Err(tonic::Code::Aborted));
    let mut back = Kiosk::connect(&hall, own).await;
    back.hello(holder).await;
    let (asked, fenced) = refused(&mut back).await;
    assert_eq!(
        (asked, fenced.kind()),
        (Asked::Hello, RefusalKind::NotYourSession)
    );

    let spare = hall.enrol(exam_server::pki::Role::Seat, "B-09").await;
    let mut spare = Kiosk::connect(&hall, spare).await;
    spare.hello(None).await;
    spare.log_in(1).await;
    spare.wait(|body| matches!(body, Body::StartKey(_))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t13_time_up_comes_to_a_kiosk_that_says_nothing() {
    let hall = hall(1).await;
    let mut kiosk = running(&hall, 1).await;
    hall.clock.advance(Span::minutes(45) + Span(1));
    let closing = wire::Label::Closing;
    kiosk
        .wait(|body| matches!(body, Body::View(view) if view.label() == closing))
        .await;
    hall.clock.advance(Span::minutes(5));
    let receipt = kiosk.wait(|body| matches!(body, Body::Receipt(_))).await;
    assert!(matches!(receipt, Body::Receipt(receipt) if receipt.end() == wire::End::TimeUp));
}

/// Every byte of every file below `dir` of the simulated disk.
fn all_bytes(disk: &SimFiles, dir: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in disk.list(dir).unwrap() {
        let path = dir.join(&entry.name);
        if entry.is_dir {
            bytes.extend(all_bytes(disk, &path));
        } else {
            bytes.extend(disk.contents(&path).unwrap());
        }
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobodys_name_or_number_is_in_the_journals() {
    let hall = hall(1).await;
    let mut kiosk = running(&hall, 1).await;
    kiosk.revise(&[kiosk.answer(1)]).await;
    kiosk.wait(|body| matches!(body, Body::Ack(_))).await;
    let bytes = all_bytes(&hall.disk, hall.dir.path());
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(holds("A-01"), "these are the journals");
    for private in ["考生1", "20260001", "110101199001010001", "010001"] {
        assert!(!holds(private), "{private}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_without_a_disk_serves_the_same_way() {
    let ground = crate::harness::Ground::new();
    let new = crate::harness::new_sitting(1);
    let mut options = ground.options(SittingChoice::New(Box::new(new)));
    options.backing = Backing::Nowhere;
    let hall = ground.start(options).await;
    let mut kiosk = running(&hall, 1).await;
    kiosk.revise(&[kiosk.answer(1)]).await;
    kiosk.wait(|body| matches!(body, Body::Ack(_))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t14_a_seat_that_falls_away_is_noticed() {
    let hall = hall(1).await;
    let kiosk = running(&hall, 1).await;
    drop(kiosk);
    while hall.running.show().await.unwrap().views[0].connected {
        tokio::task::yield_now().await;
    }
}
