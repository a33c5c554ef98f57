//! Two administrators changed the same profile: field by field, what only one of them changed is taken, what both
//! changed in the same way is taken once, and the rest is a conflict that shows both values.
//!
//! Never checks the result as a whole: two changes that are each valid can contradict each other (both add the
//! same table, say), so [`validate`](crate::validate) has the last word as for any draft.

mod conflicts;
mod order;
mod parts;
mod scopes;
mod settings;
mod tables;

use std::collections::BTreeMap;

pub use conflicts::{MergeConflict, Side};

use crate::Profile;
use conflicts::Picker;

/// `base` with the changes of both `mine` and `theirs`.
///
/// # Errors
/// The fields that both changed, each in another way.
pub fn three_way_merge(
    base: &Profile,
    mine: &Profile,
    theirs: &Profile,
) -> Result<Profile, Vec<MergeConflict>> {
    three_way_merge_choosing(base, mine, theirs, &BTreeMap::new())
}

/// As [`three_way_merge`], with a choice for fields in conflict, by [`MergeConflict::field`].
///
/// # Errors
/// The conflicts that have no choice yet; a choice can bring another one to light.
pub fn three_way_merge_choosing(
    base: &Profile,
    mine: &Profile,
    theirs: &Profile,
    choices: &BTreeMap<String, Side>,
) -> Result<Profile, Vec<MergeConflict>> {
    // Also the way for drafts so odd that they can't be taken apart and put together again.
    if mine == theirs || theirs == base {
        return Ok(mine.clone());
    }
    if mine == base {
        return Ok(theirs.clone());
    }
    let mut picker = Picker::new(choices);
    let mut merged = settings::merge(&mut picker, base, mine, theirs);
    merged.scopes = scopes::merge(&mut picker, base, mine, theirs);
    picker.finish(merged)
}
