//! A second opinion: marks a sitting again from nothing but the JSON export.
//!
//! It shares no code with the program, so that the two can disagree. It believes the responses,
//! the keys and the points of the export, and recomputes every number that follows from them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What this marker makes of one candidate; no marks for who has no paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Number of the admission ticket.
    pub(crate) candidate: String,
    /// Hundredths of a point, and whether that passes.
    pub(crate) marks: Option<(i64, bool)>,
}

/// Sums over one paper.
#[derive(Default)]
struct Sums<'a> {
    total: i64,
    without_offline: i64,
    of: i64,
    answered: i64,
    items: BTreeSet<&'a str>,
    units: BTreeMap<&'a str, (i64, i64)>,
}

/// Marks every session of `export`, and lists where the export says something else.
pub(crate) fn mark(export: &Value) -> (Vec<Verdict>, Vec<String>) {
    let mut wrong = Vec::new();
    differs(&mut wrong, "the format", 1, &export["format"]);
    let mut verdicts = Vec::new();
    for session in list(&export["sessions"]) {
        let candidate = session["candidate"].as_str().unwrap_or("?").to_owned();
        let mut found = Vec::new();
        let marks = mark_session(export, session, &mut found);
        wrong.extend(found.into_iter().map(|what| format!("{candidate}: {what}")));
        verdicts.push(Verdict { candidate, marks });
    }
    (verdicts, wrong)
}

fn mark_session(e: &Value, session: &Value, wrong: &mut Vec<String>) -> Option<(i64, bool)> {
    let paper = &session["paper"];
    let marked = session["end"] == "handed-in" || session["end"] == "time-up";
    if marked != paper.is_object() {
        wrong.push(format!("a paper after the end {}", session["end"]));
    }
    let sections = paper.as_object().map(|paper| list(&paper["sections"]))?;
    let mut sums = Sums::default();
    for (index, section) in sections.iter().enumerate() {
        let by_rules = &e["exam"]["sections"][index]["points"];
        differs(
            wrong,
            "points by the rules",
            number(&section["points"]),
            by_rules,
        );
        mark_section(e, section, &mut sums, wrong);
    }
    let passed = sums.total >= number(&e["exam"]["pass"]);
    if paper["passed"] != passed {
        wrong.push(format!("passed is {passed}"));
    }
    differs(wrong, "total", sums.total, &paper["total"]);
    let without = &paper["total_without_offline"];
    differs(
        wrong,
        "total without offline",
        sums.without_offline,
        without,
    );
    differs(wrong, "answered", sums.answered, &paper["answered"]);
    differs(wrong, "full marks", sums.of, &paper["of"]);
    differs(
        wrong,
        "full marks by the rules",
        sums.of,
        &e["exam"]["full"],
    );
    let units = paper["units"].as_object().map_or(0, serde_json::Map::len);
    if units != sums.units.len() {
        wrong.push(format!("{units} units"));
    }
    for (unit, (marks, of)) in sums.units {
        differs(wrong, unit, marks, &paper["units"][unit]["marks"]);
        differs(wrong, unit, of, &paper["units"][unit]["of"]);
    }
    Some((sums.total, passed))
}

fn mark_section<'a>(e: &'a Value, s: &'a Value, sums: &mut Sums<'a>, wrong: &mut Vec<String>) {
    let points = number(&s["points"]);
    let (mut marks, mut of) = (0, 0);
    for item in list(&s["items"]) {
        let name = item["item"].as_str().unwrap_or("?");
        let (Some(key), Some(unit)) = (e["keys"][name].as_str(), e["units"][name].as_str()) else {
            wrong.push(format!("no key or unit for {name}"));
            continue;
        };
        if !sums.items.insert(name) {
            wrong.push(format!("{name} is there twice"));
        }
        let earned = |chosen: &Value| if chosen == key { points } else { 0 };
        let earned_now = earned(&item["chosen"]);
        differs(wrong, name, earned_now, &item["marks"]);
        (marks, of) = (marks + earned_now, of + points);
        sums.without_offline += earned(&item["chosen_without_offline"]);
        sums.answered += i64::from(item["chosen"].is_string());
        let in_unit = sums.units.entry(unit).or_default();
        *in_unit = (in_unit.0 + earned_now, in_unit.1 + points);
    }
    differs(wrong, "section", marks, &s["marks"]);
    differs(wrong, "full marks of the section", of, &s["of"]);
    (sums.total, sums.of) = (sums.total + marks, sums.of + of);
}

fn differs(wrong: &mut Vec<String>, what: &str, ours: i64, theirs: &Value) {
    if theirs.as_i64() != Some(ours) {
        wrong.push(format!("{what} is {ours}, not {theirs}"));
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or(-1)
}
