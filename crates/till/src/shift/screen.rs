//! The page of the shift: what it has come to, and one button that closes it.

use holdfast_domain::{Money, TenderKind};
use holdfast_protocol::sale::TenderRecord;
use holdfast_ui::messages::till as text;
use holdfast_ui::{Banner, Button, ButtonKind, Card, EmptyState, Icon, Skeleton, Tone, time};
use leptos::prelude::*;

use super::{ShownShift, close};
use crate::live;
use crate::page_head::PageHead;
use crate::till::{Till, use_till};

/// The page.
#[component]
pub fn ShiftScreen() -> impl IntoView {
    let till = use_till();
    let shown = till.shift.shown;
    let button = live::maybe(move || {
        shown.with(|shown| matches!(shown, ShownShift::Open(_))).then(|| {
            view! {
                <Button
                    label=text::shift_close()
                    kind=ButtonKind::Primary
                    on_press=move || close(till)
                    test_id="close-shift"
                />
            }
            .into_any()
        })
    });
    view! {
        <main class="page">
            <PageHead title=text::shift_title()>{button}</PageHead>
            {live::part(move || content(till, shown.get()))}
        </main>
    }
}

fn content(till: Till, shown: ShownShift) -> AnyView {
    match shown {
        ShownShift::Reading => view! { <Skeleton /> }.into_any(),
        ShownShift::Nothing => view! {
            <EmptyState icon=Icon::Receipt title=text::shift_nothing() detail=text::shift_nothing_detail() />
        }
        .into_any(),
        ShownShift::Failed(reason) => view! {
            <Banner tone=Tone::Bad title=text::shift_failed() detail=reason test_id="shift-failed" />
        }
        .into_any(),
        ShownShift::Open(shift) => {
            let totals = shift.totals;
            let since = text::shift_since(&shift.number.to_string(), &time::clock(totals.opened_at_ms));
            let unreadable = (shift.unreadable_count > 0).then(|| {
                let words = text::shift_unreadable(shift.unreadable_count.into());
                let detail = text::shift_unreadable_detail();
                view! { <Banner tone=Tone::Wait title=words detail=detail test_id="shift-unreadable" /> }
                    .into_any()
            });
            view! {
                {unreadable}
                {sums(till, since, totals.sales_count, &totals.takings())}
            }
            .into_any()
        }
        ShownShift::Closed(record) => {
            let words = text::shift_closed(&record.number.to_string());
            let takings = record.takings.clone().unwrap_or_default();
            let since = text::shift_since(&record.number.to_string(), &time::clock(record.opened_at_ms));
            view! {
                <Banner tone=Tone::Ok title=words detail=text::shift_closed_detail() test_id="shift-closed" />
                {sums(till, since, record.sales_count.unwrap_or(0), &takings)}
            }
            .into_any()
        }
    }
}

fn sums(till: Till, since: String, sales_count: u32, takings: &[TenderRecord]) -> AnyView {
    let money = till.money();
    let row = |tender: &TenderRecord| {
        let label = match TenderKind::from_code(&tender.code) {
            Some(TenderKind::Cash) => text::pay_cash().to_owned(),
            Some(TenderKind::Card) => text::pay_card().to_owned(),
            None => tender.code.clone(),
        };
        let amount = money.signed(Money::from_minor(tender.amount_minor));
        view! {
            <div class="progress-words">
                <span>{label}</span>
                <span class="num amount" dir="ltr" data-testid=format!("shift-{}", tender.code)>{amount}</span>
            </div>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = takings.iter().map(row).collect();
    view! {
        <Card class="padded">
            <p class="muted">{since}</p>
            <p data-testid="shift-sales"><b>{text::shift_sales(sales_count.into())}</b></p>
            {rows}
        </Card>
    }
    .into_any()
}
