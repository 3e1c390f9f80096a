//! The real door: TLS 1.3 with certificates, HTTP/2, the wire services; the hall behind it is the
//! in-memory one.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exam_core::{End, HallAct, Refusal, SessionId};
use exam_proto::administration as admin_wire;
use exam_proto::administration::administration_server::{Administration, AdministrationServer};
use exam_proto::delivery::delivery_server::{Delivery, DeliveryServer};
use exam_proto::enrolment as wire;
use exam_proto::enrolment::enrolment_server::{Enrolment, EnrolmentServer};
use exam_proto::proof::{code_key, equal, reply_proof, request_proof};
use futures_util::stream::{BoxStream, StreamExt as _};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, IsCa, Issuer, KeyPair,
};
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use crate::admin::{Operator, OperatorFault};
use crate::bot::{Bot, BotEnd, BotPlan};
use crate::driver::{Seat, SeatConfig};
use crate::enrol::{EnrolFault, enrol};
use crate::fake_door::FakeDoor;
use crate::identity::Identity;
use crate::message::{HallMessage, KioskMessage};
use crate::picture::Link;
use crate::tls::LinkFault;

const NAME: &str = "h1.examhall.internal";
const CODE: &str = "ABCD-EFGH-2345";

/// A hall's certificates.
struct Pki {
    ca: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Pki {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = params.self_signed(&key).unwrap().der().clone();
        Self {
            ca,
            issuer: Issuer::new(params, key),
        }
    }

    /// A server certificate; `years` are those of its validity.
    fn server(&self, years: (i32, i32)) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        (certificate.der().clone(), key)
    }
}

/// Accepts TLS connections and hands them to tonic.
async fn listen(
    config: ServerConfig,
) -> (
    SocketAddr,
    ReceiverStream<Result<tokio_rustls::server::TlsStream<tokio::net::TcpStream>, std::io::Error>>,
) {
    let mut config = config;
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (accepted, incoming) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            if let Ok(tls) = acceptor.accept(tcp).await {
                accepted.send(Ok(tls)).await.unwrap();
            }
        }
    });
    (address, ReceiverStream::new(incoming))
}

fn provider() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    ServerConfig::builder_with_provider(crate::tls::provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
}

struct Office {
    pki: Arc<Pki>,
    server: CertificateDer<'static>,
    /// What the hall believes the code to be.
    code: &'static str,
    /// Whether it proves that it knows the code.
    honest: bool,
    /// The first request; it is failed once.
    asked: Mutex<Option<blake3::Hash>>,
}

#[tonic::async_trait]
impl Enrolment for Office {
    async fn enrol(
        &self,
        request: Request<wire::EnrolRequest>,
    ) -> Result<Response<wire::EnrolReply>, Status> {
        let asked = blake3::hash(&request.get_ref().csr);
        match self.asked.lock().unwrap().replace(asked) {
            None => return Err(Status::unavailable("fault")),
            Some(before) => assert_eq!(before, asked, "a retry is the same request"),
        }
        let request = request.into_inner();
        let key = code_key(self.code);
        let proof = request_proof(&key, &request.nonce, &request.csr, &self.server);
        if self.honest && !equal(&proof, &request.proof) {
            return Err(Status::permission_denied("no such code"));
        }
        let csr = CertificateSigningRequestDer::from(request.csr.to_vec());
        let csr = CertificateSigningRequestParams::from_der(&csr).unwrap();
        let certificate = csr.signed_by(&self.pki.issuer).unwrap();
        let key = if self.honest { key } else { [0; 32] };
        let proof = reply_proof(&key, &request.nonce, certificate.der(), &self.pki.ca);
        Ok(Response::new(wire::EnrolReply {
            certificate: certificate.der().to_vec().into(),
            ca: self.pki.ca.to_vec().into(),
            proof: proof.to_vec().into(),
            server_name: NAME.to_owned(),
            hall_name: "第一考点".to_owned(),
            identity: "A-07".to_owned(),
        }))
    }
}

async fn enrolment(pki: &Arc<Pki>, honest: bool) -> String {
    let (certificate, key) = pki.server((2020, 2090));
    let config = provider()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let (address, incoming) = listen(config).await;
    let office = Office {
        pki: Arc::clone(pki),
        server: certificate,
        code: CODE,
        honest,
        asked: Mutex::new(None),
    };
    let server = tonic::transport::Server::builder().add_service(EnrolmentServer::new(office));
    tokio::spawn(server.serve_with_incoming(incoming));
    address.to_string()
}

/// The services of one hall; an act is refused once, and dropped once.
struct Services {
    door: FakeDoor,
    acts: Mutex<Vec<bytes::Bytes>>,
}

#[tonic::async_trait]
impl Delivery for Services {
    type AttendStream = BoxStream<'static, Result<HallMessage, Status>>;

    async fn attend(
        &self,
        request: Request<Streaming<KioskMessage>>,
    ) -> Result<Response<Self::AttendStream>, Status> {
        let says = request
            .into_inner()
            .filter_map(async |message| message.ok());
        let hears = ReceiverStream::new(self.door.serve(says.boxed()));
        Ok(Response::new(hears.map(Ok).boxed()))
    }
}

#[tonic::async_trait]
impl Administration for Services {
    async fn perform(
        &self,
        request: Request<admin_wire::PerformRequest>,
    ) -> Result<Response<admin_wire::PerformReply>, Status> {
        let mut acts = self.acts.lock().unwrap();
        acts.push(request.into_inner().act_id);
        match acts.len() {
            1 => Err(Status::unavailable("just going down")),
            2 => Ok(Response::new(admin_wire::PerformReply::default())),
            _ => Ok(Response::new(admin_wire::PerformReply {
                refusal: Some((&Refusal::SeatTaken).into()),
            })),
        }
    }

    async fn show(
        &self,
        _request: Request<admin_wire::ShowRequest>,
    ) -> Result<Response<admin_wire::ShowReply>, Status> {
        Ok(Response::new(admin_wire::ShowReply {
            sitting: "one".to_owned(),
            records: 7,
            head: bytes::Bytes::from_static(&[1; 32]),
            ..admin_wire::ShowReply::default()
        }))
    }
}

async fn delivery(pki: &Pki, years: (i32, i32), services: Arc<Services>) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(pki.ca.clone()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), crate::tls::provider());
    let (certificate, key) = pki.server(years);
    let config = provider()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (address, incoming) = listen(config).await;
    let server = tonic::transport::Server::builder()
        .add_service(DeliveryServer::from_arc(Arc::clone(&services)))
        .add_service(AdministrationServer::from_arc(services));
    tokio::spawn(server.serve_with_incoming(incoming));
    address.to_string()
}

fn services(speed: u32) -> Arc<Services> {
    Arc::new(Services {
        door: FakeDoor::new(speed),
        acts: Mutex::new(Vec::new()),
    })
}

async fn enrolled(pki: &Arc<Pki>) -> Identity {
    let dir = tempfile::tempdir().unwrap();
    let address = enrolment(pki, true).await;
    let identity = enrol(&address, "abcd efgh 2345").await.unwrap();
    identity.save(dir.path()).unwrap();
    Identity::load(dir.path()).unwrap()
}

#[tokio::test]
async fn from_the_label_code_to_the_receipt_over_tls() {
    let pki = Arc::new(Pki::new());
    let identity = enrolled(&pki).await;
    assert_eq!(
        (identity.name.as_str(), identity.hall.as_str()),
        ("A-07", "第一考点")
    );
    let hall = services(300);
    let address = delivery(&pki, (2020, 2090), Arc::clone(&hall)).await;
    let (observer, observed) = tokio::sync::mpsc::channel(64);
    let seat = Seat::start(SeatConfig {
        identity,
        address,
        spool_dir: None,
        boot: crate::clock::boot_id(),
        speed: 300,
        observer: Some(observer),
    })
    .unwrap();
    let plan = BotPlan {
        leave_percent: 0,
        ..BotPlan::new("1".to_owned(), "2".to_owned(), [1; 32], BotEnd::Early)
    };
    let report = Bot::new(seat, observed, plan, None).run().await.unwrap();
    assert_eq!(
        (report.receipt.end, report.receipt.answered),
        (End::HandedIn, 8)
    );
    assert_eq!(report.made, report.acked);
}

#[tokio::test]
async fn a_wrong_code_and_a_false_hall_are_told_apart() {
    let pki = Arc::new(Pki::new());
    let address = enrolment(&pki, true).await;
    let wrong = enrol(&address, "ABCD-EFGH-2346").await;
    assert!(matches!(wrong, Err(EnrolFault::CodeRefused)), "{wrong:?}");
    let address = enrolment(&pki, false).await;
    let false_hall = enrol(&address, CODE).await;
    assert!(
        matches!(false_hall, Err(EnrolFault::NotTheHall)),
        "{false_hall:?}"
    );
    let nobody = enrol("127.0.0.1:1", CODE).await.unwrap_err().to_string();
    assert!(
        nobody.contains("127.0.0.1:1") && nobody.contains("check"),
        "{nobody}"
    );
}

async fn comes_online(identity: Identity, address: String) -> bool {
    let seat = Seat::start(SeatConfig {
        identity,
        address,
        spool_dir: None,
        boot: crate::clock::boot_id(),
        speed: 1,
        observer: None,
    })
    .unwrap();
    let mut pictures = seat.pictures.clone();
    let decided = pictures.wait_for(|picture| picture.link != Link::Connecting);
    let online = decided.await.unwrap().link == Link::Online;
    seat.stop().await;
    online
}

#[tokio::test]
async fn only_the_own_hall_under_its_own_name_is_believed_whatever_the_date() {
    let pki = Arc::new(Pki::new());
    let identity = enrolled(&pki).await;
    let years = (2020, 2090);
    let address = delivery(&pki, years, services(1)).await;
    assert!(comes_online(identity.clone(), address.clone()).await);

    let other_name = Identity {
        server_name: "h2.examhall.internal".to_owned(),
        ..identity.clone()
    };
    assert!(!comes_online(other_name, address).await);

    let impostor = Arc::new(Pki::new());
    let elsewhere = delivery(&impostor, years, services(1)).await;
    assert!(!comes_online(identity.clone(), elsewhere).await);

    // By this machine's clock the certificate is long out of date; the machine's clock may be wrong.
    let old = delivery(&pki, (2001, 2002), services(1)).await;
    assert!(comes_online(identity, old).await);
}

#[tokio::test]
async fn an_act_is_tried_again_under_the_same_id_and_a_refusal_is_heard() {
    let pki = Arc::new(Pki::new());
    let identity = enrolled(&pki).await;
    let hall = services(1);
    let address = delivery(&pki, (2020, 2090), Arc::clone(&hall)).await;
    let operator = Operator { identity, address };
    let act = HallAct::Arrive {
        session: SessionId([1; 16]),
    };
    operator.perform(&act).await.unwrap();
    let refused = operator.perform(&act).await;
    assert!(
        matches!(refused, Err(OperatorFault::Refused(Refusal::SeatTaken))),
        "{refused:?}"
    );
    let acts = hall.acts.lock().unwrap().clone();
    assert_eq!(acts[0], acts[1], "a retry bears the same id");
    assert_ne!(acts[1], acts[2], "another act bears another");
    let showing = operator.show().await.unwrap();
    assert_eq!((showing.sitting.as_str(), showing.records), ("one", 7));
}

#[tokio::test]
async fn a_hall_that_is_away_is_named() {
    let pki = Arc::new(Pki::new());
    let operator = Operator {
        identity: enrolled(&pki).await,
        address: "127.0.0.1:1".to_owned(),
    };
    let fault = tokio::time::timeout(Duration::from_secs(30), operator.show())
        .await
        .unwrap();
    assert!(matches!(
        fault,
        Err(OperatorFault::Link(LinkFault::Unreachable { .. }))
    ));
}
