//! What can be put into the desk's mailboxes, and the handle that does it.

use std::sync::Arc;

use exam_core::{ActId, Command, HallAct, HallTime, Refusal, SessionView, StaffId, WallTime};
use tokio::sync::{mpsc, oneshot};

use super::SeatStream;

/// Letters of staff that may wait.
const URGENT: usize = 64;

/// One letter to the desk.
#[derive(Debug)]
pub(crate) struct Letter {
    /// When its frame was decoded.
    pub(crate) received_at: HallTime,
    /// What is wanted.
    pub(crate) what: What,
}

/// What a letter wants.
#[derive(Debug)]
pub(crate) enum What {
    /// A kiosk asks.
    Ask {
        stream: Arc<SeatStream>,
        asked: Asked,
        command: Command,
    },
    /// A kiosk's stream has ended.
    Gone { stream: Arc<SeatStream> },
    /// Staff act.
    Act {
        id: ActId,
        by: StaffId,
        act: HallAct,
        reply: oneshot::Sender<Result<(), Refusal>>,
    },
    /// Staff look.
    Show { reply: oneshot::Sender<Shown> },
    /// The process leaves in order.
    Stop {
        back_in: u32,
        reply: oneshot::Sender<()>,
    },
}

/// What a kiosk asked, for saying what was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Hello,
    LogIn,
    CheckDetails,
    Undertake,
    Prepared,
    Revise,
    Annotate,
    Locked,
    HandIn,
}

/// The sitting as staff see it: counts and times, no answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) now: HallTime,
    pub(crate) wall: WallTime,
    pub(crate) started: Option<HallTime>,
    pub(crate) closed: bool,
    /// Durable records, and the chain's head after the last of them.
    pub(crate) written: (u64, [u8; 32]),
    pub(crate) views: Vec<SessionView>,
}

/// The desk has ended; the process is about to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("could not reach the desk: it has ended")]
pub(crate) struct DeskGone;

/// Puts letters into the mailboxes.
#[derive(Debug, Clone)]
pub(crate) struct DeskHandle {
    urgent: mpsc::Sender<Letter>,
    mail: mpsc::Sender<Letter>,
}

impl DeskHandle {
    pub(super) fn new(room: usize) -> (Self, mpsc::Receiver<Letter>, mpsc::Receiver<Letter>) {
        let (urgent, urgent_out) = mpsc::channel(URGENT);
        let (mail, mail_out) = mpsc::channel(room.max(1));
        (Self { urgent, mail }, urgent_out, mail_out)
    }

    /// Sends a kiosk's letter; waits where the mailbox is full.
    pub(crate) async fn mail(&self, received_at: HallTime, what: What) -> Result<(), DeskGone> {
        let letter = Letter { received_at, what };
        self.mail.send(letter).await.map_err(|_gone| DeskGone)
    }

    /// Sends a letter of staff and waits for the answer.
    pub(crate) async fn urgent<T>(
        &self,
        received_at: HallTime,
        what: impl FnOnce(oneshot::Sender<T>) -> What,
    ) -> Result<T, DeskGone> {
        let (reply, answer) = oneshot::channel();
        let what = what(reply);
        let letter = Letter { received_at, what };
        self.urgent.send(letter).await.map_err(|_gone| DeskGone)?;
        answer.await.map_err(|_gone| DeskGone)
    }
}
