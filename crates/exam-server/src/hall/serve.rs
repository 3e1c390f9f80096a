//! The two ports: doors, the role table in front, the services behind, and RELIABILITY's limits.

use std::sync::Arc;
use std::time::Duration;

use exam_proto::administration::administration_server::AdministrationServer;
use exam_proto::delivery::delivery_server::DeliveryServer;
use exam_proto::enrolment::enrolment_server::EnrolmentServer;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;

use super::HallFault;
use crate::config::{HallConfig, Limits};
use crate::door::{Admits, Door, Live, delivery_tls, enrolment_tls};
use crate::enrol::EnrolmentService;
use crate::pki::{Pki, Revoked};
use crate::roles::RoleLayer;
use crate::service::{AdministrationService, DeliveryService};

/// A unary call takes no longer.
const UNARY: Duration = Duration::from_secs(5);

/// Both ports, listening and not yet open.
#[derive(Debug)]
pub(super) struct Doors {
    pub(super) delivery: Door,
    pub(super) enrolment: Door,
}

/// Listens on both ports, before anything of a sitting is written.
pub(super) async fn listen(
    config: &HallConfig,
    pki: &Pki,
    revoked: &Revoked,
    seats: usize,
    live: &Live,
) -> Result<Doors, HallFault> {
    let limits = config.limits;
    let connections = limits.connections_for(seats);
    let certified = Admits::Certified {
        hall: config.id.clone(),
        revoked: revoked.clone(),
    };
    let tls = delivery_tls(pki)?;
    let at = config.listen.delivery;
    let delivery = Door::bind(at, tls, certified, limits, connections, live.clone()).await?;
    let tls = enrolment_tls(pki)?;
    let at = config.listen.enrolment;
    let newcomers = Admits::Newcomers;
    let enrolment = Door::bind(at, tls, newcomers, limits, connections, live.clone()).await?;
    Ok(Doors {
        delivery,
        enrolment,
    })
}

/// The services behind the doors.
pub(super) struct Services {
    pub(super) delivery: DeliveryService,
    pub(super) administration: AdministrationService,
    pub(super) enrolment: EnrolmentService,
}

/// Opens both doors.
pub(super) fn open(
    doors: Doors,
    services: Services,
    limits: &Limits,
    revoked: &Revoked,
    open: &Arc<watch::Sender<bool>>,
) -> [JoinHandle<()>; 2] {
    let most = usize::try_from(limits.message_bytes).unwrap_or(usize::MAX);
    let delivery = DeliveryServer::new(services.delivery).max_decoding_message_size(most);
    let administration =
        AdministrationServer::new(services.administration).max_decoding_message_size(most);
    let enrolment = EnrolmentServer::new(services.enrolment).max_decoding_message_size(most);
    let layer = RoleLayer::new(revoked.clone());

    let connections = ReceiverStream::new(doors.delivery.open(open.subscribe()));
    let serving = server(limits)
        .layer(layer.clone())
        .add_service(delivery)
        .add_service(administration)
        .serve_with_incoming(connections);
    let first = tokio::spawn(end_of("delivery", serving));

    let connections = ReceiverStream::new(doors.enrolment.open(open.subscribe()));
    let serving = server(limits)
        .layer(layer)
        .add_service(enrolment)
        .serve_with_incoming(connections);
    let second = tokio::spawn(end_of("enrolment", serving));
    [first, second]
}

async fn end_of(
    port: &'static str,
    serving: impl Future<Output = Result<(), tonic::transport::Error>>,
) {
    if let Err(error) = serving.await {
        tracing::error!(port, %error, "a port has ended");
    }
}

/// HTTP/2 with a bound on everything a peer can make us hold (RELIABILITY 5). These windows are
/// the hall's receive side.
fn server(limits: &Limits) -> Server {
    let calls = usize::try_from(limits.calls_per_connection).unwrap_or(usize::MAX);
    Server::builder()
        .max_concurrent_streams(Some(16))
        .http2_max_local_error_reset_streams(Some(64))
        .http2_max_pending_accept_reset_streams(Some(20))
        .http2_max_header_list_size(Some(8 * 1024))
        .max_frame_size(Some(16 * 1024))
        .initial_stream_window_size(Some(64 * 1024))
        .initial_connection_window_size(Some(256 * 1024))
        .concurrency_limit_per_connection(calls)
        .load_shed(true)
        .timeout(UNARY)
        .http2_keepalive_interval(Some(limits.keepalive()))
        .http2_keepalive_timeout(Some(limits.keepalive()))
}
