//! The sealed papers of a sitting, kept in one file beside its journal.
//!
//! Sealed bytes are useless without the sitting's seed; whether they are whole is checked against
//! the digests in the journal when a sitting is taken up again. Nothing is ever redrawn.
//!
//! `papers/sealed`: for each part of each session: session (16 bytes), part (1), length (u32 BE),
//! sealed bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use exam_core::{Digest, PartNo, SessionId, Sitting};
use exam_proto::seal::{SealedPart, open_part, paper_key};

use crate::data::{DataFault, make_dir, write_new};

/// Sealed parts by session.
pub(crate) type SealedPapers = BTreeMap<SessionId, Vec<SealedPart>>;

/// The papers on the disk are not those of the journal.
#[derive(Debug, thiserror::Error)]
pub enum PapersFault {
    /// The file cannot be read or written.
    #[error(transparent)]
    Data(#[from] DataFault),
    /// The file is damaged.
    #[error("could not read {}: it is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A paper is missing or is not the one on record.
    #[error("could not use {}: the paper of session {session} is not the one on record", path.display())]
    NotOnRecord {
        /// The file.
        path: PathBuf,
        /// Whose.
        session: SessionId,
    },
}

fn file(dir: &Path) -> PathBuf {
    dir.join("sealed")
}

/// Writes the papers of a new sitting, durably.
pub(crate) fn write(dir: &Path, papers: &SealedPapers) -> Result<(), PapersFault> {
    make_dir(dir)?;
    let mut bytes = Vec::new();
    for (session, part) in papers
        .iter()
        .flat_map(|(id, parts)| parts.iter().map(move |part| (id, part)))
    {
        bytes.extend_from_slice(&session.0);
        bytes.push(part.part.0);
        let length = u32::try_from(part.sealed.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&part.sealed);
    }
    Ok(write_new(&file(dir), &bytes)?)
}

/// Reads the papers of a sitting and checks each against the journal.
pub(crate) fn read(
    dir: &Path,
    sitting: &Sitting,
    seed: &[u8; 32],
    manifest: &Digest,
) -> Result<SealedPapers, PapersFault> {
    let path = file(dir);
    let bytes = std::fs::read(&path).map_err(DataFault::io("read", &path))?;
    let mut papers =
        parse(Bytes::from(bytes)).ok_or_else(|| PapersFault::Damaged { path: path.clone() })?;
    for session in sitting.sessions().values() {
        let whole = papers.get_mut(&session.id).is_some_and(|parts| {
            parts.len() == session.outline.parts.len()
                && parts
                    .iter_mut()
                    .zip(&session.outline.parts)
                    .all(|(part, outline)| {
                        let key = paper_key(seed, session.id, part.part);
                        let opened = open_part(&key, session.id, part.part, manifest, &part.sealed);
                        part.digest = outline.digest;
                        part.part == outline.part
                            && opened.is_ok_and(|(_, digest)| digest == outline.digest)
                    })
        });
        if !whole {
            return Err(PapersFault::NotOnRecord {
                path,
                session: session.id,
            });
        }
    }
    Ok(papers)
}

fn parse(mut bytes: Bytes) -> Option<SealedPapers> {
    let mut papers = SealedPapers::new();
    while !bytes.is_empty() {
        let (session, rest) = bytes.split_first_chunk::<16>()?;
        let (part, rest) = rest.split_first()?;
        let (length, _) = rest.split_first_chunk::<4>()?;
        let (session, part) = (SessionId(*session), PartNo(*part));
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let head = 16 + 1 + 4;
        if bytes.len() < head + length {
            return None;
        }
        let sealed = bytes.slice(head..head + length);
        bytes = bytes.slice(head + length..);
        papers.entry(session).or_default().push(SealedPart {
            part,
            digest: Digest::default(),
            sealed,
        });
    }
    Some(papers)
}
