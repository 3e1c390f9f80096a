//! Keys as a candidate means them: one table for every screen (KIOSK 3.5, as corrected).
//!
//! It knows no screen and no state; what a key does where is [`update`](crate::update())'s.

use exam_term::Code;

/// One key press, folded: lower-case letters are their capitals, the keypad is the row of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter, digit or sign.
    Char(char),
    /// Space.
    Space,
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace or Delete.
    Erase,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// First.
    Home,
    /// Last.
    End,
    /// A function key.
    F(u8),
    /// Ctrl-C, which only a demonstration answers to.
    Break,
    /// Some other combination with Ctrl or Alt: counted, never obeyed (KIOSK 2.2).
    Combination,
}

/// Returns the key meant by a press; some mean nothing.
pub fn key(pressed: exam_term::Key) -> Option<Key> {
    let Some(code) = pressed.bare() else {
        let c = matches!(pressed.code, Code::Char('c' | 'C')) && pressed.ctrl && !pressed.alt;
        return Some(if c { Key::Break } else { Key::Combination });
    };
    Some(match code {
        Code::Char(c) => return character(c),
        Code::Enter => Key::Enter,
        Code::Esc => Key::Esc,
        Code::Tab => Key::Tab,
        Code::BackTab => Key::BackTab,
        Code::Backspace | Code::Delete => Key::Erase,
        Code::Insert => return None,
        Code::Left => Key::Left,
        Code::Right => Key::Right,
        Code::Up => Key::Up,
        Code::Down => Key::Down,
        Code::PageUp => Key::PageUp,
        Code::PageDown => Key::PageDown,
        Code::Home => Key::Home,
        Code::End => Key::End,
        Code::F(number) => Key::F(number),
    })
}

fn character(c: char) -> Option<Key> {
    let folded = match c {
        '√' | '✓' => 'Y',
        '×' | '✗' => 'N',
        other => exam_term::keys::fold_width(other).to_ascii_uppercase(),
    };
    match folded {
        ' ' => Some(Key::Space),
        c if c.is_ascii_graphic() => Some(Key::Char(c)),
        _ => None,
    }
}

/// Returns which option (from 0) a key names: A-Z or 1-9 (the corrections: one rule for both
/// types).
pub fn option_index(key: Key) -> Option<usize> {
    match key {
        Key::Char(c @ 'A'..='Z') => Some(usize::from(c as u8 - b'A')),
        Key::Char(c @ '1'..='9') => Some(usize::from(c as u8 - b'1')),
        _ => None,
    }
}

/// Returns the letter an option stands under; letters exist on the screen alone (P2).
pub fn letter(index: usize) -> char {
    u8::try_from(index)
        .ok()
        .and_then(|index| b'A'.checked_add(index))
        .filter(u8::is_ascii_uppercase)
        .map_or('#', char::from)
}

/// Returns what a key says of a true/false item beyond A and B: Y T V are true, N F X false.
pub fn truth(key: Key) -> Option<bool> {
    match key {
        Key::Char('Y' | 'T' | 'V') => Some(true),
        Key::Char('N' | 'F' | 'X') => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    /// The whole way from the terminal's event.
    fn press(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        exam_term::Key::read(&KeyEvent::new(code, modifiers)).and_then(key)
    }

    #[test]
    fn full_width_and_small_letters_are_the_same_key() {
        for c in ['a', 'A', 'ａ', 'Ａ'] {
            assert_eq!(
                press(KeyCode::Char(c), KeyModifiers::NONE),
                Some(Key::Char('A')),
                "{c}"
            );
        }
        assert_eq!(
            press(KeyCode::Char('２'), KeyModifiers::NONE),
            Some(Key::Char('2'))
        );
        assert_eq!(
            press(KeyCode::Char('　'), KeyModifiers::NONE),
            Some(Key::Space)
        );
        assert_eq!(
            press(KeyCode::Char('b'), KeyModifiers::SHIFT),
            Some(Key::Char('B'))
        );
    }

    #[test]
    fn combinations_are_never_letters() {
        let combination = Some(Key::Combination);
        let ctrl = KeyModifiers::CONTROL;
        assert_eq!(press(KeyCode::Char('a'), ctrl), combination);
        assert_eq!(press(KeyCode::Char('4'), ctrl), combination);
        assert_eq!(press(KeyCode::Char('b'), KeyModifiers::ALT), combination);
        assert_eq!(
            press(KeyCode::Char('c'), ctrl | KeyModifiers::ALT),
            combination
        );
        assert_eq!(press(KeyCode::Char('c'), ctrl), Some(Key::Break));
    }

    #[test]
    fn hanzi_and_control_characters_are_no_keys() {
        assert_eq!(press(KeyCode::Char('中'), KeyModifiers::NONE), None);
        assert_eq!(press(KeyCode::Char('\u{7}'), KeyModifiers::NONE), None);
        assert_eq!(press(KeyCode::Insert, KeyModifiers::NONE), None);
    }

    #[test]
    fn a_letter_names_the_option_it_stands_under() {
        for index in 0..26 {
            assert_eq!(option_index(Key::Char(letter(index))), Some(index));
        }
        assert_eq!(letter(26), '#');
        assert_eq!(letter(usize::MAX), '#');
    }
}
