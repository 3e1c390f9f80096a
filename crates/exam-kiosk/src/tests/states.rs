//! Facts of single screens that need no whole picture: trouble, ends, the card's filters, RULES W8.

use exam_client::{Ending, PaperState, Picture};
use exam_core::{End, Label, Lang};

use super::fixture::{Seat, answering, at, busy, ended, memory_only, offline, reached, session};
use crate::keymap::Key;
use crate::model::{Filter, Leave, Overlay, Screen};

#[test]
fn handing_in_says_what_is_awaited_and_when_offline_to_stay() {
    let closing = |ending| Picture { ending, ..busy(3) };
    let flat = |picture| Seat::small(picture).text().replace(['\n', ' ', '│'], "");
    let text = flat(closing(Ending::HandingIn));
    assert!(
        text.contains("正在交卷：还有3题等待服务器确认，请不要离开。"),
        "{text}"
    );
    let text = flat(offline(closing(Ending::HandingIn), 19));
    assert!(
        text.contains("你已确认交卷，答卷已封存在本机，网络恢复后自动上交。"),
        "{text}"
    );
    let text = flat(closing(Ending::Locked));
    assert!(
        text.contains("考试时间到，已停止作答，正在交卷。"),
        "{text}"
    );
    let text = flat(offline(closing(Ending::Locked), 19));
    assert!(text.contains("时间到之前的答案保存在本机"), "{text}");
}

#[test]
fn a_minute_after_the_end_no_name_and_no_number_are_left() {
    let mut seat = Seat::small(ended(End::HandedIn, true));
    assert!(seat.text().contains("张三丰"));
    seat.wait(60_000);
    let text = seat.text();
    assert_eq!(seat.model.screen(), Screen::Quiet);
    assert!(text.contains("考位 A-07 已交卷。请安静离场。"));
    assert!(!text.contains("张三丰") && !text.contains("202611210207"));
    // A demonstration keeps its result.
    seat.model.leave = Leave::Demonstration;
    assert!(seat.text().contains("得分 82"));
}

#[test]
fn states_that_wait_for_the_invigilator_say_so() {
    for (label, words) in [
        (Label::DetailsWrong, "已通知监考员：信息有误。"),
        (
            Label::AwaitIdentity,
            "请将准考证和证件原件放在桌面上，等待监考员核验。",
        ),
        (Label::Declined, "你未同意承诺内容，暂不能参加考试。"),
        (Label::Preparing, "正在接收试卷（已加密）"),
        (Label::Running, "已开考，正在打开试卷。"),
    ] {
        let text = Seat::small(at(label)).text();
        assert!(text.contains(words), "{label:?}:\n{text}");
    }
    let broken = Picture {
        paper: PaperState::Broken,
        ..at(Label::Running)
    };
    assert!(
        Seat::small(broken)
            .text()
            .contains("试卷未能正确打开。请举手")
    );
    let other = Picture {
        other_version: Some("0.2.0".to_owned()),
        ..Picture::default()
    };
    assert!(Seat::small(other).text().contains("服务器 0.2.0"));
    assert!(
        Seat::small(Picture::default())
            .text()
            .contains("正在连接服务器")
    );
    let away = Picture {
        link: exam_client::Link::Offline { since_ms: 0 },
        ..Picture::default()
    };
    assert!(Seat::small(away).text().contains("正在自动重试"));
}

#[test]
fn a_small_window_shows_rest_and_safety_and_nothing_of_the_question() {
    let seat = Seat::new(busy(2), Lang::Zh, (60, 12));
    let text = seat.text();
    for fact in [
        "当前 60 列 12 行，至少需要 80 列 24 行",
        "剩余 00:25:00",
        "本机已存，待上传 2",
    ] {
        assert!(text.contains(fact), "{text}");
    }
    assert!(!text.contains("第三次来电"));
    let tiny = Seat::new(busy(2), Lang::Zh, (30, 5)).text();
    assert!(
        tiny.contains("30x5 < 80x24") && tiny.contains("00:25:00"),
        "{tiny}"
    );
}

#[test]
fn w8_header_card_and_hand_in_page_say_the_same() {
    for (waiting, word) in [(0, "已保存 84 题"), (5, "本机已存，待上传 5")] {
        let mut seat = Seat::new(busy(waiting), Lang::Zh, (120, 40));
        // Header and card beside the question.
        assert_eq!(seat.text().matches(word).count(), 2);
        seat.key(Key::F(10));
        assert_eq!(seat.text().matches(word).count(), 2, "{}", seat.text());
        let mut seat = Seat::small(busy(waiting));
        seat.key(Key::Tab);
        assert_eq!(seat.text().matches(word).count(), 2, "{}", seat.text());
    }
}

#[test]
fn without_a_disk_the_screen_says_so() {
    let text = Seat::small(memory_only(busy(0))).text();
    assert!(text.contains("本机存储不可用：答案仅存内存，请勿关机。"));
    let text = Seat::small(memory_only(reached())).text();
    assert!(text.contains("本机存储 答案仅存内存"), "{text}");
}

#[test]
fn a_hidden_clock_comes_back_for_the_last_five_minutes() {
    let mut seat = Seat::small(busy(0));
    seat.key(Key::F(4));
    assert!(seat.text().contains("剩余时间已隐藏") && !seat.text().contains("00:24"));
    seat.wait(20 * 60_000);
    assert!(seat.text().contains("剩余 00:05:00"), "{}", seat.text());
}

#[test]
fn a_filtered_card_shows_the_open_items_alone() {
    let mut seat = Seat::small(busy(0));
    seat.key(Key::Tab).keys("1");
    let Overlay::Card {
        filter: Filter::Unanswered,
        at,
    } = seat.model.overlay
    else {
        panic!("{:?}", seat.model.overlay);
    };
    assert_eq!(at, 86);
    let text = seat.text();
    assert!(
        text.contains(" 17·") && text.contains("[ 87·") && !text.contains("18√"),
        "{text}"
    );
    seat.keys("2");
    assert!(seat.text().contains("71"), "{}", seat.text());
}

#[test]
fn a_paper_of_two_hundred_shows_the_section_of_the_cursor() {
    let mut picture = answering(0);
    picture.paper = PaperState::Open(super::fixture::paper(40, 160).into());
    picture.view = Some(session(Label::Running));
    let mut seat = Seat::small(picture);
    seat.key(Key::Tab).key(Key::End);
    let text = seat.text();
    assert!(text.contains("[200·"), "{text}");
    assert!(
        text.contains("单选题 41-200") && !text.contains("判断题 1-40"),
        "{text}"
    );
}
