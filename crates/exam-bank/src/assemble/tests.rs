//! Stories and laws of assembly.

use exam_core::Marks;
use exam_core::rules::Quota;
use proptest::prelude::*;

use super::*;
use crate::content::ContentItem;
use crate::testing::{hall, small_bank};

const SEED: [u8; 32] = [42; 32];

/// The small exam and its content.
fn small() -> (Rules, Content) {
    let bank = small_bank();
    (bank.exams[0].rules.clone(), Content::of(&bank))
}

/// Everything there is to a set of papers, as one digest.
fn fingerprint(papers: &[Paper]) -> String {
    let mut hasher = blake3::Hasher::new();
    for paper in papers {
        hasher.update(&paper.session.0);
        for (_, item) in paper.items() {
            hasher.update(format!("\n{} {}", item.number, item.item).as_bytes());
            for option in &item.options {
                hasher.update(format!(" {} {}", option.id, option.text.zh).as_bytes());
            }
        }
    }
    hasher.finalize().to_string()
}

fn ids(paper: &Paper) -> BTreeSet<ItemId> {
    paper.items().map(|(_, item)| item.item.clone()).collect()
}

#[test]
fn p1_the_same_seed_and_plan_give_the_same_papers_everywhere() {
    let (rules, content) = small();
    let papers = assemble(&rules, &content, &SEED, &hall(6)).unwrap().papers;
    assert_eq!(
        fingerprint(&papers),
        "899e2d986472cd582becdf26f0d725cc79a6a94ab5bb5958ddf56292dbb6b7e3"
    );
    let again = assemble(&rules, &content, &SEED, &hall(6)).unwrap().papers;
    assert_eq!(papers, again);
    let other = assemble(&rules, &content, &[43; 32], &hall(6))
        .unwrap()
        .papers;
    assert_ne!(fingerprint(&papers), fingerprint(&other));
    assert_eq!(
        seed_commitment(&SEED).to_string(),
        "e4fc0ca619bc02ba25acaec7ad9ed08675b879a6608faaa1aedf6929e9405ea9"
    );
}

#[test]
fn p1_what_a_form_holds_does_not_depend_on_the_plan() {
    let (rules, content) = small();
    let mut plan = hall(12);
    let papers = assemble(&rules, &content, &SEED, &plan).unwrap().papers;
    plan.reverse();
    let turned = assemble(&rules, &content, &SEED, &plan).unwrap().papers;
    for (paper, other) in papers.iter().zip(turned.iter().rev()) {
        assert_eq!(paper.session, other.session);
        assert_eq!(ids(paper), ids(other));
    }
}

#[test]
fn p1_a_late_candidate_is_drawn_against_the_papers_already_fixed() {
    let (rules, content) = small();
    let plan = hall(7);
    let all = assemble(&rules, &content, &SEED, &plan).unwrap();
    let fixed: Vec<_> = plan
        .iter()
        .copied()
        .zip(all.papers.clone())
        .take(6)
        .collect();
    let late = assemble_late(&rules, &content, &SEED, &fixed, plan[6]).unwrap();
    assert_eq!(late.papers, all.papers[6..]);
    assert_eq!(late.report.neighbours, all.report.neighbours[6..]);
    let twice = assemble_late(&rules, &content, &SEED, &fixed, plan[0]);
    assert_eq!(twice.unwrap_err().name(), "shortfall-session-twice");
}

#[test]
fn p3_numbers_run_through_all_sections() {
    let (rules, content) = small();
    let papers = assemble(&rules, &content, &SEED, &hall(1)).unwrap().papers;
    let numbers: Vec<u16> = papers[0].items().map(|(_, item)| item.number).collect();
    assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
    assert_eq!(papers[0].parts[0].sections[0].points, Marks::points(1));
}

#[test]
fn p3_a_bank_with_exactly_enough_works_and_one_item_less_is_named() {
    let (mut rules, mut content) = small();
    let quota = |unit: &str, difficulty, count| Quota {
        unit: unit.to_owned(),
        difficulty,
        count,
    };
    let sections = &mut rules.parts[0].sections;
    // Quotas that overlap across the grain: unit 2 whole, its sub-unit, one difficulty.
    sections[0].count = 8;
    sections[0].select = vec![quota("1", None, 4), quota("2", None, 4)];
    sections[1].count = 8;
    let c = |n: usize| ItemId::new(&format!("c{n}")).unwrap();
    let level = content.items[&c(5)].difficulty;
    sections[1].select = vec![
        quota("2", None, 2),
        quota("1", None, 4),
        quota("21", Some(level), 2),
    ];
    for n in [6, 7] {
        content.items.get_mut(&c(n)).unwrap().difficulty = level;
    }
    let papers = assemble(&rules, &content, &SEED, &hall(3)).unwrap().papers;
    assert!(papers.iter().all(|paper| ids(paper).len() == 16));
    content.items.remove(&c(7));
    let shortfall = assemble(&rules, &content, &SEED, &hall(3)).unwrap_err();
    assert_eq!(shortfall.name(), "shortfall-quota");
    assert!(
        shortfall
            .to_string()
            .starts_with("section 2 (single-choice), unit 2"),
        "{shortfall}"
    );
}

#[test]
fn p3_quotas_that_do_not_make_the_count_are_refused() {
    let (mut rules, content) = small();
    rules.parts[0].sections[1].count = 5;
    let shortfall = assemble(&rules, &content, &SEED, &hall(1)).unwrap_err();
    assert_eq!(shortfall.name(), "shortfall-count");
}

#[test]
fn p4_true_false_options_stay_and_pinned_options_keep_their_place() {
    let (rules, mut content) = small();
    for item in content.items.values_mut() {
        if let Some(last) = item.options.last_mut() {
            last.pin = true;
        }
    }
    let papers = assemble(&rules, &content, &SEED, &hall(30)).unwrap().papers;
    let mut orders = BTreeSet::new();
    for (section, item) in papers.iter().flat_map(Paper::items) {
        let order: Vec<&str> = item
            .options
            .iter()
            .map(|option| option.id.as_str())
            .collect();
        match section.kind {
            ItemKind::TrueFalse => {
                assert_eq!(order, ["true", "false"]);
                assert!(item.options.iter().all(|option| option.text.zh.is_empty()));
            }
            ItemKind::SingleChoice => {
                assert_eq!(order[3], "o4");
                orders.insert(order.join(""));
            }
        }
    }
    assert_eq!(
        orders.len(),
        6,
        "every order of the three loose options occurs"
    );
}

#[test]
fn p4_enemies_never_share_a_paper() {
    let (rules, mut content) = small();
    let name = |text: &str| ItemId::new(text).unwrap();
    // A star: whoever draws t0 loses three others; unit 1 then has only two items left, both needed.
    for enemy in ["t1", "t2"] {
        content
            .items
            .get_mut(&name("t0"))
            .unwrap()
            .enemies
            .insert(name(enemy));
    }
    let assembled = assemble(&rules, &content, &SEED, &hall(60)).unwrap();
    for paper in &assembled.papers {
        let ids = ids(paper);
        let hostile = ids.contains(&name("t1")) || ids.contains(&name("t2"));
        assert!(!(ids.contains(&name("t0")) && hostile));
    }
    for enemy in ["t0", "t1", "t2"] {
        content
            .items
            .get_mut(&name("t3"))
            .unwrap()
            .enemies
            .insert(name(enemy));
    }
    for (one, other) in [("t1", "t2"), ("t0", "t1")] {
        content
            .items
            .get_mut(&name(one))
            .unwrap()
            .enemies
            .insert(name(other));
    }
    let none = assemble(&rules, &content, &SEED, &hall(2)).unwrap_err();
    assert_eq!(none, Shortfall::Enemies { restarts: RESTARTS });
}

#[test]
fn p4_what_cannot_be_drawn_is_left_out_and_said() {
    let (rules, mut content) = small();
    let name = |text: &str| ItemId::new(text).unwrap();
    content.items.get_mut(&name("t0")).unwrap().status = crate::item::Status::Retired;
    content.items.get_mut(&name("t1")).unwrap().stem.en = None;
    let assembled = assemble(&rules, &content, &SEED, &hall(8)).unwrap();
    let left_out = &assembled.report.left_out;
    assert_eq!(left_out.get(&name("t0")), Some(&LeftOut::NotApproved));
    assert_eq!(left_out.get(&name("t1")), Some(&LeftOut::NoEnglish));
    let drawn: BTreeSet<ItemId> = assembled.papers.iter().flat_map(ids).collect();
    assert!(drawn.is_disjoint(&left_out.keys().cloned().collect()));
}

#[test]
fn p5_what_cannot_be_met_is_counted() {
    let (mut rules, content) = small();
    let assembled = assemble(&rules, &content, &SEED, &hall(2)).unwrap();
    assert_eq!(assembled.report.same_number, 0);
    assert_eq!(assembled.report.same_options, 0);
    rules.paper.draw = Draw::OneForm;
    for section in &mut rules.parts[0].sections {
        (section.shuffle_items, section.shuffle_options) = (false, false);
    }
    let assembled = assemble(&rules, &content, &SEED, &hall(2)).unwrap();
    assert_eq!(assembled.report.same_number, 8);
    assert_eq!(assembled.report.same_options, 4);
}

#[test]
fn p8_papers_too_uneven_are_refused() {
    let (mut rules, mut content) = small();
    rules.paper.spread_hundredths = 0;
    assert!(assemble(&rules, &content, &SEED, &hall(30)).is_ok());
    // One item of its own level that some forms need and others do not.
    let odd: &mut ContentItem = content.items.get_mut(&ItemId::new("t0").unwrap()).unwrap();
    odd.difficulty = 5;
    for item in content
        .items
        .values_mut()
        .filter(|item| item.difficulty != 5)
    {
        item.difficulty = 1;
    }
    let uneven = assemble(&rules, &content, &SEED, &hall(30)).unwrap_err();
    assert_eq!(uneven.name(), "shortfall-spread");
}

#[test]
fn one_form_gives_all_the_same_items_in_their_own_order() {
    let (mut rules, content) = small();
    rules.paper.draw = Draw::OneForm;
    let papers = assemble(&rules, &content, &SEED, &hall(4)).unwrap().papers;
    assert!(papers.iter().all(|paper| ids(paper) == ids(&papers[0])));
    let first = |paper: &Paper| {
        paper
            .items()
            .map(|(_, item)| item.item.clone())
            .collect::<Vec<_>>()
    };
    assert_ne!(first(&papers[0]), first(&papers[1]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn p3_counts_are_exact_quotas_met_and_no_item_twice(
        seed in any::<[u8; 32]>(),
        seats in 1_u16..20,
        first in 0_u16..=4,
        levels in prop::collection::vec(1_u8..=5, 16),
    ) {
        let (mut rules, mut content) = small();
        rules.paper.spread_hundredths = 400;
        for (item, level) in content.items.values_mut().zip(levels) {
            item.difficulty = level;
        }
        let quotas = [("1", first), ("2", 4 - first)];
        rules.parts[0].sections[0].select = quotas
            .into_iter()
            .map(|(unit, count)| Quota { unit: unit.to_owned(), difficulty: None, count })
            .collect();
        let papers = assemble(&rules, &content, &seed, &hall(seats)).unwrap().papers;
        prop_assert_eq!(papers.len(), usize::from(seats));
        for paper in &papers {
            prop_assert_eq!(ids(paper).len(), 8);
            for section in &paper.parts[0].sections {
                prop_assert_eq!(section.items.len(), 4);
            }
            let truths = &paper.parts[0].sections[0].items;
            let of_one = truths.iter().filter(|item| content.items[&item.item].unit == "1");
            prop_assert_eq!(of_one.count(), usize::from(first));
        }
        prop_assert_eq!(&papers, &assemble(&rules, &content, &seed, &hall(seats)).unwrap().papers);
    }
}
