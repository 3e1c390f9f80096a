//! The undertaking, page by page: the text shown is the signed one, nothing added or left out.

use exam_term::widgets::{frame_box, page, page::Pager};
use exam_term::wrap::{Row, wrap, wrap_led};
use exam_term::{Role, ink};
use ratatui::layout::Rect;

use super::Pen;
use super::words::say;
use crate::model::{Model, Screen};

/// Rows of the box that asks.
const ASK: u16 = 4;
/// Width of the text: long lines are hard to follow.
const WIDTH: u16 = 74;

fn text_area(model: &Model) -> Rect {
    let body = super::body(model);
    let width = WIDTH.min(body.width.saturating_sub(4));
    Rect {
        x: body.x + (body.width - width) / 2,
        width,
        height: body.height.saturating_sub(ASK + 1),
        ..body
    }
}

fn rows(model: &Model) -> Vec<Row> {
    let Some(own) = &model.picture.candidate else {
        return Vec::new();
    };
    let width = text_area(model).width;
    own.undertaking
        .get(model.lang)
        .trim_end()
        .lines()
        .flat_map(|line| paragraph(line, width, model))
        .collect()
}

/// Breaks one paragraph; behind `1. ` or `一、` the lines hang.
fn paragraph(line: &str, width: u16, model: &Model) -> Vec<Row> {
    let line = line.trim_start_matches('#').trim_start();
    let glyphs = model.look.glyphs;
    for (mark, skip) in [(". ", 2), ("、", "、".len())] {
        if let Some(at) = line.find(mark)
            && (1..=9).contains(&at)
            && line[..at]
                .chars()
                .all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
        {
            let (lead, text) = line.split_at(at + skip);
            return wrap_led(lead, text, width, glyphs);
        }
    }
    wrap(line, width, glyphs)
}

/// Returns how many pages it takes; at least one.
pub(super) fn pages(model: &Model) -> usize {
    Pager::new(rows(model).len(), text_area(model).height).pages()
}

/// Draws the page, and below it what is asked.
pub(super) fn undertaking(pen: &mut Pen<'_>) {
    let model = pen.model;
    let area = text_area(model);
    let rows = rows(model);
    if rows.is_empty() {
        let words = say(model, "undertaking-loading");
        return pen.centred(area, area.y + area.height / 2, &words, Role::Text);
    }
    let more = say(model, "question-more");
    page(pen.buf, area, &rows, model.page, &more, model.look);
    pen.focus = Some((area.x, area.y).into());
    if !matches!(model.screen(), Screen::Undertaking | Screen::Declined) {
        return;
    }
    let place = Rect {
        y: area.bottom() + 1,
        height: ASK,
        ..area
    };
    let title = say(model, "undertaking-box");
    let inner = frame_box(pen.buf, place, &title, Role::Dim, model.look);
    let read = model.undertaking_is_read();
    let (first, role) = if read {
        (say(model, "undertaking-ask"), Role::Strong)
    } else {
        (say(model, "undertaking-read-on"), Role::Waiting)
    };
    let style = model.look.style(role);
    ink::put(
        pen.buf,
        (inner.x, inner.y),
        &first,
        inner.width,
        style,
        model.look.glyphs,
    );
    let decline = say(model, "undertaking-decline");
    pen.put((inner.x, inner.y + 1), &decline, inner.width, Role::Text);
    if read {
        pen.focus = Some((inner.x, inner.y).into());
    }
}
