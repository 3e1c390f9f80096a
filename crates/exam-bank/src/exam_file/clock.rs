//! Reading `[clock]`, `[marks]`, and the tables of which this version keeps nothing yet.

use exam_core::Span;
use exam_core::rules::{ClockRules, OfflineRule, Release, StartBy};

use super::{minutes, only, only_empty, only_zero};
use crate::source::Fields;

/// The names of `clock.start`.
pub(crate) const START: [(&str, StartBy); 2] =
    [("chief", StartBy::Chief), ("clock", StartBy::Clock)];
/// The names of `clock.offline`.
pub(crate) const OFFLINE: [(&str, OfflineRule); 2] = [
    ("count", OfflineRule::Count),
    ("decide", OfflineRule::Decide),
];
/// The names of `marks.release`.
pub(crate) const RELEASE: [(&str, Release); 3] = [
    ("at-hand-in", Release::AtHandIn),
    ("after-sealing", Release::AfterSealing),
    ("never-on-screen", Release::NeverOnScreen),
];

pub(super) fn read(fields: &Fields<'_>) -> Option<ClockRules> {
    let start = fields.one_of("start", &START, Some(StartBy::Chief));
    let grace = fields.int("grace_seconds", 0..=600).map(Span::seconds);
    let offline = fields.one_of("offline", &OFFLINE, None);
    let offline_max = minutes(fields, "offline_max", 600);
    let mut warn = fields.ints("warn_minutes", &(1..=600)).unwrap_or_default();
    warn.sort_unstable();
    warn.dedup();
    only(fields, "loss", "none", "making good lost time");
    only_zero(fields, "auto_credit", "making good lost time");
    only_zero(fields, "resume_countdown", "holding a sitting");
    fields.done();
    Some(ClockRules {
        start: start?,
        grace: grace?,
        offline: offline?,
        offline_max: offline_max?,
        warn: warn.into_iter().rev().map(Span::minutes).collect(),
    })
}

pub(super) fn read_release(fields: &Fields<'_>) -> Option<Release> {
    let release = fields.one_of("release", &RELEASE, None);
    fields.done();
    release
}

/// Reads the tables whose every behaviour is still to come.
pub(super) fn read_rest(fields: &Fields<'_>) {
    if let Some(leave) = fields.table("leave") {
        only(&leave, "seat", "no", "leaving the seat");
        leave.done();
    }
    if let Some(interruption) = fields.table("interruption") {
        only_zero(&interruption, "stop_after", "asking to stop a long hold");
        interruption.done();
    }
    if let Some(second) = fields.table("second_person") {
        only_zero(&second, "grant_over", "grants");
        only_empty(&second, "acts", "acts that need a second person");
        second.done();
    }
}
