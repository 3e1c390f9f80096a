//! The port to the disk: the few file operations a log needs, so that a simulated disk can tear,
//! lose, flip and fill up under the very same code.
//!
//! No buffering, no temporary files, no locking; the second copy (sled) does not pass through
//! here.

mod real;

use std::{
    fmt::Debug,
    io,
    path::{Path, PathBuf},
};

pub use real::RealFiles;

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading only; nothing about the file may change.
    Read,
    /// Reading and writing.
    Write,
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the folder; names that are not UTF-8 are not listed.
    pub name: String,
    /// Length in bytes; 0 for a folder.
    pub len: u64,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// File operations of a disk.
pub trait Files: Debug + Send + Sync {
    /// Creates a folder and those above it; no error if it exists.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;
    /// Creates an empty file; an error if the name exists.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn FileHandle>>;
    /// Opens an existing file.
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn FileHandle>>;
    /// Makes the names in a folder durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Renames a file or folder.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Lists a folder in order of names.
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>>;
    /// Whether a file or folder of this name exists.
    fn exists(&self, path: &Path) -> io::Result<bool>;
    /// Bytes free for this program on the disk that holds `dir`.
    fn free_space(&self, dir: &Path) -> io::Result<u64>;
    /// The folder as the operating system knows it; nothing on a simulated disk. The second copy
    /// needs it, since sled opens its files by itself.
    fn host_path(&self, dir: &Path) -> Option<PathBuf>;
}

/// An open file.
pub trait FileHandle: Debug + Send {
    /// Length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Whether the file has no byte.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Reads up to `buf.len()` bytes from `offset`; fewer only at the end of the file.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// Writes all of `data` at `offset`.
    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()>;
    /// Extends the file to `len` bytes of real zeros (not a hole); never shortens it.
    fn preallocate(&self, len: u64) -> io::Result<()>;
    /// Returns when the data are on the disk.
    fn sync_data(&self) -> io::Result<()>;
}

/// Reads a whole file.
pub(crate) fn read_all(files: &dyn Files, path: &Path) -> io::Result<Vec<u8>> {
    let file = files.open(path, Access::Read)?;
    let len = usize::try_from(file.len()?).or(Err(io::ErrorKind::FileTooLarge))?;
    let mut buf = vec![0; len];
    let read = file.read_at(0, &mut buf)?;
    buf.truncate(read);
    Ok(buf)
}

/// Creates a folder and those above it, and makes their names durable.
pub(crate) fn create_dir_durably(files: &dyn Files, dir: &Path) -> io::Result<()> {
    if files.exists(dir)? {
        return Ok(());
    }
    let above = match dir.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return files.create_dir(dir),
    };
    create_dir_durably(files, above)?;
    files.create_dir(dir)?;
    files.sync_dir(above)
}

/// Creates or replaces a small file as a whole: aside, sync, rename, sync of the folder.
pub(crate) fn replace_durably(
    files: &dyn Files,
    dir: &Path,
    name: &str,
    data: &[u8],
) -> io::Result<()> {
    let aside = dir.join(format!("{name}.new"));
    if files.exists(&aside)? {
        files.remove(&aside)?;
    }
    let file = files.create_new(&aside)?;
    file.write_at(0, data)?;
    file.sync_data()?;
    files.rename(&aside, &dir.join(name))?;
    files.sync_dir(dir)
}
