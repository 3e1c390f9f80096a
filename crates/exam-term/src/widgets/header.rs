//! The header line and the message row: the same places on every screen.

use crate::ink;
use crate::theme::{Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A piece of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// How it looks.
    pub role: Role,
    /// How soon it may be dropped: 0 never.
    pub rank: u8,
}

impl Piece {
    /// A piece.
    pub fn new(text: impl Into<String>, role: Role, rank: u8) -> Self {
        Self {
            text: text.into(),
            role,
            rank,
        }
    }
}

const GAP: u16 = 2;
const MARGIN: u16 = 1;

/// Draws the header into the first row of `area`: `left` from the left, `right` to the right.
///
/// Where there is too little room, pieces of the highest rank go first, of several the rightmost;
/// pieces of rank 0 stay, and if even they do not fit the last one on the left is clipped.
pub fn header(buf: &mut Buffer, area: Rect, left: &[Piece], right: &[Piece], look: Look) {
    if area.is_empty() {
        return;
    }
    let (left, right) = fitting(area.width, left, right, look);
    let mut end = area.right().saturating_sub(MARGIN);
    for piece in right.iter().rev() {
        let room = Rect::new(area.x, area.y, end.saturating_sub(area.x), 1);
        let style = look.style(piece.role);
        end = ink::flush_right(buf, room, area.y, &piece.text, style, look.glyphs);
        end = end.saturating_sub(GAP);
    }
    let mut x = area.x + MARGIN.min(area.width);
    for piece in left {
        let room = end.saturating_sub(x);
        let text = look.glyphs.clip(&piece.text, room);
        let style = look.style(piece.role);
        x = ink::put(buf, (x, area.y), &text, room, style, look.glyphs) + GAP;
    }
}

type Pieces<'a> = Vec<&'a Piece>;

fn fitting<'a>(
    width: u16,
    left: &'a [Piece],
    right: &'a [Piece],
    look: Look,
) -> (Pieces<'a>, Pieces<'a>) {
    let mut kept: Vec<(bool, &Piece)> = left.iter().map(|piece| (false, piece)).collect();
    kept.extend(right.iter().map(|piece| (true, piece)));
    let needed = |kept: &[(bool, &Piece)]| {
        let widths = kept
            .iter()
            .map(|(_, piece)| look.glyphs.width(&piece.text) + GAP);
        widths
            .fold(2 * MARGIN, u16::saturating_add)
            .saturating_sub(GAP)
    };
    while needed(&kept) > width {
        let candidates = kept.iter().enumerate();
        let worst = candidates
            .filter(|(_, (_, piece))| piece.rank > 0)
            .max_by_key(|(index, (_, piece))| (piece.rank, *index));
        let Some((index, _)) = worst else {
            break;
        };
        kept.remove(index);
    }
    let side = |wanted: bool| {
        let pieces = kept.iter().filter(|(right, _)| *right == wanted);
        pieces.map(|(_, piece)| *piece).collect()
    };
    (side(false), side(true))
}

/// Draws a notice over the whole first row of `area`, its mark in front: `! 网络中断`.
///
/// An empty text leaves the row as it is.
pub fn message_row(buf: &mut Buffer, area: Rect, mark: char, text: &str, role: Role, look: Look) {
    if text.is_empty() || area.is_empty() {
        return;
    }
    let style = look.style(role);
    let line = look.glyphs.left(&format!("{mark} {text}"), area.width);
    ink::put(buf, (area.x, area.y), &line, area.width, style, look.glyphs);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture;

    fn drawn(width: u16, name: &str) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        let left = [
            Piece::new("A-07", Role::Text, 0),
            Piece::new(name, Role::Text, 0),
            Piece::new("单选题 18/60", Role::Dim, 3),
            Piece::new("第58题/共100题", Role::Strong, 1),
        ];
        let right = [
            Piece::new("网络：正常", Role::Dim, 4),
            Piece::new("已保存", Role::Good, 2),
            Piece::new("剩余 00:24:31", Role::Accent, 0),
        ];
        header(&mut buf, area, &left, &right, Look::plain());
        picture::text(&buf)
    }

    #[test]
    fn the_header_drops_whole_pieces_and_keeps_seat_and_clock() {
        assert_eq!(
            drawn(80, "张三丰"),
            " A-07  张三丰  单选题 18/60  第58题/共100题   网络：正常  已保存  剩余 00:24:31\n"
        );
        assert_eq!(
            drawn(70, "张三丰"),
            " A-07  张三丰  单选题 18/60  第58题/共100题     已保存  剩余 00:24:31\n"
        );
        assert_eq!(
            drawn(50, "张三丰"),
            " A-07  张三丰  第58题/共100题       剩余 00:24:31\n"
        );
        assert_eq!(drawn(32, "张三丰"), " A-07  张三丰     剩余 00:24:31\n");
    }

    #[test]
    fn a_long_name_is_clipped_before_the_clock() {
        assert_eq!(
            drawn(40, "阿卜杜勒艾海提·阿不都热依木"),
            " A-07  阿卜杜勒艾海提·..  剩余 00:24:31\n"
        );
    }

    #[test]
    fn a_notice_fills_its_row_with_its_style() {
        let area = Rect::new(0, 0, 20, 3);
        let mut buf = Buffer::empty(area);
        message_row(
            &mut buf,
            area,
            '!',
            "网络中断，可继续作答",
            Role::Notice,
            Look::plain(),
        );
        assert_eq!(picture::text(&buf), "! 网络中断，可继续..\n\n\n");
        assert!(picture::styles(&buf).starts_with(&"a".repeat(20)));
        message_row(&mut buf, area, '!', "", Role::Notice, Look::plain());
        assert_eq!(picture::text(&buf), "! 网络中断，可继续..\n\n\n");
    }
}
