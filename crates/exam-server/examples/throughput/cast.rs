//! Who sits: plainly invented candidates, in rooms of twenty rows of ten. Both sides know them by
//! number alone, so neither has to tell the other.

use std::fmt::Write as _;

/// What a hall of this program is called.
pub(crate) const SITTING: &str = "throughput";

const COLUMNS: u16 = 10;
const ROWS: u16 = 20;

/// Admission number of candidate `n`, from 1.
pub(crate) fn number(n: u16) -> String {
    format!("20261121{n:05}")
}

/// The last six of candidate `n`'s ID number.
pub(crate) fn tail(n: u16) -> String {
    format!("1{n:05}")
}

/// The seat of candidate `n`.
pub(crate) fn seat(n: u16) -> String {
    let (room, row, column) = place(n);
    format!("R{room}-{row:02}-{column:02}")
}

fn place(n: u16) -> (u16, u16, u16) {
    let at = n.saturating_sub(1);
    let row = at / COLUMNS % ROWS + 1;
    (at / (COLUMNS * ROWS) + 1, row, at % COLUMNS + 1)
}

/// The roster of `seats` candidates, as a board would send it. 999999 is no region's code, so
/// nobody has these ID numbers.
pub(crate) fn roster(seats: u16) -> String {
    let mut text = "number,name,id_number,seat,room,row,column\n".to_owned();
    for n in 1..=seats {
        let (room, row, column) = place(n);
        let (number, tail, seat) = (number(n), tail(n), seat(n));
        let line = format!("{number},考生{n},999999200001{tail},{seat},{room},{row},{column}");
        writeln!(text, "{line}").expect("a text takes every line");
    }
    text
}
