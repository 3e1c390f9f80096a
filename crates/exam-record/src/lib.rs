//! Turns what happened into stored records and back: [`exam_core::Event`] and [`HallRecord`]
//! against `examhall.journal.v1`, and folds a row of records into a sitting.
//!
//! The format is written down in `proto/examhall/journal/v1/journal.proto`. Nothing here knows
//! where records are kept, what chains them or what the hour is; digests are over stored bytes, so
//! nothing that was stored is ever encoded anew.
#![warn(missing_docs)]

mod decode;
mod encode;
mod fault;
mod fold;
mod hall;
mod refusal;
mod word;

#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    clippy::clone_on_ref_ptr,
    clippy::derive_partial_eq_without_eq,
    clippy::use_self,
    missing_docs,
    unnameable_types,
    unreachable_pub,
    unused_qualifications,
    reason = "generated"
)]
mod wire {
    include!(concat!(env!("OUT_DIR"), "/examhall.journal.v1.rs"));
}

pub use decode::decode;
pub use encode::encode;
pub use fault::RecordFault;
pub use fold::{FoldFault, FoldWhy, fold};
pub use hall::{HallRecord, Serial, StaffRole, decode_hall, encode_hall};

/// The version of the format that this crate writes; it stands in the header of a journal's
/// segments. Every version up to this one can be read.
pub const FORMAT: u32 = 1;
