//! The rehearsal ring: the headless demonstration as its user runs it, and its verdict shown to be
//! able to fail: a forged ack, an altered mark and another seed must each be found.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use exam_tests::{binary, sample_bank};
use serde_json::Value;

fn the_binary() -> PathBuf {
    binary(env!("CARGO_BIN_EXE_examhall-under-test"))
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The one entry of a folder.
fn only(dir: &Path) -> PathBuf {
    let mut entries = fs::read_dir(dir).unwrap();
    let path = entries.next().unwrap().unwrap().path();
    assert!(entries.next().is_none());
    path
}

/// Asks for the verdict again; returns whether it is good, and its numbers.
fn verdict(data: &Path) -> (bool, Value) {
    let stage = only(&data.join("demo"));
    let out = stage.join("results/again.json");
    let status = Command::new(the_binary())
        .args(["--lang", "en", "verdict", "--data"])
        .arg(data)
        .arg("--sitting")
        .arg(stage.file_name().unwrap())
        .arg("--ledgers")
        .arg(stage.join("ledgers"))
        .arg("--keys")
        .arg(stage.join("bank/package.keys"))
        .arg("--trust")
        .arg(stage.join("bank/trust.toml"))
        .arg("--json")
        .arg(&out)
        .output()
        .unwrap()
        .status;
    (status.success(), json(&out))
}

/// Rehearses six seats and returns the data folder and the document of the run.
fn rehearse(dir: &Path) -> (PathBuf, Value) {
    let (data, out) = (dir.join("data"), dir.join("verdict.json"));
    let run = Command::new(the_binary())
        .args(["--lang", "en", "demo", "--headless", "--seats", "6"])
        .args(["--speed", "150", "--bank"])
        .arg(sample_bank())
        .arg("--data")
        .arg(&data)
        .arg("--json")
        .arg(&out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let complained = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{said}{complained}");
    assert!(said.contains("nothing lost, nothing gained"), "{said}");
    let document = json(&out);
    (data, document)
}

/// Changes a file, asks for the verdict, and puts the file back.
fn with_changed(data: &Path, file: &Path, change: impl FnOnce(&str) -> String) -> (bool, Value) {
    let honest = fs::read_to_string(file).unwrap();
    fs::write(file, change(&honest)).unwrap();
    let judged = verdict(data);
    fs::write(file, honest).unwrap();
    judged
}

#[test]
fn a_rehearsal_is_judged_and_the_verdict_can_fail() {
    let dir = tempfile::tempdir().unwrap();
    let (data, document) = rehearse(dir.path());
    let number = |name: &str| document[name].as_u64().unwrap();
    assert_eq!(number("seats"), 6);
    assert_eq!(number("handed_in") + number("timed_up"), 6);
    assert_eq!(document["marks"].as_array().unwrap().len(), 6);
    assert_eq!(number("revisions_sent"), number("revisions_acked"));
    assert!(number("revisions_acked") > 400);
    assert_eq!(number("acked_missing_from_journal"), 0);
    assert_eq!(document["journal"]["head"].as_str().unwrap().len(), 64);

    let stage = only(&data.join("demo"));
    assert!(verdict(&data).0);
    let results = fs::read(stage.join("results/result.json")).unwrap();
    let csv = fs::read(stage.join("results/result.csv")).unwrap();
    assert!(csv.starts_with("\u{FEFF}".as_bytes()));

    let (good, numbers) = with_changed(&data, &stage.join("ledgers/A-01.ledger"), |honest| {
        let forged = honest.lines().last().unwrap().replacen(" 1 ", " 7 ", 1);
        format!("{honest}{forged}\n")
    });
    assert!(
        !good && numbers["acked_missing_from_journal"] == 1,
        "{numbers}"
    );

    let (good, numbers) = with_changed(&data, &stage.join("ledgers/shown.json"), |honest| {
        let mut marks: serde_json::Map<String, Value> = serde_json::from_str(honest).unwrap();
        let first = marks.values_mut().next().unwrap();
        *first = Value::from(first.as_i64().unwrap() + 100);
        Value::Object(marks).to_string()
    });
    assert!(!good && numbers["marks_mismatched"] == 1, "{numbers}");

    let seed = only(&data.join("sittings")).join("seed");
    let (good, numbers) = with_changed(&data, &seed, |_| "0".repeat(64));
    assert!(!good && numbers["papers_invalid"] == 6, "{numbers}");

    assert!(verdict(&data).0, "all is as it was, and good again");
    let again = fs::read(stage.join("results/result.json")).unwrap();
    assert_eq!(again, results, "marked twice, other bytes");
}
