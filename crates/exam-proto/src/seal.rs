//! Encoding and sealing of a paper, once per session and part (ARCHITECTURE decision 4).
//!
//! Keys are derived from the sitting's seed and never stored; this module does not know when a key
//! may be released.

use bytes::Bytes;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use exam_core::{Digest, ExamId, Paper, PaperPart, PartNo, SessionId};
use prost::Message as _;

use crate::{Malformed, delivery, paper_part_from_wire, paper_part_to_wire};

/// A key that opens one part of one session's paper.
#[derive(Clone, PartialEq, Eq)]
pub struct PaperKey(pub [u8; 32]);

impl std::fmt::Debug for PaperKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaperKey(..)")
    }
}

/// One part, encoded and sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPart {
    /// Which part.
    pub part: PartNo,
    /// BLAKE3 of the encoded part before sealing.
    pub digest: Digest,
    /// The sealed bytes.
    pub sealed: Bytes,
}

/// One part, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedPart {
    /// The exam the paper belongs to.
    pub exam: ExamId,
    /// The part.
    pub part: PaperPart,
    /// BLAKE3 of its encoded bytes.
    pub digest: Digest,
}

/// Why a sealed part does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// The key, the session, the part or the bank is another one, or the bytes were changed.
    #[error("the sealed paper does not open: it belongs to another session or was changed")]
    DoesNotOpen,
    /// It opened, but holds no paper.
    #[error("the opened paper is malformed")]
    Malformed(#[from] Malformed),
}

/// Derives the key of one part of one session's paper.
pub fn paper_key(seed: &[u8; 32], session: SessionId, part: PartNo) -> PaperKey {
    let mut hasher = blake3::Hasher::new_derive_key("examhall 2026 paper key v1");
    hasher.update(seed);
    hasher.update(&session.0);
    hasher.update(&[part.0]);
    PaperKey(*hasher.finalize().as_bytes())
}

/// Returns the BLAKE3 digest of an encoded part.
pub fn part_digest(encoded: &[u8]) -> Digest {
    Digest(blake3::derive_key("examhall 2026 paper part v1", encoded))
}

/// Encodes one part: the bytes that are digested and sealed. Same paper, same bytes (P1).
pub fn encode_part(session: SessionId, exam: &ExamId, part: &PaperPart) -> Vec<u8> {
    paper_part_to_wire(session, exam, part).encode_to_vec()
}

/// Encodes and seals every part of `paper`.
pub fn seal_paper(seed: &[u8; 32], manifest: &Digest, paper: &Paper) -> Vec<SealedPart> {
    let seal = |part: &PaperPart| {
        let encoded = encode_part(paper.session, &paper.exam, part);
        let key = paper_key(seed, paper.session, part.part);
        let bound = bound(paper.session, part.part, manifest);
        let sealed = cipher(&key)
            .encrypt(
                &nonce(),
                Payload {
                    msg: &encoded,
                    aad: &bound,
                },
            )
            .expect("a paper is far below the cipher's limit of 256 GiB");
        SealedPart {
            part: part.part,
            digest: part_digest(&encoded),
            sealed: sealed.into(),
        }
    };
    paper.parts.iter().map(seal).collect()
}

/// Opens one sealed part and returns it with the digest of its encoded bytes.
///
/// # Errors
/// [`SealFault`] where key, session, part or manifest are others, or a byte was changed.
pub fn open_part(
    key: &PaperKey,
    session: SessionId,
    part: PartNo,
    manifest: &Digest,
    sealed: &[u8],
) -> Result<(PaperPart, Digest), SealFault> {
    unseal(key, session, part, manifest, sealed).map(|opened| (opened.part, opened.digest))
}

/// Opens one sealed part, and checks that what is inside names the same session and part.
///
/// # Errors
/// [`SealFault`] where key, session, part or manifest are others, or a byte was changed.
pub fn unseal(
    key: &PaperKey,
    session: SessionId,
    part: PartNo,
    manifest: &Digest,
    sealed: &[u8],
) -> Result<OpenedPart, SealFault> {
    let bound = bound(session, part, manifest);
    let encoded = cipher(key)
        .decrypt(
            &nonce(),
            Payload {
                msg: sealed,
                aad: &bound,
            },
        )
        .map_err(|_opaque| SealFault::DoesNotOpen)?;
    let wire = delivery::PaperPart::decode(encoded.as_slice())
        .map_err(|error| Malformed(format!("paper part: {error}")))?;
    let opened = OpenedPart {
        exam: ExamId::new(&wire.exam).map_err(Malformed::from)?,
        part: paper_part_from_wire(&wire)?,
        digest: part_digest(&encoded),
    };
    if wire.session != session.0.as_slice() || opened.part.part != part {
        return Err(SealFault::DoesNotOpen);
    }
    Ok(opened)
}

fn cipher(key: &PaperKey) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(key.0))
}

/// A key seals exactly once, so the nonce may be fixed (ARCHITECTURE decision 4).
fn nonce() -> Nonce {
    Nonce::from([0; 12])
}

fn bound(session: SessionId, part: PartNo, manifest: &Digest) -> Vec<u8> {
    let mut bound = session.0.to_vec();
    bound.push(part.0);
    bound.extend_from_slice(&manifest.0);
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_core::{
        ItemId, ItemKind, Marks, OptionId, PaperItem, PaperOption, PaperSection, Text,
    };

    fn paper(session: SessionId) -> Paper {
        let option = |id: &str| PaperOption {
            id: OptionId::new(id).unwrap(),
            text: Text::zh(id),
        };
        let item = PaperItem {
            number: 1,
            item: ItemId::new("q1").unwrap(),
            stem: Text::both("题干", "stem"),
            options: vec![option("o2"), option("o1")],
        };
        let section = PaperSection {
            kind: ItemKind::SingleChoice,
            points: Marks::points(1),
            items: vec![item],
        };
        let part = PaperPart {
            part: PartNo(1),
            title: Text::zh("理论"),
            sections: vec![section],
        };
        Paper {
            session,
            exam: ExamId::new("e").unwrap(),
            parts: vec![part],
        }
    }

    #[test]
    fn a_sealed_part_opens_with_its_own_key_alone() {
        let (seed, manifest, session) = ([7; 32], Digest([1; 32]), SessionId([2; 16]));
        let paper = paper(session);
        let sealed = seal_paper(&seed, &manifest, &paper);
        let [part] = sealed.as_slice() else {
            panic!("one part")
        };
        let key = paper_key(&seed, session, PartNo(1));
        let (opened, digest) =
            open_part(&key, session, PartNo(1), &manifest, &part.sealed).unwrap();
        assert_eq!(opened, paper.parts[0]);
        assert_eq!(digest, part.digest);

        let other = SessionId([3; 16]);
        let other_key = paper_key(&seed, other, PartNo(1));
        for (key, session, part_no, manifest) in [
            (&other_key, session, PartNo(1), manifest),
            (&key, other, PartNo(1), manifest),
            (&key, session, PartNo(2), manifest),
            (&key, session, PartNo(1), Digest([9; 32])),
        ] {
            let opened = open_part(key, session, part_no, &manifest, &part.sealed);
            assert_eq!(opened, Err(SealFault::DoesNotOpen));
        }
    }

    #[test]
    fn a_changed_byte_is_refused() {
        let (seed, manifest, session) = ([7; 32], Digest([1; 32]), SessionId([2; 16]));
        let sealed = seal_paper(&seed, &manifest, &paper(session));
        let key = paper_key(&seed, session, PartNo(1));
        for at in 0..sealed[0].sealed.len() {
            let mut bytes = sealed[0].sealed.to_vec();
            bytes[at] ^= 1;
            assert_eq!(
                open_part(&key, session, PartNo(1), &manifest, &bytes),
                Err(SealFault::DoesNotOpen)
            );
        }
    }
}
