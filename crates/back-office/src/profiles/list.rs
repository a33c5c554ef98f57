//! The published profiles.

use holdfast_ui::messages::{back_office as text, number};
use holdfast_ui::{Badge, Cell, Column, DataTable, Icon, Tone, time};
use leptos::prelude::*;

use crate::api::Profile;
use crate::list_page::{ListPage, Nothing};
use crate::section::profile_href;
use crate::state::{AppState, app_state};

/// The page.
#[component]
pub fn ProfilesPage() -> impl IntoView {
    let state = app_state();
    let nothing = Nothing {
        icon: Icon::Layers,
        title: text::no_profiles(),
        detail: text::profiles_lead(),
        test_id: "no-profiles",
    };
    view! {
        <ListPage
            title=text::profiles()
            lead=text::profiles_lead()
            live=state.profiles
            ask=move || state.profiles.ask(state.api.profiles())
            nothing
        >
            <List />
        </ListPage>
    }
}

#[component]
fn List() -> impl IntoView {
    let state = app_state();
    let columns = vec![
        Column::text(text::profile()),
        Column::text(text::description()),
        Column::number(text::scopes()),
        Column::text(text::published()),
        Column::text(text::on_registers()),
    ];
    let row = |profile: Profile| view! { <Row profile /> };
    view! {
        <DataTable label=text::profiles() columns=columns>
            {move || state.profiles.get().unwrap_or_default().into_iter().map(row).collect_view()}
        </DataTable>
    }
}

#[component]
fn Row(profile: Profile) -> impl IntoView {
    let version = profile.version;
    view! {
        <tr role="row" data-testid=format!("profile-{version}")>
            <Cell>
                <a class="row-link" href=profile_href(version)>
                    <strong>{profile.name}</strong>
                    <span class="small muted">{text::version(version)}</span>
                </a>
            </Cell>
            <Cell label=text::description()>
                <span class="prose">{profile.description}</span>
            </Cell>
            <Cell label=text::scopes() numeric=true>{number(profile.scopes.len() as u64)}</Cell>
            <Cell label=text::published()>{time::full(profile.published_at_ms)}</Cell>
            <Cell label=text::on_registers()>
                <OnRegisters version />
            </Cell>
        </tr>
    }
    .into_any()
}

/// How many registers have the version already.
#[component]
pub fn OnRegisters(version: u64) -> impl IntoView {
    let state = app_state();
    let counts = Memo::new(move |_| on_registers(state, version));
    view! {
        <Badge
            text=move || {
                let (have, should) = counts.get();
                text::on_registers_of(&number(have), should)
            }
            tone=Signal::derive(move || {
                let (have, should) = counts.get();
                if have == should { Tone::Ok } else { Tone::Wait }
            })
        />
    }
}

/// How many activated registers have a version, and how many should.
fn on_registers(state: AppState, version: u64) -> (u64, u64) {
    state.registers.with(|all| {
        let should = all
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter(|one| one.activated && one.published_version == version);
        should.fold((0, 0), |(have, count), one| {
            (have + u64::from(one.profile_version == Some(version)), count + 1)
        })
    })
}
