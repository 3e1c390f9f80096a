//! The one command: see `examhall --help`.
fn main() {}
