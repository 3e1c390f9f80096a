//! What one round of the desk has gathered: records to make durable, and what is to be said after.

use std::collections::BTreeSet;
use std::sync::Arc;

use exam_core::{Event, HallAct, KeptWhy, PartNo, Refusal, Reply, SessionId};
use exam_journal::NewRecord;
use tokio::sync::oneshot;

use super::{Asked, CloseWhy, SeatStream, Shown};

type Outcome = Result<(), Refusal>;

/// One round.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) records: Vec<NewRecord>,
    pub(super) replies: Vec<(Arc<SeatStream>, Asked, Result<Reply, Refusal>)>,
    pub(super) acts: Vec<(oneshot::Sender<Outcome>, Outcome)>,
    pub(super) shows: Vec<oneshot::Sender<Shown>>,
    /// Sessions whose view has changed.
    pub(super) touched: BTreeSet<SessionId>,
    /// The room has started: every view has changed.
    pub(super) all_touched: bool,
    /// Sessions that get their sealed paper.
    pub(super) papers: BTreeSet<SessionId>,
    /// Parts that opened.
    pub(super) keys: BTreeSet<(SessionId, PartNo)>,
    /// Sessions that ended.
    pub(super) receipts: BTreeSet<SessionId>,
    pub(super) closes: Vec<(Arc<SeatStream>, CloseWhy)>,
    pub(super) goodbye: Option<(u32, oneshot::Sender<()>)>,
    pub(super) is_last: bool,
}

impl Batch {
    /// Notes who must hear of an event once it is durable. Answers are not in here: their acks are
    /// replies.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::RoomStarted => self.all_touched = true,
            Event::PartStarted { session, part, .. } => {
                self.keys.insert((*session, *part));
                self.touched.insert(*session);
            }
            Event::UndertakingAnswered {
                session, accepted, ..
            } => {
                if *accepted {
                    self.papers.insert(*session);
                }
                self.touched.insert(*session);
            }
            Event::HandedIn { session, .. } | Event::TimedUp { session, .. } => {
                self.receipts.insert(*session);
                self.touched.insert(*session);
            }
            Event::Acted { act, .. } => {
                self.touched.extend(act.session());
                if let HallAct::DecideOffline { session, .. } = act {
                    // Answers that count now change the receipt of an ended session.
                    self.receipts.insert(*session);
                }
            }
            Event::RevisionKept {
                session,
                why: KeptWhy::AwaitsDecision,
                ..
            }
            | Event::DetailsChecked { session, .. }
            | Event::Prepared { session }
            | Event::ClosingBegan { session, .. }
            | Event::BecameOverdue { session, .. }
            | Event::MarkedAbsent { session }
            | Event::SeatMoved { session, .. } => {
                self.touched.insert(*session);
            }
            _ => {}
        }
    }
}
