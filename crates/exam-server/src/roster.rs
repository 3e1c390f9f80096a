//! The roster of a sitting: who sits where, and how a candidate at a seat is found.
//!
//! Names and numbers live here, in the sitting's 0600 file, and on the screens of those they belong
//! to; never in a log, never in the chain (RULES 9). So [`Private`] has no readable `Debug`.

mod csv_file;
mod lookup;

use std::collections::BTreeMap;
use std::fmt;

use exam_core::{Place, SeatId, SessionId};
use unicode_normalization::UnicodeNormalization as _;

pub use csv_file::{RosterFinding, RosterReason, read_csv, write_csv};
pub use lookup::Lookup;

/// Text that belongs to a person. It has no readable `Debug`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Private(String);

impl Private {
    /// Keeps a text.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Shows it, to the person or to the staff that checks documents.
    pub fn show(&self) -> &str {
        &self.0
    }

    /// Returns it folded for comparing: full-width as half-width, without spaces and dashes, in
    /// upper case.
    pub(crate) fn folded(&self) -> String {
        fold(&self.0)
    }

    /// Returns all but the last four masked: `************1234`.
    pub fn masked(&self) -> String {
        let folded = self.folded();
        let length = folded.chars().count();
        let hidden = length.saturating_sub(4);
        let shown = folded.chars().enumerate();
        shown
            .map(|(at, c)| if at < hidden || length <= 4 { '*' } else { c })
            .collect()
    }
}

/// Folds a number as somebody types it.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(..)")
    }
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The candidate's session in this sitting.
    pub session: SessionId,
    /// Admission number.
    pub number: Private,
    /// Name.
    pub name: Private,
    /// ID number, full.
    pub id_number: Private,
    /// The planned seat.
    pub seat: SeatId,
    /// Where it stands.
    pub place: Place,
    /// Time factor in hundredths (T5).
    pub factor: u16,
}

/// A sitting's roster, in the order of the board's list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    rows: Vec<Row>,
    by_session: BTreeMap<SessionId, usize>,
}

impl Roster {
    /// Takes rows in roster order. That no seat, number or session occurs twice is checked where
    /// files are read, and once more by the sitting.
    pub fn new(rows: Vec<Row>) -> Self {
        let by_session = rows
            .iter()
            .enumerate()
            .map(|(at, row)| (row.session, at))
            .collect();
        Self { rows, by_session }
    }

    /// The rows, in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many candidates there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Says whether nobody is on it.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the candidate of a session.
    pub fn row(&self, session: SessionId) -> Option<&Row> {
        self.rows.get(*self.by_session.get(&session)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_number_shows_its_last_four() {
        assert_eq!(
            Private::new("11010119900101123X").masked(),
            "**************123X"
        );
        assert_eq!(Private::new("１２３４５").masked(), "*2345");
        assert_eq!(Private::new("1234").masked(), "****");
    }

    #[test]
    fn nothing_private_can_be_debugged() {
        let row = Row {
            session: SessionId([1; 16]),
            number: Private::new("20260001"),
            name: Private::new("王芳"),
            id_number: Private::new("110101199001011234"),
            seat: SeatId::new("A-01").unwrap(),
            place: Place {
                room: 1,
                row: 1,
                column: 1,
            },
            factor: 100,
        };
        let text = format!("{:?}", Roster::new(vec![row]));
        for secret in ["20260001", "王芳", "1101", "1234"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
