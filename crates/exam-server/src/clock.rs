//! The hall's clock: hall time on the machine's boot-time clock, wall time for people.
//!
//! This is the server's only door to time. Hall time runs on while the server is down (ARCHITECTURE
//! decision 2); a step of the wall clock moves nothing and is only told. No deadline is kept here.

mod manual;
mod resume;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exam_core::{BootId, HallTime, SittingKind, Span, WallTime};

pub use manual::ManualClock;
pub use resume::{Anchor, LastSeen, resume};

/// How far wall time and hall time may part between two looks before it counts as a step.
const WALL_STEP: i64 = 1_000;

/// Nothing waits longer than this without looking at the clock again: tokio's timers stand still
/// while the machine is suspended.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// How fast hall time runs, against real time. 1 in every sitting that counts (T12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed(u32);

/// A clock that must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// T12: a fast clock in a sitting that counts.
    #[error("a fast clock is for rehearsals only; this sitting counts")]
    FastClockInRealSitting,
    /// A factor outside 1 to 10,000.
    #[error("a clock {0} times as fast cannot be; use 1 to 10000")]
    SpeedOutOfRange(u32),
}

impl Speed {
    /// Real time.
    pub const REAL: Self = Self(1);

    /// Checks a factor for a sitting of `kind`.
    ///
    /// # Errors
    /// [`ClockFault`] outside 1 to 10,000, and above 1 in a sitting that counts (T12).
    pub const fn new(factor: u32, kind: SittingKind) -> Result<Self, ClockFault> {
        match (factor, kind) {
            (0 | 10_001.., _) => Err(ClockFault::SpeedOutOfRange(factor)),
            (1, SittingKind::Real) | (_, SittingKind::Rehearsal) => Ok(Self(factor)),
            (_, SittingKind::Real) => Err(ClockFault::FastClockInRealSitting),
        }
    }

    /// Returns the factor.
    pub const fn factor(self) -> u32 {
        self.0
    }
}

/// The clock every part of the hall reads. Cheap to clone; all clones are one clock.
#[derive(Clone)]
pub struct HallClock(Arc<Source>);

enum Source {
    Machine {
        anchor: Anchor,
        speed: Speed,
        boot: BootId,
        /// Wall minus boot-time milliseconds, as last seen.
        wall_offset: Mutex<i64>,
    },
    Manual(ManualClock),
}

impl HallClock {
    /// The machine's clock, with hall time as `anchor` says, on boot `boot`.
    pub fn machine(anchor: Anchor, speed: Speed, boot: BootId) -> Self {
        let wall_offset = Mutex::new(machine::wall_ms() - machine::boot_ms());
        Self(Arc::new(Source::Machine {
            anchor,
            speed,
            boot,
            wall_offset,
        }))
    }

    /// Hall time, now.
    pub fn now(&self) -> HallTime {
        match &*self.0 {
            Source::Machine { anchor, speed, .. } => anchor.hall_at(machine::boot_ms(), *speed),
            Source::Manual(clock) => clock.now(),
        }
    }

    /// Wall time, now. On a rehearsal's fast clock it runs as fast as hall time.
    pub fn wall(&self) -> WallTime {
        match &*self.0 {
            Source::Machine { anchor, speed, .. } => {
                let real = machine::boot_ms() - anchor.boot_ms;
                let ahead = real.saturating_mul(i64::from(speed.0) - 1);
                WallTime(machine::wall_ms().saturating_add(ahead))
            }
            Source::Manual(clock) => clock.wall(),
        }
    }

    /// The wall time at which it was, or will be, `at`; for showing.
    pub fn wall_at(&self, at: HallTime) -> WallTime {
        let away = at - self.now();
        WallTime(self.wall().0.saturating_add(away.0))
    }

    /// The hall time at which the wall clock shows `wall`.
    pub fn hall_at(&self, wall: WallTime) -> HallTime {
        self.now() + Span(wall.0.saturating_sub(self.wall().0))
    }

    /// This machine's boot.
    pub fn boot(&self) -> BootId {
        match &*self.0 {
            Source::Machine { boot, .. } => *boot,
            Source::Manual(clock) => clock.boot(),
        }
    }

    /// Returns by how much the wall clock stepped since it was last asked, if it did
    /// (RELIABILITY 16).
    pub fn wall_step(&self) -> Option<Span> {
        match &*self.0 {
            Source::Machine { wall_offset, .. } => {
                let seen = machine::wall_ms() - machine::boot_ms();
                let mut known = wall_offset.lock().unwrap_or_else(PoisonError::into_inner);
                let by = seen - *known;
                *known = seen;
                (by.abs() >= WALL_STEP).then_some(Span(by))
            }
            Source::Manual(clock) => clock.wall_step(),
        }
    }

    /// Waits until hall time is past `deadline`, but a second at most. `seen` is the hour the
    /// caller last looked at.
    pub async fn rest(&self, seen: HallTime, deadline: Option<HallTime>) {
        match &*self.0 {
            Source::Machine { speed, .. } => {
                let left = deadline.map_or(i64::MAX, |at| (at - self.now()).0.saturating_add(1));
                let left = u64::try_from(left.max(0)).unwrap_or(0) / u64::from(speed.0);
                let rest = Duration::from_millis(left.saturating_add(1)).min(LONGEST_REST);
                tokio::time::sleep(rest).await;
            }
            Source::Manual(clock) => clock.moved_from(seen).await,
        }
    }

    /// What the next process needs to carry hall time on.
    pub fn anchor(&self) -> Anchor {
        match &*self.0 {
            Source::Machine { .. } => Anchor {
                boot_ms: machine::boot_ms(),
                hall: self.now(),
            },
            Source::Manual(_) => Anchor {
                boot_ms: self.now().0,
                hall: self.now(),
            },
        }
    }
}

impl From<ManualClock> for HallClock {
    fn from(clock: ManualClock) -> Self {
        Self(Arc::new(Source::Manual(clock)))
    }
}

impl fmt::Debug for HallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HallClock({} ms)", self.now().0)
    }
}

/// What the machine itself says.
pub mod machine {
    use super::BootId;

    /// Milliseconds since the machine booted, suspended time included. Elsewhere than on Linux the
    /// monotonic clock stands in, which may stop in suspend.
    pub fn boot_ms() -> i64 {
        #[cfg(target_os = "linux")]
        let clock = rustix::time::ClockId::Boottime;
        #[cfg(not(target_os = "linux"))]
        let clock = rustix::time::ClockId::Monotonic;
        millis(rustix::time::clock_gettime(clock))
    }

    /// Milliseconds since 1970 by the wall clock.
    pub fn wall_ms() -> i64 {
        millis(rustix::time::clock_gettime(rustix::time::ClockId::Realtime))
    }

    /// The name of this boot, where the machine has one.
    pub fn boot_id() -> Option<BootId> {
        let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
        digits.parse().ok()
    }

    fn millis(time: rustix::time::Timespec) -> i64 {
        time.tv_sec
            .saturating_mul(1_000)
            .saturating_add(time.tv_nsec / 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t12_a_fast_clock_is_refused_in_a_sitting_that_counts() {
        assert_eq!(
            Speed::new(60, SittingKind::Real),
            Err(ClockFault::FastClockInRealSitting)
        );
        assert!(Speed::new(60, SittingKind::Rehearsal).is_ok());
        assert!(Speed::new(1, SittingKind::Real).is_ok());
        assert!(Speed::new(0, SittingKind::Rehearsal).is_err());
    }

    #[test]
    fn hall_time_starts_at_its_anchor_and_never_steps_back() {
        let anchor = Anchor {
            boot_ms: machine::boot_ms(),
            hall: HallTime(5_000),
        };
        let clock = HallClock::machine(anchor, Speed::REAL, BootId([1; 16]));
        let mut before = clock.now();
        assert!(before >= HallTime(5_000));
        for _ in 0..1_000 {
            let now = clock.now();
            assert!(now >= before);
            before = now;
        }
    }

    #[tokio::test]
    async fn a_manual_clock_wakes_whoever_rests_on_it() {
        let hand = ManualClock::new(HallTime(1_000), WallTime(9_000));
        let clock = HallClock::from(hand.clone());
        let resting = tokio::spawn({
            let clock = clock.clone();
            async move {
                let mut seen = clock.now();
                while seen <= HallTime(2_000) {
                    clock.rest(seen, Some(HallTime(2_000))).await;
                    seen = clock.now();
                }
            }
        });
        hand.advance(Span(1_001));
        resting.await.unwrap();
        assert_eq!(clock.wall(), WallTime(10_001));
        assert_eq!(clock.wall_at(HallTime(2_000)), WallTime(10_000));
        assert_eq!(clock.wall_step(), None);
        hand.step_wall(Span(-3_600_000));
        assert_eq!(clock.wall_step(), Some(Span(-3_600_000)));
        assert_eq!(clock.now(), HallTime(2_001));
    }
}
