//! A paragraph as grapheme clusters, each with its width and its part in line breaking.

use crate::glyphs::{Glyphs, is_ambiguous};
use crate::harmless::harmless;
use unicode_segmentation::UnicodeSegmentation as _;

/// What may not begin a line (GB/T 15834; W3C clreq).
const NO_START: &str = "，。、；：？！）】》」』】〕〉”’,.;:?!)]}%‰℃·…—～/％";
/// What may not end a line.
const NO_END: &str = "（【《「『〔〈“‘([{￥$№";

/// What a cluster does at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Vanishes there.
    Space,
    /// Stays with its neighbours of the same class.
    Word,
    /// May not begin a line.
    NoStart,
    /// May not end a line.
    NoEnd,
    /// A line may break before and after it.
    Free,
}

/// One grapheme cluster.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) text: String,
    pub(super) cells: u16,
    pub(super) strong: bool,
    pub(super) class: Class,
}

impl Cluster {
    /// Says whether it is an ASCII letter or digit.
    pub(super) fn is_alphanumeric(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    /// Says whether it is a digit of normal or full width.
    pub(super) fn is_digit(&self) -> bool {
        self.text
            .chars()
            .all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
    }
}

/// Returns the clusters of a paragraph, its marks of emphasis resolved.
///
/// A cluster wider than the box (a hanzi in one cell) is shown as `?`.
pub(super) fn clusters(paragraph: &str, width: u16, glyphs: Glyphs) -> Vec<Cluster> {
    let mut clusters = Vec::new();
    for (text, strong) in emphasis(paragraph) {
        for text in harmless(text).graphemes(true) {
            let cells = glyphs.cells(text);
            let fits = cells <= width;
            clusters.push(Cluster {
                class: class(text),
                text: if fits { text } else { "?" }.to_owned(),
                cells: if fits { cells } else { 1 },
                strong,
            });
        }
    }
    clusters
}

/// Splits at `**`: every second part is emphasised, if the marks are balanced and not empty.
fn emphasis(paragraph: &str) -> Vec<(&str, bool)> {
    let parts: Vec<&str> = paragraph.split("**").collect();
    let balanced = parts.len() % 2 == 1;
    let filled = parts.iter().skip(1).step_by(2).all(|part| !part.is_empty());
    if !(balanced && filled) {
        return vec![(paragraph, false)];
    }
    let styled = parts.into_iter().enumerate();
    styled.map(|(index, part)| (part, index % 2 == 1)).collect()
}

fn class(text: &str) -> Class {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return Class::Free;
    };
    if first.is_whitespace() {
        // A space that must not break belongs to its word.
        return match first {
            '\u{a0}' | '\u{202f}' => Class::Word,
            // A space that bears a combining mark is a visible character.
            _ if text.chars().any(|c| !c.is_whitespace()) => Class::Free,
            _ => Class::Space,
        };
    }
    if NO_START.contains(first) {
        Class::NoStart
    } else if NO_END.contains(first) {
        Class::NoEnd
    } else if is_word(text, first) {
        Class::Word
    } else {
        Class::Free
    }
}

fn is_word(text: &str, first: char) -> bool {
    let full_width = matches!(first, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    let narrow = Glyphs::default().cells(text) == 1;
    // Signs of doubtful width such as → and ① stand alone; letters such as α and é do not.
    full_width || (narrow && (first.is_alphabetic() || !is_ambiguous(text)))
}
