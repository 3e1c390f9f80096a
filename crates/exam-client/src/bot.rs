//! A simulated candidate over a real seat: the whole way from log-in to the receipt.
//!
//! It knows no item key; it chooses by its plan. What it does next is decided by a pure [`Walk`];
//! here it is only carried out, and what the hall acked is written into its ledger before it counts.

mod ledger;
mod walk;

use std::collections::BTreeMap;
use std::time::Duration;

use exam_core::{Epoch, ItemId, OptionId, Refusal, Seq, SessionId};
use tokio::sync::mpsc;

use crate::attachment::Observed;
use crate::driver::SeatHandle;
use crate::picture::{Ending, ReceiptShown};

pub use ledger::{Ledger, LedgerFault, LedgerLine};
pub use walk::{Next, Walk};

/// Between two looks for what may come after the receipt.
const LOOK: Duration = Duration::from_millis(21);
const LOOKS_FOR_MARKS: u32 = 10;
const LOOKS_FOR_ACKS: u32 = 250;

/// How a bot sits its exam.
#[derive(Debug, Clone)]
pub struct BotPlan {
    /// Admission number.
    pub number: String,
    /// Last digits of the ID.
    pub tail: String,
    /// Seed of its choices: same seed, same paper, same acts.
    pub seed: [u8; 32],
    /// What it leans to, where it leans to anything.
    pub leaning: BTreeMap<ItemId, OptionId>,
    /// How often it follows its leaning, in percent; else it guesses.
    pub sure_percent: u8,
    /// How often it leaves an item, in percent.
    pub leave_percent: u8,
    /// How often it comes back and changes an answer, in percent.
    pub change_percent: u8,
    /// How often it flags an item, in percent.
    pub flag_percent: u8,
    /// How often it strikes an option out, in percent.
    pub strike_percent: u8,
    /// Least local milliseconds between two acts.
    pub pace_min_ms: u64,
    /// Greatest local milliseconds between two acts.
    pub pace_max_ms: u64,
    /// How it ends.
    pub end: BotEnd,
}

/// How a bot ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotEnd {
    /// Hands in as soon as it is done and may.
    Early,
    /// Lets time run out.
    AtEnd,
}

impl BotPlan {
    /// Returns a plan of ordinary diligence for one candidate.
    pub const fn new(number: String, tail: String, seed: [u8; 32], end: BotEnd) -> Self {
        Self {
            number,
            tail,
            seed,
            leaning: BTreeMap::new(),
            sure_percent: 100,
            leave_percent: 3,
            change_percent: 10,
            flag_percent: 5,
            strike_percent: 5,
            pace_min_ms: 5_000,
            pace_max_ms: 20_000,
            end,
        }
    }
}

/// What a bot did and heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotReport {
    /// Its session.
    pub session: Option<SessionId>,
    /// Revisions it made.
    pub made: u64,
    /// Revisions that were acked and are in its ledger.
    pub acked: u64,
    /// From key press to ack, real microseconds, one for each acked revision.
    pub ack_us: Vec<u64>,
    /// How it ended, with the marks where they are shown.
    pub receipt: ReceiptShown,
}

/// Why a bot gave up.
#[derive(Debug, thiserror::Error)]
pub enum BotFault {
    /// The hall does not let it in.
    #[error("the hall refused the bot: {}", .0.id())]
    Refused(Refusal),
    /// The paper does not open, or the hall speaks another protocol.
    #[error("the seat cannot go on: {0}")]
    Seat(&'static str),
    /// The seat's task ended.
    #[error("the seat ended before the exam did")]
    SeatGone,
    /// The ledger cannot be written.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
}

/// A simulated candidate.
#[derive(Debug)]
pub struct Bot {
    seat: SeatHandle,
    observed: mpsc::Receiver<Observed>,
    walk: Walk,
    ledger: Option<Ledger>,
    made: BTreeMap<(Epoch, Seq), Made>,
    report: Report,
}

#[derive(Debug)]
struct Made {
    item: ItemId,
    choice: Option<OptionId>,
    at_ms: i64,
}

#[derive(Debug, Default)]
struct Report {
    session: Option<SessionId>,
    made: u64,
    acked: u64,
    ack_us: Vec<u64>,
}

impl Bot {
    /// Seats a bot. `observed` is the other end of the seat's observer.
    pub fn new(
        seat: SeatHandle,
        observed: mpsc::Receiver<Observed>,
        plan: BotPlan,
        ledger: Option<Ledger>,
    ) -> Self {
        Self {
            seat,
            observed,
            walk: Walk::new(plan),
            ledger,
            made: BTreeMap::new(),
            report: Report::default(),
        }
    }

    /// Sits the exam to its end, and stops the seat.
    ///
    /// # Errors
    /// [`BotFault`] where the exam cannot be sat to its end.
    pub async fn run(mut self) -> Result<BotReport, BotFault> {
        let mut looks = 0;
        while !self.is_over(looks) {
            let picture = self.seat.picture();
            let wait = match self.walk.next(&picture, self.seat.clock.now_ms())? {
                Next::Act(act) => {
                    self.act(act).await?;
                    Duration::ZERO
                }
                Next::WaitMs(ms) => self.seat.clock.real(ms).max(Duration::from_millis(1)),
                Next::Over => LOOK,
            };
            tokio::select! {
                biased;
                observed = self.observed.recv() => {
                    let observed = observed.ok_or(BotFault::SeatGone)?;
                    self.hear(observed).await?;
                }
                changed = self.seat.pictures.changed() => {
                    changed.map_err(|_closed| BotFault::SeatGone)?;
                }
                () = tokio::time::sleep(wait) => looks += u32::from(wait == LOOK),
            }
        }
        let Ending::Ended(receipt) = self.seat.picture().ending.clone() else {
            return Err(BotFault::SeatGone);
        };
        self.seat.stop().await;
        Ok(BotReport {
            session: self.report.session,
            made: self.report.made,
            acked: self.report.acked,
            ack_us: self.report.ack_us,
            receipt,
        })
    }

    /// Says whether the receipt is there, and what may still come after it: the ack of what was
    /// made last, and marks where they are shown.
    fn is_over(&self, looks: u32) -> bool {
        match &self.seat.picture().ending {
            Ending::Ended(receipt) if self.made.is_empty() => {
                receipt.marks.is_some() || looks >= LOOKS_FOR_MARKS
            }
            Ending::Ended(_) => looks >= LOOKS_FOR_ACKS,
            Ending::None | Ending::HandingIn | Ending::Locked => false,
        }
    }

    /// Hands an act to the seat, hearing what the seat has to say meanwhile.
    async fn act(&mut self, act: crate::act::Act) -> Result<(), BotFault> {
        while self.seat.acts.capacity() == 0 {
            let observed = self.observed.recv().await.ok_or(BotFault::SeatGone)?;
            self.hear(observed).await?;
        }
        let sent = self.seat.acts.try_send(act);
        sent.map_err(|_closed| BotFault::SeatGone)
    }

    async fn hear(&mut self, first: Observed) -> Result<(), BotFault> {
        let mut lines = Vec::new();
        let mut next = Some(first);
        while let Some(observed) = next {
            self.take(observed, &mut lines);
            next = self.observed.try_recv().ok();
        }
        if lines.is_empty() {
            return Ok(());
        }
        let count = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        if let Some(mut ledger) = self.ledger.take() {
            let written = tokio::task::spawn_blocking(move || {
                let written = ledger.write(&lines);
                (ledger, written)
            });
            let (ledger, written) = written.await.map_err(|_panic| BotFault::SeatGone)?;
            self.ledger = Some(ledger);
            written?;
        }
        self.report.acked += count;
        Ok(())
    }

    fn take(&mut self, observed: Observed, lines: &mut Vec<LedgerLine>) {
        match observed {
            Observed::Made {
                session,
                epoch,
                seq,
                item,
                choice,
                at_ms,
            } => {
                self.report.session = Some(session);
                self.report.made += 1;
                let made = Made {
                    item,
                    choice,
                    at_ms,
                };
                self.made.insert((epoch, seq), made);
            }
            Observed::Acked {
                session,
                epoch,
                up_to,
                at_ms,
            } => {
                let later = self.made.split_off(&(epoch, up_to.next()));
                for ((epoch, seq), made) in std::mem::replace(&mut self.made, later) {
                    let local = u64::try_from(at_ms - made.at_ms).unwrap_or(0);
                    let real = self.seat.clock.real(local).as_micros();
                    self.report
                        .ack_us
                        .push(u64::try_from(real).unwrap_or(u64::MAX));
                    lines.push(LedgerLine {
                        session,
                        epoch,
                        seq,
                        item: made.item,
                        choice: made.choice,
                    });
                }
            }
            Observed::Refused { .. } => {}
        }
    }
}
