//! What a sitting is asked to do, and what it answers.
//!
//! Chance (leases, sessions, seeds) and the hour come in from outside; nothing here draws or
//! waits.

use crate::act::HallAct;
use crate::event::{Event, Resumed, SittingKind};
use crate::ids::{
    ActId, BootId, Digest, Epoch, LeaseId, SeatId, Seq, SessionId, SittingId, StaffId,
};
use crate::paper::{Outline, Place};
use crate::refusal::Refusal;
use crate::revision::{Made, Note, Revision};
use crate::session::End;
use crate::time::{HallTime, Span, WallTime};
use crate::view::Snapshot;

/// One thing asked of a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the sitting: its seat plan and papers are fixed by this.
    Open(Box<Opening>),
    /// A server process takes the sitting up.
    ProcessStarted {
        /// The machine's boot.
        boot: BootId,
        /// The program's version.
        build: String,
        /// How hall time went on.
        resumed: Resumed,
    },
    /// The server process leaves in order.
    Stop,
    /// Time has passed: whatever is due happens.
    Clock,
    /// Nothing was recorded for a second: leave a mark if anything runs.
    Tick,
    /// The wall clock was seen to step.
    WallStepped {
        /// By how much.
        by: Span,
    },
    /// A candidate logs in; the roster has been searched by the door.
    LogIn {
        /// The session found.
        session: SessionId,
        /// The seat, from the kiosk's certificate.
        seat: SeatId,
        /// A fresh lease.
        lease: LeaseId,
        /// The kiosk's boot.
        boot: BootId,
    },
    /// A kiosk that holds a lease comes back.
    Attach {
        /// Who asks.
        holder: Holder,
        /// The seat, from the kiosk's certificate.
        seat: SeatId,
        /// The kiosk's boot now.
        boot: BootId,
    },
    /// A kiosk fell away.
    Detach {
        /// Who fell away; an old lease changes nothing.
        holder: Holder,
        /// Its last proof of life.
        last_life: HallTime,
    },
    /// The candidate looked at the own data.
    CheckDetails {
        /// Who asks.
        holder: Holder,
        /// Whether they are right.
        correct: bool,
    },
    /// The candidate answers the undertaking.
    Undertake {
        /// Who asks.
        holder: Holder,
        /// Digest of the text shown.
        text: Digest,
        /// Accepted or declined.
        accepted: bool,
    },
    /// The sealed paper is on the kiosk, and the candidate is ready.
    Prepare {
        /// Who asks.
        holder: Holder,
    },
    /// A response changes.
    Revise {
        /// Who asks.
        holder: Holder,
        /// The revision.
        revision: Revision,
    },
    /// Flag or strike-outs change.
    Annotate {
        /// Who asks.
        holder: Holder,
        /// The note.
        note: Note,
    },
    /// The kiosk locked itself at the own end and has sent all it made.
    Locked {
        /// Who asks.
        holder: Holder,
        /// The last revision made.
        last: Seq,
    },
    /// The candidate hands in.
    HandIn {
        /// Who asks.
        holder: Holder,
        /// The last revision made (W5).
        last: Seq,
        /// When the key was pressed.
        pressed: Made,
    },
    /// A member of staff acts.
    Act {
        /// The act's id; a retry bears the same.
        id: ActId,
        /// Who, from the certificate.
        by: StaffId,
        /// What.
        act: HallAct,
    },
    /// Somebody looks at a session; changes nothing.
    Look {
        /// Which.
        session: SessionId,
    },
}

/// Who writes into a session: the session, the lease and the epoch it was given under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder {
    /// The session.
    pub session: SessionId,
    /// The lease.
    pub lease: LeaseId,
    /// The epoch.
    pub epoch: Epoch,
}

/// All that is fixed when a sitting opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its name.
    pub sitting: SittingId,
    /// Real or rehearsal.
    pub kind: SittingKind,
    /// Digest of the signed exam file.
    pub exam: Digest,
    /// Digest of the bank's signed manifest.
    pub manifest: Digest,
    /// BLAKE3 commitment to the seed.
    pub commitment: Digest,
    /// The planned start.
    pub planned: HallTime,
    /// The planned start for people.
    pub planned_wall: WallTime,
    /// The seat plan in roster order.
    pub sessions: Vec<PlannedSession>,
}

/// One row of the seat plan with its paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSession {
    /// The session.
    pub session: SessionId,
    /// Its seat.
    pub seat: SeatId,
    /// Where the seat stands.
    pub place: Place,
    /// Time factor in hundredths (T5).
    pub factor: u16,
    /// Its paper's outline.
    pub outline: Outline,
}

/// What was decided: events to make durable first, and the reply to release after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What happens.
    pub events: Vec<Event>,
    /// What the asker hears.
    pub reply: Result<Reply, Refusal>,
}

/// A reply that is not a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It is done.
    Done,
    /// Logged in or back: the whole state of the session.
    Attached(Box<Snapshot>),
    /// Revisions up to here are durable (cumulative per epoch, W1).
    Acked {
        /// The epoch.
        epoch: Epoch,
        /// The newest dense number.
        up_to: Seq,
    },
    /// Notes up to here are durable.
    Noted {
        /// The epoch.
        epoch: Epoch,
        /// The newest dense number.
        up_to: Seq,
    },
    /// The session has ended.
    Ended(Receipt),
}

/// What the candidate is told at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// How it ended.
    pub end: End,
    /// When.
    pub at: HallTime,
    /// How many items have a response.
    pub answered: u16,
    /// How many items the paper has.
    pub total: u16,
}

impl Decision {
    /// Nothing happens; the asker hears `reply`.
    pub const fn reply(reply: Reply) -> Self {
        Self {
            events: Vec::new(),
            reply: Ok(reply),
        }
    }

    /// Nothing happens; a rule says no.
    pub const fn refuse(refusal: Refusal) -> Self {
        Self {
            events: Vec::new(),
            reply: Err(refusal),
        }
    }

    /// These events happen, and it is done.
    pub const fn done(events: Vec<Event>) -> Self {
        Self {
            events,
            reply: Ok(Reply::Done),
        }
    }
}
