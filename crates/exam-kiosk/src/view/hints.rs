//! Which keys do something now, for the hint bar and the help page.
//!
//! Every hint is also a button, so what a hint names must be what its key does on that screen.

use exam_term::Ambiguous;
use exam_term::widgets::Hint;

use super::question::truth_words;
use super::words::say;
use crate::keymap::{Key, letter};
use crate::model::{Leave, Model, Overlay, Screen};
use crate::update::Msg;

/// The hints of one screen, in the order drawn.
struct List<'a> {
    model: &'a Model,
    hints: Vec<Hint<Msg>>,
}

impl List<'_> {
    /// Adds a key as it is printed on the keyboard, what it does, and how soon it may go.
    fn add(&mut self, label: &str, id: &str, rank: u8, key: Key) {
        let words = say(self.model, id);
        self.hints
            .push(Hint::new(label, words, rank, Msg::Click(key)));
    }
}

/// Returns the hints of the screen as it stands.
pub(super) fn hints(model: &Model) -> Vec<Hint<Msg>> {
    let mut list = List {
        model,
        hints: Vec::new(),
    };
    // In English the way back to Chinese always comes first (KIOSK, Keys).
    if model.lang == exam_core::Lang::En && model.may_switch_language() {
        list.add("F2", "hint-language", 0, Key::F(2));
    }
    match model.overlay {
        Overlay::Help => list.add("Esc", "hint-close", 0, Key::Esc),
        Overlay::Rules => rules(&mut list),
        Overlay::Card { .. } | Overlay::Goto { .. } | Overlay::Strike | Overlay::Review { .. }
            if model.screen() == Screen::Question =>
        {
            over_question(&mut list);
        }
        Overlay::None
        | Overlay::Card { .. }
        | Overlay::Goto { .. }
        | Overlay::Strike
        | Overlay::Review { .. } => on_screen(&mut list),
    }
    list.hints
}

fn on_screen(list: &mut List<'_>) {
    let model = list.model;
    match model.screen() {
        Screen::CheckIn if model.log_in_is_open() => {
            list.add("Tab", "hint-switch-field", 2, Key::Tab);
            list.add("Enter", "hint-log-in", 0, Key::Enter);
        }
        Screen::Confirm => {
            list.add("Y", "hint-right", 0, Key::Char('Y'));
            list.add("N", "hint-wrong", 0, Key::Char('N'));
        }
        Screen::Undertaking => return rules(list),
        Screen::Declined => list.add("R", "hint-read-again", 0, Key::Char('R')),
        Screen::Preparing | Screen::Waiting => list.add("R", "hint-rules", 1, Key::Char('R')),
        Screen::Late => list.add("Enter", "hint-start", 0, Key::Enter),
        Screen::Question => return question(list),
        Screen::Receipt | Screen::Quiet if model.leave == Leave::Demonstration => {
            list.add("Enter", "hint-quit", 0, Key::Enter);
        }
        Screen::TooSmall
        | Screen::OtherVersion
        | Screen::Connecting
        | Screen::CheckIn
        | Screen::DetailsWrong
        | Screen::AwaitIdentity
        | Screen::Broken
        | Screen::HandingIn
        | Screen::Locked
        | Screen::Receipt
        | Screen::Quiet => {}
    }
    list.add("F1", "hint-help", 1, Key::F(1));
    if model.lang == exam_core::Lang::Zh && model.may_switch_language() {
        list.add("F2", "hint-language", 2, Key::F(2));
    }
    list.add("F3", "hint-look", 3, Key::F(3));
    list.add("F5", "hint-repaint", 4, Key::F(5));
}

fn rules(list: &mut List<'_>) {
    let model = list.model;
    let pages = super::undertaking_pages(model);
    if pages > 1 {
        list.add("PgDn", "hint-page-down", 0, Key::PageDown);
        list.add("PgUp", "hint-page-up", 1, Key::PageUp);
    }
    if matches!(model.screen(), Screen::Undertaking | Screen::Declined) {
        if model.undertaking_is_read() {
            list.add("Y", "hint-agree", 0, Key::Char('Y'));
        }
        list.add("N", "hint-decline", 0, Key::Char('N'));
    }
    if model.overlay == Overlay::Rules {
        list.add("Esc", "hint-close", 0, Key::Esc);
    }
    list.add("F1", "hint-help", 2, Key::F(1));
    list.add("F3", "hint-look", 3, Key::F(3));
}

fn over_question(list: &mut List<'_>) {
    match list.model.overlay {
        Overlay::Card { .. } => {
            list.hints.push(Hint::new(
                arrows(list.model),
                say(list.model, "hint-move"),
                1,
                Msg::Click(Key::Right),
            ));
            list.add("Enter", "hint-go", 0, Key::Enter);
            list.add("U", "hint-next-unanswered", 3, Key::Char('U'));
            list.add("M", "hint-next-flagged", 3, Key::Char('M'));
            list.add("0", "hint-all", 2, Key::Char('0'));
            list.add("1", "hint-unanswered", 2, Key::Char('1'));
            list.add("2", "hint-flagged", 2, Key::Char('2'));
            list.add("F10", "hint-hand-in", 1, Key::F(10));
            list.add("Esc", "hint-back", 0, Key::Esc);
        }
        Overlay::Goto { .. } => {
            list.hints.push(Hint::new(
                "0-9",
                say(list.model, "hint-type-number"),
                1,
                Msg::Click(Key::Char('0')),
            ));
            list.add("Enter", "hint-go", 0, Key::Enter);
            list.add("Esc", "hint-cancel", 0, Key::Esc);
        }
        Overlay::Strike => {
            list.add(&letters(list.model), "hint-strike", 0, Key::Esc);
            list.add("Esc", "hint-cancel", 0, Key::Esc);
        }
        Overlay::Review {
            confirm: Some(typed),
        } => {
            list.add("J", "hint-confirm", 0, Key::Char('J'));
            if typed >= 2 {
                list.add("Enter", "hint-hand-in", 0, Key::Enter);
            }
            list.add("Esc", "hint-cancel", 0, Key::Esc);
        }
        Overlay::Review { confirm: None } => {
            list.add("U", "hint-to-unanswered", 1, Key::Char('U'));
            list.add("M", "hint-to-flagged", 1, Key::Char('M'));
            list.add("Tab", "hint-card", 2, Key::Tab);
            list.add("Esc", "hint-back", 0, Key::Esc);
            list.add("S", "hint-hand-in-ask", 0, Key::Char('S'));
        }
        Overlay::None | Overlay::Help | Overlay::Rules => {}
    }
}

/// 上一题, 下一题 and 交卷 never go (KIOSK, Keys).
fn question(list: &mut List<'_>) {
    let model = list.model;
    let narrow = model.look.glyphs.ambiguous == Ambiguous::Narrow;
    let (left, right) = if narrow { ("←", "→") } else { ("<-", "->") };
    let paged = super::question_pages(model) > 1;
    if model.is_true_false() {
        for (index, mark) in truths(model).into_iter().enumerate() {
            let key = Key::Char(letter(index));
            list.hints
                .push(Hint::new(letter(index), mark, 1, Msg::Click(key)));
        }
    } else {
        // A click on "A-D" cannot mean a letter; it stands for Enter at the cursor.
        list.add(&letters(model), "hint-choose", 1, Key::Enter);
    }
    list.add(left, "hint-previous", 0, Key::Left);
    list.add(right, "hint-next", 0, Key::Right);
    if paged {
        list.add("PgDn", "hint-page", 0, Key::PageDown);
    }
    list.add(&say(model, "key-space"), "hint-flag", 2, Key::Space);
    if !model.is_true_false() {
        list.add("X", "hint-strike", 6, Key::Char('X'));
    }
    list.add(&say(model, "key-backspace"), "hint-clear", 7, Key::Erase);
    list.add("G", "hint-goto", 4, Key::Char('G'));
    list.add("U", "hint-next-unanswered", 5, Key::Char('U'));
    list.add("M", "hint-next-flagged", 8, Key::Char('M'));
    list.add("Tab", "hint-card", 2, Key::Tab);
    list.add("F4", "hint-clock", 9, Key::F(4));
    list.add("F3", "hint-look", 9, Key::F(3));
    list.add("H", "hint-help", 3, Key::Char('H'));
    list.add("F10", "hint-hand-in", 0, Key::F(10));
}

/// Returns what the options of a true/false item say, in order.
fn truths(model: &Model) -> Vec<String> {
    let options = model.item().map_or(&[][..], |(_, item)| &item.options);
    options
        .iter()
        .map(|option| truth_words(model, &option.id))
        .collect()
}

/// Returns the letters of the item's options, as `A-D`.
fn letters(model: &Model) -> String {
    let count = model.item().map_or(0, |(_, item)| item.options.len());
    let last = letter(count.saturating_sub(1));
    if count < 2 {
        "A".to_owned()
    } else {
        format!("A-{last}")
    }
}

fn arrows(model: &Model) -> &'static str {
    match model.look.glyphs.ambiguous {
        Ambiguous::Narrow => "↑↓←→",
        Ambiguous::Pad | Ambiguous::Wide => "^v<>",
    }
}
