//! Reading `[paper]` and `[[part]]`: what a form is made of.
//!
//! Whether the bank can serve it is [`mod@crate::check`]'s matter.

use exam_core::rules::{Draw, PaperRules, PartRules, Quota, SectionRules};
use exam_core::{ItemKind, Span};

use super::{ONLY_PART, minutes, only_empty};
use crate::content::KINDS;
use crate::finding::Kind;
use crate::source::Fields;

/// The names of `paper.draw`.
pub(crate) const DRAW: [(&str, Draw); 2] = [("each", Draw::Each), ("one-form", Draw::OneForm)];

pub(super) fn read_paper(fields: &Fields<'_>) -> Option<PaperRules> {
    let draw = if fields
        .maybe_text("draw")
        .is_some_and(|draw| draw.starts_with("forms"))
    {
        fields.undelivered("draw", "a fixed number of forms", "use each or one-form");
        None
    } else {
        fields.one_of("draw", &DRAW, Some(Draw::Each))
    };
    only_empty(fields, "avoid", "leaving out items somebody has seen");
    let spread = fields.decimal("spread");
    let unseal_before = minutes(fields, "unseal_before", 10_000);
    fields.done();
    Some(PaperRules {
        draw: draw?,
        spread_hundredths: u32::try_from(spread?.0).ok()?,
        unseal_before: unseal_before?,
    })
}

pub(super) fn read_parts(fields: &Fields<'_>) -> Option<Vec<PartRules>> {
    fields.need("part")?;
    let parts = fields.tables("part");
    if parts.len() > 1 {
        fields.undelivered(
            "part",
            "more than one timed part",
            "make one exam of each part",
        );
    }
    parts.iter().map(read_part).collect()
}

fn read_part(fields: &Fields<'_>) -> Option<PartRules> {
    let title = fields.both("title");
    let length = fields.int("minutes", 1..=600).map(Span::minutes);
    let revisit = fields.truth("revisit", true);
    if !revisit {
        fields.undelivered(
            "revisit",
            "items that cannot be revisited",
            "write revisit = true",
        );
    }
    fields.need("section");
    let sections = fields.tables("section");
    let sections: Option<Vec<_>> = sections.iter().map(read_section).collect();
    fields.done();
    Some(PartRules {
        part: ONLY_PART,
        title: title?,
        length: length?,
        revisit,
        sections: sections.filter(|sections| !sections.is_empty())?,
    })
}

fn read_section(fields: &Fields<'_>) -> Option<SectionRules> {
    let kind = fields.one_of("type", &KINDS, None);
    let count = fields.int("count", 1..=1000);
    let points = fields.decimal("points");
    let (shuffle_items, shuffle_options) = match fields.table("shuffle") {
        Some(shuffle) => read_shuffle(&shuffle, kind),
        None => (false, false),
    };
    fields.need("select");
    let select = fields.table("select").map(|select| read_select(&select));
    fields.done();
    let (count, select) = (count?, select?);
    let sum: i64 = select.iter().map(|quota| i64::from(quota.count)).sum();
    if sum != count {
        let reason = format!("the quotas make {sum} items, count is {count}");
        fields.report(Kind::BadValue, "select", reason, "make them agree");
    }
    Some(SectionRules {
        kind: kind?,
        count: u16::try_from(count).ok()?,
        points: points?,
        shuffle_items,
        shuffle_options,
        select,
    })
}

fn read_shuffle(fields: &Fields<'_>, kind: Option<ItemKind>) -> (bool, bool) {
    let (items, options) = (fields.truth("items", false), fields.truth("options", false));
    if options && kind == Some(ItemKind::TrueFalse) {
        let reason = "the options of true/false items are never shuffled";
        fields.report(Kind::BadValue, "options", reason, "leave it out");
    }
    fields.done();
    (items, options)
}

/// Reads quotas: `"1" = 9`, `"1/3" = 4`.
fn read_select(fields: &Fields<'_>) -> Vec<Quota> {
    let entries = fields.entries();
    let mut quotas: Vec<Quota> = Vec::new();
    for (name, value) in entries {
        let (unit, difficulty) = match name.split_once('/') {
            Some((unit, level)) => (unit, Some(level)),
            None => (name, None),
        };
        let level =
            difficulty.map(|level| level.parse::<u8>().ok().filter(|n| (1..=5).contains(n)));
        if level == Some(None) {
            let reason = format!("{name:?} names no difficulty 1 to 5");
            fields.report(Kind::BadValue, name, reason, "write \"unit\" or \"unit/1\"");
        }
        if let Some(count) = fields.within(name, value, 0..=1000)
            && let Ok(count) = u16::try_from(count)
            && count > 0
        {
            quotas.push(Quota {
                unit: unit.to_owned(),
                difficulty: level.flatten(),
                count,
            });
        }
    }
    quotas
}
