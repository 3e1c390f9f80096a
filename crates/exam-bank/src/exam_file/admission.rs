//! Reading `[admission]`: who is let in, when, and what they undertake.

use std::collections::BTreeMap;

use exam_core::Text;
use exam_core::rules::{Admission, Identity, LateFrom, LateJudged, LateLimit, Undertaking};

use super::{minutes, only, only_empty};
use crate::canonical::Kind as DigestKind;
use crate::container::{Files, is_plain};
use crate::finding::Kind;
use crate::source::Fields;

/// The names of `admission.late_from`.
pub(crate) const LATE_FROM: [(&str, LateFrom); 2] =
    [("report", LateFrom::Report), ("start", LateFrom::Start)];
/// The names of `admission.late_limit`.
pub(crate) const LATE_LIMIT: [(&str, LateLimit); 2] =
    [("admit", LateLimit::Admit), ("refuse", LateLimit::Refuse)];
/// The names of `admission.late_judged`.
pub(crate) const LATE_JUDGED: [(&str, LateJudged); 2] = [
    ("arrival", LateJudged::Arrival),
    ("log-in", LateJudged::LogIn),
];
/// The names of `admission.identity`.
pub(crate) const IDENTITY: [(&str, Identity); 2] = [
    ("invigilator", Identity::Invigilator),
    ("none", Identity::Nobody),
];

pub(super) fn read(
    fields: &Fields<'_>,
    files: &Files,
    english: bool,
    texts: &mut BTreeMap<String, Vec<u8>>,
) -> Option<Admission> {
    let report_before = minutes(fields, "report_before", 600);
    let late_after = minutes(fields, "late_after", 600);
    let late_from = fields.one_of("late_from", &LATE_FROM, None);
    let late_limit = fields.one_of("late_limit", &LATE_LIMIT, Some(LateLimit::Admit));
    let late_judged = fields.one_of("late_judged", &LATE_JUDGED, Some(LateJudged::Arrival));
    let identity = fields.one_of("identity", &IDENTITY, None);
    read_undelivered(fields);
    let undertaking = read_undertaking(fields, files, english, texts);
    fields.done();
    Some(Admission {
        report_before: report_before?,
        late_after: late_after?,
        late_from: late_from?,
        late_limit: late_limit?,
        late_judged: late_judged?,
        identity: identity?,
        undertaking: undertaking?,
    })
}

/// Fields of which one value alone can be kept so far.
fn read_undelivered(fields: &Fields<'_>) {
    only(
        fields,
        "late_override",
        "nobody",
        "admitting after the door has closed",
    );
    if fields.truth("late_extends", false) {
        let reason = "adding the time lost by being late";
        fields.undelivered("late_extends", reason, "write late_extends = false");
    }
    only(
        fields,
        "absent",
        "at-close-of-door",
        "another time for absence",
    );
    let login: Vec<String> = fields.list("login");
    if !login.is_empty() && login != LOGIN {
        let reason = "log-in by anything but admission number and ID tail";
        let hint = "write login = [\"admission-number\", \"id-tail-6\"]";
        fields.undelivered("login", reason, hint);
    }
    only_empty(fields, "documents", "recording the kind of document seen");
}

/// How a machine finds the session, today.
const LOGIN: [&str; 2] = ["admission-number", "id-tail-6"];

fn read_undertaking(
    fields: &Fields<'_>,
    files: &Files,
    english: bool,
    texts: &mut BTreeMap<String, Vec<u8>>,
) -> Option<Undertaking> {
    let name = fields.text("undertaking")?;
    let report = |reason: String, hint: &str| {
        fields.report(Kind::BadValue, "undertaking", reason, hint);
    };
    if !is_plain(&name) || !name.ends_with(".zh.md") {
        let reason = format!("{name:?} is not the name of a Chinese text");
        report(
            reason,
            "name a file of the bank's folder such as undertaking.zh.md",
        );
        return None;
    }
    let mut load = |name: &str| {
        let bytes = files.get(name);
        let text = bytes.and_then(|bytes| String::from_utf8(bytes.clone()).ok());
        let text = text.filter(|text| is_showable(text));
        if let Some(text) = &text {
            texts.insert(name.to_owned(), text.clone().into_bytes());
        } else {
            let hint = "put it beside the exam file, in UTF-8, without control characters";
            report(format!("{name} is missing or cannot be shown"), hint);
        }
        text
    };
    let zh = load(&name)?;
    let text = if english {
        Text::both(&zh, &load(&name.replace(".zh.md", ".en.md"))?)
    } else {
        Text::zh(&zh)
    };
    Some(Undertaking {
        text,
        digest: DigestKind::Text.digest(zh.as_bytes()),
    })
}

/// Says whether a text can be put on a terminal as it is.
pub(crate) fn is_showable(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().all(|c| c == '\n' || !c.is_control())
}
