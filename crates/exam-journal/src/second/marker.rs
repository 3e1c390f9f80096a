//! The small file that says how the second copy was left: `sled/state`, one line.
//!
//! `clean 0001 4711` = closed in order, record 4711 last; `open 0001` = in use, or the process
//! died; `lost 0001` = given up. Absent or unreadable counts as `open`: look before you trust.

use std::path::{Path, PathBuf};

use crate::files::{Files, create_dir_durably, read_all, replace_durably};

/// The folder of the second copy, in a journal's folder. Each attempt has a folder of its own in
/// it (`sled/0001`), since a slow one that was set aside may still write by its old path.
pub(crate) const FOLDER: &str = "sled";
const FILE: &str = "state";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Clean { last_lsn: u64 },
    Open,
    Lost,
}

/// Number and state of the present second copy, if there is one.
pub(crate) fn present(files: &dyn Files, journal: &Path) -> std::io::Result<Option<(u32, Left)>> {
    let dir = journal.join(FOLDER);
    if !files.exists(&dir)? {
        return Ok(None);
    }
    let folders = files.list(&dir)?;
    let last = folders
        .iter()
        .filter(|entry| entry.is_dir)
        .filter_map(|entry| entry.name.parse::<u32>().ok())
        .max();
    let Some(number) = last else { return Ok(None) };
    let file = dir.join(FILE);
    let text = if files.exists(&file)? {
        read_all(files, &file)?
    } else {
        Vec::new()
    };
    Ok(Some((number, parse(&text, number).unwrap_or(Left::Open))))
}

fn parse(text: &[u8], number: u32) -> Option<Left> {
    let mut words = std::str::from_utf8(text).ok()?.split_whitespace();
    let word = words.next()?;
    if words.next()?.parse::<u32>().ok()? != number {
        return None;
    }
    match word {
        "clean" => Some(Left::Clean {
            last_lsn: words.next()?.parse().ok()?,
        }),
        "lost" => Some(Left::Lost),
        _ => Some(Left::Open),
    }
}

pub(crate) fn write(
    files: &dyn Files,
    journal: &Path,
    number: u32,
    left: Left,
) -> std::io::Result<()> {
    let dir = journal.join(FOLDER);
    create_dir_durably(files, &dir)?;
    let line = match left {
        Left::Clean { last_lsn } => format!("clean {number:04} {last_lsn}\n"),
        Left::Open => format!("open {number:04}\n"),
        Left::Lost => format!("lost {number:04}\n"),
    };
    replace_durably(files, &dir, FILE, line.as_bytes())
}

/// The folder of the attempt with this number.
pub(crate) fn folder(journal: &Path, number: u32) -> PathBuf {
    journal.join(FOLDER).join(format!("{number:04}"))
}

/// The number for the next attempt.
pub(crate) fn next_number(files: &dyn Files, journal: &Path) -> u32 {
    present(files, journal)
        .ok()
        .flatten()
        .map_or(1, |(number, _)| number.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::SimFiles;

    #[test]
    fn how_it_was_left_reads_back_and_nonsense_counts_as_unclean() {
        let disk = SimFiles::new();
        let dir = Path::new("/j");
        assert_eq!(present(&disk, dir).unwrap(), None);
        disk.create_dir(&folder(dir, 3)).unwrap();
        assert_eq!(present(&disk, dir).unwrap(), Some((3, Left::Open)));
        for left in [Left::Clean { last_lsn: 9 }, Left::Lost, Left::Open] {
            write(&disk, dir, 3, left).unwrap();
            assert_eq!(present(&disk, dir).unwrap(), Some((3, left)));
        }
        write(&disk, dir, 2, Left::Clean { last_lsn: 9 }).unwrap();
        assert_eq!(
            present(&disk, dir).unwrap(),
            Some((3, Left::Open)),
            "of another attempt"
        );
    }
}
