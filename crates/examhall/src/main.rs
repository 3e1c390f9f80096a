//! The one command: see `examhall --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    examhall::main()
}
