//! A clock that stands still until somebody moves it: for tests and simulations.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exam_core::{BootId, HallTime, Span, WallTime};
use tokio::sync::watch;

/// A hall clock moved by hand. Clones are one clock.
#[derive(Debug, Clone)]
pub struct ManualClock {
    hands: Arc<Mutex<Hands>>,
    moved: Arc<watch::Sender<u64>>,
}

#[derive(Debug)]
struct Hands {
    hall: HallTime,
    wall: WallTime,
    boot: BootId,
    step: Span,
}

impl ManualClock {
    /// Returns a clock that shows these times.
    pub fn new(hall: HallTime, wall: WallTime) -> Self {
        let hands = Hands {
            hall,
            wall,
            boot: BootId([0xB0; 16]),
            step: Span::ZERO,
        };
        Self {
            hands: Arc::new(Mutex::new(hands)),
            moved: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Lets time pass.
    pub fn advance(&self, by: Span) {
        {
            let mut hands = self.lock();
            hands.hall = hands.hall + Span(by.0.max(0));
            hands.wall = WallTime(hands.wall.0.saturating_add(by.0.max(0)));
        }
        self.moved
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Steps the wall clock alone.
    pub fn step_wall(&self, by: Span) {
        let mut hands = self.lock();
        hands.wall = WallTime(hands.wall.0.saturating_add(by.0));
        hands.step = hands.step + by;
    }

    pub(super) fn now(&self) -> HallTime {
        self.lock().hall
    }

    pub(super) fn wall(&self) -> WallTime {
        self.lock().wall
    }

    pub(super) fn boot(&self) -> BootId {
        self.lock().boot
    }

    pub(super) fn wall_step(&self) -> Option<Span> {
        let step = std::mem::take(&mut self.lock().step);
        (step != Span::ZERO).then_some(step)
    }

    /// Returns once the clock shows another hour than `seen`.
    pub(super) async fn moved_from(&self, seen: HallTime) {
        let mut moved = self.moved.subscribe();
        if self.now() != seen {
            return;
        }
        // The sender lives as long as this clock does.
        if moved.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
