//! Proofs of a one-time code at enrolment: both sides show that they know it, over what the other
//! must not be able to change.
//!
//! How codes are drawn, printed and used up is the hall's business.

/// Returns the key that a typed code stands for. Case, spaces and dashes do not matter.
pub fn code_key(code: &str) -> [u8; 32] {
    let folded: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    blake3::derive_key("examhall 2026 enrolment code v1", folded.as_bytes())
}

/// The kiosk's proof over its request and the certificate it sees on this connection.
pub fn request_proof(key: &[u8; 32], nonce: &[u8], csr: &[u8], server: &[u8]) -> [u8; 32] {
    proof(key, "request", &[nonce, csr, server])
}

/// The hall's proof over its reply.
pub fn reply_proof(key: &[u8; 32], nonce: &[u8], certificate: &[u8], ca: &[u8]) -> [u8; 32] {
    proof(key, "reply", &[nonce, certificate, ca])
}

/// Says whether two proofs are equal, in constant time.
pub fn equal(one: &[u8; 32], other: &[u8]) -> bool {
    <[u8; 32]>::try_from(other)
        .is_ok_and(|other| blake3::Hash::from_bytes(*one) == blake3::Hash::from_bytes(other))
}

fn proof(key: &[u8; 32], purpose: &str, fields: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(purpose.as_bytes());
    for field in fields {
        // Digests are of one length, so fields cannot run into each other.
        hasher.update(blake3::hash(field).as_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_depends_on_code_connection_and_direction() {
        let key = code_key("abcd-efgh 2345");
        assert_eq!(key, code_key("ABCDEFGH2345"));
        let proof = request_proof(&key, b"n", b"csr", b"server");
        assert!(equal(&proof, &request_proof(&key, b"n", b"csr", b"server")));
        assert_ne!(proof, request_proof(&key, b"n", b"csr", b"other server"));
        assert_ne!(
            proof,
            request_proof(&code_key("ABCDEFGH2346"), b"n", b"csr", b"server")
        );
        assert_ne!(proof, reply_proof(&key, b"n", b"csr", b"server"));
        assert!(!equal(&proof, b"short"));
    }
}
