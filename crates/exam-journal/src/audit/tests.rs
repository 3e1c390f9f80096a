//! What an audit says, and that it touches nothing.

use std::collections::BTreeMap;

use super::*;
use crate::{
    second::Left,
    testing::{Bench, LONG, append, frame_len},
};

/// Every file under a folder with its bytes and time of change.
fn picture(dir: &Path) -> BTreeMap<std::path::PathBuf, (Vec<u8>, std::time::SystemTime)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(picture(&path));
        } else {
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            all.insert(path.clone(), (fs::read(&path).unwrap(), changed));
        }
    }
    all
}

fn audited(bench: &Bench) -> AuditReport {
    let before = picture(&bench.dir);
    let report = audit(&*bench.files, &bench.dir).unwrap();
    assert!(picture(&bench.dir) == before, "an audit changes nothing");
    report
}

#[test]
fn a_whole_journal_shows_its_records_head_and_second_copy() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::real(dir.path());
    let records = bench.write(&["a", "b", "c"]);
    let report = audited(&bench);
    assert_eq!((report.records, report.frames, report.last_lsn), (3, 3, 3));
    assert_eq!(report.head, records[2].hash());
    assert_eq!(report.genesis, crate::genesis("tests"));
    assert_eq!(report.second, SecondState::Agrees);
    assert!(report.is_whole() && report.damage.is_empty());
    let mut seen = Vec::new();
    audit_with(&*bench.files, &bench.dir, |record| {
        seen.push(record.clone());
    })
    .unwrap();
    assert_eq!(seen, records);
}

#[test]
fn damage_is_named_by_record_and_place_even_in_the_first_header() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::real(dir.path());
    bench.write(&["a", "b", "c"]);
    bench.flip(1, 20);
    bench.flip(1, 128 + frame_len("a") + 70);
    let report = audited(&bench);
    assert_eq!(report.lost, [Lost { first: 2, last: 2 }]);
    let at = |offset, len| {
        vec![SpanOfBytes {
            file: "00000001.seg".into(),
            offset,
            len,
        }]
    };
    assert_eq!(
        report.damage,
        [
            (at(0, 128), None),
            (
                at(128 + frame_len("a"), frame_len("b")),
                Some(Lost { first: 2, last: 2 })
            ),
        ]
    );
    assert!(!report.is_whole());
}

#[test]
fn a_torn_tail_is_counted_and_left_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::real(dir.path());
    bench.write(&["a", "b", "c"]);
    bench.flip(1, 128 + 2 * frame_len("a") + 70);
    let report = audited(&bench);
    assert_eq!((report.records, report.torn_frames), (2, 1));
    assert_eq!(report.torn_bytes, frame_len("c"));
    assert_eq!(
        report.second,
        SecondState::Ahead(1),
        "it was no torn tail after all"
    );
    assert!(!report.is_whole());
}

#[test]
fn an_unreadable_second_copy_and_an_absent_one_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::real(dir.path());
    let absent = audit(&*bench.files, dir.path()).unwrap_err();
    assert!(matches!(absent, JournalFault::Absent { .. }));
    bench.write(&["a"]);
    let db = folder(dir.path(), 1).join("db");
    fs::remove_file(&db).unwrap();
    fs::create_dir(&db).unwrap();
    assert!(matches!(audited(&bench).second, SecondState::Unreadable(_)));
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    assert_eq!(audited(&bench).second, SecondState::Absent);
}

#[test]
fn an_open_journal_can_be_audited() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::real(dir.path());
    let (mut journal, _) = bench.open();
    append(&mut journal, &["a", "b"]);
    journal.flush_second_copy(LONG);
    let (number, left) = present(&*bench.files, &bench.dir).unwrap().unwrap();
    assert_eq!((number, left), (1, Left::Open));
    assert_eq!(audit(&*bench.files, &bench.dir).unwrap().records, 2);
}
