//! What a simulated candidate does next: a pure function of what the seat shows, the local time,
//! its plan, and its own draws.

use std::collections::VecDeque;

use exam_core::{Label, OptionId, Paper, PaperItem, Refusal};
use rand::rngs::ChaCha12Rng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

use super::{BotEnd, BotFault, BotPlan};
use crate::act::Act;
use crate::picture::{Ending, Link, PaperState, Picture};

/// Local milliseconds before something that had no effect is done again.
const AGAIN_MS: i64 = 2_000;
/// Local milliseconds between two looks where there is nothing to do.
const LOOK_MS: u64 = 1_000;

/// The next thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Do this.
    Act(Act),
    /// Look again after so many local milliseconds, or when the picture changes.
    WaitMs(u64),
    /// The hall has said how it ended.
    Over,
}

/// A simulated candidate's mind.
#[derive(Debug)]
pub struct Walk {
    plan: BotPlan,
    draws: ChaCha12Rng,
    /// What is left to do on the open paper.
    tasks: Option<VecDeque<Act>>,
    /// Not before this local millisecond.
    not_before_ms: i64,
    heard_refusal: u64,
}

impl Walk {
    /// Begins at the door.
    pub fn new(plan: BotPlan) -> Self {
        Self {
            draws: ChaCha12Rng::from_seed(plan.seed),
            plan,
            tasks: None,
            not_before_ms: 0,
            heard_refusal: 0,
        }
    }

    /// Returns what to do now.
    ///
    /// # Errors
    /// [`BotFault`] where this exam cannot be sat.
    pub fn next(&mut self, picture: &Picture, now_ms: i64) -> Result<Next, BotFault> {
        if picture.other_version.is_some() {
            return Err(BotFault::Seat("the hall speaks another protocol"));
        }
        if let Ending::Ended(_) = picture.ending {
            return Ok(Next::Over);
        }
        self.hear_refusal(picture, now_ms)?;
        if now_ms < self.not_before_ms {
            let wait = u64::try_from(self.not_before_ms - now_ms).unwrap_or(LOOK_MS);
            return Ok(Next::WaitMs(wait));
        }
        let Some(view) = &picture.view else {
            return Ok(self.at_the_door(picture, now_ms));
        };
        let act = match view.label {
            Label::ConfirmDetails => Act::CheckDetails { correct: true },
            Label::Undertaking => Act::Undertake { accepted: true },
            Label::Late => Act::Begin,
            Label::Running => return self.at_the_paper(picture, now_ms),
            Label::Expected
            | Label::Arrived
            | Label::DetailsWrong
            | Label::AwaitIdentity
            | Label::Declined
            | Label::Preparing
            | Label::AwaitStart
            | Label::Closing
            | Label::Overdue
            | Label::HandedIn
            | Label::TimeUp
            | Label::Absent => return Ok(Next::WaitMs(LOOK_MS)),
        };
        if picture.link != Link::Online {
            return Ok(Next::WaitMs(LOOK_MS));
        }
        self.not_before_ms = now_ms + AGAIN_MS;
        Ok(Next::Act(act))
    }

    /// A refusal that will be the same at every further try ends the walk.
    fn hear_refusal(&mut self, picture: &Picture, now_ms: i64) -> Result<(), BotFault> {
        let Some((number, refusal)) = &picture.refusal else {
            return Ok(());
        };
        if *number <= self.heard_refusal {
            return Ok(());
        }
        self.heard_refusal = *number;
        match refusal {
            Refusal::NoMatch { .. }
            | Refusal::TooManyTries
            | Refusal::WrongSeat { .. }
            | Refusal::TicketInUse
            | Refusal::EntryClosed { .. }
            | Refusal::NotYourSession
            | Refusal::AlreadyEnded { .. }
            | Refusal::OtherUndertaking
            | Refusal::SittingClosed => Err(BotFault::Refused(refusal.clone())),
            Refusal::TooFast { again_in } => {
                self.not_before_ms = now_ms + again_in.0.max(0);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn at_the_door(&mut self, picture: &Picture, now_ms: i64) -> Next {
        let Some(hall) = &picture.hall else {
            return Next::WaitMs(LOOK_MS);
        };
        let early = hall.log_in_opens - picture.clock.hall_at(now_ms);
        if picture.link != Link::Online || early.0 > 0 {
            let wait = u64::try_from(early.0).unwrap_or(0);
            return Next::WaitMs(wait.clamp(1, LOOK_MS));
        }
        self.not_before_ms = now_ms + AGAIN_MS;
        Next::Act(Act::LogIn {
            number: self.plan.number.clone(),
            tail: self.plan.tail.clone(),
        })
    }

    fn at_the_paper(&mut self, picture: &Picture, now_ms: i64) -> Result<Next, BotFault> {
        let paper = match &picture.paper {
            PaperState::Open(paper) => paper,
            PaperState::Broken => return Err(BotFault::Seat("the paper does not open")),
            PaperState::Absent | PaperState::Sealed => return Ok(Next::WaitMs(LOOK_MS)),
        };
        if picture.ending != Ending::None {
            return Ok(Next::WaitMs(LOOK_MS));
        }
        if self.tasks.is_none() {
            self.tasks = Some(self.tasks_for(paper, picture));
        }
        if let Some(act) = self.tasks.as_mut().and_then(VecDeque::pop_front) {
            let (min, max) = (self.plan.pace_min_ms, self.plan.pace_max_ms);
            let pace = self.draws.random_range(min..=max.max(min));
            self.not_before_ms = now_ms + i64::try_from(pace).unwrap_or(i64::MAX);
            return Ok(Next::Act(act));
        }
        Ok(self.done(picture, now_ms))
    }

    /// Everything is answered: hand in when that is allowed, or let time run out.
    fn done(&mut self, picture: &Picture, now_ms: i64) -> Next {
        let from = picture.view.as_ref().and_then(|view| view.hand_in_from);
        let early = from.map_or(0, |from| (from - picture.clock.hall_at(now_ms)).0);
        match self.plan.end {
            BotEnd::AtEnd => Next::WaitMs(LOOK_MS),
            BotEnd::Early if early > 0 => Next::WaitMs(u64::try_from(early).unwrap_or(LOOK_MS)),
            BotEnd::Early => {
                self.not_before_ms = now_ms + AGAIN_MS;
                Next::Act(Act::HandIn)
            }
        }
    }

    /// Draws all that is to be done on the paper; what is answered already stays.
    fn tasks_for(&mut self, paper: &Paper, picture: &Picture) -> VecDeque<Act> {
        let (mut tasks, mut later) = (VecDeque::new(), VecDeque::new());
        for (_, item) in paper.items() {
            // Every item takes its draws, so that a return changes nothing for the others.
            let mut own = ChaCha12Rng::seed_from_u64(self.draws.next_u64());
            let answered = picture.answers.contains_key(&item.item);
            if answered || percent(&mut own, self.plan.leave_percent) {
                continue;
            }
            tasks.push_back(Act::Visit {
                item: item.item.clone(),
            });
            let flagged = percent(&mut own, self.plan.flag_percent);
            let struck = percent(&mut own, self.plan.strike_percent);
            let choice = self.choice(item, &mut own);
            if flagged || struck {
                let other = item.options.iter().map(|option| &option.id);
                let other = other.filter(|option| Some(*option) != choice.as_ref());
                tasks.push_back(Act::Note {
                    item: item.item.clone(),
                    flagged,
                    struck: other.take(usize::from(struck)).cloned().collect(),
                });
            }
            if percent(&mut own, self.plan.change_percent) {
                // First another one, the one it means only on the way back.
                let first = guess(item, &mut own);
                tasks.push_back(choose(item, first));
                later.push_front(choose(item, choice));
            } else {
                tasks.push_back(choose(item, choice));
            }
        }
        tasks.append(&mut later);
        tasks
    }

    fn choice(&self, item: &PaperItem, draws: &mut ChaCha12Rng) -> Option<OptionId> {
        let sure = percent(draws, self.plan.sure_percent);
        let leaning = self.plan.leaning.get(&item.item).filter(|_| sure);
        leaning.cloned().or_else(|| guess(item, draws))
    }
}

fn choose(item: &PaperItem, choice: Option<OptionId>) -> Act {
    Act::Choose {
        item: item.item.clone(),
        choice,
    }
}

fn guess(item: &PaperItem, draws: &mut ChaCha12Rng) -> Option<OptionId> {
    if item.options.is_empty() {
        return None;
    }
    let index = draws.random_range(0..item.options.len());
    item.options.get(index).map(|option| option.id.clone())
}

fn percent(draws: &mut ChaCha12Rng, percent: u8) -> bool {
    draws.random_range(0..100_u8) < percent
}
