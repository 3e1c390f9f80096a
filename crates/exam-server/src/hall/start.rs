//! From options to a running hall, in the order in which each step may still fail without harm.

use std::sync::Arc;

use exam_core::{
    BootId, Command, HallTime, Resumed, Rules, Sitting, SittingId, SittingKind, WallTime,
};
use exam_journal::{Disk, JournalId, NewRecord};

use super::assembly::Assembly;
use super::journal::{self, Incidents};
use super::running::RunningHall;
use super::serve;
use super::taking_up::{read_roster, take_up};
use super::{ClockChoice, HallFault, HallOptions, NewSitting, OpeningReport, SittingChoice};
use crate::book::{BookKnows, HallBook};
use crate::clock::{Anchor, HallClock, LastSeen, Speed, machine, resume};
use crate::data::{DataFolder, write_replacing};
use crate::door::Live;
use crate::enrol::Codes;
use crate::papers::SealedPapers;
use crate::pki::{Pki, Revoked};
use crate::roster::Roster;

/// What every way into a sitting ends in.
pub(super) struct Ready {
    pub(super) sitting: Sitting,
    pub(super) rules: Arc<Rules>,
    pub(super) roster: Arc<Roster>,
    pub(super) papers: SealedPapers,
    pub(super) seed: [u8; 32],
    pub(super) journal: JournalId,
    pub(super) report: OpeningReport,
}

/// The certificates and codes of the hall.
pub(super) struct Gate {
    pub(super) pki: Arc<Pki>,
    pub(super) codes: Arc<Codes>,
    pub(super) revoked: Revoked,
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
    let (config, seats) = (&options.config, roster.len());
    let doors = serve::listen(config, &gate.pki, &gate.revoked, seats, &live).await?;

    let incidents = Incidents::default();
    let disk = journal::start_disk(&options.backing)?;
    let (book, opened) = journal::open_book(&disk, &options, &incidents).await?;
    let knows = BookKnows::of(&opened)?;
    let way_in = WayIn {
        options: &options,
        disk: &disk,
        knows: &knows,
        incidents: &incidents,
    };
    let (mut ready, clock, resumed) = way_in.take(roster).await?;
    let book = HallBook::new(disk.clone(), book, clock.clone(), knows);
    book.started(resumed).await?;
    if ready.report.papers.is_some()
        && let Some(opened) = ready.sitting.opened()
    {
        book.created(opened.sitting.clone()).await?;
    }
    let written = note_process(&mut ready, &clock, &disk, resumed).await?;
    let marks = options.marks.take();
    let marks = marks.and_then(|marks| marks.if_allowed(&ready.rules));
    let kind = kind_of(&ready.sitting);
    let assembly = Assembly {
        options,
        gate,
        live,
        doors,
        disk,
        clock,
        book: Arc::new(book),
        incidents,
        kind,
    };
    assembly.serve(ready, written, marks)
}

fn kind_of(sitting: &Sitting) -> SittingKind {
    sitting
        .opened()
        .map_or(SittingKind::Real, |opened| opened.kind)
}

fn roster_of(options: &HallOptions) -> Result<Arc<Roster>, HallFault> {
    match &options.sitting {
        SittingChoice::New(new) => {
            let folder = options.data.sitting(&new.id);
            if folder.is_complete() {
                return Err(HallFault::SittingExists(new.id.clone()));
            }
            // An opening that was cut short left no sitting, only files nobody may rely on.
            folder.set_unfinished_aside()?;
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
fn write_anchor(data: &DataFolder, boot: BootId, anchor: Anchor) -> Result<(), HallFault> {
    let text = format!("{boot} {} {}\n", anchor.boot_ms, anchor.hall.0);
    Ok(write_replacing(
        &data.hall_journal().join("clock"),
        text.as_bytes(),
    )?)
}

fn read_anchor(data: &DataFolder) -> Option<(BootId, Anchor)> {
    let text = std::fs::read_to_string(data.hall_journal().join("clock")).ok()?;
    let mut words = text.split_whitespace();
    let boot = words.next()?.parse().ok()?;
    let boot_ms = words.next()?.parse().ok()?;
    let hall = HallTime(words.next()?.parse().ok()?);
    Some((boot, Anchor { boot_ms, hall }))
}

/// The two ways into a sitting.
struct WayIn<'a> {
    options: &'a HallOptions,
    disk: &'a Disk,
    knows: &'a BookKnows,
    incidents: &'a Incidents,
}

impl WayIn<'_> {
    async fn take(&self, roster: Arc<Roster>) -> Result<(Ready, HallClock, Resumed), HallFault> {
        match &self.options.sitting {
            SittingChoice::New(new) => {
                let (clock, resumed) = set_clock(self.options, self.knows, None, new.kind)?;
                let ready = self.open_new(new, roster, &clock).await?;
                // Hall time may have run on from before; this sitting's has just begun.
                let resumed = match resumed {
                    Resumed::Uncertain { .. } => resumed,
                    Resumed::First | Resumed::SameBoot { .. } | Resumed::Reboot { .. } => {
                        Resumed::First
                    }
                };
                Ok((ready, clock, resumed))
            }
            SittingChoice::TakeUp(id) => self.reopen(id, roster).await,
        }
    }

    async fn open_new(
        &self,
        new: &NewSitting,
        roster: Arc<Roster>,
        clock: &HallClock,
    ) -> Result<Ready, HallFault> {
        let (data, disk) = (&self.options.data, self.disk);
        let plan = new.plan(data, clock.wall(), &self.options.entropy)?;
        let folder = data.sitting(&plan.id);
        let items: usize = plan.papers.iter().map(|paper| paper.items().count()).sum();
        let items = u64::try_from(items).unwrap_or(u64::MAX);
        let sealed = plan.seal();
        // The reserve first (W7): where there is no room, nothing of the sitting is written.
        let (options, incidents) = (self.options, self.incidents);
        let opened = journal::open_sitting(disk, &folder, &plan.id, options, items, incidents);
        let (journal, opened) = opened.await?;
        plan.write_files(&folder, &sealed)?;
        let times = (clock.hall_at(plan.planned), clock.now(), clock.wall());
        let sitting = plan.record(&sealed, times, (disk, journal)).await?;
        write_replacing(&folder.complete(), b"opened\n")?;
        let mut report = journal::report(&opened);
        report.papers = Some(plan.report);
        Ok(Ready {
            sitting,
            rules: plan.rules,
            roster,
            papers: sealed,
            seed: plan.seed,
            journal,
            report,
        })
    }

    async fn reopen(
        &self,
        id: &SittingId,
        roster: Arc<Roster>,
    ) -> Result<(Ready, HallClock, Resumed), HallFault> {
        let (options, incidents) = (self.options, self.incidents);
        let folder = options.data.sitting(id);
        // No new reserve: an open sitting goes on whatever the disk says (RELIABILITY 11).
        let opened = journal::open_sitting(self.disk, &folder, id, options, 0, incidents);
        let (journal, opened) = opened.await?;
        let taken = take_up(&options.data, &folder, &opened)?;
        let kind = kind_of(&taken.sitting);
        let (clock, resumed) = set_clock(options, self.knows, Some(taken.last), kind)?;
        let ready = Ready {
            sitting: taken.sitting,
            rules: taken.rules,
            roster,
            papers: taken.papers,
            seed: taken.seed,
            journal,
            report: journal::report(&opened),
        };
        Ok((ready, clock, resumed))
    }
}

/// The first record of this process: from here on every kiosk of an earlier one is away.
async fn note_process(
    ready: &mut Ready,
    clock: &HallClock,
    disk: &Disk,
    resumed: Resumed,
) -> Result<(u64, [u8; 32]), HallFault> {
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
    Ok((appended.last_lsn, appended.head))
}
