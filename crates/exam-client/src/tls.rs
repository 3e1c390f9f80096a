//! TLS to the hall: version 1.3 alone, ring alone, the hall's own CA alone, one fixed server name.
//!
//! What is said inside is not known here.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};

use crate::identity::Identity;

/// How long an address may take to answer, TLS included.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// A hall that is silent for this long is asked; as long again, and it is away.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// Room for several sealed papers of 150 KiB in flight.
const WINDOW: u32 = 1024 * 1024;

/// Why the hall cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum LinkFault {
    /// The identity's certificate, key, CA or server name cannot be used.
    #[error("this seat's certificate cannot be used ({0}); enrol the seat again")]
    Identity(String),
    /// The address does not answer, or not as the hall.
    #[error("could not reach the hall at {address}: {why}")]
    Unreachable {
        /// The address.
        address: String,
        /// What the system, TLS or HTTP/2 said.
        why: String,
    },
    /// The hall refused the stream.
    #[error("the hall refused the connection: {0}")]
    Refused(String),
    /// The stream ended.
    #[error("the connection to the hall ended: {0}")]
    Ended(String),
}

/// Returns an error with everything below it, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(below) = source {
        let more = below.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = below.source();
    }
    text
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Returns the TLS side of an identity.
pub(crate) fn hall_config(identity: &Identity) -> Result<Arc<ClientConfig>, LinkFault> {
    let fault = |error: &dyn std::error::Error| LinkFault::Identity(chain(error));
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(identity.ca_der.clone()))
        .map_err(|error| fault(&error))?;
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|error| fault(&error))?;
    let key = PrivateKeyDer::try_from(identity.key.0.clone())
        .map_err(|error| LinkFault::Identity(error.to_owned()))?;
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| fault(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(HallVerifier { inner }))
        .with_client_auth_cert(
            vec![CertificateDer::from(identity.certificate_der.clone())],
            key,
        )
        .map_err(|error| fault(&error))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

/// Returns the name the hall must bear.
pub(crate) fn server_name(name: &str) -> Result<ServerName<'static>, LinkFault> {
    ServerName::try_from(name.to_owned())
        .map_err(|error| LinkFault::Identity(format!("server name {name:?}: {error}")))
}

/// Opens one HTTP/2 connection to `address` (`host:port`).
pub(crate) async fn open(
    address: &str,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
) -> Result<Channel, LinkFault> {
    let unreachable = |why: String| LinkFault::Unreachable {
        address: address.to_owned(),
        why,
    };
    let endpoint = Endpoint::from_shared(format!("http://{}", name.to_str()))
        .map_err(|error| unreachable(chain(&error)))?
        .connect_timeout(CONNECT_MAX)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE)
        .keep_alive_while_idle(true)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW);
    let to = address.to_owned();
    let connector = tower::service_fn(move |_uri: Uri| {
        let (to, name, config) = (to.clone(), name.clone(), Arc::clone(&config));
        async move {
            let tcp = TcpStream::connect(&to).await?;
            tcp.set_nodelay(true)?;
            let tls = TlsConnector::from(config).connect(name, tcp).await?;
            Ok::<_, io::Error>(TokioIo::new(tls))
        }
    });
    endpoint
        .connect_with_connector(connector)
        .await
        .map_err(|error| unreachable(chain(&error)))
}

/// Believes the pinned CA and the fixed name, and no clock of this machine: a kiosk whose battery
/// is flat must still sit its exam. A certificate outside its dates by the local clock is judged
/// once more at an hour of its own validity; revocation and renewal are the hall's.
#[derive(Debug)]
struct HallVerifier {
    inner: Arc<WebPkiServerVerifier>,
}

impl ServerCertVerifier for HallVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = |now| {
            let inner = &self.inner;
            inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        match verify(now) {
            Err(Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            )) => verify(valid_hour(end_entity).unwrap_or(now)),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("only TLS 1.3 is spoken here".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Returns the first second of a certificate's validity.
fn valid_hour(certificate: &CertificateDer<'_>) -> Option<UnixTime> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let seconds = u64::try_from(parsed.validity().not_before.timestamp()).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}
