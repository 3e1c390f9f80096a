//! The hall: door, services, desk, clock, entropy.
