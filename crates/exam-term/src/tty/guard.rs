//! The modes of the terminal: set together, unset together, on every way out.
//!
//! Ways out are: dropping the guard, a panic anywhere (hook), an error. A signal ends the loop,
//! which drops the guard. SIGKILL cannot be helped.

use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal is taken over and not yet given back.
static HELD: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal is in our modes while this lives.
#[derive(Debug)]
pub(super) struct Guard {
    _private: (),
}

impl Guard {
    pub(super) fn enter() -> io::Result<Self> {
        HOOK.call_once(restore_on_panic);
        enable_raw_mode()?;
        HELD.store(true, Ordering::SeqCst);
        // From here on a failure drops the guard, which undoes what was done.
        let guard = Self { _private: () };
        write_enter(&mut io::stdout())?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, once; harmless when it is not held.
pub fn restore() {
    if !HELD.swap(false, Ordering::SeqCst) {
        return;
    }
    // Each step is tried even if another failed: the terminal may be half gone.
    let written = write_leave(&mut io::stdout());
    let cooked = disable_raw_mode();
    if written.and(cooked).is_err() {
        // Nobody is left to be told.
    }
}

fn restore_on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        restore();
        before(panic);
    }));
}

fn write_enter(out: &mut impl Write) -> io::Result<()> {
    crossterm::execute!(
        out,
        EnterAlternateScreen,
        Clear(ClearType::All),
        EnableBracketedPaste,
        EnableMouseCapture,
        EnableFocusChange,
        Hide
    )
}

fn write_leave(out: &mut impl Write) -> io::Result<()> {
    crossterm::execute!(
        out,
        EndSynchronizedUpdate,
        DisableFocusChange,
        DisableMouseCapture,
        DisableBracketedPaste,
        ResetColor,
        Show,
        LeaveAlternateScreen
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Returns the private modes that `bytes` sets (`h`) or resets (`l`).
    fn modes(bytes: &[u8], end: char) -> BTreeSet<String> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.split("\x1b[?")
            .skip(1)
            .filter_map(|part| {
                let (number, rest) = part.split_at(part.find(['h', 'l'])?);
                rest.starts_with(end).then(|| number.to_owned())
            })
            .collect()
    }

    #[test]
    fn leaving_undoes_every_mode_that_entering_set() {
        let (mut entered, mut left) = (Vec::new(), Vec::new());
        write_enter(&mut entered).unwrap();
        write_leave(&mut left).unwrap();
        let set = modes(&entered, 'h');
        assert!(set.contains("1049") && set.contains("2004") && set.contains("1004"));
        assert!(set.is_subset(&modes(&left, 'l')), "{set:?}");
        // The cursor is hidden by a reset and shown by a set; updates end in any case.
        assert!(modes(&entered, 'l').contains("25") && modes(&left, 'h').contains("25"));
        assert!(modes(&left, 'l').contains("2026"));
    }

    #[test]
    fn giving_back_what_is_not_held_does_nothing() {
        assert!(!HELD.load(Ordering::SeqCst));
        restore();
        assert!(!HELD.load(Ordering::SeqCst));
    }
}
