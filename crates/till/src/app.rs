//! Which screen is shown. The till itself is made here and outlives them all.

use holdfast_ui::messages::till as text;
use holdfast_ui::{RouteAnnouncer, Skeleton};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::activation::screen::ActivationScreen;
use crate::customers::CustomerDialog;
use crate::done::screen::DoneScreen;
use crate::download::DownloadScreen;
use crate::header::Header;
use crate::live;
use crate::offline_database::screen::OfflineDatabaseScreen;
use crate::other_tab::OtherTabScreen;
use crate::pad::dialog::PadDialog;
use crate::pay::screen::PayScreen;
use crate::sale::screen::SaleScreen;
use crate::sales_list::screen::SalesScreen;
use crate::session::screen::SignInScreen;
use crate::shift::screen::ShiftScreen;
use crate::till::{Place, Stage, Till};
use crate::trouble::{FailedScreen, NoServiceWorkerScreen};
use crate::{keyboard, start};

/// What is on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Screen {
    Starting,
    NoServiceWorker,
    OtherTab,
    Failed(String),
    Activation,
    Download,
    SignIn,
    Place(Place),
}

impl Screen {
    fn of(till: Till) -> Screen {
        match till.stage.get() {
            Stage::Download | Stage::Ready if till.activation.is_wanted.get() => Screen::Activation,
            Stage::Starting => Screen::Starting,
            Stage::NoServiceWorker => Screen::NoServiceWorker,
            Stage::OtherTab => Screen::OtherTab,
            Stage::Failed(reason) => Screen::Failed(reason),
            Stage::Activation => Screen::Activation,
            Stage::Download => Screen::Download,
            Stage::Ready if till.cashier.with(Option::is_none) => Screen::SignIn,
            Stage::Ready => Screen::Place(till.place.get()),
        }
    }

    /// What a screen reader says when it comes.
    fn name(&self) -> &'static str {
        match self {
            Screen::Starting => text::screen_starting(),
            Screen::NoServiceWorker | Screen::Failed(_) => text::screen_trouble(),
            Screen::OtherTab => text::other_tab_title(),
            Screen::Activation => text::activation_title(),
            Screen::Download => text::download_title(),
            Screen::SignIn => text::sign_in_title(),
            Screen::Place(Place::Sale) => text::screen_sale(),
            Screen::Place(Place::Pay) => text::screen_pay(),
            Screen::Place(Place::Done) => text::screen_done(),
            Screen::Place(Place::Sales) => text::sales_title(),
            Screen::Place(Place::OfflineDatabase) => text::database_title(),
            Screen::Place(Place::Shift) => text::shift_title(),
        }
    }

    /// Whether this is a register, so that its connection is of interest.
    fn has_header(&self) -> bool {
        match self {
            Screen::Starting
            | Screen::NoServiceWorker
            | Screen::OtherTab
            | Screen::Failed(_)
            | Screen::Activation => false,
            Screen::Download | Screen::SignIn | Screen::Place(_) => true,
        }
    }

    fn view(self) -> AnyView {
        match self {
            Screen::Starting => view! { <main class="centred"><Skeleton /></main> }.into_any(),
            Screen::NoServiceWorker => view! { <NoServiceWorkerScreen /> }.into_any(),
            Screen::OtherTab => view! { <OtherTabScreen /> }.into_any(),
            Screen::Failed(reason) => view! { <FailedScreen reason /> }.into_any(),
            Screen::Activation => view! { <ActivationScreen /> }.into_any(),
            Screen::Download => view! { <DownloadScreen /> }.into_any(),
            Screen::SignIn => view! { <SignInScreen /> }.into_any(),
            Screen::Place(Place::Sale) => view! { <SaleScreen /> }.into_any(),
            Screen::Place(Place::Pay) => view! { <PayScreen /> }.into_any(),
            Screen::Place(Place::Done) => view! { <DoneScreen /> }.into_any(),
            Screen::Place(Place::Sales) => view! { <SalesScreen /> }.into_any(),
            Screen::Place(Place::OfflineDatabase) => view! { <OfflineDatabaseScreen /> }.into_any(),
            Screen::Place(Place::Shift) => view! { <ShiftScreen /> }.into_any(),
        }
    }
}

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let till = Till::new();
    provide_context(till);
    keyboard::listen(till);
    start::start(till);
    let screen = Memo::new(move |_| Screen::of(till));
    let has_header = Memo::new(move |_| screen.with(Screen::has_header));
    let page = Signal::derive(move || screen.with(Screen::name).to_owned());
    Effect::new(move |earlier: Option<()>| {
        screen.track();
        if earlier.is_some() {
            request_animation_frame(focus_heading);
        }
    });
    view! {
        <RouteAnnouncer page title=|page: String| text::page_title_of(&page) />
        <div class="till">
            {live::maybe(move || has_header.get().then(|| view! { <Header /> }.into_any()))}
            {live::part(move || screen.get().view())}
        </div>
        <PadDialog />
        <CustomerDialog />
    }
}

/// Reading goes on at the new screen's heading, not on a button that is gone.
fn focus_heading() {
    let heading = document().query_selector("main h1[tabindex]").ok().flatten();
    let heading = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(heading) = heading
        && heading.focus().is_err()
    {
        leptos::logging::warn!("the heading could not take the focus");
    }
}
