//! The folder `set-aside/`: what was cut or moved out of the way, numbered, never deleted.

use std::path::{Path, PathBuf};

use crate::{
    fault::JournalFault,
    files::{Files, create_dir_durably},
};

/// The folder of things set aside, in a journal's folder.
pub(crate) const FOLDER: &str = "set-aside";

/// Keeps bytes as a new file and returns its path; durable on return.
pub(crate) fn keep(
    files: &dyn Files,
    journal: &Path,
    label: &str,
    bytes: &[u8],
) -> Result<PathBuf, JournalFault> {
    let to = next(files, journal, label)?;
    let done = || {
        let file = files.create_new(&to)?;
        file.write_at(0, bytes)?;
        file.sync_data()?;
        files.sync_dir(&journal.join(FOLDER))
    };
    done().map_err(JournalFault::io("write", &to))?;
    Ok(to)
}

/// Moves a file or folder there and returns its new path; durable on return.
pub(crate) fn take(
    files: &dyn Files,
    journal: &Path,
    from: &Path,
    label: &str,
) -> Result<PathBuf, JournalFault> {
    let to = next(files, journal, label)?;
    let done = || {
        files.rename(from, &to)?;
        files.sync_dir(&journal.join(FOLDER))?;
        from.parent()
            .map_or(Ok(()), |parent| files.sync_dir(parent))
    };
    done().map_err(JournalFault::io("set aside", from))?;
    Ok(to)
}

fn next(files: &dyn Files, journal: &Path, label: &str) -> Result<PathBuf, JournalFault> {
    let dir = journal.join(FOLDER);
    create_dir_durably(files, &dir).map_err(JournalFault::io("create", &dir))?;
    let entries = files.list(&dir).map_err(JournalFault::io("list", &dir))?;
    let last = entries
        .iter()
        .filter_map(|entry| entry.name.split_once('-')?.0.parse::<u32>().ok())
        .max()
        .unwrap_or(0);
    Ok(dir.join(format!("{:04}-{label}", last.saturating_add(1))))
}
