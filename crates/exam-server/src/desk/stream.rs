//! One kiosk's stream as the desk knows it: a bounded queue out, credits for what is under way,
//! and the session it holds.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use exam_core::command::Holder;
use exam_core::{Epoch, HallTime, PartNo, Refusal, SeatId, Seq, SessionId, SessionView, Snapshot};
use exam_proto::seal::PaperKey;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, mpsc};

use super::{Asked, ReceiptShown};
use crate::door::Peer;

/// Something a kiosk is told. Whatever depends on the sitting's state is durable by then.
#[derive(Debug)]
pub(crate) enum Push {
    /// The hall's answer to `Hello`.
    Welcome,
    /// Logged in or back.
    Attached(Box<Snapshot>),
    /// The session has changed.
    View(Box<SessionView>),
    /// The sealed parts of the session's paper.
    Sealed(SessionId),
    /// The key that opens one part.
    StartKey(PartNo, PaperKey),
    /// Revisions up to here are durable.
    Ack(Epoch, Seq),
    /// Notes up to here are durable.
    NoteAck(Epoch, Seq),
    /// A rule says no.
    Refused(Asked, Refusal),
    /// The session has ended.
    Receipt(Box<ReceiptShown>),
    /// Answer to a ping.
    Pong(u64),
    /// The hall goes away for a moment.
    Goodbye(u32),
    /// The stream ends.
    Close(CloseWhy),
}

/// Why the hall ends a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CloseWhy {
    /// A newer stream of the same seat has taken its place.
    Replaced,
    /// The session goes on at another seat.
    Moved,
    /// A message that cannot mean anything.
    Malformed(String),
    /// The kiosk speaks another protocol.
    OtherProtocol,
}

/// One kiosk's stream.
#[derive(Debug)]
pub(crate) struct SeatStream {
    seat: SeatId,
    peer: Peer,
    out: mpsc::Sender<Push>,
    number: u64,
    credits: Semaphore,
    holder: Mutex<Option<Holder>>,
    last_life: AtomicI64,
    slowed: AtomicBool,
}

impl SeatStream {
    /// A stream of `seat` that may have `in_flight` commands under way.
    pub(crate) fn new(
        number: u64,
        seat: SeatId,
        peer: Peer,
        out: mpsc::Sender<Push>,
        in_flight: u32,
        now: HallTime,
    ) -> Self {
        Self {
            seat,
            peer,
            out,
            number,
            credits: Semaphore::new(usize::try_from(in_flight).unwrap_or(usize::MAX >> 3)),
            holder: Mutex::new(None),
            last_life: AtomicI64::new(now.0),
            slowed: AtomicBool::new(false),
        }
    }

    /// Its number, which no other stream of this process has.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// The seat, from the certificate.
    pub(crate) const fn seat(&self) -> &SeatId {
        &self.seat
    }

    /// Tells the kiosk something, without waiting. A kiosk whose queue is full is cut off: it
    /// comes back and resumes.
    pub(crate) fn push(&self, push: Push) {
        match self.out.try_send(push) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => {
                tracing::warn!(seat = %self.seat, "a kiosk does not read; its stream is closed");
                self.peer.cut();
            }
        }
    }

    /// Returns once nobody reads the queue any more.
    pub(crate) async fn closed(&self) {
        self.out.closed().await;
    }

    /// Waits until one more command may be under way.
    pub(crate) async fn begin(&self) {
        if let Ok(credit) = self.credits.acquire().await {
            credit.forget();
        }
    }

    /// A command's effect is durable and released.
    pub(super) fn end_one(&self) {
        self.credits.add_permits(1);
    }

    /// The session it holds, as the desk has decided.
    pub(crate) fn holder(&self) -> Option<Holder> {
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hold(&self, holder: Holder) {
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner) = Some(holder);
    }

    /// Something came from the kiosk.
    pub(crate) fn lives(&self, now: HallTime) {
        self.last_life.fetch_max(now.0, Ordering::Relaxed);
    }

    pub(super) fn last_life(&self) -> HallTime {
        HallTime(self.last_life.load(Ordering::Relaxed))
    }

    /// W7: the session is past its reserve, so its rate falls to one a second.
    pub(super) fn slow_down(&self) {
        self.slowed.store(true, Ordering::Relaxed);
    }

    /// Says whether its rate has fallen (W7).
    pub(crate) fn is_slowed(&self) -> bool {
        self.slowed.load(Ordering::Relaxed)
    }
}
