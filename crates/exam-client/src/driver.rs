//! The thin shell around an attachment: one task that owns it, brings it the clock, the spool, the
//! streams and the acts of a person, and shows its picture.
//!
//! It decides nothing about answers. Streams come from a [`Connect`], so that a test or a
//! simulation can drive the same shell without sockets.

mod line;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use exam_core::BootId;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::act::Act;
use crate::attachment::{Attachment, AttachmentConfig, Input, Observed, Output};
use crate::clock::LocalClock;
use crate::identity::Identity;
use crate::message::{HallSays, KioskMessage, KioskSays};
use crate::picture::{Link, Picture};
use crate::spool::{Recovered, Spool, SpoolReport};
use crate::tls::LinkFault;

pub use line::{Connect, HallDoor, Hears};
use line::{Line, LineNews, backoff};

/// Acts a screen may be ahead of the attachment.
const ACTS: usize = 256;
/// Messages under way to the hall; a full queue closes the stream, and it resumes.
const TO_HALL: usize = 256;
/// Reports of the spool under way.
const REPORTS: usize = 64;
/// Observations an observer may be behind before the hall is no longer read.
const OBSERVED: usize = 4_096;
/// How often time passes.
const TICK: Duration = Duration::from_millis(200);
/// The same for a rehearsal's fast clock.
const FAST_TICK: Duration = Duration::from_millis(20);

/// What a seat begins with.
#[derive(Debug)]
pub struct SeatConfig {
    /// Who it is.
    pub identity: Identity,
    /// Where the hall is, `host:port`.
    pub address: String,
    /// Where the spool is kept; none = answers only in memory.
    pub spool_dir: Option<PathBuf>,
    /// This machine's boot ([`crate::clock::boot_id`]).
    pub boot: BootId,
    /// Local milliseconds in a real one; more than 1 only in rehearsals.
    pub speed: u32,
    /// Who hears what is made, acked and refused.
    pub observer: Option<mpsc::Sender<Observed>>,
}

/// What a seat begins with when its streams come from elsewhere.
#[derive(Debug)]
pub struct ShellConfig {
    /// A name for logs, and for seats not to come back all at once.
    pub name: String,
    /// As in [`SeatConfig`].
    pub spool_dir: Option<PathBuf>,
    /// As in [`SeatConfig`].
    pub boot: BootId,
    /// As in [`SeatConfig`].
    pub speed: u32,
    /// As in [`SeatConfig`].
    pub observer: Option<mpsc::Sender<Observed>>,
}

/// Starts seats.
#[derive(Debug, Clone, Copy)]
pub struct Seat;

/// A running seat. Dropping it ends the seat; [`SeatHandle::stop`] also waits for its spool.
#[derive(Debug)]
pub struct SeatHandle {
    /// What the person does.
    pub acts: mpsc::Sender<Act>,
    /// What a screen may show; the newest.
    pub pictures: watch::Receiver<Arc<Picture>>,
    /// The clock that pictures' local milliseconds are of.
    pub clock: LocalClock,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Seat {
    /// Starts a seat against the hall at its address. Must be called within a tokio runtime; a
    /// current-thread one will do.
    ///
    /// # Errors
    /// [`LinkFault::Identity`] where the certificate cannot be used; a hall that is away is no
    /// error, the seat waits for it.
    pub fn start(config: SeatConfig) -> Result<SeatHandle, LinkFault> {
        let door = HallDoor::new(&config.identity, config.address)?;
        let shell = ShellConfig {
            name: config.identity.name,
            spool_dir: config.spool_dir,
            boot: config.boot,
            speed: config.speed,
            observer: config.observer,
        };
        Ok(Self::start_with(shell, door))
    }

    /// Starts a seat on streams of the caller's making. Must be called within a tokio runtime.
    pub fn start_with(config: ShellConfig, door: impl Connect) -> SeatHandle {
        let clock = LocalClock::start(config.speed);
        let (reports_in, reports) = mpsc::channel(REPORTS);
        let (spool, recovered, failed) = open_spool(config.spool_dir.as_deref(), reports_in);
        let attachment = Attachment::new(
            AttachmentConfig {
                boot: config.boot,
                recovered,
                speed: config.speed,
            },
            clock.now_ms(),
        );
        let (pictures_in, pictures) = watch::channel(Arc::new(attachment.picture().clone()));
        let (acts, acts_out) = mpsc::channel(ACTS);
        let (stop, stopped) = oneshot::channel();
        let mut shell = Shell {
            attachment,
            clock,
            spool,
            to_hall: None,
            pictures: pictures_in,
            observer: config.observer,
            observed: VecDeque::new(),
            hung: false,
            attempts: 0,
            dials: 0,
            name: config.name,
        };
        if let Some(why) = failed {
            shell.feed(Input::SpoolFailed { why });
        }
        let task = tokio::spawn(shell.run(Box::new(door), acts_out, reports, stopped));
        SeatHandle {
            acts,
            pictures,
            clock,
            stop,
            task,
        }
    }
}

impl SeatHandle {
    /// Returns the newest picture.
    pub fn picture(&self) -> Arc<Picture> {
        Arc::clone(&self.pictures.borrow())
    }

    /// Ends the seat, and waits until its spool is durable.
    pub async fn stop(self) {
        let Self { stop, task, .. } = self;
        if stop.send(()).is_err() {
            tracing::debug!("the seat has ended by itself");
        }
        if let Err(error) = task.await {
            tracing::error!(%error, "the seat's task failed");
        }
    }
}

type OpenedSpool = (Option<Spool>, Option<Recovered>, Option<String>);

fn open_spool(dir: Option<&Path>, reports: mpsc::Sender<SpoolReport>) -> OpenedSpool {
    let Some(dir) = dir else {
        return (None, None, Some("no folder is set for it".to_owned()));
    };
    let report = move |report| {
        if reports.blocking_send(report).is_err() {
            tracing::debug!("the seat ended before its spool");
        }
    };
    match Spool::start(dir, report) {
        Ok((spool, recovered)) => (Some(spool), recovered, None),
        Err(fault) => {
            tracing::error!(%fault, "answers are kept in memory only");
            (None, None, Some(fault.to_string()))
        }
    }
}

struct Shell {
    attachment: Attachment,
    clock: LocalClock,
    spool: Option<Spool>,
    to_hall: Option<mpsc::Sender<KioskMessage>>,
    pictures: watch::Sender<Arc<Picture>>,
    observer: Option<mpsc::Sender<Observed>>,
    observed: VecDeque<Observed>,
    /// The queue to the hall is full: the stream is to be closed.
    hung: bool,
    attempts: u32,
    dials: u64,
    name: String,
}

impl Shell {
    async fn run(
        mut self,
        mut door: Box<dyn Connect>,
        mut acts: mpsc::Receiver<Act>,
        mut reports: mpsc::Receiver<SpoolReport>,
        mut stop: oneshot::Receiver<()>,
    ) {
        let fast = self.clock.speed() > 1;
        let mut ticks = tokio::time::interval(if fast { FAST_TICK } else { TICK });
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut line = self.dial(door.as_mut());
        loop {
            let reading = self.observed.len() < OBSERVED;
            tokio::select! {
                biased;
                _ = &mut stop => break,
                Some(report) = reports.recv() => self.spool_report(report),
                act = acts.recv() => match act {
                    Some(act) => self.feed(Input::Act(act)),
                    None => break,
                },
                room = room(self.observer.as_ref()), if !self.observed.is_empty() => {
                    self.tell_observer(room);
                }
                news = line.next(), if reading => {
                    line = self.line_news(news, line, door.as_mut());
                }
                _ = ticks.tick() => self.feed(Input::Tick),
            }
            if std::mem::take(&mut self.hung) {
                line = self.lost(&LinkFault::Ended("the hall reads too slowly".to_owned()));
            }
        }
        self.finish(reports).await;
    }

    async fn finish(mut self, reports: mpsc::Receiver<SpoolReport>) {
        self.to_hall = None;
        // The spool's thread must not wait for a reader that is waiting for it.
        drop(reports);
        if let Some(spool) = self.spool.take()
            && let Err(error) = tokio::task::spawn_blocking(move || spool.finish()).await
        {
            tracing::error!(%error, "the spool did not end in order");
        }
    }

    fn feed(&mut self, input: Input) {
        let version = self.attachment.picture().version;
        let mut next = Some(input);
        while let Some(input) = next.take() {
            if let Err(why) = self.hand_over(input) {
                self.spool = None;
                next = Some(Input::SpoolFailed { why });
            }
        }
        if self.attachment.picture().version != version {
            let picture = Arc::new(self.attachment.picture().clone());
            self.pictures.send_replace(picture);
        }
    }

    /// Gives one input to the attachment and does what it wants done.
    ///
    /// # Errors
    /// Says why the spool can no longer be written.
    fn hand_over(&mut self, input: Input) -> Result<(), String> {
        let mut failed = Ok(());
        for output in self.attachment.handle(self.clock.now_ms(), input) {
            match output {
                Output::ToHall(says) => self.send(&says),
                Output::Spool { no, entry } => {
                    if let Some(spool) = &self.spool
                        && let Err(fault) = spool.write(no, entry)
                    {
                        failed = Err(fault.to_string());
                    }
                }
                Output::Observed(observed) => {
                    if self.observer.is_some() {
                        self.observed.push_back(observed);
                    }
                }
            }
        }
        failed
    }

    fn spool_report(&mut self, report: SpoolReport) {
        match report {
            SpoolReport::Spooled { up_to } => self.feed(Input::Spooled { up_to }),
            SpoolReport::Failed { why } => {
                self.spool = None;
                self.feed(Input::SpoolFailed { why });
            }
        }
    }

    fn send(&mut self, says: &KioskSays) {
        if let Some(to_hall) = &self.to_hall
            && to_hall.try_send(KioskMessage::from(says)).is_err()
        {
            self.hung = true;
        }
    }

    fn tell_observer(&mut self, room: bool) {
        let told = match (&self.observer, self.observed.pop_front()) {
            (Some(observer), Some(observed)) if room => observer.try_send(observed).is_ok(),
            (Some(_) | None, Some(_) | None) => false,
        };
        if !told {
            self.observer = None;
            self.observed.clear();
        }
    }

    /// Opens a line: hello is on its way before the hall has answered.
    fn dial(&mut self, door: &mut dyn Connect) -> Line {
        let (to_hall, says) = mpsc::channel(TO_HALL);
        self.to_hall = Some(to_hall);
        self.dials += 1;
        self.feed(Input::Linked);
        Line::opening(door.connect(says))
    }

    fn lost(&mut self, fault: &LinkFault) -> Line {
        tracing::info!(seat = %self.name, %fault, "the hall is away");
        self.to_hall = None;
        self.hung = false;
        self.feed(Input::LinkLost);
        let wait = backoff(&self.name, self.dials, self.attempts);
        self.attempts = self.attempts.saturating_add(1);
        Line::waiting(wait)
    }

    fn line_news(&mut self, news: LineNews, line: Line, door: &mut dyn Connect) -> Line {
        match news {
            LineNews::DialNow => self.dial(door),
            LineNews::Opened(hears) => Line::Open(hears),
            LineNews::Lost(fault) => self.lost(&fault),
            LineNews::Message(message) => {
                match HallSays::read(&message) {
                    Ok(says) => self.feed(Input::FromHall(Box::new(says))),
                    Err(malformed) => tracing::warn!(%malformed, "a message is not understood"),
                }
                if self.attachment.picture().link == Link::Online {
                    self.attempts = 0;
                }
                line
            }
        }
    }
}

/// Waits until the observer has room; false where it is gone.
async fn room(observer: Option<&mpsc::Sender<Observed>>) -> bool {
    match observer {
        Some(observer) => observer.reserve().await.is_ok(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
