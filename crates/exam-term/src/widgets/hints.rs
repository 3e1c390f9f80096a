//! The hint line: which keys do something now. Whole hints are dropped when there is no room,
//! never a part of one, and each hint is also a button for the mouse.

use crate::ink;
use crate::theme::{Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// One key and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint<T> {
    /// The key as it is printed on the keyboard.
    pub key: String,
    /// What it does, in a word.
    pub words: String,
    /// How soon it may be dropped: 0 last of all.
    pub rank: u8,
    /// What a click on it means.
    pub target: T,
}

impl<T> Hint<T> {
    /// A hint.
    pub fn new(key: impl Into<String>, words: impl Into<String>, rank: u8, target: T) -> Self {
        Self {
            key: key.into(),
            words: words.into(),
            rank,
            target,
        }
    }

    fn width(&self, look: Look) -> u16 {
        let gap = u16::from(!self.key.is_empty() && !self.words.is_empty());
        look.glyphs.width(&self.key) + gap + look.glyphs.width(&self.words)
    }
}

/// Columns between two hints, and before the first.
const GAP: u16 = 2;
const MARGIN: u16 = 1;

/// Draws as many hints as fit into the first row of `area` and returns where each one is.
///
/// The order given is the order drawn. While there is too little room the hint of the highest
/// rank goes, of several the rightmost.
pub fn hint_bar<T: Clone>(
    buf: &mut Buffer,
    area: Rect,
    hints: &[Hint<T>],
    look: Look,
) -> Vec<(Rect, T)> {
    let mut places = Vec::new();
    if area.is_empty() {
        return places;
    }
    let mut x = area.x + MARGIN.min(area.width);
    for hint in chosen(area.width, hints, look) {
        let width = hint.width(look);
        places.push((Rect::new(x, area.y, width, 1), hint.target.clone()));
        let key = look.style(Role::Accent);
        let after = ink::put(buf, (x, area.y), &hint.key, width, key, look.glyphs);
        let gap = u16::from(after > x && !hint.words.is_empty());
        let style = look.style(Role::Text);
        ink::put(
            buf,
            (after + gap, area.y),
            &hint.words,
            width,
            style,
            look.glyphs,
        );
        x += width + GAP;
    }
    places
}

fn chosen<T>(width: u16, hints: &[Hint<T>], look: Look) -> Vec<&Hint<T>> {
    let mut kept: Vec<&Hint<T>> = hints.iter().collect();
    let needed = |kept: &[&Hint<T>]| {
        let hints: u16 = kept.iter().map(|hint| hint.width(look) + GAP).sum();
        MARGIN + hints.saturating_sub(GAP)
    };
    while !kept.is_empty() && needed(&kept) > width {
        let worst = kept
            .iter()
            .enumerate()
            .max_by_key(|(index, hint)| (hint.rank, *index))
            .map_or(0, |(index, _)| index);
        kept.remove(worst);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture;
    use proptest::prelude::*;

    fn hints() -> Vec<Hint<u8>> {
        vec![
            Hint::new("A-D", "选择", 1, 0),
            Hint::new("←", "上一题", 0, 1),
            Hint::new("→", "下一题", 0, 2),
            Hint::new("G", "跳题", 3, 3),
            Hint::new("Tab", "答题卡", 2, 4),
            Hint::new("F10", "交卷", 0, 5),
        ]
    }

    fn drawn(width: u16) -> (String, Vec<u8>) {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        let places = hint_bar(&mut buf, Rect::new(0, 0, width, 1), &hints(), Look::plain());
        let targets = places.into_iter().map(|(_, target)| target).collect();
        (picture::text(&buf), targets)
    }

    #[test]
    fn whole_hints_go_by_rank_and_the_needed_ones_stay() {
        assert_eq!(
            drawn(80).0,
            " A-D 选择  ← 上一题  → 下一题  G 跳题  Tab 答题卡  F10 交卷\n"
        );
        assert_eq!(drawn(48).0, " A-D 选择  ← 上一题  → 下一题  F10 交卷\n");
        assert_eq!(
            drawn(31),
            (" ← 上一题  → 下一题  F10 交卷\n".to_owned(), vec![1, 2, 5])
        );
        assert_eq!(drawn(3).1, Vec::<u8>::new());
    }

    #[test]
    fn every_cell_of_a_hint_is_its_button() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 80, 1));
        let places = hint_bar(&mut buf, Rect::new(0, 0, 80, 1), &hints(), Look::plain());
        assert_eq!(places[0].0, Rect::new(1, 0, 8, 1));
        assert_eq!(places[1].0, Rect::new(11, 0, 8, 1));
    }

    proptest! {
        #[test]
        fn no_hint_is_ever_cut(width in 0_u16..120) {
            let (text, targets) = drawn(width);
            let all = hints();
            for target in &targets {
                let hint = &all[usize::from(*target)];
                let whole = format!("{} {}", hint.key, hint.words);
                prop_assert!(text.contains(&whole));
            }
            prop_assert_eq!(text.split("  ").filter(|part| !part.trim().is_empty()).count(), targets.len());
        }
    }
}
