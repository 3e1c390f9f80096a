//! A small bank and signers for the tests of this crate.

use std::fmt::Write as _;

use exam_core::{Place, SessionId, WallTime};

use crate::container::Files;
use crate::{Bank, Edition, NewKey, PlanRow, Release, SigningKey, Trust, read_files};

pub(crate) const NOW: WallTime = WallTime(1_795_000_000_000);

/// The files of a small bank: units 1, 2 and 21 (below 2); eight items of each kind; one exam of
/// four and four.
pub(crate) fn small_files() -> Files {
    let mut items = String::new();
    for (n, word) in WORDS.iter().enumerate() {
        let unit = if n < 4 { "1" } else { "2" };
        let (level, key) = (n % 3 + 1, n % 2 == 0);
        write!(
            items,
            "[[true-false]]\nid = \"t{n}\"\nrev = 1\nunit = \"{unit}\"\ndifficulty = {level}\n\
             status = \"approved\"\nstem = '''{word}应当如实登记。'''\nkey = {key}\n\
             rationale = \"理由{n}\"\nsource = \"通识\"\n[true-false.en]\nstem = \"Statement {n}.\"\n"
        )
        .unwrap();
    }
    for (n, word) in WORDS.iter().enumerate() {
        let unit = if n < 4 { "1" } else { "21" };
        let (level, key) = (n % 3 + 1, n % 4 + 1);
        write!(
            items,
            "[[single-choice]]\nid = \"c{n}\"\nrev = 1\nunit = \"{unit}\"\ndifficulty = {level}\n\
             status = \"approved\"\nstem = '''处理{word}时应当（　　）。'''\nkey = \"o{key}\"\n\
             rationale = \"理由{n}\"\nsource = \"通识\"\noptions = [\n"
        )
        .unwrap();
        for o in 1..=4 {
            writeln!(items, "{{ id = \"o{o}\", text = \"{word}办法{o}\" }},").unwrap();
        }
        items.push_str("]\n[single-choice.en]\nstem = \"What now?\"\noptions = [\n");
        for o in 1..=4 {
            writeln!(items, "{{ id = \"o{o}\", text = \"way {n}{o}\" }},").unwrap();
        }
        items.push_str("]\n");
    }
    let files = [
        ("bank.toml", BANK.to_owned()),
        ("items/all.toml", items),
        ("exam-small.toml", EXAM.to_owned()),
        ("undertaking.zh.md", "我承诺独立作答。\n".to_owned()),
        ("undertaking.en.md", "I work alone.\n".to_owned()),
    ];
    files
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .collect()
}

const WORDS: [&str; 8] = [
    "投诉", "工单", "录音", "合同", "回访", "报价", "排班", "培训",
];

const BANK: &str = "format = 1\nid = \"small\"\ntitle = { zh = \"小题库\" }\nowner = \"me\"\n\
    level = \"三级\"\nlanguages = [\"zh\", \"en\"]\n\
    [policies]\nmargin = 100\nnear = 60\n\
    [[unit]]\ncode = \"1\"\ntitle = { zh = \"一\" }\nweight = 50\n\
    [[unit]]\ncode = \"2\"\ntitle = { zh = \"二\" }\nweight = 50\n\
    [[unit]]\ncode = \"21\"\nparent = \"2\"\ntitle = { zh = \"二之一\" }\nweight = 50\n";

pub(crate) const EXAM: &str = r#"format = 1
id = "small-exam"
title = { zh = "小考试", en = "Small exam" }
subject = { level = "三级", name = "理论知识" }
bank = "small"
pass = 4.5
[paper]
draw = "each"
spread = 1
unseal_before = 40
[[part]]
title = { zh = "理论知识" }
minutes = 45
[[part.section]]
type = "true-false"
count = 4
points = 1
shuffle = { items = true }
select = { "1" = 2, "2" = 2 }
[[part.section]]
type = "single-choice"
count = 4
points = 1
shuffle = { items = true, options = true }
select = { "1" = 2, "2" = 2 }
[admission]
report_before = 30
late_after = 15
late_from = "report"
identity = "none"
undertaking = "undertaking.zh.md"
[hand_in]
earliest = 30
[clock]
start = "chief"
grace_seconds = 30
offline = "count"
offline_max = 30
warn_minutes = [1, 15, 5]
[languages]
items = ["zh", "en"]
[marks]
release = "at-hand-in"
"#;

pub(crate) fn small_bank() -> Bank {
    let (bank, findings) = read_files(&small_files());
    assert!(findings.is_empty(), "{findings:?}");
    bank
}

/// A person with a key that is not encrypted.
pub(crate) fn signer() -> (NewKey, SigningKey) {
    let key = NewKey::make(None).unwrap();
    let open = SigningKey::open(&key.secret_file, None).unwrap();
    (key, open)
}

pub(crate) fn edition() -> Edition {
    Edition {
        version: 3,
        label: "2026-11".to_owned(),
        previous: None,
        created: NOW,
        expires: WallTime(NOW.0 + 86_400_000),
        salt: [9; 32],
    }
}

/// A small bank, signed by the two people its trust root wants.
pub(crate) fn published() -> (Release, Trust) {
    let (one, two) = (signer(), signer());
    let signers = [
        ("li-jie", "李杰", one.0.public.clone()),
        ("wang-fang", "王芳", two.0.public.clone()),
    ];
    let trust = Trust::of_signers("small", &signers).unwrap();
    let mut release = Release::make(&small_bank(), &trust, &edition()).unwrap();
    release.sign(&one.1).unwrap();
    release.sign(&two.1).unwrap();
    (release, trust)
}

/// A hall of `count` seats in rows of six, with sessions numbered from 1.
pub(crate) fn hall(count: u16) -> Vec<PlanRow> {
    let row = |n: u16| {
        let mut id = [0; 16];
        id[14..].copy_from_slice(&(n + 1).to_be_bytes());
        PlanRow {
            session: SessionId(id),
            place: Place {
                room: 1,
                row: n / 6,
                column: n % 6,
            },
        }
    };
    (0..count).map(row).collect()
}
