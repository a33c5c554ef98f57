//! A new profile: its name, what it is for, and what it begins as.

use holdfast_profile::{NAME_CHARS_MAX, default_profile, is_bidi_control, name_key, validate};
use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Button, ButtonKind, Choice, ChoiceEntry, Dialog, Entry};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;

use super::editor::{error_at, has_unsaved};
use crate::api::{ApiError, NewProfile};
use crate::kept_typing::{keep_typed, kept};
use crate::section::profile_path;
use crate::state::app_state;

/// Its name in the tab's storage.
const ENTRY: &str = "holdfast-new-profile";

/// What a reload must not take.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Typed {
    is_open: bool,
    name: String,
    description: String,
    copy_of: Option<u64>,
}

/// A profile that is copied.
#[derive(Debug, Clone)]
pub struct Original {
    /// It.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What its draft says it is for.
    pub description: String,
}

/// What was typed; belongs to the app's root, so that it outlives the dialog and a session. Kept in this tab.
#[derive(Debug, Clone, Copy)]
pub struct NewProfileState {
    is_open: RwSignal<bool>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    copy_of: RwSignal<Option<u64>>,
    is_busy: RwSignal<bool>,
    refusal: RwSignal<Option<ApiError>>,
    was_tried: RwSignal<bool>,
}

impl NewProfileState {
    /// As it was before a reload; at first empty and closed.
    pub fn new() -> NewProfileState {
        let Typed { is_open, name, description, copy_of } = kept(ENTRY).unwrap_or_default();
        let new = NewProfileState {
            is_open: RwSignal::new(is_open),
            name: RwSignal::new(name),
            description: RwSignal::new(description),
            copy_of: RwSignal::new(copy_of),
            is_busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
            was_tried: RwSignal::new(false),
        };
        keep_typed(ENTRY.to_owned(), move || {
            let typed = Typed {
                is_open: new.is_open.get(),
                name: new.name.get(),
                description: new.description.get(),
                copy_of: new.copy_of.get(),
            };
            (typed != Typed::default()).then_some(typed)
        });
        new
    }

    /// Shows the dialog, for a copy of a profile where one is named.
    /// `taken` are the names that profiles have.
    pub fn open(self, copy_of: Option<Original>, taken: &[String]) {
        if let Some(Original { id, name, description }) = copy_of {
            self.copy_of.set(Some(id));
            self.name.set(name_of_copy(&name, taken));
            self.description.set(description);
        } else if self.copy_of.get_untracked().is_some() {
            // What a copy was to begin with is not meant for another.
            self.copy_of.set(None);
            self.name.set(String::new());
            self.description.set(String::new());
        }
        self.refusal.set(None);
        self.is_open.set(true);
    }

    /// Empty and closed again.
    pub fn clear(self) {
        self.is_open.set(false);
        self.name.set(String::new());
        self.description.set(String::new());
        self.copy_of.set(None);
        self.is_busy.set(false);
        self.refusal.set(None);
        self.was_tried.set(false);
    }

    /// What is wrong with a field; said once it was tried or something is typed.
    fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let mut profile = default_profile();
            profile.name = self.name.get();
            profile.description = self.description.get();
            let wrong = error_at(&validate(&profile), field, false)
                .filter(|_| self.was_tried.get() || !profile.name.is_empty());
            wrong.or_else(|| {
                self.refusal.with(|refusal| {
                    let problem = refusal.as_ref()?.problem()?;
                    error_at(&problem.findings, field, true)
                })
            })
        })
    }
}

/// A name for a copy that no profile has and that may be one.
fn name_of_copy(original: &str, taken: &[String]) -> String {
    let taken: Vec<String> = taken.iter().map(|name| name_key(name)).collect();
    let numbered = |number: u32| {
        let with = |original: &str| {
            let said = match number {
                1 => text::copy_of(original),
                _ => text::copy_of_numbered(original, &number.to_string()),
            };
            // It is a name here and no sentence, in which names of another direction stand apart.
            said.chars().filter(|letter| !is_bidi_control(*letter)).collect::<String>()
        };
        let left = NAME_CHARS_MAX.saturating_sub(with("").chars().count());
        with(original.chars().take(left).collect::<String>().trim_end())
    };
    (1..=taken.len() as u32 + 1)
        .map(numbered)
        .find(|name| !taken.contains(&name_key(name)))
        .unwrap_or_default()
}

/// The dialog.
#[component]
pub fn NewDialog() -> impl IntoView {
    let state = app_state();
    let new = state.new_profile;
    let navigate = use_navigate();
    let show = UnsyncCallback::new(move |id: u64| navigate(&profile_path(id), NavigateOptions::default()));
    let name_error = new.error("name");
    let description_error = new.error("description");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        new.was_tried.set(true);
        new.refusal.set(None);
        let is_wrong = name_error.get_untracked().is_some() || description_error.get_untracked().is_some();
        if is_wrong || new.is_busy.get_untracked() {
            return;
        }
        new.is_busy.set(true);
        let order = NewProfile {
            name: new.name.get_untracked(),
            description: new.description.get_untracked(),
            copy_of: new.copy_of.get_untracked(),
        };
        spawn_local(async move {
            match state.api.add_profile(&order).await {
                Ok(detail) => {
                    new.clear();
                    state.profiles.ask_anew(state.api.profiles());
                    state.scopes.ask_anew(state.api.scopes());
                    show.try_run(detail.id);
                }
                Err(error) => {
                    new.refusal.set(Some(error));
                    new.is_busy.set(false);
                }
            }
        });
    };
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new("", text::begins_as_default())];
        state.profiles.with(|all| {
            let all = all.map(|all| all.profiles.as_slice()).unwrap_or_default();
            choices.extend(all.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())));
        });
        choices
    });
    // The copy is made of what the store server has.
    let is_without_unsaved = move || {
        let original = new.copy_of.get();
        new.is_open.get()
            && original.is_some_and(|id| {
                state.store.with(|store| store.is_some_and(|store| has_unsaved(&store.store_id, id)))
            })
    };
    // What no field says is said below them all.
    let other = move || {
        new.refusal.get().filter(|error| error.problem().is_none_or(|problem| problem.findings.is_empty()))
    };
    view! {
        <Dialog
            open=new.is_open
            title=text::new_profile()
            on_close=move || new.is_open.set(false)
            test_id="profile-new-dialog"
        >
            <form class="stack" on:submit=submit>
                <p class="muted">{text::new_profile_detail()}</p>
                <Entry
                    label=text::name()
                    value=new.name
                    on_input=move |name| {
                        new.refusal.set(None);
                        new.name.set(name);
                    }
                    error=name_error
                    help=TextProp::from(text::name_help())
                    focused=true
                    test_id="new-name"
                />
                <Entry
                    label=text::description()
                    value=new.description
                    on_input=move |description| new.description.set(description)
                    error=description_error
                    help=TextProp::from(text::description_help())
                    test_id="new-description"
                />
                <ChoiceEntry
                    label=text::begins_as()
                    choices=choices
                    value=Signal::derive(move || new.copy_of.get().map(|id| id.to_string()).unwrap_or_default())
                    on_choose=move |id: String| new.copy_of.set(id.parse().ok())
                    test_id="new-copy-of"
                />
                {move || is_without_unsaved().then(|| view! {
                    <p class="muted small" data-testid="new-without-unsaved">{text::copy_without_unsaved()}</p>
                })}
                <div class="form-error" role="alert">
                    {move || other().map(|error| view! { <p><strong>{error.title()}</strong> " " {error.detail()}</p> })}
                </div>
                <div class="dialog-actions">
                    <Button label=common::cancel() on_press=move || new.is_open.set(false) />
                    <Button
                        label=text::create()
                        kind=ButtonKind::Primary
                        submit=true
                        disabled=new.is_busy
                        on_press=|| {}
                        test_id="new-create"
                    />
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_fine(name: &str) -> bool {
        let profile = holdfast_profile::Profile { name: name.to_owned(), ..default_profile() };
        validate(&profile).is_empty()
    }

    #[test]
    fn a_copy_gets_a_name_that_nobody_has_and_that_is_taken() {
        let taken = ["Kiosk".to_owned(), "kiosk, Copy".to_owned(), "Kiosk, copy 2".to_owned()];
        assert_eq!(name_of_copy("Kiosk", &[]), "Kiosk, copy");
        assert_eq!(name_of_copy("Kiosk", &taken), "Kiosk, copy 3");
        assert_eq!(name_of_copy("קיוסק", &[]), "קיוסק, copy");
        let long = name_of_copy(&"x".repeat(NAME_CHARS_MAX), &[]);
        assert!(long.ends_with("x, copy"), "{long}");
        for name in [long, name_of_copy("קיוסק", &taken)] {
            assert!(is_fine(&name), "{name}");
        }
    }
}
