//! One rejected entry: what happened, what is safe, what can be done, and what was done.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{Badge, time};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::decision::Decision;
use super::mending::Mending;
use super::{says, words};
use crate::address_page::AddressPage;
use crate::api::{MendRecord, RejectedDetail};
use crate::facts::{FactsCard, fact};
use crate::live::keep_fresh;
use crate::page::{Loaded, Page, focus};
use crate::section::Section;
use crate::state::app_state;

/// The page of the entry in the address.
#[component]
pub fn RejectedEntryPage() -> impl IntoView {
    view! { <AddressPage read=address page=|(register, seq)| view! { <Known register seq /> }.into_any() /> }
}

fn address(params: &ParamsMap) -> Option<(u16, u64)> {
    Some((params.get("register")?.parse().ok()?, params.get("seq")?.parse().ok()?))
}

#[component]
fn Known(register: u16, seq: u64) -> impl IntoView {
    let state = app_state();
    state.rejected_entry.clear();
    let ask = move || state.rejected_entry.ask(state.api.rejected_entry(register, seq));
    keep_fresh(ask);
    let redo = move || {
        state.rejected_entry.ask_anew(state.api.rejected_entry(register, seq));
        state.rejected.ask_anew(state.api.rejected());
    };
    // Outside of what is made anew with each answer: what was typed is not lost.
    let mending = Mending::new(state, register, seq);
    let badge = move || {
        state.rejected_entry.with(|entry| {
            entry.map(|entry| {
                let (word, tone, icon) = words::state(&entry.state);
                view! { <Badge text=word tone=tone icon=Some(icon) /> }
            })
        })
    };
    view! {
        <Page
            title=move || text::entry_number(&seq.to_string(), &state.register_name(register))
            below=Section::Rejected
            beside=badge.into_any()
        >
            <Loaded live=state.rejected_entry ask>
                <Content mending redo />
            </Loaded>
        </Page>
    }
}

#[component]
fn Content(mending: Mending, #[prop(into)] redo: UnsyncCallback<()>) -> impl IntoView {
    let state = app_state();
    // Each part is made anew only where it differs: a refresh takes nothing from under a finger.
    let sale = Memo::new(move |_| state.rejected_entry.with(|entry| entry?.sale.clone()));
    let actions = Memo::new(move |_| {
        state.rejected_entry.with(|entry| entry.map(|entry| entry.actions.clone())).unwrap_or_default()
    });
    let mends = Memo::new(move |_| {
        state.rejected_entry.with(|entry| entry.map(|entry| entry.mends.clone())).unwrap_or_default()
    });
    let has_actions = Memo::new(move |_| !actions.read().is_empty());
    let said = move |part: fn(&RejectedDetail) -> Option<AnyView>| {
        // What an entry says never changes.
        state.rejected_entry.peek(|entry| entry.and_then(part))
    };
    view! {
        <div class="sale">
            <div class="stack">
                <WhatHappened mending />
                {move || {
                    has_actions.get().then(|| {
                        view! { <Decision actions=actions.into() sale=sale.into() mending redo /> }
                    })
                }}
                {said(says::table)}
                {move || mends.with(|mends| (!mends.is_empty()).then(|| done(mends)))}
            </div>
            {said(says::facts)}
        </div>
    }
}

#[component]
fn WhatHappened(mending: Mending) -> impl IntoView {
    let state = app_state();
    let entry = Memo::new(move |_| state.rejected_entry.get());
    let of = move |show: fn(&RejectedDetail) -> String| {
        move || entry.with(|entry| entry.as_ref().map(show).unwrap_or_default())
    };
    let reasons = Memo::new(move |_| entry.with(|entry| entry.as_ref().map(reasons)).unwrap_or_default());
    let outcome = NodeRef::<leptos::html::P>::new();
    // What was pressed is gone once something was done: reading goes on at what came of it.
    Effect::new(move |earlier: Option<u32>| {
        let count = mending.done_count.get();
        if earlier.is_some_and(|earlier| earlier != count)
            && let Some(outcome) = outcome.get_untracked()
        {
            focus(&outcome);
        }
        count
    });
    view! {
        <section class="card padded">
            <h2>{text::what_happened()}</h2>
            <p class="muted">{of(|entry| words::kind(&entry.kind))}</p>
            {move || {
                reasons.get().into_iter().map(|reason| view! { <p class="prose" lang="en">{reason}</p> }).collect_view()
            }}
            <p class="muted" tabindex="-1" role="status" node_ref=outcome data-testid="entry-state">
                {of(|entry| words::what_is_safe(&entry.state).to_owned())}
            </p>
        </section>
    }
}

/// What is wrong with it today; why it was rejected, where nothing is any more.
fn reasons(entry: &RejectedDetail) -> Vec<String> {
    match (entry.state.as_str(), entry.mends.last()) {
        ("applied", Some(mend)) => vec![mend.reason_before.clone()],
        _ if entry.objections.is_empty() => entry.reason.iter().cloned().collect(),
        _ => entry.objections.iter().map(|objection| objection.text.clone()).collect(),
    }
}

/// What was done with the entry.
fn done(mends: &[MendRecord]) -> AnyView {
    let row = |mend: &MendRecord| {
        let what = match mend.administrator.as_str() {
            "" => text::mend_with_other().to_owned(),
            who => text::mend_by(who, &words::action(&mend.action)),
        };
        let (at, note) = (time::full(mend.at_ms), mend.note.clone());
        fact(
            what,
            view! {
                <span class="two-lines">
                    <span>{at}</span>
                    <span class="small muted">{note}</span>
                </span>
            },
        )
    };
    let rows = mends.iter().map(row).collect_view();
    view! { <FactsCard title=text::what_was_done() test_id="mends">{rows}</FactsCard> }.into_any()
}
