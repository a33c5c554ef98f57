//! A code that nothing here has: the store server is asked, and what it knows is sold like everything else, to the sale
//! in which it was asked.

use holdfast_domain::CustomerRef;
use holdfast_protocol::decode;
use holdfast_protocol::look_up::{FoundCustomer, FoundProduct, LookUpReply, Wanted};
use holdfast_protocol::rows::CustomerRow;
use holdfast_sync::messages::LookUpFailure;
use leptos::prelude::*;

use super::elsewhere::Elsewhere;
use super::{AskedBy, ask, product};
use crate::notice::Notice;
use crate::sale::adding;
use crate::till::{Place, Till};

/// Where a code was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAsked {
    /// As scanned or typed.
    code: String,
    /// The sale that it is for.
    sale: u64,
    /// Whether it may be a customer's card.
    may_be_card: bool,
}

/// Asks for a code; what the till has to say meanwhile and afterwards is a notice.
pub fn look_up(till: Till, code: &str, may_be_card: bool) {
    let asked = CodeAsked { code: code.to_owned(), sale: till.basket.sale_number(), may_be_card };
    if till.connection.is_offline_now() {
        // Nothing would be sent; so nothing flickers either.
        return answered(till, asked, &Err(LookUpFailure::Offline));
    }
    till.notice.set(Some(Notice::LookingUp { code: code.to_owned() }));
    ask(till, Wanted::Code, code, AskedBy::Code(asked));
}

pub(super) fn answered(till: Till, asked: CodeAsked, result: &Result<LookUpReply, LookUpFailure>) {
    let notice = match result {
        Err(why) => Some(not_kept(till, asked.code.clone(), *why)),
        Ok(LookUpReply { products, customers, .. }) => match (products.first(), customers.first()) {
            (Some(found), _) => found_product(till, &asked, found),
            (None, Some(found)) if asked.may_be_card => found_customer(till, &asked, found),
            (None, Some(_) | None) => Some(Notice::UnknownCode { code: asked.code.clone() }),
        },
    };
    if notice.is_none() || !till.products_elsewhere.with_untracked(Elsewhere::may_offer) {
        clear_search_of(till, &asked);
    }
    // Something that was said since is newer, unless there is something to do about this.
    let is_said =
        till.notice.with_untracked(|now| *now == Some(Notice::LookingUp { code: asked.code.clone() }));
    if is_said || notice.is_some() {
        till.notice.set(notice);
    }
}

/// Puts it into the basket; gives what there is to say instead.
fn found_product(till: Till, asked: &CodeAsked, found: &FoundProduct) -> Option<Notice> {
    let name = found.product.name.clone();
    let item = match product::item(found) {
        Ok(item) => item,
        Err(why) => return Some(Notice::NotForSale { name, why }),
    };
    if !is_same_sale(till, asked) {
        return Some(Notice::FoundLate { name });
    }
    if item.unit.is_divisible() && till.pad.with_untracked(Option::is_some) {
        return Some(Notice::FoundLate { name });
    }
    adding::add_item(till, item);
    // What could not be put has been said.
    till.notice.get_untracked().filter(|notice| *notice == Notice::DoesNotFit)
}

fn found_customer(till: Till, asked: &CodeAsked, found: &FoundCustomer) -> Option<Notice> {
    match decode::<CustomerRow>(&found.body) {
        Ok(row) if is_same_sale(till, asked) => {
            till.basket.set_customer(Some(CustomerRef { id: row.id, name: row.name }));
            None
        }
        Ok(row) => Some(Notice::FoundLate { name: row.name }),
        Err(error) => {
            leptos::logging::warn!("a customer can't be read: {error}");
            Some(Notice::UnknownCode { code: asked.code.clone() })
        }
    }
}

/// What was typed has been dealt with.
fn clear_search_of(till: Till, asked: &CodeAsked) {
    if till.search.with_untracked(|typed| typed.trim() == asked.code) {
        till.clear_search();
    }
}

/// Whether the cashier is still where the code was asked for: at the same sale, and not taking payment.
fn is_same_sale(till: Till, asked: &CodeAsked) -> bool {
    let is_selling =
        till.place.get_untracked() == Place::Sale && till.cashier.with_untracked(Option::is_some);
    is_selling && till.basket.sale_number() == asked.sale
}

/// Why nothing is sold of it. Where all products are here, none has the code.
fn not_kept(till: Till, code: String, why: LookUpFailure) -> Notice {
    if till.keeps_all_products.get_untracked() {
        Notice::UnknownCode { code }
    } else {
        Notice::CodeNotKept { code, why }
    }
}
