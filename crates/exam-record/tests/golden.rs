//! The bytes of one record of each kind, as version 1 writes them. They open for ever: a change
//! that makes one of these unreadable, or writes it otherwise, is a new version.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use exam_core::session::End;
use exam_core::{
    ActId, BootId, Counted, Digest, Epoch, Event, HallAct, HallTime, ItemId, ItemKind, ItemOutline,
    KeptWhy, LeaseId, Made, Marks, Note, OfflineVerdict, OptionId, Outline, PartNo, PartOutline,
    Place, Refusal, Resumed, Revision, SeatId, SectionOutline, Seq, SessionId, SittingId,
    SittingKind, Span, StaffId, WallTime,
};
use exam_record::{HallRecord, Serial, StaffRole, decode, decode_hall, encode, encode_hall};

const GOLDEN: &str = include_str!("golden-v1.txt");
const SESSION: SessionId = SessionId([0x51; 16]);
const BOOT: BootId = BootId([0xB0; 16]);

fn seat(name: &str) -> SeatId {
    SeatId::new(name).unwrap()
}

fn chief() -> StaffId {
    StaffId::new("chief-1").unwrap()
}

fn option(name: &str) -> OptionId {
    OptionId::new(name).unwrap()
}

fn revision(choice: Option<&str>) -> Revision {
    Revision {
        seq: Seq(7),
        item: ItemId::new("q1001").unwrap(),
        choice: choice.map(option),
        made: Made {
            base: HallTime(5_400_000),
            since: Span(1_250),
            boot: BOOT,
        },
        link: Digest([0x1C; 32]),
    }
}

fn outline() -> Outline {
    let item = |name: &str, options: &[&str]| ItemOutline {
        item: ItemId::new(name).unwrap(),
        options: options.iter().map(|name| option(name)).collect(),
    };
    let section = |kind, points, items| SectionOutline {
        kind,
        points: Marks(points),
        items,
    };
    Outline {
        parts: vec![PartOutline {
            part: PartNo(1),
            digest: Digest([0xD1; 32]),
            sections: vec![
                section(
                    ItemKind::TrueFalse,
                    100,
                    vec![item("t1", &["true", "false"])],
                ),
                section(
                    ItemKind::SingleChoice,
                    50,
                    vec![item("q1001", &["c", "a", "b", "d"])],
                ),
            ],
        }],
    }
}

#[expect(clippy::too_many_lines, reason = "one sample of each event")]
fn hall_events() -> Vec<(&'static str, Event)> {
    let act = |act| Event::Acted {
        id: ActId([0xAC; 16]),
        by: chief(),
        act,
    };
    let refused = |refusal| Event::ActRefused {
        id: ActId([0xAD; 16]),
        by: chief(),
        act: HallAct::Start,
        refusal,
    };
    let (session, at) = (SESSION, HallTime(3_600_000));
    let started = |resumed| Event::ProcessStarted {
        boot: BOOT,
        build: "0.1.0".to_owned(),
        resumed,
    };
    vec![
        (
            "sitting-opened",
            Event::SittingOpened {
                sitting: SittingId::new("demo-2026").unwrap(),
                kind: SittingKind::Rehearsal,
                exam: Digest([0xE1; 32]),
                manifest: Digest([0xE2; 32]),
                commitment: Digest([0xE3; 32]),
                planned: at,
                planned_wall: WallTime(1_790_000_000_000),
            },
        ),
        (
            "session-planned",
            Event::SessionPlanned {
                session,
                seat: seat("A-07"),
                place: Place {
                    room: 1,
                    row: 2,
                    column: 3,
                },
                factor: 125,
            },
        ),
        (
            "paper-fixed",
            Event::PaperFixed {
                session,
                outline: outline(),
            },
        ),
        ("process-started-first", started(Resumed::First)),
        (
            "process-started-same-boot",
            started(Resumed::SameBoot { away: Span(61_000) }),
        ),
        (
            "process-started-reboot",
            started(Resumed::Reboot {
                away: Span(120_000),
            }),
        ),
        (
            "process-started-uncertain",
            started(Resumed::Uncertain { claimed: Span(-5) }),
        ),
        ("stopped", Event::Stopped),
        ("tick", Event::Tick),
        (
            "wall-stepped",
            Event::WallStepped {
                by: Span(-3_600_000),
            },
        ),
        ("act-arrive", act(HallAct::Arrive { session })),
        ("act-identify", act(HallAct::Identify { session })),
        ("act-start", act(HallAct::Start)),
        (
            "act-move-seat",
            act(HallAct::MoveSeat {
                session,
                to: seat("B-01"),
            }),
        ),
        ("act-mark-absent", act(HallAct::MarkAbsent { session })),
        (
            "act-decide-offline",
            act(HallAct::DecideOffline {
                session,
                verdict: OfflineVerdict::Refuse,
            }),
        ),
        ("act-settle", act(HallAct::Settle { session })),
        ("act-close", act(HallAct::Close)),
        (
            "refused-too-early",
            refused(Refusal::StartTooEarly { planned: at }),
        ),
        (
            "refused-wrong-seat",
            refused(Refusal::WrongSeat {
                yours: seat("A-07"),
                here: seat("A-08"),
            }),
        ),
        (
            "refused-ended",
            refused(Refusal::AlreadyEnded {
                end: End::HandedIn,
                at,
            }),
        ),
        (
            "refused-gap",
            refused(Refusal::HandInGap {
                have: Seq(3),
                want: Seq(5),
            }),
        ),
        (
            "refused-not-all-ended",
            refused(Refusal::NotAllEnded { left: 2 }),
        ),
        (
            "refused-too-fast",
            refused(Refusal::TooFast {
                again_in: Span(1_000),
            }),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "one sample of each event")]
fn session_events() -> Vec<(&'static str, Event)> {
    let (session, epoch, at) = (SESSION, Epoch(2), HallTime(5_401_250));
    let deadline = HallTime(6_300_000);
    let answered = |choice, counted| Event::Answered {
        session,
        epoch,
        revision: revision(choice),
        made_at: at,
        counted,
    };
    let note = Note {
        seq: Seq(1),
        item: ItemId::new("q1001").unwrap(),
        flagged: true,
        struck: vec![option("d")],
    };
    vec![
        (
            "logged-in",
            Event::LoggedIn {
                session,
                seat: seat("A-07"),
                lease: LeaseId([0x1E; 16]),
                epoch,
                boot: BOOT,
            },
        ),
        (
            "details-checked",
            Event::DetailsChecked {
                session,
                correct: true,
            },
        ),
        (
            "undertaking-answered",
            Event::UndertakingAnswered {
                session,
                text: Digest([0x07; 32]),
                accepted: true,
            },
        ),
        ("prepared", Event::Prepared { session }),
        (
            "seat-lost",
            Event::SeatLost {
                session,
                last_life: at,
            },
        ),
        (
            "seat-back",
            Event::SeatBack {
                session,
                boot: BOOT,
            },
        ),
        ("room-started", Event::RoomStarted),
        (
            "part-started",
            Event::PartStarted {
                session,
                part: PartNo(1),
                ends_at: deadline,
            },
        ),
        ("answered-in-time", answered(Some("b"), Counted::InTime)),
        ("answered-in-grace", answered(Some("b"), Counted::InGrace)),
        ("answered-offline-cleared", answered(None, Counted::Offline)),
        (
            "revision-kept",
            Event::RevisionKept {
                session,
                epoch,
                revision: revision(Some("c")),
                made_at: at,
                why: KeptWhy::AwaitsDecision,
            },
        ),
        (
            "noted",
            Event::Noted {
                session,
                epoch,
                note,
            },
        ),
        (
            "closing-began",
            Event::ClosingBegan {
                session,
                deadline,
                until: HallTime(6_330_000),
            },
        ),
        ("became-overdue", Event::BecameOverdue { session, deadline }),
        ("handed-in", Event::HandedIn { session, at }),
        ("timed-up", Event::TimedUp { session, deadline }),
        ("marked-absent", Event::MarkedAbsent { session }),
        (
            "seat-moved",
            Event::SeatMoved {
                session,
                to: seat("B-01"),
            },
        ),
        ("sitting-closed", Event::SittingClosed),
    ]
}

fn hall_records() -> Vec<(&'static str, HallRecord)> {
    let serial = || Serial::new(&[0x5E, 0x01, 0x02]).unwrap();
    vec![
        (
            "hall-seat-enrolled",
            HallRecord::SeatEnrolled {
                seat: seat("A-07"),
                serial: serial(),
                code: Digest([0xC0; 32]),
            },
        ),
        (
            "hall-staff-enrolled",
            HallRecord::StaffEnrolled {
                staff: chief(),
                role: StaffRole::Chief,
                serial: serial(),
            },
        ),
        ("hall-revoked", HallRecord::Revoked { serial: serial() }),
        (
            "hall-process-started",
            HallRecord::ProcessStarted {
                boot: BOOT,
                build: "0.1.0".to_owned(),
                resumed: Resumed::First,
            },
        ),
        ("hall-stopped", HallRecord::Stopped),
        (
            "hall-sitting-created",
            HallRecord::SittingCreated {
                sitting: SittingId::new("demo-2026").unwrap(),
            },
        ),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |c: char| u8::try_from(c.to_digit(16).unwrap()).unwrap();
    let digits: Vec<u8> = text.chars().map(digit).collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect()
}

fn golden() -> BTreeMap<&'static str, Vec<u8>> {
    let lines = GOLDEN
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, bytes) = line.split_once(' ').unwrap();
            (name, unhex(bytes))
        })
        .collect()
}

#[test]
fn what_version_1_wrote_opens_and_is_written_the_same() {
    let golden = golden();
    let mut lines = String::new();
    let mut seen = 0;
    for (name, event) in hall_events().into_iter().chain(session_events()) {
        writeln!(lines, "{name} {}", hex(&encode(&event))).unwrap();
        if let Some(bytes) = golden.get(name) {
            assert_eq!(decode(bytes).as_ref(), Ok(&event), "{name}");
            assert_eq!(encode(&event), bytes, "{name}");
            seen += 1;
        }
    }
    for (name, record) in hall_records() {
        writeln!(lines, "{name} {}", hex(&encode_hall(&record))).unwrap();
        if let Some(bytes) = golden.get(name) {
            assert_eq!(decode_hall(bytes).as_ref(), Ok(&record), "{name}");
            assert_eq!(encode_hall(&record), bytes, "{name}");
            seen += 1;
        }
    }
    let written = lines.lines().count();
    assert_eq!(
        (seen, golden.len()),
        (written, written),
        "the golden file wants:\n{lines}"
    );
}

#[test]
fn every_number_of_the_format_has_a_golden_record() {
    let first = |bytes: &[u8]| {
        let (low, high) = (
            u32::from(bytes[0]),
            bytes.get(1).copied().map_or(0, u32::from),
        );
        if low < 0x80 {
            low >> 3
        } else {
            (low & 0x7F | high << 7) >> 3
        }
    };
    let events: Vec<u32> = hall_events()
        .iter()
        .chain(&session_events())
        .map(|(_, event)| first(&encode(event)))
        .collect();
    for field in 1..=27 {
        assert!(events.contains(&field), "no golden record of event {field}");
    }
}
