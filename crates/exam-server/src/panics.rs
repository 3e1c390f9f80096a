//! What happens when a thread panics: its place is written down and the process ends, except on
//! the threads of the second copy, which may panic without ending a hall (ARCHITECTURE decision
//! 10).

use std::fs::OpenOptions;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::Path;

/// Installs the hook of a hall's process. The place of a panic is added to `panic.txt` in the
/// folder `logs`; its message is not, since it may hold somebody's data.
pub fn install_panic_hook(logs: &Path) {
    let place = logs.join("panic.txt");
    std::panic::set_hook(Box::new(move |info| {
        note(&place, info);
        if !exam_journal::may_panic(std::thread::current().name()) {
            std::process::abort();
        }
    }));
}

fn note(place: &Path, info: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("?");
    let at = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(thread = name, at, "panic");
    let line = format!("panic on thread {name} at {at}\n");
    let file = OpenOptions::new().append(true).create(true).open(place);
    // The process is about to end: a line that cannot be written is lost.
    drop(file.and_then(|mut file| file.write_all(line.as_bytes())));
}
