//! Reading typed values out of TOML, every finding at once: each getter says what is wrong with its
//! own field, with file and line, and goes on.
//!
//! It knows no file of ours. A field nobody asked for is a finding; floats exist only as exact
//! decimals.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;

use exam_core::{Marks, Text};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{Finding, Kind, Level};
use crate::fold::nfc;
use crate::item::At;

/// One file being read, and what was found wrong in it so far.
pub(crate) struct Source {
    file: Arc<str>,
    text: String,
    starts: Vec<usize>,
    findings: RefCell<Vec<Finding>>,
}

impl Source {
    pub(crate) fn new(file: &str, text: String) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Self {
            file: Arc::from(file),
            text,
            starts,
            findings: RefCell::default(),
        }
    }

    /// Returns where a byte of the file stands, for people.
    pub(crate) fn at(&self, offset: usize) -> At {
        let line = self.starts.partition_point(|start| *start <= offset);
        At {
            file: Arc::clone(&self.file),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }

    /// Parses the file; what cannot be parsed is reported and left out.
    pub(crate) fn parse(&self) -> Spanned<DeTable<'_>> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            self.report(
                Kind::Unreadable,
                offset,
                error.message(),
                "see the TOML rules",
            );
        }
        table
    }

    /// Adds an error.
    pub(crate) fn report(
        &self,
        kind: Kind,
        offset: usize,
        reason: impl Display,
        hint: impl Display,
    ) {
        let at = self.at(offset);
        self.findings.borrow_mut().push(Finding {
            file: at.file.to_string(),
            line: at.line,
            level: Level::Error,
            kind,
            subject: None,
            reason: reason.to_string(),
            hint: hint.to_string(),
        });
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }
}

/// One table of a file being read.
pub(crate) struct Fields<'s> {
    source: &'s Source,
    table: &'s DeTable<'s>,
    start: usize,
    asked: RefCell<BTreeSet<String>>,
}

impl<'s> Fields<'s> {
    pub(crate) fn new(source: &'s Source, table: &'s Spanned<DeTable<'s>>) -> Self {
        Self::of(source, table.get_ref(), table.span().start)
    }

    fn of(source: &'s Source, table: &'s DeTable<'s>, start: usize) -> Self {
        Self {
            source,
            table,
            start,
            asked: RefCell::default(),
        }
    }

    /// Returns where the table begins.
    pub(crate) fn here(&self) -> At {
        self.source.at(self.start)
    }

    /// Reports every field nobody asked for.
    pub(crate) fn done(&self) {
        let asked = self.asked.borrow();
        for (name, value) in self.table {
            if !asked.contains(name.get_ref().as_ref()) {
                let known: Vec<&str> = asked.iter().map(String::as_str).collect();
                self.source.report(
                    Kind::UnknownField,
                    name.span().start.min(value.span().start),
                    format!("{:?} is not a known field", name.get_ref()),
                    format!("known here: {}", known.join(", ")),
                );
            }
        }
    }

    /// Adds an error about a field, at its value where it has one.
    pub(crate) fn report(&self, kind: Kind, name: &str, reason: impl Display, hint: impl Display) {
        let start = self
            .look(name)
            .map_or(self.start, |value| value.span().start);
        self.source.report(kind, start, reason, hint);
    }

    fn look(&self, name: &str) -> Option<&'s Spanned<DeValue<'s>>> {
        self.table
            .iter()
            .find(|(known, _)| known.get_ref() == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'s Spanned<DeValue<'s>>> {
        self.asked.borrow_mut().insert(name.to_owned());
        self.look(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Reports a field that must be there and is not.
    pub(crate) fn need(&self, name: &str) -> Option<&'s Spanned<DeValue<'s>>> {
        let value = self.get(name);
        if value.is_none() {
            self.report(
                Kind::MissingField,
                name,
                format!("{name} is missing"),
                "add it",
            );
        }
        value
    }

    fn wrong<T>(&self, name: &str, wanted: &str, value: &DeValue<'_>) -> Option<T> {
        let found = value.type_str();
        self.report(
            Kind::WrongType,
            name,
            format!("{name} is a {found}"),
            format!("write {wanted}"),
        );
        None
    }

    /// A text that must be there, in NFC, not empty and without control characters.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = self.need(name)?;
        self.clean(name, value.get_ref())
    }

    /// A text that may be absent.
    pub(crate) fn maybe_text(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        self.clean(name, value.get_ref())
    }

    fn clean(&self, name: &str, value: &DeValue<'_>) -> Option<String> {
        let Some(text) = value.as_str() else {
            return self.wrong(name, "a text in quotes", value);
        };
        let text = nfc(text.trim());
        if text.is_empty() {
            self.report(Kind::BadValue, name, format!("{name} is empty"), "write it");
            return None;
        }
        // A control character could move the cursor of a terminal.
        if let Some(bad) = text.chars().find(|c| c.is_control() && *c != '\n') {
            let reason = format!(
                "{name} holds the control character U+{:04X}",
                u32::from(bad)
            );
            self.report(Kind::BadValue, name, reason, "take it out");
            return None;
        }
        Some(text)
    }

    /// A text that is checked by its own type, such as an id.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.report(Kind::BadValue, name, error, "choose another");
                None
            }
        }
    }

    /// A list of texts checked by their own type; absent = empty.
    pub(crate) fn list<T: FromStr<Err: Display>>(&self, name: &str) -> Vec<T> {
        let Some(value) = self.get(name) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            return self
                .wrong(name, "a list such as [\"…\"]", value.get_ref())
                .unwrap_or_default();
        };
        let read = |entry: &Spanned<DeValue<'_>>| {
            let text = self.clean(name, entry.get_ref())?;
            match text.parse() {
                Ok(value) => Some(value),
                Err(error) => {
                    self.report(Kind::BadValue, name, error, "choose another");
                    None
                }
            }
        };
        array.iter().filter_map(read).collect()
    }

    pub(crate) fn truth(&self, name: &str, absent: bool) -> bool {
        match self.get(name) {
            None => absent,
            Some(value) => value.get_ref().as_bool().unwrap_or_else(|| {
                self.wrong(name, "true or false", value.get_ref())
                    .unwrap_or(absent)
            }),
        }
    }

    /// A whole number within `range` that must be there.
    pub(crate) fn int(&self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.need(name)?;
        self.within(name, value.get_ref(), range)
    }

    /// A whole number within `range`, or `absent`.
    pub(crate) fn int_or(&self, name: &str, range: RangeInclusive<i64>, absent: i64) -> i64 {
        match self.get(name) {
            Some(value) => self.within(name, value.get_ref(), range).unwrap_or(absent),
            None => absent,
        }
    }

    pub(crate) fn within(
        &self,
        name: &str,
        value: &DeValue<'_>,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let Some(int) = value.as_integer() else {
            return self.wrong(name, "a whole number", value);
        };
        match i64::from_str_radix(int.as_str(), int.radix()) {
            Ok(int) if range.contains(&int) => Some(int),
            _ => {
                let reason = format!("{name} is out of range");
                let hint = format!("write {} to {}", range.start(), range.end());
                self.report(Kind::BadValue, name, reason, hint);
                None
            }
        }
    }

    /// Several whole numbers.
    pub(crate) fn ints(&self, name: &str, range: &RangeInclusive<i64>) -> Option<Vec<i64>> {
        let value = self.get(name)?;
        let Some(array) = value.get_ref().as_array() else {
            return self.wrong(name, "a list such as [15, 5, 1]", value.get_ref());
        };
        let read = |entry: &Spanned<DeValue<'_>>| self.within(name, entry.get_ref(), range.clone());
        Some(array.iter().filter_map(read).collect())
    }

    /// A decimal with at most two places, exactly: `60`, `0.5`, `0.10`.
    pub(crate) fn decimal(&self, name: &str) -> Option<Marks> {
        let value = self.need(name)?;
        let text = match value.get_ref() {
            DeValue::Integer(int) if int.radix() == 10 => int.as_str(),
            DeValue::Float(float) => float.as_str(),
            DeValue::Integer(_)
            | DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {
                let wanted = "a number with at most two places";
                return self.wrong(name, wanted, value.get_ref());
            }
        };
        match text.parse() {
            Ok(marks) => Some(marks),
            Err(error) => {
                self.report(
                    Kind::BadValue,
                    name,
                    error,
                    "write a number such as 60 or 0.5",
                );
                None
            }
        }
    }

    /// One of these names; `absent` where the field may be left out.
    pub(crate) fn one_of<T: Copy>(
        &self,
        name: &str,
        names: &[(&str, T)],
        absent: Option<T>,
    ) -> Option<T> {
        if absent.is_some() && !self.has(name) {
            return absent;
        }
        let text = self.text(name)?;
        let found = names.iter().find(|(known, _)| *known == text);
        if found.is_none() {
            let known: Vec<&str> = names.iter().map(|(known, _)| *known).collect();
            let hint = format!("use one of {}", known.join(", "));
            self.report(Kind::BadValue, name, format!("{text:?} is not known"), hint);
        }
        found.map(|(_, value)| *value)
    }

    /// A text in Chinese and, where there is one, in English: `{ zh = "…", en = "…" }`.
    pub(crate) fn both(&self, name: &str) -> Option<Text> {
        let fields = self.need(name).and_then(|_| self.table(name))?;
        let zh = fields.text("zh");
        let en = fields.maybe_text("en");
        fields.done();
        let zh = zh?;
        Some(match en {
            Some(en) => Text::both(&zh, &en),
            None => Text::zh(&zh),
        })
    }

    /// A table that may be absent.
    pub(crate) fn table(&self, name: &str) -> Option<Self> {
        let value = self.get(name)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Self::of(self.source, table, value.span().start)),
            None => self.wrong(name, "a table", value.get_ref()),
        }
    }

    /// Every table of a list of tables; absent = none.
    pub(crate) fn tables(&self, name: &str) -> Vec<Self> {
        let Some(value) = self.get(name) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            return self
                .wrong(name, &format!("[[{name}]]"), value.get_ref())
                .unwrap_or_default();
        };
        let read = |entry: &'s Spanned<DeValue<'s>>| match entry.get_ref().as_table() {
            Some(table) => Some(Self::of(self.source, table, entry.span().start)),
            None => self.wrong(name, &format!("[[{name}]]"), entry.get_ref()),
        };
        array.iter().filter_map(read).collect()
    }

    /// Every field of a table whose names are data.
    pub(crate) fn entries(&self) -> Vec<(&'s str, &'s DeValue<'s>)> {
        let entries = self.table.iter();
        entries
            .map(|(name, value)| {
                self.asked.borrow_mut().insert(name.get_ref().to_string());
                (name.get_ref().as_ref(), value.get_ref())
            })
            .collect()
    }

    /// Reports a value whose behaviour this version does not have.
    pub(crate) fn undelivered(&self, name: &str, reason: impl Display, hint: impl Display) {
        let reason = format!("not delivered by this version: {reason}");
        self.report(Kind::NotDelivered, name, reason, hint);
    }
}
