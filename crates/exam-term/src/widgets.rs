//! The widgets both terminal programs share.
//!
//! Each draws into a buffer from plain values and a [`crate::Look`], and returns what the caller
//! must know (where a click lands, where the cursor belongs). None holds a word of its own, none
//! reads a clock, and only [`field::Field`] holds a state, which is the text typed into it.

pub mod big;
pub mod field;
pub mod header;
pub mod hints;
pub mod page;
pub mod popup;

pub use big::{BIG_HEIGHT, big_digits, big_width};
pub use field::{Accept, Edit, Field};
pub use header::{Piece, header, message_row};
pub use hints::{Hint, hint_bar};
pub use page::{Pager, page};
pub use popup::{clear_wide_safe, frame_box, popup, popup_area};
