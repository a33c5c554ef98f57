//! A decision about an entry on its way: chosen, explained by a note, perhaps with corrections, confirmed. It outlives
//! what shows it, so that nothing typed is lost when an answer comes.

use holdfast_ui::messages::back_office as text;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::corrections::Texts;
use crate::api::{ApiError, Corrections, MendOrder, RejectedSale};
use crate::state::AppState;

/// The fields of the request that have a place of their own on the page, by their names in the API.
const SHOWN_FIELDS: [&str; 6] =
    ["note", "customer_id", "customer_name", "cashier_id", "cashier_name", "external_ref"];

/// The decision.
#[derive(Clone, Copy)]
pub struct Mending {
    state: AppState,
    register: u16,
    seq: u64,
    /// What is to be done, while it is not confirmed.
    pub chosen: RwSignal<Option<String>>,
    /// Why.
    pub note: RwSignal<String>,
    /// Customer's id.
    pub customer_id: RwSignal<String>,
    /// Customer's name.
    pub customer_name: RwSignal<String>,
    /// Cashier's id.
    pub cashier_id: RwSignal<String>,
    /// Cashier's name.
    pub cashier_name: RwSignal<String>,
    /// The number another system knows the sale by.
    pub external_ref: RwSignal<String>,
    /// Whether it is on its way.
    pub is_sending: RwSignal<bool>,
    /// How often something was done; the page tells it then.
    pub done_count: RwSignal<u32>,
    error: RwSignal<Option<ApiError>>,
    /// Which field this page refuses itself, and why.
    refused: RwSignal<Option<(&'static str, &'static str)>>,
    /// What the fields were filled with; nothing where the entry is no sale.
    filled: StoredValue<Texts>,
    /// Of the decision that was chosen last, so that sending it again has no second effect.
    request_id: StoredValue<String>,
}

impl Mending {
    /// Nothing is chosen yet.
    pub fn new(state: AppState, register: u16, seq: u64) -> Mending {
        let empty = || RwSignal::new(String::new());
        Mending {
            state,
            register,
            seq,
            chosen: RwSignal::new(None),
            note: empty(),
            customer_id: empty(),
            customer_name: empty(),
            cashier_id: empty(),
            cashier_name: empty(),
            external_ref: empty(),
            is_sending: RwSignal::new(false),
            done_count: RwSignal::new(0),
            error: RwSignal::new(None),
            refused: RwSignal::new(None),
            filled: StoredValue::new(Texts::default()),
            request_id: StoredValue::new(String::new()),
        }
    }

    /// Chooses what is to be done with the entry, a sale or something else.
    pub fn choose(self, action: &str, sale: Option<&RejectedSale>) {
        let filled = sale.map(Texts::of).unwrap_or_default();
        self.fill(filled.clone());
        self.filled.set_value(filled);
        self.request_id.set_value(fresh_request_id());
        self.forget_errors();
        self.chosen.set(Some(action.to_owned()));
    }

    /// Nothing is to be done.
    pub fn cancel(self) {
        self.forget_errors();
        self.chosen.set(None);
    }

    /// What was refused, where no field says so.
    pub fn error(self) -> Option<ApiError> {
        self.error.get().filter(|error| SHOWN_FIELDS.iter().all(|name| error.of_field(name).is_none()))
    }

    /// Why a field can't be taken.
    pub fn field_error(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let here = self.refused.get().filter(|(field, _)| *field == name).map(|(_, why)| why.to_owned());
            here.or_else(|| self.error.with(|error| error.as_ref().and_then(|error| error.of_field(name))))
        })
    }

    /// Does it. `redo` asks the store server for the entry as it is then.
    pub fn confirm(self, redo: impl Fn() + 'static) {
        let Some(action) = self.chosen.get_untracked().filter(|_| !self.is_sending.get_untracked()) else {
            return;
        };
        self.forget_errors();
        let corrections = match self.corrections(&action) {
            Ok(corrections) => corrections,
            Err(refused) => {
                self.refused.set(Some(refused));
                return;
            }
        };
        let (request_id, note) = (self.request_id.get_value(), self.note.get_untracked());
        let order = MendOrder { request_id, action, note, corrections };
        let api = self.state.api;
        self.is_sending.set(true);
        spawn_local(async move {
            let outcome = api.mend(self.register, self.seq, &order).await;
            // The page may be gone by now, and its signals with it.
            if self.is_sending.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(()) => {
                    self.note.set(String::new());
                    self.cancel();
                    self.done_count.update(|count| *count += 1);
                    redo();
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// What was typed over the sale's own fields; else which field can't be sent, and why.
    fn corrections(self, action: &str) -> Result<Corrections, (&'static str, &'static str)> {
        let typed = Texts {
            customer_id: self.customer_id.get_untracked(),
            customer_name: self.customer_name.get_untracked(),
            cashier_id: self.cashier_id.get_untracked(),
            cashier_name: self.cashier_name.get_untracked(),
            external_ref: self.external_ref.get_untracked(),
        };
        let filled = self.filled.get_value();
        if typed.lacks_customer_id(&filled) {
            return Err(("customer_id", text::correct_customer_id_missing()));
        }
        let corrections = typed.corrections(&filled);
        let needs_note = match action {
            "apply" => corrections != Corrections::default(),
            "take_back" => false,
            _ => true,
        };
        if needs_note && self.note.with_untracked(|note| note.trim().is_empty()) {
            return Err(("note", text::mend_note_missing()));
        }
        Ok(corrections)
    }

    fn fill(self, texts: Texts) {
        self.customer_id.set(texts.customer_id);
        self.customer_name.set(texts.customer_name);
        self.cashier_id.set(texts.cashier_id);
        self.cashier_name.set(texts.cashier_name);
        self.external_ref.set(texts.external_ref);
    }

    fn forget_errors(self) {
        self.error.set(None);
        self.refused.set(None);
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
