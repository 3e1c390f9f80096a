//! Everything a rule can refuse, as one closed list.
//!
//! Each has an id under which exam-text keeps its words, and arguments for them. A machine's
//! failure is not here: that is a fault, and nobody at a kiosk sees it.

use crate::ids::{SeatId, Seq};
use crate::session::End;
use crate::time::{HallTime, Span};

/// A rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No session under that name here.
    UnknownSession,
    /// Number and ID digits match nobody; one text for both.
    NoMatch {
        /// Tries left before the invigilator must help.
        tries_left: u8,
    },
    /// Too many tries at this seat; the invigilator must help or a minute pass.
    TooManyTries,
    /// The candidate's seat is another one.
    WrongSeat {
        /// The candidate's seat.
        yours: SeatId,
        /// The seat of this kiosk.
        here: SeatId,
    },
    /// The ticket is logged in at another seat.
    TicketInUse,
    /// Log-in has not opened.
    LogInNotOpen {
        /// When it opens.
        opens: HallTime,
    },
    /// Entry has closed.
    EntryClosed {
        /// When it closed.
        closed: HallTime,
    },
    /// Another step comes first.
    NotNow,
    /// The undertaking shown is not the signed one.
    OtherUndertaking,
    /// The undertaking was declined.
    UndertakingDeclined,
    /// The room has not started.
    NotStarted,
    /// It is too early to start.
    StartTooEarly {
        /// The planned start.
        planned: HallTime,
    },
    /// This seat no longer holds the session (W6).
    NotYourSession,
    /// A revision before this one is missing.
    RevisionGap {
        /// The newest the hall has.
        have: Seq,
        /// The one that came.
        got: Seq,
    },
    /// The name is taken by another answer (W1).
    OtherAnswerSameName {
        /// The number.
        seq: Seq,
    },
    /// The item is not in this paper (W2).
    ItemNotInPaper,
    /// The option is not in this item (W2).
    OptionNotInItem,
    /// The item's part is not open (W2).
    PartNotOpen,
    /// The own end has passed.
    TimeIsUp {
        /// The own end.
        ended: HallTime,
    },
    /// The session has ended.
    AlreadyEnded {
        /// How.
        end: End,
        /// When.
        at: HallTime,
    },
    /// Answers before the hand-in are missing (W5); the kiosk sends them and asks again.
    HandInGap {
        /// The newest the hall has.
        have: Seq,
        /// The last one made.
        want: Seq,
    },
    /// It is too early to hand in.
    HandInTooEarly {
        /// From when it is allowed.
        from: HallTime,
    },
    /// In the last minutes hand-in needs the invigilator.
    HandInLocked {
        /// Until when.
        until: HallTime,
    },
    /// The seat is taken by another session.
    SeatTaken,
    /// The door is not closed yet, so nobody can be marked absent.
    DoorOpen {
        /// When it closes.
        until: HallTime,
    },
    /// The candidate has logged in or ended, so the act does not fit.
    DoesNotFit,
    /// There is nothing to decide or settle.
    NothingToDecide,
    /// Some sessions have not ended.
    NotAllEnded {
        /// How many.
        left: u32,
    },
    /// The sitting is closed.
    SittingClosed,
    /// The caller's role may not do this.
    RoleMayNot,
    /// Too many messages in a short time.
    TooFast {
        /// When to try again.
        again_in: Span,
    },
}

/// An argument of a refusal's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// An instant on the hall clock.
    At(HallTime),
    /// A length of time.
    For(Span),
    /// A number.
    Count(i64),
    /// A name.
    Name(String),
}

impl Refusal {
    /// Returns the id of its words in exam-text.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::UnknownSession => "refusal-unknown-session",
            Self::NoMatch { .. } => "refusal-no-match",
            Self::TooManyTries => "refusal-too-many-tries",
            Self::WrongSeat { .. } => "refusal-wrong-seat",
            Self::TicketInUse => "refusal-ticket-in-use",
            Self::LogInNotOpen { .. } => "refusal-log-in-not-open",
            Self::EntryClosed { .. } => "refusal-entry-closed",
            Self::NotNow => "refusal-not-now",
            Self::OtherUndertaking => "refusal-other-undertaking",
            Self::UndertakingDeclined => "refusal-undertaking-declined",
            Self::NotStarted => "refusal-not-started",
            Self::StartTooEarly { .. } => "refusal-start-too-early",
            Self::NotYourSession => "refusal-not-your-session",
            Self::RevisionGap { .. } => "refusal-revision-gap",
            Self::OtherAnswerSameName { .. } => "refusal-other-answer-same-name",
            Self::ItemNotInPaper => "refusal-item-not-in-paper",
            Self::OptionNotInItem => "refusal-option-not-in-item",
            Self::PartNotOpen => "refusal-part-not-open",
            Self::TimeIsUp { .. } => "refusal-time-is-up",
            Self::AlreadyEnded { .. } => "refusal-already-ended",
            Self::HandInGap { .. } => "refusal-hand-in-gap",
            Self::HandInTooEarly { .. } => "refusal-hand-in-too-early",
            Self::HandInLocked { .. } => "refusal-hand-in-locked",
            Self::SeatTaken => "refusal-seat-taken",
            Self::DoorOpen { .. } => "refusal-door-open",
            Self::DoesNotFit => "refusal-does-not-fit",
            Self::NothingToDecide => "refusal-nothing-to-decide",
            Self::NotAllEnded { .. } => "refusal-not-all-ended",
            Self::SittingClosed => "refusal-sitting-closed",
            Self::RoleMayNot => "refusal-role-may-not",
            Self::TooFast { .. } => "refusal-too-fast",
        }
    }

    /// Returns the arguments of its words, by the names exam-text uses.
    pub fn args(&self) -> Vec<(&'static str, Arg)> {
        let seq = |seq: &Seq| Arg::Count(i64::from(seq.0));
        match self {
            Self::NoMatch { tries_left } => vec![("tries", Arg::Count(i64::from(*tries_left)))],
            Self::WrongSeat { yours, here } => vec![
                ("yours", Arg::Name(yours.as_str().to_owned())),
                ("here", Arg::Name(here.as_str().to_owned())),
            ],
            Self::LogInNotOpen { opens } => vec![("time", Arg::At(*opens))],
            Self::EntryClosed { closed } => vec![("time", Arg::At(*closed))],
            Self::StartTooEarly { planned } => vec![("time", Arg::At(*planned))],
            Self::RevisionGap { have, got } => vec![("have", seq(have)), ("got", seq(got))],
            Self::OtherAnswerSameName { seq: name } => vec![("seq", seq(name))],
            Self::TimeIsUp { ended } => vec![("time", Arg::At(*ended))],
            Self::AlreadyEnded { end, at } => {
                vec![
                    ("end", Arg::Name(end.id().to_owned())),
                    ("time", Arg::At(*at)),
                ]
            }
            Self::HandInGap { have, want } => vec![("have", seq(have)), ("want", seq(want))],
            Self::HandInTooEarly { from } => vec![("time", Arg::At(*from))],
            Self::HandInLocked { until } | Self::DoorOpen { until } => {
                vec![("time", Arg::At(*until))]
            }
            Self::NotAllEnded { left } => vec![("count", Arg::Count(i64::from(*left)))],
            Self::TooFast { again_in } => vec![("wait", Arg::For(*again_in))],
            Self::UnknownSession
            | Self::TooManyTries
            | Self::TicketInUse
            | Self::NotNow
            | Self::OtherUndertaking
            | Self::UndertakingDeclined
            | Self::NotStarted
            | Self::NotYourSession
            | Self::ItemNotInPaper
            | Self::OptionNotInItem
            | Self::PartNotOpen
            | Self::SeatTaken
            | Self::DoesNotFit
            | Self::NothingToDecide
            | Self::SittingClosed
            | Self::RoleMayNot => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// One of each.
    fn one_of_each() -> Vec<Refusal> {
        let (at, seq) = (HallTime(1), Seq(1));
        let seat = || SeatId::new("A-01").unwrap();
        vec![
            Refusal::UnknownSession,
            Refusal::NoMatch { tries_left: 2 },
            Refusal::TooManyTries,
            Refusal::WrongSeat {
                yours: seat(),
                here: seat(),
            },
            Refusal::TicketInUse,
            Refusal::LogInNotOpen { opens: at },
            Refusal::EntryClosed { closed: at },
            Refusal::NotNow,
            Refusal::OtherUndertaking,
            Refusal::UndertakingDeclined,
            Refusal::NotStarted,
            Refusal::StartTooEarly { planned: at },
            Refusal::NotYourSession,
            Refusal::RevisionGap {
                have: seq,
                got: seq,
            },
            Refusal::OtherAnswerSameName { seq },
            Refusal::ItemNotInPaper,
            Refusal::OptionNotInItem,
            Refusal::PartNotOpen,
            Refusal::TimeIsUp { ended: at },
            Refusal::AlreadyEnded {
                end: End::TimeUp,
                at,
            },
            Refusal::HandInGap {
                have: seq,
                want: seq,
            },
            Refusal::HandInTooEarly { from: at },
            Refusal::HandInLocked { until: at },
            Refusal::SeatTaken,
            Refusal::DoorOpen { until: at },
            Refusal::DoesNotFit,
            Refusal::NothingToDecide,
            Refusal::NotAllEnded { left: 3 },
            Refusal::SittingClosed,
            Refusal::RoleMayNot,
            Refusal::TooFast { again_in: Span(1) },
        ]
    }

    #[test]
    fn every_refusal_has_an_id_of_its_own_and_named_arguments() {
        let all = one_of_each();
        let ids: BTreeSet<&str> = all.iter().map(Refusal::id).collect();
        assert_eq!(ids.len(), all.len());
        for refusal in &all {
            assert!(refusal.id().starts_with("refusal-"), "{refusal:?}");
            let args = refusal.args();
            let names: BTreeSet<&str> = args.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), args.len(), "{refusal:?}");
        }
    }
}
