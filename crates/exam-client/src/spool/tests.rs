//! Stories of the spool: killed at any byte, damaged, full, in use.

use std::fs;
use std::sync::mpsc::channel;

use exam_core::command::Holder;
use exam_core::{
    BootId, Epoch, HallTime, ItemId, LeaseId, Made, OptionId, Revision, Seq, SessionId,
};

use super::*;

fn holder(epoch: u32) -> Holder {
    Holder {
        session: SessionId([7; 16]),
        lease: LeaseId([u8::try_from(epoch).unwrap(); 16]),
        epoch: Epoch(epoch),
    }
}

fn lease(epoch: u32) -> Entry {
    Entry::Lease {
        holder: holder(epoch),
        boot: BootId([1; 16]),
    }
}

fn revision(seq: u32) -> Entry {
    Entry::Revision(Revision {
        seq: Seq(seq),
        item: ItemId::new("q1001").unwrap(),
        choice: Some(OptionId::new("o2").unwrap()),
        made: Made::default(),
        link: exam_core::Digest([3; 32]),
    })
}

fn all() -> Vec<Entry> {
    vec![
        lease(1),
        revision(1),
        Entry::Position(ItemId::new("q1002").unwrap()),
        revision(2),
        Entry::Note(exam_core::Note {
            seq: Seq(1),
            item: ItemId::new("q1001").unwrap(),
            flagged: true,
            struck: vec![OptionId::new("o3").unwrap()],
        }),
        Entry::Locked { last: Seq(2) },
        Entry::Resumed,
        Entry::HandedIn {
            last: Seq(2),
            pressed: Made {
                base: HallTime(5),
                ..Made::default()
            },
        },
    ]
}

#[test]
fn every_entry_survives_its_bytes() {
    for entry in all() {
        assert_eq!(Entry::decode(&entry.encode()).unwrap(), entry);
    }
    assert!(Entry::decode(&[99]).is_err());
    assert!(Entry::decode(&[]).is_err());
}

#[test]
fn r1_killed_at_any_byte_a_prefix_of_whole_entries_is_left() {
    let whole = tempfile::tempdir().unwrap();
    let (mut file, recovered) = SpoolFile::open(whole.path()).unwrap();
    assert_eq!(recovered, None);
    let entries = all();
    let mut ends = Vec::new();
    let path = whole.path().join("current.spool");
    for entry in &entries {
        file.append(std::slice::from_ref(entry)).unwrap();
        ends.push(fs::metadata(&path).unwrap().len());
    }
    drop(file);
    let bytes = fs::read(&path).unwrap();
    for cut in 0..=bytes.len() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("current.spool"), &bytes[..cut]).unwrap();
        let (mut file, recovered) = SpoolFile::open(dir.path()).unwrap();
        let whole = ends.iter().filter(|end| **end <= cut as u64).count();
        assert_eq!(
            recovered,
            Recovered::from_entries(&entries[..whole]),
            "cut at {cut}"
        );
        // What is written after the cut is read again.
        if let Some(before) = recovered {
            let position = Entry::Position(ItemId::new("q7").unwrap());
            file.append(&[position]).unwrap();
            drop(file);
            let again = SpoolFile::open(dir.path()).unwrap().1.unwrap();
            assert_eq!(again.position, Some(ItemId::new("q7").unwrap()));
            assert_eq!(again.revisions, before.revisions);
        }
    }
}

#[test]
fn a_changed_byte_ends_the_file_there_and_is_kept_aside() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("current.spool");
    let (mut file, _) = SpoolFile::open(dir.path()).unwrap();
    file.append(&[lease(1), revision(1), revision(2), revision(3)])
        .unwrap();
    drop(file);
    let mut bytes = fs::read(&path).unwrap();
    let third = bytes.len() - 60;
    bytes[third] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let recovered = SpoolFile::open(dir.path()).unwrap().1.unwrap();
    assert_eq!(recovered.revisions.len(), 2);
    assert_eq!(fs::read_dir(dir.path().join(SET_ASIDE)).unwrap().count(), 1);
}

#[test]
fn a_new_epoch_begins_a_new_file_and_the_old_one_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let (mut file, _) = SpoolFile::open(dir.path()).unwrap();
    file.append(&[lease(1), revision(1), lease(2), revision(1), lease(2)])
        .unwrap();
    drop(file);
    let recovered = SpoolFile::open(dir.path()).unwrap().1.unwrap();
    assert_eq!(
        (recovered.holder, recovered.revisions.len()),
        (holder(2), 1)
    );
    let aside: Vec<_> = fs::read_dir(dir.path().join(SET_ASIDE))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [old] = aside.as_slice() else {
        panic!("one file aside, not {aside:?}")
    };
    let other = tempfile::tempdir().unwrap();
    fs::copy(old, other.path().join("current.spool")).unwrap();
    let old = SpoolFile::open(other.path()).unwrap().1.unwrap();
    assert_eq!((old.holder, old.revisions.len()), (holder(1), 1));
}

#[test]
fn killed_between_two_files_the_lease_is_still_found() {
    let dir = tempfile::tempdir().unwrap();
    let (mut file, _) = SpoolFile::open(dir.path()).unwrap();
    file.append(&[lease(3)]).unwrap();
    drop(file);
    fs::rename(
        dir.path().join("current.spool"),
        dir.path().join("next.spool"),
    )
    .unwrap();
    let recovered = SpoolFile::open(dir.path()).unwrap().1.unwrap();
    assert_eq!(recovered.holder, holder(3));
}

#[test]
fn a_second_program_and_a_missing_folder_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let held = SpoolFile::open(dir.path()).unwrap();
    assert!(matches!(
        SpoolFile::open(dir.path()),
        Err(SpoolFault::InUse { .. })
    ));
    drop(held);
    let file = dir.path().join("a-file");
    fs::write(&file, b"x").unwrap();
    assert!(matches!(
        SpoolFile::open(&file),
        Err(SpoolFault::Folder { .. })
    ));
}

#[test]
fn the_thread_reports_what_is_durable_and_writes_all_before_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    let (reports, heard) = channel();
    let (spool, _) = Spool::start(dir.path(), move |report| reports.send(report).unwrap()).unwrap();
    spool.write(1, lease(1)).unwrap();
    for no in 2..=500 {
        spool
            .write(no, revision(u32::try_from(no).unwrap() - 1))
            .unwrap();
    }
    spool.finish();
    assert_eq!(
        heard.iter().last(),
        Some(SpoolReport::Spooled { up_to: 500 })
    );
    let recovered = SpoolFile::open(dir.path()).unwrap().1.unwrap();
    assert_eq!(recovered.revisions.len(), 499);
}

#[test]
fn an_entry_without_a_session_fails_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (reports, heard) = channel();
    let (spool, _) = Spool::start(dir.path(), move |report| reports.send(report).unwrap()).unwrap();
    spool.write(1, revision(1)).unwrap();
    spool.finish();
    assert!(matches!(
        heard.iter().last(),
        Some(SpoolReport::Failed { .. })
    ));
}
