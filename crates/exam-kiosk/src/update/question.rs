//! Keys while answering: choose, clear, move, flag, strike out, jump, the answer card.

use exam_client::Act;
use exam_core::{ItemId, OptionId};

use super::{Effect, hand_in, notify};
use crate::keymap::{Key, option_index, truth};
use crate::model::{Filter, Model, Notice, NoticeKind, Overlay};
use crate::view::{Move, card_neighbour};

/// A choose or flag key within this time of itself is key repeat (KIOSK 3.5).
const REPEAT_MS: i64 = 150;

pub(super) fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    match model.overlay {
        Overlay::Card { at, filter } => card_key(model, at, filter, key),
        Overlay::Goto { number } => goto_key(model, number, key),
        Overlay::Strike => strike_key(model, key),
        Overlay::None | Overlay::Review { .. } | Overlay::Help | Overlay::Rules => {
            answer_key(model, key)
        }
    }
}

fn answer_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if model.is_true_false()
        && let Some(right) = truth(key)
    {
        return choose(model, key, index_of_truth(model, right));
    }
    match key {
        Key::Left => return step(model, Side::Before),
        Key::Right => return step(model, Side::After),
        Key::Home => return go_to(model, 0),
        Key::End => return go_to(model, model.total().saturating_sub(1)),
        Key::Up => place_at(model, model.cursor.saturating_sub(1)),
        Key::Down => {
            let last = options(model).saturating_sub(1);
            place_at(model, (model.cursor + 1).min(last));
        }
        Key::Enter => return choose(model, key, model.cursor),
        Key::Erase => return clear(model),
        Key::Space => return flag(model, key),
        Key::PageDown => {
            let last = crate::view::question_pages(model).saturating_sub(1);
            model.page = (model.page + 1).min(last);
        }
        Key::PageUp => model.page = model.page.saturating_sub(1),
        Key::Tab => {
            model.overlay = Overlay::Card {
                at: model.current,
                filter: Filter::All,
            };
        }
        Key::F(4) => model.clock_hidden = !model.clock_hidden,
        Key::F(10) | Key::Char('Z') => hand_in::open(model),
        Key::Char('G') => model.overlay = Overlay::Goto { number: 0 },
        Key::Char('H') => model.overlay = Overlay::Help,
        Key::Char('U') => return next_where(model, Filter::Unanswered),
        Key::Char('M') => return next_where(model, Filter::Flagged),
        Key::Char('X') if !model.is_true_false() => model.overlay = Overlay::Strike,
        _ => {
            if let Some(index) = option_index(key) {
                return choose(model, key, index);
            }
        }
    }
    Vec::new()
}

/// Returns where "true" or "false" stands; never shuffled (P4), but named by id all the same.
fn index_of_truth(model: &Model, right: bool) -> usize {
    let wanted = if right {
        OptionId::yes()
    } else {
        OptionId::no()
    };
    let options = model.item().map(|(_, item)| &item.options);
    options
        .and_then(|options| options.iter().position(|option| option.id == wanted))
        .unwrap_or_else(|| usize::from(!right))
}

/// Moves the cursor to an option and the page to where it can be read.
fn place_at(model: &mut Model, index: usize) {
    model.cursor = index;
    if let Some(page) = crate::view::page_of_option(model, index) {
        model.page = page;
    }
}

fn options(model: &Model) -> usize {
    model.item().map_or(0, |(_, item)| item.options.len())
}

fn current_item(model: &Model) -> Option<ItemId> {
    model.item().map(|(_, item)| item.item.clone())
}

/// Says whether this press is the repeat of a key held down; notes it if not.
fn is_repeat(model: &mut Model, key: Key) -> bool {
    let repeat = model
        .last_key
        .is_some_and(|(last, at)| last == key && model.now_ms - at < REPEAT_MS);
    model.last_key = Some((key, model.now_ms));
    repeat
}

/// Chooses an option. The same letter again changes nothing (C13).
fn choose(model: &mut Model, key: Key, index: usize) -> Vec<Effect> {
    let Some((item, option)) = model.item().and_then(|(_, item)| {
        item.options
            .get(index)
            .map(|option| (item.item.clone(), option.id.clone()))
    }) else {
        return Vec::new();
    };
    if is_repeat(model, key) {
        return Vec::new();
    }
    place_at(model, index);
    let chosen = model
        .picture
        .answers
        .get(&item)
        .and_then(|answer| answer.choice.as_ref());
    if chosen == Some(&option) {
        return Vec::new();
    }
    vec![Effect::Act(Act::Choose {
        item,
        choice: Some(option),
    })]
}

/// Clears the response (W4).
fn clear(model: &mut Model) -> Vec<Effect> {
    let Some(item) = current_item(model) else {
        return Vec::new();
    };
    let answer = model.picture.answers.get(&item);
    if answer.is_none_or(|answer| answer.choice.is_none()) {
        return Vec::new();
    }
    notify(model, NoticeKind::Cleared);
    vec![Effect::Act(Act::Choose { item, choice: None })]
}

fn flag(model: &mut Model, key: Key) -> Vec<Effect> {
    if is_repeat(model, key) {
        return Vec::new();
    }
    note(model, |flagged, _| *flagged = !*flagged)
}

fn note(model: &Model, change: impl FnOnce(&mut bool, &mut Vec<OptionId>)) -> Vec<Effect> {
    let Some(item) = current_item(model) else {
        return Vec::new();
    };
    let shown = model.picture.notes.get(&item).cloned().unwrap_or_default();
    let (mut flagged, mut struck) = (shown.flagged, shown.struck);
    change(&mut flagged, &mut struck);
    vec![Effect::Act(Act::Note {
        item,
        flagged,
        struck,
    })]
}

/// The letter after X strikes an option out, or takes the strike back (C15).
fn strike_key(model: &mut Model, key: Key) -> Vec<Effect> {
    model.overlay = Overlay::None;
    let Some(option) = option_index(key).and_then(|index| {
        model
            .item()
            .and_then(|(_, item)| item.options.get(index))
            .map(|option| option.id.clone())
    }) else {
        return Vec::new();
    };
    note(model, |_, struck| {
        if let Some(at) = struck.iter().position(|id| *id == option) {
            struck.remove(at);
        } else {
            struck.push(option);
        }
    })
}

/// Which neighbour of the item is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Moves one item on, but first shows the rest of a long stem (C16).
fn step(model: &mut Model, side: Side) -> Vec<Effect> {
    let unread = model.page + 1 < crate::view::question_pages(model);
    let answered = current_item(model)
        .and_then(|item| model.picture.answers.get(&item))
        .is_some_and(|answer| answer.choice.is_some());
    let told = matches!(&model.notice, Some(notice) if notice.what == NoticeKind::MoreText);
    if unread && answered && !told {
        notify(model, NoticeKind::MoreText);
        return Vec::new();
    }
    match side {
        Side::Before if model.current == 0 => notify(model, NoticeKind::FirstItem),
        Side::After if model.current + 1 >= model.total() => notify(model, NoticeKind::LastItem),
        Side::Before => return go_to(model, model.current - 1),
        Side::After => return go_to(model, model.current + 1),
    }
    Vec::new()
}

/// Goes to an item and tells the spool, so that a restart returns here.
pub(super) fn go_to(model: &mut Model, index: usize) -> Vec<Effect> {
    if index >= model.total() {
        let total = model.total();
        let number = index.saturating_add(1);
        notify(model, NoticeKind::NoSuchItem { number, total });
        return Vec::new();
    }
    model.current = index;
    model.page = 0;
    model.overlay = Overlay::None;
    // What was said of the last item is not said of this one.
    let about = |notice: &Notice| {
        matches!(
            notice.what,
            NoticeKind::MoreText
                | NoticeKind::Cleared
                | NoticeKind::FirstItem
                | NoticeKind::LastItem
                | NoticeKind::NoSuchItem { .. }
        )
    };
    if model.notice.as_ref().is_some_and(about) {
        model.notice = None;
    }
    model.seen.insert(index);
    place_cursor(model);
    current_item(model)
        .map(|item| Effect::Act(Act::Visit { item }))
        .into_iter()
        .collect()
}

/// Puts the cursor on the chosen option, or on the first.
pub(super) fn place_cursor(model: &mut Model) {
    let chosen = model.item().and_then(|(_, item)| {
        let answer = model.picture.answers.get(&item.item)?;
        item.options
            .iter()
            .position(|option| Some(&option.id) == answer.choice.as_ref())
    });
    model.cursor = chosen.unwrap_or(0);
}

/// Says whether an item passes a filter.
pub(crate) fn passes(model: &Model, item: &ItemId, filter: Filter) -> bool {
    match filter {
        Filter::All => true,
        Filter::Unanswered => model
            .picture
            .answers
            .get(item)
            .is_none_or(|answer| answer.choice.is_none()),
        Filter::Flagged => model
            .picture
            .notes
            .get(item)
            .is_some_and(|note| note.flagged),
    }
}

/// Goes to the next item after the current one that passes, around the end (C27).
pub(super) fn next_where(model: &mut Model, filter: Filter) -> Vec<Effect> {
    let Some(paper) = model.picture.open_paper().cloned() else {
        return Vec::new();
    };
    let items: Vec<&ItemId> = paper.items().map(|(_, item)| &item.item).collect();
    let from = model.current;
    let found = (1..=items.len())
        .map(|step| (from + step) % items.len())
        .find(|index| {
            items
                .get(*index)
                .is_some_and(|item| passes(model, item, filter))
        });
    if let Some(index) = found {
        return go_to(model, index);
    }
    notify(model, none_of(filter));
    Vec::new()
}

fn goto_key(model: &mut Model, number: usize, key: Key) -> Vec<Effect> {
    match key {
        Key::Char(c @ '0'..='9') => {
            let typed = number * 10 + usize::from(c as u8 - b'0');
            if typed < 1000 {
                model.overlay = Overlay::Goto { number: typed };
            }
            Vec::new()
        }
        Key::Erase => {
            model.overlay = Overlay::Goto {
                number: number / 10,
            };
            Vec::new()
        }
        Key::Enter => {
            model.overlay = Overlay::None;
            number
                .checked_sub(1)
                .map_or_else(Vec::new, |index| go_to(model, index))
        }
        Key::Esc => {
            model.overlay = Overlay::None;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn card_key(model: &mut Model, at: usize, filter: Filter, key: Key) -> Vec<Effect> {
    let to = |way| card_neighbour(model, at, filter, way);
    let (at, filter) = match key {
        Key::Left => (to(Move::Left), filter),
        Key::Right => (to(Move::Right), filter),
        Key::Up => (to(Move::Up), filter),
        Key::Down => (to(Move::Down), filter),
        Key::Home => (to(Move::First), filter),
        Key::End => (to(Move::Last), filter),
        Key::Char('0') => (at, Filter::All),
        Key::Char('1') => return narrow(model, at, Filter::Unanswered),
        Key::Char('2') => return narrow(model, at, Filter::Flagged),
        Key::Enter => return go_to(model, at),
        Key::Esc | Key::Tab => {
            model.overlay = Overlay::None;
            return Vec::new();
        }
        Key::Char('U') => return next_where(model, Filter::Unanswered),
        Key::Char('M') => return next_where(model, Filter::Flagged),
        Key::F(10) | Key::Char('Z') => {
            hand_in::open(model);
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    model.overlay = Overlay::Card { at, filter };
    Vec::new()
}

/// Shows some items alone, the cursor on the nearest of them; an empty list is not shown.
fn narrow(model: &mut Model, at: usize, filter: Filter) -> Vec<Effect> {
    let nearest = card_neighbour(model, at, filter, Move::Nearest);
    let item = model
        .picture
        .open_paper()
        .and_then(|paper| paper.items().nth(nearest));
    if item.is_some_and(|(_, item)| passes(model, &item.item, filter)) {
        model.overlay = Overlay::Card {
            at: nearest,
            filter,
        };
    } else {
        notify(model, none_of(filter));
    }
    Vec::new()
}

const fn none_of(filter: Filter) -> NoticeKind {
    match filter {
        Filter::Flagged => NoticeKind::NoneFlagged,
        Filter::All | Filter::Unanswered => NoticeKind::NoneUnanswered,
    }
}
