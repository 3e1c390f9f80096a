//! TLS 1.3 alone, with ring by name.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use super::DoorFault;
use crate::pki::Pki;

/// TLS of the delivery port: only with a client certificate of the hall's own CA.
///
/// # Errors
/// [`DoorFault`] where the certificates are of no use.
pub fn delivery_tls(pki: &Pki) -> Result<ServerConfig, DoorFault> {
    let mut roots = RootCertStore::empty();
    roots.add(pki.ca().clone())?;
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).build()?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(verifier);
    finish(config, pki)
}

/// TLS of the enrolment port: who comes has no certificate yet.
///
/// # Errors
/// [`DoorFault`] where the certificates are of no use.
pub fn enrolment_tls(pki: &Pki) -> Result<ServerConfig, DoorFault> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth();
    finish(config, pki)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn finish(
    config: rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>,
    pki: &Pki,
) -> Result<ServerConfig, DoorFault> {
    let server = pki.server().clone();
    let mut config = config.with_single_cert(vec![server.certificate], server.key)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    // Every connection shows its certificate anew, so that a revoked one cannot resume.
    config.send_tls13_tickets = 0;
    Ok(config)
}
