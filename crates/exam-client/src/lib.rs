//! The attachment of one seat to its hall, without a screen.
