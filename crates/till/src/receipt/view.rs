//! A receipt as it looks on paper. The page's print styles print this and nothing else.

use holdfast_domain::receipt::ReceiptRow;
use holdfast_ui::messages::till as text;
use leptos::prelude::*;

/// Prints the receipt that is on the screen.
pub fn print() {
    if let Some(window) = web_sys::window()
        && window.print().is_err()
    {
        leptos::logging::warn!("{}", text::receipt_not_printed());
    }
}

/// The paper.
#[component]
pub fn ReceiptPaper(
    /// What is on it.
    rows: Vec<ReceiptRow>,
) -> impl IntoView {
    view! {
        <section class="receipt" aria-label=text::receipt_label() tabindex="0">
            {rows.into_iter().map(row).collect_view()}
        </section>
    }
    .into_any()
}

fn row(row: ReceiptRow) -> AnyView {
    match row {
        ReceiptRow::Title(words) => view! { <p class="receipt-title">{words}</p> }.into_any(),
        ReceiptRow::Centred(words) => view! { <p class="receipt-centred">{words}</p> }.into_any(),
        ReceiptRow::Pair { left, right } => pair("receipt-pair", left, right),
        ReceiptRow::Strong { left, right } => pair("receipt-pair strong", left, right),
        ReceiptRow::Rule => view! { <hr /> }.into_any(),
        ReceiptRow::Blank => view! { <p class="receipt-blank" aria-hidden="true"></p> }.into_any(),
    }
}

fn pair(class: &'static str, left: String, right: String) -> AnyView {
    // The domain indents with blanks what belongs to the row above.
    let class = if left.starts_with(' ') { format!("{class} indented") } else { class.to_owned() };
    view! {
        <p class=class>
            <span>{left.trim().to_owned()}</span>
            <span class="num" dir="ltr">{right}</span>
        </p>
    }
    .into_any()
}
