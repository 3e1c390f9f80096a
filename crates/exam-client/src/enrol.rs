//! Getting a certificate from the hall with the one-time code on the seat's label.
//!
//! Nothing is believed of the server until it has proved that it knows the code, over this very
//! connection. How codes are drawn and used up is the hall's business.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exam_proto::enrolment as wire;
use exam_proto::enrolment::enrolment_client::EnrolmentClient;
use exam_proto::proof::{code_key, equal, reply_proof, request_proof};
use rcgen::{CertificateParams, CertificateSigningRequest, KeyPair, PublicKeyData as _};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tonic::Code;

use crate::identity::{Identity, SecretKey};
use crate::tls::{self, LinkFault};

/// The name asked for at the enrolment port; nobody checks it, the proofs bind the connection.
const ENROLMENT_NAME: &str = "enrolment.examhall.internal";
/// How long the hall may take to answer.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// Tries where the hall is away or fails.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(300);

/// Why a seat could not be enrolled, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum EnrolFault {
    /// The hall's enrolment port cannot be reached.
    #[error("{0}; check the address, the cable, and that enrolment is open at the hall")]
    Link(#[from] LinkFault),
    /// The hall does not know the code.
    #[error("the hall does not know this code; check it against the label and type it again")]
    CodeRefused,
    /// The code was used.
    #[error("this code has been used; have a new label printed at the hall")]
    CodeUsed,
    /// The code is out of date.
    #[error("this code is out of date; have a new label printed at the hall")]
    CodeExpired,
    /// Enrolment is closed.
    #[error("enrolment is closed at the hall; have it opened there and try again")]
    Shut,
    /// Too many wrong codes.
    #[error("too many wrong codes were tried; wait a minute and try again")]
    TooManyTries,
    /// The hall failed.
    #[error("the hall could not enrol this seat: {0}")]
    Hall(String),
    /// The other side does not know the code.
    #[error(
        "whoever answered at this address does not know the code, so it is not this hall: check the address and the network, and do not use this code elsewhere"
    )]
    NotTheHall,
    /// The reply cannot be used.
    #[error("the hall's reply cannot be used ({0}); hall and seat may be of different versions")]
    BadReply(String),
    /// No key can be made here.
    #[error("could not make a key on this machine: {0}")]
    NoKey(String),
}

/// Enrols at `address` (`host:port` of the enrolment port) with the code from the label.
///
/// # Errors
/// [`EnrolFault`] says what to do.
pub async fn enrol(address: &str, code: &str) -> Result<Identity, EnrolFault> {
    let no_key = |error: &dyn std::error::Error| EnrolFault::NoKey(tls::chain(error));
    let key = KeyPair::generate().map_err(|error| no_key(&error))?;
    let csr = CertificateParams::default()
        .serialize_request(&key)
        .map_err(|error| no_key(&error))?;
    let code = code_key(code);
    let mut tries = 1;
    loop {
        // The same request again: a hall whose answer was lost gives the same certificate.
        match ask(address, &code, &csr).await {
            Ok(reply) => return identity(&key, reply),
            Err(EnrolFault::Link(_) | EnrolFault::Hall(_)) if tries < TRIES => tries += 1,
            Err(fault) => return Err(fault),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks once over a connection of its own, and believes a proven reply alone.
async fn ask(
    address: &str,
    code: &[u8; 32],
    csr: &CertificateSigningRequest,
) -> Result<wire::EnrolReply, EnrolFault> {
    let nonce: [u8; 32] =
        crate::entropy::draw().map_err(|_failed| EnrolFault::NoKey("no randomness".to_owned()))?;
    let seen = Arc::new(SeenCertificate::default());
    let config = enrolment_config(&seen)?;
    let name = tls::server_name(ENROLMENT_NAME)?;
    let channel = tls::open(address, name, config).await?;
    let server = seen.take().ok_or(EnrolFault::NotTheHall)?;
    let request = wire::EnrolRequest {
        nonce: nonce.to_vec().into(),
        csr: csr.der().to_vec().into(),
        proof: request_proof(code, &nonce, csr.der(), &server)
            .to_vec()
            .into(),
    };
    let mut client = EnrolmentClient::new(channel);
    let reply = tokio::time::timeout(ANSWER_MAX, client.enrol(request))
        .await
        .map_err(|_elapsed| EnrolFault::Hall("it did not answer in time".to_owned()))?
        .map_err(|status| refused(&status))?
        .into_inner();
    let proof = reply_proof(code, &nonce, &reply.certificate, &reply.ca);
    if equal(&proof, &reply.proof) {
        Ok(reply)
    } else {
        Err(EnrolFault::NotTheHall)
    }
}

fn refused(status: &tonic::Status) -> EnrolFault {
    match status.code() {
        Code::PermissionDenied | Code::Unauthenticated | Code::NotFound => EnrolFault::CodeRefused,
        Code::ResourceExhausted => EnrolFault::TooManyTries,
        Code::FailedPrecondition if status.message() == "code-expired" => EnrolFault::CodeExpired,
        Code::FailedPrecondition => EnrolFault::CodeUsed,
        Code::Unavailable if status.message() == "shut" => EnrolFault::Shut,
        _ => EnrolFault::Hall(status.message().to_owned()),
    }
}

/// Makes an identity of a proven reply, if the certificate is for our key and can be used.
fn identity(key: &KeyPair, reply: wire::EnrolReply) -> Result<Identity, EnrolFault> {
    let bad = |why: &str| EnrolFault::BadReply(why.to_owned());
    let (_, parsed) = x509_parser::parse_x509_certificate(&reply.certificate)
        .map_err(|error| bad(&error.to_string()))?;
    if parsed.public_key().raw != key.subject_public_key_info() {
        return Err(bad("the certificate is for another key"));
    }
    let identity = Identity {
        certificate_der: reply.certificate.to_vec(),
        key: SecretKey(key.serialize_der()),
        ca_der: reply.ca.to_vec(),
        server_name: reply.server_name,
        name: reply.identity,
        hall: reply.hall_name,
    };
    tls::hall_config(&identity).map_err(|fault| EnrolFault::BadReply(fault.to_string()))?;
    tls::server_name(&identity.server_name)
        .map_err(|fault| EnrolFault::BadReply(fault.to_string()))?;
    Ok(identity)
}

fn enrolment_config(seen: &Arc<SeenCertificate>) -> Result<Arc<ClientConfig>, EnrolFault> {
    let verifier: Arc<dyn ServerCertVerifier> = Arc::<SeenCertificate>::clone(seen);
    let mut config = ClientConfig::builder_with_provider(tls::provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| EnrolFault::NoKey(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

/// Accepts any certificate whose holder has its key, and remembers it for the proof.
#[derive(Debug)]
struct SeenCertificate {
    der: Mutex<Option<Vec<u8>>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Default for SeenCertificate {
    fn default() -> Self {
        Self {
            der: Mutex::new(None),
            algorithms: tls::provider().signature_verification_algorithms,
        }
    }
}

impl SeenCertificate {
    fn take(&self) -> Option<Vec<u8>> {
        self.der
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl ServerCertVerifier for SeenCertificate {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let mut der = self.der.lock().unwrap_or_else(PoisonError::into_inner);
        *der = Some(end_entity.to_vec());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General(
            "only TLS 1.3 is spoken here".to_owned(),
        ))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
