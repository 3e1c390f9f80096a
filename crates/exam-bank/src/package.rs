//! Publishing: the files of one edition, signed, and packed into one container for the hall
//! (`.bank`, no keys) and one for the marking office (`.keys`).
//!
//! Opening them again is `package::open`'s work. Nothing here encrypts.

use std::collections::BTreeMap;

use exam_core::Digest;

use crate::bank::{Bank, ExamFile};
use crate::canonical::Kind as DigestKind;
use crate::container::{BadContainer, Files, is_plain, pack};
use crate::content::Content;
use crate::exam_json;
use crate::finding::{Finding, Level};
use crate::keys::Keys;
use crate::manifest::{Edition, Manifest};
use crate::sign::{Claim, KeyFault, KeyId, SigningKey, signature_name};
use crate::trust::{Role, Trust};

mod open;

pub use open::{VerifiedBank, VerifiedExam, open_files, open_keys, open_keys_files, open_package};

/// Name of the manifest's file.
pub const MANIFEST: &str = "manifest.json";
/// Name of the content's file.
pub const CONTENT: &str = "content.json";
/// Name of the keys' file.
pub const KEYS: &str = "keys.json";
/// Name of the copy of the trust root.
pub const TRUST: &str = "trust.json";

/// The files of one edition of a bank, as they lie in a folder between signing and packing.
#[derive(Clone, PartialEq, Eq)]
pub struct Release {
    manifest: Manifest,
    files: Files,
}

impl std::fmt::Debug for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Release")
            .field("bank", &self.manifest.bank)
            .field("version", &self.manifest.version)
            .field("files", &self.files.keys())
            .finish_non_exhaustive()
    }
}

/// One packed file with the name it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// `<bank>-<version>.bank` or `.keys`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Says why a bank cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unpublishable {
    /// Errors were found while reading or checking.
    #[error("the bank has {} errors", .0.iter().filter(|one| one.level == Level::Error).count())]
    Findings(Vec<Finding>),
    /// Some files of the bank's folder could not be read.
    #[error("{0} errors were found while the bank was read")]
    Flawed(usize),
    /// The trust root is about another bank.
    #[error("the trust root is about bank {0:?}")]
    OtherBank(String),
    /// A file that cannot be part of a package.
    #[error(transparent)]
    Container(#[from] BadContainer),
}

impl Release {
    /// Makes the files of one edition: content, keys, trust root, manifest, exams and their texts.
    ///
    /// # Errors
    /// [`Unpublishable`] where reading or checking the bank gave an error.
    pub fn make(bank: &Bank, trust: &Trust, edition: &Edition) -> Result<Self, Unpublishable> {
        if bank.flaws > 0 {
            return Err(Unpublishable::Flawed(bank.flaws));
        }
        let findings = crate::check::check(bank);
        if crate::finding::has_errors(&findings) {
            return Err(Unpublishable::Findings(findings));
        }
        if trust.bank() != bank.id {
            return Err(Unpublishable::OtherBank(trust.bank().to_owned()));
        }
        let (content, keys) = (Content::of(bank), Keys::of(bank, edition.salt));
        let manifest = Manifest::make(bank, edition, &content, &keys, trust.digest());
        let mut files = Files::from([
            (MANIFEST.to_owned(), manifest.bytes()),
            (CONTENT.to_owned(), content.bytes()),
            (KEYS.to_owned(), keys.bytes()),
            (TRUST.to_owned(), trust.bytes()),
        ]);
        for exam in &bank.exams {
            let name = format!("{}.json", exam.name);
            if !is_plain(&name) {
                return Err(BadContainer::BadName(name).into());
            }
            files.insert(name, exam_json::bytes(exam, manifest.digest()));
            files.extend(exam.texts.clone());
        }
        Ok(Self { manifest, files })
    }

    /// Takes up the files of an edition again, to add a signature or to pack it. Nothing is
    /// believed: what is packed is verified by whoever opens it.
    ///
    /// # Errors
    /// [`crate::Refused`] where there is no readable manifest.
    pub fn of_files(files: Files) -> Result<Self, crate::Refused> {
        let bytes = files
            .get(MANIFEST)
            .ok_or_else(|| crate::Refused::Missing(MANIFEST.to_owned()))?;
        let manifest = Manifest::read(bytes).map_err(crate::Refused::malformed(MANIFEST))?;
        Ok(Self { manifest, files })
    }

    /// Replaces one exam by another version of it, unsigned: the bank need not be signed anew.
    pub fn replace_exam(&mut self, exam: &ExamFile) {
        let name = format!("{}.json", exam.name);
        let signature = |file: &String| crate::sign::key_of(file, &name).is_some();
        self.files.retain(|file, _| !signature(file));
        let bytes = exam_json::bytes(exam, self.manifest.digest());
        self.files.insert(name, bytes);
        self.files.extend(exam.texts.clone());
    }

    /// Returns the manifest.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the files, keys among them.
    pub const fn files(&self) -> &Files {
        &self.files
    }

    /// Returns every file that is signed, with what a signature of it must claim; for those who
    /// sign with stock minisign: `minisign -S -m FILE -t "CLAIM" -x FILE.KEYID.minisig`.
    pub fn claims(&self) -> BTreeMap<String, Claim> {
        let manifest = self.manifest.digest();
        let exams = self.files.iter().filter(|(name, _)| is_exam(name));
        let exams = exams.map(|(name, bytes)| {
            let exam = DigestKind::Exam.digest(bytes);
            (
                name.clone(),
                claim(&self.manifest, manifest, Some((name, exam))),
            )
        });
        let own = (MANIFEST.to_owned(), claim(&self.manifest, manifest, None));
        std::iter::once(own).chain(exams).collect()
    }

    /// Signs the manifest and every exam with one person's key.
    ///
    /// # Errors
    /// [`KeyFault`] where the system gives no entropy.
    pub fn sign(&mut self, key: &SigningKey) -> Result<KeyId, KeyFault> {
        for (name, claim) in self.claims() {
            let bytes = self.files.get(&name).map_or(&[][..], Vec::as_slice);
            let signature = key.sign(bytes, &claim)?;
            let name = signature_name(&name, key.id());
            self.files.insert(name, signature.into_bytes());
        }
        Ok(key.id())
    }

    /// Packs what the hall gets: everything but the keys.
    ///
    /// # Errors
    /// [`BadContainer`] where the files break a limit.
    pub fn pack_bank(&self) -> Result<Packed, BadContainer> {
        let files = self.files.iter().filter(|(name, _)| *name != KEYS);
        self.pack("bank", files)
    }

    /// Packs what the marking office gets: manifest, its signatures and the keys.
    ///
    /// # Errors
    /// [`BadContainer`] where the files break a limit.
    pub fn pack_keys(&self) -> Result<Packed, BadContainer> {
        let wanted = |name: &str| {
            name == MANIFEST || name == KEYS || crate::sign::key_of(name, MANIFEST).is_some()
        };
        let files = self.files.iter().filter(|(name, _)| wanted(name));
        self.pack("keys", files)
    }

    fn pack<'f>(
        &self,
        ending: &str,
        files: impl Iterator<Item = (&'f String, &'f Vec<u8>)>,
    ) -> Result<Packed, BadContainer> {
        let files: Files = files
            .map(|(name, bytes)| (name.clone(), bytes.clone()))
            .collect();
        Ok(Packed {
            name: format!("{}-{}.{ending}", self.manifest.bank, self.manifest.version),
            bytes: pack(&files)?,
        })
    }
}

/// Says whether a file of a package is a signed exam.
pub(crate) fn is_exam(name: &str) -> bool {
    name.starts_with("exam-") && name.strip_suffix(".json").is_some()
}

/// What a signature of the manifest, or of an exam, must claim.
pub(crate) fn claim(manifest: &Manifest, digest: Digest, exam: Option<(&str, Digest)>) -> Claim {
    Claim {
        bank: manifest.bank.clone(),
        version: manifest.version,
        role: Role::Package,
        manifest: digest,
        exam: exam.map(|(name, digest)| (name.to_owned(), digest)),
    }
}

#[cfg(test)]
mod tests;
