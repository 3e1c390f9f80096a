//! The chief of a demonstration: confirms identity, starts when all are ready, settles and closes.
//!
//! A stand-in for people's acts, through the same acts that people use; no rule is bent for it.

use std::time::Duration;

use exam_core::view::Label;
use exam_core::{HallAct, HallTime, Refusal, SessionView};
use exam_server::hall::{RunningHall, SittingShown};

use super::stage;
use crate::exit::Failure;
use crate::hall;

/// How often the chief looks around.
const LOOK: Duration = Duration::from_millis(150);

/// How a sitting stands, for progress bars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Ready and waiting, or further.
    pub ready: usize,
    /// Ended.
    pub ended: usize,
    /// Responses on record.
    pub answered: u64,
    /// Whether the room has started.
    pub started: bool,
}

/// Runs the sitting until everybody has ended; `wait` of hall time passes between all being ready
/// and the start. Returns when all have ended.
///
/// # Errors
/// A fault of the hall.
pub async fn run(
    hall: &RunningHall,
    wait: exam_core::Span,
    mut show: impl FnMut(Progress),
) -> Result<(), Failure> {
    let mut ready_since: Option<HallTime> = None;
    loop {
        let shown = hall.show().await.map_err(|fault| hall::failure(hall.data(), &fault))?;
        let progress = progress(&shown);
        show(progress);
        if progress.ended == shown.views.len() {
            return Ok(());
        }
        for view in &shown.views {
            if let Some(act) = due(view) {
                perform(hall, act).await?;
            }
        }
        let all = progress.ready + progress.ended == shown.views.len();
        if !progress.started && all {
            let since = *ready_since.get_or_insert(shown.now);
            if shown.now >= (since + wait).max(hall.planned()) {
                perform(hall, HallAct::Start).await?;
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Does an act; what a rule refuses now is asked again at the next look.
async fn perform(hall: &RunningHall, act: HallAct) -> Result<(), Failure> {
    let done = hall.perform(&stage::chief()?, act).await;
    match done.map_err(|fault| hall::failure(hall.data(), &fault))? {
        Ok(()) | Err(Refusal::StartTooEarly { .. } | Refusal::NothingToDecide) => Ok(()),
        Err(refusal) => {
            tracing::warn!(refusal = refusal.id(), "an act was refused");
            Ok(())
        }
    }
}

/// Closes the sitting.
///
/// # Errors
/// The refusal, by name.
pub async fn close(hall: &RunningHall) -> Result<(), Failure> {
    let done = hall.perform(&stage::chief()?, HallAct::Close).await;
    done.map_err(|fault| hall::failure(hall.data(), &fault))?
        .map_err(|refusal| Failure::unexpected(refusal.id()))
}

fn due(view: &SessionView) -> Option<HallAct> {
    let session = view.session;
    match view.label {
        Label::AwaitIdentity | Label::DetailsWrong => Some(HallAct::Identify { session }),
        Label::Overdue if !view.connected => Some(HallAct::Settle { session }),
        _ => None,
    }
}

fn progress(shown: &SittingShown) -> Progress {
    let count = |test: &dyn Fn(&SessionView) -> bool| shown.views.iter().filter(|view| test(view)).count();
    Progress {
        ready: count(&|view| matches!(view.label, Label::AwaitStart | Label::Running | Label::Closing)),
        ended: count(&|view| view.ended.is_some()),
        answered: shown.views.iter().map(|view| u64::from(view.answered)).sum(),
        started: shown.started.is_some(),
    }
}
