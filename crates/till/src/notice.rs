//! What the till has to say about the last thing done: one sentence, in a place that is kept for it.

use holdfast_sync::messages::LookUpFailure;
use holdfast_ui::messages::till as text;
use holdfast_ui::{Icon, Tone};

use crate::catalogue::NotForSale;

/// How long a removal can be undone, milliseconds.
pub const UNDO_MS: i64 = 5_000;

/// Something to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Nothing has this code.
    UnknownCode {
        /// As scanned or typed.
        code: String,
    },
    /// The store server is asked about this code.
    LookingUp {
        /// As scanned or typed.
        code: String,
    },
    /// Nothing that is kept here has this code; the profile keeps only some products, and what the store server has is
    /// not known.
    CodeNotKept {
        /// As scanned or typed.
        code: String,
        /// Why it is not known.
        why: LookUpFailure,
    },
    /// The store server knew it, and the cashier had gone on meanwhile.
    FoundLate {
        /// What it is called.
        name: String,
    },
    /// A barcode whose check digit is wrong: mistyped or misread.
    Misread {
        /// As scanned or typed.
        code: String,
    },
    /// Several products have what was typed.
    SeveralFit,
    /// A product that can't be sold.
    NotForSale {
        /// Its name.
        name: String,
        /// Why.
        why: NotForSale,
    },
    /// The basket can't hold it.
    DoesNotFit,
    /// A line was removed; it can be brought back for a while.
    Removed {
        /// The product's name.
        name: String,
        /// Until when, ms since 1970.
        until_ms: i64,
    },
    /// The whole basket was voided; it can be brought back for a while.
    Voided {
        /// Until when, ms since 1970.
        until_ms: i64,
    },
    /// The open basket could not be kept over a reload.
    BasketNotKept,
    /// What was entered of a customer was not kept, and its dialog is closed.
    CustomerNotKept,
    /// A basket of an earlier time was found and opened again.
    BasketRestored,
}

impl Notice {
    /// The sentence.
    pub fn text(&self) -> String {
        match self {
            Notice::UnknownCode { code } => text::notice_unknown_code(code),
            Notice::LookingUp { code } => text::notice_looking_up(code),
            Notice::CodeNotKept { code, why: LookUpFailure::Offline } => text::notice_code_offline(code),
            Notice::CodeNotKept { code, why: LookUpFailure::NoAnswer } => text::notice_code_no_answer(code),
            Notice::CodeNotKept { code, why: LookUpFailure::Busy } => text::notice_code_busy(code),
            Notice::CodeNotKept { code, why: LookUpFailure::Refused } => text::notice_code_refused(code),
            Notice::FoundLate { name } => text::notice_found_late(name),
            Notice::Misread { code } => text::notice_misread(code),
            Notice::SeveralFit => text::notice_several_fit().to_owned(),
            Notice::NotForSale { name, why: NotForSale::NoPrice } => text::notice_no_price(name),
            Notice::NotForSale { name, why: NotForSale::NoTaxRate } => text::notice_no_tax_rate(name),
            Notice::NotForSale { name, why: NotForSale::UnknownUnit } => text::notice_unknown_unit(name),
            Notice::NotForSale { name, why: NotForSale::NoStore } => text::notice_no_store(name),
            Notice::DoesNotFit => text::notice_does_not_fit().to_owned(),
            Notice::Removed { name, .. } => text::notice_removed(name),
            Notice::Voided { .. } => text::notice_voided().to_owned(),
            Notice::BasketNotKept => text::notice_basket_not_kept().to_owned(),
            Notice::CustomerNotKept => text::notice_customer_not_kept().to_owned(),
            Notice::BasketRestored => text::notice_basket_restored().to_owned(),
        }
    }

    /// Its colour.
    pub fn tone(&self) -> Tone {
        match self {
            Notice::UnknownCode { .. }
            | Notice::CodeNotKept { .. }
            | Notice::FoundLate { .. }
            | Notice::Misread { .. }
            | Notice::NotForSale { .. } => Tone::Wait,
            Notice::DoesNotFit | Notice::BasketNotKept | Notice::CustomerNotKept => Tone::Bad,
            Notice::LookingUp { .. }
            | Notice::SeveralFit
            | Notice::Removed { .. }
            | Notice::Voided { .. }
            | Notice::BasketRestored => Tone::Neutral,
        }
    }

    /// The picture beside it.
    pub fn icon(&self) -> Icon {
        match self {
            Notice::LookingUp { .. } => Icon::Search,
            Notice::UnknownCode { .. }
            | Notice::CodeNotKept { .. }
            | Notice::FoundLate { .. }
            | Notice::Misread { .. } => Icon::Scan,
            Notice::NotForSale { .. }
            | Notice::DoesNotFit
            | Notice::BasketNotKept
            | Notice::CustomerNotKept => Icon::Warn,
            Notice::SeveralFit | Notice::BasketRestored => Icon::Info,
            Notice::Removed { .. } | Notice::Voided { .. } => Icon::Basket,
        }
    }

    /// Until when what was done can be undone, ms since 1970.
    pub fn undo_until_ms(&self) -> Option<i64> {
        match self {
            Notice::Removed { until_ms, .. } | Notice::Voided { until_ms } => Some(*until_ms),
            Notice::UnknownCode { .. }
            | Notice::LookingUp { .. }
            | Notice::CodeNotKept { .. }
            | Notice::FoundLate { .. }
            | Notice::Misread { .. }
            | Notice::SeveralFit
            | Notice::NotForSale { .. }
            | Notice::DoesNotFit
            | Notice::BasketNotKept
            | Notice::CustomerNotKept
            | Notice::BasketRestored => None,
        }
    }
}
