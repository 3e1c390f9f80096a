//! The attachment of one seat to its hall, as a pure machine: inputs and a local time go in,
//! outputs come out, and [`Attachment::picture`] says what a screen may show.
//!
//! It owns log-in, the paper, the three truths of an answer, resending, the lock at the own end and
//! the hand-in. It has no socket, no file, no clock and no chance: a driver brings those, and so
//! does a test. The hall decides everything; what is decided here locally (the lock at the end) is
//! decided again by the hall.

mod answers;
mod ending;
mod hall;
mod notes;
mod paper;
mod path;
mod pump;

use std::sync::Arc;

use exam_core::command::Holder;
use exam_core::{
    BootId, Epoch, HallTime, ItemId, Label, Made, OptionId, Refusal, Seq, SessionId, Span,
};

use crate::act::Act;
use crate::message::{Asked, HallSays, KioskSays};
use crate::picture::{Ending, Link, Picture, SpoolState};
use crate::spool::{Ended, Entry, Recovered};

use answers::Answers;
use ending::EndAsk;
use notes::Notes;
use paper::PaperBox;
use pump::Writing;

/// What an attachment begins with.
#[derive(Debug, Clone)]
pub struct AttachmentConfig {
    /// This machine's boot.
    pub boot: BootId,
    /// What the spool gave back.
    pub recovered: Option<Recovered>,
    /// Local milliseconds in a real one; waiting times are stretched by it, so that a rehearsal's
    /// fast clock does not make the seat impatient. At least 1.
    pub speed: u32,
}

/// What can reach an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A fresh pair of streams is there or being opened: say hello.
    Linked,
    /// The streams are gone.
    LinkLost,
    /// The hall said something.
    FromHall(Box<HallSays>),
    /// The person (or bot) at the seat did something.
    Act(Act),
    /// Spool entries up to this number are durable.
    Spooled {
        /// The newest.
        up_to: u64,
    },
    /// The spool can no longer be written.
    SpoolFailed {
        /// Why, for the technician.
        why: String,
    },
    /// Time has passed.
    Tick,
}

/// What an attachment wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Say this to the hall, in this order.
    ToHall(KioskSays),
    /// Make this entry durable, in this order, and report its number.
    Spool {
        /// Its number, counted from 1.
        no: u64,
        /// The entry.
        entry: Entry,
    },
    /// Something a ledger or a stop-watch may want to know.
    Observed(Observed),
}

/// What an observer of a seat hears; nothing depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// A revision was made and numbered.
    Made {
        /// The session.
        session: SessionId,
        /// Its epoch.
        epoch: Epoch,
        /// Its number.
        seq: Seq,
        /// The item.
        item: ItemId,
        /// What was chosen.
        choice: Option<OptionId>,
        /// Local milliseconds of the key press.
        at_ms: i64,
    },
    /// The hall has all revisions up to here.
    Acked {
        /// The session.
        session: SessionId,
        /// The epoch.
        epoch: Epoch,
        /// The newest.
        up_to: Seq,
        /// Local milliseconds.
        at_ms: i64,
    },
    /// The hall refused something.
    Refused {
        /// What was asked.
        asked: Asked,
        /// Why not.
        refusal: Refusal,
        /// Local milliseconds.
        at_ms: i64,
    },
}

/// How far the present connection has come.
#[derive(Debug, Clone, Copy, Default)]
struct Contact {
    stage: Stage,
    prepared_sent: bool,
    pings: u64,
    pinged_ms: i64,
}

/// The stages of one connection, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Stage {
    #[default]
    Cut,
    Linked,
    /// The hall has said welcome.
    Welcomed,
    /// The hall has answered for the session held here.
    Attached,
}

/// The machine.
#[derive(Debug)]
pub struct Attachment {
    boot: BootId,
    speed: i64,
    now_ms: i64,
    picture: Picture,
    contact: Contact,
    holder: Option<Holder>,
    /// The late candidate has pressed the key (T2).
    begin: bool,
    answers: Answers,
    notes: Notes,
    paper: PaperBox,
    end: EndAsk,
    /// Marks, which the hall may show before the receipt or after it.
    marks: Option<crate::picture::MarksShown>,
    writing: Writing,
    refusals: u64,
    out: Vec<Output>,
}

impl Attachment {
    /// Begins at local millisecond `now_ms`, with what the spool gave back.
    pub fn new(config: AttachmentConfig, now_ms: i64) -> Self {
        let mut attachment = Self {
            boot: config.boot,
            speed: i64::from(config.speed.max(1)),
            now_ms,
            picture: Picture::default(),
            contact: Contact::default(),
            holder: None,
            begin: false,
            answers: Answers::none(),
            notes: Notes::none(),
            paper: PaperBox::default(),
            end: EndAsk::default(),
            marks: None,
            writing: Writing::default(),
            refusals: 0,
            out: Vec::new(),
        };
        attachment.picture.clock.boot = config.boot;
        if let Some(recovered) = config.recovered {
            attachment.take_up(&recovered);
        }
        attachment.show();
        attachment
    }

    /// Returns what a screen may show.
    pub const fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Takes one input at local millisecond `now_ms` and returns what is to be done, in order.
    pub fn handle(&mut self, now_ms: i64, input: Input) -> Vec<Output> {
        self.now_ms = self.now_ms.max(now_ms);
        let before = self.picture.clone();
        self.check_end();
        match input {
            Input::Linked => self.linked(),
            Input::LinkLost => self.link_lost(),
            Input::FromHall(says) => self.hear(*says),
            Input::Act(act) => self.act(act),
            Input::Spooled { up_to } => self.spooled(up_to),
            Input::SpoolFailed { why } => self.spool_failed(why),
            Input::Tick => self.ping_if_due(),
        }
        self.check_end();
        self.pump();
        self.show();
        if self.picture != before {
            self.picture.version = before.version + 1;
        }
        std::mem::take(&mut self.out)
    }

    fn take_up(&mut self, recovered: &Recovered) {
        self.holder = Some(recovered.holder);
        self.answers = Answers::recovered(recovered);
        self.notes = Notes::recovered(recovered);
        self.picture.position.clone_from(&recovered.position);
        self.writing = Writing::recovered(recovered);
        self.picture.ending = match recovered.ended {
            None => Ending::None,
            Some(Ended::Locked { .. }) => Ending::Locked,
            Some(Ended::HandedIn { .. }) => Ending::HandingIn,
        };
        self.end = EndAsk::recovered(recovered.ended);
    }

    fn linked(&mut self) {
        self.answers.path.unsend();
        self.notes.path.unsend();
        self.end.ask_again();
        self.contact = Contact {
            stage: Stage::Linked,
            pings: self.contact.pings,
            ..Contact::default()
        };
        self.say(KioskSays::Hello {
            boot: self.boot,
            holder: self.holder,
        });
    }

    fn link_lost(&mut self) {
        self.contact = Contact {
            pings: self.contact.pings,
            ..Contact::default()
        };
        self.answers.path.unsend();
        self.notes.path.unsend();
        self.end.ask_again();
        if !matches!(self.picture.link, Link::Offline { .. }) {
            self.picture.link = Link::Offline {
                since_ms: self.now_ms,
            };
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::LogIn { number, tail } => self.log_in(number, tail),
            Act::CheckDetails { correct } => {
                if self.is_attached() {
                    self.say(KioskSays::CheckDetails { correct });
                }
            }
            Act::Undertake { accepted } => self.undertake(accepted),
            Act::Begin => {
                if self.label() == Some(Label::Late) {
                    self.begin = true;
                    self.contact.prepared_sent = false;
                }
            }
            Act::Choose { item, choice } => self.choose(item, choice),
            Act::Note {
                item,
                flagged,
                struck,
            } => {
                let known = self.paper.options(&item).unwrap_or_default();
                let fits = struck.iter().all(|option| known.contains(option));
                if self.may_answer() && !known.is_empty() && fits {
                    self.notes.note(item, flagged, struck);
                }
            }
            Act::Visit { item } => {
                if self.paper.options(&item).is_some() && self.picture.ending == Ending::None {
                    self.writing.visit(item);
                }
            }
            Act::HandIn => self.hand_in(),
        }
    }

    /// Log-in, where no session is held or the one held is over: the next sitting's candidate.
    fn log_in(&mut self, number: String, tail: String) {
        let over = matches!(self.picture.ending, Ending::Ended(_));
        if self.contact.stage < Stage::Welcomed || self.holder.is_some() && !over {
            return;
        }
        if over {
            self.forget();
        }
        self.say(KioskSays::LogIn { number, tail });
    }

    fn undertake(&mut self, accepted: bool) {
        if let Some(candidate) = &self.picture.candidate
            && self.is_attached()
        {
            let text = candidate.undertaking_digest;
            self.say(KioskSays::Undertake { text, accepted });
        }
    }

    /// Choosing again what is chosen already is no change (KIOSK: a second B does nothing).
    fn choose(&mut self, item: ItemId, choice: Option<OptionId>) {
        let Some(options) = self.paper.options(&item) else {
            return;
        };
        let fits = choice
            .as_ref()
            .is_none_or(|choice| options.contains(choice));
        if fits && self.may_answer() && self.answers.current(&item) != choice.as_ref() {
            let made = self.made();
            self.answers.choose(item, choice, made, self.now_ms);
        }
    }

    /// Says whether responses may change at this seat now. The hall judges again.
    fn may_answer(&self) -> bool {
        self.holder.is_some()
            && self.paper.is_open()
            && self.picture.ending == Ending::None
            && self.label() == Some(Label::Running)
    }

    fn is_attached(&self) -> bool {
        self.contact.stage == Stage::Attached
    }

    fn label(&self) -> Option<Label> {
        self.picture.view.as_ref().map(|view| view.label)
    }

    fn hall_now(&self) -> HallTime {
        self.picture.clock.hall_at(self.now_ms)
    }

    /// When something made now was made (T13).
    fn made(&self) -> Made {
        Made {
            base: self.picture.clock.hall,
            since: Span((self.now_ms - self.picture.clock.at_ms).max(0)),
            boot: self.boot,
        }
    }

    fn say(&mut self, says: KioskSays) {
        if self.contact.stage > Stage::Cut {
            self.out.push(Output::ToHall(says));
        }
    }

    fn observe(&mut self, observed: Observed) {
        self.out.push(Output::Observed(observed));
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.refusals += 1;
        self.picture.refusal = Some((self.refusals, refusal));
    }

    /// This seat no longer holds a session. Its spool stays as evidence.
    fn forget(&mut self) {
        self.holder = None;
        self.contact.stage = self.contact.stage.min(Stage::Welcomed);
        self.begin = false;
        self.answers = Answers::none();
        self.notes = Notes::none();
        self.paper = PaperBox::default();
        self.end = EndAsk::default();
        self.marks = None;
        self.writing.forget_position();
        self.picture.candidate = None;
        self.picture.view = None;
        self.picture.paper = crate::picture::PaperState::Absent;
        self.picture.position = None;
        self.picture.ending = Ending::None;
        self.picture.restored = None;
    }

    fn spool_failed(&mut self, why: String) {
        self.picture.spool = SpoolState::MemoryOnly { why };
        self.writing.fail();
        self.answers.path.without_disk();
        self.notes.path.without_disk();
        self.end.spooled();
    }

    fn show(&mut self) {
        let answers = self.answers.shown();
        if *self.picture.answers != answers {
            self.picture.answers = Arc::new(answers);
        }
        let notes = self.notes.shown();
        if *self.picture.notes != notes {
            self.picture.notes = Arc::new(notes);
        }
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod rig;
#[cfg(test)]
mod tests;
