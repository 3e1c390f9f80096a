//! The canonical form: RFC 8785 JSON of a small model (integers, texts, truth values, lists, maps),
//! and BLAKE3 digests of it, one context for each kind of thing.
//!
//! No floats and no null: absent is absent, defaults are written out. A file is read only if its
//! bytes are the canonical ones, so that one value never has two digests.

use std::collections::BTreeMap;

use exam_core::{Digest, Text};

use crate::fold::nfc;

mod object;

pub(crate) use object::Object;

/// The name of the digest, written into every file: never an assumption.
pub const ALGORITHM: &str = "blake3";

/// What a digest is taken of; each kind has a BLAKE3 `derive_key` context of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One item without its key.
    Item,
    /// One item key with its salt.
    ItemKey,
    /// The salt of one item key.
    KeySalt,
    /// `content.json`.
    Content,
    /// `keys.json`.
    Keys,
    /// `manifest.json`.
    Manifest,
    /// `exam-….json`.
    Exam,
    /// A text file an exam shows.
    Text,
    /// `trust.json`.
    Trust,
}

impl Kind {
    /// Returns its context, as `b3sum --derive-key` takes it.
    pub const fn context(self) -> &'static str {
        match self {
            Self::Item => "examhall 2026 item v1",
            Self::ItemKey => "examhall 2026 key v1",
            Self::KeySalt => "examhall 2026 key salt v1",
            Self::Content => "examhall 2026 content v1",
            Self::Keys => "examhall 2026 keys v1",
            Self::Manifest => "examhall 2026 manifest v1",
            Self::Exam => "examhall 2026 exam v1",
            Self::Text => "examhall 2026 text v1",
            Self::Trust => "examhall 2026 trust v1",
        }
    }

    /// Returns the digest of `bytes` as this kind of thing.
    pub fn digest(self, bytes: &[u8]) -> Digest {
        Digest(blake3::derive_key(self.context(), bytes))
    }
}

/// Says why bytes are not a canonical file of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Malformed {
    /// Where, as field names parted by points.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl Malformed {
    pub(crate) fn new(path: &str, reason: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}

/// A value of the canonical model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Self>),
    Map(BTreeMap<String, Self>),
}

/// The greatest integer every JSON reader keeps exactly (RFC 8785 section 3.2.2.3).
const GREATEST: i64 = (1 << 53) - 1;

impl Json {
    /// A map of these fields.
    pub(crate) fn map<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Map(
            fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// A text in NFC.
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(nfc(text.as_ref()))
    }

    /// Anything that prints as its name.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "names are small and come as they are"
    )]
    pub(crate) fn name(name: impl ToString) -> Self {
        Self::Text(name.to_string())
    }

    /// A text in one or two languages; one that is not there is absent.
    pub(crate) fn both(text: &Text) -> Self {
        let mut map = BTreeMap::from([("zh".to_owned(), Self::text(&text.zh))]);
        if let Some(en) = &text.en {
            map.insert("en".to_owned(), Self::text(en));
        }
        Self::Map(map)
    }

    /// A list.
    pub(crate) fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// Adds a field that may be absent.
    pub(crate) fn with(mut self, name: &str, value: Option<Self>) -> Self {
        if let (Self::Map(map), Some(value)) = (&mut self, value) {
            map.insert(name.to_owned(), value);
        }
        self
    }

    /// Returns the canonical bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        self.write(&mut out);
        out.into_bytes()
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Int(int) => out.push_str(&int.to_string()),
            Self::Text(text) => write_text(text, out),
            Self::List(values) => {
                out.push('[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Self::Map(map) => {
                // RFC 8785 sorts names by UTF-16 code units, which is not quite Rust's order.
                let mut fields: Vec<_> = map.iter().collect();
                fields.sort_by_cached_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
                out.push('{');
                for (index, (name, value)) in fields.into_iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// Reads canonical bytes; any other spelling of the same value is refused.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| Malformed::new("", error.to_string()))?;
        let json = Self::from_value(value, "")?;
        if json.bytes() == bytes {
            Ok(json)
        } else {
            Err(Malformed::new("", "the bytes are not the canonical ones"))
        }
    }

    fn from_value(value: serde_json::Value, path: &str) -> Result<Self, Malformed> {
        use serde_json::Value;
        let integer = |number: &serde_json::Number| {
            number
                .as_i64()
                .filter(|int| (-GREATEST..=GREATEST).contains(int))
        };
        match value {
            Value::Null => Err(Malformed::new(path, "null is not allowed")),
            Value::Bool(truth) => Ok(Self::Bool(truth)),
            Value::Number(number) => integer(&number)
                .map(Self::Int)
                .ok_or_else(|| Malformed::new(path, format!("{number} is not a whole number"))),
            Value::String(text) if nfc(&text) == text => Ok(Self::Text(text)),
            Value::String(_) => Err(Malformed::new(path, "the text is not in NFC")),
            Value::Array(values) => values
                .into_iter()
                .map(|value| Self::from_value(value, path))
                .collect::<Result<_, _>>()
                .map(Self::List),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| {
                    let value = Self::from_value(value, &format!("{path}.{name}"))?;
                    Ok((name, value))
                })
                .collect::<Result<_, _>>()
                .map(Self::Map),
        }
    }
}

/// Writes a text as RFC 8785 wants it: the shortest escapes, everything else as it is.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{a}' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\u{d}' => out.push_str("\\r"),
            c if c < ' ' => {
                out.push_str("\\u00");
                let digits = [u32::from(c) / 16, u32::from(c) % 16];
                out.extend(
                    digits
                        .iter()
                        .filter_map(|digit| char::from_digit(*digit, 16)),
                );
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn canonical_bytes_are_those_of_rfc_8785() {
        let json = Json::map([
            ("\u{20ac}", Json::text("Euro Sign")),
            ("\r", Json::text("Carriage Return")),
            ("\u{fb33}", Json::name("kept as it came")),
            ("1", Json::text("One")),
            ("\u{1f600}", Json::text("Emoji: Grinning Face")),
            ("\u{80}", Json::text("Control")),
            ("\u{f6}", Json::text("Latin Small Letter O With Diaeresis")),
        ]);
        let expected = concat!(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",",
            "\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",",
            "\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"kept as it came\"}"
        );
        assert_eq!(String::from_utf8(json.bytes()).unwrap(), expected);
        let text = Json::text("\u{20ac}$\u{f}\nA'B\"\\\\\"/");
        assert_eq!(
            String::from_utf8(text.bytes()).unwrap(),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""
        );
    }

    #[test]
    fn another_spelling_is_refused() {
        assert!(Json::parse(br#"{"a":1,"b":[true,"x"]}"#).is_ok());
        for bytes in [
            &br#"{"b":1,"a":1}"#[..],
            br#"{"a": 1}"#,
            br#"{"a":1,"a":1}"#,
            br#"{"a":1.0}"#,
            br#"{"a":null}"#,
            br#"{"a":9007199254740992}"#,
            "{\"a\":\"e\u{301}\"}".as_bytes(),
            br#"{"a":"\u0041"}"#,
            b"{\"a\":1}\n",
            b"\xff",
        ] {
            assert!(Json::parse(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn contexts_keep_kinds_apart() {
        // As `printf '{}' | b3sum --derive-key 'examhall 2026 item v1'` prints it.
        let golden = "4e2f082aa1536d02934965849a8182dd1b31801863080737d486357d1b3f81e9";
        let item = Kind::Item.digest(b"{}").to_string();
        assert_ne!(item, Kind::Keys.digest(b"{}").to_string());
        assert_eq!(item, golden);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(texts in prop::collection::vec(any::<String>(), 0..6), int in -GREATEST..=GREATEST) {
            let json = Json::map([
                ("int", Json::Int(int)),
                ("list", Json::list(texts.iter().map(Json::text))),
            ]);
            prop_assert_eq!(Json::parse(&json.bytes()).unwrap(), json);
        }
    }
}
