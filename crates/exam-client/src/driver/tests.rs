//! The shell with a real spool and a real ledger, on streams in memory.

use exam_core::{End, Event};

use super::*;
use crate::bot::{Bot, BotEnd, BotPlan, BotReport, Ledger, LedgerLine};
use crate::fake_door::FakeDoor;
use crate::picture::SpoolState;

/// A minute of the exam in a fifth of a second: room for a busy machine before time is up.
const SPEED: u32 = 300;
/// The whole exam in three seconds.
const FAST: u32 = 1_000;

fn plan(end: BotEnd) -> BotPlan {
    BotPlan {
        leave_percent: 0,
        change_percent: 50,
        ..BotPlan::new("202611210207".to_owned(), "01234X".to_owned(), [3; 32], end)
    }
}

fn seat(
    door: &FakeDoor,
    speed: u32,
    spool_dir: Option<&Path>,
) -> (SeatHandle, mpsc::Receiver<Observed>) {
    let (observer, observed) = mpsc::channel(64);
    let config = ShellConfig {
        name: "A-07".to_owned(),
        spool_dir: spool_dir.map(Path::to_owned),
        boot: crate::clock::boot_id(),
        speed,
        observer: Some(observer),
    };
    (Seat::start_with(config, door.clone()), observed)
}

/// Every revision in the hall's record.
fn recorded(door: &FakeDoor) -> Vec<LedgerLine> {
    let hall = door.hall();
    let lines = hall.events.iter().filter_map(|(_, event)| match event {
        Event::Answered {
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
        } => Some(LedgerLine {
            session: *session,
            epoch: *epoch,
            seq: revision.seq,
            item: revision.item.clone(),
            choice: revision.choice.clone(),
        }),
        _ => None,
    });
    lines.collect()
}

fn agrees(door: &FakeDoor, ledger: &Path, report: &BotReport) {
    let record = recorded(door);
    assert_eq!(Ledger::read(ledger).unwrap(), record);
    assert_eq!(usize::try_from(report.acked).unwrap(), record.len());
    assert_eq!(report.ack_us.len(), record.len());
}

#[tokio::test]
async fn a_bot_sits_the_whole_exam_and_its_ledger_is_the_record() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = dir.path().join("ledger");
    let door = FakeDoor::new(SPEED);
    let (seat, observed) = seat(&door, SPEED, Some(&dir.path().join("spool")));
    let open = Some(Ledger::open(&ledger).unwrap());
    let report = Bot::new(seat, observed, plan(BotEnd::Early), open)
        .run()
        .await
        .unwrap();
    assert_eq!(report.receipt.end, End::HandedIn);
    assert_eq!(report.receipt.answered, 8);
    agrees(&door, &ledger, &report);
}

#[tokio::test]
async fn time_runs_out_over_a_flapping_link_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = dir.path().join("ledger");
    let door = FakeDoor::new(FAST);
    let (seat, observed) = seat(&door, FAST, Some(&dir.path().join("spool")));
    let cutter = door.clone();
    let cuts = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(150)).await;
            cutter.cut();
        }
    });
    let open = Some(Ledger::open(&ledger).unwrap());
    let bot = Bot::new(seat, observed, plan(BotEnd::AtEnd), open);
    let report = bot.run().await.unwrap();
    cuts.abort();
    assert_eq!(report.receipt.end, End::TimeUp);
    agrees(&door, &ledger, &report);
}

#[tokio::test]
async fn a_seat_that_dies_comes_back_by_itself_with_its_answers() {
    let dir = tempfile::tempdir().unwrap();
    let spool = dir.path().join("spool");
    let door = FakeDoor::new(SPEED);
    let (first, mut observed) = seat(&door, SPEED, Some(&spool));
    let mut walk = crate::bot::Walk::new(plan(BotEnd::AtEnd));
    let mut pictures = first.pictures.clone();
    let mut made = 0;
    while made < 3 {
        let next = walk.next(&first.picture(), first.clock.now_ms()).unwrap();
        if let crate::bot::Next::Act(act) = next {
            first.acts.send(act).await.unwrap();
        }
        tokio::select! {
            changed = pictures.changed() => changed.unwrap(),
            Some(seen) = observed.recv() => {
                made += u32::from(matches!(seen, Observed::Made { .. }));
            }
            () = tokio::time::sleep(Duration::from_millis(2)) => {}
        }
    }
    let answers = Arc::clone(&first.picture().answers);
    first.stop().await;

    let (second, _observed) = seat(&door, SPEED, Some(&spool));
    let mut pictures = second.pictures.clone();
    let back = pictures
        .wait_for(|picture| picture.open_paper().is_some() && picture.tally().all_saved())
        .await
        .unwrap()
        .clone();
    assert!(back.restored.is_some_and(|count| count >= 1));
    for (item, answer) in answers.iter() {
        assert_eq!(back.answers[item].choice, answer.choice);
    }
    drop(pictures);
    second.stop().await;
}

#[tokio::test]
async fn without_a_folder_the_seat_says_so_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("not-a-folder");
    std::fs::write(&file, b"x").unwrap();
    let door = FakeDoor::new(SPEED);
    let (seat, observed) = seat(&door, SPEED, Some(&file));
    let picture = seat.picture();
    assert!(
        matches!(&picture.spool, SpoolState::MemoryOnly { why } if why.contains("not-a-folder"))
    );
    let report = Bot::new(seat, observed, plan(BotEnd::Early), None)
        .run()
        .await
        .unwrap();
    assert_eq!(report.receipt.answered, 8);
}
