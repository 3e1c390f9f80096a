//! Review and hand-in: a page with the list, then J, J, Enter: never Enter-Enter (C32).

use exam_client::Act;

use super::{Effect, notify, question};
use crate::keymap::Key;
use crate::model::{Filter, Model, NoticeKind, Overlay};

/// How many J come before Enter.
const LETTERS: u8 = 2;

/// Opens the review page. Reviewing is always allowed; handing in has its window (C31).
pub(super) fn open(model: &mut Model) {
    model.overlay = Overlay::Review { confirm: None };
}

fn may_hand_in(model: &Model) -> bool {
    let from = model
        .picture
        .view
        .as_ref()
        .and_then(|view| view.hand_in_from);
    from.is_some_and(|from| model.picture.clock.hall_at(model.now_ms) >= from)
}

pub(super) fn key(model: &mut Model, confirm: Option<u8>, key: Key) -> Vec<Effect> {
    let mut show = |confirm| model.overlay = Overlay::Review { confirm };
    match (confirm, key) {
        (Some(_), Key::Esc) => show(None),
        (None, Key::Esc) => model.overlay = Overlay::None,
        (Some(typed), Key::Char('J')) if typed < LETTERS => show(Some(typed + 1)),
        (Some(typed), Key::Erase) => show(Some(typed.saturating_sub(1))),
        (Some(LETTERS), Key::Enter) => {
            model.overlay = Overlay::None;
            return vec![Effect::Act(Act::HandIn)];
        }
        (None, Key::Char('S')) if may_hand_in(model) => {
            model.overlay = Overlay::Review { confirm: Some(0) };
        }
        (None, Key::Char('S')) => notify(model, NoticeKind::TooEarly),
        (None, Key::Char('U')) => return question::next_where(model, Filter::Unanswered),
        (None, Key::Char('M')) => return question::next_where(model, Filter::Flagged),
        (None, Key::Tab) => {
            model.overlay = Overlay::Card {
                at: model.current,
                filter: Filter::All,
            };
        }
        _ => {}
    }
    Vec::new()
}
