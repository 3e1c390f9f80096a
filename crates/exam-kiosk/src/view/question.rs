//! The item on the screen: stem, options, what is chosen and how safe it is.
//!
//! Letters exist here alone (P2). Long items are paged, never scrolled (C16).

use exam_core::{ItemKind, OptionId, PaperItem};
use exam_term::widgets::page::Pager;
use exam_term::wrap::{LINE_MAX, Row, wrap_led};
use exam_term::{Ambiguous, Role, ink};
use exam_text::Args;
use ratatui::layout::Rect;

use super::words::{answer_word, say, tell};
use super::{Pen, card, chrome};
use crate::keymap::{Key, letter};
use crate::model::{Model, Overlay};
use crate::update::Msg;

/// Column at which stem and options begin.
const LEFT: u16 = 3;
/// Columns that stay free at the right.
const RIGHT: u16 = 3;
/// The most characters of a stem or option that are broken into lines: a bank never has so many,
/// and a hostile one must not stop the screen.
const TEXT_MAX: usize = 20_000;

/// What a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Stem,
    Option(usize),
    Blank,
}

type Line = (Row, Part);

/// Draws the question, and beside it the answer card where there is room.
pub(super) fn question(pen: &mut Pen<'_>) {
    let model = pen.model;
    if let Some(place) = card::beside(model) {
        let (at, filter) = match model.overlay {
            Overlay::Card { at, filter } => (at, filter),
            _ => (model.current, crate::model::Filter::All),
        };
        card::side(pen, place, at, filter);
    }
    let Some((_, item)) = model.item() else {
        return;
    };
    let area = text_area(model);
    let lines = lines(model, area);
    let pager = Pager::new(lines.len(), area.height);
    let shown = lines.get(pager.rows_of(model.page)).unwrap_or_default();
    for (y, (row, part)) in (area.top()..).zip(shown) {
        draw_row(pen, item, area, y, row, *part);
    }
    if !pager.is_last(pager.clamp(model.page)) {
        let more = say(model, "question-more");
        let y = area.bottom().saturating_sub(1);
        let style = model.look.style(Role::Waiting);
        let x = ink::flush_right(pen.buf, area, y, &more, style, model.look.glyphs);
        let place = Rect {
            x,
            y,
            width: area.right() - x,
            height: 1,
        };
        pen.hits.push((place, Msg::Click(Key::PageDown)));
    }
    if pen.focus.is_none() {
        pen.focus = Some((area.x, area.y).into());
    }
    state_line(pen, item);
    watermark(pen);
}

/// Where stem and options stand: three rows at the bottom are for the state and the watermark.
fn text_area(model: &Model) -> Rect {
    let body = super::body(model);
    let width = panel(model).saturating_sub(LEFT + RIGHT).min(LINE_MAX);
    Rect {
        x: LEFT,
        y: body.y,
        width,
        height: body.height.saturating_sub(3),
    }
}

/// Returns the columns left of the answer card.
pub(super) fn panel(model: &Model) -> u16 {
    card::beside(model).map_or(model.size.0, |place| place.x)
}

/// Returns how the item is dealt out to pages on this terminal.
pub(super) fn pager(model: &Model) -> Pager {
    let area = text_area(model);
    Pager::new(lines(model, area).len(), area.height)
}

/// Returns the page on which an option begins; none if there is no such option.
pub(crate) fn page_of_option(model: &Model, index: usize) -> Option<usize> {
    let area = text_area(model);
    let lines = lines(model, area);
    let pager = Pager::new(lines.len(), area.height);
    let row = lines
        .iter()
        .position(|(_, part)| *part == Part::Option(index))?;
    (0..pager.pages()).find(|page| pager.rows_of(*page).contains(&row))
}

/// Breaks stem and options into rows, as far apart as the height allows.
fn lines(model: &Model, area: Rect) -> Vec<Line> {
    let Some((section, item)) = model.item() else {
        return Vec::new();
    };
    let glyphs = model.look.glyphs;
    let stem = cut(item.stem.get(model.lang));
    let stem = wrap_led(&format!("{:>3}. ", item.number), &stem, area.width, glyphs);
    let options: Vec<Vec<Row>> = item
        .options
        .iter()
        .enumerate()
        .map(|(index, _)| {
            let lead = lead(model, item, index);
            let text = cut(&option_words(model, section.kind, item, index));
            wrap_led(&lead, &text, area.width, glyphs)
        })
        .collect();
    let height = usize::from(area.height);
    let bare = stem.len() + options.iter().map(Vec::len).sum::<usize>();
    let gaps = options.len();
    let widest = if height >= 24 { 2 } else { 1 };
    let gap = (0..=widest)
        .rev()
        .find(|gap| bare + gap * gaps <= height)
        .unwrap_or(0);
    let mut lines: Vec<Line> = stem.into_iter().map(|row| (row, Part::Stem)).collect();
    for (index, rows) in options.into_iter().enumerate() {
        let space = if index == 0 { gap.max(1) } else { gap };
        lines.extend((0..space).map(|_| (Row::default(), Part::Blank)));
        lines.extend(rows.into_iter().map(|row| (row, Part::Option(index))));
    }
    lines
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_MAX) {
        Some((at, _)) => format!("{}..", &text[..at]),
        None => text.to_owned(),
    }
}

/// What stands before an option: cursor, mark and letter, as `>(*) B  `.
fn lead(model: &Model, item: &PaperItem, index: usize) -> String {
    let cursor = if index == model.cursor { '>' } else { ' ' };
    let mark = if is_chosen(model, item, index) {
        '*'
    } else if is_struck(model, item, index) {
        'x'
    } else {
        ' '
    };
    format!(" {cursor}({mark}) {}  ", letter(index))
}

fn is_chosen(model: &Model, item: &PaperItem, index: usize) -> bool {
    let id = item.options.get(index).map(|option| &option.id);
    chosen(model, item).is_some_and(|own| Some(own) == id)
}

fn is_struck(model: &Model, item: &PaperItem, index: usize) -> bool {
    let Some(option) = item.options.get(index) else {
        return false;
    };
    let note = model.picture.notes.get(&item.item);
    note.is_some_and(|note| note.struck.contains(&option.id))
}

fn chosen<'a>(model: &'a Model, item: &PaperItem) -> Option<&'a OptionId> {
    model
        .picture
        .answers
        .get(&item.item)
        .and_then(|answer| answer.choice.as_ref())
}

/// Returns what an option says; the words of true/false are the screen's.
fn option_words(model: &Model, kind: ItemKind, item: &PaperItem, index: usize) -> String {
    let Some(option) = item.options.get(index) else {
        return String::new();
    };
    let words = match kind {
        ItemKind::TrueFalse => truth_words(model, &option.id),
        ItemKind::SingleChoice => option.text.get(model.lang).to_owned(),
    };
    if is_struck(model, item, index) {
        format!("{words}  [{}]", say(model, "question-struck"))
    } else {
        words
    }
}

/// Returns the words of a true/false option.
pub(super) fn truth_words(model: &Model, id: &OptionId) -> String {
    let narrow = model.look.glyphs.ambiguous == Ambiguous::Narrow;
    let word = if *id == OptionId::yes() {
        "question-true"
    } else {
        "question-false"
    };
    // √ and × only where they have one sure width.
    if narrow {
        say(model, word)
    } else {
        say(model, &format!("{word}-plain"))
    }
}

fn draw_row(pen: &mut Pen<'_>, item: &PaperItem, area: Rect, y: u16, row: &Row, part: Part) {
    let model = pen.model;
    let role = match part {
        Part::Blank => return,
        Part::Stem => Role::Strong,
        Part::Option(index) if is_chosen(model, item, index) => Role::Accent,
        Part::Option(index) if is_struck(model, item, index) => Role::Dim,
        Part::Option(_) => Role::Text,
    };
    ink::row(pen.buf, area, y, row, role, model.look);
    if let Part::Option(index) = part {
        let place = Rect {
            y,
            height: 1,
            ..area
        };
        pen.hits.push((place, Msg::Click(Key::Char(letter(index)))));
        if index == model.cursor && row.column == 0 {
            pen.focus = Some((area.x + 1, y).into());
        }
    }
}

/// 「你的选择：B　已保存 14:05:29　标记：? 待检查」 (C17).
fn state_line(pen: &mut Pen<'_>, item: &PaperItem) {
    let model = pen.model;
    let y = super::body(model).bottom().saturating_sub(2);
    let room = |x: u16| panel(model).saturating_sub(x);
    let kind = model
        .item()
        .map_or(ItemKind::SingleChoice, |(section, _)| section.kind);
    let at = item
        .options
        .iter()
        .position(|option| Some(&option.id) == chosen(model, item));
    let choice = match at {
        Some(index) => {
            let own = letter(index).to_string();
            let words = match kind {
                ItemKind::TrueFalse => {
                    format!("{own} {}", truth_words(model, &item.options[index].id))
                }
                ItemKind::SingleChoice => own,
            };
            tell(model, "question-choice", &Args::new().text("choice", words))
        }
        None => say(model, "question-no-choice"),
    };
    let x = pen.put((LEFT + 1, y), &choice, room(LEFT + 1), Role::Strong) + 4;
    let mut x = x.min(panel(model));
    if let Some(answer) = model.picture.answers.get(&item.item) {
        let (word, role) = answer_word(model, answer);
        x = pen.put((x, y), &word, room(x), role) + 4;
    }
    let flagged = model
        .picture
        .notes
        .get(&item.item)
        .is_some_and(|note| note.flagged);
    let (id, role) = if flagged {
        ("question-flagged", Role::Waiting)
    } else {
        ("question-not-flagged", Role::Dim)
    };
    pen.put((x, y), &say(model, id), room(x), role);
}

/// Seat and number across the row, dim: a photo of the screen says where it was taken (KIOSK 2.2).
fn watermark(pen: &mut Pen<'_>) {
    let model = pen.model;
    let y = super::body(model).bottom().saturating_sub(1);
    let number = model
        .picture
        .candidate
        .as_ref()
        .map_or("", |own| own.number.as_str());
    let mark = format!("{}  {number}", chrome::seat(model));
    let width = model.look.glyphs.width(&mark);
    let mut x = LEFT + 1;
    while x + width + RIGHT <= panel(model) {
        pen.put((x, y), &mark, width, Role::Dim);
        x += width + 6;
    }
}
