//! Whether every exam of a bank can be drawn from it, and with what margin (P3).

use exam_core::Rules;
use exam_core::rules::Quota;

use super::Report;
use crate::assemble::Blueprint;
use crate::bank::{Bank, ExamFile};
use crate::content::Content;
use crate::finding::{Finding, Kind, Level};

pub(super) fn check(bank: &Bank, report: &mut Report) {
    let content = Content::of(bank);
    for exam in &bank.exams {
        check_exam(bank, &content, exam, report);
    }
}

fn check_exam(bank: &Bank, content: &Content, exam: &ExamFile, report: &mut Report) {
    let rules = &exam.rules;
    let file = format!("{}.toml", exam.name);
    let mut say = |level, kind, reason: String, hint: &str| {
        report.about_bank(level, kind, rules.exam.as_str(), reason, hint);
        if let Some(Finding { file: place, .. }) = report.0.last_mut() {
            place.clone_from(&file);
        }
    };
    if rules.bank != bank.id {
        let reason = format!("it draws from bank {:?}, this is {:?}", rules.bank, bank.id);
        say(Level::Error, Kind::CannotServe, reason, "name this bank");
    }
    for lang in &rules.languages.items {
        if !bank.languages.contains(lang) {
            let reason = format!("the bank has no items in {lang}");
            say(
                Level::Error,
                Kind::EnglishMissing,
                reason,
                "take the language out",
            );
        }
    }
    for quota in quotas(rules).filter(|quota| !bank.units.0.contains_key(&quota.unit)) {
        let reason = format!("unit {:?} is not in bank.toml", quota.unit);
        say(
            Level::Error,
            Kind::UnknownUnit,
            reason,
            "name a unit of the bank",
        );
    }
    let blueprint = Blueprint::new(rules, content);
    if let Some(shortfall) = blueprint.shortfall() {
        let hint = "write more items, or ask for fewer";
        say(Level::Error, Kind::CannotServe, shortfall.to_string(), hint);
        return;
    }
    for (quota, available) in blueprint.available() {
        let wanted = usize::from(quota.count);
        if available * 100 < wanted * usize::from(bank.policies.margin) {
            let unit = &quota.unit;
            let reason = format!("unit {unit}: {available} items for a quota of {wanted}");
            say(
                Level::Warning,
                Kind::ThinMargin,
                reason,
                "write more items for this unit",
            );
        }
    }
}

fn quotas(rules: &Rules) -> impl Iterator<Item = &Quota> {
    let sections = rules.parts.iter().flat_map(|part| &part.sections);
    sections.flat_map(|section| &section.select)
}
