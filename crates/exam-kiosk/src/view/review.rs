//! Review and hand-in: a table by section, the lists of what is open, and the typed confirmation
//! (C31, C32).

use exam_core::PaperItem;
use exam_term::Role;
use exam_term::widgets::{frame_box, popup, popup_area};
use exam_term::wrap::wrap;
use exam_text::Args;
use ratatui::layout::Rect;

use super::Pen;
use super::words::{number, saved_word, say, tell, tell_count, too_early};
use crate::keymap::Key;
use crate::model::{Filter, Model};
use crate::update::Msg;

/// Width of the page.
const WIDTH: u16 = 70;
/// Columns of the labels of the table, and of each number.
const LABEL: u16 = 12;
const COLUMN: u16 = 18;
/// The most sections that get a column of their own.
const SECTIONS: usize = 2;
/// The most rows of the page: on a tall screen it stands in the middle.
const HEIGHT: u16 = 26;
/// Rows of the box that asks once more.
const ASK: u16 = 5;

/// Draws the page, and over its foot the confirmation.
pub(super) fn review(pen: &mut Pen<'_>, confirm: Option<u8>) {
    let body = pen.body();
    let area = popup_area(body, WIDTH, body.height.min(HEIGHT));
    let table_height = 7;
    let place = Rect {
        height: table_height,
        ..area
    };
    table(pen, place);
    let model = pen.model;
    let mut y = place.bottom();
    let (word, role) = saved_word(model, model.picture.tally());
    pen.put((area.x + 2, y), &word, area.width - 2, role);
    y += 1;
    if let Some(from) = model
        .picture
        .view
        .as_ref()
        .and_then(|view| view.hand_in_from)
        && model.picture.clock.hall_at(model.now_ms) < from
    {
        let words = too_early(model, from);
        let room = Rect {
            x: area.x + 2,
            width: area.width - 4,
            ..area
        };
        y = pen.prose(room, y, &words, Role::Waiting);
    }
    y += 1;
    let asking = if confirm.is_some() { ASK } else { 0 };
    let bottom = area.bottom().saturating_sub(asking);
    let room = Rect {
        x: area.x + 2,
        y,
        width: area.width - 4,
        height: bottom.saturating_sub(y),
    };
    lists(pen, room);
    pen.focus = Some((area.x + 2, place.bottom()).into());
    if let Some(typed) = confirm {
        ask(pen, area, typed);
    }
}

fn table(pen: &mut Pen<'_>, place: Rect) {
    let model = pen.model;
    let title = say(model, "review-box");
    let inner = frame_box(pen.buf, place, &title, Role::Dim, model.look);
    let Some(paper) = model.picture.open_paper().cloned() else {
        return;
    };
    let mut columns = Vec::new();
    let sections: Vec<_> = paper.parts.iter().flat_map(|part| &part.sections).collect();
    if sections.len() <= SECTIONS {
        for section in &sections {
            let name = say(model, &format!("section-{}", section.kind.name()));
            let tally = model
                .picture
                .tally_of(section.items.iter().map(|item| &item.item));
            columns.push((format!("{name}({})", tally.total), tally));
        }
    }
    columns.push((say(model, "review-total"), model.picture.tally()));
    let rows = ["review-answered", "review-unanswered", "review-flagged"];
    for (index, id) in rows.iter().enumerate() {
        let y = inner.y + 2 + u16::try_from(index).unwrap_or(0);
        pen.put((inner.x, y), &say(model, id), LABEL, Role::Text);
    }
    let glyphs = model.look.glyphs;
    let mut x = inner.x + LABEL;
    for (name, tally) in &columns {
        pen.put((x, inner.y), &glyphs.right(name, COLUMN), COLUMN, Role::Dim);
        let counts = [tally.answered, tally.unanswered, tally.flagged];
        for (y, count) in (inner.y + 2..).zip(counts) {
            let count = glyphs.right(&count.to_string(), COLUMN);
            pen.put((x, y), &count, COLUMN, Role::Strong);
        }
        x += COLUMN;
    }
}

/// Lists unanswered and flagged items by their numbers.
fn lists(pen: &mut Pen<'_>, area: Rect) {
    let model = pen.model;
    let both = [
        ("review-list-unanswered", Filter::Unanswered, Key::Char('U')),
        ("review-list-flagged", Filter::Flagged, Key::Char('M')),
    ];
    let mut y = area.y;
    for (index, (id, filter, key)) in both.into_iter().enumerate() {
        let left = area.bottom().saturating_sub(y);
        // The first list leaves a row to the second.
        let most = if index == 0 {
            left.saturating_sub(1)
        } else {
            left
        };
        if most == 0 {
            return;
        }
        let (text, role) = list(model, id, filter, area.width, usize::from(most));
        let end = pen.prose(area, y, &text, role);
        pen.hits.push((
            Rect {
                y,
                height: end - y,
                ..area
            },
            Msg::Click(key),
        ));
        y = end;
    }
}

/// Writes a list in at most `rows` rows; what does not fit is counted.
fn list(model: &Model, id: &str, filter: Filter, width: u16, rows: usize) -> (String, Role) {
    let numbers = numbers(model, filter);
    if numbers.is_empty() {
        let none = Args::new().text("list", say(model, "review-list-none"));
        return (tell(model, id, &none), Role::Dim);
    }
    let comma = if model.lang == exam_core::Lang::Zh {
        "、"
    } else {
        ", "
    };
    let of = |count: usize| {
        let mut list = numbers.get(..count).unwrap_or_default().join(comma);
        if count < numbers.len() {
            list.push_str(if comma == "、" { "" } else { " " });
            let rest = if comma == "、" {
                numbers.len()
            } else {
                numbers.len() - count
            };
            list.push_str(&tell_count(model, "review-and-more", number(rest)));
        }
        tell(model, id, &Args::new().text("list", list))
    };
    let fits = |count: &usize| wrap(&of(*count), width, model.look.glyphs).len() <= rows;
    let count = (1..=numbers.len()).rev().find(fits).unwrap_or(1);
    (of(count), Role::Text)
}

fn numbers(model: &Model, filter: Filter) -> Vec<String> {
    let Some(paper) = model.picture.open_paper() else {
        return Vec::new();
    };
    let passes = |item: &&PaperItem| crate::update::passes(model, &item.item, filter);
    let items = paper.items().map(|(_, item)| item);
    items
        .filter(passes)
        .map(|item| item.number.to_string())
        .collect()
}

/// Asks once more: J, J, Enter, and never Enter-Enter.
fn ask(pen: &mut Pen<'_>, area: Rect, typed: u8) {
    let model = pen.model;
    let place = Rect {
        y: area.bottom().saturating_sub(ASK),
        height: ASK,
        ..area
    };
    let title = say(model, "hand-in-again");
    let inner = popup(pen.buf, place, &title, model.look);
    let open = model.picture.tally().unanswered;
    let (words, role) = if open == 0 {
        (say(model, "hand-in-whole"), Role::Text)
    } else {
        (tell_count(model, "hand-in-left", open), Role::Waiting)
    };
    pen.put((inner.x, inner.y), &words, inner.width, role);
    let words = say(model, "hand-in-type");
    let x = pen.put((inner.x, inner.y + 1), &words, inner.width, Role::Strong);
    let letters = "J".repeat(usize::from(typed));
    let field = format!("[{letters:_<2}]");
    pen.put((x + 1, inner.y + 1), &field, 4, Role::FieldFocus);
    pen.focus = Some((x + 2 + u16::from(typed.min(1)), inner.y + 1).into());
    pen.put(
        (inner.x, inner.y + 2),
        &say(model, "hand-in-cancel"),
        inner.width,
        Role::Dim,
    );
}
