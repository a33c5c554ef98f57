//! The page of a profile that the store server has no longer: what was not saved of it can become a new profile.

use holdfast_profile::{default_profile, validate};
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Button, ButtonKind, Dialog, EmptyState, Entry, Icon, messages, messages::common};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen_futures::spawn_local;

use super::kept::{all_unsaved, forget_unsaved};
use super::working_copy::{WorkingCopy, error_at};
use crate::api::{ApiError, NewProfile};
use crate::not_found::NotFound;
use crate::page::Page;
use crate::section::{Section, profile_href, profile_path, profiles_path};
use crate::state::app_state;

/// Says that the profile is gone, and offers to make another of what was not saved; elsewhere that there is nothing.
#[component]
pub fn Gone(id: u64) -> impl IntoView {
    let state = app_state();
    let left = Memo::new(move |_| {
        let store = state.store.get()?;
        state.editor.unsaved_of(&store.store_id, id)
    });
    let was_there = state.editor.detail.peek(|detail| detail.is_some());
    move || {
        match left.get() {
        Some(copy) => view! { <Unsaved id copy /> }.into_any(),
        None if was_there => view! {
            <Page title=text::gone() below=Section::Profiles>
                <div class="card">
                    <EmptyState icon=Icon::Layers title=text::gone() detail=TextProp::from(text::gone_detail()) test_id="profile-gone">
                        <ToProfiles />
                    </EmptyState>
                </div>
            </Page>
        }
        .into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
    }
}

#[component]
fn ToProfiles() -> impl IntoView {
    view! { <a class="button" href=Section::Profiles.href()>{messages::back_office::profiles()}</a> }
}

/// The way from what was typed to a new profile.
#[component]
fn Unsaved(id: u64, copy: WorkingCopy) -> impl IntoView {
    let state = app_state();
    let navigate = use_navigate();
    let show = UnsyncCallback::new(move |id: u64| navigate(&profile_path(id), NavigateOptions::default()));
    let navigate = use_navigate();
    let leave = UnsyncCallback::new(move |()| navigate(&profiles_path(), NavigateOptions::default()));
    let name = RwSignal::new(copy.profile.name.clone());
    let description = copy.profile.description.clone();
    let title = copy.profile.name.clone();
    let copy = StoredValue::new(copy);
    let refusal = RwSignal::new(None::<ApiError>);
    let is_busy = RwSignal::new(false);
    let is_dropping = RwSignal::new(false);
    let name_error = Signal::derive(move || {
        let mut named = default_profile();
        named.name = name.get();
        let refused = refusal.with(|refusal| error_at(&refusal.as_ref()?.problem()?.findings, "name", true));
        error_at(&validate(&named), "name", false).or(refused)
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if name_error.get_untracked().is_some() || is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        refusal.set(None);
        let order = NewProfile { name: name.get_untracked(), description: String::new(), copy_of: None };
        let mut copy = copy.get_value();
        copy.profile.name.clone_from(&order.name);
        spawn_local(async move {
            let made = match state.store.peek(|store| store.cloned()) {
                Some(store) => state.api.add_profile(&order).await.map(|detail| (store, detail)),
                None => return,
            };
            match made {
                Ok((store, detail)) => {
                    state.profiles.ask_anew(state.api.profiles());
                    state.editor.go_on_with(&store.store_id, store.known_currency(), &detail, (id, copy));
                    show.try_run(detail.id);
                }
                // Somebody may have left the page meanwhile.
                Err(error) => {
                    refusal.try_set(Some(error));
                    is_busy.try_set(false);
                }
            }
        });
    };
    let other = move || {
        refusal.get().filter(|error| error.problem().is_none_or(|problem| problem.findings.is_empty()))
    };
    let drop_it = move || {
        if let Some(store) = state.store.peek(|store| store.cloned()) {
            state.editor.close();
            forget_unsaved(&store.store_id, id);
            leave.run(());
        }
    };
    view! {
        <Page title=title below=Section::Profiles>
            <form class="card padded stack" on:submit=submit data-testid="profile-gone">
                <h2>{text::gone()}</h2>
                <p>{text::gone_unsaved()}</p>
                {(!description.is_empty()).then(|| view! { <p class="muted breaks" dir="auto">{description}</p> })}
                <Entry
                    label=text::name()
                    value=name
                    on_input=move |typed| {
                        refusal.set(None);
                        name.set(typed);
                    }
                    error=name_error
                    test_id="gone-name"
                />
                <div class="form-error" role="alert">
                    {move || other().map(|error| view! { <p><strong>{error.title()}</strong> " " {error.detail()}</p> })}
                </div>
                <div class="dialog-actions">
                    <Button label=text::gone_drop() kind=ButtonKind::Quiet on_press=move || is_dropping.set(true) test_id="gone-drop" />
                    <Button
                        label=text::gone_create()
                        kind=ButtonKind::Primary
                        submit=true
                        disabled=is_busy
                        on_press=|| {}
                        test_id="gone-create"
                    />
                </div>
            </form>
            <Dialog
                open=is_dropping
                title=text::gone_drop_title()
                on_close=move || is_dropping.set(false)
                test_id="gone-drop-dialog"
            >
                <p>{text::gone_drop_detail()}</p>
                <div class="dialog-actions">
                    <Button label=common::cancel() on_press=move || is_dropping.set(false) />
                    <Button label=text::gone_drop() kind=ButtonKind::Danger on_press=drop_it test_id="gone-drop-confirm" />
                </div>
            </Dialog>
        </Page>
    }
    .into_any()
}

/// The profiles that are gone and of which this browser keeps what was not saved; nothing where there are none.
#[component]
pub fn UnsavedOfGone() -> impl IntoView {
    let state = app_state();
    if !state.store.is_known() {
        state.store.ask(state.api.store());
    }
    let gone = Memo::new(move |_| {
        let store = state.store.get()?;
        let there: Vec<u64> =
            state.profiles.with(|all| Some(all?.profiles.iter().map(|one| one.id).collect()))?;
        let mut unsaved = all_unsaved(&store.store_id);
        unsaved.retain(|(id, _)| !there.contains(id));
        Some(unsaved)
    });
    move || {
        gone.get().filter(|gone| !gone.is_empty()).map(|gone| {
            let line = |(id, name): (u64, String)| {
                view! {
                    <a class="button" href=profile_href(id) data-testid=format!("gone-{id}")>
                        <span class="breaks" dir="auto">{name}</span>
                    </a>
                }
            };
            view! {
                <section class="note" data-testid="unsaved-of-gone">
                    <p>{text::gone_in_list()}</p>
                    <div class="row wrap">{gone.into_iter().map(line).collect_view()}</div>
                </section>
            }
        })
    }
}
