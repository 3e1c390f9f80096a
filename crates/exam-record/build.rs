//! Compiles journal.v1 without protoc.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let file = root.join("examhall/journal/v1/journal.proto");
    println!("cargo::rerun-if-changed={}", file.display());
    let files = protox::compile([&file], [&root])?;
    prost_build::Config::new().bytes(["."]).compile_fds(files)?;
    Ok(())
}
