//! Folding of texts, so that full-width and half-width, upper and lower case, spaces and points
//! make no difference when texts are compared.
//!
//! Nothing folded is ever shown or signed.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

/// Returns `text` in NFC: what is kept and signed.
pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Returns letters, digits and ideographs of `text` alone, in one case and one width.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Returns every run of `n` characters of a folded text (the whole text where it is shorter).
pub(crate) fn shingles(folded: &str, n: usize) -> BTreeSet<String> {
    let chars: Vec<char> = folded.chars().collect();
    if chars.len() <= n {
        return BTreeSet::from([folded.to_owned()]);
    }
    chars.windows(n).map(String::from_iter).collect()
}

/// Returns how much two sets share, in per cent of what they hold together.
pub(crate) fn likeness(one: &BTreeSet<String>, other: &BTreeSet<String>) -> usize {
    let shared = one.intersection(other).count();
    let all = one.len() + other.len() - shared;
    (shared * 100).checked_div(all).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_spaces_and_points_make_no_difference() {
        assert_eq!(fold("ＣＳＲ（坐席） 即 Csr。"), fold("csr坐席即CSR"));
        assert_ne!(fold("满意"), fold("不满意"));
    }

    #[test]
    fn likeness_runs_from_nothing_to_all() {
        let set = |text| shingles(&fold(text), 3);
        assert_eq!(likeness(&set("客户服务标准"), &set("客户，服务标准")), 100);
        assert_eq!(likeness(&set("客户服务标准"), &set("现场排队管理")), 0);
        assert_eq!(likeness(&set(""), &set("")), 100);
    }
}
