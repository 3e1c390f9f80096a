//! From options to a running hall, in the order in which each step may still fail without harm.

use std::sync::{Arc, Mutex};

use exam_core::{Command, HallTime, Resumed, Rules, Sitting, SittingId, SittingKind, WallTime};
use exam_journal::{Disk, JournalId, NewRecord};
use tokio::sync::watch;

use super::journal::{self, Incidents};
use super::running::{Parts, RunningHall};
use super::serve::{self, Doors, Services};
use super::taking_up::{TakenUp, read_roster, take_up};
use super::{ClockChoice, HallFault, HallOptions, NewSitting, OpeningReport, SittingChoice};
use crate::book::{BookKnows, HallBook};
use crate::clock::{Anchor, HallClock, LastSeen, Speed, machine, resume};
use crate::data::{DataFolder, write_replacing};
use crate::desk::{Desk, DeskParts};
use crate::door::Live;
use crate::enrol::{Codes, EnrolmentService, Tries};
use crate::papers::SealedPapers;
use crate::pki::{Pki, Revoked};
use crate::roster::{Lookup, Roster};
use crate::service::{AdministrationService, DeliveryService, Face, Front, Streams};

/// What every way into a sitting ends in.
struct Ready {
    sitting: Sitting,
    rules: Arc<Rules>,
    roster: Arc<Roster>,
    papers: SealedPapers,
    seed: [u8; 32],
    journal: JournalId,
    report: OpeningReport,
}

/// The certificates and codes of the hall.
struct Gate {
    pki: Arc<Pki>,
    codes: Arc<Codes>,
    revoked: Revoked,
}

/// Opens the hall and its sitting, and serves.
///
/// # Errors
/// [`HallFault`] names what stands in the way; nothing is served then, and what was begun is left
/// so that the same call can be made again.
pub async fn start(mut options: HallOptions) -> Result<RunningHall, HallFault> {
    options.config.check(&options.data.hall_toml())?;
    let pki = Pki::open_or_create(&options.data.pki(), &options.config.id, &options.entropy)?;
    let gate = Gate {
        codes: Arc::new(Codes::open(&options.data.pki(), &options.config.id)?),
        revoked: pki.revoked()?,
        pki: Arc::new(pki),
    };
    let roster = roster_of(&options)?;
    let live = Live::default();
    let doors = serve::listen(&options.config, &gate.pki, &gate.revoked, roster.len(), &live).await?;

    let incidents = Incidents::default();
    let disk = journal::start_disk(&options.backing)?;
    let (book, opened) = journal::open_book(&disk, &options, &incidents).await?;
    let knows = BookKnows::of(&opened)?;
    let marks = options.marks.take();
    let (ready, clock, resumed, kind) = match take_choice(&mut options)? {
        SittingChoice::New(new) => {
            let kind = new.kind;
            let (clock, resumed) = set_clock(&options, &knows, None, kind)?;
            let ready = open_new(*new, &options, &disk, &clock, &incidents).await?;
            (ready, clock, resumed, kind)
        }
        SittingChoice::TakeUp(id) => {
            let (taken, journal, report) = reopen(&id, &options, &disk, &incidents).await?;
            let kind = taken.sitting.opened().map_or(SittingKind::Real, |opened| opened.kind);
            let (clock, resumed) = set_clock(&options, &knows, Some(taken.last), kind)?;
            let ready = ready_again(taken, Arc::clone(&roster), journal, report);
            (ready, clock, resumed, kind)
        }
    };
    let book = Arc::new(HallBook::new(disk.clone(), book, clock.clone(), knows));
    book.started(resumed).await?;
    let (ready, written) = note_process(ready, &clock, &disk, resumed).await?;
    if let Some(opened) = ready.sitting.opened().filter(|_| resumed == Resumed::First || ready.report.papers.is_some()) {
        book.created(opened.sitting.clone()).await?;
    }
    let marks = marks.and_then(|marks| marks.if_allowed(&ready.rules));
    let running = Assembly {
        options,
        gate,
        live,
        doors,
        disk,
        clock,
        book,
        incidents,
        kind,
    };
    running.serve(ready, written, marks)
}

fn take_choice(options: &mut HallOptions) -> Result<SittingChoice, HallFault> {
    let placeholder = SittingId::new("taken").map_err(|_bad| HallFault::Ended)?;
    Ok(std::mem::replace(
        &mut options.sitting,
        SittingChoice::TakeUp(placeholder),
    ))
}

fn roster_of(options: &HallOptions) -> Result<Arc<Roster>, HallFault> {
    match &options.sitting {
        SittingChoice::New(new) => {
            if options.data.sitting(&new.id).dir().exists() {
                return Err(HallFault::SittingExists(new.id.clone()));
            }
            Ok(Arc::new(new.roster.clone()))
        }
        SittingChoice::TakeUp(id) => {
            let folder = options.data.sitting(id);
            if !folder.is_complete() {
                return Err(HallFault::NoSuchSitting(id.clone()));
            }
            Ok(Arc::new(read_roster(&folder)?))
        }
    }
}

/// Carries hall time on (ARCHITECTURE decision 2).
fn set_clock(
    options: &HallOptions,
    knows: &BookKnows,
    sitting: Option<(HallTime, WallTime)>,
    kind: SittingKind,
) -> Result<(HallClock, Resumed), HallFault> {
    let last = knows.last.into_iter().chain(sitting).max();
    let speed = match &options.clock {
        ClockChoice::Machine { speed } => Speed::new(*speed, kind)?,
        ClockChoice::Manual(clock) => {
            let clock = HallClock::from(clock.clone());
            let away = last.map(|(hall, _)| clock.now() - hall);
            let resumed = away.map_or(Resumed::First, |away| Resumed::SameBoot { away });
            return Ok((clock, resumed));
        }
    };
    let boot = match machine::boot_id() {
        Some(boot) => boot,
        None => options.entropy.boot()?,
    };
    let process = read_anchor(&options.data).filter(|(of, _)| Some(*of) == knows.boot);
    let last = last.map(|(hall, wall)| LastSeen {
        hall,
        wall,
        process,
    });
    let wall = WallTime(machine::wall_ms());
    let (anchor, resumed) = resume(last, boot, machine::boot_ms(), wall);
    let clock = HallClock::machine(anchor, speed, boot);
    write_anchor(&options.data, boot, anchor)?;
    Ok((clock, resumed))
}

/// `hall/clock`: boot, its millisecond, hall time then. Without it a restart goes by the wall
/// clock, as after a reboot.
fn write_anchor(data: &DataFolder, boot: exam_core::BootId, anchor: Anchor) -> Result<(), HallFault> {
    let text = format!("{boot} {} {}\n", anchor.boot_ms, anchor.hall.0);
    Ok(write_replacing(&data.hall_journal().join("clock"), text.as_bytes())?)
}

fn read_anchor(data: &DataFolder) -> Option<(exam_core::BootId, Anchor)> {
    let text = std::fs::read_to_string(data.hall_journal().join("clock")).ok()?;
    let mut words = text.split_whitespace();
    let boot = words.next()?.parse().ok()?;
    let boot_ms = words.next()?.parse().ok()?;
    let hall = HallTime(words.next()?.parse().ok()?);
    Some((boot, Anchor { boot_ms, hall }))
}

async fn open_new(
    new: NewSitting,
    options: &HallOptions,
    disk: &Disk,
    clock: &HallClock,
    incidents: &Incidents,
) -> Result<Ready, HallFault> {
    let plan = new.plan(&options.data, clock.wall(), &options.entropy)?;
    let folder = options.data.sitting(&plan.id);
    let items: usize = plan.papers.iter().map(|paper| paper.items().count()).sum();
    let items = u64::try_from(items).unwrap_or(u64::MAX);
    let sealed = plan.seal();
    // The reserve first (W7): where there is no room, nothing of the sitting is written.
    let opened = journal::open_sitting(disk, &folder, &plan.id, options, items, incidents).await;
    let (id, opened) = opened?;
    plan.write_files(&folder, &sealed)?;
    let planned = clock.hall_at(plan.planned);
    let now = (planned, clock.now(), clock.wall());
    let sitting = plan.record(&sealed, now, (disk, id)).await?;
    write_replacing(&folder.complete(), b"opened\n")?;
    let mut report = journal::report(&opened);
    report.papers = Some(plan.report);
    Ok(Ready {
        sitting,
        rules: plan.rules,
        roster: Arc::new(plan.roster),
        papers: sealed,
        seed: plan.seed,
        journal: id,
        report,
    })
}

async fn reopen(
    id: &SittingId,
    options: &HallOptions,
    disk: &Disk,
    incidents: &Incidents,
) -> Result<(TakenUp, JournalId, OpeningReport), HallFault> {
    let folder = options.data.sitting(id);
    // No new reserve: an open sitting goes on whatever the disk says (RELIABILITY 11).
    let (journal, opened) =
        journal::open_sitting(disk, &folder, id, options, 0, incidents).await?;
    let taken = take_up(&options.data, &folder, &opened)?;
    Ok((taken, journal, journal::report(&opened)))
}

fn ready_again(
    taken: TakenUp,
    roster: Arc<Roster>,
    journal: JournalId,
    report: OpeningReport,
) -> Ready {
    Ready {
        sitting: taken.sitting,
        rules: taken.rules,
        roster,
        papers: taken.papers,
        seed: taken.seed,
        journal,
        report,
    }
}

/// The first record of this process: from here on every kiosk of an earlier one is away.
async fn note_process(
    mut ready: Ready,
    clock: &HallClock,
    disk: &Disk,
    resumed: Resumed,
) -> Result<(Ready, (u64, [u8; 32])), HallFault> {
    let now = clock.now().max(ready.sitting.last());
    let command = Command::ProcessStarted {
        boot: clock.boot(),
        build: crate::BUILD.to_owned(),
        resumed,
    };
    let mut records = Vec::new();
    for event in &ready.sitting.decide(now, &command).events {
        records.push(NewRecord {
            hall_ms: now.0,
            wall_ms: clock.wall().0,
            payload: exam_record::encode(event),
        });
        let applied = ready.sitting.apply(now, event);
        applied.map_err(|misfit| HallFault::Desk(misfit.into()))?;
    }
    let appended = disk.append(ready.journal, records).await?;
    Ok((ready, (appended.last_lsn, appended.head)))
}

/// Everything a running hall is put together from.
struct Assembly {
    options: HallOptions,
    gate: Gate,
    live: Live,
    doors: Doors,
    disk: Disk,
    clock: HallClock,
    book: Arc<HallBook>,
    incidents: Incidents,
    kind: SittingKind,
}

impl Assembly {
    fn serve(
        self,
        ready: Ready,
        written: (u64, [u8; 32]),
        marks: Option<crate::desk::MarksAtHandIn>,
    ) -> Result<RunningHall, HallFault> {
        let opened = ready.sitting.opened().cloned().ok_or(HallFault::NoOpening)?;
        let limits = self.options.config.limits;
        let in_flight = usize::try_from(limits.commands_in_flight).unwrap_or(8);
        let (desk, handle) = Desk::new(DeskParts {
            sitting: ready.sitting,
            clock: self.clock.clone(),
            disk: self.disk.clone(),
            journal: ready.journal,
            written,
            seed: ready.seed,
            marks,
            mailbox: in_flight.saturating_mul(ready.roster.len()).max(256),
        });
        let face = Arc::new(Face {
            config: self.options.config.clone(),
            sitting: opened.sitting,
            kind: self.kind,
            planned: opened.planned,
            rules: ready.rules,
            manifest: opened.manifest,
            roster: Arc::clone(&ready.roster),
            papers: ready.papers,
        });
        let streams = Streams::default();
        let front = Front {
            face: Arc::clone(&face),
            desk: handle.clone(),
            clock: self.clock.clone(),
            entropy: self.options.entropy.clone(),
            lookup: Lookup::new(&ready.roster, self.options.entropy.draw()?),
            tries: Mutex::new(Tries::new(limits.log_in_tries)),
            streams: streams.clone(),
        };
        let services = Services {
            delivery: DeliveryService::new(Arc::new(front)),
            administration: AdministrationService::new(
                Arc::clone(&face),
                handle.clone(),
                self.clock.clone(),
            ),
            enrolment: EnrolmentService::new(
                Arc::clone(&self.gate.pki),
                Arc::clone(&self.gate.codes),
                Arc::clone(&self.book),
                self.clock.clone(),
                self.options.config.name.clone(),
                limits.enrolment_tries,
            ),
        };
        let addresses = (self.doors.delivery.address()?, self.doors.enrolment.address()?);
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
}
