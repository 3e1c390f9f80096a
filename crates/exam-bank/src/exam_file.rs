//! Reading `exam-*.toml` into [`Rules`], with findings, and the lint of rules that contradict.
//!
//! Every field of the format is read. A value whose behaviour this version does not have is a
//! finding ([`Kind::NotDelivered`]) and never silently ignored; of such a field only the value that
//! means "nothing extra happens" is taken. What an exam looks like when signed is
//! `exam_json`'s matter.

use std::collections::BTreeMap;

use exam_core::rules::{HandInRules, Languages, LateFrom, Subject};
use exam_core::{Lang, PartNo, Rules, Span};

use crate::bank::ExamFile;
use crate::container::Files;
use crate::finding::{Finding, Kind};
use crate::source::{Fields, Source};

pub(crate) mod admission;
mod clock;
pub(crate) mod parts;

/// The names of `marks.release`.
pub(crate) use clock::{OFFLINE, RELEASE, START};

/// Reads one exam file; `files` are those of the bank's folder, for the texts it names.
pub fn read(file: &str, text: &str, files: &Files) -> (Option<ExamFile>, Vec<Finding>) {
    let source = Source::new(file, text.to_owned());
    let exam = {
        let table = source.parse();
        let fields = Fields::new(&source, &table);
        let mut texts = BTreeMap::new();
        let rules = read_rules(&fields, files, &mut texts);
        fields.done();
        rules.map(|rules| ExamFile {
            name: file.trim_end_matches(".toml").to_owned(),
            rules,
            texts,
        })
    };
    (exam, source.into_findings())
}

fn read_rules(
    fields: &Fields<'_>,
    files: &Files,
    texts: &mut BTreeMap<String, Vec<u8>>,
) -> Option<Rules> {
    fields.int("format", 1..=1);
    let (exam, title) = (fields.parsed("id"), fields.both("title"));
    let (subject, bank) = (read_subject(fields), fields.text("bank"));
    let pass = fields.decimal("pass");
    let paper = need_table(fields, "paper").and_then(|paper| parts::read_paper(&paper));
    let parts = parts::read_parts(fields);
    if let Some(clocks) = fields.table("parts") {
        only(&clocks, "clock", "one-clock", "clocks of parts");
        only(&clocks, "unused_time", "dropped", "carried time");
        clocks.done();
    }
    let languages = need_table(fields, "languages").map(|table| read_languages(&table));
    let english = languages
        .as_ref()
        .is_some_and(|languages| languages.items.contains(&Lang::En));
    let admission = need_table(fields, "admission")
        .and_then(|table| admission::read(&table, files, english, texts));
    let hand_in = need_table(fields, "hand_in").and_then(|table| read_hand_in(&table));
    let clock = need_table(fields, "clock").and_then(|table| clock::read(&table));
    clock::read_rest(fields);
    let release = need_table(fields, "marks").and_then(|table| clock::read_release(&table));
    let rules = Rules {
        exam: exam?,
        title: title?,
        subject: subject?,
        bank: bank?,
        pass: pass?,
        paper: paper?,
        parts: parts?,
        admission: admission?,
        hand_in: hand_in?,
        clock: clock?,
        languages: languages?,
        release: release?,
    };
    lint(fields, &rules);
    Some(rules)
}

/// Reads a table that must be there.
fn need_table<'s>(fields: &Fields<'s>, name: &str) -> Option<Fields<'s>> {
    fields.need(name)?;
    fields.table(name)
}

/// Takes one value of a field whose other values are not delivered; absent means the same.
fn only(fields: &Fields<'_>, name: &str, value: &str, what: &str) {
    if let Some(text) = fields.maybe_text(name)
        && text != value
    {
        let reason = format!("{what}: {name} = {text:?}");
        fields.undelivered(name, reason, format!("write {value:?}"));
    }
}

/// Takes zero of a number whose other values are not delivered; absent means the same.
fn only_zero(fields: &Fields<'_>, name: &str, what: &str) {
    if fields.int_or(name, 0..=100_000, 0) != 0 {
        fields.undelivered(name, what, format!("write {name} = 0 or leave it out"));
    }
}

/// Takes an empty list where no other is delivered; absent means the same.
fn only_empty(fields: &Fields<'_>, name: &str, what: &str) {
    if !fields.list::<String>(name).is_empty() {
        fields.undelivered(name, what, format!("write {name} = [] or leave it out"));
    }
}

/// Reads so many minutes.
fn minutes(fields: &Fields<'_>, name: &str, most: i64) -> Option<Span> {
    fields.int(name, 0..=most).map(Span::minutes)
}

fn read_subject(fields: &Fields<'_>) -> Option<Subject> {
    let table = need_table(fields, "subject")?;
    let (level, name) = (table.text("level"), table.text("name"));
    table.done();
    Some(Subject {
        level: level?,
        name: name?,
    })
}

fn read_languages(fields: &Fields<'_>) -> Languages {
    let mut items: Vec<Lang> = fields.list("items");
    if !items.contains(&Lang::Zh) {
        let hint = "write items = [\"zh\"] or [\"zh\", \"en\"]";
        fields.report(Kind::BadValue, "items", "Chinese is not among them", hint);
    }
    items.sort_unstable();
    items.dedup();
    let switch = fields.truth("switch", false);
    if switch && items.len() < 2 {
        let reason = "there is no language to change to";
        fields.report(
            Kind::BadValue,
            "switch",
            reason,
            "write false, or add a language",
        );
    }
    fields.done();
    Languages { items, switch }
}

fn read_hand_in(fields: &Fields<'_>) -> Option<HandInRules> {
    let earliest = minutes(fields, "earliest", 600);
    let locked_last = Span::minutes(fields.int_or("locked_last", 0..=600, 0));
    fields.done();
    Some(HandInRules {
        earliest: earliest?,
        locked_last,
    })
}

/// Refuses rules that contradict one another.
fn lint(fields: &Fields<'_>, rules: &Rules) {
    let from_start = match rules.admission.late_from {
        LateFrom::Report => rules.admission.late_after - rules.admission.report_before,
        LateFrom::Start => rules.admission.late_after,
    };
    let hand_in = fields.table("hand_in");
    let say = |kind, name: &str, reason: String, hint: &str| {
        if let Some(table) = &hand_in {
            table.report(kind, name, reason, hint);
        }
    };
    if rules.hand_in.earliest < from_start {
        // Whoever hands in while the door is open can tell those still outside what was asked.
        let reason = format!(
            "hand-in is allowed {} after the start, the door closes only {} after it",
            rules.hand_in.earliest, from_start
        );
        let hint = "raise hand_in.earliest, or lower admission.late_after";
        say(Kind::HandInBeforeDoor, "earliest", reason, hint);
    }
    if rules.hand_in.earliest > rules.length() || rules.hand_in.locked_last > rules.length() {
        let reason = format!("the exam lasts only {}", rules.length());
        say(Kind::BadValue, "earliest", reason, "choose less");
    }
    if rules.pass > rules.full_marks() {
        let reason = format!("the paper is worth only {}", rules.full_marks());
        fields.report(
            Kind::BadValue,
            "pass",
            reason,
            "lower pass, or raise points",
        );
    }
}

/// The part every exam of this version has.
const ONLY_PART: PartNo = PartNo(1);

#[cfg(test)]
mod tests;
