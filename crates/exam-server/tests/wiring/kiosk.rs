//! A kiosk at the level of the wire: it says what it is told to say and shows what comes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use exam_core::command::Holder;
use exam_core::{
    BootId, Digest, HallTime, ItemId, Made, OptionId, PaperPart, PartNo, Revision, Seq,
};
use exam_proto::delivery as wire;
use exam_proto::delivery::delivery_client::DeliveryClient;
use exam_proto::delivery::hall_message::Body;
use exam_proto::delivery::kiosk_message::Body as Say;
use exam_proto::enrolment::enrolment_client::EnrolmentClient;
use exam_proto::enrolment::{EnrolReply, EnrolRequest};
use exam_proto::proof;
use exam_proto::seal::{PaperKey, open_part};
use exam_server::pki::{Credentials, Role};
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::TlsConnector;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status, Streaming};

use crate::harness::TestHall;

pub(crate) const BOOT: BootId = BootId([0x77; 16]);

pub(crate) fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A TLS configuration that believes the hall's CA alone.
pub(crate) fn tls(
    ca: &CertificateDer<'static>,
    own: Option<Credentials>,
    version: &'static rustls::SupportedProtocolVersion,
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match own {
        Some(own) => config
            .with_client_auth_cert(vec![own.certificate], own.key)
            .unwrap(),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

/// Opens a channel over TLS; fails where the handshake or HTTP/2 does.
pub(crate) async fn channel(
    address: SocketAddr,
    name: &str,
    config: ClientConfig,
) -> Result<Channel, tonic::transport::Error> {
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connect = tower::service_fn(move |_: http::Uri| {
        let (connector, name) = (connector.clone(), name.clone());
        async move {
            let tcp = TcpStream::connect(address).await?;
            Ok::<_, std::io::Error>(TokioIo::new(connector.connect(name, tcp).await?))
        }
    });
    let endpoint = Endpoint::from_static("http://hall");
    endpoint.connect_with_connector(connect).await
}

impl TestHall {
    pub(crate) async fn delivery(
        &self,
        own: Option<Credentials>,
    ) -> Result<Channel, tonic::transport::Error> {
        let config = tls(self.running.ca(), own, &rustls::version::TLS13);
        let address = self.running.delivery_address();
        channel(address, &self.running.server_name(), config).await
    }

    pub(crate) async fn enrolment(&self) -> Channel {
        let config = tls(self.running.ca(), None, &rustls::version::TLS13);
        let address = self.running.enrolment_address();
        channel(address, &self.running.server_name(), config)
            .await
            .unwrap()
    }

    /// Enrols a seat or a member of staff, code and all.
    pub(crate) async fn enrol(&self, role: Role, name: &str) -> Credentials {
        let codes = self
            .running
            .issue_codes(role, [name], crate::harness::minute());
        let code = codes.unwrap().remove(0).code.to_string();
        let asked = Asking::new(&code, &self.server_certificate());
        let reply = asked.send(self.enrolment().await).await.unwrap();
        asked.credentials(&reply)
    }

    pub(crate) fn server_certificate(&self) -> Vec<u8> {
        let pki = self.dir.path().join("pki");
        Credentials::read(&pki, "server")
            .unwrap()
            .certificate
            .to_vec()
    }

    /// A kiosk at seat `A-0n`, enrolled and greeted.
    pub(crate) async fn kiosk(&self, n: u8) -> Kiosk {
        let own = self.enrol(Role::Seat, &format!("A-{n:02}")).await;
        let mut kiosk = Kiosk::connect(self, own).await;
        kiosk.hello(None).await;
        kiosk
    }

    /// A kiosk whose candidate has logged in and is ready for the start.
    pub(crate) async fn ready_kiosk(&self, n: u8) -> Kiosk {
        let mut kiosk = self.kiosk(n).await;
        kiosk.log_in(n).await;
        kiosk.wait(|body| matches!(body, Body::Snapshot(_))).await;
        kiosk
            .say(Say::CheckDetails(wire::CheckDetails { correct: true }))
            .await;
        let session = Self::session(n);
        self.perform(exam_core::HallAct::Identify { session })
            .await
            .unwrap();
        let text_digest = kiosk.undertaking.clone().unwrap();
        kiosk
            .say(Say::Undertake(wire::Undertake {
                text_digest,
                accepted: true,
            }))
            .await;
        kiosk.wait(|body| matches!(body, Body::Sealed(_))).await;
        kiosk.say(Say::Prepared(wire::Prepared {})).await;
        let ready = wire::Label::AwaitStart;
        kiosk
            .wait(|body| matches!(body, Body::View(view) if view.label() == ready))
            .await;
        kiosk
    }
}

/// One enrolment, before it is sent.
pub(crate) struct Asking {
    pub(crate) request: EnrolRequest,
    key: KeyPair,
    code: [u8; 32],
}

impl Asking {
    pub(crate) fn new(code: &str, server: &[u8]) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let csr = CertificateParams::default()
            .serialize_request(&key)
            .unwrap();
        let code = proof::code_key(code);
        let nonce = [5; 32];
        let proof = proof::request_proof(&code, &nonce, csr.der(), server);
        let request = EnrolRequest {
            nonce: nonce.to_vec().into(),
            csr: csr.der().to_vec().into(),
            proof: proof.to_vec().into(),
        };
        Self { request, key, code }
    }

    pub(crate) async fn send(&self, channel: Channel) -> Result<EnrolReply, Status> {
        let reply = EnrolmentClient::new(channel)
            .enrol(self.request.clone())
            .await;
        reply.map(tonic::Response::into_inner)
    }

    pub(crate) fn credentials(&self, reply: &EnrolReply) -> Credentials {
        let nonce = &self.request.nonce;
        let expected = proof::reply_proof(&self.code, nonce, &reply.certificate, &reply.ca);
        assert!(
            proof::equal(&expected, &reply.proof),
            "the hall knows the code"
        );
        Credentials {
            certificate: CertificateDer::from(reply.certificate.to_vec()),
            key: PrivateKeyDer::Pkcs8(self.key.serialize_der().into()),
        }
    }
}

/// A kiosk.
pub(crate) struct Kiosk {
    pub(crate) own: Credentials,
    say: mpsc::Sender<wire::KioskMessage>,
    hear: Streaming<wire::HallMessage>,
    pub(crate) holder: Option<wire::Holder>,
    pub(crate) undertaking: Option<bytes::Bytes>,
    sealed: Option<wire::SealedPart>,
    /// The paper, once its key has come.
    pub(crate) paper: Option<PaperPart>,
    /// The hall's clock on the newest message.
    hall: HallTime,
    pings: u64,
}

impl Kiosk {
    pub(crate) async fn connect(hall: &TestHall, own: Credentials) -> Self {
        let channel = hall.delivery(Some(own.clone())).await.unwrap();
        let (say, said) = mpsc::channel(64);
        let attend = DeliveryClient::new(channel)
            .attend(ReceiverStream::new(said))
            .await;
        Self {
            own,
            say,
            hear: attend.unwrap().into_inner(),
            holder: None,
            undertaking: None,
            sealed: None,
            paper: None,
            hall: HallTime(0),
            pings: 0,
        }
    }

    pub(crate) async fn say(&self, body: Say) {
        let message = wire::KioskMessage { body: Some(body) };
        self.say.send(message).await.unwrap();
    }

    /// Says hello and waits for the welcome.
    pub(crate) async fn hello(&mut self, holder: Option<wire::Holder>) {
        let hello = wire::Hello {
            protocol: exam_proto::PROTOCOL,
            build: "test".to_owned(),
            features: Vec::new(),
            boot: BOOT.0.to_vec().into(),
            holder,
        };
        self.say(Say::Hello(hello)).await;
        self.wait(|body| matches!(body, Body::Welcome(_))).await;
    }

    pub(crate) async fn log_in(&self, n: u8) {
        self.try_log_in(&format!("2026{n:04}"), &format!("01{n:04}"))
            .await;
    }

    pub(crate) async fn try_log_in(&self, number: &str, tail: &str) {
        let log_in = wire::LogIn {
            admission_number: number.to_owned(),
            id_tail: tail.to_owned(),
        };
        self.say(Say::LogIn(log_in)).await;
    }

    /// The next message; what it says of holder and undertaking is kept.
    pub(crate) async fn next(&mut self) -> Result<Option<Body>, Status> {
        let message = self.hear.message().await?;
        let body = message.and_then(|message| {
            let clock = message.clock.unwrap();
            self.hall = HallTime(clock.hall_ms);
            message.body
        });
        match &body {
            Some(Body::Snapshot(snapshot)) => self.holder.clone_from(&snapshot.holder),
            Some(Body::Candidate(candidate)) => {
                self.undertaking = Some(candidate.undertaking_digest.clone());
            }
            Some(Body::Sealed(sealed)) => self.sealed = Some(sealed.clone()),
            Some(Body::StartKey(key)) => self.open(key),
            _ => {}
        }
        Ok(body)
    }

    fn open(&mut self, key: &wire::StartKey) {
        let sealed = self.sealed.as_ref().unwrap();
        let key = PaperKey(key.key.as_ref().try_into().unwrap());
        let manifest = Digest::try_from(sealed.manifest.as_ref()).unwrap();
        let session = self.holder().session;
        let opened = open_part(&key, session, PartNo(1), &manifest, &sealed.sealed);
        self.paper = Some(opened.unwrap().0);
    }

    /// The n-th item of the paper with its first option.
    pub(crate) fn item(&self, n: usize) -> (ItemId, OptionId) {
        let paper = self.paper.as_ref().unwrap();
        let mut items = paper.sections.iter().flat_map(|section| &section.items);
        let item = items.nth(n).unwrap();
        (item.item.clone(), item.options[0].id.clone())
    }

    /// Revision `seq`: the first option of item `seq`.
    pub(crate) fn answer(&self, seq: u32) -> Revision {
        let (item, option) = self.item(usize::try_from(seq).unwrap());
        self.revision(seq, &item, &option)
    }

    fn made(&self) -> Made {
        Made {
            base: self.hall,
            boot: BOOT,
            ..Made::default()
        }
    }

    /// Reads until a message fits; returns it. A hall that never says it fails the test.
    pub(crate) async fn wait(&mut self, fits: impl Fn(&Body) -> bool) -> Body {
        let mut others = Vec::new();
        let reading = async {
            loop {
                let body = self.next().await.unwrap().unwrap();
                if fits(&body) {
                    return body;
                }
                others.push(body);
            }
        };
        let read = tokio::time::timeout(Duration::from_secs(30), reading).await;
        read.unwrap_or_else(|_elapsed| panic!("it never came; these did: {others:?}"))
    }

    /// Asks for a sign of life and returns everything that came before it.
    pub(crate) async fn heard(&mut self) -> Vec<Body> {
        self.pings += 1;
        let number = self.pings;
        self.say(Say::Ping(wire::Ping { number })).await;
        let mut heard = Vec::new();
        loop {
            match self.next().await.unwrap().unwrap() {
                Body::Pong(pong) if pong.number == number => return heard,
                other => heard.push(other),
            }
        }
    }

    /// Reads until the stream ends; returns how.
    pub(crate) async fn end(mut self) -> Result<(), Code> {
        loop {
            match self.next().await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                Err(status) => return Err(status.code()),
            }
        }
    }

    pub(crate) fn holder(&self) -> Holder {
        self.holder.as_ref().unwrap().try_into().unwrap()
    }

    /// Revision `seq` of an item, whose link follows nothing in particular.
    pub(crate) fn revision(&self, seq: u32, item: &ItemId, choice: &OptionId) -> Revision {
        Revision {
            seq: Seq(seq),
            item: item.clone(),
            choice: Some(choice.clone()),
            made: self.made(),
            link: Digest([1; 32]),
        }
    }

    pub(crate) async fn revise(&self, revisions: &[Revision]) {
        let revise = wire::Revise {
            holder: self.holder.clone(),
            revisions: revisions.iter().map(Into::into).collect(),
        };
        self.say(Say::Revise(revise)).await;
    }

    pub(crate) async fn hand_in(&self, last: u32) {
        let hand_in = wire::HandIn {
            holder: self.holder.clone(),
            last,
            pressed: Some((&self.made()).into()),
        };
        self.say(Say::HandIn(hand_in)).await;
    }
}
