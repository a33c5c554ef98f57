//! Tabs: one of several panels, chosen by pointer or arrow keys.

use leptos::prelude::*;

/// A tab: the id of its panel and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Unique in the page; also the end of the test id `tab-ID`.
    pub id: &'static str,
    /// In words.
    pub label: String,
}

/// How many things on each tab want to be looked at.
#[derive(Debug, Clone, Copy)]
pub struct TabMarks {
    /// By the tab's id; nothing is shown for none.
    pub counts: Signal<std::collections::BTreeMap<&'static str, u64>>,
    /// The count in words.
    pub words: fn(u64) -> String,
}

/// The row of tabs. The panels are [`TabPanel`]s with the same ids and the same `selected`.
#[component]
pub fn Tabs(
    /// What the tabs choose between.
    #[prop(into)]
    label: TextProp,
    /// In order.
    tabs: Vec<Tab>,
    /// The id of the chosen one.
    selected: RwSignal<&'static str>,
    /// How many things on a tab want to be looked at, by its id; and in words.
    #[prop(optional)]
    marks: Option<TabMarks>,
) -> impl IntoView {
    let ids: Vec<&'static str> = tabs.iter().map(|tab| tab.id).collect();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let key = event.key();
        let Some(to) = neighbour(&ids, selected.get_untracked(), mirrored(&key, is_right_to_left())) else {
            return;
        };
        event.prevent_default();
        selected.set(to);
        let tab = document().get_element_by_id(&tab_id(to));
        if let Some(tab) =
            tab.and_then(|tab| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(tab).ok())
            && tab.focus().is_err()
        {
            leptos::logging::warn!("a tab could not take the focus");
        }
    };
    // Where there is no room for all of them, the chosen one is in sight.
    Effect::new(move |_| {
        if let Some(tab) = document().get_element_by_id(&tab_id(selected.get())) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            tab.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let buttons = tabs.into_iter().map(|tab| {
        let is_selected = move || selected.get() == tab.id;
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                id=tab_id(tab.id)
                aria-controls=panel_id(tab.id)
                aria-selected=move || is_selected().to_string()
                tabindex=move || if is_selected() { "0" } else { "-1" }
                data-testid=tab_id(tab.id)
                on:click=move |_| selected.set(tab.id)
            >
                {tab.label}
                {marks.map(|marks| move || mark(marks, tab.id))}
            </button>
        }
    });
    view! {
        <div class="tabs" role="tablist" aria-label=move || label.get() on:keydown=on_key>
            {buttons.collect_view()}
        </div>
    }
    .into_any()
}

/// What a tab shows; hidden while another is chosen.
#[component]
pub fn TabPanel(
    /// The tab's id.
    id: &'static str,
    /// The id of the chosen one.
    selected: RwSignal<&'static str>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="tab-panel"
            role="tabpanel"
            id=panel_id(id)
            aria-labelledby=tab_id(id)
            hidden=move || selected.get() != id
        >
            {children()}
        </div>
    }
    .into_any()
}

fn mark(marks: TabMarks, id: &str) -> Option<impl IntoView + use<>> {
    let count = marks.counts.with(|counts| counts.get(id).copied().unwrap_or(0));
    (count > 0).then(|| {
        view! {
            <span class="tab-mark">
                <span aria-hidden="true">{count.to_string()}</span>
                <span class="unseen">{(marks.words)(count)}</span>
            </span>
        }
    })
}

fn tab_id(id: &str) -> String {
    format!("tab-{id}")
}

fn panel_id(id: &str) -> String {
    format!("panel-{id}")
}

fn is_right_to_left() -> bool {
    document().document_element().and_then(|root| root.get_attribute("dir")).as_deref() == Some("rtl")
}

/// Where a language is written from right to left, the next tab is at the left.
fn mirrored(key: &str, is_right_to_left: bool) -> &str {
    match key {
        "ArrowRight" if is_right_to_left => "ArrowLeft",
        "ArrowLeft" if is_right_to_left => "ArrowRight",
        other => other,
    }
}

/// The tab that an arrow key, Home or End leads to.
fn neighbour(ids: &[&'static str], from: &str, key: &str) -> Option<&'static str> {
    let at = ids.iter().position(|id| *id == from)?;
    let last = ids.len() - 1;
    let to = match key {
        "ArrowRight" => (at + 1) % ids.len(),
        "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    ids.get(to).copied()
}

#[cfg(test)]
mod tests {
    use super::{mirrored, neighbour};

    #[test]
    fn arrows_go_round_and_other_keys_go_nowhere() {
        let ids = ["a", "b", "c"];
        assert_eq!(neighbour(&ids, "c", "ArrowRight"), Some("a"));
        assert_eq!(neighbour(&ids, "a", "ArrowLeft"), Some("c"));
        assert_eq!(neighbour(&ids, "b", "End"), Some("c"));
        assert_eq!(neighbour(&ids, "b", "x"), None);
        assert_eq!(neighbour(&ids, "a", mirrored("ArrowLeft", true)), Some("b"));
    }
}
