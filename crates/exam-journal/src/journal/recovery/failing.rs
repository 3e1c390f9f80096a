//! The rows in which the second copy fails: unopenable, emptied, slow, panicking, damaged, behind.

use std::{fs, path::Path, sync::Arc, time::Duration};

use super::{ABC, both_have_six, change_sled, second_state};
use crate::{
    Incident, SecondStatus,
    audit::SecondState,
    options::ProbeCommand,
    second::{
        OpenStore, Probe, folder,
        memory::{Memory, Trouble},
        probe,
    },
    sim::SimFiles,
    testing::{Bench, LONG, append, texts},
};

/// Opens, expects that the second copy is set aside and a new one built behind.
fn set_aside_and_rebuilt(bench: &Bench, expected: &str) {
    let (mut journal, opened) = bench.open();
    assert_eq!(texts(&opened.records), ABC);
    append(&mut journal, &["g"]);
    let closed = journal.close(LONG);
    assert!(closed.is_complete(), "{closed:?}");
    let raised = bench.raised();
    let [
        Incident::SecondCopySetAside {
            why,
            kept_in: Some(kept_in),
        },
    ] = &raised[..]
    else {
        panic!("{raised:?}")
    };
    assert!(why.contains(expected), "{why}");
    assert!(bench.files.exists(kept_in).unwrap());
    if bench.files.host_path(&bench.dir).is_some() {
        assert_eq!(second_state(bench), SecondState::Agrees);
    }
}

#[test]
fn row_4_an_unopenable_second_copy_is_set_aside_and_rebuilt() {
    let (dir, bench) = both_have_six();
    fs::remove_file(folder(dir.path(), 1).join("db")).unwrap();
    fs::create_dir(folder(dir.path(), 1).join("db")).unwrap();
    set_aside_and_rebuilt(&bench, "could not open");
}

#[test]
fn row_4_a_second_copy_that_reopens_silently_empty_is_set_aside_and_rebuilt() {
    let (dir, bench) = both_have_six();
    let db = fs::File::options()
        .write(true)
        .open(folder(dir.path(), 1).join("db"))
        .unwrap();
    db.set_len(0).unwrap();
    set_aside_and_rebuilt(&bench, "record 6 was its last, now it is 0");
}

#[test]
fn row_4_an_unclean_second_copy_is_probed_in_a_process_of_its_own() {
    let (_dir, mut bench) = both_have_six();
    let command = |program: &str, arg: &str| {
        Some(ProbeCommand {
            program: program.into(),
            args: vec![arg.into()],
        })
    };
    let unclean = |bench: &Bench| {
        fs::write(bench.dir.join("sled/state"), "open 0001\n").unwrap();
    };
    unclean(&bench);
    bench.options.probe = command("sh", "-c true");
    bench.options.probe.as_mut().unwrap().args = vec!["-c".into(), "exit 0".into()];
    let (journal, _) = bench.open();
    assert!(journal.close(LONG).is_complete());
    assert_eq!(bench.raised(), [], "a sound one is used");

    unclean(&bench);
    bench.options.probe.as_mut().unwrap().args = vec!["-c".into(), "exit 1".into()];
    set_aside_and_rebuilt(&bench, "trial opening");
}

#[test]
fn row_4_a_probe_that_hangs_is_ended() {
    let (_dir, mut bench) = both_have_six();
    fs::write(bench.dir.join("sled/state"), "open 0001\n").unwrap();
    let args = vec!["-c".into(), "sleep 600".into()];
    bench.options.probe = Some(ProbeCommand {
        program: "sh".into(),
        args,
    });
    bench.options.second_limit = Duration::from_millis(50);
    let (journal, opened) = bench.open();
    assert_eq!(texts(&opened.records), ABC);
    assert!(journal.close(LONG).is_complete());
    let raised = bench.raised();
    assert!(
        matches!(&raised[..], [Incident::SecondCopySetAside { why, .. }] if why.contains("time"))
    );
}

#[test]
fn row_4_the_probe_tells_sound_from_damaged() {
    let (dir, bench) = both_have_six();
    let sled = folder(dir.path(), 1);
    assert_eq!(probe(&sled), Probe::Sound);
    change_sled(&bench, 1, |store| {
        let head = store.checkpoint().unwrap().unwrap();
        store.apply(&[(6, "no record".into())], head).unwrap();
    });
    assert_eq!(probe(&sled), Probe::Damaged);
    fs::remove_file(sled.join("db")).unwrap();
    fs::create_dir(sled.join("db")).unwrap();
    assert_eq!(probe(&sled), Probe::Damaged);
    assert_eq!(
        (Probe::Sound.exit_code(), Probe::Damaged.exit_code()),
        (0, 1)
    );
}

/// Six records on a simulated disk, with a second copy in memory.
fn in_memory() -> (SimFiles, Memory, Bench) {
    let disk = SimFiles::new();
    let memory = Memory::default();
    let files: Arc<dyn crate::Files> = Arc::new(disk.clone());
    let opener: OpenStore = memory.opener(Arc::clone(&files));
    let bench = Bench::new(files, Path::new("/j"), Some(opener));
    bench.write(&ABC);
    (disk, memory, bench)
}

#[test]
fn row_4_a_second_copy_that_panics_on_opening_is_given_up_and_the_hall_goes_on() {
    let (_disk, memory, bench) = in_memory();
    memory.set(Trouble::OpenPanics);
    let (mut journal, opened) = bench.open();
    assert_eq!(texts(&opened.records), ABC);
    append(&mut journal, &["g"]);
    let closed = journal.close(LONG);
    assert!(matches!(&closed.second, SecondStatus::Lost(why) if why.contains("planned panic")));
    let raised = bench.raised();
    assert!(
        matches!(
            &raised[..],
            [
                Incident::SecondCopySetAside { .. },
                Incident::SecondCopyLost { .. },
            ]
        ),
        "{raised:?}"
    );
    memory.set(Trouble::None);
    let (journal, opened) = bench.open();
    assert_eq!(opened.records.len(), 7);
    assert!(
        journal.close(LONG).is_complete(),
        "the next opening builds a new one"
    );
}

#[test]
fn row_4_a_slow_second_copy_is_set_aside_and_opening_does_not_wait_for_it() {
    let (_disk, memory, mut bench) = in_memory();
    memory.set(Trouble::OpenWaits);
    bench.options.second_limit = Duration::from_millis(20);
    let (mut journal, opened) = bench.open();
    assert_eq!(texts(&opened.records), ABC);
    append(&mut journal, &["g"]);
    let raised = bench.raised();
    assert!(
        matches!(&raised[..], [Incident::SecondCopySetAside { why, .. }] if why.contains("time"))
    );
    memory.set(Trouble::None);
    assert_eq!(
        journal.flush_second_copy(LONG),
        SecondStatus::Following(7),
        "rebuilt behind"
    );
}

#[test]
fn row_5_the_full_scan_behind_finds_one_changed_record() {
    let (_dir, bench) = both_have_six();
    change_sled(&bench, 1, |store| {
        let head = store.checkpoint().unwrap().unwrap();
        let mut stored = store.read(3..=3).unwrap().remove(0).1.to_vec();
        *stored.last_mut().unwrap() ^= 1;
        store.apply(&[(3, stored.into())], head).unwrap();
    });
    let (journal, opened) = bench.open();
    assert_eq!(texts(&opened.records), ABC);
    assert_eq!(
        opened.report.incidents,
        [],
        "it is found after serving began"
    );
    assert!(journal.close(LONG).is_complete());
    assert!(matches!(
        bench.raised()[..],
        [Incident::SecondCopyDiffers {
            lsn: 3,
            kept_in: Some(_)
        }]
    ));
    assert_eq!(second_state(&bench), SecondState::Agrees);
}

#[test]
fn row_5_a_second_copy_that_cannot_be_scanned_is_set_aside_and_rebuilt() {
    let (_disk, memory, bench) = in_memory();
    memory.with(&folder(&bench.dir, 1), |copy| {
        let last = copy.records.get_mut(&6).unwrap();
        *last = "no record at all".into();
    });
    set_aside_and_rebuilt(&bench, "no record");
    memory.set(Trouble::ReadPanics);
    let (journal, _) = bench.open();
    assert!(journal.close(LONG).is_complete());
    let raised = bench.raised();
    assert!(
        matches!(&raised[..], [Incident::SecondCopySetAside { .. }]),
        "{raised:?}"
    );
}

#[test]
fn row_8_a_second_copy_that_fails_while_following_stops_nothing() {
    for trouble in [Trouble::ApplyFails, Trouble::ApplyPanics] {
        let (_disk, memory, bench) = in_memory();
        let (mut journal, _) = bench.open();
        journal.flush_second_copy(LONG);
        memory.set(trouble);
        append(&mut journal, &["g", "h"]);
        let lost = journal.flush_second_copy(LONG);
        assert!(matches!(lost, SecondStatus::Lost(_)), "{lost:?}");
        append(&mut journal, &["i"]);
        assert!(!journal.close(LONG).is_complete());
        assert!(matches!(
            bench.raised()[..],
            [Incident::SecondCopyLost { .. }]
        ));
        memory.set(Trouble::None);
        let (journal, opened) = bench.open();
        assert_eq!(texts(&opened.records).concat(), "abcdefghi");
        assert!(journal.close(LONG).is_complete());
        assert!(matches!(
            bench.raised()[..],
            [Incident::SecondCopySetAside { .. }]
        ));
    }
}

#[test]
fn row_8_a_second_copy_too_far_behind_is_given_up() {
    let (_disk, memory, mut bench) = in_memory();
    bench.options.second_lag_max = 3;
    let (mut journal, _) = bench.open();
    journal.flush_second_copy(LONG);
    memory.set(Trouble::ApplyWaits);
    append(&mut journal, &["g", "h", "i", "j"]);
    assert!(matches!(journal.second_status(), SecondStatus::Lost(why) if why.contains("behind")));
    assert!(matches!(
        bench.raised()[..],
        [Incident::SecondCopyLost { .. }]
    ));
    append(&mut journal, &["k"]);
    memory.set(Trouble::None);
}

#[test]
fn a_second_copy_that_lags_reads_on_from_the_log() {
    let (_disk, memory, mut bench) = in_memory();
    bench.options.segment_bytes = 1 << 20;
    let (mut journal, _) = bench.open();
    journal.flush_second_copy(LONG);
    memory.set(Trouble::ApplyWaits);
    append(&mut journal, &vec!["g"; 2200]);
    let raised = bench.raised();
    assert!(
        matches!(raised[..], [Incident::SecondCopyLags { .. }]),
        "said once: {raised:?}"
    );
    memory.set(Trouble::None);
    assert!(journal.close(LONG).is_complete());
    let copied = memory.with(&folder(&bench.dir, 1), |copy| copy.records.len());
    assert_eq!(copied, 2206);
}
