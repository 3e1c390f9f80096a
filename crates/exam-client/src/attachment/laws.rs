//! Laws of an attachment under any weather: links that come and go, messages twice, a slow disk,
//! kills, and time that passes the end.

use exam_core::{Counted, Digest, Event, KeptWhy, Revision};
use proptest::prelude::*;

use super::rig::{ITEMS, LENGTH_MS, Rig, SESSION, item_id};
use super::*;
use crate::picture::Saved;

#[derive(Debug, Clone)]
enum Step {
    Choose { item: usize, option: usize },
    Clear { item: usize },
    Flag { item: usize },
    Cut,
    Link,
    ToHall,
    ToHallTwice,
    ToSeat,
    Sync,
    Restart,
    Pass { ms: i64 },
    HandIn,
}

fn step() -> impl Strategy<Value = Step> {
    let item = 1..=ITEMS;
    prop_oneof![
        8 => (item.clone(), 1_usize..=4).prop_map(|(item, option)| Step::Choose { item, option }),
        1 => item.clone().prop_map(|item| Step::Clear { item }),
        1 => item.prop_map(|item| Step::Flag { item }),
        1 => Just(Step::Cut),
        3 => Just(Step::Link),
        8 => Just(Step::ToHall),
        1 => Just(Step::ToHallTwice),
        8 => Just(Step::ToSeat),
        6 => Just(Step::Sync),
        1 => Just(Step::Restart),
        3 => (1_i64..20_000).prop_map(|ms| Step::Pass { ms }),
    ]
}

fn take(rig: &mut Rig, step: &Step) {
    match step {
        Step::Choose { item, option } => rig.choose(*item, *option),
        Step::Clear { item } => rig.act(Act::Choose {
            item: item_id(*item),
            choice: None,
        }),
        Step::Flag { item } => rig.act(Act::Note {
            item: item_id(*item),
            flagged: true,
            struck: Vec::new(),
        }),
        Step::Cut => rig.cut(),
        Step::Link => rig.link(),
        Step::ToHall => {
            rig.deliver_to_hall();
        }
        Step::ToHallTwice => {
            if let Some(message) = rig.to_hall.front().cloned() {
                rig.to_hall.push_front(message);
                rig.deliver_to_hall();
                rig.deliver_to_hall();
            }
        }
        Step::ToSeat => {
            rig.deliver_to_seat();
        }
        Step::Sync => rig.sync(),
        Step::Restart => rig.restart(rig.boot),
        Step::Pass { ms } => {
            rig.hall.advance(*ms);
            let pushed = rig.hall.pushes();
            if rig.up {
                rig.to_seat.extend(pushed);
            }
            rig.feed(Input::Tick);
        }
        Step::HandIn => rig.act(Act::HandIn),
    }
}

/// What is called saved is in the hall's record, for every item, at every instant.
fn saved_is_true(rig: &Rig) {
    for item in 1..=ITEMS {
        if let Some(answer) = rig.answer(item)
            && matches!(answer.saved, Saved::Saved(_))
        {
            assert_eq!(
                rig.recorded(item),
                answer.choice,
                "item {item} is called saved"
            );
        }
    }
}

/// Numbers are dense and links hold, in the order the hall received them.
fn record_is_whole(rig: &Rig) {
    let mut link = None::<(Epoch, Seq, Digest)>;
    for (_, event) in &rig.hall.events {
        let (Event::Answered {
            epoch, revision, ..
        }
        | Event::RevisionKept {
            epoch, revision, ..
        }) = event
        else {
            continue;
        };
        let (before, digest) = match link {
            Some((last, seq, digest)) if last == *epoch => (seq, digest),
            _ => (Seq(0), Revision::first_link(SESSION, *epoch)),
        };
        assert_eq!(revision.seq, before.next(), "dense");
        assert_eq!(
            revision.link,
            revision.link_after(&digest, *epoch),
            "linked"
        );
        link = Some((*epoch, revision.seq, revision.link));
    }
}

/// Heals the link and the disk, and lets everybody finish.
fn heal(rig: &mut Rig) {
    rig.fast_disk = true;
    rig.sync();
    rig.cut();
    rig.link();
    rig.settle();
    rig.sync();
    rig.settle();
}

fn spooled_revisions(rig: &Rig) -> Vec<Revision> {
    let entries = rig.spool.iter().take(rig.durable);
    entries
        .filter_map(|entry| match entry {
            Entry::Revision(revision) => Some(revision.clone()),
            _ => None,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// W1, W3, W8, R1, R5.
    #[test]
    fn whatever_the_weather_saved_is_true_and_nothing_spooled_is_lost(
        steps in prop::collection::vec(step(), 1..150),
    ) {
        let mut rig = Rig::running();
        rig.fast_disk = false;
        for step in &steps {
            take(&mut rig, step);
            saved_is_true(&rig);
        }
        heal(&mut rig);
        saved_is_true(&rig);
        record_is_whole(&rig);
        let tally = rig.seat.picture().tally();
        prop_assert!(tally.all_saved(), "after the link heals nothing waits: {tally:?}");
        let received = rig.hall.events.iter().filter_map(|(_, event)| match event {
            Event::Answered { revision, counted, .. } => Some((revision.clone(), *counted)),
            _ => None,
        });
        let (received, counted): (Vec<_>, Vec<_>) = received.unzip();
        prop_assert_eq!(received, spooled_revisions(&rig), "each once, none missing");
        prop_assert!(counted.iter().all(|counted| *counted == Counted::InTime));
    }

    /// T3, T13, R6, W5: weather across the end, then either a hand-in or the clock ends it.
    #[test]
    fn whatever_the_weather_at_the_end_all_made_in_time_counts(
        before in prop::collection::vec(step(), 0..60),
        hand_in in any::<bool>(),
        after in prop::collection::vec(step(), 0..60),
    ) {
        let mut rig = Rig::running();
        let last_minutes = rig.hall.now.0 + LENGTH_MS - 60_000;
        rig.pass(last_minutes - rig.hall.now.0, 120_000);
        rig.fast_disk = false;
        for step in &before {
            take(&mut rig, step);
            saved_is_true(&rig);
        }
        if hand_in {
            take(&mut rig, &Step::HandIn);
        }
        for step in &after {
            take(&mut rig, step);
        }
        take(&mut rig, &Step::Pass { ms: 120_000 });
        rig.fast_disk = true;
        rig.sync();
        heal(&mut rig);
        rig.pass(60_000, 1_000);
        record_is_whole(&rig);
        let Ending::Ended(receipt) = rig.ending() else {
            panic!("not ended: {:?}", rig.seat.picture());
        };
        let kept = rig.hall.events.iter().filter_map(|(_, event)| match event {
            Event::RevisionKept { why, .. } => Some(*why),
            _ => None,
        });
        let kept: Vec<KeptWhy> = kept.collect();
        // A seat that was connected at the end and silent for all of the grace is the chief's case.
        prop_assert!(kept.iter().all(|why| *why == KeptWhy::AwaitsDecision), "{kept:?}");
        // Counted without the paper: a seat that comes back after the end gets none.
        let answers = &rig.seat.picture().answers;
        let answered = answers.values().filter(|answer| answer.choice.is_some()).count();
        if kept.is_empty() {
            prop_assert_eq!(usize::from(receipt.answered), answered, "the receipt says what the screen says");
        }
        let received = rig.hall.events.iter().filter(|(_, event)| {
            matches!(event, Event::Answered { .. } | Event::RevisionKept { .. })
        });
        prop_assert_eq!(received.count(), spooled_revisions(&rig).len(), "each once");
    }
}
