//! One sitting: the room, its sessions, and the two functions everything goes through.
//!
//! [`Sitting::decide`] looks and says what happens; [`Sitting::apply`] makes it so. Neither reads a
//! clock, draws a number or touches a disk, so a sitting can be run again from its journal.

mod acts;
mod answers;
mod apply;
mod check_in;
mod due;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::command::{Command, Decision, Holder, Opening, Reply};
use crate::event::{Event, SittingKind};
use crate::ids::{ActId, Digest, Epoch, SessionId, SittingId};
use crate::refusal::Refusal;
use crate::rules::{Rules, StartBy};
use crate::session::Session;
use crate::time::{HallTime, WallTime};
use crate::view::{SessionView, Snapshot};

pub use apply::Misfit;

/// The state of one sitting: a fold of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    rules: Arc<Rules>,
    opened: Option<Opened>,
    started: Option<HallTime>,
    closed: bool,
    sessions: BTreeMap<SessionId, Session>,
    acts: BTreeMap<ActId, Result<(), Refusal>>,
    deadlines: BTreeSet<(HallTime, SessionId)>,
    last: HallTime,
}

/// What was fixed at opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The sitting's name.
    pub sitting: SittingId,
    /// Real or rehearsal.
    pub kind: SittingKind,
    /// Digest of the signed exam file.
    pub exam: Digest,
    /// Digest of the bank's signed manifest.
    pub manifest: Digest,
    /// Commitment to the seed.
    pub commitment: Digest,
    /// The planned start on the hall clock.
    pub planned: HallTime,
    /// The planned start for people.
    pub planned_wall: WallTime,
}

impl Sitting {
    /// Returns a sitting of which nothing has happened yet.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            opened: None,
            started: None,
            closed: false,
            sessions: BTreeMap::new(),
            acts: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            last: HallTime(i64::MIN),
        }
    }

    /// Returns the exam's rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Returns what was fixed at opening, once it is open.
    pub const fn opened(&self) -> Option<&Opened> {
        self.opened.as_ref()
    }

    /// Returns when the room started.
    pub const fn started(&self) -> Option<HallTime> {
        self.started
    }

    /// Says whether the sitting is closed.
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Returns the hour of the newest event.
    pub const fn last(&self) -> HallTime {
        self.last
    }

    /// Returns the sessions by id.
    pub const fn sessions(&self) -> &BTreeMap<SessionId, Session> {
        &self.sessions
    }

    /// Returns one session.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.get(&id)
    }

    /// Says whether any paper is open: then an idle second leaves a [`Event::Tick`].
    pub fn is_running(&self) -> bool {
        !self.deadlines.is_empty()
    }

    /// Returns the next instant after which something is due. The instant itself is inside (T3).
    pub fn next_deadline(&self) -> Option<HallTime> {
        let session = self.deadlines.first().map(|(at, _)| *at);
        let start = match (&self.opened, self.started, self.rules.clock.start) {
            (Some(opened), None, StartBy::Clock) if !self.closed => Some(opened.planned),
            (Some(_) | None, Some(_) | None, StartBy::Clock | StartBy::Chief) => None,
        };
        match (session, start) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Decides what `command` does at `now`. Changes nothing.
    ///
    /// The caller fires what is due (`Command::Clock` while [`next_deadline`](Self::next_deadline)
    /// `< now`) before any other command, so that the exact instant of a deadline is inside (T3).
    pub fn decide(&self, now: HallTime, command: &Command) -> Decision {
        if self.closed && !matches!(command, Command::Look { .. } | Command::Act { .. }) {
            return Self::decide_closed(command);
        }
        match command {
            Command::Open(opening) => self.open(opening),
            Command::ProcessStarted {
                boot,
                build,
                resumed,
            } => Decision::done(vec![Event::ProcessStarted {
                boot: *boot,
                build: build.clone(),
                resumed: *resumed,
            }]),
            Command::Stop => Decision::done(vec![Event::Stopped]),
            Command::Clock => self.due(now),
            Command::Tick if self.is_running() => Decision::done(vec![Event::Tick]),
            Command::Tick => Decision::done(Vec::new()),
            Command::WallStepped { by } => Decision::done(vec![Event::WallStepped { by: *by }]),
            Command::LogIn {
                session,
                seat,
                lease,
                boot,
            } => self.log_in(now, *session, seat, *lease, *boot),
            Command::Attach { holder, seat, boot } => self.attach(now, *holder, seat, *boot),
            Command::Detach { holder, last_life } => self.detach(*holder, *last_life),
            Command::CheckDetails { holder, correct } => self.check_details(*holder, *correct),
            Command::Undertake {
                holder,
                text,
                accepted,
            } => self.undertake(*holder, *text, *accepted),
            Command::Prepare { holder } => self.prepare(now, *holder),
            Command::Revise { holder, revision } => self.revise(now, *holder, revision),
            Command::Annotate { holder, note } => self.annotate(*holder, note),
            Command::Locked { holder, last } => self.locked(now, *holder, *last),
            Command::HandIn {
                holder,
                last,
                pressed,
            } => self.hand_in(now, *holder, *last, pressed),
            Command::Act { id, by, act } => self.act(now, *id, by, act),
            Command::Look { session } => self.look(now, *session),
        }
    }

    /// Returns what may be said of every session at `now`, in roster order.
    pub fn views(&self, now: HallTime) -> Vec<SessionView> {
        let mut sessions: Vec<&Session> = self.sessions.values().collect();
        sessions.sort_by_key(|session| session.order);
        sessions
            .into_iter()
            .map(|session| self.view(session, now))
            .collect()
    }

    fn decide_closed(command: &Command) -> Decision {
        match command {
            Command::ProcessStarted { .. }
            | Command::Stop
            | Command::Clock
            | Command::Tick
            | Command::Detach { .. }
            | Command::WallStepped { .. } => Decision::done(Vec::new()),
            Command::Open(_)
            | Command::LogIn { .. }
            | Command::Attach { .. }
            | Command::CheckDetails { .. }
            | Command::Undertake { .. }
            | Command::Prepare { .. }
            | Command::Revise { .. }
            | Command::Annotate { .. }
            | Command::Locked { .. }
            | Command::HandIn { .. }
            | Command::Act { .. }
            | Command::Look { .. } => Decision::refuse(Refusal::SittingClosed),
        }
    }

    fn open(&self, opening: &Opening) -> Decision {
        if self.opened.is_some() {
            return Decision::refuse(Refusal::DoesNotFit);
        }
        let mut events = vec![Event::SittingOpened {
            sitting: opening.sitting.clone(),
            kind: opening.kind,
            exam: opening.exam,
            manifest: opening.manifest,
            commitment: opening.commitment,
            planned: opening.planned,
            planned_wall: opening.planned_wall,
        }];
        let (mut sessions, mut seats) = (BTreeSet::new(), BTreeSet::new());
        for row in &opening.sessions {
            if !sessions.insert(row.session) || !seats.insert(&row.seat) {
                return Decision::refuse(Refusal::SeatTaken);
            }
            events.push(Event::SessionPlanned {
                session: row.session,
                seat: row.seat.clone(),
                place: row.place,
                factor: row.factor,
            });
            events.push(Event::PaperFixed {
                session: row.session,
                outline: row.outline.clone(),
            });
        }
        Decision::done(events)
    }

    fn look(&self, now: HallTime, id: SessionId) -> Decision {
        self.sessions.get(&id).map_or_else(
            || Decision::refuse(Refusal::UnknownSession),
            |session| Decision::reply(Reply::Attached(Box::new(self.snapshot(session, now)))),
        )
    }

    fn planned(&self) -> HallTime {
        self.opened
            .as_ref()
            .map_or(HallTime(0), |opened| opened.planned)
    }

    fn view(&self, session: &Session, now: HallTime) -> SessionView {
        session.view(&self.rules, self.planned(), self.started, now)
    }

    fn snapshot(&self, session: &Session, now: HallTime) -> Snapshot {
        let lease = session.lease.unwrap_or_default();
        session.snapshot(self.view(session, now), lease, session.epoch)
    }

    /// Finds the session that `holder` holds.
    fn held(&self, holder: Holder) -> Result<&Session, Refusal> {
        let session = self
            .sessions
            .get(&holder.session)
            .ok_or(Refusal::UnknownSession)?;
        if session.lease == Some(holder.lease) && session.epoch == holder.epoch {
            Ok(session)
        } else {
            Err(Refusal::NotYourSession)
        }
    }

    /// Finds the session that `holder` holds or once held: for evidence of a fenced seat (W6).
    fn known(&self, holder: Holder) -> Result<(&Session, bool), Refusal> {
        let session = self
            .sessions
            .get(&holder.session)
            .ok_or(Refusal::UnknownSession)?;
        match self.held(holder) {
            Ok(_) => Ok((session, true)),
            Err(refusal) => {
                // After a seat move the current epoch is fenced too, until the next log-in.
                let fenced = holder.epoch < session.epoch
                    || (holder.epoch == session.epoch && session.lease.is_none());
                if fenced && holder.epoch > Epoch(0) {
                    Ok((session, false))
                } else {
                    Err(refusal)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
