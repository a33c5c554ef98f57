//! Taking payment: cash with change, or card. Decides nothing about amounts; `domain` does.

pub mod finish;
pub mod screen;

use holdfast_domain::tender::{cash_rounding, quick_amounts, settle};
use holdfast_domain::{Basket, Money, Tender, TenderKind};
use leptos::prelude::*;

use crate::pad::entry::Entry;
use crate::till::{Place, Till};

/// What the payment screen holds.
#[derive(Debug, Clone, Copy)]
pub struct Payment {
    /// How the customer pays.
    pub kind: RwSignal<TenderKind>,
    /// The cash that was given, as entered.
    pub given: RwSignal<Entry>,
    /// Whether the sale is being written into the journal.
    pub is_finishing: RwSignal<bool>,
    /// Why it was not written.
    pub error: RwSignal<Option<String>>,
}

impl Payment {
    /// Nothing given yet.
    pub fn new() -> Payment {
        Payment {
            kind: RwSignal::new(TenderKind::Cash),
            given: RwSignal::new(Entry::default()),
            is_finishing: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }
}

impl Default for Payment {
    fn default() -> Self {
        Payment::new()
    }
}

/// What is to be paid, and how far it is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// What the basket comes to.
    pub due: Money,
    /// What is due in cash: rounded to the smallest coin.
    pub in_cash: Money,
    /// What was given, or will be.
    pub given: Option<Money>,
    /// What goes back; `None` while the payment does not settle the sale.
    pub change: Option<Money>,
}

/// Opens the payment screen, unless there is nothing to pay for.
pub fn open(till: Till) {
    if till.basket.peek(Basket::is_empty) || till.payment.is_finishing.get_untracked() {
        return;
    }
    let payment = till.payment;
    payment.kind.set(TenderKind::Cash);
    payment.given.set(Entry::new(till.money().decimals()));
    payment.error.set(None);
    till.basket.forget_undo();
    till.notice.set(None);
    till.go_to(Place::Pay);
}

/// Back to the products; nothing is lost.
pub fn back(till: Till) {
    if !till.payment.is_finishing.get_untracked() {
        till.go_to(Place::Sale);
    }
}

/// Chooses how the customer pays.
pub fn choose(till: Till, kind: TenderKind) {
    if kind == TenderKind::Cash || card_refusal(till).is_none() {
        till.payment.kind.set(kind);
        till.payment.error.set(None);
    }
}

/// Enters an amount at once, as a note that was handed over.
pub fn give(till: Till, amount: Money) {
    let mut entry = Entry::new(till.money().decimals());
    for digit in amount.minor().to_string().chars() {
        entry.key(&digit.to_string());
    }
    till.payment.given.set(entry);
    till.payment.error.set(None);
}

/// A key of the pad or the keyboard.
pub fn key(till: Till, key: &str) -> bool {
    match key {
        "Escape" => back(till),
        "Enter" if needs_amount(till) => give(till, due(till).in_cash),
        "Enter" => finish::finish(till),
        _ if till.payment.kind.get_untracked() == TenderKind::Cash && !due(till).due.is_negative() => {
            till.payment.error.set(None);
            return till.payment.given.try_update(|given| given.key(key)).unwrap_or(false);
        }
        _ => return false,
    }
    true
}

/// What is to be paid now, and how far it is. Follows basket, payment and currency.
pub fn due(till: Till) -> Due {
    let due = till.basket.read(Basket::totals).map_or(Money::ZERO, |totals| totals.due);
    let increment_minor = cash_increment_minor(till);
    let rounding = cash_rounding(due, increment_minor);
    let in_cash = due.checked_add(rounding).unwrap_or(due);
    let given = match till.payment.kind.get() {
        TenderKind::Card => Some(due),
        // What is paid out, or nothing at all, is not handed over by the customer.
        TenderKind::Cash if in_cash.minor() <= 0 => Some(in_cash),
        TenderKind::Cash => till.payment.given.with(Entry::value).map(Money::from_minor),
    };
    let settled = given.and_then(|amount| {
        settle(due, &[Tender { kind: till.payment.kind.get(), amount }], increment_minor).ok()
    });
    Due { due, in_cash, given, change: settled.map(|settled| settled.change) }
}

/// What a customer may hand over, the exact amount first.
pub fn quick(till: Till) -> Vec<Money> {
    let due = due(till).due;
    quick_amounts(due, till.basket.read(Basket::currency), cash_increment_minor(till))
}

/// Why the sale can't be paid by card now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardRefusal {
    /// The store takes no cards.
    NotTaken,
    /// Nothing is due.
    NothingDue,
    /// Offline, only smaller amounts are taken.
    AboveOfflineLimit(Money),
}

/// Whether and why not. Follows the connection.
pub fn card_refusal(till: Till) -> Option<CardRefusal> {
    let limit = till.catalogue.with(|catalogue| {
        catalogue
            .shop
            .tender(TenderKind::Card)
            .map(|tender| tender.offline_limit_minor.map(Money::from_minor))
    });
    let due = till.basket.read(Basket::totals).map_or(Money::ZERO, |totals| totals.due);
    match limit {
        None => Some(CardRefusal::NotTaken),
        Some(_) if due == Money::ZERO => Some(CardRefusal::NothingDue),
        Some(Some(limit)) if till.connection.is_offline() && due > limit => {
            Some(CardRefusal::AboveOfflineLimit(limit))
        }
        Some(Some(_) | None) => None,
    }
}

fn needs_amount(till: Till) -> bool {
    till.payment.kind.get_untracked() == TenderKind::Cash && due(till).given.is_none()
}

fn cash_increment_minor(till: Till) -> u32 {
    let currency = till.basket.read(Basket::currency);
    till.catalogue.with(|catalogue| catalogue.shop.cash_increment_minor(currency))
}
