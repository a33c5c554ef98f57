//! The number pad that floats: a weight, a quantity. One at a time, owned by the root.

pub mod dialog;
pub mod entry;

use holdfast_domain::{ItemToSell, Quantity, Unit};
use holdfast_ui::messages::till as text;
use leptos::prelude::*;

use crate::sale::adding;
use crate::till::Till;
use entry::Entry;

/// What a number is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// How much of something that is weighed or measured goes into the basket.
    Weigh(Box<ItemToSell>),
    /// How much of a line is sold.
    Quantity {
        /// Which line.
        index: usize,
        /// Its product's name.
        name: String,
        /// Its unit.
        unit: Unit,
    },
}

/// A number that is being asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PadRequest {
    /// What for.
    pub purpose: Purpose,
    /// What was entered so far.
    pub entry: Entry,
}

impl PadRequest {
    /// Asks.
    pub fn new(purpose: Purpose) -> PadRequest {
        let decimals = if unit_of(&purpose).is_divisible() { 3 } else { 0 };
        PadRequest { purpose, entry: Entry::new(decimals) }
    }

    /// The question.
    pub fn title(&self) -> String {
        match &self.purpose {
            Purpose::Weigh(item) => text::pad_how_much(&item.name),
            Purpose::Quantity { name, .. } => text::pad_how_much(name),
        }
    }

    /// The unit of the number.
    pub fn unit(&self) -> Unit {
        unit_of(&self.purpose)
    }

    /// What was entered, in thousandths; `None` while it is nothing or zero.
    pub fn milli(&self) -> Option<i64> {
        let per_step = if self.unit().is_divisible() { 1 } else { 1_000 };
        let milli = self.entry.value()?.checked_mul(per_step)?;
        (1..=Quantity::MILLI_MAX).contains(&milli).then_some(milli)
    }
}

/// Takes a key of the pad or the keyboard; gives whether it was the pad's.
pub fn key(till: Till, key: &str) -> bool {
    match key {
        "Enter" => finish(till),
        "Escape" => till.pad.set(None),
        _ => {
            let taken = till.pad.try_update(|pad| pad.as_mut().is_some_and(|pad| pad.entry.key(key)));
            return taken.unwrap_or(false);
        }
    }
    true
}

/// Takes the number that was entered; without one the pad stays open.
pub fn finish(till: Till) {
    let Some(request) = till.pad.get_untracked() else { return };
    let Some(milli) = request.milli() else { return };
    till.pad.set(None);
    match request.purpose {
        Purpose::Weigh(item) => adding::put(till, *item, Quantity::from_milli(milli)),
        Purpose::Quantity { index, .. } => adding::set_amount(till, index, milli),
    }
}

fn unit_of(purpose: &Purpose) -> Unit {
    match purpose {
        Purpose::Weigh(item) => item.unit,
        Purpose::Quantity { unit, .. } => *unit,
    }
}
