//! The audit trail: who changed what, newest first.

use holdfast_ui::messages::{common, profiles as text, quotes_apart};
use holdfast_ui::{Banner, Button, Cell, Column, DataTable, EmptyState, Icon, Tone, time};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{ApiError, CHANGES_LIMIT, Change};
use crate::live::{Live, keep_fresh};
use crate::page::{Loaded, Page};
use crate::section::Section;
use crate::state::app_state;

/// The newest changes and those that were loaded behind them; belongs to the app's root.
#[derive(Clone, Copy)]
pub struct ChangesState {
    newest: Live<Vec<Change>>,
    older: RwSignal<Vec<Change>>,
    has_more: RwSignal<bool>,
}

impl ChangesState {
    /// None.
    pub fn new() -> ChangesState {
        ChangesState { newest: Live::new(), older: RwSignal::new(Vec::new()), has_more: RwSignal::new(true) }
    }

    /// Forgets them.
    pub fn clear(self) {
        self.newest.clear();
        self.older.set(Vec::new());
        self.has_more.set(true);
    }

    fn all(self) -> Vec<Change> {
        let newest = self.newest.get().unwrap_or_default();
        joined(newest, self.older.get())
    }
}

/// The newest ones, then what was loaded before and is older.
fn joined(newest: Vec<Change>, older: Vec<Change>) -> Vec<Change> {
    let last = newest.last().map(|change| change.id);
    let rest = older.into_iter().filter(|change| last.is_none_or(|last| change.id < last));
    let mut all = newest;
    all.extend(rest);
    all
}

/// The page.
#[component]
pub fn ChangesPage() -> impl IntoView {
    let state = app_state();
    let changes = state.changes;
    let ask = move || changes.newest.ask(state.api.changes(None));
    keep_fresh(ask);
    let all = Memo::new(move |_| changes.all());
    let is_empty = Memo::new(move |_| all.with(Vec::is_empty));
    let failure = RwSignal::new(None::<ApiError>);
    let more = move || {
        failure.set(None);
        let Some(last) = all.with_untracked(|all| all.last().map(|change| change.id)) else { return };
        spawn_local(async move {
            match state.api.changes(Some(last)).await {
                Ok(found) => {
                    changes.has_more.set(found.len() >= CHANGES_LIMIT);
                    // What has come meanwhile pushes others off the newest page: all that is shown is kept.
                    changes.older.set(joined(changes.all(), found));
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let columns = || {
        vec![
            Column::text(text::change_at()),
            Column::text(text::change_what()),
            Column::text(text::change_subject()),
            Column::text(text::change_who()),
            Column::text(text::change_detail()),
        ]
    };
    let can_have_more = move || changes.has_more.get() && all.with(Vec::len) >= CHANGES_LIMIT;
    view! {
        <Page title=text::audit_trail() below=Section::Profiles>
            <Loaded live=changes.newest ask=ask>
                <p class="muted lead">{text::changes_lead()}</p>
                {move || if is_empty.get() {
                    view! {
                        <div class="card">
                            <EmptyState icon=Icon::History title=text::no_changes() detail=TextProp::from(text::no_changes_detail()) test_id="no-changes" />
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <DataTable label=text::audit_trail() columns=columns() test_id="changes">
                            <For each=move || all.get() key=|change| change.id children=|change| view! { <Row change /> } />
                        </DataTable>
                    }
                    .into_any()
                }}
                {move || failure.get().map(|error| view! {
                    <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(error.detail())>
                        <Button label=common::retry() on_press=more />
                        <Button label=common::close() on_press=move || failure.set(None) />
                    </Banner>
                })}
                <Show when=can_have_more>
                    <div class="list-end">
                        <Button label=text::older_changes() on_press=more test_id="older-changes" />
                    </div>
                </Show>
            </Loaded>
        </Page>
    }
}

#[component]
fn Row(change: Change) -> impl IntoView {
    view! {
        <tr role="row" data-testid=format!("change-{}", change.id)>
            <Cell>{time::clock_or_date(change.at_ms, time::now_ms())}</Cell>
            <Cell label=text::change_what()><strong>{action(&change.action)}</strong></Cell>
            <Cell label=text::change_subject()><span class="prose breaks" dir="auto">{change.subject}</span></Cell>
            <Cell label=text::change_who()><span lang="en" dir="auto">{change.administrator}</span></Cell>
            <Cell label=text::change_detail()>
                <span class="prose breaks" lang="en" dir="auto">{quotes_apart(&change.detail)}</span>
            </Cell>
        </tr>
    }
    .into_any()
}

/// What was done, in words.
fn action(name: &str) -> String {
    let known = match name {
        "profile_created" => text::action_profile_created(),
        "profile_saved" => text::action_profile_saved(),
        "profile_merged" => text::action_profile_merged(),
        "profile_renamed" => text::action_profile_renamed(),
        "profile_deleted" => text::action_profile_deleted(),
        "profile_published" => text::action_profile_published(),
        "profile_rolled_back" => text::action_profile_rolled_back(),
        "profile_imported" => text::action_profile_imported(),
        "default_restored" => text::action_default_restored(),
        "scope_changed" => text::action_scope_changed(),
        "scope_deleted" => text::action_scope_deleted(),
        "store_profile_set" => text::action_store_profile_set(),
        "register_profile_set" => text::action_register_profile_set(),
        "register_retry_asked" => text::action_register_retry_asked(),
        "register_added" => text::action_register_added(),
        "activation_code_made" => text::action_activation_code_made(),
        "register_locked" => text::action_register_locked(),
        "rows_imported" => text::action_rows_imported(),
        "entry_mended" => text::action_entry_mended(),
        "administrator_added" => text::action_administrator_added(),
        "administrator_removed" => text::action_administrator_removed(),
        "password_set" => text::action_password_set(),
        other => return text::action_unknown(other),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(id: u64) -> Change {
        Change {
            id,
            at_ms: 0,
            administrator: String::new(),
            action: String::new(),
            subject: String::new(),
            detail: String::new(),
        }
    }

    #[test]
    fn older_changes_follow_the_newest_each_once() {
        let ids = |newest: &[u64], older: &[u64]| {
            let list = |ids: &[u64]| ids.iter().copied().map(change).collect();
            joined(list(newest), list(older)).iter().map(|change| change.id).collect::<Vec<u64>>()
        };
        assert_eq!(ids(&[9, 8, 7], &[8, 7, 6, 5]), [9, 8, 7, 6, 5]);
        assert_eq!(ids(&[], &[3]), [3]);
    }
}
