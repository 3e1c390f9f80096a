//! How fast a journal appends on this disk, by batch size: medians of interleaved rounds.
//!
//! `cargo run --release -p exam-journal --example append [FOLDER]`; the folder (default: the
//! system's temporary folder) decides which disk is measured. It measures the journal alone, with
//! and without its second copy; not the server.
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
#![expect(clippy::print_stdout, reason = "its table is its output")]

use std::{error::Error, path::PathBuf, sync::Arc, time::Duration, time::Instant};

use bytes::Bytes;
use exam_journal::{Journal, NewRecord, Options, RealFiles, SecondCopy};

const SIZES: [usize; 4] = [1, 8, 64, 256];
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(700);
/// About what one revision takes.
const PAYLOAD: usize = 80;

struct Measured {
    per_second: Vec<f64>,
    batch_us: Vec<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let base = std::env::args_os()
        .nth(1)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    for second_copy in [SecondCopy::Off, SecondCopy::On] {
        let dir = base.join(format!("exam-journal-append-{}", std::process::id()));
        measure(&dir, second_copy)?;
        std::fs::remove_dir_all(&dir)?;
    }
    Ok(())
}

fn measure(dir: &std::path::Path, second_copy: SecondCopy) -> Result<(), Box<dyn Error>> {
    let options = Options {
        second_copy,
        reserve_bytes: 64 << 20,
        ..Options::new("append example")
    };
    let (mut journal, _) = Journal::open(Arc::new(RealFiles), dir, &options)?;
    let mut measured: Vec<Measured> = SIZES
        .iter()
        .map(|_| Measured {
            per_second: Vec::new(),
            batch_us: Vec::new(),
        })
        .collect();
    for _ in 0..ROUNDS {
        // Interleaved, so that a busy minute of the machine falls on every size alike.
        for (size, measured) in SIZES.iter().zip(&mut measured) {
            let (per_second, batch_us) = round(&mut journal, *size)?;
            measured.per_second.push(per_second);
            measured.batch_us.push(batch_us);
        }
    }
    println!("second copy: {second_copy:?}; records of {PAYLOAD} bytes; median of {ROUNDS} rounds");
    println!("{:>8} {:>12} {:>14}", "batch", "records/s", "us per batch");
    for (size, mut measured) in SIZES.iter().zip(measured) {
        let per_second = median(&mut measured.per_second);
        let batch_us = median(&mut measured.batch_us);
        println!("{size:>8} {per_second:>12.0} {batch_us:>14.0}");
    }
    let closed = journal.close(Duration::from_secs(30));
    println!(
        "{} records, second copy at the end: {:?}\n",
        closed.last_lsn, closed.second
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a measurement, not a mark")]
fn round(journal: &mut Journal, size: usize) -> Result<(f64, f64), Box<dyn Error>> {
    let payload = Bytes::from(vec![0x5a; PAYLOAD]);
    let batch = vec![
        NewRecord {
            hall_ms: 1,
            wall_ms: 2,
            payload
        };
        size
    ];
    let start = Instant::now();
    let mut batches = 0_u64;
    while start.elapsed() < ROUND {
        journal.append(&batch)?;
        batches += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    let records = batches as f64 * size as f64;
    Ok((records / seconds, seconds * 1e6 / batches as f64))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
