//! Offline products and offline customers: which of them registers keep, with live counts.

use holdfast_profile::{OfflineCustomers, OfflineProducts, TableId};
use holdfast_ui::messages::{number, profiles as text};
use holdfast_ui::{CheckEntry, Entry, FieldKind, Icon, size};
use leptos::prelude::*;

use super::field_below::{error_unless_below, field_unless_below};
use super::radio_cards::{RadioCard, RadioCards};
use super::state::Editor;
use crate::live::keep_fresh;
use crate::profiles::words::table_label;
use crate::state::app_state;

/// What a choice begins with.
const DAYS: u32 = 90;
const TOP: u32 = 500;

const PRODUCTS: &str = "offline_products";
const CUSTOMERS: &str = "offline_customers";

/// The name by which the page knows a choice of products.
fn name_of(products: &OfflineProducts) -> &'static str {
    match products {
        OfflineProducts::All => "all",
        OfflineProducts::Categories { .. } => "categories",
        OfflineProducts::SoldInLastDays { .. } => "sold",
        OfflineProducts::TopBySales { .. } => "top",
    }
}

/// The tab of products.
#[component]
pub fn Products(editor: Editor) -> impl IntoView {
    let state = app_state();
    keep_fresh(move || {
        if !state.categories.is_known() {
            state.categories.ask(state.api.categories());
        }
    });
    let chosen = editor.part(|copy| name_of(&copy.profile.offline_products).to_owned());
    // What a choice was set to comes back with it.
    let left = StoredValue::new(vec![
        OfflineProducts::Categories { codes: Vec::new() },
        OfflineProducts::SoldInLastDays { days: DAYS },
        OfflineProducts::TopBySales { count: TOP },
        OfflineProducts::All,
    ]);
    let choose = move |name: &'static str| {
        editor.edit(|copy| {
            copy.forget_typed(PRODUCTS);
            let before = copy.profile.offline_products.clone();
            left.update_value(|left| {
                left.retain(|known| name_of(known) != name_of(&before));
                left.push(before);
            });
            let next = left.with_value(|left| left.iter().find(|known| name_of(known) == name).cloned());
            copy.profile.offline_products = next.unwrap_or(OfflineProducts::All);
        });
    };
    let cards = vec![
        card("all", text::products_all(), text::products_all_note(), Icon::Box),
        card("categories", text::products_categories(), text::products_categories_note(), Icon::Layers),
        card("sold", text::products_sold(), text::products_sold_note(), Icon::Clock),
        card("top", text::products_top(), text::products_top_note(), Icon::Up),
    ];
    let count = editor.part(|copy| {
        copy.shown(PRODUCTS, || match copy.profile.offline_products {
            OfflineProducts::SoldInLastDays { days } => days.to_string(),
            OfflineProducts::TopBySales { count } => count.to_string(),
            OfflineProducts::All | OfflineProducts::Categories { .. } => String::new(),
        })
    });
    let type_count = move |typed: String| {
        editor.edit(|copy| {
            copy.type_count(PRODUCTS, typed, |profile, number| {
                if let OfflineProducts::TopBySales { count } = &mut profile.offline_products {
                    *count = number;
                } else {
                    profile.offline_products = OfflineProducts::SoldInLastDays { days: number };
                }
            });
        });
    };
    let has_number = Signal::derive(move || matches!(chosen.get().as_str(), "sold" | "top"));
    let below = move || match chosen.get().as_str() {
        "categories" => view! { <Categories editor /> }.into_any(),
        "sold" => view! {
            <Number
                editor
                path=PRODUCTS
                label=text::days()
                help=text::days_help()
                value=count
                on_input=type_count
                test_id="products-days"
            />
        }
        .into_any(),
        "top" => view! {
            <Number
                editor
                path=PRODUCTS
                label=text::top_count()
                help=text::top_count_help()
                value=count
                on_input=type_count
                test_id="products-count"
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <section class="card padded stack">
            <p class="muted">{text::products_lead()}</p>
            <RadioCards
                legend=text::products_choice()
                cards=cards
                value=chosen
                on_choose=choose
                error=error_unless_below(has_number, editor.error_below(PRODUCTS))
                field=field_unless_below(has_number, Signal::stored(PRODUCTS.to_owned()))
                test_id="products"
            />
            {below}
        </section>
        <Counts editor tables=[TableId::Product, TableId::Barcode, TableId::Price] />
    }
    .into_any()
}

#[component]
fn Categories(editor: Editor) -> impl IntoView {
    let state = app_state();
    let codes = editor.part(|copy| match &copy.profile.offline_products {
        OfflineProducts::Categories { codes } => codes.clone(),
        OfflineProducts::All
        | OfflineProducts::SoldInLastDays { .. }
        | OfflineProducts::TopBySales { .. } => Vec::new(),
    });
    // Categories of the profile that the catalogue has not stay in sight, so that they can be taken out.
    let all = Memo::new(move |_| {
        let mut all: Vec<(String, String, u64)> = state
            .categories
            .with(|all| {
                all.map(|all| {
                    all.iter().map(|one| (one.code.clone(), one.name.clone(), one.products)).collect()
                })
            })
            .unwrap_or_default();
        for code in codes.get() {
            if !all.iter().any(|(known, _, _)| *known == code) {
                all.push((code.clone(), code, 0));
            }
        }
        all
    });
    let set = move |code: String, keep: bool| {
        editor.edit(|copy| {
            if let OfflineProducts::Categories { codes } = &mut copy.profile.offline_products {
                codes.retain(|known| *known != code);
                if keep {
                    codes.push(code);
                }
            }
        });
    };
    let boxes = move || {
        let category = |(code, name, products): (String, String, u64)| {
            let (shown, changed, test_id) = (code.clone(), code.clone(), format!("category-{code}"));
            view! {
                <CheckEntry
                    label=name
                    help=TextProp::from(text::category_products(products))
                    value=Signal::derive(move || codes.with(|codes| codes.contains(&shown)))
                    on_change=move |keep| set(changed.clone(), keep)
                    test_id=test_id
                />
            }
        };
        all.get().into_iter().map(category).collect_view()
    };
    view! {
        <fieldset class="check-grid">
            <legend>{text::categories()}</legend>
            {boxes}
        </fieldset>
    }
    .into_any()
}

/// The tab of customers.
#[component]
pub fn Customers(editor: Editor) -> impl IntoView {
    let chosen = editor.part(|copy| match copy.profile.offline_customers {
        OfflineCustomers::AllOfThisStore => "all".to_owned(),
        OfflineCustomers::SeenInLastDays { .. } => "seen".to_owned(),
        OfflineCustomers::None => "none".to_owned(),
    });
    let choose = move |name: &'static str| {
        editor.edit(|copy| {
            copy.forget_typed(CUSTOMERS);
            copy.profile.offline_customers = match name {
                "seen" => OfflineCustomers::SeenInLastDays { days: DAYS },
                "none" => OfflineCustomers::None,
                _ => OfflineCustomers::AllOfThisStore,
            };
        });
    };
    let cards = vec![
        card("all", text::customers_all(), text::customers_all_note(), Icon::Users),
        card("seen", text::customers_seen(), text::customers_seen_note(), Icon::Clock),
        card("none", text::customers_none(), text::customers_none_note(), Icon::Refused),
    ];
    let days = editor.part(|copy| {
        copy.shown(CUSTOMERS, || match copy.profile.offline_customers {
            OfflineCustomers::SeenInLastDays { days } => days.to_string(),
            OfflineCustomers::AllOfThisStore | OfflineCustomers::None => String::new(),
        })
    });
    let type_days = move |typed: String| {
        editor.edit(|copy| {
            copy.type_count(CUSTOMERS, typed, |profile, days| {
                profile.offline_customers = OfflineCustomers::SeenInLastDays { days };
            });
        });
    };
    let has_number = Signal::derive(move || chosen.get() == "seen");
    view! {
        <section class="card padded stack">
            <p class="muted">{text::customers_lead()}</p>
            <RadioCards
                legend=text::customers_choice()
                cards=cards
                value=chosen
                on_choose=choose
                error=error_unless_below(has_number, editor.error_below(CUSTOMERS))
                field=field_unless_below(has_number, Signal::stored(CUSTOMERS.to_owned()))
                test_id="customers"
            />
            {move || has_number.get().then(|| view! {
                <Number
                    editor
                    path=CUSTOMERS
                    label=text::days()
                    help=text::customer_days_help()
                    value=days
                    on_input=type_days
                    test_id="customers-days"
                />
            })}
        </section>
        <Counts editor tables=[TableId::Customer] />
    }
    .into_any()
}

fn card(value: &'static str, label: &'static str, note: &'static str, icon: Icon) -> RadioCard {
    RadioCard { value, label, note, icon: Some(icon) }
}

/// The number of a choice.
#[component]
fn Number(
    editor: Editor,
    path: &'static str,
    label: &'static str,
    help: &'static str,
    value: Signal<String>,
    #[prop(into)] on_input: UnsyncCallback<String>,
    test_id: &'static str,
) -> impl IntoView {
    view! {
        <Entry
            label=label
            value=value
            on_input=on_input
            error=editor.error_below(path)
            help=TextProp::from(help)
            kind=FieldKind::Number
            class="short"
            field=path
            test_id=test_id
        />
    }
    .into_any()
}

/// How much of some tables a register would keep.
#[component]
fn Counts<const N: usize>(editor: Editor, tables: [TableId; N]) -> impl IntoView {
    let rows = move || {
        let preview = editor.counting.preview.get()?;
        let found = preview.tables.into_iter().filter(|counted| tables.contains(&counted.table));
        let row = |counted: crate::api::TablePreview| {
            let kept = text::kept_of(&number(counted.rows), &number(counted.all_rows));
            let bytes = size::bytes(counted.bytes);
            view! {
                <div data-testid=format!("count-{}", counted.table)>
                    <dt>{table_label(counted.table)}</dt>
                    <dd>{text::rows_and_size(&kept, &bytes)}</dd>
                </div>
            }
        };
        Some(found.map(row).collect_view())
    };
    view! {
        <section class="card padded" aria-busy=move || editor.counting.is_under_way.get().to_string() aria-live="polite">
            <h2>{text::live_counts()}</h2>
            <dl class="facts">{rows}</dl>
        </section>
    }
    .into_any()
}
