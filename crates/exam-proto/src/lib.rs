//! The wire: generated types, their conversions to and from exam-core, and the seal of an encoded
//! paper.
//!
//! It holds no rules: a message that cannot mean anything is refused here ([`Malformed`]), one that
//! a rule refuses is not its business. Generated types go no further than the services and the
//! client's driver.

mod from_wire;
pub mod proof;
pub mod seal;
mod to_wire;

pub use from_wire::{Malformed, act_from_wire, paper_part_from_wire, snapshot_from_wire};
pub use to_wire::{act_to_wire, paper_part_to_wire};

/// The number both sides name first; another one is refused with a clear screen.
pub const PROTOCOL: u32 = 1;

/// The encoded descriptor set of every wire proto: what the role table is tested against.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// What the hall's staff ask from the command line.
pub use generated::administration::v1 as administration;
/// What a kiosk and the hall say to each other.
pub use generated::delivery::v1 as delivery;
/// How a seat gets its certificate.
pub use generated::enrolment::v1 as enrolment;

// The nesting is that of the proto packages: generated code refers to it by `super::super`.
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::allow_attributes_without_reason,
    clippy::clone_on_ref_ptr,
    clippy::derive_partial_eq_without_eq,
    clippy::str_to_string,
    clippy::use_self,
    clippy::unused_trait_names,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    let_underscore_drop,
    elided_lifetimes_in_paths,
    reason = "generated"
)]
mod generated {
    pub mod delivery {
        pub mod v1 {
            tonic::include_proto!("examhall.delivery.v1");
        }
    }
    pub mod administration {
        pub mod v1 {
            tonic::include_proto!("examhall.administration.v1");
        }
    }
    pub mod enrolment {
        pub mod v1 {
            tonic::include_proto!("examhall.enrolment.v1");
        }
    }
}
