//! W1, W2, W4, W5, W6: what becomes of a revision.

use super::check;

const RUNNING: &str = "08:30 a ready; b ready; c ready; 09:00 start";

#[track_caller]
fn running(script: &str, heard: &str) {
    check(&format!("{RUNNING}; {script}"), heard);
}

#[test]
fn w1_a_resent_revision_is_acked_and_adds_nothing() {
    running(
        "a q1=a; a q1=b; a resend 1; a resend 2; a?",
        "q1=a saved; q1=b saved; q1=a saved already; q1=b saved already;
         a running till 09:45 left 00:45:00 q1=b",
    );
}

#[test]
fn w1_the_same_name_with_other_bytes_is_refused_and_kept() {
    running(
        "a q1=a; a forge 1 q1=c; a forge 1 q2=a; a?",
        "q1=a saved; q1=c refused other-answer-same-name seq 1, kept;
         q2=a refused other-answer-same-name seq 1, kept;
         a running till 09:45 left 00:45:00 q1=a",
    );
}

#[test]
fn w1_a_revision_before_its_turn_is_refused_by_name_until_the_gap_is_filled() {
    running(
        "a q1=a; a skip; a q2=b; a resend 2; a resend 3; a?",
        "q1=a saved; q2=b refused revision-gap have 1 got 3; q1=a saved; q2=b saved;
         a running till 09:45 left 00:45:00 q1=a q2=b",
    );
}

#[test]
fn w1_resending_after_a_restart_of_the_server_gives_the_same_outcome() {
    running(
        "a q1=a; a q2=b; 09:05 restart; a back; a resend 1; a resend 2; a forge 2 q2=c",
        "q1=a saved; q2=b saved; q1=a saved already; q2=b saved already;
         q2=c refused other-answer-same-name seq 2, kept",
    );
}

#[test]
fn w2_only_an_item_of_this_paper_and_an_option_of_this_item() {
    running(
        "a q9=a; a q1=e; a q1=true; a t1=true; a?",
        "q9=a refused item-not-in-paper, kept; q1=e refused option-not-in-item, kept;
         q1=true refused option-not-in-item, kept; t1=true saved;
         a running till 09:45 left 00:45:00 t1=true",
    );
}

#[test]
fn w2_nothing_is_written_before_the_paper_opens() {
    check(
        "08:30 a ready; a q1=a; a flag q1; 09:00 start; a q1=b; a?",
        "q1=a refused not-started, kept; refused not-started; q1=b saved;
         a running till 09:45 left 00:45:00 q1=b",
    );
}

#[test]
fn w4_clearing_is_a_revision_and_never_answered_is_not_cleared() {
    running(
        "a q1=a; a q1=; a q2=; a?; 09:30 a hand-in",
        "q1=a saved; q1= saved; q2= saved; a running till 09:45 left 00:45:00 q1=- q2=-;
         handed-in 09:30 with 0 of 5",
    );
}

#[test]
fn w4_flags_go_their_own_way_and_count_for_nothing() {
    running(
        "a flag q1; a flag q9; a q2=a; 09:30 a hand-in; a flag q1",
        "refused item-not-in-paper; q2=a saved; handed-in 09:30 with 1 of 5;
         refused revision-gap have 1 got 3",
    );
}

#[test]
fn w5_a_hand_in_ahead_of_its_answers_is_refused_by_name_at_once() {
    running(
        "a q1=a; 09:30 a hand-in ahead; a?; a hand-in",
        "q1=a saved; refused hand-in-gap have 1 want 2;
         a running till 09:45 left 00:15:00 q1=a; handed-in 09:30 with 1 of 5",
    );
}

#[test]
fn w5_a_locked_kiosk_that_has_not_sent_all_is_told_what_is_missing() {
    running(
        "a q1=a; a skip; 09:45:01 a locked; a resend 2; a locked",
        "q1=a saved; refused hand-in-gap have 1 want 2; q1=a saved in grace;
         time-up 09:45 with 1 of 5",
    );
}

#[test]
fn w5_after_the_hand_in_nothing_changes_and_a_retry_hears_the_same() {
    running(
        "a q1=a; 09:30 a hand-in; 09:31 a q1=b; a q2=; a hand-in; a locked; a?",
        "q1=a saved; handed-in 09:30 with 1 of 5; q1=b refused already-ended handed-in 09:30, kept;
         q2= refused already-ended handed-in 09:30, kept; handed-in 09:30 with 1 of 5;
         handed-in 09:30 with 1 of 5; a handed-in 09:30 q1=a",
    );
}

#[test]
fn w6_a_moved_session_fences_the_old_seat_and_keeps_its_packets_as_evidence() {
    running(
        "a q1=a; 09:10 a off; a move A-09; a login A-09; a q2=b; a old q1=c; a old q3=c; a?",
        "q1=a saved; q2=b saved; q1=c refused not-your-session, kept;
         q3=c refused not-your-session, kept; a running till 09:45 left 00:35:00 q1=a q2=b",
    );
}

#[test]
fn w6_between_the_move_and_the_next_log_in_the_old_seat_is_fenced_already() {
    running(
        "a q1=a; 09:10 a move A-09; a q1=c; a login A-09; a q2=b; a?",
        "q1=a saved; q1=c refused not-your-session, kept; q2=b saved;
         a running till 09:45 left 00:35:00 q1=a q2=b",
    );
}

#[test]
fn w6_a_fenced_seat_that_resends_is_never_told_saved() {
    running(
        "a q1=a; 09:10 a move A-09; a q1=c; a resend 1; a resend 2",
        "q1=a saved; q1=c refused not-your-session, kept; q1=a refused not-your-session;
         q1=c refused not-your-session",
    );
}

#[test]
fn w6_evidence_of_a_fenced_seat_does_not_move_the_time_of_the_one_that_answers() {
    // The new seat's answer was made inside; the old seat's packet, made outside, comes between.
    running(
        "09:10 a move A-09; a login A-09; 09:44 a off unseen; 09:44:59 a q1=b; 09:45:10 a old q1=c;
         a back; a?",
        "q1=c refused not-your-session, kept; q1=b saved in grace;
         a closing till 09:45 left 00:00:00 q1=b",
    );
}
