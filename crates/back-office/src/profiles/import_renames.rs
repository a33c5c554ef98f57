//! Scopes of a file that got other names, as the library has different ones of theirs.

use holdfast_profile::Profile;
use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Banner, Button, Tone};
use leptos::prelude::*;

use crate::state::app_state;

/// The renames of the file that was taken in last: the profile that it became, and each scope's name before and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRenames {
    id: u64,
    names: Vec<(String, String)>,
}

impl ImportRenames {
    /// What differs between a file's profile and what it was saved as.
    pub fn between(id: u64, sent: &Profile, saved: &Profile) -> Option<ImportRenames> {
        let pairs = sent.scopes.iter().zip(&saved.scopes).filter(|(sent, saved)| sent.name != saved.name);
        let names: Vec<_> = pairs.map(|(sent, saved)| (sent.name.clone(), saved.name.clone())).collect();
        (!names.is_empty()).then_some(ImportRenames { id, names })
    }
}

/// Says so above the profile that the file became.
#[component]
pub fn RenamedScopes(id: u64) -> impl IntoView {
    let renames = app_state().profile_file.renames;
    move || {
        let ImportRenames { names, .. } = renames.get().filter(|renames| renames.id == id)?;
        let said: Vec<String> = names.iter().map(|(from, to)| text::import_renamed(from, to)).collect();
        Some(view! {
            <Banner
                tone=Tone::Wait
                title=text::import_renamed_title(names.len() as u64)
                detail=TextProp::from(said.join(" "))
                test_id="import-renamed"
            >
                <Button label=common::close() on_press=move || renames.set(None) />
            </Banner>
        })
    }
}

#[cfg(test)]
mod tests {
    use holdfast_profile::default_profile;

    use super::*;

    #[test]
    fn only_what_got_another_name_is_told() {
        let sent = default_profile();
        assert_eq!(ImportRenames::between(3, &sent, &sent), None);
        let mut saved = sent.clone();
        saved.scopes[1].name.push_str(" 2");
        let names = vec![(sent.scopes[1].name.clone(), saved.scopes[1].name.clone())];
        assert_eq!(ImportRenames::between(3, &sent, &saved), Some(ImportRenames { id: 3, names }));
    }
}
