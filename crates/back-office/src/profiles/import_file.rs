//! Taking a profile's file in: what is in it, what was not understood and what must be mended is shown before
//! anything is saved.

use holdfast_profile::{Profile, validate};
use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Banner, Button, ButtonKind, Dialog, Entry, Tone};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;

use super::changed_others::{ChangedList, changed_with};
use super::editor::{error_at, finding_words};
use super::import_renames::ImportRenames;
use crate::api::{ApiError, ImportedProfile, NewProfile, ProfileDetail};
use crate::file_chooser::FileChooser;
use crate::kept_typing::{keep_typed, kept};
use crate::section::profile_path;
use crate::state::{AppState, app_state};

/// What came of the file.
#[derive(Debug, Clone, PartialEq)]
enum Reading {
    UnderWay,
    Read(ImportedProfile),
    Failed(ApiError),
}

/// Its name in the tab's storage.
const ENTRY: &str = "holdfast-profile-file";

/// What a reload must not take.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    read: ImportedProfile,
    name: String,
}

/// The file that is being taken in; belongs to the app's root. What was read is kept in this tab.
#[derive(Debug, Clone, Copy)]
pub struct FileState {
    reading: RwSignal<Option<Reading>>,
    name: RwSignal<String>,
    is_busy: RwSignal<bool>,
    refusal: RwSignal<Option<ApiError>>,
    /// Of the file that was saved last.
    pub renames: RwSignal<Option<ImportRenames>>,
    /// Counts the files, so that a late answer to one that was put away opens nothing.
    attempt: StoredValue<u32>,
}

impl FileState {
    /// The one that was here before a reload; at first none.
    pub fn new() -> FileState {
        let before = kept::<Kept>(ENTRY);
        let name = before.as_ref().map(|kept| kept.name.clone()).unwrap_or_default();
        let file = FileState {
            reading: RwSignal::new(before.map(|kept| Reading::Read(kept.read))),
            name: RwSignal::new(name),
            is_busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
            renames: RwSignal::new(None),
            attempt: StoredValue::new(0),
        };
        keep_typed(ENTRY.to_owned(), move || match file.reading.get()? {
            Reading::Read(read) => Some(Kept { read, name: file.name.get() }),
            Reading::UnderWay | Reading::Failed(_) => None,
        });
        file
    }

    /// Whether the file of an attempt was put away since: its dialog was closed, or somebody signed out.
    fn is_put_away(self, attempt: u32) -> bool {
        self.attempt.get_value() != attempt
    }

    fn begin(self) -> u32 {
        self.attempt.update_value(|attempt| *attempt += 1);
        self.attempt.get_value()
    }

    /// Forgets the file.
    pub fn clear(self) {
        self.begin();
        self.reading.set(None);
        self.refusal.set(None);
        self.is_busy.set(false);
    }
}

/// The button that chooses a file.
#[component]
pub fn FileButton() -> impl IntoView {
    let state = app_state();
    let file = state.profile_file;
    let choose = move |chosen: web_sys::File| {
        file.refusal.set(None);
        file.reading.set(Some(Reading::UnderWay));
        let attempt = file.begin();
        spawn_local(async move {
            let read = state.api.read_profile_file(&chosen).await;
            if file.is_put_away(attempt) {
                return;
            }
            file.reading.set(Some(match read {
                Ok(read) => {
                    file.name.set(read.profile.name.clone());
                    Reading::Read(read)
                }
                Err(error) => Reading::Failed(error),
            }));
        });
    };
    view! {
        <FileChooser
            label=text::import_file()
            accept=".json,application/json"
            test_id="profile-file"
            on_choose=choose
        />
    }
}

/// What is in the file, and what can be done with it.
#[component]
pub fn ImportDialog() -> impl IntoView {
    let file = app_state().profile_file;
    view! {
        <Dialog
            open=Signal::derive(move || file.reading.with(Option::is_some))
            title=text::import_title()
            on_close=move || file.clear()
            test_id="import-dialog"
        >
            <p class="muted">{text::import_lead()}</p>
            {move || file.reading.get().map(|reading| match reading {
                Reading::UnderWay => view! { <p role="status">{text::import_reading()}</p> }.into_any(),
                Reading::Failed(error) => {
                    let (title, detail) = refused_words(&error);
                    view! { <Banner tone=Tone::Bad title=title detail=TextProp::from(detail) test_id="import-failed" /> }
                        .into_any()
                }
                Reading::Read(read) => view! { <Read read /> }.into_any(),
            })}
        </Dialog>
    }
    .into_any()
}

/// What is wrong with a file that the store server can't read, and what to do.
fn refused_words(error: &ApiError) -> (String, String) {
    match error.problem().map(|problem| problem.code.as_str()) {
        Some("malformed" | "field_invalid") => {
            (text::import_not_taken().to_owned(), text::import_not_taken_detail(&error.detail()))
        }
        Some("too_large") => (text::import_not_taken().to_owned(), text::import_too_large().to_owned()),
        Some(_) | None => (error.title(), error.detail()),
    }
}

fn named(profile: &Profile, name: String) -> Profile {
    Profile { name, ..profile.clone() }
}

#[component]
fn Read(read: ImportedProfile) -> impl IntoView {
    let state = app_state();
    let file = state.profile_file;
    let navigate = use_navigate();
    let show = UnsyncCallback::new(move |id: u64| navigate(&profile_path(id), NavigateOptions::default()));
    let ImportedProfile { profile, unknown_fields, findings, existing } = read;
    let holds = text::import_holds(&profile.name, profile.scopes.len() as u64);
    let existing_name = profile.name.clone();
    let profile = StoredValue::new(profile);
    let all_findings =
        Memo::new(move |_| validate(&profile.with_value(|profile| named(profile, file.name.get()))));
    let name_error = Signal::derive(move || {
        let refused =
            file.refusal.with(|refusal| error_at(&refusal.as_ref()?.problem()?.findings, "name", true));
        refused.or_else(|| all_findings.with(|all| error_at(all, "name", false)))
    });
    let attempt = file.attempt.get_value();
    let done = move |outcome: Result<u64, ApiError>| match outcome {
        // Closed meanwhile: what was done is in the list.
        outcome if file.is_put_away(attempt) => {
            state.profiles.ask_anew(state.api.profiles());
            state.scopes.ask_anew(state.api.scopes());
            if let Err(error) = outcome {
                leptos::logging::warn!("a file was not taken: {error}");
            }
        }
        Ok(id) => {
            file.clear();
            state.profiles.ask_anew(state.api.profiles());
            state.scopes.ask_anew(state.api.scopes());
            show.try_run(id);
        }
        Err(error) => {
            file.refusal.set(Some(error));
            file.is_busy.set(false);
        }
    };
    // What can't be saved as it is waits in the editor.
    let save = move || {
        let profile = profile.with_value(|profile| named(profile, file.name.get_untracked()));
        let is_fine = all_findings.with_untracked(Vec::is_empty);
        file.is_busy.set(true);
        spawn_local(async move {
            if is_fine {
                let saved = state.api.save_imported_profile(profile.clone()).await;
                if let Ok(detail) = &saved {
                    file.renames.set(ImportRenames::between(detail.id, &profile, &detail.draft));
                }
                done(saved.map(|detail| detail.id));
                return;
            }
            let order = NewProfile { name: profile.name.clone(), description: String::new(), copy_of: None };
            match state.api.add_profile(&order).await {
                Ok(detail) => done(open_in_editor(state, attempt, detail, profile).await),
                Err(error) => done(Err(error)),
            }
        });
    };
    let replace = move |id: u64| {
        let profile = profile.get_value();
        file.is_busy.set(true);
        spawn_local(async move {
            match state.api.profile(id).await {
                Ok(detail) => done(open_in_editor(state, attempt, detail, profile).await),
                Err(error) => done(Err(error)),
            }
        });
    };
    let sentences = move || {
        all_findings
            .get()
            .into_iter()
            .filter(|finding| finding.field != "name")
            .map(|finding| view! { <li dir="auto">{finding_words(&finding)}</li> })
            .collect_view()
    };
    let has_findings = Memo::new(move |_| all_findings.with(|all| all.iter().any(|one| one.field != "name")));
    // The store server may know more of it than this page.
    let further: Vec<_> = findings
        .into_iter()
        .filter(|finding| !validate(&profile.get_value()).contains(finding))
        .map(|finding| view! { <li dir="auto">{finding_words(&finding)}</li> })
        .collect();
    state.scopes.ask(state.api.scopes());
    let changed_there = move |id: u64| {
        let library = state.scopes.get().unwrap_or_default();
        profile.with_value(|profile| changed_with(profile, id, &library))
    };
    let save_label = move || if has_findings.get() { text::import_open() } else { text::import_save() };
    view! {
        <div class="stack" data-testid="import-read">
            <p dir="auto"><strong>{holds}</strong></p>
            {(!unknown_fields.is_empty()).then(|| view! {
                <div class="note" data-testid="import-unknown">
                    <p>{text::import_unknown()}</p>
                    <ul class="sentences mono" lang="en">
                        {unknown_fields.into_iter().map(|field| view! { <li>{field}</li> }).collect_view()}
                    </ul>
                </div>
            })}
            {move || if has_findings.get() {
                view! {
                    <div data-testid="import-findings">
                        <p>{text::import_findings()}</p>
                        <ul class="sentences" lang="en">{sentences}</ul>
                    </div>
                }
                .into_any()
            } else {
                let is_fine = move || all_findings.with(Vec::is_empty).then(text::import_fine);
                view! { <p class="muted">{is_fine}</p> }.into_any()
            }}
            <ul class="sentences" lang="en">{further}</ul>
            {existing.map(|id| view! {
                <p>{text::import_exists()}</p>
                {move || {
                    let others = changed_there(id);
                    (!others.is_empty()).then(|| view! {
                        <div class="note" data-testid="import-changes-others">
                            <p>{text::import_changes_others()}</p>
                            <ChangedList others />
                        </div>
                    })
                }}
            })}
            <Entry
                label=text::name()
                value=file.name
                on_input=move |name| {
                    file.refusal.set(None);
                    file.name.set(name);
                }
                error=name_error
                test_id="import-name"
            />
            {move || file.refusal.get().filter(|error| error.problem().is_none_or(|problem| problem.findings.is_empty())).map(|error| view! {
                <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(error.detail()) />
            })}
            <div class="dialog-actions">
                <Button label=common::cancel() on_press=move || file.clear() />
                {existing.map(|id| view! {
                    <Button
                        label=text::import_replace(&existing_name)
                        on_press=move || replace(id)
                        disabled=file.is_busy
                        test_id="import-replace"
                    />
                })}
                <Button
                    label=save_label
                    kind=ButtonKind::Primary
                    on_press=save
                    disabled=Signal::derive(move || file.is_busy.get() || name_error.get().is_some())
                    test_id="import-save"
                />
            </div>
        </div>
    }
    .into_any()
}

/// Puts the file's profile in the place of the working copy of a profile that is there, and gives its id. What was not
/// saved there can be had back. A file that was put away meanwhile opens nothing.
async fn open_in_editor(
    state: AppState,
    attempt: u32,
    detail: ProfileDetail,
    profile: Profile,
) -> Result<u64, ApiError> {
    let store = match state.store.peek(|store| store.cloned()) {
        Some(store) => store,
        None => state.api.store().await?,
    };
    // Of whatever was waited for before this.
    if state.profile_file.is_put_away(attempt) {
        return Ok(detail.id);
    }
    let words = text::import_taken().to_owned();
    state.editor.replace(&store.store_id, store.known_currency(), &detail, profile, words);
    Ok(detail.id)
}
