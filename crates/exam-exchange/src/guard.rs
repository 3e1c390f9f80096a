//! Keeps a spreadsheet from taking a cell of text for a formula.

use std::borrow::Cow;

/// First characters that make a spreadsheet calculate, full-width forms included.
const STARTERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Returns `text` as it may stand in a cell: behind an apostrophe where it would begin a formula.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(STARTERS) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_calculate_is_quoted_and_others_are_left_alone() {
        for text in ["=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\r=1", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "2026001", "王芳", "A-01", "'=1", " =1"] {
            assert_eq!(guarded(text), text);
        }
    }
}
