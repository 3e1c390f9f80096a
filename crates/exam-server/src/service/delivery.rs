//! The delivery service: one stream each way for every kiosk.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use exam_core::{Refusal, SeatId, SessionId};
use exam_proto::delivery::KioskMessage;
use exam_proto::delivery::delivery_server::Delivery;
use tokio::sync::{Notify, mpsc};
use tonic::{Request, Response, Status, Streaming};

use super::face::Face;
use super::outgoing::Outgoing;
use super::reader::Reader;
use crate::clock::HallClock;
use crate::desk::{DeskHandle, Push, SeatStream};
use crate::door::{Peer, Who};
use crate::enrol::Tries;
use crate::entropy::Entropy;
use crate::roster::Lookup;

/// What every stream of the delivery port shares.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) face: Arc<Face>,
    pub(crate) desk: DeskHandle,
    pub(crate) clock: HallClock,
    pub(crate) entropy: Entropy,
    pub(crate) lookup: Lookup,
    pub(crate) tries: Mutex<Tries<SeatId>>,
    pub(crate) streams: Streams,
}

impl Front {
    /// Finds the session that a candidate at `seat` names, within the seat's tries.
    pub(super) fn find(
        &self,
        seat: &SeatId,
        number: &str,
        tail: &str,
    ) -> Result<SessionId, Refusal> {
        let now = self.clock.now();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.left(now, seat) == 0 {
            return Err(Refusal::TooManyTries);
        }
        if let Some(session) = self.lookup.find(number, tail) {
            return Ok(session);
        }
        let left = tries.fail(now, seat);
        let alarm = usize::try_from(self.face.config.limits.log_in_alarm).unwrap_or(usize::MAX);
        if tries.in_all(now) >= alarm {
            tracing::error!(%seat, "alarm: many failed log-ins in the hall within a minute");
        } else {
            tracing::warn!(%seat, left, "log-in failed");
        }
        Err(Refusal::NoMatch {
            tries_left: u8::try_from(left).unwrap_or(u8::MAX),
        })
    }
}

/// The streams that are open now, so that all can be told good-bye. Clones are one list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Streams {
    open: Arc<Mutex<BTreeMap<u64, Weak<SeatStream>>>>,
    next: Arc<AtomicU64>,
    left: Arc<Notify>,
}

impl Streams {
    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn enter(&self, stream: &Arc<SeatStream>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(stream.number(), Arc::downgrade(stream));
    }

    pub(super) fn leave(&self, stream: &SeatStream) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&stream.number());
        drop(open);
        self.left.notify_waiters();
    }

    /// Waits until no stream is open, but no longer than `limit`.
    pub(crate) async fn empty_within(&self, limit: Duration) {
        let empty = async {
            loop {
                let left = self.left.notified();
                if self
                    .open
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .is_empty()
                {
                    return;
                }
                left.await;
            }
        };
        if tokio::time::timeout(limit, empty).await.is_err() {
            tracing::debug!("some kiosks did not read their good-bye");
        }
    }

    /// Tells every kiosk, logged in or not, that the hall goes away for a moment.
    pub(crate) fn goodbye(&self, back_in: u32) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let streams: Vec<_> = open.values().filter_map(Weak::upgrade).collect();
        drop(open);
        for stream in streams {
            stream.push(Push::Goodbye(back_in));
        }
    }
}

/// The service of the wire.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryService(Arc<Front>);

impl DeliveryService {
    pub(crate) const fn new(front: Arc<Front>) -> Self {
        Self(front)
    }
}

#[tonic::async_trait]
impl Delivery for DeliveryService {
    type AttendStream = Outgoing;

    async fn attend(
        &self,
        request: Request<Streaming<KioskMessage>>,
    ) -> Result<Response<Outgoing>, Status> {
        let front = &self.0;
        let peer = request.extensions().get::<Peer>().cloned();
        let peer = peer.ok_or_else(|| Status::unauthenticated("nobody"))?;
        let seat = match peer.who() {
            Who::Known(identity, _) => identity.seat(),
            Who::Newcomer => None,
        };
        let seat = seat.ok_or_else(|| Status::permission_denied("role"))?;
        let limits = front.face.config.limits;
        let waiting = usize::try_from(limits.messages_waiting).unwrap_or(usize::MAX >> 3);
        let (out, queue) = mpsc::channel(waiting);
        let stream = Arc::new(SeatStream::new(
            front.streams.number(),
            seat.clone(),
            peer,
            out,
            limits.commands_in_flight,
            front.clock.now(),
        ));
        front.streams.enter(&stream);
        let outgoing = Outgoing::new(
            queue,
            seat.as_str().to_owned(),
            Arc::clone(&front.face),
            front.clock.clone(),
        );
        let reader = Reader::new(Arc::clone(front), stream);
        tokio::spawn(reader.run(request.into_inner()));
        Ok(Response::new(outgoing))
    }
}
