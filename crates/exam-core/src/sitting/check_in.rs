//! From the door to the first question: log-in, return, own data, undertaking, readiness.

use super::Sitting;
use crate::command::{Decision, Holder, Reply};
use crate::event::Event;
use crate::ids::{BootId, Digest, Epoch, LeaseId, PartNo, SeatId, SessionId};
use crate::refusal::Refusal;
use crate::rules::{Identity, LateJudged};
use crate::session::{Contact, Session, State};
use crate::time::HallTime;

impl Sitting {
    /// Log-in. The same seat may log in again (a machine that lost its lease): that raises the
    /// epoch. Another seat is refused until the invigilator moves the session (W6).
    pub(super) fn log_in(
        &self,
        now: HallTime,
        id: SessionId,
        seat: &SeatId,
        lease: LeaseId,
        boot: BootId,
    ) -> Decision {
        let Some(session) = self.sessions.get(&id) else {
            return Decision::refuse(Refusal::UnknownSession);
        };
        if let Err(refusal) = self.may_log_in(now, session, seat) {
            return Decision::refuse(refusal);
        }
        let epoch = Epoch(session.epoch.0.saturating_add(1));
        let event = Event::LoggedIn {
            session: id,
            seat: seat.clone(),
            lease,
            epoch,
            boot,
        };
        self.attached_after(now, session, vec![event])
    }

    fn may_log_in(&self, now: HallTime, session: &Session, seat: &SeatId) -> Result<(), Refusal> {
        if let State::Finished { end, at } = session.state {
            return Err(Refusal::AlreadyEnded { end, at });
        }
        if session.seat != *seat {
            let taken = session.contact == Contact::Attached;
            return Err(if taken {
                Refusal::TicketInUse
            } else {
                Refusal::WrongSeat {
                    yours: session.seat.clone(),
                    here: seat.clone(),
                }
            });
        }
        let opens = self.rules.report_time(self.planned());
        if now < opens {
            return Err(Refusal::LogInNotOpen { opens });
        }
        let first = matches!(session.state, State::Expected | State::Arrived);
        let judged = match self.rules.admission.late_judged {
            LateJudged::Arrival => session.arrived_at.unwrap_or(now),
            LateJudged::LogIn => now,
        };
        match self.rules.entry(self.planned(), judged) {
            (closed, false) if first => Err(Refusal::EntryClosed { closed }),
            (_, true | false) => Ok(()),
        }
    }

    /// A kiosk with a lease comes back: same machine after a crash, or after the cable was out.
    pub(super) fn attach(
        &self,
        now: HallTime,
        holder: Holder,
        seat: &SeatId,
        boot: BootId,
    ) -> Decision {
        let session = match self.held(holder) {
            Ok(session) => session,
            Err(refusal) => return Decision::refuse(refusal),
        };
        if session.seat != *seat {
            return Decision::refuse(Refusal::WrongSeat {
                yours: session.seat.clone(),
                here: seat.clone(),
            });
        }
        let mut events = Vec::new();
        if session.contact != Contact::Attached || session.boot != boot {
            events.push(Event::SeatBack {
                session: session.id,
                boot,
            });
        }
        self.attached_after(now, session, events)
    }

    /// Answers with the whole state as it will be once `events` are applied.
    fn attached_after(&self, now: HallTime, session: &Session, events: Vec<Event>) -> Decision {
        let mut after = session.clone();
        for event in &events {
            after.take(now, event);
        }
        let snapshot = self.snapshot(&after, now);
        Decision {
            events,
            reply: Ok(Reply::Attached(Box::new(snapshot))),
        }
    }

    pub(super) fn detach(&self, holder: Holder, last_life: HallTime) -> Decision {
        let attached = self
            .held(holder)
            .is_ok_and(|session| session.contact == Contact::Attached);
        let event = Event::SeatLost {
            session: holder.session,
            last_life,
        };
        Decision::done(if attached { vec![event] } else { Vec::new() })
    }

    pub(super) fn check_details(&self, holder: Holder, correct: bool) -> Decision {
        match self.held(holder) {
            Err(refusal) => Decision::refuse(refusal),
            Ok(session) if session.details == Some(correct) => Decision::done(Vec::new()),
            Ok(session) if session.state == State::LoggedIn => {
                Decision::done(vec![Event::DetailsChecked {
                    session: session.id,
                    correct,
                }])
            }
            Ok(_) => Decision::refuse(Refusal::NotNow),
        }
    }

    pub(super) fn undertake(&self, holder: Holder, text: Digest, accepted: bool) -> Decision {
        let session = match self.held(holder) {
            Ok(session) => session,
            Err(refusal) => return Decision::refuse(refusal),
        };
        if accepted && session.state == State::Undertaken {
            return Decision::done(Vec::new());
        }
        let identified = session.identified || self.rules.admission.identity == Identity::Nobody;
        if session.state != State::LoggedIn || session.details != Some(true) || !identified {
            return Decision::refuse(Refusal::NotNow);
        }
        if text != self.rules.admission.undertaking.digest {
            return Decision::refuse(Refusal::OtherUndertaking);
        }
        if !accepted && session.declined {
            return Decision::done(Vec::new());
        }
        Decision::done(vec![Event::UndertakingAnswered {
            session: session.id,
            text,
            accepted,
        }])
    }

    /// The paper is on the kiosk. Before the room's start the candidate waits; after it the paper
    /// opens at once, with what is left (T2).
    pub(super) fn prepare(&self, now: HallTime, holder: Holder) -> Decision {
        let session = match self.held(holder) {
            Ok(session) => session,
            Err(refusal) => return Decision::refuse(refusal),
        };
        match session.state {
            State::Undertaken => {}
            State::Ready | State::Running { .. } => return Decision::done(Vec::new()),
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Closing { .. }
            | State::Overdue { .. }
            | State::Finished { .. } => return Decision::refuse(Refusal::NotNow),
        }
        let mut events = vec![Event::Prepared {
            session: session.id,
        }];
        if let Some(start) = self.started {
            let ends_at = session.own_end_from(&self.rules, start);
            if now > ends_at {
                return Decision::refuse(Refusal::TimeIsUp { ended: ends_at });
            }
            events.push(Event::PartStarted {
                session: session.id,
                part: PartNo(1),
                ends_at,
            });
        }
        Decision::done(events)
    }
}
