//! Wire types to exam-core types: parsed once, at the door.
//!
//! Whatever cannot mean anything is [`Malformed`]; no rule is asked.

use exam_core::command::Holder;
use exam_core::ids::BadId;
use exam_core::session::Annotation;
use exam_core::view::Label;
use exam_core::{
    BootId, Digest, End, Epoch, HallAct, HallTime, ItemId, ItemKind, LeaseId, Made, Marks, May,
    Note, OfflineVerdict, OptionId, PaperItem, PaperOption, PaperPart, PaperSection, PartNo,
    Receipt, Refusal, Revision, SeatId, Seq, SessionId, SessionView, Snapshot, Span, Text,
};

use crate::{administration as admin, delivery as wire};

/// A message that cannot mean anything; the text says which field and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("malformed message: {0}")]
pub struct Malformed(pub String);

impl From<BadId> for Malformed {
    fn from(bad: BadId) -> Self {
        Self(bad.to_string())
    }
}

type Parsed<T> = Result<T, Malformed>;

fn missing(what: &str) -> Malformed {
    Malformed(format!("{what} is missing"))
}

fn need<T>(value: Option<T>, what: &str) -> Parsed<T> {
    value.ok_or_else(|| missing(what))
}

fn optional_option(text: &str) -> Parsed<Option<OptionId>> {
    if text.is_empty() {
        Ok(None)
    } else {
        Ok(Some(OptionId::new(text)?))
    }
}

fn options(texts: &[String]) -> Parsed<Vec<OptionId>> {
    if texts.len() > 64 {
        return Err(Malformed("more than 64 options in one note".to_owned()));
    }
    texts.iter().map(|text| Ok(OptionId::new(text)?)).collect()
}

impl From<&wire::Text> for Text {
    fn from(text: &wire::Text) -> Self {
        if text.en.is_empty() {
            Self::zh(&text.zh)
        } else {
            Self::both(&text.zh, &text.en)
        }
    }
}

/// Reads one part of a paper.
///
/// # Errors
/// [`Malformed`] names the field that cannot be read.
pub fn paper_part_from_wire(part: &wire::PaperPart) -> Parsed<PaperPart> {
    Ok(PaperPart {
        part: part_no(part.part)?,
        title: need(part.title.as_ref(), "part title")?.into(),
        sections: part.sections.iter().map(section).collect::<Parsed<_>>()?,
    })
}

fn part_no(number: u32) -> Parsed<PartNo> {
    match u8::try_from(number) {
        Ok(number) if number > 0 => Ok(PartNo(number)),
        _ => Err(Malformed(format!("part {number} is not between 1 and 255"))),
    }
}

fn section(section: &wire::PaperSection) -> Parsed<PaperSection> {
    let kind = match section.kind() {
        wire::ItemKind::TrueFalse => ItemKind::TrueFalse,
        wire::ItemKind::SingleChoice => ItemKind::SingleChoice,
        wire::ItemKind::Unspecified => return Err(missing("item kind")),
    };
    Ok(PaperSection {
        kind,
        points: Marks(section.points),
        items: section.items.iter().map(item).collect::<Parsed<_>>()?,
    })
}

fn item(item: &wire::PaperItem) -> Parsed<PaperItem> {
    let option = |option: &wire::PaperOption| {
        Ok(PaperOption {
            id: OptionId::new(&option.option)?,
            text: option
                .text
                .as_ref()
                .map_or_else(|| Text::zh(""), Text::from),
        })
    };
    Ok(PaperItem {
        number: u16::try_from(item.number)
            .map_err(|_large| Malformed(format!("item number {}", item.number)))?,
        item: ItemId::new(&item.item)?,
        stem: need(item.stem.as_ref(), "stem")?.into(),
        options: item.options.iter().map(option).collect::<Parsed<_>>()?,
    })
}

impl TryFrom<&wire::Holder> for Holder {
    type Error = Malformed;
    fn try_from(holder: &wire::Holder) -> Parsed<Self> {
        Ok(Self {
            session: SessionId::try_from(holder.session.as_ref())?,
            lease: LeaseId::try_from(holder.lease.as_ref())?,
            epoch: Epoch(holder.epoch),
        })
    }
}

impl TryFrom<&wire::Made> for Made {
    type Error = Malformed;
    fn try_from(made: &wire::Made) -> Parsed<Self> {
        Ok(Self {
            base: HallTime(made.base_ms),
            since: Span(made.since_ms),
            boot: BootId::try_from(made.boot.as_ref())?,
        })
    }
}

impl TryFrom<&wire::Revision> for Revision {
    type Error = Malformed;
    fn try_from(revision: &wire::Revision) -> Parsed<Self> {
        Ok(Self {
            seq: Seq(revision.seq),
            item: ItemId::new(&revision.item)?,
            choice: optional_option(&revision.option)?,
            made: need(revision.made.as_ref(), "made")?.try_into()?,
            link: Digest::try_from(revision.link.as_ref())?,
        })
    }
}

impl TryFrom<&wire::Note> for Note {
    type Error = Malformed;
    fn try_from(note: &wire::Note) -> Parsed<Self> {
        Ok(Self {
            seq: Seq(note.seq),
            item: ItemId::new(&note.item)?,
            flagged: note.flagged,
            struck: options(&note.struck)?,
        })
    }
}

fn end(end: wire::End) -> Option<End> {
    match end {
        wire::End::Unspecified => None,
        wire::End::HandedIn => Some(End::HandedIn),
        wire::End::TimeUp => Some(End::TimeUp),
        wire::End::Absent => Some(End::Absent),
    }
}

fn label(label: wire::Label) -> Parsed<Label> {
    Ok(match label {
        wire::Label::Unspecified => return Err(missing("label")),
        wire::Label::Expected => Label::Expected,
        wire::Label::Arrived => Label::Arrived,
        wire::Label::ConfirmDetails => Label::ConfirmDetails,
        wire::Label::DetailsWrong => Label::DetailsWrong,
        wire::Label::AwaitIdentity => Label::AwaitIdentity,
        wire::Label::Undertaking => Label::Undertaking,
        wire::Label::Declined => Label::Declined,
        wire::Label::Preparing => Label::Preparing,
        wire::Label::AwaitStart => Label::AwaitStart,
        wire::Label::Late => Label::Late,
        wire::Label::Running => Label::Running,
        wire::Label::Closing => Label::Closing,
        wire::Label::Overdue => Label::Overdue,
        wire::Label::HandedIn => Label::HandedIn,
        wire::Label::TimeUp => Label::TimeUp,
        wire::Label::Absent => Label::Absent,
    })
}

fn small(number: u32, what: &str) -> Parsed<u16> {
    u16::try_from(number).map_err(|_large| Malformed(format!("{what} {number}")))
}

impl TryFrom<&wire::SessionView> for SessionView {
    type Error = Malformed;
    fn try_from(view: &wire::SessionView) -> Parsed<Self> {
        Ok(Self {
            session: SessionId::try_from(view.session.as_ref())?,
            seat: SeatId::new(&view.seat)?,
            label: label(view.label())?,
            now: HallTime(view.now_ms),
            planned: HallTime(view.planned_ms),
            room_started: view.room_started_ms.map(HallTime),
            part: if view.part == 0 {
                None
            } else {
                Some(part_no(view.part)?)
            },
            ends_at: view.ends_at_ms.map(HallTime),
            hand_in_from: view.hand_in_from_ms.map(HallTime),
            may: May {
                answer: view.may_answer,
                hand_in: view.may_hand_in,
            },
            ended: end(view.end()).map(|end| (end, HallTime(view.ended_at_ms))),
            late_by: view.late_by_ms.map(Span),
            answered: small(view.answered, "answered")?,
            total: small(view.total, "total")?,
            waiting: view.waiting,
            connected: view.connected,
        })
    }
}

/// Reads a snapshot.
///
/// # Errors
/// [`Malformed`] names the field that cannot be read.
pub fn snapshot_from_wire(snapshot: &wire::Snapshot) -> Parsed<Snapshot> {
    let holder: Holder = need(snapshot.holder.as_ref(), "holder")?.try_into()?;
    let response = |response: &wire::Response| {
        Ok((
            ItemId::new(&response.item)?,
            optional_option(&response.option)?,
        ))
    };
    let annotation = |annotation: &wire::Annotation| {
        let struck = options(&annotation.struck)?;
        Ok((
            ItemId::new(&annotation.item)?,
            Annotation {
                flagged: annotation.flagged,
                struck,
            },
        ))
    };
    Ok(Snapshot {
        view: need(snapshot.view.as_ref(), "view")?.try_into()?,
        lease: holder.lease,
        epoch: holder.epoch,
        up_to: Seq(snapshot.up_to),
        link: Digest::try_from(snapshot.link.as_ref())?,
        notes_up_to: Seq(snapshot.notes_up_to),
        responses: snapshot
            .responses
            .iter()
            .map(response)
            .collect::<Parsed<_>>()?,
        annotations: snapshot
            .annotations
            .iter()
            .map(annotation)
            .collect::<Parsed<_>>()?,
    })
}

impl TryFrom<&wire::Receipt> for Receipt {
    type Error = Malformed;
    fn try_from(receipt: &wire::Receipt) -> Parsed<Self> {
        Ok(Self {
            end: need(end(receipt.end()), "end")?,
            at: HallTime(receipt.at_ms),
            answered: small(receipt.answered, "answered")?,
            total: small(receipt.total, "total")?,
        })
    }
}

impl TryFrom<&wire::Refusal> for Refusal {
    type Error = Malformed;
    fn try_from(refusal: &wire::Refusal) -> Parsed<Self> {
        use wire::RefusalKind as Kind;
        let time = HallTime(refusal.time_ms);
        Ok(match refusal.kind() {
            Kind::Unspecified => return Err(missing("refusal kind")),
            Kind::UnknownSession => Self::UnknownSession,
            Kind::NoMatch => Self::NoMatch {
                tries_left: u8::try_from(refusal.count).unwrap_or(u8::MAX),
            },
            Kind::TooManyTries => Self::TooManyTries,
            Kind::WrongSeat => Self::WrongSeat {
                yours: SeatId::new(&refusal.yours)?,
                here: SeatId::new(&refusal.here)?,
            },
            Kind::TicketInUse => Self::TicketInUse,
            Kind::LogInNotOpen => Self::LogInNotOpen { opens: time },
            Kind::EntryClosed => Self::EntryClosed { closed: time },
            Kind::NotNow => Self::NotNow,
            Kind::OtherUndertaking => Self::OtherUndertaking,
            Kind::UndertakingDeclined => Self::UndertakingDeclined,
            Kind::NotStarted => Self::NotStarted,
            Kind::StartTooEarly => Self::StartTooEarly { planned: time },
            Kind::NotYourSession => Self::NotYourSession,
            Kind::RevisionGap => Self::RevisionGap {
                have: Seq(refusal.have),
                got: Seq(refusal.want),
            },
            Kind::OtherAnswerSameName => Self::OtherAnswerSameName {
                seq: Seq(refusal.have),
            },
            Kind::ItemNotInPaper => Self::ItemNotInPaper,
            Kind::OptionNotInItem => Self::OptionNotInItem,
            Kind::PartNotOpen => Self::PartNotOpen,
            Kind::TimeIsUp => Self::TimeIsUp { ended: time },
            Kind::AlreadyEnded => Self::AlreadyEnded {
                end: need(end(refusal.end()), "end")?,
                at: time,
            },
            Kind::HandInGap => Self::HandInGap {
                have: Seq(refusal.have),
                want: Seq(refusal.want),
            },
            Kind::HandInTooEarly => Self::HandInTooEarly { from: time },
            Kind::HandInLocked => Self::HandInLocked { until: time },
            Kind::SeatTaken => Self::SeatTaken,
            Kind::DoorOpen => Self::DoorOpen { until: time },
            Kind::DoesNotFit => Self::DoesNotFit,
            Kind::NothingToDecide => Self::NothingToDecide,
            Kind::NotAllEnded => Self::NotAllEnded {
                left: refusal.count,
            },
            Kind::SittingClosed => Self::SittingClosed,
            Kind::RoleMayNot => Self::RoleMayNot,
            Kind::TooFast => Self::TooFast {
                again_in: Span(refusal.time_ms),
            },
        })
    }
}

/// Reads a hall act.
///
/// # Errors
/// [`Malformed`] names the field that cannot be read.
pub fn act_from_wire(act: &admin::perform_request::Act) -> Parsed<HallAct> {
    use admin::perform_request::Act;
    let session = |bytes: &[u8]| Ok::<_, Malformed>(SessionId::try_from(bytes)?);
    Ok(match act {
        Act::Arrive(one) => HallAct::Arrive {
            session: session(&one.session)?,
        },
        Act::Identify(one) => HallAct::Identify {
            session: session(&one.session)?,
        },
        Act::Start(_) => HallAct::Start,
        Act::MoveSeat(to) => HallAct::MoveSeat {
            session: session(&to.session)?,
            to: SeatId::new(&to.to)?,
        },
        Act::MarkAbsent(one) => HallAct::MarkAbsent {
            session: session(&one.session)?,
        },
        Act::DecideOffline(decide) => HallAct::DecideOffline {
            session: session(&decide.session)?,
            verdict: if decide.count {
                OfflineVerdict::Count
            } else {
                OfflineVerdict::Refuse
            },
        },
        Act::Settle(one) => HallAct::Settle {
            session: session(&one.session)?,
        },
        Act::Close(_) => HallAct::Close,
    })
}
