//! One profile: its lines and its device configuration, in tabs.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{Badge, Icon, Tab, TabPanel, Tabs, Tone, time};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::device::DeviceConfigurationView;
use super::lines::Lines;
use super::list::OnRegisters;
use crate::api::Profile;
use crate::live::keep_fresh;
use crate::not_found::NotFound;
use crate::page::{Loaded, Page};
use crate::section::Section;
use crate::state::app_state;

/// The page of the profile in the address.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let state = app_state();
    let params = use_params_map();
    let version =
        Memo::new(move |_| params.read().get("version").and_then(|version| version.parse::<u64>().ok()));
    let ask = move || {
        state.profiles.ask(state.api.profiles());
        state.store.ask(state.api.store());
    };
    keep_fresh(ask);
    let profile = Memo::new(move |_| {
        let version = version.get();
        state
            .profiles
            .with(|all| all.and_then(|all| all.iter().find(|one| Some(one.version) == version).cloned()))
    });
    let is_unknown = move || state.profiles.with(|all| all.is_some()) && profile.read().is_none();
    let title = Memo::new(move |_| {
        profile.with(|profile| {
            profile.as_ref().map_or_else(|| text::profile().to_owned(), |one| one.name.clone())
        })
    });
    move || {
        if is_unknown() {
            return view! { <NotFound /> }.into_any();
        }
        let beside = move || profile.get().map(|profile| view! { <Published profile /> });
        view! {
            <Page title=move || title.get() below=Section::Profiles beside=beside.into_any()>
                <Loaded live=state.profiles ask=ask>
                    {move || profile.get().map(|profile| view! { <Content profile /> })}
                </Loaded>
            </Page>
        }
        .into_any()
    }
}

#[component]
fn Published(profile: Profile) -> impl IntoView {
    view! {
        <Badge text=text::version(profile.version) tone=Tone::Accent icon=Some(Icon::Tick) />
        <OnRegisters version=profile.version />
        <span class="small muted">{text::published_at(&time::full(profile.published_at_ms))}</span>
    }
}

#[component]
fn Content(profile: Profile) -> impl IntoView {
    let selected = RwSignal::new("lines");
    let tabs = vec![
        Tab { id: "lines", label: text::line_details().to_owned() },
        Tab { id: "device", label: text::device_configuration().to_owned() },
    ];
    view! {
        <p class="muted lead">{profile.description.clone()}</p>
        <Tabs label=text::profile() tabs selected />
        <TabPanel id="lines" selected>
            <Lines scopes=profile.scopes />
        </TabPanel>
        <TabPanel id="device" selected>
            <DeviceConfigurationView device=profile.device />
        </TabPanel>
    }
}
