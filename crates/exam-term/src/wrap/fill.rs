//! Filling lines with units, greedily, and keeping the last line from being a lone glyph.

use super::cluster::{Class, Cluster};
use super::units::is_space;
use std::ops::Range;

/// A last line under this many cells, marks not counted, gets company from the line above.
const ORPHAN_CELLS: u16 = 3;

/// Returns the lines of a paragraph as ranges of clusters; at least one, if empty.
pub(super) fn fill(clusters: &[Cluster], units: &[Range<usize>], width: u16) -> Vec<Range<usize>> {
    let mut filler = Filler {
        clusters,
        width,
        lines: Vec::new(),
        line: 0..0,
        used: 0,
        spaces: 0,
    };
    for unit in units {
        filler.add(unit);
    }
    filler.close();
    let mut lines = filler.lines;
    if lines.is_empty() {
        lines.push(0..0);
    }
    keep_company(clusters, units, width, &mut lines);
    lines
}

struct Filler<'a> {
    clusters: &'a [Cluster],
    width: u16,
    lines: Vec<Range<usize>>,
    /// The line being filled.
    line: Range<usize>,
    /// Its cells, and those of the spaces at its end, which count only if something follows.
    used: u16,
    spaces: u16,
}

impl Filler<'_> {
    fn add(&mut self, unit: &Range<usize>) {
        let cells = cells(self.clusters, unit);
        if is_space(self.clusters, unit) {
            if self.line.is_empty() && !self.lines.is_empty() {
                return self.begin(unit.end);
            }
            self.spaces = self.spaces.saturating_add(cells);
            return;
        }
        let wanted = self.used.saturating_add(self.spaces).saturating_add(cells);
        if wanted <= self.width {
            self.used = wanted;
            self.spaces = 0;
            self.line.end = unit.end;
            return;
        }
        if self.used > 0 {
            self.close();
        }
        self.begin(unit.start);
        self.place_alone(unit);
    }

    /// Places a unit on an empty line, cut into pieces where it is wider than the box.
    fn place_alone(&mut self, unit: &Range<usize>) {
        let mut rest = unit.clone();
        while cells(self.clusters, &rest) > self.width {
            let end = self.cut(&rest);
            self.lines.push(rest.start..end);
            rest.start = end;
        }
        self.used = cells(self.clusters, &rest);
        self.line = rest;
    }

    /// Returns where to cut a unit that is too wide: the last place that fits and is allowed.
    fn cut(&self, unit: &Range<usize>) -> usize {
        let mut used = 0;
        let mut end = unit.start;
        while end < unit.end && used + self.clusters[end].cells <= self.width {
            used += self.clusters[end].cells;
            end += 1;
        }
        let allowed = |at: &usize| {
            let next = self.clusters[*at..unit.end].iter();
            let mut next = next.skip_while(|cluster| cluster.class == Class::Space);
            next.next().is_none_or(|c| c.class != Class::NoStart)
                && self.clusters[at - 1].class != Class::NoEnd
        };
        let least = unit.start + 1;
        (least..=end).rev().find(allowed).unwrap_or(end).max(least)
    }

    fn begin(&mut self, at: usize) {
        self.line = at..at;
        self.used = 0;
        self.spaces = 0;
    }

    fn close(&mut self) {
        if !self.line.is_empty() {
            self.lines.push(self.line.clone());
        }
        self.begin(self.line.end);
    }
}

/// Pulls one unit down when a paragraph would end in a lone glyph.
fn keep_company(
    clusters: &[Cluster],
    units: &[Range<usize>],
    width: u16,
    lines: &mut [Range<usize>],
) {
    let [.., above, last] = lines else {
        return;
    };
    // 「扣。」 is as lonely as 「扣」.
    let lonely: u16 = clusters[trimmed(clusters, last, false)]
        .iter()
        .filter(|cluster| cluster.class != Class::NoStart)
        .fold(0, |sum, cluster| sum.saturating_add(cluster.cells));
    if lonely >= ORPHAN_CELLS {
        return;
    }
    let mut candidates = units.iter().rev().map(|unit| (unit.start, unit));
    let pulled = candidates.find_map(|(start, unit)| {
        (start > above.start && start < last.start && !is_space(clusters, unit)).then_some(start)
    });
    if let Some(start) = pulled
        && cells(clusters, &(start..last.end)) <= width
        && !is_space(clusters, &(above.start..start))
    {
        above.end = start;
        last.start = start;
    }
}

/// Returns a line without the spaces at its broken ends; a paragraph's first indent stays.
pub(super) fn trimmed(clusters: &[Cluster], line: &Range<usize>, first: bool) -> Range<usize> {
    let mut line = line.clone();
    while !line.is_empty() && clusters[line.end - 1].class == Class::Space {
        line.end -= 1;
    }
    while !first && !line.is_empty() && clusters[line.start].class == Class::Space {
        line.start += 1;
    }
    line
}

fn cells(clusters: &[Cluster], range: &Range<usize>) -> u16 {
    clusters[range.clone()]
        .iter()
        .fold(0, |sum: u16, cluster| sum.saturating_add(cluster.cells))
}
