//! The loop of a terminal program: an input comes in, the program changes itself and says what is
//! to be done, the screen is drawn. The one place here that reads a clock.
//!
//! Inputs are one closed enum and come in one order: that order is the program's history, and a
//! test that replays it needs no terminal ([`drive`] with a [`Script`]). What an input means and
//! what a screen shows is the program's own; what an effect does is the caller's.

mod source;

use crate::keys::{Key, Mouse, MouseKind};
use crate::tty::Tty;
use crossterm::event::Event;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use tokio::sync::mpsc::Receiver;

pub use source::{Raw, Script, Source};

/// Milliseconds on the loop's own clock, from its begin; never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// Returns the milliseconds since `earlier`, zero if it is later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Everything that can happen to a terminal program.
///
/// `M` is what comes from outside the terminal, `T` what a mouse button can hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<M, T> {
    /// A key was pressed.
    Key(Key),
    /// A target of the last frame was pressed with the mouse.
    Click(T),
    /// The mouse did something else.
    Mouse(Mouse),
    /// A paste was dropped: it would have become keystrokes.
    Paste {
        /// How many characters it had.
        dropped: usize,
    },
    /// The terminal has another size.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The window lost the focus.
    FocusLost,
    /// The window has the focus again.
    FocusGained,
    /// A second has passed.
    Tick,
    /// A signal asks the program to end, or the terminal is gone; the loop ends after this.
    Stop,
    /// A message from outside.
    App(M),
}

/// What can be hit with the mouse, as the last frame drew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets<T> {
    list: Vec<(Rect, T)>,
}

impl<T> Default for Targets<T> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

impl<T> Targets<T> {
    /// Adds a target; a later one lies above an earlier one.
    pub fn add(&mut self, area: Rect, target: T) {
        self.list.push((area, target));
    }

    /// Forgets all targets, as when a popup covers them.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// Returns the target at a cell.
    pub fn hit(&self, at: Position) -> Option<&T> {
        let found = self.list.iter().rev().find(|(area, _)| area.contains(at))?;
        Some(&found.1)
    }

    /// Returns all targets with their places, in drawing order.
    pub fn iter(&self) -> impl Iterator<Item = &(Rect, T)> {
        self.list.iter()
    }
}

impl<T> Extend<(Rect, T)> for Targets<T> {
    fn extend<I: IntoIterator<Item = (Rect, T)>>(&mut self, targets: I) {
        self.list.extend(targets);
    }
}

/// A terminal program: a model that inputs change and a picture of it.
pub trait Program {
    /// What comes from outside the terminal.
    type Message;
    /// What the program wants done outside itself.
    type Effect;
    /// What the mouse can hit.
    type Target: Clone;

    /// Takes one input that happened at `now` and returns what is to be done, in order.
    fn update(
        &mut self,
        now: Millis,
        input: Input<Self::Message, Self::Target>,
    ) -> Vec<Self::Effect>;

    /// Draws the model, reading nothing else, and names what the mouse can hit.
    fn view(&self, frame: &mut Frame<'_>, targets: &mut Targets<Self::Target>);
}

/// What the loop does after an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Goes on.
    Go,
    /// Draws every cell anew.
    Repaint,
    /// Sounds the bell.
    Bell,
    /// Ends the loop.
    Quit,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The program wanted it.
    Quit,
    /// A signal, a lost terminal, or the end of a script.
    Stopped,
}

/// Where frames are drawn.
pub trait Surface {
    /// Draws one frame.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn draw(&mut self, view: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()>;

    /// Makes the next frame write every cell.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn repaint(&mut self) -> io::Result<()>;

    /// Sounds the bell.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn bell(&mut self) -> io::Result<()>;
}

/// Runs a program on the terminal until it quits or a signal comes.
///
/// `messages` is the one bounded channel for what comes from outside; `perform` does the effects
/// and must not block. Needs a tokio runtime with time and I/O enabled.
///
/// # Errors
/// If the terminal fails.
pub async fn run<P: Program>(
    tty: &mut Tty,
    program: &mut P,
    messages: Receiver<P::Message>,
    perform: impl FnMut(P::Effect) -> Next,
) -> io::Result<Ended> {
    let source = source::TtySource::new(messages)?;
    drive(program, tty, source, perform).await
}

/// The most inputs taken before a frame is drawn.
const BATCH: usize = 64;

/// Runs a program on any surface with any source of inputs: [`run`] without a terminal.
///
/// # Errors
/// If the surface fails.
pub async fn drive<P: Program>(
    program: &mut P,
    surface: &mut impl Surface,
    mut source: impl Source<P::Message>,
    mut perform: impl FnMut(P::Effect) -> Next,
) -> io::Result<Ended> {
    let mut targets = frame(program, surface)?;
    while let Some(first) = source.next().await {
        let mut next = Some(first);
        let mut taken = 0;
        // What is already there is taken before drawing: a resize comes as a dozen events.
        while let Some((now, raw)) = next {
            let stop = matches!(raw, Raw::Stop);
            if let Some(input) = read(raw, &targets) {
                for effect in program.update(now, input) {
                    match perform(effect) {
                        Next::Go => {}
                        Next::Repaint => surface.repaint()?,
                        Next::Bell => surface.bell()?,
                        Next::Quit => return Ok(Ended::Quit),
                    }
                }
            }
            if stop {
                return Ok(Ended::Stopped);
            }
            taken += 1;
            next = if taken < BATCH {
                already(source.next()).await.flatten()
            } else {
                None
            };
        }
        targets = frame(program, surface)?;
    }
    Ok(Ended::Stopped)
}

/// Takes what a future has ready, without waiting.
///
/// It is polled with this task's own waker: crossterm's event stream keeps the waker of the first
/// poll that found nothing, so a poll with an idle one would leave the next key unheard until
/// something else happens.
async fn already<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}

fn frame<P: Program>(program: &P, surface: &mut impl Surface) -> io::Result<Targets<P::Target>> {
    let mut targets = Targets::default();
    surface.draw(&mut |frame| {
        targets.clear();
        program.view(frame, &mut targets);
    })?;
    Ok(targets)
}

/// Makes an input of what came in; `None` for what no program cares about.
fn read<M, T: Clone>(raw: Raw<M>, targets: &Targets<T>) -> Option<Input<M, T>> {
    let event = match raw {
        Raw::Message(message) => return Some(Input::App(message)),
        Raw::Tick => return Some(Input::Tick),
        Raw::Stop => return Some(Input::Stop),
        Raw::Terminal(event) => event,
    };
    match event {
        Event::Key(key) => Key::read(&key).map(Input::Key),
        Event::Mouse(mouse) => {
            let mouse = Mouse::read(&mouse)?;
            let hit = targets
                .hit(mouse.at)
                .filter(|_| mouse.kind == MouseKind::Press);
            Some(hit.map_or(Input::Mouse(mouse), |target| Input::Click(target.clone())))
        }
        Event::Paste(text) => Some(Input::Paste {
            dropped: text.chars().count(),
        }),
        Event::Resize(width, height) => Some(Input::Resize { width, height }),
        Event::FocusLost => Some(Input::FocusLost),
        Event::FocusGained => Some(Input::FocusGained),
    }
}

#[cfg(test)]
mod tests;
