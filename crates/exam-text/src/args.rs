//! The values that fill a message's blanks.

use fluent_bundle::{FluentArgs, FluentValue};
use std::fmt;

/// The arguments of one message, by the names the catalogues use.
///
/// Instants and lengths of time are passed as text, already written for the reader (see
/// [`crate::clock`] and [`crate::span`]), because only the caller knows the zone.
#[derive(Default)]
pub struct Args<'a> {
    inner: FluentArgs<'a>,
}

impl<'a> Args<'a> {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text: a name, a number as a person writes it, a time of day.
    #[must_use]
    pub fn text(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.inner.set(name, FluentValue::from(value.into()));
        self
    }

    /// Adds a number, which also chooses between singular and plural.
    #[must_use]
    pub fn count(mut self, name: &'a str, value: impl Into<i64>) -> Self {
        self.inner.set(name, FluentValue::from(value.into()));
        self
    }

    pub(crate) const fn fluent(&self) -> &FluentArgs<'a> {
        &self.inner
    }
}

// Arguments may be names and numbers of people, so only their own names are shown.
impl fmt::Debug for Args<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.inner.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_names_of_arguments_and_never_their_values() {
        let args = Args::new().text("number", "202611210207").count("tries", 2);
        let shown = format!("{args:?}");
        assert!(shown.contains("number") && shown.contains("tries"));
        assert!(!shown.contains("2026"));
    }
}
