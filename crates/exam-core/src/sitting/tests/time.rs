//! T1, T2, T3, T5, T15: when a paper opens and when it ends.

use super::{check, check_with};
use crate::rules::StartBy;
use crate::time::Span;

const SEATED: &str = "08:30 a ready; b ready; c ready";

#[track_caller]
fn seated(script: &str, heard: &str) {
    check(&format!("{SEATED}; {script}"), heard);
}

#[test]
fn t1_all_times_count_from_the_act_of_starting() {
    seated(
        "09:03:20 start; 09:13:20 a?; b?",
        "a running till 09:48:20 left 00:35:00; b running till 09:48:20 left 00:35:00",
    );
}

#[test]
fn t1_t5_a_factor_lengthens_the_own_end_and_nobody_elses() {
    seated(
        "09:00 start; c?; 09:45:01 a?; c q1=b; 09:56:15 c q2=a; 09:56:15.001 c q3=a; c?",
        "c running till 09:56:15 left 00:56:15; a closing till 09:45 left 00:00:00;
         q1=b saved; q2=a saved; q3=a refused time-is-up 09:56:15, kept;
         c closing till 09:56:15 left 00:00:00 q1=b q2=a",
    );
}

#[test]
fn t2_a_late_starter_has_what_is_left_and_is_shown_it_first() {
    check(
        "08:40 a arrive; a identify; a login; a confirm; a undertake; 09:00 start;
         09:08 a?; a prepare; a?; 09:45 a q1=b; 09:45:00.001 a q2=b",
        "a late till 09:45 left 00:37:00 late 00:08:00; a running till 09:45 left 00:37:00;
         q1=b saved; q2=b refused time-is-up 09:45, kept",
    );
}

#[test]
fn t2_nobody_starts_after_the_own_end_but_exactly_at_it_is_inside() {
    let late = "08:40 a arrive; a identify; a login; a confirm; a undertake; 09:00 start";
    check(
        &format!("{late}; 09:45 a prepare; a?"),
        "a running till 09:45 left 00:00:00",
    );
    check(
        &format!("{late}; 09:45:00.001 a prepare"),
        "refused time-is-up 09:45",
    );
}

#[test]
fn t3_the_exact_end_is_inside_and_one_tick_later_is_outside() {
    seated(
        "09:00 start; 09:45 a q1=b; 09:45:00.001 a q2=b; a?",
        "q1=b saved; q2=b refused time-is-up 09:45, kept;
         a closing till 09:45 left 00:00:00 q1=b",
    );
}

#[test]
fn t3_a_hand_in_at_the_exact_end_is_a_hand_in_and_one_tick_later_is_time_up() {
    seated(
        "09:00 start; 09:45 a hand-in",
        "handed-in 09:45 with 0 of 5",
    );
    seated(
        "09:00 start; 09:45:00.001 a hand-in",
        "time-up 09:45 with 0 of 5",
    );
}

#[test]
fn t3_time_up_written_late_bears_the_deadline() {
    seated(
        "09:00 start; 09:44 a q1=b; 09:45:30 a?; 09:45:30.001 a?; 10:30 b?",
        "q1=b saved; a closing till 09:45 left 00:00:00 q1=b; a time-up 09:45 q1=b;
         b time-up 09:45",
    );
}

#[test]
fn t3_a_locked_kiosk_that_has_sent_all_ends_before_the_grace() {
    seated(
        "09:00 start; 09:44 a q1=b; a locked; 09:45:01 a locked; a?",
        "q1=b saved; refused not-now; time-up 09:45 with 1 of 5; a time-up 09:45 q1=b",
    );
}

#[test]
fn t15_the_start_waits_for_the_plan_and_happens_once() {
    seated(
        "08:59:59.999 start; 09:00 start; 09:10 start; a?",
        "refused start-too-early 09:00; a running till 09:45 left 00:35:00",
    );
}

#[test]
fn t15_a_room_may_start_by_the_clock_and_then_nobody_starts_it() {
    let by_clock = |rules: &mut crate::Rules| rules.clock.start = StartBy::Clock;
    check_with(
        by_clock,
        &format!("{SEATED}; 08:50 start; 09:00 a?; 09:00:00.001 a?"),
        "refused does-not-fit; a await-start; a running till 09:45:00.001 left 00:45:00",
    );
}

#[test]
fn t15_who_is_not_ready_does_not_start_with_the_room() {
    check(
        "08:30 a ready; b arrive; b identify; b login; 09:00 start; b q1=a; b?",
        "q1=a refused not-started, kept; b confirm-details till 09:45 left 00:45:00",
    );
}

#[test]
fn hand_in_is_refused_to_the_tick_before_its_time_and_in_the_locked_last_minutes() {
    seated(
        "09:00 start; 09:29:59.999 a hand-in; 09:30 a hand-in; b hand-in",
        "refused hand-in-too-early 09:30; handed-in 09:30 with 0 of 5; handed-in 09:30 with 0 of 5",
    );
    check_with(
        |rules| rules.hand_in.locked_last = Span::minutes(10),
        &format!("{SEATED}; 09:00 start; 09:35 a hand-in; 09:35:00.001 b hand-in"),
        "handed-in 09:35 with 0 of 5; refused hand-in-locked 09:45",
    );
}

#[test]
fn hand_in_and_time_up_race_and_exactly_one_wins() {
    // Pressed inside, received in the grace: the press wins, and time-up finds nothing to do.
    seated(
        "09:00 start; a off unseen; 09:45 a press; 09:45:10 a back; a hand-in; 09:46 a?; a hand-in",
        "handed-in 09:45 with 0 of 5; a handed-in 09:45; handed-in 09:45 with 0 of 5",
    );
    // Time-up was written first: the press hears the stored outcome.
    seated(
        "09:00 start; 09:45:30.001 clock; a hand-in; a?",
        "time-up 09:45 with 0 of 5; a time-up 09:45",
    );
}
