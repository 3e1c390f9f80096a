//! From log-in to the receipt: what each key does before and after the paper.

use exam_client::{Act, Ending, PaperState};
use exam_core::{End, Label, Lang, Refusal};

use super::fixture::{START, Seat, at, busy, ended, offline, reached};
use crate::keymap::Key;
use crate::model::{Field, FormError, Leave, NoticeKind, Overlay, Screen};
use crate::{Effect, Msg};

fn typed() -> Seat {
    let mut seat = Seat::small(reached());
    seat.keys("202611210207").key(Key::Enter).keys("01123X");
    seat
}

#[test]
fn log_in_takes_digits_and_an_x_at_the_very_end() {
    let mut seat = Seat::small(reached());
    seat.keys("2026ab-X11210207")
        .key(Key::Tab)
        .keys("X01X123X9");
    assert_eq!(seat.model.form.number.text(), "202611210207");
    assert_eq!(seat.model.form.tail.text(), "01123X");
    seat.key(Key::Enter);
    let (number, tail) = ("202611210207".to_owned(), "01123X".to_owned());
    assert_eq!(seat.acts(), [Act::LogIn { number, tail }]);
}

#[test]
fn enter_goes_to_what_is_missing_and_says_it() {
    let mut seat = Seat::small(reached());
    seat.key(Key::Enter);
    assert_eq!(seat.model.form.error, Some(FormError::Number));
    seat.keys("2026").key(Key::Enter);
    assert_eq!(
        (seat.model.form.field, &seat.model.form.error),
        (Field::Tail, &None)
    );
    seat.keys("12").key(Key::Enter);
    assert_eq!(seat.model.form.error, Some(FormError::Tail { missing: 4 }));
    assert_eq!(seat.acts(), []);
    seat.key(Key::Erase);
    assert_eq!(
        (seat.model.form.tail.text(), &seat.model.form.error),
        ("1", &None)
    );
}

#[test]
fn a_second_enter_waits_for_the_answer_to_the_first() {
    let mut seat = typed();
    seat.key(Key::Enter).key(Key::Enter);
    assert_eq!(seat.acts().len(), 1);
    assert!(seat.text().contains("正在核对，请稍候。"));
    seat.change(|picture| picture.refusal = Some((1, Refusal::NoMatch { tries_left: 3 })));
    assert!(seat.text().contains("还可输入 3 次"), "{}", seat.text());
    seat.key(Key::Enter);
    assert_eq!(seat.acts().len(), 1);
    // The hall goes away before it answers: the form is free again.
    let away = offline((*seat.model.picture).clone(), 1);
    seat.show(away);
    assert!(!seat.model.form.sent);
    assert!(seat.text().contains("暂时连不上服务器"));
}

#[test]
fn what_was_typed_is_forgotten_after_log_in_and_never_in_debug() {
    let mut seat = typed();
    assert!(!format!("{:?}", seat.model.form).contains("2026"));
    assert!(!seat.text().contains("01123"));
    seat.show(at(Label::ConfirmDetails));
    assert_eq!(
        (seat.model.form.number.text(), seat.model.form.tail.text()),
        ("", "")
    );
}

#[test]
fn c2_only_y_and_n_answer_for_the_own_data() {
    let mut seat = Seat::small(at(Label::ConfirmDetails));
    seat.key(Key::Enter).key(Key::Space).keys("A");
    assert_eq!(seat.acts(), []);
    seat.keys("Y");
    assert_eq!(seat.acts(), [Act::CheckDetails { correct: true }]);
    seat.keys("N");
    assert_eq!(seat.acts(), [Act::CheckDetails { correct: false }]);
}

#[test]
fn c1_the_undertaking_is_accepted_only_when_all_of_it_was_shown() {
    let mut seat = Seat::small(at(Label::Undertaking));
    let pages = crate::view::undertaking_pages(&seat.model);
    assert!(pages > 1);
    seat.keys("Y");
    assert_eq!(seat.acts(), []);
    for _ in 1..pages {
        assert!(!seat.frame().hints().contains("Y 同意"));
        seat.key(Key::PageDown);
    }
    assert!(seat.frame().hints().contains("Y 同意"));
    seat.key(Key::PageUp).keys("Y");
    assert_eq!(seat.acts(), [Act::Undertake { accepted: true }]);
}

#[test]
fn c3_declining_is_told_and_can_be_taken_back_after_reading_again() {
    let mut seat = Seat::small(at(Label::Undertaking));
    seat.keys("N");
    assert_eq!(seat.acts(), [Act::Undertake { accepted: false }]);
    seat.show(at(Label::Declined));
    seat.keys("Y");
    assert_eq!(seat.acts(), [], "nothing is accepted unseen");
    seat.keys("R").keys("Y");
    assert_eq!(seat.acts(), []);
    for _ in 0..9 {
        seat.key(Key::PageDown);
    }
    seat.keys("Y");
    assert_eq!(seat.acts(), [Act::Undertake { accepted: true }]);
}

#[test]
fn while_waiting_the_rules_can_be_read_again_and_the_start_takes_over() {
    let mut seat = Seat::small(at(Label::AwaitStart));
    seat.keys("R").keys("Y");
    assert_eq!(
        (seat.model.overlay, seat.acts()),
        (Overlay::Rules, Vec::new())
    );
    assert!(seat.text().contains("第1页/共"));
    seat.show(busy(0));
    assert_eq!(
        (seat.model.screen(), seat.model.overlay),
        (Screen::Question, Overlay::None)
    );
}

#[test]
fn t2_the_late_begin_by_their_own_key() {
    let mut seat = Seat::small(at(Label::Late));
    seat.keys("AY ").key(Key::Esc);
    assert_eq!(seat.acts(), []);
    seat.key(Key::Enter);
    assert_eq!(seat.acts(), [Act::Begin]);
}

#[test]
fn r3_a_restart_returns_to_the_item_and_says_what_is_intact() {
    let mut picture = busy(0);
    picture.restored = Some(84);
    let mut seat = Seat::small(at(Label::Running));
    seat.show(picture);
    assert_eq!(seat.model.current, 57);
    let text = seat.text();
    assert!(
        text.contains("已恢复：84 题答案完整，回到第58题，剩余 25分00秒。"),
        "{text}"
    );
}

#[test]
fn c31_before_the_window_hand_in_says_from_when_and_does_nothing() {
    let mut seat = Seat::small(busy(0));
    seat.key(Key::F(10)).keys("S");
    assert_eq!(seat.model.overlay, Overlay::Review { confirm: None });
    assert!(
        seat.text()
            .contains("14:30 起可以交卷，还有 10分00秒。可继续作答和检查。")
    );
    seat.keys("JJ").key(Key::Enter).key(Key::Enter);
    assert_eq!(seat.acts(), []);
    assert_eq!(
        seat.model.notice.as_ref().map(|notice| &notice.what),
        Some(&NoticeKind::TooEarly)
    );
}

#[test]
fn c31_at_exactly_the_earliest_instant_it_is_allowed() {
    let mut seat = Seat::small(busy(0));
    seat.model.now_ms = super::fixture::START_MS + 30 * 60_000;
    seat.model.overlay = Overlay::Review { confirm: None };
    let now = seat.model.now_ms;
    crate::update(&mut seat.model, now, Msg::Key(Key::Char('S')));
    assert_eq!(seat.model.overlay, Overlay::Review { confirm: Some(0) });
}

#[test]
fn c32_hand_in_needs_j_j_enter_and_never_enter_enter() {
    let mut seat = Seat::small(busy(0));
    seat.wait(15 * 60_000);
    seat.keys("Z").key(Key::Enter).key(Key::Enter);
    assert_eq!(seat.acts(), []);
    seat.keys("S")
        .key(Key::Enter)
        .key(Key::Enter)
        .keys("J")
        .key(Key::Enter);
    assert_eq!(seat.acts(), []);
    seat.key(Key::Erase).keys("J").keys("J").keys("J");
    assert!(seat.text().contains("[JJ]"));
    seat.key(Key::Esc);
    assert_eq!(seat.model.overlay, Overlay::Review { confirm: None });
    seat.keys("S").keys("JJ").key(Key::Enter);
    assert_eq!(seat.acts(), [Act::HandIn]);
}

#[test]
fn the_review_page_leads_back_to_what_is_open() {
    let mut seat = Seat::small(busy(0));
    seat.key(Key::F(10)).keys("U");
    assert_eq!(
        (seat.model.current, seat.model.overlay),
        (86, Overlay::None)
    );
    seat.key(Key::F(10)).keys("M");
    assert_eq!(seat.model.current, 22);
    seat.key(Key::F(10)).key(Key::Esc);
    assert_eq!(
        (seat.model.current, seat.model.overlay),
        (22, Overlay::None)
    );
}

#[test]
fn after_hand_in_and_after_the_end_no_key_answers() {
    for ending in [Ending::HandingIn, Ending::Locked] {
        let mut seat = Seat::small(busy(1));
        seat.change(|picture| picture.ending = ending);
        seat.keys("ABCD GUMXZ")
            .key(Key::Enter)
            .key(Key::Erase)
            .key(Key::F(10));
        assert_eq!(seat.acts(), []);
        assert!(!seat.text().contains("( ) A"));
    }
}

#[test]
fn only_a_demonstration_can_be_left_and_only_at_the_end() {
    let mut seat = Seat::small(ended(End::HandedIn, true));
    seat.key(Key::Enter).key(Key::Esc);
    assert_eq!(seat.effects, []);
    seat.model.leave = Leave::Demonstration;
    assert!(seat.text().contains("演示结束，按 Enter 退出。"));
    seat.key(Key::Enter);
    assert_eq!(seat.effects, [Effect::Leave]);
    let mut seat = Seat::small(busy(0));
    seat.model.leave = Leave::Demonstration;
    seat.key(Key::Esc).key(Key::Esc);
    assert_eq!(seat.effects, []);
}

#[test]
fn a_refusal_is_said_once_and_a_gap_never() {
    let mut seat = Seat::small(busy(0));
    let from = START + exam_core::Span::minutes(30);
    seat.change(|picture| picture.refusal = Some((4, Refusal::HandInTooEarly { from })));
    assert!(seat.text().contains("14:30 起可以交卷，还有 "));
    seat.model.notice = None;
    seat.change(|picture| picture.version += 1);
    assert_eq!(seat.model.notice, None);
    let (have, want) = (exam_core::Seq(3), exam_core::Seq(5));
    seat.change(|picture| picture.refusal = Some((5, Refusal::HandInGap { have, want })));
    assert_eq!(seat.model.notice, None);
}

#[test]
fn a_terminal_without_hanzi_speaks_english_and_stays_there() {
    let mut seat = Seat::new(reached(), Lang::En, (80, 24));
    seat.model.look.glyphs.cjk_ok = false;
    assert!(seat.text().contains("This terminal cannot show Chinese"));
    seat.key(Key::F(2));
    assert_eq!(seat.model.lang, Lang::En);
    assert!(!seat.frame().hints().contains("F2"));
}

#[test]
fn the_paper_opens_by_itself_when_it_comes() {
    let mut seat = Seat::small(at(Label::Running));
    assert_eq!(seat.model.screen(), Screen::Preparing);
    seat.change(|picture| picture.paper = PaperState::Sealed);
    assert_eq!(seat.model.screen(), Screen::Preparing);
    seat.show(busy(0));
    assert_eq!(seat.model.screen(), Screen::Question);
}
