//! What goes wrong on the evening before: each has words in the chosen language, an exit code of
//! its own, and harms nothing.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "a skipped test must be seen")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use exam_client::{Act, Seat, SeatConfig, SeatHandle};
use exam_core::Refusal;
use exam_tests::{Kit, Ports, Server, all_arrive, binary, sample_bank};

fn the_binary() -> PathBuf {
    binary(env!("CARGO_BIN_EXE_examhall-under-test"))
}

/// Runs a command that must fail: returns its exit code and what it said.
fn fails(lang: &str, args: &[&str]) -> (i32, String) {
    let output = Command::new(the_binary())
        .args(["--lang", lang])
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code().unwrap(), said)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn a_missing_bank_is_said_in_both_languages() {
    let args = ["demo", "--headless", "--bank", "/nowhere"];
    let (code, said) = fails("zh", &args);
    assert_eq!(code, 10);
    assert!(
        said.contains("找不到题库：/nowhere") && said.contains("没有改动任何数据"),
        "{said}"
    );
    let (code, said) = fails("en", &args);
    assert_eq!(code, 10);
    assert!(
        said.contains("was not found: /nowhere") && said.contains("What to do:"),
        "{said}"
    );
}

#[test]
fn a_bank_with_errors_is_refused_with_every_finding() {
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("bank");
    copy_folder(&sample_bank(), &copy);
    let file = copy.join("items/01-ethics.toml");
    let items = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, items.replacen("unit = \"01\"", "unit = \"99\"", 2)).unwrap();
    let (code, said) = fails("en", &["demo", "--headless", "--bank", &text(&copy)]);
    assert_eq!(code, 11, "{said}");
    assert_eq!(said.matches("items/01-ethics.toml:").count(), 2, "{said}");
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn a_package_with_one_changed_byte_is_refused_and_no_sitting_opened() {
    let dir = tempfile::tempdir().unwrap();
    let kit = Kit::make(&the_binary(), dir.path(), 1);
    let package = dir.path().join("packed/csm-l3-1.bank");
    let mut bytes = std::fs::read(&package).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&package, bytes).unwrap();
    let trust = text(&dir.path().join("trust.toml"));
    let (code, said) = fails(
        "en",
        &["bank", "verify", &text(&package), "--trust", &trust],
    );
    assert_eq!(code, 11, "{said}");
    let (code, _) = fails(
        "en",
        &[
            "serve",
            "--data",
            &text(&kit.data()),
            "--package",
            &text(&package),
            "--trust",
            &trust,
            "--exam",
            "csm-l3-demo",
            "--roster",
            &text(&dir.path().join("roster.csv")),
            "--sitting",
            "test",
        ],
    );
    assert_eq!(code, 11);
    assert!(!kit.sitting().join("OPENED").exists());
}

#[test]
fn a_demonstration_without_a_terminal_says_what_to_do() {
    let (code, said) = fails("zh", &["demo"]);
    assert_eq!(code, 40);
    assert!(
        said.contains("这不是终端") && said.contains("--headless"),
        "{said}"
    );
}

#[test]
fn a_data_folder_of_another_version_is_refused_by_number() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("FORMAT"), "examhall data 9\n").unwrap();
    let (code, said) = fails(
        "en",
        &["serve", "--data", &text(dir.path()), "--print-config"],
    );
    assert_eq!(code, 21);
    assert!(said.contains("newer format 9"), "{said}");
    let foreign = tempfile::tempdir().unwrap();
    std::fs::write(foreign.path().join("letters.txt"), "mine").unwrap();
    let (code, _) = fails(
        "en",
        &["serve", "--data", &text(foreign.path()), "--print-config"],
    );
    assert_eq!(code, 21);
    assert_eq!(std::fs::read_dir(foreign.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_or_port_in_use_is_named_and_the_running_hall_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let kit = Kit::make(&the_binary(), dir.path(), 1);
    let server = Server::open(&the_binary(), &kit, Ports::free());
    let data = text(&kit.data());
    let (code, said) = fails("en", &["serve", "--data", &data, "--sitting", "test"]);
    assert_eq!(code, 20);
    assert!(said.contains("in use by another process"), "{said}");
    assert!(server.terminate());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = fails(
        "en",
        &[
            "serve",
            "--data",
            &data,
            "--sitting",
            "test",
            "--listen",
            &address,
        ],
    );
    assert_eq!(code, 30);
    assert!(said.contains(&address), "{said}");
}

/// A disk of its own, too small for a sitting's reserve; `None` where nobody may mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(dir.path())
            .stderr(Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()));
    }
}

#[test]
fn w7_a_full_disk_at_opening_is_said_and_nothing_is_opened() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("SKIPPED: no small disk can be mounted here");
        return;
    };
    let data = disk.0.path().join("data");
    let (code, said) = fails(
        "en",
        &[
            "demo",
            "--headless",
            "--seats",
            "3",
            "--bank",
            &text(&sample_bank()),
            "--data",
            &text(&data),
        ],
    );
    assert_eq!(code, 22, "{said}");
    assert!(said.contains("Not enough space"), "{said}");
}

async fn seat(server: &Server, dir: &Path, name: &str) -> SeatHandle {
    let (_, code) = server.codes.iter().find(|(seat, _)| seat == name).unwrap();
    let address = server.enrolment.to_string();
    let identity = exam_client::enrol::enrol(&address, code).await.unwrap();
    let spool = dir.join(name);
    std::fs::create_dir_all(&spool).unwrap();
    Seat::start(SeatConfig {
        identity,
        address: server.delivery.to_string(),
        spool_dir: Some(spool),
        boot: exam_client::clock::boot_id(),
        speed: 1,
        observer: None,
    })
    .unwrap()
}

/// Logs in and returns what the seat was refused, if it was.
async fn log_in(seat: &mut SeatHandle, number: &str, tail: &str) -> Option<Refusal> {
    let before = seat.picture().refusal.clone().map(|(count, _)| count);
    let act = Act::LogIn {
        number: number.to_owned(),
        tail: tail.to_owned(),
    };
    while seat.picture().hall.is_none() {
        seat.pictures.changed().await.unwrap();
    }
    seat.acts.send(act).await.unwrap();
    loop {
        let picture = seat.picture();
        if picture.view.is_some() {
            return None;
        }
        if let Some((count, refusal)) = picture.refusal.clone()
            && Some(count) != before
        {
            return Some(refusal);
        }
        tokio::time::timeout(Duration::from_secs(20), seat.pictures.changed())
            .await
            .unwrap()
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_number_and_a_second_check_in_are_refused_and_the_first_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let kit = Kit::make(&the_binary(), dir.path(), 2);
    let server = Server::open(&the_binary(), &kit, Ports::free());
    all_arrive(&server.operator(&kit)).await;
    let (number, tail, first) = kit.candidates[0].clone();
    let second = kit.candidates[1].2.clone();
    let mut at_first = seat(&server, dir.path(), &first).await;
    let mut at_second = seat(&server, dir.path(), &second).await;

    let wrong = log_in(&mut at_first, "20269999", &tail).await;
    assert!(matches!(wrong, Some(Refusal::NoMatch { .. })), "{wrong:?}");
    assert_eq!(log_in(&mut at_first, &number, &tail).await, None);
    let twice = log_in(&mut at_second, &number, &tail).await;
    assert_eq!(twice, Some(Refusal::TicketInUse));
    let shown = server.operator(&kit).show().await.unwrap();
    let row = shown.rows.iter().find(|row| row.number == number).unwrap();
    assert!(row.view.connected && row.view.seat.as_str() == first);
    at_first.stop().await;
    at_second.stop().await;
    assert!(server.terminate());
}
