//! What machine this is, and what it has spent.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::Bad;

/// Appends measured for the disk's latency.
const SYNCS: u32 = 400;
/// About what a batch of the desk takes.
const BLOCK: usize = 4_096;
/// Ticks a second in which Linux counts processor time for `/proc`, whatever the kernel's own.
const TICKS: u32 = 100;

/// Lets this process, and those it starts, open as many files as the system allows: each stream is
/// one at either end.
pub(crate) fn allow_files() -> Result<(), Bad> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// Time that process `pid` (or `self`) has had on the processors, in steps of 10 ms.
pub(crate) fn cpu_of(pid: &str) -> Result<Duration, Bad> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold anything; the numbers stand after it.
    let (_, numbers) = text.rsplit_once(')').ok_or("no numbers in /proc")?;
    let mut times = numbers.split_whitespace().skip(11).take(2);
    let mut next = || -> Result<u32, Bad> {
        let number = times.next().ok_or("too few numbers in /proc")?;
        Ok(number.parse()?)
    };
    let ticks = next()? + next()?;
    Ok(Duration::from_secs(1) * ticks / TICKS)
}

/// Processors, kernel, how busy the machine is already, and how long the disk under `folder` takes
/// to make an append durable: one line each.
pub(crate) fn facts(folder: &Path) -> Result<Vec<String>, Bad> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("", |model| model.trim_matches([':', ' ', '\t']));
    let load = read("/proc/loadavg");
    let load = load.split_whitespace().next().unwrap_or("unknown");
    let (half, most) = syncs(folder)?;
    Ok(vec![
        format!("{} cores {model}", std::thread::available_parallelism()?),
        format!("Linux {}", read("/proc/sys/kernel/osrelease").trim()),
        format!("load before the first round {load}"),
        format!(
            "{SYNCS} appends of {BLOCK} bytes, each with fdatasync: p50 {half:.0} µs, p99 {most:.0} µs"
        ),
    ])
}

/// Median and 99th percentile of one append with its sync, in microseconds.
fn syncs(folder: &Path) -> Result<(f64, f64), Bad> {
    let path = folder.join("syncs");
    let file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)?;
    let block = [0x5A; BLOCK];
    let whole = vec![0; BLOCK * usize::try_from(SYNCS)?];
    file.write_all_at(&whole, 0)?;
    file.sync_all()?;
    let mut took = Vec::new();
    for at in 0..u64::from(SYNCS) {
        let begun = Instant::now();
        file.write_all_at(&block, at * block.len() as u64)?;
        file.sync_data()?;
        took.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    std::fs::remove_file(&path)?;
    took.sort_by(f64::total_cmp);
    Ok((took[took.len() / 2], took[took.len() * 99 / 100]))
}
