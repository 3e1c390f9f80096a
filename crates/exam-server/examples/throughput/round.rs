//! One round: the phase every seat looks at, and what the seats have counted.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Running in: nothing is counted.
    RunningIn,
    /// Acks that come now count.
    Measured,
    /// Nothing new is sent.
    Over,
}

/// A round, for many readers.
#[derive(Debug)]
pub(crate) struct Round {
    phase: AtomicU8,
    /// Revisions of a seat that wait for their ack.
    pub(crate) window: u32,
}

impl Round {
    pub(crate) const fn new(window: u32) -> Self {
        let phase = AtomicU8::new(Phase::RunningIn as u8);
        Self { phase, window }
    }

    pub(crate) fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::RunningIn,
            1 => Phase::Measured,
            _ => Phase::Over,
        }
    }
}

/// What one seat counted, or all of them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// From sending to its ack, for each revision acked in the measured phase, in microseconds.
    pub(crate) waits_us: Vec<u32>,
    /// Acks in the whole round.
    pub(crate) acked: u64,
    /// Messages that bore them, in the whole round.
    pub(crate) messages: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.waits_us.extend(other.waits_us);
        self.acked += other.acked;
        self.messages += other.messages;
    }
}

/// What a round gave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// Time of the server on the processors for each ack, in microseconds.
    pub(crate) server_us: f64,
    /// The same for the load: this process.
    pub(crate) load_us: f64,
    /// Acks that one message bears.
    pub(crate) acks_per_message: f64,
}

impl Measured {
    /// Sums up a round of `window` in which server and load had so much processor time.
    #[expect(clippy::cast_precision_loss, reason = "a measurement, not a mark")]
    pub(crate) fn of(mut tally: Tally, window: Duration, server: Duration, load: Duration) -> Self {
        tally.waits_us.sort_unstable();
        let acks = tally.waits_us.len().max(1);
        let at = |percent: usize| {
            let wait = tally.waits_us.get(acks * percent / 100).copied();
            f64::from(wait.unwrap_or_default()) / 1e3
        };
        let each = |time: Duration| time.as_secs_f64() * 1e6 / acks as f64;
        Self {
            per_second: acks as f64 / window.as_secs_f64(),
            p50_ms: at(50),
            p99_ms: at(99),
            server_us: each(server),
            load_us: each(load),
            acks_per_message: tally.acked as f64 / tally.messages.max(1) as f64,
        }
    }
}
