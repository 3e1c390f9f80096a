//! The screen on a terminal that is too small: size, rest, what is saved and what waits, and
//! nothing of the question.

use exam_term::{Role, wrap};
use exam_text::Args;

use super::Pen;
use super::words::{saved_word, say, tell};
use crate::model::MIN_SIZE;

/// Below this there is no room for sentences.
const SENTENCES: (u16, u16) = (40, 6);

/// Draws it.
pub(super) fn too_small(pen: &mut Pen<'_>) {
    let model = pen.model;
    let (width, height) = model.size;
    let mut lines: Vec<(String, Role)> = Vec::new();
    let title = (say(model, "small-title"), Role::Strong);
    let size = Args::new()
        .count("width", width)
        .count("height", height)
        .count("needwidth", MIN_SIZE.0)
        .count("needheight", MIN_SIZE.1);
    let size = (tell(model, "small-size", &size), Role::Text);
    let safe = saved_word(model, model.picture.tally());
    let rest = model
        .picture
        .rest(model.now_ms)
        .map(|rest| rest.to_string());
    if width < SENTENCES.0 || height < SENTENCES.1 {
        lines.push((
            format!("{width}x{height} < {}x{}", MIN_SIZE.0, MIN_SIZE.1),
            Role::Strong,
        ));
        lines.extend(rest.map(|rest| (rest, Role::Accent)));
        if model.picture.open_paper().is_some() {
            lines.push(safe);
        }
        lines.push(title);
    } else {
        lines.extend([title, size]);
        if model.picture.open_paper().is_some() {
            lines.push(safe);
        }
        if let Some(rest) = rest {
            let args = Args::new().text("time", rest);
            lines.push((tell(model, "small-left", &args), Role::Accent));
        }
        lines.push((say(model, "small-call"), Role::Text));
    }
    let mut rows = Vec::new();
    for (text, role) in &lines {
        for row in wrap::wrap(text, width, model.look.glyphs) {
            rows.push((row.text(), *role));
        }
    }
    let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let mut y = pen.area.y + pen.area.height.saturating_sub(count) / 2;
    for (text, role) in rows {
        pen.centred(pen.area, y, &text, role);
        y = y.saturating_add(1);
    }
}
