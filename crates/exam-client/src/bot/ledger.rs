//! A bot's ledger: one line for each revision the hall acked, synced before it counts.
//!
//! It is the witness against the hall's journal: every line must be there.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use exam_core::{Epoch, ItemId, OptionId, Seq, SessionId};

/// One acked revision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerLine {
    /// The session.
    pub session: SessionId,
    /// Its epoch.
    pub epoch: Epoch,
    /// Its number.
    pub seq: Seq,
    /// The item.
    pub item: ItemId,
    /// What was chosen; none = cleared.
    pub choice: Option<OptionId>,
}

/// Why a ledger cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFault {
    /// The file cannot be used.
    #[error("could not use the ledger {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is no ledger line.
    #[error("{path}, line {line}: not a ledger line")]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
}

impl Ledger {
    /// Opens the ledger at `path`, or makes it; lines are added at its end.
    ///
    /// # Errors
    /// [`LedgerFault::File`] where it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, LedgerFault> {
        let file = OpenOptions::new().append(true).create(true).open(path);
        Ok(Self {
            path: path.to_owned(),
            file: file.map_err(|source| fault(path, source))?,
        })
    }

    /// Adds lines and makes them durable. Blocks.
    ///
    /// # Errors
    /// [`LedgerFault::File`] where the disk fails.
    pub fn write(&mut self, lines: &[LedgerLine]) -> Result<(), LedgerFault> {
        let mut text = String::new();
        for line in lines {
            let choice = line.choice.as_ref().map_or("-", OptionId::as_str);
            let name = [
                line.session.to_string(),
                line.epoch.to_string(),
                line.seq.to_string(),
            ];
            text.push_str(&name.join(" "));
            text.push(' ');
            text.push_str(line.item.as_str());
            text.push(' ');
            text.push_str(choice);
            text.push('\n');
        }
        let written = self.file.write_all(text.as_bytes());
        let synced = written.and_then(|()| self.file.sync_data());
        synced.map_err(|source| fault(&self.path, source))
    }

    /// Reads a ledger back. A last line without an end was never counted and is left out.
    ///
    /// # Errors
    /// [`LedgerFault`] where it cannot be read, naming the line.
    pub fn read(path: &Path) -> Result<Vec<LedgerLine>, LedgerFault> {
        let text = std::fs::read_to_string(path).map_err(|source| fault(path, source))?;
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let lines = whole.lines().enumerate();
        lines
            .map(|(index, line)| {
                parse(line).ok_or_else(|| LedgerFault::Line {
                    path: path.to_owned(),
                    line: index + 1,
                })
            })
            .collect()
    }
}

fn fault(path: &Path, source: std::io::Error) -> LedgerFault {
    LedgerFault::File {
        path: path.to_owned(),
        source,
    }
}

fn parse(line: &str) -> Option<LedgerLine> {
    let words: Vec<&str> = line.split(' ').collect();
    let [session, epoch, seq, item, choice] = words.as_slice() else {
        return None;
    };
    Some(LedgerLine {
        session: session.parse().ok()?,
        epoch: Epoch(epoch.parse().ok()?),
        seq: Seq(seq.parse().ok()?),
        item: ItemId::new(item).ok()?,
        choice: match *choice {
            "-" => None,
            option => Some(OptionId::new(option).ok()?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_and_a_torn_last_one_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("A-07.ledger");
        let line = |seq: u32, choice: Option<&str>| LedgerLine {
            session: SessionId([1; 16]),
            epoch: Epoch(1),
            seq: Seq(seq),
            item: ItemId::new("q1").unwrap(),
            choice: choice.map(|choice| OptionId::new(choice).unwrap()),
        };
        let lines = [line(1, Some("o2")), line(2, None)];
        Ledger::open(&path).unwrap().write(&lines[..1]).unwrap();
        Ledger::open(&path).unwrap().write(&lines[1..]).unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"0101 1 3 q").unwrap();
        assert_eq!(Ledger::read(&path).unwrap(), lines);
        file.write_all(b"\n").unwrap();
        let error = Ledger::read(&path).unwrap_err().to_string();
        assert!(error.contains("line 3"), "{error}");
    }
}
