//! The hall's own small journal: processes, enrolments, revocations, new sittings.
//!
//! Same journal code as a sitting's. It also remembers which certificates a name has, so that a
//! name can be revoked; what a sitting does is not in here.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use exam_core::{BootId, HallTime, Resumed, SittingId, WallTime};
use exam_journal::{Disk, JournalFault, JournalId, NewRecord, Opened};
use exam_record::{HallRecord, StaffRole, decode_hall, encode_hall};

use crate::clock::HallClock;
use crate::enrol::Code;
use crate::pki::{Identity, Role, Serial};

/// The hall's journal, open.
#[derive(Debug)]
pub struct HallBook {
    disk: Disk,
    journal: JournalId,
    clock: HallClock,
    serials: Mutex<BTreeMap<String, Vec<Serial>>>,
}

/// What the hall's journal knew when it was opened.
#[derive(Debug, Clone, Default)]
pub struct BookKnows {
    /// Hall and wall time of its newest record.
    pub last: Option<(HallTime, WallTime)>,
    /// The boot of the newest process.
    pub boot: Option<BootId>,
    /// Certificates by name.
    serials: BTreeMap<String, Vec<Serial>>,
}

/// The hall's journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BookFault {
    /// The disk.
    #[error(transparent)]
    Journal(#[from] JournalFault),
    /// A record that cannot be read.
    #[error("could not read record {lsn} of the hall's journal")]
    Record {
        /// Its number.
        lsn: u64,
        /// What is wrong with it.
        source: exam_record::RecordFault,
    },
}

impl BookKnows {
    /// Reads what the journal holds.
    ///
    /// # Errors
    /// [`BookFault::Record`] names the record.
    pub fn of(opened: &Opened) -> Result<Self, BookFault> {
        let mut knows = Self::default();
        for record in &opened.records {
            let lsn = record.lsn;
            let event =
                decode_hall(&record.payload).map_err(|source| BookFault::Record { lsn, source })?;
            knows.last = Some((HallTime(record.hall_ms), WallTime(record.wall_ms)));
            match event {
                HallRecord::SeatEnrolled { seat, serial, .. } => {
                    knows.has(seat.as_str(), serial.as_bytes());
                }
                HallRecord::StaffEnrolled { staff, serial, .. } => {
                    knows.has(staff.as_str(), serial.as_bytes());
                }
                HallRecord::ProcessStarted { boot, .. } => knows.boot = Some(boot),
                HallRecord::Revoked { .. }
                | HallRecord::Stopped
                | HallRecord::SittingCreated { .. } => {}
            }
        }
        Ok(knows)
    }

    fn has(&mut self, name: &str, serial: &[u8]) {
        if let Ok(serial) = serial.try_into().map(Serial::new) {
            self.serials
                .entry(name.to_owned())
                .or_default()
                .push(serial);
        }
    }
}

impl HallBook {
    /// Goes on with a journal that is open.
    pub fn new(disk: Disk, journal: JournalId, clock: HallClock, knows: BookKnows) -> Self {
        Self {
            disk,
            journal,
            clock,
            serials: Mutex::new(knows.serials),
        }
    }

    /// A server process took the hall up.
    ///
    /// # Errors
    /// [`BookFault`] of the disk.
    pub async fn started(&self, resumed: Resumed) -> Result<(), BookFault> {
        let boot = self.clock.boot();
        let build = crate::BUILD.to_owned();
        self.append(&HallRecord::ProcessStarted {
            boot,
            build,
            resumed,
        })
        .await
    }

    /// The server process leaves in order.
    ///
    /// # Errors
    /// [`BookFault`] of the disk.
    pub async fn stopped(&self) -> Result<(), BookFault> {
        self.append(&HallRecord::Stopped).await
    }

    /// A sitting was made.
    ///
    /// # Errors
    /// [`BookFault`] of the disk.
    pub async fn created(&self, sitting: SittingId) -> Result<(), BookFault> {
        self.append(&HallRecord::SittingCreated { sitting }).await
    }

    /// A certificate was issued to `identity` for the code of `key`.
    ///
    /// # Errors
    /// [`BookFault`] of the disk.
    pub async fn enrolled(
        &self,
        identity: &Identity,
        serial: &Serial,
        key: &[u8; 32],
    ) -> Result<(), BookFault> {
        let stored = stored(serial)?;
        let record = match (
            identity.seat(),
            identity.staff(),
            staff_role(identity.role()),
        ) {
            (Some(seat), _, _) => HallRecord::SeatEnrolled {
                seat,
                serial: stored,
                code: Code::digest_of_key(key),
            },
            (None, Some(staff), Some(role)) => HallRecord::StaffEnrolled {
                staff,
                role,
                serial: stored,
            },
            (None, Some(_) | None, _) => return Ok(()),
        };
        self.append(&record).await?;
        let mut serials = self.serials.lock().unwrap_or_else(PoisonError::into_inner);
        let of_name = serials.entry(identity.name().to_owned()).or_default();
        of_name.push(serial.clone());
        Ok(())
    }

    /// A certificate is worth nothing from now on.
    ///
    /// # Errors
    /// [`BookFault`] of the disk.
    pub async fn revoked(&self, serial: &Serial) -> Result<(), BookFault> {
        let serial = stored(serial)?;
        self.append(&HallRecord::Revoked { serial }).await
    }

    /// Returns the certificates that were issued to a name.
    pub fn serials_of(&self, name: &str) -> Vec<Serial> {
        let serials = self.serials.lock().unwrap_or_else(PoisonError::into_inner);
        serials.get(name).cloned().unwrap_or_default()
    }

    /// The journal's number at the disk, for closing it.
    pub(crate) const fn journal(&self) -> JournalId {
        self.journal
    }

    async fn append(&self, record: &HallRecord) -> Result<(), BookFault> {
        let record = NewRecord {
            hall_ms: self.clock.now().0,
            wall_ms: self.clock.wall().0,
            payload: encode_hall(record),
        };
        self.disk.append(self.journal, vec![record]).await?;
        Ok(())
    }
}

fn stored(serial: &Serial) -> Result<exam_record::Serial, BookFault> {
    exam_record::Serial::new(serial.bytes()).map_err(|source| BookFault::Record { lsn: 0, source })
}

const fn staff_role(role: Role) -> Option<StaffRole> {
    match role {
        Role::Seat => None,
        Role::Chief => Some(StaffRole::Chief),
        Role::Invigilator => Some(StaffRole::Invigilator),
        Role::Technician => Some(StaffRole::Technician),
        Role::Inspector => Some(StaffRole::Inspector),
    }
}
