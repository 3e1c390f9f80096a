//! Laws of the log on a simulated disk: what was acknowledged is there, damage is never silent.
//!
//! `JOURNAL_LAWS=long` runs far more cases.

use std::{io, path::Path, sync::Arc};

use proptest::{collection::vec, prelude::*};

use crate::{
    Incident, JournalFault, Lost, NewRecord, Options, Record,
    audit::audit,
    journal::{Journal, Opened},
    second::memory::Memory,
    sim::{Call, Crash, SimFiles},
    testing::{Bench, LONG, append, new, texts},
};

const DIR: &str = "/j";

fn cases(short: u32) -> ProptestConfig {
    let long = std::env::var("JOURNAL_LAWS").is_ok_and(|how| how == "long");
    let cases = if long { short * 200 } else { short };
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn options(segment_bytes: u64) -> Options {
    Options {
        segment_bytes,
        ..Options::new("tests")
    }
    .without_second_copy()
}

fn open(disk: &SimFiles, segment_bytes: u64) -> Result<(Journal, Opened), JournalFault> {
    Journal::open(Arc::new(disk.clone()), DIR, &options(segment_bytes))
}

fn record() -> impl Strategy<Value = NewRecord> {
    let fields = (any::<i64>(), any::<i64>(), vec(any::<u8>(), 0..40));
    fields.prop_map(|(hall_ms, wall_ms, payload)| NewRecord {
        hall_ms,
        wall_ms,
        payload: payload.into(),
    })
}

fn batches() -> impl Strategy<Value = Vec<Vec<NewRecord>>> {
    vec(vec(record(), 0..6), 1..20)
}

fn same(record: &Record, new: &NewRecord) -> bool {
    (record.hall_ms, record.wall_ms, &record.payload) == (new.hall_ms, new.wall_ms, &new.payload)
}

/// A closed journal of `n` one-record frames.
fn disk_of(n: usize, segment_bytes: u64) -> (SimFiles, Vec<Record>) {
    let disk = SimFiles::new();
    let (mut journal, _) = open(&disk, segment_bytes).unwrap();
    for i in 0..n {
        append(&mut journal, &[&i.to_string()]);
    }
    drop(journal);
    let (_, opened) = open(&disk, segment_bytes).unwrap();
    (disk, opened.records)
}

fn segment(number: u32) -> std::path::PathBuf {
    Path::new(DIR).join("log").join(format!("{number:08}.seg"))
}

fn flip(disk: &SimFiles, number: u32, bit: usize) -> bool {
    disk.flip(
        &segment(number),
        bit as u64 / 8,
        u8::try_from(bit % 8).unwrap(),
    )
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn what_was_appended_is_what_is_read(batches in batches(), segment_bytes in 1000_u64..6000) {
        let disk = SimFiles::new();
        let mut all = Vec::new();
        let mut head = crate::genesis("tests");
        for some in batches.chunks(7) {
            let (mut journal, opened) = open(&disk, segment_bytes).unwrap();
            prop_assert_eq!(opened.report.head, head);
            for batch in some {
                let appended = journal.append(batch).unwrap();
                prop_assert_eq!(appended.first_lsn, all.len() as u64 + 1);
                all.extend(batch.iter().cloned());
                prop_assert_eq!(appended.last_lsn, all.len() as u64);
                head = appended.head;
            }
            disk.crash(Crash::LoseUnsynced);
        }
        let (_, opened) = open(&disk, segment_bytes).unwrap();
        prop_assert_eq!(opened.report.torn, None);
        prop_assert_eq!(opened.records.len(), all.len());
        let mut prev = crate::genesis("tests");
        for (i, (record, new)) in opened.records.iter().zip(&all).enumerate() {
            prop_assert!(same(record, new));
            prop_assert_eq!((record.lsn, record.prev), (i as u64 + 1, prev));
            prev = record.hash();
        }
        prop_assert_eq!(prev, head);
    }

    /// W3 and R2: whenever the machine dies, in whatever order what was not synced reached the
    /// disk, every acknowledged record is there and what else is there was asked for.
    #[test]
    fn acknowledged_records_survive_a_crash_at_any_call(
        batches in batches(),
        at in 1_u64..90,
        seed in any::<u64>(),
        how in 0_usize..4,
    ) {
        let crash = [
            Crash::LoseUnsynced, Crash::KeepAll, Crash::KeepSectors(seed), Crash::KeepPrefix(seed),
        ][how];
        let disk = SimFiles::new();
        disk.fail_from(Call::Change, at, io::ErrorKind::Other);
        let mut asked = Vec::new();
        let mut acknowledged = 0;
        if let Ok((mut journal, _)) = open(&disk, 2000) {
            for batch in &batches {
                asked.extend(batch.iter().cloned());
                if journal.append(batch).is_err() {
                    break;
                }
                acknowledged = asked.len();
            }
        }
        disk.crash(crash);
        let (mut journal, opened) = open(&disk, 2000).unwrap();
        prop_assert!(opened.records.len() >= acknowledged, "{} of {acknowledged}", opened.records.len());
        prop_assert!(opened.records.len() <= asked.len());
        prop_assert!(opened.records.iter().zip(&asked).all(|(record, new)| same(record, new)));
        prop_assert_eq!(opened.report.lost, []);
        append(&mut journal, &["after"]);
        disk.crash(Crash::LoseUnsynced);
        let (_, again) = open(&disk, 2000).unwrap();
        prop_assert_eq!(again.report.torn, None);
        prop_assert_eq!(again.records.len(), opened.records.len() + 1);
    }

    /// A call that fails once: the journal says so, goes no further, and loses nothing.
    #[test]
    fn a_failing_call_poisons_and_loses_nothing(
        at in 1_u64..60,
        full in any::<bool>(),
    ) {
        let disk = SimFiles::new();
        let (mut journal, _) = open(&disk, 1000).unwrap();
        let kind = if full { io::ErrorKind::StorageFull } else { io::ErrorKind::Other };
        disk.fail(Call::Change, at, kind);
        let mut acknowledged = 0_usize;
        for i in 0..40 {
            match journal.append(&[new(&i.to_string())]) {
                Ok(_) => acknowledged += 1,
                Err(_) => break,
            }
        }
        if acknowledged < 40 {
            let again = journal.append(&[new("again")]).unwrap_err();
            let poisoned = matches!(again, JournalFault::Poisoned { .. });
            prop_assert!(poisoned);
        }
        disk.crash(Crash::LoseUnsynced);
        let (_, opened) = open(&disk, 1000).unwrap();
        prop_assert!((acknowledged..=acknowledged + 1).contains(&opened.records.len()));
    }
}

#[test]
fn a_log_cut_at_any_byte_is_a_prefix_of_whole_records() {
    let (whole, all) = disk_of(12, 4096);
    let written = crate::frame::written_end(&whole.contents(&segment(1)).unwrap()) as u64;
    for len in 0..written {
        let disk = whole.copied();
        disk.truncate(&segment(1), len);
        let (mut journal, opened) = open(&disk, 4096).unwrap();
        assert_eq!(
            opened.records[..],
            all[..opened.records.len()],
            "cut at {len}"
        );
        assert_eq!(opened.report.lost, []);
        append(&mut journal, &["after"]);
        let (_, again) = open(&disk, 4096).unwrap();
        assert_eq!(
            again.records.len(),
            opened.records.len() + 1,
            "cut at {len}"
        );
        assert_eq!(again.report.torn, None);
    }
}

/// Every single bit of a small log, with no second copy: cut and counted, or named.
#[test]
fn no_flipped_bit_is_silent_without_a_second_copy() {
    let (whole, all) = disk_of(12, 1024);
    let step = if std::env::var("JOURNAL_LAWS").is_ok() {
        1
    } else {
        5
    };
    for number in 1..=3 {
        let bits = whole.contents(&segment(number)).unwrap().len() * 8;
        for bit in (0..bits).step_by(step) {
            let disk = whole.copied();
            assert!(flip(&disk, number, bit));
            let place = format!("segment {number} bit {bit}");
            let before = disk.contents(&segment(number)).unwrap();
            let report = audit(&disk, Path::new(DIR)).unwrap();
            assert_eq!(
                disk.contents(&segment(number)).unwrap(),
                before,
                "an audit only reads"
            );
            let (_, opened) = open(&disk, 1024).unwrap();
            let found = opened.report;
            assert_eq!(report.records, opened.records.len() as u64, "{place}");
            for record in &opened.records {
                assert_eq!(
                    *record,
                    all[usize::try_from(record.lsn).unwrap() - 1],
                    "{place}"
                );
            }
            let missing: u64 = found
                .lost
                .iter()
                .map(|lost| lost.last - lost.first + 1)
                .sum();
            if let Some(torn) = &found.torn {
                assert!(missing == 0 && torn.frames <= 1, "{place}");
                assert!(
                    opened.records.len() >= all.len() - 1,
                    "{place}: only the last is cut"
                );
            } else {
                assert_eq!(
                    opened.records.len() as u64 + missing,
                    all.len() as u64,
                    "{place}"
                );
                assert!(!found.damage.is_empty(), "{place}: silent");
            }
        }
    }
}

/// The same with a second copy that is whole: nothing is lost, and nothing is silent.
#[test]
fn no_flipped_bit_loses_a_record_with_a_second_copy() {
    let disk = SimFiles::new();
    let memory = Memory::default();
    let bench = Bench::new(
        Arc::new(disk.clone()),
        Path::new(DIR),
        Some(memory.opener(Arc::new(disk.clone()))),
    );
    let numbers: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let all = bench.write(&numbers);
    let written = crate::frame::written_end(&disk.contents(&segment(1)).unwrap());
    let step = if std::env::var("JOURNAL_LAWS").is_ok() {
        1
    } else {
        61
    };
    for bit in (0..written * 8).step_by(step) {
        let copy = disk.copied();
        assert!(flip(&copy, 1, bit));
        let opener = memory.opener(Arc::new(copy.clone()));
        let flipped = Bench::new(Arc::new(copy), Path::new(DIR), Some(opener));
        let (journal, opened) = flipped.open();
        assert_eq!(opened.records, all, "bit {bit}");
        let raised = flipped.raised();
        assert!(
            matches!(
                raised[..],
                [
                    Incident::LogWasBehind { .. } | Incident::LogDamaged { .. },
                    ..
                ]
            ),
            "bit {bit}: {raised:?}"
        );
        assert!(journal.close(LONG).is_complete());
    }
}

#[test]
fn a_flip_in_the_middle_is_named_by_record_and_never_cut() {
    let (disk, all) = disk_of(12, 4096);
    let frame = crate::testing::frame_len("0");
    disk.flip(&segment(1), 128 + 4 * frame + 20, 0);
    let (_, opened) = open(&disk, 4096).unwrap();
    let lost = Lost { first: 5, last: 5 };
    assert_eq!(opened.report.lost, [lost]);
    assert_eq!(opened.records.len(), all.len() - 1);
    let at = (opened.report.damage[0].offset, opened.report.damage[0].len);
    assert_eq!(at, (128 + 4 * frame, frame));
}

#[test]
fn a_segment_that_is_gone_is_damage_not_an_end() {
    let (disk, all) = disk_of(20, 1024);
    crate::files::Files::remove(&disk, &segment(2)).unwrap();
    let (_, opened) = open(&disk, 1024).unwrap();
    assert_eq!(opened.report.lost.len(), 1);
    let lost = opened.report.lost[0];
    assert_eq!(
        opened.records.len() as u64 + lost.last - lost.first + 1,
        all.len() as u64
    );
}

#[test]
fn two_unfinished_frames_at_the_end_are_more_than_a_crash() {
    let (disk, _) = disk_of(12, 4096);
    let frame = crate::testing::frame_len("0");
    let end = crate::frame::written_end(&disk.contents(&segment(1)).unwrap()) as u64;
    disk.flip(&segment(1), end - 40, 0);
    disk.flip(&segment(1), end - 40 - frame, 0);
    let (_, opened) = open(&disk, 4096).unwrap();
    let torn = opened.report.torn.unwrap();
    assert_eq!(torn.frames, 2);
    assert!(matches!(
        opened.report.incidents[..],
        [Incident::TailTooLong { frames: 2, .. }]
    ));
    let kept = disk.contents(&torn.kept_in[0]).unwrap();
    assert_eq!(kept.len() as u64, torn.bytes);
}

#[test]
fn a_log_of_another_journal_or_format_or_chain_is_refused_by_name() {
    let (disk, _) = disk_of(12, 1024);
    let other = Options {
        segment_bytes: 1024,
        ..Options::new("other")
    }
    .without_second_copy();
    let refused = Journal::open(Arc::new(disk.copied()), DIR, &other).unwrap_err();
    assert!(
        matches!(refused, JournalFault::OtherJournal { .. }),
        "{refused}"
    );

    // Another run of the same journal from its second segment on.
    let (fork, _) = disk_of(12, 1024);
    let mixed = SimFiles::new();
    let (mut journal, _) = open(&mixed, 1024).unwrap();
    append(&mut journal, &["x"; 6]);
    drop(journal);
    for (number, from) in [(1, &mixed), (2, &fork)] {
        let data = from.contents(&segment(number)).unwrap();
        disk.truncate(&segment(number), 0);
        let file = crate::Files::open(&disk, &segment(number), crate::Access::Write).unwrap();
        file.write_at(0, &data).unwrap();
    }
    let refused = open(&disk, 1024).unwrap_err();
    assert!(matches!(refused, JournalFault::Forked { .. }), "{refused}");
}

#[test]
fn w7_what_was_reserved_can_be_written_on_a_full_disk() {
    let disk = SimFiles::new();
    disk.set_free(Some(60_000));
    let needs = Options {
        reserve_bytes: 100_000,
        ..options(4096)
    };
    let refused = Journal::open(Arc::new(disk.clone()), DIR, &needs).unwrap_err();
    assert!(
        matches!(refused, JournalFault::NoSpace { needed, free }
        if needed >= 100_000 && free <= 60_000),
        "{refused}"
    );

    let needs = Options {
        reserve_bytes: 20_000,
        ..options(4096)
    };
    let (mut journal, _) = Journal::open(Arc::new(disk.clone()), DIR, &needs).unwrap();
    disk.set_free(Some(0));
    let mut bytes = 0;
    while bytes + crate::testing::frame_len("answer") < 18_000 {
        journal.append(&[new("answer")]).unwrap();
        bytes += crate::testing::frame_len("answer");
    }
    let refused = journal.reserve(100_000).unwrap_err();
    assert!(
        matches!(refused, JournalFault::NoSpace { free: 0, .. }),
        "{refused}"
    );
    journal.append(&[new("goes on")]).unwrap();
}

#[test]
fn w7_nothing_is_refused_while_disk_remains() {
    let disk = SimFiles::new();
    let (mut journal, _) = open(&disk, 4096).unwrap();
    disk.set_free(Some(1500));
    let mut written = 0;
    while journal.append(&[new("an answer")]).is_ok() {
        written += 1;
    }
    let frame = crate::testing::frame_len("an answer");
    let left = disk.free_left();
    assert!(
        left < 128 + frame,
        "{left} bytes left unused after {written} answers"
    );
}

#[test]
fn too_large_batches_are_refused_and_poison_nothing() {
    let disk = SimFiles::new();
    let (mut journal, _) = open(&disk, 4096).unwrap();
    let large = new(&"x".repeat(4000));
    let refused = journal.append(&[large]).unwrap_err();
    assert!(matches!(refused, JournalFault::TooLarge { .. }));
    append(&mut journal, &["small"]);
    assert_eq!(texts(&open(&disk, 4096).unwrap().1.records), ["small"]);
}

/// The bytes of format 1, for ever: `JOURNAL_BLESS=1` writes the fixture anew, which is right only
/// together with a new format number.
#[test]
fn a_journal_of_format_1_is_written_and_read_as_ever() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/format-1.seg");
    let disk = SimFiles::new();
    let (mut journal, _) = open(&disk, 1024).unwrap();
    journal.append(&[new("one"), new("二")]).unwrap();
    journal.append(&[new("")]).unwrap();
    let written = disk.contents(&segment(1)).unwrap();
    if std::env::var("JOURNAL_BLESS").is_ok() {
        std::fs::write(&fixture, &written).unwrap();
    }
    let golden = std::fs::read(&fixture).unwrap();
    assert!(
        written == golden,
        "the stored bytes of format {} changed",
        crate::FORMAT
    );

    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("log")).unwrap();
    std::fs::write(dir.path().join("log/00000001.seg"), &golden).unwrap();
    let records = crate::read_records(&crate::RealFiles, dir.path()).unwrap();
    assert_eq!(texts(&records), ["one", "二", ""]);
    assert_eq!(records[2].hash(), journal.head());
}
