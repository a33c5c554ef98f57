//! Names and values, one below the other.

use leptos::prelude::*;

/// A name and its value.
pub fn fact(name: impl Into<String>, value: impl IntoView + 'static) -> AnyView {
    let name: String = name.into();
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// A card of them.
#[component]
pub fn FactsCard(
    /// What they are about.
    title: &'static str,
    /// The names and values.
    children: Children,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    view! {
        <section class="card padded" data-testid=test_id>
            <h2>{title}</h2>
            <dl class="facts">{children()}</dl>
        </section>
    }
    .into_any()
}
