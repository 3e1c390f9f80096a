//! The hall harness.
