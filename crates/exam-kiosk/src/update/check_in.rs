//! Keys before the paper: the log-in form, the own data, the undertaking.

use exam_client::Act;

use super::Effect;
use crate::keymap::Key;
use crate::model::{Field, Form, FormError, Model, Overlay, Screen, TAIL};

pub(super) fn form_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if !model.log_in_is_open() {
        return Vec::new();
    }
    let form = &mut model.form;
    match key {
        Key::Tab | Key::BackTab | Key::Up | Key::Down => form.field = other(form.field),
        Key::Erase => {
            form.error = None;
            field(form).press(exam_term::Key::plain(exam_term::Code::Backspace));
        }
        Key::Char(c) => type_character(form, c),
        Key::Enter => return submit(form),
        _ => {}
    }
    Vec::new()
}

const fn other(field: Field) -> Field {
    match field {
        Field::Number => Field::Tail,
        Field::Tail => Field::Number,
    }
}

const fn field(form: &mut Form) -> &mut exam_term::widgets::Field {
    match form.field {
        Field::Number => &mut form.number,
        Field::Tail => &mut form.tail,
    }
}

fn type_character(form: &mut Form, c: char) {
    form.error = None;
    // X stands only in the last place of an ID number.
    if c == 'X' && form.tail.missing() != 1 {
        return;
    }
    field(form).press(exam_term::Key::char(c));
}

/// Enter goes to the next empty field, then logs in; a second Enter while that runs does nothing.
fn submit(form: &mut Form) -> Vec<Effect> {
    if form.sent {
        return Vec::new();
    }
    if form.number.text().is_empty() {
        form.field = Field::Number;
        form.error = Some(FormError::Number);
        return Vec::new();
    }
    if form.tail.text().len() < TAIL {
        if form.field == Field::Tail {
            form.error = Some(FormError::Tail {
                missing: form.tail.missing(),
            });
        }
        form.field = Field::Tail;
        return Vec::new();
    }
    form.sent = true;
    form.error = None;
    let (number, tail) = (form.number.text().to_owned(), form.tail.text().to_owned());
    vec![Effect::Act(Act::LogIn { number, tail })]
}

pub(super) fn confirm_key(key: Key) -> Vec<Effect> {
    match key {
        Key::Char('Y') => vec![Effect::Act(Act::CheckDetails { correct: true })],
        Key::Char('N') => vec![Effect::Act(Act::CheckDetails { correct: false })],
        _ => Vec::new(),
    }
}

/// After declining: R shows the undertaking again, and from there Y accepts it.
pub(super) fn declined_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if key == Key::Char('R') {
        model.page = 0;
        model.furthest = 0;
        model.overlay = Overlay::Rules;
    }
    Vec::new()
}

/// The undertaking: all pages must have been on the screen before Y counts (C1).
pub(super) fn undertaking_key(model: &mut Model, key: Key) -> Vec<Effect> {
    let last = crate::view::undertaking_pages(model).saturating_sub(1);
    let asked = matches!(model.screen(), Screen::Undertaking | Screen::Declined);
    match key {
        Key::PageDown | Key::Space | Key::Right | Key::Down | Key::Enter => {
            model.page = (model.page + 1).min(last);
            model.furthest = model.furthest.max(model.page);
        }
        Key::PageUp | Key::Left | Key::Up => model.page = model.page.saturating_sub(1),
        Key::Esc => model.overlay = Overlay::None,
        Key::Char('Y') if asked && model.undertaking_is_read() => {
            return vec![Effect::Act(Act::Undertake { accepted: true })];
        }
        Key::Char('N') if asked => {
            model.overlay = Overlay::None;
            return vec![Effect::Act(Act::Undertake { accepted: false })];
        }
        _ => {}
    }
    Vec::new()
}
