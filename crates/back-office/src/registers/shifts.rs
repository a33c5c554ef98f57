//! The last shifts of a register: what it says they came to, and whether all of that is here.

use std::time::Duration;

use holdfast_ui::messages::{back_office as text, common, number as number_text};
use holdfast_ui::{Badge, Cell, Column, DataTable, Icon, Tone, time};
use leptos::prelude::*;

use crate::amounts;
use crate::api::Shift;
use crate::live::keep_fresh_every;
use crate::state::app_state;

/// A shift ends once or twice a day, and the store server counts all sales of each that it shows.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// The list; nothing where there is none.
#[component]
pub fn Shifts(
    /// The register's number.
    number: u16,
) -> impl IntoView {
    let state = app_state();
    state.shifts.clear();
    keep_fresh_every(ASK_EVERY, move || state.shifts.ask(state.api.shifts(number)));
    let shifts = Memo::new(move |_| state.shifts.get().unwrap_or_default());
    let currency = Memo::new(move |_| {
        state.store.with(|store| store.map(|store| store.currency.clone())).unwrap_or_default()
    });
    let columns = || {
        vec![
            Column::text(text::shift_number()),
            Column::text(text::shift_closed_at()),
            Column::number(text::sales()),
            Column::number(text::total()),
            Column::number(text::shift_arrived()),
            Column::text(text::state()),
        ]
    };
    view! {
        <Show when=move || !shifts.read().is_empty()>
            <section class="stack">
                <h2>{text::shifts()}</h2>
                <p class="muted">{text::shifts_lead()}</p>
                <DataTable label=text::shifts() columns=columns() test_id="register-shifts">
                    {move || {
                        shifts.get().iter().map(|shift| row(shift, &currency.read())).collect_view()
                    }}
                </DataTable>
            </section>
        </Show>
    }
}

fn row(shift: &Shift, currency: &str) -> AnyView {
    let none = || common::none().to_owned();
    let total = |minor: i64| amounts::with_sign(minor, currency);
    let arrived = shift.arrived.map_or_else(none, |arrived| {
        text::shift_arrived_figures(arrived.sales_count, &total(arrived.total_minor))
    });
    let closed = shift.closed_at_ms.map_or_else(none, time::full);
    let sales = shift.sales_count.map_or_else(none, number_text);
    let taken = shift.total_minor.map_or_else(none, total);
    let number = shift.number;
    let badges = said_of(shift, currency)
        .into_iter()
        .map(|(words, tone, icon)| view! { <Badge text=words tone=tone icon=icon /> })
        .collect_view();
    view! {
        <tr role="row">
            <Cell>
                <strong>{number}</strong>
            </Cell>
            <Cell label=text::shift_closed_at()>{closed}</Cell>
            <Cell label=text::sales() numeric=true>{sales}</Cell>
            <Cell label=text::total() numeric=true>{taken}</Cell>
            <Cell label=text::shift_arrived() numeric=true>{arrived}</Cell>
            <Cell label=text::state()>
                <span class="badges">{badges}</span>
            </Cell>
        </tr>
    }
    .into_any()
}

/// Words, with how they are shown.
type Said = (String, Tone, Option<Icon>);

/// What is to be said of a shift: that all of it is here, or each difference.
///
/// Invariant: the store server takes a register's journal without gaps, so once a closing is here, all that the register
/// entered before it is here too. What a closed shift lacks does not come later.
fn said_of(shift: &Shift, currency: &str) -> Vec<Said> {
    if shift.closed_at_ms.is_none() {
        return vec![(text::shift_open().to_owned(), Tone::Neutral, None)];
    }
    let (Some(said_count), Some(said_minor), Some(arrived)) =
        (shift.sales_count, shift.total_minor, shift.arrived)
    else {
        return vec![(text::shift_not_compared().to_owned(), Tone::Neutral, None)];
    };
    let mut said = Vec::new();
    let bad = |words: String| (words, Tone::Bad, Some(Icon::Warn));
    // A rejected one is here, and counts once it is mended.
    if arrived.rejected_count > 0 {
        said.push(bad(text::shift_sales_rejected(arrived.rejected_count)));
    }
    let missing = said_count.saturating_sub(arrived.sales_count).saturating_sub(arrived.rejected_count);
    if missing > 0 {
        said.push(bad(text::shift_sales_missing(missing)));
    }
    let more = arrived.sales_count.saturating_sub(said_count);
    if more > 0 {
        said.push(bad(text::shift_sales_more(more)));
    }
    if arrived.sales_count == said_count && arrived.total_minor != said_minor {
        let by = amounts::with_sign(arrived.total_minor.saturating_sub(said_minor), currency);
        said.push(bad(text::shift_total_differs(&by)));
    }
    if said.is_empty() {
        said.push((text::shift_all_here().to_owned(), Tone::Ok, Some(Icon::Tick)));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ArrivedOfShift;

    fn words(said: Option<(u64, i64)>, arrived: Option<(u64, i64, u64)>) -> Vec<String> {
        let shift = Shift {
            number: 7,
            closed_at_ms: Some(1),
            sales_count: said.map(|(count, _)| count),
            total_minor: said.map(|(_, minor)| minor),
            arrived: arrived.map(|(sales_count, total_minor, rejected_count)| ArrivedOfShift {
                sales_count,
                total_minor,
                rejected_count,
            }),
        };
        said_of(&shift, "GBP").into_iter().map(|(words, ..)| words).collect()
    }

    #[test]
    fn each_difference_is_said_in_words() {
        assert_eq!(words(Some((3, 300)), Some((3, 300, 0))), ["All here"]);
        assert_eq!(words(Some((0, 0)), Some((0, 0, 0))), ["All here"]);
        assert_eq!(words(Some((3, 300)), Some((0, 0, 0))), ["3 sales of this shift are not here"]);
        assert_eq!(words(Some((3, 300)), Some((2, 200, 1))), ["1 sale of this shift was rejected"]);
        assert_eq!(
            words(Some((3, 300)), Some((1, 100, 1))),
            ["1 sale of this shift was rejected", "1 sale of this shift is not here"]
        );
        assert_eq!(
            words(Some((3, 300)), Some((5, 500, 1))),
            ["1 sale of this shift was rejected", "2 sales more have arrived than the shift counts"]
        );
        // Whatever the figures say, a sale of it was not taken.
        assert_eq!(words(Some((3, 300)), Some((3, 300, 1))), ["1 sale of this shift was rejected"]);
        assert_eq!(
            words(Some((3, 300)), Some((3, 250, 1))),
            ["1 sale of this shift was rejected", "The totals differ by −\u{a0}£\u{a0}0.50"]
        );
        assert_eq!(words(Some((3, 300)), Some((3, 250, 0))), ["The totals differ by −\u{a0}£\u{a0}0.50"]);
        assert_eq!(words(Some((3, 300)), None), ["Not compared"]);
        assert_eq!(words(None, Some((3, 300, 0))), ["Not compared"]);
    }

    #[test]
    fn an_open_shift_has_nothing_to_compare() {
        let shift =
            Shift { number: 1, closed_at_ms: None, sales_count: None, total_minor: None, arrived: None };
        assert_eq!(said_of(&shift, "GBP"), [("Open".to_owned(), Tone::Neutral, None)]);
    }

    #[test]
    fn what_a_closed_shift_lacks_is_a_loss_and_nothing_to_wait_for() {
        let arrived = ArrivedOfShift { sales_count: 1, total_minor: 100, rejected_count: 1 };
        let shift = Shift {
            number: 1,
            closed_at_ms: Some(1),
            sales_count: Some(3),
            total_minor: Some(300),
            arrived: Some(arrived),
        };
        let said = said_of(&shift, "GBP");
        assert_eq!(said.len(), 2);
        assert!(
            said.iter().all(|(_, tone, icon)| (*tone, *icon) == (Tone::Bad, Some(Icon::Warn))),
            "{said:?}"
        );
    }
}
