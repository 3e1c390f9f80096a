//! The measurement: servers of each kind for each count of streams, driven in turns; the table.

use std::path::Path;

use crate::Bad;
use crate::args::{Journal, Plan};
use crate::machine::facts;
use crate::side::Side;

/// Measures and prints.
pub(crate) async fn measure(plan: &Plan) -> Result<(), Bad> {
    let folder = tempfile::Builder::new()
        .prefix("examhall-throughput-")
        .tempdir_in(&plan.data)?;
    println!("acked answers of one program with one journal and another, in turns\n");
    for fact in facts(folder.path())? {
        println!("* {fact}");
    }
    println!(
        "* median of {} rounds of {} s (least to most); {} revisions of each seat under way\n",
        plan.rounds, plan.seconds, plan.window
    );
    println!(
        "| streams | journal | acks/s | p50 ms | p99 ms | server µs/ack | load µs/ack | acks/message |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|--:|");
    let mut notes = Vec::new();
    for &streams in &plan.streams {
        let root = folder.path().join(streams.to_string());
        notes.extend(measure_one(plan, streams, &root).await?);
        std::fs::remove_dir_all(&root)?;
    }
    println!();
    for note in notes {
        println!("* {note}");
    }
    Ok(())
}

/// One count of streams; prints its rows and returns what else is to be said.
async fn measure_one(plan: &Plan, streams: u16, root: &Path) -> Result<Vec<String>, Bad> {
    let open = |journal: &Journal| Side::open(*journal, root, streams);
    // All open at the same time: drawing the papers takes its while.
    let mut sides: Vec<Side> = plan.journals.iter().map(open).collect::<Result<_, _>>()?;
    for side in &mut sides {
        side.fill().await?;
    }
    for _ in 0..plan.rounds {
        for side in &mut sides {
            side.round(plan).await?;
        }
        // The next round goes the other way: whoever came after a busy minute now comes before it.
        sides.reverse();
    }
    sides.sort_by_key(|side| plan.journals.iter().position(|one| *one == side.journal()));
    for side in &sides {
        println!("{}", side.row(streams));
    }
    let mut notes = Vec::new();
    let (first, others) = sides.split_first().ok_or("no journal to measure")?;
    for other in others {
        notes.push(format!("{streams} streams: {}", ratios(other, first)));
    }
    for side in sides {
        if side.journal() == Journal::Real {
            notes.push(format!("{streams} streams: {}", side.behind()));
            notes.push(format!("{streams} streams: {}", side.restart().await?));
        }
    }
    Ok(notes)
}

/// One by another: of the medians, and round by round (a busy minute of the machine falls on both
/// turns of a round alike).
fn ratios(one: &Side, other: &Side) -> String {
    let rate = |side: &Side| side.median(|round| round.per_second);
    let mut each: Vec<f64> = one
        .rates()
        .zip(other.rates())
        .map(|(one, other)| one / other)
        .collect();
    each.sort_by(f64::total_cmp);
    let least = each.first().copied().unwrap_or_default();
    let most = each.last().copied().unwrap_or_default();
    let ratio = rate(one) / rate(other);
    let (one, other) = (one.journal().name(), other.journal().name());
    format!("{one}/{other} {ratio:.2} (round by round {least:.2} to {most:.2})")
}
