//! What has happened: the only thing a sitting's state is made of, and what the journal keeps.
//!
//! How events become bytes is exam-record's work.

use crate::act::HallAct;
use crate::ids::{
    ActId, BootId, Digest, Epoch, ItemId, LeaseId, OptionId, PartNo, SeatId, Seq, SessionId,
    SittingId, StaffId,
};
use crate::paper::{Outline, Place};
use crate::refusal::Refusal;
use crate::revision::{Counted, Note, Revision};
use crate::time::{HallTime, Span, WallTime};

/// A real sitting or a rehearsal; nothing turns one into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SittingKind {
    /// An exam that counts.
    Real,
    /// A rehearsal; may run on a fast clock (T12).
    Rehearsal,
}

/// How hall time went on when the server process started (ARCHITECTURE decision 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// The first process of this sitting.
    First,
    /// The same boot: hall time ran on, and this much of it passed unattended.
    SameBoot {
        /// Time since the last record.
        away: Span,
    },
    /// Another boot: hall time was carried on by the wall clock.
    Reboot {
        /// Time since the last record, by the wall clock.
        away: Span,
    },
    /// Another boot, and the wall clock says nothing usable: hall time resumed at the last record.
    Uncertain {
        /// What the wall clock claimed.
        claimed: Span,
    },
}

/// Why a revision was kept as evidence and not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeptWhy {
    /// It bears an epoch that another seat has fenced (W6).
    StaleEpoch,
    /// Its name is taken by other bytes (W1).
    OtherBytes,
    /// The item is not in this paper (W2).
    ItemNotInPaper,
    /// The option is not in this item (W2).
    OptionNotInItem,
    /// The item's part is not open (W2).
    PartNotOpen,
    /// The session has ended by hand-in, or it was made after the own end.
    AfterEnd,
    /// It came late and waits for the chief (T13).
    AwaitsDecision,
}

/// One thing that has happened in a sitting. Its hall and wall time stand in its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The sitting exists.
    SittingOpened {
        /// Its name.
        sitting: SittingId,
        /// Real or rehearsal.
        kind: SittingKind,
        /// Digest of the signed exam file.
        exam: Digest,
        /// Digest of the bank's signed manifest.
        manifest: Digest,
        /// BLAKE3 commitment to the seed.
        commitment: Digest,
        /// The planned start on the hall clock.
        planned: HallTime,
        /// The planned start for people.
        planned_wall: WallTime,
    },
    /// A row of the roster has a session, in roster order (P1).
    SessionPlanned {
        /// The session.
        session: SessionId,
        /// Its seat.
        seat: SeatId,
        /// Where the seat stands.
        place: Place,
        /// Time factor in hundredths; 100 = no accommodation (T5).
        factor: u16,
    },
    /// The session's paper is drawn and sealed; it is never redrawn.
    PaperFixed {
        /// Whose paper.
        session: SessionId,
        /// Its items and options in order.
        outline: Outline,
    },
    /// A server process took the sitting up.
    ProcessStarted {
        /// The machine's boot.
        boot: BootId,
        /// The program's version.
        build: String,
        /// How hall time went on.
        resumed: Resumed,
    },
    /// The server process left in order.
    Stopped,
    /// Nothing else happened for a second.
    Tick,
    /// The wall clock stepped; nothing moved (RELIABILITY 16).
    WallStepped {
        /// By how much, against hall time.
        by: Span,
    },
    /// A member of staff acted; what follows from it is in the events after it.
    Acted {
        /// The act's id.
        id: ActId,
        /// Who.
        by: StaffId,
        /// What.
        act: HallAct,
    },
    /// A hall act was refused.
    ActRefused {
        /// The act's id.
        id: ActId,
        /// Who.
        by: StaffId,
        /// What.
        act: HallAct,
        /// Why not.
        refusal: Refusal,
    },
    /// A candidate logged in; the epoch is new and fences any older one (W6).
    LoggedIn {
        /// The session.
        session: SessionId,
        /// At which seat.
        seat: SeatId,
        /// The new lease.
        lease: LeaseId,
        /// The new epoch.
        epoch: Epoch,
        /// The kiosk's boot.
        boot: BootId,
    },
    /// The candidate looked at the own data.
    DetailsChecked {
        /// The session.
        session: SessionId,
        /// Whether the candidate found them right.
        correct: bool,
    },
    /// The candidate answered the undertaking.
    UndertakingAnswered {
        /// The session.
        session: SessionId,
        /// Digest of the text that was shown.
        text: Digest,
        /// Accepted or declined.
        accepted: bool,
    },
    /// The sealed paper is on the kiosk, and the candidate is ready.
    Prepared {
        /// The session.
        session: SessionId,
    },
    /// The kiosk fell away.
    SeatLost {
        /// The session.
        session: SessionId,
        /// The last proof of life.
        last_life: HallTime,
    },
    /// The kiosk is back.
    SeatBack {
        /// The session.
        session: SessionId,
        /// The kiosk's boot now.
        boot: BootId,
    },
    /// The room started.
    RoomStarted,
    /// A part of a session runs until its own end (T1).
    PartStarted {
        /// The session.
        session: SessionId,
        /// Which part.
        part: PartNo,
        /// The last instant inside it (T3).
        ends_at: HallTime,
    },
    /// A revision counts.
    Answered {
        /// The session.
        session: SessionId,
        /// The epoch it was made in.
        epoch: Epoch,
        /// The revision as it came.
        revision: Revision,
        /// When it was made, by T13.
        made_at: HallTime,
        /// How it came to count.
        counted: Counted,
    },
    /// A revision was kept as evidence and not applied.
    RevisionKept {
        /// The session.
        session: SessionId,
        /// The epoch it names.
        epoch: Epoch,
        /// The revision as it came.
        revision: Revision,
        /// When it claims to have been made.
        made_at: HallTime,
        /// Why it was not applied.
        why: KeptWhy,
    },
    /// Flag or strike-outs of an item changed.
    Noted {
        /// The session.
        session: SessionId,
        /// The epoch.
        epoch: Epoch,
        /// The note.
        note: Note,
    },
    /// The own end has passed with the kiosk connected: its last packets are waited for.
    ClosingBegan {
        /// The session.
        session: SessionId,
        /// The own end.
        deadline: HallTime,
        /// Until when.
        until: HallTime,
    },
    /// The own end has passed while the seat was away (T14).
    BecameOverdue {
        /// The session.
        session: SessionId,
        /// The own end.
        deadline: HallTime,
    },
    /// The candidate handed in.
    HandedIn {
        /// The session.
        session: SessionId,
        /// The instant of the key press.
        at: HallTime,
    },
    /// Time was up; the event bears the deadline, however late it is written.
    TimedUp {
        /// The session.
        session: SessionId,
        /// The own end.
        deadline: HallTime,
    },
    /// The candidate never came.
    MarkedAbsent {
        /// The session.
        session: SessionId,
    },
    /// The session goes on at another seat; the old lease is void.
    SeatMoved {
        /// The session.
        session: SessionId,
        /// The new seat.
        to: SeatId,
    },
    /// The sitting is closed.
    SittingClosed,
}

/// A revision that waits for the chief, or was kept, as the state remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The epoch it was made in.
    pub epoch: Epoch,
    /// Its number.
    pub seq: Seq,
    /// Its item.
    pub item: ItemId,
    /// Its choice.
    pub choice: Option<OptionId>,
}
