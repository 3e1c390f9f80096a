//! A small sitting that has been sat, for tests of marks, exports and the independent marker:
//! `a` handed in, `b` lost the cable and answered on, `c` never came.

use std::collections::BTreeMap;
use std::sync::Arc;

use exam_core::command::Holder;
use exam_core::ids::ExamId;
use exam_core::rules::{
    Admission, ClockRules, Draw, HandInRules, Identity, Languages, LateFrom, LateJudged, LateLimit,
    OfflineRule, PaperRules, PartRules, Release, SectionRules, StartBy, Subject, Undertaking,
};
use exam_core::{
    ActId, BootId, Command, Digest, Epoch, Event, HallAct, HallTime, ItemId, ItemKind, ItemOutline,
    Lang, LeaseId, Made, Marks, Opening, OptionId, Outline, PartNo, PartOutline, Place,
    PlannedSession, Reply, Revision, Rules, SeatId, SectionOutline, Seq, SessionId, Sitting,
    SittingId, SittingKind, Span, StaffId, Text, WallTime,
};
use exam_marking::{Context, JournalHead, RosterLine};

pub(crate) const A: SessionId = SessionId([0xA; 16]);
pub(crate) const B: SessionId = SessionId([0xB; 16]);
pub(crate) const C: SessionId = SessionId([0xC; 16]);

const MINUTE: i64 = 60_000;
const PLANNED: HallTime = HallTime(60 * MINUTE);

pub(crate) fn item(name: &str) -> ItemId {
    ItemId::new(name).unwrap()
}

pub(crate) fn option(name: &str) -> OptionId {
    OptionId::new(name).unwrap()
}

/// The keys of the five items.
pub(crate) fn keys() -> BTreeMap<ItemId, OptionId> {
    let keys = [
        ("t1", "true"),
        ("t2", "false"),
        ("q1", "b"),
        ("q2", "a"),
        ("q3", "d"),
    ];
    keys.iter()
        .map(|(name, key)| (item(name), option(key)))
        .collect()
}

/// The units of the five items.
pub(crate) fn units() -> BTreeMap<ItemId, String> {
    let units = [
        ("t1", "0"),
        ("t2", "1"),
        ("q1", "1"),
        ("q2", "1/2"),
        ("q3", "1/2"),
    ];
    units
        .iter()
        .map(|(name, unit)| (item(name), (*unit).to_owned()))
        .collect()
}

/// Two true/false items of one point and three single-choice items of half a point; pass at 2.
pub(crate) fn rules() -> Rules {
    let section = |kind, count, points| SectionRules {
        kind,
        count,
        points: Marks(points),
        shuffle_items: true,
        shuffle_options: kind == ItemKind::SingleChoice,
        select: Vec::new(),
    };
    Rules {
        exam: ExamId::new("small-2026").unwrap(),
        title: Text::both("小考", "Small exam"),
        subject: Subject {
            level: "三级".into(),
            name: "理论知识".into(),
        },
        bank: "small".into(),
        pass: Marks::points(2),
        paper: PaperRules {
            draw: Draw::Each,
            spread_hundredths: 10,
            unseal_before: Span::minutes(40),
        },
        parts: vec![PartRules {
            part: PartNo(1),
            title: Text::zh("理论知识"),
            length: Span::minutes(45),
            revisit: true,
            sections: vec![
                section(ItemKind::TrueFalse, 2, 100),
                section(ItemKind::SingleChoice, 3, 50),
            ],
        }],
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

/// A paper with its single-choice options in the order given.
fn outline(options: [&str; 4]) -> Outline {
    let outlined = |name: &str, options: &[&str]| ItemOutline {
        item: item(name),
        options: options.iter().map(|name| option(name)).collect(),
    };
    let section = |kind, points, items| SectionOutline {
        kind,
        points: Marks(points),
        items,
    };
    let judged = ["t2", "t1"].map(|name| outlined(name, &["true", "false"]));
    let chosen = ["q3", "q1", "q2"].map(|name| outlined(name, &options));
    Outline {
        parts: vec![PartOutline {
            part: PartNo(1),
            digest: Digest([1; 32]),
            sections: vec![
                section(ItemKind::TrueFalse, 100, judged.to_vec()),
                section(ItemKind::SingleChoice, 50, chosen.to_vec()),
            ],
        }],
    }
}

fn opening(options: [&str; 4]) -> Opening {
    let row = |session, seat: &str, column| PlannedSession {
        session,
        seat: SeatId::new(seat).unwrap(),
        place: Place {
            room: 1,
            row: 1,
            column,
        },
        factor: 100,
        outline: outline(options),
    };
    Opening {
        sitting: SittingId::new("small-sitting").unwrap(),
        kind: SittingKind::Rehearsal,
        exam: Digest([2; 32]),
        manifest: Digest([3; 32]),
        commitment: Digest([4; 32]),
        planned: PLANNED,
        planned_wall: WallTime(1_790_000_000_000),
        sessions: vec![row(A, "A-01", 1), row(B, "A-02", 2), row(C, "A-03", 3)],
    }
}

/// A sitting under way, with every event it gave.
#[derive(Debug)]
pub(crate) struct Sat {
    pub(crate) sitting: Sitting,
    pub(crate) events: Vec<(HallTime, Event)>,
    now: HallTime,
    acts: u8,
}

impl Sat {
    pub(crate) fn open(options: [&str; 4]) -> Self {
        let mut sat = Self {
            sitting: Sitting::new(Arc::new(rules())),
            events: Vec::new(),
            now: HallTime(35 * MINUTE),
            acts: 0,
        };
        sat.ask(&Command::Open(Box::new(opening(options))));
        sat
    }

    /// Seats `a` and `b` and starts the room.
    pub(crate) fn start(&mut self) {
        for session in [A, B] {
            let seat = self.sitting.session(session).unwrap().seat.clone();
            let (lease, boot) = (LeaseId([1; 16]), BootId([1; 16]));
            self.ask(&Command::LogIn {
                session,
                seat,
                lease,
                boot,
            });
            let holder = Self::holder(session);
            self.ask(&Command::CheckDetails {
                holder,
                correct: true,
            });
            let text = Digest::default();
            self.ask(&Command::Undertake {
                holder,
                text,
                accepted: true,
            });
            self.ask(&Command::Prepare { holder });
        }
        self.now = PLANNED;
        self.act(HallAct::Start);
    }

    pub(crate) fn answer(&mut self, session: SessionId, name: &str, choice: Option<&str>) {
        let known = self.sitting.session(session).unwrap();
        let mut revision = Revision {
            seq: known.up_to(Epoch(1)).next(),
            item: item(name),
            choice: choice.map(option),
            made: Made {
                base: PLANNED,
                since: Span::minutes(40),
                boot: BootId([1; 16]),
            },
            link: Digest::default(),
        };
        revision.link = revision.link_after(&known.link(Epoch(1)), Epoch(1));
        let holder = Self::holder(session);
        self.ask(&Command::Revise { holder, revision });
    }

    pub(crate) fn hand_in(&mut self, session: SessionId) -> Reply {
        let last: Seq = self.sitting.session(session).unwrap().up_to(Epoch(1));
        let made = Made {
            base: self.now,
            since: Span::ZERO,
            boot: BootId([1; 16]),
        };
        self.ask(&Command::HandIn {
            holder: Self::holder(session),
            last,
            pressed: made,
        })
    }

    pub(crate) fn lose(&mut self, session: SessionId) {
        self.ask(&Command::Detach {
            holder: Self::holder(session),
            last_life: self.now,
        });
    }

    pub(crate) fn come_back(&mut self, session: SessionId) {
        let seat = self.sitting.session(session).unwrap().seat.clone();
        let boot = BootId([1; 16]);
        self.ask(&Command::Attach {
            holder: Self::holder(session),
            seat,
            boot,
        });
    }

    pub(crate) fn act(&mut self, act: HallAct) {
        self.acts += 1;
        let by = StaffId::new("chief").unwrap();
        self.ask(&Command::Act {
            id: ActId([self.acts; 16]),
            by,
            act,
        });
    }

    /// Lets the minutes since the planned start be `minutes`, and what is due happen.
    pub(crate) fn at_minute(&mut self, minutes: i64) {
        self.now = PLANNED + Span::minutes(minutes);
        while self
            .sitting
            .next_deadline()
            .is_some_and(|due| due < self.now)
        {
            self.ask(&Command::Clock);
        }
    }

    fn holder(session: SessionId) -> Holder {
        Holder {
            session,
            lease: LeaseId([1; 16]),
            epoch: Epoch(1),
        }
    }

    fn ask(&mut self, command: &Command) -> Reply {
        let decision = self.sitting.decide(self.now, command);
        for event in decision.events {
            self.sitting.apply(self.now, &event).unwrap();
            self.events.push((self.now, event));
        }
        decision
            .reply
            .unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"))
    }
}

/// The whole story: `a` has t1, q1 and q3 right, t2 wrong and q2 cleared; `b` has t1 right before
/// the cable went out, then t2 and q1 right, and t1 wrong, out of the spool; `c` is absent.
pub(crate) fn whole(options: [&str; 4]) -> Sat {
    let mut sat = Sat::open(options);
    sat.start();
    for (name, choice) in [
        ("t1", "true"),
        ("t2", "true"),
        ("q1", "a"),
        ("q3", "d"),
        ("q1", "b"),
    ] {
        sat.answer(A, name, Some(choice));
    }
    sat.answer(A, "q2", Some("a"));
    sat.answer(A, "q2", None);
    sat.answer(B, "t1", Some("true"));
    sat.at_minute(20);
    sat.act(HallAct::MarkAbsent { session: C });
    sat.hand_in(A);
    sat.at_minute(30);
    sat.lose(B);
    sat.at_minute(50);
    sat.come_back(B);
    sat.answer(B, "t2", Some("false"));
    sat.answer(B, "t1", Some("false"));
    sat.answer(B, "q1", Some("b"));
    sat.act(HallAct::Settle { session: B });
    sat.act(HallAct::Close);
    sat
}

/// The roster of the story; only `a`'s name is wanted.
pub(crate) fn context() -> Context {
    let line = |ticket: &str, name: Option<&str>| RosterLine {
        ticket: ticket.to_owned(),
        name: name.map(str::to_owned),
    };
    Context {
        roster: BTreeMap::from([
            (A, line("2026001", Some("王芳"))),
            (B, line("2026002", None)),
            (C, line("2026003", None)),
        ]),
        journal: Some(JournalHead {
            records: 40,
            head: "ab".repeat(32),
        }),
    }
}
