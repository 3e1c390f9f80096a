//! The measurement: two servers for each count of streams, driven in turns; medians; the table.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Bad;
use crate::args::{Journal, Plan, Serve};
use crate::fleet::{Badges, Fleet};
use crate::machine::{cpu_of, facts};
use crate::round::{Measured, Phase, Round, Tally};
use crate::server::Server;

const RUNNING_IN: Duration = Duration::from_secs(1);

/// How long a server must stand still before the other one's turn.
const STILL: Duration = Duration::from_millis(300);

/// Measures and prints.
pub(crate) async fn measure(plan: &Plan) -> Result<(), Bad> {
    let folder = tempfile::Builder::new()
        .prefix("examhall-throughput-")
        .tempdir_in(&plan.data)?;
    println!("acked answers: real journal and null journal of the same program, in turns\n");
    for fact in facts(folder.path())? {
        println!("* {fact}");
    }
    println!(
        "* median of {} rounds of {} s (least to most); {} revisions of each seat under way\n",
        plan.rounds, plan.seconds, plan.window
    );
    println!(
        "| streams | journal | acks/s | p50 ms | p99 ms | server µs/ack | load µs/ack | acks/message |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|--:|");
    let mut notes = Vec::new();
    for &streams in &plan.streams {
        let root = folder.path().join(streams.to_string());
        notes.extend(measure_one(plan, streams, &root).await?);
        std::fs::remove_dir_all(&root)?;
    }
    println!();
    for note in notes {
        println!("* {note}");
    }
    Ok(())
}

/// One count of streams; prints its rows and returns what else is to be said.
async fn measure_one(plan: &Plan, streams: u16, root: &Path) -> Result<Vec<String>, Bad> {
    let mut null = Side::open(Journal::Null, root, streams)?;
    let mut real = Side::open(Journal::Real, root, streams)?;
    // Both open at the same time: drawing the papers takes its while.
    for side in [&mut null, &mut real] {
        side.fill().await?;
    }
    for number in 0..plan.rounds {
        let mut turns = [&mut null, &mut real];
        if number % 2 == 1 {
            turns.reverse();
        }
        for side in turns {
            side.round(plan).await?;
        }
    }
    for side in [&null, &real] {
        println!("{}", side.row(streams));
    }
    let ratios = ratios(&null, &real);
    let behind = real.behind;
    let restart = real.restart().await?;
    Ok(vec![
        format!("{streams} streams: {ratios}; {behind}"),
        format!("{streams} streams: {restart}"),
    ])
}

/// Real by null: of the medians, and round by round (a busy minute of the machine falls on both
/// rounds of a pair alike).
fn ratios(null: &Side, real: &Side) -> String {
    let rate = |side: &Side| side.median(|round| round.per_second);
    let pairs = null.rounds.iter().zip(&real.rounds);
    let mut each: Vec<f64> = pairs
        .map(|(null, real)| real.per_second / null.per_second)
        .collect();
    each.sort_by(f64::total_cmp);
    let least = each.first().copied().unwrap_or_default();
    let most = each.last().copied().unwrap_or_default();
    let ratio = rate(real) / rate(null);
    format!("real/null {ratio:.2} (round by round {least:.2} to {most:.2})")
}

/// What the second copy had still to do after the rounds.
#[derive(Debug, Clone, Copy, Default)]
struct Behind {
    cpu: Duration,
    rounds: u32,
}

impl std::fmt::Display for Behind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each = self.cpu.as_secs_f64() * 1e3 / f64::from(self.rounds.max(1));
        write!(
            f,
            "the second copy took {each:.0} ms more of processor time after each round"
        )
    }
}

/// One server with its seats.
struct Side {
    plan: Serve,
    server: Server,
    badges: Badges,
    fleet: Option<Fleet>,
    rounds: Vec<Measured>,
    /// Acks in all rounds, running in and out with them.
    acked: u64,
    behind: Behind,
}

impl Side {
    fn open(journal: Journal, root: &Path, seats: u16) -> Result<Self, Bad> {
        let data = root.join(journal.name());
        std::fs::create_dir_all(root)?;
        let badges = Badges::issue(&data, seats)?;
        let plan = Serve {
            journal,
            data,
            seats,
            takes_up: false,
        };
        Ok(Self {
            server: Server::spawn(&plan)?,
            plan,
            badges,
            fleet: None,
            rounds: Vec::new(),
            acked: 0,
            behind: Behind::default(),
        })
    }

    /// Seats everybody and starts the room.
    async fn fill(&mut self) -> Result<(), Bad> {
        let address = self.server.listening()?.address;
        let ready = Fleet::ready(&self.badges, address).await?;
        self.server.start()?;
        self.fleet = Some(Fleet::open(ready).await?);
        Ok(())
    }

    async fn round(&mut self, plan: &Plan) -> Result<(), Bad> {
        let fleet = self.fleet.as_mut().ok_or("nobody is seated")?;
        let round = Arc::new(Round::new(plan.window));
        let driving = fleet.begin(&round);
        tokio::time::sleep(RUNNING_IN).await;
        let cpu = || Ok::<_, Bad>((self.server.cpu()?, cpu_of("self")?));
        let (begun, before) = (Instant::now(), cpu()?);
        round.set(Phase::Measured);
        tokio::time::sleep(Duration::from_secs(plan.seconds.into())).await;
        round.set(Phase::Over);
        let (window, after) = (begun.elapsed(), cpu()?);
        let tally: Tally = fleet.end(driving).await?;
        let (server, load) = (
            after.0.saturating_sub(before.0),
            after.1.saturating_sub(before.1),
        );
        self.acked += tally.acked;
        self.rounds.push(Measured::of(tally, window, server, load));
        self.behind.cpu += self.stand_still().await?;
        self.behind.rounds += 1;
        Ok(())
    }

    /// Waits until the server does nothing any more; returns what it still did.
    async fn stand_still(&self) -> Result<Duration, Bad> {
        let begun = self.server.cpu()?;
        let mut before = begun;
        loop {
            tokio::time::sleep(STILL).await;
            let now = self.server.cpu()?;
            // A tick of the sitting's own clock, once a second, is no work.
            if now.saturating_sub(before) <= Duration::from_millis(10) {
                return Ok(now.saturating_sub(begun));
            }
            before = now;
        }
    }

    fn median(&self, of: impl Fn(&Measured) -> f64) -> f64 {
        let mut values: Vec<f64> = self.rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    }

    fn row(&self, streams: u16) -> String {
        let rates = self.rounds.iter().map(|round| round.per_second);
        let least = rates.clone().fold(f64::INFINITY, f64::min);
        let most = rates.fold(0.0, f64::max);
        format!(
            "| {streams} | {} | {:.0} ({least:.0} to {most:.0}) | {:.1} | {:.1} | {:.0} | {:.0} | {:.1} |",
            self.plan.journal.name(),
            self.median(|round| round.per_second),
            self.median(|round| round.p50_ms),
            self.median(|round| round.p99_ms),
            self.median(|round| round.server_us),
            self.median(|round| round.load_us),
            self.median(|round| round.acks_per_message),
        )
    }

    /// Kills the server and says how long another one takes from nothing to its first ack.
    async fn restart(mut self) -> Result<String, Bad> {
        let fleet = self.fleet.take().ok_or("nobody is seated")?;
        let lease = fleet.lease()?;
        drop(self.server);
        drop(fleet);
        let again = Serve {
            takes_up: true,
            ..self.plan
        };
        let begun = Instant::now();
        let mut server = Server::spawn(&again)?;
        let listening = server.listening()?;
        let up = begun.elapsed().as_secs_f64();
        if listening.records < self.acked {
            let (records, acked) = (listening.records, self.acked);
            return Err(format!("{acked} acks, but only {records} records came back").into());
        }
        self.badges.come_back(listening.address, lease).await?;
        let saved = begun.elapsed().as_secs_f64();
        Ok(format!(
            "killed and taken up again: {} records read back, listening after {up:.2} s, first ack \
             after {saved:.2} s",
            listening.records
        ))
    }
}
