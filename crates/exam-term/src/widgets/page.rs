//! Long text, page by page. Nothing scrolls by lines: a page is always whole, and where more
//! follows the last row says so.

use crate::ink;
use crate::theme::{Look, Role};
use crate::wrap::Row;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::ops::Range;

/// How rows are dealt out to pages of a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pager {
    rows: usize,
    height: usize,
}

impl Pager {
    /// Pages for `rows` rows in an area `height` high.
    ///
    /// If not all rows fit, the last row of every page is kept for the marker.
    pub fn new(rows: usize, height: u16) -> Self {
        let height = usize::from(height);
        Self {
            rows,
            height: if rows <= height {
                height.max(1)
            } else {
                height.saturating_sub(1).max(1)
            },
        }
    }

    /// Returns how many pages there are; at least one.
    pub const fn pages(self) -> usize {
        let pages = self.rows.div_ceil(self.height);
        if pages == 0 { 1 } else { pages }
    }

    /// Returns the nearest page that exists.
    pub const fn clamp(self, page: usize) -> usize {
        let last = self.pages() - 1;
        if page > last { last } else { page }
    }

    /// Says whether nothing follows a page.
    pub const fn is_last(self, page: usize) -> bool {
        page + 1 >= self.pages()
    }

    /// Returns the rows of a page.
    pub fn rows_of(self, page: usize) -> Range<usize> {
        let begin = self.clamp(page) * self.height;
        begin..(begin + self.height).min(self.rows)
    }
}

/// Draws a page of `rows` into `area`; `more` (「还有下文」) marks that something follows.
///
/// Returns the pages, of which `page` is clamped to the nearest.
pub fn page(
    buf: &mut Buffer,
    area: Rect,
    rows: &[Row],
    page: usize,
    more: &str,
    look: Look,
) -> Pager {
    let pager = Pager::new(rows.len(), area.height);
    let page = pager.clamp(page);
    ink::rows(buf, area, &rows[pager.rows_of(page)], Role::Text, look);
    if !pager.is_last(page) && !area.is_empty() {
        let style = look.style(Role::Waiting);
        ink::flush_right(buf, area, area.bottom() - 1, more, style, look.glyphs);
    }
    pager
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glyphs::Glyphs;
    use crate::picture;
    use crate::wrap::wrap;
    use proptest::prelude::*;

    #[test]
    fn a_page_says_that_more_follows_until_the_last() {
        let rows = wrap("一\n二\n三\n四\n五", 20, Glyphs::default());
        let area = Rect::new(0, 0, 18, 3);
        let shown = |number| {
            let mut buf = Buffer::empty(area);
            let pager = page(
                &mut buf,
                area,
                &rows,
                number,
                "还有下文 PgDn",
                Look::plain(),
            );
            (picture::text(&buf), pager.pages())
        };
        assert_eq!(shown(0), ("一\n二\n     还有下文 PgDn\n".to_owned(), 3));
        assert_eq!(shown(2), ("五\n\n\n".to_owned(), 3));
        assert_eq!(shown(9).0, shown(2).0);
    }

    #[test]
    fn what_fits_is_one_page_without_a_marker() {
        let rows = wrap("一\n二\n三", 20, Glyphs::default());
        let area = Rect::new(0, 0, 18, 3);
        let mut buf = Buffer::empty(area);
        let pager = page(&mut buf, area, &rows, 0, "还有下文 PgDn", Look::plain());
        assert_eq!(picture::text(&buf), "一\n二\n三\n");
        assert!(pager.is_last(0));
    }

    proptest! {
        #[test]
        fn every_row_is_on_exactly_one_page(rows in 0_usize..200, height in 0_u16..30) {
            let pager = Pager::new(rows, height);
            let mut next = 0;
            for page in 0..pager.pages() {
                let range = pager.rows_of(page);
                prop_assert_eq!(range.start, next);
                prop_assert!(range.len() <= usize::from(height.max(1)));
                next = range.end;
            }
            prop_assert_eq!(next, rows);
        }
    }
}
