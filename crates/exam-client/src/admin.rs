//! What the hall's staff ask from the command line: one act, or the state of every session.
//!
//! Who may do what is the hall's business; so is the record of it.

use std::time::Duration;

use bytes::Bytes;
use exam_core::{ActId, Digest, HallAct, HallTime, Refusal, SessionView, WallTime};
use exam_proto::administration as wire;
use exam_proto::administration::administration_client::AdministrationClient;
use exam_proto::{Malformed, act_to_wire};
use tonic::transport::Channel;
use tonic::{Code, Status};

use crate::identity::Identity;
use crate::tls::{self, LinkFault};

/// Tries of one act; each bears the same id, so that it is done once.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(300);
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// A member of staff at a hall.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Who it is.
    pub identity: Identity,
    /// Where the hall is, `host:port`.
    pub address: String,
}

/// Why an act was not done, or nothing can be shown.
#[derive(Debug, thiserror::Error)]
pub enum OperatorFault {
    /// A rule says no.
    #[error("the hall refused: {}", .0.id())]
    Refused(Refusal),
    /// The hall cannot be reached.
    #[error("{0}")]
    Link(#[from] LinkFault),
    /// The hall did not answer; the act may have been done.
    #[error("the hall did not answer: {0}; ask again with the same act, it is done once")]
    NoAnswer(String),
    /// The reply cannot be read.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// The state of a sitting: counts and times, no answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// The sitting's name.
    pub sitting: String,
    /// Whether it is a rehearsal.
    pub rehearsal: bool,
    /// The hall's clock.
    pub hall: HallTime,
    /// The hall's wall clock.
    pub wall: WallTime,
    /// When the room started.
    pub started: Option<HallTime>,
    /// Whether it is closed.
    pub closed: bool,
    /// Records in the journal.
    pub records: u64,
    /// The chain's head.
    pub head: Digest,
    /// Every session, in roster order.
    pub rows: Vec<Row>,
}

/// One session with its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The session.
    pub view: SessionView,
    /// The candidate's name.
    pub name: String,
    /// The admission number.
    pub number: String,
}

/// Draws the id of an act; a retry must bear the same one.
///
/// # Errors
/// [`OperatorFault::NoAnswer`] where the system has no randomness to give.
pub fn fresh_act_id() -> Result<ActId, OperatorFault> {
    crate::entropy::draw()
        .map(ActId)
        .map_err(|_failed| OperatorFault::NoAnswer("no randomness on this machine".to_owned()))
}

impl Operator {
    /// Does one act under a fresh id, trying again over a new connection where the hall is away.
    ///
    /// # Errors
    /// [`OperatorFault::Refused`] where a rule says no; else what failed.
    pub async fn perform(&self, act: &HallAct) -> Result<(), OperatorFault> {
        self.perform_as(fresh_act_id()?, act).await
    }

    /// Does one act under the given id: for a caller that itself tries again later.
    ///
    /// # Errors
    /// [`OperatorFault::Refused`] where a rule says no; else what failed.
    pub async fn perform_as(&self, id: ActId, act: &HallAct) -> Result<(), OperatorFault> {
        let request = wire::PerformRequest {
            act_id: Bytes::copy_from_slice(&id.0),
            act: Some(act_to_wire(act)),
        };
        let reply = self
            .ask(async |mut client| client.perform(request.clone()).await)
            .await?;
        match reply.refusal {
            None => Ok(()),
            Some(refusal) => Err(OperatorFault::Refused((&refusal).try_into()?)),
        }
    }

    /// Returns the state of the sitting.
    ///
    /// # Errors
    /// [`OperatorFault`] where the hall cannot be asked or read.
    pub async fn show(&self) -> Result<Showing, OperatorFault> {
        let reply = self
            .ask(async |mut client| client.show(wire::ShowRequest {}).await)
            .await?;
        let row = |row: &wire::Row| {
            let view = row.view.as_ref();
            let view = view.ok_or_else(|| Malformed("view is missing".to_owned()))?;
            Ok::<_, Malformed>(Row {
                view: view.try_into()?,
                name: row.name.clone(),
                number: row.admission_number.clone(),
            })
        };
        Ok(Showing {
            rows: reply.rows.iter().map(row).collect::<Result<_, _>>()?,
            sitting: reply.sitting,
            rehearsal: reply.rehearsal,
            hall: HallTime(reply.hall_ms),
            wall: WallTime(reply.wall_ms),
            started: reply.started_ms.map(HallTime),
            closed: reply.closed,
            records: reply.records,
            head: Digest::try_from(reply.head.as_ref()).map_err(Malformed::from)?,
        })
    }

    async fn ask<T>(
        &self,
        call: impl AsyncFn(AdministrationClient<Channel>) -> Result<tonic::Response<T>, Status>,
    ) -> Result<T, OperatorFault> {
        let config = tls::hall_config(&self.identity)?;
        let name = tls::server_name(&self.identity.server_name)?;
        let mut tries = 0;
        loop {
            tries += 1;
            let config = std::sync::Arc::clone(&config);
            let fault = match tls::open(&self.address, name.clone(), config).await {
                Ok(channel) => {
                    let call = call(AdministrationClient::new(channel));
                    match tokio::time::timeout(ANSWER_MAX, call).await {
                        Ok(Ok(reply)) => return Ok(reply.into_inner()),
                        Ok(Err(status)) if !is_passing(&status) => {
                            return Err(LinkFault::Refused(status.message().to_owned()).into());
                        }
                        Ok(Err(status)) => OperatorFault::NoAnswer(status.message().to_owned()),
                        Err(_elapsed) => OperatorFault::NoAnswer("no reply in time".to_owned()),
                    }
                }
                Err(fault) => fault.into(),
            };
            if tries >= TRIES {
                return Err(fault);
            }
            tokio::time::sleep(PAUSE * tries).await;
        }
    }
}

/// Says whether another try may go better.
fn is_passing(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded
    )
}
