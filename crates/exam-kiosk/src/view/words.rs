//! The words of the screens: exam-text's messages filled from the model, times in the hall's zone,
//! and the three words of RULES W8.
//!
//! It draws nothing and decides nothing.

use exam_client::{Answer, Saved, Tally};
use exam_core::refusal::Arg;
use exam_core::{HallTime, Lang, Refusal, WallTime};
use exam_term::Role;
use exam_text::Args;
use jiff::tz::TimeZone;

use crate::model::{Model, NoticeKind, Overlay};

/// Minutes and hours of a time of day.
pub(super) const MINUTES: &str = "%H:%M";
/// Seconds as well.
pub(super) const SECONDS: &str = "%H:%M:%S";

const fn lang(model: &Model) -> exam_text::Lang {
    match model.lang {
        Lang::Zh => exam_text::Lang::Zh,
        Lang::En => exam_text::Lang::En,
    }
}

/// Says a message without blanks.
pub(super) fn say(model: &Model, id: &str) -> String {
    exam_text::say(id, &Args::new(), lang(model))
}

/// Says a message with blanks.
pub(super) fn tell(model: &Model, id: &str, args: &Args<'_>) -> String {
    exam_text::say(id, args, lang(model))
}

/// Says a message whose only blank is a count.
pub(super) fn tell_count(model: &Model, id: &str, count: impl TryInto<i64>) -> String {
    let count: i64 = count.try_into().unwrap_or(i64::MAX);
    tell(model, id, &Args::new().count("count", count))
}

/// Writes a length of time as people say it.
pub(super) fn span(model: &Model, ms: i64) -> String {
    exam_text::span(ms, lang(model))
}

/// Writes an instant of the wall clock in the hall's zone.
pub(super) fn time_of(model: &Model, at: WallTime, format: &str) -> String {
    let zone = model.picture.hall.as_ref().map_or("UTC", |hall| &hall.zone);
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else {
        // Outside the calendar: no time is better than a wrong one.
        return "--:--".to_owned();
    };
    instant.to_zoned(zone).strftime(format).to_string()
}

/// Writes an instant of the hall clock as a time of day in the hall's zone.
pub(super) fn time_at(model: &Model, at: HallTime, format: &str) -> String {
    let clock = model.picture.clock;
    let apart = at.0.saturating_sub(clock.hall.0);
    time_of(model, WallTime(clock.wall.0.saturating_add(apart)), format)
}

/// Writes the hall's time of day.
pub(super) fn time_now(model: &Model) -> String {
    time_of(model, model.picture.clock.wall_at(model.now_ms), SECONDS)
}

/// Writes the hall's date.
pub(super) fn date_at(model: &Model, at: HallTime) -> String {
    let format = match model.lang {
        Lang::Zh => "%Y年%-m月%-d日",
        Lang::En => "%Y-%m-%d",
    };
    time_at(model, at, format)
}

/// Returns the word for all answers together: never more than the least safe of them (W8).
pub(super) fn saved_word(model: &Model, tally: Tally) -> (String, Role) {
    if tally.chosen > 0 {
        let word = tell_count(model, "tally-chosen", tally.chosen);
        (word, Role::Waiting)
    } else if tally.waiting > 0 {
        let word = tell_count(model, "answer-waiting", tally.waiting);
        (word, Role::Waiting)
    } else {
        let word = tell_count(model, "tally-saved", tally.answered);
        (word, Role::Good)
    }
}

/// Returns the word for one answer (W8).
pub(super) fn answer_word(model: &Model, answer: &Answer) -> (String, Role) {
    match answer.saved {
        Saved::Chosen => (say(model, "answer-chosen"), Role::Waiting),
        Saved::Waiting => {
            let waiting = model.picture.tally().waiting;
            (tell_count(model, "answer-waiting", waiting), Role::Waiting)
        }
        // Saved, at an hour that was not kept.
        Saved::Saved(WallTime(0)) => (say(model, "head-saved"), Role::Good),
        Saved::Saved(at) => {
            let args = Args::new().text("time", time_of(model, at, SECONDS));
            (tell(model, "answer-saved", &args), Role::Good)
        }
    }
}

/// Returns the words of a refusal.
pub(super) fn refusal(model: &Model, refusal: &Refusal) -> String {
    if let Refusal::HandInTooEarly { from } = refusal {
        return too_early(model, *from);
    }
    let exact = matches!(
        refusal,
        Refusal::AlreadyEnded { .. } | Refusal::TimeIsUp { .. }
    );
    let format = if exact { SECONDS } else { MINUTES };
    let args = refusal
        .args()
        .into_iter()
        .fold(Args::new(), |args, (name, value)| match value {
            Arg::At(at) => args.text(name, time_at(model, at, format)),
            Arg::For(length) => args.text(name, span(model, length.0)),
            Arg::Count(count) => args.count(name, count),
            Arg::Name(text) => args.text(name, text),
        });
    tell(model, refusal.id(), &args)
}

/// Says from when the paper may be handed in, and how long that is (C31).
pub(super) fn too_early(model: &Model, from: HallTime) -> String {
    let wait = from - model.picture.clock.hall_at(model.now_ms);
    let args = Args::new()
        .text("time", time_at(model, from, MINUTES))
        .text(
            "wait",
            span(model, wait.seconds_left().saturating_mul(1_000)),
        );
    tell(model, "kiosk-hand-in-early", &args)
}

/// What stands in the message row: its mark, its words, its look.
pub(super) fn message(model: &Model) -> Option<(char, String, Role)> {
    if model.overlay == Overlay::Strike {
        return Some(('?', say(model, "question-strike"), Role::Notice));
    }
    if let Some(notice) = &model.notice {
        return Some(('!', notice_words(model, &notice.what), Role::Notice));
    }
    if let exam_client::Link::Offline { since_ms } = model.picture.link
        && model.picture.open_paper().is_some()
        && model.picture.ending == exam_client::Ending::None
    {
        let away = exam_text::clock(model.now_ms.saturating_sub(since_ms));
        let args = Args::new().text("time", away);
        return Some(('!', tell(model, "offline-banner", &args), Role::Waiting));
    }
    if model.picture.goodbye {
        return Some(('!', say(model, "server-away"), Role::Waiting));
    }
    if model.picture.spool != exam_client::SpoolState::OnDisk {
        return Some(('!', say(model, "offline-memory"), Role::Danger));
    }
    None
}

fn notice_words(model: &Model, what: &NoticeKind) -> String {
    match what {
        NoticeKind::Warning { rest_ms } if *rest_ms <= 60_000 => say(model, "warn-last-minute"),
        NoticeKind::Warning { rest_ms } => {
            let args = Args::new().count("minutes", rest_ms / 60_000);
            tell(model, "warn-minutes", &args)
        }
        NoticeKind::Refusal(said) => refusal(model, said),
        NoticeKind::Restored { count } => {
            let rest = model.picture.rest(model.now_ms).unwrap_or_default();
            let args = Args::new()
                .count("count", *count)
                .count("number", number(model.current + 1))
                .text("left", span(model, rest.0));
            tell(model, "kiosk-moved", &args)
        }
        NoticeKind::PasteDropped { count } => tell_count(model, "paste-dropped", *count),
        NoticeKind::ExitIgnored => say(model, "exit-ignored"),
        NoticeKind::FirstItem => say(model, "question-first"),
        NoticeKind::LastItem => say(model, "question-last"),
        NoticeKind::Cleared => say(model, "question-cleared"),
        NoticeKind::NoneUnanswered => say(model, "none-unanswered"),
        NoticeKind::NoneFlagged => say(model, "none-flagged"),
        NoticeKind::MoreText => say(model, "question-read-on"),
        NoticeKind::TooEarly => {
            let from = model
                .picture
                .view
                .as_ref()
                .and_then(|view| view.hand_in_from);
            from.map_or_else(
                || say(model, "refusal-not-now"),
                |from| too_early(model, from),
            )
        }
        NoticeKind::NoSuchItem {
            number: asked,
            total,
        } => {
            let args = Args::new()
                .count("number", number(*asked))
                .count("total", number(*total));
            tell(model, "goto-none", &args)
        }
        NoticeKind::LanguageFixed => say(model, "language-fixed"),
    }
}

/// Makes a count of a catalogue's argument.
pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
