//! A drawn buffer as text, as a map of styles and as a picture, for tests and for pages.
//!
//! Nothing of a running program uses this. The output is the same for the same buffer, always.

mod svg;

pub use svg::{Paint, svg};

use crate::run::Surface;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell, CellWidth as _};
use ratatui::layout::Position;
use ratatui::style::Style;
use std::fmt::Write as _;
use std::io;

/// Returns a buffer's rows as a person reads them, one line each, spaces at line ends dropped.
///
/// The second cell of a wide glyph is skipped, so Chinese stays readable and every line is as
/// wide as on the screen.
pub fn text(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let line: String = cells(buf, y).map(|(_, cell)| cell.symbol()).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Returns a map of styles: one letter for each style but the commonest, which is `.`, and below
/// the map what each letter stands for.
///
/// A test that keeps it besides the text notices a lost highlight.
pub fn styles(buf: &Buffer) -> String {
    let common = commonest(buf);
    let mut known: Vec<Style> = Vec::new();
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut line = String::new();
        for x in buf.area.left()..buf.area.right() {
            let style = buf[(x, y)].style();
            if style == common {
                line.push('.');
                continue;
            }
            let index = known.iter().position(|own| *own == style);
            let index = index.unwrap_or_else(|| {
                known.push(style);
                known.len() - 1
            });
            line.push(letter(index));
        }
        out.push_str(line.trim_end_matches('.'));
        out.push('\n');
    }
    for (index, style) in known.iter().enumerate() {
        writeln!(out, "{} = {}", letter(index), describe(*style)).expect("a String takes any text");
    }
    out
}

/// Returns the cells of row `y` that show something, with their columns.
fn cells(buf: &Buffer, y: u16) -> impl Iterator<Item = (u16, &Cell)> {
    let mut hidden_until = 0;
    (buf.area.left()..buf.area.right()).filter_map(move |x| {
        let cell = &buf[(x, y)];
        if x < hidden_until {
            return None;
        }
        // A glyph two cells wide to the terminal alone has a blank cell of its own beside it.
        hidden_until = x + cell.symbol().cell_width().max(1);
        Some((x, cell))
    })
}

fn commonest(buf: &Buffer) -> Style {
    let mut counts: Vec<(Style, usize)> = Vec::new();
    for style in buf.content.iter().map(Cell::style) {
        match counts.iter_mut().find(|(own, _)| *own == style) {
            Some((_, count)) => *count += 1,
            None => counts.push((style, 1)),
        }
    }
    // Of two equally common styles the first one found.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    best.map_or_else(Style::default, |(style, _)| *style)
}

fn letter(index: usize) -> char {
    let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    letters.get(index).map_or('?', |byte| char::from(*byte))
}

fn describe(style: Style) -> String {
    let mut parts = Vec::new();
    if let Some(colour) = style
        .fg
        .filter(|colour| *colour != ratatui::style::Color::Reset)
    {
        parts.push(format!("fg {colour}"));
    }
    if let Some(colour) = style
        .bg
        .filter(|colour| *colour != ratatui::style::Color::Reset)
    {
        parts.push(format!("bg {colour}"));
    }
    for (name, _) in style.add_modifier.iter_names() {
        parts.push(name.to_lowercase());
    }
    if parts.is_empty() {
        parts.push("plain".to_owned());
    }
    parts.join(" ")
}

/// A surface of cells for tests: counts what it was asked and keeps the last frame.
#[derive(Debug)]
pub struct Canvas {
    terminal: Terminal<TestBackend>,
    frames: usize,
    repaints: usize,
    bells: usize,
}

impl Canvas {
    /// A canvas of a size.
    pub fn new(width: u16, height: u16) -> Self {
        let terminal = Terminal::new(TestBackend::new(width, height));
        Self {
            terminal: terminal.unwrap_or_else(|error| match error {}),
            frames: 0,
            repaints: 0,
            bells: 0,
        }
    }

    /// Returns the last frame.
    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// Returns where the last frame put the cursor; `None` if it is hidden.
    pub fn cursor(&self) -> Option<Position> {
        let backend = self.terminal.backend();
        backend.cursor_visible().then(|| backend.cursor_position())
    }

    /// Gives it another size, as a window would.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
    }

    /// Returns how many frames were drawn.
    pub const fn frames(&self) -> usize {
        self.frames
    }

    /// Returns how many full repaints were asked for.
    pub const fn repaints(&self) -> usize {
        self.repaints
    }

    /// Returns how often the bell was sounded.
    pub const fn bells(&self) -> usize {
        self.bells
    }
}

impl Surface for Canvas {
    fn draw(&mut self, view: &mut dyn FnMut(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        self.frames += 1;
        match self.terminal.draw(|frame| view(frame)) {
            Ok(_) => Ok(()),
            Err(error) => match error {},
        }
    }

    fn repaint(&mut self) -> io::Result<()> {
        self.repaints += 1;
        Ok(())
    }

    fn bell(&mut self) -> io::Result<()> {
        self.bells += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glyphs::Glyphs;
    use crate::ink;
    use ratatui::layout::Rect;
    use ratatui::style::Modifier;

    #[test]
    fn chinese_reads_as_on_the_screen() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 2));
        let plain = Style::default();
        ink::put(
            &mut buf,
            (1, 0),
            "第58题 张三丰",
            11,
            plain,
            Glyphs::default(),
        );
        assert_eq!(text(&buf), " 第58题 张三\n\n");
    }

    #[test]
    fn a_lost_highlight_changes_the_map_of_styles() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 6, 2));
        assert_eq!(styles(&buf), "\n\n");
        let bold = Style::default().add_modifier(Modifier::BOLD);
        ink::put(&mut buf, (2, 1), "中", 4, bold, Glyphs::default());
        assert_eq!(styles(&buf), "\n..aa\na = bold\n");
    }
}
