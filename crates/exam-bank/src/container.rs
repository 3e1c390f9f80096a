//! The container of a package: a zip of stored files, sorted by name, with fixed times. One set of
//! files has exactly one form, so every byte of a package is checked by making it again.
//!
//! It reads no other zip: no compression, no links, no comments, no extra fields. Stock tools open
//! what it writes.

use std::collections::BTreeMap;

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Greatest size of a package: 64 MiB.
pub const SIZE_MAX: usize = 64 << 20;
/// Greatest number of files in a package.
pub const FILES_MAX: usize = 512;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// 1980-01-01, the first day a zip can name.
const DAY: u16 = 0x0021;

/// Says why bytes are not a package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadContainer {
    /// More than [`SIZE_MAX`] bytes.
    #[error("the package is larger than {SIZE_MAX} bytes")]
    TooLarge,
    /// More than [`FILES_MAX`] files.
    #[error("the package holds more than {FILES_MAX} files")]
    TooMany,
    /// A name that is no plain file name: a path, a link target, another script.
    #[error("{0:?} is not a plain file name")]
    BadName(String),
    /// The same name twice.
    #[error("{0} is in the package twice")]
    Twice(String),
    /// Compressed, encrypted, cut short or otherwise not in our form.
    #[error("the package is damaged or was not packed by this program")]
    NotOurs,
}

/// Says whether `name` is a plain file name of ours: no path, nothing hidden, at most 80 letters.
pub fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let first = name
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphanumeric());
    first && name.len() <= 80 && name.chars().all(plain)
}

/// Packs files: the same files give the same bytes.
///
/// # Errors
/// [`BadContainer`] where a limit or a name is broken.
pub fn pack(files: &Files) -> Result<Vec<u8>, BadContainer> {
    if files.len() > FILES_MAX {
        return Err(BadContainer::TooMany);
    }
    let total: usize = files.values().map(Vec::len).sum();
    if total > SIZE_MAX {
        return Err(BadContainer::TooLarge);
    }
    let mut out = Vec::with_capacity(total + files.len() * 200);
    let mut directory = Vec::new();
    for (name, bytes) in files {
        if !is_plain(name) {
            return Err(BadContainer::BadName(name.clone()));
        }
        let at = u32_of(out.len())?;
        let mut common = Vec::new();
        for half in [10, 0, 0, 0, DAY] {
            push16(&mut common, half);
        }
        push32(&mut common, crc32(bytes));
        push32(&mut common, u32_of(bytes.len())?);
        push32(&mut common, u32_of(bytes.len())?);
        push16(&mut common, u16_of(name.len())?);
        push16(&mut common, 0);
        push32(&mut out, LOCAL);
        out.extend_from_slice(&common);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        push32(&mut directory, CENTRAL);
        push16(&mut directory, 0x031e);
        directory.extend_from_slice(&common);
        for half in [0, 0, 0] {
            push16(&mut directory, half);
        }
        // A regular file, readable by all, written by its owner.
        push32(&mut directory, 0o100_644 << 16);
        push32(&mut directory, at);
        directory.extend_from_slice(name.as_bytes());
    }
    let at = u32_of(out.len())?;
    out.extend_from_slice(&directory);
    push32(&mut out, END);
    for half in [0, 0, u16_of(files.len())?, u16_of(files.len())?] {
        push16(&mut out, half);
    }
    push32(&mut out, u32_of(directory.len())?);
    push32(&mut out, at);
    push16(&mut out, 0);
    Ok(out)
}

/// Unpacks a package, and refuses every byte that packing the same files would not write.
///
/// # Errors
/// [`BadContainer`] where a limit, a name or the form is broken.
pub fn unpack(bytes: &[u8]) -> Result<Files, BadContainer> {
    if bytes.len() > SIZE_MAX {
        return Err(BadContainer::TooLarge);
    }
    let mut files = Files::new();
    let mut rest = bytes;
    while take32(&mut rest)? == LOCAL {
        let header = take(&mut rest, 26)?;
        let mut sizes = header.get(14..).unwrap_or_default();
        let stored = take32(&mut sizes)?;
        let size = take32(&mut sizes)?;
        let name = take16(&mut sizes)?;
        let extra = take16(&mut sizes)?;
        if stored != size || extra != 0 {
            return Err(BadContainer::NotOurs);
        }
        let name = String::from_utf8_lossy(take(&mut rest, usize::from(name))?).into_owned();
        let size = usize::try_from(size).map_err(|_width| BadContainer::TooLarge)?;
        let file = take(&mut rest, size)?;
        if !is_plain(&name) {
            return Err(BadContainer::BadName(name));
        }
        if files.len() >= FILES_MAX {
            return Err(BadContainer::TooMany);
        }
        if files.insert(name.clone(), file.to_vec()).is_some() {
            return Err(BadContainer::Twice(name));
        }
    }
    if pack(&files)? == bytes {
        Ok(files)
    } else {
        Err(BadContainer::NotOurs)
    }
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Result<&'b [u8], BadContainer> {
    let (head, tail) = rest.split_at_checked(count).ok_or(BadContainer::NotOurs)?;
    *rest = tail;
    Ok(head)
}

fn take16(rest: &mut &[u8]) -> Result<u16, BadContainer> {
    let bytes = take(rest, 2)?.try_into();
    bytes
        .map(u16::from_le_bytes)
        .map_err(|_length| BadContainer::NotOurs)
}

fn take32(rest: &mut &[u8]) -> Result<u32, BadContainer> {
    let bytes = take(rest, 4)?.try_into();
    bytes
        .map(u32::from_le_bytes)
        .map_err(|_length| BadContainer::NotOurs)
}

fn push16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn push32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn u16_of(value: usize) -> Result<u16, BadContainer> {
    u16::try_from(value).map_err(|_width| BadContainer::TooLarge)
}

fn u32_of(value: usize) -> Result<u32, BadContainer> {
    u32::try_from(value).map_err(|_width| BadContainer::TooLarge)
}

/// The checksum zip wants; nothing here trusts it.
fn crc32(bytes: &[u8]) -> u32 {
    let byte = |crc: u32, byte: &u8| {
        let [low, ..] = (crc ^ u32::from(*byte)).to_le_bytes();
        (crc >> 8) ^ TABLE.get(usize::from(low)).copied().unwrap_or_default()
    };
    !bytes.iter().fold(!0, byte)
}

/// The checksum of every single byte.
const TABLE: [u32; 256] = table();

#[expect(
    clippy::indexing_slicing,
    reason = "const code; a bad index would not compile"
)]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    let mut byte = 0_u32;
    while at < table.len() {
        let mut crc = byte;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
            bit += 1;
        }
        table[at] = crc;
        at += 1;
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn sample() -> Files {
        Files::from([
            ("manifest.json".to_owned(), b"{}".to_vec()),
            ("empty.md".to_owned(), Vec::new()),
            ("undertaking.zh.md".to_owned(), "一\n".as_bytes().to_vec()),
        ])
    }

    #[test]
    fn the_same_files_give_the_same_bytes_and_come_back() {
        let bytes = pack(&sample()).unwrap();
        assert_eq!(bytes, pack(&sample()).unwrap());
        assert_eq!(unpack(&bytes).unwrap(), sample());
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_stock_reader_opens_it() {
        let bytes = pack(&sample()).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(zip.len(), 3);
        let mut text = String::new();
        let mut file = zip.by_name("undertaking.zh.md").unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "一\n");
    }

    #[test]
    fn every_changed_missing_or_added_byte_is_refused() {
        let bytes = pack(&sample()).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bad = bytes.clone();
                bad[at] ^= 1 << bit;
                // A changed byte inside a file is its checksum's matter: still not our bytes.
                assert!(unpack(&bad).is_err(), "byte {at} bit {bit}");
            }
            assert!(unpack(&bytes[..at]).is_err());
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(unpack(&longer).is_err());
    }

    #[test]
    fn paths_are_no_names() {
        for name in [
            "../a",
            "/etc/passwd",
            "a/b",
            "a\\b",
            ".hidden",
            "",
            "C:a",
            "a\0",
        ] {
            let files = Files::from([(name.to_owned(), Vec::new())]);
            assert_eq!(pack(&files), Err(BadContainer::BadName(name.to_owned())));
        }
    }
}
