//! Who is behind a connection, and the string by which it can be cut.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::task::AtomicWaker;

use crate::pki::{Identity, Serial};

/// Who is behind a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The bearer of a certificate of this hall.
    Known(Identity, Serial),
    /// Somebody at the enrolment port.
    Newcomer,
}

/// One live connection. Clones are one connection; every request carries one.
#[derive(Debug, Clone)]
pub struct Peer(Arc<Line>);

#[derive(Debug)]
struct Line {
    who: Who,
    address: IpAddr,
    cut: AtomicBool,
    called: AtomicBool,
    waker: AtomicWaker,
}

impl Peer {
    /// Who it is.
    pub fn who(&self) -> &Who {
        &self.0.who
    }

    /// Whence it came.
    pub fn address(&self) -> IpAddr {
        self.0.address
    }

    /// Cuts the connection with all that runs on it.
    pub fn cut(&self) {
        self.0.cut.store(true, Ordering::Release);
        self.0.waker.wake();
    }

    /// Notes that an allowed call was made.
    pub(crate) fn has_called(&self) {
        self.0.called.store(true, Ordering::Release);
    }

    /// Cuts the connection if no allowed call is made in time.
    pub(super) async fn cut_unless_called(&self, limit: Duration) {
        tokio::time::sleep(limit).await;
        if !self.0.called.load(Ordering::Acquire) {
            self.cut();
        }
    }

    /// Says whether it was cut; if not, the task is woken when it is.
    pub(super) fn poll_cut(&self, cx: &std::task::Context<'_>) -> bool {
        self.0.waker.register(cx.waker());
        self.0.cut.load(Ordering::Acquire)
    }
}

/// All connections that are open now, so that some can be cut. Clones are one list.
#[derive(Debug, Clone, Default)]
pub struct Live {
    lines: Arc<Mutex<BTreeMap<u64, Weak<Line>>>>,
    next: Arc<AtomicU64>,
}

impl Live {
    pub(super) fn enter(&self, who: Who, address: IpAddr) -> Peer {
        let line = Arc::new(Line {
            who,
            address,
            cut: AtomicBool::new(false),
            called: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        });
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if number.is_multiple_of(256) {
            lines.retain(|_, line| line.strong_count() > 0);
        }
        lines.insert(number, Arc::downgrade(&line));
        drop(lines);
        Peer(line)
    }

    /// Cuts every connection of a certificate.
    pub fn cut_certificate(&self, serial: &Serial) {
        self.cut_where(|who| matches!(who, Who::Known(_, held) if held == serial));
    }

    /// Cuts everything.
    pub fn cut_all(&self) {
        self.cut_where(|_| true);
    }

    fn cut_where(&self, which: impl Fn(&Who) -> bool) {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let open: Vec<Peer> = lines.values().filter_map(Weak::upgrade).map(Peer).collect();
        drop(lines);
        open.iter()
            .filter(|peer| which(peer.who()))
            .for_each(Peer::cut);
    }
}
