//! Keys, claims and stock minisign.

use std::path::Path;
use std::process::Command;

use super::*;
use crate::testing::{published, signer};

#[test]
fn a_key_survives_its_files() {
    let (new, open) = signer();
    assert_eq!(new.public.id(), open.id());
    let again: PublicKey = new.public.file().parse().unwrap();
    assert_eq!(again, new.public);
    assert_eq!(
        new.public.id().to_string().parse::<KeyId>(),
        Ok(new.public.id())
    );
    assert!("12".parse::<KeyId>().is_err());
    assert!("no key".parse::<PublicKey>().is_err());
    assert!(SigningKey::open("no key", None).is_err());
}

#[test]
fn a_password_is_wanted_where_there_is_one() {
    let key = NewKey::make(Some("四个字的")).unwrap();
    let id = SigningKey::open(&key.secret_file, Some("四个字的"))
        .unwrap()
        .id();
    assert_eq!(id, key.public.id());
    assert!(SigningKey::open(&key.secret_file, Some("别的")).is_err());
    assert!(SigningKey::open(&key.secret_file, None).is_err());
}

#[test]
fn a_secret_key_is_never_shown() {
    let (new, open) = signer();
    assert!(!format!("{new:?} {open:?}").contains(new.secret_file.lines().nth(1).unwrap()));
}

#[test]
fn one_person_with_two_keys_is_one_and_one_key_of_two_people_is_refused() {
    use crate::trust::{BadTrust, Person, RoleRule};
    let (one, two) = (signer().0.public, signer().0.public);
    let person = |keys: &[&PublicKey]| Person {
        name: "某".to_owned(),
        keys: keys.iter().copied().cloned().collect(),
    };
    let rule = |threshold, people: &[&str]| RoleRule {
        threshold,
        people: people.iter().map(|id| (*id).to_owned()).collect(),
    };
    let trust = |people: &[(&str, Person)], rule| {
        let people = people
            .iter()
            .map(|(id, one)| ((*id).to_owned(), one.clone()));
        Trust::new("small", 0, people.collect(), [(Role::Package, rule)].into())
    };
    let alone = trust(&[("a", person(&[&one, &two]))], rule(2, &["a"]));
    assert!(matches!(alone, Err(BadTrust::Threshold { .. })));
    let shared = trust(
        &[("a", person(&[&one])), ("b", person(&[&one]))],
        rule(2, &["a", "b"]),
    );
    assert_eq!(shared, Err(BadTrust::KeyTwice(one.id())));
    let stranger = trust(&[("a", person(&[&one]))], rule(1, &["c"]));
    assert!(matches!(stranger, Err(BadTrust::Stranger { .. })));
}

#[test]
fn trust_toml_says_what_is_wrong_with_it() {
    let key = signer().0.public;
    let text = format!(
        "format = 1\nbank = \"small\"\n[[person]]\nid = \"a\"\nname = \"甲\"\nkeys = [\"{}\"]\n\
         [[role]]\nname = \"package\"\nthreshold = 1\npeople = [\"a\"]\n",
        key.text()
    );
    let (trust, findings) = Trust::read("trust.toml", &text);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(trust.unwrap().holder(key.id()).unwrap().0, "a");
    let (trust, findings) = Trust::read(
        "trust.toml",
        &text.replace("threshold = 1", "threshold = 2"),
    );
    assert!(trust.is_none());
    assert_eq!(findings.len(), 1);
}

/// Runs stock minisign in `folder`, or says that it is not there.
fn minisign(folder: &Path, arguments: &[&str]) -> Option<bool> {
    let output = Command::new("minisign")
        .current_dir(folder)
        .args(arguments)
        .output();
    output.ok().map(|output| output.status.success())
}

#[test]
fn stock_minisign_verifies_ours_and_we_verify_its() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if minisign(at, &["-v"]).is_none() {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("SKIPPED: minisign is not installed");
        }
        return;
    }
    let (release, trust) = published();
    for (name, bytes) in release.files() {
        std::fs::write(at.join(name), bytes).unwrap();
    }
    let mut checked = 0;
    for person in trust.people().values() {
        let key = &person.keys[0];
        std::fs::write(at.join("key.pub"), key.file()).unwrap();
        for file in release.claims().keys() {
            let signature = signature_name(file, key.id());
            let verify = [
                "-V",
                "-m",
                file.as_str(),
                "-x",
                signature.as_str(),
                "-p",
                "key.pub",
            ];
            assert_eq!(minisign(at, &verify), Some(true), "{signature}");
            checked += 1;
        }
    }
    assert_eq!(checked, 4);
    // The other way round: stock minisign signs with a key of ours and the claim we print.
    let (new, _) = signer();
    std::fs::write(at.join("new.key"), &new.secret_file).unwrap();
    let claim = release.claims()["manifest.json"].clone();
    let name = signature_name("manifest.json", new.public.id());
    let comment = claim.to_string();
    let sign = [
        "-S",
        "-m",
        "manifest.json",
        "-t",
        &comment,
        "-x",
        &name,
        "-s",
        "new.key",
    ];
    assert_eq!(minisign(at, &sign), Some(true));
    let mut files = release.files().clone();
    files.insert(name.clone(), std::fs::read(at.join(&name)).unwrap());
    let trust = {
        let held: Vec<_> = trust
            .people()
            .values()
            .map(|one| one.keys[0].clone())
            .collect();
        let [one, two] = <[PublicKey; 2]>::try_from(held).unwrap();
        let all = [("a", "甲", one), ("b", "乙", two), ("c", "丙", new.public)];
        Trust::of_signers("small", &all).unwrap()
    };
    assert_eq!(
        verify(&files, "manifest.json", &claim, &trust)
            .unwrap()
            .len(),
        3
    );
}
