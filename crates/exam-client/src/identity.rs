//! Who this seat or member of staff is: its certificate, its key, and the hall it believes.
//!
//! A folder holds `seat.toml`, `seat.crt`, `seat.key` (readable by its owner alone) and
//! `hall-ca.crt`, the last three as DER. How the certificate is got is [`mod@crate::enrol`]'s work.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const TOML: &str = "seat.toml";
const CERTIFICATE: &str = "seat.crt";
const KEY: &str = "seat.key";
const CA: &str = "hall-ca.crt";
const FORMAT: u32 = 1;

/// A private key as PKCS #8 DER; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(pub Vec<u8>);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// What a seat needs to reach its hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate the hall gave, DER.
    pub certificate_der: Vec<u8>,
    /// Its private key.
    pub key: SecretKey,
    /// The hall's CA, the only one believed, DER.
    pub ca_der: Vec<u8>,
    /// The one name of the hall's delivery port; a changed address breaks nothing.
    pub server_name: String,
    /// The seat's or staff member's name, as the certificate bears it.
    pub name: String,
    /// The hall's name, for people.
    pub hall: String,
}

/// Why an identity cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum IdentityFault {
    /// There is none.
    #[error(
        "this seat has no certificate yet: {path} is missing; enrol it with the code on its label"
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("could not use {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{path} is not a seat's identity ({why}); enrol the seat again")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

#[derive(Serialize, Deserialize)]
struct SeatToml {
    format: u32,
    name: String,
    hall: String,
    server_name: String,
}

impl Identity {
    /// Reads the identity kept in `dir`.
    ///
    /// # Errors
    /// [`IdentityFault`] says which file, and what to do.
    pub fn load(dir: &Path) -> Result<Self, IdentityFault> {
        let path = dir.join(TOML);
        let text = String::from_utf8(read(&path)?).map_err(|error| IdentityFault::Malformed {
            path: path.clone(),
            why: error.to_string(),
        })?;
        let seat: SeatToml = toml::from_str(&text).map_err(|error| IdentityFault::Malformed {
            path: path.clone(),
            why: error.message().to_owned(),
        })?;
        if seat.format != FORMAT {
            return Err(IdentityFault::Malformed {
                path,
                why: format!("format {} is not of this version", seat.format),
            });
        }
        Ok(Self {
            certificate_der: read(&dir.join(CERTIFICATE))?,
            key: SecretKey(read(&dir.join(KEY))?),
            ca_der: read(&dir.join(CA))?,
            server_name: seat.server_name,
            name: seat.name,
            hall: seat.hall,
        })
    }

    /// Keeps the identity in `dir`; the file that makes it complete is written last.
    ///
    /// # Errors
    /// [`IdentityFault::File`] where the folder cannot be written.
    pub fn save(&self, dir: &Path) -> Result<(), IdentityFault> {
        fs::create_dir_all(dir).map_err(|source| IdentityFault::File {
            path: dir.to_owned(),
            source,
        })?;
        let seat = SeatToml {
            format: FORMAT,
            name: self.name.clone(),
            hall: self.hall.clone(),
            server_name: self.server_name.clone(),
        };
        let text = toml::to_string(&seat).map_err(|error| IdentityFault::Malformed {
            path: dir.join(TOML),
            why: error.to_string(),
        })?;
        write(&dir.join(KEY), &self.key.0)?;
        write(&dir.join(CERTIFICATE), &self.certificate_der)?;
        write(&dir.join(CA), &self.ca_der)?;
        write(&dir.join(TOML), text.as_bytes())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, IdentityFault> {
    fs::read(path).map_err(|source| {
        let path = path.to_owned();
        if source.kind() == std::io::ErrorKind::NotFound {
            IdentityFault::Missing { path }
        } else {
            IdentityFault::File { path, source }
        }
    })
}

/// Writes beside and renames, so that a half-written file never bears the name.
fn write(path: &Path, bytes: &[u8]) -> Result<(), IdentityFault> {
    let fault = |source| IdentityFault::File {
        path: path.to_owned(),
        source,
    };
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside).map_err(fault)?;
    file.write_all(bytes).map_err(fault)?;
    file.sync_all().map_err(fault)?;
    fs::rename(&beside, path).map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            certificate_der: vec![1],
            key: SecretKey(vec![2]),
            ca_der: vec![3],
            server_name: "h1.examhall.internal".to_owned(),
            name: "A-07".to_owned(),
            hall: "第一考点".to_owned(),
        }
    }

    #[test]
    fn an_identity_survives_its_folder_and_its_key_is_private() {
        let dir = tempfile::tempdir().unwrap();
        identity().save(dir.path()).unwrap();
        assert_eq!(Identity::load(dir.path()).unwrap(), identity());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(dir.path().join(KEY))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(!format!("{:?}", identity()).contains('2'));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(
            Identity::load(dir.path()),
            Err(IdentityFault::Missing { .. })
        ));
        identity().save(dir.path()).unwrap();
        fs::write(
            dir.path().join(TOML),
            "format = 2\nname = 'A'\nhall = ''\nserver_name = ''",
        )
        .unwrap();
        let error = Identity::load(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("format 2") && error.contains("enrol"),
            "{error}"
        );
    }
}
