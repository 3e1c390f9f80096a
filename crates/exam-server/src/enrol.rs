//! Enrolment: how a seat or a member of staff gets a certificate, with a one-time code that was
//! printed on a label.
//!
//! Served on its own port, which `hall lock` shuts. The code never crosses the wire: both sides
//! prove that they know it (`exam_proto::proof`) over this very connection's certificate, so that
//! a machine in the middle, which has another, gains nothing.

mod code;
mod codes;
mod service;
mod tries;

pub use code::{BadCode, Code};
pub use codes::{Codes, CodesFault, IssuedCode};
pub use service::EnrolmentService;
pub use tries::Tries;
