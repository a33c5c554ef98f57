//! Before a publish: what it changes, what stops working offline, and what each register would do. Then the publish.

use holdfast_profile::{ChangePlan, change_plan};
use holdfast_ui::messages::{number, profiles as text};
use holdfast_ui::{Banner, Button, ButtonKind, Cell, Column, DataTable, EmptyState, Icon, Tone, size};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen_futures::spawn_local;

use super::editor::{Editor, Gone, NotCounted, address, finding_words, open};
use super::plan_words::{change_sentences, stopped_sentence};
use super::register_steps::RegisterSteps;
use super::sentences::Sentences;
use super::words::table_label;
use crate::address_page::AddressPage;
use crate::api::{ApiError, Preview, PublishOrder};
use crate::page::{Loaded, Page};
use crate::section::{Section, profile_href, rollout_path};
use crate::state::app_state;

/// The page of the profile in the address.
#[component]
pub fn PublishPage() -> impl IntoView {
    view! { <AddressPage read=address page=|id| view! { <Opened id /> }.into_any() /> }
}

#[component]
fn Opened(id: u64) -> impl IntoView {
    let editor = open(id);
    let is_gone = Memo::new(move |_| editor.is_gone());
    move || {
        if is_gone.get() {
            view! { <Gone id /> }.into_any()
        } else {
            view! { <Known id editor /> }.into_any()
        }
    }
}

#[component]
fn Known(id: u64, editor: Editor) -> impl IntoView {
    let state = app_state();
    let navigate = use_navigate();
    let to_rollout = UnsyncCallback::new(move |()| navigate(&rollout_path(id), NavigateOptions::default()));
    let refusal = RwSignal::new(None::<ApiError>);
    let is_busy = RwSignal::new(false);
    // The revision that is on the screen is the one that is published.
    let revision = Memo::new(move |_| editor.read(|copy| copy.base_revision));
    let is_unchanged = Memo::new(move |_| {
        editor.detail.with(|detail| detail.is_some_and(|one| !one.differs_from_published()))
    });
    let can_publish =
        Signal::derive(move || !is_unchanged.get() && !editor.is_changed.get() && !is_busy.get());
    let publish = UnsyncCallback::new(move |force: bool| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        let order = PublishOrder { revision: revision.get_untracked(), force };
        spawn_local(async move {
            let outcome = state.api.publish_profile(id, &order).await;
            state.profiles.ask_anew(state.api.profiles());
            if editor.id() == Some(id) {
                editor.detail.ask_anew(state.api.profile(id));
            }
            is_busy.try_set(false);
            match outcome {
                Ok(_) => {
                    refusal.try_set(None);
                    to_rollout.try_run(());
                }
                Err(error) => {
                    refusal.try_set(Some(error));
                }
            }
        });
    });
    // An order whose answer was lost may have been carried out: then nothing differs once the store server answers again.
    Effect::new(move |_| {
        let was_left_open = refusal.with(|error| error.as_ref().is_some_and(ApiError::leaves_open));
        if is_unchanged.get() && was_left_open {
            refusal.set(None);
            to_rollout.run(());
        }
    });
    // Registers and rows may have changed since it was counted last.
    let is_open = Memo::new(move |_| editor.read(|_| true));
    Effect::new(move |_| {
        if is_open.get() {
            editor.count_anew();
        }
    });
    let name = editor.part(|copy| copy.profile.name.clone());
    let actions = view! {
        <a class="button" href=profile_href(id) data-testid="publish-back">{text::back_to_editor()}</a>
        <Button
            label=text::publish()
            kind=ButtonKind::Primary
            on_press=move || publish.run(false)
            disabled=Signal::derive(move || !can_publish.get())
            test_id="publish"
        />
    };
    view! {
        <Page
            title=move || text::publish_title(&name.get())
            below=Section::Profiles
            actions=actions.into_any()
        >
            <Loaded live=editor.detail ask=move || editor.ask(id)>
                <Refusal refusal publish />
                {move || editor.is_changed.get().then(|| view! {
                    <Banner tone=Tone::Wait title=text::publish_unsaved() test_id="publish-unsaved">
                        <a class="button" href=profile_href(id)>{text::back_to_editor()}</a>
                    </Banner>
                })}
                {move || is_unchanged.get().then(|| view! {
                    <p class="note" data-testid="publish-unchanged">{text::publish_unchanged()}</p>
                })}
                <Plan editor />
                <NotCounted editor />
                <Tables editor />
                <Registers editor />
            </Loaded>
        </Page>
    }
}

/// Why it was not published, and what can be done.
#[component]
fn Refusal(refusal: RwSignal<Option<ApiError>>, publish: UnsyncCallback<bool>) -> impl IntoView {
    move || {
        refusal.get().map(|error| {
            let findings = error.problem().map(|problem| problem.findings.clone()).unwrap_or_default();
            let is_changed = error.problem().is_some_and(|problem| problem.is("profile-changed"));
            let (title, detail) = if is_changed {
                (text::publish_changed().to_owned(), String::new())
            } else if error.leaves_open() {
                (text::publish_left_open().to_owned(), text::publish_left_open_detail().to_owned())
            } else {
                let said: Vec<String> = findings.iter().map(finding_words).collect();
                let detail = if said.is_empty() { error.detail() } else { said.join(" ") };
                (text::publish_refused(&error.title()), detail)
            };
            view! {
                <Banner tone=Tone::Bad title=title detail=TextProp::from(detail) test_id="publish-refused">
                    {error.has_no_room().then(|| view! {
                        <Button
                            label=text::publish_anyway()
                            on_press=move || { publish.try_run(true); }
                            test_id="publish-anyway"
                        />
                    })}
                </Banner>
            }
        })
    }
}

/// What the saved draft changes against what is published.
fn plan_of(editor: Editor) -> Option<(Option<u64>, ChangePlan)> {
    editor.detail.with(|detail| {
        let detail = detail?;
        let before = detail.published.as_ref();
        // Before the first publish a register has nothing: everything is new.
        let nothing = holdfast_profile::Profile { scopes: Vec::new(), ..detail.draft.clone() };
        let old = before.map_or(&nothing, |published| &published.profile);
        Some((before.map(|published| published.version), change_plan(old, &detail.draft)))
    })
}

#[component]
fn Plan(editor: Editor) -> impl IntoView {
    let plan = Memo::new(move |_| plan_of(editor));
    move || {
        let (version, plan) = plan.get()?;
        let currency = editor.currency.get()?;
        let stops: Vec<String> = plan.stops_to_say().map(stopped_sentence).collect();
        let changes = change_sentences(&plan, Some(currency));
        let something_stops = !stops.is_empty();
        let lead = version.map_or_else(|| text::publish_lead_first().to_owned(), text::publish_lead);
        Some(view! {
            <p class="muted lead">{lead}</p>
            <section class="card padded" class:warns=something_stops data-testid="plan-stops">
                <h2>{text::plan_stops()}</h2>
                {if stops.is_empty() {
                    view! { <p class="muted">{text::plan_nothing_stops()}</p> }.into_any()
                } else {
                    view! { <Sentences sentences=stops icon=Icon::Warn /> }.into_any()
                }}
            </section>
            <section class="card padded" data-testid="plan-changes">
                <h2>{text::plan_changes()}</h2>
                {if changes.is_empty() {
                    view! { <p class="muted">{text::publish_unchanged()}</p> }.into_any()
                } else {
                    view! { <Sentences sentences=changes icon=Icon::Next /> }.into_any()
                }}
            </section>
        })
    }
}

/// What was counted, where that is of what would be published.
fn preview(editor: Editor) -> Option<Preview> {
    let is_of_another = editor.is_changed.get()
        || editor.counting.is_under_way.get()
        || editor.counting.error.get().is_some();
    editor.counting.preview.get().filter(|_| !is_of_another)
}

#[component]
fn Tables(editor: Editor) -> impl IntoView {
    let columns = || {
        vec![
            Column::text(text::table()),
            Column::number(text::rows_before()),
            Column::number(text::rows_after()),
            Column::number(text::size()),
        ]
    };
    let rows = move || {
        let preview = preview(editor)?;
        let row = |table: crate::api::TablePreview| {
            view! {
                <tr role="row">
                    <Cell><strong>{table_label(table.table)}</strong></Cell>
                    <Cell label=text::rows_before() numeric=true>{number(table.before_rows)}</Cell>
                    <Cell label=text::rows_after() numeric=true>{number(table.rows)}</Cell>
                    <Cell label=text::size() numeric=true>{size::bytes(table.bytes)}</Cell>
                </tr>
            }
        };
        Some(preview.tables.into_iter().map(row).collect_view())
    };
    view! {
        <section class="stack">
            <h2>{text::plan_tables()}</h2>
            <DataTable label=text::plan_tables() columns=columns() test_id="plan-tables">{rows}</DataTable>
        </section>
    }
    .into_any()
}

#[component]
fn Registers(editor: Editor) -> impl IntoView {
    view! {
        <section class="stack">
            <h2>{text::plan_registers()}</h2>
            {move || preview(editor).map(|preview| match preview.registers {
                none if none.is_empty() => view! {
                    <div class="card">
                        <EmptyState icon=Icon::Register title=text::plan_no_registers() test_id="plan-no-registers" />
                    </div>
                }
                .into_any(),
                registers => view! { <RegisterSteps registers bytes_per_s=preview.estimated_bytes_per_s /> }.into_any(),
            })}
        </section>
    }
    .into_any()
}
