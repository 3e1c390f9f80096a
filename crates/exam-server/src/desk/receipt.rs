//! The receipt: how a session ended, a number for it, and a short check of the responses on
//! record.
//!
//! Both are digests of what is durable, so a later receipt of the same end is the same. Neither
//! says whether a response is right.

use exam_core::session::Session;
use exam_core::{Receipt, SittingId, State, WallTime};

use crate::clock::HallClock;
use crate::desk::marks::MarksShown;

/// What a kiosk shows at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReceiptShown {
    pub(crate) receipt: Receipt,
    pub(crate) at_wall: WallTime,
    /// Receipt number, such as `K7QM-2XPA`.
    pub(crate) code: String,
    /// Check of the responses on record, such as `9WDE-HT44`.
    pub(crate) check: String,
    /// Only where the rules show marks at hand-in.
    pub(crate) marks: Option<MarksShown>,
}

impl ReceiptShown {
    /// Returns the receipt of a session that has ended.
    pub(super) fn of(sitting: &SittingId, session: &Session, clock: &HallClock) -> Option<Self> {
        let State::Finished { end, at } = session.state else {
            return None;
        };
        let mut number = blake3::Hasher::new_derive_key("examhall 2026 receipt number v1");
        number.update(sitting.as_str().as_bytes());
        number.update(&session.id.0);
        number.update(end.id().as_bytes());
        number.update(&at.0.to_le_bytes());
        let mut check = blake3::Hasher::new_derive_key("examhall 2026 receipt check v1");
        for (item, response) in &session.responses {
            let choice = response
                .choice
                .as_ref()
                .map_or("", |choice| choice.as_str());
            for text in [item.as_str(), choice] {
                check.update(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
                check.update(text.as_bytes());
            }
        }
        let receipt = Receipt {
            end,
            at,
            answered: session.answered(),
            total: u16::try_from(session.outline.total()).unwrap_or(u16::MAX),
        };
        Some(Self {
            receipt,
            at_wall: clock.wall_at(at),
            code: short(&number),
            check: short(&check),
            marks: None,
        })
    }
}

/// The first forty bits of a digest as eight letters and digits without 0, O, 1 and I.
fn short(hasher: &blake3::Hasher) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let digest = hasher.finalize();
    let bits = digest
        .as_bytes()
        .iter()
        .take(5)
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let letter = |at: u32| {
        let index = usize::try_from(bits >> (35 - 5 * at) & 31).unwrap_or(0);
        LETTERS.get(index).map_or('?', |letter| char::from(*letter))
    };
    let first: String = (0..4).map(letter).collect();
    let second: String = (4..8).map(letter).collect();
    format!("{first}-{second}")
}
