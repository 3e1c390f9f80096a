//! What a choice looks like on its way to the hall, and the mouse as a second keyboard.

use exam_client::{Act, Saved};
use exam_core::Lang;

use super::fixture::{Seat, busy, item_id, option_id};
use crate::Msg;
use crate::keymap::Key;

/// A seat at item 58 (single choice, B chosen), everything saved.
fn at_58() -> Seat {
    let mut seat = Seat::small(busy(0));
    seat.acts();
    seat
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
    assert_eq!(
        seat.acts(),
        [Act::Choose {
            item: item_id(58),
            choice: Some(option_id(2))
        }]
    );
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
