//! Tables and columns of rows in words. Those that this page does not know yet stand by their names.

use holdfast_profile::TableId;
use holdfast_ui::messages::back_office as text;
use leptos::prelude::*;

use crate::profiles::table_label;

/// A table by its name.
pub fn table(name: &str) -> String {
    TableId::from_name(name).map_or_else(|| name.to_owned(), |id| table_label(id).to_owned())
}

/// One row of a table.
pub fn row(table_name: &str, key: &str) -> String {
    let one = match TableId::from_name(table_name) {
        Some(TableId::Customer) => text::row_customer().to_owned(),
        Some(_) | None => table(table_name),
    };
    text::row_of(&one, key)
}

/// A column by its name.
pub fn column(name: &str) -> String {
    match name {
        "name" => text::column_name().to_owned(),
        "country" => text::column_country().to_owned(),
        "phone" => text::column_phone().to_owned(),
        "email" => text::column_email().to_owned(),
        other => other.to_owned(),
    }
}

/// A value as text that is never read as markup or as nothing; the one that stands is strong.
#[component]
pub fn Value(
    /// As text; none where the field had no value.
    value: Option<String>,
    /// Whether it is the field's value now.
    #[prop(optional)]
    stands: bool,
) -> impl IntoView {
    match value.filter(|value| !value.is_empty()) {
        None => view! { <span class="muted">{text::value_nothing()}</span> }.into_any(),
        Some(value) if stands => view! { <strong class="prose" dir="auto">{value}</strong> }.into_any(),
        Some(value) => view! { <span class="prose" dir="auto">{value}</span> }.into_any(),
    }
}
