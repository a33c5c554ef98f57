//! The guides of `web/help`: plain pages, served below `/help/`.

use super::bundle::Bundle;
use super::content_names;
use crate::failure::Outcome;
use crate::workspace;

/// All files of the guides; the style sheet is named after its content.
pub fn bundle() -> Outcome<Bundle> {
    content_names::apply(Bundle::read_from(&workspace::root().join("web/help"))?, &[])
}
