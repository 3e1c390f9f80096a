//! The roster as a CSV file: what the board sends in, what lies in the sitting's folder.
//!
//! Every finding comes at once, with its row. Headers in Chinese or English, in any order; UTF-8,
//! with or without a byte order mark.

use std::collections::BTreeMap;
use std::io;

use exam_core::{Place, SeatId, SessionId};

use super::{Private, Roster, Row};

/// Something wrong in a roster file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterFinding {
    /// The line in the file, from 1; the header is line 1.
    pub line: u64,
    /// What is wrong.
    pub reason: RosterReason,
}

/// What can be wrong with a row. It never repeats a name or a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterReason {
    /// A column that must be there is not.
    #[error("there is no column {0}")]
    NoColumn(&'static str),
    /// The line is not CSV.
    #[error("the line cannot be read")]
    NotCsv,
    /// A cell is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A cell holds what cannot be.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
    /// The admission number stands in an earlier line too.
    #[error("the same admission number stands in line {0}")]
    SameNumber(u64),
    /// The seat stands in an earlier line too.
    #[error("the same seat stands in line {0}")]
    SameSeat(u64),
    /// Nobody is on the roster.
    #[error("there is no candidate")]
    Nobody,
}

const COLUMNS: [(&str, &[&str]); 9] = [
    ("number", &["number", "admission_number", "准考证号"]),
    ("name", &["name", "姓名"]),
    ("id_number", &["id_number", "id", "证件号码", "身份证号"]),
    ("seat", &["seat", "座位号", "考位", "机位号"]),
    ("room", &["room", "考场"]),
    ("row", &["row", "排"]),
    ("column", &["column", "列"]),
    ("factor", &["factor", "时间系数"]),
    ("session", &["session"]),
];

const NEEDED: [&str; 4] = ["number", "name", "id_number", "seat"];

/// Reads a roster. Rows without a session get one from `draw`.
///
/// # Errors
/// Every finding of the file; or what `draw` says, as one finding of line 0.
pub fn read_csv(
    text: &[u8],
    mut draw: impl FnMut() -> io::Result<SessionId>,
) -> Result<Roster, Vec<RosterFinding>> {
    let text = text.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let headers = reader.headers().cloned().unwrap_or_default();
    let columns = columns(&headers);
    let mut findings: Vec<RosterFinding> = NEEDED
        .into_iter()
        .filter(|needed| !columns.contains_key(needed))
        .map(|needed| RosterFinding {
            line: 1,
            reason: RosterReason::NoColumn(needed),
        })
        .collect();
    if !findings.is_empty() {
        return Err(findings);
    }
    let (mut rows, mut numbers, mut seats) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for (index, record) in (0_u16..).zip(reader.records()) {
        let line = u64::from(index) + 2;
        let find = |reason| RosterFinding { line, reason };
        let Ok(record) = record else {
            findings.push(find(RosterReason::NotCsv));
            continue;
        };
        let line = record.position().map_or(line, csv::Position::line);
        let find = |reason| RosterFinding { line, reason };
        let cell = |name: &str| {
            columns
                .get(name)
                .and_then(|at| record.get(*at))
                .unwrap_or("")
                .trim()
        };
        match row(cell, index, &mut draw) {
            Ok(row) => {
                if let Some(first) = numbers.insert(row.number.folded(), line) {
                    findings.push(find(RosterReason::SameNumber(first)));
                }
                if let Some(first) = seats.insert(row.seat.clone(), line) {
                    findings.push(find(RosterReason::SameSeat(first)));
                }
                rows.push(row);
            }
            Err(reasons) => findings.extend(reasons.into_iter().map(find)),
        }
    }
    if rows.is_empty() && findings.is_empty() {
        findings.push(RosterFinding {
            line: 1,
            reason: RosterReason::Nobody,
        });
    }
    if findings.is_empty() {
        Ok(Roster::new(rows))
    } else {
        Err(findings)
    }
}

fn columns(headers: &csv::StringRecord) -> BTreeMap<&'static str, usize> {
    let mut columns = BTreeMap::new();
    for (at, header) in headers.iter().enumerate() {
        let header = header.trim().to_lowercase();
        let known = COLUMNS
            .iter()
            .find(|(_, aliases)| aliases.contains(&header.as_str()));
        if let Some((name, _)) = known {
            columns.entry(*name).or_insert(at);
        }
    }
    columns
}

fn row<'a>(
    cell: impl Fn(&str) -> &'a str,
    index: u16,
    draw: &mut impl FnMut() -> io::Result<SessionId>,
) -> Result<Row, Vec<RosterReason>> {
    let mut reasons: Vec<RosterReason> = NEEDED
        .into_iter()
        .filter(|name| cell(name).is_empty())
        .map(RosterReason::Empty)
        .collect();
    let mut or_find = |name: &'static str, value: Option<u16>| {
        if value.is_none() {
            reasons.push(RosterReason::Unreadable(name));
        }
        value.unwrap_or_default()
    };
    let number = |name: &str, default: u16| match cell(name) {
        "" => Some(default),
        text => text.parse().ok().filter(|number| *number > 0),
    };
    // Where the file does not say how the hall stands: eight to a row, in roster order.
    let place = Place {
        room: or_find("room", number("room", 1)),
        row: or_find("row", number("row", index / 8 + 1)),
        column: or_find("column", number("column", index % 8 + 1)),
    };
    let factor = or_find("factor", factor(cell("factor")));
    let seat = SeatId::new(cell("seat"));
    let session = match cell("session") {
        "" => draw().ok(),
        text => text.parse().ok(),
    };
    if seat.is_err() && !cell("seat").is_empty() {
        reasons.push(RosterReason::Unreadable("seat"));
    }
    if session.is_none() {
        reasons.push(RosterReason::Unreadable("session"));
    }
    match (seat, session) {
        (Ok(seat), Some(session)) if reasons.is_empty() => Ok(Row {
            session,
            number: Private::new(cell("number")),
            name: Private::new(cell("name")),
            id_number: Private::new(cell("id_number")),
            seat,
            place,
            factor,
        }),
        (Ok(_) | Err(_), _) => Err(reasons),
    }
}

/// Reads a factor such as `1`, `1.25` or `125%`; in hundredths, between 1 and 5.
fn factor(text: &str) -> Option<u16> {
    let hundredths = match text.strip_suffix('%') {
        _ if text.is_empty() => 100,
        Some(percent) => percent.trim().parse().ok()?,
        None => text.parse::<exam_core::Marks>().ok()?.0,
    };
    let hundredths = u16::try_from(hundredths).ok()?;
    (100..=500).contains(&hundredths).then_some(hundredths)
}

/// Writes a roster as it lies in the sitting's folder; [`read_csv`] reads it back as the same.
pub fn write_csv(roster: &Roster) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let mut written = writer.write_record(&names);
    for row in roster.rows() {
        let factor = format!("{}%", row.factor);
        let numbers = [row.place.room, row.place.row, row.place.column].map(|n| n.to_string());
        let [room, line, column] = &numbers;
        let session = row.session.to_string();
        let cells = [
            row.number.show(),
            row.name.show(),
            row.id_number.show(),
            row.seat.as_str(),
            room,
            line,
            column,
            &factor,
            &session,
        ];
        written = written.and_then(|()| writer.write_record(cells));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    // Writing to memory cannot fail; an empty file would be refused when it is read.
    if written.is_ok() { bytes } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Roster, Vec<RosterFinding>> {
        let mut next = 0_u8;
        read_csv(text.as_bytes(), || {
            next += 1;
            Ok(SessionId([next; 16]))
        })
    }

    #[test]
    fn a_boards_list_is_read_and_comes_back_the_same() {
        let text = "\u{FEFF}座位号,姓名,准考证号,身份证号,时间系数\n\
                    A-01,王芳,20260001,110101199001011234,\n\
                    A-02,\"Smith, J.\",20260002,11010119900101567X,1.25\n";
        let roster = read(text).unwrap();
        assert_eq!(roster.len(), 2);
        assert_eq!(roster.rows()[0].factor, 100);
        assert_eq!(roster.rows()[1].factor, 125);
        assert_eq!(
            roster.rows()[1].place,
            Place {
                room: 1,
                row: 1,
                column: 2
            }
        );
        let again = read_csv(&write_csv(&roster), || Err(io::ErrorKind::Other.into()));
        assert_eq!(again.unwrap(), roster);
    }

    #[test]
    fn every_finding_comes_at_once_with_its_line() {
        let text = "number,name,id,seat,factor\n\
                    1,王,110101199001011234,A-01,\n\
                    1,李,,a-02,9\n\
                    1,赵,110101199001011234,A-01,\n";
        let findings = read(text).unwrap_err();
        let found: Vec<_> = findings
            .iter()
            .map(|f| (f.line, f.reason.clone()))
            .collect();
        assert_eq!(
            found,
            [
                (3, RosterReason::Empty("id_number")),
                (3, RosterReason::Unreadable("factor")),
                (3, RosterReason::Unreadable("seat")),
                (4, RosterReason::SameNumber(2)),
                (4, RosterReason::SameSeat(2)),
            ]
        );
        let findings = read("name,seat\n王,A-01\n").unwrap_err();
        assert_eq!(findings.len(), 2);
        let nobody = read("number,name,id,seat\n").unwrap_err();
        assert_eq!(nobody[0].reason, RosterReason::Nobody);
    }
}
