//! One tab has the till; another that is opened says so and can take it over.

use holdfast_ui::messages::till as text;
use holdfast_ui::{Button, ButtonKind, EmptyState, Icon};
use leptos::prelude::*;

use crate::browser::locks::{Ask, hold};
use crate::start;
use crate::till::{Stage, Till, use_till};

/// Name of the lock that the tab with the till holds.
const LOCK: &str = "holdfast-till";
/// How long the lock may take before the till says that another tab has it: a page that is just being
/// reloaded gives it up within this.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(700);

/// Waits for this tab's turn, then starts.
pub fn wait_for_turn(till: Till) {
    ask(till, Ask::Wait);
    set_timeout(
        move || {
            if !till.has_turn.get_value() {
                till.stage.set(Stage::OtherTab);
            }
        },
        PATIENCE,
    );
}

/// Takes the till over from the other tab.
fn take_over(till: Till) {
    ask(till, Ask::Take);
}

fn ask(till: Till, how: Ask) {
    let granted = move || {
        till.has_turn.set_value(true);
        till.stage.set(Stage::Starting);
        start::open_databases(till);
    };
    let lost = move || {
        till.has_turn.set_value(false);
        // A dialog would lie over what says so, and enter things into a journal that is the other tab's.
        till.pad.set(None);
        crate::customers::close(till);
        till.cashier.set(None);
        till.stage.set(Stage::OtherTab);
        // In line again, for when the other tab is closed.
        ask(till, Ask::Wait);
    };
    hold(LOCK, how, granted, lost);
}

/// What the tab shows that does not have the till.
#[component]
pub fn OtherTabScreen() -> impl IntoView {
    let till = use_till();
    view! {
        <main class="centred">
            <EmptyState
                icon=Icon::Register
                title=text::other_tab_title()
                detail=text::other_tab_detail()
                test_id="open-elsewhere"
            >
                <Button
                    label=text::other_tab_use_here()
                    kind=ButtonKind::Primary
                    on_press=move || take_over(till)
                    test_id="use-here"
                />
            </EmptyState>
        </main>
    }
}
