//! One seat: a real stream that walks to its open paper and then answers as fast as acks come.
//!
//! It has no spool and no ledger, and keeps no answer; what it sends is what a kiosk sends.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use exam_core::command::Holder;
use exam_core::{
    BootId, Digest, Epoch, HallTime, ItemId, LeaseId, Made, OptionId, PaperPart, PartNo, Revision,
    Seq, SessionId, Span,
};
use exam_proto::delivery as wire;
use exam_proto::delivery::delivery_client::DeliveryClient;
use exam_proto::delivery::hall_message::Body;
use exam_proto::delivery::kiosk_message::Body as Say;
use exam_proto::seal::{PaperKey, open_part};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use tonic::transport::Channel;

use crate::round::{Phase, Round, Tally};
use crate::{Bad, cast};

/// Past twenty revisions of each of its hundred items a seat is slowed to one a second (W7), so it
/// logs in again before: sequences begin anew.
const RENEW: u32 = 1_900;

const BOOT: BootId = BootId([0x5A; 16]);

/// A seat.
#[derive(Debug)]
pub(crate) struct Seat {
    n: u16,
    say: mpsc::Sender<wire::KioskMessage>,
    hear: Streaming<wire::HallMessage>,
    holder: Holder,
    on_wire: wire::Holder,
    /// The hall's clock on the newest message, and when that came.
    clock: (HallTime, Instant),
    questions: Vec<(ItemId, Vec<OptionId>)>,
    link: Digest,
    last: Seq,
    /// When each revision that waits for its ack was sent.
    waiting: VecDeque<Instant>,
    dice: u64,
}

/// What a seat needs to come back to a hall.
#[derive(Debug, Clone)]
pub(crate) struct Lease(wire::Holder);

impl Seat {
    /// Greets the hall as seat `n`, with the lease it has, if it has one.
    async fn greet(channel: Channel, n: u16, lease: Option<Lease>) -> Result<Self, Bad> {
        let (say, said) = mpsc::channel(8);
        let hear = DeliveryClient::new(channel)
            .attend(ReceiverStream::new(said))
            .await?
            .into_inner();
        let seat = Self {
            n,
            say,
            hear,
            holder: Holder {
                session: SessionId::default(),
                lease: LeaseId::default(),
                epoch: Epoch(0),
            },
            on_wire: wire::Holder::default(),
            clock: (HallTime(0), Instant::now()),
            questions: Vec::new(),
            link: Digest::default(),
            last: Seq(0),
            waiting: VecDeque::new(),
            dice: u64::from(n),
        };
        let hello = wire::Hello {
            protocol: exam_proto::PROTOCOL,
            build: "throughput".to_owned(),
            features: Vec::new(),
            boot: BOOT.0.to_vec().into(),
            holder: lease.map(|lease| lease.0),
        };
        seat.tell(Say::Hello(hello)).await?;
        Ok(seat)
    }

    /// Walks to the point where only the start is missing.
    pub(crate) async fn ready(channel: Channel, n: u16) -> Result<(Self, Sealed), Bad> {
        let mut seat = Self::greet(channel, n, None).await?;
        seat.tell(Say::LogIn(seat.log_in())).await?;
        let text_digest = loop {
            if let Body::Candidate(candidate) = seat.next().await? {
                break candidate.undertaking_digest;
            }
        };
        seat.attached().await?;
        seat.tell(Say::CheckDetails(wire::CheckDetails { correct: true }))
            .await?;
        let accepted = true;
        seat.tell(Say::Undertake(wire::Undertake {
            text_digest,
            accepted,
        }))
        .await?;
        let sealed = loop {
            if let Body::Sealed(sealed) = seat.next().await? {
                break Sealed(sealed);
            }
        };
        seat.tell(Say::Prepared(wire::Prepared {})).await?;
        loop {
            if let Body::View(view) = seat.next().await?
                && view.label() == wire::Label::AwaitStart
            {
                return Ok((seat, sealed));
            }
        }
    }

    /// Waits for the start key and opens the paper.
    pub(crate) async fn open(&mut self, sealed: &Sealed) -> Result<(), Bad> {
        let key = loop {
            if let Body::StartKey(key) = self.next().await? {
                break key;
            }
        };
        let manifest = Digest::try_from(sealed.0.manifest.as_ref())?;
        let key = PaperKey(key.key.as_ref().try_into()?);
        let part = PartNo(1);
        let session = self.holder.session;
        let (paper, _) = open_part(&key, session, part, &manifest, &sealed.0.sealed)?;
        self.questions = questions(&paper);
        Ok(())
    }

    /// Comes back to a hall that was away, sends one revision and waits until it is saved.
    pub(crate) async fn back(channel: Channel, n: u16, lease: Lease) -> Result<(), Bad> {
        let mut seat = Self::greet(channel, n, Some(lease)).await?;
        seat.attached().await?;
        let sealed = loop {
            if let Body::Sealed(sealed) = seat.next().await? {
                break Sealed(sealed);
            }
        };
        seat.open(&sealed).await?;
        seat.answer(1).await?;
        while seat.acked().await? == 0 {}
        Ok(())
    }

    /// Its number, from 1.
    pub(crate) const fn number(&self) -> u16 {
        self.n
    }

    /// What it needs to come back.
    pub(crate) fn lease(&self) -> Lease {
        Lease(self.on_wire.clone())
    }

    /// Answers through a whole round. Returns once everything sent is acked.
    pub(crate) async fn drive(mut self, round: Arc<Round>) -> Result<(Self, Tally), Bad> {
        let mut tally = Tally::default();
        self.answer(round.window).await?;
        loop {
            let acked = self.acked().await?;
            let (now, phase) = (Instant::now(), round.phase());
            tally.acked += u64::from(acked);
            tally.messages += 1;
            for sent in self.waiting.drain(..usize::try_from(acked)?) {
                if phase == Phase::Measured {
                    let wait = now.duration_since(sent).as_micros();
                    tally.waits_us.push(u32::try_from(wait)?);
                }
            }
            let pauses = phase == Phase::Over || self.last.0 >= RENEW;
            match (pauses, self.waiting.is_empty()) {
                (false, _) => self.answer(acked).await?,
                (true, false) => {}
                (true, true) if phase == Phase::Over => return Ok((self, tally)),
                (true, true) => {
                    self.tell(Say::LogIn(self.log_in())).await?;
                    self.attached().await?;
                    self.answer(round.window).await?;
                }
            }
        }
    }

    /// Sends `count` new revisions, each in a message of its own: so they leave a kiosk whose
    /// candidate answers one item after the other.
    async fn answer(&mut self, count: u32) -> Result<(), Bad> {
        for _ in 0..count {
            let now = Instant::now();
            let revision = self.revision(now)?;
            let revise = wire::Revise {
                holder: Some(self.on_wire.clone()),
                revisions: vec![(&revision).into()],
            };
            self.waiting.push_back(now);
            self.tell(Say::Revise(revise)).await?;
        }
        Ok(())
    }

    /// The next revision: any option of any item, linked to the one before.
    fn revision(&mut self, now: Instant) -> Result<Revision, Bad> {
        let item = self.throw() % self.questions.len();
        let option = self.throw() % self.questions[item].1.len();
        let (item, options) = &self.questions[item];
        let since = now.duration_since(self.clock.1).as_millis();
        let mut revision = Revision {
            seq: self.last.next(),
            item: item.clone(),
            choice: Some(options[option].clone()),
            made: Made {
                base: self.clock.0,
                since: Span(i64::try_from(since)?),
                boot: BOOT,
            },
            link: self.link,
        };
        revision.link = revision.link_after(&self.link, self.holder.epoch);
        self.link = revision.link;
        self.last = revision.seq;
        Ok(revision)
    }

    /// Waits for the next ack; returns how many revisions it is for.
    async fn acked(&mut self) -> Result<u32, Bad> {
        loop {
            if let Body::Ack(ack) = self.next().await? {
                let waiting = u32::try_from(self.waiting.len())?;
                let before = self.last.0 - waiting;
                let acked = ack.up_to.checked_sub(before);
                return acked.ok_or_else(|| "an ack went back".into());
            }
        }
    }

    /// Waits for the snapshot, and goes on from it.
    async fn attached(&mut self) -> Result<(), Bad> {
        let snapshot = loop {
            if let Body::Snapshot(snapshot) = self.next().await? {
                break snapshot;
            }
        };
        self.on_wire = snapshot.holder.ok_or("a snapshot without its holder")?;
        self.holder = Holder::try_from(&self.on_wire)?;
        self.link = Digest::try_from(snapshot.link.as_ref())?;
        self.last = Seq(snapshot.up_to);
        Ok(())
    }

    fn log_in(&self) -> wire::LogIn {
        wire::LogIn {
            admission_number: cast::number(self.n),
            id_tail: cast::tail(self.n),
        }
    }

    async fn tell(&self, body: Say) -> Result<(), Bad> {
        let message = wire::KioskMessage { body: Some(body) };
        Ok(self.say.send(message).await?)
    }

    async fn next(&mut self) -> Result<Body, Bad> {
        let message = self.hear.message().await?;
        let message = message.ok_or("the hall closed a stream")?;
        if let Some(clock) = message.clock {
            self.clock = (HallTime(clock.hall_ms), Instant::now());
        }
        match message.body {
            Some(Body::Refused(refused)) => Err(format!("refused: {refused:?}").into()),
            body => body.ok_or_else(|| "a message without a body".into()),
        }
    }

    /// A number nobody has to guess.
    fn throw(&mut self) -> usize {
        self.dice = self.dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.dice ^ (self.dice >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        usize::try_from(mixed >> 33).unwrap_or(0)
    }
}

/// A paper that waits for its key.
#[derive(Debug)]
pub(crate) struct Sealed(wire::SealedPart);

fn questions(paper: &PaperPart) -> Vec<(ItemId, Vec<OptionId>)> {
    let items = paper.sections.iter().flat_map(|section| &section.items);
    let options = |item: &exam_core::PaperItem| {
        let ids = item.options.iter().map(|option| option.id.clone());
        (item.item.clone(), ids.collect())
    };
    items.map(options).collect()
}
