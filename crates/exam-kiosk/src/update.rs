//! What a message does to the model: the only place where the screen's state changes.
//!
//! It asks for effects and performs none. It knows no colours and no columns.

mod check_in;
mod hand_in;
mod question;

use std::sync::Arc;

use exam_client::{Act, Ending, Picture};
use exam_core::Refusal;

pub(crate) use question::passes;

use crate::keymap::Key;
use crate::model::{Form, FormError, Leave, Model, Notice, NoticeKind, Overlay, Screen};

/// One thing that happened, as the kiosk's loop hears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// A hint or an option was clicked: the same as its key.
    Click(Key),
    /// An item of the answer card was clicked.
    ClickItem(usize),
    /// A paste of so many characters was dropped.
    Pasted(usize),
    /// The terminal has another size.
    Resized(u16, u16),
    /// A second passed.
    Tick,
    /// The attachment shows something new.
    Picture(Arc<Picture>),
}

/// What the loop is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Hand an act to the attachment.
    Act(Act),
    /// Paint everything again.
    Repaint,
    /// Leave the program; only a demonstration does.
    Leave,
}

/// How long a notice stays, in milliseconds (C19).
const NOTICE_MS: i64 = 10_000;

/// Changes the model by one message at local monotonic millisecond `now_ms`.
pub fn update(model: &mut Model, now_ms: i64, msg: Msg) -> Vec<Effect> {
    model.now_ms = now_ms;
    if model
        .notice
        .as_ref()
        .is_some_and(|notice| notice.until_ms <= now_ms)
    {
        model.notice = None;
    }
    match msg {
        Msg::Key(key) | Msg::Click(key) => {
            model.key_seen = true;
            on_key(model, key)
        }
        Msg::ClickItem(index) if model.screen() == Screen::Question => {
            question::go_to(model, index)
        }
        Msg::ClickItem(_) => Vec::new(),
        Msg::Pasted(count) => {
            notify(model, NoticeKind::PasteDropped { count });
            Vec::new()
        }
        Msg::Resized(width, height) => {
            model.size = (width, height);
            model.page = 0;
            Vec::new()
        }
        Msg::Tick => {
            warn(model);
            Vec::new()
        }
        Msg::Picture(picture) => on_picture(model, picture),
    }
}

/// Puts a line into the message row.
pub(crate) fn notify(model: &mut Model, what: NoticeKind) {
    model.notice = Some(Notice {
        what,
        until_ms: model.now_ms + NOTICE_MS,
    });
}

fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    let screen = model.screen();
    match key {
        Key::Break if model.leave == Leave::Demonstration => return vec![Effect::Leave],
        Key::Break | Key::Combination => {
            model.combinations = model.combinations.saturating_add(1);
            notify(model, NoticeKind::ExitIgnored);
            return Vec::new();
        }
        Key::F(5) => return vec![Effect::Repaint],
        // The question is hidden, so nothing may happen to it.
        _ if screen == Screen::TooSmall => return Vec::new(),
        Key::F(3) => {
            model.look.theme = model.look.theme.next();
            return vec![Effect::Repaint];
        }
        Key::F(2) => {
            switch_language(model);
            return Vec::new();
        }
        Key::F(1) => {
            model.overlay = match model.overlay {
                Overlay::Help => Overlay::None,
                _ => Overlay::Help,
            };
            return Vec::new();
        }
        _ => {}
    }
    match model.overlay {
        Overlay::Help => {
            if matches!(key, Key::Esc | Key::Enter) {
                model.overlay = Overlay::None;
            }
            Vec::new()
        }
        Overlay::Rules => check_in::undertaking_key(model, key),
        Overlay::Review { confirm } if screen == Screen::Question => {
            hand_in::key(model, confirm, key)
        }
        Overlay::None
        | Overlay::Card { .. }
        | Overlay::Goto { .. }
        | Overlay::Strike
        | Overlay::Review { .. } => on_screen(model, screen, key),
    }
}

fn on_screen(model: &mut Model, screen: Screen, key: Key) -> Vec<Effect> {
    match screen {
        Screen::CheckIn => check_in::form_key(model, key),
        Screen::Confirm => check_in::confirm_key(key),
        Screen::Undertaking => check_in::undertaking_key(model, key),
        Screen::Declined => check_in::declined_key(model, key),
        Screen::Preparing | Screen::Waiting => {
            if key == Key::Char('R') && model.picture.candidate.is_some() {
                model.page = 0;
                model.overlay = Overlay::Rules;
            }
            Vec::new()
        }
        Screen::Late if key == Key::Enter => vec![Effect::Act(Act::Begin)],
        Screen::Question => question::key(model, key),
        Screen::Receipt | Screen::Quiet
            if key == Key::Enter && model.leave == Leave::Demonstration =>
        {
            vec![Effect::Leave]
        }
        Screen::TooSmall
        | Screen::OtherVersion
        | Screen::Connecting
        | Screen::DetailsWrong
        | Screen::AwaitIdentity
        | Screen::Late
        | Screen::Broken
        | Screen::HandingIn
        | Screen::Locked
        | Screen::Receipt
        | Screen::Quiet => Vec::new(),
    }
}

/// F2 changes the language before the paper opens, afterwards only by the rules (C24).
fn switch_language(model: &mut Model) {
    if model.may_switch_language() {
        model.lang = model.lang.other();
        model.page = 0;
        model.furthest = 0;
    } else {
        notify(model, NoticeKind::LanguageFixed);
    }
}

fn on_picture(model: &mut Model, picture: Arc<Picture>) -> Vec<Effect> {
    let before = model.screen();
    model.picture = picture;
    if let Some((number, refusal)) = model.picture.refusal.clone()
        && number > model.refusal_said
    {
        model.refusal_said = number;
        model.form.sent = false;
        if before == Screen::CheckIn {
            model.form.error = Some(FormError::Refused(refusal));
        } else if !matches!(
            refusal,
            Refusal::HandInGap { .. } | Refusal::RevisionGap { .. }
        ) {
            // A gap is filled by the attachment itself.
            notify(model, NoticeKind::Refusal(refusal));
        }
    }
    if model.is_offline() {
        // Whatever was asked is lost; Enter may ask again.
        model.form.sent = false;
    }
    if matches!(model.picture.ending, Ending::Ended(_)) && model.ended_at_ms.is_none() {
        model.ended_at_ms = Some(model.now_ms);
    }
    let after = model.screen();
    if before != after {
        entered(model, after);
    }
    place(model);
    warn(model);
    Vec::new()
}

fn entered(model: &mut Model, screen: Screen) {
    model.page = 0;
    model.furthest = 0;
    model.overlay = Overlay::None;
    if screen != Screen::CheckIn {
        // Numbers typed at log-in do not stay in memory longer than they are needed.
        model.form = Form::default();
    }
    if screen == Screen::Question {
        model.seen.insert(model.current);
    }
}

/// Takes the candidate back to where the seat last stopped, once (R3, R4).
fn place(model: &mut Model) {
    if model.placed || model.screen() != Screen::Question {
        return;
    }
    model.placed = true;
    let position = model.picture.position.clone();
    let index = model.picture.open_paper().and_then(|paper| {
        paper
            .items()
            .position(|(_, item)| Some(&item.item) == position.as_ref())
    });
    if let Some(index) = index {
        model.current = index;
        model.seen.insert(index);
    }
    question::place_cursor(model);
    if let Some(count) = model.picture.restored {
        notify(model, NoticeKind::Restored { count });
    }
}

/// Warns once at each of the rule file's rests (C19).
fn warn(model: &mut Model) {
    if model.screen() != Screen::Question {
        return;
    }
    let (Some(candidate), Some(rest)) = (
        model.picture.candidate.clone(),
        model.picture.rest(model.now_ms),
    ) else {
        return;
    };
    let due: Vec<i64> = candidate
        .warn
        .iter()
        .map(|span| span.0)
        .filter(|limit| rest.0 <= *limit && !model.warned.contains(limit))
        .collect();
    // Somebody who starts late is told the nearest one, not all of them at once.
    if let Some(nearest) = due.iter().min() {
        notify(model, NoticeKind::Warning { rest_ms: *nearest });
        model.warned.extend(due.iter().copied());
    }
}
