//! One register: its device, its profile, its sales counted anew, its storage, and what it keeps.

use holdfast_ui::messages::{back_office as text, common, number as number_text};
use holdfast_ui::{Badge, Banner, Button, ButtonKind, Icon, ProgressBar, Tone, size, time};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::exports::Exports;
use super::lock::lock;
use super::mode::RegisterMode;
use super::scopes::Scopes;
use super::shifts::Shifts;
use crate::amounts;
use crate::api::{Audit, Building, Register};
use crate::facts::FactsCard;
use crate::live::keep_fresh;
use crate::not_found::NotFound;
use crate::page::{Loaded, Page};
use crate::profiles::choosing::RegisterProfile;
use crate::section::Section;
use crate::state::app_state;

/// The page of the register in the address.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let state = app_state();
    let params = use_params_map();
    let number =
        Memo::new(move |_| params.read().get("number").and_then(|number| number.parse::<u16>().ok()));
    keep_fresh(move || state.audit.ask(state.api.audit()));
    let is_known = Memo::new(move |_| {
        let number = number.get();
        state
            .registers
            .with(|all| all.is_none_or(|all| all.iter().any(|register| Some(register.number) == number)))
    });
    move || match number.get().filter(|_| is_known.get()) {
        Some(number) => view! { <Known number /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn Known(number: u16) -> impl IntoView {
    let state = app_state();
    let register = Memo::new(move |_| {
        state.registers.with(|all| all.and_then(|all| all.iter().find(|one| one.number == number).cloned()))
    });
    let has_tables =
        Memo::new(move |_| register.with(|one| one.as_ref().is_some_and(|one| !one.tables.is_empty())));
    let mode = Memo::new(move |_| {
        let now_ms = state.now_ms.get();
        register.with(|one| one.as_ref().map(|one| RegisterMode::of(one, now_ms)))
    });
    let badge = move || {
        mode.get().map(|mode| view! { <Badge text=mode.label() tone=mode.tone() icon=Some(mode.icon()) /> })
    };
    let can_lock = Memo::new(move |_| register.with(|one| one.as_ref().is_some_and(|one| one.activated)));
    let actions = view! {
        <Show when=move || can_lock.get()>
            <Button
                label=text::lock()
                icon=Icon::Lock
                kind=ButtonKind::Danger
                on_press=move || lock(state, number)
                disabled=Signal::derive(move || state.lock.is_under_way())
                test_id="lock-register"
            />
        </Show>
        <Button
            label=text::new_code_long()
            icon=Icon::Key
            kind=ButtonKind::Primary
            on_press=move || state.new_code.make(state.api, number)
            test_id=format!("new-code-{number}")
        />
    };
    view! {
        <Page
            title=move || state.register_name(number)
            below=Section::Registers
            beside=badge.into_any()
            actions=actions.into_any()
        >
            <Loaded live=state.registers ask=move || state.registers.ask(state.api.registers())>
                <div class="columns">
                    <Facts title=text::device() facts=Signal::derive(move || {
                        let now_ms = state.now_ms.get();
                        register.with(|one| device_facts(one.as_ref(), now_ms))
                    }) />
                    <SalesFacts number register />
                </div>
                <RegisterProfile number />
                {move || register.with(|one| one.as_ref().and_then(trouble))}
                {move || register.with(|one| one.as_ref().and_then(building_card))}
                {move || register.with(|one| one.as_ref().and_then(storage_card))}
                <Shifts number />
                <Scopes number has_tables />
                <Exports number />
            </Loaded>
        </Page>
    }
}

/// A name and what there is to say, perhaps with a tone.
type Fact = (&'static str, String, Tone);

fn fact(name: &'static str, value: impl Into<String>) -> Fact {
    (name, value.into(), Tone::Neutral)
}

fn device_facts(register: Option<&Register>, now_ms: i64) -> Vec<Fact> {
    let Some(register) = register else { return Vec::new() };
    let none = || common::none().to_owned();
    let at = |at_ms: Option<i64>| at_ms.map_or_else(none, time::full);
    let version = match (register.profile_version, &register.profile_name) {
        (Some(version), Some(name)) => {
            let (words, tone) = profile_words(register, version, name);
            (text::profile(), words, tone)
        }
        (Some(_) | None, _) => fact(text::profile(), none()),
    };
    let mode = RegisterMode::of(register, now_ms);
    let mode_words = match mode.since(register, |at_ms| time::clock_or_date(at_ms, now_ms)) {
        since if since.is_empty() => mode.label().to_owned(),
        since => text::mode_and_since(mode.label(), &since),
    };
    let mut facts = vec![
        fact(text::number(), register.number.to_string()),
        fact(text::state(), mode_words),
        fact(text::device(), register.device_name.clone().unwrap_or_else(none)),
        fact(text::activated_at(), at(register.activated_at_ms)),
        fact(
            text::last_exchange(),
            register.last_contact_ms.map_or_else(none, |at_ms| {
                text::at_and_ago(&time::clock_seconds(at_ms), &time::ago(at_ms, now_ms))
            }),
        ),
        version,
        fact(text::app_version(), register.app_version.clone().unwrap_or_else(none)),
    ];
    facts.extend(last_outage(register));
    facts
}

/// When it was offline last and is not any more.
fn last_outage(register: &Register) -> Option<Fact> {
    let (since_ms, until_ms) = (register.was_offline_since_ms?, register.was_offline_until_ms?);
    Some(fact(text::was_offline(), text::was_offline_from_to(&time::full(since_ms), &time::full(until_ms))))
}

/// The profile that a register goes by, and the one that it is to go by where that is another.
fn profile_words(register: &Register, version: u64, name: &str) -> (String, Tone) {
    let published = register.published_version;
    if version == published {
        return (text::profile_version(name, version), Tone::Neutral);
    }
    let words = match register.published_name.as_deref() {
        Some(next) if next != name => text::profile_to_come(name, version, next, published),
        Some(_) | None => text::profile_behind(name, version, published),
    };
    (words, Tone::Wait)
}

#[component]
fn SalesFacts(number: u16, register: Memo<Option<Register>>) -> impl IntoView {
    let state = app_state();
    let facts = Signal::derive(move || {
        let currency =
            state.store.with(|store| store.map(|store| store.currency.clone())).unwrap_or_default();
        let audit =
            state.audit.with(|all| all.and_then(|all| all.iter().find(|one| one.number == number).cloned()));
        register.with(|register| sales_facts(register, audit.as_ref(), &currency))
    });
    view! { <Facts title=text::sales() facts /> }
}

fn sales_facts(register: &Option<Register>, audit: Option<&Audit>, currency: &str) -> Vec<Fact> {
    let Some(register) = register else { return Vec::new() };
    // A register that has not spoken since it was activated may have any number of them.
    let told = |name, count: Option<u64>, tone: Tone| match count {
        None => fact(name, text::not_known()),
        Some(0) => fact(name, number_text(0)),
        Some(count) => (name, number_text(count), tone),
    };
    let mut facts = vec![
        fact(text::arrived(), text::receipts_count(register.receipts_count)),
        fact(text::total(), amounts::with_sign(register.total_minor, currency)),
        told(text::waiting(), register.waiting, Tone::Wait),
        told(text::rejected(), register.rejected, Tone::Bad),
    ];
    if let Some(audit) = audit.filter(|audit| audit.receipts_count > 0) {
        facts.extend(audit_facts(audit, currency));
    }
    facts
}

/// What the owner wants proved: none missing, none double, the sums agree.
fn audit_facts(audit: &Audit, currency: &str) -> Vec<Fact> {
    let none = common::none().to_owned();
    let range = match (audit.receipt_min, audit.receipt_max) {
        (Some(min), Some(max)) => text::receipts_from_to(&min.to_string(), &max.to_string()),
        (Some(_) | None, Some(_) | None) => none,
    };
    let gaps = match (audit.missing_count(), audit.duplicates) {
        (0, 0) => (text::receipt_numbers_check(), text::no_gap_no_double().to_owned(), Tone::Ok),
        (missing, double) => {
            (text::receipt_numbers_check(), text::gaps_and_doubles(missing, double), Tone::Bad)
        }
    };
    let sum = amounts::with_sign(audit.total_minor, currency);
    let sums = if audit.sums_agree() {
        (text::sum_of_lines(), text::sum_agrees(&sum, audit.lines_count), Tone::Ok)
    } else {
        (text::sum_of_lines(), text::sum_differs(&sum), Tone::Bad)
    };
    vec![fact(text::receipt_numbers(), range), gaps, sums]
}

/// A card of names and values.
#[component]
fn Facts(title: &'static str, facts: Signal<Vec<Fact>>) -> impl IntoView {
    view! {
        <FactsCard title>
            {move || {
                facts
                    .get()
                    .into_iter()
                    .map(|(name, value, tone)| {
                        view! {
                            <div>
                                <dt>{name}</dt>
                                <dd class=format!("tone-{}", tone.class())>{value}</dd>
                            </div>
                        }
                    })
                    .collect_view()
            }}
        </FactsCard>
    }
}

/// What last went wrong, and whether it still does.
fn trouble(register: &Register) -> Option<AnyView> {
    let error = register.last_error.clone()?;
    let title = if error.is_now { text::register_error_now() } else { text::register_error_before() };
    let tone = if error.is_now { Tone::Wait } else { Tone::Neutral };
    let texts: Vec<String> = std::iter::once(error.text).chain(error.others).collect();
    let detail = format!("{} · {}", time::full(error.at_ms), texts.join(" · "));
    Some(view! { <Banner tone title detail test_id="register-error" /> }.into_any())
}

/// How far it is with what it builds beside what it sells from.
fn building_card(register: &Register) -> Option<AnyView> {
    let Building { version, rows_have, rows_wanted } = register.building?;
    let words = text::register_building_rows(&number_text(rows_have), &number_text(rows_wanted));
    let label = text::register_building(version);
    let bar = view! {
        <ProgressBar label=label value=rows_have total=rows_wanted.max(1) count=TextProp::from(words) />
    };
    Some(view! { <section class="card padded" data-testid="register-building">{bar}</section> }.into_any())
}

fn storage_card(register: &Register) -> Option<AnyView> {
    let (used, quota) = (register.storage_used_bytes?, register.storage_quota_bytes?);
    let words = text::storage_of(&size::bytes(used), &size::bytes(quota));
    let bar =
        view! { <ProgressBar label=text::storage() value=used total=quota count=TextProp::from(words) /> };
    Some(view! { <section class="card padded">{bar}</section> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::super::mode::tests::register;
    use super::*;

    #[test]
    fn what_a_register_has_not_told_is_not_known_and_not_none() {
        let said = |waiting, rejected| {
            let register = Register { waiting, rejected, ..register(1, None) };
            let facts = sales_facts(&Some(register), None, "GBP").into_iter();
            let facts = facts.filter(|(name, ..)| [text::waiting(), text::rejected()].contains(name));
            facts.map(|(_, value, tone)| (value, tone)).collect::<Vec<_>>()
        };
        let fact = |value: &str, tone| (value.to_owned(), tone);
        let unknown = fact("Not known yet", Tone::Neutral);
        assert_eq!(said(None, None), [unknown.clone(), unknown]);
        assert_eq!(said(Some(0), Some(0)), [fact("0", Tone::Neutral), fact("0", Tone::Neutral)]);
        assert_eq!(said(Some(12), Some(1)), [fact("12", Tone::Wait), fact("1", Tone::Bad)]);
    }

    #[test]
    fn the_profile_is_named_and_so_is_the_one_that_comes() {
        let said = |published_version, published_name: &str| {
            let published_name = Some(published_name.to_owned());
            let register = Register { published_version, published_name, ..register(1, None) };
            profile_words(&register, 1, "Default pr.")
        };
        assert_eq!(said(1, "Default pr."), ("Default pr., version 1".to_owned(), Tone::Neutral));
        assert_eq!(said(3, "Default pr.").0, "Default pr., version 1; version 3 is published");
        assert_eq!(
            said(3, "Garden"),
            ("Default pr., version 1; Garden, version 3 is to come".to_owned(), Tone::Wait)
        );
    }
}
