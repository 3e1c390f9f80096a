//! The hall's own certificates: its CA, its one server certificate, and those of seats and staff.
//!
//! All keys are P-256, all files mode 0600. Certificates are valid for ever on purpose: a terminal
//! with a flat battery wakes up in another century, and what ends a certificate is the revocation
//! list ([`Revoked`]), not a date. Who may have one is decided elsewhere.

mod identity;
mod revoked;

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateSigningRequestParams,
    DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType, SerialNumber,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, CertificateSigningRequestDer, PrivateKeyDer};

use crate::data::{DataFault, make_dir, write_new, write_replacing};
use crate::entropy::Entropy;

pub use identity::{BadIdentity, Identity, Role, Serial};
pub use revoked::Revoked;

/// The hall's certificates.
#[derive(Debug)]
pub struct Pki {
    dir: PathBuf,
    hall: String,
    issuer: Issuer<'static, KeyPair>,
    ca: CertificateDer<'static>,
    server: Credentials,
    entropy: Entropy,
}

/// A certificate with its private key.
pub struct Credentials {
    /// The certificate.
    pub certificate: CertificateDer<'static>,
    /// Its private key, PKCS#8.
    pub key: PrivateKeyDer<'static>,
}

impl Clone for Credentials {
    fn clone(&self) -> Self {
        Self {
            certificate: self.certificate.clone(),
            key: self.key.clone_key(),
        }
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// A certificate the hall has just issued.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The certificate.
    pub certificate: CertificateDer<'static>,
    /// Its serial.
    pub serial: Serial,
}

/// What can go wrong with certificates.
#[derive(Debug, thiserror::Error)]
pub enum PkiFault {
    /// A file cannot be read or written.
    #[error(transparent)]
    Data(#[from] DataFault),
    /// A file holds no certificate or key.
    #[error("could not use {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A request for a certificate that is none, is not signed by its own key, or whose key is
    /// not P-256.
    #[error("could not accept the request for a certificate: {0}")]
    Request(String),
    /// A certificate could not be made.
    #[error("could not make a certificate")]
    Make(#[from] rcgen::Error),
    /// No chance to be had.
    #[error("could not draw a serial number")]
    Entropy(#[from] std::io::Error),
}

impl Pki {
    /// Opens the hall's certificates, or makes them where there are none.
    ///
    /// # Errors
    /// [`PkiFault`] names the file.
    pub fn open_or_create(dir: &Path, hall: &str, entropy: &Entropy) -> Result<Self, PkiFault> {
        make_dir(dir)?;
        if !dir.join("server.key").exists() {
            Self::create(dir, hall, entropy)?;
        }
        let issuer_key = Self::key_pair(&dir.join("ca.key"))?;
        let ca = Self::certificate(&dir.join("ca.pem"))?;
        let issuer = Issuer::from_ca_cert_der(&ca, issuer_key)?;
        Ok(Self {
            hall: hall.to_owned(),
            issuer,
            ca,
            server: Credentials::read(dir, "server")?,
            entropy: entropy.clone(),
            dir: dir.to_owned(),
        })
    }

    fn create(dir: &Path, hall: &str, entropy: &Entropy) -> Result<(), PkiFault> {
        let ca_key = new_key()?;
        let mut ca = params(&format!("examhall {hall} CA"), &serial(entropy)?);
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_certificate = ca.self_signed(&ca_key)?;
        let issuer = Issuer::new(ca, &ca_key);

        let name = format!("{hall}.examhall.internal");
        let server_key = new_key()?;
        let mut server = params(&name, &serial(entropy)?);
        server.subject_alt_names = vec![SanType::DnsName(name.try_into()?)];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server_certificate = server.signed_by(&server_key, &issuer)?;

        write_replacing(&dir.join("ca.key"), ca_key.serialize_pem().as_bytes())?;
        write_replacing(&dir.join("ca.pem"), ca_certificate.pem().as_bytes())?;
        write_replacing(&dir.join("server.pem"), server_certificate.pem().as_bytes())?;
        // Written last: with it the set is complete.
        write_replacing(
            &dir.join("server.key"),
            server_key.serialize_pem().as_bytes(),
        )?;
        Ok(())
    }

    /// The hall's id, as certificates bear it.
    pub fn hall(&self) -> &str {
        &self.hall
    }

    /// The one name of the hall's server certificate.
    pub fn server_name(&self) -> String {
        format!("{}.examhall.internal", self.hall)
    }

    /// The CA's certificate: the one thing a kiosk believes in.
    pub const fn ca(&self) -> &CertificateDer<'static> {
        &self.ca
    }

    /// The server's certificate and key.
    pub const fn server(&self) -> &Credentials {
        &self.server
    }

    /// Signs a request (DER) for `identity`. Everything but the public key of the request is
    /// ignored.
    ///
    /// # Errors
    /// [`PkiFault::Request`] where the request is not a P-256 key proven by its own signature.
    pub fn sign(&self, identity: &Identity, request: &[u8]) -> Result<Issued, PkiFault> {
        let der = CertificateSigningRequestDer::from(request);
        let request = CertificateSigningRequestParams::from_der(&der)
            .map_err(|error| PkiFault::Request(error.to_string()))?;
        if request.public_key.algorithm() != &PKCS_ECDSA_P256_SHA256 {
            return Err(PkiFault::Request("its key is not P-256".to_owned()));
        }
        self.issue(identity, &request.public_key)
    }

    /// Returns the credentials of a member of staff on this very machine, such as `operator`, and
    /// makes them if there are none. They lie in `pki/<name>.pem` and `.key`.
    ///
    /// # Errors
    /// [`PkiFault`] names the file.
    pub fn issue_staff(&self, role: Role, name: &str) -> Result<Credentials, PkiFault> {
        let identity = Identity::new(&self.hall, role, name)
            .map_err(|bad| PkiFault::Request(bad.to_string()))?;
        let (pem, key_file) = (
            self.dir.join(format!("{name}.pem")),
            self.dir.join(format!("{name}.key")),
        );
        if !pem.exists() {
            let key = new_key()?;
            let issued = self.issue(&identity, &key)?;
            write_replacing(&key_file, key.serialize_pem().as_bytes())?;
            write_new(&pem, pem_of(&issued.certificate).as_bytes())?;
        }
        Credentials::read(&self.dir, name)
    }

    /// Opens the list of revoked certificates.
    ///
    /// # Errors
    /// [`PkiFault`] names the file and line.
    pub fn revoked(&self) -> Result<Revoked, PkiFault> {
        Revoked::open(&self.dir.join("revoked"))
    }

    fn issue(&self, identity: &Identity, key: &impl PublicKeyData) -> Result<Issued, PkiFault> {
        let serial = serial(&self.entropy)?;
        let mut client = params(identity.name(), &serial);
        client.subject_alt_names = vec![SanType::URI(identity.uri().try_into()?)];
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate: Certificate = client.signed_by(key, &self.issuer)?;
        Ok(Issued {
            certificate: certificate.der().clone(),
            serial,
        })
    }

    fn certificate(path: &Path) -> Result<CertificateDer<'static>, PkiFault> {
        CertificateDer::from_pem_file(path).map_err(|error| PkiFault::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    }

    fn key_pair(path: &Path) -> Result<KeyPair, PkiFault> {
        let text = std::fs::read_to_string(path).map_err(DataFault::io("read", path))?;
        KeyPair::from_pem(&text).map_err(|error| PkiFault::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    }
}

impl Credentials {
    /// Reads `<name>.pem` and `<name>.key` from a folder.
    ///
    /// # Errors
    /// [`PkiFault`] names the file.
    pub fn read(dir: &Path, name: &str) -> Result<Self, PkiFault> {
        let key_path = dir.join(format!("{name}.key"));
        let key =
            PrivateKeyDer::from_pem_file(&key_path).map_err(|error| PkiFault::Unreadable {
                path: key_path.clone(),
                reason: error.to_string(),
            })?;
        Ok(Self {
            certificate: Pki::certificate(&dir.join(format!("{name}.pem")))?,
            key,
        })
    }
}

fn new_key() -> Result<KeyPair, PkiFault> {
    Ok(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?)
}

fn serial(entropy: &Entropy) -> Result<Serial, PkiFault> {
    Ok(Serial::new(entropy.draw()?))
}

fn params(name: &str, serial: &Serial) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    params.distinguished_name = distinguished;
    params.serial_number = Some(SerialNumber::from_slice(serial.bytes()));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params
}

/// Writes a certificate as PEM.
pub fn pem_of(certificate: &CertificateDer<'_>) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| {
        let at = usize::try_from(bits & 63).unwrap_or(0);
        DIGITS.get(at).copied().map_or('A', char::from)
    };
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in certificate.chunks(48) {
        for group in line.chunks(3) {
            let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            text.push(digit(bits >> 18));
            text.push(digit(bits >> 12));
            text.push(if group.len() > 1 {
                digit(bits >> 6)
            } else {
                '='
            });
            text.push(if group.len() > 2 { digit(bits) } else { '=' });
        }
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hall(dir: &Path) -> Pki {
        Pki::open_or_create(dir, "hall-7", &Entropy::system()).unwrap()
    }

    fn request() -> Vec<u8> {
        let key = new_key().unwrap();
        let params = CertificateParams::new(vec!["a-liar.example".to_owned()]).unwrap();
        params.serialize_request(&key).unwrap().der().to_vec()
    }

    #[test]
    fn the_same_certificates_are_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let (first, again) = (hall(dir.path()), hall(dir.path()));
        assert_eq!(first.ca(), again.ca());
        assert_eq!(first.server().certificate, again.server().certificate);
        let operator = first.issue_staff(Role::Chief, "operator").unwrap();
        let same = again.issue_staff(Role::Chief, "operator").unwrap();
        assert_eq!(operator.certificate, same.certificate);
    }

    #[test]
    fn an_issued_certificate_bears_the_halls_word_not_the_requests() {
        let dir = tempfile::tempdir().unwrap();
        let hall = hall(dir.path());
        let seat = Identity::new("hall-7", Role::Seat, "A-07").unwrap();
        let issued = hall.sign(&seat, &request()).unwrap();
        let (read, serial) = Identity::of_certificate(&issued.certificate, "hall-7").unwrap();
        assert_eq!((read, serial), (seat, issued.serial));
        assert!(Identity::of_certificate(&issued.certificate, "hall-8").is_err());
        assert!(
            hall.sign(&Identity::new("hall-7", Role::Seat, "A-07").unwrap(), b"x")
                .is_err()
        );
    }
}
