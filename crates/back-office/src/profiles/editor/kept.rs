//! Working copies are kept in this browser at every change, by store and profile, and go when they are saved or
//! discarded. Only the newest are kept, and none that is larger than any profile.

use serde::{Deserialize, Serialize};

use super::working_copy::WorkingCopy;

/// Before the names of all entries in the browser's storage.
const PREFIX: &str = "holdfast-profile-draft:";
/// Most working copies that are kept.
const KEPT_MAX: usize = 20;
/// Largest working copy that is kept, bytes of text.
const BYTES_MAX: usize = 1024 * 1024;
/// The version of what is kept; what another version kept is left alone.
const VERSION: u32 = 1;

/// Why a working copy is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// The browser has no storage for this page.
    #[error("this browser keeps nothing for this page")]
    NoStorage,
    /// It is larger than any profile should be.
    #[error("it is too large to be kept")]
    TooLarge,
    /// The browser's storage is full.
    #[error("this browser's storage is full")]
    Full,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    copy: WorkingCopy,
}

/// Keeps a working copy.
///
/// # Errors
/// [`NotKept`] when the browser does not.
pub fn keep(store: &str, profile: u64, copy: &WorkingCopy) -> Result<(), NotKept> {
    let storage = storage().ok_or(NotKept::NoStorage)?;
    let text = write(copy)?;
    let name = name_of(store, profile);
    if storage.set_item(&name, &text).is_err() {
        return Err(NotKept::Full);
    }
    let mut others = Vec::new();
    for at in 0..storage.length().unwrap_or(0) {
        let Some(other) = storage.key(at).ok().flatten().filter(|other| other.starts_with(PREFIX)) else {
            continue;
        };
        let changed = storage.get_item(&other).ok().flatten().and_then(|text| changed_at_ms(&text));
        others.push((changed.unwrap_or(0), other));
    }
    for other in too_many(others, &name) {
        if storage.remove_item(&other).is_err() {
            leptos::logging::warn!("an old draft stays in the browser's storage");
        }
    }
    Ok(())
}

/// The working copy that was kept, if there is one that can be read.
pub fn kept(store: &str, profile: u64) -> Option<WorkingCopy> {
    read(&storage()?.get_item(&name_of(store, profile)).ok().flatten()?)
}

/// Forgets a working copy.
pub fn forget(store: &str, profile: u64) {
    if let Some(storage) = storage()
        && storage.remove_item(&name_of(store, profile)).is_err()
    {
        leptos::logging::warn!("a draft stays in the browser's storage");
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn name_of(store: &str, profile: u64) -> String {
    format!("{PREFIX}{profile}:{store}")
}

fn write(copy: &WorkingCopy) -> Result<String, NotKept> {
    let kept = Kept { version: VERSION, copy: copy.clone() };
    let text = serde_json::to_string(&kept).map_err(|_| NotKept::TooLarge)?;
    if text.len() > BYTES_MAX { Err(NotKept::TooLarge) } else { Ok(text) }
}

fn read(text: &str) -> Option<WorkingCopy> {
    let kept: Kept = serde_json::from_str(text).ok()?;
    (kept.version == VERSION).then(|| kept.copy.mended())
}

fn changed_at_ms(text: &str) -> Option<i64> {
    read(text).map(|copy| copy.changed_at_ms)
}

/// The oldest entries beyond those that are kept; never the one that was written last.
fn too_many(mut entries: Vec<(i64, String)>, newest: &str) -> Vec<String> {
    entries.retain(|(_, name)| name != newest);
    entries.sort();
    let surplus = (entries.len() + 1).saturating_sub(KEPT_MAX);
    entries.into_iter().take(surplus).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles::editor::typed::Wanted;
    use holdfast_profile::default_profile;

    #[test]
    fn a_copy_comes_back_with_all_that_was_typed() {
        let mut copy = WorkingCopy::of(7, default_profile());
        copy.profile.name = "\u{202e}<b>".to_owned();
        copy.note("device.offline_timeout_s", "five".to_owned(), None, Wanted::Count);
        copy.changed_at_ms = 12;
        assert_eq!(read(&write(&copy).unwrap()), Some(copy));
    }

    #[test]
    fn what_is_not_of_this_version_is_left_alone() {
        let text = write(&WorkingCopy::of(7, default_profile())).unwrap();
        assert_eq!(read(&text.replacen("\"version\":1", "\"version\":2", 1)), None);
        assert_eq!(read("{}"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_copy_that_is_larger_than_any_profile_is_not_kept() {
        let mut copy = WorkingCopy::of(7, default_profile());
        copy.profile.description = "x".repeat(BYTES_MAX);
        assert_eq!(write(&copy), Err(NotKept::TooLarge));
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let entries: Vec<(i64, String)> = (0..25).map(|at| (at, format!("draft {at}"))).collect();
        let gone = too_many(entries, "draft 0");
        assert_eq!(gone, ["draft 1", "draft 2", "draft 3", "draft 4", "draft 5"]);
        assert!(too_many(vec![(1, "a".to_owned())], "a").is_empty());
    }
}
