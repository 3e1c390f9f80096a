//! Reads one kiosk's stream: stamps, parses, paces, and puts commands into the desk's mailbox.
//!
//! Whatever cannot mean anything closes the stream; whatever a rule may judge goes to the desk.

use std::num::NonZeroU32;
use std::sync::Arc;

use exam_core::command::Holder;
use exam_core::{BootId, Command, Digest, HallTime, Made, Note, Refusal, Revision, Seq};
use exam_proto::Malformed;
use exam_proto::delivery as wire;
use exam_proto::delivery::kiosk_message::Body;
use governor::clock::Clock as _;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tonic::Streaming;

use super::delivery::Front;
use crate::config::Limits;
use crate::desk::{Asked, CloseWhy, Push, SeatStream, What};

/// Revisions or notes in one message; a longer one is refused whole.
const MANY: usize = 512;

/// Reads one stream.
pub(super) struct Reader {
    front: Arc<Front>,
    stream: Arc<SeatStream>,
    boot: BootId,
    pace: DefaultDirectRateLimiter,
    slow_pace: DefaultDirectRateLimiter,
}

/// Why reading ends.
enum End {
    /// Tell the kiosk.
    Close(CloseWhy),
    /// The stream, or the desk, is gone.
    Gone,
}

impl From<Malformed> for End {
    fn from(malformed: Malformed) -> Self {
        Self::Close(CloseWhy::Malformed(malformed.0))
    }
}

impl Reader {
    pub(super) fn new(front: Arc<Front>, stream: Arc<SeatStream>) -> Self {
        let limits = &front.face.config.limits;
        let pace = RateLimiter::direct(quota(limits));
        Self {
            pace,
            slow_pace: RateLimiter::direct(Quota::per_second(NonZeroU32::MIN)),
            front,
            stream,
            boot: BootId::default(),
        }
    }

    /// Reads until the stream ends; the desk hears of it.
    pub(super) async fn run(mut self, mut incoming: Streaming<wire::KioskMessage>) {
        match self.read_all(&mut incoming).await {
            End::Close(why) => {
                tracing::warn!(seat = %self.stream.seat(), ?why, "a stream was closed");
                self.stream.push(Push::Close(why));
            }
            End::Gone => {}
        }
        let gone = What::Gone {
            stream: Arc::clone(&self.stream),
        };
        self.front.streams.leave(&self.stream);
        let now = self.front.clock.now();
        if self.front.desk.mail(now, gone).await.is_err() {
            tracing::debug!("a stream outlived the desk");
        }
    }

    async fn read_all(&mut self, incoming: &mut Streaming<wire::KioskMessage>) -> End {
        let mut greeted = false;
        loop {
            let message = tokio::select! {
                biased;
                () = self.stream.closed() => return End::Gone,
                message = incoming.message() => message,
            };
            let body = match message {
                Ok(Some(message)) => message.body,
                Ok(None) | Err(_) => return End::Gone,
            };
            let received_at = self.front.clock.now();
            self.stream.lives(received_at);
            let taken = match body {
                Some(Body::Hello(hello)) if !greeted => {
                    greeted = true;
                    self.hello(&hello, received_at).await
                }
                Some(Body::Hello(_)) | None => {
                    Err(malformed("a message without a body, or a second hello"))
                }
                Some(_) if !greeted => Err(malformed("the first message must be hello")),
                Some(body) => self.take(body, received_at).await,
            };
            if let Err(end) = taken {
                return end;
            }
        }
    }

    async fn hello(&mut self, hello: &wire::Hello, received_at: HallTime) -> Result<(), End> {
        // Told even to a kiosk of another protocol: it needs our number for its clear screen.
        self.stream.push(Push::Welcome);
        if hello.protocol != exam_proto::PROTOCOL {
            return Err(End::Close(CloseWhy::OtherProtocol));
        }
        self.boot = BootId::try_from(hello.boot.as_ref()).map_err(Malformed::from)?;
        let Some(holder) = &hello.holder else {
            return Ok(());
        };
        let command = Command::Attach {
            holder: holder.try_into()?,
            seat: self.stream.seat().clone(),
            boot: self.boot,
        };
        self.ask(received_at, Asked::Hello, command).await
    }

    async fn take(&mut self, body: Body, received_at: HallTime) -> Result<(), End> {
        match body {
            Body::Hello(_) => Ok(()),
            Body::Ping(ping) => {
                self.stream.push(Push::Pong(ping.number));
                self.wait_for_pace().await;
                Ok(())
            }
            Body::LogIn(log_in) => self.log_in(&log_in, received_at).await,
            Body::CheckDetails(check) => {
                let correct = check.correct;
                let command = |holder| Command::CheckDetails { holder, correct };
                self.ask_as_holder(received_at, Asked::CheckDetails, command)
                    .await
            }
            Body::Undertake(undertake) => {
                let text =
                    Digest::try_from(undertake.text_digest.as_ref()).map_err(Malformed::from)?;
                let accepted = undertake.accepted;
                let command = |holder| Command::Undertake {
                    holder,
                    text,
                    accepted,
                };
                self.ask_as_holder(received_at, Asked::Undertake, command)
                    .await
            }
            Body::Prepared(wire::Prepared {}) => {
                let command = |holder| Command::Prepare { holder };
                self.ask_as_holder(received_at, Asked::Prepared, command)
                    .await
            }
            Body::Revise(revise) => self.revise(&revise, received_at).await,
            Body::Annotate(annotate) => self.annotate(&annotate, received_at).await,
            Body::Locked(locked) => {
                let command = Command::Locked {
                    holder: holder_of(locked.holder.as_ref())?,
                    last: Seq(locked.last),
                };
                self.ask(received_at, Asked::Locked, command).await
            }
            Body::HandIn(hand_in) => {
                let pressed = hand_in.pressed.as_ref();
                let pressed: Made = pressed
                    .ok_or_else(|| malformed("pressed is missing"))?
                    .try_into()?;
                let command = Command::HandIn {
                    holder: holder_of(hand_in.holder.as_ref())?,
                    last: Seq(hand_in.last),
                    pressed,
                };
                self.ask(received_at, Asked::HandIn, command).await
            }
        }
    }

    async fn log_in(&self, log_in: &wire::LogIn, received_at: HallTime) -> Result<(), End> {
        let seat = self.stream.seat().clone();
        let found = self
            .front
            .find(&seat, &log_in.admission_number, &log_in.id_tail);
        let session = match found {
            Ok(session) => session,
            Err(refusal) => {
                self.stream.push(Push::Refused(Asked::LogIn, refusal));
                self.wait_for_pace().await;
                return Ok(());
            }
        };
        let Ok(lease) = self.front.entropy.lease() else {
            tracing::error!("no lease can be drawn");
            return Err(End::Gone);
        };
        let command = Command::LogIn {
            session,
            seat,
            lease,
            boot: self.boot,
        };
        self.ask(received_at, Asked::LogIn, command).await
    }

    async fn revise(&self, revise: &wire::Revise, received_at: HallTime) -> Result<(), End> {
        let holder = holder_of(revise.holder.as_ref())?;
        if revise.revisions.len() > MANY {
            return Err(malformed("too many revisions in one message"));
        }
        for revision in &revise.revisions {
            let revision = Revision::try_from(revision)?;
            let command = Command::Revise { holder, revision };
            self.ask(received_at, Asked::Revise, command).await?;
        }
        Ok(())
    }

    async fn annotate(&self, annotate: &wire::Annotate, received_at: HallTime) -> Result<(), End> {
        let holder = holder_of(annotate.holder.as_ref())?;
        if annotate.notes.len() > MANY {
            return Err(malformed("too many notes in one message"));
        }
        for note in &annotate.notes {
            let note = Note::try_from(note)?;
            let command = Command::Annotate { holder, note };
            self.ask(received_at, Asked::Annotate, command).await?;
        }
        Ok(())
    }

    async fn ask_as_holder(
        &self,
        received_at: HallTime,
        asked: Asked,
        command: impl FnOnce(Holder) -> Command,
    ) -> Result<(), End> {
        if let Some(holder) = self.stream.holder() {
            return self.ask(received_at, asked, command(holder)).await;
        }
        let refusal = Refusal::NotYourSession;
        self.stream.push(Push::Refused(asked, refusal));
        self.wait_for_pace().await;
        Ok(())
    }

    /// Sends one command to the desk: within the stream's rate, and only while few enough of its
    /// commands are under way. Until then the stream is not read.
    async fn ask(&self, received_at: HallTime, asked: Asked, command: Command) -> Result<(), End> {
        let ready = async {
            self.wait_for_pace().await;
            self.stream.begin().await;
        };
        tokio::select! {
            biased;
            () = self.stream.closed() => return Err(End::Gone),
            () = ready => {}
        }
        let ask = What::Ask {
            stream: Arc::clone(&self.stream),
            asked,
            command,
        };
        let sent = self.front.desk.mail(received_at, ask).await;
        sent.map_err(|_gone| End::Gone)
    }

    async fn wait_for_pace(&self) {
        let pace = if self.stream.is_slowed() {
            &self.slow_pace
        } else {
            &self.pace
        };
        while let Err(early) = pace.check() {
            let wait = early.wait_time_from(pace.clock().now());
            tokio::time::sleep(wait).await;
        }
    }
}

fn quota(limits: &Limits) -> Quota {
    let count = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(count(limits.commands_per_second)).allow_burst(count(limits.commands_burst))
}

fn malformed(text: &str) -> End {
    End::Close(CloseWhy::Malformed(text.to_owned()))
}

fn holder_of(holder: Option<&wire::Holder>) -> Result<Holder, End> {
    let holder = holder.ok_or_else(|| malformed("holder is missing"))?;
    Ok(holder.try_into()?)
}
