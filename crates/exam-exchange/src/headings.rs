//! The words of the result sheet, in Chinese and English.

use exam_core::Lang;
use exam_marking::{SectionHead, Title};

/// Columns before the sections.
pub(crate) const fn first(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::Zh => [
            "准考证号",
            "姓名",
            "座位",
            "状态",
            "开考后用时",
            "总分",
            "是否合格",
        ],
        Lang::En => [
            "Ticket",
            "Name",
            "Seat",
            "End",
            "Ended after",
            "Total",
            "Passed",
        ],
    }
}

/// Columns after the units.
pub(crate) const fn last(lang: Lang) -> [&'static str; 5] {
    match lang {
        Lang::Zh => [
            "已答题数",
            "试题总数",
            "离线计入题次",
            "不计离线总分",
            "待裁定题次",
        ],
        Lang::En => [
            "Answered",
            "Items",
            "Counted offline",
            "Total without offline",
            "Undecided",
        ],
    }
}

/// The column of a section; the part is named where an exam has more than one.
pub(crate) fn section(head: &SectionHead, parts: usize, lang: Lang) -> String {
    let kind = kind(&head.kind, lang);
    let part = if parts > 1 {
        title(&head.part_title, lang)
    } else {
        ""
    };
    match lang {
        Lang::Zh => format!("{part}{kind}得分"),
        Lang::En if part.is_empty() => kind.to_owned(),
        Lang::En => format!("{part}: {kind}"),
    }
}

/// The column of a unit.
pub(crate) fn unit(code: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("单元{code}得分"),
        Lang::En => format!("Unit {code}"),
    }
}

/// How a session ended; an end that is not known here is written as it is.
pub(crate) fn end(id: &str, lang: Lang) -> &str {
    match (id, lang) {
        ("handed-in", Lang::Zh) => "已交卷",
        ("handed-in", Lang::En) => "handed in",
        ("time-up", Lang::Zh) => "到时收卷",
        ("time-up", Lang::En) => "time up",
        ("absent", Lang::Zh) => "缺考",
        ("absent", Lang::En) => "absent",
        (other, Lang::Zh | Lang::En) => other,
    }
}

/// Whether the pass mark is reached.
pub(crate) const fn passed(passed: bool, lang: Lang) -> &'static str {
    match (passed, lang) {
        (true, Lang::Zh) => "合格",
        (false, Lang::Zh) => "不合格",
        (true, Lang::En) => "pass",
        (false, Lang::En) => "fail",
    }
}

fn kind(name: &str, lang: Lang) -> &str {
    match (name, lang) {
        ("true-false", Lang::Zh) => "判断题",
        ("true-false", Lang::En) => "True/false",
        ("single-choice", Lang::Zh) => "单项选择题",
        ("single-choice", Lang::En) => "Single choice",
        (other, Lang::Zh | Lang::En) => other,
    }
}

fn title(title: &Title, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &title.zh,
        Lang::En => title.en.as_deref().unwrap_or(&title.zh),
    }
}
