//! The first download: how far it is, scope by scope.

use holdfast_sync::{Mode, ScopeStatus};
use holdfast_ui::messages::till as text;
use holdfast_ui::{Banner, Icon, IconView, ProgressBar, Tone};
use leptos::prelude::*;

use crate::live;
use crate::till::use_till;

/// The screen.
#[component]
pub fn DownloadScreen() -> impl IntoView {
    let till = use_till();
    let progress = Memo::new(move |_| {
        till.connection.status.with(|status| status.as_ref().and_then(|status| status.download_progress))
    });
    let rows = Signal::derive(move || progress.get().map_or(0, |(rows, _)| rows));
    let total = Signal::derive(move || progress.get().map_or(0, |(_, total)| total));
    let scopes = Memo::new(move |_| {
        till.connection.status.with(|status| {
            let scopes = status.as_ref().map(|status| status.scopes.as_slice()).unwrap_or_default();
            scopes.iter().filter_map(step).collect::<Vec<_>>()
        })
    });
    let is_away = Memo::new(move |_| match till.connection.mode() {
        None | Some(Mode::Online | Mode::Reconnecting { .. }) => false,
        Some(Mode::Waiting { .. } | Mode::Offline { .. }) => true,
    });
    // A profile that came since may have more, which is still on its way.
    let lacks = Memo::new(move |_| {
        let status = till.connection.status;
        till.loading.lacks.get() && status.with(|status| status.as_ref().is_some_and(|s| s.ready_to_sell))
    });
    view! {
        <main class="centred">
            <section class="panel narrow" data-testid="download">
                <h1 tabindex="-1">{text::download_title()}</h1>
                <p class="muted">{text::download_detail()}</p>
                <ProgressBar label=text::download_rows() value=rows total=total test_id="download-progress" />
                <ol class="steps">
                    {live::parts(move || scopes.get().into_iter().map(|(name, is_complete)| view! {
                        <li class:done=is_complete>
                            <IconView icon=if is_complete { Icon::Tick } else { Icon::Down } />
                            <span>{name}</span>
                        </li>
                    }.into_any()).collect())}
                </ol>
                <div class="message-slot">
                    {live::maybe(move || lacks.get().then(|| view! {
                        <Banner
                            tone=Tone::Bad
                            title=text::download_lacks()
                            detail=text::download_lacks_detail()
                            test_id="download-lacks"
                        />
                    }.into_any()))}
                    {live::maybe(move || is_away.get().then(|| view! {
                        <Banner tone=Tone::Wait title=text::download_waits() detail=text::download_waits_detail() />
                    }.into_any()))}
                </div>
            </section>
        </main>
    }
}

/// A scope that comes down, and whether it is here.
fn step(scope: &ScopeStatus) -> Option<(String, bool)> {
    let comes_down = scope.direction != holdfast_profile::Direction::Upload;
    comes_down.then(|| (scope.name.clone(), scope.tables.iter().all(|table| table.complete)))
}
