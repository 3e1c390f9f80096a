//! Checks of one item, and of what it says about others.

use std::collections::BTreeSet;

use exam_core::{ItemKind, Lang, Text};

use super::{Report, by_id};
use crate::bank::Bank;
use crate::finding::Kind;
use crate::fold::fold;
use crate::item::{Item, Status};

/// Words for "all (or none) of the others": such an option makes sense only in its place.
const OF_THE_OTHERS: [&str; 14] = [
    "以上都",
    "以上均",
    "以上全",
    "上述都",
    "上述均",
    "前三项",
    "以上选项",
    "三项都",
    "其余各项",
    "alloftheabove",
    "noneoftheabove",
    "alloftheseabove",
    "allthreeofthe",
    "boththeabove",
];

/// Chinese words that turn a question round.
const TURNED: [&str; 13] = [
    "不正确",
    "不属于",
    "不包括",
    "不应",
    "不宜",
    "不符合",
    "不能",
    "不是",
    "错误的是",
    "除外",
    "不恰当",
    "不妥",
    "不合",
];

/// English words that turn a question round, each as a whole word.
const TURNED_EN: [&str; 5] = ["not", "except", "least", "incorrect", "wrong"];

pub(super) fn check(bank: &Bank, report: &mut Report) {
    let known = by_id(bank);
    for item in &bank.items {
        if known.get(&item.id).is_some_and(|first| first.at != item.at) {
            let reason = "this id is used by another item";
            report.error(
                Kind::DuplicateId,
                item,
                reason,
                "give the newer one another id",
            );
        }
        if !bank.units.0.contains_key(&item.unit) {
            let codes: Vec<&str> = bank.units.codes().collect();
            let hint = format!("use one of {}", codes.join(", "));
            let reason = format!("unit {:?} is not in bank.toml", item.unit);
            report.error(Kind::UnknownUnit, item, reason, &hint);
        }
        check_enemies(item, &known, report);
        check_options(item, report);
        check_words(item, report);
        check_english(bank, item, report);
        if item.rationale.is_empty() || item.source.is_empty() {
            let reason = "there is no rationale, or no source";
            report.warn(
                Kind::UnfoundedItem,
                item,
                reason,
                "say why the key is right",
            );
        }
    }
}

fn check_enemies(
    item: &Item,
    known: &std::collections::BTreeMap<&exam_core::ItemId, &Item>,
    report: &mut Report,
) {
    for enemy in &item.enemies {
        match known.get(enemy) {
            None => {
                let reason = format!("its enemy {enemy} does not exist");
                report.error(Kind::EnemyUnknown, item, reason, "take it out of enemies");
            }
            Some(other) if other.id == item.id => {
                let reason = "it is its own enemy";
                report.error(Kind::EnemyUnknown, item, reason, "take it out of enemies");
            }
            Some(other) if !other.enemies.contains(&item.id) => {
                let reason = format!("its enemy {enemy} does not name it in turn");
                let hint = format!("add \"{}\" to the enemies of {enemy}", item.id);
                report.error(Kind::EnemyOneSided, item, reason, &hint);
            }
            Some(_) => {}
        }
    }
}

fn check_options(item: &Item, report: &mut Report) {
    if item.kind == ItemKind::TrueFalse {
        return;
    }
    let ids: BTreeSet<_> = item.options.iter().map(|option| &option.id).collect();
    if ids.len() != item.options.len() {
        let reason = "two options have one id";
        report.error(Kind::DuplicateId, item, reason, "number them anew");
    }
    if !ids.contains(item.key.option()) {
        let reason = "the key names no option";
        report.error(
            Kind::KeyNotOption,
            item,
            reason,
            "name the id of the right option",
        );
    }
    for lang in [Lang::Zh, Lang::En] {
        let texts: BTreeSet<String> = item
            .options
            .iter()
            .map(|option| same_words(option.text.get(lang)))
            .collect();
        if texts.len() != item.options.len() {
            let reason = format!("two options are the same ({lang})");
            report.error(Kind::OptionsAlike, item, reason, "make each option its own");
        }
    }
    for option in item.options.iter().filter(|option| !option.pin) {
        let both = [Some(&option.text.zh), option.text.en.as_ref()];
        let folded = both.into_iter().flatten().map(|text| fold(text));
        if folded
            .into_iter()
            .any(|text| OF_THE_OTHERS.iter().any(|words| text.contains(words)))
        {
            let reason = format!(
                "option {} speaks of the others and may be shuffled",
                option.id
            );
            report.error(
                Kind::AllOfAboveUnpinned,
                item,
                reason,
                "write pin = true, or reword it",
            );
        }
    }
}

/// Folds an option; where folding leaves nothing (signs such as + and -) it stays as it is.
fn same_words(text: &str) -> String {
    let folded = fold(text);
    // Folding drops signs, and -5 % is not 5 %.
    let signs: String = text
        .chars()
        .filter(|c| "+-−<>≤≥=×÷/%.".contains(*c))
        .collect();
    format!("{folded}{signs}")
}

/// Negative wording, and a stem that gives its answer away.
fn check_words(item: &Item, report: &mut Report) {
    if item.kind == ItemKind::SingleChoice {
        let plain_zh = turned_zh(&item.stem.zh);
        let plain_en = item.stem.en.as_deref().and_then(turned_en);
        if let Some(word) = plain_zh.or(plain_en) {
            let reason = format!("the question turns on {word:?}, which is not emphasised");
            report.warn(Kind::NegativePlain, item, reason, "write **…** around it");
        }
    }
    let key = item
        .options
        .iter()
        .find(|option| option.id == *item.key.option());
    if let Some(key) = key {
        let others = item.options.iter().filter(|option| option.id != key.id);
        let shared = echo(&item.stem, &key.text);
        let best = others.map(|other| echo(&item.stem, &other.text)).max();
        // Six characters of the stem in the key and hardly any in the best distractor.
        if shared >= 6 && best.unwrap_or_default() * 2 <= shared {
            let reason = "the key repeats words of the stem that no other option has";
            report.warn(
                Kind::KeyEcho,
                item,
                reason,
                "reword the key, or let a distractor share it",
            );
        }
    }
}

/// Returns how many characters of the stem stand in a row in the option (Chinese).
fn echo(stem: &Text, option: &Text) -> usize {
    let (stem, option) = (fold(&stem.zh), fold(&option.zh));
    let option: Vec<char> = option.chars().collect();
    (1..=option.len())
        .rev()
        .find(|n| {
            let mut runs = option.windows(*n).map(String::from_iter);
            runs.any(|run| stem.contains(&run))
        })
        .unwrap_or_default()
}

/// Returns a turning word of the question's last clause that bears no emphasis.
fn turned_zh(stem: &str) -> Option<&'static str> {
    let plain = without_emphasis(stem);
    let ends = ['，', '。', '；', '？', '：'];
    let asked = plain.trim_end_matches(|c: char| ends.contains(&c) || "（）()　 ".contains(c));
    let clause = asked.rsplit(ends).next().unwrap_or_default();
    TURNED.into_iter().find(|word| clause.contains(word))
}

/// Returns a turning word of an English question ("which … not") that bears no emphasis.
fn turned_en(stem: &str) -> Option<&'static str> {
    let plain = without_emphasis(stem).to_lowercase();
    let question = plain.rsplit(". ").next().unwrap_or_default();
    let (_, asked) = question.split_once("which")?;
    let words: BTreeSet<&str> = asked.split(|c: char| !c.is_alphanumeric()).collect();
    TURNED_EN.into_iter().find(|word| words.contains(word))
}

/// Returns a text without what stands between `**` and `**`.
fn without_emphasis(text: &str) -> String {
    text.split("**").step_by(2).collect::<Vec<_>>().join("…")
}

fn check_english(bank: &Bank, item: &Item, report: &mut Report) {
    if !bank.languages.contains(&Lang::En) || item.status == Status::Draft {
        return;
    }
    let options = item.options.iter().all(|option| option.text.en.is_some());
    if item.stem.en.is_none() || !options {
        let reason = "the bank promises English, and this item has none";
        report.error(
            Kind::EnglishMissing,
            item,
            reason,
            "add [….en] with stem and options",
        );
    }
}
