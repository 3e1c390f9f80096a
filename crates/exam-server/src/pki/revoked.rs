//! The list of revoked certificates: one serial a line, kept in a file and in memory.
//!
//! Whoever asks sees a revocation at once; cutting live connections is the door's work.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::{PkiFault, Serial};
use crate::data::{DataFault, write_replacing};

/// Serials that are no longer believed. Clones are one list.
#[derive(Debug, Clone)]
pub struct Revoked {
    path: PathBuf,
    serials: Arc<RwLock<BTreeSet<Serial>>>,
}

impl Revoked {
    pub(super) fn open(path: &Path) -> Result<Self, PkiFault> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(DataFault::io("read", path)(source).into()),
        };
        let mut serials = BTreeSet::new();
        for (index, line) in text.lines().enumerate() {
            let serial = line.trim().parse().map_err(|_bad| PkiFault::Unreadable {
                path: path.to_owned(),
                reason: format!("line {} holds no serial", index + 1),
            })?;
            serials.insert(serial);
        }
        Ok(Self {
            path: path.to_owned(),
            serials: Arc::new(RwLock::new(serials)),
        })
    }

    /// Says whether a certificate is revoked.
    pub fn contains(&self, serial: &Serial) -> bool {
        self.serials
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(serial)
    }

    /// Revokes a certificate, durably. Says whether it was not revoked before.
    ///
    /// # Errors
    /// [`PkiFault`] where the list cannot be written; it is then revoked in memory alone.
    pub fn add(&self, serial: Serial) -> Result<bool, PkiFault> {
        let mut serials = self.serials.write().unwrap_or_else(PoisonError::into_inner);
        if !serials.insert(serial) {
            return Ok(false);
        }
        let lines: Vec<String> = serials.iter().map(|serial| format!("{serial}\n")).collect();
        write_replacing(&self.path, lines.concat().as_bytes())?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revocation_outlives_the_process() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("revoked");
        let serial = Serial::new([5; 16]);
        let list = Revoked::open(&path).unwrap();
        assert!(!list.contains(&serial));
        assert!(list.add(serial.clone()).unwrap());
        assert!(!list.add(serial.clone()).unwrap());
        assert!(Revoked::open(&path).unwrap().contains(&serial));
        std::fs::write(&path, "nonsense\n").unwrap();
        assert!(Revoked::open(&path).is_err());
    }
}
