//! Reading `items/*.toml`: `[[true-false]]` and `[[single-choice]]` tables.
//!
//! It types one item at a time and compares none with another.

use std::collections::BTreeMap;

use exam_core::{ItemId, ItemKind, OptionId, Text};

use super::{Fields, Source};
use crate::finding::{Finding, Kind};
use crate::item::{Item, ItemKey, ItemOption, Status};

/// Kinds of items that are known to the trade and not to this version.
const LATER: [&str; 4] = [
    "multiple-choice",
    "short-answer",
    "case-analysis",
    "fill-in",
];

/// Reads one file.
pub(super) fn read(file: &str, text: &str, findings: &mut Vec<Finding>) -> Vec<Item> {
    let source = Source::new(file, text.to_owned());
    let mut items = Vec::new();
    {
        let table = source.parse();
        let fields = Fields::new(&source, &table);
        for kind in [ItemKind::TrueFalse, ItemKind::SingleChoice] {
            let tables = fields.tables(kind.name());
            items.extend(tables.iter().filter_map(|fields| read_item(fields, kind)));
        }
        for kind in LATER.iter().filter(|kind| fields.has(kind)) {
            let hint = "keep these items in a folder of their own until then";
            fields.undelivered(kind, format!("items of the kind {kind}"), hint);
        }
        fields.done();
    }
    // Each file's own order is the order of its lines, whatever the kind.
    items.sort_by_key(|item| item.at.line);
    for finding in source.into_findings() {
        let owner = items.iter().rfind(|item| item.at.line <= finding.line);
        findings.push(match owner {
            Some(item) if finding.kind != Kind::Unreadable => finding.about(&item.id),
            Some(_) | None => finding,
        });
    }
    items
}

fn read_item(fields: &Fields<'_>, kind: ItemKind) -> Option<Item> {
    let id = fields.parsed::<ItemId>("id");
    let rev = fields.int("rev", 1..=1_000_000);
    let unit = fields.text("unit");
    let difficulty = fields.int("difficulty", 1..=5);
    let status = fields.one_of("status", &Status::NAMES, None);
    let stem = fields.text("stem");
    let rationale = fields.maybe_text("rationale").unwrap_or_default();
    let source = fields.maybe_text("source").unwrap_or_default();
    let enemies = fields.list::<ItemId>("enemies").into_iter().collect();
    let tags = fields.list::<String>("tags").into_iter().collect();
    if fields.has("media") {
        fields.undelivered("media", "pictures", "leave the item out until then");
    }
    let english = fields.table("en").map(|en| English::read(&en, kind));
    let english = english.unwrap_or_default();
    let (options, key) = match kind {
        ItemKind::TrueFalse => (Some(Vec::new()), truth(fields)),
        ItemKind::SingleChoice => (
            read_options(fields, &english),
            fields.parsed::<OptionId>("key").map(ItemKey::new),
        ),
    };
    fields.done();
    Some(Item {
        at: fields.here(),
        id: id?,
        rev: u32::try_from(rev?).ok()?,
        kind,
        unit: unit?,
        difficulty: u8::try_from(difficulty?).ok()?,
        status: status?,
        stem: text(&stem?, english.stem.as_deref()),
        options: options?,
        key: key?,
        rationale,
        source,
        enemies,
        tags,
    })
}

fn truth(fields: &Fields<'_>) -> Option<ItemKey> {
    fields.need("key")?;
    let (if_true, if_false) = (fields.truth("key", true), fields.truth("key", false));
    // Another type reads as whatever was offered, and has been reported.
    (if_true == if_false).then(|| ItemKey::of_truth(if_true))
}

fn text(zh: &str, en: Option<&str>) -> Text {
    en.map_or_else(|| Text::zh(zh), |en| Text::both(zh, en))
}

fn read_options(fields: &Fields<'_>, english: &English) -> Option<Vec<ItemOption>> {
    fields.need("options")?;
    let tables = fields.tables("options");
    let count = tables.len();
    if !(2..=8).contains(&count) {
        let reason = format!("there are {count} options");
        fields.report(Kind::BadValue, "options", reason, "write 2 to 8");
    }
    let read = |option: &Fields<'_>| {
        let (id, zh) = (option.parsed::<OptionId>("id"), option.text("text"));
        let pin = option.truth("pin", false);
        option.done();
        let (id, zh) = (id?, zh?);
        let en = english.options.get(&id).map(String::as_str);
        Some(ItemOption {
            text: text(&zh, en),
            id,
            pin,
        })
    };
    let options: Vec<ItemOption> = tables.iter().filter_map(read).collect();
    for id in english.options.keys() {
        if !options.iter().any(|option| option.id == *id) {
            let reason = format!("the English names option {id}, which does not exist");
            fields.report(
                Kind::BadValue,
                "en",
                reason,
                "use the ids of the options above",
            );
        }
    }
    (options.len() == count && (2..=8).contains(&count)).then_some(options)
}

/// The English texts of an item, by the same option ids.
#[derive(Default)]
struct English {
    stem: Option<String>,
    options: BTreeMap<OptionId, String>,
}

impl English {
    fn read(fields: &Fields<'_>, kind: ItemKind) -> Self {
        let mut english = Self {
            stem: fields.text("stem"),
            options: BTreeMap::new(),
        };
        if kind == ItemKind::SingleChoice {
            for option in fields.tables("options") {
                let (id, text) = (option.parsed::<OptionId>("id"), option.text("text"));
                option.done();
                if let (Some(id), Some(text)) = (id, text)
                    && english.options.insert(id, text).is_some()
                {
                    option.report(
                        Kind::DuplicateId,
                        "id",
                        "this id is used twice",
                        "number anew",
                    );
                }
            }
        }
        fields.done();
        english
    }
}
