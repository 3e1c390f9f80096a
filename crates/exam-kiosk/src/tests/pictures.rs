//! Pictures of the main screens for the pages, from real frames. They are kept beside the crate;
//! `UPDATE_PICTURES=1` writes them anew.

use std::fs;
use std::path::Path;

use exam_core::{End, Label, Lang, Span};
use exam_term::picture::{Paint, svg};
use exam_term::{Depth, Theme, ThemeKind};

use super::fixture::{START, Seat, answering, at, busy, ended, offline, reached};
use crate::keymap::Key;
use crate::model::DemoHint;

fn check(name: &str, title: &str, mut seat: Seat) {
    let kind = seat.model.look.theme.kind();
    let kind = if kind == ThemeKind::Plain {
        ThemeKind::Light
    } else {
        kind
    };
    seat.model.look.theme = Theme::new(kind, Depth::True);
    let paint = match kind {
        ThemeKind::Dark => Paint {
            ink: [0xe8, 0xe8, 0xe8],
            paper: [0x10, 0x14, 0x18],
        },
        _ => Paint::default(),
    };
    let drawn = svg(&seat.frame().buffer, title, paint);
    let (width, height) = seat.model.size;
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("pictures")
        .join(format!("{name}-{}-{width}x{height}.svg", seat.model.lang));
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "{} is stale: run with UPDATE_PICTURES=1",
        path.display()
    );
}

/// The same screen in both languages.
fn both(name: &str, titles: [&str; 2], make: impl Fn(Lang) -> Seat) {
    for (lang, title) in [Lang::Zh, Lang::En].into_iter().zip(titles) {
        check(name, title, make(lang));
    }
}

const SMALL: (u16, u16) = (80, 24);

#[test]
fn question() {
    both(
        "question",
        ["单选题，80×24", "A single-choice question, 80×24"],
        |lang| Seat::new(busy(0), lang, SMALL),
    );
}

#[test]
fn question_beside_its_card() {
    both(
        "question",
        [
            "单选题与答题卡，120×40",
            "A question beside the answer card, 120×40",
        ],
        |lang| {
            let mut seat = Seat::new(offline(busy(3), 19), lang, (120, 40));
            seat.model.look.theme = Theme::new(ThemeKind::Dark, Depth::True);
            seat
        },
    );
}

#[test]
fn true_false() {
    both(
        "true-false",
        ["判断题，80×24", "A true/false question, 80×24"],
        |lang| {
            let mut seat = Seat::new(answering(12), lang, SMALL);
            seat.keys("G12").key(Key::Enter);
            seat
        },
    );
}

#[test]
fn card() {
    both(
        "card",
        ["答题卡，80×24", "The answer card, 80×24"],
        |lang| {
            let mut seat = Seat::new(busy(0), lang, SMALL);
            seat.key(Key::Tab);
            seat
        },
    );
}

#[test]
fn check_in() {
    both("check-in", ["登录，80×24", "Log-in, 80×24"], |lang| {
        let mut picture = reached();
        picture.clock.hall = START - Span::minutes(18);
        picture.clock.wall.0 -= 18 * 60_000;
        picture.clock.at_ms += 20 * 60_000;
        let mut seat = Seat::new(picture, lang, SMALL);
        let (number, tail) = ("202611210207".to_owned(), "01123X".to_owned());
        seat.model.hint = Some(DemoHint { number, tail });
        seat.keys("202611210207")
            .key(Key::Enter)
            .keys("01")
            .key(Key::Enter);
        seat
    });
}

#[test]
fn waiting() {
    both(
        "waiting",
        ["候考，80×24", "Waiting for the start, 80×24"],
        |lang| {
            let mut picture = at(Label::AwaitStart);
            picture.clock.hall = START - Span::seconds(12 * 60 + 34);
            picture.clock.wall.0 -= (12 * 60 + 34) * 1_000;
            picture.clock.at_ms += 20 * 60_000;
            picture.paper = exam_client::PaperState::Sealed;
            Seat::new(picture, lang, SMALL)
        },
    );
}

#[test]
fn review() {
    both(
        "review",
        ["检查与交卷，80×24", "Review and hand-in, 80×24"],
        |lang| {
            let mut seat = Seat::new(busy(2), lang, SMALL);
            seat.wait(15 * 60_000);
            seat.key(Key::F(10)).keys("SJ");
            seat.model.notice = None;
            seat
        },
    );
}

#[test]
fn receipt() {
    both(
        "receipt",
        ["回执与成绩，80×24", "Receipt and result, 80×24"],
        |lang| Seat::new(ended(End::HandedIn, true), lang, SMALL),
    );
}
