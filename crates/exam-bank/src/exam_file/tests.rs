//! What an exam file may say, and how it is told what it may not.

use super::*;
use crate::testing::{EXAM, small_files};

fn kinds(text: &str) -> Vec<(Kind, u32)> {
    let (_, findings) = read("exam-small.toml", text, &small_files());
    findings.iter().map(|one| (one.kind, one.line)).collect()
}

#[test]
fn a_whole_exam_file_becomes_rules() {
    let (exam, findings) = read("exam-small.toml", EXAM, &small_files());
    assert!(findings.is_empty(), "{findings:?}");
    let exam = exam.unwrap();
    assert_eq!(exam.name, "exam-small");
    assert_eq!(exam.rules.pass, exam_core::Marks(450));
    assert_eq!(exam.rules.paper.spread_hundredths, 100);
    assert_eq!(exam.rules.length(), Span::minutes(45));
    assert_eq!(exam.rules.total_items(), 8);
    assert_eq!(exam.rules.clock.warn, [15, 5, 1].map(Span::minutes));
    assert_eq!(exam.texts.len(), 2);
}

#[test]
fn every_finding_comes_at_once_with_its_line() {
    let text = EXAM
        .replace("pass = 4.5", "pass = 4.555")
        .replace(
            "late_from = \"report\"",
            "late_from = \"lunch\"\nlate_form = 1",
        )
        .replace(
            "count = 4\npoints = 1\nshuffle = { items = true }",
            "count = 5\npoints = 1",
        );
    let line = |words: &str| {
        let at = text.lines().position(|line| line.contains(words)).unwrap();
        u32::try_from(at + 1).unwrap()
    };
    assert_eq!(
        kinds(&text),
        [
            (Kind::BadValue, line("pass")),
            (Kind::BadValue, line("select")),
            (Kind::BadValue, line("lunch")),
            (Kind::UnknownField, line("late_form")),
        ]
    );
}

#[test]
fn what_this_version_cannot_keep_is_said_and_never_ignored() {
    let tail = "[leave]\nseat = \"escorted\"\n[interruption]\nstop_after = 45\n\
        [second_person]\ngrant_over = 5\nacts = [\"end\"]\n";
    let text = format!("{EXAM}{tail}")
        .replace(
            "draw = \"each\"",
            "draw = \"forms = 3\"\navoid = [\"seen-by-this-person\"]",
        )
        .replace("minutes = 45", "minutes = 45\nrevisit = false")
        .replace(
            "[admission]",
            "[parts]\nclock = \"in-step\"\nunused_time = \"carried\"\n[admission]",
        )
        .replace(
            "identity = \"none\"",
            "identity = \"none\"\nlate_override = \"chief\"\nlate_extends = true\nabsent = \"30\"\n\
             login = [\"id-tail-6\"]\ndocuments = [\"passport\"]",
        )
        .replace(
            "start = \"chief\"",
            "start = \"chief\"\nloss = \"credit\"\nauto_credit = 5\nresume_countdown = 10",
        );
    let (exam, findings) = read("exam-small.toml", &text, &small_files());
    let not_delivered = findings.iter().filter(|one| one.kind == Kind::NotDelivered);
    assert_eq!(not_delivered.count(), 17, "{findings:#?}");
    assert_eq!(findings.len(), 17);
    assert!(
        findings
            .iter()
            .all(|one| one.line > 0 && !one.hint.is_empty())
    );
    assert!(exam.is_none());
}

#[test]
fn the_values_that_mean_nothing_extra_are_taken() {
    let tail = "[leave]\nseat = \"no\"\n[interruption]\nstop_after = 0\n\
        [second_person]\ngrant_over = 0\nacts = []\n[parts]\nclock = \"one-clock\"\n";
    let text = format!("{EXAM}{tail}").replace(
        "identity = \"none\"",
        "identity = \"none\"\nlate_override = \"nobody\"\nlate_extends = false\n\
         absent = \"at-close-of-door\"\nlogin = [\"admission-number\", \"id-tail-6\"]\ndocuments = []",
    );
    assert_eq!(kinds(&text), []);
}

#[test]
fn hand_in_before_the_door_closes_is_refused() {
    let early = EXAM.replace("late_from = \"report\"", "late_from = \"start\"");
    // 15 minutes after the start the door closes, hand-in from 30: fine.
    assert_eq!(kinds(&early), []);
    let early = early.replace("earliest = 30", "earliest = 14");
    assert_eq!(kinds(&early).first().unwrap().0, Kind::HandInBeforeDoor);
    // Counted from the report time the door closes 15 minutes before the start.
    assert_eq!(kinds(&EXAM.replace("earliest = 30", "earliest = 0")), []);
}

#[test]
fn true_false_options_are_never_shuffled() {
    let text = EXAM.replace("shuffle = { items = true }", "shuffle = { options = true }");
    assert_eq!(kinds(&text).first().unwrap().0, Kind::BadValue);
}

#[test]
fn the_undertaking_must_be_there_in_every_language() {
    let mut files = small_files();
    files.remove("undertaking.en.md");
    let (exam, findings) = read("exam-small.toml", EXAM, &files);
    assert!(exam.is_none());
    assert_eq!(findings.len(), 1);
    files.insert("undertaking.en.md".to_owned(), b"\x1b[2J".to_vec());
    assert!(read("exam-small.toml", EXAM, &files).0.is_none());
    assert_eq!(
        kinds(&EXAM.replace("\"undertaking.zh.md\"", "\"../etc.zh.md\"")).len(),
        1
    );
}
