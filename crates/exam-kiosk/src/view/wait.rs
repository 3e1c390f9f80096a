//! Screens on which the candidate can only wait: one thing is said, and what to do.

use exam_client::{Ending, PaperState};
use exam_core::{End, Label};
use exam_term::Role;
use exam_term::widgets::{BIG_HEIGHT, big_digits, frame_box, popup_area};
use exam_text::Args;
use ratatui::layout::Rect;

use super::Pen;
use super::chrome::seat;
use super::words::{MINUTES, saved_word, say, tell, tell_count, time_at, time_now};
use crate::model::{Model, Screen};

/// Width of the sentences.
const WIDTH: u16 = 66;

/// Draws a screen that says one thing.
pub(super) fn told(pen: &mut Pen<'_>, screen: Screen) {
    let model = pen.model;
    let (title, mut lines) = words(model, screen);
    if matches!(screen, Screen::HandingIn | Screen::Locked) {
        let (word, _) = saved_word(model, model.picture.tally());
        lines.push(word);
    }
    let glyphs = model.look.glyphs;
    let inner_width = WIDTH - 4;
    let wrapped = lines
        .iter()
        .map(|line| exam_term::wrap::wrap(line, inner_width, glyphs).len() + 1);
    let height = u16::try_from(wrapped.sum::<usize>() + 3).unwrap_or(u16::MAX);
    let place = popup_area(pen.body(), WIDTH, height);
    let inner = frame_box(pen.buf, place, &title, Role::Dim, model.look);
    let mut y = inner.y + 1;
    pen.focus = Some((inner.x, y).into());
    for (index, line) in lines.iter().enumerate() {
        let role = if index == 0 { Role::Strong } else { Role::Text };
        y = pen.prose(inner, y, line, role) + 1;
    }
}

fn words(model: &Model, screen: Screen) -> (String, Vec<String>) {
    let one = |title: &str, line: String| (say(model, title), vec![line]);
    match screen {
        Screen::Connecting => {
            let id = if model.is_offline() {
                "login-no-server"
            } else {
                "connecting"
            };
            one("connecting-title", say(model, id))
        }
        Screen::OtherVersion => {
            let there = model.picture.other_version.clone().unwrap_or_default();
            let args = Args::new()
                .text("here", env!("CARGO_PKG_VERSION"))
                .text("there", there);
            one("version-title", tell(model, "other-version", &args))
        }
        Screen::DetailsWrong => one("confirm-title", say(model, "confirm-wrong")),
        Screen::AwaitIdentity => one("identity-title", say(model, "kiosk-await-identity")),
        Screen::Declined => one("undertaking-title", say(model, "kiosk-declined")),
        Screen::Preparing => one("waiting-title", say(model, preparing(model))),
        Screen::Late => one("late-title", late(model)),
        Screen::Broken => one("broken-title", say(model, "paper-broken")),
        Screen::HandingIn => one("hand-in-title", handing_in(model)),
        Screen::Locked => {
            let id = if model.is_offline() {
                "kiosk-time-up-offline"
            } else {
                "time-up"
            };
            one("time-up-title", say(model, id))
        }
        Screen::Quiet => quiet(model),
        Screen::TooSmall
        | Screen::CheckIn
        | Screen::Confirm
        | Screen::Undertaking
        | Screen::Waiting
        | Screen::Question
        | Screen::Receipt => (String::new(), Vec::new()),
    }
}

fn preparing(model: &Model) -> &'static str {
    let running = model
        .picture
        .view
        .as_ref()
        .is_some_and(|view| view.label == Label::Running);
    match model.picture.paper {
        _ if running => "waiting-opening",
        PaperState::Absent => "waiting-paper-loading",
        PaperState::Sealed | PaperState::Open(_) | PaperState::Broken => "waiting-paper-ready",
    }
}

/// What a late candidate still has, before starting (T2).
fn late(model: &Model) -> String {
    let rest = model.picture.rest(model.now_ms).unwrap_or_default();
    let view = model.picture.view.as_ref();
    let now = model.picture.clock.hall_at(model.now_ms);
    let started = view.and_then(|view| view.room_started);
    let late = started.map_or(0, |started| (now - started).0.max(0) / 60_000);
    let end = view.and_then(|view| view.ends_at);
    let args = Args::new()
        .count("late", late)
        .count("left", rest.0 / 60_000)
        .text(
            "time",
            end.map_or_else(String::new, |end| time_at(model, end, MINUTES)),
        );
    tell(model, "kiosk-late", &args)
}

fn handing_in(model: &Model) -> String {
    if model.is_offline() {
        return say(model, "kiosk-handing-in-offline");
    }
    let tally = model.picture.tally();
    match tally.waiting + tally.chosen {
        0 => say(model, "hand-in-sealing"),
        count => tell_count(model, "kiosk-handing-in", count),
    }
}

/// A minute after the end: no name, no number.
fn quiet(model: &Model) -> (String, Vec<String>) {
    let view = model.picture.view.as_ref();
    let label = view.map_or(Label::HandedIn, |view| view.label);
    let handed_in = match &model.picture.ending {
        Ending::Ended(receipt) => receipt.end == End::HandedIn,
        Ending::None | Ending::HandingIn | Ending::Locked => label == Label::HandedIn,
    };
    let place = Args::new().text("seat", seat(model));
    let title = tell(model, "head-seat", &place);
    let line = if handed_in {
        tell(model, "kiosk-seat-done", &place)
    } else {
        let id = if label == Label::Absent {
            "state-absent"
        } else {
            "receipt-title-time-up"
        };
        format!("{title}: {}", say(model, id))
    };
    (title, vec![line, say(model, "receipt-leave")])
}

/// Draws the waiting room: when, how long, and that nothing need be done (C9).
pub(super) fn waiting(pen: &mut Pen<'_>) {
    let model = pen.model;
    let body = pen.body();
    let planned = model
        .picture
        .view
        .as_ref()
        .map(|view| view.planned)
        .unwrap_or_default();
    let wait = planned - model.picture.clock.hall_at(model.now_ms);
    let (words, shown) = if wait.0 > 0 {
        let args = Args::new().text("time", time_at(model, planned, MINUTES));
        (tell(model, "kiosk-await-start", &args), wait.to_string())
    } else {
        (say(model, "kiosk-await-start-due"), time_now(model))
    };
    let area = popup_area(body, WIDTH, BIG_HEIGHT + 8);
    let y = pen.centred_prose(area, area.y, &words, Role::Strong) + 1;
    pen.focus = Some((area.x, area.y).into());
    let clock = Rect {
        y,
        height: BIG_HEIGHT,
        ..area
    };
    big_digits(pen.buf, clock, &shown, model.look);
    let ready = match model.picture.paper {
        PaperState::Absent => "waiting-paper-loading",
        PaperState::Sealed | PaperState::Open(_) | PaperState::Broken => "waiting-paper-ready",
    };
    let ready = say(model, ready);
    pen.centred(area, y + BIG_HEIGHT + 1, &ready, Role::Text);
}
