//! The number by which both ends know a view.

use holdfast_profile::View;

use crate::{encode, page};

/// The number of a view: the same for the same view wherever it is counted, and never 0, which stands for all rows
/// and columns.
pub fn number(view: &View) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = page::address(&encode(view));
    u64::from_be_bytes([a, b, c, d, e, f, g, h]).max(1)
}
