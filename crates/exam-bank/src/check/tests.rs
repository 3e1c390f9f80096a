//! One slip, one finding: each check is shown a bank that has what it looks for.

use exam_core::{OptionId, Text};

use super::*;
use crate::item::ItemKey;
use crate::testing::small_bank;
use crate::{count_by_kind, has_errors};

/// Kinds found after `change`.
fn found(change: impl Fn(&mut Bank)) -> Vec<Kind> {
    let mut bank = small_bank();
    change(&mut bank);
    let mut kinds: Vec<Kind> = check(&bank).iter().map(|one| one.kind).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_sound_bank_has_no_findings() {
    assert_eq!(found(|_| ()), []);
}

#[test]
fn slips_of_one_item_are_found() {
    let id = |text: &str| ItemId::new(text).unwrap();
    assert_eq!(
        found(|bank| bank.items[0].unit = "9".to_owned()),
        [Kind::UnknownUnit]
    );
    assert_eq!(
        found(|bank| bank.items[0].id = id("t1")),
        [Kind::DuplicateId]
    );
    assert_eq!(
        found(|bank| bank.items[0].enemies.extend([id("x")])),
        [Kind::EnemyUnknown]
    );
    assert_eq!(
        found(|bank| bank.items[0].enemies.extend([id("t0")])),
        [Kind::EnemyUnknown]
    );
    assert_eq!(
        found(|bank| bank.items[0].enemies.extend([id("t1")])),
        [Kind::EnemyOneSided]
    );
    assert_eq!(
        found(|bank| bank.items[8].key = ItemKey::new(OptionId::new("o9").unwrap())),
        [Kind::KeyNotOption]
    );
    assert_eq!(
        found(|bank| bank.items[8].options[0].text = Text::both("投诉 办法２。", "another way")),
        [Kind::OptionsAlike]
    );
    assert_eq!(
        found(|bank| bank.items[0].stem.en = None),
        [Kind::EnglishMissing]
    );
    assert_eq!(
        found(|bank| bank.items[0].rationale.clear()),
        [Kind::UnfoundedItem]
    );
}

#[test]
fn all_of_the_above_must_be_pinned() {
    let above = |pin| {
        move |bank: &mut Bank| {
            let option = &mut bank.items[8].options[3];
            option.text = Text::both("以上都对", "none of these");
            option.pin = pin;
        }
    };
    assert_eq!(found(above(false)), [Kind::AllOfAboveUnpinned]);
    assert_eq!(found(above(true)), []);
}

#[test]
fn a_negative_question_is_emphasised() {
    let stem = |zh: &'static str, en: &'static str| {
        move |bank: &mut Bank| bank.items[8].stem = Text::both(zh, en)
    };
    let plain = "下列做法中，不符合规定的是（　　）。";
    assert_eq!(found(stem(plain, "Now?")), [Kind::NegativePlain]);
    assert_eq!(
        found(stem("下列做法中，**不**符合规定的是（　　）。", "Now?")),
        []
    );
    // A negative word in the case told before the question is no negative question.
    assert_eq!(
        found(stem("客户不满意，要求退货。客服应当（　　）。", "Now?")),
        []
    );
    let english = "Which of these is not allowed?";
    assert_eq!(
        found(stem("哪项为规定所禁止（　　）。", english)),
        [Kind::NegativePlain]
    );
}

#[test]
fn a_stem_must_not_echo_its_key() {
    let echo = |bank: &mut Bank| {
        bank.items[8].stem = Text::both("为了缩短平均处理时长，应当（　　）。", "Now?");
        bank.items[8].options[0].text = Text::both("缩短平均处理时长", "a");
    };
    assert_eq!(found(echo), [Kind::KeyEcho]);
}

#[test]
fn repeats_are_found_across_units_and_enemies_are_known() {
    let repeat = |bank: &mut Bank| bank.items[4].stem = bank.items[0].stem.clone();
    assert_eq!(found(repeat), [Kind::StemRepeated]);
    let long = "客户来电反映送货时地板被划伤并要求当天答复处理意见，应当先登记情况。";
    let near = |bank: &mut Bank| {
        bank.items[0].stem = Text::both(long, "a");
        bank.items[4].stem = Text::both(&long.replace("当天", "次日"), "b");
    };
    assert_eq!(found(near), [Kind::StemNear]);
    let known = |bank: &mut Bank| {
        near(bank);
        let (one, other) = (bank.items[0].id.clone(), bank.items[4].id.clone());
        bank.items[0].enemies.insert(other);
        bank.items[4].enemies.insert(one);
    };
    assert_eq!(found(known), []);
}

/// A bank of `count` single-choice items that differ, keyed as `key` says.
fn many(count: usize, key: impl Fn(usize) -> usize) -> Bank {
    let mut bank = small_bank();
    let pattern = bank.items[8].clone();
    bank.items.truncate(8);
    bank.exams.clear();
    bank.languages = vec![exam_core::Lang::Zh];
    for n in 0..count {
        let mut item = pattern.clone();
        item.id = ItemId::new(&format!("m{n}")).unwrap();
        item.at.line = u32::try_from(n + 1000).unwrap();
        item.stem = Text::zh(&format!("{n}{}", "甲乙丙丁".repeat(n % 3 + 1)));
        for (at, option) in item.options.iter_mut().enumerate() {
            option.text = Text::zh(&format!("{n}{at}"));
        }
        item.key = ItemKey::new(item.options[key(n)].id.clone());
        bank.items.push(item);
    }
    bank
}

#[test]
fn patterns_that_give_keys_away_are_found() {
    let has = |bank: &Bank, kind| check(bank).iter().any(|one| one.kind == kind);
    assert!(!has(&many(40, |n| n % 4), Kind::KeyPositions));
    assert!(has(
        &many(40, |n| usize::from(n % 8 == 0)),
        Kind::KeyPositions
    ));
    let mut bank = many(40, |n| n % 4);
    for item in bank.items.iter_mut().skip(8).step_by(2) {
        let key = item.key.option().clone();
        let option = item.options.iter_mut().find(|one| one.id == key).unwrap();
        option.text = Text::zh(&format!("{}而且很长", option.text.zh));
    }
    assert!(has(&bank, Kind::KeyLongest));
    let mut bank = many(0, |_| 0);
    for item in &mut bank.items {
        item.unit = "1".to_owned();
        item.key = ItemKey::of_truth(true);
    }
    assert!(has(&bank, Kind::TrueFalseBalance));
}

#[test]
fn p3_a_blueprint_that_cannot_be_served_is_an_error_and_a_thin_one_a_warning() {
    let thin = |bank: &mut Bank| {
        bank.policies.margin = 200;
        bank.items.remove(0);
    };
    assert_eq!(found(thin), [Kind::ThinMargin]);
    let short = |bank: &mut Bank| bank.items.truncate(9);
    let mut bank = small_bank();
    short(&mut bank);
    let findings = check(&bank);
    assert!(has_errors(&findings));
    assert_eq!(
        count_by_kind(&findings)[&(Level::Error, Kind::CannotServe)],
        1
    );
    let wrong = |bank: &mut Bank| {
        bank.exams[0].rules.parts[0].sections[0].select[0].unit = "7".to_owned();
    };
    assert!(found(wrong).contains(&Kind::UnknownUnit));
}
