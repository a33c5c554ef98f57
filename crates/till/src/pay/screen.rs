//! The payment screen: what is due, how it is paid, what goes back.

use holdfast_domain::{Money, TenderKind};
use holdfast_ui::messages::till as text;
use holdfast_ui::{Banner, Button, ButtonKind, Icon, IconButton, IconView, NumberPad, PadKey, Tone};
use leptos::prelude::*;

use super::{CardRefusal, Due, back, card_refusal, choose, due, finish, give, key, quick};
use crate::live;
use crate::sale::basket_pane::BasketPane;
use crate::till::use_till;

/// The screen.
#[component]
pub fn PayScreen() -> impl IntoView {
    let till = use_till();
    let due = Memo::new(move |_| due(till));
    let is_payout = Memo::new(move |_| due.get().due.is_negative());
    let is_cash = Memo::new(move |_| till.payment.kind.get() == TenderKind::Cash);
    let to_pay = live::words(move || {
        let Due { due, in_cash, .. } = due.get();
        let amount = if is_cash.get() { in_cash } else { due };
        till.money().signed(if amount.is_negative() { amount.negated() } else { amount })
    });
    let takes_notes = Memo::new(move |_| is_cash.get() && due.get().in_cash.minor() > 0);
    view! {
        <main class="payment">
            <div class="payment-main">
                <div class="payment-head">
                    <IconButton icon=Icon::Back label=text::pay_back() on_press=move || back(till) test_id="pay-back" />
                    <div>
                        <h1 class="payment-title" tabindex="-1">
                            {live::word(move || if is_payout.get() { text::pay_to_pay_out() } else { text::pay_to_pay() })}
                        </h1>
                        <p class="due amount" dir="ltr" data-testid="due">{to_pay}</p>
                    </div>
                </div>
                <Tenders />
                {live::maybe(move || takes_notes.get().then(|| view! { <QuickAmounts /> }.into_any()))}
                {live::maybe(move || takes_notes.get().then(|| view! { <GivenAndChange due /> }.into_any()))}
                <FinishButton due />
                <div class="message-slot" aria-live="assertive">
                    {live::maybe(move || till.payment.error.get().map(|error| view! {
                        <Banner tone=Tone::Bad title=text::pay_not_finished() detail=error test_id="pay-error" />
                    }.into_any()))}
                </div>
            </div>
            {live::maybe(move || takes_notes.get().then(|| view! {
                <div class="payment-pad">
                    <NumberPad
                        prefix="pay"
                        on_key=move |pressed: PadKey| {
                            key(till, &pressed.keyboard_key());
                        }
                    />
                </div>
            }.into_any()))}
        </main>
        <BasketPane is_editable=false />
    }
}

#[component]
fn Tenders() -> impl IntoView {
    let till = use_till();
    let refusal = Memo::new(move |_| card_refusal(till));
    let tender = move |kind: TenderKind,
                       icon: Icon,
                       label: &'static str,
                       test_id: &'static str,
                       disabled: Signal<bool>| {
        view! {
            <button
                type="button"
                class="button tender"
                data-testid=test_id
                aria-pressed=live::words(move || (till.payment.kind.get() == kind).to_string())
                disabled=live::flag(move || disabled.get())
                on:click=live::press(move || choose(till, kind))
            >
                <IconView icon />
                <span>{label}</span>
            </button>
        }
    };
    let note = move || match refusal.get() {
        Some(CardRefusal::AboveOfflineLimit(limit)) => text::pay_card_limit(&till.money().signed(limit)),
        Some(CardRefusal::NotTaken) => text::pay_card_not_taken().to_owned(),
        Some(CardRefusal::NothingDue) | None if till.connection.is_offline() => {
            text::pay_offline().to_owned()
        }
        Some(CardRefusal::NothingDue) | None => String::new(),
    };
    view! {
        <div class="tenders" role="group" aria-label=text::pay_how()>
            {tender(TenderKind::Cash, Icon::Cash, text::pay_cash(), "tender-cash", Signal::stored(false))}
            {tender(
                TenderKind::Card,
                Icon::Card,
                text::pay_card(),
                "tender-card",
                Signal::derive(move || refusal.get().is_some()),
            )}
        </div>
        <p class="payment-note small muted">
            {live::maybe(move || {
                let note = note();
                (!note.is_empty()).then(|| view! { <IconView icon=Icon::Info /> <span>{note}</span> }.into_any())
            })}
        </p>
    }
}

#[component]
fn QuickAmounts() -> impl IntoView {
    let till = use_till();
    let amounts = Memo::new(move |_| quick(till));
    view! {
        <div class="quick" role="group" aria-label=text::pay_quick()>
            {live::parts(move || amounts.get().into_iter().enumerate().map(|(at, amount)| view! {
                <button
                    type="button"
                    class="button"
                    data-testid=format!("quick-{at}")
                    on:click=live::press(move || give(till, amount))
                >
                    <span class="amount" dir="ltr">{till.money().digits(amount)}</span>
                    {(at == 0).then(|| view! { <span class="small muted">{text::pay_exact()}</span> })}
                </button>
            }.into_any()).collect())}
        </div>
    }
}

#[component]
fn GivenAndChange(due: Memo<Due>) -> impl IntoView {
    let till = use_till();
    let given = live::words(move || till.money().signed(due.get().given.unwrap_or(Money::ZERO)));
    let missing = Memo::new(move |_| {
        let Due { in_cash, given, change, .. } = due.get();
        let missing = in_cash.checked_sub(given.unwrap_or_default()).unwrap_or(in_cash);
        change.is_none().then_some(missing)
    });
    let label =
        live::word(move || if missing.get().is_some() { text::pay_missing() } else { text::pay_change() });
    let rest =
        live::words(move || till.money().signed(missing.get().or(due.get().change).unwrap_or_default()));
    view! {
        <dl class="card given">
            <div>
                <dt class="muted">{text::pay_given()}</dt>
                <dd class="amount" dir="ltr" data-testid="given">{given}</dd>
            </div>
            <div class:settled=live::flag(move || missing.get().is_none())>
                <dt class="muted">{label}</dt>
                <dd class="amount" dir="ltr" data-testid="pay-change">{rest}</dd>
            </div>
        </dl>
    }
}

#[component]
fn FinishButton(due: Memo<Due>) -> impl IntoView {
    let till = use_till();
    let cannot = Signal::derive(move || due.get().change.is_none() || till.payment.is_finishing.get());
    view! {
        <Button
            label=text::pay_finish()
            kind=ButtonKind::Primary
            disabled=cannot
            on_press=move || finish::finish(till)
            test_id="finish-sale"
            class="pay"
        />
    }
}
