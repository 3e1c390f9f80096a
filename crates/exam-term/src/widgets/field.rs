//! A field for a number or a short code, typed glyph by glyph.
//!
//! It takes ASCII letters and digits only (full-width ones are folded before they get here), so
//! it needs no input method and no cursor keys. What was typed is never shown by Debug.

use crate::ink;
use crate::keys::{Code, Key};
use crate::theme::{Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::fmt;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// Digits.
    Digits,
    /// Digits and the letter X, as identity numbers end.
    DigitsAndX,
    /// Letters and digits; letters become capitals.
    Letters,
}

/// What a key did to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// The text changed.
    Changed,
    /// The key was for the field but changed nothing: full, or not accepted.
    Refused,
    /// The key is not for the field.
    NotMine,
}

/// A text field of fixed length.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    text: String,
    length: usize,
    accept: Accept,
    masked: bool,
    group: usize,
}

impl Field {
    /// An empty field for `length` characters.
    pub const fn new(length: usize, accept: Accept) -> Self {
        Self {
            text: String::new(),
            length,
            accept,
            masked: false,
            group: 0,
        }
    }

    /// Shows `*` for every character.
    #[must_use]
    pub const fn masked(mut self) -> Self {
        self.masked = true;
        self
    }

    /// Shows a space after every `group` characters.
    #[must_use]
    pub const fn grouped(mut self, group: usize) -> Self {
        self.group = group;
        self
    }

    /// Returns what was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns how many characters are missing.
    pub fn missing(&self) -> usize {
        self.length.saturating_sub(self.text.len())
    }

    /// Empties the field.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Edit {
        match key.bare() {
            Some(Code::Backspace) => match self.text.pop() {
                Some(_) => Edit::Changed,
                None => Edit::Refused,
            },
            Some(Code::Char(c)) => self.push(c),
            _ => Edit::NotMine,
        }
    }

    fn push(&mut self, c: char) -> Edit {
        let c = c.to_ascii_uppercase();
        let accepted = match self.accept {
            Accept::Digits => c.is_ascii_digit(),
            Accept::DigitsAndX => c.is_ascii_digit() || c == 'X',
            Accept::Letters => c.is_ascii_alphanumeric(),
        };
        if accepted && self.text.len() < self.length {
            self.text.push(c);
            Edit::Changed
        } else {
            Edit::Refused
        }
    }

    /// Returns how many cells the drawn field takes.
    pub fn width(&self) -> u16 {
        u16::try_from(self.shown(0, self.length).len() + 4).unwrap_or(u16::MAX)
    }

    /// Draws `[ 2026 1121 ____ ]` at the left of `area` and returns where the cursor belongs.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, focused: bool, look: Look) -> Position {
        let typed = self.text.len();
        let role = if focused {
            Role::FieldFocus
        } else {
            Role::Field
        };
        let glyphs = look.glyphs;
        let right = area.right();
        let room = |x: u16| right.saturating_sub(x);
        let frame = look.style(if focused { Role::Strong } else { Role::Dim });
        let y = area.y;
        let begin = ink::put(buf, (area.x, y), "[ ", area.width, frame, glyphs);
        let text = self.shown(0, typed);
        let cursor = ink::put(
            buf,
            (begin, y),
            &text,
            room(begin),
            look.style(role),
            glyphs,
        );
        let rest = self.shown(typed, self.length);
        let end = ink::put(
            buf,
            (cursor, y),
            &rest,
            room(cursor),
            look.style(role),
            glyphs,
        );
        ink::put(buf, (end, y), " ]", room(end), frame, glyphs);
        // At a full group the cursor stands on the next free place, after the space.
        let space = u16::from(rest.starts_with(' '));
        Position::new((cursor + space).min(right.saturating_sub(1)), y)
    }

    /// Returns the characters from `from` to `to` as they are drawn, spaces of groups before them.
    fn shown(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        for index in from..to {
            if self.group > 0 && index > 0 && index % self.group == 0 {
                out.push(' ');
            }
            out.push(match self.text.as_bytes().get(index) {
                Some(_) if self.masked => '*',
                Some(byte) => char::from(*byte),
                None => '_',
            });
        }
        out
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("typed", &self.text.len())
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture;
    use proptest::prelude::*;

    fn typed(mut field: Field, keys: &str) -> Field {
        for c in keys.chars() {
            field.press(Key::char(c));
        }
        field
    }

    fn drawn(field: &Field) -> (String, u16) {
        let area = Rect::new(0, 0, 30, 1);
        let mut buf = Buffer::empty(area);
        let cursor = field.draw(&mut buf, area, true, Look::plain());
        (picture::text(&buf), cursor.x)
    }

    #[test]
    fn a_number_is_shown_in_groups_with_what_is_missing() {
        let field = typed(Field::new(12, Accept::Digits).grouped(4), "20261121");
        assert_eq!(drawn(&field), ("[ 2026 1121 ____ ]\n".to_owned(), 12));
        assert_eq!((field.missing(), field.width()), (4, 18));
        let field = typed(field, "0207999");
        assert_eq!(field.text(), "202611210207");
        assert_eq!(drawn(&field), ("[ 2026 1121 0207 ]\n".to_owned(), 16));
    }

    #[test]
    fn a_masked_field_shows_and_tells_nothing() {
        let field = typed(Field::new(6, Accept::DigitsAndX).masked(), "12345x");
        assert_eq!(field.text(), "12345X");
        assert_eq!(drawn(&field).0, "[ ****** ]\n");
        assert!(!format!("{field:?}").contains("1234"));
    }

    #[test]
    fn only_accepted_keys_get_in() {
        let mut field = Field::new(3, Accept::Digits);
        assert_eq!(field.press(Key::char('x')), Edit::Refused);
        assert_eq!(field.press(Key::char('７')), Edit::Refused);
        assert_eq!(field.press(Key::char('7')), Edit::Changed);
        assert_eq!(field.press(Key::plain(Code::Tab)), Edit::NotMine);
        let paste = Key {
            ctrl: true,
            ..Key::char('7')
        };
        assert_eq!(field.press(paste), Edit::NotMine);
        assert_eq!(field.press(Key::plain(Code::Backspace)), Edit::Changed);
        assert_eq!(field.press(Key::plain(Code::Backspace)), Edit::Refused);
    }

    proptest! {
        #[test]
        fn any_keys_in_any_room_fit(keys in any::<String>(), width in 0_u16..40) {
            let field = typed(Field::new(12, Accept::Letters).grouped(4), &keys);
            prop_assert!(field.text().len() <= 12);
            let area = Rect::new(0, 0, width, 1);
            let mut buf = Buffer::empty(area);
            let cursor = field.draw(&mut buf, area, true, Look::plain());
            prop_assert!(cursor.x < width.max(1));
        }
    }
}
