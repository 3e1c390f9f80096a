//! A hall that serves: what the command that started it can ask of it, and how it leaves.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exam_core::{
    Digest, HallAct, HallTime, Refusal, SeatId, SessionView, SittingId, Span, StaffId, WallTime,
};
use exam_journal::{Disk, JournalId};
use rustls_pki_types::CertificateDer;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::journal::Incidents;
use super::{HallFault, OpeningReport};
use crate::book::HallBook;
use crate::clock::HallClock;
use crate::data::DataFolder;
use crate::desk::{Desk, DeskFault, DeskHandle, Shown, What};
use crate::door::Live;
use crate::enrol::{Codes, IssuedCode};
use crate::entropy::Entropy;
use crate::pki::{Credentials, Pki, Revoked, Role};
use crate::roster::Roster;
use crate::service::{Face, Streams};

/// Leaving in order takes no longer; after it the process may simply end, which is as safe.
const LEAVING: Duration = Duration::from_secs(3);

/// What the kiosks have to read their good-bye.
const GOODBYE: Duration = Duration::from_millis(300);

/// What the ends of the streams have to get onto the wire.
const FLUSH: Duration = Duration::from_millis(100);

/// What a running hall is made of.
pub(super) struct Parts {
    pub(super) desk: Desk,
    pub(super) handle: DeskHandle,
    pub(super) addresses: (SocketAddr, SocketAddr),
    pub(super) open: Arc<watch::Sender<bool>>,
    pub(super) ports: [JoinHandle<()>; 2],
    pub(super) live: Live,
    pub(super) streams: Streams,
    pub(super) face: Arc<Face>,
    pub(super) clock: HallClock,
    pub(super) disk: Disk,
    pub(super) journal: JournalId,
    pub(super) book: Arc<HallBook>,
    pub(super) pki: Arc<Pki>,
    pub(super) codes: Arc<Codes>,
    pub(super) revoked: Revoked,
    pub(super) entropy: Entropy,
    pub(super) incidents: Incidents,
    pub(super) report: OpeningReport,
    pub(super) data: DataFolder,
}

/// A hall that serves. Dropping it is as safe as a power cut, and as abrupt: see
/// [`shutdown`](Self::shutdown).
#[derive(Debug)]
pub struct RunningHall {
    desk: JoinHandle<()>,
    ended: watch::Receiver<Option<Result<(), DeskFault>>>,
    handle: DeskHandle,
    addresses: (SocketAddr, SocketAddr),
    open: Arc<watch::Sender<bool>>,
    ports: [JoinHandle<()>; 2],
    live: Live,
    streams: Streams,
    face: Arc<Face>,
    clock: HallClock,
    disk: Disk,
    journal: JournalId,
    book: Arc<HallBook>,
    pki: Arc<Pki>,
    codes: Arc<Codes>,
    revoked: Revoked,
    entropy: Entropy,
    incidents: Incidents,
    report: OpeningReport,
    data: DataFolder,
}

/// A sitting as staff see it: counts and times, no answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SittingShown {
    /// Hall time of the picture.
    pub now: HallTime,
    /// Wall time of the picture.
    pub wall: WallTime,
    /// When the room started.
    pub started: Option<HallTime>,
    /// Whether the sitting is closed.
    pub closed: bool,
    /// Durable records.
    pub records: u64,
    /// The chain's head after the last of them.
    pub head: Digest,
    /// Every session, in roster order.
    pub views: Vec<SessionView>,
}

/// How a hall left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Records of the sitting.
    pub records: u64,
    /// The chain's head.
    pub head: Digest,
    /// Whether the second copy has everything.
    pub second_copy_complete: bool,
}

impl RunningHall {
    pub(super) fn run(parts: Parts) -> Self {
        let (live, open) = (parts.live.clone(), Arc::clone(&parts.open));
        let (tell_end, ended) = watch::channel(None);
        let desk = tokio::spawn(async move {
            let end = parts.desk.run().await;
            if let Err(fault) = &end {
                // Nothing more may leave: what is durable is not known until replay.
                tracing::error!(%fault, "the desk has ended by a fault");
                open.send_replace(false);
                live.cut_all();
            }
            tell_end.send_replace(Some(end));
        });
        Self {
            desk,
            ended,
            handle: parts.handle,
            addresses: parts.addresses,
            open: parts.open,
            ports: parts.ports,
            live: parts.live,
            streams: parts.streams,
            face: parts.face,
            clock: parts.clock,
            disk: parts.disk,
            journal: parts.journal,
            book: parts.book,
            pki: parts.pki,
            codes: parts.codes,
            revoked: parts.revoked,
            entropy: parts.entropy,
            incidents: parts.incidents,
            report: parts.report,
            data: parts.data,
        }
    }

    /// Where seats and staff connect.
    pub const fn delivery_address(&self) -> SocketAddr {
        self.addresses.0
    }

    /// Where certificates are had.
    pub const fn enrolment_address(&self) -> SocketAddr {
        self.addresses.1
    }

    /// The one name the hall's certificate bears.
    pub fn server_name(&self) -> String {
        self.pki.server_name()
    }

    /// The hall's CA.
    pub fn ca(&self) -> &CertificateDer<'static> {
        self.pki.ca()
    }

    /// The hall's clock.
    pub const fn clock(&self) -> &HallClock {
        &self.clock
    }

    /// The sitting's name.
    pub fn sitting(&self) -> &SittingId {
        &self.face.sitting
    }

    /// The planned start on the hall's clock.
    pub fn planned(&self) -> HallTime {
        self.face.planned
    }

    /// The roster: for showing to the staff it belongs to.
    pub fn roster(&self) -> &Roster {
        &self.face.roster
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.root()
    }

    /// What the opening had to tell.
    pub const fn report(&self) -> &OpeningReport {
        &self.report
    }

    /// What has happened to the journals' copies since the hall was started.
    pub fn incidents(&self) -> Vec<String> {
        self.incidents.list()
    }

    /// Makes a one-time code for every name, valid for `valid` of hall time.
    ///
    /// # Errors
    /// [`HallFault::Codes`].
    pub fn issue_codes<'a>(
        &self,
        role: Role,
        names: impl IntoIterator<Item = &'a str>,
        valid: Span,
    ) -> Result<Vec<IssuedCode>, HallFault> {
        let until = self.clock.now() + valid;
        Ok(self.codes.issue(role, names, until, &self.entropy)?)
    }

    /// Makes a one-time code for every seat of the roster.
    ///
    /// # Errors
    /// [`HallFault::Codes`].
    pub fn issue_seat_codes(&self, valid: Span) -> Result<Vec<IssuedCode>, HallFault> {
        let seats: Vec<SeatId> = self
            .face
            .roster
            .rows()
            .iter()
            .map(|row| row.seat.clone())
            .collect();
        self.issue_codes(Role::Seat, seats.iter().map(SeatId::as_str), valid)
    }

    /// `hall lock`: shuts enrolment, or opens it again.
    ///
    /// # Errors
    /// [`HallFault::Codes`] where that cannot be written down.
    pub fn shut_enrolment(&self, shut: bool) -> Result<(), HallFault> {
        Ok(self.codes.set_shut(shut)?)
    }

    /// The certificate of the operator at the server itself, with the chief's role.
    ///
    /// # Errors
    /// [`HallFault::Pki`].
    pub fn operator(&self) -> Result<Credentials, HallFault> {
        Ok(self.pki.issue_staff(Role::Chief, "operator")?)
    }

    /// Revokes every certificate of a name and cuts its connections. Returns how many there were.
    ///
    /// # Errors
    /// [`HallFault`] where that cannot be written down; the connections are cut all the same.
    pub async fn revoke(&self, name: &str) -> Result<usize, HallFault> {
        let serials = self.book.serials_of(name);
        for serial in &serials {
            let added = self.revoked.add(serial.clone());
            self.live.cut_certificate(serial);
            added?;
            self.book.revoked(serial).await?;
        }
        Ok(serials.len())
    }

    /// Does a hall act as `by`, for whoever sits at the server itself. Returns what a rule says.
    ///
    /// # Errors
    /// [`HallFault`] where no act can be named or the hall has ended.
    pub async fn perform(
        &self,
        by: &StaffId,
        act: HallAct,
    ) -> Result<Result<(), Refusal>, HallFault> {
        let (id, by) = (self.entropy.act()?, by.clone());
        let what = |reply| What::Act { id, by, act, reply };
        let asked = self.handle.urgent(self.clock.now(), what).await;
        asked.map_err(|_gone| HallFault::Ended)
    }

    /// Shows the sitting as it durably is.
    ///
    /// # Errors
    /// [`HallFault::Ended`].
    pub async fn show(&self) -> Result<SittingShown, HallFault> {
        let what = |reply| What::Show { reply };
        let asked = self.handle.urgent(self.clock.now(), what).await;
        asked
            .map(SittingShown::from)
            .map_err(|_gone| HallFault::Ended)
    }

    /// Returns when the desk has ended by a fault: then the process must end, too.
    pub async fn fault(&self) -> HallFault {
        let mut ended = self.ended.clone();
        match ended.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Err(fault))) => fault.clone().into(),
            Ok(_) | Err(_) => HallFault::Ended,
        }
    }

    /// Leaves in order (ARCHITECTURE decision 10): no new streams, the batch finished, a good-bye
    /// to every kiosk, `Stopped` in the record, the second copy flushed. `back_in` seconds is what
    /// kiosks are told.
    ///
    /// # Errors
    /// [`HallFault`] where something of it failed or took over three seconds; the process may end
    /// all the same, which is as safe as a power cut.
    pub async fn shutdown(self, back_in: u32) -> Result<Left, HallFault> {
        let left = tokio::time::timeout(LEAVING, self.leave(back_in)).await;
        left.unwrap_or(Err(HallFault::Ended))
    }

    async fn leave(self, back_in: u32) -> Result<Left, HallFault> {
        self.open.send_replace(false);
        let now = self.clock.now();
        let stop = |reply| What::Stop { back_in, reply };
        if self.handle.urgent(now, stop).await.is_err() {
            return Err(self.fault().await);
        }
        self.streams.goodbye(back_in);
        self.streams.empty_within(GOODBYE).await;
        tokio::time::sleep(FLUSH).await;
        self.live.cut_all();
        let closed = self
            .disk
            .close(self.journal, Duration::from_secs(1))
            .await?;
        self.book.stopped().await?;
        self.disk
            .close(self.book.journal(), Duration::from_millis(100))
            .await?;
        Ok(Left {
            records: closed.last_lsn,
            head: Digest(closed.head),
            second_copy_complete: closed.is_complete(),
        })
    }
}

impl Drop for RunningHall {
    fn drop(&mut self) {
        self.open.send_replace(false);
        self.desk.abort();
        self.live.cut_all();
        for port in &self.ports {
            port.abort();
        }
    }
}

impl From<Shown> for SittingShown {
    fn from(shown: Shown) -> Self {
        Self {
            now: shown.now,
            wall: shown.wall,
            started: shown.started,
            closed: shown.closed,
            records: shown.written.0,
            head: Digest(shown.written.1),
            views: shown.views,
        }
    }
}
