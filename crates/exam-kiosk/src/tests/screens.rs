//! What the candidate sees: the main screens as text at 80x24 and 120x40 in both languages, each
//! with the facts that must stand on it.

use exam_client::{PaperState, Picture};
use exam_core::{End, Label, Lang, Refusal};

use super::fixture::{START, Seat, answering, at, busy, ended, offline, reached};
use crate::keymap::Key;
use crate::model::{DemoHint, FormError};

/// Both sizes and languages of a screen: checks its facts and keeps its text.
fn screens(name: &str, make: impl Fn(Lang, (u16, u16)) -> Seat, facts: [&[&str]; 2]) {
    for (lang, facts) in [Lang::Zh, Lang::En].into_iter().zip(facts) {
        for size in [(80, 24), (120, 40)] {
            let seat = make(lang, size);
            let text = seat.text();
            for fact in facts {
                assert!(
                    text.contains(fact),
                    "{name} {lang} {size:?} lacks {fact:?}:\n{text}"
                );
            }
            insta::assert_snapshot!(format!("{name}-{lang}-{}x{}", size.0, size.1), text);
        }
    }
}

fn of(picture: impl Fn() -> Picture) -> impl Fn(Lang, (u16, u16)) -> Seat {
    move |lang, size| Seat::new(picture(), lang, size)
}

/// A seat at `minutes` to the planned start.
fn before(label: Label, minutes: i64) -> impl Fn(Lang, (u16, u16)) -> Seat {
    move |lang, size| {
        let mut picture = at(label);
        picture.clock.hall = START - exam_core::Span::minutes(minutes);
        picture.clock.wall.0 -= minutes * 60_000;
        picture.clock.at_ms += 20 * 60_000;
        picture.paper = PaperState::Sealed;
        Seat::new(picture, lang, size)
    }
}

#[test]
fn check_in_shows_the_seat_the_exam_and_what_is_missing() {
    let seat = |lang, size| {
        let mut seat = Seat::new(reached(), lang, size);
        seat.model.hint = Some(DemoHint {
            number: "202611210207".to_owned(),
            tail: "011234".to_owned(),
        });
        seat.keys("202611210207")
            .key(Key::Tab)
            .keys("01")
            .key(Key::Enter);
        seat
    };
    screens(
        "check-in",
        seat,
        [
            &[
                "考位 A-07",
                "14:20:0",
                "2026 1121 0207",
                "还差4位",
                "14:00-14:45",
                "键盘 正常",
            ],
            &[
                "Seat A-07",
                "14:20:0",
                "2026 1121 0207",
                "4 missing",
                "14:00-14:45",
                "keyboard OK",
            ],
        ],
    );
}

#[test]
fn a_refusal_stands_beside_the_fields_until_something_is_typed() {
    let mut seat = Seat::small(reached());
    seat.model.form.error = Some(FormError::Refused(Refusal::NoMatch { tries_left: 3 }));
    assert!(seat.text().contains("没有查到匹配的考生"));
    seat.keys("2");
    assert!(!seat.text().contains("没有查到匹配的考生"));
}

#[test]
fn before_log_in_opens_there_is_no_form() {
    let mut picture = reached();
    picture.clock.hall = START - exam_core::Span::minutes(60);
    picture.clock.wall.0 -= 60 * 60_000;
    let mut seat = Seat::small(picture);
    let text = seat.text();
    assert!(
        text.contains("考位 A-07　自检正常　13:30 开放登录。"),
        "{text}"
    );
    assert!(!text.contains("准考证号"));
    seat.keys("2026");
    assert_eq!(seat.model.form.number.text(), "");
}

#[test]
fn confirm_shows_the_own_data() {
    screens(
        "confirm",
        before(Label::ConfirmDetails, 15),
        [
            &[
                "张三丰",
                "202611210207",
                "1234",
                "A-07（与桌贴一致？）",
                "45分钟",
                "13:45:00",
            ],
            &[
                "张三丰",
                "202611210207",
                "1234",
                "A-07 (same as your desk label?)",
                "13:45:00",
            ],
        ],
    );
}

#[test]
fn the_undertaking_is_paged_and_says_so() {
    screens(
        "undertaking",
        before(Label::Undertaking, 12),
        [
            &["第1页/共", "距开考 00:12:00"],
            &["Page 1 of", "Starts in 00:12:00"],
        ],
    );
}

#[test]
fn waiting_says_when_and_that_nothing_need_be_done() {
    screens(
        "waiting",
        before(Label::AwaitStart, 2),
        [
            &["计划 14:00 开考", "00:02:00", "13:58:00", "本机试卷已就绪"],
            &[
                "Planned start 14:00",
                "00:02:00",
                "13:58:00",
                "on this machine",
            ],
        ],
    );
}

#[test]
fn after_the_planned_start_the_clock_is_said_not_to_run() {
    let seat = before(Label::AwaitStart, -3)(Lang::Zh, (80, 24));
    assert!(
        seat.text()
            .contains("请稍候，等待监考员宣布开考。开考前不计时。")
    );
}

#[test]
fn a_late_candidate_is_told_what_is_left() {
    let seat = Seat::small(at(Label::Late));
    let text = seat.text().replace(['\n', ' ', '│'], "");
    let words = "你迟到20分钟，按规定不补时：可用25分钟，14:45结束。按Enter开始。";
    assert!(text.contains(words), "{text}");
}

#[test]
fn a_single_choice_question() {
    screens(
        "question",
        of(|| busy(0)),
        [
            &[
                "A-07 张三丰",
                "第58题/共100题",
                "剩余 00:25:00",
                "已保存 84 题",
                "(x) A",
                ">(*) B",
                "你的选择：B",
                "标记：? 待检查",
                "A-07  202611210207",
            ],
            &[
                "A-07 张三丰",
                "Question 58 of 100",
                "Left 00:25:00",
                "84 saved",
                "(x) A",
                ">(*) B",
                "Your choice: B",
                "Flag: ? to check",
                "A-07  202611210207",
            ],
        ],
    );
}

#[test]
fn a_true_false_question() {
    let make = |lang, size| {
        let mut seat = Seat::new(answering(12), lang, size);
        seat.keys("G12").key(Key::Enter);
        seat
    };
    screens(
        "true-false",
        make,
        [
            &[
                "第12题/共100题",
                "判断题 12/40",
                ">(*) B  × 错误",
                "A  √ 正确",
                "已保存 12 题",
            ],
            &[
                "Question 12 of 100",
                ">(*) B  × False",
                "A  √ True",
                "12 saved",
            ],
        ],
    );
}

#[test]
fn an_offline_question_counts_what_waits() {
    screens(
        "offline",
        of(|| offline(busy(3), 19)),
        [
            &["! 网络中断 00:01:00", "本机已存，待上传 3", "剩余 00:25:00"],
            &[
                "! Network down 00:01:00",
                "kept here, 3 waiting",
                "Left 00:25:00",
            ],
        ],
    );
}

#[test]
fn the_answer_card() {
    let make = |lang, size| {
        let mut seat = Seat::new(busy(0), lang, size);
        seat.key(Key::Tab);
        seat
    };
    screens(
        "card",
        make,
        [
            &[
                "[ 58B?]",
                "17·",
                "71",
                "已答 84   未答 16   标记 3",
                "已保存 84 题",
            ],
            &[
                "[ 58B?]",
                "17·",
                "Answered 84   Unanswered 16   Flagged 3",
                "84 saved",
            ],
        ],
    );
}

#[test]
fn review_before_hand_in() {
    let make = |lang, size| {
        let mut seat = Seat::new(busy(2), lang, size);
        seat.wait(15 * 60_000);
        seat.key(Key::F(10)).keys("SJ");
        seat.model.notice = None;
        seat
    };
    screens(
        "review",
        make,
        [
            &[
                "判断题(40)",
                "84",
                "17、33、87",
                "23、58、71",
                "还有 16 题未作答",
                "[J_]",
                "待上传 2",
            ],
            &[
                "True/false(40)",
                "84",
                "17, 33, 87",
                "23, 58, 71",
                "16 questions are",
                "[J_]",
                "2 waiting",
            ],
        ],
    );
}

#[test]
fn the_receipt_with_marks() {
    screens(
        "receipt",
        of(|| ended(End::HandedIn, true)),
        [
            &[
                "7K3F-92QD-M5XA",
                "2026-11-21 14:43:17",
                "已答 97 题 / 共 100 题",
                "得分 82 / 满分 100",
                "合格",
            ],
            &[
                "7K3F-92QD-M5XA",
                "2026-11-21 14:43:17",
                "97 of 100",
                "82 of 100 points",
                "Passed",
            ],
        ],
    );
}

#[test]
fn a_receipt_shows_marks_only_where_the_rules_do() {
    let text = Seat::small(ended(End::TimeUp, false)).text();
    assert!(text.contains("考试结束") && text.contains("时间到，系统交卷"));
    assert!(text.contains("无需抄写：回执已由考点留存，凭准考证号可查询。请安静离场。"));
    assert!(!text.contains("得分") && !text.contains("合格"));
}

#[test]
fn the_help_page_lists_the_keys_of_the_screen() {
    let make = |lang, size| {
        let mut seat = Seat::new(busy(0), lang, size);
        seat.key(Key::Char('H'));
        seat
    };
    screens(
        "help",
        make,
        [
            &["F10", "交卷", "请举手"],
            &["F10", "hand in", "raise your hand"],
        ],
    );
}
