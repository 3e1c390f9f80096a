//! Strategies that give any event, hall record, act and refusal, each kind of them.

use exam_core::session::End;
use exam_core::{
    ActId, BootId, Counted, Digest, Epoch, Event, HallAct, HallTime, ItemId, ItemKind, ItemOutline,
    KeptWhy, LeaseId, Made, Marks, Note, OfflineVerdict, OptionId, Outline, PartNo, PartOutline,
    Place, Refusal, Resumed, Revision, SeatId, SectionOutline, Seq, SessionId, SittingId,
    SittingKind, Span, StaffId, WallTime,
};
use exam_record::{HallRecord, Serial, StaffRole};
use proptest::prelude::*;
use proptest::sample::select;

fn bytes16() -> impl Strategy<Value = [u8; 16]> {
    any::<[u8; 16]>()
}

fn session() -> impl Strategy<Value = SessionId> {
    bytes16().prop_map(SessionId)
}

fn boot() -> impl Strategy<Value = BootId> {
    bytes16().prop_map(BootId)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn hall() -> impl Strategy<Value = HallTime> {
    any::<i64>().prop_map(HallTime)
}

fn span() -> impl Strategy<Value = Span> {
    any::<i64>().prop_map(Span)
}

fn seq() -> impl Strategy<Value = Seq> {
    any::<u32>().prop_map(Seq)
}

fn epoch() -> impl Strategy<Value = Epoch> {
    any::<u32>().prop_map(Epoch)
}

fn seat() -> impl Strategy<Value = SeatId> {
    "[A-Z0-9-]{1,12}".prop_map(|text| SeatId::new(&text).unwrap())
}

fn item() -> impl Strategy<Value = ItemId> {
    "[a-z0-9-]{1,24}".prop_map(|text| ItemId::new(&text).unwrap())
}

fn option() -> impl Strategy<Value = OptionId> {
    "[a-z0-9-]{1,16}".prop_map(|text| OptionId::new(&text).unwrap())
}

fn staff() -> impl Strategy<Value = StaffId> {
    "[a-z0-9-]{1,32}".prop_map(|text| StaffId::new(&text).unwrap())
}

fn sitting() -> impl Strategy<Value = SittingId> {
    "[a-z0-9-]{1,40}".prop_map(|text| SittingId::new(&text).unwrap())
}

fn place() -> impl Strategy<Value = Place> {
    any::<(u16, u16, u16)>().prop_map(|(room, row, column)| Place { room, row, column })
}

fn resumed() -> impl Strategy<Value = Resumed> {
    prop_oneof![
        Just(Resumed::First),
        span().prop_map(|away| Resumed::SameBoot { away }),
        span().prop_map(|away| Resumed::Reboot { away }),
        span().prop_map(|claimed| Resumed::Uncertain { claimed }),
    ]
}

fn outline() -> impl Strategy<Value = Outline> {
    let item = (item(), prop::collection::vec(option(), 0..4))
        .prop_map(|(item, options)| ItemOutline { item, options });
    let kind = select(vec![ItemKind::TrueFalse, ItemKind::SingleChoice]);
    let section = (kind, any::<i32>(), prop::collection::vec(item, 0..4)).prop_map(
        |(kind, points, items)| SectionOutline {
            kind,
            points: Marks(points),
            items,
        },
    );
    let part = (any::<u8>(), digest(), prop::collection::vec(section, 0..3)).prop_map(
        |(part, digest, sections)| PartOutline {
            part: PartNo(part),
            digest,
            sections,
        },
    );
    prop::collection::vec(part, 0..3).prop_map(|parts| Outline { parts })
}

fn revision() -> impl Strategy<Value = Revision> {
    let made = (hall(), span(), boot()).prop_map(|(base, since, boot)| Made { base, since, boot });
    let parts = (seq(), item(), prop::option::of(option()), made, digest());
    parts.prop_map(|(seq, item, choice, made, link)| Revision {
        seq,
        item,
        choice,
        made,
        link,
    })
}

fn note() -> impl Strategy<Value = Note> {
    let parts = (
        seq(),
        item(),
        any::<bool>(),
        prop::collection::vec(option(), 0..4),
    );
    parts.prop_map(|(seq, item, flagged, struck)| Note {
        seq,
        item,
        flagged,
        struck,
    })
}

fn act() -> impl Strategy<Value = HallAct> {
    let verdict = select(vec![OfflineVerdict::Count, OfflineVerdict::Refuse]);
    prop_oneof![
        session().prop_map(|session| HallAct::Arrive { session }),
        session().prop_map(|session| HallAct::Identify { session }),
        Just(HallAct::Start),
        (session(), seat()).prop_map(|(session, to)| HallAct::MoveSeat { session, to }),
        session().prop_map(|session| HallAct::MarkAbsent { session }),
        (session(), verdict)
            .prop_map(|(session, verdict)| HallAct::DecideOffline { session, verdict }),
        session().prop_map(|session| HallAct::Settle { session }),
        Just(HallAct::Close),
    ]
}

fn bare_refusal() -> impl Strategy<Value = Refusal> {
    select(vec![
        Refusal::UnknownSession,
        Refusal::TooManyTries,
        Refusal::TicketInUse,
        Refusal::NotNow,
        Refusal::OtherUndertaking,
        Refusal::UndertakingDeclined,
        Refusal::NotStarted,
        Refusal::NotYourSession,
        Refusal::ItemNotInPaper,
        Refusal::OptionNotInItem,
        Refusal::PartNotOpen,
        Refusal::SeatTaken,
        Refusal::DoesNotFit,
        Refusal::NothingToDecide,
        Refusal::SittingClosed,
        Refusal::RoleMayNot,
    ])
}

fn refusal() -> impl Strategy<Value = Refusal> {
    let end = select(vec![End::HandedIn, End::TimeUp, End::Absent]);
    let instants = prop_oneof![
        hall().prop_map(|opens| Refusal::LogInNotOpen { opens }),
        hall().prop_map(|closed| Refusal::EntryClosed { closed }),
        hall().prop_map(|planned| Refusal::StartTooEarly { planned }),
        hall().prop_map(|ended| Refusal::TimeIsUp { ended }),
        hall().prop_map(|from| Refusal::HandInTooEarly { from }),
        hall().prop_map(|until| Refusal::HandInLocked { until }),
        hall().prop_map(|until| Refusal::DoorOpen { until }),
        (end, hall()).prop_map(|(end, at)| Refusal::AlreadyEnded { end, at }),
    ];
    let numbers = prop_oneof![
        any::<u8>().prop_map(|tries_left| Refusal::NoMatch { tries_left }),
        (seq(), seq()).prop_map(|(have, got)| Refusal::RevisionGap { have, got }),
        (seq(), seq()).prop_map(|(have, want)| Refusal::HandInGap { have, want }),
        seq().prop_map(|seq| Refusal::OtherAnswerSameName { seq }),
        any::<u32>().prop_map(|left| Refusal::NotAllEnded { left }),
        span().prop_map(|again_in| Refusal::TooFast { again_in }),
        (seat(), seat()).prop_map(|(yours, here)| Refusal::WrongSeat { yours, here }),
    ];
    prop_oneof![2 => bare_refusal(), 2 => instants, 1 => numbers]
}

fn opening_event() -> impl Strategy<Value = Event> {
    let kind = select(vec![SittingKind::Real, SittingKind::Rehearsal]);
    let opened = (
        sitting(),
        kind,
        digest(),
        digest(),
        digest(),
        hall(),
        any::<i64>(),
    );
    prop_oneof![
        opened.prop_map(
            |(sitting, kind, exam, manifest, commitment, planned, wall)| {
                let planned_wall = WallTime(wall);
                Event::SittingOpened {
                    sitting,
                    kind,
                    exam,
                    manifest,
                    commitment,
                    planned,
                    planned_wall,
                }
            }
        ),
        (session(), seat(), place(), any::<u16>()).prop_map(|(session, seat, place, factor)| {
            Event::SessionPlanned {
                session,
                seat,
                place,
                factor,
            }
        }),
        (session(), outline())
            .prop_map(|(session, outline)| Event::PaperFixed { session, outline }),
        (boot(), any::<String>(), resumed()).prop_map(|(boot, build, resumed)| {
            Event::ProcessStarted {
                boot,
                build,
                resumed,
            }
        }),
        span().prop_map(|by| Event::WallStepped { by }),
        select(vec![
            Event::Stopped,
            Event::Tick,
            Event::RoomStarted,
            Event::SittingClosed
        ]),
        (bytes16(), staff(), act()).prop_map(|(id, by, act)| Event::Acted {
            id: ActId(id),
            by,
            act
        }),
        (bytes16(), staff(), act(), refusal()).prop_map(|(id, by, act, refusal)| {
            Event::ActRefused {
                id: ActId(id),
                by,
                act,
                refusal,
            }
        }),
    ]
}

fn check_in_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (session(), seat(), bytes16(), epoch(), boot()).prop_map(
            |(session, seat, lease, epoch, boot)| {
                let lease = LeaseId(lease);
                Event::LoggedIn {
                    session,
                    seat,
                    lease,
                    epoch,
                    boot,
                }
            }
        ),
        (session(), any::<bool>())
            .prop_map(|(session, correct)| Event::DetailsChecked { session, correct }),
        (session(), digest(), any::<bool>()).prop_map(|(session, text, accepted)| {
            Event::UndertakingAnswered {
                session,
                text,
                accepted,
            }
        }),
        session().prop_map(|session| Event::Prepared { session }),
        (session(), hall()).prop_map(|(session, last_life)| Event::SeatLost { session, last_life }),
        (session(), boot()).prop_map(|(session, boot)| Event::SeatBack { session, boot }),
        (session(), seat()).prop_map(|(session, to)| Event::SeatMoved { session, to }),
    ]
}

fn answer_event() -> impl Strategy<Value = Event> {
    let counted = select(vec![Counted::InTime, Counted::InGrace, Counted::Offline]);
    let why = select(vec![
        KeptWhy::StaleEpoch,
        KeptWhy::OtherBytes,
        KeptWhy::ItemNotInPaper,
        KeptWhy::OptionNotInItem,
        KeptWhy::PartNotOpen,
        KeptWhy::AfterEnd,
        KeptWhy::AwaitsDecision,
    ]);
    prop_oneof![
        (session(), epoch(), revision(), hall(), counted).prop_map(
            |(session, epoch, revision, made_at, counted)| {
                Event::Answered {
                    session,
                    epoch,
                    revision,
                    made_at,
                    counted,
                }
            }
        ),
        (session(), epoch(), revision(), hall(), why).prop_map(
            |(session, epoch, revision, made_at, why)| {
                Event::RevisionKept {
                    session,
                    epoch,
                    revision,
                    made_at,
                    why,
                }
            }
        ),
        (session(), epoch(), note()).prop_map(|(session, epoch, note)| Event::Noted {
            session,
            epoch,
            note
        }),
    ]
}

fn end_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (session(), any::<u8>(), hall()).prop_map(|(session, part, ends_at)| {
            Event::PartStarted {
                session,
                part: PartNo(part),
                ends_at,
            }
        }),
        (session(), hall(), hall()).prop_map(|(session, deadline, until)| {
            Event::ClosingBegan {
                session,
                deadline,
                until,
            }
        }),
        (session(), hall())
            .prop_map(|(session, deadline)| Event::BecameOverdue { session, deadline }),
        (session(), hall()).prop_map(|(session, at)| Event::HandedIn { session, at }),
        (session(), hall()).prop_map(|(session, deadline)| Event::TimedUp { session, deadline }),
        session().prop_map(|session| Event::MarkedAbsent { session }),
    ]
}

/// Any event of a sitting.
pub(crate) fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        opening_event(),
        check_in_event(),
        answer_event(),
        end_event()
    ]
}

fn serial() -> impl Strategy<Value = Serial> {
    prop::collection::vec(any::<u8>(), 1..21).prop_map(|bytes| Serial::new(&bytes).unwrap())
}

/// Any record of the hall's journal.
pub(crate) fn any_hall_record() -> impl Strategy<Value = HallRecord> {
    let role = select(vec![
        StaffRole::Chief,
        StaffRole::Invigilator,
        StaffRole::Technician,
        StaffRole::Inspector,
    ]);
    prop_oneof![
        (seat(), serial(), digest()).prop_map(|(seat, serial, code)| HallRecord::SeatEnrolled {
            seat,
            serial,
            code
        }),
        (staff(), role, serial()).prop_map(|(staff, role, serial)| HallRecord::StaffEnrolled {
            staff,
            role,
            serial
        }),
        serial().prop_map(|serial| HallRecord::Revoked { serial }),
        (boot(), any::<String>(), resumed()).prop_map(|(boot, build, resumed)| {
            HallRecord::ProcessStarted {
                boot,
                build,
                resumed,
            }
        }),
        Just(HallRecord::Stopped),
        sitting().prop_map(|sitting| HallRecord::SittingCreated { sitting }),
    ]
}
