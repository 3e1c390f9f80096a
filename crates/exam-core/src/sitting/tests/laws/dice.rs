//! Turns small numbers into commands: honest ones, stale ones, and nonsense.

use super::{Dice, Run, Step};
use crate::act::{HallAct, OfflineVerdict};
use crate::command::{Command, Holder};
use crate::event::Resumed;
use crate::ids::{ActId, BootId, Digest, Epoch, LeaseId, SeatId, Seq, SessionId, StaffId};
use crate::revision::{Made, Note, Revision};
use crate::session::{Contact, Session, State};
use crate::sitting::tests::hall;
use crate::time::{HallTime, Span};

impl Run {
    fn draw(&mut self) -> [u8; 16] {
        self.drawn += 1;
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(self.drawn.to_le_bytes()) {
            *to = from;
        }
        bytes
    }

    /// Turns a step's dice into a command.
    pub(super) fn command(&mut self, step: &Step) -> Command {
        let who = *["a", "b", "c", "x"].get(step.who).unwrap();
        let id = hall::session(who);
        let session = self.sitting.session(id).cloned();
        let holder = Self::holder(id, session.as_ref(), step.dice);
        let (die, offset) = (step.dice.0, step.dice.2);
        match step.kind {
            0..=9 => self.next_honest(session.as_ref(), holder, step),
            10..=16 => Command::Revise {
                holder,
                revision: self.revision(session.as_ref(), holder, step),
            },
            17 | 18 => Command::Annotate {
                holder,
                note: Self::note(session.as_ref(), holder, step),
            },
            19 | 20 => Command::HandIn {
                holder,
                last: shifted(up_to(session.as_ref(), holder.epoch), offset.min(1)),
                pressed: self.made(session.as_ref(), step.dice),
            },
            21 => Command::Locked {
                holder,
                last: up_to(session.as_ref(), holder.epoch),
            },
            22 | 23 => Command::Detach {
                holder,
                last_life: self.now - Span(i64::from(die) * 500),
            },
            24 | 25 => Command::Attach {
                holder,
                seat: seat(die),
                boot: BootId([die % 3; 16]),
            },
            26 => Command::LogIn {
                session: id,
                seat: seat(die),
                lease: LeaseId(self.draw()),
                boot: BootId([die % 3; 16]),
            },
            27..=33 => Command::Act {
                id: if die < 30 {
                    ActId([die % 4; 16])
                } else {
                    ActId(self.draw())
                },
                by: StaffId::new("chief").unwrap(),
                act: act(id, step.dice),
            },
            34 => Command::ProcessStarted {
                boot: BootId([die; 16]),
                build: String::new(),
                resumed: Resumed::First,
            },
            35 => Command::Stop,
            36 => Command::WallStepped {
                by: Span(i64::from(offset)),
            },
            37 => Command::Open(Box::new(hall::opening())),
            38 => Command::Look { session: id },
            _ => Command::Tick,
        }
    }

    /// The next thing an honest candidate or the staff would do, so that runs reach every state.
    fn next_honest(&mut self, session: Option<&Session>, holder: Holder, step: &Step) -> Command {
        let Some(session) = session else {
            return Command::Clock;
        };
        let act = |run: &mut Self, act| Command::Act {
            id: ActId(run.draw()),
            by: StaffId::new("chief").unwrap(),
            act,
        };
        let id = session.id;
        match session.state {
            State::Expected => act(self, HallAct::Arrive { session: id }),
            State::LoggedIn if !session.identified => act(self, HallAct::Identify { session: id }),
            State::LoggedIn if session.details.is_none() => Command::CheckDetails {
                holder,
                correct: step.dice.0 > 20,
            },
            State::LoggedIn => Command::Undertake {
                holder,
                text: hall::UNDERTAKING,
                accepted: step.dice.0 > 20,
            },
            State::Undertaken => Command::Prepare { holder },
            State::Ready => act(self, HallAct::Start),
            State::Running { .. } | State::Closing { .. } | State::Overdue { .. }
                if session.contact == Contact::Attached =>
            {
                Command::Revise {
                    holder,
                    revision: self.revision(Some(session), holder, step),
                }
            }
            State::Running { .. } | State::Closing { .. } | State::Overdue { .. }
                if session.lease.is_some() =>
            {
                Command::Attach {
                    holder,
                    seat: session.seat.clone(),
                    boot: session.boot,
                }
            }
            State::Arrived
            | State::Running { .. }
            | State::Closing { .. }
            | State::Overdue { .. } => {
                let (lease, boot) = (LeaseId(self.draw()), BootId([step.dice.0 % 3; 16]));
                Command::LogIn {
                    session: id,
                    seat: session.seat.clone(),
                    lease,
                    boot,
                }
            }
            State::Finished { .. } => Command::Clock,
        }
    }

    /// Mostly the true holder; now and then a fenced epoch, another lease, or pure nonsense.
    fn holder(id: SessionId, session: Option<&Session>, dice: Dice) -> Holder {
        let lease = session
            .and_then(|session| session.lease)
            .unwrap_or_default();
        let epoch = session.map_or(Epoch(1), |session| session.epoch);
        match dice.0 {
            0..=19 => Holder {
                session: id,
                lease,
                epoch: Epoch(epoch.0.saturating_sub(1)),
            },
            20..=27 => Holder {
                session: id,
                lease: LeaseId([99; 16]),
                epoch,
            },
            28..=31 => Holder {
                session: id,
                lease,
                epoch: Epoch(epoch.0 + 7),
            },
            _ => Holder {
                session: id,
                lease,
                epoch,
            },
        }
    }

    /// Now, long ago, in a wild future, just before the own end, or on another boot.
    fn made(&self, session: Option<&Session>, dice: Dice) -> Made {
        let shift = i64::from(dice.2) * i64::from(dice.4) * 60_000;
        let boot = session.map_or_else(BootId::default, |session| session.boot);
        let end = session.and_then(Session::own_end).unwrap_or(self.now);
        Made {
            base: match dice.3 {
                0..=2 => end - Span(5_000),
                6 => HallTime(i64::MAX),
                _ => self.now + Span(shift),
            },
            since: Span(if dice.5 {
                i64::from(dice.4) * 1_000
            } else {
                i64::MIN
            }),
            boot: if dice.3 == 5 { BootId([77; 16]) } else { boot },
        }
    }

    fn revision(&self, session: Option<&Session>, holder: Holder, step: &Step) -> Revision {
        let (_, item, offset, choice, _, linked) = step.dice;
        let honest = step.kind < 10;
        let next = up_to(session, holder.epoch).next();
        let items = ["q1", "q2", "q3", "q4", "t1", "q9"];
        let choices = ["a", "b", "c", "d", "true", "zz"];
        let mut revision = Revision {
            seq: if honest { next } else { shifted(next, offset) },
            item: hall::item(items.get(usize::from(item)).unwrap()),
            choice: choices
                .get(usize::from(choice))
                .map(|name| hall::option(name)),
            made: self.made(session, step.dice),
            link: Digest::default(),
        };
        if let Some(session) = session.filter(|_| honest || linked) {
            revision.link = revision.link_after(&session.link(holder.epoch), holder.epoch);
        }
        revision
    }

    fn note(session: Option<&Session>, holder: Holder, step: &Step) -> Note {
        let notes = session
            .and_then(|session| session.received.get(&holder.epoch))
            .map_or(Seq(0), |received| received.notes);
        Note {
            seq: shifted(notes.next(), step.dice.2.min(0)),
            item: hall::item(if step.dice.3 == 0 { "q9" } else { "q2" }),
            flagged: step.dice.5,
            struck: vec![hall::option(if step.dice.4 == 0 { "zz" } else { "a" })],
        }
    }
}

fn up_to(session: Option<&Session>, epoch: Epoch) -> Seq {
    session.map_or(Seq(0), |session| session.up_to(epoch))
}

fn shifted(seq: Seq, offset: i8) -> Seq {
    Seq(seq.0.saturating_add_signed(i32::from(offset)))
}

fn seat(die: u8) -> SeatId {
    hall::seat(usize::from(die % 5))
}

fn act(session: SessionId, dice: Dice) -> HallAct {
    match dice.3 {
        0 => HallAct::MoveSeat {
            session,
            to: seat(dice.0),
        },
        1 => HallAct::MarkAbsent { session },
        2 => HallAct::DecideOffline {
            session,
            verdict: OfflineVerdict::Count,
        },
        3 => HallAct::DecideOffline {
            session,
            verdict: OfflineVerdict::Refuse,
        },
        4 => HallAct::Settle { session },
        5 => HallAct::Start,
        _ => HallAct::Close,
    }
}
