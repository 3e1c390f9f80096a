//! Publishing and opening: what comes back, and everything that is refused.

use exam_core::{ItemId, WallTime};

use super::*;
use crate::container::unpack;
use crate::testing::{NOW, edition, published, signer, small_bank, small_files};
use crate::{Refused, read_files};

fn hall_files(release: &Release) -> Files {
    unpack(&release.pack_bank().unwrap().bytes).unwrap()
}

fn refused(files: &Files, trust: &Trust) -> Refused {
    open_files(files, trust, NOW).unwrap_err()
}

#[test]
fn what_was_published_comes_back_whole() {
    let (release, trust) = published();
    let packed = release.pack_bank().unwrap();
    assert_eq!(packed.name, "small-3.bank");
    let bank = open_package(&packed.bytes, &trust, NOW).unwrap();
    assert_eq!(bank.manifest, *release.manifest());
    assert_eq!(bank.content, Content::of(&small_bank()));
    assert_eq!(bank.signers.len(), 2);
    let source = small_bank().exams.remove(0);
    assert_eq!(bank.exams.len(), 1);
    assert_eq!(bank.exams[0].rules, source.rules);
    assert_eq!(bank.exams[0].undertakings, source.texts);
    let keys = release.pack_keys().unwrap();
    assert_eq!(keys.name, "small-3.keys");
    let keys = open_keys(&keys.bytes, &trust, &bank.digest, NOW).unwrap();
    for item in small_bank().items {
        assert_eq!(keys.key(&item.id), Some(&item.key));
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (release, trust) = published();
    let again = Release::make(&small_bank(), &trust, &edition()).unwrap();
    for (name, bytes) in again.files() {
        assert_eq!(release.files().get(name), Some(bytes), "{name}");
    }
    let taken_up = Release::of_files(release.files().clone()).unwrap();
    assert_eq!(taken_up.pack_bank().unwrap(), release.pack_bank().unwrap());
}

#[test]
fn the_hall_gets_no_key_and_no_hint_of_one() {
    let (release, _) = published();
    let files = hall_files(&release);
    assert!(!files.contains_key(KEYS));
    let content = String::from_utf8(files[CONTENT].clone()).unwrap();
    for word in ["\"key\"", "rationale", "理由", "通识"] {
        assert!(!content.contains(word), "{word}");
    }
    // The digests of keys cannot be guessed by trying every option without the salt.
    let keys = Keys::of(&small_bank(), [0; 32]);
    for (id, item) in &release.manifest().items {
        assert_ne!(keys.digest_of(id), Some(item.key));
    }
}

#[test]
fn one_changed_byte_anywhere_in_a_package_is_refused() {
    let (release, trust) = published();
    for packed in [release.pack_bank().unwrap(), release.pack_keys().unwrap()] {
        for at in (0..packed.bytes.len()).step_by(5) {
            let mut bytes = packed.bytes.clone();
            bytes[at] ^= 1 << (at % 8);
            assert!(open_package(&bytes, &trust, NOW).is_err(), "byte {at}");
            let digest = release.manifest().digest();
            assert!(
                open_keys(&bytes, &trust, &digest, NOW).is_err(),
                "byte {at}"
            );
        }
    }
}

#[test]
fn one_changed_byte_anywhere_in_a_folder_is_refused() {
    let (release, trust) = published();
    let digest = release.manifest().digest();
    let keys = unpack(&release.pack_keys().unwrap().bytes).unwrap();
    for (files, is_keys) in [(hall_files(&release), false), (keys, true)] {
        for (name, bytes) in &files {
            let step = if bytes.len() > 600 { 7 } else { 1 };
            for at in (0..bytes.len()).step_by(step) {
                let mut bad = files.clone();
                bad.get_mut(name).unwrap()[at] ^= 1 << (at % 8);
                // Packed anew the container is whole, so only what was signed can tell.
                let bad = pack(&bad).unwrap();
                let refused = if is_keys {
                    open_keys(&bad, &trust, &digest, NOW).map(drop)
                } else {
                    open_package(&bad, &trust, NOW).map(drop)
                };
                assert!(refused.is_err(), "{name} byte {at}");
            }
        }
    }
}

#[test]
fn a_file_cut_short_or_grown_is_refused() {
    let (release, trust) = published();
    let files = hall_files(&release);
    for name in files.keys() {
        let mut bad = files.clone();
        bad.get_mut(name).unwrap().pop();
        assert!(open_files(&bad, &trust, NOW).is_err(), "{name} cut short");
        let mut bad = files.clone();
        bad.get_mut(name).unwrap().push(b'\n');
        assert!(open_files(&bad, &trust, NOW).is_err(), "{name} grown");
        let mut bad = files.clone();
        bad.remove(name);
        assert!(open_files(&bad, &trust, NOW).is_err(), "{name} gone");
    }
    let mut bad = files;
    bad.insert("readme.md".to_owned(), Vec::new());
    assert_eq!(
        refused(&bad, &trust),
        Refused::Unexpected("readme.md".to_owned())
    );
}

#[test]
fn too_few_people_are_named() {
    let (one, two) = (signer(), signer());
    let signers = [
        ("a", "甲", one.0.public.clone()),
        ("b", "乙", two.0.public.clone()),
    ];
    let trust = Trust::of_signers("small", &signers).unwrap();
    let mut release = Release::make(&small_bank(), &trust, &edition()).unwrap();
    let few = |have| Refused::TooFewSigners {
        file: MANIFEST.to_owned(),
        have,
        need: 2,
    };
    assert_eq!(refused(&hall_files(&release), &trust), few(0));
    release.sign(&one.1).unwrap();
    release.sign(&one.1).unwrap();
    assert_eq!(refused(&hall_files(&release), &trust), few(1));
    release.sign(&two.1).unwrap();
    assert!(open_files(&hall_files(&release), &trust, NOW).is_ok());
    // A third, unknown hand spoils what two good ones signed: nothing unexplained is carried along.
    release.sign(&signer().1).unwrap();
    assert!(matches!(
        refused(&hall_files(&release), &trust),
        Refused::UnknownSigner(_)
    ));
}

#[test]
fn an_edition_of_yesterday_is_refused_by_name() {
    let (release, trust) = published();
    let files = hall_files(&release);
    let expires = edition().expires;
    let seconds = WallTime(expires.0 / 1000 * 1000);
    assert!(open_files(&files, &trust, seconds).is_ok());
    let late = WallTime(expires.0 + 1);
    assert_eq!(
        open_files(&files, &trust, late),
        Err(Refused::Expired(seconds))
    );
    let people = trust.people().clone();
    let rules = [(Role::Package, trust.rule(Role::Package).unwrap().clone())];
    let newer = Trust::new("small", 4, people.clone(), rules.clone().into()).unwrap();
    let rolled_back = Refused::RolledBack {
        version: 3,
        at_least: 4,
    };
    assert_eq!(refused(&files, &newer), rolled_back);
    let other = Trust::new("large", 0, people, rules.into()).unwrap();
    assert!(matches!(refused(&files, &other), Refused::OtherBank { .. }));
}

#[test]
fn files_of_another_edition_do_not_mix() {
    let (release, trust) = published();
    let mut edition = edition();
    edition.version = 4;
    edition.salt = [1; 32];
    let next = Release::make(&small_bank(), &trust, &edition).unwrap();
    let mut files = hall_files(&release);
    files.insert(
        "exam-small.json".to_owned(),
        next.files()["exam-small.json"].clone(),
    );
    assert!(matches!(refused(&files, &trust), Refused::BadSignature(_)));
    let mut keys = unpack(&release.pack_keys().unwrap().bytes).unwrap();
    let digest = release.manifest().digest();
    keys.insert(KEYS.to_owned(), next.files()[KEYS].clone());
    let refused = open_keys_files(&keys, &trust, &digest, NOW).unwrap_err();
    assert_eq!(refused, Refused::Changed(KEYS.to_owned()));
    let keys = release.pack_keys().unwrap().bytes;
    let other = open_keys(&keys, &trust, &next.manifest().digest(), NOW).unwrap_err();
    assert_eq!(other.name(), "bank-other-edition");
}

#[test]
fn a_signature_for_something_else_is_refused() {
    let (release, trust) = published();
    let mut files = hall_files(&release);
    // A good signature of the manifest by the right person, under the exam's name and the like.
    let (name, bytes) = files
        .iter()
        .find(|(name, _)| name.starts_with("manifest.json."))
        .map(|(name, bytes)| (name.clone(), bytes.clone()))
        .unwrap();
    let other = name.replace("manifest.json", "exam-small.json");
    files.insert(other.clone(), bytes);
    assert_eq!(refused(&files, &trust), Refused::BadSignature(other));
}

#[test]
fn a_flawed_bank_is_not_published() {
    let (_, trust) = published();
    let mut files = small_files();
    files
        .get_mut("items/all.toml")
        .unwrap()
        .extend_from_slice(b"[[picture]]\n");
    let (bank, findings) = read_files(&files);
    assert_eq!(findings.len(), 1);
    let refused = Release::make(&bank, &trust, &edition());
    assert_eq!(refused, Err(Unpublishable::Flawed(1)));
    let mut bank = small_bank();
    bank.items[0].enemies.insert(ItemId::new("nobody").unwrap());
    assert!(matches!(
        Release::make(&bank, &trust, &edition()),
        Err(Unpublishable::Findings(_))
    ));
}

#[test]
fn an_exam_can_be_signed_anew_without_the_bank() {
    let (one, two) = (signer(), signer());
    let signers = [
        ("a", "甲", one.0.public.clone()),
        ("b", "乙", two.0.public.clone()),
    ];
    let trust = Trust::of_signers("small", &signers).unwrap();
    let mut release = Release::make(&small_bank(), &trust, &edition()).unwrap();
    release.sign(&one.1).unwrap();
    release.sign(&two.1).unwrap();
    let manifest = release.files()[MANIFEST].clone();
    let mut exam = small_bank().exams.remove(0);
    exam.rules.hand_in.earliest = exam_core::Span::minutes(31);
    release.replace_exam(&exam);
    assert_eq!(release.files()[MANIFEST], manifest);
    let refused = refused(&hall_files(&release), &trust);
    assert!(matches!(refused, Refused::TooFewSigners { file, .. } if file == "exam-small.json"));
    release.sign(&one.1).unwrap();
    release.sign(&two.1).unwrap();
    let bank = open_files(&hall_files(&release), &trust, NOW).unwrap();
    assert_eq!(bank.exams[0].rules, exam.rules);
}

/// Published vectors: whoever writes another verifier can check it against these.
#[test]
fn canonical_bytes_and_digests_are_golden() {
    let bank = small_bank();
    let content = Content::of(&bank);
    let item = String::from_utf8(content.bytes()).unwrap();
    let at = item
        .find("{\"difficulty\":1,\"enemies\":[],\"id\":\"c0\"")
        .unwrap();
    let (item, _) = item[at..].split_once(",{\"difficulty\"").unwrap();
    assert_eq!(item, include_str!("../../tests/vectors/item.json"));
    let first = content.items.values().next().unwrap();
    assert_eq!(first.digest(), DigestKind::Item.digest(item.as_bytes()));
    let keys = Keys::of(&bank, edition().salt);
    let exam = exam_json::bytes(&bank.exams[0], Digest([7; 32]));
    let digests = [
        ("item", first.digest()),
        ("key", keys.digest_of(&first.id).unwrap()),
        ("content", content.digest()),
        ("keys", keys.digest()),
        ("exam", DigestKind::Exam.digest(&exam)),
        (
            "manifest",
            Manifest::make(&bank, &edition(), &content, &keys, Digest([8; 32])).digest(),
        ),
    ];
    let lines = digests
        .map(|(name, digest)| format!("{digest}  {name}\n"))
        .concat();
    assert_eq!(lines, include_str!("../../tests/vectors/digests.txt"));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        proptest::prop_assert!(unpack(&bytes).is_err());
        proptest::prop_assert!(Manifest::read(&bytes).is_err());
        proptest::prop_assert!(Content::read(&bytes).is_err());
        proptest::prop_assert!(Keys::read(&bytes).is_err());
    }
}
