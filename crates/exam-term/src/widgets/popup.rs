//! Frames and popups that stay whole over Chinese text.
//!
//! A popup's left border is eaten wherever a wide glyph straddles it (ratatui #2526), so the
//! glyph is blanked first. What lies beneath repairs itself with the next frame.

use crate::glyphs::Borders;
use crate::ink;
use crate::theme::{Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Empties `area`, blanking wide glyphs that reach into it from the left.
pub fn clear_wide_safe(buf: &mut Buffer, area: Rect, look: Look) {
    ink::paper(buf, area, look);
}

/// Draws a frame with a title around `area` and returns the area inside, one column of air left
/// and right.
pub fn frame_box(buf: &mut Buffer, area: Rect, title: &str, role: Role, look: Look) -> Rect {
    if area.width < 4 || area.height < 2 {
        return area;
    }
    let style = look.style(role);
    let [top_left, top_right, bottom_left, bottom_right, line, side] = match look.glyphs.borders {
        Borders::Unicode => ["┌", "┐", "└", "┘", "─", "│"],
        Borders::Ascii => ["+", "+", "+", "+", "-", "|"],
    };
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for y in [area.y, bottom] {
        ink::mend(buf, area.x, y);
        ink::line(buf, (area.x, y), area.width, line, style);
    }
    for y in area.y..=bottom {
        ink::mend(buf, area.x, y);
        ink::mend(buf, right, y);
        ink::line(buf, (area.x, y), 1, side, style);
        ink::line(buf, (right, y), 1, side, style);
    }
    ink::line(buf, (area.x, area.y), 1, top_left, style);
    ink::line(buf, (right, area.y), 1, top_right, style);
    ink::line(buf, (area.x, bottom), 1, bottom_left, style);
    ink::line(buf, (right, bottom), 1, bottom_right, style);
    write_title(buf, area, title, look);
    Rect::new(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
}

fn write_title(buf: &mut Buffer, area: Rect, title: &str, look: Look) {
    let room = area.width.saturating_sub(6);
    if title.is_empty() || room < 2 {
        return;
    }
    let title = format!(" {} ", look.glyphs.clip(title, room));
    let style = look.style(Role::Strong);
    ink::put(
        buf,
        (area.x + 1, area.y),
        &title,
        room + 2,
        style,
        look.glyphs,
    );
}

/// Returns an area of at most the given size in the middle of `body`.
pub fn popup_area(body: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(body.width), height.min(body.height));
    Rect::new(
        body.x + (body.width - width) / 2,
        body.y + (body.height - height) / 2,
        width,
        height,
    )
}

/// Empties `area`, frames it, and returns the area inside.
pub fn popup(buf: &mut Buffer, area: Rect, title: &str, look: Look) -> Rect {
    clear_wide_safe(buf, area, look);
    frame_box(buf, area, title, Role::Text, look)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glyphs::Glyphs;
    use crate::picture;

    fn chinese() -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, 21, 3));
        let look = Look::plain();
        for (y, text) in [
            "中文中文中文中文中文中",
            "a中文中文中文中文中文",
            "中文中文中文中文中文中",
        ]
        .into_iter()
        .enumerate()
        {
            let y = u16::try_from(y).unwrap();
            ink::put(
                &mut buf,
                (0, y),
                text,
                21,
                look.style(Role::Text),
                look.glyphs,
            );
        }
        buf
    }

    #[test]
    fn the_left_border_survives_wide_glyphs_beneath() {
        let mut buf = chinese();
        let inner = popup(&mut buf, Rect::new(5, 0, 8, 3), "", Look::plain());
        assert_eq!(inner, Rect::new(7, 1, 4, 1));
        let text = picture::text(&buf);
        assert_eq!(
            text,
            "中文 ┌──────┐ 文中文\na中文│      │中文中文\n中文 └──────┘ 文中文\n"
        );
    }

    #[test]
    fn a_title_is_clipped_and_ascii_frames_are_ascii() {
        let mut look = Look::plain();
        look.glyphs = Glyphs {
            borders: Borders::Ascii,
            ..look.glyphs
        };
        let mut buf = Buffer::empty(Rect::new(0, 0, 14, 3));
        frame_box(
            &mut buf,
            Rect::new(0, 0, 14, 3),
            "请核对本人信息",
            Role::Dim,
            look,
        );
        assert_eq!(
            picture::text(&buf),
            "+ 请核对.. --+\n|            |\n+------------+\n"
        );
    }

    #[test]
    fn a_popup_larger_than_the_body_takes_the_body() {
        let body = Rect::new(0, 2, 40, 10);
        assert_eq!(popup_area(body, 100, 100), body);
        assert_eq!(popup_area(body, 20, 4), Rect::new(10, 5, 20, 4));
        let mut tiny = Buffer::empty(Rect::new(0, 0, 2, 1));
        popup(&mut tiny, Rect::new(0, 0, 2, 1), "x", Look::plain());
    }
}
