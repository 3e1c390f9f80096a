//! Reading a bank from its folder of TOML files, every finding at once.
//!
//! It reads and types; whether the bank is any good is [`mod@crate::check`]'s matter. An item that
//! cannot be read is a finding and is left out, and a bank with such findings is never published.

use std::collections::BTreeMap;
use std::path::Path;

use exam_core::{Lang, Text};

use crate::bank::{Bank, Policies, Unit, Units};
use crate::container::Files;
use crate::exam_file;
use crate::finding::{Finding, Kind, Level};
use crate::trust::Trust;

mod fields;
mod items;

pub(crate) use fields::{Fields, Source};

/// Reads the bank in `folder`.
///
/// The bank is always returned: what could not be read is missing from it and among the findings.
pub fn read_bank(folder: &Path) -> (Bank, Vec<Finding>) {
    let mut files = Files::new();
    let mut findings = Vec::new();
    for (under, inside) in [("", folder.to_owned()), ("items/", folder.join("items"))] {
        let names = std::fs::read_dir(&inside).map(|entries| {
            let names = entries
                .filter_map(Result::ok)
                .map(|entry| entry.file_name());
            names.filter_map(|name| name.into_string().ok()).collect()
        });
        let names: Vec<String> = names.unwrap_or_else(|error| {
            findings.push(unreadable(under, &error.to_string()));
            Vec::new()
        });
        for name in names.into_iter().filter(|name| is_ours(under, name)) {
            match std::fs::read(inside.join(&name)) {
                Ok(bytes) => drop(files.insert(format!("{under}{name}"), bytes)),
                Err(error) => findings.push(unreadable(&name, &error.to_string())),
            }
        }
    }
    let (mut bank, mut found) = read_files(&files);
    bank.flaws += findings.len();
    findings.append(&mut found);
    (bank, findings)
}

/// Reads a bank out of files already in memory, by their path inside the folder.
pub fn read_files(files: &Files) -> (Bank, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut bank = match text(files, "bank.toml", &mut findings) {
        Some(text) => read_head(text, &mut findings),
        None => empty(),
    };
    for name in files.keys().filter(|name| name.starts_with("items/")) {
        if let Some(text) = text(files, name, &mut findings) {
            bank.items
                .append(&mut items::read(name, text, &mut findings));
        }
    }
    if files.contains_key("trust.toml")
        && let Some(text) = text(files, "trust.toml", &mut findings)
    {
        let (trust, mut found) = Trust::read("trust.toml", text);
        bank.trust = trust;
        findings.append(&mut found);
    }
    for name in files.keys().filter(|name| is_exam(name)) {
        if let Some(text) = text(files, name, &mut findings) {
            let (exam, mut found) = exam_file::read(name, text, files);
            bank.exams.extend(exam);
            findings.append(&mut found);
        }
    }
    findings.sort();
    let errors = findings.iter().filter(|one| one.level == Level::Error);
    bank.flaws = errors.count();
    (bank, findings)
}

fn is_ours(under: &str, name: &str) -> bool {
    let ends = |ending| name.strip_suffix(ending).is_some();
    match under {
        "" => name == "bank.toml" || name == "trust.toml" || is_exam(name) || ends(".md"),
        _ => ends(".toml"),
    }
}

fn is_exam(name: &str) -> bool {
    name.starts_with("exam-") && name.strip_suffix(".toml").is_some()
}

fn text<'f>(files: &'f Files, name: &str, findings: &mut Vec<Finding>) -> Option<&'f str> {
    let read = match files.get(name) {
        Some(bytes) => str::from_utf8(bytes).map_err(|error| error.to_string()),
        None => Err("the file is missing".to_owned()),
    };
    read.map_err(|why| findings.push(unreadable(name, &why)))
        .ok()
}

fn unreadable(file: &str, why: &str) -> Finding {
    Finding {
        file: if file.is_empty() { "." } else { file }.to_owned(),
        line: 0,
        level: Level::Error,
        kind: Kind::Unreadable,
        subject: None,
        reason: format!("could not read it: {why}"),
        hint: "a bank is a folder with bank.toml and items/*.toml in UTF-8".to_owned(),
    }
}

fn empty() -> Bank {
    Bank {
        id: String::new(),
        title: Text::zh(""),
        owner: String::new(),
        level: String::new(),
        languages: vec![Lang::Zh],
        units: Units::default(),
        policies: Policies::default(),
        items: Vec::new(),
        exams: Vec::new(),
        trust: None,
        flaws: 0,
    }
}

fn read_head(text: &str, findings: &mut Vec<Finding>) -> Bank {
    let source = Source::new("bank.toml", text.to_owned());
    let mut bank = empty();
    {
        let table = source.parse();
        let fields = Fields::new(&source, &table);
        fields.int("format", 1..=1);
        bank.id = fields.text("id").unwrap_or_default();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !bank.id.chars().all(plain) || bank.id.len() > 40 {
            let hint = "1 to 40 of a-z, 0-9 and -";
            fields.report(Kind::BadValue, "id", "this is no bank id", hint);
        }
        bank.title = fields.both("title").unwrap_or_else(|| Text::zh(""));
        bank.owner = fields.text("owner").unwrap_or_default();
        bank.level = fields.text("level").unwrap_or_default();
        bank.languages = fields.list("languages");
        if !bank.languages.contains(&Lang::Zh) {
            let hint = "write languages = [\"zh\"] or [\"zh\", \"en\"]";
            fields.report(
                Kind::BadValue,
                "languages",
                "Chinese is not among them",
                hint,
            );
        }
        bank.units = read_units(&fields);
        if let Some(policies) = fields.table("policies") {
            bank.policies = read_policies(&policies);
        }
        fields.done();
    }
    findings.append(&mut source.into_findings());
    bank
}

fn read_units(fields: &Fields<'_>) -> Units {
    let mut units = BTreeMap::new();
    let mut parents = Vec::new();
    for unit in fields.tables("unit") {
        let (code, title) = (unit.text("code"), unit.both("title"));
        let parent = unit.maybe_text("parent");
        let weight = unit.int("weight", 0..=100).unwrap_or_default();
        let weight = u8::try_from(weight).unwrap_or_default();
        unit.done();
        let (Some(code), Some(title)) = (code, title) else {
            continue;
        };
        let entry = Unit {
            parent: parent.clone(),
            title,
            weight,
        };
        if units.insert(code.clone(), entry).is_some() {
            let reason = format!("unit {code:?} is there twice");
            unit.report(Kind::DuplicateId, "code", reason, "give it another code");
        }
        parents.extend(parent.map(|parent| (unit, code, parent)));
    }
    let units = Units(units);
    for (unit, code, parent) in parents {
        // A parent that lies below its own child closes a circle.
        if !units.0.contains_key(&parent) || units.covers(&code, &parent) {
            let reason = format!("unit {code:?} cannot belong to {parent:?}");
            unit.report(Kind::UnknownUnit, "parent", reason, "name a unit above it");
        }
    }
    units
}

fn read_policies(fields: &Fields<'_>) -> Policies {
    let absent = Policies::default();
    let percent = |name: &str, absent: u8| {
        let value = fields.int_or(name, 0..=100, i64::from(absent));
        u8::try_from(value).unwrap_or(absent)
    };
    let policies = Policies {
        key_longest: percent("key_longest", absent.key_longest),
        truth_least: percent("truth_least", absent.truth_least),
        margin: u16::try_from(fields.int_or("margin", 100..=10_000, i64::from(absent.margin)))
            .unwrap_or(absent.margin),
        near: percent("near", absent.near),
    };
    fields.done();
    policies
}

#[cfg(test)]
mod tests;
