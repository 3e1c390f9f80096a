//! The desk: the one task that owns an open sitting. Commands come in, events become durable, and
//! only then does anybody hear of it.
//!
//! It decides nothing itself (exam-core does) and knows no wire: what leaves it are [`Push`]es into
//! bounded queues. Nothing outside holds a reference into its state, so whoever looks sees only
//! what is durable.

mod batch;
mod letter;
mod marks;
mod receipt;
mod release;
mod stream;

use std::collections::BTreeMap;
use std::sync::Arc;

use exam_core::command::Holder;
use exam_core::{Command, Event, HallTime, Misfit, Reply, SessionId, Sitting, Span, WallTime};
use exam_journal::{Disk, JournalFault, JournalId, NewRecord};
use tokio::sync::mpsc;

use crate::clock::HallClock;
use batch::Batch;
pub(crate) use letter::{Asked, DeskHandle, Letter, Shown, What};
pub use marks::MarksAtHandIn;
pub(crate) use marks::{MarksShown, SectionShown};
pub(crate) use receipt::ReceiptShown;
pub(crate) use stream::{CloseWhy, Push, SeatStream};

/// Commands taken into one batch at most.
const BATCH: usize = 256;

/// After so long without a record a running sitting leaves a `Tick`.
const IDLE: Span = Span::seconds(1);

/// The machine failed: the desk stops at once, releases nothing more, and the process must end.
/// Replay puts it right.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DeskFault {
    /// The journal did not take a batch.
    #[error("could not make a batch durable")]
    Journal(#[from] JournalFault),
    /// A decided event does not fit its own state.
    #[error("could not apply a decided event")]
    Misfit(#[from] Misfit),
}

/// What a desk is made of.
pub(crate) struct DeskParts {
    pub(crate) sitting: Sitting,
    pub(crate) clock: HallClock,
    pub(crate) disk: Disk,
    pub(crate) journal: JournalId,
    /// Records so far, and the chain's head.
    pub(crate) written: (u64, [u8; 32]),
    /// From which start keys are derived, and only after the start is durable.
    pub(crate) seed: [u8; 32],
    pub(crate) marks: Option<MarksAtHandIn>,
    /// Room in the mailbox.
    pub(crate) mailbox: usize,
}

/// The owner of one open sitting.
pub(crate) struct Desk {
    parts: DeskParts,
    now: HallTime,
    wall: WallTime,
    last_record: HallTime,
    attached: BTreeMap<SessionId, Arc<SeatStream>>,
    urgent: mpsc::Receiver<Letter>,
    mail: mpsc::Receiver<Letter>,
    /// Keeps the mailboxes open for as long as the desk lives.
    _own: DeskHandle,
}

impl Desk {
    pub(crate) fn new(parts: DeskParts) -> (Self, DeskHandle) {
        let (handle, urgent, mail) = DeskHandle::new(parts.mailbox);
        let now = parts.clock.now().max(parts.sitting.last());
        let desk = Self {
            wall: parts.clock.wall(),
            now,
            last_record: now,
            attached: BTreeMap::new(),
            urgent,
            mail,
            _own: handle.clone(),
            parts,
        };
        (desk, handle)
    }

    /// Runs until it is told to stop, or the machine fails.
    pub(crate) async fn run(mut self) -> Result<(), DeskFault> {
        let mut letters = Vec::with_capacity(BATCH);
        let mut batch = Batch::default();
        loop {
            self.gather(&mut letters).await;
            for letter in letters.drain(..) {
                self.now = self.now.max(letter.received_at);
                self.fire_due(&mut batch)?;
                self.take(letter, &mut batch)?;
            }
            if self.mail.is_empty() {
                // Whoever still waits has come before this hour: theirs is in the next batch.
                self.now = self.now.max(self.parts.clock.now());
                self.fire_due(&mut batch)?;
            }
            self.watch_the_clock(&mut batch)?;
            self.make_durable(&mut batch).await?;
            self.release(&mut batch);
            if std::mem::take(&mut batch).is_last {
                return Ok(());
            }
        }
    }

    /// Waits for letters, the next deadline, or a second; staff's letters first.
    async fn gather(&mut self, letters: &mut Vec<Letter>) {
        let deadline = self.parts.sitting.next_deadline();
        tokio::select! {
            biased;
            letter = self.urgent.recv() => letters.extend(letter),
            letter = self.mail.recv() => letters.extend(letter),
            () = self.parts.clock.rest(self.now, deadline) => {}
        }
        while letters.len() < BATCH
            && let Ok(letter) = self.urgent.try_recv().or_else(|_none| self.mail.try_recv())
        {
            letters.push(letter);
        }
        self.wall = self.parts.clock.wall();
    }

    /// Fires what is due before this hour; the exact instant is inside (T3).
    fn fire_due(&mut self, batch: &mut Batch) -> Result<(), DeskFault> {
        while let Some(deadline) = self.parts.sitting.next_deadline()
            && deadline < self.now
        {
            if !self.carry_out(&Command::Clock, batch)? {
                break;
            }
        }
        Ok(())
    }

    /// Leaves a mark of a stepped wall clock, and of a second in which nothing else was recorded.
    fn watch_the_clock(&mut self, batch: &mut Batch) -> Result<(), DeskFault> {
        if let Some(by) = self.parts.clock.wall_step() {
            self.carry_out(&Command::WallStepped { by }, batch)?;
        }
        if batch.records.is_empty() && self.now - self.last_record >= IDLE {
            self.carry_out(&Command::Tick, batch)?;
        }
        Ok(())
    }

    /// Writes the batch and waits until it is durable, doing nothing else.
    async fn make_durable(&mut self, batch: &mut Batch) -> Result<(), DeskFault> {
        if batch.records.is_empty() {
            return Ok(());
        }
        let records = std::mem::take(&mut batch.records);
        let appended = self.parts.disk.append(self.parts.journal, records).await?;
        self.parts.written = (appended.last_lsn, appended.head);
        self.last_record = self.now;
        Ok(())
    }

    fn take(&mut self, letter: Letter, batch: &mut Batch) -> Result<(), DeskFault> {
        match letter.what {
            What::Ask {
                stream,
                asked,
                command,
            } => {
                let reply = self.decide(&command, batch)?;
                if let Ok(Reply::Attached(snapshot)) = &reply {
                    let holder = Holder {
                        session: snapshot.view.session,
                        lease: snapshot.lease,
                        epoch: snapshot.epoch,
                    };
                    self.attach(&stream, holder, batch)?;
                }
                batch.replies.push((stream, asked, reply));
            }
            What::Gone { stream } => self.detach(&stream, batch)?,
            What::Act { id, by, act, reply } => {
                let outcome = self.decide(&Command::Act { id, by, act }, batch)?;
                batch.acts.push((reply, outcome.map(|_| ())));
            }
            What::Show { reply } => batch.shows.push(reply),
            What::Stop { back_in, reply } => {
                self.carry_out(&Command::Stop, batch)?;
                batch.goodbye = Some((back_in, reply));
                batch.is_last = true;
            }
        }
        Ok(())
    }

    /// The stream is the session's from now on; an older one is closed once that is durable.
    fn attach(
        &mut self,
        stream: &Arc<SeatStream>,
        holder: Holder,
        batch: &mut Batch,
    ) -> Result<(), DeskFault> {
        if let Some(before) = stream.holder()
            && before.session != holder.session
        {
            self.detach(stream, batch)?;
        }
        stream.hold(holder);
        let older = self.attached.insert(holder.session, Arc::clone(stream));
        if let Some(older) = older.filter(|older| !Arc::ptr_eq(older, stream)) {
            batch.closes.push((older, CloseWhy::Replaced));
        }
        Ok(())
    }

    /// A stream has ended. If a newer one has taken its session, nothing is lost.
    fn detach(&mut self, stream: &Arc<SeatStream>, batch: &mut Batch) -> Result<(), DeskFault> {
        let Some(holder) = stream.holder() else {
            return Ok(());
        };
        let current = self.attached.get(&holder.session);
        if current.is_some_and(|current| Arc::ptr_eq(current, stream)) {
            self.attached.remove(&holder.session);
            let last_life = stream.last_life();
            self.carry_out(&Command::Detach { holder, last_life }, batch)?;
        }
        Ok(())
    }

    /// Decides a command nobody waits for; says whether anything happened.
    fn carry_out(&mut self, command: &Command, batch: &mut Batch) -> Result<bool, DeskFault> {
        let before = batch.records.len();
        // A refused command of the desk's own (a stream gone after the sitting closed) changes
        // nothing, and there is nobody to tell.
        drop(self.decide(command, batch)?);
        Ok(batch.records.len() > before)
    }

    /// Decides and applies: every event goes into the batch in the order in which it happened.
    fn decide(
        &mut self,
        command: &Command,
        batch: &mut Batch,
    ) -> Result<Result<Reply, exam_core::Refusal>, DeskFault> {
        let decision = self.parts.sitting.decide(self.now, command);
        for event in &decision.events {
            batch.records.push(NewRecord {
                hall_ms: self.now.0,
                wall_ms: self.wall.0,
                payload: exam_record::encode(event),
            });
            self.parts.sitting.apply(self.now, event)?;
            batch.note(event);
            if let Event::SeatMoved { session, .. } = event
                && let Some(stream) = self.attached.remove(session)
            {
                batch.closes.push((stream, CloseWhy::Moved));
            }
        }
        Ok(decision.reply)
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Desk({} attached)", self.attached.len())
    }
}
