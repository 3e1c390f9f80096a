//! The order of items and options on a paper, drawn against the papers of touching cells (P5).
//!
//! True/false options are never shuffled and pinned options keep their place (P4). What could not
//! be met is counted, never hidden.

use std::collections::BTreeMap;

use exam_core::{ItemKind, OptionId};

use super::blueprint::Blueprint;
use super::chance::Chance;
use super::select::Form;
use super::{PlanRow, Report};

/// How often an order of options is drawn before two neighbours may share it.
const REDRAWS: usize = 64;

/// A paper whose order is fixed: candidates and their options by number.
#[derive(Debug, Clone)]
pub(super) struct Fixed {
    pub(super) row: PlanRow,
    pub(super) items: Vec<usize>,
    pub(super) options: Vec<Vec<OptionId>>,
}

/// What a paper should differ from.
pub(super) struct Wish<'w, 'a> {
    blueprint: &'w Blueprint<'a>,
    neighbours: &'w [&'w Fixed],
    /// For each item a neighbour has, the orders of its options there.
    orders: BTreeMap<usize, Vec<&'w [OptionId]>>,
}

impl<'w, 'a> Wish<'w, 'a> {
    pub(super) fn new(blueprint: &'w Blueprint<'a>, neighbours: &'w [&'w Fixed]) -> Self {
        let mut orders: BTreeMap<usize, Vec<&[OptionId]>> = BTreeMap::new();
        for paper in neighbours {
            for (item, options) in paper.items.iter().zip(&paper.options) {
                orders.entry(*item).or_default().push(options);
            }
        }
        Self {
            blueprint,
            neighbours,
            orders,
        }
    }

    /// Draws the order of a form.
    pub(super) fn order(
        &self,
        form: &Form,
        row: PlanRow,
        chance: &mut Chance,
        report: &mut Report,
    ) -> Fixed {
        let mut items = Vec::new();
        let mut options = Vec::new();
        for (section, candidates) in form.sections.iter().enumerate() {
            let shuffles = self.blueprint.shuffles.get(section).copied();
            let (shuffle_items, shuffle_options) = shuffles.unwrap_or_default();
            let mut ordered = candidates.clone();
            if shuffle_items {
                chance.shuffle(&mut ordered);
                self.part_from_neighbours(items.len(), &mut ordered);
            }
            for candidate in ordered {
                report.same_number += usize::from(self.is_there(items.len(), candidate));
                options.push(self.options(candidate, shuffle_options, chance, report));
                items.push(candidate);
            }
        }
        Fixed {
            row,
            items,
            options,
        }
    }

    /// Says whether a neighbour has this item at this place.
    fn is_there(&self, place: usize, candidate: usize) -> bool {
        let mut there = self.neighbours.iter().map(|paper| paper.items.get(place));
        there.any(|item| item == Some(&candidate))
    }

    /// Swaps items that a neighbour has at the same number with the next that may change places.
    fn part_from_neighbours(&self, first: usize, ordered: &mut [usize]) {
        let count = ordered.len();
        for at in 0..count {
            let Some(here) = ordered.get(at).copied() else {
                return;
            };
            if !self.is_there(first + at, here) {
                continue;
            }
            let suits = |other: &usize| {
                ordered.get(*other).is_some_and(|there| {
                    !self.is_there(first + at, *there) && !self.is_there(first + other, here)
                })
            };
            let mut others = (1..count).map(|step| (at + step) % count);
            if let Some(other) = others.find(suits) {
                ordered.swap(at, other);
            }
        }
    }

    fn options(
        &self,
        candidate: usize,
        shuffle: bool,
        chance: &mut Chance,
        report: &mut Report,
    ) -> Vec<OptionId> {
        let item = self.blueprint.item(candidate);
        if item.kind == ItemKind::TrueFalse {
            return vec![OptionId::yes(), OptionId::no()];
        }
        let taken = self.orders.get(&candidate).map_or(&[][..], Vec::as_slice);
        let is_taken = |order: &[OptionId]| taken.contains(&order);
        let mut order: Vec<OptionId> = item.options.iter().map(|one| one.id.clone()).collect();
        for _ in 0..REDRAWS {
            if shuffle {
                let loose = item.options.iter().filter(|one| !one.pin);
                let mut loose: Vec<OptionId> = loose.map(|one| one.id.clone()).collect();
                chance.shuffle(&mut loose);
                let mut loose = loose.into_iter();
                let pinned = item.options.iter();
                order = pinned
                    .filter_map(|one| {
                        if one.pin {
                            Some(one.id.clone())
                        } else {
                            loose.next()
                        }
                    })
                    .collect();
            }
            if !shuffle || !is_taken(&order) {
                break;
            }
        }
        report.same_options += usize::from(is_taken(&order));
        order
    }
}
