//! The line below the tiles: what the till has to say, and the way back from a removal. Its place is always
//! kept; while there is nothing to say it tells how old the prices are.

use holdfast_profile::TableId;
use holdfast_sync::Status;
use holdfast_ui::messages::till as text;
use holdfast_ui::{Button, Icon, IconButton, IconView, time};
use leptos::prelude::*;

use super::adding;
use super::products_pane::products_count;
use crate::live;
use crate::notice::Notice;
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
            {live::part(move || till.notice.get().map_or_else(|| quiet(till), |notice| loud(till, &notice)))}
        </div>
    }
}

fn loud(till: Till, notice: &Notice) -> AnyView {
    let way_out = match notice.undo_until_ms() {
        Some(_) => view! {
            <Button label=text::undo() on_press=move || adding::undo(till) test_id="undo" />
        }
        .into_any(),
        None => view! {
            <IconButton
                icon=Icon::Cross
                label=text::notice_dismiss()
                on_press=move || till.notice.set(None)
                test_id="notice-dismiss"
            />
        }
        .into_any(),
    };
    view! {
        <div class=format!("notice {}", notice.tone().class()) data-testid="notice">
            <IconView icon=notice.icon() />
            <p class="grow">{notice.text()}</p>
            {way_out}
        </div>
    }
    .into_any()
}

fn quiet(till: Till) -> AnyView {
    let (standing, needs_somebody) = standing(till);
    view! { <p class="notice-quiet" class:needs-somebody=needs_somebody>{standing}</p> }.into_any()
}

/// How the till stands with the store server, and whether somebody must do something about it; mostly how old
/// the prices are.
fn standing(till: Till) -> (String, bool) {
    let known = till.connection.status.with(|status| {
        status
            .as_ref()
            .map(|status| (status.deactivated, status.update_required, prices_synced_at_ms(status)))
    });
    let rejected = till.connection.rejected.get();
    match known {
        Some((true, _, _)) => (text::standing_deactivated().to_owned(), true),
        Some((false, true, _)) => (text::standing_update_required().to_owned(), true),
        _ if rejected > 0 => (text::standing_rejected(rejected), true),
        Some((false, false, Some(at_ms))) => {
            let at = time::clock_or_date(at_ms as i64, till.now_ms.get_untracked());
            (text::products_as_of(&products_count(till), &at), false)
        }
        Some((false, false, None)) | None => (String::new(), false),
    }
}

fn prices_synced_at_ms(status: &Status) -> Option<f64> {
    let tables = status.scopes.iter().flat_map(|scope| &scope.tables);
    tables.filter(|table| table.table == TableId::Price).find_map(|table| table.synced_at_ms)
}
