//! After a publish: which register has which version, how far it is, what went wrong, and a way to have it try again.

use holdfast_ui::messages::{common, number, profiles as text};
use holdfast_ui::{
    Badge, Banner, Button, Cell, Column, DataTable, EmptyState, Icon, ProgressBar, Tone, time,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::editor::address;
use crate::address_page::AddressPage;
use crate::api::{ApiError, RolloutRegister};
use crate::live::keep_fresh;
use crate::page::{Loaded, Page};
use crate::section::{Section, profile_href, register_href};
use crate::state::app_state;

/// The page of the profile in the address.
#[component]
pub fn RolloutPage() -> impl IntoView {
    view! { <AddressPage read=address page=|id| view! { <Known id /> }.into_any() /> }
}

#[component]
fn Known(id: u64) -> impl IntoView {
    let state = app_state();
    state.rollout.clear();
    let ask = move || {
        state.rollout.ask(state.api.rollout(id));
        state.profiles.ask(state.api.profiles());
    };
    keep_fresh(ask);
    let name = Memo::new(move |_| {
        state.profiles.with(|all| {
            all.and_then(|all| all.profiles.iter().find(|one| one.id == id)).map(|one| one.name.clone())
        })
    });
    let title =
        move || name.get().map_or_else(|| text::rollout().to_owned(), |name| text::rollout_title(&name));
    let numbers = Memo::new(move |_| {
        state
            .rollout
            .with(|rollout| {
                rollout.map(|rollout| rollout.registers.iter().map(|one| one.number).collect::<Vec<u16>>())
            })
            .unwrap_or_default()
    });
    let done = Memo::new(move |_| {
        state.rollout.with(|rollout| {
            let registers = rollout.map(|rollout| rollout.registers.as_slice()).unwrap_or_default();
            done_of(registers)
        })
    });
    let lead = move || {
        state.rollout.with(|rollout| {
            rollout
                .and_then(|rollout| rollout.version)
                .map_or_else(|| text::rollout_lead_none().to_owned(), text::rollout_lead)
        })
    };
    let failure = RwSignal::new(None::<(String, ApiError)>);
    let actions = view! {
        <a class="button" href=profile_href(id)>{text::back_to_editor()}</a>
    };
    let columns = || {
        vec![
            Column::text(text::register()),
            Column::text(text::state()),
            Column::text(text::has_version()),
            Column::text(text::rollout_progress()),
            Column::text(text::last_contact()),
            Column::actions(text::rollout_retry()),
        ]
    };
    view! {
        <Page title=title below=Section::Profiles actions=actions.into_any()>
            <Loaded live=state.rollout ask=ask>
                <p class="muted lead">{lead}</p>
                <p role="status" data-testid="rollout-done">
                    {move || {
                        let (done, total) = done.get();
                        (total > 0).then(|| text::rollout_done(&number(done), &number(total)))
                    }}
                </p>
                {move || failure.get().map(|(name, error)| view! {
                    <Banner
                        tone=Tone::Bad
                        title=text::rollout_not_retried(&name, &error.title())
                        detail=TextProp::from(error.detail())
                        test_id="rollout-not-retried"
                    >
                        <Button label=common::close() on_press=move || failure.set(None) />
                    </Banner>
                })}
                <Show
                    when=move || !numbers.with(Vec::is_empty)
                    fallback=|| view! {
                        <div class="card">
                            <EmptyState
                                icon=Icon::Register
                                title=text::rollout_nobody()
                                detail=TextProp::from(text::rollout_nobody_detail())
                                test_id="rollout-nobody"
                            />
                        </div>
                    }
                >
                    <DataTable label=text::rollout() columns=columns() early=true test_id="rollout">
                        <For
                            each=move || numbers.get()
                            key=|number| *number
                            children=move |number| view! { <Row id number failure /> }
                        />
                    </DataTable>
                </Show>
            </Loaded>
        </Page>
    }
}

#[component]
fn Row(id: u64, number: u16, failure: RwSignal<Option<(String, ApiError)>>) -> impl IntoView {
    let state = app_state();
    let register = Memo::new(move |_| {
        state.rollout.with(|rollout| rollout?.registers.iter().find(|one| one.number == number).cloned())
    });
    let name =
        Memo::new(move |_| register.with(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or_default());
    let of = move |show: fn(&RolloutRegister) -> Option<String>| {
        move || register.with(|one| one.as_ref().and_then(show)).unwrap_or_else(|| common::none().to_owned())
    };
    let stage =
        Memo::new(move |_| register.with(|one| one.as_ref().map_or("", |one| stage_name(&one.state))));
    let asked = Memo::new(move |_| register.with(|one| one.as_ref().is_some_and(|one| one.retry_asked)));
    let counts = Memo::new(move |_| {
        register.with(|one| one.as_ref().and_then(|one| one.rows_have.map(|have| (have, one.rows_wanted))))
    });
    let knows_rows = Memo::new(move |_| counts.get().is_some());
    let retry = move |_| {
        spawn_local(async move {
            let outcome = state.api.retry_register(number).await;
            failure.try_set(outcome.err().map(|error| (state.register_name(number), error)));
            state.rollout.ask_anew(state.api.rollout(id));
        });
    };
    view! {
        <tr role="row" data-testid=format!("rollout-{number}")>
            <Cell>
                <a class="row-link" href=register_href(number)>
                    <strong dir="auto" class="breaks">{move || name.get()}</strong>
                </a>
            </Cell>
            <Cell label=text::state()>
                <span class="two-lines">
                    {move || {
                        let (words, tone, icon) = stage_words(stage.get());
                        view! { <Badge text=words tone=tone icon=Some(icon) test_id=format!("rollout-state-{number}") /> }
                    }}
                    <span class="small bad-text" lang="en" dir="auto">
                        {move || register.with(|one| one.as_ref().and_then(|one| one.error.clone()))}
                    </span>
                </span>
            </Cell>
            <Cell label=text::has_version()>{of(|one| one.version.map(text::published_version))}</Cell>
            <Cell label=text::rollout_progress()>
                <Show when=move || knows_rows.get() fallback=|| common::none()>
                    <ProgressBar
                        label=TextProp::from(move || name.get())
                        value=Signal::derive(move || counts.get().unwrap_or_default().0)
                        total=Signal::derive(move || counts.get().unwrap_or_default().1)
                    />
                </Show>
            </Cell>
            <Cell label=text::last_contact()>
                {of(|one| one.last_contact_ms.map(|at| time::clock_or_date(at, time::now_ms())))}
            </Cell>
            <Cell class="wide">
                <span class="row-actions">
                    {move || {
                        let can_retry = !matches!(
                            stage.get(),
                            "has_it" | "not_activated" | "locked" | "needs_newer_app"
                        );
                        if asked.get() {
                            Some(view! { <span class="small muted">{text::rollout_retry_asked()}</span> }.into_any())
                        } else if can_retry {
                            Some(view! {
                                <button
                                    type="button"
                                    class="button quiet"
                                    aria-label=move || text::rollout_retry_named(&name.get())
                                    data-testid=format!("rollout-retry-{number}")
                                    on:click=retry
                                >
                                    {text::rollout_retry()}
                                </button>
                            }
                            .into_any())
                        } else {
                            None
                        }
                    }}
                </span>
            </Cell>
        </tr>
    }
    .into_any()
}

/// How many registers have the version, of those that some device is: as the list of profiles counts them.
fn done_of(registers: &[RolloutRegister]) -> (u64, u64) {
    let activated = registers.iter().filter(|one| !matches!(one.state.as_str(), "not_activated" | "locked"));
    let has_it = activated.clone().filter(|one| one.state == "has_it");
    (has_it.count() as u64, activated.count() as u64)
}

/// A stage that this page knows; another is shown as waiting.
fn stage_name(state: &str) -> &'static str {
    [
        "has_it",
        "building",
        "waits",
        "waits_for_start",
        "waits_for_somebody",
        "offline",
        "error",
        "not_activated",
        "locked",
        "needs_newer_app",
    ]
    .into_iter()
    .find(|known| *known == state)
    .unwrap_or("waits")
}

fn stage_words(stage: &str) -> (&'static str, Tone, Icon) {
    match stage {
        "has_it" => (text::rollout_has_it(), Tone::Ok, Icon::Tick),
        "building" => (text::rollout_building(), Tone::Accent, Icon::Down),
        "offline" => (text::rollout_offline(), Tone::Wait, Icon::Offline),
        "error" => (text::rollout_error(), Tone::Bad, Icon::Warn),
        "not_activated" => (text::rollout_not_activated(), Tone::Neutral, Icon::Key),
        "needs_newer_app" => (text::rollout_needs_newer_app(), Tone::Bad, Icon::Warn),
        "locked" => (text::rollout_locked(), Tone::Neutral, Icon::Lock),
        "waits_for_start" => (text::rollout_waits_for_start(), Tone::Wait, Icon::Clock),
        "waits_for_somebody" => (text::rollout_waits_for_somebody(), Tone::Wait, Icon::Clock),
        _ => (text::rollout_waits(), Tone::Wait, Icon::Clock),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_that_no_device_is_neither_has_the_version_nor_lacks_it() {
        let register = |state: &str| RolloutRegister {
            number: 1,
            name: "Till 1".to_owned(),
            version: None,
            state: state.to_owned(),
            rows_have: None,
            rows_wanted: 600,
            last_contact_ms: None,
            error: None,
            retry_asked: false,
        };
        let states = ["has_it", "locked", "not_activated", "offline", "waits"];
        assert_eq!(done_of(&states.map(register)), (1, 3));
    }
}
