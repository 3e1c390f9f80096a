//! Nothing leaves before it is durable, and nothing happens twice.

use exam_core::{ActId, HallAct};
use exam_journal::sim::Hold;
use exam_proto::act_to_wire;
use exam_proto::administration as admin;
use exam_proto::administration::administration_client::AdministrationClient;
use exam_proto::delivery::Asked;
use exam_proto::delivery::hall_message::Body;

use crate::harness::{TestHall, hall};

/// Returns once the desk stands in the middle of a sync.
async fn in_sync(hold: Hold) -> Hold {
    let wait = tokio::task::spawn_blocking(move || {
        hold.wait_for_sync();
        hold
    });
    wait.await.unwrap()
}

fn told(heard: &[Body]) -> Vec<&'static str> {
    let name = |body: &Body| match body {
        Body::Ack(_) => "ack",
        Body::View(_) => "view",
        Body::Snapshot(_) => "snapshot",
        Body::Candidate(_) => "candidate",
        Body::Sealed(_) => "sealed",
        Body::StartKey(_) => "start key",
        Body::Receipt(_) => "receipt",
        Body::Refused(_) => "refused",
        _ => "other",
    };
    heard.iter().map(name).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w3_while_a_sync_is_held_no_key_view_snapshot_or_look_leaves() {
    let hall = hall(3).await;
    let (mut first, mut third) = (hall.ready_kiosk(1).await, hall.kiosk(3).await);
    hall.planned_start();
    assert_eq!(told(&first.heard().await), [""; 0]);

    let hold = hall.gate.hold();
    let channel = hall.delivery(Some(hall.operator.clone())).await.unwrap();
    let start = admin::PerformRequest {
        act_id: vec![1; 16].into(),
        act: Some(act_to_wire(&HallAct::Start)),
    };
    let mut staff = AdministrationClient::new(channel.clone());
    let starting = tokio::spawn(async move { staff.perform(start).await });
    let hold = in_sync(hold).await;
    third.log_in(3).await;
    let mut looker = AdministrationClient::new(channel);
    let looking = tokio::spawn(async move { looker.show(admin::ShowRequest {}).await });
    // A pong comes out of the same queue as everything else: what it does not follow has not left.
    assert_eq!(told(&first.heard().await), [""; 0]);
    assert_eq!(told(&third.heard().await), [""; 0]);
    assert!(!starting.is_finished() && !looking.is_finished());

    hold.release();
    first.wait(|body| matches!(body, Body::StartKey(_))).await;
    third.wait(|body| matches!(body, Body::Snapshot(_))).await;
    assert!(
        starting
            .await
            .unwrap()
            .unwrap()
            .into_inner()
            .refusal
            .is_none()
    );
    let shown = looking.await.unwrap().unwrap().into_inner();
    assert!(shown.started_ms.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w3_an_answer_and_a_hand_in_are_acked_only_after_their_sync() {
    let hall = hall(1).await;
    let mut kiosk = running(&hall, 1).await;
    let hold = hall.gate.hold();
    kiosk.revise(&[kiosk.answer(1), kiosk.answer(2)]).await;
    let hold = in_sync(hold).await;
    kiosk.hand_in(2).await;
    assert_eq!(told(&kiosk.heard().await), [""; 0]);
    hold.release();
    let ack = kiosk
        .wait(|body| matches!(body, Body::Ack(ack) if ack.up_to == 2))
        .await;
    assert!(matches!(ack, Body::Ack(ack) if ack.epoch == 1));
    let receipt = kiosk.wait(|body| matches!(body, Body::Receipt(_))).await;
    assert!(
        matches!(receipt, Body::Receipt(receipt) if receipt.answered == 2 && receipt.total == 100)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w1_a_resent_revision_is_acked_and_adds_no_record() {
    let hall = hall(1).await;
    let mut kiosk = running(&hall, 1).await;
    let is_ack = |body: &Body| matches!(body, Body::Ack(ack) if ack.up_to == 1);
    kiosk.revise(&[kiosk.answer(1)]).await;
    kiosk.wait(is_ack).await;
    let records = hall.running.show().await.unwrap().records;
    kiosk.revise(&[kiosk.answer(1)]).await;
    kiosk.wait(is_ack).await;
    assert_eq!(hall.running.show().await.unwrap().records, records);

    // The same name with another answer is refused, and kept.
    let (item, _) = kiosk.item(1);
    let (_, other) = kiosk.item(60);
    kiosk.revise(&[kiosk.revision(1, &item, &other)]).await;
    let refused = kiosk.wait(|body| matches!(body, Body::Refused(_))).await;
    assert!(matches!(refused, Body::Refused(refused) if refused.asked() == Asked::Revise));
    assert_eq!(hall.running.show().await.unwrap().records, records + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retried_act_hears_the_first_outcome_and_adds_no_record() {
    let hall = hall(1).await;
    let channel = hall.delivery(Some(hall.operator.clone())).await.unwrap();
    let mut staff = AdministrationClient::new(channel);
    let mut perform = async |id: u8, act: HallAct| {
        let request = admin::PerformRequest {
            act_id: ActId([id; 16]).0.to_vec().into(),
            act: Some(act_to_wire(&act)),
        };
        staff.perform(request).await.unwrap().into_inner().refusal
    };
    let early = perform(1, HallAct::Start).await;
    assert!(early.is_some(), "too early to start");
    let records = hall.running.show().await.unwrap().records;
    hall.planned_start();
    assert_eq!(
        perform(1, HallAct::Start).await,
        early,
        "the stored outcome"
    );
    assert_eq!(hall.running.show().await.unwrap().records, records);
    assert_eq!(perform(2, HallAct::Start).await, None);
    let records = hall.running.show().await.unwrap().records;
    assert_eq!(perform(2, HallAct::Start).await, None);
    assert_eq!(hall.running.show().await.unwrap().records, records);
}

pub(crate) async fn running(hall: &TestHall, seats: u8) -> crate::kiosk::Kiosk {
    let mut kiosks = Vec::new();
    for n in 1..=seats {
        kiosks.push(hall.ready_kiosk(n).await);
    }
    hall.planned_start();
    hall.perform(HallAct::Start).await.unwrap();
    let mut first = kiosks.remove(0);
    first.wait(|body| matches!(body, Body::StartKey(_))).await;
    first.wait(|body| matches!(body, Body::View(_))).await;
    first
}
