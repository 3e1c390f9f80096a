//! The hall: the door, the services, the desk, the clock, chance, and what lies in the data folder.
//!
//! A thin shell around exam-core's machine and exam-journal's log: it stamps, orders, makes durable
//! and only then speaks. It holds no item keys but in one optional field, for halls whose rules
//! show marks at hand-in ([`hall::MarksAtHandIn`]); it knows no screens and no spreadsheets.

pub mod banks;
pub mod book;
pub mod clock;
pub mod config;
pub mod data;
mod desk;
pub mod door;
pub mod enrol;
pub mod entropy;
pub mod hall;
pub mod logs;
pub mod panics;
pub mod papers;
pub mod pki;
pub mod roles;
pub mod roster;
mod service;

/// This program's version, as records and greetings bear it.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");
