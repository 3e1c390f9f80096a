//! What a seat and its hall say to each other, in the words of the trade: the one place where wire
//! messages are read and written.
//!
//! No message is judged here beyond whether it can mean anything.

use std::sync::Arc;

use bytes::Bytes;
use exam_core::command::Holder;
use exam_core::{
    BootId, Digest, Epoch, HallTime, ItemKind, Made, Marks, Note, PartNo, Receipt, Refusal,
    Revision, SeatId, Seq, SessionView, Snapshot, Span, Text, WallTime,
};
use exam_proto::delivery as wire;
use exam_proto::seal::PaperKey;
use exam_proto::{Malformed, PROTOCOL, snapshot_from_wire};

use crate::picture::{Candidate, HallInfo, MarksShown, ReceiptShown, SectionShown};

pub use exam_proto::delivery::{Asked, HallMessage, KioskMessage};

/// What a seat says.
#[derive(Clone, PartialEq, Eq)]
pub enum KioskSays {
    /// The first message of every stream; with the holder where the seat returns with a lease.
    Hello {
        /// This machine's boot.
        boot: BootId,
        /// The lease it holds.
        holder: Option<Holder>,
    },
    /// Log-in.
    LogIn {
        /// Admission number.
        number: String,
        /// Last digits of the ID.
        tail: String,
    },
    /// The own data are right or wrong.
    CheckDetails {
        /// Whether they are right.
        correct: bool,
    },
    /// The undertaking is answered.
    Undertake {
        /// Digest of the text shown.
        text: Digest,
        /// Whether it is accepted.
        accepted: bool,
    },
    /// The sealed paper is here, and the candidate is ready.
    Prepared,
    /// Revisions in order of sequence.
    Revise {
        /// Who writes.
        holder: Holder,
        /// The revisions.
        revisions: Vec<Revision>,
    },
    /// Notes in order of sequence.
    Annotate {
        /// Who writes.
        holder: Holder,
        /// The notes.
        notes: Vec<Note>,
    },
    /// The seat locked itself at the own end and has sent all it made.
    Locked {
        /// Who writes.
        holder: Holder,
        /// The last revision made.
        last: Seq,
    },
    /// Hand-in.
    HandIn {
        /// Who writes.
        holder: Holder,
        /// The last revision made.
        last: Seq,
        /// When the key was pressed.
        pressed: Made,
    },
    /// Are you there, and what is the hour?
    Ping {
        /// Its number.
        number: u64,
    },
}

impl KioskSays {
    /// Returns the name of the message, for logs: no number, no digit, no answer.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::LogIn { .. } => "log-in",
            Self::CheckDetails { .. } => "check-details",
            Self::Undertake { .. } => "undertake",
            Self::Prepared => "prepared",
            Self::Revise { .. } => "revise",
            Self::Annotate { .. } => "annotate",
            Self::Locked { .. } => "locked",
            Self::HandIn { .. } => "hand-in",
            Self::Ping { .. } => "ping",
        }
    }
}

impl std::fmt::Debug for KioskSays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KioskSays({})", self.name())
    }
}

impl From<&KioskSays> for KioskMessage {
    fn from(says: &KioskSays) -> Self {
        use wire::kiosk_message::Body;
        let body = match says {
            KioskSays::Hello { boot, holder } => Body::Hello(wire::Hello {
                protocol: PROTOCOL,
                build: env!("CARGO_PKG_VERSION").to_owned(),
                features: Vec::new(),
                boot: Bytes::copy_from_slice(&boot.0),
                holder: holder.as_ref().map(Into::into),
            }),
            KioskSays::LogIn { number, tail } => Body::LogIn(wire::LogIn {
                admission_number: number.clone(),
                id_tail: tail.clone(),
            }),
            KioskSays::CheckDetails { correct } => {
                Body::CheckDetails(wire::CheckDetails { correct: *correct })
            }
            KioskSays::Undertake { text, accepted } => Body::Undertake(wire::Undertake {
                text_digest: Bytes::copy_from_slice(&text.0),
                accepted: *accepted,
            }),
            KioskSays::Prepared => Body::Prepared(wire::Prepared {}),
            KioskSays::Revise { holder, revisions } => Body::Revise(wire::Revise {
                holder: Some(holder.into()),
                revisions: revisions.iter().map(Into::into).collect(),
            }),
            KioskSays::Annotate { holder, notes } => Body::Annotate(wire::Annotate {
                holder: Some(holder.into()),
                notes: notes.iter().map(Into::into).collect(),
            }),
            KioskSays::Locked { holder, last } => Body::Locked(wire::Locked {
                holder: Some(holder.into()),
                last: last.0,
            }),
            KioskSays::HandIn {
                holder,
                last,
                pressed,
            } => Body::HandIn(wire::HandIn {
                holder: Some(holder.into()),
                last: last.0,
                pressed: Some(pressed.into()),
            }),
            KioskSays::Ping { number } => Body::Ping(wire::Ping { number: *number }),
        };
        Self { body: Some(body) }
    }
}

/// One message of the hall, with its clocks at the moment of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallSays {
    /// Hall clock and wall clock.
    pub clock: Option<(HallTime, WallTime)>,
    /// What it says.
    pub body: HallBody,
}

/// What the hall says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HallBody {
    /// The first message of every stream.
    Welcome {
        /// The protocol the hall speaks.
        protocol: u32,
        /// The hall's build.
        build: String,
        /// What it says of itself; an older or newer hall may say it unreadably.
        info: Result<Arc<HallInfo>, Malformed>,
    },
    /// The candidate's own data.
    Candidate(Arc<Candidate>),
    /// The whole state of the session.
    Snapshot(Box<Snapshot>),
    /// The session as it is now.
    View(Box<SessionView>),
    /// One sealed part of the paper.
    Sealed {
        /// Which part.
        part: PartNo,
        /// How many parts the paper has.
        parts: u32,
        /// Digest of the bank's manifest, part of the seal.
        manifest: Digest,
        /// The sealed bytes.
        sealed: Bytes,
    },
    /// The key of one part of this session's paper.
    StartKey {
        /// Which part.
        part: PartNo,
        /// The key.
        key: PaperKey,
    },
    /// Revisions up to here are durable.
    Ack {
        /// Their epoch.
        epoch: Epoch,
        /// The newest.
        up_to: Seq,
    },
    /// Notes up to here are durable.
    NoteAck {
        /// Their epoch.
        epoch: Epoch,
        /// The newest.
        up_to: Seq,
    },
    /// A rule says no.
    Refused {
        /// To what.
        asked: Asked,
        /// Why.
        refusal: Refusal,
    },
    /// How it ended.
    Receipt(Box<ReceiptShown>),
    /// Marks, where the rules show them.
    Marks(Box<MarksShown>),
    /// The hall is there.
    Pong {
        /// Number of the ping.
        number: u64,
    },
    /// The hall goes away for a moment.
    Goodbye,
}

impl HallSays {
    /// Reads a message off the wire.
    ///
    /// # Errors
    /// [`Malformed`] names what cannot be read.
    pub fn read(message: &HallMessage) -> Result<Self, Malformed> {
        let clock = message
            .clock
            .map(|clock| (HallTime(clock.hall_ms), WallTime(clock.wall_ms)));
        let body = message
            .body
            .as_ref()
            .ok_or_else(|| Malformed("the message has no body".to_owned()))?;
        Ok(Self {
            clock,
            body: read_body(body)?,
        })
    }
}

fn read_body(body: &wire::hall_message::Body) -> Result<HallBody, Malformed> {
    use wire::hall_message::Body;
    Ok(match body {
        Body::Welcome(welcome) => HallBody::Welcome {
            protocol: welcome.protocol,
            build: welcome.build.clone(),
            info: hall_info(welcome).map(Arc::new),
        },
        Body::Candidate(own) => HallBody::Candidate(Arc::new(candidate(own)?)),
        Body::Snapshot(snapshot) => HallBody::Snapshot(Box::new(snapshot_from_wire(snapshot)?)),
        Body::View(view) => HallBody::View(Box::new(view.try_into()?)),
        Body::Sealed(sealed) => HallBody::Sealed {
            part: part_no(sealed.part)?,
            parts: sealed.parts.max(1),
            manifest: Digest::try_from(sealed.manifest.as_ref())?,
            sealed: sealed.sealed.clone(),
        },
        Body::StartKey(start) => HallBody::StartKey {
            part: part_no(start.part)?,
            key: PaperKey(Digest::try_from(start.key.as_ref())?.0),
        },
        Body::Ack(ack) => HallBody::Ack {
            epoch: Epoch(ack.epoch),
            up_to: Seq(ack.up_to),
        },
        Body::NoteAck(ack) => HallBody::NoteAck {
            epoch: Epoch(ack.epoch),
            up_to: Seq(ack.up_to),
        },
        Body::Refused(refused) => HallBody::Refused {
            asked: refused.asked(),
            refusal: refused
                .refusal
                .as_ref()
                .ok_or_else(|| Malformed("refusal is missing".to_owned()))?
                .try_into()?,
        },
        Body::Receipt(receipt) => HallBody::Receipt(Box::new(receipt_shown(receipt)?)),
        Body::Marks(marks) => HallBody::Marks(Box::new(marks_shown(marks)?)),
        Body::Pong(pong) => HallBody::Pong {
            number: pong.number,
        },
        Body::Goodbye(_) => HallBody::Goodbye,
    })
}

fn part_no(number: u32) -> Result<PartNo, Malformed> {
    match u8::try_from(number) {
        Ok(number) if number > 0 => Ok(PartNo(number)),
        Ok(_) | Err(_) => Err(Malformed(format!("part {number} is not between 1 and 255"))),
    }
}

fn hall_info(welcome: &wire::Welcome) -> Result<HallInfo, Malformed> {
    Ok(HallInfo {
        name: welcome.hall_name.clone(),
        station: welcome.station.clone(),
        seat: SeatId::new(&welcome.seat)?,
        zone: welcome.zone.clone(),
        sitting: welcome.sitting.clone(),
        rehearsal: welcome.rehearsal,
        title: welcome.title.as_ref().map(Text::from),
        planned: HallTime(welcome.planned_ms),
        log_in_opens: HallTime(welcome.log_in_opens_ms),
        minutes: welcome.minutes,
        items: welcome.items,
        full_marks: Marks(welcome.full_marks),
    })
}

fn candidate(own: &wire::Candidate) -> Result<Candidate, Malformed> {
    let text = |text: Option<&wire::Text>| text.map_or_else(|| Text::zh(""), Text::from);
    let warn = own.warn_seconds.iter();
    Ok(Candidate {
        name: own.name.clone(),
        number: own.admission_number.clone(),
        id_masked: own.id_masked.clone(),
        subject: own.subject.clone(),
        title: text(own.title.as_ref()),
        minutes: own.minutes,
        factor: own.factor_hundredths,
        items: own.items,
        full_marks: Marks(own.full_marks),
        undertaking: text(own.undertaking.as_ref()),
        undertaking_digest: Digest::try_from(own.undertaking_digest.as_ref())?,
        warn: warn.map(|&s| Span::seconds(i64::from(s))).collect(),
        // A language this build does not speak is no reason to turn a candidate away.
        languages: own
            .item_languages
            .iter()
            .filter_map(|tag| tag.parse().ok())
            .collect(),
        may_switch: own.may_switch_language,
        early_hand_in_minutes: own.early_hand_in_minutes,
    })
}

fn receipt_shown(receipt: &wire::Receipt) -> Result<ReceiptShown, Malformed> {
    let Receipt {
        end,
        at,
        answered,
        total,
    } = receipt.try_into()?;
    Ok(ReceiptShown {
        end,
        at,
        at_wall: WallTime(receipt.at_wall_ms),
        answered,
        total,
        code: receipt.code.clone(),
        check: receipt.check.clone(),
        marks: None,
    })
}

fn marks_shown(marks: &wire::ShownMarks) -> Result<MarksShown, Malformed> {
    let section = |section: &wire::SectionMarks| {
        let kind = match section.kind() {
            wire::ItemKind::TrueFalse => ItemKind::TrueFalse,
            wire::ItemKind::SingleChoice => ItemKind::SingleChoice,
            wire::ItemKind::Unspecified => {
                return Err(Malformed("item kind is missing".to_owned()));
            }
        };
        Ok(SectionShown {
            kind,
            marks: Marks(section.marks),
            full: Marks(section.full),
            right: section.right,
            items: section.items,
        })
    };
    Ok(MarksShown {
        total: Marks(marks.total),
        full: Marks(marks.full),
        passed: marks.passed,
        sections: marks
            .sections
            .iter()
            .map(section)
            .collect::<Result<_, _>>()?,
    })
}
