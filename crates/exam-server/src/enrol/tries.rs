//! Counts failures in a sliding minute: of one address at enrolment, of one seat at log-in.

use std::collections::{BTreeMap, VecDeque};

use exam_core::{HallTime, Span};

/// The window.
const MINUTE: Span = Span::minutes(1);

/// Failures by whom they are counted against, and in all.
#[derive(Debug)]
pub struct Tries<K> {
    most: usize,
    by: BTreeMap<K, VecDeque<HallTime>>,
}

impl<K: Ord + Clone> Tries<K> {
    /// Allows `most` failures a minute to each.
    pub fn new(most: u32) -> Self {
        Self {
            most: usize::try_from(most).unwrap_or(usize::MAX),
            by: BTreeMap::new(),
        }
    }

    /// Returns how many failures `who` has left at `now`.
    pub fn left(&mut self, now: HallTime, who: &K) -> usize {
        let Some(failures) = self.by.get_mut(who) else {
            return self.most;
        };
        while failures.front().is_some_and(|at| *at + MINUTE <= now) {
            failures.pop_front();
        }
        let left = self.most.saturating_sub(failures.len());
        if failures.is_empty() {
            self.by.remove(who);
        }
        left
    }

    /// Counts a failure and returns how many are left.
    pub fn fail(&mut self, now: HallTime, who: &K) -> usize {
        let failures = self.by.entry(who.clone()).or_default();
        failures.push_back(now);
        if failures.len() > self.most {
            failures.pop_front();
        }
        self.left(now, who)
    }

    /// Returns how many failures there were in all in the minute before `now`.
    pub fn in_all(&mut self, now: HallTime) -> usize {
        let everybody: Vec<K> = self.by.keys().cloned().collect();
        for who in &everybody {
            self.left(now, who);
        }
        self.by.values().map(VecDeque::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_a_minute_and_a_minute_later_again() {
        let mut tries = Tries::new(5);
        for left in (0..5).rev() {
            assert_eq!(tries.fail(HallTime(1_000), &"A-01"), left);
        }
        assert_eq!(tries.left(HallTime(60_999), &"A-01"), 0);
        assert_eq!(tries.left(HallTime(60_999), &"A-02"), 5);
        assert_eq!(tries.in_all(HallTime(60_999)), 5);
        assert_eq!(tries.left(HallTime(61_000), &"A-01"), 5);
        assert_eq!(tries.in_all(HallTime(61_000)), 0);
    }
}
