//! Keys while answering: each does what KIOSK says, and nothing else.

use exam_client::{Act, Saved};
use exam_core::{Label, Lang, OptionId};

use super::fixture::{Seat, answering, at, busy, item_id, option_id};
use crate::Msg;
use crate::keymap::Key;
use crate::model::{Filter, NoticeKind, Overlay, Screen};

/// A seat at item 58 (single choice, B chosen), everything saved.
fn at_58() -> Seat {
    let mut seat = Seat::small(busy(0));
    assert_eq!(seat.model.current, 57, "it returns to where it was (R3)");
    seat.acts();
    seat
}

/// A seat at item 12 of a paper without answers (true/false).
fn at_12() -> Seat {
    let mut seat = Seat::small(answering(0));
    seat.keys("G12").key(Key::Enter);
    seat.acts();
    seat
}

fn chose(item: usize, choice: Option<OptionId>) -> Vec<Act> {
    vec![Act::Choose {
        item: item_id(item),
        choice,
    }]
}

fn notice(seat: &Seat) -> Option<&NoticeKind> {
    seat.model.notice.as_ref().map(|notice| &notice.what)
}

#[test]
fn c13_a_letter_or_a_digit_chooses_and_never_moves_on() {
    for (keys, index) in [("C", 2), ("c", 2), ("3", 2), ("D", 3), ("1", 0)] {
        let mut seat = at_58();
        let folded: String = keys.to_ascii_uppercase();
        seat.keys(&folded);
        assert_eq!(seat.acts(), chose(58, Some(option_id(index))), "{keys}");
        assert_eq!((seat.model.current, seat.model.cursor), (57, index));
    }
}

#[test]
fn c13_the_same_letter_again_does_not_deselect() {
    let mut seat = at_58();
    seat.keys("B").keys("B");
    assert_eq!(seat.acts(), []);
    assert!(seat.text().contains("(*) B"));
}

#[test]
fn a_letter_no_option_stands_under_does_nothing() {
    let mut seat = at_58();
    seat.keys("E9F");
    assert_eq!(seat.acts(), []);
    let mut seat = at_12();
    seat.keys("C3D");
    assert_eq!(seat.acts(), []);
}

#[test]
fn w4_backspace_clears_and_on_an_empty_item_does_nothing() {
    let mut seat = at_58();
    seat.key(Key::Erase);
    assert_eq!(seat.acts(), chose(58, None));
    assert_eq!(notice(&seat), Some(&NoticeKind::Cleared));
    let mut seat = at_12();
    seat.key(Key::Erase);
    assert_eq!(seat.acts(), []);
}

#[test]
fn true_false_takes_letters_digits_and_the_words_of_truth() {
    for key in ['A', '1', 'Y', 'T', 'V'] {
        let mut seat = at_12();
        seat.key(Key::Char(key));
        assert_eq!(seat.acts(), chose(12, Some(OptionId::yes())), "{key}");
    }
    for key in ['B', '2', 'N', 'F', 'X'] {
        let mut seat = at_12();
        seat.key(Key::Char(key));
        assert_eq!(seat.acts(), chose(12, Some(OptionId::no())), "{key}");
        assert_ne!(seat.model.overlay, Overlay::Strike);
    }
}

#[test]
fn up_and_down_move_the_cursor_and_enter_chooses() {
    let mut seat = at_58();
    assert_eq!(seat.model.cursor, 1, "the cursor is on what is chosen");
    seat.key(Key::Down).key(Key::Down).key(Key::Down);
    assert_eq!(seat.model.cursor, 3);
    assert_eq!(seat.acts(), []);
    seat.key(Key::Enter);
    assert_eq!(seat.acts(), chose(58, Some(option_id(3))));
    seat.key(Key::Up).key(Key::Up).key(Key::Up).key(Key::Up);
    assert_eq!(seat.model.cursor, 0);
}

#[test]
fn a_held_key_counts_once() {
    let mut seat = at_58();
    for _ in 0..20 {
        seat.model.now_ms += 40;
        seat.send(Msg::Key(Key::Space));
    }
    assert_eq!(
        seat.acts().len(),
        1,
        "flagging twenty times would come to nothing"
    );
    seat.model.now_ms += 150;
    seat.send(Msg::Key(Key::Space));
    assert_eq!(seat.acts().len(), 1);
}

#[test]
fn c14_space_flags_and_keeps_what_is_struck_out() {
    let mut seat = at_58();
    seat.key(Key::Space);
    let struck = vec![option_id(0)];
    let act = Act::Note {
        item: item_id(58),
        flagged: false,
        struck,
    };
    assert_eq!(seat.acts(), [act], "it was flagged, so it no longer is");
}

#[test]
fn c15_x_then_a_letter_strikes_out_and_back() {
    let mut seat = at_58();
    seat.keys("X");
    assert_eq!(seat.model.overlay, Overlay::Strike);
    assert!(seat.text().contains("请按要排除的选项字母"));
    seat.keys("D");
    let struck = vec![option_id(0), option_id(3)];
    let act = Act::Note {
        item: item_id(58),
        flagged: true,
        struck,
    };
    assert_eq!(seat.acts(), [act]);
    seat.keys("XA");
    let act = Act::Note {
        item: item_id(58),
        flagged: true,
        struck: Vec::new(),
    };
    assert_eq!(seat.acts(), [act], "the picture still shows A alone struck");
    seat.keys("X").key(Key::Esc);
    assert_eq!(seat.acts(), []);
    assert_eq!(seat.model.overlay, Overlay::None);
}

#[test]
fn c22_arrows_home_and_end_move_and_stop_at_the_ends() {
    let mut seat = at_58();
    let visits = |seat: &mut Seat| -> Vec<String> {
        let acts = seat.acts().into_iter();
        acts.map(|act| match act {
            Act::Visit { item } => item.to_string(),
            other => format!("{other:?}"),
        })
        .collect()
    };
    seat.key(Key::Right)
        .key(Key::Left)
        .key(Key::Home)
        .key(Key::Left);
    assert_eq!(visits(&mut seat), ["q59", "q58", "q1"]);
    assert_eq!(notice(&seat), Some(&NoticeKind::FirstItem));
    seat.key(Key::End).key(Key::Right);
    assert_eq!(visits(&mut seat), ["q100"]);
    assert_eq!(notice(&seat), Some(&NoticeKind::LastItem));
    seat.key(Key::Left);
    assert_eq!(
        notice(&seat),
        None,
        "what was said of the last item is gone"
    );
}

#[test]
fn g_jumps_by_number_and_refuses_what_is_not_there() {
    let mut seat = at_58();
    seat.keys("G7");
    assert!(
        seat.text().contains("跳到第几题： [7__]"),
        "{}",
        seat.text()
    );
    seat.key(Key::Erase).keys("100").key(Key::Enter);
    assert_eq!(seat.model.current, 99);
    seat.keys("G101").key(Key::Enter);
    assert_eq!(seat.model.current, 99);
    assert!(seat.text().contains("没有第101题，请输入 1 到 100。"));
    seat.keys("G5").key(Key::Esc);
    assert_eq!(
        (seat.model.current, seat.model.overlay),
        (99, Overlay::None)
    );
    seat.keys("G").key(Key::Enter);
    assert_eq!(seat.model.current, 99);
}

#[test]
fn c27_u_and_m_go_round_and_say_when_there_is_none() {
    let mut seat = at_58();
    seat.keys("U");
    assert_eq!(seat.model.current, 86);
    seat.key(Key::End).keys("U");
    assert_eq!(seat.model.current, 16, "around the end");
    seat.keys("M");
    assert_eq!(seat.model.current, 22);
    seat.keys("M").keys("M").keys("M");
    assert_eq!(seat.model.current, 22, "23, 58, 71 and round again");
    let mut seat = Seat::small(answering(100));
    seat.keys("U");
    assert_eq!(notice(&seat), Some(&NoticeKind::NoneUnanswered));
    seat.keys("M");
    assert_eq!(notice(&seat), Some(&NoticeKind::NoneFlagged));
}

#[test]
fn c28_the_card_opens_on_the_item_and_closing_returns_to_it() {
    let mut seat = at_58();
    seat.key(Key::Tab);
    assert_eq!(
        seat.model.overlay,
        Overlay::Card {
            at: 57,
            filter: Filter::All
        }
    );
    seat.key(Key::Down).key(Key::Right);
    assert_eq!(
        seat.model.overlay,
        Overlay::Card {
            at: 68,
            filter: Filter::All
        }
    );
    seat.keys("C");
    assert_eq!(seat.acts(), [], "letters choose nothing on the card");
    seat.key(Key::Esc);
    assert_eq!(seat.model.current, 57);
    seat.key(Key::Tab).key(Key::Up).key(Key::Up).key(Key::Enter);
    assert_eq!(
        (seat.model.current, seat.model.overlay),
        (37, Overlay::None)
    );
}

#[test]
fn up_on_the_card_keeps_its_column_across_sections() {
    // Item 41 begins the second section; above it stands 31, though 41 - 10 = 31 only by luck.
    let mut picture = answering(0);
    picture.paper = exam_client::PaperState::Open(super::fixture::paper(33, 60).into());
    let mut seat = Seat::small(picture);
    seat.key(Key::Tab)
        .key(Key::Down)
        .key(Key::Down)
        .key(Key::Down);
    assert_eq!(
        seat.model.overlay,
        Overlay::Card {
            at: 30,
            filter: Filter::All
        }
    );
    seat.key(Key::Down);
    assert_eq!(
        seat.model.overlay,
        Overlay::Card {
            at: 33,
            filter: Filter::All
        }
    );
    seat.key(Key::Right)
        .key(Key::Right)
        .key(Key::Right)
        .key(Key::Up);
    assert_eq!(
        seat.model.overlay,
        Overlay::Card {
            at: 32,
            filter: Filter::All
        }
    );
}

#[test]
fn c19_each_warning_is_said_once_for_ten_seconds_and_answering_goes_on() {
    let mut seat = at_58();
    seat.wait(9 * 60_000);
    assert_eq!(notice(&seat), None);
    seat.wait(60_000);
    assert_eq!(
        notice(&seat),
        Some(&NoticeKind::Warning {
            rest_ms: 15 * 60_000
        })
    );
    assert!(seat.text().contains("距考试结束还有 15 分钟。"));
    seat.keys("C");
    assert_eq!(seat.acts(), chose(58, Some(option_id(2))));
    seat.wait(10_000);
    assert_eq!(notice(&seat), None);
    seat.wait(13 * 60_000 + 50_000);
    assert!(
        seat.text().contains("还有 1 分钟，时间到自动交卷。"),
        "{}",
        seat.text()
    );
}

#[test]
fn a_paste_is_dropped_and_told() {
    let mut seat = at_58();
    seat.send(Msg::Pasted(120));
    assert_eq!(seat.acts(), []);
    assert!(seat.text().contains("不能粘贴，已忽略 120 个字符。"));
}

#[test]
fn combinations_are_counted_and_never_leave_a_kiosk() {
    let mut seat = at_58();
    seat.key(Key::Break).key(Key::Combination);
    assert_eq!((seat.effects.len(), seat.model.combinations), (0, 2));
    assert!(seat.text().contains("考试期间不能退出。"));
    seat.model.leave = crate::Leave::Demonstration;
    seat.key(Key::Break);
    assert_eq!(seat.effects, [crate::Effect::Leave]);
}

#[test]
fn c24_f2_changes_nothing_once_the_paper_is_open_unless_the_rules_say_so() {
    let mut seat = at_58();
    seat.key(Key::F(2));
    assert_eq!(seat.model.lang, Lang::Zh);
    assert_eq!(notice(&seat), Some(&NoticeKind::LanguageFixed));
    assert!(!seat.frame().hints().contains("F2"));
    seat.change(|picture| {
        let mut own = (**picture.candidate.as_ref().unwrap()).clone();
        own.may_switch = true;
        picture.candidate = Some(own.into());
    });
    seat.key(Key::F(2));
    assert_eq!(seat.model.lang, Lang::En);
    assert!(seat.frame().hints().starts_with(" F2 中文"));
    let mut seat = Seat::small(at(Label::AwaitStart));
    seat.key(Key::F(2));
    assert!(seat.frame().hints().starts_with(" F2 中文"));
    assert!(seat.text().contains("Waiting for the start"));
}

#[test]
fn f3_walks_the_themes_and_f5_paints_again() {
    let mut seat = at_58();
    let before = seat.model.look.theme;
    seat.key(Key::F(3));
    assert_eq!(seat.model.look.theme, before.next());
    seat.key(Key::F(5));
    assert_eq!(
        seat.effects,
        [crate::Effect::Repaint, crate::Effect::Repaint]
    );
}

#[test]
fn in_a_small_window_no_key_reaches_the_hidden_question() {
    let mut seat = at_58();
    seat.send(Msg::Resized(79, 23));
    assert_eq!(seat.model.screen(), Screen::TooSmall);
    seat.keys("C")
        .key(Key::Right)
        .key(Key::Erase)
        .key(Key::F(10));
    assert_eq!(seat.acts(), []);
    seat.send(Msg::Resized(80, 24));
    assert_eq!(
        (seat.model.current, seat.model.overlay),
        (57, Overlay::None)
    );
}

#[test]
fn help_lies_over_the_question_and_takes_the_keys() {
    let mut seat = at_58();
    seat.keys("H").keys("C").key(Key::Space);
    assert_eq!(seat.acts(), []);
    seat.key(Key::Esc).keys("C");
    assert_eq!(seat.acts(), chose(58, Some(option_id(2))));
    seat.key(Key::F(1)).key(Key::F(1));
    assert_eq!(seat.model.overlay, Overlay::None);
}

#[test]
fn c16_a_long_stem_is_paged_and_not_left_half_read() {
    let mut picture = busy(0);
    let mut paper = (**picture.open_paper().unwrap()).clone();
    let long = "客户来电说明情况并提出要求。".repeat(60);
    paper.parts[0].sections[1].items[17].stem = exam_core::Text::zh(&long);
    picture.paper = exam_client::PaperState::Open(paper.into());
    let mut seat = Seat::small(picture);
    assert!(crate::view::question_pages(&seat.model) > 1);
    assert!(seat.text().contains("还有下文 PgDn"));
    assert!(!seat.text().contains("( ) D"));
    seat.key(Key::Right);
    assert_eq!(
        (seat.model.current, notice(&seat)),
        (57, Some(&NoticeKind::MoreText))
    );
    // Whoever insists goes on.
    seat.key(Key::Right);
    assert_eq!(seat.model.current, 58);
    // An option chosen by its letter is brought onto the screen.
    seat.key(Key::Left);
    seat.acts();
    seat.keys("D");
    assert!(seat.text().contains(">( ) D"), "{}", seat.text());
    seat.key(Key::PageUp).key(Key::PageUp).key(Key::PageUp);
    assert_eq!(seat.model.page, 0);
}

#[test]
fn w8_a_fresh_choice_is_only_chosen_until_the_attachment_says_more() {
    let mut seat = at_58();
    seat.keys("C");
    // Nothing changes on the screen by itself.
    assert!(seat.text().contains("你的选择：B"));
    for (saved, word) in [
        (Saved::Chosen, "已选"),
        (Saved::Waiting, "本机已存，待上传 1"),
        (
            Saved::Saved(exam_core::WallTime(super::fixture::START_WALL + 1_220_000)),
            "已保存 14:20:20",
        ),
    ] {
        seat.change(|picture| {
            let answers = std::sync::Arc::make_mut(&mut picture.answers);
            let answer = answers.get_mut(&item_id(58)).unwrap();
            answer.choice = Some(option_id(2));
            answer.saved = saved;
        });
        let line = seat.frame().row(20);
        assert!(
            line.contains("你的选择：C") && line.contains(word),
            "{line}"
        );
    }
}

#[test]
fn a_click_is_its_key() {
    let mut seat = at_58();
    let shot = seat.frame();
    let at = |needle: &str| {
        let (y, row) = shot
            .text()
            .lines()
            .map(str::to_owned)
            .enumerate()
            .find(|(_, row)| row.contains(needle))
            .unwrap();
        let before = row.split(needle).next().unwrap().to_owned();
        let x = exam_term::Glyphs::default().width(&before);
        ratatui::layout::Position::new(x, u16::try_from(y).unwrap())
    };
    let hit = |place| {
        shot.hits
            .iter()
            .rev()
            .find(|(area, _)| area.contains(place))
            .map(|(_, msg)| msg.clone())
    };
    assert_eq!(hit(at("89.5%")), Some(Msg::Click(Key::Char('C'))));
    assert_eq!(hit(at("下一题")), Some(Msg::Click(Key::Right)));
    assert_eq!(hit(at("交卷")), Some(Msg::Click(Key::F(10))));
    seat.send(hit(at("89.5%")).unwrap());
    assert_eq!(seat.acts(), chose(58, Some(option_id(2))));
    // On the card a cell is a click to its item.
    let mut seat = Seat::new(busy(0), Lang::Zh, (120, 40));
    let hits = seat.frame().hits;
    let (_, msg) = hits
        .iter()
        .find(|(_, msg)| *msg == Msg::ClickItem(86))
        .unwrap();
    seat.send(msg.clone());
    assert_eq!(seat.model.current, 86);
}
