//! What kiosk, console and audit may say of a session at an instant: one function for all three.
//!
//! Words are exam-text's; a view carries ids of words, never words.

use crate::ids::{Digest, Epoch, ItemId, OptionId, PartNo, SeatId, Seq, SessionId};
use crate::rules::Rules;
use crate::session::{Annotation, Contact, End, Session, State};
use crate::time::{HallTime, Span};

/// What a state is called on every screen (KIOSK, "Exact words for states").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// On the roster, not here yet.
    Expected,
    /// At the door.
    Arrived,
    /// Logged in; the own data are to be checked.
    ConfirmDetails,
    /// The candidate found the own data wrong; the invigilator is wanted.
    DetailsWrong,
    /// The invigilator must see the documents.
    AwaitIdentity,
    /// The undertaking is to be read.
    Undertaking,
    /// The undertaking was declined.
    Declined,
    /// The paper is being brought to the seat.
    Preparing,
    /// Waiting for the start.
    AwaitStart,
    /// Late, and shown what is left before starting (T2).
    Late,
    /// Answering.
    Running,
    /// Time is up; last packets are awaited.
    Closing,
    /// Time is up; the seat is away.
    Overdue,
    /// Handed in.
    HandedIn,
    /// Ended by time.
    TimeUp,
    /// 缺考.
    Absent,
}

impl Label {
    /// Returns the id of its words in exam-text.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Expected => "state-expected",
            Self::Arrived => "state-arrived",
            Self::ConfirmDetails => "state-confirm-details",
            Self::DetailsWrong => "state-details-wrong",
            Self::AwaitIdentity => "state-await-identity",
            Self::Undertaking => "state-undertaking",
            Self::Declined => "state-declined",
            Self::Preparing => "state-preparing",
            Self::AwaitStart => "state-await-start",
            Self::Late => "state-late",
            Self::Running => "state-running",
            Self::Closing => "state-closing",
            Self::Overdue => "state-overdue",
            Self::HandedIn => "state-handed-in",
            Self::TimeUp => "state-time-up",
            Self::Absent => "state-absent",
        }
    }
}

/// What the candidate may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct May {
    /// Change responses, flags and strike-outs.
    pub answer: bool,
    /// Hand in.
    pub hand_in: bool,
}

/// A session at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// The session.
    pub session: SessionId,
    /// Its seat.
    pub seat: SeatId,
    /// What its state is called.
    pub label: Label,
    /// The instant this was true.
    pub now: HallTime,
    /// The planned start.
    pub planned: HallTime,
    /// When the room started.
    pub room_started: Option<HallTime>,
    /// The open part.
    pub part: Option<PartNo>,
    /// The last instant inside, once it is known.
    pub ends_at: Option<HallTime>,
    /// From when the paper may be handed in, once the room has started.
    pub hand_in_from: Option<HallTime>,
    /// What the candidate may do.
    pub may: May,
    /// How and when it ended.
    pub ended: Option<(End, HallTime)>,
    /// How late a late candidate is, before starting (T2).
    pub late_by: Option<Span>,
    /// How many items have a response in the hall's record.
    pub answered: u16,
    /// How many items the paper has.
    pub total: u16,
    /// Answers that wait for the chief (T13).
    pub waiting: u32,
    /// Whether the kiosk is there.
    pub connected: bool,
}

/// The whole of a session as a kiosk needs it on (re)connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The session at this instant.
    pub view: SessionView,
    /// The lease of the asker.
    pub lease: crate::ids::LeaseId,
    /// The current epoch.
    pub epoch: Epoch,
    /// Revisions received in it.
    pub up_to: Seq,
    /// The link the next revision must follow.
    pub link: Digest,
    /// Notes received in it.
    pub notes_up_to: Seq,
    /// Current responses, in the order of item ids.
    pub responses: Vec<(ItemId, Option<OptionId>)>,
    /// Flags and strike-outs.
    pub annotations: Vec<(ItemId, Annotation)>,
}

impl Session {
    /// Returns what may be said of the session at `now`.
    pub fn view(
        &self,
        rules: &Rules,
        planned: HallTime,
        room_started: Option<HallTime>,
        now: HallTime,
    ) -> SessionView {
        let hand_in_from = room_started.map(|start| start + rules.hand_in.earliest);
        let running = matches!(self.state, State::Running { ends_at, .. } if now <= ends_at);
        let locked = matches!(self.state, State::Running { ends_at, .. }
            if rules.hand_in.locked_last > Span::ZERO && now > ends_at - rules.hand_in.locked_last);
        SessionView {
            session: self.id,
            seat: self.seat.clone(),
            label: self.label(rules, room_started),
            now,
            planned,
            room_started,
            part: match self.state {
                State::Running { part, .. } => Some(part),
                State::Expected
                | State::Arrived
                | State::LoggedIn
                | State::Undertaken
                | State::Ready
                | State::Closing { .. }
                | State::Overdue { .. }
                | State::Finished { .. } => None,
            },
            ends_at: self
                .own_end()
                .or_else(|| room_started.map(|start| self.own_end_from(rules, start))),
            hand_in_from,
            may: May {
                answer: running,
                hand_in: running && !locked && hand_in_from.is_some_and(|from| now >= from),
            },
            ended: match self.state {
                State::Finished { end, at } => Some((end, at)),
                State::Expected
                | State::Arrived
                | State::LoggedIn
                | State::Undertaken
                | State::Ready
                | State::Running { .. }
                | State::Closing { .. }
                | State::Overdue { .. } => None,
            },
            late_by: room_started
                .filter(|_| !self.has_started())
                .map(|start| now - start),
            answered: self.answered(),
            total: u16::try_from(self.outline.total()).unwrap_or(u16::MAX),
            waiting: u32::try_from(self.waiting.len()).unwrap_or(u32::MAX),
            connected: self.contact == Contact::Attached,
        }
    }

    /// Returns the own end of a session whose room started at `start` (T1): the common end plus
    /// (factor − 1) × minutes.
    pub fn own_end_from(&self, rules: &Rules, start: HallTime) -> HallTime {
        start + rules.length().times_hundredths(i64::from(self.factor))
    }

    fn label(&self, rules: &Rules, room_started: Option<HallTime>) -> Label {
        let identity = rules.admission.identity == crate::rules::Identity::Invigilator;
        match self.state {
            State::Expected => Label::Expected,
            State::Arrived => Label::Arrived,
            State::LoggedIn => match self.details {
                None => Label::ConfirmDetails,
                Some(false) => Label::DetailsWrong,
                Some(true) if identity && !self.identified => Label::AwaitIdentity,
                Some(true) if self.declined => Label::Declined,
                Some(true) => Label::Undertaking,
            },
            State::Undertaken if room_started.is_some() => Label::Late,
            State::Undertaken => Label::Preparing,
            State::Ready => Label::AwaitStart,
            State::Running { .. } => Label::Running,
            State::Closing { .. } => Label::Closing,
            State::Overdue { .. } => Label::Overdue,
            State::Finished {
                end: End::HandedIn, ..
            } => Label::HandedIn,
            State::Finished {
                end: End::TimeUp, ..
            } => Label::TimeUp,
            State::Finished {
                end: End::Absent, ..
            } => Label::Absent,
        }
    }

    /// Returns the whole state for the kiosk that holds `lease`.
    pub fn snapshot(
        &self,
        view: SessionView,
        lease: crate::ids::LeaseId,
        epoch: Epoch,
    ) -> Snapshot {
        let notes_up_to = self
            .received
            .get(&epoch)
            .map_or(Seq(0), |received| received.notes);
        Snapshot {
            view,
            lease,
            epoch,
            up_to: self.up_to(epoch),
            link: self.link(epoch),
            notes_up_to,
            responses: self
                .responses
                .iter()
                .map(|(item, response)| (item.clone(), response.choice.clone()))
                .collect(),
            annotations: self
                .annotations
                .iter()
                .map(|(item, annotation)| (item.clone(), annotation.clone()))
                .collect(),
        }
    }
}
