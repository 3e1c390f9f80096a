//! What the hall tells about itself, the sitting and the candidate: fixed for as long as the
//! sitting is open, so any task may read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use exam_core::{Digest, HallTime, Rules, SessionId, SittingId, SittingKind, Text};
use exam_proto::delivery as wire;
use exam_proto::seal::SealedPart;

use crate::config::HallConfig;
use crate::roster::Roster;

/// Features this hall tells kiosks of.
const FEATURES: [&str; 0] = [];

/// What may be told without asking the desk.
#[derive(Debug)]
pub(crate) struct Face {
    pub(crate) config: HallConfig,
    pub(crate) sitting: SittingId,
    pub(crate) kind: SittingKind,
    pub(crate) planned: HallTime,
    pub(crate) rules: Arc<Rules>,
    pub(crate) manifest: Digest,
    pub(crate) roster: Arc<Roster>,
    pub(crate) papers: BTreeMap<SessionId, Vec<SealedPart>>,
}

impl Face {
    fn minutes(&self) -> u32 {
        u32::try_from(self.rules.length().0 / 60_000).unwrap_or(u32::MAX)
    }

    fn items(&self) -> u32 {
        u32::try_from(self.rules.total_items()).unwrap_or(u32::MAX)
    }

    pub(crate) fn welcome(&self, seat: &str) -> wire::Welcome {
        wire::Welcome {
            protocol: exam_proto::PROTOCOL,
            build: crate::BUILD.to_owned(),
            features: FEATURES.map(str::to_owned).to_vec(),
            hall_name: self.config.name.clone(),
            station: self.config.station.clone(),
            seat: seat.to_owned(),
            zone: self.config.zone.clone(),
            sitting: self.sitting.as_str().to_owned(),
            rehearsal: self.kind == SittingKind::Rehearsal,
            title: Some((&self.rules.title).into()),
            planned_ms: self.planned.0,
            log_in_opens_ms: self.rules.report_time(self.planned).0,
            minutes: self.minutes(),
            items: self.items(),
            full_marks: self.rules.full_marks().0,
        }
    }

    /// The candidate's own data; nothing where the roster does not know the session.
    pub(crate) fn candidate(&self, session: SessionId) -> Option<wire::Candidate> {
        let row = self.roster.row(session)?;
        let rules = &self.rules;
        let subject = &rules.subject;
        let warn = rules
            .clock
            .warn
            .iter()
            .map(|rest| u32::try_from(rest.0 / 1_000).unwrap_or(0));
        let early = rules.hand_in.earliest.0 / 60_000;
        Some(wire::Candidate {
            name: row.name.show().to_owned(),
            admission_number: row.number.show().to_owned(),
            id_masked: row.id_number.masked(),
            subject: format!("{} {}", subject.level, subject.name)
                .trim()
                .to_owned(),
            title: Some((&rules.title).into()),
            minutes: self.minutes(),
            factor_hundredths: u32::from(row.factor),
            items: self.items(),
            full_marks: rules.full_marks().0,
            undertaking: Some(wire_text(&rules.admission.undertaking.text)),
            undertaking_digest: rules.admission.undertaking.digest.0.to_vec().into(),
            warn_seconds: warn.collect(),
            item_languages: rules
                .languages
                .items
                .iter()
                .map(|lang| lang.tag().to_owned())
                .collect(),
            may_switch_language: rules.languages.switch,
            early_hand_in_minutes: u32::try_from(early).unwrap_or(0),
        })
    }

    pub(crate) fn sealed(&self, session: SessionId) -> Vec<wire::SealedPart> {
        let parts = self
            .papers
            .get(&session)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let of = u32::try_from(parts.len()).unwrap_or(0);
        let sealed = parts.iter().map(|part| wire::SealedPart {
            part: u32::from(part.part.0),
            sealed: part.sealed.clone(),
            manifest: self.manifest.0.to_vec().into(),
            parts: of,
        });
        sealed.collect()
    }
}

fn wire_text(text: &Text) -> wire::Text {
    text.into()
}
