//! The disk thread itself: drain, write, one sync per written file, answer.
//!
//! One thread, no locks: it is the only owner of every journal it was given.

use std::{collections::BTreeMap, thread, time::Duration};

use tokio::sync::{mpsc, oneshot};

use super::{JournalId, JournalStatus};
use crate::{
    fault::JournalFault,
    frame::OVERHEAD,
    journal::{Closed, Journal, Opened, Staged, batch_bytes},
    log::Prepared,
    record::{Appended, NewRecord},
    second::SecondStatus,
};

const DRAIN_MAX: usize = 256;

type Reply<T> = oneshot::Sender<Result<T, JournalFault>>;

#[derive(Debug)]
pub(super) enum Order {
    Append { id: JournalId, append: Append },
    Control(Control),
}

/// One batch and who waits for it.
#[derive(Debug)]
pub(super) struct Append {
    pub(super) records: Vec<NewRecord>,
    pub(super) reply: Reply<Appended>,
}

#[derive(Debug)]
pub(super) enum Control {
    Adopt {
        journal: Box<Journal>,
        opened: Opened,
        reply: Reply<(JournalId, Opened)>,
    },
    Reserve {
        id: JournalId,
        bytes: u64,
        reply: Reply<()>,
    },
    Prepared {
        id: JournalId,
        prepared: Prepared,
    },
    Status {
        id: JournalId,
        reply: Reply<JournalStatus>,
    },
    FlushSecond {
        id: JournalId,
        limit: Duration,
        reply: Reply<SecondStatus>,
    },
    Close {
        id: JournalId,
        limit: Duration,
        reply: Reply<Closed>,
    },
}

struct Held {
    journal: Journal,
    /// Who waits for a reserve.
    reserving: Vec<Reply<()>>,
}

struct Worker {
    journals: BTreeMap<JournalId, Held>,
    opened_so_far: u64,
    /// The way back for threads that prepare segments; weak, so that the thread can end.
    back: mpsc::WeakSender<Order>,
}

/// Runs until the last handle is gone.
pub(super) fn run(mut orders: mpsc::Receiver<Order>, back: mpsc::WeakSender<Order>) {
    let mut worker = Worker {
        journals: BTreeMap::new(),
        opened_so_far: 0,
        back,
    };
    let mut drained = Vec::with_capacity(DRAIN_MAX);
    while orders.blocking_recv_many(&mut drained, DRAIN_MAX) > 0 {
        let mut appends: BTreeMap<JournalId, Vec<Append>> = BTreeMap::new();
        let mut controls = Vec::new();
        for order in drained.drain(..) {
            match order {
                Order::Append { id, append } => appends.entry(id).or_default().push(append),
                Order::Control(control) => controls.push(control),
            }
        }
        while !appends.is_empty() {
            appends = worker.append(appends);
        }
        for control in controls {
            worker.carry_out(control);
        }
        worker.prepare();
    }
}

impl Worker {
    /// One frame for each journal, then one sync for each, then the answers. Returns what found no
    /// room in the frame.
    fn append(
        &mut self,
        waiting: BTreeMap<JournalId, Vec<Append>>,
    ) -> BTreeMap<JournalId, Vec<Append>> {
        let mut rest = BTreeMap::new();
        let mut written = Vec::new();
        for (id, mut appends) in waiting {
            let Some(held) = self.journals.get_mut(&id) else {
                refuse(appends, &JournalFault::Stopped);
                continue;
            };
            appends = held.refuse_unfit(appends);
            if appends.is_empty() {
                continue;
            }
            let later = appends.split_off(fitting(&appends, held.journal.frame_max()));
            if !later.is_empty() {
                rest.insert(id, later);
            }
            let batches: Vec<&[NewRecord]> = appends.iter().map(|a| &a.records[..]).collect();
            match held.journal.stage(&batches) {
                Ok(staged) => written.push((id, staged, appends)),
                Err(fault) => refuse(appends, &fault),
            }
        }
        for (id, staged, appends) in written {
            if let Some(held) = self.journals.get_mut(&id) {
                answer(&mut held.journal, staged, appends);
            }
        }
        rest
    }

    fn carry_out(&mut self, control: Control) {
        match control {
            Control::Adopt {
                journal,
                opened,
                reply,
            } => {
                self.opened_so_far += 1;
                let id = JournalId(self.opened_so_far);
                self.journals.insert(
                    id,
                    Held {
                        journal: *journal,
                        reserving: Vec::new(),
                    },
                );
                if reply.send(Ok((id, opened))).is_err() {
                    // Nobody took the id, so nobody can ever use the journal.
                    self.journals.remove(&id);
                }
            }
            Control::Reserve { id, bytes, reply } => match self.journals.get_mut(&id) {
                Some(held) => {
                    held.journal.promise(bytes);
                    held.reserving.push(reply);
                }
                None => drop(reply.send(Err(JournalFault::Stopped))),
            },
            Control::Prepared { id, prepared } => {
                if let Some(held) = self.journals.get_mut(&id) {
                    held.take(prepared);
                }
            }
            Control::Status { id, reply } => {
                let status = self.journals.get(&id).map(|held| status(&held.journal));
                drop(reply.send(status.ok_or(JournalFault::Stopped)));
            }
            Control::FlushSecond { id, limit, reply } => self.flush_second(id, limit, reply),
            Control::Close { id, limit, reply } => match self.journals.remove(&id) {
                Some(held) => beside("journal-close", move || {
                    drop(reply.send(Ok(held.journal.close(limit))));
                }),
                None => drop(reply.send(Err(JournalFault::Stopped))),
            },
        }
    }

    fn flush_second(&self, id: JournalId, limit: Duration, reply: Reply<SecondStatus>) {
        let Some(held) = self.journals.get(&id) else {
            return drop(reply.send(Err(JournalFault::Stopped)));
        };
        match held.journal.second_waiter() {
            Some(waiter) => {
                beside("journal-flush", move || {
                    drop(reply.send(Ok(waiter.flush(limit))));
                });
            }
            None => drop(reply.send(Ok(SecondStatus::Off))),
        }
    }

    /// Starts preparations where log space is wanted, and answers reserves that are met.
    fn prepare(&mut self) {
        for (id, held) in &mut self.journals {
            let Some(preparation) = held.journal.wants() else {
                continue;
            };
            let (id, back) = (*id, self.back.clone());
            beside("journal-prepare", move || {
                let prepared = preparation.run();
                if let Some(orders) = back.upgrade() {
                    // A disk thread that has ended needs no segments.
                    let done = Order::Control(Control::Prepared { id, prepared });
                    drop(orders.blocking_send(done));
                }
            });
        }
        for held in self.journals.values_mut() {
            held.answer_reserves();
        }
    }
}

impl Held {
    /// Refuses those batches that no frame can hold, so that they spoil no other's.
    fn refuse_unfit(&self, appends: Vec<Append>) -> Vec<Append> {
        let checked = appends.into_iter().filter_map(|append| {
            match self.journal.check_batch(&append.records) {
                Ok(()) => Some(append),
                Err(fault) => {
                    refuse(vec![append], &fault);
                    None
                }
            }
        });
        checked.collect()
    }

    fn take(&mut self, prepared: Prepared) {
        let Err(fault) = self.journal.accept(prepared) else {
            return;
        };
        let settled = self.journal.settle_reserve(fault);
        for reply in self.reserving.drain(..) {
            drop(reply.send(settled.clone()));
        }
    }

    fn answer_reserves(&mut self) {
        if !self.reserving.is_empty() && self.journal.is_reserve_met() {
            for reply in self.reserving.drain(..) {
                drop(reply.send(Ok(())));
            }
        }
    }
}

/// How many of the appends fit into one frame; the first always does.
fn fitting(appends: &[Append], frame_max: usize) -> usize {
    let mut bytes = OVERHEAD;
    let fit = appends.iter().take_while(|append| {
        bytes += batch_bytes(&append.records);
        bytes <= frame_max
    });
    fit.count().max(1)
}

fn answer(journal: &mut Journal, staged: Staged, appends: Vec<Append>) {
    let appended = staged.appended.clone();
    match journal.commit(staged) {
        Ok(()) => {
            for (append, appended) in appends.into_iter().zip(appended) {
                // Whoever asked may be gone; the records are durable all the same.
                drop(append.reply.send(Ok(appended)));
            }
        }
        Err(fault) => refuse(appends, &fault),
    }
}

fn refuse(appends: Vec<Append>, fault: &JournalFault) {
    for append in appends {
        drop(append.reply.send(Err(fault.clone())));
    }
}

fn status(journal: &Journal) -> JournalStatus {
    JournalStatus {
        last_lsn: journal.last_lsn(),
        head: journal.head(),
        room_ahead: journal.room_ahead(),
        second: journal.second_status(),
    }
}

/// Runs something long beside the disk thread. If there is no thread to be had, what it owns is
/// dropped, and whoever waits hears that the journal is closed.
fn beside(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(e) = thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::error!(name, error = %e, "could not start a thread");
    }
}
