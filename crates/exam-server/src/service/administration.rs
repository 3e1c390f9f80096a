//! The administration service: what the hall's staff ask from the command line.

use std::sync::Arc;

use exam_core::{ActId, Refusal, SittingKind};
use exam_proto::act_from_wire;
use exam_proto::administration as wire;
use exam_proto::administration::administration_server::Administration;
use tonic::{Request, Response, Status};

use super::face::Face;
use crate::clock::HallClock;
use crate::desk::{DeskHandle, Shown, What};
use crate::door::{Peer, Who};
use crate::pki::Identity;
use crate::roles::may_do;

/// The service of the wire.
#[derive(Debug, Clone)]
pub(crate) struct AdministrationService {
    face: Arc<Face>,
    desk: DeskHandle,
    clock: HallClock,
}

impl AdministrationService {
    pub(crate) const fn new(face: Arc<Face>, desk: DeskHandle, clock: HallClock) -> Self {
        Self { face, desk, clock }
    }

    fn row(&self, view: &exam_core::SessionView) -> wire::Row {
        let row = self.face.roster.row(view.session);
        wire::Row {
            name: row
                .map(|row| row.name.show().to_owned())
                .unwrap_or_default(),
            admission_number: row
                .map(|row| row.number.show().to_owned())
                .unwrap_or_default(),
            view: Some(view.into()),
        }
    }

    fn reply(&self, shown: &Shown) -> wire::ShowReply {
        wire::ShowReply {
            sitting: self.face.sitting.as_str().to_owned(),
            rehearsal: self.face.kind == SittingKind::Rehearsal,
            hall_ms: shown.now.0,
            wall_ms: shown.wall.0,
            started_ms: shown.started.map(|at| at.0),
            closed: shown.closed,
            records: shown.written.0,
            head: shown.written.1.to_vec().into(),
            rows: shown.views.iter().map(|view| self.row(view)).collect(),
        }
    }
}

fn caller<T>(request: &Request<T>) -> Result<Identity, Status> {
    match request.extensions().get::<Peer>().map(Peer::who) {
        Some(Who::Known(identity, _)) => Ok(identity.clone()),
        Some(Who::Newcomer) | None => Err(Status::unauthenticated("nobody")),
    }
}

fn leaving() -> Status {
    Status::unavailable("leaving")
}

#[tonic::async_trait]
impl Administration for AdministrationService {
    async fn perform(
        &self,
        request: Request<wire::PerformRequest>,
    ) -> Result<Response<wire::PerformReply>, Status> {
        let identity = caller(&request)?;
        let by = identity
            .staff()
            .ok_or_else(|| Status::permission_denied("role"))?;
        let request = request.into_inner();
        let malformed = |text: String| Status::invalid_argument(text);
        let id =
            ActId::try_from(request.act_id.as_ref()).map_err(|bad| malformed(bad.to_string()))?;
        let act = request
            .act
            .as_ref()
            .ok_or_else(|| malformed("act is missing".to_owned()))?;
        let act = act_from_wire(act).map_err(|bad| malformed(bad.to_string()))?;
        let outcome = if may_do(identity.role(), &act) {
            let what = |reply| What::Act { id, by, act, reply };
            let asked = self.desk.urgent(self.clock.now(), what).await;
            asked.map_err(|_gone| leaving())?
        } else {
            Err(Refusal::RoleMayNot)
        };
        let refusal = outcome.err().map(|refusal| (&refusal).into());
        Ok(Response::new(wire::PerformReply { refusal }))
    }

    async fn show(
        &self,
        _request: Request<wire::ShowRequest>,
    ) -> Result<Response<wire::ShowReply>, Status> {
        let what = |reply| What::Show { reply };
        let asked = self.desk.urgent(self.clock.now(), what).await;
        let shown = asked.map_err(|_gone| leaving())?;
        Ok(Response::new(self.reply(&shown)))
    }
}
