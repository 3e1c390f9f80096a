//! Stories of a seat and its hall; the hall is the real machine.

use exam_core::{End, HallAct, SeatId};

use super::rig::{FakeHall, LENGTH_MS, Rig, item_id, option_id};
use super::*;
use crate::picture::{PaperState, Saved};

mod end;

const OTHER_BOOT: BootId = BootId([2; 16]);

fn waiting(rig: &Rig) -> u16 {
    rig.seat.picture().tally().waiting
}

#[test]
fn check_in_runs_by_itself_to_the_open_paper() {
    let mut rig = Rig::new();
    rig.check_in();
    assert_eq!(rig.seat.label(), Some(Label::AwaitStart));
    assert_eq!(rig.seat.picture().paper, PaperState::Sealed);
    rig.start();
    assert_eq!(rig.seat.label(), Some(Label::Running));
    assert!(rig.seat.picture().open_paper().is_some());
    assert_eq!(rig.seat.picture().restored, None);
}

#[test]
fn w8_an_answer_is_chosen_then_waiting_then_saved() {
    let mut rig = Rig::running();
    rig.fast_disk = false;
    rig.choose(1, 2);
    assert_eq!(rig.saved(1), Some(Saved::Chosen));
    assert!(
        rig.to_hall.is_empty(),
        "nothing is sent before it is spooled"
    );
    rig.sync();
    assert_eq!(rig.saved(1), Some(Saved::Waiting));
    rig.settle();
    assert!(matches!(rig.saved(1), Some(Saved::Saved(_))));
    assert_eq!(rig.recorded(1), Some(option_id(2)));
}

#[test]
fn w1_changes_of_one_item_merge_only_before_they_have_a_number() {
    let mut rig = Rig::running();
    rig.fast_disk = false;
    rig.choose(1, 1);
    // The first is on its way to the disk; of the next three only the last gets a number.
    for option in [2, 3, 4] {
        rig.choose(1, option);
    }
    rig.choose(2, 1);
    rig.sync();
    rig.sync();
    rig.settle();
    assert_eq!(rig.sent_seqs(), [1, 2, 3]);
    assert_eq!(rig.recorded(1), Some(option_id(4)));
    assert_eq!(rig.recorded(2), Some(option_id(1)));
}

#[test]
fn choosing_the_same_again_is_no_revision_and_strangers_are_ignored() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.choose(1, 1);
    rig.choose(99, 1);
    rig.choose(1, 9);
    rig.settle();
    assert_eq!(rig.sent_seqs(), [1]);
    rig.act(Act::Choose {
        item: item_id(1),
        choice: None,
    });
    rig.settle();
    assert_eq!((rig.sent_seqs().len(), rig.recorded(1)), (2, None));
    assert_eq!(rig.seat.picture().tally().answered, 0);
}

#[test]
fn offline_answers_wait_and_are_saved_after_the_return() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.settle();
    rig.cut();
    rig.pass(60_000, 5_000);
    for item in 2..=6 {
        rig.choose(item, 3);
    }
    assert_eq!((waiting(&rig), rig.seat.picture().tally().answered), (5, 6));
    rig.link();
    rig.settle();
    assert!(rig.seat.picture().tally().all_saved());
    assert_eq!(rig.recorded(6), Some(option_id(3)));
    assert_eq!(
        rig.seat.picture().restored,
        None,
        "a short cut is no return"
    );
}

#[test]
fn w3_a_lost_ack_costs_a_resend_and_changes_nothing() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    while rig.deliver_to_hall() {}
    let events = rig.hall.events.len();
    rig.cut();
    assert_eq!(rig.saved(1), Some(Saved::Waiting));
    rig.link();
    rig.settle();
    assert!(matches!(rig.saved(1), Some(Saved::Saved(_))));
    assert_eq!(rig.sent_seqs(), [1], "the snapshot says the hall has it");
    let more = rig.hall.events[events..].iter();
    assert!(
        !more
            .clone()
            .any(|(_, event)| matches!(event, exam_core::Event::Answered { .. }))
    );
}

#[test]
fn w5_a_gap_is_filled_from_what_the_hall_has() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.choose(2, 1);
    rig.choose(3, 1);
    // The first two messages are lost without the stream being cut.
    rig.to_hall.drain(..2);
    rig.settle();
    assert!(rig.seat.picture().tally().all_saved());
    assert_eq!(rig.sent_seqs(), [1, 2, 3, 1, 2, 3]);
}

#[test]
fn r3_after_a_restart_the_seat_returns_by_itself_with_everything() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.choose(2, 2);
    rig.settle();
    rig.cut();
    rig.choose(3, 3);
    rig.act(Act::Note {
        item: item_id(3),
        flagged: true,
        struck: vec![option_id(1)],
    });
    rig.act(Act::Visit { item: item_id(3) });
    rig.restart(rig.boot);
    assert_eq!(
        rig.seat.picture().open_paper(),
        None,
        "no paper without contact"
    );
    assert_eq!(
        rig.saved(1),
        Some(Saved::Waiting),
        "R5: waiting until acked"
    );
    rig.link();
    rig.settle();
    let picture = rig.seat.picture();
    assert!(picture.open_paper().is_some());
    assert!(picture.tally().all_saved());
    assert_eq!((picture.restored, picture.tally().flagged), (Some(3), 1));
    assert_eq!(picture.position, Some(item_id(3)));
    assert_eq!(rig.recorded(3), Some(option_id(3)));
    rig.choose(4, 4);
    rig.settle();
    assert_eq!(rig.recorded(4), Some(option_id(4)));
}

#[test]
fn after_a_reboot_too_the_answers_arrive_and_new_ones_bear_the_new_boot() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.settle();
    rig.cut();
    rig.choose(2, 2);
    rig.restart(OTHER_BOOT);
    rig.link();
    rig.settle();
    rig.choose(3, 3);
    rig.settle();
    assert!(rig.seat.picture().tally().all_saved());
    let last = rig.sent.iter().rev().find_map(|says| match says {
        KioskSays::Revise { revisions, .. } => revisions.last().cloned(),
        _ => None,
    });
    assert_eq!(last.unwrap().made.boot, OTHER_BOOT);
}

#[test]
fn what_was_not_spooled_at_a_kill_is_all_that_is_missing() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.settle();
    rig.cut();
    rig.choose(2, 2);
    rig.fast_disk = false;
    rig.choose(3, 3);
    rig.restart(rig.boot);
    rig.fast_disk = true;
    rig.link();
    rig.settle();
    assert_eq!(
        (rig.recorded(2), rig.recorded(3)),
        (Some(option_id(2)), None)
    );
    rig.choose(3, 4);
    rig.settle();
    assert_eq!(rig.recorded(3), Some(option_id(4)));
}

#[test]
fn w6_a_fenced_seat_forgets_the_session_and_resends_nothing_under_a_new_epoch() {
    let mut rig = Rig::running();
    rig.choose(1, 1);
    rig.settle();
    rig.cut();
    rig.choose(2, 2);
    let to = rig.hall.seat.clone();
    let session = rig::SESSION;
    rig.hall.act(HallAct::MoveSeat { session, to }).unwrap();
    rig.link();
    rig.settle();
    assert_eq!(
        (rig.seat.picture().session(), rig.ending()),
        (None, &Ending::None)
    );
    assert!(rig.seat.picture().answers.is_empty());
    let refusal = rig.seat.picture().refusal.clone();
    assert!(matches!(refusal, Some((_, Refusal::NotYourSession))));

    rig.act(FakeHall::log_in());
    rig.settle();
    assert!(rig.seat.picture().open_paper().is_some());
    assert_eq!(rig.seat.picture().restored, Some(1));
    assert_eq!(rig.recorded(2), None, "it is evidence in the old spool");
    rig.choose(2, 3);
    rig.settle();
    assert_eq!(rig.recorded(2), Some(option_id(3)));
    let leases = rig
        .spool
        .iter()
        .filter(|entry| matches!(entry, Entry::Lease { .. }));
    assert_eq!(leases.count(), 2);
}

#[test]
fn an_old_spool_of_another_sitting_is_forgotten_without_a_word() {
    let mut rig = Rig::running();
    let mut old = Rig::new();
    rig.restart(rig.boot);
    old.spool = vec![Entry::Lease {
        holder: Holder {
            session: SessionId([77; 16]),
            lease: exam_core::LeaseId([1; 16]),
            epoch: Epoch(1),
        },
        boot: old.boot,
    }];
    old.durable = 1;
    old.restart(old.boot);
    old.check_in();
    assert_eq!(old.seat.picture().refusal, None);
    assert_eq!(old.seat.label(), Some(Label::AwaitStart));
}

#[test]
fn without_a_disk_answers_go_at_once_and_are_never_called_waiting() {
    let mut rig = Rig::running();
    rig.fast_disk = false;
    rig.choose(1, 1);
    rig.feed(Input::SpoolFailed {
        why: "disk full".to_owned(),
    });
    assert!(matches!(
        rig.seat.picture().spool,
        SpoolState::MemoryOnly { .. }
    ));
    rig.settle();
    assert!(matches!(rig.saved(1), Some(Saved::Saved(_))));
    rig.cut();
    rig.choose(2, 2);
    assert_eq!(rig.saved(2), Some(Saved::Chosen));
    rig.pass(700_000, 60_000);
    rig.act(Act::HandIn);
    rig.link();
    rig.settle();
    assert!(matches!(rig.ending(), Ending::Ended(receipt) if receipt.answered == 2));
}

#[test]
fn t2_the_late_begin_by_their_own_key() {
    let mut rig = Rig::new();
    rig.link();
    rig.settle();
    let wait = rig::PLANNED_MS - rig.hall.now.0;
    rig.pass(wait, 60_000);
    rig.hall.start();
    rig.pass(480_000, 60_000);
    rig.check_in();
    assert_eq!(rig.seat.label(), Some(Label::Late));
    assert_eq!(rig.seat.picture().open_paper(), None);
    let view = rig.seat.picture().view.clone().unwrap();
    assert_eq!(view.late_by, Some(Span(480_000)));
    rig.act(Act::Begin);
    rig.settle();
    assert_eq!(rig.seat.label(), Some(Label::Running));
    assert_eq!(
        rig.seat.picture().rest(rig.now_ms()),
        Some(Span(LENGTH_MS - 480_000))
    );
}

#[test]
fn a_paper_that_does_not_open_is_called_broken() {
    let mut rig = Rig::new();
    rig.check_in();
    rig.feed(Input::FromHall(Box::new(HallSays {
        clock: None,
        body: crate::message::HallBody::StartKey {
            part: exam_core::PartNo(1),
            key: exam_proto::seal::PaperKey([1; 32]),
        },
    })));
    assert_eq!(rig.seat.picture().paper, PaperState::Broken);
    // Brought once more, it opens.
    rig.cut();
    rig.link();
    rig.settle();
    assert_eq!(rig.seat.picture().paper, PaperState::Sealed);
    rig.start();
    assert!(rig.seat.picture().open_paper().is_some());
}

#[test]
fn a_wrong_seat_is_shown_and_the_seat_stays_free() {
    let mut rig = Rig::new();
    rig.hall.seat = SeatId::new("C-03").unwrap();
    rig.check_in();
    let refusal = rig.seat.picture().refusal.clone();
    assert!(matches!(refusal, Some((1, Refusal::WrongSeat { .. }))));
    assert_eq!(rig.seat.picture().session(), None);
}

#[test]
fn another_protocol_is_one_clear_screen() {
    let mut rig = Rig::new();
    rig.link();
    rig.feed(Input::FromHall(Box::new(HallSays {
        clock: None,
        body: crate::message::HallBody::Welcome {
            protocol: 2,
            build: "9.0.0".to_owned(),
            info: Err(exam_proto::Malformed("other fields".to_owned())),
        },
    })));
    assert_eq!(rig.seat.picture().other_version.as_deref(), Some("9.0.0"));
}

#[test]
fn the_version_counts_visible_changes_alone() {
    let mut rig = Rig::running();
    let version = rig.seat.picture().version;
    rig.feed(Input::Tick);
    assert_eq!(rig.seat.picture().version, version);
    rig.choose(1, 1);
    assert!(rig.seat.picture().version > version);
}
