//! Hall acts: done once however often they are sent, and only where they fit.

use super::check;
use crate::event::Event;

const SEATED: &str = "08:30 a ready; b ready; c ready";

#[test]
fn acts_are_done_once_by_id_and_a_retry_after_replay_hears_the_stored_reply() {
    check(
        &format!("{SEATED}; 09:00 start; again; 09:01 restart; again; a?"),
        "done, 0 events; done, 0 events; a running till 09:45 left 00:44:00",
    );
    check(
        &format!("{SEATED}; 08:50 start; 09:00 again; restart; again; a?"),
        "refused start-too-early 09:00; refused start-too-early 09:00, 0 events;
         refused start-too-early 09:00, 0 events; a await-start",
    );
}

#[test]
fn t15_a_second_start_under_another_id_starts_nobody_anew() {
    check(
        &format!("{SEATED}; 09:00 start; 09:20 start; again; a?"),
        "done, 0 events; a running till 09:45 left 00:25:00",
    );
}

#[test]
fn t15_the_room_starts_once_in_the_record_however_often_it_is_started() {
    let mut story = super::story::Story::new(super::hall::rules());
    super::script::play(
        &mut story,
        &format!("{SEATED}; 09:00 start; 09:20 start; 09:21 start"),
    );
    let starts = |event: &&(_, Event)| matches!(event.1, Event::RoomStarted);
    assert_eq!(story.log.iter().filter(starts).count(), 1);
}

#[test]
fn nobody_is_absent_while_the_door_is_open_and_exactly_at_its_close_it_is_open() {
    check(
        "08:40 a absent; 08:45 a absent; 08:45:00.001 a absent; a?; a login",
        "refused door-open 08:45; refused door-open 08:45; a absent 08:45:00.001;
         refused already-ended absent 08:45:00.001",
    );
}

#[test]
fn who_sits_at_a_live_kiosk_or_has_started_is_not_absent() {
    check(
        &format!("{SEATED}; 08:50 a absent; 09:00 start; a absent; 09:30 a hand-in; a absent"),
        "refused does-not-fit; refused does-not-fit; handed-in 09:30 with 0 of 5;
         refused does-not-fit",
    );
}

#[test]
fn a_paper_prepared_and_never_started_is_absent_and_not_zero() {
    check(
        "08:30 a ready; a off; 08:50 a absent; a?; 09:00 start; a?",
        "a absent 08:50; a absent 08:50",
    );
    // Logged in, and the undertaking never answered: absent once nothing can start any more.
    check(
        "08:30 a arrive; a login; 09:00 start; 09:45 a absent; 09:45:00.001 a absent; a?",
        "refused does-not-fit; a absent 09:45:00.001",
    );
}

#[test]
fn r4_a_seat_taken_by_another_session_is_refused_until_that_one_has_ended() {
    check(
        &format!("{SEATED}; 09:00 start; a move A-02; 09:30 b hand-in; a move A-02; a login; a?"),
        "refused seat-taken; handed-in 09:30 with 0 of 5; a running till 09:45 left 00:15:00",
    );
}

#[test]
fn r4_a_moved_session_goes_on_with_its_answers_at_the_new_seat_only() {
    check(
        &format!(
            "{SEATED}; 09:00 start; a q1=b; 09:10 a off; a move A-09; a back; a login A-01;
             a login A-09; a q2=a; a?"
        ),
        "q1=b saved; refused not-your-session; refused wrong-seat A-09 A-01; q2=a saved;
         a running till 09:45 left 00:35:00 q1=b q2=a",
    );
}

#[test]
fn the_sitting_closes_only_when_everybody_has_ended_and_then_takes_nothing() {
    check(
        &format!(
            "{SEATED}; 09:00 start; 09:30 a hand-in; b hand-in; close; c hand-in; close;
             again; start; a login; a q1=a"
        ),
        "handed-in 09:30 with 0 of 5; handed-in 09:30 with 0 of 5; refused not-all-ended count 1;
         handed-in 09:30 with 0 of 5; done, 0 events; refused sitting-closed;
         refused sitting-closed; q1=a refused sitting-closed",
    );
}

#[test]
fn acts_about_nobody_are_refused() {
    check(
        "08:30 x arrive; x move A-09; x settle; x count",
        "refused unknown-session; refused unknown-session; refused unknown-session;
         refused unknown-session",
    );
}

#[test]
fn an_idle_second_leaves_a_mark_only_while_a_paper_is_open() {
    check(
        &format!("{SEATED}; tick; 09:00 start; tick; 09:57 tick"),
        "0 events; 1 events; 0 events",
    );
}
