//! Stories with a clock, one for each rule of RULES that the machine keeps, and the laws that hold
//! for every story. `story` plays the hall and its kiosks; `script` reads and writes the words.

mod acts;
mod check_in;
mod hall;
mod late;
mod laws;
mod script;
mod story;
mod time;
mod writes;

use crate::rules::Rules;

/// Plays `script` under the usual rules and compares what was heard.
#[track_caller]
fn check(script: &str, heard: &str) {
    check_with(|_usual| {}, script, heard);
}

/// Plays `script` under changed rules and compares what was heard.
///
/// Every story also proves that its journal, run again, gives the same state.
#[track_caller]
fn check_with(change: impl FnOnce(&mut Rules), script: &str, heard: &str) {
    let mut rules = hall::rules();
    change(&mut rules);
    let mut story = story::Story::new(rules);
    script::play(&mut story, script);
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(tidy(&story.heard.join("; ")), tidy(heard), "in: {script}");
    assert_eq!(story.replayed(), story.sitting, "replay differs: {script}");
}
