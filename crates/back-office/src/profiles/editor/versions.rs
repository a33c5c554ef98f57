//! The published versions of a profile, and going back to one.

use holdfast_ui::messages::{common, number, profiles as text};
use holdfast_ui::{
    Badge, Banner, Button, ButtonKind, Cell, Column, DataTable, Dialog, EmptyState, Icon, Tone, time,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::roll_back_preview::RollBackPreview;
use super::state::Editor;
use crate::api::{ApiError, Meant, RollbackOrder, VersionSummary};
use crate::live::keep_fresh;
use crate::page::Loaded;
use crate::profiles::questions::{Asked, Question};
use crate::section::rollout_href;
use crate::state::app_state;

/// The tab.
#[component]
pub fn Versions(editor: Editor) -> impl IntoView {
    let state = app_state();
    let Some(id) = editor.id() else { return ().into_any() };
    state.versions.clear();
    let ask = move || state.versions.ask(state.api.profile_versions(id));
    keep_fresh(ask);
    let going_back = RwSignal::new(None::<u64>);
    let is_empty = move || state.versions.with(|all| all.is_none_or(Vec::is_empty));
    view! {
        <p class="muted">{text::versions_lead()}</p>
        <Done editor />
        <Loaded live=state.versions ask=ask>
            {move || if is_empty() {
                view! {
                    <div class="card">
                        <EmptyState
                            icon=Icon::History
                            title=text::no_versions()
                            detail=TextProp::from(text::no_versions_detail())
                            test_id="no-versions"
                        />
                    </div>
                }
                .into_any()
            } else {
                view! { <List going_back /> }.into_any()
            }}
        </Loaded>
        <GoBack editor id going_back />
    }
    .into_any()
}

#[component]
fn List(going_back: RwSignal<Option<u64>>) -> impl IntoView {
    let state = app_state();
    let columns = vec![
        Column::text(text::version()),
        Column::text(text::published_at()),
        Column::text(text::published_by()),
        Column::number(text::registers_with()),
        Column::actions(text::roll_back()),
    ];
    let rows = move || {
        let all = state.versions.get().unwrap_or_default();
        let row =
            |(at, version): (usize, VersionSummary)| view! { <Row version is_current=at == 0 going_back /> };
        all.into_iter().enumerate().map(row).collect_view()
    };
    view! { <DataTable label=text::versions() columns=columns test_id="versions">{rows}</DataTable> }
}

#[component]
fn Row(version: VersionSummary, is_current: bool, going_back: RwSignal<Option<u64>>) -> impl IntoView {
    let VersionSummary { version, published_at_ms, published_by, restored_from, registers_count } = version;
    view! {
        <tr role="row" data-testid=format!("version-{version}")>
            <Cell>
                <span class="two-lines">
                    <strong>{text::published_version(version)}</strong>
                    <span class="small muted">{restored_from.map(text::brings_back)}</span>
                </span>
            </Cell>
            <Cell label=text::published_at()>{time::full(published_at_ms)}</Cell>
            <Cell label=text::published_by()><span lang="en" dir="auto">{published_by}</span></Cell>
            <Cell label=text::registers_with() numeric=true>{number(registers_count)}</Cell>
            <Cell class="wide">
                <span class="row-actions">
                    {if is_current {
                        view! { <Badge text=text::current() tone=Tone::Ok icon=Some(Icon::Tick) /> }.into_any()
                    } else {
                        view! {
                            <Button
                                label=text::roll_back()
                                spoken=text::roll_back_to(&version.to_string())
                                kind=ButtonKind::Quiet
                                on_press=move || going_back.set(Some(version))
                                test_id=format!("roll-back-{version}")
                            />
                        }
                        .into_any()
                    }}
                </span>
            </Cell>
        </tr>
    }
    .into_any()
}

/// An earlier version that was brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RolledBack {
    /// The profile.
    pub id: u64,
    /// The version.
    pub version: u64,
    /// The number that it has now.
    pub number: u64,
}

#[component]
fn GoBack(editor: Editor, id: u64, going_back: RwSignal<Option<u64>>) -> impl IntoView {
    let state = app_state();
    let is_busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<ApiError>);
    // What was answered so far.
    let meant = RwSignal::new(Meant::default());
    let close = move || {
        going_back.set(None);
        refusal.set(None);
        meant.set(Meant::default());
    };
    // Its dialog may be closed by the time an answer comes, and another version's open: that is another question.
    let is_asked = move |version: u64| going_back.try_get_untracked().flatten() == Some(version);
    // Once it is shown, the next press means it.
    let question = Memo::new(move |_| refusal.with(|error| error.as_ref().and_then(Question::of)));
    let go = move || {
        let Some(version) = going_back.get_untracked().filter(|_| !is_busy.get_untracked()) else { return };
        is_busy.set(true);
        if let Some(question) = question.get_untracked() {
            meant.update(|meant| *meant = question.answered(*meant));
        }
        let order = RollbackOrder { version, meant: meant.get_untracked() };
        spawn_local(async move {
            let outcome = state.api.roll_back_profile(id, &order).await;
            state.profiles.ask_anew(state.api.profiles());
            if editor.id() == Some(id) {
                editor.detail.ask_anew(state.api.profile(id));
                state.versions.ask_anew(state.api.profile_versions(id));
            }
            is_busy.try_set(false);
            match outcome {
                Ok(published) => {
                    if is_asked(version) {
                        close();
                    }
                    state.rolled_back.set(Some(RolledBack { id, version, number: published.version }));
                }
                Err(error) if is_asked(version) => refusal.set(Some(error)),
                Err(error) => leptos::logging::warn!("an earlier version was not brought back: {error}"),
            }
        });
    };
    let title = move || {
        going_back.get().map(|version| text::roll_back_title(&version.to_string())).unwrap_or_default()
    };
    view! {
        <Dialog
            open=Signal::derive(move || going_back.with(Option::is_some))
            title=title
            on_close=close
            class="wide asks"
            test_id="roll-back-dialog"
        >
            <p>{text::roll_back_detail()}</p>
            {move || going_back.get().map(|version| view! { <RollBackPreview id version /> })}
            {move || editor.is_changed.get().then(|| view! { <p class="muted">{text::roll_back_unsaved()}</p> })}
            {move || match question.get() {
                Some(question) => view! { <Asked question /> }.into_any(),
                None => refusal.get().map(|error| {
                    let detail = if error.leaves_open() {
                        text::roll_back_left_open().to_owned()
                    } else {
                        error.detail()
                    };
                    view! {
                        <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(detail) test_id="roll-back-refused" />
                    }
                }).into_any(),
            }}
            <div class="dialog-actions">
                <Button label=common::cancel() on_press=close />
                <Button
                    label=TextProp::from(move || match question.get() {
                        Some(Question::LosesDraft(_)) => text::roll_back_and_lose(),
                        Some(Question::ChangesOthers(_)) => text::roll_back_these_too(),
                        Some(Question::NoRoom(_)) => text::roll_back_anyway(),
                        None => text::roll_back(),
                    })
                    kind=ButtonKind::Primary
                    disabled=is_busy
                    on_press=go
                    test_id="roll-back-confirm"
                />
            </div>
        </Dialog>
    }
    .into_any()
}

/// What was brought back just now.
#[component]
fn Done(editor: Editor) -> impl IntoView {
    let state = app_state();
    move || {
        let RolledBack { id, version, number } =
            state.rolled_back.get().filter(|done| editor.id() == Some(done.id))?;
        let said = text::rolled_back(&version.to_string(), &number.to_string());
        Some(view! {
            <Banner tone=Tone::Ok title=said test_id="rolled-back">
                <a class="button" href=rollout_href(id)>{text::see_rollout()}</a>
            </Banner>
        })
    }
}
