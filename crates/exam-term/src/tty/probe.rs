//! Asks the terminal at start how wide it draws four glyphs, and judges by the answers.
//!
//! It must run before anything reads events, for the answers come in as input. A terminal that
//! does not answer in time is taken for a common one; a late answer is no key to the event reader.

use crate::glyphs::{Ambiguous, Borders, Glyphs};
use std::io::{self, Write};
use std::time::Duration;

/// A hanzi, a box line, a quotation mark, a tick.
const ASKED: [&str; 4] = ["中", "─", "“", "√"];

/// What the settings say about glyphs of doubtful width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmbiguousRule {
    /// As the terminal answers.
    #[default]
    Auto,
    /// The font draws them two cells wide though the terminal counts one: pad.
    Pad,
    /// One cell, unless the terminal counts two.
    Narrow,
}

pub(super) fn probe(rule: AmbiguousRule, term: &str, within: Duration) -> Glyphs {
    let answers = ask(&mut io::stdout())
        .and_then(|()| listen(within))
        .unwrap_or_default();
    // The questions left glyphs on the screen; the first frame draws over a clean one.
    if crossterm::execute!(
        io::stdout(),
        crossterm::terminal::Clear(crossterm::terminal::ClearType::All)
    )
    .is_err()
    {
        // The first frame will meet the same fault and report it.
    }
    judge(&widths(&answers), rule, term)
}

/// Writes each glyph at the left edge and asks for the cursor after it.
fn ask(out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"\x1b[H")?;
    for glyph in ASKED {
        write!(out, "\r{glyph}\x1b[6n\r\x1b[2K")?;
    }
    out.flush()
}

/// Reads until all answers are there or the time is over.
#[cfg(unix)]
fn listen(within: Duration) -> io::Result<Vec<u8>> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let mut answers = Vec::new();
    // Slices of the limit: a poll per slice, so that no clock is needed.
    let slice = Timespec::try_from(within / 10).map_err(io::Error::other)?;
    let mut silent = 0;
    while silent < 10 && widths(&answers).len() < ASKED.len() && answers.len() < 1024 {
        let mut ready = [PollFd::new(&stdin, PollFlags::IN)];
        if poll(&mut ready, Some(&slice))? == 0 {
            silent += 1;
            continue;
        }
        let mut bytes = [0; 64];
        let read = rustix::io::read(&stdin, &mut bytes)?;
        if read == 0 {
            break;
        }
        answers.extend_from_slice(&bytes[..read]);
    }
    Ok(answers)
}

/// Elsewhere the terminal is taken for a common one.
#[cfg(not(unix))]
fn listen(_within: Duration) -> io::Result<Vec<u8>> {
    Ok(Vec::new())
}

/// Returns the width of each glyph answered for, from reports `ESC [ row ; column R`.
fn widths(answers: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(answers);
    text.split("\x1b[")
        .filter_map(|part| {
            let (report, _) = part.split_once('R')?;
            let (row, column) = report.split_once(';')?;
            row.parse::<u16>().ok()?;
            column.parse::<u16>().ok()?.checked_sub(1)
        })
        .collect()
}

fn judge(widths: &[u16], rule: AmbiguousRule, term: &str) -> Glyphs {
    let [hanzi, line, quote, tick] = *widths else {
        return Glyphs {
            ambiguous: match rule {
                AmbiguousRule::Pad => Ambiguous::Pad,
                AmbiguousRule::Auto | AmbiguousRule::Narrow => Ambiguous::Narrow,
            },
            borders: Borders::Unicode,
            cjk_ok: term != "linux",
        };
    };
    Glyphs {
        ambiguous: if quote == 2 || tick == 2 {
            Ambiguous::Wide
        } else if rule == AmbiguousRule::Pad {
            Ambiguous::Pad
        } else {
            Ambiguous::Narrow
        },
        borders: if line == 1 {
            Borders::Unicode
        } else {
            Borders::Ascii
        },
        // The bare console counts well but has no hanzi in its font.
        cjk_ok: hanzi == 2 && term != "linux",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reports_are_found_among_keys_typed_ahead() {
        let answers = b"\x1b[1;3Rx\x1b[A\x1b[1;2R\x1b[1;2R\x1b[1;2R";
        assert_eq!(widths(answers), [2, 1, 1, 1]);
        assert_eq!(widths(b"\x1b[1;3R\x1b[1;"), [2]);
    }

    #[test]
    fn a_common_terminal_draws_everything() {
        let found = judge(&[2, 1, 1, 1], AmbiguousRule::Auto, "foot");
        assert_eq!(found, Glyphs::default());
        assert_eq!(judge(&[], AmbiguousRule::Auto, "foot"), Glyphs::default());
    }

    #[test]
    fn a_terminal_of_wide_signs_gets_ascii_frames_and_wide_signs() {
        let found = judge(&[2, 2, 2, 2], AmbiguousRule::Auto, "xterm");
        assert_eq!(
            (found.ambiguous, found.borders),
            (Ambiguous::Wide, Borders::Ascii)
        );
    }

    #[test]
    fn a_font_of_wide_signs_is_padded_when_the_settings_say_so() {
        let found = judge(&[2, 1, 1, 1], AmbiguousRule::Pad, "foot");
        assert_eq!(
            (found.ambiguous, found.borders),
            (Ambiguous::Pad, Borders::Unicode)
        );
        let deaf = judge(&[2, 1], AmbiguousRule::Pad, "foot");
        assert_eq!(deaf.ambiguous, Ambiguous::Pad);
    }

    #[test]
    fn a_terminal_without_hanzi_is_found_out() {
        assert!(!judge(&[1, 1, 1, 1], AmbiguousRule::Auto, "xterm").cjk_ok);
        assert!(!judge(&[2, 1, 1, 1], AmbiguousRule::Auto, "linux").cjk_ok);
        assert!(!judge(&[], AmbiguousRule::Auto, "linux").cjk_ok);
    }

    #[test]
    fn each_question_begins_at_the_left_edge_and_leaves_nothing() {
        let mut out = Vec::new();
        ask(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("\x1b[6n").count(), ASKED.len());
        assert!(text.ends_with("\r\x1b[2K"));
    }

    proptest! {
        #[test]
        fn no_answer_can_break_the_probe(answers in any::<Vec<u8>>()) {
            let found = widths(&answers);
            judge(&found, AmbiguousRule::Auto, "foot");
        }
    }
}
