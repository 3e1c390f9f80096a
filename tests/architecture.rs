//! Ring "shape": the rules that keep the parts apart, read off the files themselves.
//!
//! It does not judge what the code does; it holds who may know whom, what may stand in a protocol,
//! and who may read a clock.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "architecture/proto.rs"]
mod proto;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

/// Every crate with its layer; a new crate must be given its place here.
const LAYERS: [(&str, u8); 16] = [
    ("exam-core", 0),
    ("exam-text", 0),
    ("exam-term", 0),
    ("exam-bank", 1),
    ("exam-record", 1),
    ("exam-journal", 1),
    ("exam-proto", 1),
    ("exam-client", 2),
    ("exam-marking", 2),
    ("exam-exchange", 2),
    ("exam-server", 3),
    ("exam-kiosk", 3),
    ("exam-console", 3),
    ("examhall", 4),
    ("exam-tests", 5),
    ("exam-fuzz", 5),
];

/// The one arrow within a layer: result sheets are written from exam-marking's document.
const WITHIN_A_LAYER: [(&str, &str); 1] = [("exam-exchange", "exam-marking")];

/// Who alone may depend on what.
const ALONE: [(&str, &[&str]); 3] = [
    ("sled", &["exam-journal"]),
    (
        "ratatui",
        &[
            "exam-term",
            "exam-kiosk",
            "exam-console",
            "examhall",
            "exam-tests",
        ],
    ),
    ("minisign", &["exam-bank", "examhall", "exam-tests"]),
];

/// What a crate must not have, whoever else does.
const HAS_NO: [(&str, &[&str]); 7] = [
    (
        "exam-core",
        &[
            "tokio",
            "rand",
            "getrandom",
            "serde",
            "serde_json",
            "prost",
            "tonic",
            "rustix",
            "jiff",
        ],
    ),
    ("exam-bank", &["tokio", "tonic", "prost", "rustix", "jiff"]),
    ("exam-record", &["tokio", "tonic", "rustix", "serde"]),
    (
        "exam-journal",
        &["prost", "tonic", "exam-core", "exam-record"],
    ),
    (
        "exam-client",
        &[
            "exam-bank",
            "exam-marking",
            "exam-server",
            "sled",
            "ratatui",
        ],
    ),
    (
        "exam-kiosk",
        &["exam-bank", "exam-marking", "exam-server", "sled"],
    ),
    (
        "exam-console",
        &["exam-bank", "exam-marking", "exam-server", "sled"],
    ),
];

/// Fields that only sound like an item key: the start key, which opens a part of one candidate's
/// paper; whether the candidate finds the own details right; and how many items of a section were
/// right, once marks are released.
const NO_ITEM_KEY: [(&str, &str); 3] = [
    ("StartKey", "key"),
    ("CheckDetails", "correct"),
    ("SectionMarks", "right"),
];

/// The only files that may read a clock.
const CLOCKS: [&str; 4] = [
    "exam-server/src/clock",
    "exam-client/src/clock",
    "exam-term/src/run",
    "examhall/src/lib",
];

/// What may stand at the top, dotfiles and the build folder aside.
const TOP: [&str; 7] = [
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "crates",
    "proto",
    "question-banks",
    "tests",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Every crate's name, folder and manifest.
fn crates() -> BTreeMap<String, (PathBuf, Table)> {
    let folders = names(&root().join("crates"))
        .into_iter()
        .map(|name| root().join("crates").join(name));
    let folders = folders.chain([root().join("tests")]);
    folders
        .map(|folder| {
            let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            let manifest: Table = text.parse().unwrap();
            let name = manifest["package"]["name"].as_str().unwrap().to_owned();
            (name, (folder, manifest))
        })
        .collect()
}

/// The names of all that a manifest depends on, to run, to build and to test.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (key, value) in manifest {
        match (key.as_str(), value.as_table()) {
            ("dependencies" | "build-dependencies" | "dev-dependencies", Some(table)) => {
                found.extend(table.keys().cloned());
            }
            ("target", Some(targets)) => {
                for target in targets.values().filter_map(toml::Value::as_table) {
                    found.extend(dependencies(target));
                }
            }
            _ => {}
        }
    }
    found
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn a_crate_depends_only_on_lower_layers() {
    let layers = BTreeMap::from(LAYERS);
    for (name, (_, manifest)) in crates() {
        let layer = layers
            .get(name.as_str())
            .unwrap_or_else(|| panic!("{name} has no layer"));
        for dependency in dependencies(&manifest) {
            let Some(below) = layers.get(dependency.as_str()) else {
                continue;
            };
            let allowed = below < layer || WITHIN_A_LAYER.contains(&(&name, &dependency));
            assert!(
                allowed,
                "{name} (layer {layer}) depends on {dependency} (layer {below})"
            );
        }
    }
}

#[test]
fn no_dependency_is_used_where_it_must_not_be_known() {
    for (name, (_, manifest)) in crates() {
        let dependencies = dependencies(&manifest);
        for (what, who) in ALONE {
            let allowed = who.contains(&name.as_str());
            assert!(
                allowed || !dependencies.contains(what),
                "{name} must not know {what}"
            );
        }
        for (_, what) in HAS_NO.iter().filter(|(who, _)| *who == name) {
            let known: Vec<_> = what
                .iter()
                .filter(|what| dependencies.contains(**what))
                .collect();
            assert!(known.is_empty(), "{name} must not know {known:?}");
        }
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for (name, (_, manifest)) in crates() {
        let lints = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"));
        assert_eq!(lints.and_then(toml::Value::as_bool), Some(true), "{name}");
        assert_eq!(
            manifest["package"]["publish"]["workspace"].as_bool(),
            Some(true),
            "{name}"
        );
    }
}

#[test]
fn clocks_are_read_in_the_named_files_alone() {
    let reads = [
        "Instant::now",
        "SystemTime::now",
        "Zoned::now",
        "Timestamp::now",
        "clock_gettime",
    ];
    let mut files = Vec::new();
    for name in names(&root().join("crates")) {
        for part in ["src", "tests"] {
            let folder = root().join("crates").join(&name).join(part);
            if folder.is_dir() {
                rust_files(&folder, &mut files);
            }
        }
    }
    assert!(files.len() > 20, "the search found no files");
    for file in files {
        let path = file.strip_prefix(root().join("crates")).unwrap();
        let path = path.to_str().unwrap().replace('\\', "/");
        if CLOCKS
            .iter()
            .any(|clock| path == format!("{clock}.rs") || path.starts_with(&format!("{clock}/")))
        {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for (line, number) in text.lines().zip(1..) {
            let code = line.split("//").next().unwrap_or_default();
            let read = reads.iter().find(|read| code.contains(**read));
            assert!(
                read.is_none(),
                "crates/{path}:{number} reads a clock: {line}"
            );
        }
    }
}

#[test]
fn the_journal_format_has_nothing_whose_bytes_are_unstable() {
    let file = root().join("proto/examhall/journal/v1/journal.proto");
    let format = proto::read(&fs::read_to_string(file).unwrap());
    assert!(
        format.imports.is_empty(),
        "the format must stand alone: {:?}",
        format.imports
    );
    assert!(format.fields.len() > 100, "the search found no fields");
    for field in &format.fields {
        let kind = field.kind.as_str();
        let unstable = kind.starts_with("map<")
            || ["float", "double"].contains(&kind)
            || kind.contains("google");
        assert!(!unstable, "{field:?}");
    }
}

#[test]
fn nothing_on_the_wire_to_a_seat_or_a_console_can_hold_an_item_key() {
    for folder in ["delivery", "invigilation"] {
        for (file, proto) in wire(folder) {
            for field in &proto.fields {
                let excepted = field.kind == "StartKey"
                    || NO_ITEM_KEY.contains(&(&field.message, &field.name));
                let like = [&field.kind, &field.name].map(|word| proto::like_an_item_key(word));
                assert!(excepted || like == [false, false], "{file}: {field:?}");
            }
        }
    }
}

#[test]
fn a_console_sees_no_option_and_no_response() {
    for (file, proto) in wire("invigilation") {
        assert!(
            proto
                .imports
                .iter()
                .all(|import| !import.contains("delivery")),
            "{file}"
        );
        for field in &proto.fields {
            let words = format!("{} {}", field.kind, field.name).to_lowercase();
            let seen = ["option", "response", "choice", "item_id"]
                .iter()
                .find(|word| words.contains(**word));
            assert!(seen.is_none(), "{file}: {field:?}");
        }
    }
}

/// The protocol files of a folder; none while the folder is not there yet.
fn wire(folder: &str) -> Vec<(String, proto::Proto)> {
    let folder = root().join("proto/examhall").join(folder).join("v1");
    if !folder.is_dir() {
        return Vec::new();
    }
    names(&folder)
        .into_iter()
        .map(|name| {
            (
                name.clone(),
                proto::read(&fs::read_to_string(folder.join(name)).unwrap()),
            )
        })
        .collect()
}

#[test]
fn the_top_level_is_as_designed() {
    for name in names(&root())
        .into_iter()
        .filter(|name| !name.starts_with('.') && name != "target")
    {
        assert!(
            TOP.contains(&name.as_str()),
            "{name} has no place at the top level"
        );
    }
}

#[test]
fn every_guide_is_linked_from_the_root_and_every_link_leads_somewhere() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else {
        return;
    };
    for name in names(&root().join("crates")) {
        let guide = format!("crates/{name}/README.md");
        if root().join(&guide).is_file() {
            assert!(readme.contains(&guide), "README.md does not link {guide}");
        }
    }
    for link in readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
    {
        if !link.is_empty() && !link.contains("://") {
            assert!(
                root().join(link).exists(),
                "README.md links {link}, which is not there"
            );
        }
    }
}
