//! Hall acts (RULES 8): each is journaled with who and what before it takes effect, and done once
//! however often it is sent.

use super::Sitting;
use crate::act::HallAct;
use crate::command::{Decision, Reply};
use crate::event::Event;
use crate::ids::{ActId, SeatId, SessionId, StaffId};
use crate::refusal::Refusal;
use crate::rules::StartBy;
use crate::session::{Session, State};
use crate::time::HallTime;

impl Sitting {
    /// Decides a hall act. A retry hears the stored outcome and adds nothing.
    pub(super) fn act(&self, now: HallTime, id: ActId, by: &StaffId, act: &HallAct) -> Decision {
        if let Some(outcome) = self.acts.get(&id) {
            return Decision {
                events: Vec::new(),
                reply: outcome.clone().map(|()| Reply::Done),
            };
        }
        match self.effects(now, act) {
            Ok(effects) => {
                let mut events = vec![Event::Acted {
                    id,
                    by: by.clone(),
                    act: act.clone(),
                }];
                events.extend(effects);
                Decision::done(events)
            }
            Err(refusal) => Decision {
                events: vec![Event::ActRefused {
                    id,
                    by: by.clone(),
                    act: act.clone(),
                    refusal: refusal.clone(),
                }],
                reply: Err(refusal),
            },
        }
    }

    fn effects(&self, now: HallTime, act: &HallAct) -> Result<Vec<Event>, Refusal> {
        if self.closed {
            return Err(Refusal::SittingClosed);
        }
        if self.opened.is_none() {
            return Err(Refusal::DoesNotFit);
        }
        match act {
            HallAct::Arrive { session } | HallAct::Identify { session } => {
                let session = self.find(*session)?;
                if session.is_finished() {
                    Err(Refusal::DoesNotFit)
                } else {
                    Ok(Vec::new())
                }
            }
            HallAct::Start => self.start(now),
            HallAct::MoveSeat { session, to } => self.move_seat(*session, to),
            HallAct::MarkAbsent { session } => self.mark_absent(now, *session),
            HallAct::DecideOffline { session, .. } => {
                let waiting = !self.find(*session)?.waiting.is_empty();
                if waiting {
                    Ok(Vec::new())
                } else {
                    Err(Refusal::NothingToDecide)
                }
            }
            HallAct::Settle { session } => match self.find(*session)?.state {
                State::Overdue { deadline } => Ok(vec![Event::TimedUp {
                    session: *session,
                    deadline,
                }]),
                State::Expected
                | State::Arrived
                | State::LoggedIn
                | State::Undertaken
                | State::Ready
                | State::Running { .. }
                | State::Closing { .. }
                | State::Finished { .. } => Err(Refusal::NothingToDecide),
            },
            HallAct::Close => self.close(),
        }
    }

    fn find(&self, id: SessionId) -> Result<&Session, Refusal> {
        self.sessions.get(&id).ok_or(Refusal::UnknownSession)
    }

    /// T15: refused before the planned start; a second start changes nothing.
    fn start(&self, now: HallTime) -> Result<Vec<Event>, Refusal> {
        if self.started.is_some() {
            return Ok(Vec::new());
        }
        let planned = self.planned();
        if now < planned && self.rules.clock.start == StartBy::Chief {
            return Err(Refusal::StartTooEarly { planned });
        }
        if self.rules.clock.start == StartBy::Clock {
            return Err(Refusal::DoesNotFit);
        }
        Ok(self.room_start(now))
    }

    fn move_seat(&self, id: SessionId, to: &SeatId) -> Result<Vec<Event>, Refusal> {
        let session = self.find(id)?;
        if session.is_finished() {
            return Err(Refusal::DoesNotFit);
        }
        let taken = self
            .sessions
            .values()
            .any(|other| other.id != id && other.seat == *to && !other.is_finished());
        if taken {
            return Err(Refusal::SeatTaken);
        }
        Ok(vec![Event::SeatMoved {
            session: id,
            to: to.clone(),
        }])
    }

    /// Nobody is absent while the door is open (KIOSK I21), nobody who has started, and nobody who
    /// sits at a live kiosk and could still start.
    fn mark_absent(&self, now: HallTime, id: SessionId) -> Result<Vec<Event>, Refusal> {
        let session = self.find(id)?;
        let could_start = Self::is_connected(session)
            && self
                .started
                .is_none_or(|start| now <= session.own_end_from(&self.rules, start));
        if session.is_finished() || session.has_started() || could_start {
            return Err(Refusal::DoesNotFit);
        }
        match self.rules.entry(self.planned(), now) {
            (until, true) => Err(Refusal::DoorOpen { until }),
            (_, false) => Ok(vec![Event::MarkedAbsent { session: id }]),
        }
    }

    fn close(&self) -> Result<Vec<Event>, Refusal> {
        let open = |session: &&Session| !session.is_finished() || !session.waiting.is_empty();
        let left = self.sessions.values().filter(open).count();
        if left > 0 {
            return Err(Refusal::NotAllEnded {
                left: u32::try_from(left).unwrap_or(u32::MAX),
            });
        }
        Ok(vec![Event::SittingClosed])
    }
}
