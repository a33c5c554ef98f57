//! All profiles: what is published and what is draft, who uses them, and what can be done with each.

use holdfast_ui::messages::{number, profiles as text};
use holdfast_ui::{
    Badge, Button, ButtonKind, Cell, Choice, Column, DataTable, EmptyState, Icon, IconView, Tone, messages,
};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::assign::Giving;
use super::choosing::ChooseProfile;
use super::delete::{Deletion, delete};
use super::editor::UnsavedOfGone;
use super::import_file::{FileButton, ImportDialog};
use super::new::{NewDialog, Original};
use super::restore_default::{RestoreButton, RestoreState, Restored};
use super::unused_scopes::UnusedScopes;
use crate::api::ProfileSummary;
use crate::live::keep_fresh;
use crate::page::{Loaded, Page};
use crate::section::{changes_href, profile_href, rollout_href};
use crate::state::{AppState, app_state};

/// The page.
#[component]
pub fn ProfilesPage() -> impl IntoView {
    let state = app_state();
    let ask = move || state.profiles.ask(state.api.profiles());
    keep_fresh(ask);
    // Where the browser keeps Ctrl+N for a window of its own, Alt+N does it.
    let keys = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let is_n = event.code() == "KeyN" || event.key().eq_ignore_ascii_case("n");
        if is_n && (event.ctrl_key() || event.meta_key() || event.alt_key()) && !event.shift_key() {
            event.prevent_default();
            state.new_profile.open(None, &[]);
        }
    });
    on_cleanup(move || keys.remove());
    let is_empty = move || state.profiles.with(|all| all.is_none_or(|all| all.profiles.is_empty()));
    let actions = view! {
        <FileButton />
        <span title=text::new_profile_hint()>
            <Button
                label=text::new_profile()
                icon=Icon::Plus
                kind=ButtonKind::Primary
                on_press=move || state.new_profile.open(None, &[])
                test_id="profile-new"
            />
        </span>
    };
    view! {
        <Page title=messages::back_office::profiles() actions=actions.into_any()>
            <Loaded live=state.profiles ask=ask>
                <p class="muted lead">{text::lead()} " " <span class="for-keys">{text::new_profile_hint()}</span></p>
                {move || if is_empty() {
                    view! {
                        <div class="card">
                            <EmptyState icon=Icon::Layers title=text::none_here() detail=TextProp::from(text::lead()) test_id="no-profiles" />
                        </div>
                    }
                    .into_any()
                } else {
                    view! { <List /> }.into_any()
                }}
                <UnsavedOfGone />
                <StoreProfile />
                <UnusedScopes />
                <Below />
            </Loaded>
            <NewDialog />
            <ImportDialog />
        </Page>
    }
}

#[component]
fn List() -> impl IntoView {
    let state = app_state();
    let columns = vec![
        Column::text(messages::back_office::profile()),
        Column::text(text::state()),
        Column::text(text::used_by()),
        Column::number(messages::back_office::scopes()),
        Column::actions(messages::back_office::actions()),
    ];
    let ids = Memo::new(move |_| {
        state.profiles.with(|all| all.map(|all| all.profiles.iter().map(|one| one.id).collect::<Vec<u64>>()))
    });
    view! {
        <DataTable label=messages::back_office::profiles() columns=columns early=true test_id="profiles">
            <For each=move || ids.get().unwrap_or_default() key=|id| *id children=|id| view! { <Row id /> } />
        </DataTable>
    }
}

fn summary(state: AppState, id: u64) -> Memo<Option<ProfileSummary>> {
    Memo::new(move |_| {
        state.profiles.with(|all| all.and_then(|all| all.profiles.iter().find(|one| one.id == id).cloned()))
    })
}

#[component]
fn Row(id: u64) -> impl IntoView {
    let state = app_state();
    let summary = summary(state, id);
    let name = move || summary.with(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or_default();
    let description = move || summary.with(|one| one.as_ref().map(|one| one.description.clone()));
    let kept_from_deleting = Memo::new(move |_| summary.with(|one| one.as_ref().and_then(why_not_deleted)));
    view! {
        <tr role="row" data-testid=format!("profile-{id}")>
            <Cell>
                <a class="row-link" href=profile_href(id) data-testid=format!("open-profile-{id}")>
                    <strong dir="auto" class="breaks">{name}</strong>
                    <span class="small muted breaks" dir="auto">{description}</span>
                </a>
            </Cell>
            <Cell label=text::state()>
                <span class="badges">{move || summary.get().map(|one| view! { <State profile=one /> })}</span>
            </Cell>
            <Cell label=text::used_by()>{move || summary.with(|one| one.as_ref().map(users))}</Cell>
            <Cell label=messages::back_office::scopes() numeric=true>
                {move || summary.with(|one| one.as_ref().map(|one| number(one.scopes_count)))}
            </Cell>
            <Cell class="wide">
                <span class="row-actions">
                    <Button
                        label=text::duplicate()
                        spoken=TextProp::from(move || text::duplicate_named(&name()))
                        icon=Icon::Copy
                        kind=ButtonKind::Quiet
                        on_press=move || {
                            let original = summary.get_untracked().map(|one| Original {
                                id: one.id,
                                name: one.name,
                                description: one.description,
                            });
                            let taken = state.profiles.peek(|all| {
                                let all = all.into_iter().flat_map(|all| &all.profiles);
                                all.map(|one| one.name.clone()).collect::<Vec<String>>()
                            });
                            state.new_profile.open(original, &taken);
                        }
                        test_id=format!("duplicate-{id}")
                    />
                    <span class="two-lines">
                        <Button
                            label=text::delete()
                            kind=ButtonKind::Quiet
                            spoken=TextProp::from(move || text::delete_named(&name()))
                            on_press=move || delete(state, Deletion { id, name: name() })
                            disabled=Signal::derive(move || kept_from_deleting.get().is_some() || state.delete.is_under_way())
                            test_id=format!("delete-{id}")
                        />
                        <span class="small muted">{move || kept_from_deleting.get()}</span>
                    </span>
                </span>
            </Cell>
        </tr>
    }
    .into_any()
}

/// Why a profile can't be deleted.
fn why_not_deleted(profile: &ProfileSummary) -> Option<&'static str> {
    if profile.used_by_store {
        Some(text::not_deleted_store())
    } else if !profile.registers_own.is_empty() {
        Some(text::not_deleted_registers())
    } else {
        None
    }
}

fn users(profile: &ProfileSummary) -> String {
    let own = profile.registers_own.len() as u64;
    match (profile.used_by_store, own) {
        (false, 0) => text::used_by_nothing().to_owned(),
        (true, 0) => text::used_by_store().to_owned(),
        (false, own) => text::used_by_registers(own),
        (true, own) => text::list_and(text::used_by_store(), &text::used_by_registers(own)),
    }
}

#[component]
fn State(profile: ProfileSummary) -> impl IntoView {
    let Some(published) = profile.published else {
        return view! { <Badge text=text::draft_only() /> }.into_any();
    };
    let (have, count) = (profile.registers_with_version, profile.registers_count);
    let tone = if have == count { Tone::Ok } else { Tone::Wait };
    let version = if count == 0 {
        view! { <Badge text=text::published_version(published.version) /> }.into_any()
    } else {
        view! {
            <a class="badge-link" href=rollout_href(profile.id)>
                <Badge
                    text=text::version_on(&published.version.to_string(), &number(have), count)
                    tone=tone
                    icon=Some(if have == count { Icon::Tick } else { Icon::Clock })
                />
            </a>
        }
        .into_any()
    };
    view! {
        {version}
        {profile.has_unpublished_changes.then(|| view! {
            <Badge text=text::unpublished_changes() tone=Tone::Wait />
        })}
    }
    .into_any()
}

/// The profile of registers that have none of their own.
#[component]
fn StoreProfile() -> impl IntoView {
    let state = app_state();
    let current = Memo::new(move |_| {
        state.profiles.with(|all| all.and_then(|all| all.store_profile).map(|id| id.to_string()))
    });
    let choices = Signal::derive(move || {
        state.profiles.with(|all| {
            let all = all.map(|all| all.profiles.as_slice()).unwrap_or_default();
            let published = all.iter().filter(|one| one.published.is_some() || one.used_by_store);
            published.map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect::<Vec<Choice>>()
        })
    });
    let to_store = |profile: Option<(u64, String)>| profile.map(|(id, name)| Giving::ToStore { id, name });
    view! {
        <ChooseProfile
            giving=to_store
            label=text::store_profile()
            help=text::store_profile_help()
            choices
            current
            test_id="store-profile"
        />
    }
}

/// What is needed seldom.
#[component]
fn Below() -> impl IntoView {
    let restoring = RestoreState::new();
    view! {
        <Restored restoring />
        <div class="row wrap">
            <RestoreButton restoring />
            <a class="button" href=changes_href() data-testid="profile-changes">
                <IconView icon=Icon::History />
                <span>{text::audit_trail()}</span>
            </a>
            <a class="button" href="/help/offline-profiles.html" rel="external" data-testid="profile-help">
                <IconView icon=Icon::Info />
                <span>{text::help()}</span>
            </a>
        </div>
    }
    .into_any()
}
