//! The catalogues against each other, against the core's ids and against the design's exact words.

use exam_text::{Args, Lang, has, ids, say, trouble};
use std::collections::{BTreeMap, BTreeSet};

const SOURCES: [(&str, &str); 5] = [
    (
        include_str!("../ftl/zh/state.ftl"),
        include_str!("../ftl/en/state.ftl"),
    ),
    (
        include_str!("../ftl/zh/refusal.ftl"),
        include_str!("../ftl/en/refusal.ftl"),
    ),
    (
        include_str!("../ftl/zh/kiosk.ftl"),
        include_str!("../ftl/en/kiosk.ftl"),
    ),
    (
        include_str!("../ftl/zh/keys.ftl"),
        include_str!("../ftl/en/keys.ftl"),
    ),
    (
        include_str!("../ftl/zh/command.ftl"),
        include_str!("../ftl/en/command.ftl"),
    ),
];

/// Returns each message or attribute of a source with the names of its arguments.
fn arguments(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut current) = (String::new(), String::new());
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((head, _)) = line.split_once(" =") {
            if let Some(attribute) = head.trim_start().strip_prefix('.') {
                current = format!("{message}.{attribute}");
            } else {
                head.clone_into(&mut message);
                head.clone_into(&mut current);
            }
            found.entry(current.clone()).or_default();
        }
        for rest in line.split('$').skip(1) {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            found
                .entry(current.clone())
                .or_default()
                .insert(rest[..end].to_owned());
        }
    }
    found
}

#[test]
fn both_languages_hold_the_same_ids_and_arguments() {
    for (zh, en) in SOURCES {
        assert_eq!(arguments(zh), arguments(en));
    }
    assert_eq!(ids(Lang::Zh), ids(Lang::En));
    assert!(ids(Lang::Zh).len() > 250);
}

#[test]
fn every_message_is_whole_when_its_arguments_are_given() {
    for (zh, en) in SOURCES {
        for (source, lang) in [(zh, Lang::Zh), (en, Lang::En)] {
            for (id, names) in arguments(source) {
                let args = names
                    .iter()
                    .fold(Args::new(), |args, name| args.count(name, 7));
                let words = say(&id, &args, lang);
                assert!(
                    !words.contains(['{', '}', '⟨', '$']),
                    "{id} {lang:?}: {words}"
                );
                assert!(!words.trim().is_empty(), "{id} {lang:?} is empty");
                assert!(
                    !words.contains('\n'),
                    "{id} {lang:?} has a line break: {words}"
                );
                assert!(names.is_empty() || words.contains('7') || id == "refusal-already-ended");
            }
        }
    }
}

#[test]
fn every_refusal_state_and_end_of_the_core_has_words() {
    let core = [
        include_str!("../../exam-core/src/refusal.rs"),
        include_str!("../../exam-core/src/view.rs"),
    ];
    let mut wanted: Vec<String> = Vec::new();
    for literal in core
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2))
    {
        let prefix = literal.ends_with('-');
        if !prefix && (literal.starts_with("refusal-") || literal.starts_with("state-")) {
            wanted.push(literal.to_owned());
        }
    }
    assert!(
        wanted.len() > 40,
        "the core's ids were not found: {}",
        wanted.len()
    );
    wanted.extend(["end-handed-in", "end-time-up", "end-absent"].map(str::to_owned));
    for id in &wanted {
        for lang in Lang::ALL {
            assert!(has(id, lang), "{id} has no words in {lang:?}");
        }
    }
    // And nothing is kept for a refusal that no longer exists.
    for id in ids(Lang::Zh) {
        let cores = id.starts_with("refusal-") || id.starts_with("state-");
        assert!(!cores || wanted.contains(&id), "{id} is no id of the core");
    }
}

#[test]
fn refusals_use_only_arguments_the_core_gives() {
    let core = include_str!("../../exam-core/src/refusal.rs");
    let (_, arms) = core.split_once("pub fn args").unwrap();
    let given: BTreeSet<&str> = arms.split('"').skip(1).step_by(2).collect();
    for (id, names) in arguments(SOURCES[1].0) {
        for name in &names {
            assert!(
                given.contains(name.as_str()),
                "{id} uses ${name}, which the core never gives"
            );
        }
    }
}

#[test]
fn every_fault_says_what_happened_whether_work_is_safe_and_what_to_do() {
    let faults: Vec<String> = ids(Lang::Zh)
        .into_iter()
        .filter(|id| {
            id.starts_with("fault-") && !id.contains('.') && !id.starts_with("fault-label")
        })
        .collect();
    assert!(faults.len() > 15);
    for id in faults {
        for lang in Lang::ALL {
            let trouble = trouble(&id, &Args::new(), lang);
            for part in [&trouble.what, &trouble.safe, &trouble.remedy] {
                assert!(!part.contains('⟨'), "{id} {lang:?}: {part}");
                assert!(
                    part.ends_with(['.', '。']),
                    "{id} {lang:?} is no sentence: {part}"
                );
            }
        }
    }
}

/// Glyphs whose width terminals disagree on must not stand in the words of the screens, but for
/// the two marks of true/false, which the pen pads.
#[test]
fn words_use_no_glyph_of_doubtful_width() {
    for lang in Lang::ALL {
        for id in ids(lang) {
            let words = say(&id, &Args::new(), lang);
            let bad: Vec<char> = words
                .chars()
                .filter(|c| "“”‘’…—·■□●○★→←↑↓│─①".contains(*c))
                .collect();
            assert!(bad.is_empty(), "{id} {lang:?} has {bad:?}: {words}");
            let marks = words.contains(['√', '×']);
            assert_eq!(
                marks,
                id == "question-true" || id == "question-false",
                "{id}: {words}"
            );
        }
    }
}

#[test]
fn the_candidate_reads_the_exact_words_of_the_design() {
    let seat = |args: Args<'static>| args.text("seat", "A-07").text("time", "13:30");
    let check = |id: &str, args: Args<'_>, words: &str| assert_eq!(say(id, &args, Lang::Zh), words);
    check(
        "kiosk-idle",
        seat(Args::new()),
        "考位 A-07　自检正常　13:30 开放登录。请按桌贴就座，请勿按键。",
    );
    check(
        "kiosk-late",
        Args::new()
            .count("late", 8)
            .count("left", 37)
            .text("time", "14:45"),
        "你迟到 8 分钟，按规定不补时：可用 37 分钟，14:45 结束。按 Enter 开始。",
    );
    check(
        "refusal-no-match",
        Args::new().count("tries", 3),
        "没有查到匹配的考生，请核对后重新输入（还可输入 3 次）。如仍查不到，请举手。",
    );
    check(
        "refusal-wrong-seat",
        Args::new().text("yours", "C-03").text("here", "A-07"),
        "你的考位是 C-03，本机是 A-07。请举手，不要自行换位。",
    );
    check(
        "kiosk-hand-in-early",
        Args::new()
            .text("time", "14:30")
            .text("wait", exam_text::span(750_000, Lang::Zh)),
        "14:30 起可以交卷，还有 12分30秒。可继续作答和检查。",
    );
    check(
        "kiosk-part-changes",
        Args::new()
            .count("ended", 1)
            .count("next", 2)
            .text("title", "客户服务提供")
            .count("minutes", 15)
            .count("seconds", 20),
        "第1单元已结束，不能返回。第2单元「客户服务提供」15分钟，按 Enter 开始（20秒后自动开始）。",
    );
    check(
        "answer-waiting",
        Args::new().count("count", 3),
        "本机已存，待上传 3",
    );
    check(
        "answer-saved",
        Args::new().text("time", "14:05:29"),
        "已保存 14:05:29",
    );
    check("answer-chosen", Args::new(), "已选");
    check(
        "refusal-already-ended",
        Args::new()
            .text("end", "handed-in")
            .text("time", "14:43:17"),
        "考试已经结束（本人交卷，14:43:17）。",
    );
}

#[test]
fn no_message_carries_marks_of_isolation() {
    let args = Args::new().text("seat", "A-07").text("time", "13:30");
    for lang in Lang::ALL {
        let words = say("kiosk-idle", &args, lang);
        assert!(!words.contains(['\u{2068}', '\u{2069}']));
    }
}
