//! The one disk thread of a server: it owns the open journals and does every append of all of them.
//!
//! It drains what waits, writes one frame for each journal, syncs each written file once, then
//! answers. What takes long (opening, preparing segments, waiting for a second copy) runs on
//! short-lived threads beside it, so that a running sitting never waits for another's opening.
//! It decides nothing: a fault goes to whoever asked.

mod null;
#[cfg(test)]
mod tests;
mod work;

use std::{io, path::PathBuf, sync::Arc, thread, time::Duration};

use tokio::sync::{mpsc, oneshot};

use crate::{
    fault::JournalFault,
    files::Files,
    journal::{Closed, Journal, Opened},
    options::Options,
    record::{Appended, NewRecord},
    second::SecondStatus,
};
use null::Null;
use work::{Append, Control, Order};

/// A handle to the disk thread; clones are the same thread, which ends when the last is gone.
#[derive(Debug, Clone)]
pub struct Disk {
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Thread {
        orders: mpsc::Sender<Order>,
        files: Arc<dyn Files>,
    },
    Null(Arc<Null>),
}

/// An open journal of a [`Disk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JournalId(u64);

/// How a journal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalStatus {
    /// LSN of the last durable record; 0 if there is none.
    pub last_lsn: u64,
    /// The chain's head.
    pub head: [u8; 32],
    /// Bytes of prepared log space ahead.
    pub room_ahead: u64,
    /// How the second copy is.
    pub second: SecondStatus,
}

const ORDERS_MAX: usize = 1024;

impl Disk {
    /// Starts the disk thread.
    ///
    /// # Errors
    /// If the system has no thread to give.
    pub fn start(files: Arc<dyn Files>) -> io::Result<Self> {
        let (orders, taken) = mpsc::channel(ORDERS_MAX);
        let back = orders.downgrade();
        thread::Builder::new()
            .name("journal-disk".into())
            .spawn(move || work::run(taken, back))?;
        Ok(Self {
            kind: Kind::Thread { orders, files },
        })
    }

    /// A disk that keeps nothing and answers at once, to measure everything else by. What it says
    /// is "durable" is not; never for a sitting.
    pub fn null() -> Self {
        Self {
            kind: Kind::Null(Arc::default()),
        }
    }

    /// Opens a journal ([`Journal::open`]) on a thread of its own and gives it to the disk thread.
    pub fn open(
        &self,
        dir: PathBuf,
        options: Options,
    ) -> impl Future<Output = Result<(JournalId, Opened), JournalFault>> + Send + use<> {
        let kind = self.kind.clone();
        async move {
            let (orders, files) = match kind {
                Kind::Thread { orders, files } => (orders, files),
                Kind::Null(null) => return Ok(null.open(&options.identity)),
            };
            let (reply, answer) = oneshot::channel();
            let opening = move || match Journal::open(files, dir, &options) {
                Ok((journal, opened)) => {
                    let journal = Box::new(journal);
                    // If the disk thread is gone, so is the reply: the asker hears `Stopped`.
                    let adopt = Control::Adopt {
                        journal,
                        opened,
                        reply,
                    };
                    drop(orders.blocking_send(Order::Control(adopt)));
                }
                Err(fault) => drop(reply.send(Err(fault))),
            };
            let name = "journal-open".into();
            let started = thread::Builder::new().name(name).spawn(opening);
            if started.is_err() {
                return Err(JournalFault::Stopped);
            }
            answer.await.unwrap_or(Err(JournalFault::Stopped))
        }
    }

    /// Appends a batch; the answer comes when it is durable in the log. Batches of one journal
    /// that wait together share a frame, in the order in which they were sent.
    pub fn append(
        &self,
        id: JournalId,
        records: Vec<NewRecord>,
    ) -> impl Future<Output = Result<Appended, JournalFault>> + Send + use<> {
        let kind = self.kind.clone();
        async move {
            match kind {
                Kind::Null(null) => null.append(id, records.len()),
                Kind::Thread { orders, .. } => {
                    ask(&orders, |reply| Order::Append {
                        id,
                        append: Append { records, reply },
                    })
                    .await?
                }
            }
        }
    }

    /// W7: reserves log space ([`Journal::reserve`]) while appends go on.
    pub async fn reserve(&self, id: JournalId, bytes: u64) -> Result<(), JournalFault> {
        match &self.kind {
            Kind::Null(_) => Ok(()),
            Kind::Thread { orders, .. } => {
                ask(orders, |reply| {
                    Order::Control(Control::Reserve { id, bytes, reply })
                })
                .await?
            }
        }
    }

    /// Tells how a journal is.
    pub async fn status(&self, id: JournalId) -> Result<JournalStatus, JournalFault> {
        match &self.kind {
            Kind::Null(null) => null.status(id),
            Kind::Thread { orders, .. } => {
                ask(orders, |reply| {
                    Order::Control(Control::Status { id, reply })
                })
                .await?
            }
        }
    }

    /// Waits until the second copy has everything durable, at most `limit`.
    pub async fn flush_second_copy(
        &self,
        id: JournalId,
        limit: Duration,
    ) -> Result<SecondStatus, JournalFault> {
        match &self.kind {
            Kind::Null(_) => Ok(SecondStatus::Off),
            Kind::Thread { orders, .. } => {
                ask(orders, |reply| {
                    Order::Control(Control::FlushSecond { id, limit, reply })
                })
                .await?
            }
        }
    }

    /// Closes a journal ([`Journal::close`]), waiting about `limit` at most for its second copy.
    pub async fn close(&self, id: JournalId, limit: Duration) -> Result<Closed, JournalFault> {
        match &self.kind {
            Kind::Null(null) => null.close(id),
            Kind::Thread { orders, .. } => {
                ask(orders, |reply| {
                    Order::Control(Control::Close { id, limit, reply })
                })
                .await?
            }
        }
    }
}

async fn ask<T>(
    orders: &mpsc::Sender<Order>,
    order: impl FnOnce(oneshot::Sender<T>) -> Order,
) -> Result<T, JournalFault> {
    let (reply, answer) = oneshot::channel();
    if orders.send(order(reply)).await.is_err() {
        return Err(JournalFault::Stopped);
    }
    answer.await.or(Err(JournalFault::Stopped))
}
