//! The door, the log-in, the own data and the undertaking.

use super::{check, check_with};
use crate::rules::{Identity, LateFrom, LateJudged, LateLimit};

#[test]
fn log_in_opens_at_report_time_to_the_tick() {
    check(
        "08:29:59.999 a login; 08:30 a login; a?",
        "refused log-in-not-open 08:30; a confirm-details",
    );
}

#[test]
fn the_door_closes_to_the_tick_and_the_rules_say_on_which_side() {
    check(
        "08:45 a login; 08:45:00.001 b login",
        "refused entry-closed 08:45",
    );
    check_with(
        |rules| rules.admission.late_limit = LateLimit::Refuse,
        "08:44:59.999 a login; 08:45 b login",
        "refused entry-closed 08:45",
    );
    check_with(
        |rules| rules.admission.late_from = LateFrom::Start,
        "09:15 a login; 09:15:00.001 b login",
        "refused entry-closed 09:15",
    );
}

#[test]
fn who_arrived_in_time_may_log_in_later_where_arrival_judges() {
    check("08:44 a arrive; 08:59 a login; a?", "a confirm-details");
    check_with(
        |rules| rules.admission.late_judged = LateJudged::LogIn,
        "08:44 a arrive; 08:59 a login",
        "refused entry-closed 08:45",
    );
}

#[test]
fn a_second_log_in_elsewhere_is_refused_and_at_the_same_seat_takes_over() {
    check(
        "08:30 a login; b login A-01; a login A-02; a login A-01; a old q1=a",
        "refused wrong-seat A-02 A-01; refused ticket-in-use;
         q1=a refused not-your-session, kept",
    );
}

#[test]
fn every_step_waits_for_the_one_before() {
    check(
        "08:30 a login; a undertake; a prepare; a confirm; a undertake; a identify; a undertake;
         a?; a prepare; a prepare; a?",
        "refused not-now; refused not-now; refused not-now; a preparing; a await-start",
    );
}

#[test]
fn where_nobody_confirms_identity_the_undertaking_follows_at_once() {
    check_with(
        |rules| rules.admission.identity = Identity::Nobody,
        "08:30 a login; a confirm; a undertake; a?",
        "a preparing",
    );
}

#[test]
fn r2_a_kiosk_comes_back_to_where_it_was() {
    check(
        "08:30 a ready; 08:40 a off; 09:00 start; 09:01 a back; a?; 09:02 restart; a back; a q1=a",
        "a running till 09:45 left 00:44:00; q1=a saved",
    );
}

#[test]
fn an_unknown_ticket_finds_no_session() {
    check("08:30 x login", "refused unknown-session");
}
