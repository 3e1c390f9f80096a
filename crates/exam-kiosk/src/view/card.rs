//! The answer card: every item with what is chosen, by shape and text (C25-C30).
//!
//! At 120 columns it stands beside the question for good; below, Tab opens it over the body. Where
//! not all items fit, it shows the section the cursor is in, and of that the page.

use exam_core::{ItemKind, OptionId, PaperItem};
use exam_term::widgets::frame_box;
use exam_term::{Ambiguous, Role};
use exam_text::Args;
use ratatui::layout::Rect;

use super::Pen;
use super::words::{number, saved_word, say, tell};
use crate::keymap::letter;
use crate::model::{Filter, Model, Overlay};
use crate::update::Msg;

/// From this width on the card is always there.
const WIDE: u16 = 120;
/// Columns of the card beside the question.
const SIDE: u16 = 44;
/// Columns of one cell, without the bracket that may follow it: `[100B?`.
const CELL: u16 = 6;

/// Says whether the terminal has the room of a wide screen.
pub(super) const fn is_wide(model: &Model) -> bool {
    model.size.0 >= WIDE
}

/// Says whether the card stands beside the question.
pub(super) const fn is_beside(model: &Model) -> bool {
    is_wide(model)
}

/// Returns where the card beside the question is.
pub(super) fn beside(model: &Model) -> Option<Rect> {
    let body = super::body(model);
    is_beside(model).then(|| Rect {
        x: body.right().saturating_sub(SIDE),
        y: body.y - 2,
        width: SIDE,
        height: body.height + 2,
    })
}

/// Returns how many items stand beside one another.
pub(super) const fn columns(model: &Model) -> usize {
    if is_beside(model) { 6 } else { 10 }
}

/// One row of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Head { section: usize, words: String },
    Cells { section: usize, items: Vec<usize> },
}

impl Line {
    const fn section(&self) -> usize {
        match self {
            Self::Head { section, .. } | Self::Cells { section, .. } => *section,
        }
    }
}

/// Lays out the items that pass a filter, section by section.
fn layout(model: &Model, filter: Filter) -> Vec<Line> {
    let Some(paper) = model.picture.open_paper() else {
        return Vec::new();
    };
    let across = columns(model);
    let (mut lines, mut first) = (Vec::new(), 0);
    let sections = paper.parts.iter().flat_map(|part| &part.sections);
    for (index, section) in sections.enumerate() {
        let passing = section.items.iter().enumerate();
        let passing: Vec<usize> = passing
            .filter(|(_, item)| crate::update::passes(model, &item.item, filter))
            .map(|(at, _)| first + at)
            .collect();
        let last = first + section.items.len();
        if !passing.is_empty() {
            let args = Args::new()
                .text(
                    "section",
                    say(model, &format!("section-{}", section.kind.name())),
                )
                .count("from", number(first + 1))
                .count("to", number(last));
            lines.push(Line::Head {
                section: index,
                words: tell(model, "card-range", &args),
            });
            lines.extend(passing.chunks(across).map(|items| Line::Cells {
                section: index,
                items: items.to_vec(),
            }));
        }
        first = last;
    }
    lines
}

/// Where the card's cursor may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Left,
    Right,
    Up,
    Down,
    First,
    Last,
    /// The same item, or the next one that is on the card.
    Nearest,
}

/// Returns the item the cursor comes to; the same one where there is no other that way.
pub(crate) fn neighbour(model: &Model, at: usize, filter: Filter, way: Move) -> usize {
    let rows: Vec<Vec<usize>> = layout(model, filter)
        .into_iter()
        .filter_map(|line| match line {
            Line::Cells { items, .. } => Some(items),
            Line::Head { .. } => None,
        })
        .collect();
    let all: Vec<usize> = rows.iter().flatten().copied().collect();
    // After an answer the item may have left the card: then the next one counts as the cursor's.
    let after = all.iter().position(|item| *item >= at);
    let Some(here) = after.or_else(|| all.len().checked_sub(1)) else {
        return at;
    };
    let flat = |index: Option<usize>| index.and_then(|index| all.get(index)).copied();
    let found = match way {
        Move::Left => flat(here.checked_sub(1)),
        Move::Right => flat(Some(here + 1)),
        Move::First => flat(Some(0)),
        Move::Last => flat(all.len().checked_sub(1)),
        Move::Nearest => flat(Some(here)),
        Move::Up | Move::Down => {
            let own = rows.iter().position(|row| row.contains(&all[here]));
            let column = own.and_then(|own| rows[own].iter().position(|item| *item == all[here]));
            let to = own.and_then(|own| match way {
                Move::Up => own.checked_sub(1),
                _ => Some(own + 1),
            });
            let row = to.and_then(|to| rows.get(to));
            row.and_then(|row| row.get(column.unwrap_or(0).min(row.len() - 1)))
                .copied()
        }
    };
    found.or_else(|| flat(Some(here))).unwrap_or(at)
}

/// Returns the rows to be shown in `height` rows with the cursor at `at`.
fn window(lines: Vec<Line>, at: usize, height: usize) -> Vec<Line> {
    let sections = lines
        .iter()
        .filter(|line| matches!(line, Line::Head { .. }))
        .count();
    if lines.len() + sections.saturating_sub(1) <= height {
        return lines;
    }
    let has = |line: &Line| matches!(line, Line::Cells { items, .. } if items.contains(&at));
    let section = lines.iter().find(|line| has(line)).map_or(0, Line::section);
    let mut own: Vec<Line> = lines
        .into_iter()
        .filter(|line| line.section() == section)
        .collect();
    if own.len() <= height || height < 2 {
        own.truncate(height);
        return own;
    }
    let cells = own.split_off(1);
    let page = cells.iter().position(has).unwrap_or(0) / (height - 1);
    own.extend(cells.into_iter().skip(page * (height - 1)).take(height - 1));
    own
}

/// Draws the card over the body.
pub(super) fn full(pen: &mut Pen<'_>, at: usize, filter: Filter) {
    let body = pen.body();
    let legend = 4;
    let width = 72.min(body.width);
    let x = body.x + (body.width - width) / 2;
    let area = Rect {
        x,
        width,
        height: body.height.saturating_sub(legend),
        ..body
    };
    cells(pen, area, at, filter, 7);
    let y = body.bottom().saturating_sub(legend - 1);
    let totals = totals(pen.model);
    pen.put((x, y), &totals, width, Role::Strong);
    let (word, role) = saved_word(pen.model, pen.model.picture.tally());
    let room = Rect {
        x,
        y,
        width,
        height: 1,
    };
    let look = pen.model.look;
    exam_term::ink::flush_right(pen.buf, room, y, &word, look.style(role), look.glyphs);
    let legend = legend_words(pen.model);
    pen.put((x, y + 1), &legend, width, Role::Dim);
}

/// Draws the card beside the question.
pub(super) fn side(pen: &mut Pen<'_>, place: Rect, at: usize, filter: Filter) {
    let model = pen.model;
    let title = say(model, filter_id(filter));
    let inner = frame_box(pen.buf, place, &title, Role::Dim, model.look);
    let legend = legend_lines(model, inner.width);
    let below = u16::try_from(legend.len()).unwrap_or(3) + 3;
    let area = Rect {
        height: inner.height.saturating_sub(below),
        ..inner
    };
    cells(pen, area, at, filter, CELL);
    let y = inner.bottom().saturating_sub(below - 1);
    let (word, role) = saved_word(model, model.picture.tally());
    pen.put((inner.x, y), &totals(model), inner.width, Role::Strong);
    pen.put((inner.x, y + 1), &word, inner.width, role);
    for (y, line) in (y + 2..).zip(&legend) {
        pen.put((inner.x, y), line, inner.width, Role::Dim);
    }
}

/// Breaks the legend between its entries, never within one.
fn legend_lines(model: &Model, width: u16) -> Vec<String> {
    const GAP: &str = "   ";
    let mut lines: Vec<String> = Vec::new();
    for entry in legend_words(model).split(GAP) {
        match lines.last_mut() {
            Some(line) if model.look.glyphs.width(&format!("{line}{GAP}{entry}")) <= width => {
                line.push_str(GAP);
                line.push_str(entry);
            }
            Some(_) | None => lines.push(entry.to_owned()),
        }
    }
    lines
}

const fn filter_id(filter: Filter) -> &'static str {
    match filter {
        Filter::All => "card-title",
        Filter::Unanswered => "card-filter-unanswered",
        Filter::Flagged => "card-filter-flagged",
    }
}

fn totals(model: &Model) -> String {
    let tally = model.picture.tally();
    let args = Args::new()
        .count("answered", tally.answered)
        .count("unanswered", tally.unanswered)
        .count("flagged", tally.flagged);
    tell(model, "card-totals", &args)
}

fn legend_words(model: &Model) -> String {
    tell(
        model,
        "card-legend",
        &Args::new().text("none", unanswered(model)),
    )
}

/// The mark of an unanswered item: `·` only where it has one sure width.
fn unanswered(model: &Model) -> &'static str {
    if model.look.glyphs.ambiguous == Ambiguous::Narrow {
        "·"
    } else {
        "-"
    }
}

fn cells(pen: &mut Pen<'_>, area: Rect, at: usize, filter: Filter, stride: u16) {
    let model = pen.model;
    let Some(paper) = model.picture.open_paper().cloned() else {
        return;
    };
    let items: Vec<(ItemKind, &PaperItem)> = paper
        .items()
        .map(|(section, item)| (section.kind, item))
        .collect();
    let mut y = area.y;
    let shown = window(layout(model, filter), at, usize::from(area.height));
    let spaced = usize::from(area.height) > shown.len();
    for (index, line) in shown.iter().enumerate() {
        match line {
            Line::Head { words, .. } => {
                y += u16::from(index > 0 && spaced);
                pen.put((area.x, y), words, area.width, Role::Dim);
            }
            Line::Cells { items: row, .. } => {
                for (x, item) in (area.x..).step_by(usize::from(stride)).zip(row) {
                    if let Some((kind, own)) = items.get(*item) {
                        cell(pen, (x, y), *item, *kind, own);
                    }
                }
                // Brackets last, for the right one stands in the next cell.
                if let Some(column) = row.iter().position(|item| *item == at) {
                    let x = area.x + stride * u16::try_from(column).unwrap_or(0);
                    brackets(pen, x, y);
                }
            }
        }
        y += 1;
    }
}

fn brackets(pen: &mut Pen<'_>, x: u16, y: u16) {
    pen.put((x, y), "[", 1, Role::Accent);
    pen.put((x + CELL, y), "]", 1, Role::Accent);
    if matches!(pen.model.overlay, Overlay::Card { .. }) {
        pen.focus = Some((x, y).into());
    }
}

/// One item: ` 58B?`, number, choice, flag; `>` before the one on the screen.
fn cell(pen: &mut Pen<'_>, (x, y): (u16, u16), index: usize, kind: ItemKind, item: &PaperItem) {
    let model = pen.model;
    let answer = model
        .picture
        .answers
        .get(&item.item)
        .and_then(|answer| answer.choice.as_ref());
    let flagged = model
        .picture
        .notes
        .get(&item.item)
        .is_some_and(|note| note.flagged);
    let at = item
        .options
        .iter()
        .position(|option| Some(&option.id) == answer);
    let own = match at {
        None => unanswered(model).to_owned(),
        Some(_) if kind == ItemKind::TrueFalse => truth(model, answer).to_owned(),
        Some(at) => letter(at).to_string(),
    };
    let here = if index == model.current { '>' } else { ' ' };
    let flag = if flagged { '?' } else { ' ' };
    let role = match (flagged, at) {
        (true, _) => Role::Waiting,
        (false, Some(_)) => Role::Accent,
        (false, None) if model.seen.contains(&index) => Role::Text,
        (false, None) => Role::Dim,
    };
    let text = format!("{here}{:>3}{own}{flag}", item.number);
    pen.put((x, y), &text, CELL, role);
    pen.hits
        .push((Rect::new(x, y, CELL, 1), Msg::ClickItem(index)));
}

fn truth(model: &Model, answer: Option<&OptionId>) -> &'static str {
    let yes = answer == Some(&OptionId::yes());
    match (model.look.glyphs.ambiguous, yes) {
        (Ambiguous::Narrow, true) => "√",
        (Ambiguous::Narrow, false) => "×",
        (Ambiguous::Pad | Ambiguous::Wide, true) => "Y",
        (Ambiguous::Pad | Ambiguous::Wide, false) => "N",
    }
}
