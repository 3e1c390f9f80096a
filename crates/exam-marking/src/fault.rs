//! Why marks cannot be told. Each stops the marking: an unknown is never counted as zero.

use exam_core::{ItemId, Marks, OptionId, SeatId, SessionId};

/// Marking had to stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkingFault {
    /// The keys file has no key for an item of a paper.
    #[error("there is no key for item {item}")]
    NoKey {
        /// The item.
        item: ItemId,
    },
    /// The key names an option that the item does not have.
    #[error("the key of item {item} names option {key}, which the item does not have")]
    KeyNotAnOption {
        /// The item.
        item: ItemId,
        /// The key.
        key: OptionId,
    },
    /// No unit is known for an item of a paper.
    #[error("there is no unit for item {item}")]
    NoUnit {
        /// The item.
        item: ItemId,
    },
    /// An item is worth less than nothing.
    #[error("item {item} is worth {points} points")]
    BadPoints {
        /// The item.
        item: ItemId,
        /// Its points.
        points: Marks,
    },
    /// The session has not ended.
    #[error("the session at seat {seat} has not ended")]
    NotEnded {
        /// The session.
        session: SessionId,
        /// Its seat.
        seat: SeatId,
    },
    /// The session ended with a paper, and there is none on record.
    #[error("there is no paper on record for the session at seat {seat}")]
    NoPaper {
        /// The session.
        session: SessionId,
        /// Its seat.
        seat: SeatId,
    },
    /// The paper is not one of this exam.
    #[error(
        "the paper at seat {seat} has {items} items for {of} points, \
         the exam {exam_items} for {exam_of}"
    )]
    OtherPaper {
        /// The seat.
        seat: SeatId,
        /// Items of the paper.
        items: usize,
        /// Full marks of the paper.
        of: Marks,
        /// Items by the rules.
        exam_items: usize,
        /// Full marks by the rules.
        exam_of: Marks,
    },
    /// The sitting was never opened.
    #[error("the sitting was never opened")]
    NotOpened,
    /// The roster has no line for a session.
    #[error("the roster has no line for the session at seat {seat}")]
    NotOnRoster {
        /// The seat.
        seat: SeatId,
    },
}
