//! Holding the terminal: takes it over, gives it back whatever happens, and draws on it.
//!
//! It is responsible for raw mode, the alternate screen, bracketed paste, mouse and focus events,
//! the start-up probe and synchronized updates. It does not read events (the loop does) and knows
//! nothing of what is drawn.

mod guard;
mod probe;

use crate::glyphs::Glyphs;
use guard::Guard;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};
use std::time::Duration;

pub use guard::restore;
pub use probe::AmbiguousRule;

/// Says why the terminal could not be taken over.
#[derive(Debug, thiserror::Error)]
pub enum TtyError {
    /// Standard input or output is a file or a pipe.
    #[error("standard {0} is not a terminal")]
    NotATerminal(&'static str),
    /// The terminal failed.
    #[error("could not set up the terminal")]
    Io(#[from] io::Error),
}

/// How to take the terminal over.
#[derive(Debug, Clone, Copy)]
pub struct TtyOptions {
    /// What to do with glyphs of doubtful width.
    pub ambiguous: AmbiguousRule,
    /// How long the terminal may take to answer the probe.
    pub probe_within: Duration,
}

impl Default for TtyOptions {
    fn default() -> Self {
        Self {
            ambiguous: AmbiguousRule::Auto,
            probe_within: Duration::from_millis(500),
        }
    }
}

/// The terminal, held until this value is dropped.
#[derive(Debug)]
pub struct Tty {
    // Dropped first, so that nothing is written after the guard gave the terminal back.
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    glyphs: Glyphs,
    _guard: Guard,
}

impl Tty {
    /// Takes the terminal over and finds out what its glyphs do.
    ///
    /// # Errors
    /// [`TtyError::NotATerminal`] if standard input or output is none; nothing was written then.
    pub fn open(options: &TtyOptions) -> Result<Self, TtyError> {
        check(io::stdin().is_terminal(), io::stdout().is_terminal())?;
        let guard = Guard::enter()?;
        // Before any event is read: the replies would be taken for keys (KIOSK 1.2).
        let term = std::env::var("TERM").unwrap_or_default();
        let glyphs = probe::probe(options.ambiguous, &term, options.probe_within);
        let writer = BufWriter::with_capacity(64 << 10, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(writer))?;
        Ok(Self {
            terminal,
            glyphs,
            _guard: guard,
        })
    }

    /// Returns what the probe found.
    pub const fn glyphs(&self) -> Glyphs {
        self.glyphs
    }

    /// Returns the terminal's size.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }
}

impl crate::run::Surface for Tty {
    fn draw(&mut self, view: &mut dyn FnMut(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
        crossterm::queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(|frame| view(frame)).map(|_| ());
        // Ended on the error path too: a terminal left inside an update shows nothing any more.
        let ended = crossterm::queue!(self.terminal.backend_mut(), EndSynchronizedUpdate);
        let flushed = io::Write::flush(self.terminal.backend_mut());
        drawn.and(ended).and(flushed)
    }

    fn repaint(&mut self) -> io::Result<()> {
        // Never `Terminal::clear`: it asks for the cursor while events are being read (KIOSK 0.4).
        let area = Rect::from((ratatui::layout::Position::ORIGIN, self.terminal.size()?));
        self.terminal.resize(area)
    }

    fn bell(&mut self) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        backend.write_all(b"\x07")?;
        io::Write::flush(backend)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        use crossterm::terminal::EndSynchronizedUpdate;
        // What is still buffered goes out before the guard gives the terminal back; after a panic
        // it goes out later, and must not leave an update open.
        let backend = self.terminal.backend_mut();
        if crossterm::execute!(backend, EndSynchronizedUpdate).is_err() {
            // The terminal is gone; there is nobody to tell.
        }
    }
}

const fn check(stdin: bool, stdout: bool) -> Result<(), TtyError> {
    match (stdin, stdout) {
        (true, true) => Ok(()),
        (false, _) => Err(TtyError::NotATerminal("input")),
        (_, false) => Err(TtyError::NotATerminal("output")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_refused_by_name() {
        assert!(check(true, true).is_ok());
        let refused = check(false, true).unwrap_err();
        assert_eq!(refused.to_string(), "standard input is not a terminal");
        assert!(matches!(
            check(true, false),
            Err(TtyError::NotATerminal("output"))
        ));
    }
}
