//! Items, keys, checks, exam files, canonical form, signatures, blueprint, assembly.
//!
//! The way of a bank: a folder of TOML files is read ([`read_bank`]) and judged ([`check()`]), made
//! into the files of one edition ([`Release`]), signed by several people and packed; a hall opens
//! the package ([`open_package`]), which verifies before it believes, and draws papers from it
//! ([`assemble()`]). The marking office opens the keys ([`open_keys`]), a file of its own.
//!
//! It knows nothing of async, clocks, networks or spreadsheets, and the hour and every seed are
//! arguments. Whether a response is right is not decided here.
#![warn(
    missing_docs,
    clippy::wildcard_enum_match_arm,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::string_slice
)]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "a test that panics is a test that fails"
    )
)]

pub mod assemble;
pub mod bank;
pub mod canonical;
pub mod check;
pub mod container;
pub mod content;
pub mod date;
pub mod exam_file;
mod exam_json;
pub mod finding;
mod fold;
pub mod item;
pub mod keys;
pub mod manifest;
pub mod package;
pub mod refused;
pub mod sign;
pub mod source;
#[cfg(test)]
mod testing;
pub mod trust;

pub use assemble::{
    Assembled, Blueprint, PlanRow, Report, Shortfall, assemble, assemble_late, seed_commitment,
};
pub use bank::{Bank, ExamFile, Policies, Unit, Units};
pub use check::check;
pub use content::{Content, ContentItem, ContentOption};
pub use finding::{Finding, Kind, Level, count_by_kind, has_errors};
pub use item::{Item, ItemKey, ItemOption, Status};
pub use keys::Keys;
pub use manifest::{Edition, Manifest, ManifestItem};
pub use package::{
    Packed, Release, Unpublishable, VerifiedBank, VerifiedExam, open_files, open_keys,
    open_keys_files, open_package,
};
pub use refused::Refused;
pub use sign::{Claim, KeyFault, KeyId, NewKey, PublicKey, SigningKey};
pub use source::{read_bank, read_files};
pub use trust::{BadTrust, Person, Role, RoleRule, Trust};
