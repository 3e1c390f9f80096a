//! The server side: a whole hall with a rehearsal of the sample bank, which does what it is told
//! line by line on its standard input.
//!
//! Everything is as in a real hall but the limits of a stream (its pace would be the result), the
//! sign-of-life interval (so that the server whose turn it is not stands still), and, in one of
//! the two servers, the journal.

use std::io::BufRead as _;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use exam_bank::{Edition, NewKey, Release, SigningKey, Trust, read_bank};
use exam_core::{ExamId, HallAct, SittingId, SittingKind, StaffId, WallTime};
use exam_journal::ProbeCommand;
use exam_server::clock::machine::wall_ms;
use exam_server::config::{HallConfig, Limits};
use exam_server::data::DataFolder;
use exam_server::entropy::Entropy;
use exam_server::hall::{Backing, HallOptions, NewSitting, RunningHall, SittingChoice, start};
use exam_server::roster::read_csv;
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;

use crate::Bad;
use crate::args::{Journal, PROBE, Serve};
use crate::cast;

/// Log space reserved in all, so that no segment is prepared while something is measured.
const RESERVE: u64 = 512 << 20;
/// About what the log reserves for one revision of one item of one seat.
const REVISION: u64 = 320;
/// Items of a paper.
const ITEMS: u64 = 100;
/// Acts of the chief that may be under way at once.
const ACTS: usize = 48;

/// Serves until standard input ends, or until it is killed.
pub(crate) async fn serve(plan: Serve) -> Result<(), Bad> {
    let hall = start(options(&plan)?).await?;
    let chief = StaffId::new("measurement")?;
    if !plan.takes_up {
        admit(&hall, &chief).await?;
    }
    println!(
        "listening {} {}",
        hall.delivery_address(),
        hall.report().records
    );
    let mut orders = orders()?;
    while let Some(order) = orders.recv().await {
        match order.as_str() {
            "start" => {
                let early = hall.planned() - hall.clock().now();
                let early = u64::try_from(early.0.saturating_add(1)).unwrap_or(0);
                tokio::time::sleep(Duration::from_millis(early)).await;
                act(&hall, &chief, HallAct::Start).await?;
                println!("started");
            }
            other => return Err(format!("not understood: {other}").into()),
        }
    }
    Ok(())
}

/// The lines of standard input.
fn orders() -> Result<mpsc::Receiver<String>, Bad> {
    let (to, orders) = mpsc::channel(4);
    let read = move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if to.blocking_send(line).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().spawn(read)?;
    Ok(orders)
}

fn options(plan: &Serve) -> Result<HallOptions, Bad> {
    let data = DataFolder::open_or_create(&plan.data)?;
    let id = SittingId::new(cast::SITTING)?;
    let sitting = if plan.takes_up {
        SittingChoice::TakeUp(id)
    } else {
        SittingChoice::New(Box::new(sitting(id, plan.seats)?))
    };
    let mut options = HallOptions::new(data, config(plan.seats), sitting);
    if plan.journal == Journal::Null {
        options.backing = Backing::Nowhere;
    }
    options.second_copy = plan.journal == Journal::Real;
    options.probe = Some(ProbeCommand {
        program: std::env::current_exe()?,
        args: vec![PROBE.into()],
    });
    let each = RESERVE / (u64::from(plan.seats) * ITEMS * REVISION);
    options.reserved_revisions = u32::try_from(each.max(1))?;
    Ok(options)
}

fn config(seats: u16) -> HallConfig {
    let mut config = HallConfig::default();
    config.listen.delivery = SocketAddr::from(([127, 0, 0, 1], 0));
    config.listen.enrolment = config.listen.delivery;
    config.limits = Limits {
        keepalive_seconds: 3_600,
        first_call_seconds: 60,
        handshake_seconds: 60,
        commands_per_second: 1_000_000,
        commands_burst: 1_000_000,
        ..Limits::default()
    }
    .for_clients_on_one_machine(u32::from(seats));
    config
}

/// A rehearsal of the sample bank, signed on the spot by two people made up for it.
fn sitting(id: SittingId, seats: u16) -> Result<NewSitting, Bad> {
    let now = WallTime(wall_ms());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../question-banks/csm-l3");
    let (bank, _) = read_bank(&folder);
    let keys = [NewKey::make(None)?, NewKey::make(None)?];
    let [one, two] = &keys;
    let signers = [
        ("one", "甲", one.public.clone()),
        ("two", "乙", two.public.clone()),
    ];
    let trust = Trust::of_signers(&bank.id, &signers)?;
    let entropy = Entropy::system();
    let edition = Edition {
        version: 1,
        label: "throughput".to_owned(),
        previous: None,
        created: now,
        expires: WallTime(now.0.saturating_add(86_400_000)),
        salt: entropy.draw()?,
    };
    let mut release = Release::make(&bank, &trust, &edition)
        .map_err(|findings| format!("the sample bank is refused: {findings:?}"))?;
    for key in &keys {
        release.sign(&SigningKey::open(&key.secret_file, None)?)?;
    }
    let roster = read_csv(cast::roster(seats).as_bytes(), || entropy.session())
        .map_err(|findings| format!("the roster is refused: {findings:?}"))?;
    // Drawing papers and reserving log space fall before it, and everybody must have arrived.
    let until_start = 12_000 + 10 * i64::from(seats);
    Ok(NewSitting {
        id,
        kind: SittingKind::Rehearsal,
        package: release.pack_bank()?.bytes,
        trust,
        exam: ExamId::new("csm-l3-demo")?,
        roster,
        planned: WallTime(now.0.saturating_add(until_start)),
    })
}

/// Everybody is at the door, and identified.
async fn admit(hall: &RunningHall, chief: &StaffId) -> Result<(), Bad> {
    let acts = hall.roster().rows().iter().flat_map(|row| {
        let session = row.session;
        [HallAct::Arrive { session }, HallAct::Identify { session }]
    });
    let mut done = stream::iter(acts)
        .map(|one| act(hall, chief, one))
        .buffer_unordered(ACTS);
    while let Some(one) = done.next().await {
        one?;
    }
    Ok(())
}

async fn act(hall: &RunningHall, chief: &StaffId, act: HallAct) -> Result<(), Bad> {
    let done = hall.perform(chief, act).await?;
    done.map_err(|refusal| format!("an act was refused: {}", refusal.id()).into())
}
