//! The second copy's thread: open, answer the opening journal, then follow the log.
//!
//! Every call into the store is guarded. A present copy that fails while being compared or
//! catching up is set aside and built anew once; a new one that fails, or one that fails while
//! following, is given up until the next opening. `second/follow.rs` does the following.

use std::{
    ops::RangeInclusive,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender},
    },
};

use bytes::Bytes;

use super::{
    Context, Left, SecondStatus, Shared, Store, StoreFault, folder, follow::Follower, guarded,
    marker, probe,
};
use crate::{incident::Incident, log::Head};

/// What the opening journal asks of the thread.
pub(super) enum Order {
    Read {
        range: RangeInclusive<u64>,
        reply: SyncSender<Result<Vec<(u64, Bytes)>, StoreFault>>,
    },
    Follow {
        log_lsn: u64,
    },
}

pub(super) struct Thread {
    pub(super) context: Context,
    pub(super) number: u32,
    pub(super) left: Option<Left>,
    pub(super) shared: Arc<Shared>,
}

impl Thread {
    pub(super) fn run(
        mut self,
        ready: &SyncSender<Result<Option<Head>, StoreFault>>,
        orders: &Receiver<Order>,
    ) {
        let opened = guarded(|| self.open());
        let (store, checkpoint) = match opened {
            Ok(opened) => opened,
            Err(fault) => return self.wait_as_failed(ready, orders, &fault),
        };
        if ready.send(Ok(checkpoint)).is_err() {
            return release(store);
        }
        let log_lsn = loop {
            match orders.recv() {
                Ok(Order::Read { range, reply }) => {
                    // Nobody listening means given up; the next receive ends the thread.
                    drop(reply.send(guarded(|| store.read(range))));
                }
                Ok(Order::Follow { log_lsn }) => break log_lsn,
                Err(_) => return release(store),
            }
        };
        self.follow(store, checkpoint, log_lsn);
    }

    /// Tells that the copy did not open. It is lost only if nobody replaces it: then the order to
    /// follow still comes.
    fn wait_as_failed(
        &self,
        ready: &SyncSender<Result<Option<Head>, StoreFault>>,
        orders: &Receiver<Order>,
        fault: &StoreFault,
    ) {
        if ready.send(Err(fault.clone())).is_err() {
            return;
        }
        for order in orders {
            match order {
                Order::Read { reply, .. } => drop(reply.send(Err(fault.clone()))),
                Order::Follow { .. } => return self.lose(fault),
            }
        }
    }

    fn open(&self) -> Result<(Box<dyn Store>, Option<Head>), StoreFault> {
        let dir = folder(&self.context.journal, self.number);
        match (self.left, &self.context.probe) {
            (Some(Left::Lost), _) => return Err(StoreFault::GivenUp),
            (Some(Left::Open), Some(command)) => probe::run(command, &dir, self.context.limit)?,
            _ => {}
        }
        let store = (self.context.opener)(&dir)?;
        let head = store.checkpoint()?;
        Ok((store, head))
    }

    fn follow(&mut self, store: Box<dyn Store>, checkpoint: Option<Head>, log_lsn: u64) {
        let fresh = self.left.is_none();
        let fault = match self.attempt(store, checkpoint, log_lsn) {
            Ok(()) => return,
            Err((fault, Stage::CatchingUp)) if !fresh => fault,
            Err((fault, _)) => return self.lose(&fault),
        };
        if self.shared.queue.is_abandoned() {
            return;
        }
        let kept_in = self.context.set_aside(self.number);
        let why = fault.to_string();
        self.context
            .incidents
            .raise(Incident::SecondCopySetAside { why, kept_in });
        let next = marker::next_number(&*self.context.files, &self.context.journal);
        self.number = next.max(self.number + 1);
        self.left = None;
        match guarded(|| self.open()) {
            Ok((store, head)) => {
                if let Err((fault, _)) = self.attempt(store, head, log_lsn) {
                    self.lose(&fault);
                }
            }
            Err(fault) => self.lose(&fault),
        }
    }

    fn lose(&self, fault: &StoreFault) {
        if self.shared.set(SecondStatus::Lost(fault.to_string())) {
            self.context.mark(self.number, Left::Lost);
            self.context.incidents.raise(Incident::SecondCopyLost {
                why: fault.to_string(),
            });
        }
        self.shared.queue.abandon();
    }

    fn attempt(
        &self,
        store: Box<dyn Store>,
        checkpoint: Option<Head>,
        log_lsn: u64,
    ) -> Result<(), (StoreFault, Stage)> {
        self.context.mark(self.number, Left::Open);
        let at = checkpoint.unwrap_or(Head {
            lsn: 0,
            hash: self.context.genesis,
        });
        let mut follower = Follower::new(&self.context, &self.shared, store, at);
        let done = match follower.compare(log_lsn).and_then(|()| follower.catch_up()) {
            Ok(()) => follower.follow().map_err(|fault| (fault, Stage::Following)),
            Err(fault) => Err((fault, Stage::CatchingUp)),
        };
        let last_lsn = follower.at.lsn;
        let Follower { store, .. } = follower;
        // Closing is part of it: only a store that was let go without a panic is clean.
        let released = guarded(|| {
            drop(store);
            Ok(())
        });
        done?;
        released.map_err(|fault| (fault, Stage::Following))?;
        if !self.shared.queue.is_abandoned() {
            self.context.mark(self.number, Left::Clean { last_lsn });
        }
        Ok(())
    }
}

enum Stage {
    CatchingUp,
    Following,
}

fn release(store: Box<dyn Store>) {
    let released = guarded(|| {
        drop(store);
        Ok(())
    });
    if let Err(fault) = released {
        tracing::warn!(%fault, "second copy did not close");
    }
}
