//! Writing text and lines into a buffer so that no column shifts.
//!
//! Every text goes through [`crate::harmless`]; doubtful glyphs get their second cell; a wide
//! glyph that would be cut in half is blanked. It chooses no style and no words.

use crate::glyphs::{Ambiguous, Borders, Glyphs, is_ambiguous};
use crate::harmless::harmless;
use crate::theme::{Look, Role};
use crate::wrap::Row;
use ratatui::buffer::{Buffer, CellDiffOption, CellWidth as _};
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::num::NonZeroU16;
use unicode_segmentation::UnicodeSegmentation as _;

const TWO: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);

/// Fills `area` with the blank style of the theme; every screen begins with it.
pub fn paper(buf: &mut Buffer, area: Rect, look: Look) {
    let style = look.style(Role::Text);
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        mend(buf, area.left(), y);
        for x in area.left()..area.right() {
            buf[(x, y)].reset();
            buf[(x, y)].set_style(style);
        }
    }
}

/// Writes `text` at (`x`, `y`) in at most `width` cells, whole glyphs only.
///
/// Returns the column after the last cell written. Nothing is written outside the buffer.
pub fn put(
    buf: &mut Buffer,
    (x, y): (u16, u16),
    text: &str,
    width: u16,
    style: Style,
    glyphs: Glyphs,
) -> u16 {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
        return x;
    }
    let end = area.right().min(x.saturating_add(width));
    mend(buf, x, y);
    let mut at = x;
    for cluster in harmless(text).graphemes(true) {
        let cells = glyphs.cells(cluster);
        if at + cells > end {
            break;
        }
        let cell = &mut buf[(at, y)];
        cell.reset();
        cell.set_symbol(cluster).set_style(style);
        if glyphs.ambiguous == Ambiguous::Wide && is_ambiguous(cluster) {
            // The terminal moves on by two: the diff must not write the second cell itself.
            cell.set_diff_option(CellDiffOption::ForcedWidth(TWO));
        }
        for next in at + 1..at + cells {
            buf[(next, y)].reset();
            buf[(next, y)].set_style(style);
        }
        at += cells;
    }
    at
}

/// Writes clipped `text` in the middle of a row of `area`.
pub fn centred(buf: &mut Buffer, area: Rect, y: u16, text: &str, style: Style, glyphs: Glyphs) {
    let text = glyphs.clip(text, area.width);
    let x = area.x + (area.width - glyphs.width(&text)) / 2;
    put(buf, (x, y), &text, area.width, style, glyphs);
}

/// Writes clipped `text` at the right end of a row of `area`; returns the column it begins at.
pub fn flush_right(
    buf: &mut Buffer,
    area: Rect,
    y: u16,
    text: &str,
    style: Style,
    glyphs: Glyphs,
) -> u16 {
    let text = glyphs.clip(text, area.width);
    let x = area.right() - glyphs.width(&text);
    put(buf, (x, y), &text, area.width, style, glyphs);
    x
}

/// Writes one broken line of text; emphasised runs are bold and underlined.
pub fn row(buf: &mut Buffer, area: Rect, y: u16, row: &Row, role: Role, look: Look) {
    let mut x = area.x.saturating_add(row.column);
    for run in &row.runs {
        let style = if run.strong {
            look.emphasis(role)
        } else {
            look.style(role)
        };
        let width = area.right().saturating_sub(x);
        x = put(buf, (x, y), &run.text, width, style, look.glyphs);
    }
}

/// Writes as many of `rows` as fit into `area`, from the top; returns how many.
pub fn rows(buf: &mut Buffer, area: Rect, rows: &[Row], role: Role, look: Look) -> u16 {
    let mut written = 0;
    for (y, line) in (area.top()..area.bottom()).zip(rows) {
        row(buf, area, y, line, role, look);
        written += 1;
    }
    written
}

/// Draws a rule across row `y` of `area`.
pub fn rule(buf: &mut Buffer, area: Rect, y: u16, look: Look) {
    let symbol = match look.glyphs.borders {
        Borders::Unicode => "─",
        Borders::Ascii => "-",
    };
    line(buf, (area.x, y), area.width, symbol, look.style(Role::Dim));
}

/// Repeats one border glyph, which is never padded.
pub(crate) fn line(buf: &mut Buffer, (x, y): (u16, u16), width: u16, symbol: &str, style: Style) {
    let area = Rect::new(x, y, width, 1).intersection(buf.area);
    for x in area.left()..area.right() {
        buf[(x, y)].reset();
        buf[(x, y)].set_symbol(symbol).set_style(style);
    }
}

/// Blanks the wide glyph whose second half is at (`x`, `y`), keeping its style.
///
/// Otherwise what is written at `x` would be eaten by the glyph to its left.
pub(crate) fn mend(buf: &mut Buffer, x: u16, y: u16) {
    if x <= buf.area.left() || x >= buf.area.right() {
        return;
    }
    let left = &mut buf[(x - 1, y)];
    if left.cell_width() > 1 {
        left.set_symbol(" ").set_diff_option(CellDiffOption::None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture;
    use proptest::prelude::*;

    fn line_of(text: &str, width: u16, glyphs: Glyphs) -> String {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        put(&mut buf, (0, 0), text, width, Style::default(), glyphs);
        picture::text(&buf)
    }

    #[test]
    fn a_wide_glyph_that_does_not_fit_leaves_its_column_blank() {
        assert_eq!(line_of("ab中国人", 5, Glyphs::default()), "ab中\n");
    }

    #[test]
    fn doubtful_glyphs_are_followed_by_a_space_when_padded() {
        let pad = Glyphs {
            ambiguous: Ambiguous::Pad,
            ..Glyphs::default()
        };
        assert_eq!(line_of("说“好”……", 20, pad), "说“ 好” … …\n");
    }

    #[test]
    fn on_a_wide_terminal_the_second_cell_is_not_written_again() {
        let wide = Glyphs {
            ambiguous: Ambiguous::Wide,
            borders: Borders::Ascii,
            cjk_ok: true,
        };
        let before = Buffer::empty(Rect::new(0, 0, 8, 1));
        let mut after = before.clone();
        put(&mut after, (0, 0), "“a", 8, Style::default(), wide);
        let written: Vec<(u16, &str)> = before
            .diff_iter(&after)
            .map(|(x, _, cell)| (x, cell.symbol()))
            .collect();
        assert_eq!(written, [(0, "“"), (2, "a")]);
    }

    #[test]
    fn writing_over_the_second_half_of_a_glyph_blanks_the_first() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 6, 1));
        let plain = Style::default();
        put(&mut buf, (0, 0), "中文字", 6, plain, Glyphs::default());
        put(&mut buf, (3, 0), "x", 1, plain, Glyphs::default());
        assert_eq!(picture::text(&buf), "中 x字\n");
    }

    proptest! {
        #[test]
        fn any_text_anywhere_stays_inside(
            text in any::<String>(), x in 0_u16..12, y in 0_u16..5, width in 0_u16..20,
        ) {
            let mut buf = Buffer::empty(Rect::new(1, 1, 9, 2));
            let end = put(&mut buf, (x, y), &text, width, Style::default(), Glyphs::default());
            prop_assert!(end <= x.saturating_add(width).max(x));
        }
    }
}
