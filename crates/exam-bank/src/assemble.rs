//! Assembly: rules + content + seed + seat plan -> papers, the same bytes on every machine (P1).
//!
//! What a form holds depends on the seed, the content, the exam and the session alone; rows of the
//! plan may come in any order without changing it. The order of items and options is also drawn
//! against the papers of touching cells that come earlier in the plan, so for P5 the plan's order
//! (the roster's) matters and is part of what an auditor needs.
//!
//! No key, no clock, no entropy: the seed is an argument. Sealing papers is not done here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exam_core::rules::Draw;
use exam_core::{
    Digest, ItemId, ItemKind, Paper, PaperItem, PaperOption, PaperPart, PaperSection, Place, Rules,
    SessionId,
};

use crate::content::Content;

mod blueprint;
mod chance;
mod order;
mod select;

pub use blueprint::{Blueprint, LeftOut, Shortfall};
pub use select::RESTARTS;

use chance::Chance;
use order::{Fixed, Wish};

/// One row of the seat plan: who sits where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanRow {
    /// The session.
    pub session: SessionId,
    /// Where its seat stands.
    pub place: Place,
}

/// The papers of an exam, and what there is to say of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembled {
    /// One paper for each row, in the plan's order.
    pub papers: Vec<Paper>,
    /// The report at opening (P8).
    pub report: Report,
}

/// The report at opening (P8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How many papers were drawn.
    pub papers: usize,
    /// Lowest mean difficulty of a paper, in hundredths of a level.
    pub easiest: u32,
    /// Highest mean difficulty of a paper, in hundredths of a level.
    pub hardest: u32,
    /// Their difference, rounded up.
    pub spread: u32,
    /// Times two touching cells have one item at one number (P5).
    pub same_number: usize,
    /// Times two touching cells have one item with one order of options (P5).
    pub same_options: usize,
    /// Most restarts one form needed.
    pub restarts: u32,
    /// Items never drawn for this exam, and why.
    pub left_out: BTreeMap<ItemId, LeftOut>,
    /// The earlier neighbours each paper was drawn against.
    pub neighbours: Vec<(SessionId, Vec<SessionId>)>,
}

/// Draws the papers of an exam for a whole seat plan, in its order.
///
/// # Errors
/// [`Shortfall`] where the content cannot serve the blueprint (P3), enemies leave no way out, the
/// papers are too uneven, or a session stands in the plan twice.
pub fn assemble(
    rules: &Rules,
    content: &Content,
    seed: &[u8; 32],
    plan: &[PlanRow],
) -> Result<Assembled, Shortfall> {
    Drawing::new(rules, content, seed)?.draw_all(Vec::new(), plan)
}

/// Draws one more paper against those already fixed, for a candidate who was added later (P1).
///
/// # Errors
/// [`Shortfall`] as [`assemble`].
pub fn assemble_late(
    rules: &Rules,
    content: &Content,
    seed: &[u8; 32],
    fixed: &[(PlanRow, Paper)],
    row: PlanRow,
) -> Result<Assembled, Shortfall> {
    let drawing = Drawing::new(rules, content, seed)?;
    let fixed = fixed.iter().map(|(row, paper)| drawing.fix(*row, paper));
    drawing.draw_all(fixed.collect(), &[row])
}

/// Returns the commitment to a seed that is journaled when a sitting opens.
pub fn seed_commitment(seed: &[u8; 32]) -> Digest {
    Digest(blake3::derive_key("examhall 2026 seed commitment v1", seed))
}

/// What all papers of one exam have in common while they are drawn.
struct Drawing<'a> {
    rules: &'a Rules,
    blueprint: Blueprint<'a>,
    seed: &'a [u8; 32],
    content: Digest,
}

impl<'a> Drawing<'a> {
    fn new(rules: &'a Rules, content: &'a Content, seed: &'a [u8; 32]) -> Result<Self, Shortfall> {
        let blueprint = Blueprint::new(rules, content);
        if let Some(shortfall) = blueprint.shortfall() {
            return Err(shortfall);
        }
        Ok(Self {
            rules,
            blueprint,
            seed,
            content: content.digest(),
        })
    }

    fn chance(&self, context: &'static str, session: SessionId, restart: u32) -> Chance {
        Chance::new(
            context,
            &[
                self.seed,
                &self.content.0,
                self.rules.exam.as_str().as_bytes(),
                &[0],
                &session.0,
                &restart.to_be_bytes(),
            ],
        )
    }

    fn draw_all(&self, mut fixed: Vec<Fixed>, plan: &[PlanRow]) -> Result<Assembled, Shortfall> {
        let mut report = Report {
            papers: plan.len(),
            left_out: self.blueprint.left_out().clone(),
            ..Report::default()
        };
        let mut papers = Vec::with_capacity(plan.len());
        let mut seen: BTreeSet<SessionId> = fixed.iter().map(|one| one.row.session).collect();
        for row in plan {
            if !seen.insert(row.session) {
                return Err(Shortfall::SessionTwice(row.session));
            }
            let neighbours: Vec<&Fixed> = fixed
                .iter()
                .filter(|other| other.row.place.touches(row.place))
                .collect();
            let names = neighbours.iter().map(|other| other.row.session).collect();
            report.neighbours.push((row.session, names));
            let form = self.form(row.session, &mut report)?;
            let mut order = self.chance("examhall 2026 order v1", row.session, 0);
            let wish = Wish::new(&self.blueprint, &neighbours);
            let ordered = wish.order(&form, *row, &mut order, &mut report);
            papers.push(self.paper(&ordered));
            fixed.push(ordered);
        }
        self.judge_spread(&fixed, &mut report)?;
        Ok(Assembled { papers, report })
    }

    /// Draws a form, starting again where enemies leave no way out.
    fn form(&self, session: SessionId, report: &mut Report) -> Result<select::Form, Shortfall> {
        let session = match self.rules.paper.draw {
            Draw::Each => session,
            Draw::OneForm => SessionId::default(),
        };
        for restart in 0..RESTARTS {
            let mut chance = self.chance("examhall 2026 form v1", session, restart);
            if let Some(form) = self.blueprint.draw(&mut chance, restart) {
                report.restarts = report.restarts.max(restart);
                return Ok(form);
            }
        }
        Err(Shortfall::Enemies { restarts: RESTARTS })
    }

    /// Reports the spread of difficulty, and refuses one above the rule.
    fn judge_spread(&self, fixed: &[Fixed], report: &mut Report) -> Result<(), Shortfall> {
        let sums = fixed
            .iter()
            .map(|one| self.blueprint.difficulty_of(&one.items));
        let sums: Vec<u32> = sums.collect();
        let total = u32::try_from(self.rules.total_items())
            .unwrap_or(u32::MAX)
            .max(1);
        let (Some(least), Some(most)) = (sums.iter().min(), sums.iter().max()) else {
            return Ok(());
        };
        report.easiest = least * 100 / total;
        report.hardest = most * 100 / total;
        report.spread = ((most - least) * 100).div_ceil(total);
        let allowed = self.rules.paper.spread_hundredths;
        if report.spread > allowed {
            let found = report.spread;
            return Err(Shortfall::Spread { found, allowed });
        }
        Ok(())
    }

    /// Takes up a paper that was drawn before.
    fn fix(&self, row: PlanRow, paper: &Paper) -> Fixed {
        let known = |item: &PaperItem| {
            let at = self.blueprint.find(&item.item)?;
            let options = item.options.iter().map(|option| option.id.clone());
            Some((at, options.collect()))
        };
        let items = paper.items().filter_map(|(_, item)| known(item));
        let (items, options) = items.unzip();
        Fixed {
            row,
            items,
            options,
        }
    }

    fn paper(&self, ordered: &Fixed) -> Paper {
        let mut drawn = ordered.items.iter().zip(&ordered.options);
        let mut number = 0;
        let parts = self.rules.parts.iter().map(|part| PaperPart {
            part: part.part,
            title: part.title.clone(),
            sections: part
                .sections
                .iter()
                .map(|section| PaperSection {
                    kind: section.kind,
                    points: section.points,
                    items: drawn
                        .by_ref()
                        .take(usize::from(section.count))
                        .map(|(item, options)| {
                            number += 1;
                            self.item(number, *item, options)
                        })
                        .collect(),
                })
                .collect(),
        });
        Paper {
            session: ordered.row.session,
            exam: self.rules.exam.clone(),
            parts: parts.collect(),
        }
    }

    fn item(&self, number: u16, item: usize, order: &[exam_core::OptionId]) -> PaperItem {
        let item = self.blueprint.item(item);
        let words = |id: &exam_core::OptionId| {
            let option = item.options.iter().find(|option| option.id == *id);
            option.map_or_else(|| exam_core::Text::zh(""), |one| self.speak(&one.text))
        };
        PaperItem {
            number,
            item: item.id.clone(),
            stem: self.speak(&item.stem),
            options: order
                .iter()
                .map(|id| PaperOption {
                    id: id.clone(),
                    text: match item.kind {
                        ItemKind::TrueFalse => exam_core::Text::zh(""),
                        ItemKind::SingleChoice => words(id),
                    },
                })
                .collect(),
        }
    }

    /// Leaves out a language the exam does not carry.
    fn speak(&self, text: &exam_core::Text) -> exam_core::Text {
        let english = self.rules.languages.items.contains(&exam_core::Lang::En);
        exam_core::Text {
            zh: Arc::clone(&text.zh),
            en: text.en.clone().filter(|_| english),
        }
    }
}

#[cfg(test)]
mod tests;
