//! A page with a list from the store server: what it is about, its rows, or why there are none.

use holdfast_ui::{EmptyState, Icon};
use leptos::prelude::*;

use crate::live::{Live, keep_fresh};
use crate::page::{Loaded, Page};

/// What stands where a list has no rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nothing {
    /// Its picture.
    pub icon: Icon,
    /// What is not here.
    pub title: &'static str,
    /// Why, and what comes here.
    pub detail: &'static str,
    /// For tests.
    pub test_id: &'static str,
}

/// The page. It asks again every few seconds while it is looked at.
#[component]
pub fn ListPage<T: Clone + PartialEq + Send + Sync + 'static>(
    /// Its heading.
    title: &'static str,
    /// What its rows are.
    lead: &'static str,
    /// The list.
    live: Live<Vec<T>>,
    /// Asks for it again.
    ask: impl Fn() + Copy + Send + Sync + 'static,
    /// Instead of rows.
    nothing: Nothing,
    /// The rows; made once, and read the list themselves.
    children: ChildrenFn,
) -> impl IntoView {
    keep_fresh(ask);
    let is_empty = Memo::new(move |_| live.with(|all| all.is_none_or(Vec::is_empty)));
    let children = StoredValue::new(children);
    view! {
        <Page title>
            <Loaded live ask>
                {move || {
                    if is_empty.get() {
                        let Nothing { icon, title, detail, test_id } = nothing;
                        view! {
                            <div class="card">
                                <EmptyState icon title detail=TextProp::from(detail) test_id />
                            </div>
                        }
                        .into_any()
                    } else {
                        view! {
                            <p class="muted lead">{lead}</p>
                            {children.with_value(|children| children())}
                        }
                        .into_any()
                    }
                }}
            </Loaded>
        </Page>
    }
}
