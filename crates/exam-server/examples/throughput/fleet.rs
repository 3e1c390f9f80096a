//! All seats of one server: their certificates, their connections, and a round of answering.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exam_server::config::HallConfig;
use exam_server::data::DataFolder;
use exam_server::entropy::Entropy;
use exam_server::pki::{Identity, Pki, Role};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};

use crate::round::{Round, Tally};
use crate::seat::{Lease, Sealed, Seat};
use crate::{Bad, cast};

/// Seats that connect at a time.
const CONNECTING: usize = 32;
/// Room for a sealed paper in flight, as a kiosk has it.
const FLOW: u32 = 1024 * 1024;

/// The certificates of all seats: issued by the hall's own CA, before its server is there.
#[derive(Debug)]
pub(crate) struct Badges {
    name: ServerName<'static>,
    provider: Arc<CryptoProvider>,
    roots: Arc<RootCertStore>,
    key: PrivateKeyDer<'static>,
    seats: Vec<CertificateDer<'static>>,
}

impl Badges {
    /// Makes the data folder `root`, its CA, and a certificate for each seat. One key serves all
    /// seats here: what a handshake costs is the same.
    pub(crate) fn issue(root: &Path, seats: u16) -> Result<Self, Bad> {
        let hall = HallConfig::default().id;
        // Held only here: the server takes it next.
        let data = DataFolder::open_or_create(root)?;
        let pki = Pki::open_or_create(&data.pki(), &hall, &Entropy::system())?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let request = CertificateParams::default().serialize_request(&key)?;
        let issue = |n| -> Result<CertificateDer<'static>, Bad> {
            let seat = Identity::new(&hall, Role::Seat, &cast::seat(n))?;
            Ok(pki.sign(&seat, request.der())?.certificate)
        };
        let mut roots = RootCertStore::empty();
        roots.add(pki.ca().clone())?;
        Ok(Self {
            name: ServerName::try_from(pki.server_name())?,
            provider: Arc::new(rustls::crypto::ring::default_provider()),
            roots: Arc::new(roots),
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            seats: (1..=seats).map(issue).collect::<Result<_, _>>()?,
        })
    }

    /// Opens a connection as seat `n`: TLS 1.3, HTTP/2.
    async fn connect(&self, address: SocketAddr, n: u16) -> Result<Channel, Bad> {
        let own = self.seats.get(usize::from(n) - 1).ok_or("no such seat")?;
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_root_certificates(Arc::clone(&self.roots))
            .with_client_auth_cert(vec![own.clone()], self.key.clone_key())?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        config.resumption = Resumption::disabled();
        let (connector, name) = (TlsConnector::from(Arc::new(config)), self.name.clone());
        let connect = tower::service_fn(move |_: http::Uri| {
            let (connector, name) = (connector.clone(), name.clone());
            async move {
                let tcp = TcpStream::connect(address).await?;
                tcp.set_nodelay(true)?;
                Ok::<_, std::io::Error>(TokioIo::new(connector.connect(name, tcp).await?))
            }
        });
        let endpoint = Endpoint::from_static("http://hall")
            .initial_stream_window_size(FLOW)
            .initial_connection_window_size(FLOW);
        Ok(endpoint.connect_with_connector(connect).await?)
    }

    /// One seat comes back to a hall that was away; returns once it has saved an answer.
    pub(crate) async fn come_back(&self, address: SocketAddr, lease: Lease) -> Result<(), Bad> {
        Seat::back(self.connect(address, 1).await?, 1, lease).await
    }
}

/// All seats of one server, each on its own connection.
#[derive(Debug)]
pub(crate) struct Fleet(Vec<Seat>);

impl Fleet {
    /// Connects every seat and walks it to where only the start is missing.
    pub(crate) async fn ready(
        badges: &Badges,
        address: SocketAddr,
    ) -> Result<Vec<(Seat, Sealed)>, Bad> {
        let seats = 1..=u16::try_from(badges.seats.len())?;
        let ready = |n| async move { Seat::ready(badges.connect(address, n).await?, n).await };
        let seats = stream::iter(seats).map(ready).buffer_unordered(CONNECTING);
        seats.try_collect().await
    }

    /// Opens every paper; the room has been started.
    pub(crate) async fn open(ready: Vec<(Seat, Sealed)>) -> Result<Self, Bad> {
        let mut seats = Vec::new();
        for (mut seat, sealed) in ready {
            seat.open(&sealed).await?;
            seats.push(seat);
        }
        Ok(Self(seats))
    }

    /// What the first seat needs to come back.
    pub(crate) fn lease(&self) -> Result<Lease, Bad> {
        let first = self.0.iter().find(|seat| seat.number() == 1);
        first.map(Seat::lease).ok_or_else(|| "no seat".into())
    }

    /// Begins a round: every seat answers from now on.
    pub(crate) fn begin(&mut self, round: &Arc<Round>) -> Driving {
        let mut driving = JoinSet::new();
        for seat in self.0.drain(..) {
            driving.spawn(seat.drive(Arc::clone(round)));
        }
        Driving(driving)
    }

    /// Ends a round whose phase is over; returns what was counted.
    pub(crate) async fn end(&mut self, driving: Driving) -> Result<Tally, Bad> {
        let mut all = Tally::default();
        let mut driving = driving.0;
        let gather = async {
            while let Some(driven) = driving.join_next().await {
                let (seat, tally) = driven??;
                self.0.push(seat);
                all.add(tally);
            }
            Ok::<_, Bad>(())
        };
        let late = Duration::from_secs(30);
        let gathered = tokio::time::timeout(late, gather).await;
        gathered.map_err(|_late| "acks are missing after 30 seconds")??;
        Ok(all)
    }
}

/// Seats that answer.
#[derive(Debug)]
pub(crate) struct Driving(JoinSet<Result<(Seat, Tally), Bad>>);
