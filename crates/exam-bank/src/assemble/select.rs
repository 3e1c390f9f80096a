//! Drawing a form: which items, before any order.
//!
//! Items are taken in an order drawn by chance; one is kept if no enemy is on the paper and all can
//! still be dealt to the quotas. Then items are swapped within a quota until the sum of difficulties
//! of each section meets its target, so that papers are equally hard.

use super::blueprint::{Blueprint, Deal};
use super::chance::Chance;

/// How often a form is started anew before it is refused. In the second half items with fewer
/// enemies are taken first.
pub const RESTARTS: u32 = 64;

/// The candidates of one form, by section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// For each section, its candidates, quota by quota.
    pub(super) sections: Vec<Vec<usize>>,
}

impl Blueprint<'_> {
    /// Draws a form, or nothing where enemies left no way out.
    pub(super) fn draw(&self, chance: &mut Chance, restart: u32) -> Option<Form> {
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        chance.shuffle(&mut order);
        if restart >= RESTARTS / 2 {
            order.sort_by_key(|at| self.candidates.get(*at).map(|one| one.enemies.len()));
        }
        let mut deal = Deal::new(self);
        let mut on_paper = vec![false; self.candidates.len()];
        for candidate in &order {
            if !self.has_enemy(*candidate, &on_paper, None) && deal.add(*candidate) {
                mark(&mut on_paper, *candidate, true);
            }
        }
        if !deal.is_full() {
            return None;
        }
        for section in 0..self.targets.len() {
            self.level(section, &order, &mut deal, &mut on_paper);
        }
        let mut sections = vec![Vec::new(); self.targets.len()];
        for (bin, mut dealt) in self.bins.iter().zip(deal.dealt) {
            dealt.sort_unstable();
            if let Some(section) = sections.get_mut(bin.section) {
                section.append(&mut dealt);
            }
        }
        Some(Form { sections })
    }

    /// Says whether an enemy of a candidate is on the paper, `leaving` aside.
    fn has_enemy(&self, candidate: usize, on_paper: &[bool], leaving: Option<usize>) -> bool {
        let enemies = self.candidates.get(candidate).map(|one| &one.enemies);
        enemies.into_iter().flatten().any(|enemy| {
            Some(*enemy) != leaving && on_paper.get(*enemy).copied().unwrap_or_default()
        })
    }

    /// Swaps items of a section until its difficulties sum to the target, or no swap helps.
    fn level(
        &self,
        section: usize,
        order: &[usize],
        deal: &mut Deal<'_, '_>,
        on_paper: &mut [bool],
    ) {
        let Some(target) = self.targets.get(section).copied().map(i64::from) else {
            return;
        };
        let mut sum: i64 = self
            .places(section, deal)
            .map(|(_, _, candidate)| self.level_of(candidate))
            .sum();
        // Every swap brings the sum nearer, so this ends.
        while let Some((bin, slot, out, new)) =
            self.swap(section, target - sum, order, deal, on_paper)
        {
            if let Some(place) = deal
                .dealt
                .get_mut(bin)
                .and_then(|dealt| dealt.get_mut(slot))
            {
                *place = new;
            }
            mark(on_paper, out, false);
            mark(on_paper, new, true);
            sum += self.level_of(new) - self.level_of(out);
        }
    }

    /// Finds the first swap that brings the sum nearer to the target without passing it.
    fn swap(
        &self,
        section: usize,
        missing: i64,
        order: &[usize],
        deal: &Deal<'_, '_>,
        on_paper: &[bool],
    ) -> Option<(usize, usize, usize, usize)> {
        if missing == 0 {
            return None;
        }
        let helps = |out: usize, new: usize| {
            let step = self.level_of(new) - self.level_of(out);
            step.signum() == missing.signum() && step.abs() <= missing.abs()
        };
        let free = |candidate: usize| !on_paper.get(candidate).copied().unwrap_or(true);
        let fits = |candidate: usize, bin: usize| {
            let found = self.candidates.get(candidate);
            found.is_some_and(|one| one.bins.contains(&bin))
        };
        for new in order.iter().copied().filter(|new| free(*new)) {
            for (bin, slot, out) in self.places(section, deal) {
                if helps(out, new) && fits(new, bin) && !self.has_enemy(new, on_paper, Some(out)) {
                    return Some((bin, slot, out, new));
                }
            }
        }
        None
    }

    /// Every place of a section's quotas: quota, slot, candidate.
    fn places(
        &self,
        section: usize,
        deal: &Deal<'_, '_>,
    ) -> impl Iterator<Item = (usize, usize, usize)> {
        let bins = self.bins.iter().zip(&deal.dealt).enumerate();
        bins.filter(move |(_, (bin, _))| bin.section == section)
            .flat_map(|(at, (_, dealt))| {
                let slots = dealt.iter().enumerate();
                slots.map(move |(slot, candidate)| (at, slot, *candidate))
            })
    }

    fn level_of(&self, candidate: usize) -> i64 {
        let found = self.candidates.get(candidate);
        found.map_or(0, |one| i64::from(one.item.difficulty))
    }
}

fn mark(on_paper: &mut [bool], candidate: usize, is_on: bool) {
    if let Some(mark) = on_paper.get_mut(candidate) {
        *mark = is_on;
    }
}
