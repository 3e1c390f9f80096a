//! The receipt, and below it the marks where the rule file shows them.

use exam_client::{Ending, MarksShown, ReceiptShown};
use exam_core::End;
use exam_term::Role;
use exam_term::widgets::{frame_box, popup_area};
use exam_term::wrap::wrap;
use exam_text::Args;
use ratatui::layout::Rect;

use super::Pen;
use super::before::table;
use super::words::{SECONDS, say, tell, time_of};
use crate::model::{Leave, Model};

/// Width of both boxes.
const WIDTH: u16 = 66;

/// Draws it.
pub(super) fn receipt(pen: &mut Pen<'_>) {
    let Ending::Ended(receipt) = pen.model.picture.ending.clone() else {
        return;
    };
    let marks = receipt.marks.as_ref();
    let result = marks.map_or(0, |marks| {
        u16::try_from(marks.sections.len().min(3)).unwrap_or(3) + 4
    });
    // In English the last line may take two rows.
    let words = say(pen.model, keep(pen.model));
    let rows = wrap(&words, WIDTH - 4, pen.model.look.glyphs).len();
    let upper = 10 + u16::try_from(rows).unwrap_or(2);
    let whole = popup_area(pen.body(), WIDTH, upper + result);
    let upper = Rect {
        height: upper.min(whole.height),
        ..whole
    };
    paper(pen, upper, &receipt);
    if let Some(marks) = marks {
        let room = whole.bottom().saturating_sub(upper.bottom());
        let lower = Rect {
            y: upper.bottom(),
            height: room,
            ..whole
        };
        points(pen, lower, marks);
    }
}

fn paper(pen: &mut Pen<'_>, place: Rect, receipt: &ReceiptShown) {
    let model = pen.model;
    let title = match receipt.end {
        End::HandedIn => "receipt-title",
        End::TimeUp | End::Absent => "receipt-title-time-up",
    };
    let inner = frame_box(pen.buf, place, &say(model, title), Role::Good, model.look);
    let day = time_of(model, receipt.at_wall, "%Y-%m-%d");
    let time = format!("{day} {}", time_of(model, receipt.at_wall, SECONDS));
    let counts = Args::new()
        .count("answered", receipt.answered)
        .count("total", receipt.total);
    let own = model.picture.candidate.as_ref();
    let rows = [
        (
            "field-name",
            own.map_or_else(String::new, |own| own.name.clone()),
        ),
        (
            "field-number",
            own.map_or_else(String::new, |own| own.number.clone()),
        ),
        (
            "receipt-how",
            say(model, &format!("end-{}", receipt.end.id())),
        ),
        (
            "receipt-time",
            tell(model, "receipt-time-of", &Args::new().text("time", time)),
        ),
        (
            "receipt-answered",
            tell(model, "receipt-answered-of", &counts),
        ),
        ("receipt-code", receipt.code.clone()),
        ("receipt-digest", receipt.check.clone()),
    ];
    let y = table(pen, inner, inner.y, &rows);
    pen.focus = Some((inner.x, inner.y).into());
    pen.put(
        (inner.x, y),
        &say(model, "receipt-acked"),
        inner.width,
        Role::Good,
    );
    pen.prose(inner, y + 1, &say(model, keep(model)), Role::Strong);
}

/// What to do now.
const fn keep(model: &Model) -> &'static str {
    match model.leave {
        Leave::Demonstration => "demo-leave",
        Leave::Never => "receipt-keep",
    }
}

fn points(pen: &mut Pen<'_>, place: Rect, marks: &MarksShown) {
    let model = pen.model;
    let inner = frame_box(
        pen.buf,
        place,
        &say(model, "result-title"),
        Role::Dim,
        model.look,
    );
    let args = Args::new()
        .text("points", marks.total.to_string())
        .text("full", marks.full.to_string());
    let words = tell(model, "result-points", &args);
    let x = pen.put((inner.x, inner.y), &words, inner.width, Role::Strong) + 3;
    let (id, role) = if marks.passed {
        ("result-pass", Role::Good)
    } else {
        ("result-fail", Role::Strong)
    };
    let room = inner.right().saturating_sub(x);
    pen.put((x, inner.y), &say(model, id), room, role);
    let mut y = inner.y + 1;
    for section in marks.sections.iter().take(3) {
        let args = Args::new()
            .text(
                "section",
                say(model, &format!("section-{}", section.kind.name())),
            )
            .text("points", section.marks.to_string())
            .text("full", section.full.to_string());
        pen.put(
            (inner.x, y),
            &tell(model, "result-section", &args),
            inner.width,
            Role::Text,
        );
        y += 1;
    }
    pen.put(
        (inner.x, y),
        &say(model, "result-note"),
        inner.width,
        Role::Dim,
    );
}
