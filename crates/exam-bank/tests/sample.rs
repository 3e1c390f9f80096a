//! The sample bank of this repository, read, checked and published: what examiners would see.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;

use exam_bank::{
    Bank, Content, Edition, Finding, NewKey, PlanRow, Release, SigningKey, Trust, assemble, check,
    open_package, read_bank,
};
use exam_core::{Place, SessionId, WallTime};

fn sample() -> (Bank, Vec<Finding>) {
    read_bank(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../question-banks/csm-l3"))
}

#[test]
fn the_sample_bank_has_no_findings() {
    let (bank, mut findings) = sample();
    findings.extend(check(&bank));
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn the_sample_bank_is_as_large_as_promised() {
    let (bank, _) = sample();
    let count = |kind| bank.items.iter().filter(|item| item.kind == kind).count();
    assert!(count(exam_core::ItemKind::TrueFalse) >= 90);
    assert!(count(exam_core::ItemKind::SingleChoice) >= 140);
    assert_eq!(bank.exams.len(), 2);
    assert!(
        bank.items
            .iter()
            .all(|item| !item.rationale.is_empty() && item.stem.en.is_some())
    );
}

/// A hall in rows of ten.
fn hall(seats: u16) -> Vec<PlanRow> {
    let row = |n: u16| {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let place = Place {
            room: 1,
            row: n / 10,
            column: n % 10,
        };
        PlanRow {
            session: SessionId(id),
            place,
        }
    };
    (0..seats).map(row).collect()
}

#[test]
fn p5_p8_a_hall_of_500_gets_even_papers_and_no_neighbours_alike() {
    let (bank, _) = sample();
    let content = Content::of(&bank);
    for exam in &bank.exams {
        let assembled = assemble(&exam.rules, &content, &[5; 32], &hall(500)).unwrap();
        let report = &assembled.report;
        assert_eq!(assembled.papers.len(), 500);
        assert_eq!((report.same_number, report.same_options), (0, 0));
        assert!(
            report.spread <= exam.rules.paper.spread_hundredths,
            "{}",
            report.spread
        );
        assert!(report.left_out.is_empty());
        for paper in &assembled.papers {
            let counts: Vec<usize> = paper.parts[0]
                .sections
                .iter()
                .map(|s| s.items.len())
                .collect();
            assert_eq!(counts, [40, 60]);
            for (_, item) in paper.items() {
                let shares = |(_, other): (_, &exam_core::PaperItem)| {
                    content.items[&item.item].enemies.contains(&other.item)
                };
                assert!(!paper.items().any(shares), "{} meets an enemy", item.item);
            }
        }
    }
}

#[test]
fn the_sample_bank_can_be_published_and_opened() {
    let (bank, _) = sample();
    let keys = [NewKey::make(None).unwrap(), NewKey::make(None).unwrap()];
    let signers = [
        ("one", "甲", keys[0].public.clone()),
        ("two", "乙", keys[1].public.clone()),
    ];
    let trust = Trust::of_signers("csm-l3", &signers).unwrap();
    let edition = Edition {
        version: 1,
        label: "测试".to_owned(),
        previous: None,
        created: WallTime(1_795_000_000_000),
        expires: WallTime(1_826_000_000_000),
        salt: [3; 32],
    };
    let mut release = Release::make(&bank, &trust, &edition).unwrap();
    for key in &keys {
        release
            .sign(&SigningKey::open(&key.secret_file, None).unwrap())
            .unwrap();
    }
    let packed = release.pack_bank().unwrap();
    let opened = open_package(&packed.bytes, &trust, edition.created).unwrap();
    assert_eq!(opened.content, Content::of(&bank));
    for exam in &bank.exams {
        assert_eq!(opened.exam(&exam.rules.exam).unwrap().rules, exam.rules);
    }
}
