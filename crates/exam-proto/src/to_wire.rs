//! exam-core types to wire types. Nothing can fail here.

use bytes::Bytes;
use exam_core::command::Holder;
use exam_core::view::Label;
use exam_core::{
    End, ExamId, HallAct, HallTime, ItemKind, Made, Note, OfflineVerdict, PaperItem, PaperPart,
    PaperSection, Receipt, Refusal, Revision, SessionId, SessionView, Snapshot, Text, WallTime,
};

use crate::{administration as admin, delivery as wire};

fn bytes(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

impl From<&Text> for wire::Text {
    fn from(text: &Text) -> Self {
        Self {
            zh: text.zh.to_string(),
            en: text.en.as_deref().unwrap_or_default().to_owned(),
        }
    }
}

impl From<ItemKind> for wire::ItemKind {
    fn from(kind: ItemKind) -> Self {
        match kind {
            ItemKind::TrueFalse => Self::TrueFalse,
            ItemKind::SingleChoice => Self::SingleChoice,
        }
    }
}

/// Returns the wire form of one part: what is encoded, digested and sealed.
pub fn paper_part_to_wire(session: SessionId, exam: &ExamId, part: &PaperPart) -> wire::PaperPart {
    wire::PaperPart {
        session: bytes(&session.0),
        exam: exam.as_str().to_owned(),
        part: u32::from(part.part.0),
        title: Some((&part.title).into()),
        sections: part.sections.iter().map(Into::into).collect(),
    }
}

impl From<&PaperSection> for wire::PaperSection {
    fn from(section: &PaperSection) -> Self {
        Self {
            kind: wire::ItemKind::from(section.kind).into(),
            points: section.points.0,
            items: section.items.iter().map(Into::into).collect(),
        }
    }
}

impl From<&PaperItem> for wire::PaperItem {
    fn from(item: &PaperItem) -> Self {
        let options = item.options.iter().map(|option| wire::PaperOption {
            option: option.id.as_str().to_owned(),
            text: (!option.text.zh.is_empty()).then(|| (&option.text).into()),
        });
        Self {
            number: u32::from(item.number),
            item: item.item.as_str().to_owned(),
            stem: Some((&item.stem).into()),
            options: options.collect(),
        }
    }
}

impl From<&Holder> for wire::Holder {
    fn from(holder: &Holder) -> Self {
        Self {
            session: bytes(&holder.session.0),
            lease: bytes(&holder.lease.0),
            epoch: holder.epoch.0,
        }
    }
}

impl From<&Made> for wire::Made {
    fn from(made: &Made) -> Self {
        Self {
            base_ms: made.base.0,
            since_ms: made.since.0,
            boot: bytes(&made.boot.0),
        }
    }
}

impl From<&Revision> for wire::Revision {
    fn from(revision: &Revision) -> Self {
        let choice = revision
            .choice
            .as_ref()
            .map(|choice| choice.as_str().to_owned());
        Self {
            seq: revision.seq.0,
            item: revision.item.as_str().to_owned(),
            option: choice.unwrap_or_default(),
            made: Some((&revision.made).into()),
            link: bytes(&revision.link.0),
        }
    }
}

impl From<&Note> for wire::Note {
    fn from(note: &Note) -> Self {
        Self {
            seq: note.seq.0,
            item: note.item.as_str().to_owned(),
            flagged: note.flagged,
            struck: note
                .struck
                .iter()
                .map(|option| option.as_str().to_owned())
                .collect(),
        }
    }
}

impl From<End> for wire::End {
    fn from(end: End) -> Self {
        match end {
            End::HandedIn => Self::HandedIn,
            End::TimeUp => Self::TimeUp,
            End::Absent => Self::Absent,
        }
    }
}

impl From<Label> for wire::Label {
    fn from(label: Label) -> Self {
        match label {
            Label::Expected => Self::Expected,
            Label::Arrived => Self::Arrived,
            Label::ConfirmDetails => Self::ConfirmDetails,
            Label::DetailsWrong => Self::DetailsWrong,
            Label::AwaitIdentity => Self::AwaitIdentity,
            Label::Undertaking => Self::Undertaking,
            Label::Declined => Self::Declined,
            Label::Preparing => Self::Preparing,
            Label::AwaitStart => Self::AwaitStart,
            Label::Late => Self::Late,
            Label::Running => Self::Running,
            Label::Closing => Self::Closing,
            Label::Overdue => Self::Overdue,
            Label::HandedIn => Self::HandedIn,
            Label::TimeUp => Self::TimeUp,
            Label::Absent => Self::Absent,
        }
    }
}

impl From<&SessionView> for wire::SessionView {
    fn from(view: &SessionView) -> Self {
        let (end, ended_at) = view
            .ended
            .map_or((wire::End::Unspecified, 0), |(end, at)| (end.into(), at.0));
        Self {
            session: bytes(&view.session.0),
            seat: view.seat.as_str().to_owned(),
            label: wire::Label::from(view.label).into(),
            now_ms: view.now.0,
            planned_ms: view.planned.0,
            room_started_ms: view.room_started.map(|at| at.0),
            part: view.part.map_or(0, |part| u32::from(part.0)),
            ends_at_ms: view.ends_at.map(|at| at.0),
            hand_in_from_ms: view.hand_in_from.map(|at| at.0),
            may_answer: view.may.answer,
            may_hand_in: view.may.hand_in,
            end: end.into(),
            ended_at_ms: ended_at,
            late_by_ms: view.late_by.map(|span| span.0),
            answered: u32::from(view.answered),
            total: u32::from(view.total),
            waiting: view.waiting,
            connected: view.connected,
        }
    }
}

impl From<&Snapshot> for wire::Snapshot {
    fn from(snapshot: &Snapshot) -> Self {
        let holder = Holder {
            session: snapshot.view.session,
            lease: snapshot.lease,
            epoch: snapshot.epoch,
        };
        let responses = snapshot
            .responses
            .iter()
            .map(|(item, choice)| wire::Response {
                item: item.as_str().to_owned(),
                option: choice
                    .as_ref()
                    .map(|c| c.as_str().to_owned())
                    .unwrap_or_default(),
            });
        let annotations = snapshot
            .annotations
            .iter()
            .map(|(item, annotation)| wire::Annotation {
                item: item.as_str().to_owned(),
                flagged: annotation.flagged,
                struck: annotation
                    .struck
                    .iter()
                    .map(|option| option.as_str().to_owned())
                    .collect(),
            });
        Self {
            view: Some((&snapshot.view).into()),
            holder: Some((&holder).into()),
            up_to: snapshot.up_to.0,
            link: bytes(&snapshot.link.0),
            notes_up_to: snapshot.notes_up_to.0,
            responses: responses.collect(),
            annotations: annotations.collect(),
        }
    }
}

impl wire::Receipt {
    /// Returns the wire form of a receipt; code and check are the hall's.
    pub fn new(receipt: &Receipt, at_wall: WallTime, code: String, check: String) -> Self {
        Self {
            end: wire::End::from(receipt.end).into(),
            at_ms: receipt.at.0,
            at_wall_ms: at_wall.0,
            answered: u32::from(receipt.answered),
            total: u32::from(receipt.total),
            code,
            check,
        }
    }
}

impl From<&Refusal> for wire::Refusal {
    fn from(refusal: &Refusal) -> Self {
        use wire::RefusalKind as Kind;
        let bare = |kind: Kind| Self {
            kind: kind.into(),
            ..Self::default()
        };
        let timed = |kind: Kind, at: &HallTime| Self {
            time_ms: at.0,
            ..bare(kind)
        };
        match refusal {
            Refusal::UnknownSession => bare(Kind::UnknownSession),
            Refusal::NoMatch { tries_left } => Self {
                count: u32::from(*tries_left),
                ..bare(Kind::NoMatch)
            },
            Refusal::TooManyTries => bare(Kind::TooManyTries),
            Refusal::WrongSeat { yours, here } => Self {
                yours: yours.as_str().to_owned(),
                here: here.as_str().to_owned(),
                ..bare(Kind::WrongSeat)
            },
            Refusal::TicketInUse => bare(Kind::TicketInUse),
            Refusal::LogInNotOpen { opens } => timed(Kind::LogInNotOpen, opens),
            Refusal::EntryClosed { closed } => timed(Kind::EntryClosed, closed),
            Refusal::NotNow => bare(Kind::NotNow),
            Refusal::OtherUndertaking => bare(Kind::OtherUndertaking),
            Refusal::UndertakingDeclined => bare(Kind::UndertakingDeclined),
            Refusal::NotStarted => bare(Kind::NotStarted),
            Refusal::StartTooEarly { planned } => timed(Kind::StartTooEarly, planned),
            Refusal::NotYourSession => bare(Kind::NotYourSession),
            Refusal::RevisionGap { have, got } => Self {
                have: have.0,
                want: got.0,
                ..bare(Kind::RevisionGap)
            },
            Refusal::OtherAnswerSameName { seq } => Self {
                have: seq.0,
                ..bare(Kind::OtherAnswerSameName)
            },
            Refusal::ItemNotInPaper => bare(Kind::ItemNotInPaper),
            Refusal::OptionNotInItem => bare(Kind::OptionNotInItem),
            Refusal::PartNotOpen => bare(Kind::PartNotOpen),
            Refusal::TimeIsUp { ended } => timed(Kind::TimeIsUp, ended),
            Refusal::AlreadyEnded { end, at } => Self {
                end: wire::End::from(*end).into(),
                ..timed(Kind::AlreadyEnded, at)
            },
            Refusal::HandInGap { have, want } => Self {
                have: have.0,
                want: want.0,
                ..bare(Kind::HandInGap)
            },
            Refusal::HandInTooEarly { from } => timed(Kind::HandInTooEarly, from),
            Refusal::HandInLocked { until } => timed(Kind::HandInLocked, until),
            Refusal::SeatTaken => bare(Kind::SeatTaken),
            Refusal::DoorOpen { until } => timed(Kind::DoorOpen, until),
            Refusal::DoesNotFit => bare(Kind::DoesNotFit),
            Refusal::NothingToDecide => bare(Kind::NothingToDecide),
            Refusal::NotAllEnded { left } => Self {
                count: *left,
                ..bare(Kind::NotAllEnded)
            },
            Refusal::SittingClosed => bare(Kind::SittingClosed),
            Refusal::RoleMayNot => bare(Kind::RoleMayNot),
            Refusal::TooFast { again_in } => Self {
                time_ms: again_in.0,
                ..bare(Kind::TooFast)
            },
        }
    }
}

/// Returns the wire form of a hall act.
pub fn act_to_wire(act: &HallAct) -> admin::perform_request::Act {
    use admin::perform_request::Act;
    let one = |session: &SessionId| admin::ForSession {
        session: bytes(&session.0),
    };
    match act {
        HallAct::Arrive { session } => Act::Arrive(one(session)),
        HallAct::Identify { session } => Act::Identify(one(session)),
        HallAct::Start => Act::Start(admin::Start {}),
        HallAct::MoveSeat { session, to } => Act::MoveSeat(admin::MoveSeat {
            session: bytes(&session.0),
            to: to.as_str().to_owned(),
        }),
        HallAct::MarkAbsent { session } => Act::MarkAbsent(one(session)),
        HallAct::DecideOffline { session, verdict } => Act::DecideOffline(admin::DecideOffline {
            session: bytes(&session.0),
            count: *verdict == OfflineVerdict::Count,
        }),
        HallAct::Settle { session } => Act::Settle(one(session)),
        HallAct::Close => Act::Close(admin::Close {}),
    }
}
