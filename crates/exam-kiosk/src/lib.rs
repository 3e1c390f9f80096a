//! The candidate's screen.
