//! The hall's side: the real sitting machine behind a service as thin as can be.

use bytes::Bytes;
use exam_core::rules::*;
use exam_core::*;
use exam_proto::seal::{paper_key, seal_paper};
use std::collections::BTreeSet;
use wire::hall_message::Body as Says;
use wire::kiosk_message::Body as Asks;

use super::*;

pub(crate) const PLANNED_MS: i64 = 2_000_000;
pub(crate) const LENGTH_MS: i64 = 45 * 60_000;
pub(crate) const ITEMS: usize = 8;
const SEED: [u8; 32] = [5; 32];
const MANIFEST: Digest = Digest([6; 32]);

/// One sitting with one candidate, and the stream of one seat.
pub(crate) struct FakeHall {
    pub(crate) sitting: Sitting,
    pub(crate) now: HallTime,
    pub(crate) events: Vec<(HallTime, Event)>,
    pub(crate) paper: Paper,
    pub(crate) seat: SeatId,
    held: Option<Holder>,
    last_life: HallTime,
    leases: u8,
    acts: u8,
    pushes: Vec<HallMessage>,
}

impl FakeHall {
    pub(crate) fn new() -> Self {
        let mut hall = Self {
            sitting: Sitting::new(Arc::new(rules())),
            now: HallTime(PLANNED_MS - 1_000_000),
            events: Vec::new(),
            paper: paper(),
            seat: SeatId::new("A-07").unwrap(),
            held: None,
            last_life: HallTime(0),
            leases: 0,
            acts: 0,
            pushes: Vec::new(),
        };
        let sealed = seal_paper(&SEED, &MANIFEST, &hall.paper);
        let opening = Opening {
            sitting: SittingId::new("one").unwrap(),
            kind: SittingKind::Rehearsal,
            exam: Digest([1; 32]),
            manifest: MANIFEST,
            commitment: Digest([2; 32]),
            planned: HallTime(PLANNED_MS),
            planned_wall: wall(HallTime(PLANNED_MS)),
            sessions: vec![PlannedSession {
                session: SESSION,
                seat: hall.seat.clone(),
                place: Place {
                    room: 1,
                    row: 1,
                    column: 1,
                },
                factor: 100,
                outline: hall.paper.outline(&[sealed[0].digest]),
            }],
        };
        hall.decide(&Command::Open(Box::new(opening))).unwrap();
        hall
    }

    pub(crate) fn log_in() -> Act {
        Act::LogIn {
            number: "202611210207".to_owned(),
            tail: "01234X".to_owned(),
        }
    }

    /// One command, with everything due before it; events are durable at once.
    pub(crate) fn decide(&mut self, command: &Command) -> Result<Reply, Refusal> {
        while self.sitting.next_deadline().is_some_and(|at| at < self.now) {
            let due = self.sitting.decide(self.now, &Command::Clock);
            self.take(due.events);
        }
        let decision = self.sitting.decide(self.now, command);
        self.take(decision.events);
        decision.reply
    }

    fn take(&mut self, events: Vec<Event>) {
        let touched = !events.is_empty();
        let mut news = BTreeSet::new();
        for event in events {
            self.sitting.apply(self.now, &event).unwrap();
            match event {
                Event::PartStarted { .. } => {
                    news.insert("key");
                }
                Event::HandedIn { .. } | Event::TimedUp { .. } => {
                    news.insert("receipt");
                }
                _ => {}
            }
            self.events.push((self.now, event));
        }
        if touched && self.held.is_some() {
            let view = self.view();
            self.push(Says::View(view));
            if news.contains("key") {
                self.push(start_key());
            }
            if news.contains("receipt") {
                self.push_receipt();
            }
        }
    }

    fn session(&self) -> &Session {
        self.sitting.session(SESSION).unwrap()
    }

    fn view(&self) -> wire::SessionView {
        let view = self.sitting.views(self.now).remove(0);
        (&view).into()
    }

    fn message(&self, body: Says) -> HallMessage {
        HallMessage {
            clock: Some(wire::Clock {
                hall_ms: self.now.0,
                wall_ms: wall(self.now).0,
            }),
            body: Some(body),
        }
    }

    fn push(&mut self, body: Says) {
        let message = self.message(body);
        self.pushes.push(message);
    }

    fn push_receipt(&mut self) {
        let State::Finished { end, at } = self.session().state else {
            return;
        };
        let receipt = Receipt {
            end,
            at,
            answered: self.session().answered(),
            total: u16::try_from(ITEMS).unwrap(),
        };
        let receipt = wire::Receipt::new(&receipt, wall(at), "7K3F".to_owned(), "3f9a".to_owned());
        self.push(Says::Receipt(receipt));
    }

    /// Takes what is to be said without being asked.
    pub(crate) fn pushes(&mut self) -> Vec<HallMessage> {
        std::mem::take(&mut self.pushes)
    }

    pub(crate) fn advance(&mut self, ms: i64) {
        self.now = self.now + Span(ms);
        self.decide(&Command::Tick).unwrap();
    }

    pub(crate) fn act(&mut self, act: HallAct) -> Result<Reply, Refusal> {
        self.acts += 1;
        self.decide(&Command::Act {
            id: ActId([self.acts; 16]),
            by: StaffId::new("chief").unwrap(),
            act,
        })
    }

    pub(crate) fn start(&mut self) {
        self.act(HallAct::Start).unwrap();
    }

    pub(crate) fn connect(&mut self) {
        self.held = None;
        self.pushes.clear();
    }

    pub(crate) fn disconnect(&mut self) {
        if let Some(holder) = self.held.take() {
            let last_life = self.last_life;
            self.decide(&Command::Detach { holder, last_life }).unwrap();
        }
        self.pushes.clear();
    }

    /// Hears one message and returns what is said to it, and to the room by it.
    pub(crate) fn hear(&mut self, message: &KioskMessage) -> Vec<HallMessage> {
        self.last_life = self.now;
        match body_of(message).clone() {
            Asks::Hello(hello) => self.hello(&hello),
            Asks::LogIn(_) => {
                self.leases += 1;
                let command = Command::LogIn {
                    session: SESSION,
                    seat: self.seat.clone(),
                    lease: LeaseId([self.leases; 16]),
                    boot: BootId([1; 16]),
                };
                self.ask(Asked::LogIn, &command);
            }
            Asks::CheckDetails(check) => {
                let (holder, correct) = (self.holder(), check.correct);
                self.ask(
                    Asked::CheckDetails,
                    &Command::CheckDetails { holder, correct },
                );
            }
            Asks::Undertake(answer) => {
                let command = Command::Undertake {
                    holder: self.holder(),
                    text: Digest::try_from(answer.text_digest.as_ref()).unwrap(),
                    accepted: answer.accepted,
                };
                self.ask(Asked::Undertake, &command);
            }
            Asks::Prepared(_) => {
                let holder = self.holder();
                self.ask(Asked::Prepared, &Command::Prepare { holder });
            }
            Asks::Revise(revise) => {
                let holder = (&revise.holder.unwrap()).try_into().unwrap();
                for revision in &revise.revisions {
                    let revision = revision.try_into().unwrap();
                    self.ask(Asked::Revise, &Command::Revise { holder, revision });
                }
            }
            Asks::Annotate(annotate) => {
                let holder = (&annotate.holder.unwrap()).try_into().unwrap();
                for note in &annotate.notes {
                    let note = note.try_into().unwrap();
                    self.ask(Asked::Annotate, &Command::Annotate { holder, note });
                }
            }
            Asks::Locked(locked) => {
                let holder = (&locked.holder.unwrap()).try_into().unwrap();
                let last = Seq(locked.last);
                self.ask(Asked::Locked, &Command::Locked { holder, last });
            }
            Asks::HandIn(hand_in) => {
                let command = Command::HandIn {
                    holder: (&hand_in.holder.unwrap()).try_into().unwrap(),
                    last: Seq(hand_in.last),
                    pressed: (&hand_in.pressed.unwrap()).try_into().unwrap(),
                };
                self.ask(Asked::HandIn, &command);
            }
            Asks::Ping(ping) => self.push(Says::Pong(wire::Pong {
                number: ping.number,
            })),
        }
        self.pushes()
    }

    fn holder(&self) -> Holder {
        self.held.unwrap_or(Holder {
            session: SESSION,
            lease: LeaseId([0; 16]),
            epoch: Epoch(0),
        })
    }

    fn hello(&mut self, hello: &wire::Hello) {
        let welcome = wire::Welcome {
            protocol: exam_proto::PROTOCOL,
            seat: self.seat.as_str().to_owned(),
            planned_ms: PLANNED_MS,
            ..wire::Welcome::default()
        };
        self.push(Says::Welcome(welcome));
        if let Some(holder) = &hello.holder {
            let command = Command::Attach {
                holder: holder.try_into().unwrap(),
                seat: self.seat.clone(),
                boot: BootId::try_from(hello.boot.as_ref()).unwrap(),
            };
            self.ask(Asked::Hello, &command);
        }
    }

    fn ask(&mut self, asked: Asked, command: &Command) {
        match self.decide(command) {
            Ok(Reply::Done) => {}
            Ok(Reply::Attached(snapshot)) => self.attached(&snapshot),
            Ok(Reply::Acked { epoch, up_to }) => self.push(Says::Ack(wire::Ack {
                epoch: epoch.0,
                up_to: up_to.0,
            })),
            Ok(Reply::Noted { epoch, up_to }) => self.push(Says::NoteAck(wire::NoteAck {
                epoch: epoch.0,
                up_to: up_to.0,
            })),
            Ok(Reply::Ended(_)) => self.push_receipt(),
            Err(refusal) => self.push(Says::Refused(wire::Refused {
                asked: asked.into(),
                refusal: Some((&refusal).into()),
            })),
        }
    }

    fn attached(&mut self, snapshot: &Snapshot) {
        self.held = Some(Holder {
            session: SESSION,
            lease: snapshot.lease,
            epoch: snapshot.epoch,
        });
        let candidate = wire::Candidate {
            name: "张三丰".to_owned(),
            undertaking_digest: Bytes::from_static(&[7; 32]),
            ..wire::Candidate::default()
        };
        self.push(Says::Candidate(candidate));
        self.push(Says::Snapshot(snapshot.into()));
        if self.session().is_finished() {
            self.push_receipt();
            return;
        }
        for sealed in seal_paper(&SEED, &MANIFEST, &self.paper) {
            self.push(Says::Sealed(wire::SealedPart {
                part: u32::from(sealed.part.0),
                sealed: sealed.sealed,
                manifest: Bytes::copy_from_slice(&MANIFEST.0),
                parts: 1,
            }));
        }
        if self.session().has_started() {
            self.push(start_key());
        }
    }
}

fn start_key() -> Says {
    let key = paper_key(&SEED, SESSION, PartNo(1));
    Says::StartKey(wire::StartKey {
        part: 1,
        key: Bytes::copy_from_slice(&key.0),
    })
}

fn wall(hall: HallTime) -> WallTime {
    WallTime(1_790_000_000_000 + hall.0)
}

fn paper() -> Paper {
    let item = |number: usize| PaperItem {
        number: u16::try_from(number).unwrap(),
        item: item_id(number),
        stem: Text::zh("题干"),
        options: (1..=4)
            .map(|option| PaperOption {
                id: option_id(option),
                text: Text::zh("选项"),
            })
            .collect(),
    };
    let section = PaperSection {
        kind: ItemKind::SingleChoice,
        points: Marks::points(1),
        items: (1..=ITEMS).map(item).collect(),
    };
    Paper {
        session: SESSION,
        exam: ExamId::new("e").unwrap(),
        parts: vec![PaperPart {
            part: PartNo(1),
            title: Text::zh("理论"),
            sections: vec![section],
        }],
    }
}

fn rules() -> Rules {
    let section = SectionRules {
        kind: ItemKind::SingleChoice,
        count: u16::try_from(ITEMS).unwrap(),
        points: Marks::points(1),
        shuffle_items: true,
        shuffle_options: true,
        select: Vec::new(),
    };
    Rules {
        exam: ExamId::new("e").unwrap(),
        title: Text::zh("考试"),
        subject: Subject {
            level: "三级".to_owned(),
            name: "理论".to_owned(),
        },
        bank: "b".to_owned(),
        pass: Marks::points(5),
        paper: PaperRules {
            draw: Draw::Each,
            spread_hundredths: 10,
            unseal_before: Span::minutes(40),
        },
        parts: vec![PartRules {
            part: PartNo(1),
            title: Text::zh("理论"),
            length: Span(LENGTH_MS),
            revisit: true,
            sections: vec![section],
        }],
        admission: Admission {
            report_before: Span::minutes(30),
            late_after: Span::minutes(60),
            late_from: LateFrom::Report,
            late_limit: LateLimit::Admit,
            late_judged: LateJudged::LogIn,
            identity: Identity::Nobody,
            undertaking: Undertaking {
                text: Text::zh("承诺"),
                digest: Digest([7; 32]),
            },
        },
        hand_in: HandInRules {
            earliest: Span::minutes(10),
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
