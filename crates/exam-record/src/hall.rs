//! What happens in the hall outside any sitting: enrolment, revocation, processes, new sittings.
//!
//! These records are kept in the hall's own small journal; who folds them decides what they mean.

use std::fmt;

use bytes::Bytes;
use exam_core::{BootId, Digest, Resumed, SeatId, SittingId, StaffId};
use prost::Message as _;

use crate::decode::{id, resumed};
use crate::encode::{process_started, raw};
use crate::fault::RecordFault;
use crate::wire::{self, hall_record};
use crate::word::Word as _;

/// The serial number of a certificate, as its bytes stand in it; 1 to 20 of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// Checks the length and keeps the bytes.
    ///
    /// # Errors
    /// [`RecordFault::OutOfRange`] where there are none or more than 20.
    pub fn new(bytes: &[u8]) -> Result<Self, RecordFault> {
        if (1..=20).contains(&bytes.len()) {
            Ok(Self(bytes.to_vec()))
        } else {
            Err(RecordFault::OutOfRange {
                what: "length of a serial number",
                value: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            })
        }
    }

    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a member of staff may do (RULES 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffRole {
    /// 主考.
    Chief,
    /// 监考员.
    Invigilator,
    /// 技术员: sees machines, not people's work.
    Technician,
    /// 督导员: sees everything, may do nothing.
    Inspector,
}

/// One thing that has happened in the hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HallRecord {
    /// A seat's machine got its certificate.
    SeatEnrolled {
        /// The seat.
        seat: SeatId,
        /// Of the certificate.
        serial: Serial,
        /// Digest of the one-time code that was spent; no code enrols twice.
        code: Digest,
    },
    /// A member of staff got a certificate.
    StaffEnrolled {
        /// Who.
        staff: StaffId,
        /// As what.
        role: StaffRole,
        /// Of the certificate.
        serial: Serial,
    },
    /// A certificate is worth nothing from now on.
    Revoked {
        /// Of the certificate.
        serial: Serial,
    },
    /// A server process started.
    ProcessStarted {
        /// The machine's boot.
        boot: BootId,
        /// The program's version.
        build: String,
        /// How hall time went on.
        resumed: Resumed,
    },
    /// The server process left in order.
    Stopped,
    /// A sitting was made; it has a journal of its own.
    SittingCreated {
        /// Which.
        sitting: SittingId,
    },
}

/// Returns the payload of a record of the hall's journal.
pub fn encode_hall(record: &HallRecord) -> Bytes {
    use hall_record::Event as To;
    let event = match record {
        HallRecord::SeatEnrolled { seat, serial, code } => To::SeatEnrolled(wire::SeatEnrolled {
            seat: seat.as_str().to_owned(),
            serial: raw(serial.as_bytes()),
            code_digest: raw(&code.0),
        }),
        HallRecord::StaffEnrolled {
            staff,
            role,
            serial,
        } => To::StaffEnrolled(wire::StaffEnrolled {
            staff: staff.as_str().to_owned(),
            role: role.stored(),
            serial: raw(serial.as_bytes()),
        }),
        HallRecord::Revoked { serial } => To::Revoked(wire::Revoked {
            serial: raw(serial.as_bytes()),
        }),
        HallRecord::ProcessStarted {
            boot,
            build,
            resumed,
        } => To::ProcessStarted(process_started(&boot.0, build, *resumed)),
        HallRecord::Stopped => To::Stopped(wire::Stopped {}),
        HallRecord::SittingCreated { sitting } => To::SittingCreated(wire::SittingCreated {
            sitting: sitting.as_str().to_owned(),
        }),
    };
    Bytes::from(wire::HallRecord { event: Some(event) }.encode_to_vec())
}

/// Reads the payload of one record of the hall's journal.
///
/// # Errors
/// [`RecordFault`], as [`decode`](crate::decode) has it.
pub fn decode_hall(payload: &[u8]) -> Result<HallRecord, RecordFault> {
    use hall_record::Event as From;
    let record = wire::HallRecord::decode(payload).map_err(RecordFault::NotProtobuf)?;
    let understood = record.encoded_len();
    let Some(event) = record.event else {
        return Err(RecordFault::unknown_event(payload));
    };
    RecordFault::unless_whole(understood, payload.len())?;
    Ok(match event {
        From::SeatEnrolled(e) => HallRecord::SeatEnrolled {
            seat: SeatId::new(&e.seat)?,
            serial: Serial::new(&e.serial)?,
            code: id(&e.code_digest)?,
        },
        From::StaffEnrolled(e) => HallRecord::StaffEnrolled {
            staff: StaffId::new(&e.staff)?,
            role: StaffRole::restored(e.role)?,
            serial: Serial::new(&e.serial)?,
        },
        From::Revoked(e) => HallRecord::Revoked {
            serial: Serial::new(&e.serial)?,
        },
        From::ProcessStarted(e) => HallRecord::ProcessStarted {
            boot: id(&e.boot)?,
            resumed: resumed(e.resumed)?,
            build: e.build,
        },
        From::Stopped(wire::Stopped {}) => HallRecord::Stopped,
        From::SittingCreated(e) => HallRecord::SittingCreated {
            sitting: SittingId::new(&e.sitting)?,
        },
    })
}
