//! The services of the delivery port: where wire messages become commands, and pushes become wire
//! messages.
//!
//! Parsing, rate limits and log-in look-up live here; no rule of an exam does.

mod administration;
mod delivery;
mod face;
mod outgoing;
mod reader;
mod shown;

pub(crate) use administration::AdministrationService;
pub(crate) use delivery::{DeliveryService, Front, Streams};
pub(crate) use face::Face;
