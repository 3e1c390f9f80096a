//! The one place where chance enters the hall: seeds, sessions, leases, acts, codes, serials.
//!
//! What is drawn means nothing here. Papers are not drawn from this but from the sitting's seed,
//! by exam-bank; keys of certificates are drawn by ring itself, from the same operating system.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use exam_core::{ActId, BootId, LeaseId, SessionId};
use rand::TryRng as _;
use rand::rngs::SysRng;

/// A source of bytes nobody can guess.
#[derive(Clone)]
pub struct Entropy(Source);

#[derive(Clone)]
enum Source {
    System,
    Repeatable(Arc<Mutex<blake3::OutputReader>>),
}

impl Entropy {
    /// The operating system's.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A repeatable stream for simulations: the same seed draws the same hall. Never for a sitting
    /// that people sit.
    pub fn repeatable(seed: [u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("examhall 2026 simulated entropy v1");
        hasher.update(&seed);
        Self(Source::Repeatable(Arc::new(Mutex::new(
            hasher.finalize_xof(),
        ))))
    }

    /// Draws `N` bytes.
    ///
    /// # Errors
    /// Where the operating system has none to give.
    pub fn draw<const N: usize>(&self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => SysRng
                .try_fill_bytes(&mut bytes)
                .map_err(io::Error::other)?,
            Source::Repeatable(stream) => stream
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill(&mut bytes),
        }
        Ok(bytes)
    }

    /// Draws a sitting's seed.
    pub fn seed(&self) -> io::Result<[u8; 32]> {
        self.draw()
    }

    /// Draws the name of a session.
    pub fn session(&self) -> io::Result<SessionId> {
        self.draw().map(SessionId)
    }

    /// Draws a lease.
    pub fn lease(&self) -> io::Result<LeaseId> {
        self.draw().map(LeaseId)
    }

    /// Draws the name of an act.
    pub fn act(&self) -> io::Result<ActId> {
        self.draw().map(ActId)
    }

    /// Draws a boot's name, where the machine gives none.
    pub fn boot(&self) -> io::Result<BootId> {
        self.draw().map(BootId)
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_the_system_never_does() {
        let (one, two) = (Entropy::repeatable([1; 32]), Entropy::repeatable([1; 32]));
        assert_eq!(one.seed().unwrap(), two.seed().unwrap());
        assert_ne!(one.lease().unwrap(), one.lease().unwrap());
        let system = Entropy::system();
        assert_ne!(system.seed().unwrap(), system.seed().unwrap());
    }
}
