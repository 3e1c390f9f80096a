//! Verified banks in the data folder: the package as it came, and the trust root it was verified
//! with, so that a sitting can be taken up again without anything else at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use exam_bank::{Refused, Trust, VerifiedBank, open_package};
use exam_core::{Digest, WallTime};
use serde::Serialize;

use crate::data::{DataFault, DataFolder, make_dir, write_replacing};

const PACKAGE: &str = "package.bank";
const TRUST: &str = "trust.toml";

/// A bank could not be kept or found again.
#[derive(Debug, thiserror::Error)]
pub enum BankFault {
    /// The package is not what enough people signed.
    #[error("could not accept the bank")]
    Refused(#[from] Refused),
    /// A file cannot be read or written.
    #[error(transparent)]
    Data(#[from] DataFault),
    /// The trust root in the data folder cannot be read.
    #[error("could not read the trust root {}", path.display())]
    Trust {
        /// The file.
        path: PathBuf,
    },
    /// The bank under this digest is another one.
    #[error("could not use {}: it holds another bank", path.display())]
    OtherBank {
        /// The folder.
        path: PathBuf,
    },
}

/// Verifies a package at `now` and keeps it. A package that is there already is left alone.
pub(crate) fn keep(
    data: &DataFolder,
    package: &[u8],
    trust: &Trust,
    now: WallTime,
) -> Result<VerifiedBank, BankFault> {
    let bank = open_package(package, trust, now)?;
    let dir = data.bank(&bank.digest);
    if !dir.join(PACKAGE).exists() {
        make_dir(&dir)?;
        write_replacing(&dir.join(TRUST), trust_toml(trust).as_bytes())?;
        // Written last: with it the folder is complete.
        write_replacing(&dir.join(PACKAGE), package)?;
    }
    Ok(bank)
}

/// Verifies a kept bank again, as of `at`: a sitting that was opened in time is not stopped by an
/// expiry that passed since.
///
/// # Errors
/// [`BankFault`] where it is missing, changed or another one.
pub fn find(data: &DataFolder, manifest: &Digest, at: WallTime) -> Result<VerifiedBank, BankFault> {
    let dir = data.bank(manifest);
    let trust = read_trust(&dir.join(TRUST))?;
    let path = dir.join(PACKAGE);
    let package = std::fs::read(&path).map_err(DataFault::io("read", &path))?;
    let bank = open_package(&package, &trust, at)?;
    if bank.digest == *manifest {
        Ok(bank)
    } else {
        Err(BankFault::OtherBank { path: dir })
    }
}

fn read_trust(path: &Path) -> Result<Trust, BankFault> {
    let text = std::fs::read_to_string(path).map_err(DataFault::io("read", path))?;
    let (trust, _findings) = Trust::read(TRUST, &text);
    trust.ok_or_else(|| BankFault::Trust {
        path: path.to_owned(),
    })
}

#[derive(Serialize)]
struct TrustToml<'a> {
    format: u8,
    bank: &'a str,
    at_least: u32,
    person: Vec<PersonToml<'a>>,
    role: Vec<RoleToml<'a>>,
}

#[derive(Serialize)]
struct PersonToml<'a> {
    id: &'a str,
    name: &'a str,
    keys: Vec<&'a str>,
}

#[derive(Serialize)]
struct RoleToml<'a> {
    name: &'a str,
    threshold: usize,
    people: Vec<&'a str>,
}

/// Writes a trust root as the `trust.toml` that [`Trust::read`] reads.
pub fn trust_toml(trust: &Trust) -> String {
    let people: &BTreeMap<String, exam_bank::Person> = trust.people();
    let person = people.iter().map(|(id, person)| PersonToml {
        id,
        name: &person.name,
        keys: person.keys.iter().map(exam_bank::PublicKey::text).collect(),
    });
    let role = trust.rule(exam_bank::Role::Package).map(|rule| RoleToml {
        name: exam_bank::Role::Package.name(),
        threshold: rule.threshold,
        people: rule.people.iter().map(String::as_str).collect(),
    });
    let file = TrustToml {
        format: 1,
        bank: trust.bank(),
        at_least: trust.at_least(),
        person: person.collect(),
        role: role.into_iter().collect(),
    };
    toml::to_string(&file).unwrap_or_default()
}
