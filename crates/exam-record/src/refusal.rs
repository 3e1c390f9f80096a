//! Refusals as they are stored: a kind, and of the arguments those that the kind has.

use exam_core::{HallTime, Refusal, SeatId, Seq, Span};

use crate::fault::RecordFault;
use crate::wire::{self, RefusalKind as Kind};
use crate::word::Word as _;

/// Returns the refusal as it is stored.
pub(crate) fn stored(refusal: &Refusal) -> wire::Refusal {
    let of = |kind: Kind| wire::Refusal {
        kind: kind.into(),
        ..wire::Refusal::default()
    };
    let at = |kind, at: HallTime| wire::Refusal {
        at_ms: at.0,
        ..of(kind)
    };
    let seqs = |kind, have: Seq, other: Seq| wire::Refusal {
        have: have.0,
        other: other.0,
        ..of(kind)
    };
    let count = |kind, count| wire::Refusal { count, ..of(kind) };
    match refusal {
        Refusal::UnknownSession => of(Kind::UnknownSession),
        Refusal::NoMatch { tries_left } => count(Kind::NoMatch, u32::from(*tries_left)),
        Refusal::TooManyTries => of(Kind::TooManyTries),
        Refusal::WrongSeat { yours, here } => wire::Refusal {
            yours: yours.as_str().to_owned(),
            here: here.as_str().to_owned(),
            ..of(Kind::WrongSeat)
        },
        Refusal::TicketInUse => of(Kind::TicketInUse),
        Refusal::LogInNotOpen { opens } => at(Kind::LogInNotOpen, *opens),
        Refusal::EntryClosed { closed } => at(Kind::EntryClosed, *closed),
        Refusal::NotNow => of(Kind::NotNow),
        Refusal::OtherUndertaking => of(Kind::OtherUndertaking),
        Refusal::UndertakingDeclined => of(Kind::UndertakingDeclined),
        Refusal::NotStarted => of(Kind::NotStarted),
        Refusal::StartTooEarly { planned } => at(Kind::StartTooEarly, *planned),
        Refusal::NotYourSession => of(Kind::NotYourSession),
        Refusal::RevisionGap { have, got } => seqs(Kind::RevisionGap, *have, *got),
        Refusal::OtherAnswerSameName { seq } => seqs(Kind::OtherAnswerSameName, Seq(0), *seq),
        Refusal::ItemNotInPaper => of(Kind::ItemNotInPaper),
        Refusal::OptionNotInItem => of(Kind::OptionNotInItem),
        Refusal::PartNotOpen => of(Kind::PartNotOpen),
        Refusal::TimeIsUp { ended } => at(Kind::TimeIsUp, *ended),
        Refusal::AlreadyEnded { end, at: ended } => wire::Refusal {
            end: end.stored(),
            ..at(Kind::AlreadyEnded, *ended)
        },
        Refusal::HandInGap { have, want } => seqs(Kind::HandInGap, *have, *want),
        Refusal::HandInTooEarly { from } => at(Kind::HandInTooEarly, *from),
        Refusal::HandInLocked { until } => at(Kind::HandInLocked, *until),
        Refusal::SeatTaken => of(Kind::SeatTaken),
        Refusal::DoorOpen { until } => at(Kind::DoorOpen, *until),
        Refusal::DoesNotFit => of(Kind::DoesNotFit),
        Refusal::NothingToDecide => of(Kind::NothingToDecide),
        Refusal::NotAllEnded { left } => count(Kind::NotAllEnded, *left),
        Refusal::SittingClosed => of(Kind::SittingClosed),
        Refusal::RoleMayNot => of(Kind::RoleMayNot),
        Refusal::TooFast { again_in } => wire::Refusal {
            span_ms: again_in.0,
            ..of(Kind::TooFast)
        },
    }
}

/// Reads a stored refusal.
pub(crate) fn restored(stored: &wire::Refusal) -> Result<Refusal, RecordFault> {
    let at = HallTime(stored.at_ms);
    let (have, other) = (Seq(stored.have), Seq(stored.other));
    let unknown = RecordFault::UnknownWord {
        what: "refusal",
        value: stored.kind,
    };
    Ok(match Kind::try_from(stored.kind) {
        Err(_) | Ok(Kind::Unset) => return Err(unknown),
        Ok(Kind::UnknownSession) => Refusal::UnknownSession,
        Ok(Kind::NoMatch) => Refusal::NoMatch {
            tries_left: u8::try_from(stored.count).map_err(|_too_many| {
                RecordFault::OutOfRange {
                    what: "number of tries",
                    value: stored.count,
                }
            })?,
        },
        Ok(Kind::TooManyTries) => Refusal::TooManyTries,
        Ok(Kind::WrongSeat) => Refusal::WrongSeat {
            yours: SeatId::new(&stored.yours)?,
            here: SeatId::new(&stored.here)?,
        },
        Ok(Kind::TicketInUse) => Refusal::TicketInUse,
        Ok(Kind::LogInNotOpen) => Refusal::LogInNotOpen { opens: at },
        Ok(Kind::EntryClosed) => Refusal::EntryClosed { closed: at },
        Ok(Kind::NotNow) => Refusal::NotNow,
        Ok(Kind::OtherUndertaking) => Refusal::OtherUndertaking,
        Ok(Kind::UndertakingDeclined) => Refusal::UndertakingDeclined,
        Ok(Kind::NotStarted) => Refusal::NotStarted,
        Ok(Kind::StartTooEarly) => Refusal::StartTooEarly { planned: at },
        Ok(Kind::NotYourSession) => Refusal::NotYourSession,
        Ok(Kind::RevisionGap) => Refusal::RevisionGap { have, got: other },
        Ok(Kind::OtherAnswerSameName) => Refusal::OtherAnswerSameName { seq: other },
        Ok(Kind::ItemNotInPaper) => Refusal::ItemNotInPaper,
        Ok(Kind::OptionNotInItem) => Refusal::OptionNotInItem,
        Ok(Kind::PartNotOpen) => Refusal::PartNotOpen,
        Ok(Kind::TimeIsUp) => Refusal::TimeIsUp { ended: at },
        Ok(Kind::AlreadyEnded) => Refusal::AlreadyEnded {
            end: exam_core::End::restored(stored.end)?,
            at,
        },
        Ok(Kind::HandInGap) => Refusal::HandInGap { have, want: other },
        Ok(Kind::HandInTooEarly) => Refusal::HandInTooEarly { from: at },
        Ok(Kind::HandInLocked) => Refusal::HandInLocked { until: at },
        Ok(Kind::SeatTaken) => Refusal::SeatTaken,
        Ok(Kind::DoorOpen) => Refusal::DoorOpen { until: at },
        Ok(Kind::DoesNotFit) => Refusal::DoesNotFit,
        Ok(Kind::NothingToDecide) => Refusal::NothingToDecide,
        Ok(Kind::NotAllEnded) => Refusal::NotAllEnded { left: stored.count },
        Ok(Kind::SittingClosed) => Refusal::SittingClosed,
        Ok(Kind::RoleMayNot) => Refusal::RoleMayNot,
        Ok(Kind::TooFast) => Refusal::TooFast {
            again_in: Span(stored.span_ms),
        },
    })
}
