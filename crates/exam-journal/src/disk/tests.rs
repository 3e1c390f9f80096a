//! The disk thread: durable before answered, shared frames, faults to whoever asked.

use std::{
    path::Path,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use super::*;
use crate::{
    audit::audit,
    sim::{Call, Crash, Gate, SimFiles},
    testing::{LONG, new},
};

fn options() -> Options {
    Options {
        segment_bytes: 8192,
        ..Options::new("tests")
    }
    .without_second_copy()
}

fn gated() -> (SimFiles, Gate, Disk) {
    let files = SimFiles::new();
    let gate = Gate::before(Arc::new(files.clone()));
    let disk = Disk::start(Arc::new(gate.clone())).unwrap();
    (files, gate, disk)
}

async fn open(disk: &Disk, dir: &str) -> JournalId {
    disk.open(PathBuf::from(dir), options()).await.unwrap().0
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn nothing_is_answered_before_the_sync_returns() {
    let (files, gate, disk) = gated();
    let id = open(&disk, "/j").await;
    let hold = gate.hold();
    let mut append = pin!(disk.append(id, vec![new("a")]));
    assert!(poll(append.as_mut()).is_pending());
    hold.wait_for_sync();
    assert!(poll(append.as_mut()).is_pending());
    let lost = files.copied();
    lost.crash(Crash::LoseUnsynced);
    assert_eq!(
        audit(&lost, Path::new("/j")).ok(),
        None,
        "nothing was durable either"
    );
    hold.release();
    assert_eq!(append.await.unwrap().last_lsn, 1);
    files.crash(Crash::LoseUnsynced);
    assert_eq!(audit(&files, Path::new("/j")).unwrap().records, 1);
}

#[tokio::test]
async fn appends_that_wait_together_share_a_frame_and_keep_their_order() {
    let (files, gate, disk) = gated();
    let id = open(&disk, "/j").await;
    let hold = gate.hold();
    let mut first = pin!(disk.append(id, vec![new("0")]));
    assert!(poll(first.as_mut()).is_pending());
    hold.wait_for_sync();
    let mut waiting: Vec<_> = (1..=5)
        .map(|n| Box::pin(disk.append(id, vec![new(&n.to_string()), new("and")])))
        .collect();
    for append in &mut waiting {
        assert!(poll(append.as_mut()).is_pending());
    }
    hold.release();
    assert_eq!(first.await.unwrap().last_lsn, 1);
    let mut lsn = 1;
    for append in waiting {
        let appended = append.await.unwrap();
        assert_eq!((appended.first_lsn, appended.last_lsn), (lsn + 1, lsn + 2));
        lsn += 2;
    }
    let report = audit(&files, Path::new("/j")).unwrap();
    assert_eq!((report.records, report.frames), (11, 2));
}

#[tokio::test]
async fn two_journals_do_not_disturb_each_other() {
    let (files, _gate, disk) = gated();
    let (one, two) = (open(&disk, "/one").await, open(&disk, "/two").await);
    for n in 0..20 {
        let (a, b) = tokio::join!(
            disk.append(one, vec![new("one")]),
            disk.append(two, vec![new("two"), new("two")]),
        );
        assert_eq!(a.unwrap().last_lsn, n + 1);
        assert_eq!(b.unwrap().last_lsn, 2 * n + 2);
    }
    let head = disk.status(one).await.unwrap().head;
    let closed = disk.close(one, LONG).await.unwrap();
    assert_eq!(
        (closed.head, closed.last_lsn, closed.is_complete()),
        (head, 20, true)
    );
    let stopped = disk.append(one, vec![new("late")]).await.unwrap_err();
    assert!(matches!(stopped, JournalFault::Stopped));
    assert_eq!(audit(&files, Path::new("/two")).unwrap().records, 40);
}

#[tokio::test]
async fn a_failed_sync_is_told_to_all_who_waited_and_never_retried() {
    let (files, gate, disk) = gated();
    let (bad, good) = (open(&disk, "/bad").await, open(&disk, "/good").await);
    let hold = gate.hold();
    let mut append = pin!(disk.append(bad, vec![new("a")]));
    assert!(poll(append.as_mut()).is_pending());
    hold.wait_for_sync();
    files.fail(Call::Sync, 1, io::ErrorKind::Other);
    hold.release();
    assert!(matches!(
        append.await.unwrap_err(),
        JournalFault::Io { doing: "sync", .. }
    ));
    let again = disk.append(bad, vec![new("b")]).await.unwrap_err();
    assert!(matches!(again, JournalFault::Poisoned { .. }));
    assert_eq!(disk.append(good, vec![new("a")]).await.unwrap().last_lsn, 1);
}

#[tokio::test]
async fn a_batch_too_large_spoils_no_other() {
    let (_files, gate, disk) = gated();
    let id = open(&disk, "/j").await;
    let hold = gate.hold();
    let mut first = pin!(disk.append(id, vec![new("0")]));
    assert!(poll(first.as_mut()).is_pending());
    hold.wait_for_sync();
    let mut large = pin!(disk.append(id, vec![new(&"x".repeat(9000))]));
    let mut half = pin!(disk.append(id, vec![new(&"x".repeat(5000))]));
    let mut other_half = pin!(disk.append(id, vec![new(&"x".repeat(5000))]));
    assert!(poll(large.as_mut()).is_pending());
    assert!(poll(half.as_mut()).is_pending());
    assert!(poll(other_half.as_mut()).is_pending());
    hold.release();
    assert_eq!(first.await.unwrap().last_lsn, 1);
    assert!(matches!(
        large.await.unwrap_err(),
        JournalFault::TooLarge { .. }
    ));
    assert_eq!(half.await.unwrap().last_lsn, 2);
    assert_eq!(other_half.await.unwrap().last_lsn, 3, "in the next frame");
}

#[tokio::test]
async fn w7_space_is_reserved_while_appends_go_on_or_refused_by_name() {
    let (files, _gate, disk) = gated();
    let id = open(&disk, "/j").await;
    let (reserved, appended) =
        tokio::join!(disk.reserve(id, 100_000), disk.append(id, vec![new("a")]));
    reserved.unwrap();
    appended.unwrap();
    assert!(disk.status(id).await.unwrap().room_ahead >= 99_000);
    files.set_free(Some(10_000));
    let refused = disk.reserve(id, 1_000_000).await.unwrap_err();
    assert!(
        matches!(refused, JournalFault::NoSpace { free: 10_000, .. }),
        "{refused}"
    );
    disk.append(id, vec![new("goes on")]).await.unwrap();
}

#[tokio::test]
async fn segments_are_prepared_ahead_and_a_long_run_reads_back() {
    let (files, _gate, disk) = gated();
    let id = open(&disk, "/j").await;
    for n in 0..300 {
        disk.append(id, vec![new(&n.to_string())]).await.unwrap();
    }
    drop(disk);
    let records = crate::read_records(&files, Path::new("/j")).unwrap();
    assert_eq!(records.len(), 300);
    assert_eq!(records[299].payload, "299");
}

#[tokio::test]
async fn closing_waits_for_the_second_copy() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::start(Arc::new(crate::RealFiles)).unwrap();
    let with_sled = Options {
        segment_bytes: 1 << 16,
        ..Options::new("tests")
    };
    let (id, opened) = disk.open(dir.path().to_owned(), with_sled).await.unwrap();
    assert_eq!(opened.records, []);
    for _ in 0..50 {
        disk.append(id, vec![new("a"), new("b")]).await.unwrap();
    }
    let second = disk.flush_second_copy(id, LONG).await.unwrap();
    assert_eq!(second, SecondStatus::Following(100));
    assert!(disk.close(id, LONG).await.unwrap().is_complete());
    let report = audit(&crate::RealFiles, dir.path()).unwrap();
    assert_eq!(report.second, crate::SecondState::Agrees);
}

#[tokio::test]
async fn the_null_disk_counts_and_keeps_nothing() {
    let disk = Disk::null();
    let (id, _) = disk
        .open(PathBuf::from("/nowhere"), options())
        .await
        .unwrap();
    assert_eq!(
        disk.append(id, vec![new("a"), new("b")])
            .await
            .unwrap()
            .last_lsn,
        2
    );
    let next = disk.append(id, vec![new("c")]).await.unwrap();
    assert_eq!((next.first_lsn, next.last_lsn), (3, 3));
    disk.reserve(id, u64::MAX).await.unwrap();
    assert_eq!(disk.close(id, LONG).await.unwrap().last_lsn, 3);
}
