//! What stops a hall from opening, how it dies, how it comes back, how it leaves.

use std::net::SocketAddr;

use exam_core::{SittingId, SittingKind};
use exam_journal::sim::Call;
use exam_proto::delivery::hall_message::Body;
use exam_server::data::{DataFault, DataFolder};
use exam_server::door::DoorFault;
use exam_server::hall::{ClockChoice, DeskFault, HallFault, SittingChoice, start};

use crate::durable::running;
use crate::harness::{Ground, hall, minute, new_sitting};
use crate::kiosk::Kiosk;

fn new() -> SittingChoice {
    SittingChoice::New(Box::new(new_sitting(1)))
}

fn morning() -> SittingChoice {
    SittingChoice::TakeUp(SittingId::new("morning").unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w3_a_hall_that_died_comes_back_with_every_acked_answer() {
    let hall = hall(1).await;
    let mut kiosk = running(&hall, 1).await;
    kiosk.revise(&[kiosk.answer(1), kiosk.answer(2)]).await;
    kiosk
        .wait(|body| matches!(body, Body::Ack(ack) if ack.up_to == 2))
        .await;
    let before = hall.running.show().await.unwrap();
    let ground = hall.dies();
    ground.clock.advance(minute());

    let options = ground.options(morning());
    let hall = ground.start(options).await;
    let after = hall.running.show().await.unwrap();
    assert_eq!(after.records, before.records + 1, "ProcessStarted alone");
    assert_eq!(after.views[0].answered, 2);
    assert!(!after.views[0].connected, "a new process holds no streams");
    assert_eq!(
        after.views[0].ends_at, before.views[0].ends_at,
        "no deadline moves"
    );

    let mut back = Kiosk::connect(&hall, kiosk.own.clone()).await;
    back.hello(kiosk.holder.clone()).await;
    let snapshot = back.wait(|body| matches!(body, Body::Snapshot(_))).await;
    let Body::Snapshot(snapshot) = snapshot else {
        panic!("{snapshot:?}")
    };
    assert_eq!((snapshot.up_to, snapshot.responses.len()), (2, 2));
    back.wait(|body| matches!(body, Body::StartKey(_))).await;
    back.revise(&[back.answer(3)]).await;
    back.wait(|body| matches!(body, Body::Ack(ack) if ack.up_to == 3))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_that_leaves_says_good_bye_and_is_whole() {
    let hall = hall(1).await;
    let kiosk = running(&hall, 1).await;
    let mut waiting = Kiosk::connect(&hall, kiosk.own.clone()).await;
    waiting.hello(None).await;
    let (disk, dir, clock) = (hall.disk.clone(), hall.dir, hall.clock);
    let left = hall.running.shutdown(20);
    let (left, kiosks) = tokio::join!(left, async {
        let mut both = Vec::new();
        for mut kiosk in [kiosk, waiting] {
            let goodbye = kiosk.wait(|body| matches!(body, Body::Goodbye(_))).await;
            both.push(matches!(goodbye, Body::Goodbye(bye) if bye.back_in_seconds == 20));
            kiosk.end().await.unwrap();
        }
        both
    });
    assert_eq!(kiosks, [true, true]);
    let left = left.unwrap();
    let ground = Ground::on(dir, disk, clock);
    let options = ground.options(morning());
    let hall = ground.start(options).await;
    assert_eq!(hall.running.report().records, left.records);
    assert_eq!(hall.running.report().torn_bytes, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_sync_ends_the_desk_and_nothing_more_leaves() {
    let hall = hall(1).await;
    let mut kiosk = running(&hall, 1).await;
    hall.disk
        .fail_from(Call::Sync, 0, std::io::ErrorKind::Other);
    kiosk.revise(&[kiosk.answer(1)]).await;
    let fault = hall.running.fault().await;
    assert!(
        matches!(fault, HallFault::Desk(DeskFault::Journal(_))),
        "{fault}"
    );
    loop {
        match kiosk.next().await {
            Ok(Some(Body::Ack(ack))) => panic!("acked: {ack:?}"),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w7_a_disk_without_room_is_named_and_the_same_call_works_later() {
    let ground = Ground::new();
    ground.disk.set_free(Some(40 << 20));
    let mut options = ground.options(new());
    options.reserved_revisions = 2_000;
    let fault = start(options).await.unwrap_err();
    assert!(fault.is_no_space(), "{fault}");
    assert_eq!(fault.name(), "no-space");
    ground.disk.set_free(None);
    let options = ground.options(new());
    let hall = ground.start(options).await;
    assert!(hall.running.report().papers.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_in_use_is_named_before_anything_is_written() {
    let ground = Ground::new();
    let taken = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let address = taken.local_addr().unwrap();
    let mut options = ground.options(new());
    options.config.listen.delivery = address;
    match start(options).await {
        Err(HallFault::Door(DoorFault::PortInUse { address: named })) => assert_eq!(named, address),
        other => panic!("{other:?}"),
    }
    assert!(!ground.dir.path().join("sittings/morning").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t12_a_fast_clock_is_refused_in_a_sitting_that_counts() {
    let ground = Ground::new();
    let mut options = ground.options(new());
    options.clock = ClockChoice::Machine { speed: 60 };
    let fault = start(options).await.unwrap_err();
    assert_eq!(fault.name(), "fast-clock");

    let mut rehearsal = new_sitting(1);
    rehearsal.kind = SittingKind::Rehearsal;
    let mut options = ground.options(SittingChoice::New(Box::new(rehearsal)));
    options.clock = ClockChoice::Machine { speed: 60 };
    assert!(start(options).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sitting_is_opened_once_and_its_folder_is_held() {
    let hall = hall(1).await;
    match DataFolder::open(hall.dir.path()) {
        Err(DataFault::Locked { pid, .. }) => assert_eq!(pid, std::process::id()),
        other => panic!("{other:?}"),
    }
    let ground = hall.dies();
    let fault = start(ground.options(new())).await.unwrap_err();
    assert_eq!(fault.name(), "sitting-exists");
    let none = SittingChoice::TakeUp(SittingId::new("evening").unwrap());
    let fault = start(ground.options(none)).await.unwrap_err();
    assert_eq!(fault.name(), "no-such-sitting");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_package_is_refused_and_a_changed_paper_is_not_served() {
    let ground = Ground::new();
    let mut sitting = new_sitting(1);
    let middle = sitting.package.len() / 2;
    sitting.package[middle] ^= 1;
    let options = ground.options(SittingChoice::New(Box::new(sitting)));
    assert_eq!(start(options).await.unwrap_err().name(), "bank-refused");

    let options = ground.options(new());
    let hall = ground.start(options).await;
    let ground = hall.dies();
    let papers = ground.dir.path().join("sittings/morning/papers/sealed");
    let mut bytes = std::fs::read(&papers).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&papers, bytes).unwrap();
    let fault = start(ground.options(morning())).await.unwrap_err();
    assert_eq!(fault.name(), "papers");
}
