//! The page of a profile: what is published and what is draft, the tabs, and the foot that saves.

use std::collections::BTreeMap;

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Badge, Button, ButtonKind, Icon, IconView, Tab, TabMarks, TabPanel, Tabs, Tone, messages};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;

use super::device::Device;
use super::foot::{MergedNote, OthersSaved};
use super::general::General;
use super::gone::Gone;
use super::lines::Lines;
use super::merge::MergePanel;
use super::offline_data::{Customers, Products};
use super::places;
use super::state::Editor;
use super::versions::Versions;
use crate::address_page::AddressPage;
use crate::live::keep_fresh;
use crate::page::{Loaded, Page};
use crate::profiles::import_renames::RenamedScopes;
use crate::section::{Section, publish_path};
use crate::state::app_state;

/// The page of the profile in the address.
#[component]
pub fn ProfilePage() -> impl IntoView {
    view! { <AddressPage read=address page=|id| view! { <Known id /> }.into_any() /> }
}

/// The profile that an address names.
pub fn address(params: &ParamsMap) -> Option<u64> {
    params.get("id")?.parse().ok()
}

/// Opens a profile in the editor as long as the page is there: asks for it again and again, and lets the editor
/// follow.
pub fn open(id: u64) -> Editor {
    let state = app_state();
    let editor = state.editor;
    if editor.id() != Some(id) {
        editor.close();
    }
    keep_fresh(move || {
        editor.ask(id);
        if !state.store.is_known() {
            state.store.ask(state.api.store());
        }
    });
    Effect::new(move |before: Option<u32>| {
        let answers = editor.detail.answers();
        if before.is_some_and(|before| before != answers) {
            editor.heed_answer();
        }
        answers
    });
    Effect::new(move |_| {
        let Some(store) = state.store.get() else { return };
        let Some(detail) = editor.detail.get().filter(|detail| detail.id == id) else { return };
        editor.take(&store.store_id, store.known_currency(), &detail);
    });
    editor
}

#[component]
fn Known(id: u64) -> impl IntoView {
    let editor = open(id);
    editor.is_shown.set(true);
    on_cleanup(move || editor.is_shown.set(false));
    let name = editor.part(|copy| copy.profile.name.clone());
    let title = move || {
        let name = name.get();
        if name.trim().is_empty() { messages::back_office::profile().to_owned() } else { name }
    };
    let is_gone = Memo::new(move |_| editor.is_gone());
    move || {
        if is_gone.get() {
            return view! { <Gone id /> }.into_any();
        }
        view! {
            <Page
                title=title
                below=Section::Profiles
                beside=view! { <States editor /> }.into_any()
                actions=view! { <Actions editor id /> }.into_any()
            >
                <RenamedScopes id />
                <Loaded live=editor.detail ask=move || editor.ask(id)>
                    <Content editor />
                </Loaded>
            </Page>
        }
        .into_any()
    }
}

/// What is published and what is not.
#[component]
fn States(editor: Editor) -> impl IntoView {
    let published = Memo::new(move |_| {
        editor.detail.with(|detail| {
            detail.map(|detail| {
                let version = detail.published.as_ref().map(|published| published.version);
                let differs = detail.differs_from_published();
                (version, detail.registers_with_version, detail.registers_count, differs)
            })
        })
    });
    move || {
        let (version, have, count, differs) = published.get()?;
        let first = match version {
            Some(version) if count == 0 => {
                view! { <Badge text=text::published_version(version) test_id="published-state" /> }.into_any()
            }
            Some(version) => {
                let tone = if have == count { Tone::Ok } else { Tone::Wait };
                let words = text::version_on(&version.to_string(), &messages::number(have), count);
                view! { <Badge text=words tone=tone test_id="published-state" /> }.into_any()
            }
            None => {
                view! { <Badge text=text::draft_never_published() test_id="published-state" /> }.into_any()
            }
        };
        let (words, tone) = if editor.is_changed.get() {
            (text::draft_unsaved(), Tone::Wait)
        } else if differs {
            (text::draft_unpublished(), Tone::Wait)
        } else {
            (text::draft_published(), Tone::Neutral)
        };
        Some(view! {
            {first}
            <Badge text=words tone=tone test_id="draft-state" />
        })
    }
}

#[component]
fn Actions(editor: Editor, id: u64) -> impl IntoView {
    let navigate = use_navigate();
    let to_publish = UnsyncCallback::new(move |()| navigate(&publish_path(id), NavigateOptions::default()));
    let press = move || {
        if editor.is_changed.get_untracked() {
            editor.save(BTreeMap::new(), move || {
                to_publish.try_run(());
            });
        } else {
            to_publish.run(());
        }
    };
    let can_go =
        Signal::derive(move || editor.findings.with(Vec::is_empty) && editor.meeting.with(Option::is_none));
    view! {
        <a
            class="button"
            href=format!("/api/admin/profiles/{id}/file")
            download=""
            rel="external"
            data-testid="export-file"
        >
            <IconView icon=Icon::Export />
            <span>
                {move || if editor.is_changed.get() { text::export_saved_draft() } else { text::export_file() }}
            </span>
        </a>
        // One thing to do next: saving where something is not saved, else publishing.
        {move || {
            let (label, kind) = if editor.is_changed.get() {
                (text::save_and_preview(), ButtonKind::Plain)
            } else {
                (text::preview_and_publish(), ButtonKind::Primary)
            };
            view! {
                <Button
                    label=label
                    kind=kind
                    on_press=press
                    disabled=Signal::derive(move || !can_go.get())
                    test_id="preview-publish"
                />
            }
        }}
    }
}

#[component]
fn Content(editor: Editor) -> impl IntoView {
    let tabs = vec![
        Tab { id: places::GENERAL, label: text::general().to_owned() },
        Tab { id: places::LINES, label: text::line_details().to_owned() },
        Tab { id: places::DEVICE, label: text::device_configuration().to_owned() },
        Tab { id: places::PRODUCTS, label: text::offline_products().to_owned() },
        Tab { id: places::CUSTOMERS, label: text::offline_customers().to_owned() },
        Tab { id: places::VERSIONS, label: text::versions().to_owned() },
    ];
    let counts = Signal::derive(move || editor.findings.with(|findings| places::counts_by_tab(findings)));
    let selected = editor.tab;
    let is_open = Memo::new(move |_| editor.read(|_| true));
    let versions_are_shown = Memo::new(move |_| selected.get() == places::VERSIONS);
    move || {
        is_open.get().then(|| {
            let tabs = tabs.clone();
            view! {
                <div class="editor">
                    <OthersSaved editor />
                    <MergePanel editor />
                    <MergedNote editor />
                    <Tabs label=text::editor() tabs selected marks=TabMarks { counts, words: text::to_mend } />
                    <TabPanel id=places::GENERAL selected><General editor /></TabPanel>
                    <TabPanel id=places::LINES selected><Lines editor /></TabPanel>
                    <TabPanel id=places::DEVICE selected><Device editor /></TabPanel>
                    <TabPanel id=places::PRODUCTS selected><Products editor /></TabPanel>
                    <TabPanel id=places::CUSTOMERS selected><Customers editor /></TabPanel>
                    <TabPanel id=places::VERSIONS selected>
                        {move || versions_are_shown.get().then(|| view! { <Versions editor /> })}
                    </TabPanel>
                </div>
            }
        })
    }
}
