//! The crash ring: SIGKILL on the real binary, under load, again and again.
//!
//! The seats keep ledgers of acks, synced before they count. After every kill the journal is read
//! here, in another process than the server's, and every ledger line must be in it (RELIABILITY
//! 1 and 2, RULES W3). `CRASH_KILLS` sets how many; fewer than a fifth of the kills hitting an
//! unacked revision is a test that proves nothing, and fails.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "the counts are what the test is about")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use exam_client::bot::Ledger;
use exam_core::{Epoch, Event, ItemId, OptionId, Seq, SessionId};
use exam_journal::RealFiles;
use exam_tests::restless::{Counts, Restless};
use exam_tests::{Kit, Ports, Server, admit_and_start, all_arrive, binary};

const SEATS: usize = 30;
const PACE: Duration = Duration::from_millis(52);

type Record = BTreeMap<(SessionId, Epoch, Seq), (ItemId, Option<OptionId>)>;

fn record(kit: &Kit) -> Record {
    let mut record = Record::new();
    for event in kit.events() {
        if let Event::Answered {
            session,
            epoch,
            revision,
            ..
        }
        | Event::RevisionKept {
            session,
            epoch,
            revision,
            ..
        } = event
        {
            let name = (session, epoch, revision.seq);
            record
                .entry(name)
                .or_insert((revision.item, revision.choice));
        }
    }
    record
}

/// Returns how many ledger lines there are, after finding each in the journal.
fn check(kit: &Kit, seats: &[Restless]) -> usize {
    let report = exam_journal::audit(&RealFiles, &kit.sitting()).unwrap();
    assert!(report.is_whole() && report.damage.is_empty(), "{report:?}");
    let record = record(kit);
    let mut lines = 0;
    for seat in seats {
        // A ledger line cut short by nothing: the keeper lives in this process.
        for line in Ledger::read(&seat.ledger).unwrap_or_default() {
            let name = (line.session, line.epoch, line.seq);
            let have = record.get(&name);
            assert_eq!(
                have,
                Some(&(line.item, line.choice)),
                "acked and not on record: {name:?}"
            );
            lines += 1;
        }
    }
    lines
}

/// Enrols every seat with its code and sets a restless candidate at it.
async fn seat_all(kit: &Kit, server: &Server, counts: &Arc<Counts>) -> Vec<Restless> {
    let mut seats = Vec::new();
    for (number, tail, seat) in &kit.candidates {
        let (_, code) = server.codes.iter().find(|(name, _)| name == seat).unwrap();
        let address = server.enrolment.to_string();
        let identity = exam_client::enrol::enrol(&address, code).await.unwrap();
        let dir = kit.dir.join("seats").join(seat);
        std::fs::create_dir_all(&dir).unwrap();
        let address = server.delivery.to_string();
        seats.push(Restless::sit(
            identity, address, number, tail, &dir, counts, PACE,
        ));
    }
    seats
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w3_sigkill_under_load_loses_no_acked_answer() {
    let kills: usize = std::env::var("CRASH_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(50);
    let binary = binary(env!("CARGO_BIN_EXE_examhall-under-test"));
    let dir = tempfile::tempdir().unwrap();
    let kit = Kit::make(&binary, dir.path(), SEATS);
    let ports = Ports::free();
    let mut server = Server::open(&binary, &kit, ports);
    let operator = server.operator(&kit);
    all_arrive(&operator).await;
    let counts = Arc::new(Counts::default());
    let seats = seat_all(&kit, &server, &counts).await;
    admit_and_start(&operator).await;
    let mut hits = 0;
    for kill in 0..kills {
        let before = counts.acked.load(Ordering::SeqCst);
        // Let load build up: at least one answer is acked by this process, then a varied moment.
        while counts.acked.load(Ordering::SeqCst) == before {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let moment = u64::try_from(kill * 97 % 180).unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        // A kill between two answers proves little: wait a moment for one to be under way.
        for _ in 0..50 {
            if counts.unacked() > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        hits += usize::from(counts.unacked() > 0);
        server.kill();
        check(&kit, &seats);
        server = Server::again(&binary, &kit, ports);
    }
    let mut left = Vec::new();
    for seat in seats {
        let ledger = seat.ledger.clone();
        seat.leave().await;
        left.push(ledger);
    }
    assert!(server.terminate(), "the hall did not end well on SIGTERM");
    let record = record(&kit);
    let lines: Vec<_> = left
        .iter()
        .flat_map(|ledger| Ledger::read(ledger).unwrap())
        .collect();
    for line in &lines {
        let name = (line.session, line.epoch, line.seq);
        assert_eq!(
            record.get(&name),
            Some(&(line.item.clone(), line.choice.clone()))
        );
    }
    eprintln!(
        "{kills} kills, {hits} hit an unacked revision, {} acked answers, none lost",
        lines.len()
    );
    assert!(
        hits * 5 >= kills,
        "only {hits} of {kills} kills hit an unacked revision"
    );
    assert!(lines.len() > kills, "hardly anything was acked");
}
