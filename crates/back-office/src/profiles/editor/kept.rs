//! Working copies are kept in this browser at every change, by store and profile, and go when they are saved or
//! discarded. Only the newest are kept, and none that is larger than any profile. All tabs of a browser share what is
//! kept.

use holdfast_profile::PROFILE_FILE_BYTES_MAX;
use serde::{Deserialize, Serialize};

use super::working_copy::WorkingCopy;
use crate::browser_storage;

/// Before the names of all entries in the browser's storage.
const PREFIX: &str = "holdfast-profile-draft:";
/// Most working copies that are kept.
const KEPT_MAX: usize = 20;
/// Largest working copy that is kept, bytes of text: two profiles as large as any, and what was typed beside.
const BYTES_MAX: usize = 2 * PROFILE_FILE_BYTES_MAX + 64 * 1024;
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
    /// Another tab of this browser keeps what contradicts it.
    #[error("another tab has changed the same")]
    OtherTab,
}

#[derive(Deserialize)]
struct Kept {
    version: u32,
    copy: WorkingCopy,
}

#[derive(Serialize)]
struct KeptRef<'a> {
    version: u32,
    copy: &'a WorkingCopy,
}

/// What is kept of one profile in this browser, and what is known of it here. Other tabs have the same entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    name: String,
    /// The entry's text as it was read or written here last; none where there was none.
    pub known: Option<String>,
}

impl Entry {
    /// The entry of a profile of a store.
    pub fn of(store_id: &str, profile: u64) -> Entry {
        Entry { name: name_of(store_id, profile), known: None }
    }

    /// Whether the browser's storage calls it so.
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name
    }

    /// The text that is there now.
    pub fn text(&self) -> Option<String> {
        browser_storage::of_browser()?.get_item(&self.name).ok().flatten()
    }

    /// Keeps a working copy. Only the newest are kept.
    ///
    /// # Errors
    /// [`NotKept`] when the browser does not.
    pub fn keep(&mut self, copy: &WorkingCopy) -> Result<(), NotKept> {
        let storage = browser_storage::of_browser().ok_or(NotKept::NoStorage)?;
        let text = write(copy)?;
        if storage.set_item(&self.name, &text).is_err() {
            // The oldest makes room, once.
            let mut others = entries(&storage, names(&storage));
            others.retain(|(_, name)| *name != self.name);
            let (_, oldest) = others.into_iter().min().ok_or(NotKept::Full)?;
            remove(&storage, &oldest);
            storage.set_item(&self.name, &text).map_err(|_| NotKept::Full)?;
        }
        self.known = Some(text);
        let names = names(&storage);
        // Reading them all takes a while: it is done where one must go only.
        if names.len() > KEPT_MAX {
            for other in too_many(entries(&storage, names), &self.name) {
                remove(&storage, &other);
            }
        }
        Ok(())
    }

    /// Forgets it, unless another tab has put something else there.
    pub fn forget(&mut self) {
        if self.known.is_some()
            && self.text() == self.known
            && let Some(storage) = browser_storage::of_browser()
        {
            remove(&storage, &self.name);
        }
        self.known = None;
    }
}

/// What this browser keeps of a profile and is not saved.
pub fn unsaved(store_id: &str, profile: u64) -> Option<WorkingCopy> {
    read(&Entry::of(store_id, profile).text()?).filter(WorkingCopy::is_changed)
}

/// Forgets what this browser keeps of a profile, whatever it is.
pub fn forget_unsaved(store_id: &str, profile: u64) {
    let mut entry = Entry::of(store_id, profile);
    entry.known = entry.text();
    entry.forget();
}

/// Whether this browser keeps changes of a profile that are not saved.
pub fn has_unsaved(store_id: &str, profile: u64) -> bool {
    unsaved(store_id, profile).is_some()
}

/// The profiles of a store of which this browser keeps changes that are not saved, with the names that they have there.
pub fn all_unsaved(store_id: &str) -> Vec<(u64, String)> {
    let Some(storage) = browser_storage::of_browser() else { return Vec::new() };
    let of_store = names(&storage).into_iter().filter_map(|name| profile_of(&name, store_id));
    let mut all: Vec<_> =
        of_store.filter_map(|profile| Some((profile, unsaved(store_id, profile)?.profile.name))).collect();
    all.sort();
    all
}

fn name_of(store_id: &str, profile: u64) -> String {
    format!("{PREFIX}{profile}:{store_id}")
}

/// The profile of an entry's name, where that is of the store.
fn profile_of(name: &str, store_id: &str) -> Option<u64> {
    let (profile, store) = name.strip_prefix(PREFIX)?.split_once(':')?;
    if store == store_id { profile.parse().ok() } else { None }
}

/// The names of all that is kept.
fn names(storage: &web_sys::Storage) -> Vec<String> {
    let all = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    all.filter(|name| name.starts_with(PREFIX)).collect()
}

/// The same, with when each was changed last.
fn entries(storage: &web_sys::Storage, names: Vec<String>) -> Vec<(i64, String)> {
    let changed = |name: &str| storage.get_item(name).ok().flatten().and_then(|text| changed_at_ms(&text));
    names.into_iter().map(|name| (changed(&name).unwrap_or(0), name)).collect()
}

fn remove(storage: &web_sys::Storage, name: &str) {
    if storage.remove_item(name).is_err() {
        leptos::logging::warn!("a draft stays in the browser's storage");
    }
}

fn write(copy: &WorkingCopy) -> Result<String, NotKept> {
    let kept = KeptRef { version: VERSION, copy };
    let text = serde_json::to_string(&kept).map_err(|_| NotKept::TooLarge)?;
    if text.len() > BYTES_MAX { Err(NotKept::TooLarge) } else { Ok(text) }
}

/// The working copy in an entry's text, if it can be read.
pub fn read(text: &str) -> Option<WorkingCopy> {
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
    fn a_copy_of_the_largest_profile_is_kept() {
        let profile_bytes = serde_json::to_string(&default_profile()).unwrap().len();
        let mut copy = WorkingCopy::of(7, default_profile());
        copy.base.description = "x".repeat(PROFILE_FILE_BYTES_MAX - profile_bytes);
        copy.profile.description = "y".repeat(PROFILE_FILE_BYTES_MAX - profile_bytes);
        assert_eq!(write(&copy).map(|text| read(&text)), Ok(Some(copy)));
    }

    #[test]
    fn a_copy_that_is_larger_than_any_profile_is_not_kept() {
        let mut copy = WorkingCopy::of(7, default_profile());
        copy.profile.description = "x".repeat(BYTES_MAX);
        assert_eq!(write(&copy), Err(NotKept::TooLarge));
    }

    #[test]
    fn an_entry_is_found_by_its_store_and_profile() {
        assert_eq!(profile_of(&name_of("a:b", 12), "a:b"), Some(12));
        assert_eq!(profile_of(&name_of("other", 12), "a:b"), None);
        assert_eq!(profile_of("something else", "a:b"), None);
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let entries: Vec<(i64, String)> = (0..25).map(|at| (at, format!("draft {at}"))).collect();
        let gone = too_many(entries, "draft 0");
        assert_eq!(gone, ["draft 1", "draft 2", "draft 3", "draft 4", "draft 5"]);
        assert!(too_many(vec![(1, "a".to_owned())], "a").is_empty());
    }
}
