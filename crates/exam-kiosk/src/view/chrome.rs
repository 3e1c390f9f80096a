//! What stands around every screen: header, rules, message row, hint bar.

use exam_client::Link;
use exam_core::Label;
use exam_term::widgets::{Piece, header, hint_bar};
use exam_term::{Role, ink, wrap};
use exam_text::Args;
use ratatui::layout::Rect;

use super::words::{message, number, saved_word, say, tell, time_now};
use super::{Pen, card, hints, question, undertaking};
use crate::model::{Model, Overlay, Screen};

/// Widest name in the header of a narrow screen, and of a wide one (C40).
const NAME: u16 = 14;
const NAME_WIDE: u16 = 40;

/// Draws everything around the body.
pub(super) fn frame(pen: &mut Pen<'_>) {
    let (model, area) = (pen.model, pen.area);
    let mut right = right(model);
    right.retain(|piece| !piece.text.is_empty());
    header(pen.buf, area, &left(model), &right, model.look);
    ink::rule(pen.buf, area, 1, model.look);
    messages(pen);
    ink::rule(pen.buf, area, area.bottom().saturating_sub(2), model.look);
    let bar = Rect::new(area.x, area.bottom().saturating_sub(1), area.width, 1);
    let places = hint_bar(pen.buf, bar, &hints::hints(model), model.look);
    pen.hits.extend(places);
}

/// Draws the message in rows 2 and 3; both are kept free for it on every screen.
fn messages(pen: &mut Pen<'_>) {
    let Some((mark, text, role)) = message(pen.model) else {
        return;
    };
    let look = pen.model.look;
    let beside = pen.model.screen() == Screen::Question
        && !matches!(pen.model.overlay, Overlay::Review { .. } | Overlay::Help);
    let width = if beside {
        question::panel(pen.model)
    } else {
        pen.area.width
    };
    let room = Rect { width, ..pen.area };
    let rows = wrap::wrap_led(&format!("{mark} "), &text, width, look.glyphs);
    for (y, row) in (2..4).zip(&rows) {
        let blank = " ".repeat(usize::from(width));
        pen.put((0, y), &blank, width, role);
        ink::row(pen.buf, room, y, row, role, look);
    }
}

fn left(model: &Model) -> Vec<Piece> {
    let screen = model.screen();
    let seat = seat(model);
    let mut pieces = Vec::new();
    let anonymous = matches!(screen, Screen::Quiet | Screen::CheckIn | Screen::Connecting);
    match &model.picture.candidate {
        Some(candidate) if !anonymous => {
            let room = if card::is_wide(model) {
                NAME_WIDE
            } else {
                NAME
            };
            let name = model.look.glyphs.clip(&candidate.name, room);
            pieces.push(Piece::new(format!("{seat} {name}"), Role::Text, 0));
            if card::is_wide(model) {
                pieces.push(Piece::new(candidate.number.clone(), Role::Dim, 6));
            }
        }
        Some(_) | None => {
            let words = tell(model, "head-seat", &Args::new().text("seat", seat));
            pieces.push(Piece::new(words, Role::Strong, 0));
        }
    }
    pieces.extend(title(model, screen));
    if model
        .picture
        .hall
        .as_ref()
        .is_some_and(|hall| hall.rehearsal)
    {
        pieces.push(Piece::new(say(model, "head-rehearsal"), Role::Dim, 7));
    }
    pieces
}

/// Returns the seat, once the hall has said it.
pub(super) fn seat(model: &Model) -> String {
    let view = model.picture.view.as_ref().map(|view| &view.seat);
    let hall = model.picture.hall.as_ref().map(|hall| &hall.seat);
    hall.or(view)
        .map_or_else(|| "--".to_owned(), ToString::to_string)
}

fn title(model: &Model, screen: Screen) -> Vec<Piece> {
    let of = |id: &str| vec![Piece::new(say(model, id), Role::Strong, 1)];
    match screen {
        Screen::Connecting => of("connecting-title"),
        Screen::OtherVersion => of("version-title"),
        Screen::Confirm | Screen::DetailsWrong => of("confirm-heading"),
        Screen::AwaitIdentity => of("identity-title"),
        Screen::Undertaking => undertaking_title(model),
        Screen::Declined | Screen::Preparing | Screen::Waiting
            if model.overlay == Overlay::Rules =>
        {
            undertaking_title(model)
        }
        Screen::Declined => of("undertaking-title"),
        Screen::Preparing | Screen::Waiting => of("waiting-title"),
        Screen::Late => of("late-title"),
        Screen::Broken => of("broken-title"),
        Screen::HandingIn => of("hand-in-title"),
        Screen::Locked => of("time-up-title"),
        Screen::Question => match model.overlay {
            Overlay::Review { .. } => of("review-title"),
            Overlay::Card { .. } if !card::is_beside(model) => of("card-title"),
            Overlay::None
            | Overlay::Card { .. }
            | Overlay::Goto { .. }
            | Overlay::Strike
            | Overlay::Help
            | Overlay::Rules => position(model),
        },
        Screen::TooSmall | Screen::CheckIn | Screen::Receipt | Screen::Quiet => Vec::new(),
    }
}

fn undertaking_title(model: &Model) -> Vec<Piece> {
    let pages = undertaking::pages(model);
    let args = Args::new()
        .count("page", number(model.page.min(pages - 1) + 1))
        .count("pages", number(pages));
    vec![
        Piece::new(say(model, "undertaking-title"), Role::Strong, 1),
        Piece::new(tell(model, "head-page", &args), Role::Text, 1),
    ]
}

/// Global and section position: 「单选题 18/60  第58题/共100题」 (C11).
fn position(model: &Model) -> Vec<Piece> {
    let Some((section, item)) = model.item() else {
        return Vec::new();
    };
    let within = section
        .items
        .iter()
        .position(|own| own.item == item.item)
        .unwrap_or(0);
    let name = say(model, &format!("section-{}", section.kind.name()));
    let of_section = Args::new()
        .text("section", name)
        .count("number", number(within + 1))
        .count("total", number(section.items.len()));
    let of_paper = Args::new()
        .count("number", item.number)
        .count("total", number(model.total()));
    vec![
        Piece::new(tell(model, "head-section", &of_section), Role::Text, 3),
        Piece::new(tell(model, "head-item", &of_paper), Role::Strong, 1),
    ]
}

fn right(model: &Model) -> Vec<Piece> {
    match model.screen() {
        Screen::Question | Screen::Broken => answering(model),
        Screen::HandingIn | Screen::Locked => vec![saved(model), network(model, 3)],
        Screen::Undertaking
        | Screen::Declined
        | Screen::Preparing
        | Screen::Waiting
        | Screen::Late => vec![until(model), clock(model, 2), network(model, 3)],
        Screen::TooSmall
        | Screen::OtherVersion
        | Screen::Connecting
        | Screen::CheckIn
        | Screen::Confirm
        | Screen::DetailsWrong
        | Screen::AwaitIdentity
        | Screen::Receipt
        | Screen::Quiet => vec![clock(model, 1), network(model, 2)],
    }
}

fn answering(model: &Model) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if card::is_wide(model) {
        pieces.push(clock(model, 5));
        pieces.push(network(model, 4));
    }
    pieces.push(saved(model));
    pieces.push(rest(model));
    pieces
}

/// The word for all answers, from the one tally (W8); it is never dropped.
fn saved(model: &Model) -> Piece {
    let (word, role) = saved_word(model, model.picture.tally());
    Piece::new(word, role, 0)
}

/// The time left. It is steady in the last minute, and never blinks (C19).
fn rest(model: &Model) -> Piece {
    let Some(rest) = model.picture.rest(model.now_ms) else {
        return Piece::new("", Role::Dim, 0);
    };
    if !model.shows_clock() {
        return Piece::new(say(model, "head-left-hidden"), Role::Dim, 0);
    }
    let role = match rest.0 {
        left if left <= 60_000 => Role::Danger,
        left if left <= 300_000 => Role::Waiting,
        _ => Role::Accent,
    };
    let args = Args::new().text("time", rest.to_string());
    Piece::new(tell(model, "head-left", &args), role, 0)
}

/// Before the start how long it is until then; after it, what is left for a late candidate.
fn until(model: &Model) -> Piece {
    let Some(view) = &model.picture.view else {
        return Piece::new("", Role::Dim, 1);
    };
    if view.room_started.is_some() || view.label == Label::Running {
        return rest(model);
    }
    let wait = view.planned - model.picture.clock.hall_at(model.now_ms);
    let args = Args::new().text("time", wait.to_string());
    Piece::new(tell(model, "head-until-start", &args), Role::Accent, 0)
}

fn clock(model: &Model, rank: u8) -> Piece {
    if model.picture.hall.is_none() {
        return Piece::new("", Role::Dim, rank);
    }
    let args = Args::new().text("time", time_now(model));
    Piece::new(tell(model, "head-system-time", &args), Role::Text, rank)
}

fn network(model: &Model, rank: u8) -> Piece {
    match model.picture.link {
        Link::Online => Piece::new(say(model, "head-network-ok"), Role::Dim, rank),
        Link::Connecting | Link::Offline { .. } => {
            Piece::new(say(model, "head-network-down"), Role::Waiting, 0)
        }
    }
}
