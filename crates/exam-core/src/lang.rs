//! Languages and texts that exist in more than one of them.
//!
//! It holds texts of exams and items; the words of the programs themselves are exam-text's.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A language a screen can speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// Chinese, the default everywhere.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Returns the tag used in files and on the command line.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// Returns the other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.tag())
    }
}

/// Says that a tag names no language we speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language; use zh or en")]
pub struct BadLang(pub String);

impl FromStr for Lang {
    type Err = BadLang;
    fn from_str(tag: &str) -> Result<Self, BadLang> {
        match tag {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(BadLang(tag.chars().take(20).collect())),
        }
    }
}

/// A text in Chinese and, where there is one, in English.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// The Chinese wording; always there.
    pub zh: Arc<str>,
    /// The English wording.
    pub en: Option<Arc<str>>,
}

impl Text {
    /// A text in Chinese alone.
    pub fn zh(text: &str) -> Self {
        Self {
            zh: Arc::from(text),
            en: None,
        }
    }

    /// A text in both languages.
    pub fn both(zh: &str, en: &str) -> Self {
        Self {
            zh: Arc::from(zh),
            en: Some(Arc::from(en)),
        }
    }

    /// Returns the wording in `lang`, or the Chinese one where that is missing.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => self.en.as_deref().unwrap_or(&self.zh),
        }
    }
}
