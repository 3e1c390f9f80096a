//! The blueprint: which items may fill which quota of an exam, and whether they suffice (P3).
//!
//! Quotas may overlap (a unit and its sub-unit, a unit and one difficulty of it). An item fills one
//! quota only; whether a set of items can be dealt to the quotas is a matching, so the answer is
//! exact: a bank with exactly enough works.

use std::collections::{BTreeMap, BTreeSet};

use exam_core::rules::{Quota, SectionRules};
use exam_core::{ItemId, ItemKind, Lang, Rules, SessionId};

use crate::content::{Content, ContentItem};
use crate::item::Status;

/// Why an exam cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Shortfall {
    /// A quota cannot be filled.
    #[error(
        "section {section} ({}), unit {unit}{}: {wanted} items are wanted, {available} are there",
        kind.name(), difficulty.map_or_else(String::new, |level| format!("/{level}"))
    )]
    Quota {
        /// Number of the section, from 1, counted through all parts.
        section: usize,
        /// Its kind.
        kind: ItemKind,
        /// Code of the unit.
        unit: String,
        /// The difficulty, where the quota names one.
        difficulty: Option<u8>,
        /// How many the quota wants.
        wanted: usize,
        /// How many are left for it when the other quotas are served.
        available: usize,
    },
    /// The quotas of a section do not make its count.
    #[error("section {section}: {count} items are wanted, the quotas make {quotas}")]
    Count {
        /// Number of the section, from 1, counted through all parts.
        section: usize,
        /// How many items the section has.
        count: usize,
        /// How many the quotas make.
        quotas: usize,
    },
    /// The items suffice, but not without enemies on one paper.
    #[error("no form without enemies was found in {restarts} starts")]
    Enemies {
        /// How often it was tried.
        restarts: u32,
    },
    /// The papers are too uneven.
    #[error("the papers differ by {found} hundredths of a level, {allowed} are allowed")]
    Spread {
        /// The difference found.
        found: u32,
        /// The difference allowed.
        allowed: u32,
    },
    /// A session stands in the plan twice.
    #[error("session {0} stands in the plan twice")]
    SessionTwice(SessionId),
}

impl Shortfall {
    /// Returns the name of the reason; it never changes, and messages are found by it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Quota { .. } => "shortfall-quota",
            Self::Count { .. } => "shortfall-count",
            Self::Enemies { .. } => "shortfall-enemies",
            Self::Spread { .. } => "shortfall-spread",
            Self::SessionTwice(_) => "shortfall-session-twice",
        }
    }
}

/// Why an item is never drawn for an exam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// It is retired, or still a draft.
    NotApproved,
    /// No quota asks for it.
    NotAsked,
    /// It lacks a language the exam carries.
    NoEnglish,
}

/// Which items may fill which quota of an exam.
#[derive(Debug)]
pub struct Blueprint<'a> {
    pub(super) bins: Vec<Bin<'a>>,
    pub(super) candidates: Vec<Candidate<'a>>,
    /// For each section, what the difficulties of its items should sum to.
    pub(super) targets: Vec<u32>,
    /// For each section, whether items and options are shuffled.
    pub(super) shuffles: Vec<(bool, bool)>,
    left_out: BTreeMap<ItemId, LeftOut>,
    /// A section whose quotas do not make its count.
    miscount: Option<Shortfall>,
}

/// One quota of one section.
#[derive(Debug)]
pub(super) struct Bin<'a> {
    /// Which section, from 0, counted through all parts.
    pub(super) section: usize,
    kind: ItemKind,
    pub(super) quota: &'a Quota,
}

/// One item that some quota asks for.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) item: &'a ContentItem,
    /// The quotas it could fill.
    pub(super) bins: Vec<usize>,
    /// Candidates that must not share a paper with it.
    pub(super) enemies: Vec<usize>,
}

impl<'a> Blueprint<'a> {
    /// Sorts the items of a bank to the quotas of an exam.
    pub fn new(rules: &'a Rules, content: &'a Content) -> Self {
        let sections = || rules.parts.iter().flat_map(|part| &part.sections);
        let bins: Vec<Bin<'_>> = sections()
            .enumerate()
            .flat_map(|(section, rule)| {
                let kind = rule.kind;
                let bin = move |quota| Bin {
                    section,
                    kind,
                    quota,
                };
                rule.select.iter().map(bin)
            })
            .collect();
        let english = rules.languages.items.contains(&Lang::En);
        let mut blueprint = Self {
            candidates: Vec::new(),
            targets: Vec::new(),
            shuffles: sections()
                .map(|rule| (rule.shuffle_items, rule.shuffle_options))
                .collect(),
            left_out: BTreeMap::new(),
            miscount: sections()
                .enumerate()
                .find_map(|(at, rule)| miscount(at + 1, rule)),
            bins,
        };
        for item in content.items.values() {
            match blueprint.admit(item, content, english) {
                Ok(candidate) => blueprint.candidates.push(candidate),
                Err(why) => drop(blueprint.left_out.insert(item.id.clone(), why)),
            }
        }
        blueprint.find_enemies();
        blueprint.set_targets(sections().count());
        blueprint
    }

    fn admit(
        &self,
        item: &'a ContentItem,
        content: &Content,
        english: bool,
    ) -> Result<Candidate<'a>, LeftOut> {
        if item.status != Status::Approved {
            return Err(LeftOut::NotApproved);
        }
        let speaks = item.stem.en.is_some() && item.options.iter().all(|one| one.text.en.is_some());
        if english && !speaks {
            return Err(LeftOut::NoEnglish);
        }
        let fits = |bin: &Bin<'_>| {
            let level = bin
                .quota
                .difficulty
                .is_none_or(|level| level == item.difficulty);
            level && bin.kind == item.kind && content.units.covers(&bin.quota.unit, &item.unit)
        };
        let all = self.bins.iter().enumerate();
        let bins: Vec<usize> = all.filter(|(_, bin)| fits(bin)).map(|(at, _)| at).collect();
        if bins.is_empty() {
            return Err(LeftOut::NotAsked);
        }
        Ok(Candidate {
            item,
            bins,
            enemies: Vec::new(),
        })
    }

    /// Names enemies by place; named on one side only they count on both.
    fn find_enemies(&mut self) {
        let places: BTreeMap<ItemId, usize> = self
            .candidates
            .iter()
            .enumerate()
            .map(|(at, candidate)| (candidate.item.id.clone(), at))
            .collect();
        let mut enemies = vec![BTreeSet::new(); self.candidates.len()];
        for (at, candidate) in self.candidates.iter().enumerate() {
            let named = candidate.item.enemies.iter();
            for enemy in named.filter_map(|enemy| places.get(enemy).copied()) {
                for (from, to) in [(at, enemy), (enemy, at)] {
                    if let Some(of) = enemies.get_mut(from).filter(|_| from != to) {
                        of.insert(to);
                    }
                }
            }
        }
        for (candidate, enemies) in self.candidates.iter_mut().zip(enemies) {
            candidate.enemies = enemies.into_iter().collect();
        }
    }

    /// Every paper of an exam aims at the mean difficulty of the items its quotas draw from.
    fn set_targets(&mut self, sections: usize) {
        let mut targets = vec![0; sections];
        for (at, bin) in self.bins.iter().enumerate() {
            let fitting = self.candidates.iter().filter(|one| one.bins.contains(&at));
            let levels: Vec<u64> = fitting.map(|one| u64::from(one.item.difficulty)).collect();
            let count = u64::try_from(levels.len()).unwrap_or(u64::MAX).max(1);
            let wanted = u64::from(bin.quota.count);
            if let Some(target) = targets.get_mut(bin.section) {
                // Thousandths, so that many small quotas do not add up their rounding.
                *target += levels.iter().sum::<u64>() * wanted * 1000 / count;
            }
        }
        let whole =
            |thousandths: u64| u32::try_from((thousandths + 500) / 1000).unwrap_or(u32::MAX);
        self.targets = targets.into_iter().map(whole).collect();
    }

    /// Returns each quota with the number of items that could fill it.
    pub fn available(&self) -> impl Iterator<Item = (&'a Quota, usize)> {
        self.bins.iter().enumerate().map(|(at, bin)| {
            let fitting = self.candidates.iter().filter(|one| one.bins.contains(&at));
            (bin.quota, fitting.count())
        })
    }

    /// Returns the items no paper of this exam can hold, and why.
    pub const fn left_out(&self) -> &BTreeMap<ItemId, LeftOut> {
        &self.left_out
    }

    /// Returns a section or a quota that cannot be filled, enemies aside.
    pub fn shortfall(&self) -> Option<Shortfall> {
        if self.miscount.is_some() {
            return self.miscount.clone();
        }
        let mut deal = Deal::new(self);
        for candidate in 0..self.candidates.len() {
            deal.add(candidate);
        }
        let (bin, have) = self
            .bins
            .iter()
            .zip(&deal.dealt)
            .find(|(bin, have)| have.len() < usize::from(bin.quota.count))?;
        Some(Shortfall::Quota {
            section: bin.section + 1,
            kind: bin.kind,
            unit: bin.quota.unit.clone(),
            difficulty: bin.quota.difficulty,
            wanted: usize::from(bin.quota.count),
            available: have.len(),
        })
    }

    pub(super) fn find(&self, item: &ItemId) -> Option<usize> {
        let place = self
            .candidates
            .binary_search_by(|one| one.item.id.cmp(item));
        place.ok()
    }

    /// Returns a candidate's item.
    ///
    /// # Panics
    /// Never for a place this blueprint gave out.
    #[expect(
        clippy::indexing_slicing,
        reason = "places come from this blueprint's own list"
    )]
    pub(super) fn item(&self, candidate: usize) -> &'a ContentItem {
        self.candidates[candidate].item
    }

    pub(super) fn difficulty_of(&self, items: &[usize]) -> u32 {
        let levels = items
            .iter()
            .map(|item| u32::from(self.item(*item).difficulty));
        levels.sum()
    }
}

/// Rules from a signed file were checked when it was read; a paper is never drawn on trust in that.
fn miscount(section: usize, rule: &SectionRules) -> Option<Shortfall> {
    let quotas = rule
        .select
        .iter()
        .map(|quota| usize::from(quota.count))
        .sum();
    let count = usize::from(rule.count);
    (quotas != count).then_some(Shortfall::Count {
        section,
        count,
        quotas,
    })
}

/// Candidates dealt to quotas.
#[derive(Debug, Clone)]
pub(super) struct Deal<'b, 'a> {
    blueprint: &'b Blueprint<'a>,
    /// For each quota, the candidates that fill it.
    pub(super) dealt: Vec<Vec<usize>>,
}

impl<'b, 'a> Deal<'b, 'a> {
    pub(super) fn new(blueprint: &'b Blueprint<'a>) -> Self {
        Self {
            blueprint,
            dealt: vec![Vec::new(); blueprint.bins.len()],
        }
    }

    /// Adds a candidate if all can still be dealt, moving others between quotas where that helps.
    pub(super) fn add(&mut self, candidate: usize) -> bool {
        let mut tried = vec![false; self.dealt.len()];
        self.place(candidate, &mut tried)
    }

    pub(super) fn is_full(&self) -> bool {
        let bins = self.blueprint.bins.iter().zip(&self.dealt);
        bins.into_iter()
            .all(|(bin, have)| have.len() >= usize::from(bin.quota.count))
    }

    /// One step of an augmenting path; each quota is tried once, so it ends after as many steps as
    /// there are quotas.
    fn place(&mut self, candidate: usize, tried: &mut [bool]) -> bool {
        let bins = self
            .blueprint
            .candidates
            .get(candidate)
            .map(|one| &one.bins);
        for bin in bins.into_iter().flatten().copied() {
            let Some(seen) = tried.get_mut(bin).filter(|seen| !**seen) else {
                continue;
            };
            *seen = true;
            let count = self
                .blueprint
                .bins
                .get(bin)
                .map_or(0, |bin| bin.quota.count);
            let have = self.dealt.get(bin).map_or(0, Vec::len);
            if have < usize::from(count) {
                self.put(bin, have, candidate);
                return true;
            }
            for slot in 0..have {
                let other = self.dealt.get(bin).and_then(|dealt| dealt.get(slot));
                if let Some(other) = other.copied()
                    && self.place(other, tried)
                {
                    self.put(bin, slot, candidate);
                    return true;
                }
            }
        }
        false
    }

    fn put(&mut self, bin: usize, slot: usize, candidate: usize) {
        if let Some(dealt) = self.dealt.get_mut(bin) {
            match dealt.get_mut(slot) {
                Some(place) => *place = candidate,
                None => dealt.push(candidate),
            }
        }
    }
}
