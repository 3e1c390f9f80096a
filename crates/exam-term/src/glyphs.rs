//! How wide text is on *this* terminal.
//!
//! Some glyphs (“ — … √ × ●) are one cell wide to one terminal and two to another, or one to the
//! terminal and two in its font. What the start-up probe and the settings found is kept in
//! [`Glyphs`] and every measure goes through it. It draws nothing; see [`crate::ink`].

use crate::harmless::harmless;
use ratatui::buffer::CellWidth as _;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// What to do with glyphs whose width is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ambiguous {
    /// One cell, as the terminal and its font agree.
    #[default]
    Narrow,
    /// One cell to the terminal but two in its font: a space follows each.
    Pad,
    /// Two cells to the terminal itself.
    Wide,
}

/// What frames and rules are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Borders {
    /// Box-drawing characters.
    #[default]
    Unicode,
    /// `+`, `-` and `|`, where box-drawing characters are two cells wide.
    Ascii,
}

/// What this terminal does with the glyphs that terminals disagree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Glyphs of doubtful width.
    pub ambiguous: Ambiguous,
    /// Frames and rules.
    pub borders: Borders,
    /// Whether the terminal shows Chinese at all.
    pub cjk_ok: bool,
}

impl Default for Glyphs {
    fn default() -> Self {
        Self {
            ambiguous: Ambiguous::Narrow,
            borders: Borders::Unicode,
            cjk_ok: true,
        }
    }
}

impl Glyphs {
    /// Returns how many cells one grapheme cluster takes, with its padding.
    pub fn cells(self, cluster: &str) -> u16 {
        if cluster.is_empty() {
            return 0;
        }
        let cells = cluster.cell_width();
        cells + u16::from(self.ambiguous != Ambiguous::Narrow && is_ambiguous(cluster))
    }

    /// Returns how many cells `text` takes once it is made harmless.
    pub fn width(self, text: &str) -> u16 {
        harmless(text).graphemes(true).fold(0, |sum: u16, cluster| {
            sum.saturating_add(self.cells(cluster))
        })
    }

    /// Cuts `text` to `width` cells by whole glyphs, the cut shown as `..`.
    pub fn clip(self, text: &str, width: u16) -> Cow<'_, str> {
        if self.width(text) <= width {
            return harmless(text);
        }
        let dots = &".."[..usize::from(width.min(2))];
        let room = width.saturating_sub(2);
        let (mut out, mut used) = (String::new(), 0);
        for cluster in harmless(text).graphemes(true) {
            used += self.cells(cluster);
            if used > room {
                break;
            }
            out.push_str(cluster);
        }
        out.push_str(dots);
        Cow::Owned(out)
    }

    /// Clips `text` to `width` cells and fills it up with spaces on the right.
    pub fn left(self, text: &str, width: u16) -> String {
        let mut out = self.clip(text, width).into_owned();
        let gap = width.saturating_sub(self.width(&out));
        out.extend(std::iter::repeat_n(' ', usize::from(gap)));
        out
    }

    /// Clips `text` to `width` cells and fills it up with spaces on the left, for numbers.
    pub fn right(self, text: &str, width: u16) -> String {
        let clipped = self.clip(text, width);
        let gap = width.saturating_sub(self.width(&clipped));
        let mut out = " ".repeat(usize::from(gap));
        out.push_str(&clipped);
        out
    }

    /// Stretches a short label such as 姓名 to `width` cells by spaces between its glyphs.
    pub fn stretch(self, text: &str, width: u16) -> String {
        let text = harmless(text);
        let clusters: Vec<&str> = text.graphemes(true).collect();
        let free = width.saturating_sub(self.width(&text));
        let gaps = clusters.len().saturating_sub(1);
        if gaps == 0 || free == 0 || text.is_ascii() {
            return self.left(&text, width);
        }
        let mut out = String::new();
        let mut spent = 0;
        for (index, cluster) in clusters.iter().enumerate() {
            out.push_str(cluster);
            let due = usize::from(free) * (index + 1) / gaps;
            if index < gaps {
                out.extend(std::iter::repeat_n(' ', due - spent));
                spent = due;
            }
        }
        out
    }
}

/// Says whether terminals disagree on the width of a cluster.
pub(crate) fn is_ambiguous(cluster: &str) -> bool {
    !cluster.is_ascii() && cluster.width() == 1 && cluster.width_cjk() == 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAD: Glyphs = Glyphs {
        ambiguous: Ambiguous::Pad,
        borders: Borders::Unicode,
        cjk_ok: true,
    };

    #[test]
    fn doubtful_glyphs_take_two_cells_when_padded() {
        let narrow = Glyphs::default();
        for (text, plain, padded) in [
            ("中文", 4, 4),
            ("“好”", 4, 6),
            ("……", 2, 4),
            ("√ 正确", 6, 7),
            ("→①", 2, 4),
            ("１", 2, 2),
            ("", 0, 0),
        ] {
            assert_eq!(
                (narrow.width(text), PAD.width(text)),
                (plain, padded),
                "{text}"
            );
        }
    }

    #[test]
    fn names_are_cut_by_width_and_never_by_count() {
        let glyphs = Glyphs::default();
        assert_eq!(glyphs.clip("欧阳娜娜", 8), "欧阳娜娜");
        assert_eq!(glyphs.clip("欧阳娜娜", 7), "欧阳..");
        assert_eq!(glyphs.clip("买买提·阿不都热依木", 10), "买买提·..");
        assert_eq!(glyphs.clip("abc", 2), "..");
        assert_eq!(glyphs.clip("abc", 0), "");
        assert_eq!(glyphs.left("中", 4), "中  ");
        assert_eq!(glyphs.right("58", 4), "  58");
        assert_eq!(glyphs.stretch("姓名", 8), "姓    名");
        assert_eq!(glyphs.stretch("考试科目", 8), "考试科目");
        assert_eq!(glyphs.stretch("Name", 8), "Name    ");
    }

    proptest! {
        #[test]
        fn a_clipped_text_fits_and_a_filled_one_fits_exactly(text in any::<String>(), width in 0_u16..40) {
            for glyphs in [Glyphs::default(), PAD] {
                prop_assert!(glyphs.width(&glyphs.clip(&text, width)) <= width);
                prop_assert_eq!(glyphs.width(&glyphs.left(&text, width)), width);
                prop_assert_eq!(glyphs.width(&glyphs.right(&text, width)), width);
            }
        }
    }
}
