//! The end at this seat: the lock at the own end, and the hand-in.
//!
//! Neither moves a deadline (T11): the hall times both again by T13. What is locked here is only
//! this screen.

use exam_core::{Label, Made, Refusal, Span};

use super::Attachment;
use crate::message::KioskSays;
use crate::picture::Ending;
use crate::spool::{Ended, Entry};

/// Local milliseconds before the hall is asked once more how it ended.
const ASK_AGAIN_MS: i64 = 2_000;
/// A lock is lifted only if at least this much is left: the clocks may differ by some milliseconds.
const UNLOCK_MIN: Span = Span::seconds(1);

/// What has become of asking the hall to end the session.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EndAsk {
    pressed: Option<Made>,
    spool: Spooling,
    not_before_ms: Option<i64>,
    /// The receipt came before the hall had everything: its counts may be out of date.
    early_receipt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Spooling {
    #[default]
    Not,
    UnderWay,
    Done,
}

impl EndAsk {
    pub(super) fn recovered(ended: Option<Ended>) -> Self {
        let pressed = match ended {
            Some(Ended::HandedIn { pressed, .. }) => Some(pressed),
            Some(Ended::Locked { .. }) | None => None,
        };
        Self {
            pressed,
            spool: if ended.is_some() {
                Spooling::Done
            } else {
                Spooling::Not
            },
            not_before_ms: None,
            early_receipt: false,
        }
    }

    pub(super) const fn receipt_was_early(&mut self, early: bool) {
        self.early_receipt = early;
    }

    /// The entry is durable, or never will be.
    pub(super) fn spooled(&mut self) {
        if self.spool == Spooling::UnderWay {
            self.spool = Spooling::Done;
        }
    }

    /// A new stream may be asked at once.
    pub(super) const fn ask_again(&mut self) {
        self.not_before_ms = None;
    }
}

impl Attachment {
    /// Hand-in: locks at once; the hall is asked when it has all revisions. Pressed too early it is
    /// refused here, without locking anything.
    pub(super) fn hand_in(&mut self) {
        let Some(view) = &self.picture.view else {
            return;
        };
        if self.picture.ending != Ending::None || view.label != Label::Running {
            return;
        }
        match view.hand_in_from {
            Some(from) if self.hall_now() < from => self.refuse(Refusal::HandInTooEarly { from }),
            Some(_) | None => {
                self.picture.ending = Ending::HandingIn;
                self.end = EndAsk {
                    pressed: Some(self.made()),
                    ..EndAsk::default()
                };
            }
        }
    }

    /// Locks when the own end has passed by the hall's clock as known here (T3: the instant itself
    /// is inside), and unlocks if the hall has since given time.
    pub(super) fn check_end(&mut self) {
        let Some(view) = &self.picture.view else {
            return;
        };
        let rest = view.ends_at.map(|ends_at| ends_at - self.hall_now());
        let passed = match view.label {
            Label::Running => rest.is_some_and(|rest| rest < Span::ZERO),
            Label::Closing | Label::Overdue | Label::HandedIn | Label::TimeUp | Label::Absent => {
                true
            }
            Label::Expected
            | Label::Arrived
            | Label::ConfirmDetails
            | Label::DetailsWrong
            | Label::AwaitIdentity
            | Label::Undertaking
            | Label::Declined
            | Label::Preparing
            | Label::AwaitStart
            | Label::Late => false,
        };
        let given = view.label == Label::Running && rest.is_some_and(|rest| rest >= UNLOCK_MIN);
        match self.picture.ending {
            Ending::None if passed => {
                self.picture.ending = Ending::Locked;
                self.end = EndAsk::default();
            }
            Ending::Locked if given && self.is_attached() => self.unlock(),
            Ending::None | Ending::Locked | Ending::HandingIn | Ending::Ended(_) => {}
        }
    }

    pub(super) fn unlock(&mut self) {
        self.picture.ending = Ending::None;
        if self.end.spool != Spooling::Not {
            self.spool(Entry::Resumed, super::pump::What::Other);
        }
        self.end = EndAsk::default();
    }

    /// Spools the lock or the hand-in, once everything made before it is numbered.
    pub(super) fn spool_end(&mut self) {
        let last = self.answers.path.last();
        let entry = match (&self.picture.ending, self.end.pressed) {
            (Ending::HandingIn, Some(pressed)) => Entry::HandedIn { last, pressed },
            (Ending::HandingIn | Ending::Locked, _) => Entry::Locked { last },
            (Ending::None | Ending::Ended(_), _) => return,
        };
        if self.end.spool == Spooling::Not {
            self.end.spool = Spooling::UnderWay;
            if !self.spool(entry, super::pump::What::End) {
                self.end.spool = Spooling::Done;
            }
        }
    }

    /// Asks the hall to end the session, once it has been sent everything; again now and then, for
    /// both requests are idempotent.
    pub(super) fn ask_end(&mut self) {
        self.ask_receipt_again();
        let (Some(holder), Ending::HandingIn | Ending::Locked) =
            (self.holder, &self.picture.ending)
        else {
            return;
        };
        let due = self.end.not_before_ms.is_none_or(|at| self.now_ms >= at);
        if !due || self.end.spool != Spooling::Done || !self.answers.path.all_sent() {
            return;
        }
        let last = self.answers.path.last();
        let says = match (&self.picture.ending, self.end.pressed) {
            (Ending::HandingIn, Some(pressed)) => KioskSays::HandIn {
                holder,
                last,
                pressed,
            },
            _ => KioskSays::Locked { holder, last },
        };
        self.end.not_before_ms = Some(self.now_ms.saturating_add(ASK_AGAIN_MS * self.speed));
        self.say(says);
    }

    /// Answers out of the spool may have counted after the session was over (T13): once the hall
    /// has all of them, the receipt is asked for once more.
    fn ask_receipt_again(&mut self) {
        let last = self.answers.path.last();
        if let (Some(holder), Ending::Ended(_)) = (self.holder, &self.picture.ending)
            && self.end.early_receipt
            && self.answers.path.acked() >= last
        {
            self.end.early_receipt = false;
            self.say(KioskSays::Locked { holder, last });
        }
    }

    /// The hall refused to end the session.
    pub(super) fn end_refused(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::HandInGap { have, .. } => {
                self.answers.path.fill(have, self.now_ms, self.speed);
                self.end.ask_again();
            }
            Refusal::NotYourSession | Refusal::UnknownSession => self.fenced(refusal),
            Refusal::HandInTooEarly { .. } | Refusal::HandInLocked { .. } | Refusal::NotStarted
                if self.picture.ending == Ending::HandingIn =>
            {
                self.unlock();
                self.refuse(refusal);
            }
            // The hall's clock is a little behind, or it is busy: asked again in a while.
            _ => {}
        }
    }
}
