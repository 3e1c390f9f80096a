//! Ring "marks": the independent marker agrees with the program's export, and sees every change.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod independent_marker;
#[path = "../crates/exam-marking/tests/support/sat.rs"]
#[allow(dead_code, reason = "the marking tests need more of it")]
mod sat;

use exam_exchange::results_json;
use exam_marking::result_document;
use independent_marker::{Verdict, mark};
use serde_json::{Value, json};

fn export() -> Value {
    let sat = sat::whole(["d", "c", "b", "a"]);
    let document =
        result_document(&sat.sitting, &sat::keys(), &sat::units(), &sat::context()).unwrap();
    serde_json::from_slice(&results_json(&document).unwrap()).unwrap()
}

#[test]
fn the_independent_marker_agrees_with_the_export() {
    let (verdicts, wrong) = mark(&export());
    assert_eq!(wrong, Vec::<String>::new());
    let verdict = |candidate: &str, marks| Verdict {
        candidate: candidate.to_owned(),
        marks,
    };
    assert_eq!(
        verdicts,
        [
            verdict("2026001", Some((200, true))),
            verdict("2026002", Some((150, false))),
            verdict("2026003", None),
        ]
    );
}

#[test]
fn whatever_is_altered_in_the_export_is_seen() {
    let item = "/sessions/0/paper/sections/1/items/0";
    let altered: Vec<(String, Value)> = vec![
        ("/sessions/0/paper/total".to_owned(), json!(250)),
        ("/sessions/0/paper/of".to_owned(), json!(300)),
        ("/sessions/0/paper/passed".to_owned(), json!(false)),
        ("/sessions/0/paper/answered".to_owned(), json!(5)),
        (
            "/sessions/1/paper/total_without_offline".to_owned(),
            json!(150),
        ),
        ("/sessions/0/paper/sections/0/marks".to_owned(), json!(200)),
        ("/sessions/0/paper/sections/0/points".to_owned(), json!(50)),
        ("/sessions/0/paper/units/0/marks".to_owned(), json!(0)),
        ("/sessions/0/end".to_owned(), json!("absent")),
        ("/sessions/0/paper".to_owned(), Value::Null),
        ("/exam/pass".to_owned(), json!(150)),
        ("/exam/sections/1/points".to_owned(), json!(100)),
        ("/keys/q3".to_owned(), json!("a")),
        ("/keys/q1".to_owned(), Value::Null),
        ("/format".to_owned(), json!(2)),
        (format!("{item}/marks"), json!(0)),
        (format!("{item}/chosen"), json!("c")),
        (format!("{item}/item"), json!("q1")),
    ];
    for (place, value) in altered {
        let mut export = export();
        let there = export.pointer_mut(&place).unwrap();
        assert_ne!(*there, value, "{place}: nothing would be altered");
        *there = value;
        let (_, wrong) = mark(&export);
        assert!(!wrong.is_empty(), "{place}: altered, and nobody saw it");
    }
}

#[test]
fn the_marker_is_independent() {
    let source = include_str!("independent_marker.rs");
    assert!(
        !source.contains("exam_"),
        "it must not use the program's crates"
    );
    let code = source
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"));
    assert!(
        code.count() <= 120,
        "it must be short enough to be read in one go"
    );
}
