//! Breaks Chinese, English and mixed text into lines of a given width.
//!
//! The rules are those of GB/T 15834-2011: no line begins with ，。、；：？！ or a closing mark, none
//! ends with an opening one, —— and …… stay whole; what does not fit is pushed down (terminals
//! have no hanging punctuation). Besides, a word of letters and digits, a number with its unit
//! (60公里) and a blank to fill in （　　） stay together, and no paragraph ends in a lone glyph.
//! `**…**` marks emphasis; unbalanced marks are text.
//!
//! It keeps no cache: a question takes some 20 µs, and a frame is drawn once a second.

mod cluster;
mod fill;
mod units;

use crate::glyphs::Glyphs;
use cluster::Cluster;
use std::ops::Range;

/// The widest line in cells: longer lines of Chinese are hard to follow on any screen.
pub const LINE_MAX: u16 = 76;

/// A stretch of one line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The text, harmless and without padding.
    pub text: String,
    /// Whether it is emphasised.
    pub strong: bool,
}

/// One line of broken text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The column it begins at, counted from the box's left edge.
    pub column: u16,
    /// What stands on it.
    pub runs: Vec<Run>,
}

impl Row {
    /// Returns the line's text without its styles.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Returns how many cells the line takes, its indent included.
    pub fn width(&self, glyphs: Glyphs) -> u16 {
        self.column.saturating_add(glyphs.width(&self.text()))
    }
}

/// Breaks `text` into lines of at most `width` cells (and never over [`LINE_MAX`]).
///
/// A line end in the text ends a line; an empty text is one empty line.
pub fn wrap(text: &str, width: u16, glyphs: Glyphs) -> Vec<Row> {
    let width = width.clamp(1, LINE_MAX);
    text.replace("\r\n", "\n")
        .split(['\n', '\r'])
        .flat_map(|paragraph| wrap_paragraph(paragraph, width, glyphs))
        .collect()
}

/// Breaks `text` behind a `lead` such as `58. ` or `A  `; later lines hang below the text's begin.
pub fn wrap_led(lead: &str, text: &str, width: u16, glyphs: Glyphs) -> Vec<Row> {
    let column = glyphs.width(lead);
    let mut rows = wrap(text, width.saturating_sub(column), glyphs);
    for (index, row) in rows.iter_mut().enumerate() {
        if index == 0 {
            let run = Run {
                text: lead.to_owned(),
                strong: false,
            };
            row.runs.insert(0, run);
        } else {
            row.column = column;
        }
    }
    rows
}

fn wrap_paragraph(paragraph: &str, width: u16, glyphs: Glyphs) -> Vec<Row> {
    let clusters = cluster::clusters(paragraph, width, glyphs);
    let units = units::units(&clusters);
    let lines = fill::fill(&clusters, &units, width);
    let rows = lines.iter().enumerate();
    rows.map(|(index, line)| row_of(&clusters, line, index == 0))
        .collect()
}

/// Makes a row of a line, spaces dropped where the line was broken.
fn row_of(clusters: &[Cluster], line: &Range<usize>, first: bool) -> Row {
    let line = fill::trimmed(clusters, line, first);
    let mut runs: Vec<Run> = Vec::new();
    for cluster in &clusters[line] {
        match runs.last_mut() {
            Some(run) if run.strong == cluster.strong => run.text.push_str(&cluster.text),
            _ => runs.push(Run {
                text: cluster.text.clone(),
                strong: cluster.strong,
            }),
        }
    }
    Row { column: 0, runs }
}

#[cfg(test)]
mod tests;
