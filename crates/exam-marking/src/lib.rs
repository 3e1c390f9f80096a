//! Keys and record to marks: the only place that knows whether a response is right.
//!
//! Marks are a pure function of a folded sitting and its item keys, in whole hundredths of a point;
//! nothing here reads a clock, a file or a journal, and nothing is guessed: a missing key, unit or
//! paper is a fault by name, never a zero. [`result_document`] writes down all that an independent
//! marker needs; how it looks as a file is exam-exchange's.
#![warn(missing_docs, clippy::float_arithmetic, clippy::indexing_slicing)]

mod document;
mod fault;
mod mark;
mod source;

pub use document::{
    Context, Digests, ExamResult, FORMAT, ItemResult, JournalHead, MARKS_IN, PaperResult,
    ResultDocument, RosterLine, SectionHead, SectionResult, SessionResult, Title, UnitResult,
    result_document,
};
pub use fault::MarkingFault;
pub use mark::{
    ItemMarks, PaperMarks, SectionMarks, SessionMarks, UnitMarks, mark_session, mark_sitting,
};
pub use source::{KeySource, Units};
