//! A candidate who never stops answering, and writes down every ack before believing it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use exam_client::bot::{Ledger, LedgerLine};
use exam_client::{Act, Identity, Observed, Picture, Seat, SeatConfig, SeatHandle};
use exam_core::view::Label;
use exam_core::{Epoch, ItemId, OptionId, Seq, SessionId};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// What all restless candidates have made and had acked.
#[derive(Debug, Default)]
pub struct Counts {
    /// Revisions made.
    pub made: AtomicU64,
    /// Revisions acked and in a ledger.
    pub acked: AtomicU64,
}

impl Counts {
    /// Revisions made and not yet acked.
    pub fn unacked(&self) -> u64 {
        let acked = self.acked.load(Ordering::SeqCst);
        self.made.load(Ordering::SeqCst).saturating_sub(acked)
    }
}

/// A restless candidate at work.
#[derive(Debug)]
pub struct Restless {
    tasks: [JoinHandle<()>; 2],
    stop: watch::Sender<bool>,
    /// The ledger's file.
    pub ledger: PathBuf,
}

impl Restless {
    /// Sits down: logs in and answers for ever, one change about every `pace`.
    pub fn sit(
        identity: Identity,
        address: String,
        number: &str,
        tail: &str,
        dir: &Path,
        counts: &Arc<Counts>,
        pace: Duration,
    ) -> Self {
        let (observer, observed) = mpsc::channel(4096);
        let seat = Seat::start(SeatConfig {
            identity,
            address,
            spool_dir: Some(dir.to_owned()),
            boot: exam_client::clock::boot_id(),
            speed: 1,
            observer: Some(observer),
        })
        .unwrap();
        let ledger = dir.join("acks.ledger");
        let (stop, stopped) = watch::channel(false);
        let keeper = tokio::spawn(keep(observed, ledger.clone(), Arc::clone(counts)));
        let walker = tokio::spawn(walk(
            seat,
            number.to_owned(),
            tail.to_owned(),
            pace,
            stopped,
        ));
        Self {
            tasks: [keeper, walker],
            stop,
            ledger,
        }
    }

    /// Stops answering and leaves the seat.
    pub async fn leave(self) {
        self.stop.send_replace(true);
        let [keeper, walker] = self.tasks;
        walker.await.unwrap();
        keeper.await.unwrap();
    }
}

type Name = (SessionId, Epoch, Seq);

/// Writes acks into the ledger, synced, before they count.
async fn keep(mut observed: mpsc::Receiver<Observed>, path: PathBuf, counts: Arc<Counts>) {
    let mut ledger = Ledger::open(&path).unwrap();
    let mut made: BTreeMap<Name, (ItemId, Option<OptionId>)> = BTreeMap::new();
    while let Some(seen) = observed.recv().await {
        match seen {
            Observed::Made {
                session,
                epoch,
                seq,
                item,
                choice,
                ..
            } => {
                if made.insert((session, epoch, seq), (item, choice)).is_none() {
                    counts.made.fetch_add(1, Ordering::SeqCst);
                }
            }
            Observed::Acked {
                session,
                epoch,
                up_to,
                ..
            } => {
                let (first, last) = ((session, epoch, Seq(0)), (session, epoch, up_to));
                let names: Vec<Name> = made.range(first..=last).map(|(name, _)| *name).collect();
                let lines: Vec<LedgerLine> = names
                    .iter()
                    .filter_map(|name| {
                        let (item, choice) = made.remove(name)?;
                        Some(LedgerLine {
                            session: name.0,
                            epoch: name.1,
                            seq: name.2,
                            item,
                            choice,
                        })
                    })
                    .collect();
                if !lines.is_empty() {
                    ledger.write(&lines).unwrap();
                    counts
                        .acked
                        .fetch_add(u64::try_from(lines.len()).unwrap(), Ordering::SeqCst);
                }
            }
            Observed::Refused { .. } => {}
        }
    }
}

async fn walk(
    seat: SeatHandle,
    number: String,
    tail: String,
    pace: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    let mut step: usize = 0;
    loop {
        let picture = seat.picture();
        if let Some(act) = next(&picture, step, &number, &tail) {
            seat.acts.send(act).await.unwrap();
        }
        step += 1;
        let answering = picture.open_paper().is_some();
        // A log-in sent again before its answer is a try more, and tries are counted.
        let rest = if answering {
            pace
        } else {
            Duration::from_millis(600)
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stopped.changed() => break,
        }
    }
    seat.stop().await;
}

fn next(picture: &Picture, step: usize, number: &str, tail: &str) -> Option<Act> {
    if let Some(paper) = picture.open_paper() {
        let items: Vec<_> = paper.items().map(|(_, item)| item).collect();
        let item = items.get(step * 37 % items.len())?;
        let option = item.options.get(step * 13 % item.options.len())?;
        // Every eleventh change clears: a cleared answer is a revision, too (W4).
        let choice = (!step.is_multiple_of(11)).then(|| option.id.clone());
        return Some(Act::Choose {
            item: item.item.clone(),
            choice,
        });
    }
    let label = picture.view.as_ref().map(|view| view.label);
    match label {
        None if picture.hall.is_some() => Some(Act::LogIn {
            number: number.to_owned(),
            tail: tail.to_owned(),
        }),
        Some(Label::ConfirmDetails) => Some(Act::CheckDetails { correct: true }),
        Some(Label::Undertaking) => Some(Act::Undertake { accepted: true }),
        Some(Label::Late) => Some(Act::Begin),
        _ => None,
    }
}
