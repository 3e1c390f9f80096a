//! What holds of every screen at every size: nothing panics, nothing is cut, nothing needs colour.

use std::collections::BTreeSet;

use exam_client::{Ending, NoteShown, PaperState, Picture};
use exam_core::{End, Label, Lang, Refusal, SeatId, Seq, Span, Text};
use exam_term::run::Surface as _;
use exam_term::{Ambiguous, Borders, Depth, Theme, ThemeKind};
use proptest::prelude::*;

use super::fixture::{
    START, Seat, answering, at, busy, ended, item_id, memory_only, offline, option_id, reached,
};
use crate::keymap::Key;
use crate::model::{DemoHint, Filter, FormError, Leave, NoticeKind, Overlay};
use crate::{Effect, Msg};

type Named = (&'static str, Seat);

/// One of every screen and of everything that can lie over it.
fn everything(lang: Lang, size: (u16, u16)) -> Vec<Named> {
    let mut all = before(lang, size);
    all.extend(during(lang, size));
    all.extend(after(lang, size));
    all
}

fn before(lang: Lang, size: (u16, u16)) -> Vec<Named> {
    let seat = |picture: Picture| Seat::new(picture, lang, size);
    let over = |label, overlay| {
        let mut seat = seat(at(label));
        seat.model.overlay = overlay;
        seat
    };
    let mut form = seat(memory_only(reached()));
    let (number, tail) = ("202611210207".to_owned(), "01123X".to_owned());
    form.model.hint = Some(DemoHint { number, tail });
    form.model.form.error = Some(FormError::Refused(Refusal::NoMatch { tries_left: 2 }));
    let mut early = reached();
    early.clock.hall = START - Span::minutes(90);
    let other = Picture {
        other_version: Some("9".to_owned()),
        ..reached()
    };
    let broken = Picture {
        paper: PaperState::Broken,
        ..at(Label::Running)
    };
    vec![
        ("connecting", seat(Picture::default())),
        ("other version", seat(other)),
        ("check-in", form),
        ("idle", seat(early)),
        ("confirm", seat(at(Label::ConfirmDetails))),
        ("confirm help", over(Label::ConfirmDetails, Overlay::Help)),
        ("details wrong", seat(at(Label::DetailsWrong))),
        ("identity", seat(at(Label::AwaitIdentity))),
        ("undertaking", seat(at(Label::Undertaking))),
        ("declined", seat(at(Label::Declined))),
        ("preparing", seat(at(Label::Preparing))),
        ("waiting", seat(at(Label::AwaitStart))),
        ("rules", over(Label::AwaitStart, Overlay::Rules)),
        ("late", seat(at(Label::Late))),
        ("broken", seat(broken)),
    ]
}

fn during(lang: Lang, size: (u16, u16)) -> Vec<Named> {
    let seat = |picture: Picture| Seat::new(picture, lang, size);
    let over = |overlay| {
        let mut seat = seat(busy(2));
        seat.model.overlay = overlay;
        seat
    };
    let mut hidden = seat(busy(0));
    hidden.model.clock_hidden = true;
    let card = |filter| over(Overlay::Card { at: 57, filter });
    vec![
        ("question", seat(busy(0))),
        ("hidden clock", hidden),
        ("true/false", seat(answering(0))),
        ("offline", seat(offline(busy(3), 10))),
        ("card", card(Filter::All)),
        ("card of flagged", card(Filter::Flagged)),
        ("goto", over(Overlay::Goto { number: 58 })),
        ("strike", over(Overlay::Strike)),
        ("review", over(Overlay::Review { confirm: None })),
        (
            "confirm hand-in",
            over(Overlay::Review { confirm: Some(2) }),
        ),
        ("help", over(Overlay::Help)),
    ]
}

fn after(lang: Lang, size: (u16, u16)) -> Vec<Named> {
    let seat = |picture: Picture| Seat::new(picture, lang, size);
    let ending = |ending| Picture { ending, ..busy(3) };
    let mut quiet = seat(ended(End::HandedIn, true));
    quiet.model.now_ms += 120_000;
    let mut demo = seat(ended(End::HandedIn, true));
    demo.model.leave = Leave::Demonstration;
    vec![
        ("handing in", seat(ending(Ending::HandingIn))),
        (
            "handing in offline",
            seat(offline(ending(Ending::HandingIn), 10)),
        ),
        ("locked", seat(ending(Ending::Locked))),
        ("receipt", seat(ended(End::TimeUp, false))),
        ("receipt with marks", demo),
        ("quiet", quiet),
        ("absent", seat(at(Label::Absent))),
    ]
}

/// What stands on the hint bar, button by button.
fn buttons(seat: &Seat) -> Vec<String> {
    let shot = seat.frame();
    let bar = seat.model.size.1 - 1;
    let hits = shot.hits.iter().filter(|(area, _)| area.y == bar);
    hits.map(|(area, _)| {
        let cells = area
            .columns()
            .map(|cell| shot.buffer[(cell.x, cell.y)].symbol());
        cells.collect::<String>()
    })
    .collect()
}

#[test]
fn every_hint_is_whole_at_every_width() {
    for lang in [Lang::Zh, Lang::En] {
        let wide = everything(lang, (200, 60));
        for width in [80, 120, 200] {
            for ((name, seat), (_, wide)) in everything(lang, (width, 24)).iter().zip(&wide) {
                let all: BTreeSet<String> = buttons(wide).into_iter().collect();
                let paging = |hint: &String| hint.starts_with('P');
                for hint in buttons(seat) {
                    assert!(
                        all.contains(&hint) || paging(&hint) || name == &"undertaking",
                        "{name} {lang} {width}: {hint:?} is not one of {all:?}"
                    );
                }
                let bar = seat.frame().hints();
                let text: String = buttons(seat).concat();
                let bare = |text: &str| text.replace(' ', "");
                assert_eq!(
                    bare(&bar),
                    bare(&text),
                    "{name} {lang} {width}: more than its buttons"
                );
            }
        }
    }
}

#[test]
fn previous_next_and_hand_in_are_always_among_the_hints() {
    for (lang, words) in [
        (Lang::Zh, ["上一题", "下一题", "交卷"]),
        (Lang::En, ["previous", "next", "hand in"]),
    ] {
        for picture in [busy(0), answering(0)] {
            let hints = Seat::new(picture, lang, (80, 24)).frame().hints();
            assert!(words.iter().all(|word| hints.contains(word)), "{hints}");
        }
    }
}

#[test]
fn every_message_is_whole_in_its_two_rows() {
    let seat_id = || SeatId::new("B-1234").unwrap();
    let kinds = [
        NoticeKind::Warning { rest_ms: 900_000 },
        NoticeKind::Warning { rest_ms: 60_000 },
        NoticeKind::Restored { count: 84 },
        NoticeKind::PasteDropped { count: 12_345 },
        NoticeKind::ExitIgnored,
        NoticeKind::FirstItem,
        NoticeKind::LastItem,
        NoticeKind::Cleared,
        NoticeKind::NoneUnanswered,
        NoticeKind::NoneFlagged,
        NoticeKind::MoreText,
        NoticeKind::TooEarly,
        NoticeKind::NoSuchItem {
            number: 999,
            total: 100,
        },
        NoticeKind::LanguageFixed,
        NoticeKind::Refusal(Refusal::NoMatch { tries_left: 3 }),
        NoticeKind::Refusal(Refusal::TooManyTries),
        NoticeKind::Refusal(Refusal::WrongSeat {
            yours: seat_id(),
            here: seat_id(),
        }),
        NoticeKind::Refusal(Refusal::EntryClosed { closed: START }),
        NoticeKind::Refusal(Refusal::OtherUndertaking),
        NoticeKind::Refusal(Refusal::NotYourSession),
        NoticeKind::Refusal(Refusal::OtherAnswerSameName { seq: Seq(100_000) }),
        NoticeKind::Refusal(Refusal::ItemNotInPaper),
        NoticeKind::Refusal(Refusal::TimeIsUp { ended: START }),
        NoticeKind::Refusal(Refusal::AlreadyEnded {
            end: End::TimeUp,
            at: START,
        }),
        NoticeKind::Refusal(Refusal::HandInLocked { until: START }),
        NoticeKind::Refusal(Refusal::TooFast {
            again_in: Span::seconds(90),
        }),
    ];
    for lang in [Lang::Zh, Lang::En] {
        for kind in &kinds {
            let said = |width| {
                let mut seat = Seat::new(at(Label::AwaitIdentity), lang, (width, 24));
                seat.model.picture = std::sync::Arc::new(Picture {
                    view: busy(0).view.map(|view| exam_core::SessionView {
                        label: Label::AwaitIdentity,
                        ..view
                    }),
                    ..at(Label::AwaitIdentity)
                });
                let until_ms = i64::MAX;
                seat.model.notice = Some(crate::model::Notice {
                    what: kind.clone(),
                    until_ms,
                });
                let shot = seat.frame();
                let rows = [shot.row(2), shot.row(3)].concat();
                rows.replace(' ', "")
            };
            assert_eq!(said(80), said(200), "{kind:?} {lang}");
        }
    }
}

#[test]
fn every_frame_puts_the_cursor_somewhere_inside() {
    for lang in [Lang::Zh, Lang::En] {
        for size in [(80, 24), (120, 40), (200, 60), (60, 12)] {
            for (name, seat) in everything(lang, size) {
                let cursor = seat.frame().cursor;
                let inside = cursor.is_some_and(|at| at.x < size.0 && at.y < size.1);
                assert!(inside, "{name} {lang} {size:?}: {cursor:?}");
            }
        }
    }
    // On the question it is on the option under the cursor, before and after moving.
    let mut seat = Seat::small(busy(0));
    let row = |seat: &Seat| {
        let shot = seat.frame();
        shot.row(usize::from(shot.cursor.unwrap().y))
    };
    assert!(row(&seat).contains(">(*) B"));
    seat.key(Key::Down);
    assert!(row(&seat).contains(">( ) C"));
}

#[test]
fn c26_without_colours_every_state_still_reads_differently() {
    let seat = Seat::small(busy(0));
    let text = seat.text();
    assert!(text.contains("(*) B") && text.contains("( ) C") && text.contains("(x) A"));
    let mut seat = Seat::new(busy(0), Lang::Zh, (120, 40));
    let flagged = seat.text();
    seat.change(|picture| picture.notes = std::sync::Arc::default());
    let unflagged = seat.text();
    assert!(flagged.contains("71C?") && unflagged.contains("71C "));
    assert!(flagged.contains("(x) A") && unflagged.contains("( ) A"));
    assert!(flagged.contains("标记：? 待检查") && unflagged.contains("标记：无"));
}

#[test]
fn a_theme_changes_no_letter() {
    let kinds = [
        ThemeKind::Light,
        ThemeKind::Dark,
        ThemeKind::HighContrast,
        ThemeKind::Yellow,
    ];
    for lang in [Lang::Zh, Lang::En] {
        for (name, mut seat) in everything(lang, (80, 24)) {
            let plain = seat.text();
            for kind in kinds {
                for depth in [Depth::Sixteen, Depth::True] {
                    seat.model.look.theme = Theme::new(kind, depth);
                    assert_eq!(seat.text(), plain, "{name} {lang} {kind:?}");
                }
            }
        }
    }
}

#[test]
fn where_glyphs_are_of_doubtful_width_none_stands_in_the_chrome() {
    for (name, mut seat) in everything(Lang::Zh, (120, 40)) {
        seat.model.look.glyphs.ambiguous = Ambiguous::Pad;
        seat.model.look.glyphs.borders = Borders::Ascii;
        // The item's own text may hold what it likes.
        seat.change(|picture| {
            if let PaperState::Open(paper) = &picture.paper {
                let mut paper = (**paper).clone();
                for section in &mut paper.parts[0].sections {
                    for item in &mut section.items {
                        item.stem = Text::zh("题");
                    }
                }
                picture.paper = PaperState::Open(paper.into());
            }
        });
        let text = seat.text();
        assert!(
            !text.contains(['√', '×', '·', '←', '→', '─', '│', '…']),
            "{name}:\n{text}"
        );
    }
}

/// Text that would harm a terminal.
fn hostile() -> Vec<String> {
    vec![
        "\u{1b}[2J\u{1b}[31m红\u{7}\u{9b}1;1H".to_owned(),
        "\u{202e}反向\u{2066}文字\u{200f}".to_owned(),
        "\r\n\t\n\n\n换行".to_owned(),
        "e\u{301}\u{301}\u{301}".repeat(40),
        "𬎆👨‍👩‍👧‍👦🔒".repeat(30),
        "长".repeat(350_000),
        "x".repeat(1 << 20),
    ]
}

#[test]
fn hostile_text_is_shown_harmless() {
    for text in hostile() {
        let mut picture = busy(0);
        let mut paper = (**picture.open_paper().unwrap()).clone();
        let item = &mut paper.parts[0].sections[1].items[17];
        item.stem = Text::zh(&text);
        item.options[1].text = Text::zh(&text);
        picture.paper = PaperState::Open(paper.into());
        let mut own = (**picture.candidate.as_ref().unwrap()).clone();
        own.name.clone_from(&text.chars().take(200).collect());
        picture.candidate = Some(own.into());
        for size in [(80, 24), (120, 40)] {
            let shown = Seat::new(picture.clone(), Lang::Zh, size).text();
            let bad =
                |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{200f}".contains(c);
            assert!(!shown.contains(bad), "{shown:?}");
            // Whatever the name is, seat and clock stay (C10).
            let header = shown.lines().next().unwrap();
            assert!(
                header.contains("A-07") && header.contains("剩余 00:25:00"),
                "{header}"
            );
        }
    }
}

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        8 => prop::sample::select("ABCD1234YNXGUMZSJHLR0".chars().collect::<Vec<_>>()).prop_map(Key::Char),
        2 => prop::sample::select(vec![Key::Space, Key::Enter, Key::Esc, Key::Tab, Key::Erase]),
        2 => prop::sample::select(vec![Key::Left, Key::Right, Key::Up, Key::Down, Key::Home, Key::End]),
        1 => prop::sample::select(vec![Key::PageUp, Key::PageDown, Key::BackTab, Key::Break]),
        1 => (1_u8..=12).prop_map(Key::F),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_screen_panics_at_any_size(
        width in 1_u16..=200, height in 1_u16..=60, which: prop::sample::Index, english: bool, pad: bool,
    ) {
        let lang = if english { Lang::En } else { Lang::Zh };
        let mut all = everything(lang, (width, height));
        let (_, mut seat) = all.swap_remove(which.index(all.len()));
        if pad {
            seat.model.look.glyphs.ambiguous = Ambiguous::Pad;
        }
        seat.frame();
        // A frame of another size than the model believes.
        seat.model.size = (80, 24);
        let mut canvas = exam_term::picture::Canvas::new(width, height);
        canvas.draw(&mut |frame| { crate::view(&seat.model, frame); }).unwrap();
    }

    #[test]
    fn no_keys_lead_out_of_a_kiosk_or_off_the_paper(
        keys in prop::collection::vec(any_key(), 1..80), small: bool,
    ) {
        let size = if small { (80, 24) } else { (120, 30) };
        let mut seat = Seat::new(busy(2), Lang::Zh, size);
        for key in keys {
            seat.effects.clear();
            seat.key(key);
            seat.frame();
            prop_assert!(seat.model.current < 100);
            prop_assert!(seat.model.item().unwrap().1.options.len() > seat.model.cursor);
            prop_assert!(!seat.effects.contains(&Effect::Leave));
            // Before the window nothing hands in, whatever is pressed.
            prop_assert!(!seat.acts().contains(&exam_client::Act::HandIn));
        }
    }

    #[test]
    fn c32_nothing_hands_in_without_both_letters(
        keys in prop::collection::vec(any_key(), 1..60),
    ) {
        let mut seat = Seat::small(busy(0));
        seat.wait(15 * 60_000);
        let mut typed = 0;
        for key in keys {
            typed += u32::from(key == Key::Char('J'));
            seat.key(key);
            if seat.acts().contains(&exam_client::Act::HandIn) {
                prop_assert!(typed >= 2 && key == Key::Enter);
            }
        }
    }
}

#[test]
fn a_click_on_anything_is_never_a_panic() {
    for (_, seat) in everything(Lang::Zh, (120, 40)) {
        for (_, msg) in seat.frame().hits {
            let mut model = seat.model.clone();
            let now = model.now_ms;
            crate::update(&mut model, now, msg);
        }
    }
    let mut seat = Seat::small(at(Label::AwaitStart));
    seat.send(Msg::ClickItem(5));
    assert_eq!(seat.acts(), []);
}

#[test]
fn notes_of_items_that_are_not_in_the_paper_change_no_count() {
    let mut seat = Seat::small(busy(0));
    seat.change(|picture| {
        let notes = std::sync::Arc::make_mut(&mut picture.notes);
        let note = NoteShown {
            flagged: true,
            struck: vec![option_id(1)],
        };
        notes.insert(item_id(500), note);
    });
    seat.key(Key::Tab);
    assert!(seat.text().contains("标记 3"));
}
