//! Keys and record to marks: what is earned, what is not, and what stops the marking.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "support/sat.rs"]
mod sat;

use std::sync::Arc;

use exam_core::{End, Marks, SessionId, Sitting};
use exam_marking::{
    MarkingFault, PaperMarks, SessionMarks, mark_session, mark_sitting, result_document,
};
use exam_record::{encode, fold};
use proptest::prelude::*;
use proptest::sample::select;

use sat::{A, B, C, Sat, context, item, keys, option, rules, units, whole};

const USUAL: [&str; 4] = ["a", "b", "c", "d"];

fn marked(sitting: &Sitting, session: SessionId) -> SessionMarks {
    let session = sitting.session(session).unwrap();
    mark_session(session, sitting.rules(), &keys(), &units()).unwrap()
}

fn paper(sitting: &Sitting, session: SessionId) -> PaperMarks {
    marked(sitting, session).paper.unwrap()
}

#[test]
fn a_paper_earns_by_section_and_by_unit_and_passes_at_the_mark() {
    let sat = whole(USUAL);
    let paper = paper(&sat.sitting, A);
    assert_eq!(
        (paper.total, paper.of, paper.passed),
        (Marks(200), Marks(350), true)
    );
    let sections: Vec<_> = paper.sections.iter().map(|s| (s.marks(), s.of())).collect();
    assert_eq!(
        sections,
        [(Marks(100), Marks(200)), (Marks(100), Marks(150))]
    );
    let unit = |code: &str| {
        paper
            .units
            .get(code)
            .map(|u| (u.marks.0, u.of.0, u.right, u.items))
    };
    assert_eq!(unit("0"), Some((100, 100, 1, 1)));
    assert_eq!(unit("1"), Some((50, 150, 1, 2)));
    assert_eq!(unit("1/2"), Some((50, 100, 1, 2)));
    assert_eq!(paper.answered, 4, "a cleared item has no response");
}

#[test]
fn t13_marks_are_told_with_and_without_answers_out_of_a_spool() {
    let sat = whole(USUAL);
    let paper = paper(&sat.sitting, B);
    assert_eq!((paper.counted_offline, paper.waiting), (3, 0));
    // With: t2 and q1 right, t1 wrong. Without: t1 right.
    assert_eq!(
        (paper.total, paper.total_without_offline),
        (Marks(150), Marks(100))
    );
    let t1 = paper
        .sections
        .iter()
        .flat_map(|s| &s.items)
        .find(|i| i.item == item("t1"))
        .unwrap();
    assert_eq!(
        (t1.chosen.clone(), t1.marks),
        (Some(option("false")), Marks::ZERO)
    );
}

#[test]
fn absent_is_not_zero() {
    let sat = whole(USUAL);
    let absent = marked(&sat.sitting, C);
    assert_eq!((absent.end, absent.paper), (End::Absent, None));
}

#[test]
fn one_point_below_the_mark_does_not_pass() {
    let mut sat = Sat::open(USUAL);
    sat.start();
    sat.answer(A, "t1", Some("true"));
    sat.answer(A, "q1", Some("b"));
    sat.hand_in(A);
    let paper = paper(&sat.sitting, A);
    assert_eq!((paper.total, paper.passed), (Marks(150), false));
}

#[test]
fn an_unknown_key_unit_or_option_stops_the_marking_by_name() {
    let sat = whole(USUAL);
    let mut fewer = keys();
    fewer.remove(&item("q2"));
    let fault = mark_sitting(&sat.sitting, &fewer, &units()).unwrap_err();
    assert_eq!(fault, MarkingFault::NoKey { item: item("q2") });
    fewer.insert(item("q2"), option("e"));
    let fault = mark_sitting(&sat.sitting, &fewer, &units()).unwrap_err();
    assert_eq!(
        fault,
        MarkingFault::KeyNotAnOption {
            item: item("q2"),
            key: option("e")
        }
    );
    let mut fewer = units();
    fewer.remove(&item("q3"));
    let fault = mark_sitting(&sat.sitting, &keys(), &fewer).unwrap_err();
    assert_eq!(fault, MarkingFault::NoUnit { item: item("q3") });
}

#[test]
fn a_session_that_has_not_ended_is_not_marked() {
    let mut sat = Sat::open(USUAL);
    sat.start();
    let fault = mark_sitting(&sat.sitting, &keys(), &units()).unwrap_err();
    assert!(
        matches!(fault, MarkingFault::NotEnded { session, .. } if session == A),
        "{fault}"
    );
}

#[test]
fn a_paper_of_another_exam_is_not_marked() {
    let mut sat = Sat::open(USUAL);
    sat.start();
    sat.hand_in(A);
    let mut other = rules();
    other.parts[0].sections[0].count = 3;
    let session = sat.sitting.session(A).unwrap();
    let fault = mark_session(session, &other, &keys(), &units()).unwrap_err();
    assert!(
        matches!(
            fault,
            MarkingFault::OtherPaper {
                items: 5,
                exam_items: 6,
                ..
            }
        ),
        "{fault}"
    );
}

#[test]
fn marks_of_the_folded_record_are_the_marks_of_the_live_sitting() {
    let sat = whole(USUAL);
    let records = sat
        .events
        .iter()
        .zip(1..)
        .map(|((at, event), lsn)| (lsn, at.0, encode(event)));
    let folded = fold(Arc::new(rules()), records).unwrap();
    assert_eq!(folded, sat.sitting);
    let document = |sitting| result_document(sitting, &keys(), &units(), &context()).unwrap();
    assert_eq!(document(&folded), document(&sat.sitting));
}

#[test]
fn a_roster_without_a_session_is_a_fault() {
    let sat = whole(USUAL);
    let mut context = context();
    context.roster.remove(&C);
    let fault = result_document(&sat.sitting, &keys(), &units(), &context).unwrap_err();
    assert!(matches!(fault, MarkingFault::NotOnRoster { .. }), "{fault}");
}

#[test]
fn the_document_reads_back_from_its_json() {
    let sat = whole(USUAL);
    let document = result_document(&sat.sitting, &keys(), &units(), &context()).unwrap();
    let json = serde_json::to_string(&document).unwrap();
    assert_eq!(
        serde_json::from_str::<exam_marking::ResultDocument>(&json).unwrap(),
        document
    );
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_its_items_and_no_item_leaves_its_range(
        answers in prop::collection::vec(
            (select(vec!["t1", "t2", "q1", "q2", "q3"]), 0..5_usize), 0..20),
        order in Just(USUAL).prop_shuffle(),
    ) {
        let play = |order| {
            let mut sat = Sat::open(order);
            sat.start();
            for (name, choice) in &answers {
                let options =
                    if name.starts_with('t') { &["true", "false"][..] } else { &USUAL[..] };
                sat.answer(A, name, options.get(*choice).copied());
            }
            sat.hand_in(A);
            paper(&sat.sitting, A)
        };
        let marks = play(order);
        let items: Vec<_> =
            marks.sections.iter().flat_map(|s| s.items.iter().map(|i| (s.points, i))).collect();
        prop_assert_eq!(items.iter().map(|(_, item)| item.marks).sum::<Marks>(), marks.total);
        prop_assert_eq!(marks.units.values().map(|unit| unit.marks).sum::<Marks>(), marks.total);
        prop_assert!(items.iter().all(|(of, i)| Marks::ZERO <= i.marks && i.marks <= *of));
        prop_assert!(marks.total <= marks.of);
        prop_assert_eq!(marks.total_without_offline, marks.total);
        // P2: marks do not depend on any shuffle.
        prop_assert_eq!(play(USUAL), marks);
    }
}
