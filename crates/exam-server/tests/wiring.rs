//! The hall over its real ports: TLS, the role table, enrolment, the desk, and what leaves when.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "wiring/bots.rs"]
mod bots;
#[path = "wiring/door.rs"]
mod door;
#[path = "wiring/durable.rs"]
mod durable;
#[path = "wiring/enrolment.rs"]
mod enrolment;
#[path = "wiring/harness.rs"]
mod harness;
#[path = "wiring/kiosk.rs"]
mod kiosk;
#[path = "wiring/restart.rs"]
mod restart;
#[path = "wiring/roles.rs"]
mod roles;
#[path = "wiring/sitting.rs"]
mod sitting;
