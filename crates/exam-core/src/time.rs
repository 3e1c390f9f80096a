//! Hall time, spans and wall time, in whole milliseconds.
//!
//! Deadlines live on hall time alone (ARCHITECTURE decision 2); wall time is for people. No clock
//! is read here.

use std::fmt;
use std::ops::{Add, Sub};

/// An instant on the hall's monotone clock, in milliseconds. It never steps back and runs on while
/// the server is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct HallTime(pub i64);

/// A length of time in milliseconds; may be negative where a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(pub i64);

/// An instant of the wall clock: milliseconds since 1970-01-01 UTC. For showing and evidence; it
/// decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WallTime(pub i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of whole seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// A span of whole minutes.
    pub const fn minutes(minutes: i64) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// Returns the whole seconds in it, rounded up, never below zero: what a count-down shows.
    pub const fn seconds_left(self) -> i64 {
        if self.0 <= 0 {
            0
        } else {
            self.0.saturating_add(999) / 1_000
        }
    }

    /// Returns this span times `hundredths / 100`, as an accommodation's factor wants (T5).
    #[must_use]
    pub const fn times_hundredths(self, hundredths: i64) -> Self {
        Self(self.0.saturating_mul(hundredths) / 100)
    }
}

impl Add<Span> for HallTime {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for HallTime {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Sub for HallTime {
    type Output = Span;
    fn sub(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Span {
    /// Writes `HH:MM:SS`, rounded up to the second, as clocks show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds_left();
        write!(
            f,
            "{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_down_rounds_up_and_stops_at_zero() {
        assert_eq!(Span(1).to_string(), "00:00:01");
        assert_eq!(Span::minutes(45).to_string(), "00:45:00");
        assert_eq!(Span(-5).to_string(), "00:00:00");
    }

    #[test]
    fn arithmetic_never_overflows() {
        assert_eq!(HallTime(i64::MAX) + Span(1), HallTime(i64::MAX));
        assert_eq!(HallTime(i64::MIN) - HallTime(i64::MAX), Span(i64::MIN));
    }
}
