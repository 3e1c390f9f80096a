//! The people of a demonstration: a roster of plainly invented candidates, on seats in rows of ten.
//!
//! Real rosters come from the board as files; nothing here is used for them.

use exam_server::entropy::Entropy;
use exam_server::roster::{Roster, read_csv};

use crate::exit::Failure;

/// One invented candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Admission number.
    pub number: String,
    /// Name.
    pub name: String,
    /// ID number; 999999 is no region's code, so nobody has it.
    pub id_number: String,
    /// Seat.
    pub seat: String,
}

impl Member {
    /// Returns the last six of the ID number: what is typed at log-in.
    pub fn tail(&self) -> String {
        self.id_number.chars().skip(12).collect()
    }
}

/// Returns `count` candidates; the first is the person at this terminal if there is one.
pub fn members(count: u16, first_is_a_person: bool) -> Vec<Member> {
    (1..=count).map(|n| member(n, n == 1 && first_is_a_person)).collect()
}

fn member(n: u16, person: bool) -> Member {
    let at = usize::from(n - 1);
    let (room, row, column) = (at / 200 + 1, at / 10 % 20, at % 10 + 1);
    let row = char::from(b'A' + u8::try_from(row).unwrap_or(0));
    let seat = if room == 1 {
        format!("{row}-{column:02}")
    } else {
        format!("R{room}-{row}-{column:02}")
    };
    let name = if person { "演示考生".to_owned() } else { format!("模拟考生{n:04}") };
    Member {
        number: format!("20261121{n:04}"),
        name,
        id_number: format!("99999920000101{:04}", 1000 + n % 9000),
        seat,
    }
}

/// Returns the roster of these candidates, read by the same code as a board's file.
///
/// # Errors
/// Where the system gives no chance for session names.
pub fn roster(members: &[Member]) -> Result<Roster, Failure> {
    let mut csv = String::from("number,name,id_number,seat,room,row,column\n");
    for (at, member) in members.iter().enumerate() {
        let Member { number, name, id_number, seat } = member;
        let (room, row, column) = (at / 200 + 1, at / 10 % 20 + 1, at % 10 + 1);
        csv.push_str(&format!("{number},{name},{id_number},{seat},{room},{row},{column}\n"));
    }
    let entropy = Entropy::system();
    read_csv(csv.as_bytes(), || entropy.session()).map_err(|findings| {
        let all: Vec<String> = findings.iter().map(|one| format!("{}: {}", one.line, one.reason)).collect();
        Failure::unexpected(all.join("; "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_thousand_candidates_have_seats_numbers_and_tails_of_their_own() {
        let members = members(2000, true);
        let roster = roster(&members).unwrap();
        assert_eq!(roster.len(), 2000);
        assert!(members.iter().all(|member| member.tail().len() == 6));
        assert_eq!(members[0].seat, "A-01");
        assert_eq!(members[1999].seat, "R10-T-10");
    }
}
