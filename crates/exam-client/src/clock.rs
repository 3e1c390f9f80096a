//! This machine's monotonic clock and its boot: the only place of the crate that reads a clock.
//!
//! What the readings mean against the hall's clock is the attachment's business; no deadline is
//! decided here.

use std::time::Duration;

use exam_core::BootId;

/// A monotonic clock in milliseconds, sped up for rehearsals.
///
/// On Linux it runs on while the machine is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalClock {
    start: Duration,
    speed: u32,
}

impl LocalClock {
    /// Starts a clock at zero; `speed` local milliseconds pass in each real one (at least 1).
    pub fn start(speed: u32) -> Self {
        Self {
            start: reading(),
            speed: speed.max(1),
        }
    }

    /// Returns the local milliseconds since the start.
    pub fn now_ms(&self) -> i64 {
        let real = reading().saturating_sub(self.start);
        let sped_up = real.as_micros().saturating_mul(u128::from(self.speed)) / 1_000;
        i64::try_from(sped_up).unwrap_or(i64::MAX)
    }

    /// Returns how many local milliseconds pass in a real one.
    pub const fn speed(&self) -> u32 {
        self.speed
    }

    /// Returns the real time that `local_ms` of this clock take.
    pub fn real(&self, local_ms: u64) -> Duration {
        Duration::from_micros(local_ms.saturating_mul(1_000) / u64::from(self.speed))
    }
}

#[cfg(target_os = "linux")]
fn reading() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(
        u64::try_from(now.tv_sec).unwrap_or(0),
        u32::try_from(now.tv_nsec).unwrap_or(0),
    )
}

#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::disallowed_methods,
    reason = "the one clock file of this crate"
)]
fn reading() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// Returns this machine's boot id; where the system has none, one drawn for this process.
pub fn boot_id() -> BootId {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    digits
        .to_ascii_lowercase()
        .parse()
        .unwrap_or_else(|_none| crate::entropy::draw().map(BootId).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_never_steps_back_and_runs_at_its_speed() {
        let clock = LocalClock::start(60);
        let first = clock.now_ms();
        assert!(clock.now_ms() >= first);
        assert_eq!(clock.real(60_000), Duration::from_secs(1));
        assert_eq!(LocalClock::start(0).speed(), 1);
    }

    #[test]
    fn the_boot_stays_the_same_within_one_boot() {
        if std::path::Path::new("/proc/sys/kernel/random/boot_id").exists() {
            assert_eq!(boot_id(), boot_id());
        }
        assert_ne!(boot_id(), BootId::default());
    }
}
