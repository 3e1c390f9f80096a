//! Where inputs come from: the terminal, the outside, the clock and signals; or a script.

use super::Millis;
use crossterm::event::{Event, EventStream, KeyEvent};
use futures_util::StreamExt as _;
use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// What came in, before it is read as an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw<M> {
    /// From the terminal.
    Terminal(Event),
    /// From outside.
    Message(M),
    /// From the clock.
    Tick,
    /// From a signal, or because the terminal is gone.
    Stop,
}

/// A source of inputs in one order, each with its time.
pub trait Source<M> {
    /// Waits for the next; `None` when there will be none. Dropping the future loses nothing.
    fn next(&mut self) -> impl Future<Output = Option<(Millis, Raw<M>)>>;
}

/// A prepared history, for tests and for replaying a recording.
#[derive(Debug)]
pub struct Script<M> {
    inputs: VecDeque<(Millis, Raw<M>)>,
}

impl<M> Script<M> {
    /// A script of inputs with their times.
    pub fn new(inputs: impl IntoIterator<Item = (Millis, Raw<M>)>) -> Self {
        Self {
            inputs: inputs.into_iter().collect(),
        }
    }

    /// Adds the press of a key.
    #[must_use]
    pub fn key(mut self, at: u64, key: KeyEvent) -> Self {
        let raw = Raw::Terminal(Event::Key(key));
        self.inputs.push_back((Millis(at), raw));
        self
    }
}

impl<M> Source<M> for Script<M> {
    async fn next(&mut self) -> Option<(Millis, Raw<M>)> {
        self.inputs.pop_front()
    }
}

/// The real thing.
pub(super) struct TtySource<M> {
    events: EventStream,
    messages: Option<Receiver<M>>,
    ticks: Interval,
    signals: Signals,
    begin: Instant,
}

impl<M> TtySource<M> {
    pub(super) fn new(messages: Receiver<M>) -> io::Result<Self> {
        let mut ticks = interval(Duration::from_secs(1));
        // After a pause of the machine one tick is enough.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        Ok(Self {
            events: EventStream::new(),
            messages: Some(messages),
            ticks,
            signals: Signals::new()?,
            begin: clock(),
        })
    }

    fn now(&self) -> Millis {
        let passed = clock().duration_since(self.begin).as_millis();
        Millis(u64::try_from(passed).unwrap_or(u64::MAX))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the loop is where this crate's clock is read"
)]
fn clock() -> Instant {
    Instant::now()
}

impl<M> Source<M> for TtySource<M> {
    async fn next(&mut self) -> Option<(Millis, Raw<M>)> {
        // Every branch may be dropped half-way without losing anything.
        let raw = tokio::select! {
            () = self.signals.next() => Raw::Stop,
            event = self.events.next() => match event {
                Some(Ok(event)) => Raw::Terminal(event),
                Some(Err(_)) | None => Raw::Stop,
            },
            message = next_message(&mut self.messages) => Raw::Message(message),
            _ = self.ticks.tick() => Raw::Tick,
        };
        Some((self.now(), raw))
    }
}

/// Waits for a message; for ever once the outside has hung up.
async fn next_message<M>(messages: &mut Option<Receiver<M>>) -> M {
    if let Some(receiver) = messages {
        if let Some(message) = receiver.recv().await {
            return message;
        }
        *messages = None;
    }
    std::future::pending().await
}

/// The signals that ask a program to end.
#[cfg(unix)]
struct Signals {
    list: [tokio::signal::unix::Signal; 4],
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            list: [
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
                signal(SignalKind::interrupt())?,
                signal(SignalKind::quit())?,
            ],
        })
    }

    async fn next(&mut self) {
        let [terminate, hangup, interrupt, quit] = &mut self.list;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
            _ = interrupt.recv() => {}
            _ = quit.recv() => {}
        }
    }
}

/// Elsewhere there is Ctrl-C alone, and raw mode takes that.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
