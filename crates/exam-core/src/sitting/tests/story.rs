//! Plays the hall of one story: the desk's order of things, and one honest kiosk per candidate.
//!
//! A kiosk here keeps a spool and a link chain as exam-client does, so that T13 can be told.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::hall;
use crate::act::HallAct;
use crate::command::{Command, Decision, Holder, Reply};
use crate::event::{Event, Resumed};
use crate::ids::{ActId, BootId, Digest, LeaseId, SeatId, Seq, StaffId};
use crate::refusal::Refusal;
use crate::revision::{Made, Note, Revision};
use crate::rules::Rules;
use crate::sitting::Sitting;
use crate::time::HallTime;

/// A kiosk as one session sees it.
#[derive(Debug, Clone)]
pub(super) struct Kiosk {
    pub(super) holder: Holder,
    pub(super) seat: SeatId,
    pub(super) boot: BootId,
    pub(super) base: HallTime,
    pub(super) connected: bool,
    pub(super) spool: Vec<Revision>,
    pub(super) sent: usize,
    pub(super) pressed: Option<Made>,
    notes: u32,
}

/// The hall, its kiosks, and all that was heard.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) sitting: Sitting,
    pub(super) now: HallTime,
    pub(super) heard: Vec<String>,
    pub(super) kiosks: BTreeMap<String, Kiosk>,
    pub(super) fenced: BTreeMap<String, Kiosk>,
    pub(super) log: Vec<(HallTime, Event)>,
    rules: Arc<Rules>,
    drawn: u8,
    last_act: Option<Command>,
}

impl Story {
    /// Opens the sitting at 08:00.
    pub(super) fn new(rules: Rules) -> Self {
        let rules = Arc::new(rules);
        let mut story = Self {
            sitting: Sitting::new(Arc::clone(&rules)),
            now: HallTime(8 * 3_600_000),
            heard: Vec::new(),
            kiosks: BTreeMap::new(),
            fenced: BTreeMap::new(),
            log: Vec::new(),
            rules,
            drawn: 0,
            last_act: None,
        };
        story
            .ask(&Command::Open(Box::new(hall::opening())))
            .reply
            .unwrap();
        story
    }

    /// Draws sixteen bytes that nothing else in the story bears.
    fn draw(&mut self) -> [u8; 16] {
        self.drawn += 1;
        [self.drawn; 16]
    }

    /// Does as the desk does: what is due comes first, then the command; events are applied one by
    /// one.
    pub(super) fn ask(&mut self, command: &Command) -> Decision {
        while self
            .sitting
            .next_deadline()
            .is_some_and(|due| due < self.now)
        {
            let fired = self.put(&Command::Clock);
            assert!(
                !fired.events.is_empty(),
                "a deadline was due and nothing happened"
            );
        }
        self.put(command)
    }

    /// Decides and applies, without firing what is due.
    fn put(&mut self, command: &Command) -> Decision {
        let decision = self.sitting.decide(self.now, command);
        for event in &decision.events {
            self.sitting.apply(self.now, event).unwrap();
            self.log.push((self.now, event.clone()));
        }
        decision
    }

    /// Returns the sitting as its journal gives it.
    pub(super) fn replayed(&self) -> Sitting {
        let mut sitting = Sitting::new(Arc::clone(&self.rules));
        for (at, event) in &self.log {
            sitting.apply(*at, event).unwrap();
        }
        sitting
    }

    /// The server is killed and comes back at the present hour; every stream is gone.
    pub(super) fn restart(&mut self) {
        self.sitting = self.replayed();
        let away = self.now - self.sitting.last();
        let boot = BootId(self.draw());
        let build = "story".to_owned();
        let resumed = Resumed::SameBoot { away };
        // Before anything due is fired: whoever was connected has been away since the last record.
        self.put(&Command::ProcessStarted {
            boot,
            build,
            resumed,
        });
        for kiosk in self.kiosks.values_mut() {
            kiosk.connected = false;
        }
    }

    pub(super) fn act(&mut self, act: HallAct) -> Result<Reply, Refusal> {
        let id = ActId(self.draw());
        let by = StaffId::new("chief").unwrap();
        let command = Command::Act { id, by, act };
        let reply = self.ask(&command).reply;
        self.last_act = Some(command);
        reply
    }

    /// Sends the last act once more, under the same id; says how many events that made.
    pub(super) fn act_again(&mut self) -> (Result<Reply, Refusal>, usize) {
        let command = self.last_act.clone().unwrap();
        let decision = self.ask(&command);
        (decision.reply, decision.events.len())
    }

    pub(super) fn log_in(&mut self, who: &str, seat: SeatId) -> Result<Reply, Refusal> {
        let lease = LeaseId(self.draw());
        let boot = BootId(self.draw());
        let session = hall::session(who);
        let reply = self
            .ask(&Command::LogIn {
                session,
                seat: seat.clone(),
                lease,
                boot,
            })
            .reply?;
        let Reply::Attached(snapshot) = &reply else {
            panic!("a log-in answers with the state");
        };
        let holder = Holder {
            session,
            lease,
            epoch: snapshot.epoch,
        };
        let (base, connected) = (self.now, true);
        let kiosk = Kiosk {
            holder,
            seat,
            boot,
            base,
            connected,
            spool: Vec::new(),
            sent: 0,
            pressed: None,
            notes: 0,
        };
        if let Some(old) = self.kiosks.insert(who.to_owned(), kiosk) {
            self.fenced.insert(who.to_owned(), old);
        }
        Ok(reply)
    }

    pub(super) fn kiosk(&mut self, who: &str) -> &mut Kiosk {
        self.kiosks.get_mut(who).expect("the story logs in first")
    }

    /// Sends a command that the kiosk of `who` makes of its own holder.
    pub(super) fn by_kiosk(
        &mut self,
        who: &str,
        command: impl FnOnce(&Kiosk) -> Command,
    ) -> Decision {
        let command = command(self.kiosk(who));
        let decision = self.ask(&command);
        let now = self.now;
        self.kiosk(who).base = now;
        decision
    }

    /// The cable is in again, and the kiosk asks for its session back.
    pub(super) fn attach(&mut self, who: &str) -> Result<Reply, Refusal> {
        let decision = self.by_kiosk(who, |kiosk| Command::Attach {
            holder: kiosk.holder,
            seat: kiosk.seat.clone(),
            boot: kiosk.boot,
        });
        self.kiosk(who).connected = decision.reply.is_ok();
        decision.reply
    }

    /// The machine restarts: its spool and its lease are kept, its monotonic clock is not.
    pub(super) fn reboot(&mut self, who: &str) {
        let boot = BootId(self.draw());
        let kiosk = self.kiosk(who);
        kiosk.boot = boot;
        kiosk.connected = false;
    }

    pub(super) fn note(&mut self, who: &str, name: &str, flagged: bool) -> Result<Reply, Refusal> {
        self.kiosk(who).notes += 1;
        let decision = self.by_kiosk(who, |kiosk| Command::Annotate {
            holder: kiosk.holder,
            note: Note {
                seq: Seq(kiosk.notes),
                item: hall::item(name),
                flagged,
                struck: Vec::new(),
            },
        });
        decision.reply
    }
}

impl Kiosk {
    /// Says when something made at `now` was made, as this kiosk knows it.
    pub(super) fn made(&self, now: HallTime) -> Made {
        Made {
            base: self.base,
            since: now - self.base,
            boot: self.boot,
        }
    }

    /// Makes the next revision and spools it.
    pub(super) fn revise(&mut self, now: HallTime, item: &str, choice: &str) -> Revision {
        let before = self.spool.last().map_or_else(
            || Revision::first_link(self.holder.session, self.holder.epoch),
            |revision| revision.link,
        );
        let mut revision = Revision {
            seq: self.last().next(),
            item: hall::item(item),
            choice: (!choice.is_empty()).then(|| hall::option(choice)),
            made: self.made(now),
            link: Digest::default(),
        };
        revision.link = revision.link_after(&before, self.holder.epoch);
        self.spool.push(revision.clone());
        revision
    }

    /// Returns the number of the last revision made.
    pub(super) fn last(&self) -> Seq {
        Seq(u32::try_from(self.spool.len()).unwrap())
    }

    /// Somebody changed the spool's file: the newest revision no longer links.
    pub(super) fn tamper(&mut self) {
        self.spool.last_mut().unwrap().link = Digest([9; 32]);
    }
}
