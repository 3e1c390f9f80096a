//! The door: TCP and TLS 1.3 with the hall's own rules, before any HTTP (ARCHITECTURE decision 8).
//!
//! It admits connections and says who is behind them ([`Peer`]); what they may call is the role
//! table's. tonic's own TLS would offer TLS 1.2, no revocation, and no limits.

mod caps;
mod peer;
mod stream;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{Quota, RateLimiter, clock::DefaultClock, state::keyed::HashMapStateStore};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;

use crate::config::Limits;
use crate::pki::{Identity, Revoked};

pub use caps::Caps;
pub use peer::{Live, Peer, Who};
pub use stream::DoorStream;
pub use tls::{delivery_tls, enrolment_tls};

type Pace = RateLimiter<std::net::IpAddr, HashMapStateStore<std::net::IpAddr>, DefaultClock>;

/// A failed accept (no file left, say) is tried again after this.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Seconds' worth of connections that may come from one address at once.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// Connections handed over and not yet taken by the HTTP server.
const HANDED_OVER: usize = 64;

/// The door could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum DoorFault {
    /// Another program listens there.
    #[error("could not listen on {address}: the port is in use")]
    PortInUse {
        /// The address.
        address: SocketAddr,
    },
    /// The operating system refused.
    #[error("could not listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What it said.
        source: io::Error,
    },
    /// The certificates do not make a TLS server.
    #[error("could not set up TLS")]
    Tls(#[from] rustls::Error),
    /// The CA does not make a verifier.
    #[error("could not set up the check of certificates")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
}

/// Whom a door lets in.
#[derive(Debug, Clone)]
pub enum Admits {
    /// Bearers of this hall's certificates, unless revoked.
    Certified {
        /// The hall's id.
        hall: String,
        /// The list.
        revoked: Revoked,
    },
    /// Anybody: only enrolment lies behind it.
    Newcomers,
}

/// One listening port.
pub struct Door {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    admits: Admits,
    limits: Limits,
    caps: Caps,
    live: Live,
    pace: Arc<Pace>,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door")
            .field("admits", &self.admits)
            .finish_non_exhaustive()
    }
}

impl Door {
    /// Listens on `address` (port 0: any free one). `connections` is the cap in all.
    ///
    /// # Errors
    /// [`DoorFault::PortInUse`], or what the operating system says.
    pub async fn bind(
        address: SocketAddr,
        tls: rustls::ServerConfig,
        admits: Admits,
        limits: Limits,
        connections: u32,
        live: Live,
    ) -> Result<Self, DoorFault> {
        let listener = TcpListener::bind(address).await.map_err(|source| {
            if source.kind() == io::ErrorKind::AddrInUse {
                DoorFault::PortInUse { address }
            } else {
                DoorFault::Listen { address, source }
            }
        })?;
        let each = NonZeroU32::new(limits.accepts_per_second).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(each).allow_burst(each.saturating_mul(BURST));
        Ok(Self {
            listener,
            acceptor: TlsAcceptor::from(Arc::new(tls)),
            admits,
            limits,
            caps: Caps::new(limits.connections_per_address, connections),
            live,
            pace: Arc::new(Pace::hashmap(quota)),
        })
    }

    /// Returns the address it listens on.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Opens the door: connections come out of the receiver until `open` turns false.
    pub fn open(self, open: watch::Receiver<bool>) -> mpsc::Receiver<io::Result<DoorStream>> {
        let (to_server, admitted) = mpsc::channel(HANDED_OVER);
        tokio::spawn(self.accept_all(to_server, open));
        admitted
    }

    async fn accept_all(
        self,
        to_server: mpsc::Sender<io::Result<DoorStream>>,
        mut open: watch::Receiver<bool>,
    ) {
        let mut accepted = 0_u32;
        loop {
            let connection = tokio::select! {
                biased;
                _ = open.wait_for(|open| !open) => return,
                connection = self.listener.accept() => connection,
            };
            match connection {
                Ok((tcp, from)) => self.greet(tcp, from, &to_server),
                Err(error) => {
                    // No file descriptor left, most likely: tonic's own loop would spin here.
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
            accepted = accepted.wrapping_add(1);
            if accepted.is_multiple_of(4_096) {
                self.pace.retain_recent();
            }
        }
    }

    /// Checks what can be checked before a byte is read; the handshake goes on by itself.
    fn greet(
        &self,
        tcp: TcpStream,
        from: SocketAddr,
        to_server: &mpsc::Sender<io::Result<DoorStream>>,
    ) {
        let address = from.ip();
        if self.pace.check_key(&address).is_err() {
            tracing::warn!(%address, "too many connections in a second");
            return;
        }
        let Some(ticket) = self.caps.enter(address) else {
            tracing::warn!(%address, "too many connections at a time");
            return;
        };
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::debug!(%error, "could not set no-delay");
        }
        let shaking = self.acceptor.accept(tcp);
        let (admits, live, limits) = (self.admits.clone(), self.live.clone(), self.limits);
        let to_server = to_server.clone();
        tokio::spawn(async move {
            let tls = match tokio::time::timeout(limits.handshake(), shaking).await {
                Ok(Ok(tls)) => tls,
                Ok(Err(error)) => {
                    tracing::debug!(%address, %error, "handshake failed");
                    return;
                }
                Err(_elapsed) => {
                    tracing::debug!(%address, "handshake took too long");
                    return;
                }
            };
            let Some(who) = admits.who(&tls) else {
                tracing::warn!(%address, "a certificate was not admitted");
                return;
            };
            let peer = live.enter(who, address);
            let stream = DoorStream::new(tls, peer.clone(), ticket);
            if to_server.send(Ok(stream)).await.is_ok() {
                peer.cut_unless_called(limits.first_call()).await;
            }
        });
    }
}

impl Admits {
    fn who(&self, tls: &tokio_rustls::server::TlsStream<TcpStream>) -> Option<Who> {
        let Self::Certified { hall, revoked } = self else {
            return Some(Who::Newcomer);
        };
        let certificate = tls.get_ref().1.peer_certificates()?.first()?;
        let (identity, serial) = Identity::of_certificate(certificate, hall)
            .inspect_err(|bad| tracing::warn!(%bad, "refused"))
            .ok()?;
        (!revoked.contains(&serial)).then_some(Who::Known(identity, serial))
    }
}
