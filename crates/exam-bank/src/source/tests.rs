//! Reading: what is found wrong, where, and that nothing else is lost by it.

use super::*;
use crate::testing::{small_bank, small_files};

fn with(name: &str, from: &str, to: &str) -> (Bank, Vec<Finding>) {
    let mut files = small_files();
    let text = String::from_utf8(files[name].clone()).unwrap();
    assert!(text.contains(from), "{from}");
    files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    read_files(&files)
}

#[test]
fn a_bank_is_read_whole() {
    let bank = small_bank();
    assert_eq!(bank.items.len(), 16);
    assert!(bank.units.covers("2", "21") && !bank.units.covers("21", "2"));
    assert_eq!(bank.items[0].at.line, 1);
    assert_eq!(bank.items[0].stem.en.as_deref(), Some("Statement 0."));
    assert_eq!(bank.items[8].options[3].text.en.as_deref(), Some("way 04"));
}

#[test]
fn each_slip_is_found_where_it_is() {
    for (from, to, kind) in [
        ("rev = 1", "rev = 0", Kind::BadValue),
        ("rev = 1", "rev = \"1\"", Kind::WrongType),
        ("difficulty = 1", "difficulty = 2.5", Kind::WrongType),
        (
            "status = \"approved\"",
            "status = \"ready\"",
            Kind::BadValue,
        ),
        ("unit = \"1\"\n", "", Kind::MissingField),
        ("rationale", "rational", Kind::UnknownField),
        ("key = true", "key = \"true\"", Kind::WrongType),
        ("key = \"o1\"", "key = true", Kind::WrongType),
        ("id = \"t0\"", "id = \"T0\"", Kind::BadValue),
        ("'''投诉", "'''\u{7}投诉", Kind::Unreadable),
        ("rev = 1", "rev = 1\nmedia = \"x.png\"", Kind::NotDelivered),
        ("[[true-false]]", "[[multiple-choice]]", Kind::NotDelivered),
        ("text = \"way 01\"", "text = \" \"", Kind::BadValue),
        (
            "{ id = \"o4\", text = \"way 04\" }",
            "{ id = \"o9\", text = \"way 04\" }",
            Kind::BadValue,
        ),
    ] {
        let (bank, findings) = with("items/all.toml", from, to);
        assert!(
            findings.iter().any(|one| one.kind == kind),
            "{to}: {findings:?}"
        );
        assert!(findings.iter().all(|one| one.line > 0), "{findings:?}");
        assert!(bank.items.len() >= 8, "{to}");
        assert!(bank.flaws > 0);
    }
}

#[test]
fn the_head_of_a_bank_is_checked_too() {
    for (from, to, kind) in [
        ("format = 1", "format = 2", Kind::BadValue),
        ("id = \"small\"", "id = \"Small Bank\"", Kind::BadValue),
        ("parent = \"2\"", "parent = \"9\"", Kind::UnknownUnit),
        ("parent = \"2\"", "parent = \"21\"", Kind::UnknownUnit),
        ("code = \"2\"", "code = \"1\"", Kind::DuplicateId),
        ("[\"zh\", \"en\"]", "[\"en\"]", Kind::BadValue),
        ("owner", "owner = \"a\"\nowner", Kind::Unreadable),
    ] {
        let (_, findings) = with("bank.toml", from, to);
        assert!(
            findings.iter().any(|one| one.kind == kind),
            "{to}: {findings:?}"
        );
    }
    let (bank, findings) = read_files(&Files::new());
    assert!(bank.flaws == 1 && findings.len() == 1);
}

#[test]
fn texts_are_kept_in_nfc() {
    let (bank, _) = with("items/all.toml", "Statement 0.", "Cafe\u{301}.");
    assert_eq!(bank.items[0].stem.en.as_deref(), Some("Caf\u{e9}."));
}

#[test]
fn a_folder_that_is_not_there_is_a_finding() {
    let (bank, findings) = read_bank(Path::new("no/such/folder"));
    assert!(bank.items.is_empty() && bank.flaws > 0);
    assert!(findings.iter().all(|one| one.kind == Kind::Unreadable));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_readers_panic(from in 0_usize..4000, cut in 0_usize..40, put in ".{0,12}") {
        for name in ["bank.toml", "items/all.toml", "exam-small.toml"] {
            let mut files = small_files();
            let text: Vec<char> = String::from_utf8(files[name].clone()).unwrap().chars().collect();
            let from = from % text.len();
            let rest = text.iter().skip(from + cut);
            let text: String = text.iter().take(from).copied().chain(put.chars()).chain(rest.copied()).collect();
            files.insert(name.to_owned(), text.into_bytes());
            let (bank, _) = read_files(&files);
            drop(crate::check(&bank));
        }
    }
}
