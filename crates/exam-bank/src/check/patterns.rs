//! Patterns over a whole bank that tell a candidate the key without knowing the trade.
//!
//! Small banks are left alone: a pattern needs numbers.

use std::collections::BTreeMap;

use exam_core::{ItemKind, Lang, OptionId};

use super::Report;
use crate::bank::{Bank, Policies};
use crate::finding::{Kind, Level};
use crate::item::Item;

/// Fewer single-choice items than this show no pattern.
const CHOICES_MIN: usize = 20;
/// Fewer true/false items of a unit than this show no pattern.
const TRUTHS_MIN: usize = 6;

pub(super) fn check(bank: &Bank, items: &[&Item], report: &mut Report) {
    let choices: Vec<&Item> = items
        .iter()
        .filter(|item| item.kind == ItemKind::SingleChoice)
        .copied()
        .collect();
    check_longest(bank.policies, &choices, report);
    check_positions(&choices, report);
    check_truths(bank.policies, items, report);
}

fn check_longest(policies: Policies, choices: &[&Item], report: &mut Report) {
    for lang in [Lang::Zh, Lang::En] {
        check_longest_in(lang, policies, choices, report);
    }
}

fn check_longest_in(lang: Lang, policies: Policies, choices: &[&Item], report: &mut Report) {
    let is_longest = |item: &&&Item| {
        let length = |option: &OptionId| {
            let found = item.options.iter().find(|one| one.id == *option);
            found.map_or(0, |one| one.text.get(lang).chars().count())
        };
        let key = length(item.key.option());
        let others = item
            .options
            .iter()
            .filter(|one| one.id != *item.key.option());
        others.map(|one| length(&one.id)).all(|other| other < key)
    };
    let longest = choices.iter().filter(is_longest).count();
    let allowed = usize::from(policies.key_longest);
    if choices.len() >= CHOICES_MIN && longest * 100 > choices.len() * allowed {
        let total = choices.len();
        report.about_bank(
            Level::Warning,
            Kind::KeyLongest,
            "single-choice",
            format!("the key is the one longest option in {longest} of {total} items ({lang})"),
            "shorten keys, or give distractors as much to say",
        );
    }
}

/// Chi-squared over the positions of keys as written, by number of options.
fn check_positions(choices: &[&Item], report: &mut Report) {
    let mut counts: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
    for item in choices {
        let mut ids = item.options.iter().map(|option| &option.id);
        if let Some(at) = ids.position(|id| id == item.key.option()) {
            *counts
                .entry(item.options.len())
                .or_default()
                .entry(at)
                .or_default() += 1;
        }
    }
    for (options, positions) in counts {
        let total: usize = positions.values().sum();
        let count = |at| positions.get(&at).copied().unwrap_or_default();
        // The sum of (observed - expected)² / expected, times options × total to stay whole.
        let spread: usize = (0..options)
            .map(|at| (count(at) * options).abs_diff(total).pow(2))
            .sum();
        if total >= CHOICES_MIN && spread * 10 > critical(options) * options * total {
            let shown: Vec<String> = (0..options).map(|at| count(at).to_string()).collect();
            report.about_bank(
                Level::Warning,
                Kind::KeyPositions,
                "single-choice",
                format!(
                    "keys stand at the {options} positions {} times",
                    shown.join(", ")
                ),
                "move options until the positions are about even",
            );
        }
    }
}

/// Tenths of chi-squared at one per cent, for one degree of freedom less than there are options.
const fn critical(options: usize) -> usize {
    match options {
        0..=2 => 66,
        3 => 92,
        4 => 113,
        5 => 133,
        6 => 151,
        7 => 168,
        _ => 185,
    }
}

fn check_truths(policies: Policies, items: &[&Item], report: &mut Report) {
    let mut units: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for item in items.iter().filter(|item| item.kind == ItemKind::TrueFalse) {
        let (truths, total) = units.entry(&item.unit).or_default();
        *truths += usize::from(*item.key.option() == OptionId::yes());
        *total += 1;
    }
    for (unit, (truths, total)) in units {
        let least = truths.min(total - truths);
        if total >= TRUTHS_MIN && least * 100 < total * usize::from(policies.truth_least) {
            report.about_bank(
                Level::Warning,
                Kind::TrueFalseBalance,
                &format!("unit {unit}"),
                format!("{truths} of {total} true/false items are true"),
                "make it about half and half",
            );
        }
    }
}
