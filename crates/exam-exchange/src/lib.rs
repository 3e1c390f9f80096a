//! Foreign files: what other programs read and write.
//!
//! Here are the result sheets of a sitting. Nothing is marked, judged or rounded here: the numbers
//! are exam-marking's, and only how they stand in a file is decided. Column headings are part of a
//! file's format and therefore stand here, not in the catalogues of the screens.
#![warn(missing_docs)]

mod guard;
mod headings;
mod results;

pub use guard::guarded;
pub use results::{ExchangeFault, results_csv, results_json};
