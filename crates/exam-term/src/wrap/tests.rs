//! Stories and laws of line breaking (KIOSK 1.3, GB/T 15834).

use super::*;
use crate::glyphs::{Ambiguous, Borders};
use crate::harmless::harmless;
use proptest::prelude::*;

const NARROW: Glyphs = Glyphs {
    ambiguous: Ambiguous::Narrow,
    borders: Borders::Unicode,
    cjk_ok: true,
};
const PAD: Glyphs = Glyphs {
    ambiguous: Ambiguous::Pad,
    ..NARROW
};

fn lines(text: &str, width: u16) -> Vec<String> {
    wrap(text, width, NARROW).iter().map(Row::text).collect()
}

#[test]
fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
    assert_eq!(
        lines("一二三四五六七，八九十。", 14),
        ["一二三四五六", "七，八九十。"]
    );
    assert_eq!(
        lines("一二三四五六（七八）九十。", 14),
        ["一二三四五六", "（七八）九十。"]
    );
    assert_eq!(
        lines("他说：“你好吗？”然后走了。", 10),
        ["他说：“你", "好吗？”然", "后走了。"]
    );
}

#[test]
fn words_stay_whole_and_lines_are_filled() {
    assert_eq!(
        lines(
            "按下 Ctrl+S 键之后系统会立即保存考生的答案并显示已保存标记。",
            24
        ),
        [
            "按下 Ctrl+S 键之后系统会",
            "立即保存考生的答案并显示",
            "已保存标记。"
        ]
    );
    assert_eq!(
        lines("速度为100km/h时，误差3.14%以内", 12),
        ["速度为", "100km/h时，", "误差3.14%", "以内"]
    );
}

#[test]
fn a_number_stays_with_its_unit_and_a_blank_with_its_brackets() {
    assert_eq!(
        lines("最高车速不得超过60公里", 18),
        ["最高车速不得超过", "60公里"]
    );
    assert_eq!(
        lines("一二三四五六七第58题", 18),
        ["一二三四五六七", "第58题"]
    );
    assert_eq!(
        lines("接听率应不低于（　　）。", 18),
        ["接听率应不低于", "（　　）。"]
    );
    assert_eq!(
        lines("一二三四五六七八（　　）", 18),
        ["一二三四五六七八", "（　　）"]
    );
}

#[test]
fn dashes_and_dots_are_not_split() {
    assert_eq!(
        lines("一二三四五六——七八九", 14),
        ["一二三四五六——", "七八九"]
    );
    let wide: Vec<String> = wrap("一二三四五六……七八九", 14, PAD)
        .iter()
        .map(Row::text)
        .collect();
    assert_eq!(wide, ["一二三四五", "六……七八九"]);
}

#[test]
fn a_paragraph_does_not_end_in_a_lone_glyph() {
    assert_eq!(
        lines("未作答不得分答错不倒扣", 20),
        ["未作答不得分答错不", "倒扣"]
    );
    assert_eq!(
        lines("未作答不得分，答错不倒扣。", 24),
        ["未作答不得分，答错不", "倒扣。"]
    );
    // Nothing to pull: one unit above.
    assert_eq!(lines("ABCDEFGH I", 8), ["ABCDEFGH", "I"]);
}

#[test]
fn spaces_vanish_at_breaks_and_stay_elsewhere() {
    assert_eq!(lines("  two words  hereby", 11), ["  two words", "hereby"]);
    assert_eq!(lines("列一　列二", 6), ["列一", "列二"]);
}

#[test]
fn english_breaks_between_words_and_keeps_its_marks() {
    assert_eq!(
        lines("Don’t hang up (ever): say 1,000 words.", 16),
        ["Don’t hang up", "(ever): say", "1,000 words."]
    );
}

#[test]
fn line_ends_in_the_text_are_kept() {
    assert_eq!(lines("一\r\n二\n\n三", 10), ["一", "二", "", "三"]);
    assert_eq!(lines("", 10), [""]);
}

#[test]
fn emphasis_is_a_run_of_its_own_and_unbalanced_marks_are_text() {
    let row = &wrap("以下做法**不**正确的是", 40, NARROW)[0];
    let runs: Vec<(&str, bool)> = row
        .runs
        .iter()
        .map(|run| (&*run.text, run.strong))
        .collect();
    assert_eq!(
        runs,
        [("以下做法", false), ("不", true), ("正确的是", false)]
    );
    for literal in ["2**3", "****", "a**b**c**d"] {
        let rows = wrap(literal, 40, NARROW);
        assert_eq!(rows[0].text(), literal);
        assert!(rows[0].runs.iter().all(|run| !run.strong));
    }
    let broken = wrap("一二三**四五六七八**九", 8, NARROW);
    assert!(broken[0].runs[1].strong && broken[1].runs[0].strong);
}

#[test]
fn a_lead_stands_once_and_later_lines_hang() {
    let rows = wrap_led("58. ", "驾驶危险货物运输车辆在高速公路上行驶", 20, NARROW);
    assert_eq!(rows[0].text(), "58. 驾驶危险货物运输");
    assert_eq!((rows[0].column, rows[1].column), (0, 4));
    assert!(rows.iter().all(|row| row.width(NARROW) <= 20));
}

#[test]
fn doubtful_glyphs_are_measured_with_their_padding() {
    let rows = wrap("“一”“二”“三”", 10, PAD);
    assert!(rows.iter().all(|row| row.width(PAD) <= 10));
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_unit_wider_than_the_box_is_cut_but_not_before_a_closing_mark() {
    assert_eq!(
        lines("https://example.invalid/abc。", 10),
        ["https://", "example.in", "valid/ab", "c。"]
    );
    assert_eq!(lines("ABCD）））", 6), ["ABC", "D））", "）"]);
    assert_eq!(lines("中", 1), ["?"]);
}

#[test]
fn lines_are_never_longer_than_a_reader_can_follow() {
    assert!(
        lines(&"中".repeat(300), 200)
            .iter()
            .all(|line| line.chars().count() <= 38)
    );
}

#[test]
fn escapes_and_overrides_are_shown_and_harm_nothing() {
    assert_eq!(
        lines("a\u{1b}[2Jb\u{202e}c", 40),
        ["a<U+001B>[2Jb<U+202E>c"]
    );
}

/// Found by the law below: the mark vanished with the space at the line's end.
#[test]
fn a_combining_mark_on_a_space_is_not_dropped_with_it() {
    assert_eq!(lines(" \u{a3c}", 16), [" \u{a3c}"]);
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

const CLOSING: &str = "，。、；：？！）】》」』”’…—";
const OPENING: &str = "（【《「『“‘";

prop_compose! {
    /// Text such as questions are made of.
    fn prose()(pieces in proptest::collection::vec(prop_oneof![
        4 => "[一二三四五六七八九十客户服务员]{1,6}",
        2 => "[，。、；：？！）】》」』]",
        1 => "[（【《「『]",
        1 => Just("“好”".to_owned()),
        1 => Just("……".to_owned()),
        1 => Just("——".to_owned()),
        1 => Just("（　　）".to_owned()),
        1 => "[a-zA-Z]{1,8}",
        1 => "[0-9]{1,4}(公里|分钟|%|元)",
        1 => Just(" ".to_owned()),
    ], 0..40)) -> String {
        pieces.concat()
    }
}

proptest! {
    #[test]
    fn any_text_at_any_width_loses_nothing_and_stays_inside(
        text in any::<String>(), width in 0_u16..100,
    ) {
        for glyphs in [NARROW, PAD] {
            let rows = wrap(&text, width, glyphs);
            prop_assert!(!rows.is_empty());
            for row in &rows {
                prop_assert!(row.width(glyphs) <= width.clamp(1, LINE_MAX));
            }
            // A box of a few cells cannot show every glyph; from 16 on nothing may be missing.
            if width >= 16 && !text.contains("**") {
                let shown: String = rows.iter().map(Row::text).collect();
                let whole: String = text.split(['\n', '\r']).map(harmless).collect();
                prop_assert_eq!(squeezed(&shown), squeezed(&whole));
            }
        }
    }

    #[test]
    fn prose_keeps_the_rules_of_line_ends(text in prose(), width in 30_u16..80) {
        for glyphs in [NARROW, PAD] {
            let rows = wrap(&text, width, glyphs);
            let (mut whole, mut shown) = (String::new(), String::new());
            whole.push_str(&squeezed(&text));
            for (index, row) in rows.iter().enumerate() {
                let line = row.text();
                shown.push_str(&squeezed(&line));
                prop_assert!(row.width(glyphs) <= width);
                prop_assert!(index == 0 || !line.starts_with(|c| CLOSING.contains(c)) || too_wide(&text), "{line}");
                let last = index + 1 == rows.len();
                prop_assert!(last || !line.ends_with(|c| OPENING.contains(c)) || too_wide(&text), "{line}");
            }
            prop_assert_eq!(shown, whole);
        }
    }
}

/// Says whether a text has a chain of marks that no rule can break within 30 cells.
fn too_wide(text: &str) -> bool {
    let mark = |c: char| CLOSING.contains(c) || OPENING.contains(c) || c.is_whitespace();
    let mut chain = 0;
    text.chars().any(|c| {
        chain = if mark(c) { chain + 1 } else { 0 };
        chain > 4
    })
}
