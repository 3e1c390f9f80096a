//! `hall.toml`: what a technician may set, with every default written out.
//!
//! Read from a file or from defaults, checked as a whole, and printed. The command's flags and
//! environment go over it by [`HallConfig`]'s fields; rules of exams are not here (`exam.toml`).

mod limits;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use exam_core::Lang;
use serde::{Deserialize, Serialize};

pub use limits::Limits;

/// A hall's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HallConfig {
    /// The hall's name as candidates read it.
    pub name: String,
    /// The hall's short id: part of its certificates and of its one server name.
    pub id: String,
    /// The station's number with the board.
    pub station: String,
    /// Time zone for showing; stored times never depend on it.
    pub zone: String,
    /// Languages of the screens, the first one being the hall's own.
    pub languages: Vec<String>,
    /// Where the hall listens.
    pub listen: Listen,
    /// Limits against floods and mistakes.
    pub limits: Limits,
}

/// Where the hall listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    /// Seats and staff, with certificates.
    pub delivery: SocketAddr,
    /// Enrolment with one-time codes.
    pub enrolment: SocketAddr,
}

/// What is wrong with a `hall.toml`.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The file cannot be read.
    #[error("could not read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not the TOML we know: unknown field, wrong kind of value, bad syntax.
    #[error("could not understand {} line {line}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A value that cannot be.
    #[error("could not use {}: {field} {reason}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            delivery: SocketAddr::from(([0, 0, 0, 0], 7443)),
            enrolment: SocketAddr::from(([0, 0, 0, 0], 7444)),
        }
    }
}

impl Default for HallConfig {
    fn default() -> Self {
        Self {
            name: "考场".to_owned(),
            id: "hall".to_owned(),
            station: "000".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            languages: vec!["zh".to_owned(), "en".to_owned()],
            listen: Listen::default(),
            limits: Limits::default(),
        }
    }
}

impl HallConfig {
    /// Reads `hall.toml`.
    ///
    /// # Errors
    /// [`ConfigFault`] names file, line and field.
    pub fn read(path: &Path) -> Result<Self, ConfigFault> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigFault::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    /// Reads settings from `text`, which came from `path`.
    ///
    /// # Errors
    /// [`ConfigFault`] names file, line and field.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigFault> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = text.get(..at).unwrap_or_default();
            ConfigFault::Syntax {
                path: path.to_owned(),
                line: before.matches('\n').count() + 1,
                reason: error.message().to_owned(),
            }
        })?;
        config.check(path)?;
        Ok(config)
    }

    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] names the field.
    pub fn check(&self, path: &Path) -> Result<(), ConfigFault> {
        let fault = |field, reason: &str| {
            Err(ConfigFault::Value {
                path: path.to_owned(),
                field,
                reason: reason.to_owned(),
            })
        };
        let short = |text: &str, most: usize| !text.is_empty() && text.chars().count() <= most;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let edge = self.id.starts_with('-') || self.id.ends_with('-');
        if !short(&self.id, 32) || !self.id.chars().all(plain) || edge {
            return fault(
                "id",
                "must be 1 to 32 of a-z, 0-9 and -, no - at either end",
            );
        }
        if !short(&self.name, 60) {
            return fault("name", "must have 1 to 60 characters");
        }
        if !short(&self.station, 20) {
            return fault("station", "must have 1 to 20 characters");
        }
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            return fault("zone", "names no time zone");
        }
        let known = |tag: &String| tag.parse::<Lang>().is_ok();
        if self.languages.is_empty() || !self.languages.iter().all(known) {
            return fault("languages", "must list zh, en or both");
        }
        let (delivery, enrolment) = (self.listen.delivery, self.listen.enrolment);
        if delivery == enrolment && delivery.port() != 0 {
            return fault(
                "listen.enrolment",
                "must be another port than listen.delivery",
            );
        }
        match self.limits.out_of_range() {
            Some((field, reason)) => fault(field, reason),
            None => Ok(()),
        }
    }

    /// Returns the settings as a `hall.toml` with every default written out.
    pub fn print_config(&self) -> String {
        let body = toml::to_string_pretty(self).unwrap_or_default();
        format!(
            "# Settings of an examhall. A field that is left out has the value shown here.\n{body}"
        )
    }

    /// The one name the hall's certificate bears, whatever its address is.
    pub fn server_name(&self) -> String {
        format!("{}.examhall.internal", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<HallConfig, ConfigFault> {
        HallConfig::parse(text, Path::new("hall.toml"))
    }

    #[test]
    fn what_is_printed_is_read_again_as_the_same() {
        let config = HallConfig::default();
        assert_eq!(parse(&config.print_config()).unwrap(), config);
        assert_eq!(parse("").unwrap(), config);
    }

    #[test]
    fn an_unknown_field_is_named_with_its_line() {
        let error = parse("name = \"一考场\"\n[limits]\nhandshake_secs = 3\n").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line 3"), "{text}");
        assert!(text.contains("handshake_secs"), "{text}");
    }

    #[test]
    fn values_that_cannot_be_are_named() {
        for (text, field) in [
            ("id = \"Hall 7\"", "id"),
            ("zone = \"Asia/Nowhere\"", "zone"),
            ("languages = [\"fr\"]", "languages"),
            (
                "[limits]\nhandshake_seconds = 0",
                "limits.handshake_seconds",
            ),
            (
                "[listen]\ndelivery = \"0.0.0.0:7\"\nenrolment = \"0.0.0.0:7\"",
                "listen.enrolment",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(
                matches!(&error, ConfigFault::Value { field: named, .. } if *named == field),
                "{error}"
            );
        }
    }
}
