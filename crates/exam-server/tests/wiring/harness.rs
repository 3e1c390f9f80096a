//! A hall for tests: the sample bank, a clock moved by hand, a disk whose syncs can be held.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use exam_bank::{Edition, NewKey, Release, SigningKey, Trust, open_keys, read_bank};
use exam_core::{
    ExamId, HallAct, HallTime, Refusal, SessionId, SittingId, SittingKind, Span, StaffId, WallTime,
};
use exam_journal::Files;
use exam_journal::sim::{Gate, SimFiles};
use exam_server::clock::ManualClock;
use exam_server::config::{HallConfig, Limits};
use exam_server::data::DataFolder;
use exam_server::hall::{
    Backing, ClockChoice, HallOptions, MarksAtHandIn, NewSitting, RunningHall, SittingChoice, start,
};
use exam_server::pki::Credentials;
use exam_server::roster::read_csv;

pub(crate) const WALL: WallTime = WallTime(1_795_000_000_000);
pub(crate) const EXAM: &str = "csm-l3-demo";

/// The sample bank, signed by two and packed.
pub(crate) struct Sample {
    pub(crate) package: Vec<u8>,
    pub(crate) keys: Vec<u8>,
    pub(crate) trust: Trust,
}

pub(crate) fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../question-banks/csm-l3");
        let (bank, _) = read_bank(&folder);
        let keys = [NewKey::make(None).unwrap(), NewKey::make(None).unwrap()];
        let [one, two] = &keys;
        let signers = [
            ("wang", "王", one.public.clone()),
            ("li", "李", two.public.clone()),
        ];
        let trust = Trust::of_signers(&bank.id, &signers).unwrap();
        let edition = Edition {
            version: 1,
            label: "test".to_owned(),
            previous: None,
            created: WALL,
            expires: WallTime(WALL.0 + 1_000_000_000),
            salt: [7; 32],
        };
        let mut release = Release::make(&bank, &trust, &edition).unwrap();
        for key in &keys {
            let key = SigningKey::open(&key.secret_file, None).unwrap();
            release.sign(&key).unwrap();
        }
        Sample {
            package: release.pack_bank().unwrap().bytes,
            keys: release.pack_keys().unwrap().bytes,
            trust,
        }
    })
}

pub(crate) fn marks() -> MarksAtHandIn {
    let sample = sample();
    let bank = exam_bank::open_package(&sample.package, &sample.trust, WALL).unwrap();
    let keys = open_keys(&sample.keys, &sample.trust, &bank.digest, WALL).unwrap();
    let keys = keys
        .iter()
        .map(|(item, key)| (item.clone(), key.option().clone()));
    let items = bank.manifest.items.iter();
    MarksAtHandIn::new(
        keys.collect(),
        items
            .map(|(id, item)| (id.clone(), item.unit.clone()))
            .collect(),
    )
}

/// A hall under test.
pub(crate) struct TestHall {
    pub(crate) running: RunningHall,
    pub(crate) clock: ManualClock,
    pub(crate) disk: SimFiles,
    pub(crate) gate: Gate,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) operator: Credentials,
}

/// Where a hall's journal lies: kept across restarts.
pub(crate) struct Ground {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) disk: SimFiles,
    pub(crate) gate: Gate,
    pub(crate) clock: ManualClock,
}

impl Ground {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::new(HallTime(1_000_000), WALL);
        Self::on(tempfile::tempdir().unwrap(), SimFiles::new(), clock)
    }

    pub(crate) fn on(dir: tempfile::TempDir, disk: SimFiles, clock: ManualClock) -> Self {
        let files: Arc<dyn Files> = Arc::new(disk.clone());
        Self {
            dir,
            disk,
            gate: Gate::before(files),
            clock,
        }
    }

    pub(crate) fn options(&self, sitting: SittingChoice) -> HallOptions {
        let data = DataFolder::open_or_create(self.dir.path()).unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut config = HallConfig::default();
        config.listen.delivery = any;
        config.listen.enrolment = any;
        config.limits = Limits::default().for_clients_on_one_machine(40);
        let mut options = HallOptions::new(data, config, sitting);
        options.clock = ClockChoice::Manual(self.clock.clone());
        options.backing = Backing::Files(Arc::new(self.gate.clone()));
        options.marks = Some(marks());
        options
    }

    /// The hall as it starts with these options.
    pub(crate) async fn start(self, options: HallOptions) -> TestHall {
        let running = start(options).await.unwrap();
        TestHall {
            operator: running.operator().unwrap(),
            running,
            clock: self.clock,
            disk: self.disk,
            gate: self.gate,
            dir: self.dir,
        }
    }
}

pub(crate) fn new_sitting(seats: u8) -> NewSitting {
    let mut text = "number,name,id,seat\n".to_owned();
    for n in 1..=seats {
        writeln!(text, "2026{n:04},考生{n},11010119900101{n:04},A-{n:02}").unwrap();
    }
    let mut next = 0;
    let draw = || {
        next += 1;
        Ok(SessionId([next; 16]))
    };
    NewSitting {
        id: SittingId::new("morning").unwrap(),
        kind: SittingKind::Real,
        package: sample().package.clone(),
        trust: sample().trust.clone(),
        exam: ExamId::new(EXAM).unwrap(),
        roster: read_csv(text.as_bytes(), draw).unwrap(),
        // Half an hour from now: log-in is open.
        planned: WallTime(WALL.0 + 1_800_000),
    }
}

/// A hall with an opened sitting of so many seats, A-01 and so on.
pub(crate) async fn hall(seats: u8) -> TestHall {
    let ground = Ground::new();
    let options = ground.options(SittingChoice::New(Box::new(new_sitting(seats))));
    ground.start(options).await
}

impl TestHall {
    pub(crate) fn session(n: u8) -> SessionId {
        SessionId([n; 16])
    }

    pub(crate) async fn perform(&self, act: HallAct) -> Result<(), Refusal> {
        let by = StaffId::new("operator").unwrap();
        self.running.perform(&by, act).await.unwrap()
    }

    /// The process dies and another one finds what was on the disk.
    pub(crate) fn dies(self) -> Ground {
        let disk = self.disk.copied();
        drop(self.running);
        Ground::on(self.dir, disk, self.clock)
    }

    /// Lets time pass until the planned start.
    pub(crate) fn planned_start(&self) {
        let left = self.running.planned() - self.running.clock().now();
        self.clock.advance(left);
    }
}

pub(crate) fn minute() -> Span {
    Span::minutes(1)
}
