//! What lies over a screen: the jump by number, and the help page.

use exam_term::Role;
use exam_term::widgets::{clear_wide_safe, popup, popup_area};
use ratatui::layout::Rect;

use super::words::say;
use super::{Pen, hints};
use crate::keymap::Key;
use crate::model::{Model, Overlay, Screen};
use crate::update::Msg;

/// Width of the help page.
const HELP: u16 = 70;

/// Draws what lies over the screen, if anything does.
pub(super) fn popups(pen: &mut Pen<'_>) {
    match pen.model.overlay {
        Overlay::Goto { number } if pen.model.screen() == Screen::Question => goto(pen, number),
        Overlay::Help => help(pen),
        Overlay::None
        | Overlay::Card { .. }
        | Overlay::Goto { .. }
        | Overlay::Strike
        | Overlay::Review { .. }
        | Overlay::Rules => {}
    }
}

fn goto(pen: &mut Pen<'_>, number: usize) {
    let model = pen.model;
    let body = pen.body();
    let place = popup_area(body, 40, 5);
    cover(pen, place);
    let title = say(model, "goto-title");
    let inner = popup(pen.buf, place, &title, model.look);
    let y = inner.y + 1;
    let words = say(model, "goto-ask");
    let x = pen.put((inner.x, y), &words, inner.width, Role::Text) + 1;
    let typed = if number == 0 {
        String::new()
    } else {
        number.to_string()
    };
    let room = inner.right().saturating_sub(x);
    pen.put((x, y), &format!("[{typed:_<3}]"), room, Role::FieldFocus);
    let after = u16::try_from(typed.len()).unwrap_or(0);
    pen.focus = Some((x + 1 + after, y).into());
}

/// Empties the rows of a popup from edge to edge, and takes away what could be hit there.
fn cover(pen: &mut Pen<'_>, place: Rect) {
    let rows = Rect {
        x: 0,
        width: pen.area.width,
        ..place
    };
    clear_wide_safe(pen.buf, rows, pen.model.look);
    pen.hits.retain(|(area, _)| !area.intersects(rows));
}

/// Lists every key of the screen beneath, and that a raised hand always works.
fn help(pen: &mut Pen<'_>) {
    let model = pen.model;
    let beneath = Model {
        overlay: Overlay::None,
        ..model.clone()
    };
    let mut keys: Vec<(String, String)> = hints::hints(&beneath)
        .into_iter()
        .map(|hint| (hint.key, hint.words))
        .collect();
    if !keys.iter().any(|(key, _)| key == "F5") {
        keys.push(("F5".to_owned(), say(model, "hint-repaint")));
    }
    let half = keys.len().div_ceil(2);
    let height = u16::try_from(half).unwrap_or(u16::MAX).saturating_add(4);
    let body = pen.body();
    cover(pen, body);
    let place = popup_area(body, HELP, height);
    let title = say(model, "help-title");
    let inner = popup(pen.buf, place, &title, model.look);
    pen.put(
        (inner.x, inner.y),
        &say(model, "help-hand"),
        inner.width,
        Role::Strong,
    );
    pen.focus = Some((inner.x, inner.y).into());
    let column = inner.width / 2;
    for (index, (key, words)) in keys.iter().enumerate() {
        let (side, row) = (index / half, index % half);
        let x = inner.x + column * u16::try_from(side).unwrap_or(0);
        let y = inner.y + 2 + u16::try_from(row).unwrap_or(0);
        if y >= inner.bottom() {
            continue;
        }
        let key = model.look.glyphs.left(key, 10);
        pen.put((x, y), &key, 10, Role::Accent);
        let room = column.saturating_sub(11);
        let words = model.look.glyphs.clip(words, room);
        pen.put((x + 11, y), &words, room, Role::Text);
    }
    pen.hits.push((place, Msg::Click(Key::Esc)));
}
