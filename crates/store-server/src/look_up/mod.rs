//! Looking up what a register does not keep: how what somebody types is read, what it is compared with, and how that is
//! kept up.
//!
//! Whoever looks something up only reads. What is compared ([`SearchText`]) is written with each row; where an earlier
//! version of the program wrote a row without it, [`SearchTexts`] makes up for it before the answer.

mod looked_for;
mod search_text;
mod search_texts;
mod searched;

pub use looked_for::{LookedFor, NotLookedFor};
pub use search_text::SearchText;
pub use search_texts::SearchTexts;
pub use searched::Searched;
