//! One rejected entry: what happened, what is safe, what can be done, and what was done.

use holdfast_domain::Quantity;
use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Banner, Button, ButtonKind, Cell, Column, DataTable, Field, Tone, time};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use wasm_bindgen_futures::spawn_local;

use crate::amounts;
use crate::api::{ApiError, MendOrder, MendRecord, RejectedDetail, RejectedSale, SaleLine};
use crate::not_found::NotFound;
use crate::page::{Loaded, Page};
use crate::rejected::kind_label;
use crate::section::Section;
use crate::state::app_state;

/// Longest note.
const NOTE_CHARS_MAX: u32 = 500;

/// The page of the entry in the address.
#[component]
pub fn RejectedEntryPage() -> impl IntoView {
    let state = app_state();
    let params = use_params_map();
    let address = Memo::new(move |_| {
        let params = params.read();
        let register: u16 = params.get("register")?.parse().ok()?;
        let seq: u64 = params.get("seq")?.parse().ok()?;
        Some((register, seq))
    });
    move || match address.get() {
        Some((register, seq)) => {
            state.rejected_entry.clear();
            view! { <Known register seq /> }.into_any()
        }
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn Known(register: u16, seq: u64) -> impl IntoView {
    let state = app_state();
    let ask = move || state.rejected_entry.ask(state.api.rejected_entry(register, seq));
    ask();
    // Outside of what is made anew with each answer: what was typed is not lost.
    let mending = Mending::new(register, seq);
    view! {
        <Page
            title=text::entry_number(&seq.to_string(), &state.register_name(register))
            below=Section::Rejected
        >
            <Loaded live=state.rejected_entry ask=ask>
                {move || state.rejected_entry.get().map(|entry| view! { <Content entry mending /> })}
            </Loaded>
        </Page>
    }
}

#[component]
fn Content(entry: RejectedDetail, mending: Mending) -> impl IntoView {
    let reasons = match entry.objections.is_empty() {
        true => entry.reason.iter().cloned().collect(),
        false => entry.objections.iter().map(|objection| objection.text.clone()).collect::<Vec<_>>(),
    };
    let reasons = reasons.into_iter().map(|reason| view! { <p class="prose">{reason}</p> }).collect_view();
    let is_applied = entry.state == "applied";
    let safe = if is_applied { text::entry_applied() } else { text::what_is_safe() };
    let lines = entry.sale.clone().map(|sale| view! { <Lines sale /> });
    view! {
        <div class="sale">
            {lines}
            <div class="stack">
                <section class="card padded">
                    <h2>{text::what_happened()}</h2>
                    <p class="muted">{kind_label(&entry.kind)}</p>
                    {reasons}
                    <p class="muted" data-testid="entry-state">{safe}</p>
                </section>
                {entry.sale.as_ref().map(says)}
                {(!entry.actions.is_empty()).then(|| view! { <Actions actions=entry.actions.clone() mending /> })}
                {(!entry.mends.is_empty()).then(|| done(&entry.mends))}
            </div>
        </div>
    }
}

#[component]
fn Lines(sale: RejectedSale) -> impl IntoView {
    let columns = vec![
        Column::text(text::product()),
        Column::number(text::quantity()),
        Column::number(text::price()),
        Column::number(text::amount()),
    ];
    let row = |line: &SaleLine| {
        let price = amounts::digits(line.unit_price_minor, &sale.currency);
        let amount = amounts::digits(line.amount_minor, &sale.currency);
        let (name, quantity) = (line.name.clone(), Quantity::from_milli(line.quantity_milli).to_string());
        view! {
            <tr role="row">
                <Cell label=text::product()>{name}</Cell>
                <Cell label=text::quantity() numeric=true>{quantity}</Cell>
                <Cell label=text::price() numeric=true>{price}</Cell>
                <Cell label=text::amount() numeric=true>{amount}</Cell>
            </tr>
        }
        .into_any()
    };
    let rows = sale.lines.iter().map(row).collect_view();
    view! {
        <DataTable label=text::lines() columns=columns test_id="entry-lines">
            {rows}
        </DataTable>
    }
}

fn fact(name: impl Into<String>, value: String) -> AnyView {
    let name: String = name.into();
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// What the sale says of itself, and what it comes to where that differs.
fn says(sale: &RejectedSale) -> AnyView {
    let amount = |minor: i64| amounts::digits(minor, &sale.currency);
    let given: i64 = sale.tenders.iter().fold(0, |sum, tender| sum.saturating_add(tender.amount_minor));
    let mut facts = vec![
        fact(text::receipt(), sale.receipt.clone()),
        fact(text::cashier(), sale.cashier.clone()),
        fact(text::customer(), sale.customer.clone().unwrap_or_else(|| text::walk_in().to_owned())),
        fact(text::paid_at(), time::full(sale.finished_at_ms)),
        fact(text::total(), amount(sale.total_minor)),
        fact(text::entry_paid(), amount(given.saturating_sub(sale.change_minor))),
    ];
    if let Some(restated) = &sale.restated {
        facts.push(fact(text::entry_restated(), amount(restated.total_minor)));
        facts.push(fact(text::entry_difference(), amount(restated.difference_minor)));
    }
    view! {
        <section class="card padded">
            <h2>{text::entry_says()}</h2>
            <dl class="facts">{facts}</dl>
        </section>
    }
    .into_any()
}

/// What was done with the entry.
fn done(mends: &[MendRecord]) -> AnyView {
    let row = |mend: &MendRecord| {
        let what = match mend.administrator.as_str() {
            "" => text::mend_with_other().to_owned(),
            who => text::mend_by(who, &action_label(&mend.action)),
        };
        let detail = [time::full(mend.at_ms), mend.note.clone()].join(" ");
        fact(what, detail)
    };
    let rows = mends.iter().map(row).collect_view();
    view! {
        <section class="card padded" data-testid="mends">
            <h2>{text::what_was_done()}</h2>
            <dl class="facts">{rows}</dl>
        </section>
    }
    .into_any()
}

/// A decision on its way: chosen, explained by a note, confirmed.
#[derive(Debug, Clone, Copy)]
struct Mending {
    register: u16,
    seq: u64,
    chosen: RwSignal<Option<String>>,
    note: RwSignal<String>,
    error: RwSignal<Option<ApiError>>,
    is_sending: RwSignal<bool>,
    /// Of the decision that was chosen last, so that sending it again has no second effect.
    request_id: StoredValue<String>,
}

impl Mending {
    fn new(register: u16, seq: u64) -> Mending {
        Mending {
            register,
            seq,
            chosen: RwSignal::new(None),
            note: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            is_sending: RwSignal::new(false),
            request_id: StoredValue::new(String::new()),
        }
    }

    fn choose(self, action: Option<String>) {
        self.request_id.set_value(fresh_request_id());
        self.error.set(None);
        self.chosen.set(action);
    }

    fn confirm(self) {
        let Some(action) = self.chosen.get_untracked() else { return };
        let state = app_state();
        let request_id = self.request_id.get_value();
        let order = MendOrder { request_id, action, note: self.note.get_untracked() };
        self.is_sending.set(true);
        spawn_local(async move {
            let outcome = state.api.mend(self.register, self.seq, &order).await;
            self.is_sending.set(false);
            match outcome {
                Ok(()) => {
                    self.choose(None);
                    self.note.set(String::new());
                    state.rejected_entry.ask(state.api.rejected_entry(self.register, self.seq));
                    state.rejected.ask(state.api.rejected());
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}

/// 32 hex digits; they need not be secret, only unlike those of other decisions about the same entry.
fn fresh_request_id() -> String {
    (0..4).map(|_| format!("{:08x}", random_u32())).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^32 and not negative")]
fn random_u32() -> u32 {
    (js_sys::Math::random() * 4_294_967_296.0) as u32
}

fn action_label(action: &str) -> String {
    match action {
        "apply" => text::mend_apply().to_owned(),
        "apply_although" => text::mend_apply_although().to_owned(),
        "set_aside" => text::mend_set_aside().to_owned(),
        "take_back" => text::mend_take_back().to_owned(),
        other => other.to_owned(),
    }
}

fn action_detail(action: &str) -> &'static str {
    match action {
        "apply" => text::mend_apply_detail(),
        "apply_although" => text::mend_apply_although_detail(),
        "set_aside" => text::mend_set_aside_detail(),
        "take_back" => text::mend_take_back_detail(),
        _ => "",
    }
}

#[component]
fn Actions(actions: Vec<String>, mending: Mending) -> impl IntoView {
    let buttons = move || {
        let button = |action: String| {
            let (label, test_id) = (action_label(&action), format!("mend-{action}"));
            view! { <Button label=label on_press=move || mending.choose(Some(action.clone())) test_id=test_id /> }
        };
        actions.iter().cloned().map(button).collect_view()
    };
    view! {
        <section class="card padded">
            <h2>{text::what_can_be_done()}</h2>
            {move || match mending.chosen.get() {
                None => view! { <div class="row">{buttons()}</div> }.into_any(),
                Some(action) => view! { <Confirm action mending /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Confirm(action: String, mending: Mending) -> impl IntoView {
    let label = action_label(&action);
    view! {
        <h3>{label.clone()}</h3>
        <p class="muted">{action_detail(&action)}</p>
        <Field
            label=text::mend_note()
            value=mending.note
            help=TextProp::from(text::mend_note_help())
            length_max=NOTE_CHARS_MAX
            focused=true
            test_id="mend-note"
        />
        {move || {
            mending.error.get().map(|error| {
                view! { <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(error.detail()) /> }
            })
        }}
        <div class="row">
            <Button
                label=label
                kind=ButtonKind::Primary
                disabled=mending.is_sending
                on_press=move || mending.confirm()
                test_id="mend-confirm"
            />
            <Button label=common::cancel() on_press=move || mending.choose(None) />
        </div>
    }
}
