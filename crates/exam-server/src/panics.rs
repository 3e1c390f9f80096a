//! What happens when a thread panics: its place is written down and the process ends, except on
//! the threads of the second copy, which may panic without ending a hall (ARCHITECTURE decision
//! 10).

use std::fs::OpenOptions;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

/// Installs the hook of a hall's process. `place` is a file to which the place of a panic is
/// added, such as `logs/panic.txt`; its message is not, since it may hold somebody's data.
pub fn install_panic_hook(place: &Path) {
    let place = place.to_owned();
    std::panic::set_hook(Box::new(move |info| {
        note(&place, info);
        if !exam_journal::may_panic(std::thread::current().name()) {
            std::process::abort();
        }
    }));
}

fn note(place: &PathBuf, info: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("?");
    let at = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(thread = name, at, "panic");
    let line = format!("panic on thread {name} at {at}\n");
    let file = OpenOptions::new().append(true).create(true).open(place);
    // The process is about to end: a line that cannot be written is lost.
    drop(file.and_then(|mut file| file.write_all(line.as_bytes())));
}
