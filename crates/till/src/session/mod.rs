//! Signing in with a PIN, without the store server: against the verifiers that were downloaded, with a
//! back-off that is kept in the journal.

pub mod screen;

use holdfast_domain::pin::PinAttempts;
use holdfast_protocol::rows::StaffRow;
use holdfast_ui::PadKey;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::crypto::pbkdf2_sha256;
use crate::till::{Place, Till};

/// Most digits of a PIN.
const PIN_LENGTH_MAX: usize = 12;
/// Most rounds that a till computes; more would be a damaged row and hang the sign-in.
const ROUNDS_MAX: u32 = 10_000_000;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cashier {
    /// Identifier.
    pub id: String,
    /// Name, as it is printed.
    pub name: String,
    /// Whether the person may do what only managers may.
    pub is_manager: bool,
}

/// What the sign-in screen holds.
#[derive(Debug, Clone, Copy)]
pub struct SignIn {
    /// Who was tapped.
    pub chosen: RwSignal<Option<String>>,
    /// The PIN so far.
    pub pin: RwSignal<String>,
    /// What is wrong.
    pub error: RwSignal<Option<String>>,
    /// No further try before this time, ms since 1970.
    pub blocked_until_ms: RwSignal<Option<i64>>,
    /// Whether a PIN is being checked.
    pub is_checking: RwSignal<bool>,
}

impl SignIn {
    /// Nobody chosen.
    pub fn new() -> SignIn {
        SignIn {
            chosen: RwSignal::new(None),
            pin: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            blocked_until_ms: RwSignal::new(None),
            is_checking: RwSignal::new(false),
        }
    }

    fn reset(&self) {
        self.chosen.set(None);
        self.pin.set(String::new());
        self.error.set(None);
        self.blocked_until_ms.set(None);
    }
}

impl Default for SignIn {
    fn default() -> Self {
        SignIn::new()
    }
}

/// Chooses who signs in; the back-off of the person holds from now on.
pub fn choose(till: Till, staff: &str) {
    till.sign_in.reset();
    till.sign_in.chosen.set(Some(staff.to_owned()));
    let staff = staff.to_owned();
    spawn_local(async move {
        let attempts = attempts_of(till, &staff).await;
        if till.sign_in.chosen.with_untracked(|chosen| chosen.as_deref() == Some(&staff)) {
            block(till, &attempts);
        }
    });
}

/// A key of the PIN pad.
pub fn press(till: Till, key: PadKey) {
    let sign_in = till.sign_in;
    if sign_in.is_checking.get_untracked() {
        return;
    }
    match key {
        PadKey::Digit(digit) => sign_in.pin.update(|pin| {
            if pin.len() < PIN_LENGTH_MAX {
                pin.push(char::from(b'0' + digit % 10));
            }
        }),
        PadKey::DoubleZero => {}
        PadKey::Backspace => sign_in.pin.update(|pin| {
            pin.pop();
        }),
        PadKey::Clear => sign_in.pin.set(String::new()),
        PadKey::Ok => check(till),
    }
}

/// Signs out; the open basket stays for whoever comes next.
pub fn lock(till: Till) {
    till.sign_in.reset();
    till.go_to(Place::Sale);
    till.notice.set(None);
    till.cashier.set(None);
}

/// Checks the PIN that was entered. Counts the try before it knows the result, so that a reload in
/// between saves nobody a try.
fn check(till: Till) {
    let sign_in = till.sign_in;
    let chosen = sign_in.chosen.get_untracked();
    let staff = chosen
        .and_then(|id| till.catalogue.with_untracked(|catalogue| catalogue.shop.staff_member(&id).cloned()));
    let pin = sign_in.pin.get_untracked();
    let (Some(staff), false) = (staff, pin.is_empty()) else { return };
    sign_in.is_checking.set(true);
    sign_in.error.set(None);
    spawn_local(async move {
        let mut attempts = attempts_of(till, &staff.id).await;
        if attempts.wait_ms(now_ms()) > 0 {
            block(till, &attempts);
        } else {
            attempts.failed(now_ms());
            keep_attempts(till, &staff.id, attempts).await;
            finish(till, &staff, &pin, attempts).await;
        }
        sign_in.pin.set(String::new());
        sign_in.is_checking.set(false);
    });
}

async fn finish(till: Till, staff: &StaffRow, pin: &str, mut attempts: PinAttempts) {
    match fits(staff, pin).await {
        Ok(true) => {
            attempts.succeeded();
            keep_attempts(till, &staff.id, attempts).await;
            till.sign_in.reset();
            let cashier =
                Cashier { id: staff.id.clone(), name: staff.name.clone(), is_manager: staff.is_manager };
            till.cashier.set(Some(cashier));
        }
        Ok(false) => {
            till.sign_in.error.set(Some(text::sign_in_wrong_pin().to_owned()));
            block(till, &attempts);
        }
        Err(error) => till.sign_in.error.set(Some(text::sign_in_not_checked(&error))),
    }
}

async fn fits(staff: &StaffRow, pin: &str) -> Result<bool, String> {
    let rounds = staff.pin_rounds.clamp(1, ROUNDS_MAX);
    let computed = pbkdf2_sha256(pin.as_bytes(), staff.pin_salt.as_slice(), rounds).await?;
    let stored: &[u8] = staff.pin_verifier.as_slice();
    // All bytes are compared, however early they differ.
    let differing = computed.iter().zip(stored).fold(0, |differing, (a, b)| differing | (a ^ b));
    Ok(stored.len() == computed.len() && differing == 0)
}

fn block(till: Till, attempts: &PinAttempts) {
    let now_ms = now_ms();
    let wait_ms = attempts.wait_ms(now_ms);
    till.sign_in.blocked_until_ms.set((wait_ms > 0).then_some(now_ms + wait_ms));
}

async fn attempts_of(till: Till, staff: &str) -> PinAttempts {
    let Some(journal) = till.journal() else { return PinAttempts::default() };
    let mut attempts = journal.pin_attempts(staff).await.unwrap_or_else(|error| {
        leptos::logging::warn!("the tries of a PIN can't be read: {error}");
        PinAttempts::default()
    });
    attempts.observe_clock(now_ms());
    attempts
}

async fn keep_attempts(till: Till, staff: &str, attempts: PinAttempts) {
    let Some(journal) = till.journal() else { return };
    if let Err(error) = journal.save_pin_attempts(staff, attempts).await {
        leptos::logging::warn!("the tries of a PIN can't be kept: {error}");
    }
}
