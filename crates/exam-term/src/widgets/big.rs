//! Digits five rows high, for a clock that is read from afar.
//!
//! They are drawn with `#`, which is one cell wide everywhere; with colours it is hidden in a
//! block of its own colour, without them it is reversed.

use crate::ink;
use crate::theme::{Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// Rows of a big digit.
pub const BIG_HEIGHT: u16 = 5;
const WIDTH: u16 = 4;
const COLON_WIDTH: u16 = 1;
const GAP: u16 = 2;

/// Each row of a digit as four bits, from the top.
const DIGITS: [[u8; 5]; 10] = [
    [0b1111, 0b1001, 0b1001, 0b1001, 0b1111],
    [0b0010, 0b0110, 0b0010, 0b0010, 0b0111],
    [0b1111, 0b0001, 0b1111, 0b1000, 0b1111],
    [0b1111, 0b0001, 0b0111, 0b0001, 0b1111],
    [0b1001, 0b1001, 0b1111, 0b0001, 0b0001],
    [0b1111, 0b1000, 0b1111, 0b0001, 0b1111],
    [0b1111, 0b1000, 0b1111, 0b1001, 0b1111],
    [0b1111, 0b0001, 0b0010, 0b0100, 0b0100],
    [0b1111, 0b1001, 0b1111, 0b1001, 0b1111],
    [0b1111, 0b1001, 0b1111, 0b0001, 0b1111],
];

/// Returns how many columns `text` takes in big digits.
pub fn big_width(text: &str) -> u16 {
    let widths = text.chars().map(|c| width_of(c) + GAP);
    widths.sum::<u16>().saturating_sub(GAP)
}

const fn width_of(c: char) -> u16 {
    if c == ':' { COLON_WIDTH } else { WIDTH }
}

/// Draws digits and colons in the middle of the top of `area`; other characters are blanks.
pub fn big_digits(buf: &mut Buffer, area: Rect, text: &str, look: Look) {
    let width = big_width(text);
    if width > area.width || area.height < BIG_HEIGHT {
        // Too small to be big: better a plain clock than a cut one.
        let style = look.style(Role::Strong);
        return ink::centred(buf, area, area.y, text, style, look.glyphs);
    }
    let style = block_style(look);
    let mut x = area.x + (area.width - width) / 2;
    for c in text.chars() {
        let own = width_of(c);
        for row in 0..BIG_HEIGHT {
            for column in 0..own {
                if is_set(c, row, column) {
                    ink::line(buf, (x + column, area.y + row), 1, "#", style);
                }
            }
        }
        x += own + GAP;
    }
}

fn is_set(c: char, row: u16, column: u16) -> bool {
    if c == ':' {
        return row == 1 || row == 3;
    }
    let digit = c.to_digit(10).and_then(|digit| DIGITS.get(digit as usize));
    digit.is_some_and(|rows| rows[usize::from(row)] >> (WIDTH - 1 - column) & 1 == 1)
}

fn block_style(look: Look) -> Style {
    let style = look.style(Role::Accent);
    match style.fg {
        Some(colour) => style.bg(colour),
        None => style.add_modifier(Modifier::REVERSED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture;

    #[test]
    fn the_time_can_be_read_from_afar() {
        let area = Rect::new(0, 0, 30, 5);
        let mut buf = Buffer::empty(area);
        big_digits(&mut buf, area, "01:47", Look::plain());
        insta::assert_snapshot!(picture::text(&buf));
    }

    #[test]
    fn without_room_it_is_a_plain_clock() {
        let area = Rect::new(0, 0, 12, 5);
        let mut buf = Buffer::empty(area);
        big_digits(&mut buf, area, "01:47", Look::plain());
        assert!(picture::text(&buf).starts_with("   01:47\n"));
    }
}
