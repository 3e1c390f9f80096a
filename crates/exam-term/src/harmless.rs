//! Makes any text fit to be put into cells: nothing in it can move the cursor, reverse the
//! writing direction, vanish, or pile up without end. What is replaced is replaced visibly.
//!
//! It does not judge what a text says and does not measure it; see [`crate::glyphs`].

use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// The most characters one cell may hold: a base and its marks. More is a prank.
const CLUSTER_MAX: usize = 8;

/// Returns `text` with every harmful character replaced by its name, such as `<U+202E>`.
///
/// Tabs and line ends become spaces; whoever wants line breaks splits first. Harmful are control
/// characters, direction overrides, invisible characters, variation selectors that change a
/// glyph's width, and marks with nothing to stand on.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        push_cluster(&mut out, cluster);
    }
    if out == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(out)
    }
}

fn push_cluster(out: &mut String, cluster: &str) {
    let bare = cluster.width() == 0;
    let mut kept = 0;
    let mut dropped = 0_usize;
    for c in cluster.chars() {
        if matches!(c, '\t' | '\n' | '\r') {
            if !out.ends_with(' ') || c != '\n' {
                out.push(' ');
            }
        } else if bare || is_harmful(c) {
            name(out, c);
        } else if kept < CLUSTER_MAX {
            out.push(c);
            kept += 1;
        } else {
            dropped += 1;
        }
    }
    if dropped > 0 {
        write!(out, "<+{dropped}>").expect("a String takes any text");
    }
}

fn name(out: &mut String, c: char) {
    write!(out, "<U+{:04X}>", u32::from(c)).expect("a String takes any text");
}

const fn is_harmful(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // soft hyphen, joiners, marks and overrides of direction, invisible operators
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // blanks that look like nothing or like a space
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}'
        // selectors that switch a glyph between one cell and two, and tags
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_and_chinese_text_is_left_alone() {
        for text in [
            "",
            "Ctrl+S 60%",
            "客户服务管理员（三级）",
            "𬎆·买买提",
            "e\u{301}té",
        ] {
            assert!(matches!(harmless(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn escapes_overrides_and_invisible_characters_are_shown_by_name() {
        assert_eq!(harmless("a\u{1b}[31mb"), "a<U+001B>[31mb");
        assert_eq!(harmless("张\u{202e}三"), "张<U+202E>三");
        assert_eq!(harmless("a\u{200b}b\u{feff}"), "a<U+200B>b<U+FEFF>");
        assert_eq!(harmless("\u{301}a"), "<U+0301>a");
        assert_eq!(harmless("a\tb\r\nc"), "a b c");
        assert_eq!(harmless("\u{9b}2J"), "<U+009B>2J");
    }

    #[test]
    fn a_pile_of_marks_is_cut_and_counted() {
        let pile = format!("a{}b", "\u{301}".repeat(500));
        let shown = harmless(&pile);
        assert!(shown.ends_with("<+493>b"), "{shown}");
        assert!(shown.chars().count() < 20);
    }

    proptest! {
        #[test]
        fn nothing_harmful_survives_and_every_cluster_has_a_width(text in any::<String>()) {
            let shown = harmless(&text);
            prop_assert!(!shown.chars().any(is_harmful));
            for cluster in shown.graphemes(true) {
                prop_assert!(cluster.width() > 0, "{:?} of {:?}", cluster, shown);
            }
        }
    }
}
