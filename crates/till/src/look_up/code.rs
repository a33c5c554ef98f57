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
use crate::catalogue::NotForSale;
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
    /// The product that it is of and what of that is not kept here, where it is known.
    lacks: Option<(Kept, NotForSale)>,
}

/// A product that is kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its sku.
    pub sku: String,
    /// What it is called.
    pub name: String,
}

/// Asks for a code; what the till has to say meanwhile and afterwards is a notice.
pub fn look_up(till: Till, code: &str, may_be_card: bool) {
    let sale = till.basket.sale_number();
    begin(till, CodeAsked { code: code.to_owned(), sale, may_be_card, lacks: None });
}

/// Asks for the price or the tax rate of a product that is kept here without: the profile may leave it out, or it is on
/// its way.
pub fn look_up_rest(till: Till, kept: Kept, why: NotForSale) {
    let (code, sale) = (kept.sku.clone(), till.basket.sale_number());
    begin(till, CodeAsked { code, sale, may_be_card: false, lacks: Some((kept, why)) });
}

fn begin(till: Till, asked: CodeAsked) {
    if till.connection.is_offline_now() {
        // Nothing would be sent; so nothing flickers either.
        return answered(till, asked, &Err(LookUpFailure::Offline));
    }
    till.notice.set(Some(Notice::LookingUp { code: asked.code.clone() }));
    let code = asked.code.clone();
    ask(till, Wanted::Code, &code, AskedBy::Code(asked));
}

pub(super) fn answered(till: Till, asked: CodeAsked, result: &Result<LookUpReply, LookUpFailure>) {
    let notice = match &asked.lacks {
        Some((kept, why)) => rest_found(till, &asked, kept, *why, result),
        None => code_found(till, &asked, result),
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

/// What came of a code that nothing here has; gives what there is to say of it.
fn code_found(till: Till, asked: &CodeAsked, result: &Result<LookUpReply, LookUpFailure>) -> Option<Notice> {
    match result {
        Err(why) => Some(not_kept(till, asked.code.clone(), *why)),
        Ok(LookUpReply { products, customers, .. }) => match (products.first(), customers.first()) {
            (Some(found), _) => found_product(till, asked, found),
            (None, Some(found)) if asked.may_be_card => found_customer(till, asked, found),
            (None, Some(_) | None) => Some(Notice::UnknownCode { code: asked.code.clone() }),
        },
    }
}

/// What came of the rest of a product that is kept here; without, it can't be sold.
fn rest_found(
    till: Till,
    asked: &CodeAsked,
    kept: &Kept,
    why: NotForSale,
    result: &Result<LookUpReply, LookUpFailure>,
) -> Option<Notice> {
    let products = result.as_ref().map(|reply| reply.products.as_slice()).unwrap_or_default();
    match products.iter().find(|found| found.product.sku == kept.sku) {
        Some(found) => found_product(till, asked, found),
        None => Some(Notice::NotForSale { name: kept.name.clone(), why }),
    }
}

/// Puts it into the basket; gives what there is to say instead.
fn found_product(till: Till, asked: &CodeAsked, found: &FoundProduct) -> Option<Notice> {
    let name = found.product.name.clone();
    let item = match till.catalogue.with_untracked(|catalogue| product::item(found, &catalogue.shop)) {
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
