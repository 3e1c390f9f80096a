//! A revision: one change of one response, named by session, epoch and sequence, and linked to
//! the one before it.
//!
//! The link lets the hall see, after a cable was out, that the kiosk's spool is whole (T13). It
//! proves order and completeness between the two machines, not honesty of the kiosk.

use crate::ids::{BootId, Digest, Epoch, ItemId, OptionId, Seq, SessionId};
use crate::time::{HallTime, Span};

/// When a kiosk says something was made: the last hall clock it saw, and its own milliseconds
/// since (T13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Made {
    /// The last hall time the kiosk had from the server.
    pub base: HallTime,
    /// The kiosk's own monotonic time since then.
    pub since: Span,
    /// The kiosk's boot; monotonic times of another boot say nothing.
    pub boot: BootId,
}

impl Made {
    /// Returns the instant meant, clamped into `earliest..=now` (T13: clamped, non-decreasing).
    pub fn at(&self, earliest: HallTime, now: HallTime) -> HallTime {
        let claimed = self.base + Span(self.since.0.max(0));
        claimed.max(earliest).min(now.max(earliest))
    }
}

/// One change of one response (W1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number in its epoch, dense from 1.
    pub seq: Seq,
    /// The item it is about.
    pub item: ItemId,
    /// What is chosen now; none clears the response (W4).
    pub choice: Option<OptionId>,
    /// When it was made.
    pub made: Made,
    /// [`link`](Self::link_after) of this revision to the one before it.
    pub link: Digest,
}

/// The candidate's marks on one item: flag and strike-outs (W4). They score nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its number in its epoch, on a path of its own, dense from 1.
    pub seq: Seq,
    /// The item it is about.
    pub item: ItemId,
    /// Whether the item is flagged.
    pub flagged: bool,
    /// The options struck out.
    pub struck: Vec<OptionId>,
}

/// How a revision that counts came to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// Received by the own end.
    InTime,
    /// Received in Closing, made by the own end (T13).
    InGrace,
    /// Received later out of a whole spool, made by the own end (T13); listed.
    Offline,
}

impl Revision {
    /// Returns the link that this revision must bear after `before`.
    ///
    /// BLAKE3 with a derive-key context over length-prefixed fields, integers little endian.
    pub fn link_after(&self, before: &Digest, epoch: Epoch) -> Digest {
        let mut hasher = blake3::Hasher::new_derive_key("examhall 2026 revision link v1");
        hasher.update(&before.0);
        hasher.update(&epoch.0.to_le_bytes());
        hasher.update(&self.seq.0.to_le_bytes());
        let choice = self.choice.as_ref().map_or("", OptionId::as_str);
        for text in [self.item.as_str(), choice] {
            hasher.update(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.update(&self.made.base.0.to_le_bytes());
        hasher.update(&self.made.since.0.to_le_bytes());
        hasher.update(&self.made.boot.0);
        Digest(*hasher.finalize().as_bytes())
    }

    /// Returns the link that comes before the first revision of an epoch.
    pub fn first_link(session: SessionId, epoch: Epoch) -> Digest {
        let mut hasher = blake3::Hasher::new_derive_key("examhall 2026 revision chain v1");
        hasher.update(&session.0);
        hasher.update(&epoch.0.to_le_bytes());
        Digest(*hasher.finalize().as_bytes())
    }

    /// Returns a short fingerprint for "same name, other bytes" (W1).
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = blake3::Hasher::new_derive_key("examhall 2026 revision fingerprint v1");
        hasher.update(self.item.as_str().as_bytes());
        hasher.update(&[0]);
        hasher.update(self.choice.as_ref().map_or("", OptionId::as_str).as_bytes());
        let mut first = [0_u8; 8];
        for (to, from) in first.iter_mut().zip(hasher.finalize().as_bytes()) {
            *to = *from;
        }
        u64::from_le_bytes(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(seq: u32, choice: &str) -> Revision {
        Revision {
            seq: Seq(seq),
            item: ItemId::new("q1").unwrap(),
            choice: Some(OptionId::new(choice).unwrap()),
            made: Made::default(),
            link: Digest::default(),
        }
    }

    #[test]
    fn a_link_depends_on_everything_before_it() {
        let first = Revision::first_link(SessionId([1; 16]), Epoch(1));
        let one = revision(1, "a").link_after(&first, Epoch(1));
        assert_ne!(one, revision(1, "b").link_after(&first, Epoch(1)));
        assert_ne!(one, revision(1, "a").link_after(&first, Epoch(2)));
        let two = revision(2, "a").link_after(&one, Epoch(1));
        assert_ne!(two, revision(2, "a").link_after(&first, Epoch(1)));
    }

    #[test]
    fn t13_made_time_is_clamped_and_never_decreases() {
        let made = |base, since| Made {
            base: HallTime(base),
            since: Span(since),
            ..Made::default()
        };
        assert_eq!(made(100, 50).at(HallTime(0), HallTime(1000)), HallTime(150));
        assert_eq!(
            made(100, 5000).at(HallTime(0), HallTime(1000)),
            HallTime(1000)
        );
        assert_eq!(
            made(100, 0).at(HallTime(400), HallTime(1000)),
            HallTime(400)
        );
        assert_eq!(
            made(100, -70).at(HallTime(0), HallTime(1000)),
            HallTime(100)
        );
    }
}
