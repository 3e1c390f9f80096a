//! How events change the state. No rule is asked here: what was journaled has happened.

use super::{Opened, Sitting};
use crate::act::{HallAct, OfflineVerdict};
use crate::event::{Event, KeptWhy, Waiting};
use crate::ids::{BootId, Epoch, SeatId, SessionId};
use crate::revision::{Counted, Note};
use crate::session::{Annotation, Contact, End, Session, State};
use crate::time::HallTime;

/// An event that does not fit the state: the journal is not of one piece.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The sitting is opened twice.
    #[error("the sitting is opened a second time")]
    OpenedTwice,
    /// Something happens before the sitting is opened.
    #[error("something happens before the sitting is opened")]
    NotOpened,
    /// A session nobody planned.
    #[error("session {0} was never planned")]
    UnknownSession(SessionId),
    /// A session planned twice.
    #[error("session {0} is planned a second time")]
    PlannedTwice(SessionId),
    /// The event's hour is before an earlier event's.
    #[error("hall time steps back from {before} to {after} ms")]
    TimeBack {
        /// The earlier event's hour.
        before: i64,
        /// This event's hour.
        after: i64,
    },
}

impl Sitting {
    /// Makes `event`, which happened `at`, part of the state.
    ///
    /// # Errors
    /// [`Misfit`] where the event cannot follow what happened before; the state is then unchanged.
    pub fn apply(&mut self, at: HallTime, event: &Event) -> Result<(), Misfit> {
        if at < self.last {
            return Err(Misfit::TimeBack {
                before: self.last.0,
                after: at.0,
            });
        }
        match event {
            Event::SittingOpened { .. } => self.apply_opened(event)?,
            Event::ProcessStarted { .. } => self.lose_all_contact(),
            Event::Stopped | Event::Tick | Event::WallStepped { .. } => {}
            Event::SessionPlanned {
                session,
                seat,
                place,
                factor,
            } => {
                if self.opened.is_none() {
                    return Err(Misfit::NotOpened);
                }
                if self.sessions.contains_key(session) {
                    return Err(Misfit::PlannedTwice(*session));
                }
                let order = u32::try_from(self.sessions.len()).unwrap_or(u32::MAX);
                let row = Session::planned(*session, order, seat.clone(), *place, *factor);
                self.sessions.insert(*session, row);
            }
            Event::Acted { id, act, .. } => {
                if let Some(session) = act.session() {
                    self.change(session, |session| session.take(at, event))?;
                }
                self.acts.insert(*id, Ok(()));
            }
            Event::ActRefused { id, refusal, .. } => {
                self.acts.insert(*id, Err(refusal.clone()));
            }
            Event::RoomStarted => self.started = self.started.or(Some(at)),
            Event::SittingClosed => self.closed = true,
            Event::PaperFixed { session, .. }
            | Event::LoggedIn { session, .. }
            | Event::DetailsChecked { session, .. }
            | Event::UndertakingAnswered { session, .. }
            | Event::Prepared { session }
            | Event::SeatLost { session, .. }
            | Event::SeatBack { session, .. }
            | Event::PartStarted { session, .. }
            | Event::Answered { session, .. }
            | Event::RevisionKept { session, .. }
            | Event::Noted { session, .. }
            | Event::ClosingBegan { session, .. }
            | Event::BecameOverdue { session, .. }
            | Event::HandedIn { session, .. }
            | Event::TimedUp { session, .. }
            | Event::MarkedAbsent { session }
            | Event::SeatMoved { session, .. } => {
                self.change(*session, |session| session.take(at, event))?;
            }
        }
        self.last = at;
        Ok(())
    }

    fn apply_opened(&mut self, event: &Event) -> Result<(), Misfit> {
        if self.opened.is_some() {
            return Err(Misfit::OpenedTwice);
        }
        if let Event::SittingOpened {
            sitting,
            kind,
            exam,
            manifest,
            commitment,
            planned,
            planned_wall,
        } = event
        {
            self.opened = Some(Opened {
                sitting: sitting.clone(),
                kind: *kind,
                exam: *exam,
                manifest: *manifest,
                commitment: *commitment,
                planned: *planned,
                planned_wall: *planned_wall,
            });
        }
        Ok(())
    }

    /// A new process holds no streams: every kiosk is away since the last record.
    fn lose_all_contact(&mut self) {
        let last_life = self.last;
        for session in self.sessions.values_mut() {
            if session.contact == Contact::Attached {
                session.contact = Contact::Away { last_life };
            }
        }
    }

    fn change(&mut self, id: SessionId, change: impl FnOnce(&mut Session)) -> Result<(), Misfit> {
        let session = self
            .sessions
            .get_mut(&id)
            .ok_or(Misfit::UnknownSession(id))?;
        let before = session.deadline();
        change(session);
        let after = session.deadline();
        if before != after {
            if let Some(at) = before {
                self.deadlines.remove(&(at, id));
            }
            if let Some(at) = after {
                self.deadlines.insert((at, id));
            }
        }
        Ok(())
    }
}

impl Session {
    /// Makes an event about this session part of its state.
    pub(super) fn take(&mut self, at: HallTime, event: &Event) {
        match event {
            Event::PaperFixed { outline, .. } => self.outline = outline.clone(),
            Event::LoggedIn { .. } => self.take_log_in(event),
            Event::DetailsChecked { correct, .. } => self.details = Some(*correct),
            Event::UndertakingAnswered { accepted: true, .. } => self.state = State::Undertaken,
            Event::UndertakingAnswered {
                accepted: false, ..
            } => self.declined = true,
            Event::Prepared { .. } => self.state = State::Ready,
            Event::SeatLost { last_life, .. } => {
                let last_life = *last_life;
                self.contact = Contact::Away { last_life };
            }
            Event::SeatBack { boot, .. } => self.come_back(*boot),
            Event::PartStarted { part, ends_at, .. } => {
                self.state = State::Running {
                    part: *part,
                    ends_at: *ends_at,
                };
            }
            Event::Noted { epoch, note, .. } => self.take_note(*epoch, note),
            Event::ClosingBegan {
                deadline, until, ..
            } => {
                self.state = State::Closing {
                    deadline: *deadline,
                    until: *until,
                };
            }
            Event::BecameOverdue { deadline, .. } => self.fall_overdue(at, *deadline),
            Event::HandedIn { at: pressed, .. } => self.finish(End::HandedIn, *pressed),
            Event::TimedUp { deadline, .. } => self.finish(End::TimeUp, *deadline),
            Event::MarkedAbsent { .. } => self.finish(End::Absent, at),
            Event::SeatMoved { to, .. } => self.move_to(at, to),
            Event::Answered { .. } | Event::RevisionKept { .. } => self.take_revision(event),
            Event::Acted { act, .. } => self.take_act(at, act),
            Event::SittingOpened { .. }
            | Event::SessionPlanned { .. }
            | Event::ProcessStarted { .. }
            | Event::Stopped
            | Event::Tick
            | Event::WallStepped { .. }
            | Event::ActRefused { .. }
            | Event::RoomStarted
            | Event::SittingClosed => {}
        }
    }

    fn finish(&mut self, end: End, at: HallTime) {
        self.state = State::Finished { end, at };
    }

    fn come_back(&mut self, boot: BootId) {
        self.contact = Contact::Attached;
        self.boot = boot;
    }

    fn take_log_in(&mut self, event: &Event) {
        if let Event::LoggedIn {
            session: _,
            seat,
            lease,
            epoch,
            boot,
        } = event
        {
            self.seat = seat.clone();
            self.lease = Some(*lease);
            self.epoch = *epoch;
            self.come_back(*boot);
            if matches!(self.state, State::Expected | State::Arrived) {
                self.state = State::LoggedIn;
            }
        }
    }

    fn take_note(&mut self, epoch: Epoch, note: &Note) {
        self.received.entry(epoch).or_default().notes = note.seq;
        let annotation = Annotation {
            flagged: note.flagged,
            struck: note.struck.clone(),
        };
        self.annotations.insert(note.item.clone(), annotation);
    }

    fn fall_overdue(&mut self, at: HallTime, deadline: HallTime) {
        let last_life = match self.contact {
            Contact::Away { last_life } => last_life,
            Contact::Never | Contact::Attached => at,
        };
        self.lost_before_end = Some((last_life, self.boot));
        self.state = State::Overdue { deadline };
    }

    fn move_to(&mut self, at: HallTime, seat: &SeatId) {
        self.seat = seat.clone();
        self.lease = None;
        if self.contact == Contact::Attached {
            self.contact = Contact::Away { last_life: at };
        }
    }

    fn take_revision(&mut self, event: &Event) {
        if let Event::Answered {
            epoch,
            revision,
            made_at,
            counted,
            ..
        } = event
        {
            self.receive(*epoch, revision, *made_at);
            let name = (*epoch, revision.seq);
            self.respond(name, &revision.item, revision.choice.clone(), *counted);
            if *counted == Counted::Offline {
                self.counted_offline = self.counted_offline.saturating_add(1);
            }
        }
        if let Event::RevisionKept {
            epoch,
            revision,
            made_at,
            why,
            ..
        } = event
        {
            self.receive(*epoch, revision, *made_at);
            if *why == KeptWhy::AwaitsDecision {
                self.waiting.push(Waiting {
                    epoch: *epoch,
                    seq: revision.seq,
                    item: revision.item.clone(),
                    choice: revision.choice.clone(),
                });
            }
        }
    }

    fn take_act(&mut self, at: HallTime, act: &HallAct) {
        match act {
            HallAct::Arrive { .. } => {
                self.arrived_at = self.arrived_at.or(Some(at));
                if self.state == State::Expected {
                    self.state = State::Arrived;
                }
            }
            HallAct::Identify { .. } => {
                self.identified = true;
                // The invigilator has put right what the candidate found wrong.
                if self.details == Some(false) {
                    self.details = None;
                }
            }
            HallAct::DecideOffline { verdict, .. } => {
                for waiting in std::mem::take(&mut self.waiting) {
                    if *verdict == OfflineVerdict::Count {
                        let Waiting {
                            epoch,
                            seq,
                            item,
                            choice,
                        } = waiting;
                        self.respond((epoch, seq), &item, choice, Counted::Offline);
                        self.counted_offline = self.counted_offline.saturating_add(1);
                    }
                }
            }
            HallAct::Start
            | HallAct::MoveSeat { .. }
            | HallAct::MarkAbsent { .. }
            | HallAct::Settle { .. }
            | HallAct::Close => {}
        }
    }
}
