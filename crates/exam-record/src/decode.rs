//! Bytes to events. What is not wholly understood is a fault, by name; nothing is skipped.

use bytes::Bytes;
use exam_core::ids::BadId;
use exam_core::{
    Counted, Event, HallAct, HallTime, ItemId, ItemKind, ItemOutline, KeptWhy, Made, Marks, Note,
    OfflineVerdict, OptionId, Outline, PartNo, PartOutline, Place, Resumed, Revision, SeatId,
    SectionOutline, Seq, SittingId, SittingKind, Span, StaffId, WallTime,
};
use prost::Message as _;

use crate::fault::RecordFault;
use crate::refusal;
use crate::wire::{self, hall_act, sitting_record};
use crate::word::Word as _;

/// Reads the payload of one record of a sitting's journal.
///
/// # Errors
/// [`RecordFault`]: an event or a field that this version does not know, a missing or impossible
/// value, or bytes that are no record at all.
pub fn decode(payload: &[u8]) -> Result<Event, RecordFault> {
    let record = wire::SittingRecord::decode(payload).map_err(RecordFault::NotProtobuf)?;
    let understood = record.encoded_len();
    let Some(event) = record.event else {
        return Err(RecordFault::unknown_event(payload));
    };
    RecordFault::unless_whole(understood, payload.len())?;
    restored(event)
}

pub(crate) fn id<T>(bytes: &Bytes) -> Result<T, RecordFault>
where
    T: for<'a> TryFrom<&'a [u8], Error = BadId>,
{
    Ok(T::try_from(bytes.as_ref())?)
}

fn there<T>(value: Option<T>, what: &'static str) -> Result<T, RecordFault> {
    value.ok_or(RecordFault::Missing { what })
}

fn small<T: TryFrom<u32>>(value: u32, what: &'static str) -> Result<T, RecordFault> {
    T::try_from(value).map_err(|_too_great| RecordFault::OutOfRange { what, value })
}

#[expect(
    clippy::too_many_lines,
    reason = "one arm for each event, nothing else"
)]
fn restored(event: sitting_record::Event) -> Result<Event, RecordFault> {
    use sitting_record::Event as From;
    Ok(match event {
        From::SittingOpened(e) => Event::SittingOpened {
            sitting: SittingId::new(&e.sitting)?,
            kind: SittingKind::restored(e.kind)?,
            exam: id(&e.exam)?,
            manifest: id(&e.manifest)?,
            commitment: id(&e.commitment)?,
            planned: HallTime(e.planned_ms),
            planned_wall: WallTime(e.planned_wall_ms),
        },
        From::SessionPlanned(e) => Event::SessionPlanned {
            session: id(&e.session)?,
            seat: SeatId::new(&e.seat)?,
            place: place(there(e.place, "place")?)?,
            factor: small(e.factor, "factor")?,
        },
        From::PaperFixed(e) => Event::PaperFixed {
            session: id(&e.session)?,
            outline: outlined(&there(e.outline, "outline")?)?,
        },
        From::ProcessStarted(e) => Event::ProcessStarted {
            boot: id(&e.boot)?,
            resumed: resumed(e.resumed)?,
            build: e.build,
        },
        From::Stopped(wire::Stopped {}) => Event::Stopped,
        From::Tick(wire::Tick {}) => Event::Tick,
        From::WallStepped(e) => Event::WallStepped { by: Span(e.by_ms) },
        From::Acted(e) => Event::Acted {
            id: id(&e.id)?,
            by: StaffId::new(&e.by)?,
            act: acted(e.act)?,
        },
        From::ActRefused(e) => Event::ActRefused {
            id: id(&e.id)?,
            by: StaffId::new(&e.by)?,
            act: acted(e.act)?,
            refusal: refusal::restored(&there(e.refusal, "refusal")?)?,
        },
        From::LoggedIn(e) => Event::LoggedIn {
            session: id(&e.session)?,
            seat: SeatId::new(&e.seat)?,
            lease: id(&e.lease)?,
            epoch: exam_core::Epoch(e.epoch),
            boot: id(&e.boot)?,
        },
        From::DetailsChecked(e) => Event::DetailsChecked {
            session: id(&e.session)?,
            correct: e.correct,
        },
        From::UndertakingAnswered(e) => Event::UndertakingAnswered {
            session: id(&e.session)?,
            text: id(&e.text)?,
            accepted: e.accepted,
        },
        From::Prepared(e) => Event::Prepared {
            session: id(&e.session)?,
        },
        From::SeatLost(e) => Event::SeatLost {
            session: id(&e.session)?,
            last_life: HallTime(e.last_life_ms),
        },
        From::SeatBack(e) => Event::SeatBack {
            session: id(&e.session)?,
            boot: id(&e.boot)?,
        },
        From::RoomStarted(wire::RoomStarted {}) => Event::RoomStarted,
        From::PartStarted(e) => Event::PartStarted {
            session: id(&e.session)?,
            part: PartNo(small(e.part, "number of the part")?),
            ends_at: HallTime(e.ends_at_ms),
        },
        From::Answered(e) => Event::Answered {
            session: id(&e.session)?,
            epoch: exam_core::Epoch(e.epoch),
            revision: revised(e.revision)?,
            made_at: HallTime(e.made_at_ms),
            counted: Counted::restored(e.counted)?,
        },
        From::RevisionKept(e) => Event::RevisionKept {
            session: id(&e.session)?,
            epoch: exam_core::Epoch(e.epoch),
            revision: revised(e.revision)?,
            made_at: HallTime(e.made_at_ms),
            why: KeptWhy::restored(e.why)?,
        },
        From::Noted(e) => Event::Noted {
            session: id(&e.session)?,
            epoch: exam_core::Epoch(e.epoch),
            note: Note {
                seq: Seq(e.seq),
                item: ItemId::new(&e.item)?,
                flagged: e.flagged,
                struck: options(&e.struck)?,
            },
        },
        From::ClosingBegan(e) => Event::ClosingBegan {
            session: id(&e.session)?,
            deadline: HallTime(e.deadline_ms),
            until: HallTime(e.until_ms),
        },
        From::BecameOverdue(e) => Event::BecameOverdue {
            session: id(&e.session)?,
            deadline: HallTime(e.deadline_ms),
        },
        From::HandedIn(e) => Event::HandedIn {
            session: id(&e.session)?,
            at: HallTime(e.at_ms),
        },
        From::TimedUp(e) => Event::TimedUp {
            session: id(&e.session)?,
            deadline: HallTime(e.deadline_ms),
        },
        From::MarkedAbsent(e) => Event::MarkedAbsent {
            session: id(&e.session)?,
        },
        From::SeatMoved(e) => Event::SeatMoved {
            session: id(&e.session)?,
            to: SeatId::new(&e.to)?,
        },
        From::SittingClosed(wire::SittingClosed {}) => Event::SittingClosed,
    })
}

pub(crate) fn resumed(stored: Option<wire::Resumed>) -> Result<Resumed, RecordFault> {
    use wire::ResumedHow as How;
    let stored = there(stored, "way of resuming")?;
    let span = Span(stored.span_ms);
    match How::try_from(stored.how) {
        Ok(How::First) => Ok(Resumed::First),
        Ok(How::SameBoot) => Ok(Resumed::SameBoot { away: span }),
        Ok(How::Reboot) => Ok(Resumed::Reboot { away: span }),
        Ok(How::Uncertain) => Ok(Resumed::Uncertain { claimed: span }),
        Ok(How::Unset) | Err(_) => Err(RecordFault::UnknownWord {
            what: "way of resuming",
            value: stored.how,
        }),
    }
}

fn place(stored: wire::Place) -> Result<Place, RecordFault> {
    Ok(Place {
        room: small(stored.room, "room")?,
        row: small(stored.row, "row")?,
        column: small(stored.column, "column")?,
    })
}

fn acted(stored: Option<wire::HallAct>) -> Result<HallAct, RecordFault> {
    use hall_act::Act;
    let act = there(stored, "act")?.act;
    Ok(match there(act, "act this version knows")? {
        Act::Arrive(of) => HallAct::Arrive {
            session: id(&of.session)?,
        },
        Act::Identify(of) => HallAct::Identify {
            session: id(&of.session)?,
        },
        Act::Start(wire::OfRoom {}) => HallAct::Start,
        Act::MoveSeat(of) => HallAct::MoveSeat {
            session: id(&of.session)?,
            to: SeatId::new(&of.to)?,
        },
        Act::MarkAbsent(of) => HallAct::MarkAbsent {
            session: id(&of.session)?,
        },
        Act::DecideOffline(of) => HallAct::DecideOffline {
            session: id(&of.session)?,
            verdict: OfflineVerdict::restored(of.verdict)?,
        },
        Act::Settle(of) => HallAct::Settle {
            session: id(&of.session)?,
        },
        Act::Close(wire::OfRoom {}) => HallAct::Close,
    })
}

fn revised(stored: Option<wire::Revision>) -> Result<Revision, RecordFault> {
    let stored = there(stored, "revision")?;
    let made = there(stored.made, "made-time")?;
    Ok(Revision {
        seq: Seq(stored.seq),
        item: ItemId::new(&stored.item)?,
        choice: stored.choice.as_deref().map(OptionId::new).transpose()?,
        made: Made {
            base: HallTime(made.base_ms),
            since: Span(made.since_ms),
            boot: id(&made.boot)?,
        },
        link: id(&stored.link)?,
    })
}

fn options(stored: &[String]) -> Result<Vec<OptionId>, RecordFault> {
    let options: Result<_, BadId> = stored.iter().map(|name| OptionId::new(name)).collect();
    Ok(options?)
}

fn outlined(stored: &wire::Outline) -> Result<Outline, RecordFault> {
    let parts = stored.parts.iter().map(|part| {
        Ok(PartOutline {
            part: PartNo(small(part.part, "number of the part")?),
            digest: id(&part.digest)?,
            sections: part
                .sections
                .iter()
                .map(section)
                .collect::<Result<_, RecordFault>>()?,
        })
    });
    Ok(Outline {
        parts: parts.collect::<Result<_, RecordFault>>()?,
    })
}

fn section(stored: &wire::SectionOutline) -> Result<SectionOutline, RecordFault> {
    let items = stored.items.iter().map(|item| {
        Ok(ItemOutline {
            item: ItemId::new(&item.item)?,
            options: options(&item.options)?,
        })
    });
    Ok(SectionOutline {
        kind: ItemKind::restored(stored.kind)?,
        points: Marks(stored.points),
        items: items.collect::<Result<_, RecordFault>>()?,
    })
}
