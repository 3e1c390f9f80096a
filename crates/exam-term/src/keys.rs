//! Keys and the mouse as the programs see them: one plain form, whatever the keyboard sends.
//!
//! A keyboard set to Chinese may send `Ａ` or `，`; a letter may come in either case; a held key
//! comes as a flood. All that is settled here. What a key *means* is each program's own.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Position;
use unicode_normalization::UnicodeNormalization as _;

use crate::run::Millis;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A character, full-width forms folded to ASCII.
    Char(char),
    /// A function key by its number.
    F(u8),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Tab with Shift.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
}

/// One press of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
}

impl Key {
    /// A press without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
        }
    }

    /// A character without modifiers.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Reads a key event; `None` for a release and for keys no program of ours uses.
    pub fn read(event: &KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let code = match event.code {
            KeyCode::Char(c) => Code::Char(fold_width(c)),
            KeyCode::F(number) => Code::F(number),
            KeyCode::Enter => Code::Enter,
            KeyCode::Esc => Code::Esc,
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
            KeyCode::Tab => Code::Tab,
            KeyCode::BackTab => Code::BackTab,
            KeyCode::Backspace => Code::Backspace,
            KeyCode::Delete => Code::Delete,
            KeyCode::Insert => Code::Insert,
            KeyCode::Up => Code::Up,
            KeyCode::Down => Code::Down,
            KeyCode::Left => Code::Left,
            KeyCode::Right => Code::Right,
            KeyCode::PageUp => Code::PageUp,
            KeyCode::PageDown => Code::PageDown,
            KeyCode::Home => Code::Home,
            KeyCode::End => Code::End,
            _ => return None,
        };
        Some(Self {
            code,
            ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
            alt: event.modifiers.contains(KeyModifiers::ALT),
        })
    }

    /// Returns the code of a press without Ctrl and Alt: what most keymaps match on.
    ///
    /// `Ctrl-Q` also is the character q; matching on the code alone would take it for a Q.
    pub const fn bare(self) -> Option<Code> {
        if self.ctrl || self.alt {
            None
        } else {
            Some(self.code)
        }
    }

    /// Returns the upper-case letter, digit or sign of a press without Ctrl and Alt.
    pub fn letter(self) -> Option<char> {
        match self.bare() {
            Some(Code::Char(c)) => Some(c.to_ascii_uppercase()),
            _ => None,
        }
    }

    /// Says whether the press would stop or suspend a program that is not in raw mode.
    pub fn leaves_a_program(self) -> bool {
        // Ctrl-\ arrives as Ctrl-4.
        self.ctrl
            && matches!(self.code, Code::Char(c) if "CZDSQ\\4".contains(c.to_ascii_uppercase()))
    }
}

/// Folds a full-width character to its ASCII form (NFKC), and leaves all others.
pub fn fold_width(c: char) -> char {
    let mut folded = std::iter::once(c).nfkc();
    match (folded.next(), folded.next()) {
        (Some(one), None) if one.is_ascii() => one,
        _ => c,
    }
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Press,
    /// The wheel went up.
    WheelUp,
    /// The wheel went down.
    WheelDown,
}

/// A mouse event and where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What happened.
    pub kind: MouseKind,
    /// The cell.
    pub at: Position,
}

impl Mouse {
    /// Reads a mouse event; `None` for moves, drags and releases.
    pub const fn read(event: &crossterm::event::MouseEvent) -> Option<Self> {
        use crossterm::event::{MouseButton, MouseEventKind};
        let kind = match event.kind {
            MouseEventKind::Down(MouseButton::Left) => MouseKind::Press,
            MouseEventKind::ScrollUp => MouseKind::WheelUp,
            MouseEventKind::ScrollDown => MouseKind::WheelDown,
            _ => return None,
        };
        Some(Self {
            kind,
            at: Position {
                x: event.column,
                y: event.row,
            },
        })
    }
}

/// Tames a held key: of presses of one key less than the gap apart only the first counts.
#[derive(Debug, Clone)]
pub struct Tamer {
    gap: u64,
    last: Option<(Key, Millis)>,
}

impl Default for Tamer {
    fn default() -> Self {
        Self::new(Self::GAP_MS)
    }
}

impl Tamer {
    /// The usual gap: no deliberate second press comes sooner.
    pub const GAP_MS: u64 = 150;

    /// A tamer with a gap of `gap` milliseconds.
    pub const fn new(gap: u64) -> Self {
        Self { gap, last: None }
    }

    /// Says whether a press counts. A repeat that does not count still lengthens the silence.
    pub fn admit(&mut self, key: Key, now: Millis) -> bool {
        let repeat = self
            .last
            .is_some_and(|(last, at)| last == key && now.0.saturating_sub(at.0) < self.gap);
        self.last = Some((key, now));
        !repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        Key::read(&KeyEvent::new(code, modifiers))
    }

    #[test]
    fn full_width_keys_are_the_plain_ones() {
        for (sent, letter) in [
            ('Ａ', 'A'),
            ('ａ', 'A'),
            ('１', '1'),
            ('b', 'B'),
            ('？', '?'),
            ('　', ' '),
        ] {
            let key = press(KeyCode::Char(sent), KeyModifiers::NONE).unwrap();
            assert_eq!(key.letter(), Some(letter), "{sent}");
        }
        assert_eq!(fold_width('√'), '√');
        assert_eq!(fold_width('中'), '中');
        assert_eq!(fold_width('ﬁ'), 'ﬁ');
    }

    #[test]
    fn a_letter_with_ctrl_is_not_the_letter() {
        let quit = press(KeyCode::Char('q'), KeyModifiers::CONTROL).unwrap();
        assert_eq!(quit.letter(), None);
        assert_eq!(quit.bare(), None);
        assert!(quit.leaves_a_program());
        assert!(
            press(KeyCode::Char('4'), KeyModifiers::CONTROL)
                .unwrap()
                .leaves_a_program()
        );
        assert!(
            !press(KeyCode::Char('q'), KeyModifiers::NONE)
                .unwrap()
                .leaves_a_program()
        );
    }

    #[test]
    fn a_release_is_no_press_and_shift_tab_goes_back() {
        let release = KeyEvent::new_with_kind(
            KeyCode::Char('a'),
            KeyModifiers::NONE,
            KeyEventKind::Release,
        );
        assert_eq!(Key::read(&release), None);
        assert_eq!(press(KeyCode::CapsLock, KeyModifiers::NONE), None);
        let back = press(KeyCode::Tab, KeyModifiers::SHIFT).unwrap();
        assert_eq!(back.code, Code::BackTab);
    }

    #[test]
    fn a_held_key_counts_once_and_another_key_at_once() {
        let mut tamer = Tamer::default();
        let (space, b) = (Key::char(' '), Key::char('b'));
        assert!(tamer.admit(space, Millis(1000)));
        for at in [1100, 1200, 1300] {
            assert!(!tamer.admit(space, Millis(at)), "at {at}");
        }
        assert!(tamer.admit(b, Millis(1310)));
        assert!(tamer.admit(space, Millis(1320)));
        assert!(tamer.admit(space, Millis(1470)));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(c in any::<char>()) {
            prop_assert_eq!(fold_width(fold_width(c)), fold_width(c));
        }
    }
}
