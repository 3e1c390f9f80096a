//! A buffer as SVG: rectangles for backgrounds, lines for borders, one text per glyph.
//!
//! Every glyph is set into its cells by `textLength`, so columns stay true whatever font the
//! reader has. All coordinates are whole numbers, so the file is the same everywhere.

use super::cells;
use crate::glyphs::is_ambiguous;
use ratatui::buffer::{Buffer, Cell, CellWidth as _};
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;

const CELL_WIDTH: u16 = 10;
const CELL_HEIGHT: u16 = 22;
const BASELINE: u16 = 17;
const FONT_SIZE: u16 = 17;
const MARGIN: u16 = 10;
/// The glyph of which rules and long borders are made.
const RULE: &str = "─";

/// What the terminal's own two colours look like in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// Text, as red, green, blue.
    pub ink: [u8; 3],
    /// Background, as red, green, blue.
    pub paper: [u8; 3],
}

impl Default for Paint {
    fn default() -> Self {
        Self {
            ink: [0x1a, 0x1a, 0x1a],
            paper: [0xff, 0xff, 0xff],
        }
    }
}

/// Returns a buffer as an SVG document; `title` is its text for readers that see no pictures.
pub fn svg(buf: &Buffer, title: &str, paint: Paint) -> String {
    let width = buf.area.width * CELL_WIDTH + 2 * MARGIN;
    let height = buf.area.height * CELL_HEIGHT + 2 * MARGIN;
    let mut out = Svg(String::new());
    out.line(format_args!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">"#
    ));
    out.line(format_args!("<title>{}</title>", escaped(title)));
    out.line(format_args!(
        r#"<rect width="{width}" height="{height}" fill="{}"/>"#,
        hex(paint.paper)
    ));
    out.line(format_args!(
        r#"<g font-family="'Noto Sans Mono CJK SC','Noto Sans Mono','DejaVu Sans Mono',monospace" font-size="{FONT_SIZE}" xml:space="preserve">"#
    ));
    for y in buf.area.top()..buf.area.bottom() {
        out.backgrounds(buf, y, paint);
        out.rules(buf, y, paint);
        for (x, cell) in cells(buf, y).filter(|(_, cell)| cell.symbol() != RULE) {
            let place = Place::new(buf, x, y);
            match strokes(cell.symbol()) {
                Some(strokes) => out.border(place, strokes, colours(cell, paint).0),
                None => out.glyph(place, cell, paint),
            }
        }
    }
    out.line(format_args!("</g>\n</svg>"));
    out.0
}

/// The upper left corner of a cell.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: u16,
    y: u16,
}

impl Place {
    const fn new(buf: &Buffer, x: u16, y: u16) -> Self {
        Self {
            x: MARGIN + (x - buf.area.x) * CELL_WIDTH,
            y: MARGIN + (y - buf.area.y) * CELL_HEIGHT,
        }
    }
}

struct Svg(String);

impl Svg {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{line}").expect("a String takes any text");
    }

    /// Draws runs of cells whose background is not the paper.
    fn backgrounds(&mut self, buf: &Buffer, y: u16, paint: Paint) {
        let mut x = buf.area.left();
        while x < buf.area.right() {
            let fill = colours(&buf[(x, y)], paint).1;
            let begin = x;
            while x < buf.area.right() && colours(&buf[(x, y)], paint).1 == fill {
                x += 1;
            }
            if fill != paint.paper {
                let place = Place::new(buf, begin, y);
                self.line(format_args!(
                    r#"<rect x="{}" y="{}" width="{}" height="{CELL_HEIGHT}" fill="{}"/>"#,
                    place.x,
                    place.y,
                    (x - begin) * CELL_WIDTH,
                    hex(fill)
                ));
            }
        }
    }

    /// Draws each run of rule glyphs of one colour as one line.
    fn rules(&mut self, buf: &Buffer, y: u16, paint: Paint) {
        let mut x = buf.area.left();
        let ink = |x: u16| {
            let cell = &buf[(x, y)];
            (cell.symbol() == RULE).then(|| colours(cell, paint).0)
        };
        while x < buf.area.right() {
            let (begin, colour) = (x, ink(x));
            while x < buf.area.right() && ink(x) == colour {
                x += 1;
            }
            if let Some(colour) = colour {
                let place = Place::new(buf, begin, y);
                self.line(format_args!(
                    r#"<line x1="{}" y1="{y}" x2="{}" y2="{y}" stroke="{}"/>"#,
                    place.x,
                    place.x + (x - begin) * CELL_WIDTH,
                    hex(colour),
                    y = place.y + CELL_HEIGHT / 2
                ));
            }
        }
    }

    fn border(&mut self, place: Place, [up, right, down, left]: [bool; 4], colour: [u8; 3]) {
        let middle = (place.x + CELL_WIDTH / 2, place.y + CELL_HEIGHT / 2);
        let ends = [
            (up, (middle.0, place.y)),
            (right, (place.x + CELL_WIDTH, middle.1)),
            (down, (middle.0, place.y + CELL_HEIGHT)),
            (left, (place.x, middle.1)),
        ];
        for (_, end) in ends.into_iter().filter(|(drawn, _)| *drawn) {
            self.line(format_args!(
                r#"<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>"#,
                middle.0,
                middle.1,
                end.0,
                end.1,
                hex(colour)
            ));
        }
    }

    fn glyph(&mut self, place: Place, cell: &Cell, paint: Paint) {
        let underlined = cell.modifier.contains(Modifier::UNDERLINED);
        let (ink, _) = colours(cell, paint);
        let length = cell.symbol().cell_width().max(1) * CELL_WIDTH;
        if underlined {
            self.line(format_args!(
                r#"<line x1="{}" y1="{y}" x2="{}" y2="{y}" stroke="{}"/>"#,
                place.x,
                place.x + length,
                hex(ink),
                y = place.y + CELL_HEIGHT - 2
            ));
        }
        if cell.symbol().trim().is_empty() {
            return;
        }
        let weight = if cell.modifier.contains(Modifier::BOLD) {
            r#" font-weight="bold""#
        } else {
            ""
        };
        // A CJK font draws these two cells wide, over their neighbour.
        let family = if is_ambiguous(cell.symbol()) && length == CELL_WIDTH {
            r#" font-family="'DejaVu Sans Mono',monospace""#
        } else {
            ""
        };
        self.line(format_args!(
            r#"<text x="{}" y="{}" textLength="{length}" lengthAdjust="spacingAndGlyphs" fill="{}"{weight}{family}>{}</text>"#,
            place.x,
            place.y + BASELINE,
            hex(ink),
            escaped(cell.symbol())
        ));
    }
}

/// Returns the strokes of a border glyph from its middle: up, right, down, left.
fn strokes(symbol: &str) -> Option<[bool; 4]> {
    let strokes = match symbol {
        "│" => [1, 0, 1, 0],
        "┌" => [0, 1, 1, 0],
        "┐" => [0, 0, 1, 1],
        "└" => [1, 1, 0, 0],
        "┘" => [1, 0, 0, 1],
        "├" => [1, 1, 1, 0],
        "┤" => [1, 0, 1, 1],
        "┬" => [0, 1, 1, 1],
        "┴" => [1, 1, 0, 1],
        "┼" => [1, 1, 1, 1],
        _ => return None,
    };
    Some(strokes.map(|stroke| stroke == 1))
}

/// Returns the colours of a cell's text and background.
fn colours(cell: &Cell, paint: Paint) -> ([u8; 3], [u8; 3]) {
    let ink = rgb(cell.fg).unwrap_or(paint.ink);
    let paper = rgb(cell.bg).unwrap_or(paint.paper);
    if cell.modifier.contains(Modifier::REVERSED) {
        (paper, ink)
    } else {
        (ink, paper)
    }
}

fn rgb(colour: Color) -> Option<[u8; 3]> {
    let named = |index: usize| Some(NAMED[index]);
    match colour {
        Color::Reset => None,
        Color::Rgb(red, green, blue) => Some([red, green, blue]),
        Color::Indexed(index) => Some(indexed(index)),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
    }
}

/// The sixteen named colours as xterm draws them.
const NAMED: [[u8; 3]; 16] = [
    [0x00, 0x00, 0x00],
    [0xcd, 0x00, 0x00],
    [0x00, 0xcd, 0x00],
    [0xcd, 0xcd, 0x00],
    [0x00, 0x00, 0xee],
    [0xcd, 0x00, 0xcd],
    [0x00, 0xcd, 0xcd],
    [0xe5, 0xe5, 0xe5],
    [0x7f, 0x7f, 0x7f],
    [0xff, 0x00, 0x00],
    [0x00, 0xff, 0x00],
    [0xff, 0xff, 0x00],
    [0x5c, 0x5c, 0xff],
    [0xff, 0x00, 0xff],
    [0x00, 0xff, 0xff],
    [0xff, 0xff, 0xff],
];

fn indexed(index: u8) -> [u8; 3] {
    let level = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
    match index {
        0..16 => NAMED[usize::from(index)],
        16..232 => {
            let cube = index - 16;
            [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{Depth, Look, Role, Theme, ThemeKind};
    use crate::{ink, widgets};
    use ratatui::layout::Rect;

    fn drawn() -> Buffer {
        let look = Look {
            theme: Theme::new(ThemeKind::Light, Depth::True),
            ..Look::plain()
        };
        let area = Rect::new(0, 0, 16, 3);
        let mut buf = Buffer::empty(area);
        ink::paper(&mut buf, area, look);
        let inner = widgets::popup(&mut buf, area, "<交卷>", look);
        ink::centred(
            &mut buf,
            inner,
            1,
            "58 题",
            look.style(Role::Selected),
            look.glyphs,
        );
        buf
    }

    #[test]
    fn a_picture_is_lines_rectangles_and_fitted_glyphs() {
        insta::assert_snapshot!(svg(&drawn(), "A & B", Paint::default()));
    }

    #[test]
    fn the_same_buffer_gives_the_same_picture() {
        let paint = Paint::default();
        assert_eq!(svg(&drawn(), "x", paint), svg(&drawn(), "x", paint));
    }

    #[test]
    fn indexed_colours_are_those_of_xterm() {
        assert_eq!(indexed(231), [255, 255, 255]);
        assert_eq!(indexed(74), [95, 175, 215]);
        assert_eq!(indexed(244), [128, 128, 128]);
    }
}
