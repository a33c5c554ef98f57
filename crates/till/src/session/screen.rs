//! The sign-in screen: who, and the PIN.

use holdfast_protocol::rows::StaffRow;
use holdfast_ui::messages::till as text;
use holdfast_ui::{NumberPad, PadKey, time};
use leptos::prelude::*;

use super::{choose, press};
use crate::live;
use crate::till::{Till, use_till};

/// The screen.
#[component]
pub fn SignInScreen() -> impl IntoView {
    let till = use_till();
    let staff = Memo::new(move |_| {
        till.catalogue.with(|catalogue| {
            let staff = catalogue.shop.staff.iter();
            staff.map(Member::new).collect::<Vec<_>>()
        })
    });
    view! {
        <main class="sign-in">
            <section class="who">
                <h1 tabindex="-1">{text::sign_in_title()}</h1>
                {live::maybe(move || staff.read().is_empty().then(|| {
                    view! { <p class="note" role="status" data-testid="no-staff">{text::sign_in_nobody()}</p> }.into_any()
                }))}
                <ul class="staff">
                    {live::parts(move || staff.get().into_iter().map(|member| tile(till, member)).collect())}
                </ul>
            </section>
            <PinPanel />
        </main>
    }
}

/// What a staff tile shows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    id: String,
    name: String,
    is_manager: bool,
}

impl Member {
    fn new(row: &StaffRow) -> Member {
        Member { id: row.id.clone(), name: row.name.clone(), is_manager: row.is_manager }
    }

    /// First letters of the first and the last name.
    fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let first = words.next().and_then(|word| word.chars().next());
        let last = words.next_back().and_then(|word| word.chars().next());
        first.into_iter().chain(last).collect()
    }
}

fn tile(till: Till, member: Member) -> AnyView {
    let (id, wanted) = (member.id.clone(), member.id.clone());
    let is_chosen = Memo::new(move |_| till.sign_in.chosen.with(|chosen| chosen.as_ref() == Some(&wanted)));
    let role = if member.is_manager { text::role_manager() } else { text::role_cashier() };
    view! {
        <li>
            <button
                type="button"
                class="staff-tile"
                data-testid=format!("staff-{}", member.id)
                aria-pressed=live::words(move || is_chosen.get().to_string())
                on:click=live::press(move || choose(till, &id))
            >
                <span class="initials" aria-hidden="true" data-initials=member.initials()></span>
                <span class="staff-name">{member.name.clone()}</span>
                <span class="small muted">{role}</span>
            </button>
        </li>
    }
    .into_any()
}

#[component]
fn PinPanel() -> impl IntoView {
    let till = use_till();
    let sign_in = till.sign_in;
    let nobody = Signal::derive(move || sign_in.chosen.with(Option::is_none));
    let prompt = live::words(move || {
        let name = sign_in.chosen.with(|chosen| {
            let id = chosen.as_deref()?;
            till.catalogue.with(|catalogue| catalogue.shop.staff_member(id).map(|member| member.name.clone()))
        });
        name.map_or_else(|| text::sign_in_choose().to_owned(), |name| text::sign_in_pin_of(&name))
    });
    let dots = live::parts(move || {
        let typed = sign_in.pin.with(String::len);
        (0..typed.max(4)).map(|at| view! { <i class:typed=at < typed></i> }.into_any()).collect()
    });
    let spoken = live::words(move || text::sign_in_digits(sign_in.pin.with(|pin| pin.len() as u64)));
    view! {
        <section class="pin panel" aria-label=text::sign_in_pin()>
            <h2>{prompt}</h2>
            <p class="pin-dots" aria-hidden="true">{dots}</p>
            <p class="unseen" aria-live="polite">{spoken}</p>
            <div class="pin-error" aria-live="assertive">
                {live::maybe(move || problem(till).map(|problem| view! { <p data-testid="pin-error">{problem}</p> }.into_any()))}
            </div>
            <NumberPad
                prefix="pin"
                on_key=move |key| press(till, key)
                left=PadKey::Clear
                right=PadKey::Ok
                disabled=nobody
            />
        </section>
    }
}

/// What is wrong, and for how long no PIN is taken.
fn problem(till: Till) -> Option<String> {
    let left_ms = till.sign_in.blocked_until_ms.get().map_or(0, |until_ms| until_ms - till.now_ms.get());
    if left_ms > 0 {
        return Some(text::sign_in_wait(&time::countdown(left_ms)));
    }
    till.sign_in.error.get()
}
