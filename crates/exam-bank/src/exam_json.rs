//! An exam as it is signed: its rules with every default written out, the digest of the manifest it
//! is about, and the digests of the texts it shows, as canonical JSON; and back.
//!
//! Spans are whole seconds, marks and the spread hundredths.

use std::collections::BTreeMap;

use exam_core::rules::{
    Admission, ClockRules, HandInRules, Languages, PaperRules, PartRules, Quota, SectionRules,
    Subject, Undertaking,
};
use exam_core::{Digest, Lang, Marks, PartNo, Rules, Span, Text};

use crate::bank::ExamFile;
use crate::canonical::{Json, Kind, Malformed, Object};
use crate::container::Files;
use crate::content::{KINDS, header};
use crate::exam_file::{OFFLINE, RELEASE, START, admission, parts};

/// Returns the canonical bytes of `exam-….json`, bound to a manifest.
pub(crate) fn bytes(exam: &ExamFile, manifest: Digest) -> Vec<u8> {
    let texts = exam.texts.iter();
    let texts = texts.map(|(name, text)| (name.clone(), Json::name(Kind::Text.digest(text))));
    Json::map([
        ("digest", Json::name(crate::canonical::ALGORITHM)),
        ("format", Json::Int(1)),
        ("kind", Json::name("exam")),
        ("manifest", Json::name(manifest)),
        ("rules", rules_json(&exam.rules, exam.texts.keys().cloned())),
        ("texts", Json::Map(texts.collect())),
    ])
    .bytes()
}

/// What an exam file says before its texts are looked at.
pub(crate) struct Signed {
    pub(crate) rules: Rules,
    pub(crate) manifest: Digest,
    pub(crate) texts: BTreeMap<String, Digest>,
}

/// Reads `exam-….json`. The undertaking's words are taken from `files`, whose digests the caller
/// compares with those in [`Signed::texts`].
pub(crate) fn read(bytes: &[u8], files: &Files) -> Result<Signed, Malformed> {
    let json = Json::parse(bytes)?;
    let object = Object::new(&json, "")?;
    header(&object, "exam")?;
    let named = object.object("texts")?;
    let texts = named
        .entries()
        .map(|(name, _)| Ok((name.to_owned(), named.parse(name)?)))
        .collect::<Result<_, Malformed>>()?;
    let rules = object.object("rules")?;
    let signed = Signed {
        rules: read_rules(&rules, files)?,
        manifest: object.parse("manifest")?,
        texts,
    };
    rules.done()?;
    object.done()?;
    Ok(signed)
}

fn seconds(span: Span) -> Json {
    Json::Int(span.0.div_euclid(1000))
}

fn name_of<T: Copy + PartialEq>(names: &[(&str, T)], value: T) -> Json {
    let found = names.iter().find(|(_, known)| *known == value);
    Json::name(found.map_or("", |(name, _)| *name))
}

fn rules_json(rules: &Rules, texts: impl Iterator<Item = String>) -> Json {
    let items = rules.languages.items.iter();
    let hand_in = Json::map([
        ("earliest", seconds(rules.hand_in.earliest)),
        ("locked-last", seconds(rules.hand_in.locked_last)),
    ]);
    let languages = Json::map([
        (
            "items",
            Json::list(items.map(|lang| Json::name(lang.tag()))),
        ),
        ("switch", Json::Bool(rules.languages.switch)),
    ]);
    let paper = Json::map([
        ("draw", name_of(&parts::DRAW, rules.paper.draw)),
        (
            "spread",
            Json::Int(i64::from(rules.paper.spread_hundredths)),
        ),
        ("unseal-before", seconds(rules.paper.unseal_before)),
    ]);
    let subject = Json::map([
        ("level", Json::text(&rules.subject.level)),
        ("name", Json::text(&rules.subject.name)),
    ]);
    Json::map([
        ("admission", admission_json(&rules.admission, texts)),
        ("bank", Json::text(&rules.bank)),
        ("clock", clock_json(&rules.clock)),
        ("hand-in", hand_in),
        ("id", Json::name(&rules.exam)),
        ("languages", languages),
        ("paper", paper),
        ("parts", Json::list(rules.parts.iter().map(part_json))),
        ("pass", Json::Int(i64::from(rules.pass.0))),
        ("release", name_of(&RELEASE, rules.release)),
        ("subject", subject),
        ("title", Json::both(&rules.title)),
    ])
}

fn admission_json(rules: &Admission, texts: impl Iterator<Item = String>) -> Json {
    Json::map([
        ("identity", name_of(&admission::IDENTITY, rules.identity)),
        ("late-after", seconds(rules.late_after)),
        ("late-from", name_of(&admission::LATE_FROM, rules.late_from)),
        (
            "late-judged",
            name_of(&admission::LATE_JUDGED, rules.late_judged),
        ),
        (
            "late-limit",
            name_of(&admission::LATE_LIMIT, rules.late_limit),
        ),
        ("report-before", seconds(rules.report_before)),
        ("undertaking", Json::list(texts.map(Json::name))),
    ])
}

fn clock_json(rules: &ClockRules) -> Json {
    Json::map([
        ("grace", seconds(rules.grace)),
        ("offline", name_of(&OFFLINE, rules.offline)),
        ("offline-max", seconds(rules.offline_max)),
        ("start", name_of(&START, rules.start)),
        ("warn", Json::list(rules.warn.iter().copied().map(seconds))),
    ])
}

fn part_json(part: &PartRules) -> Json {
    let section = |section: &SectionRules| {
        let quota = |quota: &Quota| {
            let level = quota.difficulty.map(|level| Json::Int(i64::from(level)));
            Json::map([
                ("count", Json::Int(i64::from(quota.count))),
                ("unit", Json::text(&quota.unit)),
            ])
            .with("difficulty", level)
        };
        Json::map([
            ("count", Json::Int(i64::from(section.count))),
            ("points", Json::Int(i64::from(section.points.0))),
            ("select", Json::list(section.select.iter().map(quota))),
            ("shuffle-items", Json::Bool(section.shuffle_items)),
            ("shuffle-options", Json::Bool(section.shuffle_options)),
            ("type", Json::name(section.kind.name())),
        ])
    };
    Json::map([
        ("length", seconds(part.length)),
        ("part", Json::Int(i64::from(part.part.0))),
        ("revisit", Json::Bool(part.revisit)),
        ("sections", Json::list(part.sections.iter().map(section))),
        ("title", Json::both(&part.title)),
    ])
}

fn span(object: &Object<'_>, name: &str) -> Result<Span, Malformed> {
    // A week is longer than any exam; the bound keeps sums of spans far from overflowing.
    let seconds: u32 = object.int(name)?;
    if seconds > 604_800 {
        return Err(Malformed::new(&object.at(name), "is longer than a week"));
    }
    Ok(Span::seconds(i64::from(seconds)))
}

fn read_rules(object: &Object<'_>, files: &Files) -> Result<Rules, Malformed> {
    let subject = object.object("subject")?;
    let paper = object.object("paper")?;
    let admission = object.object("admission")?;
    let hand_in = object.object("hand-in")?;
    let clock = object.object("clock")?;
    let languages = object.object("languages")?;
    let rules = Rules {
        exam: object.parse("id")?,
        title: object.both("title")?,
        subject: Subject {
            level: subject.str("level")?.to_owned(),
            name: subject.str("name")?.to_owned(),
        },
        bank: object.str("bank")?.to_owned(),
        pass: Marks(object.int("pass")?),
        paper: PaperRules {
            draw: paper.one_of("draw", &parts::DRAW)?,
            spread_hundredths: paper.int("spread")?,
            unseal_before: span(&paper, "unseal-before")?,
        },
        parts: object.objects("parts", read_part)?,
        admission: read_admission(&admission, files)?,
        hand_in: HandInRules {
            earliest: span(&hand_in, "earliest")?,
            locked_last: span(&hand_in, "locked-last")?,
        },
        clock: ClockRules {
            start: clock.one_of("start", &START)?,
            grace: span(&clock, "grace")?,
            offline: clock.one_of("offline", &OFFLINE)?,
            offline_max: span(&clock, "offline-max")?,
            warn: read_warn(&clock)?,
        },
        languages: Languages {
            items: languages.names::<Lang>("items")?,
            switch: languages.bool("switch")?,
        },
        release: object.one_of("release", &RELEASE)?,
    };
    if rules.parts.is_empty() {
        return Err(Malformed::new(&object.at("parts"), "is empty"));
    }
    for part in [&subject, &paper, &admission, &hand_in, &clock, &languages] {
        part.done()?;
    }
    Ok(rules)
}

fn read_warn(clock: &Object<'_>) -> Result<Vec<Span>, Malformed> {
    let read = |json: &Json| {
        let Json::Int(seconds) = json else {
            return Err(Malformed::new(&clock.at("warn"), "must be whole numbers"));
        };
        Ok(Span::seconds(*seconds))
    };
    clock.list("warn")?.iter().map(read).collect()
}

fn read_part(object: &Object<'_>) -> Result<PartRules, Malformed> {
    Ok(PartRules {
        part: PartNo(object.int("part")?),
        title: object.both("title")?,
        length: span(object, "length")?,
        revisit: object.bool("revisit")?,
        sections: object.objects("sections", |section| {
            Ok(SectionRules {
                kind: section.one_of("type", &KINDS)?,
                count: section.int("count")?,
                points: Marks(section.int("points")?),
                shuffle_items: section.bool("shuffle-items")?,
                shuffle_options: section.bool("shuffle-options")?,
                select: section.objects("select", |quota| {
                    let difficulty = match quota.get("difficulty") {
                        Some(_) => Some(quota.int("difficulty")?),
                        None => None,
                    };
                    Ok(Quota {
                        unit: quota.str("unit")?.to_owned(),
                        difficulty,
                        count: quota.int("count")?,
                    })
                })?,
            })
        })?,
    })
}

fn read_admission(object: &Object<'_>, files: &Files) -> Result<Admission, Malformed> {
    let at = object.at("undertaking");
    let names: Vec<String> = object.names("undertaking")?;
    let text = |ending: &str| {
        let name = names.iter().find(|name| name.ends_with(ending))?;
        str::from_utf8(files.get(name)?).ok()
    };
    let Some(zh) = text(".zh.md") else {
        return Err(Malformed::new(&at, "has no Chinese text in the package"));
    };
    let text = text(".en.md").map_or_else(|| Text::zh(zh), |en| Text::both(zh, en));
    Ok(Admission {
        report_before: span(object, "report-before")?,
        late_after: span(object, "late-after")?,
        late_from: object.one_of("late-from", &admission::LATE_FROM)?,
        late_limit: object.one_of("late-limit", &admission::LATE_LIMIT)?,
        late_judged: object.one_of("late-judged", &admission::LATE_JUDGED)?,
        identity: object.one_of("identity", &admission::IDENTITY)?,
        undertaking: Undertaking {
            text,
            digest: Kind::Text.digest(zh.as_bytes()),
        },
    })
}
