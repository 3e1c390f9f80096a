//! The line to the hall: dialling, waiting with jitter, and the two streams.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use exam_proto::delivery::delivery_client::DeliveryClient;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::sync::mpsc;
use tokio::time::Sleep;
use tokio_stream::wrappers::ReceiverStream;

use crate::identity::Identity;
use crate::message::{HallMessage, KioskMessage};
use crate::tls::{self, LinkFault};

/// Shortest pause before dialling again.
const PAUSE_MIN: Duration = Duration::from_millis(200);
/// Longest pause before dialling again.
const PAUSE_MAX: Duration = Duration::from_secs(3);
/// How long a line may take to open, the hall's first answer included.
const OPEN_MAX: Duration = Duration::from_secs(8);

/// What the hall says, as it comes.
pub type Hears = BoxStream<'static, Result<HallMessage, LinkFault>>;

/// Somebody who can open the two streams to a hall.
pub trait Connect: Send + 'static {
    /// Opens the streams. `says` is what the seat says; its first message is in it already.
    fn connect(
        &mut self,
        says: mpsc::Receiver<KioskMessage>,
    ) -> BoxFuture<'static, Result<Hears, LinkFault>>;
}

/// The hall's door: TLS, HTTP/2, the delivery service.
#[derive(Debug, Clone)]
pub struct HallDoor {
    address: String,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
}

impl HallDoor {
    /// Returns the door at `address` (`host:port`) for `identity`.
    ///
    /// # Errors
    /// [`LinkFault::Identity`] where the certificate cannot be used.
    pub fn new(identity: &Identity, address: String) -> Result<Self, LinkFault> {
        Ok(Self {
            address,
            name: tls::server_name(&identity.server_name)?,
            config: tls::hall_config(identity)?,
        })
    }
}

impl Connect for HallDoor {
    fn connect(
        &mut self,
        says: mpsc::Receiver<KioskMessage>,
    ) -> BoxFuture<'static, Result<Hears, LinkFault>> {
        let Self {
            address,
            name,
            config,
        } = self.clone();
        Box::pin(async move {
            let channel = tls::open(&address, name, config).await?;
            let mut client = DeliveryClient::new(channel);
            let hears = client
                .attend(ReceiverStream::new(says))
                .await
                .map_err(|status| LinkFault::Refused(status.message().to_owned()))?
                .into_inner();
            let hears = hears.map(move |message| {
                // The connection lives as long as its stream.
                let _connection = &client;
                message.map_err(|status| LinkFault::Ended(status.message().to_owned()))
            });
            Ok(hears.boxed())
        })
    }
}

/// The line at one instant. Its futures are kept here, so that waiting for news can be given up and
/// taken up again.
pub(super) enum Line {
    Waiting(Pin<Box<Sleep>>),
    Opening(BoxFuture<'static, Result<Hears, LinkFault>>),
    Open(Hears),
}

/// What happened on the line.
pub(super) enum LineNews {
    DialNow,
    Opened(Hears),
    Message(Box<HallMessage>),
    Lost(LinkFault),
}

impl Line {
    pub(super) fn waiting(pause: Duration) -> Self {
        Self::Waiting(Box::pin(tokio::time::sleep(pause)))
    }

    pub(super) fn opening(open: BoxFuture<'static, Result<Hears, LinkFault>>) -> Self {
        Self::Opening(Box::pin(async move {
            let late = |_elapsed| LinkFault::Ended("the hall did not answer in time".to_owned());
            tokio::time::timeout(OPEN_MAX, open).await.map_err(late)?
        }))
    }

    pub(super) async fn next(&mut self) -> LineNews {
        match self {
            Self::Waiting(pause) => {
                pause.await;
                LineNews::DialNow
            }
            Self::Opening(open) => match open.await {
                Ok(hears) => LineNews::Opened(hears),
                Err(fault) => LineNews::Lost(fault),
            },
            Self::Open(hears) => match hears.next().await {
                Some(Ok(message)) => LineNews::Message(Box::new(message)),
                Some(Err(fault)) => LineNews::Lost(fault),
                None => LineNews::Lost(LinkFault::Ended("the hall closed it".to_owned())),
            },
        }
    }
}

/// Returns how long to wait before dialling again: longer each time, and different for every seat,
/// so that a room does not come back in one instant.
pub(super) fn backoff(name: &str, dials: u64, attempts: u32) -> Duration {
    let longest = PAUSE_MIN
        .saturating_mul(2_u32.saturating_pow(attempts))
        .min(PAUSE_MAX);
    let hash = blake3::hash(format!("{name} {dials}").as_bytes());
    let share = u32::from(hash.as_bytes()[0]);
    (longest * (128 + share / 2) / 255).max(PAUSE_MIN / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_three_seconds_and_differ_between_seats() {
        let pauses: Vec<_> = (0..10).map(|n| backoff("A-07", u64::from(n), n)).collect();
        let within = |pause: &Duration| *pause <= PAUSE_MAX && *pause >= PAUSE_MIN / 2;
        assert!(pauses.iter().all(within));
        assert!(pauses[9] > pauses[0]);
        let room: std::collections::BTreeSet<_> =
            (0..60).map(|n| backoff(&format!("A-{n}"), 9, 9)).collect();
        assert!(room.len() > 30);
    }
}
