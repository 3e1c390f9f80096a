//! One server with its seats: driven round by round, killed at the end, taken up again.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Bad;
use crate::args::{Journal, Plan, Serve};
use crate::fleet::{Badges, Fleet};
use crate::machine::cpu_of;
use crate::round::{Measured, Phase, Round};
use crate::server::Server;

const RUNNING_IN: Duration = Duration::from_secs(1);

/// How long a server must stand still before the next one's turn.
const STILL: Duration = Duration::from_millis(300);

/// One server with its seats.
pub(crate) struct Side {
    plan: Serve,
    server: Server,
    badges: Badges,
    fleet: Option<Fleet>,
    rounds: Vec<Measured>,
    /// Acks in all rounds, running in and out with them.
    acked: u64,
    /// What the server did after rounds, until it stood still.
    behind: Duration,
}

impl Side {
    /// Makes the data folder and starts the server.
    pub(crate) fn open(journal: Journal, root: &Path, seats: u16) -> Result<Self, Bad> {
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
            behind: Duration::ZERO,
        })
    }

    /// Seats everybody and starts the room.
    pub(crate) async fn fill(&mut self) -> Result<(), Bad> {
        let address = self.server.listening()?.address;
        let ready = Fleet::ready(&self.badges, address).await?;
        self.server.start()?;
        self.fleet = Some(Fleet::open(ready).await?);
        Ok(())
    }

    /// One round: running in, then the measured time, then what is still under way.
    pub(crate) async fn round(&mut self, plan: &Plan) -> Result<(), Bad> {
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
        let tally = fleet.end(driving).await?;
        let (server, load) = (
            after.0.saturating_sub(before.0),
            after.1.saturating_sub(before.1),
        );
        self.acked += tally.acked;
        self.rounds.push(Measured::of(tally, window, server, load));
        self.behind += self.stand_still().await?;
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

    /// Its journal.
    pub(crate) const fn journal(&self) -> Journal {
        self.plan.journal
    }

    /// Acks a second, round by round.
    pub(crate) fn rates(&self) -> impl Iterator<Item = f64> {
        self.rounds.iter().map(|round| round.per_second)
    }

    /// The median of one figure of its rounds.
    pub(crate) fn median(&self, of: impl Fn(&Measured) -> f64) -> f64 {
        let mut values: Vec<f64> = self.rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    }

    /// What its second copy had still to do after a round.
    pub(crate) fn behind(&self) -> String {
        let rounds = u32::try_from(self.rounds.len()).unwrap_or(1).max(1);
        let each = (self.behind / rounds).as_millis();
        format!("the second copy took {each} ms more of processor time after each round")
    }

    /// Its row of the table.
    pub(crate) fn row(&self, streams: u16) -> String {
        let least = self.rates().fold(f64::INFINITY, f64::min);
        let most = self.rates().fold(0.0, f64::max);
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
    pub(crate) async fn restart(mut self) -> Result<String, Bad> {
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
