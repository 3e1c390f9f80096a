//! The codes that are out: whose, until when, and which are used up.
//!
//! Kept in one 0600 file beside the certificates, as keys, never as the codes on the labels.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use exam_core::HallTime;

use super::Code;
use crate::data::{DataFault, write_replacing};
use crate::entropy::Entropy;
use crate::pki::{Identity, Role};

/// The codes of a hall.
#[derive(Debug)]
pub struct Codes {
    path: PathBuf,
    hall: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    codes: Vec<Known>,
    shut: bool,
}

struct Known {
    key: [u8; 32],
    identity: Identity,
    until: HallTime,
    stand: Stand,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({:?})", self.identity)
    }
}

/// Where a code stands.
#[derive(Clone, PartialEq, Eq)]
enum Stand {
    Fresh,
    /// Taken by this request, whose reply may get lost: the same request hears the same again.
    Taken {
        request: [u8; 32],
        certificate: Option<Vec<u8>>,
    },
    /// Used up in an earlier process.
    Spent,
}

/// A code as it goes onto its label.
#[derive(Debug, Clone)]
pub struct IssuedCode {
    /// Whom it enrols.
    pub identity: Identity,
    /// The code.
    pub code: Code,
    /// Until when.
    pub until: HallTime,
}

/// What a proof turned out to be worth.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A fresh code, taken by this call.
    Fresh(Identity, [u8; 32]),
    /// This very request was answered before.
    Again(Identity, [u8; 32], Vec<u8>),
    /// The code was used by another request.
    Used,
    /// The code is out of date.
    Expired,
    /// No code fits.
    Nothing,
}

/// Codes could not be made or kept.
#[derive(Debug, thiserror::Error)]
pub enum CodesFault {
    /// The file cannot be read or written.
    #[error(transparent)]
    Data(#[from] DataFault),
    /// The file holds something else.
    #[error("could not use {} line {line}: it is no code", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The name cannot be.
    #[error("could not make a code: {0}")]
    Identity(#[from] crate::pki::BadIdentity),
    /// No chance to be had.
    #[error("could not draw a code")]
    Entropy(#[from] std::io::Error),
}

impl Codes {
    /// Reads the codes that are out.
    ///
    /// # Errors
    /// [`CodesFault`] names file and line.
    pub fn open(pki: &Path, hall: &str) -> Result<Self, CodesFault> {
        let path = pki.join("codes");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(DataFault::io("read", &path)(source).into()),
        };
        let mut codes = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let known = Known::read(line, hall).ok_or_else(|| CodesFault::Unreadable {
                path: path.clone(),
                line: index + 1,
            })?;
            codes.push(known);
        }
        let state = State {
            codes,
            shut: pki.join("locked").exists(),
        };
        Ok(Self {
            path,
            hall: hall.to_owned(),
            state: Mutex::new(state),
        })
    }

    /// Makes a code for each name; an older code of the same name is void from then on.
    ///
    /// # Errors
    /// [`CodesFault`]; nothing is issued then.
    pub fn issue<'a>(
        &self,
        role: Role,
        names: impl IntoIterator<Item = &'a str>,
        until: HallTime,
        entropy: &Entropy,
    ) -> Result<Vec<IssuedCode>, CodesFault> {
        let mut issued = Vec::new();
        for name in names {
            issued.push(IssuedCode {
                identity: Identity::new(&self.hall, role, name)?,
                code: Code::draw(entropy)?,
                until,
            });
        }
        let mut state = self.lock();
        for one in &issued {
            state.codes.retain(|known| known.identity != one.identity);
            state.codes.push(Known {
                key: one.code.key(),
                identity: one.identity.clone(),
                until,
                stand: Stand::Fresh,
            });
        }
        self.keep(&state)?;
        Ok(issued)
    }

    /// Shuts enrolment (`hall lock`) or opens it again; it stays so after a restart.
    ///
    /// # Errors
    /// [`CodesFault`] where that cannot be written down.
    pub fn set_shut(&self, shut: bool) -> Result<(), CodesFault> {
        let mark = self.path.with_file_name("locked");
        self.lock().shut = shut;
        if shut {
            write_replacing(&mark, b"enrolment is shut\n")?;
        } else if mark.exists() {
            std::fs::remove_file(&mark).map_err(DataFault::io("remove", &mark))?;
        }
        Ok(())
    }

    /// Says whether enrolment is shut.
    pub fn is_shut(&self) -> bool {
        self.lock().shut
    }

    /// Finds the code that `proves` fits, and takes it for `request`.
    pub(super) fn take(
        &self,
        now: HallTime,
        request: [u8; 32],
        proves: impl Fn(&[u8; 32]) -> bool,
    ) -> Found {
        let mut state = self.lock();
        // Every code is tried, whichever fits: the time it takes says nothing.
        let fits = state.codes.iter_mut().filter(|known| proves(&known.key));
        let Some(known) = fits.fold(None, |found, known| found.or(Some(known))) else {
            return Found::Nothing;
        };
        let identity = known.identity.clone();
        match &known.stand {
            Stand::Taken {
                request: taken,
                certificate: Some(certificate),
            } if *taken == request => Found::Again(identity, known.key, certificate.clone()),
            Stand::Taken { .. } | Stand::Spent => Found::Used,
            Stand::Fresh if now > known.until => Found::Expired,
            Stand::Fresh => {
                known.stand = Stand::Taken {
                    request,
                    certificate: None,
                };
                Found::Fresh(identity, known.key)
            }
        }
    }

    /// Notes what the code of `key` was answered with; it is used up, durably.
    pub(super) fn spend(&self, key: &[u8; 32], issued: &[u8]) -> Result<(), CodesFault> {
        let mut state = self.lock();
        for known in state.codes.iter_mut().filter(|known| known.key == *key) {
            if let Stand::Taken { certificate, .. } = &mut known.stand {
                *certificate = Some(issued.to_vec());
            }
        }
        self.keep(&state)
    }

    /// Gives a taken code back: no certificate came of it.
    pub(super) fn give_back(&self, key: &[u8; 32]) {
        let mut state = self.lock();
        for known in state.codes.iter_mut().filter(|known| known.key == *key) {
            known.stand = Stand::Fresh;
        }
    }

    fn keep(&self, state: &State) -> Result<(), CodesFault> {
        let lines: String = state.codes.iter().map(Known::line).collect();
        Ok(write_replacing(&self.path, lines.as_bytes())?)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn line(&self) -> String {
        let stand = match self.stand {
            Stand::Fresh => "fresh",
            Stand::Taken { .. } | Stand::Spent => "used",
        };
        let (role, name) = (self.identity.role(), self.identity.name());
        let key = exam_core::Digest(self.key);
        format!("{key} {role} {name} {} {stand}\n", self.until.0)
    }

    fn read(line: &str, hall: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut word = || words.next();
        let key: exam_core::Digest = word()?.parse().ok()?;
        let role: Role = word()?.parse().ok()?;
        let name = word()?;
        let until = HallTime(word()?.parse().ok()?);
        let stand = match word()? {
            "fresh" => Stand::Fresh,
            "used" => Stand::Spent,
            _ => return None,
        };
        Some(Self {
            key: key.0,
            identity: Identity::new(hall, role, name).ok()?,
            until,
            stand,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(dir: &Path) -> Codes {
        Codes::open(dir, "h").unwrap()
    }

    fn issue(codes: &Codes, seat: &str) -> IssuedCode {
        let entropy = Entropy::system();
        let issued = codes.issue(Role::Seat, [seat], HallTime(100), &entropy);
        issued.unwrap().remove(0)
    }

    #[test]
    fn a_code_is_used_up_and_stays_so_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let before = codes(dir.path());
        let code = issue(&before, "A-01");
        let key = code.code.key();
        let take = |codes: &Codes, request| codes.take(HallTime(5), request, |k| *k == key);
        assert!(matches!(take(&before, [1; 32]), Found::Fresh(..)));
        assert_eq!(take(&before, [1; 32]), Found::Used, "answer not known yet");
        before.spend(&key, b"certificate").unwrap();
        assert!(matches!(take(&before, [1; 32]), Found::Again(_, _, c) if c == b"certificate"));
        assert_eq!(take(&before, [2; 32]), Found::Used);
        assert_eq!(take(&codes(dir.path()), [1; 32]), Found::Used);
    }

    #[test]
    fn a_newer_code_voids_the_older_and_an_old_one_expires() {
        let dir = tempfile::tempdir().unwrap();
        let codes = codes(dir.path());
        let (older, newer) = (issue(&codes, "A-01"), issue(&codes, "A-01"));
        let take = |code: &IssuedCode, now| {
            let key = code.code.key();
            codes.take(HallTime(now), [1; 32], |k| *k == key)
        };
        assert_eq!(take(&older, 5), Found::Nothing);
        assert_eq!(take(&newer, 101), Found::Expired);
        assert!(matches!(take(&newer, 100), Found::Fresh(..)));
    }

    #[test]
    fn the_lock_outlives_the_process() {
        let dir = tempfile::tempdir().unwrap();
        codes(dir.path()).set_shut(true).unwrap();
        assert!(codes(dir.path()).is_shut());
        codes(dir.path()).set_shut(false).unwrap();
        assert!(!codes(dir.path()).is_shut());
    }
}
