//! Revisions, notes, the lock at the end, and hand-in (RULES 5 and T13).

use super::Sitting;
use crate::command::{Decision, Holder, Receipt, Reply};
use crate::event::{Event, KeptWhy};
use crate::ids::{Digest, Seq};
use crate::refusal::Refusal;
use crate::revision::{Counted, Made, Note, Revision};
use crate::rules::OfflineRule;
use crate::session::{Contact, Session, State};
use crate::time::{HallTime, Span};

/// What becomes of a revision that is new and in its place.
enum Fate {
    Counts(Counted),
    Kept(KeptWhy, Refusal),
    /// Durable, acked, and waiting for the chief.
    Waits,
}

impl Sitting {
    /// A revision (W1-W4, T13).
    pub(super) fn revise(&self, now: HallTime, holder: Holder, revision: &Revision) -> Decision {
        let (session, current) = match self.known(holder) {
            Ok(known) => known,
            Err(refusal) => return Decision::refuse(refusal),
        };
        let epoch = holder.epoch;
        let have = session.up_to(epoch);
        if revision.seq <= have {
            return match Self::resent(now, session, holder, revision) {
                // Only who holds the session may read "saved"; a fenced seat hears why not (W6).
                Decision { reply: Ok(_), .. } if !current => {
                    Decision::refuse(Refusal::NotYourSession)
                }
                decision => decision,
            };
        }
        if revision.seq != have.next() {
            return Decision::refuse(Refusal::RevisionGap {
                have,
                got: revision.seq,
            });
        }
        let made_at = session.made_at(&revision.made, now);
        let fate = if current {
            self.fate(now, session, revision, made_at)
        } else {
            Fate::Kept(KeptWhy::StaleEpoch, Refusal::NotYourSession)
        };
        let kept = |why| Event::RevisionKept {
            session: session.id,
            epoch,
            revision: revision.clone(),
            made_at,
            why,
        };
        let acked = Ok(Reply::Acked {
            epoch,
            up_to: revision.seq,
        });
        match fate {
            Fate::Counts(counted) => Decision {
                events: vec![Event::Answered {
                    session: session.id,
                    epoch,
                    revision: revision.clone(),
                    made_at,
                    counted,
                }],
                reply: acked,
            },
            Fate::Waits => Decision {
                events: vec![kept(KeptWhy::AwaitsDecision)],
                reply: acked,
            },
            Fate::Kept(why, refusal) => Decision {
                events: vec![kept(why)],
                reply: Err(refusal),
            },
        }
    }

    /// A resent revision is acked and changes nothing; the same name with other bytes is kept and
    /// refused (W1).
    fn resent(now: HallTime, session: &Session, holder: Holder, revision: &Revision) -> Decision {
        let epoch = holder.epoch;
        let known = session
            .received
            .get(&epoch)
            .and_then(|r| r.fingerprint(revision.seq));
        if known == Some(revision.fingerprint()) {
            return Decision::reply(Reply::Acked {
                epoch,
                up_to: session.up_to(epoch),
            });
        }
        let event = Event::RevisionKept {
            session: session.id,
            epoch,
            revision: revision.clone(),
            made_at: session.made_at(&revision.made, now),
            why: KeptWhy::OtherBytes,
        };
        Decision {
            events: vec![event],
            reply: Err(Refusal::OtherAnswerSameName { seq: revision.seq }),
        }
    }

    fn fate(&self, now: HallTime, session: &Session, revision: &Revision, made: HallTime) -> Fate {
        let Some((part, item)) = session.outline.find(&revision.item) else {
            return Fate::Kept(KeptWhy::ItemNotInPaper, Refusal::ItemNotInPaper);
        };
        if revision
            .choice
            .as_ref()
            .is_some_and(|choice| !item.options.contains(choice))
        {
            return Fate::Kept(KeptWhy::OptionNotInItem, Refusal::OptionNotInItem);
        }
        let after_end = |ended| Fate::Kept(KeptWhy::AfterEnd, Refusal::TimeIsUp { ended });
        match session.state {
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready => Fate::Kept(KeptWhy::PartNotOpen, Refusal::NotStarted),
            State::Running { part: open, .. } if open != part => {
                Fate::Kept(KeptWhy::PartNotOpen, Refusal::PartNotOpen)
            }
            State::Running { ends_at, .. } if now <= ends_at => Fate::Counts(Counted::InTime),
            State::Running {
                ends_at: deadline, ..
            }
            | State::Closing { deadline, .. } => {
                if made <= deadline {
                    Fate::Counts(Counted::InGrace)
                } else {
                    after_end(deadline)
                }
            }
            State::Overdue { deadline } => self.late_fate(session, revision, made, deadline),
            State::Finished {
                end: crate::session::End::TimeUp,
                at,
            } => self.late_fate(session, revision, made, at),
            State::Finished { end, at } => {
                Fate::Kept(KeptWhy::AfterEnd, Refusal::AlreadyEnded { end, at })
            }
        }
    }

    /// T13, "received later": counts out of a whole spool of a kiosk that had lost contact before
    /// the end, same boot, made inside and not too long after the last contact; else it waits.
    fn late_fate(
        &self,
        session: &Session,
        revision: &Revision,
        made: HallTime,
        deadline: HallTime,
    ) -> Fate {
        if made > deadline {
            return Fate::Kept(KeptWhy::AfterEnd, Refusal::TimeIsUp { ended: deadline });
        }
        let linked = Self::links(session, revision);
        let proven = session.lost_before_end.is_some_and(|(last_life, boot)| {
            last_life <= deadline
                && revision.made.boot == boot
                && made <= last_life + self.rules.clock.offline_max
        });
        // Once one revision waits, those after it wait too: order within an item must hold.
        let clean = session.waiting.is_empty();
        if linked && proven && clean && self.rules.clock.offline == OfflineRule::Count {
            Fate::Counts(Counted::Offline)
        } else {
            Fate::Waits
        }
    }

    fn links(session: &Session, revision: &Revision) -> bool {
        let before: Digest = session.link(session.epoch);
        revision.link == revision.link_after(&before, session.epoch)
    }

    /// Flag and strike-outs (W4): on their own path, and only while the paper is open.
    pub(super) fn annotate(&self, holder: Holder, note: &Note) -> Decision {
        let session = match self.held(holder) {
            Ok(session) => session,
            Err(refusal) => return Decision::refuse(refusal),
        };
        let epoch = holder.epoch;
        let have = session
            .received
            .get(&epoch)
            .map_or(Seq(0), |received| received.notes);
        if note.seq <= have {
            return Decision::reply(Reply::Noted { epoch, up_to: have });
        }
        if note.seq != have.next() {
            return Decision::refuse(Refusal::RevisionGap {
                have,
                got: note.seq,
            });
        }
        let Some((_, item)) = session.outline.find(&note.item) else {
            return Decision::refuse(Refusal::ItemNotInPaper);
        };
        if note
            .struck
            .iter()
            .any(|option| !item.options.contains(option))
        {
            return Decision::refuse(Refusal::OptionNotInItem);
        }
        match session.state {
            State::Running { .. } | State::Closing { .. } | State::Overdue { .. } => {}
            State::Finished { end, at } => {
                return Decision::refuse(Refusal::AlreadyEnded { end, at });
            }
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready => return Decision::refuse(Refusal::NotStarted),
        }
        Decision {
            events: vec![Event::Noted {
                session: session.id,
                epoch,
                note: note.clone(),
            }],
            reply: Ok(Reply::Noted {
                epoch,
                up_to: note.seq,
            }),
        }
    }

    /// The kiosk locked itself at the own end and has nothing more: time is up now, not only when
    /// the grace is over.
    pub(super) fn locked(&self, now: HallTime, holder: Holder, last: Seq) -> Decision {
        let session = match self.held(holder) {
            Ok(session) => session,
            Err(refusal) => return Decision::refuse(refusal),
        };
        let have = session.up_to(holder.epoch);
        let deadline = match session.state {
            State::Finished { .. } => return Self::ended(session),
            State::Running { ends_at, .. } if now > ends_at => ends_at,
            State::Closing { deadline, .. } | State::Overdue { deadline } => deadline,
            State::Running { .. }
            | State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready => return Decision::refuse(Refusal::NotNow),
        };
        if have < last {
            return Decision::refuse(Refusal::HandInGap { have, want: last });
        }
        Self::end_with(
            now,
            session,
            Event::TimedUp {
                session: session.id,
                deadline,
            },
        )
    }

    /// Hand-in (W5): idempotent from any state, refused by name for a gap, and timed at the key
    /// press (RULES 3).
    pub(super) fn hand_in(
        &self,
        now: HallTime,
        holder: Holder,
        last: Seq,
        pressed: &Made,
    ) -> Decision {
        let session = match self.held(holder) {
            Ok(session) => session,
            Err(refusal) => return Decision::refuse(refusal),
        };
        let Some(deadline) = session.own_end() else {
            return if session.is_finished() {
                Self::ended(session)
            } else {
                Decision::refuse(Refusal::NotStarted)
            };
        };
        let have = session.up_to(holder.epoch);
        if have < last {
            return Decision::refuse(Refusal::HandInGap { have, want: last });
        }
        let at = session.made_at(pressed, now);
        if at > deadline || !self.press_proven(session, pressed, at) {
            // Only once the end has passed can the press be outside or unproven.
            return Self::end_with(
                now,
                session,
                Event::TimedUp {
                    session: session.id,
                    deadline,
                },
            );
        }
        let from = self.started.unwrap_or(deadline) + self.rules.hand_in.earliest;
        if at < from {
            return Decision::refuse(Refusal::HandInTooEarly { from });
        }
        let locked = self.rules.hand_in.locked_last;
        if locked > Span::ZERO && at > deadline - locked {
            return Decision::refuse(Refusal::HandInLocked { until: deadline });
        }
        Self::end_with(
            now,
            session,
            Event::HandedIn {
                session: session.id,
                at,
            },
        )
    }

    fn press_proven(&self, session: &Session, pressed: &Made, at: HallTime) -> bool {
        match session.state {
            State::Overdue { .. } => session.lost_before_end.is_some_and(|(last_life, boot)| {
                pressed.boot == boot && at <= last_life + self.rules.clock.offline_max
            }),
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready
            | State::Running { .. }
            | State::Closing { .. }
            | State::Finished { .. } => true,
        }
    }

    fn end_with(now: HallTime, session: &Session, event: Event) -> Decision {
        let mut after = session.clone();
        after.take(now, &event);
        Decision {
            events: vec![event],
            ..Self::ended(&after)
        }
    }

    /// Answers with the stored outcome of an ended session.
    fn ended(session: &Session) -> Decision {
        match session.state {
            State::Finished { end, at } => Decision::reply(Reply::Ended(Receipt {
                end,
                at,
                answered: session.answered(),
                total: u16::try_from(session.outline.total()).unwrap_or(u16::MAX),
            })),
            State::Expected
            | State::Arrived
            | State::LoggedIn
            | State::Undertaken
            | State::Ready
            | State::Running { .. }
            | State::Closing { .. }
            | State::Overdue { .. } => Decision::refuse(Refusal::NotNow),
        }
    }

    /// Says whether the session's kiosk is connected.
    pub(super) fn is_connected(session: &Session) -> bool {
        session.contact == Contact::Attached
    }
}
