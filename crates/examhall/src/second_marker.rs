//! A second, small marker: straight from the events to a total, without the sitting machine and
//! without exam-marking. Two roads to one number; a rehearsal fails where they part.

use std::collections::BTreeMap;

use exam_core::act::OfflineVerdict;
use exam_core::{
    Epoch, Event, HallAct, ItemId, KeptWhy, Marks, OptionId, Outline, Seq, SessionId,
};

type Name = (Epoch, Seq);
type Change = (Name, ItemId, Option<OptionId>);

/// What the events say of one session.
#[derive(Default)]
struct Sheet {
    outline: Outline,
    changes: Vec<Change>,
    waiting: Vec<Change>,
    marked: bool,
}

/// Marks every session that handed in or ran out of time; `key` gives the right option.
///
/// An item without a key counts as zero here; the first marker refuses it by name.
pub fn mark<'k>(
    events: &[Event],
    key: impl Fn(&ItemId) -> Option<&'k OptionId>,
) -> BTreeMap<SessionId, Marks> {
    let mut sheets: BTreeMap<SessionId, Sheet> = BTreeMap::new();
    for event in events {
        note(&mut sheets, event);
    }
    let marked = sheets.into_iter().filter(|(_, sheet)| sheet.marked);
    marked.map(|(session, sheet)| (session, total(&sheet, &key))).collect()
}

fn note(sheets: &mut BTreeMap<SessionId, Sheet>, event: &Event) {
    match event {
        Event::PaperFixed { session, outline } => {
            sheets.entry(*session).or_default().outline = outline.clone();
        }
        Event::Answered { session, epoch, revision, .. } => {
            let change = ((*epoch, revision.seq), revision.item.clone(), revision.choice.clone());
            sheets.entry(*session).or_default().changes.push(change);
        }
        Event::RevisionKept { session, epoch, revision, why: KeptWhy::AwaitsDecision, .. } => {
            let change = ((*epoch, revision.seq), revision.item.clone(), revision.choice.clone());
            sheets.entry(*session).or_default().waiting.push(change);
        }
        Event::Acted { act: HallAct::DecideOffline { session, verdict }, .. } => {
            let sheet = sheets.entry(*session).or_default();
            let waiting = std::mem::take(&mut sheet.waiting);
            if *verdict == OfflineVerdict::Count {
                sheet.changes.extend(waiting);
            }
        }
        Event::HandedIn { session, .. } | Event::TimedUp { session, .. } => {
            sheets.entry(*session).or_default().marked = true;
        }
        _ => {}
    }
}

fn total<'k>(sheet: &Sheet, key: &impl Fn(&ItemId) -> Option<&'k OptionId>) -> Marks {
    let mut newest: BTreeMap<&ItemId, (Name, Option<&OptionId>)> = BTreeMap::new();
    for (name, item, choice) in &sheet.changes {
        let standing = newest.get(item).map(|(name, _)| *name);
        if standing.is_none_or(|standing| standing < *name) {
            newest.insert(item, (*name, choice.as_ref()));
        }
    }
    let mut hundredths = 0;
    for (section, item) in sheet.outline.items() {
        let chosen = newest.get(&item.item).and_then(|(_, choice)| *choice);
        if chosen.is_some() && chosen == key(&item.item) {
            hundredths += section.points.0;
        }
    }
    Marks(hundredths)
}
