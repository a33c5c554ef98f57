//! Payment: cash and card against what is due, cash rounding and change.

use std::cmp::Ordering;

use crate::money::{Currency, Money};
use crate::rounding::{Rounding, mul_div};

/// Most payments of one sale.
pub const TENDERS_MAX: usize = 20;

/// A means of payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TenderKind {
    /// Notes and coins.
    Cash,
    /// A card, on the bank's terminal.
    Card,
}

impl TenderKind {
    /// Code in files and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            TenderKind::Cash => "cash",
            TenderKind::Card => "card",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<TenderKind> {
        [TenderKind::Cash, TenderKind::Card].into_iter().find(|kind| kind.code() == code)
    }
}

/// A payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tender {
    /// How.
    pub kind: TenderKind,
    /// How much was given; negative is paid out.
    pub amount: Money,
}

/// How a sale came out even: given − change = due + rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Cash rounding, added to what was due.
    pub rounding: Money,
    /// Cash given back.
    pub change: Money,
}

/// Why payments do not settle what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TenderError {
    /// More than [`TENDERS_MAX`].
    #[error("there are too many payments")]
    TooManyTenders,
    /// A payment of nothing beside others, or by card.
    #[error("a payment is zero")]
    Zero,
    /// A payment out while something is due, or one in while something is paid out.
    #[error("a payment has the wrong sign")]
    WrongSign,
    /// Change is given from cash only.
    #[error("the card payments are above what is due")]
    CardAboveDue,
    /// Cash, though the card has paid all of it.
    #[error("nothing is left to be paid in cash")]
    CashNotDue,
    /// Not all is paid.
    #[error("{} minor units are still to be paid", missing.minor())]
    NotEnough {
        /// What is missing, after cash rounding.
        missing: Money,
    },
    /// What is paid out is paid exactly.
    #[error("not exactly what is due is paid out")]
    NotExact,
    /// Cash rounding without cash, or more of it than the currency's coins explain.
    #[error("the cash rounding is wrong")]
    Rounding,
    /// Change that does not follow from the payments.
    #[error("the change is wrong")]
    Change,
    /// The amounts do not fit.
    #[error("the payments are too large")]
    TooLarge,
}

/// What cash rounding adds to `due`, so that coins can pay it: to the nearest multiple of the smallest
/// coin, halves away from zero.
pub fn cash_rounding(due: Money, increment_minor: u32) -> Money {
    let increment = i64::from(increment_minor.max(1));
    mul_div(due.minor(), 1, increment, Rounding::HalfUp)
        .and_then(|coins| coins.checked_mul(increment))
        .and_then(|rounded| rounded.checked_sub(due.minor()))
        .map_or(Money::ZERO, Money::from_minor)
}

/// Settles `due` with these payments. Change comes only from cash, cards never pay more than is due, and a
/// negative `due` is paid out exactly. Cash is rounded to the smallest coin, cards are not.
///
/// # Errors
/// [`TenderError`] naming what is missing or wrong.
pub fn settle(due: Money, tenders: &[Tender], cash_increment_minor: u32) -> Result<Settlement, TenderError> {
    let given = Given::of(due, tenders)?;
    let left = due.checked_sub(given.card).ok_or(TenderError::TooLarge)?;
    let rounding = match given.cash {
        Some(_) => cash_rounding(left, cash_increment_minor),
        None => Money::ZERO,
    };
    let cash_due = left.checked_add(rounding).ok_or(TenderError::TooLarge)?;
    let change = given.cash.unwrap_or_default().checked_sub(cash_due).ok_or(TenderError::TooLarge)?;
    if due.is_negative() && change != Money::ZERO {
        return Err(TenderError::NotExact);
    }
    if change.is_negative() {
        return Err(TenderError::NotEnough { missing: change.negated() });
    }
    Ok(Settlement { rounding, change })
}

/// Checks a stated settlement, as far as it can be without knowing the smallest coin.
///
/// # Errors
/// [`TenderError`] naming what is wrong.
pub fn check_settlement(
    due: Money,
    tenders: &[Tender],
    stated: Settlement,
    currency: Currency,
) -> Result<(), TenderError> {
    let given = Given::of(due, tenders)?;
    let rounding = stated.rounding.minor();
    let rounds = given.cash.is_some() && rounding.saturating_abs() <= rounding_minor_max(currency);
    if rounding != 0 && !rounds {
        return Err(TenderError::Rounding);
    }
    if stated.change.is_negative() || (stated.change != Money::ZERO && due.minor() <= 0) {
        return Err(TenderError::Change);
    }
    let paid = given.cash.unwrap_or_default().checked_add(given.card);
    let kept = paid.and_then(|paid| paid.checked_sub(stated.change)).ok_or(TenderError::TooLarge)?;
    let owed = due.checked_add(stated.rounding).ok_or(TenderError::TooLarge)?;
    match kept.cmp(&owed) {
        Ordering::Equal if stated.change > given.cash.unwrap_or_default().max(Money::ZERO) => {
            Err(TenderError::Change)
        }
        Ordering::Equal => Ok(()),
        Ordering::Less if stated.change == Money::ZERO && !due.is_negative() => {
            Err(TenderError::NotEnough { missing: owed.checked_sub(kept).ok_or(TenderError::TooLarge)? })
        }
        Ordering::Less | Ordering::Greater if due.is_negative() => Err(TenderError::NotExact),
        Ordering::Less | Ordering::Greater => Err(TenderError::Change),
    }
}

// Half of the largest smallest coin in use; most currencies round to at most one major unit.
fn rounding_minor_max(currency: Currency) -> i64 {
    match currency.code() {
        "CRC" | "HUF" => 250,
        "ARS" => 500,
        "COP" => 2_500,
        "IDR" => 5_000,
        _ => 50,
    }
}

/// Payments by kind, once their signs are right and the cards stay within what is due.
struct Given {
    cash: Option<Money>,
    card: Money,
}

impl Given {
    fn of(due: Money, tenders: &[Tender]) -> Result<Given, TenderError> {
        if tenders.len() > TENDERS_MAX {
            return Err(TenderError::TooManyTenders);
        }
        let mut given = Given { cash: None, card: Money::ZERO };
        for tender in tenders {
            let sign = tender.amount.minor().signum();
            // A sale below half the smallest coin is paid with a single payment of nothing.
            if sign == 0 && (tenders.len() > 1 || tender.kind != TenderKind::Cash) {
                return Err(TenderError::Zero);
            }
            if sign != 0 && sign != due.minor().signum() {
                return Err(TenderError::WrongSign);
            }
            let too_large = TenderError::TooLarge;
            match tender.kind {
                TenderKind::Cash => {
                    let before = given.cash.unwrap_or_default();
                    given.cash = Some(before.checked_add(tender.amount).ok_or(too_large)?);
                }
                TenderKind::Card => {
                    given.card = given.card.checked_add(tender.amount).ok_or(too_large)?;
                }
            }
        }
        if given.card.minor().unsigned_abs() > due.minor().unsigned_abs() {
            return Err(TenderError::CardAboveDue);
        }
        if given.card == due && given.cash.is_some_and(|cash| cash != Money::ZERO) {
            return Err(TenderError::CashNotDue);
        }
        Ok(given)
    }
}

/// What a cashier can tap instead of typing: the exact amount first, then what the customer's notes come
/// to, at most four.
pub fn quick_amounts(due: Money, currency: Currency, cash_increment_minor: u32) -> Vec<Money> {
    let exact = due.checked_add(cash_rounding(due, cash_increment_minor)).unwrap_or(due);
    let mut amounts = vec![exact];
    if exact.minor() <= 0 {
        return amounts;
    }
    let mut with_notes: Vec<Money> = notes_major(currency)
        .iter()
        .filter_map(|note| note.checked_mul(currency.minor_per_major()))
        .filter_map(|note| mul_div(exact.minor(), 1, note, Rounding::Up)?.checked_mul(note))
        .map(Money::from_minor)
        .filter(|amount| *amount > exact)
        .collect();
    with_notes.sort_unstable();
    with_notes.dedup();
    amounts.extend(with_notes.into_iter().take(3));
    amounts
}

// The coin that rounds the pennies away, and the notes that people carry, in major units.
fn notes_major(currency: Currency) -> &'static [i64] {
    match (currency.code(), currency.exponent()) {
        ("GBP", _) => &[1, 5, 10, 20, 50],
        ("EUR", _) => &[1, 5, 10, 20, 50, 100, 200],
        ("USD" | "CAD" | "AUD" | "NZD", _) => &[1, 5, 10, 20, 50, 100],
        ("CHF", _) => &[10, 20, 50, 100, 200],
        ("DKK" | "NOK" | "SEK", _) => &[50, 100, 200, 500, 1_000],
        (_, 0) => &[1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
        (_, _) => &[1, 5, 10, 20, 50, 100, 200, 500, 1_000],
    }
}
