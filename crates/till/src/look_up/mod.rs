//! What the till asks the store server for because this register does not keep it (DESIGN sections 3 and 4).
//!
//! Nobody waits at the till: what is asked stands as a line of its own until the answer is there, and every answer is
//! of one question. The engine answers each within the offline timeout; should its worker die meanwhile, the page gives
//! up by itself.

pub mod code;
pub mod elsewhere;
pub mod product;

use std::collections::BTreeMap;

use holdfast_protocol::look_up::{LOOK_UP_CHARS_MAX, LookUpReply, Wanted};
use holdfast_sync::messages::{LookUpAnswer, LookUpFailure, ToWorker};
use holdfast_ui::time::now_ms;
use leptos::prelude::*;

use crate::till::Till;
use code::CodeAsked;

/// The engine answers within the offline timeout and at most 30 seconds; this is its worker's silence, milliseconds.
const GIVEN_UP_AFTER_MS: i64 = 35_000;

/// What the answer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedBy {
    /// A code was scanned or typed.
    Code(CodeAsked),
    /// The products' search.
    Products,
    /// The search of the customers' dialog.
    Customers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    by: AskedBy,
    until_ms: i64,
}

/// The questions on their way.
#[derive(Debug, Clone, Copy)]
pub struct LookUps {
    on_their_way: StoredValue<BTreeMap<u32, Asked>>,
    // Begins at another number in each page: an answer to the page before is nobody's.
    last: StoredValue<u32>,
}

impl LookUps {
    /// None.
    pub fn new() -> LookUps {
        LookUps {
            on_their_way: StoredValue::new(BTreeMap::new()),
            last: StoredValue::new((now_ms() & 0x7fff_ffff) as u32),
        }
    }
}

impl Default for LookUps {
    fn default() -> Self {
        LookUps::new()
    }
}

/// Asks the store server, by the worker; gives the question's number.
pub fn ask(till: Till, wanted: Wanted, text: &str, by: AskedBy) -> u32 {
    let asked = till.look_ups.last.try_update_value(|last| {
        *last = last.wrapping_add(1);
        *last
    });
    let asked = asked.unwrap_or_default();
    // Nothing has a longer code or name that anybody types.
    let text: String = text.chars().take(LOOK_UP_CHARS_MAX).collect();
    let until_ms = now_ms() + GIVEN_UP_AFTER_MS;
    till.look_ups.on_their_way.update_value(|all| {
        all.insert(asked, Asked { by, until_ms });
    });
    if let Some(link) = till.link() {
        link.send(&ToWorker::LookUp { asked, wanted, text });
    }
    asked
}

/// Takes an answer of the worker.
pub fn take(till: Till, asked: u32, answer: &LookUpAnswer) {
    let result = answer.read().unwrap_or_else(|error| {
        leptos::logging::warn!("what a look-up found can't be read: {error}");
        Err(LookUpFailure::Refused)
    });
    answered(till, asked, &result);
}

/// Gives up questions that the worker has left without an answer.
pub fn tick(till: Till) {
    let at_ms = now_ms();
    let mut given_up = Vec::new();
    till.look_ups.on_their_way.with_value(|all| {
        let is_over = |asked: &Asked| {
            let left_ms = asked.until_ms - at_ms;
            // More than there was: the clock was set back, and must not keep it for ever.
            left_ms <= 0 || left_ms > GIVEN_UP_AFTER_MS
        };
        given_up.extend(all.iter().filter(|(_, asked)| is_over(asked)).map(|(number, _)| *number));
    });
    for number in given_up {
        answered(till, number, &Err(LookUpFailure::NoAnswer));
    }
}

fn answered(till: Till, number: u32, result: &Result<LookUpReply, LookUpFailure>) {
    let asked = till.look_ups.on_their_way.try_update_value(|all| all.remove(&number)).flatten();
    // Of another page, or given up.
    let Some(asked) = asked else { return };
    match asked.by {
        AskedBy::Code(asked) => code::answered(till, asked, result),
        AskedBy::Products => {
            elsewhere::answered(till.products_elsewhere, number, product::hits(till, result))
        }
        AskedBy::Customers => crate::customers::found_elsewhere(till, number, result),
    }
}
