//! Stories of the end: the lock, the hand-in, the receipt.

use super::*;

#[test]
fn t3_the_exact_end_is_inside_and_one_tick_later_is_locked() {
    let mut rig = Rig::running();
    rig.pass(LENGTH_MS, 60_000);
    rig.choose(1, 1);
    assert_eq!(rig.ending(), &Ending::None);
    assert!(rig.answer(1).is_some());
    rig.hall.now = HallTime(rig.hall.now.0 + 1);
    rig.choose(2, 1);
    assert_eq!(rig.ending(), &Ending::Locked);
    assert_eq!(rig.answer(2), None);
    rig.settle();
    let Ending::Ended(receipt) = rig.ending() else {
        panic!("not ended: {:?}", rig.ending())
    };
    assert_eq!((receipt.end, receipt.answered), (End::TimeUp, 1));
}

#[test]
fn r6_the_cable_out_across_the_end_loses_nothing_made_before_it() {
    let mut rig = Rig::running();
    rig.pass(LENGTH_MS - 120_000, 60_000);
    rig.cut();
    rig.pass(60_000, 10_000);
    rig.choose(4, 4);
    rig.pass(300_000, 10_000);
    assert_eq!(rig.ending(), &Ending::Locked);
    rig.choose(5, 1);
    assert_eq!(rig.answer(5), None);
    rig.link();
    rig.settle();
    let Ending::Ended(receipt) = rig.ending() else {
        panic!("not ended: {:?}", rig.ending())
    };
    assert_eq!((receipt.end, receipt.answered), (End::TimeUp, 1));
    assert_eq!(rig.recorded(4), Some(option_id(4)));
}

#[test]
fn t13_a_receipt_that_came_before_the_answers_is_asked_for_again() {
    let mut rig = Rig::running();
    rig.pass(LENGTH_MS - 120_000, 60_000);
    rig.cut();
    rig.choose(4, 4);
    rig.pass(300_000, 10_000);
    // The chief settles the overdue paper before the seat is back; then its spool counts after all.
    let session = rig::SESSION;
    rig.hall.act(HallAct::Settle { session }).unwrap();
    rig.link();
    rig.settle();
    assert_eq!(rig.recorded(4), Some(option_id(4)));
    assert!(matches!(rig.ending(), Ending::Ended(receipt) if receipt.answered == 1));
}

#[test]
fn hand_in_waits_for_every_revision_and_locks_at_once() {
    let mut rig = Rig::running();
    rig.pass(700_000, 60_000);
    rig.fast_disk = false;
    rig.choose(1, 1);
    rig.choose(2, 1);
    rig.act(Act::HandIn);
    assert_eq!(rig.ending(), &Ending::HandingIn);
    rig.choose(3, 1);
    assert_eq!(rig.answer(3), None);
    rig.fast_disk = true;
    rig.sync();
    rig.settle();
    let Ending::Ended(receipt) = rig.ending() else {
        panic!("not ended: {:?}", rig.ending())
    };
    assert_eq!((receipt.end, receipt.answered), (End::HandedIn, 2));
    // Handing in again changes nothing.
    rig.act(Act::HandIn);
    rig.settle();
    assert!(matches!(rig.ending(), Ending::Ended(_)));
}

#[test]
fn hand_in_offline_bears_the_time_of_the_key_and_survives_a_restart() {
    let mut rig = Rig::running();
    rig.pass(700_000, 60_000);
    rig.cut();
    rig.choose(1, 1);
    rig.act(Act::HandIn);
    let pressed = rig.hall.now;
    rig.pass(120_000, 10_000);
    rig.restart(rig.boot);
    assert_eq!(rig.ending(), &Ending::HandingIn);
    rig.link();
    rig.settle();
    let Ending::Ended(receipt) = rig.ending() else {
        panic!("not ended: {:?}", rig.ending())
    };
    assert_eq!((receipt.end, receipt.at), (End::HandedIn, pressed));
}

#[test]
fn too_early_a_hand_in_says_when_and_leaves_the_paper_open() {
    let mut rig = Rig::running();
    rig.pass(60_000, 10_000);
    rig.act(Act::HandIn);
    assert_eq!(rig.ending(), &Ending::None);
    let refusal = rig.seat.picture().refusal.clone();
    assert!(matches!(refusal, Some((1, Refusal::HandInTooEarly { .. }))));
    rig.choose(1, 1);
    rig.settle();
    assert!(rig.seat.picture().tally().all_saved());
}

#[test]
fn a_hand_in_the_hall_refuses_unlocks_the_paper() {
    let mut rig = Rig::running();
    rig.pass(700_000, 60_000);
    rig.act(Act::HandIn);
    let from = HallTime(rig.hall.now.0 + 60_000);
    rig.to_hall.clear();
    rig.hall_refuses(Asked::HandIn, &Refusal::HandInTooEarly { from });
    assert_eq!(rig.ending(), &Ending::None);
    rig.restart(rig.boot);
    assert_eq!(
        rig.ending(),
        &Ending::None,
        "the spool knows that it was opened again"
    );
}

#[test]
fn t11_a_hall_that_resumes_at_an_earlier_hour_lifts_the_lock() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.settle();
    let hall_clock = rig.hall.now;
    rig.cut();
    // The seat's own clock runs past the end while the hall lies still.
    rig.hall.now = HallTime(hall_clock.0 + LENGTH_MS + 5_000);
    rig.feed(Input::Tick);
    assert_eq!(rig.ending(), &Ending::Locked);
    let local = rig.now_ms();
    rig.hall.now = hall_clock;
    rig.seat_link_at(local);
    assert_eq!(rig.ending(), &Ending::None);
}

/// The hall sends marks before the receipt; they were lost, and a demonstration showed none.
#[test]
fn marks_that_come_before_the_receipt_are_shown_on_it() {
    use exam_proto::delivery as wire;

    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.settle();
    let marks = wire::ShownMarks {
        total: 7_300,
        full: 10_000,
        passed: true,
        sections: Vec::new(),
    };
    let says = wire::HallMessage {
        clock: Some(wire::Clock {
            hall_ms: rig.hall.now.0,
            wall_ms: 0,
        }),
        body: Some(wire::hall_message::Body::Marks(marks)),
    };
    rig.feed(Input::FromHall(Box::new(HallSays::read(&says).unwrap())));
    rig.pass(LENGTH_MS + 60_000, 60_000);
    rig.settle();
    let Ending::Ended(receipt) = rig.ending() else {
        panic!("not ended: {:?}", rig.ending())
    };
    assert_eq!(
        receipt.marks.as_ref().map(|marks| marks.total.0),
        Some(7_300)
    );
}
