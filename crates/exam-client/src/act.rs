//! What a person (or a bot) at a seat can do.

use exam_core::{ItemId, OptionId};

/// One act at the seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Log in with admission number and the last digits of the ID.
    LogIn {
        /// Admission number, digits only.
        number: String,
        /// Last six of the ID number; may end in X.
        tail: String,
    },
    /// The own data are right, or not.
    CheckDetails {
        /// Whether they are right.
        correct: bool,
    },
    /// The undertaking is accepted or declined.
    Undertake {
        /// Whether it is accepted.
        accepted: bool,
    },
    /// A late candidate has seen what is left and begins (T2). Before the start the attachment
    /// reports readiness by itself once the sealed paper is here.
    Begin,
    /// A response changes; none clears it (W4).
    Choose {
        /// The item.
        item: ItemId,
        /// What is chosen now.
        choice: Option<OptionId>,
    },
    /// Flag and strike-outs of one item, as they stand now.
    Note {
        /// The item.
        item: ItemId,
        /// Whether it is flagged.
        flagged: bool,
        /// The options struck out.
        struck: Vec<OptionId>,
    },
    /// The candidate is at this item now; kept in the spool, so that a restart returns here (R3).
    Visit {
        /// The item.
        item: ItemId,
    },
    /// The candidate hands in; idempotent from any state.
    HandIn,
}
