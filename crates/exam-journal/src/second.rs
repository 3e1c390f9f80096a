//! The second copy behind the log: sled, in a thread of its own, able to stop nothing.
//!
//! [`Second`] is the log's side: it starts the thread, asks it for what the log has lost while the
//! journal opens, feeds it afterwards, and gives it up when it fails, panics or takes too long.
//! `second/feed.rs` is the thread. The log never waits for it but at opening (bounded by
//! `Options::second_limit`) and at a bounded flush or close.

mod compare;
mod context;
mod feed;
mod follow;
mod marker;
#[cfg(test)]
pub(crate) mod memory;
mod probe;
mod queue;
mod store;

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use bytes::Bytes;

use crate::{frame::Encoded, incident::Incident, log::Head, record::Record};
pub(crate) use compare::{Verdict, against_log};
pub(crate) use context::Context;
use context::Shared;
use feed::Order;
pub(crate) use marker::{Left, folder, present};
pub use probe::{Probe, probe};
use queue::Batch;
pub(crate) use store::{OpenStore, Store, StoreFault, open_sled};

/// How the second copy is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondStatus {
    /// There is none.
    Off,
    /// It is being compared with the log, or reads on from it; durable up to this LSN.
    CatchingUp(u64),
    /// It follows; durable up to this LSN.
    Following(u64),
    /// It was given up until the next opening, for this reason.
    Lost(String),
}

/// Whether a thread of this name belongs to the second copy, and may therefore panic without
/// ending the process (for the process's panic hook).
pub fn may_panic(thread: Option<&str>) -> bool {
    thread.is_some_and(|name| name.starts_with(THREAD) || name.starts_with("sled"))
}

const THREAD: &str = "journal-second";

/// Runs a call into the store; a panic becomes a fault.
pub(crate) fn guarded<T>(call: impl FnOnce() -> Result<T, StoreFault>) -> Result<T, StoreFault> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|panic| Err(StoreFault::Panicked(panic_text(panic.as_ref()).to_owned())))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

/// The log's side of the second copy.
pub(crate) struct Second {
    context: Context,
    number: u32,
    shared: Arc<Shared>,
    orders: SyncSender<Order>,
    ready: Receiver<Result<Option<Head>, StoreFault>>,
    left: Option<Left>,
    closed: bool,
}

impl std::fmt::Debug for Second {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Second")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Second {
    /// Starts the thread on the present copy, or on a new one.
    pub(crate) fn start(context: Context) -> Self {
        match present(&*context.files, &context.journal) {
            Ok(Some((number, left))) => Self::spawn(context, number, Some(left)),
            Ok(None) | Err(_) => Self::spawn(context, 1, None),
        }
    }

    fn spawn(context: Context, number: u32, left: Option<Left>) -> Self {
        let shared = Arc::new(Shared::new());
        let (orders, taken) = sync_channel(1);
        let (tell, ready) = sync_channel(1);
        let thread = feed::Thread {
            context: context.clone(),
            number,
            left,
            shared: Arc::clone(&shared),
        };
        let started = thread::Builder::new()
            .name(format!("{THREAD}-{number}"))
            .spawn(move || thread.run(&tell, &taken));
        // Without a thread the channels are closed, which is found at the first question.
        drop(started);
        Self {
            context,
            number,
            shared,
            orders,
            ready,
            left,
            closed: false,
        }
    }

    /// Waits for the copy to be open and returns its checkpoint. A copy that is damaged, slow or
    /// emptied is set aside (an incident) and a new one begun; then there is none to consult.
    pub(crate) fn checkpoint(&mut self) -> Option<Head> {
        let opened = match self.ready.recv_timeout(self.context.limit) {
            Ok(opened) => opened,
            Err(_) => Err(StoreFault::Slow),
        };
        match (opened, self.left) {
            (Ok(head), Some(Left::Clean { last_lsn }))
                if head.map_or(0, |head| head.lsn) != last_lsn =>
            {
                let found = head.map_or(0, |head| head.lsn);
                let why = format!("record {last_lsn} was its last, now it is {found}");
                self.replace(&StoreFault::Damaged(why));
                None
            }
            (Ok(head), _) => head,
            (Err(fault), _) => {
                self.replace(&fault);
                None
            }
        }
    }

    /// Returns the records that the copy has in this range; an empty answer if it fails, after it
    /// was set aside.
    pub(crate) fn read(&mut self, first: u64, last: u64) -> Vec<Record> {
        let (reply, answer) = sync_channel(1);
        let asked = self.orders.try_send(Order::Read {
            range: first..=last,
            reply,
        });
        let answer = match asked {
            Ok(()) => answer
                .recv_timeout(self.context.limit)
                .unwrap_or(Err(StoreFault::Slow)),
            Err(_) => Err(StoreFault::Slow),
        };
        match answer {
            Ok(stored) => parsed(&stored),
            Err(fault) => {
                self.replace(&fault);
                Vec::new()
            }
        }
    }

    /// Sets the copy aside and begins a new one, to be rebuilt behind.
    fn replace(&mut self, fault: &StoreFault) {
        self.shared.queue.abandon();
        let next = marker::next_number(&*self.context.files, &self.context.journal);
        let kept_in = self.context.set_aside(self.number);
        let why = fault.to_string();
        self.context
            .incidents
            .raise(Incident::SecondCopySetAside { why, kept_in });
        let number = next.max(self.number + 1);
        // Dropping the old channels tells the old thread to end when it comes back, if ever.
        *self = Self::spawn(self.context.clone(), number, None);
    }

    /// Lets the copy follow the log, whose last durable record is `log_lsn`: compare what it has,
    /// read on from the log, then take what is fed.
    pub(crate) fn go(&self, log_lsn: u64) {
        self.shared.log_lsn.store(log_lsn, Ordering::Release);
        if self.orders.try_send(Order::Follow { log_lsn }).is_err() {
            self.give_up(&StoreFault::Slow);
        }
    }

    /// Hands over a durable frame; never blocks.
    pub(crate) fn feed(&self, frame: &Encoded) {
        let head = Head {
            lsn: frame.last_lsn,
            hash: frame.head,
        };
        let before = self.shared.log_lsn.swap(head.lsn, Ordering::AcqRel);
        let stored = frame.stored.clone();
        let taken = self.shared.queue.push(Batch {
            first_lsn: before + 1,
            head,
            stored,
        });
        let SecondStatus::Following(lsn) = self.shared.status() else {
            return;
        };
        let behind = head.lsn.saturating_sub(lsn);
        if behind > self.context.lag_max {
            self.give_up(&StoreFault::TooFarBehind);
        } else if !taken && self.shared.set(SecondStatus::CatchingUp(lsn)) {
            self.context
                .incidents
                .raise(Incident::SecondCopyLags { behind });
        }
    }

    fn give_up(&self, fault: &StoreFault) {
        if self.shared.set(SecondStatus::Lost(fault.to_string())) {
            self.context.mark(self.number, Left::Lost);
            self.context.incidents.raise(Incident::SecondCopyLost {
                why: fault.to_string(),
            });
        }
        self.shared.queue.abandon();
    }

    pub(crate) fn status(&self) -> SecondStatus {
        self.shared.status()
    }

    /// A handle by which another thread can wait for the copy.
    pub(crate) fn waiter(&self) -> Waiter {
        Waiter {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Lets the copy finish, mark itself clean and end, waiting at most `limit` for each step.
    pub(crate) fn close(mut self, limit: Duration) -> SecondStatus {
        self.closed = true;
        self.shared.queue.close();
        // The thread drops its sender when everything is done; an answer nobody took may be left.
        while self.ready.recv_timeout(limit).is_ok() {}
        self.shared.status()
    }
}

impl Drop for Second {
    /// Without [`Second::close`] the thread ends at once and the copy stays marked unclean.
    fn drop(&mut self) {
        if !self.closed {
            self.shared.queue.abandon();
        }
    }
}

/// Waits for a second copy from any thread.
#[derive(Debug, Clone)]
pub(crate) struct Waiter {
    shared: Arc<Shared>,
}

impl Waiter {
    /// Returns the status once everything durable in the log is durable in the copy too, or the
    /// copy is lost, or `limit` is over.
    pub(crate) fn flush(&self, limit: Duration) -> SecondStatus {
        let (done, answer) = sync_channel(1);
        if !self.shared.queue.is_abandoned() {
            self.shared.queue.flush(done);
            if answer.recv_timeout(limit).is_err() {
                tracing::debug!("the second copy did not flush in time");
            }
        }
        self.shared.status()
    }
}

fn parsed(stored: &[(u64, Bytes)]) -> Vec<Record> {
    let read = stored.iter().filter_map(|(lsn, stored)| {
        Record::from_stored(stored)
            .ok()
            .filter(|record| record.lsn == *lsn)
    });
    read.collect()
}
