//! Marks as integers: hundredths of a point, so that sums are exact on every machine.
//!
//! What earns marks is not decided here (exam-marking alone knows whether a response is right).

use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::str::FromStr;

/// Points in hundredths. Ranges of an exam: 0 to some hundreds of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Marks(pub i32);

/// Says that a text is not a number of points.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a number of points with at most two decimal places")]
pub struct BadMarks(pub String);

impl Marks {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// Whole points.
    pub const fn points(points: i32) -> Self {
        Self(points.saturating_mul(100))
    }

    /// Returns these marks `count` times.
    #[must_use]
    pub fn times(self, count: usize) -> Self {
        Self(
            self.0
                .saturating_mul(i32::try_from(count).unwrap_or(i32::MAX)),
        )
    }
}

impl Add for Marks {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Marks {
    fn sum<I: Iterator<Item = Self>>(marks: I) -> Self {
        marks.fold(Self::ZERO, Add::add)
    }
}

impl FromStr for Marks {
    type Err = BadMarks;
    fn from_str(text: &str) -> Result<Self, BadMarks> {
        let bad = || BadMarks(text.chars().take(20).collect());
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 2 {
            return Err(bad());
        }
        let scale = if part.len() == 1 { 10 } else { 1 };
        let whole: i32 = whole.parse().map_err(|_not_a_number| bad())?;
        let part: i32 = part.parse().map_err(|_not_a_number| bad())?;
        whole
            .checked_mul(100)
            .and_then(|hundredths| hundredths.checked_add(part * scale))
            .map(Self)
            .ok_or_else(bad)
    }
}

impl fmt::Display for Marks {
    /// Writes points without needless zeros: `60`, `0.5`, `79.25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = if self.0 < 0 {
            ("-", -i64::from(self.0))
        } else {
            ("", i64::from(self.0))
        };
        let (whole, part) = (value / 100, value % 100);
        let text = match part {
            0 => format!("{sign}{whole}"),
            p if p % 10 == 0 => format!("{sign}{whole}.{}", p / 10),
            p => format!("{sign}{whole}.{p:02}"),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_written_exactly() {
        for (text, hundredths) in [("60", 6000), ("0.5", 50), ("79.25", 7925), ("0.05", 5)] {
            assert_eq!(text.parse::<Marks>().unwrap(), Marks(hundredths));
            assert_eq!(Marks(hundredths).to_string(), text);
        }
        for text in ["", "1.234", "-1", "1e3", "９", "99999999999", "."] {
            assert!(text.parse::<Marks>().is_err(), "{text}");
        }
    }
}
