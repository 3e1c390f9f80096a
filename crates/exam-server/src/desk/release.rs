//! Saying what has become durable: replies, keys, papers, views, receipts. Nothing here waits, and
//! nothing here runs before the batch is on the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use exam_core::session::Session;
use exam_core::{Epoch, PartNo, Refusal, Reply, Seq, SessionId, State};
use exam_proto::seal::paper_key;

use super::batch::Batch;
use super::{Asked, Desk, Push, ReceiptShown, SeatStream, Shown};

/// W7: the log has room for so many revisions of every item.
const RESERVED_REVISIONS: u32 = 20;

/// Newest acks of the batch, by stream and epoch: they are cumulative, so one of each is enough.
type Acks = BTreeMap<(u64, Epoch), (Arc<SeatStream>, Seq)>;

impl Desk {
    /// Says everything the batch has to say.
    pub(super) fn release(&mut self, batch: &mut Batch) {
        self.reply(batch);
        self.tell_sessions(batch);
        for (reply, outcome) in batch.acts.drain(..) {
            // Who asked may have gone away; the act is done all the same.
            drop(reply.send(outcome));
        }
        for reply in batch.shows.drain(..) {
            drop(reply.send(self.shown()));
        }
        for (stream, why) in batch.closes.drain(..) {
            stream.push(Push::Close(why));
        }
        if let Some((back_in, reply)) = batch.goodbye.take() {
            for stream in self.attached.values() {
                stream.push(Push::Goodbye(back_in));
            }
            if reply.send(()).is_err() {
                tracing::debug!("whoever told the desk to stop has gone");
            }
        }
    }

    fn reply(&self, batch: &mut Batch) {
        let (mut acks, mut note_acks) = (Acks::new(), Acks::new());
        for (stream, asked, reply) in std::mem::take(&mut batch.replies) {
            stream.end_one();
            match reply {
                Ok(Reply::Acked { epoch, up_to }) => {
                    self.slow_past_reserve(&stream, up_to);
                    Self::ack(&mut acks, stream, epoch, up_to);
                }
                Ok(Reply::Noted { epoch, up_to }) => {
                    Self::ack(&mut note_acks, stream, epoch, up_to);
                }
                Ok(Reply::Attached(snapshot)) => {
                    self.also_send(snapshot.view.session, batch);
                    stream.push(Push::Attached(snapshot));
                }
                Ok(Reply::Ended(_)) => batch.receipts.extend(stream.holder().map(|h| h.session)),
                Ok(Reply::Done) => batch.touched.extend(stream.holder().map(|h| h.session)),
                Err(refusal) => Self::refuse(&stream, asked, refusal),
            }
        }
        for ((_, epoch), (stream, up_to)) in acks {
            stream.push(Push::Ack(epoch, up_to));
        }
        for ((_, epoch), (stream, up_to)) in note_acks {
            stream.push(Push::NoteAck(epoch, up_to));
        }
    }

    fn ack(acks: &mut Acks, stream: Arc<SeatStream>, epoch: Epoch, up_to: Seq) {
        let newest = &mut acks
            .entry((stream.number(), epoch))
            .or_insert((stream, up_to))
            .1;
        *newest = (*newest).max(up_to);
    }

    fn refuse(stream: &SeatStream, asked: Asked, refusal: Refusal) {
        stream.push(Push::Refused(asked, refusal));
    }

    /// A kiosk that is there (again) also gets what its session's state entitles it to.
    fn also_send(&self, session: SessionId, batch: &mut Batch) {
        let Some(session) = self.parts.sitting.session(session) else {
            return;
        };
        if session.is_finished() {
            batch.receipts.insert(session.id);
            return;
        }
        if session.state == State::Undertaken
            || session.state == State::Ready
            || session.has_started()
        {
            batch.papers.insert(session.id);
        }
        batch
            .keys
            .extend(opened_part(session).map(|part| (session.id, part)));
    }

    fn tell_sessions(&self, batch: &mut Batch) {
        let sitting = &self.parts.sitting;
        let planned = sitting.opened().map(|opened| opened.planned);
        if batch.all_touched {
            batch.touched.extend(self.attached.keys());
        }
        let stream = |session| self.attached.get(session);
        for session in &batch.papers {
            if let Some(stream) = stream(session) {
                stream.push(Push::Sealed(*session));
            }
        }
        for (session, part) in &batch.keys {
            if let Some(stream) = stream(session) {
                let key = paper_key(&self.parts.seed, *session, *part);
                stream.push(Push::StartKey(*part, key));
            }
        }
        for id in &batch.touched {
            if let (Some(stream), Some(session), Some(planned)) =
                (self.told(id, batch), sitting.session(*id), planned)
            {
                let view = session.view(sitting.rules(), planned, sitting.started(), self.now);
                stream.push(Push::View(Box::new(view)));
            }
        }
        for id in &batch.receipts {
            let receipt = sitting
                .session(*id)
                .and_then(|session| self.receipt(session));
            if let (Some(stream), Some(receipt)) = (stream(id), receipt) {
                stream.push(Push::Receipt(Box::new(receipt)));
            }
        }
    }

    /// Who hears of a session: the stream that has it, or the one that has just lost it.
    fn told<'a>(&'a self, session: &SessionId, batch: &'a Batch) -> Option<&'a Arc<SeatStream>> {
        let lost = |(stream, _): &'a (Arc<SeatStream>, _)| {
            (stream.holder()?.session == *session).then_some(stream)
        };
        let current = self.attached.get(session);
        current.or_else(|| batch.closes.iter().find_map(lost))
    }

    fn receipt(&self, session: &Session) -> Option<ReceiptShown> {
        let sitting = self.parts.sitting.opened().map(|opened| &opened.sitting)?;
        let mut receipt = ReceiptShown::of(sitting, session, &self.parts.clock)?;
        let marks = self.parts.marks.as_ref();
        receipt.marks = marks.and_then(|marks| marks.of(session, self.parts.sitting.rules()));
        Some(receipt)
    }

    fn slow_past_reserve(&self, stream: &SeatStream, up_to: Seq) {
        let few = RESERVED_REVISIONS * 10;
        if up_to.0 <= few || stream.is_slowed() {
            return;
        }
        let session = stream
            .holder()
            .and_then(|h| self.parts.sitting.session(h.session));
        let items = session.map_or(0, |session| session.outline.total());
        let reserved = u32::try_from(items)
            .unwrap_or(u32::MAX)
            .saturating_mul(RESERVED_REVISIONS);
        if up_to.0 > reserved {
            stream.slow_down();
        }
    }

    fn shown(&self) -> Shown {
        let sitting = &self.parts.sitting;
        Shown {
            now: self.now,
            wall: self.parts.clock.wall_at(self.now),
            started: sitting.started(),
            closed: sitting.is_closed(),
            written: self.parts.written,
            views: sitting.views(self.now),
        }
    }
}

/// The part whose key a kiosk may have: one that has started, and no session that has ended.
const fn opened_part(session: &Session) -> Option<PartNo> {
    match session.state {
        State::Running { part, .. } => Some(part),
        State::Closing { .. } | State::Overdue { .. } => Some(PartNo(1)),
        State::Expected
        | State::Arrived
        | State::LoggedIn
        | State::Undertaken
        | State::Ready
        | State::Finished { .. } => None,
    }
}
