//! Check-in and confirmation of the own data.

use exam_client::{Link, SpoolState};
use exam_term::Role;
use exam_term::widgets::{frame_box, popup_area};
use exam_text::Args;
use ratatui::layout::Rect;

use super::Pen;
use super::chrome::seat;
use super::words::{MINUTES, date_at, refusal, say, tell, time_at};
use crate::keymap::Key;
use crate::model::{Field, FormError, TAIL};
use crate::update::Msg;

/// Width of the boxes of these screens.
const BOX: u16 = 62;
/// Rows of the log-in screen, and of the form on it.
const CHECK_IN: u16 = 18;
const FORM: u16 = 9;

/// Draws the log-in screen, or, before log-in opens, when it will.
pub(super) fn check_in(pen: &mut Pen<'_>) {
    let whole = pen.body();
    let body = popup_area(whole, whole.width, CHECK_IN);
    let mut y = exam_lines(pen, body);
    if pen.model.log_in_is_open() {
        let place = Rect {
            x: body.x + (body.width - BOX) / 2,
            y,
            width: BOX,
            height: FORM,
        };
        form(pen, place);
    } else {
        let args = Args::new()
            .text("seat", seat(pen.model))
            .text("time", opens(pen));
        let words = tell(pen.model, "kiosk-idle", &args);
        let area = Rect {
            x: body.x + (body.width - BOX) / 2,
            width: BOX,
            ..body
        };
        pen.prose(area, y + 2, &words, Role::Strong);
    }
    y += FORM;
    if let Some(hint) = &pen.model.hint {
        let args = Args::new()
            .text("number", hint.number.as_str())
            .text("tail", hint.tail.as_str());
        let words = tell(pen.model, "demo-hint", &args);
        pen.centred(body, y, &words, Role::Accent);
    }
    let args = Args::new().text("seat", seat(pen.model));
    let compare = tell(pen.model, "login-compare-seat", &args);
    let room = popup_area(body, BOX + 10, body.height);
    let y = pen.centred_prose(room, y + 1, &compare, Role::Strong);
    self_test(pen, body, y + 1);
}

fn opens(pen: &Pen<'_>) -> String {
    let hall = pen.model.picture.hall.as_ref();
    hall.map_or_else(String::new, |hall| {
        time_at(pen.model, hall.log_in_opens, MINUTES)
    })
}

/// Writes the exam, its time and its size; returns the row after them.
fn exam_lines(pen: &mut Pen<'_>, body: Rect) -> u16 {
    let model = pen.model;
    let Some(hall) = model.picture.hall.clone() else {
        return body.y + 3;
    };
    let title = hall
        .title
        .as_ref()
        .map_or(hall.sitting.as_str(), |title| title.get(model.lang));
    pen.centred(body, body.y, title, Role::Strong);
    let end = hall.planned + exam_core::Span::minutes(i64::from(hall.minutes));
    let args = Args::new()
        .text("date", date_at(model, hall.planned))
        .text("from", time_at(model, hall.planned, MINUTES))
        .text("to", time_at(model, end, MINUTES))
        .count("minutes", hall.minutes)
        .count("count", hall.items)
        .text("points", hall.full_marks.to_string());
    let words = tell(model, "login-exam", &args);
    pen.centred(body, body.y + 1, &words, Role::Text);
    body.y + 3
}

fn form(pen: &mut Pen<'_>, place: Rect) {
    let model = pen.model;
    let title = say(model, "login-title");
    let inner = frame_box(pen.buf, place, &title, Role::Dim, model.look);
    let digits = Args::new().count("digits", i64::try_from(TAIL).unwrap_or(6));
    let number = say(model, "login-number");
    let tail = tell(model, "login-tail", &digits);
    for (y, label, own) in [(0, number, Field::Number), (2, tail, Field::Tail)] {
        let focused = model.form.field == own && !model.form.sent;
        let mark = if focused { "> " } else { "  " };
        let role = if focused { Role::Strong } else { Role::Text };
        pen.put(
            (inner.x, inner.y + y),
            &format!("{mark}{label}"),
            inner.width,
            role,
        );
        let at = Rect {
            x: inner.x + 2,
            y: inner.y + y + 1,
            width: inner.width - 2,
            height: 1,
        };
        let input = match own {
            Field::Number => &model.form.number,
            Field::Tail => &model.form.tail,
        };
        let cursor = input.draw(pen.buf, at, focused, model.look);
        if focused {
            pen.focus = Some(cursor);
        } else {
            pen.hits.push((
                Rect {
                    height: 2,
                    y: inner.y + y,
                    ..inner
                },
                Msg::Click(Key::Tab),
            ));
        }
    }
    let (words, role) = form_message(pen);
    let below = Rect {
        y: inner.y + 5,
        height: 2,
        ..inner
    };
    pen.prose(below, below.y, &words, role);
    if !pen.model.form.sent {
        pen.hits.push((below, Msg::Click(Key::Enter)));
    }
}

/// What is wrong, beside the fields (C43); else what Enter does.
fn form_message(pen: &Pen<'_>) -> (String, Role) {
    let model = pen.model;
    let wrong = |words: String| (format!("! {words}"), Role::Waiting);
    if matches!(model.picture.link, Link::Offline { .. } | Link::Connecting) {
        return wrong(say(model, "login-no-server"));
    }
    if model.form.sent {
        return (say(model, "login-checking"), Role::Strong);
    }
    match &model.form.error {
        Some(FormError::Refused(said)) => wrong(refusal(model, said)),
        Some(FormError::Number) => wrong(say(model, "login-number-missing")),
        Some(FormError::Tail { missing }) => {
            let args = Args::new()
                .count("want", super::words::number(TAIL))
                .count("missing", super::words::number(*missing));
            wrong(tell(model, "login-tail-short", &args))
        }
        None => (
            format!("Enter  {}", say(model, "login-enter")),
            Role::Accent,
        ),
    }
}

/// The self-test, with words instead of colours.
fn self_test(pen: &mut Pen<'_>, body: Rect, y: u16) {
    let model = pen.model;
    let good = |good: bool| say(model, if good { "check-good" } else { "check-bad" });
    let keyboard = if model.key_seen {
        good(true)
    } else {
        say(model, "check-press-key")
    };
    let storage = match &model.picture.spool {
        SpoolState::OnDisk => good(true),
        SpoolState::MemoryOnly { .. } => say(model, "check-memory-only"),
    };
    let line = [
        ("check-keyboard", keyboard),
        ("check-chinese", good(model.look.glyphs.cjk_ok)),
        ("check-spool", storage),
        ("check-server", good(model.picture.link == Link::Online)),
    ]
    .map(|(id, state)| format!("{} {state}", say(model, id)))
    .join("  ");
    let colon = if model.lang == exam_core::Lang::Zh {
        ""
    } else {
        " "
    };
    let words = format!("{}{colon}{line}", say(model, "check-line"));
    pen.centred(body, y, &words, Role::Text);
    if !model.look.glyphs.cjk_ok {
        let words = say(model, "no-chinese");
        pen.centred(body, y + 1, &words, Role::Waiting);
    }
}

/// Draws the own data to be confirmed (C2).
pub(super) fn confirm(pen: &mut Pen<'_>) {
    let model = pen.model;
    let Some(own) = model.picture.candidate.clone() else {
        return;
    };
    let place = popup_area(pen.body(), BOX, 15);
    let title = say(model, "confirm-title");
    let inner = frame_box(pen.buf, place, &title, Role::Dim, model.look);
    let seat = Args::new().text("seat", seat(model));
    let minutes = i64::from(own.minutes) * i64::from(own.factor) / 100;
    let extra = if own.factor > 100 {
        let percent = Args::new().count("percent", own.factor - 100);
        tell(model, "accommodation-extra", &percent)
    } else {
        say(model, "accommodation-none")
    };
    let rows = [
        ("field-name", own.name.clone()),
        ("field-number", own.number.clone()),
        ("field-document", own.id_masked.clone()),
        ("field-exam", own.title.get(model.lang).to_owned()),
        ("field-seat", tell(model, "confirm-seat", &seat)),
        ("field-minutes", {
            tell(
                model,
                "confirm-minutes",
                &Args::new().count("minutes", minutes),
            )
        }),
        ("field-accommodation", extra),
    ];
    let y = table(pen, inner, inner.y + 1, &rows);
    let y = pen.prose(inner, y + 1, &say(model, "confirm-ask"), Role::Strong);
    pen.prose(inner, y, &say(model, "confirm-recorded"), Role::Text);
    pen.focus = Some((inner.x, y.saturating_sub(1)).into());
}

/// Writes labels and values, one row each; returns the row after the last.
pub(super) fn table(pen: &mut Pen<'_>, area: Rect, y: u16, rows: &[(&str, String)]) -> u16 {
    let glyphs = pen.model.look.glyphs;
    let labels: Vec<String> = rows.iter().map(|(id, _)| say(pen.model, id)).collect();
    let width = labels
        .iter()
        .map(|label| glyphs.width(label))
        .max()
        .unwrap_or(0);
    let mut y = y;
    for (label, (_, value)) in labels.iter().zip(rows) {
        pen.put((area.x, y), &glyphs.stretch(label, width), width, Role::Dim);
        let room = area.width.saturating_sub(width + 2);
        let value = glyphs.clip(value, room);
        pen.put((area.x + width + 2, y), &value, room, Role::Text);
        y += 1;
    }
    y
}
