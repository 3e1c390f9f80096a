//! Who may call what: one table, everything else denied.
//!
//! A tower layer in front of every service of both ports. It knows paths and roles; which *act* a
//! role may do inside `Perform` is told by [`may_do`].

use std::task::{Context, Poll};

use exam_core::HallAct;
use futures_util::future::{Either, Ready, ready};
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::door::{Peer, Who};
use crate::pki::{Revoked, Role};

/// Who may make a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callers {
    /// Bearers of a certificate with one of these roles.
    Roles(&'static [Role]),
    /// Anybody at the enrolment port, who by then has no certificate.
    Newcomers,
}

/// The table. A path that is not in it may be called by nobody.
pub const TABLE: [(&str, Callers); 4] = [
    (
        "/examhall.delivery.v1.Delivery/Attend",
        Callers::Roles(&[Role::Seat]),
    ),
    (
        "/examhall.administration.v1.Administration/Perform",
        Callers::Roles(&[Role::Chief, Role::Invigilator]),
    ),
    (
        "/examhall.administration.v1.Administration/Show",
        Callers::Roles(&[Role::Chief, Role::Invigilator, Role::Inspector]),
    ),
    ("/examhall.enrolment.v1.Enrolment/Enrol", Callers::Newcomers),
];

/// Says whether `who` may call `path`.
pub fn may_call(path: &str, who: &Who) -> bool {
    let callers = TABLE.iter().find(|(known, _)| *known == path);
    match (callers, who) {
        (Some((_, Callers::Roles(roles))), Who::Known(identity, _)) => {
            roles.contains(&identity.role())
        }
        (Some((_, Callers::Newcomers)), Who::Newcomer) => true,
        (Some(_) | None, Who::Known(..) | Who::Newcomer) => false,
    }
}

/// Says whether a role may do a hall act (RULES 8).
pub const fn may_do(role: Role, act: &HallAct) -> bool {
    match act {
        HallAct::Arrive { .. } | HallAct::Identify { .. } | HallAct::MoveSeat { .. } => {
            matches!(role, Role::Chief | Role::Invigilator)
        }
        HallAct::Start
        | HallAct::MarkAbsent { .. }
        | HallAct::DecideOffline { .. }
        | HallAct::Settle { .. }
        | HallAct::Close => matches!(role, Role::Chief),
    }
}

/// Puts the table in front of a service.
#[derive(Debug, Clone)]
pub struct RoleLayer {
    revoked: Revoked,
}

impl RoleLayer {
    /// A layer that also refuses the revoked, call by call.
    pub const fn new(revoked: Revoked) -> Self {
        Self { revoked }
    }
}

impl<S> Layer<S> for RoleLayer {
    type Service = RoleGate<S>;

    fn layer(&self, inner: S) -> RoleGate<S> {
        RoleGate {
            inner,
            revoked: self.revoked.clone(),
        }
    }
}

/// A service behind the table.
#[derive(Debug, Clone)]
pub struct RoleGate<S> {
    inner: S,
    revoked: Revoked,
}

impl<S> RoleGate<S> {
    fn check(&self, path: &str, peer: Option<&Peer>) -> Result<(), tonic::Status> {
        let Some(peer) = peer else {
            return Err(tonic::Status::unauthenticated("nobody"));
        };
        if let Who::Known(_, serial) = peer.who()
            && self.revoked.contains(serial)
        {
            peer.cut();
            return Err(tonic::Status::unauthenticated("revoked"));
        }
        if !may_call(path, peer.who()) {
            return Err(tonic::Status::permission_denied("role"));
        }
        peer.has_called();
        Ok(())
    }
}

impl<S> Service<http::Request<Body>> for RoleGate<S>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<S::Response, S::Error>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let peer = request.extensions().get::<Peer>();
        match self.check(request.uri().path(), peer) {
            Ok(()) => Either::Left(self.inner.call(request)),
            Err(status) => Either::Right(ready(Ok(status.into_http()))),
        }
    }
}
