//! The recovery table, row by row, each on a real disk with a real sled where sled matters.
//!
//! Here are the rows in which both copies can be read; `recovery/failing.rs` has those in which
//! the second copy fails.

mod failing;

use std::{fs, path::Path};

use crate::{
    Incident, Lost, SecondStatus,
    audit::{SecondState, audit},
    second::{folder, open_sled},
    testing::{Bench, LONG, append, frame_len, new, texts},
};

const ABC: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// A journal of six records in both copies, closed in order.
fn both_have_six() -> (tempfile::TempDir, Bench) {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::real(dir.path());
    bench.write(&ABC);
    assert_eq!(bench.raised(), []);
    (dir, bench)
}

fn second_state(bench: &Bench) -> SecondState {
    audit(&*bench.files, &bench.dir).unwrap().second
}

fn change_sled(bench: &Bench, number: u32, change: impl FnOnce(&mut dyn crate::second::Store)) {
    let mut store = open_sled()(&folder(&bench.dir, number)).unwrap();
    change(&mut *store);
    store.sync().unwrap();
}

#[test]
fn row_1_second_copy_behind_and_linking_catches_up_without_a_word() {
    let (_dir, bench) = both_have_six();
    bench.write_log_only(&["g", "h"]);
    assert_eq!(second_state(&bench), SecondState::Behind(2));
    let (journal, opened) = bench.open();
    assert_eq!(texts(&opened.records).concat(), "abcdefgh");
    assert_eq!(journal.flush_second_copy(LONG), SecondStatus::Following(8));
    assert!(journal.close(LONG).is_complete());
    assert_eq!(bench.raised(), []);
    assert_eq!(second_state(&bench), SecondState::Agrees);
}

#[test]
fn row_2_second_copy_ahead_and_linking_gives_the_log_its_records_back() {
    let (dir, bench) = both_have_six();
    let log = dir.path().join("log");
    let old = tempfile::tempdir().unwrap();
    copy(&log, old.path());
    let all = bench.write(&["g", "h", "i"]);
    copy(old.path(), &log);
    assert_eq!(second_state(&bench), SecondState::Ahead(3));
    let (mut journal, opened) = bench.open();
    assert_eq!(opened.records, all);
    let recovered = Lost { first: 7, last: 9 };
    assert_eq!(opened.report.recovered, Some(recovered));
    assert_eq!(bench.raised(), [Incident::LogWasBehind { recovered }]);
    assert_eq!(bench.records(), all, "they are in the log again");
    append(&mut journal, &["j"]);
    assert!(journal.close(LONG).is_complete());
    assert_eq!(second_state(&bench), SecondState::Agrees);
}

#[test]
fn row_2_even_a_log_that_is_wholly_gone_comes_back() {
    let (dir, bench) = both_have_six();
    let all = bench.records();
    fs::remove_dir_all(dir.path().join("log")).unwrap();
    let (_journal, opened) = bench.open();
    assert_eq!(opened.records, all);
    assert_eq!(opened.report.recovered, Some(Lost { first: 1, last: 6 }));
}

#[test]
fn row_3_same_number_other_bytes_the_log_wins_and_the_suffix_is_set_aside() {
    let (dir, bench) = both_have_six();
    let log = dir.path().join("log");
    let old = tempfile::tempdir().unwrap();
    copy(&log, old.path());
    bench.write(&["x", "y"]);
    copy(old.path(), &log);
    let all = bench.write_log_only(&["g", "h", "i"]);
    assert_eq!(second_state(&bench), SecondState::Differs(7));
    let (journal, opened) = bench.open();
    assert_eq!(opened.records, all);
    assert!(journal.close(LONG).is_complete());
    let raised = bench.raised();
    assert_eq!(
        raised[0],
        Incident::SecondCopyDiffers {
            lsn: 8,
            kept_in: None
        }
    );
    let Incident::SecondCopyDiffers {
        lsn: 7,
        kept_in: Some(kept_in),
    } = &raised[1]
    else {
        panic!("{raised:?}")
    };
    let kept = String::from_utf8_lossy(&fs::read(kept_in).unwrap()).into_owned();
    assert!(kept.contains('x') && kept.contains('y'));
    assert_eq!(second_state(&bench), SecondState::Agrees);
}

#[test]
fn row_3_ahead_but_not_linking_is_not_taken() {
    let (dir, bench) = both_have_six();
    let log = dir.path().join("log");
    let old = tempfile::tempdir().unwrap();
    copy(&log, old.path());
    bench.write(&["x", "y", "z"]);
    copy(old.path(), &log);
    let all = bench.write_log_only(&["g"]);
    let (journal, opened) = bench.open();
    assert_eq!(opened.records, all);
    assert_eq!(opened.report.recovered, None);
    assert!(journal.close(LONG).is_complete());
    assert!(matches!(
        bench.raised()[..],
        [
            Incident::SecondCopyDiffers {
                lsn: 8,
                kept_in: None
            },
            Incident::SecondCopyDiffers {
                lsn: 7,
                kept_in: Some(_)
            },
        ]
    ));
    assert_eq!(second_state(&bench), SecondState::Agrees);
}

/// Offset of the frame of record `lsn` in segment 1, when each of [`ABC`] is a frame.
fn frame_at(lsn: u64) -> u64 {
    128 + (lsn - 1) * frame_len("a")
}

#[test]
fn row_6_a_log_damaged_at_k_takes_k_from_the_second_copy() {
    let (dir, bench) = both_have_six();
    let all = bench.records();
    bench.flip(1, frame_at(3) + 60);
    bench.flip(1, frame_at(4) + 9);
    let damaged = fs::read(bench.segment(1)).unwrap();
    let (mut journal, opened) = bench.open();
    assert_eq!(opened.records, all);
    let records = Lost { first: 3, last: 4 };
    assert_eq!(
        (&opened.report.lost[..], &opened.report.repaired[..]),
        (&[][..], &[records][..])
    );
    let raised = bench.raised();
    assert!(
        matches!(&raised[..], [
        Incident::LogDamaged { records: Some(was), .. },
        Incident::LogRepaired { records: now },
    ] if *was == records && *now == records),
        "{raised:?}"
    );
    assert_eq!(
        fs::read(bench.segment(1)).unwrap(),
        damaged,
        "damage is evidence, never cut"
    );
    append(&mut journal, &["g"]);
    assert!(journal.close(LONG).is_complete());

    // From now on the log alone suffices.
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    let (_journal, opened) = bench.open_log_only();
    assert_eq!(texts(&opened.records).concat(), "abcdefg");
    assert_eq!(opened.report.lost, []);
    let report = audit(&*bench.files, &bench.dir).unwrap();
    assert_eq!(
        (report.lost.len(), report.damage.len(), report.records),
        (0, 1, 7)
    );
}

#[test]
fn row_7_what_is_lost_in_both_is_named_and_the_hall_goes_on() {
    let (_dir, bench) = both_have_six();
    bench.flip(1, frame_at(3) + 60);
    bench.flip(1, frame_at(4) + 60);
    change_sled(&bench, 1, |store| {
        let head = store.checkpoint().unwrap().unwrap();
        store.remove(&[3], head).unwrap();
    });
    let (mut journal, opened) = bench.open();
    assert_eq!(texts(&opened.records).concat(), "abdef");
    assert_eq!(opened.report.lost, [Lost { first: 3, last: 3 }]);
    assert_eq!(opened.report.repaired, [Lost { first: 4, last: 4 }]);
    assert!(
        bench
            .raised()
            .contains(&Incident::RecordsLost(Lost { first: 3, last: 3 }))
    );
    append(&mut journal, &["g"]);
    journal.close(LONG);
    let (_journal, opened) = bench.open();
    assert_eq!(texts(&opened.records).concat(), "abdefg");
    assert_eq!(
        opened.report.lost,
        [Lost { first: 3, last: 3 }],
        "named again each time"
    );
    let read = crate::read_records(&*bench.files, &bench.dir);
    assert!(
        read.unwrap_err()
            .to_string()
            .contains("records 3..=3 are lost")
    );
}

#[test]
fn after_a_kill_the_second_copy_is_used_again() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::real(dir.path());
    bench.write(&ABC);
    fs::write(bench.dir.join("sled/state"), "open 0001\n").unwrap();
    bench.write_log_only(&["g"]);
    let (journal, opened) = bench.open();
    assert_eq!(opened.records.len(), 7);
    assert!(journal.close(LONG).is_complete());
    assert_eq!(bench.raised(), []);
}

#[test]
fn a_record_as_large_as_they_may_be_goes_through_both_copies() {
    let dir = tempfile::tempdir().unwrap();
    let mut bench = Bench::real(dir.path());
    bench.options.segment_bytes = 4 << 20;
    let (mut journal, _) = bench.open();
    let mut large = new("");
    large.payload = vec![7; crate::PAYLOAD_MAX].into();
    journal.append(&[large, new("small")]).unwrap();
    assert!(journal.close(LONG).is_complete());
    let all = bench.records();
    fs::remove_dir_all(dir.path().join("log")).unwrap();
    assert_eq!(bench.open().1.records, all);
}
