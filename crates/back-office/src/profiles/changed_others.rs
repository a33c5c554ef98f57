//! What an order for one profile would also change in others, because they have the same scopes: shown before it is done.

use std::collections::BTreeMap;

use holdfast_profile::{Profile, name_key};
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Banner, Tone};
use leptos::prelude::*;

use crate::api::{ChangedOther, LibraryScope};

/// The drafts of other profiles that change once a profile is saved as it is, because a scope of theirs does.
pub fn changed_with(profile: &Profile, own: u64, library: &[LibraryScope]) -> Vec<ChangedOther> {
    let mut others: BTreeMap<u64, ChangedOther> = BTreeMap::new();
    for scope in &profile.scopes {
        let key = name_key(&scope.name);
        let Some(found) = library.iter().find(|found| name_key(&found.scope.name) == key) else { continue };
        if found.scope == *scope {
            continue;
        }
        for user in found.used_by.iter().filter(|user| user.id != own) {
            let nothing = || ChangedOther { name: user.name.clone(), scopes: Vec::new() };
            others.entry(user.id).or_insert_with(nothing).scopes.push(scope.name.clone());
        }
    }
    others.into_values().collect()
}

/// A line for each, with the scopes that change in it.
#[component]
pub fn ChangedList(others: Vec<ChangedOther>) -> impl IntoView {
    let line = |other: ChangedOther| {
        let words = text::changes_others_scopes(&other.name, &other.scopes.join(", "));
        view! { <li dir="auto" class="breaks">{words}</li> }
    };
    view! { <ul>{others.into_iter().map(line).collect_view()}</ul> }
}

/// The other profiles, each with the scopes that would change in it.
#[component]
pub fn ChangedOthers(
    /// As the store server says.
    others: Vec<ChangedOther>,
) -> impl IntoView {
    view! {
        <Banner
            tone=Tone::Wait
            title=text::changes_others_title()
            detail=TextProp::from(text::changes_others_detail())
            test_id="changes-others"
        />
        <ChangedList others />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use holdfast_profile::default_profile;

    use super::*;

    #[test]
    fn only_scopes_that_differ_and_others_that_have_them_are_told() {
        let profile = default_profile();
        let mut library: Vec<LibraryScope> = Vec::new();
        for scope in &profile.scopes {
            let used_by =
                serde_json::json!([{ "id": 1, "name": "Default pr." }, { "id": 2, "name": "Kiosk" }]);
            let told = serde_json::json!({ "scope": scope, "used_by": used_by });
            library.push(serde_json::from_value(told).expect("as the store server tells"));
        }
        assert_eq!(changed_with(&profile, 2, &library), []);
        library[1].scope.description = "Another.".to_owned();
        library[3].scope.description = "Another.".to_owned();
        library[3].used_by.remove(0);
        // A name that differs in its letters' case only is the same scope's.
        library[1].scope.name = library[1].scope.name.to_uppercase();
        let scopes = vec![profile.scopes[1].name.clone()];
        let other = ChangedOther { name: "Default pr.".to_owned(), scopes };
        assert_eq!(changed_with(&profile, 2, &library), [other]);
    }
}
