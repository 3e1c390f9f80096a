//! The stage of a demonstration: bank signed and verified, hall started, seats enrolled.

use std::path::{Path, PathBuf};

use exam_bank::ItemKey;
use exam_client::bot::{Bot, BotEnd, BotPlan, Ledger};
use exam_client::{Identity, Seat, SeatConfig, SeatHandle};
use exam_core::{ExamId, HallAct, ItemId, OptionId, SittingId, SittingKind, Span, StaffId, WallTime};
use exam_server::config::HallConfig;
use exam_server::data::DataFolder;
use exam_server::hall::{ClockChoice, HallOptions, MarksAtHandIn, NewSitting, RunningHall, SittingChoice};
use tokio::sync::mpsc;

use crate::cast::{self, Member};
use crate::cli::Demo;
use crate::demo_bank::{self, DemoBank};
use crate::exit::Failure;
use crate::hall;

/// What a bot's observer may hold: its ledger is written from it.
const OBSERVED: usize = 1024;

/// Log space per item and seat; a demonstration's disk is not asked for an exam day's reserve.
const RESERVED_REVISIONS: u32 = 4;

/// A hall with everybody's seat enrolled.
pub struct Stage {
    /// The hall.
    pub hall: RunningHall,
    /// Who sits.
    pub members: Vec<Member>,
    /// Their seats' certificates, in the same order.
    pub identities: Vec<Identity>,
    /// The bank.
    pub bank: DemoBank,
    /// The data folder.
    pub root: PathBuf,
    /// What belongs to the demonstration and not to the hall: packages, seats, ledgers.
    pub extras: PathBuf,
    /// The sitting.
    pub sitting: SittingId,
    /// How many times faster than life the clock is.
    pub speed: u32,
}

/// Who plays the chief.
pub fn chief() -> Result<StaffId, Failure> {
    StaffId::new("demonstration").map_err(Failure::unexpected)
}

impl Stage {
    /// Sets the stage for `count` seats; `until_start` of hall time lies before the planned start.
    ///
    /// # Errors
    /// What stands in the way, in words.
    pub async fn set(
        demo: &Demo,
        now: WallTime,
        count: u16,
        person: bool,
        until_start: Span,
    ) -> Result<Self, Failure> {
        let speed = if person { 1 } else { demo.speed.unwrap_or(90) };
        let root = demo.data.clone().unwrap_or_else(|| {
            std::env::temp_dir().join(format!("examhall-demo-{}-{}", now.0, std::process::id()))
        });
        let data = DataFolder::open_or_create(&root).map_err(|fault| hall::data_failure(&root, &fault))?;
        let sitting = SittingId::new(&format!("demo-{}", now.0)).map_err(Failure::unexpected)?;
        let extras = root.join("demo").join(sitting.as_str());
        let source = demo_bank::find(demo.bank.as_deref());
        let bank = demo_bank::prepare(&source, &extras.join("bank"), now)?;
        let members = cast::members(count, person);
        let options = options(demo, data, &bank, &members, &sitting, speed, now, until_start)?;
        let hall = hall::start(options, &root).await?;
        hall::keep_operator(&hall, &root)?;
        let mut stage = Self {
            hall,
            members,
            identities: Vec::new(),
            bank,
            root,
            extras,
            sitting,
            speed,
        };
        stage.arrive().await?;
        stage.enrol().await?;
        Ok(stage)
    }

    /// Everybody is at the door in time; lateness is judged by this mark.
    async fn arrive(&self) -> Result<(), Failure> {
        let by = chief()?;
        for row in self.hall.roster().rows() {
            let act = HallAct::Arrive { session: row.session };
            let done = self.hall.perform(&by, act).await;
            done.map_err(|fault| hall::failure(&self.root, &fault))?
                .map_err(|refusal| Failure::unexpected(refusal.id()))?;
        }
        Ok(())
    }

    /// Every seat enrols with its own one-time code, over the enrolment port.
    async fn enrol(&mut self) -> Result<(), Failure> {
        let valid = Span::minutes(60 * i64::from(self.speed));
        let codes = self.hall.issue_seat_codes(valid).map_err(|fault| hall::failure(&self.root, &fault))?;
        let address = self.hall.enrolment_address().to_string();
        for (at, issued) in codes.iter().enumerate() {
            let identity = exam_client::enrol::enrol(&address, &issued.code.to_string())
                .await
                .map_err(|fault| Failure::unexpected(crate::chain(&fault)))?;
            let dir = self.seat_dir(at);
            identity.save(&dir).map_err(|fault| Failure::file(&dir, crate::chain(&fault)))?;
            self.identities.push(identity);
        }
        Ok(())
    }

    /// The folder of one seat: certificate, key, spool.
    pub fn seat_dir(&self, at: usize) -> PathBuf {
        let seat = self.members.get(at).map_or("", |member| member.seat.as_str());
        self.extras.join("seats").join(seat)
    }

    /// The folder of the ledgers.
    pub fn ledgers(&self) -> PathBuf {
        self.extras.join("ledgers")
    }

    /// Starts the seat of one member; its observer hears what is made and acked.
    ///
    /// # Errors
    /// Where its certificate cannot be used.
    pub fn seat(&self, at: usize) -> Result<(SeatHandle, mpsc::Receiver<exam_client::Observed>), Failure> {
        let identity = self.identities.get(at).cloned().ok_or_else(|| Failure::unexpected("no such seat"))?;
        let (observer, observed) = mpsc::channel(OBSERVED);
        let config = SeatConfig {
            identity,
            address: self.hall.delivery_address().to_string(),
            spool_dir: Some(self.seat_dir(at)),
            boot: exam_client::clock::boot_id(),
            speed: self.speed,
            observer: Some(observer),
        };
        let seat = Seat::start(config).map_err(|fault| Failure::unexpected(crate::chain(&fault)))?;
        Ok((seat, observed))
    }

    /// Seats a simulated candidate with a ledger of its own.
    ///
    /// # Errors
    /// Where seat or ledger cannot be made.
    pub fn bot(&self, at: usize) -> Result<Bot, Failure> {
        let member = self.members.get(at).ok_or_else(|| Failure::unexpected("no such seat"))?;
        let (seat, observed) = self.seat(at)?;
        let dir = self.ledgers();
        std::fs::create_dir_all(&dir).map_err(|error| Failure::file(&dir, error))?;
        let path = dir.join(format!("{}.ledger", member.seat));
        let ledger = Ledger::open(&path).map_err(|fault| Failure::file(&path, crate::chain(&fault)))?;
        Ok(Bot::new(seat, observed, self.plan(at, member), Some(ledger)))
    }

    /// How one simulated candidate sits the exam. Ability varies, so that results do: the examiner
    /// behind the curtain lends each a leaning; the seat itself has no key.
    fn plan(&self, at: usize, member: &Member) -> BotPlan {
        let seed = blake3::derive_key("examhall 2026 simulated candidate v1", member.number.as_bytes());
        let end = if at % 3 == 2 { BotEnd::AtEnd } else { BotEnd::Early };
        let leaning = self.bank.keys.iter().map(|(item, key)| (item.clone(), key.option().clone()));
        let ability = u8::try_from(25 + at * 37 % 66).unwrap_or(60);
        BotPlan {
            leaning: leaning.collect(),
            sure_percent: ability,
            ..BotPlan::new(member.number.clone(), member.tail(), seed, end)
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one call, each argument another thing")]
fn options(
    demo: &Demo,
    data: DataFolder,
    bank: &DemoBank,
    members: &[Member],
    sitting: &SittingId,
    speed: u32,
    now: WallTime,
    until_start: Span,
) -> Result<HallOptions, Failure> {
    let mut config = HallConfig { name: "演示考场".to_owned(), ..HallConfig::default() };
    config.listen.delivery = demo.listen;
    config.listen.enrolment = std::net::SocketAddr::new(demo.listen.ip(), 0);
    let clients = u32::try_from(members.len()).unwrap_or(u32::MAX).saturating_add(4);
    config.limits = config.limits.for_clients_on_one_machine(clients);
    let new = NewSitting {
        id: sitting.clone(),
        kind: SittingKind::Rehearsal,
        package: bank.package.clone(),
        trust: bank.trust.clone(),
        exam: ExamId::new("csm-l3-demo").map_err(Failure::unexpected)?,
        roster: cast::roster(members)?,
        planned: WallTime(now.0.saturating_add(until_start.0)),
    };
    let keys = bank.keys.iter().map(|(item, key): (&ItemId, &ItemKey)| -> (ItemId, OptionId) {
        (item.clone(), key.option().clone())
    });
    let units = bank.verified.content.items.iter().map(|(id, item)| (id.clone(), item.unit.clone()));
    let mut options = HallOptions::new(data, config, SittingChoice::New(Box::new(new)));
    options.clock = ClockChoice::Machine { speed };
    options.reserved_revisions = RESERVED_REVISIONS;
    options.probe = hall::probe();
    options.marks = Some(MarksAtHandIn::new(keys.collect(), units.collect()));
    Ok(options)
}

/// Says where the record lies.
pub fn record_place(root: &Path, sitting: &SittingId) -> PathBuf {
    root.join("sittings").join(sitting.as_str())
}
