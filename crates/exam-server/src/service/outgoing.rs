//! The stream of messages to one kiosk: takes pushes off the queue, turns each into wire messages,
//! and puts the hall's clocks on every one as it leaves.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use exam_proto::delivery as wire;
use exam_proto::delivery::hall_message::Body;
use futures_util::Stream;
use tokio::sync::mpsc;
use tonic::Status;

use super::face::Face;
use super::shown;
use crate::clock::HallClock;
use crate::desk::{CloseWhy, Push};

/// Messages to one kiosk.
#[derive(Debug)]
pub(crate) struct Outgoing {
    queue: mpsc::Receiver<Push>,
    /// Messages of one push that have not left.
    ready: VecDeque<Body>,
    /// Nothing more is taken off the queue.
    is_ending: bool,
    /// What the stream ends with, where it is not simply over.
    end: Option<Status>,
    seat: String,
    face: Arc<Face>,
    clock: HallClock,
}

impl Outgoing {
    pub(super) fn new(
        queue: mpsc::Receiver<Push>,
        seat: String,
        face: Arc<Face>,
        clock: HallClock,
    ) -> Self {
        Self {
            queue,
            ready: VecDeque::new(),
            is_ending: false,
            end: None,
            seat,
            face,
            clock,
        }
    }

    fn take(&mut self, push: Push) {
        match push {
            Push::Welcome => self
                .ready
                .push_back(Body::Welcome(self.face.welcome(&self.seat))),
            Push::Attached(snapshot) => {
                let candidate = self.face.candidate(snapshot.view.session);
                self.ready.extend(candidate.map(Body::Candidate));
                self.ready.push_back(Body::Snapshot((&*snapshot).into()));
            }
            Push::Sealed(session) => {
                let parts = self.face.sealed(session);
                self.ready.extend(parts.into_iter().map(Body::Sealed));
            }
            Push::Close(why) => {
                self.queue.close();
                self.is_ending = true;
                self.end = Some(status(why));
            }
            Push::Goodbye(back_in_seconds) => {
                let goodbye = wire::Goodbye { back_in_seconds };
                self.ready.push_back(Body::Goodbye(goodbye));
                self.queue.close();
                self.is_ending = true;
            }
            other => self.ready.extend(shown::simple(other)),
        }
    }

    fn message(&self, body: Body) -> wire::HallMessage {
        let clock = wire::Clock {
            hall_ms: self.clock.now().0,
            wall_ms: self.clock.wall().0,
        };
        wire::HallMessage {
            clock: Some(clock),
            body: Some(body),
        }
    }
}

/// The status a closed stream ends with; its text is a word for programs.
fn status(why: CloseWhy) -> Status {
    match why {
        CloseWhy::Replaced => Status::aborted("replaced"),
        CloseWhy::Moved => Status::aborted("moved"),
        CloseWhy::Malformed(text) => Status::invalid_argument(text),
        CloseWhy::OtherProtocol => Status::failed_precondition("protocol"),
    }
}

impl Stream for Outgoing {
    type Item = Result<wire::HallMessage, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(body) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(self.message(body))));
            }
            if self.is_ending {
                return Poll::Ready(self.end.take().map(Err));
            }
            match self.queue.poll_recv(cx) {
                Poll::Ready(Some(push)) => self.take(push),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
