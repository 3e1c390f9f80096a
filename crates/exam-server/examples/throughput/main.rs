//! How many answers a second the whole hall makes durable, and what each costs.
//!
//! `cargo run --release -p exam-server --example throughput`. The program starts itself again as
//! servers: one with the real journal, one with the null journal, which keeps nothing. Both are
//! whole halls with TLS, rules and the sample bank; so many real streams answer as fast as acks
//! come, now at the one, now at the other. It reads processor time from `/proc`, so it runs on Linux;
//! it measures no screen, and no network but the loopback.
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
#![expect(clippy::print_stdout, reason = "its table is its output")]

mod args;
mod cast;
mod fleet;
mod machine;
mod report;
mod round;
mod seat;
mod server;
mod serving;
mod side;

use std::error::Error;
use std::process::ExitCode;

use args::Asked;

/// Whatever goes wrong ends the measurement.
pub(crate) type Bad = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    run().unwrap_or_else(|bad| {
        println!("{bad}");
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode, Bad> {
    machine::allow_files()?;
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
    };
    match args::read(std::env::args().skip(1))? {
        Asked::Measure(plan) => runtime()?.block_on(report::measure(&plan))?,
        Asked::Serve(plan) => runtime()?.block_on(serving::serve(plan))?,
        Asked::Probe(dir) => return Ok(exam_journal::probe(&dir).exit_code().into()),
        Asked::Help => println!("{}", args::HELP),
    }
    Ok(ExitCode::SUCCESS)
}
