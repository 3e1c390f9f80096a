//! Finds a session by admission number and the last six of the ID, in constant time.
//!
//! Only keyed digests are compared, all of them at every try, so that the time it takes says
//! nothing about how near a guess was.

use exam_core::SessionId;

use super::{Roster, fold};

/// How many characters of the ID number are asked for.
const TAIL: usize = 6;

/// A roster prepared for log-in.
pub struct Lookup {
    key: [u8; 32],
    digests: Vec<(blake3::Hash, SessionId)>,
}

impl std::fmt::Debug for Lookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lookup({} rows)", self.digests.len())
    }
}

impl Lookup {
    /// Prepares a roster under a key that lives in this process alone.
    pub fn new(roster: &Roster, key: [u8; 32]) -> Self {
        let rows = roster.rows().iter();
        let digests = rows.map(|row| {
            let id = row.id_number.folded();
            let skip = id.chars().count().saturating_sub(TAIL);
            let tail: String = id.chars().skip(skip).collect();
            (digest(&key, &row.number.folded(), &tail), row.session)
        });
        Self {
            key,
            digests: digests.collect(),
        }
    }

    /// Returns the session that number and tail name, as a candidate typed them.
    pub fn find(&self, number: &str, tail: &str) -> Option<SessionId> {
        let (number, tail) = (fold(number), fold(tail));
        if tail.chars().count() != TAIL || number.is_empty() {
            return None;
        }
        let typed = digest(&self.key, &number, &tail);
        // `Hash` compares in constant time, and the search never stops early.
        self.digests.iter().fold(None, |found, (known, session)| {
            if *known == typed {
                Some(*session)
            } else {
                found
            }
        })
    }
}

fn digest(key: &[u8; 32], number: &str, tail: &str) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(number.as_bytes());
    hasher.update(&[0]);
    hasher.update(tail.as_bytes());
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use exam_core::{Place, SeatId};

    use super::super::{Private, Row};
    use super::*;

    #[test]
    fn number_and_tail_are_found_however_they_are_typed_and_only_together() {
        let row = |n: u8, number: &str, id: &str| Row {
            session: SessionId([n; 16]),
            number: Private::new(number),
            name: Private::new("某某"),
            id_number: Private::new(id),
            seat: SeatId::new("A-01").unwrap(),
            place: Place {
                room: 1,
                row: 1,
                column: 1,
            },
            factor: 100,
        };
        let rows = vec![
            row(1, "20260001", "11010119900101123x"),
            row(2, "20260002", "110101199001015678"),
        ];
        let lookup = Lookup::new(&Roster::new(rows), [9; 32]);
        let first = Some(SessionId([1; 16]));
        assert_eq!(lookup.find("20260001", "01123X"), first);
        assert_eq!(lookup.find(" ２０２６ 0001", "01123x"), first);
        for (number, tail) in [
            ("20260001", "015678"),
            ("20260001", "1123X"),
            ("20260001", "11010119900101123X"),
            ("", "01123X"),
            ("20260003", "01123X"),
        ] {
            assert_eq!(lookup.find(number, tail), None, "{number} {tail}");
        }
    }
}
