//! Random bytes from the operating system, for nonces and act ids.
//!
//! No paper, no seed and no bot draws here.

use rustls::crypto::GetRandomFailed;

/// Draws `N` bytes.
///
/// # Errors
/// [`GetRandomFailed`] where the system has no randomness to give.
pub(crate) fn draw<const N: usize>() -> Result<[u8; N], GetRandomFailed> {
    let mut bytes = [0; N];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)?;
    Ok(bytes)
}
