//! Files written so that they are whole or not there: readable by the hall's account alone, synced,
//! and their folder with them.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use super::DataFault;

/// Makes a folder, and those above it, for the hall's account alone.
///
/// # Errors
/// [`DataFault`] of the operating system.
pub fn make_dir(dir: &Path) -> Result<(), DataFault> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(DataFault::io("make", dir))?;
    dir.parent().map_or(Ok(()), sync_dir)
}

/// Makes the names in a folder durable.
///
/// # Errors
/// [`DataFault`] of the operating system.
pub fn sync_dir(dir: &Path) -> Result<(), DataFault> {
    if dir.as_os_str().is_empty() {
        return Ok(());
    }
    let open = File::open(dir).map_err(DataFault::io("open", dir))?;
    open.sync_all().map_err(DataFault::io("sync", dir))
}

/// Writes a file that must not exist yet, mode 0600, durable with its name.
///
/// # Errors
/// [`DataFault`]; also where the file exists.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), DataFault> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    let mut file = options.open(path).map_err(DataFault::io("create", path))?;
    file.write_all(bytes)
        .map_err(DataFault::io("write", path))?;
    file.sync_all().map_err(DataFault::io("sync", path))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Writes a file as a whole, in place of an older one: aside, synced, renamed. Mode 0600.
///
/// # Errors
/// [`DataFault`] of the operating system.
pub fn write_replacing(path: &Path, bytes: &[u8]) -> Result<(), DataFault> {
    let aside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private(&mut options);
    let mut file = options
        .open(&aside)
        .map_err(DataFault::io("create", &aside))?;
    file.write_all(bytes)
        .map_err(DataFault::io("write", &aside))?;
    file.sync_all().map_err(DataFault::io("sync", &aside))?;
    std::fs::rename(&aside, path).map_err(DataFault::io("rename", &aside))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Returns how many bytes the disk that holds `dir` has left for this account.
///
/// # Errors
/// [`DataFault`] of the operating system.
pub fn available_bytes(dir: &Path) -> Result<u64, DataFault> {
    fs4::available_space(dir).map_err(DataFault::io("look at the disk of", dir))
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _: &mut OpenOptions = options;
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn secrets_are_readable_by_the_halls_account_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seed");
        write_new(&path, b"secret").unwrap();
        assert!(write_new(&path, b"other").is_err());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        write_replacing(&path, b"newer").unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read(&path).unwrap(), b"newer");
    }
}
