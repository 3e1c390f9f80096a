//! A row of records gives the state that the events gave, and stops by number at the first that
//! cannot be taken.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::sync::Arc;

use exam_core::command::Holder;
use exam_core::ids::ExamId;
use exam_core::rules::{
    Admission, ClockRules, Draw, HandInRules, Identity, Languages, LateFrom, LateJudged, LateLimit,
    OfflineRule, PaperRules, Release, StartBy, Subject, Undertaking,
};
use exam_core::{
    BootId, Command, Digest, Epoch, HallTime, Lang, LeaseId, Marks, Opening, Outline, Place,
    PlannedSession, Rules, SeatId, SessionId, Sitting, SittingId, SittingKind, Span, Text,
    WallTime,
};
use exam_record::{FoldWhy, RecordFault, encode, fold};

fn rules() -> Rules {
    Rules {
        exam: ExamId::new("fold").unwrap(),
        title: Text::zh("折叠"),
        subject: Subject {
            level: "三级".into(),
            name: "理论".into(),
        },
        bank: "fold".into(),
        pass: Marks::points(60),
        paper: PaperRules {
            draw: Draw::Each,
            spread_hundredths: 10,
            unseal_before: Span::minutes(40),
        },
        parts: Vec::new(),
        admission: Admission {
            report_before: Span::minutes(30),
            late_after: Span::minutes(15),
            late_from: LateFrom::Report,
            late_limit: LateLimit::Admit,
            late_judged: LateJudged::LogIn,
            identity: Identity::Nobody,
            undertaking: Undertaking {
                text: Text::zh("承诺"),
                digest: Digest::default(),
            },
        },
        hand_in: HandInRules {
            earliest: Span::ZERO,
            locked_last: Span::ZERO,
        },
        clock: ClockRules {
            start: StartBy::Chief,
            grace: Span::seconds(30),
            offline: OfflineRule::Count,
            offline_max: Span::minutes(30),
            warn: Vec::new(),
        },
        languages: Languages {
            items: vec![Lang::Zh],
            switch: false,
        },
        release: Release::AfterSealing,
    }
}

/// A sitting of one session, run live, with its records.
fn live() -> (Sitting, Vec<(u64, i64, Vec<u8>)>) {
    let (session, seat) = (SessionId([1; 16]), SeatId::new("A-01").unwrap());
    let (lease, boot) = (LeaseId([2; 16]), BootId([3; 16]));
    let opening = Opening {
        sitting: SittingId::new("fold").unwrap(),
        kind: SittingKind::Rehearsal,
        exam: Digest([4; 32]),
        manifest: Digest([5; 32]),
        commitment: Digest([6; 32]),
        planned: HallTime(3_600_000),
        planned_wall: WallTime(0),
        sessions: vec![PlannedSession {
            session,
            seat: seat.clone(),
            place: Place {
                room: 1,
                row: 1,
                column: 1,
            },
            factor: 100,
            outline: Outline::default(),
        }],
    };
    let holder = Holder {
        session,
        lease,
        epoch: Epoch(1),
    };
    let commands = [
        Command::Open(Box::new(opening)),
        Command::LogIn {
            session,
            seat,
            lease,
            boot,
        },
        Command::CheckDetails {
            holder,
            correct: true,
        },
        Command::Undertake {
            holder,
            text: Digest::default(),
            accepted: true,
        },
        Command::Prepare { holder },
    ];
    let mut sitting = Sitting::new(Arc::new(rules()));
    let mut records = Vec::new();
    let mut now = HallTime(2_000_000);
    for command in commands {
        let decision = sitting.decide(now, &command);
        decision.reply.unwrap();
        for event in decision.events {
            sitting.apply(now, &event).unwrap();
            let lsn = u64::try_from(records.len()).unwrap() + 1;
            records.push((lsn, now.0, encode(&event).to_vec()));
        }
        now = now + Span::seconds(10);
    }
    (sitting, records)
}

#[test]
fn folding_the_records_gives_the_live_state() {
    let (sitting, records) = live();
    assert_eq!(records.len(), 7);
    assert_eq!(fold(Arc::new(rules()), records), Ok(sitting));
}

#[test]
fn a_fold_stops_at_the_record_it_cannot_read() {
    let (_, mut records) = live();
    records[4].2 = vec![0x9A, 0x06, 0x00];
    let fault = fold(Arc::new(rules()), records).unwrap_err();
    assert_eq!(fault.lsn, 5);
    assert_eq!(
        fault.why,
        FoldWhy::Record(RecordFault::UnknownEvent { field: 99 })
    );
}

#[test]
fn a_fold_stops_at_the_record_that_does_not_follow() {
    let (_, mut records) = live();
    records.remove(1);
    let fault = fold(Arc::new(rules()), records).unwrap_err();
    assert_eq!(fault.lsn, 3);
    assert!(matches!(fault.why, FoldWhy::Misfit(_)), "{fault:?}");

    let (_, mut records) = live();
    records[6].1 = 0;
    let fault = fold(Arc::new(rules()), records).unwrap_err();
    assert_eq!(fault.lsn, 7);
}
