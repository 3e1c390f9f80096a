//! Names of things as types, so that a seat is never passed as an item.
//!
//! Text ids are checked once, where they enter; random ids are sixteen bytes that somebody else
//! drew. Nothing here draws, hashes or looks anything up.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Says what is wrong with the text of an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a {what}: {rule}")]
pub struct BadId {
    /// What the text should have been.
    pub what: &'static str,
    /// The text as it came.
    pub text: String,
    /// The rule it breaks.
    pub rule: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $rule:literal, $ok:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks `text` and keeps it.
            ///
            /// # Errors
            /// [`BadId`] where the text is empty, too long or holds another character.
            pub fn new(text: &str) -> Result<Self, BadId> {
                let allowed: fn(char) -> bool = $ok;
                if text.is_empty() || text.len() > $max || !text.chars().all(allowed) {
                    return Err(BadId { what: $what, text: text.chars().take(80).collect(), rule: $rule });
                }
                Ok(Self(Arc::from(text)))
            }

            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// Permanent name of an item in its bank; opaque and never reused.
    ItemId, "item id", 24, "1 to 24 of a-z, 0-9 and -",
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// Permanent name of an option within its item. It is not a letter: letters live on screens.
    OptionId, "option id", 16, "1 to 16 of a-z, 0-9 and -",
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// Name of a seat as printed on the desk, such as `A-07`.
    SeatId, "seat name", 12, "1 to 12 of A-Z, 0-9 and -",
    |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// Name of a sitting and of its folder.
    SittingId, "sitting name", 40, "1 to 40 of a-z, 0-9 and -",
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// Name of an exam, as its rule file gives it.
    ExamId, "exam id", 40, "1 to 40 of a-z, 0-9 and -",
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// Name of a member of the hall's staff, as the certificate gives it.
    StaffId, "staff name", 32, "1 to 32 of a-z, 0-9 and -",
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);

/// The two options of every true/false item, under fixed ids.
impl OptionId {
    /// The option "true" of a true/false item.
    pub fn yes() -> Self {
        Self(Arc::from("true"))
    }

    /// The option "false" of a true/false item.
    pub fn no() -> Self {
        Self(Arc::from("false"))
    }
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let bad = || BadId {
                    what: $what,
                    text: text.chars().take(80).collect(),
                    rule: "hexadecimal digits of the full length",
                };
                let mut bytes = [0_u8; $len];
                if text.len() != bytes.len() * 2 {
                    return Err(bad());
                }
                let digits: Vec<u8> = text
                    .chars()
                    .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
                    .collect::<Option<_>>()
                    .ok_or_else(bad)?;
                for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
                    if let [high, low] = pair {
                        *byte = high << 4 | low;
                    }
                }
                Ok(Self(bytes))
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = BadId;
            fn try_from(bytes: &[u8]) -> Result<Self, BadId> {
                bytes.try_into().map(Self).map_err(|_length| BadId {
                    what: $what,
                    text: format!("{} bytes", bytes.len()),
                    rule: "bytes of the full length",
                })
            }
        }
    };
}

bytes_id!(
    /// One candidate's run of one exam; random, so that the chain names nobody (RULES 9).
    SessionId, "session id", 16
);
bytes_id!(
    /// Name of one act or command; a retry bears the same one.
    ActId, "act id", 16
);
bytes_id!(
    /// The right to write into a session; whoever holds the current one is its kiosk (W6).
    LeaseId, "lease", 16
);
bytes_id!(
    /// One boot of one machine; monotonic times of different boots cannot be compared.
    BootId, "boot id", 16
);
bytes_id!(
    /// A 32-byte digest, of whatever the field's name says.
    Digest, "digest", 32
);

/// Counts the leases a session has had; a packet of an older epoch is evidence only (W6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Epoch(pub u32);

/// Number of a revision within its epoch, dense from 1 (W1); 0 means none yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub u32);

impl Seq {
    /// Returns the number that must follow this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Number of a timed part, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartNo(pub u8);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for PartNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked_where_they_enter() {
        assert_eq!(SeatId::new("A-07").unwrap().as_str(), "A-07");
        assert!(SeatId::new("a-07").is_err());
        assert!(SeatId::new("").is_err());
        assert!(ItemId::new("q1001\u{7}").is_err());
        assert!(ItemId::new(&"x".repeat(25)).is_err());
    }

    #[test]
    fn byte_ids_survive_their_text() {
        let id = SessionId([0xAB; 16]);
        assert_eq!(id.to_string().parse::<SessionId>().unwrap(), id);
        assert!("ab".parse::<SessionId>().is_err());
        assert!("é".repeat(16).parse::<SessionId>().is_err());
        assert!(SessionId::try_from([1_u8; 15].as_slice()).is_err());
    }
}
