//! The harness of the outer rings: a bank signed with the command line, a hall run as a process,
//! seats that are exam-client over TLS.
//!
//! It knows nothing that a technician could not know: it types commands, reads what they print,
//! and reads the data folder only when no server holds it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

pub mod restless;
pub mod tmux;

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use exam_client::Identity;
use exam_client::admin::{Operator, Showing};
use exam_core::view::Label;
use exam_core::{Event, HallAct};
use exam_journal::RealFiles;

/// The binary under test: the release one if `EXAMHALL_BIN` names it.
pub fn binary(built: &str) -> PathBuf {
    std::env::var_os("EXAMHALL_BIN").map_or_else(|| PathBuf::from(built), PathBuf::from)
}

/// The sample bank of this checkout.
pub fn sample_bank() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../question-banks/csm-l3")
}

/// Runs a command of the binary to its end.
pub fn run(binary: &Path, args: &[&str]) -> Output {
    let output = Command::new(binary)
        .args(["--lang", "en"])
        .args(args)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A signed bank and a roster, made with the command line as examiners would.
#[derive(Debug)]
pub struct Kit {
    /// The folder of it all.
    pub dir: PathBuf,
    /// Admission number, ID tail and seat of each candidate.
    pub candidates: Vec<(String, String, String)>,
}

impl Kit {
    /// Signs and packs the sample bank in `dir`, and writes a roster of `seats`.
    pub fn make(binary: &Path, dir: &Path, seats: usize) -> Self {
        let path = |name: &str| dir.join(name).to_string_lossy().into_owned();
        let bank = sample_bank().to_string_lossy().into_owned();
        for key in ["one.key", "two.key"] {
            run(
                binary,
                &["bank", "keygen", "--unprotected", "--out", &path(key)],
            );
        }
        std::fs::write(dir.join("trust.toml"), trust(dir)).unwrap();
        for key in ["one.key", "two.key"] {
            run(
                binary,
                &[
                    "bank",
                    "sign",
                    &bank,
                    "--trust",
                    &path("trust.toml"),
                    "--key",
                    &path(key),
                    "--out",
                    &path("built"),
                ],
            );
        }
        run(
            binary,
            &[
                "bank",
                "pack",
                &path("built"),
                "--trust",
                &path("trust.toml"),
                "--out",
                &path("packed"),
            ],
        );
        let candidate = |n: usize| {
            let seat = format!(
                "{}-{:02}",
                char::from(b'A' + u8::try_from(n / 10).unwrap()),
                n % 10 + 1
            );
            (format!("2026{n:08}"), format!("{:06}", 100_000 + n), seat)
        };
        let candidates: Vec<_> = (0..seats).map(candidate).collect();
        let rows = candidates.iter().map(|(number, tail, seat)| {
            format!("{number},考生{number},999999200001{tail},{seat}\n")
        });
        let roster = rows.fold("number,name,id_number,seat\n".to_owned(), |all, row| {
            all + &row
        });
        std::fs::write(dir.join("roster.csv"), roster).unwrap();
        Self {
            dir: dir.to_owned(),
            candidates,
        }
    }

    /// The data folder of the hall.
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// The folder of the sitting's journal.
    pub fn sitting(&self) -> PathBuf {
        self.data().join("sittings/test")
    }

    /// Every event on record, read while no server runs.
    pub fn events(&self) -> Vec<Event> {
        let records = exam_journal::read_records(&RealFiles, &self.sitting()).unwrap();
        records
            .iter()
            .map(|record| exam_record::decode(&record.payload).unwrap())
            .collect()
    }
}

fn trust(dir: &Path) -> String {
    let key = |name: &str| {
        let text = std::fs::read_to_string(dir.join(name)).unwrap();
        text.lines().last().unwrap().to_owned()
    };
    format!(
        "format = 1\nbank = \"csm-l3\"\n\n\
         [[person]]\nid = \"one\"\nname = \"One\"\nkeys = [\"{}\"]\n\n\
         [[person]]\nid = \"two\"\nname = \"Two\"\nkeys = [\"{}\"]\n\n\
         [[role]]\nname = \"package\"\nthreshold = 2\npeople = [\"one\", \"two\"]\n",
        key("one.pub"),
        key("two.pub")
    )
}

/// A port nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A hall as a process of its own.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where seats connect.
    pub delivery: SocketAddr,
    /// Where seats enrol.
    pub enrolment: SocketAddr,
    /// Codes by seat, as printed.
    pub codes: Vec<(String, String)>,
}

/// The ports of a hall, the same over restarts.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// Delivery.
    pub delivery: u16,
    /// Enrolment.
    pub enrolment: u16,
}

impl Ports {
    /// Two free ports.
    pub fn free() -> Self {
        Self {
            delivery: free_port(),
            enrolment: free_port(),
        }
    }
}

impl Server {
    /// Opens a new sitting named `test`, a rehearsal of the demonstration exam.
    pub fn open(binary: &Path, kit: &Kit, ports: Ports) -> Self {
        let dir = |name: &str| kit.dir.join(name).to_string_lossy().into_owned();
        let args = [
            "--package",
            &dir("packed/csm-l3-1.bank"),
            "--trust",
            &dir("trust.toml"),
            "--keys",
            &dir("packed/csm-l3-1.keys"),
            "--exam",
            "csm-l3-demo",
            "--roster",
            &dir("roster.csv"),
            "--start",
            &soon(),
            "--sitting",
            "test",
            "--rehearsal",
        ];
        Self::spawn(binary, kit, ports, &args)
    }

    /// Takes the sitting up again.
    pub fn again(binary: &Path, kit: &Kit, ports: Ports) -> Self {
        Self::spawn(binary, kit, ports, &["--sitting", "test"])
    }

    fn spawn(binary: &Path, kit: &Kit, ports: Ports, more: &[&str]) -> Self {
        let data = kit.data();
        if !data.join("hall.toml").exists() {
            settings(binary, &data);
        }
        let delivery = SocketAddr::from(([127, 0, 0, 1], ports.delivery));
        let enrolment = SocketAddr::from(([127, 0, 0, 1], ports.enrolment));
        let mut child = Command::new(binary)
            .args(["--lang", "en", "serve", "--data"])
            .arg(&data)
            .args([
                "--listen",
                &delivery.to_string(),
                "--enrol-listen",
                &enrolment.to_string(),
            ])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut codes = Vec::new();
        let mut ready = false;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let mut words = line.split_whitespace();
            if let (Some(seat), Some(code), None) = (words.next(), words.next(), words.next())
                && code.matches('-').count() == 2
            {
                codes.push((seat.to_owned(), code.to_owned()));
            }
            if line.starts_with("Ctrl-C") {
                ready = true;
                break;
            }
        }
        assert!(ready, "the hall did not start: {:?}", child.wait());
        Self {
            child,
            delivery,
            enrolment,
            codes,
        }
    }

    /// Kills the process at once, as a power switch would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to end, and says whether it ended well.
    pub fn terminate(mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().success()
    }

    /// The chief at the server's own machine.
    pub fn operator(&self, kit: &Kit) -> Operator {
        let identity = Identity::load(&kit.data().join("pki/operator")).unwrap();
        Operator {
            identity,
            address: self.delivery.to_string(),
        }
    }
}

/// The planned start: so soon that nobody waits, late enough to arrive before the door closes.
///
/// The hall's zone has no summer time, so eight hours are always right.
#[expect(
    clippy::disallowed_methods,
    reason = "a technician's watch is a wall clock"
)]
fn soon() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = (since.unwrap().as_secs() + 8 * 3600 + 4) % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// A hall whose seats are all on one machine needs its limits raised.
fn settings(binary: &Path, data: &Path) {
    run(
        binary,
        &["serve", "--print-config", "--data", &data.to_string_lossy()],
    );
    let path = data.join("hall.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let raised = text.lines().map(|line| match line.split_once(" = ") {
        Some((name @ ("connections_per_address" | "accepts_per_second"), _)) => {
            format!("{name} = 1000\n")
        }
        _ => format!("{line}\n"),
    });
    std::fs::write(&path, raised.collect::<String>()).unwrap();
}

/// Admits everybody who waits and starts the room once all are ready.
pub async fn admit_and_start(operator: &Operator) {
    loop {
        let showing = operator.show().await.unwrap();
        for row in &showing.rows {
            if row.view.label == Label::AwaitIdentity {
                let act = HallAct::Identify {
                    session: row.view.session,
                };
                operator.perform(&act).await.unwrap();
            }
        }
        let ready = |showing: &Showing| {
            showing
                .rows
                .iter()
                .all(|row| row.view.label == Label::AwaitStart)
        };
        let due = showing
            .rows
            .iter()
            .all(|row| showing.hall >= row.view.planned);
        if due && ready(&showing) {
            operator.perform(&HallAct::Start).await.unwrap();
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Marks everybody as come to the door, before the door closes at the planned start.
pub async fn all_arrive(operator: &Operator) {
    for row in operator.show().await.unwrap().rows {
        operator
            .perform(&HallAct::Arrive {
                session: row.view.session,
            })
            .await
            .unwrap();
    }
}
