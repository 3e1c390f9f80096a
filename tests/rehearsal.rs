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

#[test]
fn a_rehearsal_is_judged_and_the_verdict_can_fail() {
    let dir = tempfile::tempdir().unwrap();
    let (data, out) = (dir.path().join("data"), dir.path().join("verdict.json"));
    let run = Command::new(the_binary())
        .args([
            "--lang",
            "en",
            "demo",
            "--headless",
            "--seats",
            "6",
            "--speed",
            "150",
            "--bank",
        ])
        .arg(sample_bank())
        .arg("--data")
        .arg(&data)
        .arg("--json")
        .arg(&out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(
        run.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(said.contains("nothing lost, nothing gained"), "{said}");
    let document = json(&out);
    let number = |name: &str| document[name].as_u64().unwrap();
    assert_eq!(number("seats"), 6);
    assert_eq!(number("handed_in") + number("timed_up"), 6);
    assert_eq!(document["marks"].as_array().unwrap().len(), 6);
    assert_eq!(number("revisions_sent"), number("revisions_acked"));
    assert!(number("revisions_acked") > 400);
    assert_eq!(number("acked_missing_from_journal"), 0);
    assert!(document["journal"]["head"].as_str().unwrap().len() == 64);

    let stage = only(&data.join("demo"));
    assert!(verdict(&data).0);
    let results = fs::read(stage.join("results/result.json")).unwrap();
    let csv = fs::read(stage.join("results/result.csv")).unwrap();
    assert!(csv.starts_with("\u{FEFF}".as_bytes()));

    let ledger = stage.join("ledgers/A-01.ledger");
    let honest = fs::read_to_string(&ledger).unwrap();
    let forged = honest.lines().last().unwrap().replacen(" 1 ", " 7 ", 1);
    fs::write(&ledger, format!("{honest}{forged}\n")).unwrap();
    let (good, numbers) = verdict(&data);
    assert!(
        !good && numbers["acked_missing_from_journal"] == 1,
        "{numbers}"
    );
    fs::write(&ledger, honest).unwrap();

    let shown = stage.join("ledgers/shown.json");
    let mut marks: serde_json::Map<String, Value> =
        serde_json::from_slice(&fs::read(&shown).unwrap()).unwrap();
    let honest = fs::read(&shown).unwrap();
    let first = marks.values_mut().next().unwrap();
    *first = Value::from(first.as_i64().unwrap() + 100);
    fs::write(&shown, Value::Object(marks).to_string()).unwrap();
    let (good, numbers) = verdict(&data);
    assert!(!good && numbers["marks_mismatched"] == 1, "{numbers}");
    fs::write(&shown, honest).unwrap();

    let seed = only(&data.join("sittings")).join("seed");
    let honest = fs::read_to_string(&seed).unwrap();
    fs::write(&seed, "0".repeat(64)).unwrap();
    let (good, numbers) = verdict(&data);
    assert!(!good && numbers["papers_invalid"] == 6, "{numbers}");
    fs::write(&seed, honest).unwrap();

    assert!(verdict(&data).0, "all is as it was, and good again");
    assert_eq!(
        fs::read(stage.join("results/result.json")).unwrap(),
        results,
        "marking twice, other bytes"
    );
}
