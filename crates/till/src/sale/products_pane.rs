//! Search, categories and tiles.

use holdfast_ui::messages::till as text;
use holdfast_ui::{EmptyState, Icon, IconButton, IconView, messages};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::elsewhere::ElsewhereProducts;
use super::notice_bar::NoticeBar;
use super::shelf;
use super::tile::{Tile, TileButton};
use crate::live;
use crate::look_up::elsewhere::Elsewhere;
use crate::pictures;
use crate::till::{Till, use_till};

/// The search's id in the page.
const SEARCH: &str = "search";

/// The pane.
#[component]
pub fn ProductsPane() -> impl IntoView {
    let till = use_till();
    let tiles = shelf::tiles(till);
    Effect::new(move |_| {
        pictures::show(till, tiles.with(|tiles| tiles.iter().map(|tile| tile.sku.clone()).collect()));
    });
    let is_empty = Memo::new(move |_| tiles.with(Vec::is_empty));
    let nothing = live::maybe(move || {
        if !is_empty.get() || till.products_elsewhere.with(Elsewhere::may_offer) {
            return None;
        }
        let typed = till.sought.get();
        // What the store server was asked for is nowhere, or the line below says why that is not known.
        let knows_all = till.keeps_all_products.get()
            || till.products_elsewhere.with(|elsewhere| *elsewhere != Elsewhere::NotAsked);
        let (icon, title, detail) = match (typed.trim(), knows_all) {
            ("", true) if till.category.with(Option::is_some) => {
                (Icon::Box, text::category_none().to_owned(), text::category_none_detail())
            }
            ("", true) => (Icon::Box, text::products_none().to_owned(), text::products_none_detail()),
            ("", false) => {
                (Icon::Box, text::products_none_kept().to_owned(), text::products_none_kept_detail())
            }
            (typed, true) => (Icon::Search, text::search_nothing(typed), text::search_nothing_detail()),
            (typed, false) => (Icon::Search, text::search_nothing(typed), text::search_nothing_kept_detail()),
        };
        Some(view! { <EmptyState icon title detail /> }.into_any())
    });
    view! {
        <SearchField />
        <Categories />
        <div class="tiles-frame" tabindex="-1">
            <div class="tiles" class:with-pictures=live::flag(move || till.pictures.are_kept())>
                <For each=move || tiles.get() key=Tile::clone let:tile>
                    <TileButton tile />
                </For>
            </div>
            {nothing}
            <ElsewhereProducts />
        </div>
        <NoticeBar />
    }
}

/// Puts the caret into the search.
pub fn focus_search() {
    let field = document().get_element_by_id(SEARCH);
    let field = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(field) = field
        && field.focus().is_err()
    {
        leptos::logging::warn!("the search could not take the focus");
    }
}

#[component]
fn SearchField() -> impl IntoView {
    let till = use_till();
    let hint = live::words(move || {
        text::search_hint(till.catalogue.with(|catalogue| catalogue.products.len() as u64))
    });
    let has_text = Memo::new(move |_| till.sought.with(|sought| !sought.is_empty()));
    view! {
        <label class="search">
            <IconView icon=Icon::Search />
            <span class="unseen">{text::search_label()}</span>
            <input
                id=SEARCH
                type="text"
                inputmode="search"
                enterkeyhint="done"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                data-testid="search"
                placeholder=hint
                prop:value=live::words(move || till.search.get())
                on:input:target=move |event| till.search.set(event.target().value())
            />
            {live::maybe(move || has_text.get().then(|| view! {
                <IconButton
                    icon=Icon::Cross
                    label=text::search_clear()
                    kind=holdfast_ui::ButtonKind::Quiet
                    on_press=move || till.clear_search()
                    test_id="search-clear"
                />
            }.into_any()))}
        </label>
    }
}

#[component]
fn Categories() -> impl IntoView {
    let till = use_till();
    let categories = Memo::new(move |_| {
        till.catalogue.with(|catalogue| {
            let categories = catalogue.shop.categories.iter();
            categories.map(|category| (category.code.clone(), category.name.clone())).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="chips" role="group" aria-label=text::categories_label()>
            {chip(till, None, text::best_sellers().to_owned())}
            {live::parts(move || categories.get().into_iter().map(|(code, name)| chip(till, Some(code), name)).collect())}
        </div>
    }
}

fn chip(till: Till, code: Option<String>, name: String) -> AnyView {
    let test_id = code.as_ref().map_or_else(|| "category-best".to_owned(), |code| format!("category-{code}"));
    let (wanted, pressed) = (code.clone(), code);
    // While a search is on, no category is what is shown.
    let is_on =
        Memo::new(move |_| !till.is_searching.get() && till.category.with(|category| *category == wanted));
    view! {
        <button
            type="button"
            class="chip"
            data-testid=test_id
            aria-pressed=live::words(move || is_on.get().to_string())
            on:click=live::press(move || {
                till.clear_search();
                till.category.set(pressed.clone());
            })
        >
            {name}
        </button>
    }
    .into_any()
}

/// How many products there are, for the line below the tiles.
pub fn products_count(till: Till) -> String {
    messages::number(till.catalogue.with(|catalogue| catalogue.products.len() as u64))
}
