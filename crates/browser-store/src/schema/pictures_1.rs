//! The picture database's first version.

use super::Step;

/// Up to which version the store's pictures are known, one record.
pub(crate) const PICTURE_STATE: &str = "state";
/// Which pictures there are, by sku.
pub(crate) const OFFERED: &str = "offered";
/// Which of them are kept, by sku: small records, to be read all at once.
pub(crate) const KEPT: &str = "kept";
/// The kept pictures themselves, by sku.
pub(crate) const PICTURES: &str = "pictures";
/// When products were last sold and shown, by sku.
pub(crate) const USES: &str = "uses";

pub(super) const STEP: Step = Step { version: 1, adds: &[PICTURE_STATE, OFFERED, KEPT, PICTURES, USES] };
