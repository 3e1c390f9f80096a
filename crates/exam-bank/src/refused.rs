//! Why a package is refused: one name for each reason, nothing loaded.

use exam_core::{ItemId, WallTime};

use crate::canonical::Malformed;
use crate::container::BadContainer;
use crate::date;

/// Why a package, or a folder of published files, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The container itself is not in our form.
    #[error(transparent)]
    Container(#[from] BadContainer),
    /// A file that must be there is not.
    #[error("{0} is missing")]
    Missing(String),
    /// A file nobody signed for.
    #[error("{0} does not belong here")]
    Unexpected(String),
    /// A file is not of our form, or of another version's.
    #[error("{file} cannot be read: {why}")]
    Malformed {
        /// The file.
        file: String,
        /// Why.
        why: Malformed,
    },
    /// A file is not the one that was signed.
    #[error("{0} is not the file that was signed")]
    Changed(String),
    /// An item is not the one that was signed.
    #[error("item {0} is not the one that was signed")]
    ItemChanged(ItemId),
    /// Another bank than the trust root is about.
    #[error("this is bank {found:?}, not {wanted:?}")]
    OtherBank {
        /// The bank found.
        found: String,
        /// The bank the trust root is about.
        wanted: String,
    },
    /// Another edition than the one asked for.
    #[error("{0} belongs to another edition of the bank")]
    OtherEdition(String),
    /// An edition older than the trust root still accepts.
    #[error("edition {version} was replaced; {at_least} or later is wanted")]
    RolledBack {
        /// The edition found.
        version: u32,
        /// The least edition accepted.
        at_least: u32,
    },
    /// The edition has expired.
    #[error("the edition expired at {}", date::write(*.0))]
    Expired(WallTime),
    /// A signature that does not fit its file.
    #[error("{0} is not a good signature")]
    BadSignature(String),
    /// A signature by a key that is not in the trust root.
    #[error("{0} is by a key that is not in the trust root")]
    UnknownSigner(String),
    /// A good signature, but for something else.
    #[error("{0} was made for something else")]
    OtherClaim(String),
    /// Not enough distinct people and keys.
    #[error("{file} is signed by {have} of the {need} people needed")]
    TooFewSigners {
        /// The file.
        file: String,
        /// How many signed.
        have: usize,
        /// How many must.
        need: usize,
    },
}

impl Refused {
    /// Returns the name of the reason; it never changes, and messages are found by it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Container(_) => "bank-container",
            Self::Missing(_) => "bank-missing",
            Self::Unexpected(_) => "bank-unexpected",
            Self::Malformed { .. } => "bank-malformed",
            Self::Changed(_) => "bank-changed",
            Self::ItemChanged(_) => "bank-item-changed",
            Self::OtherBank { .. } => "bank-other",
            Self::OtherEdition(_) => "bank-other-edition",
            Self::RolledBack { .. } => "bank-rolled-back",
            Self::Expired(_) => "bank-expired",
            Self::BadSignature(_) => "bank-bad-signature",
            Self::UnknownSigner(_) => "bank-unknown-signer",
            Self::OtherClaim(_) => "bank-other-claim",
            Self::TooFewSigners { .. } => "bank-too-few-signers",
        }
    }

    pub(crate) fn malformed(file: &str) -> impl Fn(Malformed) -> Self {
        move |why| Self::Malformed {
            file: file.to_owned(),
            why,
        }
    }
}
