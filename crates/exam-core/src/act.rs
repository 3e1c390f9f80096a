//! Hall acts: what staff do to a sitting (RULES 8). Each bears an id and a name, goes into the
//! chain before it takes effect, and is done once however often it is sent.

use crate::ids::{SeatId, SessionId};

/// One act of the hall's staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HallAct {
    /// The candidate has come to the door.
    Arrive {
        /// Whose session.
        session: SessionId,
    },
    /// The original document was seen and agrees.
    Identify {
        /// Whose session.
        session: SessionId,
    },
    /// The room starts (T15). A second start changes nothing.
    Start,
    /// The candidate goes on at another seat, or the same seat is freed for a new log-in (R4, W6).
    MoveSeat {
        /// Whose session.
        session: SessionId,
        /// Where it goes on.
        to: SeatId,
    },
    /// The candidate never logged in, and the door is closed.
    MarkAbsent {
        /// Whose session.
        session: SessionId,
    },
    /// Answers that wait after the end are counted or refused (T13).
    DecideOffline {
        /// Whose session.
        session: SessionId,
        /// What becomes of them.
        verdict: OfflineVerdict,
    },
    /// An overdue paper is taken as it stands: time-up at its deadline (T14).
    Settle {
        /// Whose session.
        session: SessionId,
    },
    /// The sitting is closed; refused while anybody is not in an end state.
    Close,
}

/// The chief's word on answers that waited (T13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfflineVerdict {
    /// They count.
    Count,
    /// They do not.
    Refuse,
}

impl HallAct {
    /// Returns the session the act is about, if it is about one.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Arrive { session }
            | Self::Identify { session }
            | Self::MoveSeat { session, .. }
            | Self::MarkAbsent { session }
            | Self::DecideOffline { session, .. }
            | Self::Settle { session } => Some(*session),
            Self::Start | Self::Close => None,
        }
    }
}
