//! Draws the model, reading nothing else, and says what the mouse can hit.
//!
//! Every screen keeps the same places (KIOSK 7): header row 0, rule row 1, messages rows 2 and 3,
//! body, rule, hint bar in the last row. No clock, no I/O, no change of state here.

mod before;
mod card;
mod chrome;
mod hints;
mod plain;
mod popups;
mod question;
mod receipt;
mod review;
mod undertaking;
mod wait;
mod words;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::model::{Model, Overlay, Screen};
use crate::update::Msg;

pub(crate) use card::{Move, neighbour as card_neighbour};
pub(crate) use question::page_of_option;

/// What can be hit with the mouse, in drawing order: a later one lies above an earlier one.
pub type Hits = Vec<(Rect, Msg)>;

/// Draws one frame and returns what the mouse can hit in it.
pub fn view(model: &Model, frame: &mut Frame<'_>) -> Hits {
    let area = frame.area();
    if (area.width, area.height) == model.size {
        return draw(model, frame);
    }
    // The terminal changed between its event and this frame: what fits is drawn.
    let mut fitting = model.clone();
    fitting.size = (area.width, area.height);
    draw(&fitting, frame)
}

fn draw(model: &Model, frame: &mut Frame<'_>) -> Hits {
    let mut pen = Pen {
        model,
        area: frame.area(),
        buf: frame.buffer_mut(),
        hits: Vec::new(),
        focus: None,
    };
    exam_term::ink::paper(pen.buf, pen.area, model.look);
    screen(&mut pen);
    let Pen {
        hits, focus, area, ..
    } = pen;
    // Braille and speech follow the cursor, so it has a place in every frame (KIOSK 6).
    let home = Position::new(area.x, area.bottom().saturating_sub(1));
    if !area.is_empty() {
        frame.set_cursor_position(focus.filter(|at| area.contains(*at)).unwrap_or(home));
    }
    hits
}

fn screen(pen: &mut Pen<'_>) {
    let screen = pen.model.screen();
    if screen == Screen::TooSmall {
        return plain::too_small(pen);
    }
    chrome::frame(pen);
    match screen {
        Screen::TooSmall => {}
        Screen::CheckIn => before::check_in(pen),
        Screen::Confirm => before::confirm(pen),
        Screen::Undertaking => undertaking::undertaking(pen),
        Screen::Declined | Screen::Preparing | Screen::Waiting
            if pen.model.overlay == Overlay::Rules =>
        {
            undertaking::undertaking(pen);
        }
        Screen::Waiting => wait::waiting(pen),
        Screen::Question => match pen.model.overlay {
            Overlay::Review { confirm } => review::review(pen, confirm),
            Overlay::Card { at, filter } if !card::is_beside(pen.model) => {
                card::full(pen, at, filter);
            }
            Overlay::None
            | Overlay::Card { .. }
            | Overlay::Goto { .. }
            | Overlay::Strike
            | Overlay::Help
            | Overlay::Rules => question::question(pen),
        },
        Screen::Receipt => receipt::receipt(pen),
        Screen::OtherVersion
        | Screen::Connecting
        | Screen::DetailsWrong
        | Screen::AwaitIdentity
        | Screen::Declined
        | Screen::Preparing
        | Screen::Late
        | Screen::Broken
        | Screen::HandingIn
        | Screen::Locked
        | Screen::Quiet => wait::told(pen, screen),
    }
    popups::popups(pen);
}

/// Returns how many pages the undertaking takes on this terminal; at least one.
pub fn undertaking_pages(model: &Model) -> usize {
    undertaking::pages(model)
}

/// Returns how many pages the item on the screen takes on this terminal; at least one.
pub fn question_pages(model: &Model) -> usize {
    question::pager(model).pages()
}

/// Returns how many items stand beside one another on the answer card.
pub fn card_columns(model: &Model) -> usize {
    card::columns(model)
}

/// What a screen is drawn with: the model, the cells, and what it leaves behind.
struct Pen<'a> {
    model: &'a Model,
    area: Rect,
    buf: &'a mut Buffer,
    hits: Hits,
    focus: Option<Position>,
}

impl Pen<'_> {
    /// Returns the rows between messages and the lower rule.
    fn body(&self) -> Rect {
        body(self.model)
    }

    /// Writes text at a cell in at most `width` cells; returns the column after it.
    fn put(&mut self, at: (u16, u16), text: &str, width: u16, role: exam_term::Role) -> u16 {
        let look = self.model.look;
        exam_term::ink::put(self.buf, at, text, width, look.style(role), look.glyphs)
    }

    /// Writes text in the middle of a row of `area`.
    fn centred(&mut self, area: Rect, y: u16, text: &str, role: exam_term::Role) {
        let look = self.model.look;
        exam_term::ink::centred(self.buf, area, y, text, look.style(role), look.glyphs);
    }

    /// Breaks text, writes each line in the middle of `area` from row `y` on, and returns the row
    /// after it.
    fn centred_prose(&mut self, area: Rect, y: u16, text: &str, role: exam_term::Role) -> u16 {
        let mut y = y;
        for row in exam_term::wrap::wrap(text, area.width, self.model.look.glyphs) {
            self.centred(area, y, &row.text(), role);
            y += 1;
        }
        y
    }

    /// Breaks text, writes it from row `y` of `area` on, and returns the row after it.
    fn prose(&mut self, area: Rect, y: u16, text: &str, role: exam_term::Role) -> u16 {
        let look = self.model.look;
        let rows = exam_term::wrap::wrap(text, area.width, look.glyphs);
        let room = Rect {
            y,
            height: area.bottom().saturating_sub(y),
            ..area
        };
        y + exam_term::ink::rows(self.buf, room, &rows, role, look)
    }
}

/// Rows above the body: header, rule, two for messages.
const TOP: u16 = 4;
/// Rows below it: rule, hint bar.
const BOTTOM: u16 = 2;

fn body(model: &Model) -> Rect {
    let (width, height) = model.size;
    Rect::new(0, TOP, width, height.saturating_sub(TOP + BOTTOM))
}
