//! What stays together on a line: words, numbers with their units, blanks, marks with the text
//! they belong to.

use super::cluster::{Class, Cluster};
use std::ops::Range;

/// Counters and units that stay with the number before them; longer ones first.
const COUNTERS: [&str; 73] = [
    "个百分点",
    "个工作日",
    "平方米",
    "立方米",
    "工作日",
    "个月",
    "小时",
    "分钟",
    "秒钟",
    "公里",
    "千米",
    "厘米",
    "毫米",
    "千克",
    "公斤",
    "万元",
    "亿元",
    "万人",
    "人次",
    "周岁",
    "周年",
    "世纪",
    "元",
    "角",
    "分",
    "秒",
    "时",
    "日",
    "天",
    "周",
    "月",
    "年",
    "岁",
    "人",
    "名",
    "位",
    "个",
    "次",
    "条",
    "件",
    "项",
    "题",
    "页",
    "章",
    "节",
    "款",
    "号",
    "级",
    "届",
    "倍",
    "米",
    "克",
    "吨",
    "度",
    "席",
    "家",
    "单",
    "通",
    "桌",
    "万",
    "亿",
    "层",
    "区",
    "种",
    "类",
    "步",
    "句",
    "字",
    "行",
    "列",
    "期",
    "点",
    "折",
];

/// Returns the units of a paragraph: ranges of clusters between which a line may break.
///
/// Spaces are units of their own unless a mark holds on to them.
pub(super) fn units(clusters: &[Cluster]) -> Vec<Range<usize>> {
    let mut units: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < clusters.len() {
        let end = unit_end(clusters, at);
        join(clusters, &mut units, at..end);
        at = end;
    }
    units
}

/// Adds a unit, glued to the ones before it where a break between them is forbidden.
fn join(clusters: &[Cluster], units: &mut Vec<Range<usize>>, unit: Range<usize>) {
    let class = clusters[unit.start].class;
    let mut start = unit.start;
    // 「中文 ，」: the space before a closing mark must not become a line end either.
    let mut open = class == Class::NoStart;
    while let Some(last) = units.last() {
        let space = is_space(clusters, last);
        let holds = clusters[last.end - 1].class == Class::NoEnd && class != Class::Space;
        // 「（ 中」: nor the space after an opening one.
        let behind = space
            && units
                .len()
                .checked_sub(2)
                .is_some_and(|before| clusters[units[before].end - 1].class == Class::NoEnd);
        if !(open || holds || (behind && class != Class::Space)) {
            break;
        }
        start = last.start;
        units.pop();
        // Once glued to something that is no space, the join is made.
        open = open && space;
        if !space {
            break;
        }
    }
    units.push(start..unit.end);
}

pub(super) fn is_space(clusters: &[Cluster], unit: &Range<usize>) -> bool {
    clusters[unit.clone()]
        .iter()
        .all(|cluster| cluster.class == Class::Space)
}

fn unit_end(clusters: &[Cluster], at: usize) -> usize {
    if let Some(end) = blank_end(clusters, at) {
        return end;
    }
    let ordinal = clusters[at].text == "第"
        && clusters
            .get(at + 1)
            .is_some_and(|next| next.class == Class::Word && next.is_digit());
    match clusters[at].class {
        Class::Space => run_end(clusters, at, |cluster| cluster.class == Class::Space),
        Class::Word => word_end(clusters, at),
        Class::Free if ordinal => word_end(clusters, at + 1),
        Class::Free | Class::NoStart | Class::NoEnd => at + 1,
    }
}

fn run_end(clusters: &[Cluster], at: usize, belongs: impl Fn(&Cluster) -> bool) -> usize {
    let rest = clusters[at..].iter();
    at + rest.take_while(|cluster| belongs(cluster)).count()
}

/// Returns the end of a blank to fill in: `（　　）`, `( )`, `[__]`.
fn blank_end(clusters: &[Cluster], at: usize) -> Option<usize> {
    if clusters[at].class != Class::NoEnd {
        return None;
    }
    let blank =
        |cluster: &Cluster| cluster.class == Class::Space || ["_", "＿"].contains(&&*cluster.text);
    let end = run_end(clusters, at + 1, blank);
    let closed = clusters.get(end)?.class == Class::NoStart;
    (closed && end > at + 1).then_some(end + 1)
}

/// Returns the end of a word, the counter behind its number included.
fn word_end(clusters: &[Cluster], at: usize) -> usize {
    let mut end = at + 1;
    while end < clusters.len() && (clusters[end].class == Class::Word || connects(clusters, end)) {
        end += 1;
    }
    if !clusters[end - 1].is_digit() {
        return end;
    }
    COUNTERS
        .iter()
        .find(|counter| {
            let letters = counter.chars();
            let length = letters.clone().count();
            clusters.len() >= end + length
                && letters.zip(&clusters[end..]).all(|(letter, cluster)| {
                    let mut own = cluster.text.chars();
                    own.next() == Some(letter) && own.next().is_none()
                })
        })
        .map_or(end, |counter| end + counter.chars().count())
}

/// Says whether a mark stands inside a word: `3.14`, `12:30`, `km/h`, `don’t`, `60%`.
fn connects(clusters: &[Cluster], at: usize) -> bool {
    let mark = &*clusters[at].text;
    let before = &clusters[at - 1];
    if mark == "%" || mark == "％" {
        return before.is_digit();
    }
    let inner = [".", ",", ":", ";", "/", "’", "·"].contains(&mark);
    inner
        && before.is_alphanumeric()
        && clusters
            .get(at + 1)
            .is_some_and(|next| next.class == Class::Word && next.is_alphanumeric())
}
