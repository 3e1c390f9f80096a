//! How a length of time is written.
//!
//! It reads no clock and knows no zone; times of day are written by whoever knows the zone.

use crate::{Args, Lang, say};

/// Writes milliseconds as `00:24:31`, rounding down; nothing below zero is shown.
pub fn clock(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Writes milliseconds as `12分30秒` or `12 min 30 s`, under a minute as `30秒` or `30 s`.
pub fn span(ms: i64, lang: Lang) -> String {
    let seconds = ms.max(0) / 1000;
    if seconds < 60 {
        return say("span-seconds", &Args::new().count("seconds", seconds), lang);
    }
    let args = Args::new()
        .count("minutes", seconds / 60)
        .text("seconds", format!("{:02}", seconds % 60));
    say("span-minutes-seconds", &args, lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_counts_whole_seconds_that_are_left() {
        assert_eq!(clock(1_471_999), "00:24:31");
        assert_eq!(clock(36_000_000), "10:00:00");
        assert_eq!(clock(-5), "00:00:00");
    }

    #[test]
    fn a_span_is_written_as_it_is_said() {
        assert_eq!(span(750_000, Lang::Zh), "12分30秒");
        assert_eq!(span(300_000, Lang::Zh), "5分00秒");
        assert_eq!(span(750_999, Lang::En), "12 min 30 s");
        assert_eq!(span(59_999, Lang::Zh), "59秒");
        assert_eq!(span(-1, Lang::En), "0 s");
    }
}
