//! Items that say the same, or nearly: within a unit and across units.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::bank::Bank;
use crate::finding::Kind;
use crate::fold::{fold, likeness, shingles};
use crate::item::{Item, Status};

/// Length of a shingle in characters: short, because Chinese words are.
const SHINGLE: usize = 3;

pub(super) fn check(bank: &Bank, report: &mut Report) {
    let live = bank
        .items
        .iter()
        .filter(|item| item.status != Status::Retired);
    let folded: Vec<(&Item, Said)> = live.map(|item| (item, Said::of(item))).collect();
    let mut first: BTreeMap<&str, (&Item, &Said)> = BTreeMap::new();
    for (index, (item, said)) in folded.iter().enumerate() {
        let same = first.get(said.stem.as_str()).copied();
        if let Some((other, _)) = same.filter(|(_, earlier)| earlier.options == said.options) {
            let reason = format!("it says the same as {} ({})", other.id, other.at.file);
            report.error(Kind::StemRepeated, item, reason, "take one of them out");
            continue;
        }
        first.entry(&said.stem).or_insert((item, said));
        let earlier = folded.iter().take(index);
        for (other, near) in earlier {
            let known = item.enemies.contains(&other.id);
            let like = if known {
                0
            } else {
                likeness(&said.shingles, &near.shingles)
            };
            if like >= usize::from(bank.policies.near) {
                let reason = format!(
                    "its words are {like} % those of {} ({})",
                    other.id, other.at.file
                );
                let hint = "reword one, or make the two enemies";
                report.warn(Kind::StemNear, item, reason, hint);
            }
        }
    }
}

/// What an item says, folded.
struct Said {
    stem: String,
    options: BTreeSet<String>,
    shingles: BTreeSet<String>,
}

impl Said {
    fn of(item: &Item) -> Self {
        let stem = fold(&item.stem.zh);
        let options: BTreeSet<String> = item.options.iter().map(|one| fold(&one.text.zh)).collect();
        // Stems such as 下列说法正确的是 are alike by nature; the options belong to what is said.
        let all = options
            .iter()
            .fold(stem.clone(), |all, option| all + option);
        Self {
            shingles: shingles(&all, SHINGLE),
            stem,
            options,
        }
    }
}
