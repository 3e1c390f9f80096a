//! One candidate's run: its state, what has been received, and how each event changes it.
//!
//! A session decides nothing about other sessions or about the room; that is the sitting's.

use std::collections::BTreeMap;

use crate::event::Waiting;
use crate::ids::{
    BootId, Digest, Epoch, ItemId, LeaseId, OptionId, PartNo, SeatId, Seq, SessionId,
};
use crate::paper::{Outline, Place};
use crate::revision::{Counted, Made, Revision};
use crate::time::HallTime;

/// Where a session stands (RULES 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// On the roster; nobody has come.
    Expected,
    /// The invigilator saw the candidate at the door.
    Arrived,
    /// Logged in at the seat.
    LoggedIn,
    /// The undertaking is accepted.
    Undertaken,
    /// The sealed paper is on the kiosk, and the candidate waits for the start.
    Ready,
    /// The paper is open.
    Running {
        /// Which part.
        part: PartNo,
        /// The last instant inside (T3).
        ends_at: HallTime,
    },
    /// The end has passed; the connected kiosk's last packets are waited for.
    Closing {
        /// The own end.
        deadline: HallTime,
        /// Until when.
        until: HallTime,
    },
    /// The end passed while the seat was away (T14).
    Overdue {
        /// The own end.
        deadline: HallTime,
    },
    /// Over.
    Finished {
        /// How.
        end: End,
        /// When: of a hand-in the key press, of time-up the deadline.
        at: HallTime,
    },
}

/// How a session ended (RULES 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// The candidate handed in.
    HandedIn,
    /// Time was up.
    TimeUp,
    /// 缺考: never started.
    Absent,
}

impl End {
    /// Returns the name used in files and catalogues.
    pub const fn id(self) -> &'static str {
        match self {
            Self::HandedIn => "handed-in",
            Self::TimeUp => "time-up",
            Self::Absent => "absent",
        }
    }

    /// Says whether the paper is marked.
    pub const fn is_marked(self) -> bool {
        match self {
            Self::HandedIn | Self::TimeUp => true,
            Self::Absent => false,
        }
    }
}

/// Whether the session's kiosk is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// No kiosk has held it yet.
    Never,
    /// A kiosk holds it.
    Attached,
    /// The kiosk fell away.
    Away {
        /// Its last proof of life.
        last_life: HallTime,
    },
}

/// The current response to one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Epoch and number of the revision it comes from; the highest wins (W1).
    pub name: (Epoch, Seq),
    /// What is chosen; none = cleared (W4).
    pub choice: Option<OptionId>,
}

/// Flag and strike-outs of one item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotation {
    /// Whether it is flagged.
    pub flagged: bool,
    /// The options struck out.
    pub struck: Vec<OptionId>,
}

/// What the hall has received in one epoch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// A fingerprint of each revision, the first at index 0: "same name, other bytes" (W1).
    pub fingerprints: Vec<u64>,
    /// The link of the newest one; none before the first.
    pub link: Option<Digest>,
    /// The newest note.
    pub notes: Seq,
}

impl Received {
    /// Returns the newest dense number.
    pub fn up_to(&self) -> Seq {
        Seq(u32::try_from(self.fingerprints.len()).unwrap_or(u32::MAX))
    }

    /// Returns the fingerprint of revision `seq`, if it was received.
    pub fn fingerprint(&self, seq: Seq) -> Option<u64> {
        let index = usize::try_from(seq.0.checked_sub(1)?).ok()?;
        self.fingerprints.get(index).copied()
    }
}

/// One candidate's run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// Its place in the roster, from 0.
    pub order: u32,
    /// Its seat now.
    pub seat: SeatId,
    /// Where the planned seat stands; a move never redraws the paper.
    pub place: Place,
    /// Time factor in hundredths (T5).
    pub factor: u16,
    /// Its paper, without words.
    pub outline: Outline,
    /// Where it stands.
    pub state: State,
    /// When the invigilator marked the arrival.
    pub arrived_at: Option<HallTime>,
    /// What the candidate said of the own data.
    pub details: Option<bool>,
    /// Whether an invigilator confirmed identity.
    pub identified: bool,
    /// Whether the undertaking was declined last.
    pub declined: bool,
    /// Who may write; none before log-in and after a seat move.
    pub lease: Option<LeaseId>,
    /// The current epoch.
    pub epoch: Epoch,
    /// Whether the kiosk is there.
    pub contact: Contact,
    /// The kiosk's boot.
    pub boot: BootId,
    /// What was known of the kiosk when the end passed without it: last life and boot (T13).
    pub lost_before_end: Option<(HallTime, BootId)>,
    /// What was received, by epoch.
    pub received: BTreeMap<Epoch, Received>,
    /// Current responses.
    pub responses: BTreeMap<ItemId, Response>,
    /// What stood before an answer counted out of a spool replaced it; none = never answered. So
    /// marks can be computed with and without such answers (T13).
    pub before_offline: BTreeMap<ItemId, Option<Response>>,
    /// Flags and strike-outs.
    pub annotations: BTreeMap<ItemId, Annotation>,
    /// Revisions that wait for the chief (T13), in order of arrival.
    pub waiting: Vec<Waiting>,
    /// Answers that counted out of a spool after Closing (T13).
    pub counted_offline: u32,
    /// The latest made-time so far; made-times never decrease (T13).
    pub last_made: HallTime,
}

impl Session {
    /// Returns a session as the seat plan has it.
    pub fn planned(id: SessionId, order: u32, seat: SeatId, place: Place, factor: u16) -> Self {
        Self {
            id,
            order,
            seat,
            place,
            factor,
            outline: Outline::default(),
            state: State::Expected,
            arrived_at: None,
            details: None,
            identified: false,
            declined: false,
            lease: None,
            epoch: Epoch(0),
            contact: Contact::Never,
            boot: BootId::default(),
            lost_before_end: None,
            received: BTreeMap::new(),
            responses: BTreeMap::new(),
            before_offline: BTreeMap::new(),
            annotations: BTreeMap::new(),
            waiting: Vec::new(),
            counted_offline: 0,
            last_made: HallTime(i64::MIN),
        }
    }

    /// Returns when the session next needs the clock, if it does.
    ///
    /// The instant itself is still inside (T3): something is due once `now` is past it.
    pub const fn deadline(&self) -> Option<HallTime> {
        match self.state {
            State::Running { ends_at, .. } => Some(ends_at),
            State::Closing { until, .. } => Some(until),
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready
            | State::Overdue { .. }
            | State::Finished { .. } => None,
        }
    }

    /// Returns the own end once the session has started.
    pub const fn own_end(&self) -> Option<HallTime> {
        match self.state {
            State::Running { ends_at, .. } => Some(ends_at),
            State::Closing { deadline, .. } | State::Overdue { deadline } => Some(deadline),
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready
            | State::Finished { .. } => None,
        }
    }

    /// Says whether the session has ended.
    pub const fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished { .. })
    }

    /// Says whether the paper was ever opened.
    pub fn has_started(&self) -> bool {
        match self.state {
            State::Running { .. } | State::Closing { .. } | State::Overdue { .. } => true,
            State::Finished { end, .. } => end.is_marked(),
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready => false,
        }
    }

    /// Says whether the kiosk is away and was last alive at or before `instant` (T14).
    pub fn lost_by(&self, instant: HallTime) -> bool {
        matches!(self.contact, Contact::Away { last_life } if last_life <= instant)
    }

    /// Returns the newest dense number of `epoch`.
    pub fn up_to(&self, epoch: Epoch) -> Seq {
        self.received.get(&epoch).map_or(Seq(0), Received::up_to)
    }

    /// Returns the link the next revision of `epoch` must follow.
    pub fn link(&self, epoch: Epoch) -> Digest {
        let last = self.received.get(&epoch).and_then(|received| received.link);
        last.unwrap_or_else(|| Revision::first_link(self.id, epoch))
    }

    /// Returns when `made` was, by T13: clamped and never before an earlier revision's.
    pub fn made_at(&self, made: &Made, now: HallTime) -> HallTime {
        made.at(self.last_made, now)
    }

    /// Returns how many items have a response.
    pub fn answered(&self) -> u16 {
        let count = self
            .responses
            .values()
            .filter(|response| response.choice.is_some())
            .count();
        u16::try_from(count).unwrap_or(u16::MAX)
    }

    /// Notes that `revision` was received, whether it counts or not.
    pub(crate) fn receive(&mut self, epoch: Epoch, revision: &Revision, made_at: HallTime) {
        let received = self.received.entry(epoch).or_default();
        if revision.seq == received.up_to().next() {
            received.fingerprints.push(revision.fingerprint());
            received.link = Some(revision.link);
            // A fenced seat's evidence must not move the made-times of the seat that answers.
            if epoch == self.epoch && self.lease.is_some() {
                self.last_made = self.last_made.max(made_at);
            }
        }
    }

    /// Returns the response to `item` as it would be without answers that counted out of a spool
    /// after Closing (T13).
    pub fn response_without_offline(&self, item: &ItemId) -> Option<&Response> {
        match self.before_offline.get(item) {
            Some(before) => before.as_ref(),
            None => self.responses.get(item),
        }
    }

    /// Makes a revision the response, unless a newer one stands already (W1).
    pub(crate) fn respond(
        &mut self,
        name: (Epoch, Seq),
        item: &ItemId,
        choice: Option<OptionId>,
        counted: Counted,
    ) {
        let standing = self.responses.get(item);
        if standing.is_some_and(|response| response.name >= name) {
            return;
        }
        match counted {
            Counted::Offline => {
                let before = standing.cloned();
                self.before_offline.entry(item.clone()).or_insert(before);
            }
            Counted::InTime | Counted::InGrace => {
                self.before_offline.remove(item);
            }
        }
        self.responses
            .insert(item.clone(), Response { name, choice });
    }
}
