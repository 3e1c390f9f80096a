//! T13 and T14: answers that come after the end, and ends that pass while the seat is away.

use super::{check, check_with};
use crate::rules::OfflineRule;

const RUNNING: &str = "08:30 a ready; b ready; c ready; 09:00 start";

#[track_caller]
fn running(script: &str, heard: &str) {
    check(&format!("{RUNNING}; {script}"), heard);
}

#[test]
fn t13_in_the_grace_an_answer_counts_by_when_it_was_made() {
    running(
        "09:44 a off unseen; 09:45 a q1=b; 09:45:00.001 a q2=b; 09:45:20 a back; a?",
        "q1=b saved in grace; q2=b refused time-is-up 09:45, kept;
         a closing till 09:45 left 00:00:00 q1=b",
    );
}

#[test]
fn t13_later_it_counts_out_of_a_whole_spool_of_a_kiosk_that_was_away_before_the_end() {
    running(
        "09:40 a q1=a; 09:41 a off; 09:42 a q1=b; 09:43 a q2=; 09:45 a q3=c; 10:05 a?;
         a back; a?; a locked; 10:06 a resend 2; a?",
        "q1=a saved; a overdue till 09:45 left 00:00:00 q1=a;
         q1=b saved offline; q2= saved offline; q3=c saved offline;
         a overdue till 09:45 left 00:00:00 q1=b q2=- q3=c 3 offline;
         time-up 09:45 with 2 of 5; q1=b saved already;
         a time-up 09:45 q1=b q2=- q3=c 3 offline",
    );
}

#[test]
fn t13_what_was_made_after_the_end_never_counts_however_whole_the_spool() {
    running(
        "09:41 a off; 09:45:00.001 a q1=b; 09:50 a back; a?",
        "q1=b refused time-is-up 09:45, kept; a overdue till 09:45 left 00:00:00",
    );
}

#[test]
fn t13_a_broken_chain_waits_for_the_chief_with_all_that_follows() {
    running(
        "09:40 a off; 09:41 a q1=b; a tamper; 09:42 a q2=b; 09:50 a back; a?",
        "q1=b waits; q2=b waits; a overdue till 09:45 left 00:00:00 2 waiting",
    );
}

#[test]
fn t13_another_boot_waits_for_the_chief() {
    running(
        "09:40 a off; 09:41 a reboot; 09:42 a q1=b; 09:50 a back",
        "q1=b waits",
    );
}

#[test]
fn t13_too_long_after_the_last_contact_waits_for_the_chief() {
    // offline_max is 30 minutes: 09:10 + 30:00 is inside, one tick more is not.
    running(
        "09:10 a off; 09:40 a q1=b; 09:40:00.001 a q2=b; 09:50 a back",
        "q1=b saved offline; q2=b waits",
    );
}

#[test]
fn t13_where_the_rules_say_decide_every_late_answer_waits() {
    check_with(
        |rules| rules.clock.offline = OfflineRule::Decide,
        &format!("{RUNNING}; 09:40 a off; 09:41 a q1=b; 09:50 a back"),
        "q1=b waits",
    );
}

#[test]
fn t13_an_answer_of_a_kiosk_that_was_there_at_the_end_waits() {
    running(
        "09:44 a off unseen; 09:44:30 a q1=b; 09:46 a back; a?",
        "q1=b waits; a time-up 09:45 1 waiting",
    );
}

#[test]
fn t13_the_chief_counts_what_waited_and_it_is_listed() {
    running(
        "09:30 a q1=a; 09:40 a off; 09:41 a q1=b; a tamper; 09:42 a q2=c; 09:50 a back; a locked;
         a count; a?; again; a count",
        "q1=a saved; q1=b waits; q2=c waits; time-up 09:45 with 1 of 5;
         a time-up 09:45 q1=b q2=c 2 offline; done, 0 events; refused nothing-to-decide",
    );
}

#[test]
fn t13_the_chief_refuses_what_waited_and_nothing_changes() {
    running(
        "09:30 a q1=a; 09:40 a off; 09:41 a q1=b; a tamper; 09:50 a back; a locked; a refuse; a?",
        "q1=a saved; q1=b waits; time-up 09:45 with 1 of 5; a time-up 09:45 q1=a",
    );
}

#[test]
fn t13_the_sitting_does_not_close_over_undecided_answers() {
    running(
        "09:30 b hand-in; c hand-in; 09:40 a off; 09:41 a q1=b; a tamper; 09:50 a back; a locked;
         close; a refuse; close; a q2=b",
        "handed-in 09:30 with 0 of 5; handed-in 09:30 with 0 of 5; q1=b waits;
         time-up 09:45 with 0 of 5; refused not-all-ended count 1;
         q2=b refused sitting-closed",
    );
}

#[test]
fn t13_a_hand_in_pressed_while_the_cable_was_out_bears_the_press() {
    running(
        "09:40 a off; 09:41 a q1=b; 09:42 a press; 09:50 a back; a hand-in; a?",
        "q1=b saved offline; handed-in 09:42 with 1 of 5; a handed-in 09:42 q1=b 1 offline",
    );
}

#[test]
fn t13_a_press_that_nothing_proves_is_time_up() {
    running(
        "09:40 a off; 09:41 a reboot; 09:42 a press; 09:50 a back; a hand-in",
        "time-up 09:45 with 0 of 5",
    );
}

#[test]
fn t13_marks_without_offline_answers_can_still_be_told() {
    let mut story = super::story::Story::new(super::hall::rules());
    let script = "09:30 a q1=a; a q3=d; 09:40 a off; 09:41 a q1=b; a q2=c; a q1=c; 09:50 a back";
    super::script::play(&mut story, &format!("{RUNNING}; {script}"));
    let session = story.sitting.session(super::hall::session("a")).unwrap();
    let without = |name: &str| {
        let response = session.response_without_offline(&super::hall::item(name));
        response.and_then(|response| response.choice.clone())
    };
    assert_eq!(without("q1"), Some(super::hall::option("a")));
    assert_eq!(without("q2"), None);
    assert_eq!(without("q3"), Some(super::hall::option("d")));
    assert_eq!(session.counted_offline, 3);
}

#[test]
fn t14_an_end_that_passes_while_the_seat_is_away_finishes_nothing() {
    running(
        "09:40 a off; 09:45:01 a?; 10:30 a?; a settle; a?",
        "a overdue till 09:45 left 00:00:00; a overdue till 09:45 left 00:00:00; a time-up 09:45",
    );
}

#[test]
fn t14_a_cable_pulled_before_the_end_and_noticed_in_the_grace_is_overdue_too() {
    running(
        "09:44:50 a off unseen; 09:44:55 a q1=b; 09:45:15 a lost 09:44:50; 09:45:31 a?;
         09:50 a back; a locked",
        "a overdue till 09:45 left 00:00:00; q1=b saved offline; time-up 09:45 with 1 of 5",
    );
    // Lost after the end: it was there when time was up.
    running("09:45:15 a lost 09:45:10; 09:45:31 a?", "a time-up 09:45");
}

#[test]
fn t14_an_end_that_passes_while_the_server_is_down_leaves_everybody_overdue() {
    running(
        "09:40 a q1=a; 09:50 restart; a?; 09:51 a back; a q2=b; a locked; a?",
        "q1=a saved; a overdue till 09:45 left 00:00:00 q1=a;
         q2=b refused time-is-up 09:45, kept;
         time-up 09:45 with 1 of 5; a time-up 09:45 q1=a",
    );
}

#[test]
fn t14_there_is_nothing_to_settle_for_a_seat_that_is_there() {
    running(
        "a settle; 09:45:01 a settle; again",
        "refused nothing-to-decide; refused nothing-to-decide; refused nothing-to-decide, 0 events",
    );
}
