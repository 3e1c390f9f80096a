//! Putting a running hall together: the desk, what it may tell, the services, the doors.

use std::sync::{Arc, Mutex};

use exam_core::SittingKind;
use exam_journal::Disk;
use tokio::sync::watch;

use super::journal::Incidents;
use super::running::{Parts, RunningHall};
use super::serve::{self, Doors, Services};
use super::start::{Gate, Ready};
use super::{HallFault, HallOptions};
use crate::book::HallBook;
use crate::clock::HallClock;
use crate::desk::{Desk, DeskHandle, DeskParts, MarksAtHandIn};
use crate::door::Live;
use crate::enrol::{EnrolmentService, Tries};
use crate::roster::Lookup;
use crate::service::{AdministrationService, DeliveryService, Face, Front, Streams};

/// The least room of the desk's mailbox.
const MAILBOX_MIN: usize = 256;

/// Everything a running hall is put together from.
pub(super) struct Assembly {
    pub(super) options: HallOptions,
    pub(super) gate: Gate,
    pub(super) live: Live,
    pub(super) doors: Doors,
    pub(super) disk: Disk,
    pub(super) clock: HallClock,
    pub(super) book: Arc<HallBook>,
    pub(super) incidents: Incidents,
    pub(super) kind: SittingKind,
}

impl Assembly {
    /// Starts the desk and opens the doors.
    pub(super) fn serve(
        self,
        ready: Ready,
        written: (u64, [u8; 32]),
        marks: Option<MarksAtHandIn>,
    ) -> Result<RunningHall, HallFault> {
        let opened = ready
            .sitting
            .opened()
            .cloned()
            .ok_or(HallFault::NoOpening)?;
        let face = Arc::new(Face {
            config: self.options.config.clone(),
            sitting: opened.sitting,
            kind: self.kind,
            planned: opened.planned,
            rules: Arc::clone(&ready.rules),
            manifest: opened.manifest,
            roster: Arc::clone(&ready.roster),
            papers: ready.papers,
        });
        let limits = self.options.config.limits;
        let in_flight = usize::try_from(limits.commands_in_flight).unwrap_or(1);
        let (desk, handle) = Desk::new(DeskParts {
            sitting: ready.sitting,
            clock: self.clock.clone(),
            disk: self.disk.clone(),
            journal: ready.journal,
            written,
            seed: ready.seed,
            marks,
            mailbox: in_flight
                .saturating_mul(ready.roster.len())
                .max(MAILBOX_MIN),
        });
        let streams = Streams::default();
        let services = self.services(&face, &handle, &streams)?;
        let addresses = (
            self.doors.delivery.address()?,
            self.doors.enrolment.address()?,
        );
        let open = Arc::new(watch::Sender::new(true));
        let ports = serve::open(self.doors, services, &limits, &self.gate.revoked, &open);
        Ok(RunningHall::run(Parts {
            desk,
            handle,
            addresses,
            open,
            ports,
            live: self.live,
            streams,
            face,
            clock: self.clock,
            disk: self.disk,
            journal: ready.journal,
            book: self.book,
            pki: self.gate.pki,
            codes: self.gate.codes,
            revoked: self.gate.revoked,
            entropy: self.options.entropy,
            incidents: self.incidents,
            report: ready.report,
            data: self.options.data,
        }))
    }

    fn services(
        &self,
        face: &Arc<Face>,
        handle: &DeskHandle,
        streams: &Streams,
    ) -> Result<Services, HallFault> {
        let (limits, clock) = (self.options.config.limits, self.clock.clone());
        let front = Front {
            face: Arc::clone(face),
            desk: handle.clone(),
            clock: clock.clone(),
            entropy: self.options.entropy.clone(),
            lookup: Lookup::new(&face.roster, self.options.entropy.draw()?),
            tries: Mutex::new(Tries::new(limits.log_in_tries)),
            streams: streams.clone(),
        };
        let face = Arc::clone(face);
        Ok(Services {
            delivery: DeliveryService::new(Arc::new(front)),
            administration: AdministrationService::new(face, handle.clone(), clock.clone()),
            enrolment: EnrolmentService::new(
                Arc::clone(&self.gate.pki),
                Arc::clone(&self.gate.codes),
                Arc::clone(&self.book),
                clock,
                self.options.config.name.clone(),
                limits.enrolment_tries,
            ),
        })
    }
}
