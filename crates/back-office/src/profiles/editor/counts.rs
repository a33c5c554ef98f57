//! How much registers would keep, as the editor says it beside a table and in the dialogs that choose its rows and
//! columns.

use holdfast_ui::messages::{common, number, profiles as text};
use holdfast_ui::{Banner, Button, Tone, size};
use leptos::prelude::*;

use super::state::Editor;
use super::tables::TableSpot;

/// How much a register would keep of a table. Says so where that is not of what is typed now.
#[component]
pub fn TableCount(
    editor: Editor,
    spot: TableSpot,
    /// Tells tests where it stands.
    #[prop(into)]
    test_id: String,
) -> impl IntoView {
    let table = spot.table;
    let downloads =
        editor.part(move |copy| copy.scope(spot.line).is_some_and(|scope| scope.direction.downloads()));
    move || {
        if table.holds_nothing_yet() {
            return Some(view! { <span class="small muted">{text::holds_nothing_yet()}</span> }.into_any());
        }
        if !downloads.get() {
            return None;
        }
        let counted = editor.counting.preview.with(|preview| {
            preview.as_ref()?.tables.iter().find(|counted| counted.table == table).cloned()
        })?;
        let rows = if counted.rows == counted.all_rows {
            text::rows_count(counted.rows)
        } else {
            text::kept_of(&text::rows_count(counted.rows), &number(counted.all_rows))
        };
        let is_of_before = move || {
            let counting = editor.counting;
            counting.is_under_way.get() || counting.error.with(Option::is_some)
        };
        Some(
            view! {
                <span class="small muted" data-testid=test_id.clone()>
                    {text::rows_and_size(&rows, &size::bytes(counted.bytes))}
                    {(counted.related_rows > 0).then(|| format!(", {}", text::related_rows(counted.related_rows)))}
                    {move || is_of_before().then(|| format!(" · {}", text::counted_before()))}
                </span>
            }
            .into_any(),
        )
    }
}

/// Why what it would do to registers is not known, and a way to ask again.
#[component]
pub fn NotCounted(editor: Editor) -> impl IntoView {
    move || {
        editor.counting.error.get().map(|error| {
            view! {
                <Banner
                    tone=Tone::Bad
                    title=text::not_counted(&error.title())
                    detail=TextProp::from(error.detail())
                    test_id="not-counted"
                >
                    <Button label=common::retry() on_press=move || editor.count_anew() />
                </Banner>
            }
        })
    }
}
