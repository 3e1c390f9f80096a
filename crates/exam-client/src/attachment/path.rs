//! One dense, numbered path of changes to the hall: what is on disk, what may be sent, what was
//! sent, what is acked. Revisions run on one such path, notes on another.
//!
//! Everything of the epoch is kept, so that a hall that misses something can always be served.

use exam_core::Seq;

/// Changes under way unacked at once; a hall reads eight commands ahead and pushes back after.
const WINDOW: u32 = 64;
/// Changes in one message.
const MESSAGE: usize = 16;
/// Local milliseconds without progress before what is unacked is sent again.
const RETRY_MS: i64 = 5_000;
/// Local milliseconds after a refusal before what is unacked is sent again.
const RETRY_SOON_MS: i64 = 300;
/// Doublings of the waiting time before it is left to the next connection.
const RETRIES: u32 = 6;

/// A numbered change.
pub(super) trait Numbered {
    fn seq(&self) -> Seq;
}

impl Numbered for exam_core::Revision {
    fn seq(&self) -> Seq {
        self.seq
    }
}

impl Numbered for exam_core::Note {
    fn seq(&self) -> Seq {
        self.seq
    }
}

/// One path within one epoch.
#[derive(Debug, Clone)]
pub(super) struct Path<T> {
    /// The number before the first one kept here.
    base: Seq,
    kept: Vec<T>,
    on_disk: Seq,
    may_send: Seq,
    sent: Seq,
    acked: Seq,
    retry: Retry,
}

/// When what is unacked is sent again.
#[derive(Debug, Clone, Copy, Default)]
struct Retry {
    at_ms: Option<i64>,
    tries: u32,
    /// Until when the hall wants nothing more.
    hold_ms: Option<i64>,
    /// The gap that was last filled, and until when it is not filled again.
    gap: Option<(Seq, i64)>,
}

impl<T: Numbered + Clone> Path<T> {
    /// Begins after `base`, which the hall has.
    pub(super) fn after(base: Seq) -> Self {
        Self {
            base,
            kept: Vec::new(),
            on_disk: base,
            may_send: base,
            sent: base,
            acked: base,
            retry: Retry::default(),
        }
    }

    /// Takes up a dense run out of the spool; nothing of it counts as acked (R5).
    pub(super) fn recovered(run: &[T]) -> Self {
        let base = run
            .first()
            .map_or(Seq(0), |first| Seq(first.seq().0.saturating_sub(1)));
        let last = run.last().map_or(base, Numbered::seq);
        Self {
            kept: run.to_vec(),
            on_disk: last,
            may_send: last,
            ..Self::after(base)
        }
    }

    pub(super) fn last(&self) -> Seq {
        self.kept.last().map_or(self.base, Numbered::seq)
    }

    pub(super) const fn acked(&self) -> Seq {
        self.acked
    }

    pub(super) const fn on_disk(&self) -> Seq {
        self.on_disk
    }

    /// Says whether everything made has been sent at least once on this stream.
    pub(super) fn all_sent(&self) -> bool {
        self.sent >= self.last()
    }

    /// Returns what is numbered after `seq`.
    pub(super) fn since(&self, seq: Seq) -> &[T] {
        let skip = seq.0.saturating_sub(self.base.0);
        self.kept
            .get(usize::try_from(skip).unwrap_or(usize::MAX)..)
            .unwrap_or_default()
    }

    /// Adds the next change; its number must follow the last one.
    pub(super) fn push(&mut self, change: T) {
        debug_assert_eq!(change.seq(), self.last().next(), "numbers are dense (W1)");
        self.kept.push(change);
    }

    /// Changes up to `seq` are on this machine's disk.
    pub(super) fn spooled(&mut self, seq: Seq) {
        self.on_disk = self.on_disk.max(seq);
        self.may_send = self.may_send.max(seq);
    }

    /// The disk failed: the wire need not wait for it.
    pub(super) fn without_disk(&mut self) {
        self.may_send = self.last();
    }

    /// The hall has everything up to `seq`. Returns whether that is news.
    pub(super) fn ack(&mut self, seq: Seq) -> bool {
        // Never believe in more than was made here.
        let seq = seq.min(self.last());
        if seq <= self.acked {
            return false;
        }
        self.acked = seq;
        self.sent = self.sent.max(seq);
        // What is still under way keeps its hour: a refusal may have come before this ack.
        let at_ms = self.retry.at_ms.filter(|_| self.sent > self.acked);
        self.retry = Retry {
            at_ms,
            ..Retry::default()
        };
        true
    }

    /// On (re)attachment the hall says what it has; everything after it is sent again.
    pub(super) fn agree(&mut self, have: Seq) {
        if have > self.last() {
            // The hall has more than this disk gave back: go on after it.
            *self = Self::after(have);
            return;
        }
        self.acked = have;
        self.sent = have;
        self.retry = Retry::default();
    }

    /// The stream is gone: what was sent and not acked may be lost.
    pub(super) fn unsend(&mut self) {
        self.sent = self.acked;
        self.retry = Retry::default();
    }

    /// The hall misses what comes after `have`.
    pub(super) fn fill(&mut self, have: Seq, now_ms: i64, speed: i64) {
        let again = self
            .retry
            .gap
            .is_none_or(|(gap, until)| gap != have || now_ms >= until);
        // A batch sent behind a gap is refused once for each of its changes; filling once serves.
        if again && have >= self.base && have < self.last() {
            self.retry.gap = Some((have, now_ms.saturating_add(RETRY_MS * speed)));
            self.acked = self.acked.min(have);
            self.sent = have;
        }
    }

    /// A change was refused: ask soon where the hall stands. Sent again, it is acked if kept.
    pub(super) fn refused(&mut self, now_ms: i64, speed: i64, wait_ms: Option<i64>) {
        let soon = (RETRY_SOON_MS * speed) << self.retry.tries.min(RETRIES);
        let at_ms = now_ms.saturating_add(wait_ms.unwrap_or(soon));
        self.retry.hold_ms = wait_ms.map(|_wait| at_ms);
        self.retry.at_ms = Some(at_ms);
    }

    /// Stops sending until the next connection: the hall holds other bytes under a number.
    pub(super) fn give_up(&mut self) {
        self.retry.tries = RETRIES;
        self.retry.at_ms = None;
        self.sent = self.last();
    }

    /// Returns the next message's changes, if any are due.
    pub(super) fn take_due(&mut self, now_ms: i64, speed: i64) -> Vec<T> {
        if self.retry.hold_ms.is_some_and(|until| now_ms < until) {
            return Vec::new();
        }
        if self.retry.at_ms.is_some_and(|at| now_ms >= at) {
            self.retry.at_ms = None;
            if self.retry.tries < RETRIES && self.sent > self.acked {
                self.retry.tries += 1;
                self.sent = self.acked;
            }
        }
        let limit = Seq(self.acked.0.saturating_add(WINDOW)).min(self.may_send);
        let due: Vec<T> = self
            .since(self.sent)
            .iter()
            .take_while(|change| change.seq() <= limit)
            .take(MESSAGE)
            .cloned()
            .collect();
        if let Some(last) = due.last() {
            self.sent = last.seq();
            let wait = (RETRY_MS * speed) << self.retry.tries.min(RETRIES);
            self.retry.at_ms = Some(now_ms.saturating_add(wait));
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Change(u32);

    impl Numbered for Change {
        fn seq(&self) -> Seq {
            Seq(self.0)
        }
    }

    fn path(last: u32) -> Path<Change> {
        let mut path = Path::after(Seq(0));
        (1..=last).for_each(|n| path.push(Change(n)));
        path
    }

    fn due(path: &mut Path<Change>, now: i64) -> Vec<u32> {
        path.take_due(now, 1)
            .iter()
            .map(|change| change.0)
            .collect()
    }

    #[test]
    fn nothing_is_sent_before_it_is_spooled() {
        let mut path = path(3);
        assert_eq!(due(&mut path, 0), Vec::<u32>::new());
        path.spooled(Seq(2));
        assert_eq!(due(&mut path, 0), [1, 2]);
        path.without_disk();
        assert_eq!(due(&mut path, 0), [3]);
    }

    #[test]
    fn the_window_holds_until_acks_come() {
        let mut path = path(100);
        path.spooled(Seq(100));
        let mut sent = Vec::new();
        while let [_, ..] = {
            let now = due(&mut path, 0);
            sent.extend_from_slice(&now);
            now
        }
        .as_slice()
        {}
        assert_eq!(sent.len(), 64);
        assert!(path.ack(Seq(10)));
        assert!(
            !path.ack(Seq(10)),
            "an ack that says nothing new is no news"
        );
        assert_eq!(due(&mut path, 0), (65..=74).collect::<Vec<_>>());
    }

    #[test]
    fn a_gap_is_filled_once_however_often_it_is_named() {
        let mut path = path(5);
        path.spooled(Seq(5));
        assert_eq!(due(&mut path, 0).len(), 5);
        path.ack(Seq(2));
        path.fill(Seq(2), 10, 1);
        assert_eq!(due(&mut path, 10), [3, 4, 5]);
        path.fill(Seq(2), 11, 1);
        assert_eq!(due(&mut path, 11), Vec::<u32>::new());
        path.fill(Seq(2), 10_000, 1);
        assert_eq!(due(&mut path, 10_000), [3, 4, 5]);
    }

    #[test]
    fn what_is_never_acked_is_sent_again_less_and_less_often() {
        let mut path = path(1);
        path.spooled(Seq(1));
        let sent = (0..10_000).filter(|second| !due(&mut path, second * 1_000).is_empty());
        assert_eq!(sent.count(), 7);
        path.unsend();
        assert_eq!(due(&mut path, 0), [1], "a new stream begins anew");
    }

    #[test]
    fn a_refused_change_is_asked_for_again_though_an_ack_comes_after_the_refusal() {
        let mut path = path(2);
        path.spooled(Seq(2));
        assert_eq!(due(&mut path, 0), [1, 2]);
        path.refused(0, 1, None);
        assert!(path.ack(Seq(1)));
        assert_eq!(due(&mut path, 299), Vec::<u32>::new());
        assert_eq!(due(&mut path, 300), [2]);
    }

    #[test]
    fn a_hall_that_has_more_than_the_disk_gave_back_is_followed() {
        let mut path = Path::recovered(&[Change(3), Change(4)]);
        assert_eq!((path.last(), path.acked()), (Seq(4), Seq(2)));
        path.agree(Seq(6));
        assert_eq!((path.last(), path.acked()), (Seq(6), Seq(6)));
    }
}
