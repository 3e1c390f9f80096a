//! A seat of a made-up hall, in any state, without a hall: pictures made by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use exam_client::{
    Act, Answer, Candidate, Clock, Ending, HallInfo, Link, MarksShown, NoteShown, PaperState,
    Picture, ReceiptShown, Saved, SectionShown, SpoolState,
};
use exam_core::{
    BootId, Digest, End, ExamId, HallTime, ItemId, ItemKind, Label, Lang, Marks, May, OptionId,
    Paper, PaperItem, PaperOption, PaperPart, PaperSection, PartNo, SeatId, SessionId, SessionView,
    Span, Text, WallTime,
};
use exam_term::Look;
use exam_term::picture::{self, Canvas};
use exam_term::run::Surface as _;
use ratatui::buffer::Buffer;

use crate::keymap::Key;
use crate::model::{Leave, Model};
use crate::{Effect, Hits, Msg, update, view};

/// 14:00:00 on 21 November 2026 in Shanghai.
pub(super) const START_WALL: i64 = 1_795_240_800_000;
/// The same instant on the hall clock.
pub(super) const START: HallTime = HallTime(10_000_000);
/// The same instant on this machine's clock.
pub(super) const START_MS: i64 = 500_000;
/// How long the exam is.
pub(super) const MINUTES: i64 = 45;

/// A wording in Chinese and in English.
type Both = (&'static str, &'static str);

const TRUE_FALSE: [Both; 3] = [
    (
        "客户投诉被受理后，即使责任尚未查明，也应当先向客户说明处理的步骤和答复的时限。",
        "Once a complaint has been accepted, the customer should be told the steps and the time of reply even before it is known who is at fault.",
    ),
    (
        "为了尽快结束通话，坐席可以先答应客户的要求，事后再核实能否办到。",
        "To end a call sooner, an agent may promise what the customer asks and find out later whether it can be done.",
    ),
    (
        "客户的联系方式只能用于约定的服务，不能转给第三方做推销。",
        "A customer's contact details may be used for the agreed service only, and not be passed on for sales calls.",
    ),
];

const SINGLE: [(&str, &str, [Both; 4]); 2] = [
    (
        "某服务热线上午共有 120 个来电，其中 102 个在 20 秒内被接听，6 个来电在等待中放弃。按“20 秒内接听的来电占全部来电之比”计算，这个上午的服务水平是（　　）。",
        "A hotline had 120 calls in a morning; 102 were answered within 20 seconds and 6 were given up while waiting. Counted as calls answered within 20 seconds against all calls, the service level of that morning was ( ).",
        [
            ("80%", "80%"),
            ("85%", "85%"),
            (
                "89.5%，因为放弃的来电不计入全部来电",
                "89.5%, as calls given up are not counted",
            ),
            ("95%", "95%"),
        ],
    ),
    (
        "客户第三次来电反映同一故障仍未修好，情绪激动。坐席**首先**应当做的是（　　）。",
        "A customer calls for the third time about the same unrepaired fault and is upset. What should the agent do **first**?",
        [
            (
                "请客户重新描述一遍故障的全部经过",
                "Ask the customer to describe the whole fault again",
            ),
            (
                "对反复来电表示歉意，并说明已查到前两次的记录",
                "Apologise for the repeated calls and say that the two earlier records are at hand",
            ),
            (
                "转接给班组长，由班组长安抚",
                "Put the call through to the team leader to calm the customer",
            ),
            (
                "告知客户按流程需要再等 3 个工作日",
                "Say that by procedure three more working days are needed",
            ),
        ],
    ),
];

pub(super) fn item_id(number: usize) -> ItemId {
    ItemId::new(&format!("q{number}")).unwrap()
}

pub(super) fn option_id(index: usize) -> OptionId {
    OptionId::new(&format!("o{index}")).unwrap()
}

fn truth_item(number: usize) -> PaperItem {
    let (zh, en) = TRUE_FALSE[number % TRUE_FALSE.len()];
    let option = |id| PaperOption {
        id,
        text: Text::zh(""),
    };
    PaperItem {
        number: u16::try_from(number).unwrap(),
        item: item_id(number),
        stem: Text::both(zh, en),
        options: vec![option(OptionId::yes()), option(OptionId::no())],
    }
}

fn choice_item(number: usize) -> PaperItem {
    let (zh, en, options) = SINGLE[number % SINGLE.len()];
    let options = options
        .iter()
        .enumerate()
        .map(|(index, (zh, en))| PaperOption {
            id: option_id(index),
            text: Text::both(zh, en),
        });
    PaperItem {
        number: u16::try_from(number).unwrap(),
        item: item_id(number),
        stem: Text::both(zh, en),
        options: options.collect(),
    }
}

/// A paper of `truths` true/false and `choices` single-choice items, in that order.
pub(super) fn paper(truths: usize, choices: usize) -> Paper {
    let section = |kind, items| PaperSection {
        kind,
        points: Marks::points(1),
        items,
    };
    Paper {
        session: SessionId([7; 16]),
        exam: ExamId::new("csm-l3-theory").unwrap(),
        parts: vec![PaperPart {
            part: PartNo(1),
            title: Text::zh("理论知识"),
            sections: vec![
                section(ItemKind::TrueFalse, (1..=truths).map(truth_item).collect()),
                section(
                    ItemKind::SingleChoice,
                    (truths + 1..=truths + choices).map(choice_item).collect(),
                ),
            ],
        }],
    }
}

fn candidate() -> Candidate {
    Candidate {
        name: "张三丰".to_owned(),
        number: "202611210207".to_owned(),
        id_masked: "**************1234".to_owned(),
        subject: "理论知识".to_owned(),
        title: title(),
        minutes: u32::try_from(MINUTES).unwrap(),
        factor: 100,
        items: 100,
        full_marks: Marks::points(100),
        undertaking: undertaking(),
        undertaking_digest: Digest([3; 32]),
        warn: vec![Span::minutes(15), Span::minutes(5), Span::minutes(1)],
        languages: vec![Lang::Zh, Lang::En],
        may_switch: false,
        early_hand_in_minutes: 30,
    }
}

fn title() -> Text {
    Text::both(
        "客户服务管理员（三级）理论知识考试",
        "Customer service manager, level 3: theory",
    )
}

fn undertaking() -> Text {
    let zh = (1..=9).map(|n| {
        format!("{n}. 我已阅读考生须知第{n}条，愿意遵守考场的各项规定，服从监考人员的管理；如有违反，我接受按规定作出的处理，包括停止考试和成绩无效。\n\n")
    });
    let en = (1..=9).map(|n| {
        format!("{n}. I have read point {n} of the notice to candidates, will keep the rules of the room and follow the invigilators; if I break them, I accept what the rules lay down.\n\n")
    });
    Text::both(&zh.collect::<String>(), &en.collect::<String>())
}

fn hall() -> HallInfo {
    HallInfo {
        name: "第一考场".to_owned(),
        station: "43010001".to_owned(),
        seat: SeatId::new("A-07").unwrap(),
        zone: "Asia/Shanghai".to_owned(),
        sitting: "2026-11-21 下午".to_owned(),
        rehearsal: false,
        title: Some(title()),
        planned: START,
        log_in_opens: START - Span::minutes(30),
        minutes: u32::try_from(MINUTES).unwrap(),
        items: 100,
        full_marks: Marks::points(100),
    }
}

/// What the hall says of a session in a state.
pub(super) fn session(label: Label) -> SessionView {
    let started = matches!(
        label,
        Label::Running
            | Label::Late
            | Label::Closing
            | Label::Overdue
            | Label::HandedIn
            | Label::TimeUp
    );
    SessionView {
        session: SessionId([7; 16]),
        seat: SeatId::new("A-07").unwrap(),
        label,
        now: START,
        planned: START,
        room_started: started.then_some(START),
        part: (label == Label::Running).then_some(PartNo(1)),
        ends_at: started.then(|| START + Span::minutes(MINUTES)),
        hand_in_from: started.then(|| START + Span::minutes(30)),
        may: May {
            answer: label == Label::Running,
            hand_in: false,
        },
        ended: None,
        late_by: None,
        answered: 0,
        total: 100,
        waiting: 0,
        connected: true,
    }
}

/// A seat that reached its hall and nothing more.
pub(super) fn reached() -> Picture {
    Picture {
        version: 1,
        link: Link::Online,
        hall: Some(Arc::new(hall())),
        clock: Clock {
            hall: START,
            wall: WallTime(START_WALL),
            at_ms: START_MS,
            boot: BootId([1; 16]),
        },
        ..Picture::default()
    }
}

/// A logged-in seat in a state.
pub(super) fn at(label: Label) -> Picture {
    Picture {
        candidate: Some(Arc::new(candidate())),
        view: Some(session(label)),
        ..reached()
    }
}

/// A seat that answers a paper of 40 and 60, everything up to item `answered` saved.
pub(super) fn answering(answered: usize) -> Picture {
    let paper = paper(40, 60);
    let answers = paper
        .items()
        .take(answered)
        .enumerate()
        .map(|(index, (_, item))| {
            let choice = item.options[index % item.options.len()].id.clone();
            let saved = Saved::Saved(WallTime(
                START_WALL + 10_000 * i64::try_from(index).unwrap(),
            ));
            (
                item.item.clone(),
                Answer {
                    choice: Some(choice),
                    saved,
                },
            )
        });
    Picture {
        answers: Arc::new(answers.collect()),
        paper: PaperState::Open(Arc::new(paper)),
        ..at(Label::Running)
    }
}

/// The same with items 23, 58 and 71 flagged, 17 and 33 cleared, and `waiting` newest unsent.
pub(super) fn busy(waiting: usize) -> Picture {
    let mut picture = answering(86);
    let answers = Arc::make_mut(&mut picture.answers);
    for number in [17, 33] {
        answers.get_mut(&item_id(number)).unwrap().choice = None;
    }
    for number in 0..waiting {
        answers.get_mut(&item_id(86 - number)).unwrap().saved = Saved::Waiting;
    }
    let flag = |number| {
        (
            item_id(number),
            NoteShown {
                flagged: true,
                struck: Vec::new(),
            },
        )
    };
    let mut notes = BTreeMap::from([flag(23), flag(58), flag(71)]);
    notes.get_mut(&item_id(58)).unwrap().struck = vec![option_id(0)];
    picture.notes = Arc::new(notes);
    picture.position = Some(item_id(58));
    picture
}

/// The end, with marks where asked for.
pub(super) fn ended(end: End, marks: bool) -> Picture {
    let section = |kind, marks, full| SectionShown {
        kind,
        marks: Marks::points(marks),
        full: Marks::points(full),
        right: u32::try_from(marks).unwrap(),
        items: u32::try_from(full).unwrap(),
    };
    let marks = marks.then(|| MarksShown {
        total: Marks::points(82),
        full: Marks::points(100),
        passed: true,
        sections: vec![
            section(ItemKind::TrueFalse, 35, 40),
            section(ItemKind::SingleChoice, 47, 60),
        ],
    });
    Picture {
        ending: Ending::Ended(ReceiptShown {
            end,
            at: START + Span::minutes(43),
            at_wall: WallTime(START_WALL + 43 * 60_000 + 17_000),
            answered: 97,
            total: 100,
            code: "7K3F-92QD-M5XA".to_owned(),
            check: "3f9a c2e1 70bd".to_owned(),
            marks,
        }),
        ..busy(0)
    }
}

/// The hall is away since `minute` minutes after the start.
pub(super) fn offline(picture: Picture, minute: i64) -> Picture {
    Picture {
        link: Link::Offline {
            since_ms: START_MS + minute * 60_000,
        },
        ..picture
    }
}

/// Answers are only in memory.
pub(super) fn memory_only(picture: Picture) -> Picture {
    let spool = SpoolState::MemoryOnly {
        why: "read-only file system".to_owned(),
    };
    Picture { spool, ..picture }
}

/// A kiosk under test: a model, its clock, and the acts it asked for.
pub(super) struct Seat {
    pub(super) model: Model,
    pub(super) effects: Vec<Effect>,
}

impl Seat {
    /// A kiosk of a size in a language that sees `picture` twenty minutes after the start.
    pub(super) fn new(picture: Picture, lang: Lang, size: (u16, u16)) -> Self {
        let mut model = Model::new(lang, Look::plain(), Leave::Never, size);
        model.now_ms = START_MS + 20 * 60_000;
        let mut seat = Self {
            model,
            effects: Vec::new(),
        };
        seat.show(picture);
        seat.model.notice = None;
        seat
    }

    /// The usual one.
    pub(super) fn small(picture: Picture) -> Self {
        Self::new(picture, Lang::Zh, (80, 24))
    }

    /// Passes time, then a second's tick.
    pub(super) fn wait(&mut self, ms: i64) {
        self.model.now_ms += ms;
        self.send(Msg::Tick);
    }

    /// Shows another picture.
    pub(super) fn show(&mut self, picture: Picture) {
        self.send(Msg::Picture(Arc::new(picture)));
    }

    /// Changes the present picture.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Picture)) {
        let mut picture = (*self.model.picture).clone();
        change(&mut picture);
        self.show(picture);
    }

    pub(super) fn send(&mut self, msg: Msg) {
        let now = self.model.now_ms;
        self.effects.extend(update(&mut self.model, now, msg));
    }

    /// Presses a key, a fifth of a second after the last one.
    pub(super) fn key(&mut self, key: Key) -> &mut Self {
        self.model.now_ms += 200;
        self.send(Msg::Key(key));
        self
    }

    /// Types characters.
    pub(super) fn keys(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.key(if c == ' ' { Key::Space } else { Key::Char(c) });
        }
        self
    }

    /// Takes the acts asked for so far.
    pub(super) fn acts(&mut self) -> Vec<Act> {
        let effects = std::mem::take(&mut self.effects);
        let acts = effects.into_iter().filter_map(|effect| match effect {
            Effect::Act(act) => Some(act),
            Effect::Repaint | Effect::Leave => None,
        });
        acts.collect()
    }

    /// Draws a frame.
    pub(super) fn frame(&self) -> Shot {
        let (width, height) = self.model.size;
        let mut canvas = Canvas::new(width, height);
        let mut hits = Hits::new();
        canvas
            .draw(&mut |frame| hits = view(&self.model, frame))
            .unwrap();
        Shot {
            buffer: canvas.buffer().clone(),
            hits,
            cursor: canvas.cursor(),
        }
    }

    /// Draws a frame and returns its text.
    pub(super) fn text(&self) -> String {
        self.frame().text()
    }
}

/// One drawn frame.
pub(super) struct Shot {
    pub(super) buffer: Buffer,
    pub(super) hits: Hits,
    pub(super) cursor: Option<ratatui::layout::Position>,
}

impl Shot {
    pub(super) fn text(&self) -> String {
        picture::text(&self.buffer)
    }

    /// Returns a row, from 0.
    pub(super) fn row(&self, y: usize) -> String {
        self.text().lines().nth(y).unwrap_or_default().to_owned()
    }

    /// Returns the hint bar.
    pub(super) fn hints(&self) -> String {
        self.row(usize::from(self.buffer.area.height) - 1)
    }
}
