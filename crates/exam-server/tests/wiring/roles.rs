//! Every RPC there is, called as everybody there is: exactly the table.

use exam_server::pki::{Credentials, Role};
use exam_server::roles::{Callers, TABLE};
use prost::Message as _;
use tonic::Code;
use tonic::client::Grpc;
use tonic::transport::Channel;

use crate::harness::{TestHall, hall};

/// Every path of the wire protos.
fn paths() -> Vec<String> {
    let files = prost_types::FileDescriptorSet::decode(exam_proto::DESCRIPTORS).unwrap();
    let mut paths = Vec::new();
    for file in &files.file {
        for service in &file.service {
            for method in &service.method {
                paths.push(format!(
                    "/{}.{}/{}",
                    file.package(),
                    service.name(),
                    method.name()
                ));
            }
        }
    }
    paths
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Bearer(Role),
    Newcomer,
    Revoked,
}

/// Whether the call gets past the table: whatever a service says to an empty message.
async fn gets_through(channel: Channel, path: &str) -> bool {
    let mut grpc = Grpc::new(channel);
    if grpc.ready().await.is_err() {
        return false;
    }
    let path = path.parse().unwrap();
    let codec: tonic_prost::ProstCodec<(), ()> = tonic_prost::ProstCodec::default();
    let nothing = tokio_stream::iter([()]);
    match grpc
        .streaming(tonic::Request::new(nothing), path, codec)
        .await
    {
        Ok(_) => true,
        Err(status) => match status.code() {
            Code::PermissionDenied if status.message() == "role" => false,
            // No such call here, or a cut connection.
            Code::Unauthenticated
            | Code::Unimplemented
            | Code::Unavailable
            | Code::Unknown
            | Code::Cancelled => false,
            _ => true,
        },
    }
}

async fn credentials(hall: &TestHall, caller: Caller) -> Option<Credentials> {
    match caller {
        Caller::Bearer(Role::Seat) => Some(hall.enrol(Role::Seat, "A-01").await),
        Caller::Bearer(role) => Some(hall.enrol(role, role.name()).await),
        Caller::Newcomer => None,
        Caller::Revoked => {
            let own = hall.enrol(Role::Chief, "once-chief").await;
            hall.running.revoke("once-chief").await.unwrap();
            Some(own)
        }
    }
}

async fn is_allowed(hall: &TestHall, own: Option<&Credentials>, path: &str) -> bool {
    match (own, hall.delivery(own.cloned()).await) {
        (Some(_), Ok(channel)) => gets_through(channel, path).await,
        (Some(_), Err(_)) => false,
        (None, delivery) => {
            let shut = match delivery {
                Ok(channel) => !gets_through(channel, path).await,
                Err(_) => true,
            };
            assert!(shut, "{path} at the delivery port without a certificate");
            gets_through(hall.enrolment().await, path).await
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_is_open_to_exactly_those_the_table_names() {
    let hall = hall(1).await;
    let paths = paths();
    assert_eq!(
        paths.len(),
        TABLE.len(),
        "every path is in the table, and no other: {paths:?}"
    );
    let bearers = Role::ALL.map(Caller::Bearer);
    let callers = bearers
        .into_iter()
        .chain([Caller::Newcomer, Caller::Revoked]);
    for caller in callers {
        let own = credentials(&hall, caller).await;
        for path in &paths {
            let (_, allowed) = TABLE.iter().find(|(known, _)| known == path).unwrap();
            let expected = match (allowed, caller) {
                (Callers::Roles(roles), Caller::Bearer(role)) => roles.contains(&role),
                (Callers::Newcomers, Caller::Newcomer) => true,
                _ => false,
            };
            let allowed = is_allowed(&hall, own.as_ref(), path).await;
            assert_eq!(allowed, expected, "{caller:?} {path}");
        }
        let unknown = "/examhall.delivery.v1.Delivery/Everything";
        assert!(
            !is_allowed(&hall, own.as_ref(), unknown).await,
            "{caller:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invigilator_may_not_start_the_room() {
    use exam_core::HallAct;
    use exam_proto::administration as admin;
    use exam_proto::delivery::RefusalKind;
    let hall = hall(1).await;
    hall.planned_start();
    let own = hall.enrol(Role::Invigilator, "li").await;
    let channel = hall.delivery(Some(own)).await.unwrap();
    let mut staff = admin::administration_client::AdministrationClient::new(channel);
    let mut perform = async |act: HallAct, id: u8| {
        let request = admin::PerformRequest {
            act_id: vec![id; 16].into(),
            act: Some(exam_proto::act_to_wire(&act)),
        };
        staff.perform(request).await.unwrap().into_inner().refusal
    };
    let session = TestHall::session(1);
    assert_eq!(perform(HallAct::Arrive { session }, 1).await, None);
    let refused = perform(HallAct::Start, 2).await.unwrap();
    assert_eq!(refused.kind(), RefusalKind::RoleMayNot);
    assert_eq!(hall.running.show().await.unwrap().started, None);
}
