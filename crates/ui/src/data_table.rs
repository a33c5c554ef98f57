//! Tables that scroll by keyboard and become cards on a narrow screen (each cell then names its column).
//!
//! The roles are written out, since a table that is laid out as cards would lose them.

use leptos::prelude::*;

/// A column's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// In words.
    pub label: String,
    /// Numbers are aligned at the end.
    pub numeric: bool,
    /// Only a screen reader says the label: a column of buttons needs none to be seen.
    pub unseen: bool,
}

impl Column {
    /// A column of words.
    pub fn text(label: impl Into<String>) -> Column {
        Column { label: label.into(), numeric: false, unseen: false }
    }

    /// A column of numbers.
    pub fn number(label: impl Into<String>) -> Column {
        Column { label: label.into(), numeric: true, unseen: false }
    }

    /// A column of buttons.
    pub fn actions(label: impl Into<String>) -> Column {
        Column { label: label.into(), numeric: false, unseen: true }
    }
}

/// A table. Its children are `<tr role="row">` with [`Cell`]s.
#[component]
pub fn DataTable(
    /// What it lists; a screen reader says it.
    #[prop(into)]
    label: TextProp,
    /// In order.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// Stays a table on narrow screens too.
    #[prop(optional)]
    compact: bool,
    /// Has so many columns that it becomes cards on a tablet already.
    #[prop(optional)]
    early: bool,
) -> impl IntoView {
    let head = columns.into_iter().map(|column| {
        view! {
            <th role="columnheader" scope="col" class:num=column.numeric>
                <span class:unseen=column.unseen>{column.label}</span>
            </th>
        }
    });
    let class = match (compact, early) {
        (true, _) => "table",
        (false, false) => "table cards",
        (false, true) => "table cards early",
    };
    let spoken = label.clone();
    view! {
        <div class="table-frame" role="region" tabindex="0" aria-label=move || spoken.get()>
            <table
                role="table"
                class=class
                aria-label=move || label.get()
                data-testid=test_id
            >
                <thead role="rowgroup">
                    <tr role="row">{head.collect_view()}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A cell.
#[component]
pub fn Cell(
    /// The column's heading, shown when the row is laid out as a card.
    #[prop(optional, into)]
    label: String,
    /// Aligned at the end.
    #[prop(optional)]
    numeric: bool,
    /// What is in it.
    children: Children,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// For a page's own layout of the card.
    #[prop(optional, into)]
    class: Option<&'static str>,
) -> impl IntoView {
    view! {
        <td role="cell" class=class.unwrap_or_default() class:num=numeric data-label=label data-testid=test_id>
            {children()}
        </td>
    }
    .into_any()
}
