//! The offline database page.

use holdfast_profile::Direction;
use holdfast_sync::NextUpload;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::{common, number, till as text};
use holdfast_ui::{
    Badge, Banner, Button, ButtonKind, Card, Cell, Column, DataTable, EmptyState, Icon, IconView, Tone, size,
    time,
};
use leptos::prelude::*;

use super::StorageUse;
use super::profile_move::ProfileMove;
use super::scope_summary::{ScopeSummary, Standing};
use crate::export::view::ExportCard;
use crate::live;
use crate::page_head::PageHead;
use crate::till::{Till, use_till};

/// The page.
#[component]
pub fn OfflineDatabaseScreen() -> impl IntoView {
    let till = use_till();
    let status = till.connection.status;
    let profile = live::maybe(move || {
        let profile = status.with(|status| status.as_ref().and_then(|status| status.profile.clone()));
        profile.map(|(name, version)| {
            let words = text::database_profile(&name, version as u64);
            view! { <Badge text=words tone=Tone::Accent test_id="profile-version" /> }.into_any()
        })
    });
    let last_error =
        Memo::new(move |_| status.with(|status| status.as_ref().and_then(|s| s.last_error.clone())));
    view! {
        <main class="page">
            <PageHead title=text::database_title()>
                {profile}
                <Button
                    label=text::database_look_now()
                    kind=ButtonKind::Quiet
                    on_press=move || tell(till, &ToWorker::LookForNewDatabase)
                    test_id="look-for-new-database"
                />
                {live::maybe(move || (till.connection.waiting.get() > 0).then(|| view! {
                    <Button
                        label=text::database_send_now()
                        kind=ButtonKind::Quiet
                        on_press=move || tell(till, &ToWorker::SendNow)
                        test_id="send-now"
                    />
                }.into_any()))}
                <Button
                    label=text::database_sync_now()
                    kind=ButtonKind::Primary
                    on_press=move || tell(till, &ToWorker::SyncNow)
                    test_id="sync-now"
                />
            </PageHead>
            <Uploads />
            <ProfileMove />
            <StorageCard />
            {live::maybe(move || is_nearly_full(till).then(|| view! {
                <Banner tone=Tone::Wait title=text::database_nearly_full() test_id="storage-nearly-full" />
            }.into_any()))}
            {live::maybe(move || last_error.get().map(|error| view! {
                <Banner tone=Tone::Wait title=text::database_last_error() detail=error foreign=true test_id="last-error" />
            }.into_any()))}
            {live::maybe(move || status.with(Option::is_none).then(|| view! {
                <EmptyState icon=Icon::Database title=text::database_unknown() detail=text::database_unknown_detail() />
            }.into_any()))}
            <Scopes />
            <ExportCard />
        </main>
    }
}

#[component]
fn Scopes() -> impl IntoView {
    let till = use_till();
    let scopes = Memo::new(move |_| {
        let waiting = till.connection.waiting.get();
        till.connection.status.with(|status| {
            let scopes = status.as_ref().map(|status| status.scopes.as_slice()).unwrap_or_default();
            scopes.iter().map(|scope| ScopeSummary::new(scope, waiting)).collect::<Vec<_>>()
        })
    });
    let columns = || {
        vec![
            Column::text(text::database_column_number()),
            Column::text(text::database_column_scope()),
            Column::text(text::database_column_direction()),
            Column::number(text::database_column_tables()),
            Column::number(text::database_column_rows()),
            Column::number(text::database_column_size()),
            Column::text(text::database_column_as_of()),
            Column::text(text::database_column_result()),
        ]
    };
    live::maybe(move || {
        let scopes = scopes.get();
        let now_ms = till.now_ms.get_untracked();
        (!scopes.is_empty()).then(|| {
            view! {
                <DataTable label=text::database_title() columns=columns()>
                    {scopes.into_iter().zip(1..).map(|(scope, at)| row(scope, at, now_ms)).collect_view()}
                </DataTable>
            }
            .into_any()
        })
    })
}

fn row(scope: ScopeSummary, at: usize, now_ms: i64) -> AnyView {
    let rows = match scope.standing {
        Standing::Waits(waiting) => text::database_rows_wait(waiting),
        Standing::Complete | Standing::Incomplete => number(scope.rows),
    };
    let as_of =
        scope.as_of_ms.map_or_else(|| common::none().to_owned(), |ms| time::clock_or_date(ms, now_ms));
    let (icon, direction) = direction(scope.direction);
    view! {
        <tr role="row" data-testid=format!("scope-row-{at}")>
            <Cell label=text::database_column_number()><span class="muted">{at.to_string()}</span></Cell>
            <Cell label=text::database_column_scope()><b dir="auto">{scope.name.clone()}</b></Cell>
            <Cell label=text::database_column_direction()>
                <span class="with-icon"><IconView icon />{direction}</span>
            </Cell>
            <Cell label=text::database_column_tables() numeric=true>
                <span class="muted">{scope.tables.to_string()}</span>
            </Cell>
            <Cell label=text::database_column_rows() numeric=true>{rows}</Cell>
            <Cell label=text::database_column_size() numeric=true>{text::database_size(&size::bytes(scope.bytes))}</Cell>
            <Cell label=text::database_column_as_of()>{as_of}</Cell>
            <Cell label=text::database_column_result()>{result(scope.standing)}</Cell>
        </tr>
    }
    .into_any()
}

fn result(standing: Standing) -> AnyView {
    let (words, tone, icon) = match standing {
        Standing::Complete => (text::database_complete().to_owned(), Tone::Ok, Icon::Tick),
        Standing::Incomplete => (text::database_incomplete().to_owned(), Tone::Wait, Icon::Clock),
        Standing::Waits(waiting) => (common::sales_waiting(waiting), Tone::Wait, Icon::Clock),
    };
    view! { <Badge text=words tone icon=icon /> }.into_any()
}

fn direction(direction: Direction) -> (Icon, &'static str) {
    match direction {
        Direction::Download => (Icon::Down, common::direction_download()),
        Direction::Upload => (Icon::Up, common::direction_upload()),
        Direction::Bidirectional => (Icon::Both, common::direction_both()),
    }
}

#[component]
fn StorageCard() -> impl IntoView {
    let till = use_till();
    let bytes = move || till.storage.get().and_then(|storage| storage.bytes).unwrap_or((0, 0));
    let said = move || match till.storage.get() {
        None => String::new(),
        Some(StorageUse { bytes: None, is_protected }) => protection(is_protected).to_owned(),
        Some(StorageUse { bytes: Some((used, quota)), is_protected }) => {
            text::database_storage_used(&size::bytes(used), &size::bytes(quota), protection(is_protected))
        }
    };
    view! {
        <Card class="padded">
            <div class="progress">
                <div class="progress-words">
                    <span>{text::database_storage()}</span>
                    <span class="num" data-testid="storage">{live::words(said)}</span>
                </div>
                <progress
                    aria-label=text::database_storage()
                    value=live::words(move || bytes().0.to_string())
                    max=live::words(move || bytes().1.max(1).to_string())
                ></progress>
            </div>
        </Card>
    }
}

/// Whether so much of what the browser allows is used that somebody should act while there is time.
fn is_nearly_full(till: Till) -> bool {
    let bytes = till.storage.get().and_then(|storage| storage.bytes);
    bytes.is_some_and(|(used, quota)| quota > 0 && used > quota / 5 * 4)
}

fn protection(is_protected: bool) -> &'static str {
    if is_protected { text::database_protected() } else { text::database_not_protected() }
}

fn tell(till: Till, message: &ToWorker) {
    if let Some(link) = till.link() {
        link.send(message);
    }
}

/// When what waits is sent by itself, and whether a newer profile waits for that.
#[component]
fn Uploads() -> impl IntoView {
    let till = use_till();
    let words = Memo::new(move |_| {
        till.connection.status.with(|status| {
            let status = status.as_ref()?;
            if status.profile_waits_for_outbox {
                return Some(text::database_profile_waits().to_owned());
            }
            next_upload(status.next_upload)
        })
    });
    live::maybe(move || {
        words.get().map(|words| view! { <p class="muted" data-testid="next-upload">{words}</p> }.into_any())
    })
}

fn next_upload(next: NextUpload) -> Option<String> {
    match next {
        NextUpload::AtOnce => None,
        NextUpload::At { at_ms } => Some(text::database_next_upload_at(&time::clock(at_ms))),
        NextUpload::AtShiftClose => Some(text::database_next_upload_at_shift_close().to_owned()),
        NextUpload::ByHand => Some(text::database_next_upload_by_hand().to_owned()),
    }
}
