//! Opening what was published: everything is verified before anything is believed.
//!
//! Order: the container, the signatures of the manifest, the manifest, every file's digest against
//! it, every item's digest, then each exam's own signatures and texts. A file nobody signed for is
//! refused, so no byte of a package is ever ignored.

use std::collections::{BTreeMap, BTreeSet};

use exam_core::{Digest, Rules, WallTime};

use super::{CONTENT, KEYS, MANIFEST, TRUST, claim, is_exam};
use crate::canonical::Kind as DigestKind;
use crate::container::{Files, unpack};
use crate::content::Content;
use crate::exam_json;
use crate::keys::Keys;
use crate::manifest::Manifest;
use crate::refused::Refused;
use crate::sign::{key_of, verify};
use crate::trust::Trust;

/// A bank as the hall may believe it; it has no keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBank {
    /// The signed manifest.
    pub manifest: Manifest,
    /// Its digest: the name of this edition everywhere.
    pub digest: Digest,
    /// The items.
    pub content: Content,
    /// The exams, by id of the rules.
    pub exams: Vec<VerifiedExam>,
    /// Who signed the manifest.
    pub signers: BTreeSet<String>,
}

/// An exam as the hall may believe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedExam {
    /// Name of its file without the ending.
    pub name: String,
    /// The rules, the undertaking's words among them.
    pub rules: Rules,
    /// Digest of the signed exam file.
    pub digest: Digest,
    /// The texts it shows, by file name, byte for byte.
    pub undertakings: BTreeMap<String, Vec<u8>>,
    /// Who signed it.
    pub signers: BTreeSet<String>,
}

impl VerifiedBank {
    /// Returns the exam with these rules' id.
    pub fn exam(&self, id: &exam_core::ExamId) -> Option<&VerifiedExam> {
        self.exams.iter().find(|exam| exam.rules.exam == *id)
    }
}

/// Opens a `.bank` package.
///
/// # Errors
/// [`Refused`] where any byte is not what enough people signed, or it is not valid at `now`.
pub fn open_package(bytes: &[u8], trust: &Trust, now: WallTime) -> Result<VerifiedBank, Refused> {
    open_files(&unpack(bytes)?, trust, now)
}

/// Opens the files of a `.bank` package that lie in a folder.
///
/// # Errors
/// [`Refused`] where any byte is not what enough people signed, or it is not valid at `now`.
pub fn open_files(files: &Files, trust: &Trust, now: WallTime) -> Result<VerifiedBank, Refused> {
    let (manifest, signers) = open_manifest(files, trust, now)?;
    let digest = manifest.digest();
    let content = need(files, CONTENT)?;
    if DigestKind::Content.digest(content) != manifest.content {
        return Err(Refused::Changed(CONTENT.to_owned()));
    }
    let content = Content::read(content).map_err(Refused::malformed(CONTENT))?;
    if let Some(item) = manifest.content_differs(&content) {
        return Err(Refused::ItemChanged(item));
    }
    if content.bank != manifest.bank || content.units != manifest.units {
        return Err(Refused::OtherEdition(CONTENT.to_owned()));
    }
    if DigestKind::Trust.digest(need(files, TRUST)?) != manifest.trust {
        return Err(Refused::Changed(TRUST.to_owned()));
    }
    let mut known: BTreeSet<&str> = BTreeSet::from([MANIFEST, CONTENT, TRUST]);
    let mut exams = Vec::new();
    for name in files.keys().filter(|name| is_exam(name)) {
        exams.push(open_exam(files, name, &manifest, trust)?);
        known.insert(name);
    }
    for exam in &exams {
        known.extend(exam.undertakings.keys().map(String::as_str));
    }
    refuse_strangers(files, &known)?;
    Ok(VerifiedBank {
        manifest,
        digest,
        content,
        exams,
        signers,
    })
}

/// Opens a `.keys` package of the edition whose manifest has the digest `manifest`.
///
/// # Errors
/// [`Refused`] as [`open_package`], or where the keys are of another edition.
pub fn open_keys(
    bytes: &[u8],
    trust: &Trust,
    manifest: &Digest,
    now: WallTime,
) -> Result<Keys, Refused> {
    open_keys_files(&unpack(bytes)?, trust, manifest, now)
}

/// Opens the files of a `.keys` package that lie in a folder.
///
/// # Errors
/// [`Refused`] as [`open_keys`].
pub fn open_keys_files(
    files: &Files,
    trust: &Trust,
    manifest: &Digest,
    now: WallTime,
) -> Result<Keys, Refused> {
    let (signed, _) = open_manifest(files, trust, now)?;
    if signed.digest() != *manifest {
        return Err(Refused::OtherEdition(MANIFEST.to_owned()));
    }
    let bytes = need(files, KEYS)?;
    if DigestKind::Keys.digest(bytes) != signed.keys {
        return Err(Refused::Changed(KEYS.to_owned()));
    }
    let keys = Keys::read(bytes).map_err(Refused::malformed(KEYS))?;
    if let Some(item) = signed.key_differs(&keys) {
        return Err(Refused::ItemChanged(item));
    }
    if keys.bank != signed.bank {
        return Err(Refused::OtherEdition(KEYS.to_owned()));
    }
    refuse_strangers(files, &BTreeSet::from([MANIFEST, KEYS]))?;
    Ok(keys)
}

fn need<'f>(files: &'f Files, name: &str) -> Result<&'f [u8], Refused> {
    files
        .get(name)
        .map(Vec::as_slice)
        .ok_or_else(|| Refused::Missing(name.to_owned()))
}

fn open_manifest(
    files: &Files,
    trust: &Trust,
    now: WallTime,
) -> Result<(Manifest, BTreeSet<String>), Refused> {
    let bytes = need(files, MANIFEST)?;
    // Reading comes first only because the claim of the signatures is made of what is read;
    // nothing of it is used before they are verified.
    let manifest = Manifest::read(bytes).map_err(Refused::malformed(MANIFEST))?;
    let signers = verify(
        files,
        MANIFEST,
        &claim(&manifest, DigestKind::Manifest.digest(bytes), None),
        trust,
    )?;
    if manifest.bank != trust.bank() {
        return Err(Refused::OtherBank {
            found: manifest.bank,
            wanted: trust.bank().to_owned(),
        });
    }
    if manifest.version < trust.at_least() {
        return Err(Refused::RolledBack {
            version: manifest.version,
            at_least: trust.at_least(),
        });
    }
    if now > manifest.expires {
        return Err(Refused::Expired(manifest.expires));
    }
    Ok((manifest, signers))
}

fn open_exam(
    files: &Files,
    name: &str,
    manifest: &Manifest,
    trust: &Trust,
) -> Result<VerifiedExam, Refused> {
    let bytes = need(files, name)?;
    let digest = DigestKind::Exam.digest(bytes);
    let claim = claim(manifest, manifest.digest(), Some((name, digest)));
    let signers = verify(files, name, &claim, trust)?;
    let signed = exam_json::read(bytes, files).map_err(Refused::malformed(name))?;
    if signed.manifest != manifest.digest() || signed.rules.bank != manifest.bank {
        return Err(Refused::OtherEdition(name.to_owned()));
    }
    let mut undertakings = BTreeMap::new();
    for (text, digest) in &signed.texts {
        let bytes = need(files, text)?;
        if DigestKind::Text.digest(bytes) != *digest {
            return Err(Refused::Changed(text.clone()));
        }
        undertakings.insert(text.clone(), bytes.to_vec());
    }
    Ok(VerifiedExam {
        name: name.trim_end_matches(".json").to_owned(),
        rules: signed.rules,
        digest,
        undertakings,
        signers,
    })
}

/// Refuses files that nothing signed names. Signatures of known files were verified with them.
fn refuse_strangers(files: &Files, known: &BTreeSet<&str>) -> Result<(), Refused> {
    let signed = |file: &&str| *file == MANIFEST || is_exam(file);
    let signs = |name: &str| {
        let mut signed = known.iter().filter(|file| signed(file));
        signed.any(|file| key_of(name, file).is_some())
    };
    let stranger = files
        .keys()
        .find(|name| !known.contains(name.as_str()) && !signs(name));
    match stranger {
        Some(name) => Err(Refused::Unexpected(name.clone())),
        None => Ok(()),
    }
}
