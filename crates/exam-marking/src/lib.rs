//! Keys and record to marks.
