//! Events to bytes.

use bytes::Bytes;
use exam_core::{Event, HallAct, Outline, Resumed, Revision};
use prost::Message as _;

use crate::refusal;
use crate::wire::{self, hall_act, sitting_record};
use crate::word::Word as _;

/// Returns the payload of the record of `event`: one `SittingRecord` of journal.v1.
pub fn encode(event: &Event) -> Bytes {
    let record = wire::SittingRecord {
        event: Some(stored(event)),
    };
    Bytes::from(record.encode_to_vec())
}

pub(crate) fn raw(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

#[expect(
    clippy::too_many_lines,
    reason = "one arm for each event, nothing else"
)]
fn stored(event: &Event) -> sitting_record::Event {
    use sitting_record::Event as To;
    match event {
        Event::SittingOpened {
            sitting,
            kind,
            exam,
            manifest,
            commitment,
            planned,
            planned_wall,
        } => To::SittingOpened(wire::SittingOpened {
            sitting: sitting.as_str().to_owned(),
            kind: kind.stored(),
            exam: raw(&exam.0),
            manifest: raw(&manifest.0),
            commitment: raw(&commitment.0),
            planned_ms: planned.0,
            planned_wall_ms: planned_wall.0,
        }),
        Event::SessionPlanned {
            session,
            seat,
            place,
            factor,
        } => To::SessionPlanned(wire::SessionPlanned {
            session: raw(&session.0),
            seat: seat.as_str().to_owned(),
            place: Some(wire::Place {
                room: place.room.into(),
                row: place.row.into(),
                column: place.column.into(),
            }),
            factor: u32::from(*factor),
        }),
        Event::PaperFixed { session, outline } => To::PaperFixed(wire::PaperFixed {
            session: raw(&session.0),
            outline: Some(outlined(outline)),
        }),
        Event::ProcessStarted {
            boot,
            build,
            resumed,
        } => To::ProcessStarted(process_started(&boot.0, build, *resumed)),
        Event::Stopped => To::Stopped(wire::Stopped {}),
        Event::Tick => To::Tick(wire::Tick {}),
        Event::WallStepped { by } => To::WallStepped(wire::WallStepped { by_ms: by.0 }),
        Event::Acted { id, by, act } => To::Acted(wire::Acted {
            id: raw(&id.0),
            by: by.as_str().to_owned(),
            act: Some(acted(act)),
        }),
        Event::ActRefused {
            id,
            by,
            act,
            refusal,
        } => To::ActRefused(wire::ActRefused {
            id: raw(&id.0),
            by: by.as_str().to_owned(),
            act: Some(acted(act)),
            refusal: Some(refusal::stored(refusal)),
        }),
        Event::LoggedIn {
            session,
            seat,
            lease,
            epoch,
            boot,
        } => To::LoggedIn(wire::LoggedIn {
            session: raw(&session.0),
            seat: seat.as_str().to_owned(),
            lease: raw(&lease.0),
            epoch: epoch.0,
            boot: raw(&boot.0),
        }),
        Event::DetailsChecked { session, correct } => To::DetailsChecked(wire::DetailsChecked {
            session: raw(&session.0),
            correct: *correct,
        }),
        Event::UndertakingAnswered {
            session,
            text,
            accepted,
        } => To::UndertakingAnswered(wire::UndertakingAnswered {
            session: raw(&session.0),
            text: raw(&text.0),
            accepted: *accepted,
        }),
        Event::Prepared { session } => To::Prepared(wire::Prepared {
            session: raw(&session.0),
        }),
        Event::SeatLost { session, last_life } => To::SeatLost(wire::SeatLost {
            session: raw(&session.0),
            last_life_ms: last_life.0,
        }),
        Event::SeatBack { session, boot } => To::SeatBack(wire::SeatBack {
            session: raw(&session.0),
            boot: raw(&boot.0),
        }),
        Event::RoomStarted => To::RoomStarted(wire::RoomStarted {}),
        Event::PartStarted {
            session,
            part,
            ends_at,
        } => To::PartStarted(wire::PartStarted {
            session: raw(&session.0),
            part: u32::from(part.0),
            ends_at_ms: ends_at.0,
        }),
        Event::Answered {
            session,
            epoch,
            revision,
            made_at,
            counted,
        } => To::Answered(wire::Answered {
            session: raw(&session.0),
            epoch: epoch.0,
            revision: Some(revised(revision)),
            made_at_ms: made_at.0,
            counted: counted.stored(),
        }),
        Event::RevisionKept {
            session,
            epoch,
            revision,
            made_at,
            why,
        } => To::RevisionKept(wire::RevisionKept {
            session: raw(&session.0),
            epoch: epoch.0,
            revision: Some(revised(revision)),
            made_at_ms: made_at.0,
            why: why.stored(),
        }),
        Event::Noted {
            session,
            epoch,
            note,
        } => To::Noted(wire::Noted {
            session: raw(&session.0),
            epoch: epoch.0,
            seq: note.seq.0,
            item: note.item.as_str().to_owned(),
            flagged: note.flagged,
            struck: note.struck.iter().map(ToString::to_string).collect(),
        }),
        Event::ClosingBegan {
            session,
            deadline,
            until,
        } => To::ClosingBegan(wire::ClosingBegan {
            session: raw(&session.0),
            deadline_ms: deadline.0,
            until_ms: until.0,
        }),
        Event::BecameOverdue { session, deadline } => To::BecameOverdue(wire::BecameOverdue {
            session: raw(&session.0),
            deadline_ms: deadline.0,
        }),
        Event::HandedIn { session, at } => To::HandedIn(wire::HandedIn {
            session: raw(&session.0),
            at_ms: at.0,
        }),
        Event::TimedUp { session, deadline } => To::TimedUp(wire::TimedUp {
            session: raw(&session.0),
            deadline_ms: deadline.0,
        }),
        Event::MarkedAbsent { session } => To::MarkedAbsent(wire::MarkedAbsent {
            session: raw(&session.0),
        }),
        Event::SeatMoved { session, to } => To::SeatMoved(wire::SeatMoved {
            session: raw(&session.0),
            to: to.as_str().to_owned(),
        }),
        Event::SittingClosed => To::SittingClosed(wire::SittingClosed {}),
    }
}

pub(crate) fn process_started(boot: &[u8], build: &str, resumed: Resumed) -> wire::ProcessStarted {
    let (how, span_ms) = match resumed {
        Resumed::First => (wire::ResumedHow::First, 0),
        Resumed::SameBoot { away } => (wire::ResumedHow::SameBoot, away.0),
        Resumed::Reboot { away } => (wire::ResumedHow::Reboot, away.0),
        Resumed::Uncertain { claimed } => (wire::ResumedHow::Uncertain, claimed.0),
    };
    wire::ProcessStarted {
        boot: raw(boot),
        build: build.to_owned(),
        resumed: Some(wire::Resumed {
            how: how.into(),
            span_ms,
        }),
    }
}

fn acted(act: &HallAct) -> wire::HallAct {
    use hall_act::Act;
    let act = match act {
        HallAct::Arrive { session } => Act::Arrive(of_session(&session.0)),
        HallAct::Identify { session } => Act::Identify(of_session(&session.0)),
        HallAct::Start => Act::Start(wire::OfRoom {}),
        HallAct::MoveSeat { session, to } => Act::MoveSeat(wire::MoveSeat {
            session: raw(&session.0),
            to: to.as_str().to_owned(),
        }),
        HallAct::MarkAbsent { session } => Act::MarkAbsent(of_session(&session.0)),
        HallAct::DecideOffline { session, verdict } => Act::DecideOffline(wire::DecideOffline {
            session: raw(&session.0),
            verdict: verdict.stored(),
        }),
        HallAct::Settle { session } => Act::Settle(of_session(&session.0)),
        HallAct::Close => Act::Close(wire::OfRoom {}),
    };
    wire::HallAct { act: Some(act) }
}

fn of_session(session: &[u8]) -> wire::OfSession {
    wire::OfSession {
        session: raw(session),
    }
}

fn revised(revision: &Revision) -> wire::Revision {
    wire::Revision {
        seq: revision.seq.0,
        item: revision.item.as_str().to_owned(),
        choice: revision.choice.as_ref().map(ToString::to_string),
        made: Some(wire::Made {
            base_ms: revision.made.base.0,
            since_ms: revision.made.since.0,
            boot: raw(&revision.made.boot.0),
        }),
        link: raw(&revision.link.0),
    }
}

fn outlined(outline: &Outline) -> wire::Outline {
    let parts = outline.parts.iter().map(|part| wire::PartOutline {
        part: u32::from(part.part.0),
        digest: raw(&part.digest.0),
        sections: part.sections.iter().map(section).collect(),
    });
    wire::Outline {
        parts: parts.collect(),
    }
}

fn section(section: &exam_core::SectionOutline) -> wire::SectionOutline {
    let items = section.items.iter().map(|item| wire::ItemOutline {
        item: item.item.as_str().to_owned(),
        options: item.options.iter().map(ToString::to_string).collect(),
    });
    wire::SectionOutline {
        kind: section.kind.stored(),
        points: section.points.0,
        items: items.collect(),
    }
}
