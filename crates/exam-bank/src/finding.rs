//! Findings: what is wrong in somebody's file, all of them at once, with place, reason and hint.
//!
//! Nothing is decided here; the readers and [`mod@crate::check`] say what is wrong.

use std::collections::BTreeMap;
use std::fmt;

use exam_core::Lang;

/// How bad a finding is. An error stops publishing, a warning wants an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The bank cannot be published like this.
    Error,
    /// Somebody should look at it.
    Warning,
}

/// One thing wrong in somebody's file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, as a path inside the bank's folder.
    pub file: String,
    /// The line, from 1; 0 where the finding is about the whole file or bank.
    pub line: u32,
    /// How bad it is.
    pub level: Level,
    /// What kind of thing it is; findings are counted by it.
    pub kind: Kind,
    /// The item, unit or field it is about.
    pub subject: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub hint: String,
}

impl Finding {
    /// Returns a copy about `subject`.
    #[must_use]
    pub fn about(mut self, subject: impl fmt::Display) -> Self {
        self.subject = Some(subject.to_string());
        self
    }
}

impl fmt::Display for Finding {
    /// Writes `file:line: level kind: subject: reason; hint`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "{}:{}: {level} {}: ", self.file, self.line, self.kind)?;
        if let Some(subject) = &self.subject {
            write!(f, "{subject}: ")?;
        }
        f.write_str(&self.reason)?;
        if self.hint.is_empty() {
            Ok(())
        } else {
            write!(f, "; {}", self.hint)
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident, $name:literal, $zh:literal, $en:literal;)*) => {
        /// What kind of thing a finding is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Returns the name used in reports; it never changes.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// Returns a short title for people.
            pub const fn title(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$kind, Lang::Zh) => $zh, (Self::$kind, Lang::En) => $en,)*
                }
            }
        }
    };
}

kinds! {
    /// The file cannot be read, or is not TOML.
    Unreadable, "unreadable", "文件无法读取", "file cannot be read";
    /// A field this version does not know.
    UnknownField, "unknown-field", "未知字段", "unknown field";
    /// A field that must be there is not.
    MissingField, "missing-field", "缺少字段", "missing field";
    /// A field of another type.
    WrongType, "wrong-type", "字段类型不对", "wrong type of field";
    /// A value outside its range.
    BadValue, "bad-value", "取值不对", "bad value";
    /// A rule this version cannot keep.
    NotDelivered, "not-delivered", "本版本尚不支持", "not delivered by this version";
    /// An id is used twice.
    DuplicateId, "duplicate-id", "编号重复", "id used twice";
    /// A unit that is not in the syllabus.
    UnknownUnit, "unknown-unit", "单元不存在", "unknown unit";
    /// The key names no option.
    KeyNotOption, "key-not-option", "答案不是选项之一", "key names no option";
    /// Options that are the same when folded, or too few.
    OptionsAlike, "options-alike", "选项相同或不足", "options alike or too few";
    /// The same item twice.
    StemRepeated, "stem-repeated", "题目重复", "item repeated";
    /// Nearly the same stem twice.
    StemNear, "stem-near", "题干近似", "stem nearly repeated";
    /// An enemy that does not exist.
    EnemyUnknown, "enemy-unknown", "互斥题不存在", "unknown enemy";
    /// An enemy that does not name its enemy.
    EnemyOneSided, "enemy-one-sided", "互斥题未互相标注", "enemy named on one side only";
    /// 以上都对 that may be shuffled upwards.
    AllOfAboveUnpinned, "all-of-above-unpinned", "“以上都对”未固定位置", "\"all of the above\" not pinned";
    /// A stem that contains the words of its answer.
    KeyEcho, "key-echo", "题干透露答案", "stem echoes its answer";
    /// The key is the longest option far too often.
    KeyLongest, "key-longest", "答案常为最长选项", "key is the longest option too often";
    /// Keys sit at some positions far too often.
    KeyPositions, "key-positions", "答案位置分布不均", "key positions far from even";
    /// Far more true than false, or the other way round.
    TrueFalseBalance, "true-false-balance", "判断题对错失衡", "true and false out of balance";
    /// A negative word that is not emphasised.
    NegativePlain, "negative-plain", "否定词未强调", "negative word not emphasised";
    /// No English where the bank promises it.
    EnglishMissing, "english-missing", "缺少英文", "English missing";
    /// No rationale or no source.
    UnfoundedItem, "unfounded-item", "缺少解析或依据", "no rationale or source";
    /// The blueprint cannot be served.
    CannotServe, "cannot-serve", "题量不足以组卷", "blueprint cannot be served";
    /// The blueprint can be served, but only just.
    ThinMargin, "thin-margin", "题量余量不足", "margin is thin";
    /// Hand-in is allowed while the door is still open.
    HandInBeforeDoor, "hand-in-before-door", "禁止入场前即可交卷", "hand-in before the door closes";
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Counts findings by level and kind, so that 1,302 of a kind make one line.
pub fn count_by_kind(findings: &[Finding]) -> BTreeMap<(Level, Kind), usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry((finding.level, finding.kind)).or_default() += 1;
    }
    counts
}

/// Says whether any of them stops publishing.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Error)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
    }

    #[test]
    fn a_finding_reads_like_a_compilers() {
        let finding = Finding {
            file: "items/1.toml".to_owned(),
            line: 7,
            level: Level::Error,
            kind: Kind::UnknownUnit,
            subject: None,
            reason: "unit \"9\" is not in bank.toml".to_owned(),
            hint: "use one of 1, 2".to_owned(),
        };
        assert_eq!(
            finding.about("q1").to_string(),
            "items/1.toml:7: error unknown-unit: q1: unit \"9\" is not in bank.toml; use one of 1, 2"
        );
    }
}
