//! The fake hall behind streams, in memory: what a driver needs to run without sockets.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use crate::attachment::rig::{FakeHall, PLANNED_MS};
use crate::clock::LocalClock;
use crate::driver::{Connect, Hears};
use crate::message::{HallMessage, KioskMessage};
use crate::tls::LinkFault;

/// A hall that many streams can be opened to, one after the other.
#[derive(Clone)]
pub(crate) struct FakeDoor {
    hall: Arc<Mutex<FakeHall>>,
    clock: LocalClock,
    /// Counts up to cut whatever stream there is.
    cuts: Arc<watch::Sender<u32>>,
}

impl FakeDoor {
    /// A minute before the planned start; the room starts by itself.
    pub(crate) fn new(speed: u32) -> Self {
        let mut hall = FakeHall::new();
        hall.now = exam_core::HallTime(PLANNED_MS - 60_000);
        Self {
            hall: Arc::new(Mutex::new(hall)),
            clock: LocalClock::start(speed),
            cuts: Arc::new(watch::Sender::new(0)),
        }
    }

    pub(crate) fn hall(&self) -> MutexGuard<'_, FakeHall> {
        self.hall.lock().unwrap()
    }

    pub(crate) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// The hall's hour follows the clock; whatever is due happens.
    fn pass(&self) -> Vec<HallMessage> {
        let mut hall = self.hall();
        let now = PLANNED_MS - 60_000 + self.clock.now_ms();
        let ms = now - hall.now.0;
        hall.advance(ms.max(0));
        if hall.now.0 >= PLANNED_MS && hall.sitting.started().is_none() {
            hall.start();
        }
        hall.pushes()
    }

    /// Serves one pair of streams until it ends or is cut.
    pub(crate) fn serve(
        &self,
        mut says: BoxStream<'static, KioskMessage>,
    ) -> mpsc::Receiver<HallMessage> {
        let (to_seat, hears) = mpsc::channel(1_024);
        let door = self.clone();
        let mut cuts = self.cuts.subscribe();
        tokio::spawn(async move {
            door.hall().connect();
            let mut ticks = tokio::time::interval(Duration::from_millis(2));
            'open: loop {
                let messages = tokio::select! {
                    _ = cuts.changed() => break,
                    said = says.next() => {
                        let Some(said) = said else { break };
                        let mut messages = door.pass();
                        messages.extend(door.hall().hear(&said));
                        messages
                    }
                    _ = ticks.tick() => door.pass(),
                };
                for message in messages {
                    if to_seat.send(message).await.is_err() {
                        break 'open;
                    }
                }
            }
            door.hall().disconnect();
        });
        hears
    }
}

impl Connect for FakeDoor {
    fn connect(
        &mut self,
        says: mpsc::Receiver<KioskMessage>,
    ) -> BoxFuture<'static, Result<Hears, LinkFault>> {
        let hears = self.serve(ReceiverStream::new(says).boxed());
        Box::pin(async move { Ok(ReceiverStream::new(hears).map(Ok).boxed()) })
    }
}
