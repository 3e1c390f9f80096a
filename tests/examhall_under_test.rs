//! The command, built for the rings that need a process; `EXAMHALL_BIN` names the real one.

use std::process::ExitCode;

fn main() -> ExitCode {
    examhall::main()
}
