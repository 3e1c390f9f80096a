//! What an attachment makes of what the hall says.

use std::sync::Arc;

use exam_core::command::Holder;
use exam_core::{HallTime, Label, Refusal, SessionView, Snapshot, WallTime};
use exam_proto::PROTOCOL;

use super::answers::Answers;
use super::ending::EndAsk;
use super::notes::Notes;
use super::{Attachment, Observed, Stage};
use crate::message::{Asked, HallBody, HallSays};
use crate::picture::{Ending, HallInfo, Link, MarksShown, PaperState, ReceiptShown};

/// Local milliseconds after which a clock reading is replaced even by one that came late.
const CLOCK_AGE_MS: i64 = 30_000;

impl Attachment {
    pub(super) fn hear(&mut self, says: HallSays) {
        if self.contact.stage == Stage::Cut {
            return;
        }
        let first = matches!(says.body, HallBody::Welcome { .. });
        if let Some((hall, wall)) = says.clock {
            self.hear_clock(hall, wall, first);
        }
        let wall = says
            .clock
            .map_or_else(|| self.picture.clock.wall_at(self.now_ms), |(_, wall)| wall);
        if !first && self.contact.stage < Stage::Welcomed {
            return;
        }
        match says.body {
            HallBody::Welcome {
                protocol,
                build,
                info,
            } => match info {
                Ok(info) if protocol == PROTOCOL => self.hear_welcome(info),
                Ok(_) | Err(_) => self.picture.other_version = Some(build),
            },
            HallBody::Candidate(candidate) => self.picture.candidate = Some(candidate),
            HallBody::Snapshot(snapshot) => self.hear_snapshot(&snapshot, wall),
            HallBody::View(view) => self.hear_view(*view),
            HallBody::Sealed {
                part,
                parts,
                manifest,
                sealed,
            } => {
                self.paper.put(part, parts, manifest, sealed);
                if matches!(self.picture.paper, PaperState::Absent | PaperState::Broken) {
                    self.picture.paper = PaperState::Sealed;
                }
                self.open_paper();
            }
            HallBody::StartKey { part, key } => {
                self.paper.key(part, key);
                self.open_paper();
            }
            HallBody::Ack { epoch, up_to } => {
                if let Some(holder) = self.held_at(epoch)
                    && self.answers.ack(up_to, wall)
                {
                    self.observe_acked(holder);
                }
            }
            HallBody::NoteAck { epoch, up_to } => {
                if self.held_at(epoch).is_some() {
                    self.notes.path.ack(up_to);
                }
            }
            HallBody::Refused { asked, refusal } => self.hear_refused(asked, refusal),
            HallBody::Receipt(receipt) => self.hear_receipt(*receipt),
            HallBody::Marks(marks) => self.hear_marks(*marks),
            HallBody::Pong { .. } => {}
            HallBody::Goodbye => self.picture.goodbye = true,
        }
    }

    /// Keeps the reading that was least delayed on its way: delays only ever make the hall's clock
    /// look late. A new stream begins anew, for the hall may have resumed at an earlier hour.
    fn hear_clock(&mut self, hall: HallTime, wall: WallTime, first: bool) {
        let clock = &mut self.picture.clock;
        let offset = hall.0.saturating_sub(self.now_ms);
        let known = clock.hall.0.saturating_sub(clock.at_ms);
        let old = self.now_ms.saturating_sub(clock.at_ms) >= CLOCK_AGE_MS * self.speed;
        if first || old || offset >= known {
            clock.hall = hall;
            clock.wall = wall;
            clock.at_ms = self.now_ms;
        }
    }

    fn hear_welcome(&mut self, info: Arc<HallInfo>) {
        self.contact.stage = self.contact.stage.max(Stage::Welcomed);
        self.contact.pinged_ms = self.now_ms;
        self.picture.link = Link::Online;
        self.picture.goodbye = false;
        self.picture.other_version = None;
        self.picture.hall = Some(info);
    }

    fn held_at(&self, epoch: exam_core::Epoch) -> Option<Holder> {
        self.holder.filter(|holder| holder.epoch == epoch)
    }

    fn observe_acked(&mut self, holder: Holder) {
        self.observe(Observed::Acked {
            session: holder.session,
            epoch: holder.epoch,
            up_to: self.answers.path.acked(),
            at_ms: self.now_ms,
        });
    }

    fn hear_snapshot(&mut self, snapshot: &Snapshot, wall: WallTime) {
        let holder = Holder {
            session: snapshot.view.session,
            lease: snapshot.lease,
            epoch: snapshot.epoch,
        };
        if self.holder == Some(holder) {
            let acked = self.answers.path.acked();
            self.answers.merge(snapshot, wall);
            self.notes.merge(snapshot);
            if self.answers.path.acked() > acked {
                self.observe_acked(holder);
            }
        } else {
            // Revisions of an older epoch stay evidence in the spool: they are not resent under
            // this one (R4, W6).
            self.answers = Answers::fresh(snapshot, wall);
            self.notes = Notes::fresh(snapshot);
            self.end = EndAsk::default();
            self.writing.forget_position();
            self.picture.ending = Ending::None;
            self.picture.position = None;
            self.picture.restored = None;
            self.picture.refusal = None;
        }
        self.holder = Some(holder);
        self.contact.stage = Stage::Attached;
        self.contact.prepared_sent = false;
        self.spool_lease(holder);
        self.picture.view = Some(snapshot.view.clone());
        self.restore();
        self.open_paper();
    }

    /// Counts what is intact after a return; a cable that was out for a moment is no return.
    fn restore(&mut self) {
        if self.label() == Some(Label::Running) && !self.paper.is_open() {
            let shown = self.answers.shown();
            let intact = shown
                .values()
                .filter(|answer| answer.choice.is_some())
                .count();
            self.picture.restored = u16::try_from(intact).ok().filter(|count| *count > 0);
        }
    }

    fn hear_view(&mut self, view: SessionView) {
        if self.holder.map(|holder| holder.session) != Some(view.session) {
            return;
        }
        if self.label() != Some(view.label) {
            self.contact.prepared_sent = false;
        }
        self.picture.view = Some(view);
    }

    fn open_paper(&mut self) {
        let Some(holder) = self.holder else {
            return;
        };
        if let Some(state) = self.paper.open(holder.session) {
            self.picture.paper = state;
        }
    }

    fn hear_receipt(&mut self, mut receipt: ReceiptShown) {
        if self.holder.is_none() {
            return;
        }
        receipt.marks.clone_from(&self.marks);
        let path = &self.answers.path;
        let early = path.acked() < path.last() || self.answers.has_chosen();
        self.end.receipt_was_early(early);
        self.picture.ending = Ending::Ended(receipt);
    }

    fn hear_marks(&mut self, marks: MarksShown) {
        if self.holder.is_none() {
            return;
        }
        if let Ending::Ended(receipt) = &mut self.picture.ending {
            receipt.marks = Some(marks.clone());
        }
        self.marks = Some(marks);
    }

    /// This seat was fenced, or the hall never heard of the session: it holds nothing any more.
    pub(super) fn fenced(&mut self, refusal: Refusal) {
        self.forget();
        // An old spool from another sitting is nothing the next candidate must hear of.
        if refusal != Refusal::UnknownSession {
            self.refuse(refusal);
        }
    }

    fn hear_refused(&mut self, asked: Asked, refusal: Refusal) {
        self.observe(Observed::Refused {
            asked,
            refusal: refusal.clone(),
            at_ms: self.now_ms,
        });
        match (asked, refusal) {
            (Asked::Unspecified, _) => {}
            (Asked::LogIn, refusal) => self.refuse(refusal),
            (
                Asked::Hello,
                refusal @ (Refusal::NotYourSession
                | Refusal::UnknownSession
                | Refusal::WrongSeat { .. }),
            ) => self.fenced(refusal),
            (_, refusal @ (Refusal::NotYourSession | Refusal::UnknownSession)) => {
                self.fenced(refusal);
            }
            (Asked::Hello | Asked::CheckDetails | Asked::Undertake, refusal) => {
                self.refuse(refusal);
            }
            (Asked::Prepared, refusal) => {
                self.begin = false;
                if refusal != Refusal::NotNow {
                    self.refuse(refusal);
                }
            }
            (Asked::Revise, refusal) => self.revise_refused(refusal),
            (Asked::Annotate, refusal) => self.annotate_refused(&refusal),
            (Asked::Locked | Asked::HandIn, refusal) => self.end_refused(refusal),
        }
    }

    fn revise_refused(&mut self, refusal: Refusal) {
        let (now_ms, speed, path) = (self.now_ms, self.speed, &mut self.answers.path);
        match refusal {
            Refusal::RevisionGap { have, .. } => path.fill(have, now_ms, speed),
            Refusal::TooFast { again_in } => path.refused(now_ms, speed, Some(again_in.0.max(0))),
            Refusal::OtherAnswerSameName { .. } => {
                path.give_up();
                self.refuse(refusal);
            }
            other => {
                // The hall keeps it as evidence; sent once more, it says where it stands.
                path.refused(now_ms, speed, None);
                let said = self.picture.refusal.as_ref().map(|(_, refusal)| refusal);
                if said != Some(&other) {
                    self.refuse(other);
                }
            }
        }
    }

    fn annotate_refused(&mut self, refusal: &Refusal) {
        let (now_ms, speed, path) = (self.now_ms, self.speed, &mut self.notes.path);
        match refusal {
            Refusal::RevisionGap { have, .. } => path.fill(*have, now_ms, speed),
            Refusal::TooFast { again_in } => path.refused(now_ms, speed, Some(again_in.0.max(0))),
            Refusal::AlreadyEnded { .. } => path.give_up(),
            _ => path.refused(now_ms, speed, None),
        }
    }
}
