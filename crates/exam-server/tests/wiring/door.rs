//! Who gets through the door, and who is put out again.

use std::sync::Arc;

use exam_proto::administration::ShowRequest;
use exam_proto::administration::administration_client::AdministrationClient;
use exam_server::entropy::Entropy;
use exam_server::hall::SittingChoice;
use exam_server::pki::{Credentials, Pki, Role};
use rustls_pki_types::ServerName;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::harness::{Ground, TestHall, hall, new_sitting};
use crate::kiosk::{Kiosk, channel, tls};

/// Whether a call gets an answer of a service, be it a refusal.
async fn is_heard(hall: &TestHall, own: Option<Credentials>) -> bool {
    let Ok(channel) = hall.delivery(own).await else {
        return false;
    };
    let shown = AdministrationClient::new(channel)
        .show(ShowRequest {})
        .await;
    shown.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_tls_1_3_with_a_certificate_of_this_hall_is_heard() {
    let hall = hall(1).await;
    assert!(is_heard(&hall, Some(hall.operator.clone())).await);
    assert!(!is_heard(&hall, None).await, "no certificate");

    let elsewhere = tempfile::tempdir().unwrap();
    let other = Pki::open_or_create(elsewhere.path(), "hall", &Entropy::system()).unwrap();
    let stranger = other.issue_staff(Role::Chief, "operator").unwrap();
    assert!(
        !is_heard(&hall, Some(stranger)).await,
        "a hall of the same name"
    );

    let old = tls(
        hall.running.ca(),
        Some(hall.operator.clone()),
        &rustls::version::TLS12,
    );
    let name = hall.running.server_name();
    assert!(
        channel(hall.running.delivery_address(), &name, old)
            .await
            .is_err(),
        "TLS 1.2"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_certificate_is_cut_off_and_not_let_in_again() {
    let hall = hall(2).await;
    let (first, mut second) = (hall.kiosk(1).await, hall.kiosk(2).await);
    let own = first.own.clone();
    assert_eq!(hall.running.revoke("A-01").await.unwrap(), 1);
    assert!(first.end().await.is_err(), "the live stream is cut");
    assert!(!is_heard(&hall, Some(own)).await);
    assert!(second.heard().await.is_empty(), "the other seat stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_may_hold_only_so_many_connections() {
    let ground = Ground::new();
    let mut options = ground.options(SittingChoice::New(Box::new(new_sitting(1))));
    options.config.limits.connections_per_address = 2;
    let hall = ground.start(options).await;
    let operator = || Some(hall.operator.clone());
    let one = hall.delivery(operator()).await.unwrap();
    let two = hall.delivery(operator()).await.unwrap();
    let mut calls = [
        AdministrationClient::new(one),
        AdministrationClient::new(two),
    ];
    for call in &mut calls {
        call.show(ShowRequest {}).await.unwrap();
    }
    assert!(!is_heard(&hall, operator()).await, "the third");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nothing_is_shown_out() {
    let ground = Ground::new();
    let mut options = ground.options(SittingChoice::New(Box::new(new_sitting(1))));
    options.config.limits.handshake_seconds = 1;
    options.config.limits.first_call_seconds = 1;
    let hall = ground.start(options).await;
    let address = hall.running.delivery_address();
    // Nothing at all: no handshake in time.
    let mut mute = TcpStream::connect(address).await.unwrap();
    assert_eq!(mute.read(&mut [0; 64]).await.unwrap_or(0), 0);
    // A whole handshake, and then no call.
    let config = tls(
        hall.running.ca(),
        Some(hall.operator.clone()),
        &rustls::version::TLS13,
    );
    let name = ServerName::try_from(hall.running.server_name()).unwrap();
    let tcp = TcpStream::connect(address).await.unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let mut idle = connector.connect(name, tcp).await.unwrap();
    let mut buffer = [0; 256];
    while idle.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
    assert!(
        is_heard(&hall, Some(hall.operator.clone())).await,
        "the hall goes on"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kiosk_of_another_protocol_is_told_ours_and_sent_away() {
    use exam_proto::delivery as wire;
    let hall = hall(1).await;
    let own = hall.enrol(Role::Seat, "A-01").await;
    let mut kiosk = Kiosk::connect(&hall, own).await;
    let hello = wire::Hello {
        protocol: exam_proto::PROTOCOL + 1,
        ..wire::Hello::default()
    };
    kiosk.say(wire::kiosk_message::Body::Hello(hello)).await;
    let welcome = kiosk.next().await.unwrap().unwrap();
    assert!(
        matches!(welcome, wire::hall_message::Body::Welcome(w) if w.protocol == exam_proto::PROTOCOL)
    );
    assert_eq!(kiosk.end().await, Err(tonic::Code::FailedPrecondition));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_mean_anything_ends_the_stream_alone() {
    use exam_proto::delivery as wire;
    let hall = hall(1).await;
    let own = hall.enrol(Role::Seat, "A-01").await;
    let rude = Kiosk::connect(&hall, own).await;
    let early = wire::LogIn::default();
    rude.say(wire::kiosk_message::Body::LogIn(early)).await;
    assert_eq!(
        rude.end().await,
        Err(tonic::Code::InvalidArgument),
        "no hello"
    );

    let broken = hall.kiosk(1).await;
    let undertake = wire::Undertake {
        text_digest: vec![1; 3].into(),
        accepted: true,
    };
    broken
        .say(wire::kiosk_message::Body::Undertake(undertake))
        .await;
    assert_eq!(broken.end().await, Err(tonic::Code::InvalidArgument));
    assert!(hall.running.show().await.is_ok(), "the hall goes on");
}
