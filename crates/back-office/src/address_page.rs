//! The page of something that the address names.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::params::ParamsMap;

use crate::not_found::NotFound;

/// Shows the page of what the address names, made anew for each; another where it names nothing.
#[component]
pub fn AddressPage<Named: Clone + PartialEq + Send + Sync + 'static>(
    /// What the address names, if it can be read.
    read: fn(&ParamsMap) -> Option<Named>,
    /// The page of it.
    page: fn(Named) -> AnyView,
) -> impl IntoView {
    let params = use_params_map();
    let named = Memo::new(move |_| read(&params.read()));
    move || match named.get() {
        Some(named) => page(named),
        None => view! { <NotFound /> }.into_any(),
    }
}
