//! What happens because time has passed (T1, T3, T13, T14).

use super::Sitting;
use crate::command::Decision;
use crate::event::Event;
use crate::ids::PartNo;
use crate::session::{Session, State};
use crate::time::HallTime;

impl Sitting {
    /// Everything due before `now`. A deadline at exactly `now` is still inside (T3).
    pub(super) fn due(&self, now: HallTime) -> Decision {
        let mut events = Vec::new();
        let start_due = self.next_deadline().is_some_and(|next| next < now)
            && self.started.is_none()
            && self.planned() < now;
        if start_due {
            events.extend(self.room_start(now));
        }
        let due = self.deadlines.iter().take_while(|(at, _)| *at < now);
        for (_, id) in due {
            events.extend(
                self.sessions
                    .get(id)
                    .and_then(|session| self.session_due(session)),
            );
        }
        Decision::done(events)
    }

    fn session_due(&self, session: &Session) -> Option<Event> {
        match session.state {
            State::Running {
                ends_at: deadline, ..
            } if Self::is_connected(session) => {
                let until = deadline + self.rules.clock.grace;
                Some(Event::ClosingBegan {
                    session: session.id,
                    deadline,
                    until,
                })
            }
            State::Running {
                ends_at: deadline, ..
            } => Some(Event::BecameOverdue {
                session: session.id,
                deadline,
            }),
            // The cable was out before the end, and the hall only learned of it in the grace (T14).
            State::Closing { deadline, .. } if session.lost_by(deadline) => {
                Some(Event::BecameOverdue {
                    session: session.id,
                    deadline,
                })
            }
            State::Closing { deadline, .. } => Some(Event::TimedUp {
                session: session.id,
                deadline,
            }),
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready
            | State::Overdue { .. }
            | State::Finished { .. } => None,
        }
    }

    /// The room starts at `now`: everybody who is ready runs (T15).
    pub(super) fn room_start(&self, now: HallTime) -> Vec<Event> {
        let mut events = vec![Event::RoomStarted];
        let mut ready: Vec<&Session> = self
            .sessions
            .values()
            .filter(|session| session.state == State::Ready)
            .collect();
        ready.sort_by_key(|session| session.order);
        events.extend(ready.into_iter().map(|session| Event::PartStarted {
            session: session.id,
            part: PartNo(1),
            ends_at: session.own_end_from(&self.rules, now),
        }));
        events
    }
}
