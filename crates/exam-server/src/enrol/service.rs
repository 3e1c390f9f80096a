//! The enrolment service of the wire.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use exam_proto::enrolment::enrolment_server::Enrolment;
use exam_proto::enrolment::{EnrolReply, EnrolRequest};
use exam_proto::proof;
use rustls_pki_types::CertificateDer;
use tonic::{Request, Response, Status};

use super::codes::Found;
use super::{Codes, Tries};
use crate::book::HallBook;
use crate::clock::HallClock;
use crate::door::Peer;
use crate::pki::{Identity, Pki};

/// A request for a certificate is not longer than this.
const REQUEST_MAX: usize = 4_096;

/// Enrols seats and staff.
#[derive(Debug, Clone)]
pub struct EnrolmentService(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pki: Arc<Pki>,
    codes: Arc<Codes>,
    book: Arc<HallBook>,
    clock: HallClock,
    hall_name: String,
    failures: Mutex<Tries<IpAddr>>,
}

impl EnrolmentService {
    /// A service that enrols with `codes` and writes into `book`.
    pub fn new(
        pki: Arc<Pki>,
        codes: Arc<Codes>,
        book: Arc<HallBook>,
        clock: HallClock,
        hall_name: String,
        tries: u32,
    ) -> Self {
        Self(Arc::new(Inner {
            pki,
            codes,
            book,
            clock,
            hall_name,
            failures: Mutex::new(Tries::new(tries)),
        }))
    }
}

impl Inner {
    fn may_try(&self, from: IpAddr) -> Result<(), Status> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.left(self.clock.now(), &from) == 0 {
            return Err(Status::resource_exhausted("too-many-tries"));
        }
        Ok(())
    }

    fn failed(&self, from: IpAddr) {
        let now = self.clock.now();
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.fail(now, &from);
        tracing::warn!(address = %from, "enrolment refused");
    }

    /// Finds the code behind the request's proof.
    fn find(&self, request: &EnrolRequest, from: IpAddr) -> Result<Found, Status> {
        if request.nonce.len() != 32 || request.csr.is_empty() || request.csr.len() > REQUEST_MAX {
            return Err(Status::invalid_argument("malformed"));
        }
        let server = &self.pki.server().certificate;
        let fits = |key: &[u8; 32]| {
            let expected = proof::request_proof(key, &request.nonce, &request.csr, server);
            proof::equal(&expected, &request.proof)
        };
        let asked = *blake3::hash(&request.csr).as_bytes();
        let found = self.codes.take(self.clock.now(), asked, fits);
        if found == Found::Nothing {
            self.failed(from);
        }
        Ok(found)
    }

    async fn enrol(
        &self,
        identity: &Identity,
        key: &[u8; 32],
        csr: &[u8],
    ) -> Result<CertificateDer<'static>, Status> {
        let issued = match self.pki.sign(identity, csr) {
            Ok(issued) => issued,
            Err(fault) => {
                self.codes.give_back(key);
                tracing::warn!(%fault, "request for a certificate refused");
                return Err(Status::invalid_argument("request"));
            }
        };
        // Into the record first: a certificate that is out is a certificate we know of.
        let recorded = self.book.enrolled(identity, &issued.serial, key).await;
        recorded.map_err(|fault| fault_status(&fault))?;
        let spent = self.codes.spend(key, &issued.certificate);
        spent.map_err(|fault| fault_status(&fault))?;
        Ok(issued.certificate)
    }

    fn reply(
        &self,
        identity: &Identity,
        key: &[u8; 32],
        nonce: &[u8],
        certificate: Vec<u8>,
    ) -> EnrolReply {
        let ca = self.pki.ca();
        let proof = proof::reply_proof(key, nonce, &certificate, ca);
        EnrolReply {
            certificate: certificate.into(),
            ca: ca.to_vec().into(),
            proof: proof.to_vec().into(),
            server_name: self.pki.server_name(),
            hall_name: self.hall_name.clone(),
            identity: identity.name().to_owned(),
        }
    }
}

fn fault_status(fault: &dyn std::error::Error) -> Status {
    tracing::error!(%fault, "enrolment failed");
    Status::unavailable("fault")
}

#[tonic::async_trait]
impl Enrolment for EnrolmentService {
    /// The status' text is a word for programs: `shut`, `too-many-tries`, `malformed`, `request`,
    /// `code` (none fits), `code-used`, `code-expired`, `fault`.
    async fn enrol(&self, request: Request<EnrolRequest>) -> Result<Response<EnrolReply>, Status> {
        let hall = &self.0;
        let peer = request.extensions().get::<Peer>();
        let from = peer
            .ok_or_else(|| Status::unauthenticated("nobody"))?
            .address();
        let request = request.into_inner();
        if hall.codes.is_shut() {
            return Err(Status::unavailable("shut"));
        }
        hall.may_try(from)?;
        let (identity, key, certificate) = match hall.find(&request, from)? {
            Found::Fresh(identity, key) => {
                let certificate = hall.enrol(&identity, &key, &request.csr).await?;
                (identity, key, certificate.to_vec())
            }
            Found::Again(identity, key, certificate) => (identity, key, certificate),
            Found::Used => return Err(Status::permission_denied("code-used")),
            Found::Expired => return Err(Status::permission_denied("code-expired")),
            Found::Nothing => return Err(Status::permission_denied("code")),
        };
        let reply = hall.reply(&identity, &key, &request.nonce, certificate);
        Ok(Response::new(reply))
    }
}
