//! Judging a bank: every finding at once, errors (which stop publishing) and warnings.
//!
//! It judges what reading has typed, and changes nothing.

use std::collections::BTreeMap;

use exam_core::ItemId;

use crate::bank::Bank;
use crate::finding::{Finding, Kind, Level};
use crate::item::{At, Item, Status};

mod items;
mod patterns;
mod repeats;
mod serve;

/// Checks a bank, and returns every finding, sorted by file and line.
pub fn check(bank: &Bank) -> Vec<Finding> {
    let mut report = Report::default();
    let published: Vec<&Item> = bank
        .items
        .iter()
        .filter(|item| item.status == Status::Approved)
        .collect();
    items::check(bank, &mut report);
    repeats::check(bank, &mut report);
    patterns::check(bank, &published, &mut report);
    serve::check(bank, &mut report);
    report.0.sort();
    report.0
}

/// The findings of a check, as they come.
#[derive(Debug, Default)]
struct Report(Vec<Finding>);

impl Report {
    fn error(&mut self, kind: Kind, item: &Item, reason: impl Into<String>, hint: &str) {
        let finding = finding(Level::Error, kind, Some(&item.at), reason.into(), hint);
        self.0.push(finding.about(&item.id));
    }

    fn warn(&mut self, kind: Kind, item: &Item, reason: impl Into<String>, hint: &str) {
        let finding = finding(Level::Warning, kind, Some(&item.at), reason.into(), hint);
        self.0.push(finding.about(&item.id));
    }

    fn about_bank(
        &mut self,
        level: Level,
        kind: Kind,
        subject: &str,
        reason: impl Into<String>,
        hint: &str,
    ) {
        let finding = finding(level, kind, None, reason.into(), hint);
        self.0.push(finding.about(subject));
    }
}

fn finding(level: Level, kind: Kind, at: Option<&At>, reason: String, hint: &str) -> Finding {
    Finding {
        file: at.map_or_else(|| "bank.toml".to_owned(), |at| at.file.to_string()),
        line: at.map_or(0, |at| at.line),
        level,
        kind,
        subject: None,
        reason,
        hint: hint.to_owned(),
    }
}

/// Every item by its id; of two with one id the first.
fn by_id(bank: &Bank) -> BTreeMap<&ItemId, &Item> {
    let mut map = BTreeMap::new();
    for item in &bank.items {
        map.entry(&item.id).or_insert(item);
    }
    map
}

#[cfg(test)]
mod tests;
