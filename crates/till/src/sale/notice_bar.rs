//! The line below the tiles: what the till has to say, and the way back from a removal. Its place is always
//! kept; while there is nothing to say it tells how old the prices are.

use holdfast_profile::TableId;
use holdfast_ui::messages::till as text;
use holdfast_ui::{Button, Icon, IconButton, IconView, time};
use leptos::prelude::*;

use super::adding;
use super::products_pane::products_count;
use crate::till::{Till, use_till};

/// The line.
#[component]
pub fn NoticeBar() -> impl IntoView {
    let till = use_till();
    // An undo that has run out takes its words along.
    Effect::new(move |_| {
        let until_ms = till.notice.with(|notice| notice.as_ref().and_then(|notice| notice.undo_until_ms()));
        if until_ms.is_some_and(|until_ms| till.now_ms.get() > until_ms) {
            till.basket.forget_undo();
            till.notice.set(None);
        }
    });
    view! {
        <div class="notice-slot" aria-live="polite" role="status">
            {move || match till.notice.get() {
                Some(notice) => view! {
                    <div class=format!("notice {}", notice.tone().class()) data-testid="notice">
                        <IconView icon=notice.icon() />
                        <p class="grow">{notice.text()}</p>
                        {match notice.undo_until_ms() {
                            Some(_) => view! {
                                <Button label=text::undo() on_press=move || adding::undo(till) test_id="undo" />
                            }.into_any(),
                            None => view! {
                                <IconButton
                                    icon=Icon::Cross
                                    label=text::notice_dismiss()
                                    on_press=move || till.notice.set(None)
                                    test_id="notice-dismiss"
                                />
                            }.into_any(),
                        }}
                    </div>
                }
                .into_any(),
                None => view! { <p class="notice-quiet">{standing(till)}</p> }.into_any(),
            }}
        </div>
    }
}

/// How old the prices are.
fn standing(till: Till) -> String {
    let synced_at_ms = till.connection.status.with(|status| {
        let scopes = status.as_ref().map(|status| status.scopes.as_slice()).unwrap_or_default();
        let price = scopes.iter().flat_map(|scope| &scope.tables).find(|table| table.table == TableId::Price);
        price.and_then(|table| table.synced_at_ms)
    });
    match synced_at_ms {
        Some(at_ms) => {
            let at = time::clock_or_date(at_ms as i64, till.now_ms.get_untracked());
            text::products_as_of(&products_count(till), &at)
        }
        None => String::new(),
    }
}
