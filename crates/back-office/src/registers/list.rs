//! All registers: the figures, then a row for each. A row stays the same element while its register lives,
//! so a refresh moves neither the focus nor the page.

use holdfast_ui::messages::{back_office as text, number as number_text};
use holdfast_ui::{Badge, Button, ButtonKind, Cell, Column, DataTable, EmptyState, Icon, Tone, size, time};
use leptos::prelude::*;

use super::add::AddDialog;
use super::mode::{RegisterMode, rows_count, tables_behind};
use super::summary::Figures;
use crate::amounts;
use crate::api::Register;
use crate::page::{Loaded, Page};
use crate::section::register_href;
use crate::state::app_state;

/// From this much of what the browser grants on, somebody should know.
const STORAGE_LOW_PERCENT: u64 = 80;

/// The page.
#[component]
pub fn RegistersPage() -> impl IntoView {
    let state = app_state();
    let add = move || state.draft.open();
    let actions = view! {
        <Button
            label=text::add_register()
            icon=Icon::Plus
            kind=ButtonKind::Primary
            on_press=add
            test_id="add-register"
        />
    };
    let numbers = Memo::new(move |_| {
        state.registers.with(|all| all.map(|all| all.iter().map(|one| one.number).collect::<Vec<_>>()))
    });
    let is_empty = move || numbers.with(|numbers| numbers.as_ref().is_some_and(Vec::is_empty));
    view! {
        <Page title=text::registers() actions=actions.into_any()>
            <Loaded live=state.registers ask=move || state.registers.ask(state.api.registers())>
                <Figures />
                <Show
                    when=move || !is_empty()
                    fallback=move || {
                        view! {
                            <div class="card">
                                <EmptyState
                                    icon=Icon::Register
                                    title=text::no_registers()
                                    detail=TextProp::from(text::no_registers_detail())
                                />
                            </div>
                        }
                    }
                >
                    <DataTable label=text::registers() columns=columns() early=true test_id="registers">
                        <For
                            each=move || numbers.get().unwrap_or_default()
                            key=|number| *number
                            children=|number| view! { <Row number /> }
                        />
                    </DataTable>
                </Show>
            </Loaded>
            <AddDialog />
        </Page>
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text(text::register()),
        Column::text(text::state()),
        Column::text(text::last_exchange()),
        Column::number(text::waiting()),
        Column::text(text::profile()),
        Column::text(text::offline_database()),
        Column::number(text::sales()),
        Column::actions(text::actions()),
    ]
}

#[component]
fn Row(number: u16) -> impl IntoView {
    let state = app_state();
    let register = Memo::new(move |_| {
        state.registers.with(|all| all.and_then(|all| all.iter().find(|one| one.number == number).cloned()))
    });
    // While the row goes, nothing is shown rather than something wrong.
    let of = move |show: fn(&Register) -> String| {
        move || register.with(|register| register.as_ref().map(show).unwrap_or_default())
    };
    let mode = Memo::new(move |_| {
        let now_ms = state.now_ms.get();
        register.with(|one| one.as_ref().map_or(RegisterMode::Offline, |one| RegisterMode::of(one, now_ms)))
    });
    let since = move || {
        let now_ms = state.now_ms.get();
        let at = |at_ms| time::clock_or_date(at_ms, now_ms);
        register.with(|one| one.as_ref().map(|one| mode.get().since(one, at)).unwrap_or_default())
    };
    // That passes also while the register says nothing.
    let oldest = move || {
        let now_ms = state.now_ms.get();
        register.with(|one| one.as_ref().map(|one| oldest_table(one, now_ms)).unwrap_or_default())
    };
    let currency = move || state.store.with(|store| store.map(|store| store.currency.clone()));
    let total = move || {
        let (Some(currency), Some(total)) = (currency(), register.read().as_ref().map(|one| one.total_minor))
        else {
            return String::new();
        };
        amounts::with_sign(total, &currency)
    };
    view! {
        <tr role="row" class="register-row" data-testid=format!("register-{number}")>
            <Cell>
                <a class="row-link" href=register_href(number) data-testid=format!("open-register-{number}")>
                    <strong>{of(|one| one.name.clone())}</strong>
                    <span class="small muted">{text::register_number(&number.to_string())}</span>
                </a>
            </Cell>
            <Cell class="state">
                <span class="two-lines">
                    <Badge
                        text=move || mode.get().label()
                        tone=Signal::derive(move || mode.get().tone())
                        icon=Signal::derive(move || Some(mode.get().icon()))
                    />
                    <span class="small muted" data-testid=format!("register-since-{number}")>{since}</span>
                    <Troubles number register />
                </span>
            </Cell>
            <Cell label=text::last_exchange()>{of(last_exchange)}</Cell>
            <Cell label=text::waiting() numeric=true>
                <span class:waits=move || register.read().as_ref().is_some_and(|one| one.waiting.unwrap_or(0) > 0)>
                    {of(|one| one.waiting.map(number_text).unwrap_or_else(none))}
                </span>
            </Cell>
            <Cell label=text::profile()><ProfileOf number register /></Cell>
            <Cell label=text::offline_database()>
                <span class="two-lines">
                    <span>{of(kept)}</span>
                    <span class="small muted">{of(tables_note)}</span>
                    <span class="small muted">{oldest}</span>
                    {move || {
                        let is_low = register.with(|one| one.as_ref().is_some_and(is_storage_low));
                        is_low.then(|| view! { <Badge text=text::storage_low() tone=Tone::Wait icon=Some(Icon::Warn) /> })
                    }}
                </span>
            </Cell>
            <Cell label=text::sales() numeric=true>
                <span class="two-lines">
                    <span class="amount" dir="ltr">{total}</span>
                    <span class="small muted">{of(|one| text::receipts_count(one.receipts_count))}</span>
                </span>
            </Cell>
            <Cell class="wide">
                <span class="row-actions">
                    <Button
                        label=text::new_code()
                        kind=ButtonKind::Quiet
                        on_press=move || state.new_code.make(state.api, number)
                        test_id=format!("new-code-{number}")
                    />
                </span>
            </Cell>
        </tr>
    }
}

/// The profile that it goes by, or is to go by where it has none yet.
#[component]
fn ProfileOf(number: u16, register: Memo<Option<Register>>) -> impl IntoView {
    let of = move |look: fn(&Register) -> bool| {
        Memo::new(move |_| register.with(|one| one.as_ref().is_some_and(look)))
    };
    let name = move || {
        register.with(|one| {
            let one = one.as_ref()?;
            one.profile_name.clone().or_else(|| one.published_name.clone())
        })
    };
    let version = move || register.with(|one| one.as_ref()?.profile_version.map(text::version));
    let is_own = of(|one| one.has_own_profile);
    let is_behind = of(|one| one.profile_version.is_some_and(|has| has != one.published_version));
    let next = move || {
        register.with(|one| {
            let one = one.as_ref()?;
            let next = one.published_name.as_ref().filter(|next| one.profile_name.as_ref() != Some(*next));
            next.filter(|_| one.profile_version.is_some()).map(|next| text::next_profile(next))
        })
    };
    view! {
        <span class="two-lines">
            <span dir="auto" class="breaks">{name}</span>
            <span class="small muted">{version}</span>
            <span class="small muted breaks" dir="auto">{next}</span>
            <span class="badges">
                {move || is_own.get().then(|| view! {
                    <Badge text=text::own_profile() test_id=format!("register-own-profile-{number}") />
                })}
                {move || is_behind.get().then(|| view! { <Badge text=text::behind() tone=Tone::Wait /> })}
            </span>
        </span>
    }
    .into_any()
}

/// What somebody has to look at there, whether or not the register is online.
#[component]
fn Troubles(number: u16, register: Memo<Option<Register>>) -> impl IntoView {
    let has_error = Memo::new(move |_| {
        register.with(|one| {
            let error = one.as_ref().and_then(|one| one.last_error.as_ref());
            error.is_some_and(|error| error.is_now)
        })
    });
    let rejected =
        Memo::new(move |_| register.with(|one| one.as_ref().and_then(|one| one.rejected).unwrap_or(0)));
    view! {
        {move || has_error.get().then(|| view! {
            <Badge
                text=text::has_an_error()
                tone=Tone::Bad
                icon=Some(Icon::Warn)
                test_id=format!("register-error-{number}")
            />
        })}
        {move || (rejected.get() > 0).then(|| view! {
            <Badge
                text=text::rejected_entries(rejected.get())
                tone=Tone::Bad
                icon=Some(Icon::Warn)
                test_id=format!("register-rejected-{number}")
            />
        })}
    }
}

fn none() -> String {
    holdfast_ui::messages::common::none().to_owned()
}

fn last_exchange(register: &Register) -> String {
    register.last_contact_ms.map_or_else(none, |at_ms| {
        let now_ms = time::now_ms();
        // Seconds tell something for a day.
        if now_ms - at_ms < 86_400_000 {
            time::clock_seconds(at_ms)
        } else {
            time::clock_or_date(at_ms, now_ms)
        }
    })
}

fn tables_note(register: &Register) -> String {
    match (register.tables.len(), tables_behind(register)) {
        (0, _) => String::new(),
        (_, 0) => text::tables_current().to_owned(),
        (_, behind) => text::tables_behind(behind),
    }
}

/// How old the oldest of its tables is.
fn oldest_table(register: &Register, now_ms: i64) -> String {
    let oldest_ms = register.tables.iter().filter_map(|table| table.synced_at_ms).min();
    oldest_ms.map(|at_ms| text::oldest_table(&time::ago(at_ms, now_ms))).unwrap_or_default()
}

/// Rows that the register keeps and the bytes its browser has stored.
fn kept(register: &Register) -> String {
    if register.tables.is_empty() {
        return none();
    }
    let rows = text::rows_count(rows_count(register));
    match register.storage_used_bytes {
        Some(used) => text::rows_and_bytes(&rows, &size::bytes(used)),
        None => rows,
    }
}

/// Said long before it is full.
fn is_storage_low(register: &Register) -> bool {
    match (register.storage_used_bytes, register.storage_quota_bytes) {
        (Some(used), Some(quota)) => used.saturating_mul(100) >= quota.saturating_mul(STORAGE_LOW_PERCENT),
        (Some(_) | None, Some(_) | None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::mode::tests::register;
    use super::*;

    #[test]
    fn storage_is_low_from_four_fifths_on_and_never_where_it_is_not_known() {
        let with = |used, quota| Register {
            storage_used_bytes: used,
            storage_quota_bytes: quota,
            ..register(1, None)
        };
        assert!(is_storage_low(&with(Some(80), Some(100))));
        assert!(!is_storage_low(&with(Some(79), Some(100))));
        assert!(!is_storage_low(&with(Some(79), None)));
        assert!(!is_storage_low(&with(None, None)));
    }
}
