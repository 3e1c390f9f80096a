//! The hall of the stories: one exam of 45 minutes planned for 09:00, and three candidates, of
//! whom `c` has a quarter more time.

use crate::command::{Opening, PlannedSession};
use crate::event::SittingKind;
use crate::ids::{Digest, ExamId, ItemId, OptionId, PartNo, SeatId, SessionId, SittingId};
use crate::lang::{Lang, Text};
use crate::marks::Marks;
use crate::paper::{ItemKind, ItemOutline, Outline, PartOutline, Place, SectionOutline};
use crate::rules::{
    Admission, ClockRules, Draw, HandInRules, Identity, Languages, LateFrom, LateJudged, LateLimit,
    OfflineRule, PaperRules, PartRules, Release, Rules, SectionRules, StartBy, Subject,
    Undertaking,
};
use crate::time::{HallTime, Span, WallTime};

/// The planned start: 09:00, in milliseconds of the story's day.
pub(super) const PLANNED: HallTime = HallTime(9 * 3_600_000);

/// Digest of the undertaking in the rules.
pub(super) const UNDERTAKING: Digest = Digest([7; 32]);

/// Names of the candidates, in roster order.
pub(super) const CANDIDATES: [&str; 3] = ["a", "b", "c"];

pub(super) fn rules() -> Rules {
    let section = |kind, count| SectionRules {
        kind,
        count,
        points: Marks::points(1),
        shuffle_items: true,
        shuffle_options: kind == ItemKind::SingleChoice,
        select: Vec::new(),
    };
    Rules {
        exam: ExamId::new("story-2026").unwrap(),
        title: Text::zh("故事"),
        subject: Subject {
            level: "三级".into(),
            name: "理论知识".into(),
        },
        bank: "story".into(),
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
                section(ItemKind::TrueFalse, 1),
                section(ItemKind::SingleChoice, 4),
            ],
        }],
        admission: admission(),
        hand_in: HandInRules {
            earliest: Span::minutes(30),
            locked_last: Span::ZERO,
        },
        clock: ClockRules {
            start: StartBy::Chief,
            grace: Span::seconds(30),
            offline: OfflineRule::Count,
            offline_max: Span::minutes(30),
            warn: vec![Span::minutes(5)],
        },
        languages: Languages {
            items: vec![Lang::Zh],
            switch: false,
        },
        release: Release::AfterSealing,
    }
}

fn admission() -> Admission {
    Admission {
        report_before: Span::minutes(30),
        late_after: Span::minutes(15),
        late_from: LateFrom::Report,
        late_limit: LateLimit::Admit,
        late_judged: LateJudged::Arrival,
        identity: Identity::Invigilator,
        undertaking: Undertaking {
            text: Text::zh("承诺"),
            digest: UNDERTAKING,
        },
    }
}

/// Returns the session of `a`, `b` or `c`; another letter is a session nobody planned.
pub(super) fn session(who: &str) -> SessionId {
    SessionId([who.as_bytes().first().copied().unwrap_or(0); 16])
}

/// Returns the seat planned for the candidate with this place in the roster.
pub(super) fn seat(order: usize) -> SeatId {
    SeatId::new(&format!("A-{:02}", order + 1)).unwrap()
}

pub(super) fn item(name: &str) -> ItemId {
    ItemId::new(name).unwrap()
}

pub(super) fn option(name: &str) -> OptionId {
    OptionId::new(name).unwrap()
}

/// A paper of one true/false item `t1` and four single-choice items `q1` to `q4`.
pub(super) fn outline() -> Outline {
    let outlined = |name: &str, options: &[&str]| ItemOutline {
        item: item(name),
        options: options.iter().map(|name| option(name)).collect(),
    };
    let section = |kind, items| SectionOutline {
        kind,
        points: Marks::points(1),
        items,
    };
    let choices = ["q1", "q2", "q3", "q4"].map(|name| outlined(name, &["a", "b", "c", "d"]));
    Outline {
        parts: vec![PartOutline {
            part: PartNo(1),
            digest: Digest([1; 32]),
            sections: vec![
                section(
                    ItemKind::TrueFalse,
                    vec![outlined("t1", &["true", "false"])],
                ),
                section(ItemKind::SingleChoice, choices.to_vec()),
            ],
        }],
    }
}

pub(super) fn opening() -> Opening {
    let sessions = CANDIDATES
        .iter()
        .enumerate()
        .map(|(order, who)| PlannedSession {
            session: session(who),
            seat: seat(order),
            place: Place {
                room: 1,
                row: 1,
                column: u16::try_from(order).unwrap() + 1,
            },
            factor: if *who == "c" { 125 } else { 100 },
            outline: outline(),
        });
    Opening {
        sitting: SittingId::new("story").unwrap(),
        kind: SittingKind::Real,
        exam: Digest([2; 32]),
        manifest: Digest([3; 32]),
        commitment: Digest([4; 32]),
        planned: PLANNED,
        planned_wall: WallTime(1_800_000_000_000),
        sessions: sessions.collect(),
    }
}
