//! All messages of the wire protocol under one form: bytes, and what reading them gives.

use std::collections::BTreeMap;
use std::fmt::Debug;

use holdfast_protocol::export::KeptExport;
use holdfast_protocol::look_up::LookUpReply;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::page;
use holdfast_protocol::problem::Problem;
use holdfast_protocol::{decode, encode};

use crate::{builders, exports};

/// Reads bytes as a message and compares them with the one that is expected.
pub type Reader = Box<dyn Fn(&[u8]) -> Reading>;

/// A message: what this build writes, and how to read bytes back.
pub struct Sample {
    pub name: &'static str,
    /// The message as this build writes it.
    pub bytes: Vec<u8>,
    /// Whether the message is a CBOR map, to which a later version may add fields.
    pub is_map: bool,
    /// Reads bytes and compares them with the message.
    pub reads: Reader,
}

/// What reading bytes as a message came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// They are the message.
    Same,
    /// They are another message of the same kind.
    Other(String),
    /// They are no such message.
    Refused(String),
}

fn reading<T: PartialEq + Debug>(read: Result<T, impl ToString>, expected: &T) -> Reading {
    match read {
        Ok(message) if message == *expected => Reading::Same,
        Ok(message) => Reading::Other(format!("{message:?}")),
        Err(error) => Reading::Refused(error.to_string()),
    }
}

fn map<T>(name: &'static str, message: T) -> Sample
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq + Debug + 'static,
{
    let bytes = encode(&message);
    Sample { name, bytes, is_map: true, reads: Box::new(move |bytes| reading(decode::<T>(bytes), &message)) }
}

fn page_of_columns(name: &'static str, rows: Vec<RowChange>) -> Sample {
    let bytes = page::pack_columns(&rows);
    Sample { name, bytes, is_map: false, reads: Box::new(move |bytes| reading(page::unpack(bytes), &rows)) }
}

fn export(name: &'static str, bytes: Vec<u8>) -> Sample {
    let whole = exports::read(&bytes, bytes.len()).expect("a whole export");
    Sample {
        name,
        bytes,
        is_map: false,
        reads: Box::new(move |bytes| reading(exports::read(bytes, 1_000), &whole)),
    }
}

/// One of each.
pub fn all() -> Vec<Sample> {
    let problem = builders::problem();
    let rows = builders::row_changes();
    vec![
        map("activate_request", builders::activate_request()),
        map("activate_reply", builders::activate_reply()),
        map("activate_reply_with_shift", builders::activate_reply_with_shift()),
        map("contact_request", builders::contact_request()),
        map("contact_reply", builders::contact_reply()),
        map(
            "contact_request_that_takes_later_outcomes",
            builders::contact_request_that_takes_later_outcomes(),
        ),
        map("contact_request_with_report", builders::contact_request_with_report()),
        map("contact_request_that_moves", builders::contact_request_that_moves()),
        map(
            "contact_request_that_says_what_its_app_reads",
            builders::contact_request_that_says_what_its_app_reads(),
        ),
        map(
            "contact_request_of_one_that_is_offline_for_slowness",
            builders::contact_request_of_one_that_is_offline_for_slowness(),
        ),
        map("contact_reply_to_one_that_moves", builders::contact_reply_to_one_that_moves()),
        map("contact_reply_that_asks_to_retry", builders::contact_reply_that_asks_to_retry()),
        map("contact_reply_with_later_outcomes", builders::contact_reply_with_later_outcomes()),
        map("contact_reply_with_digest", builders::contact_reply_with_digest()),
        map("contact_reply_with_pictures", builders::contact_reply_with_pictures()),
        map("pictures_reply", builders::pictures_reply()),
        map("profile_reply", builders::profile_reply()),
        map("manifest", builders::manifest()),
        map("pull_request", builders::pull_request()),
        map("pull_request_of_version", builders::pull_request_of_version()),
        map("pull_reply", builders::pull_reply()),
        map("contact_reply_of_view", builders::contact_reply_of_view()),
        map("manifest_of_view", builders::manifest_of_view()),
        map("pull_reply_of_view", builders::pull_reply_of_view()),
        map("look_up_request", builders::look_up_request()),
        map("look_up_request_of_code", builders::look_up_request_of_code()),
        map("look_up_request_of_no_text", builders::look_up_request_of_no_text()),
        map("look_up_reply", builders::look_up_reply()),
        map("look_up_reply_of_bare_rows", builders::look_up_reply_of_bare_rows()),
        map("look_up_reply_of_nothing", LookUpReply::default()),
        map("upload_request", builders::upload_request()),
        map("upload_reply", builders::upload_reply()),
        map("upload_reply_to_edit", builders::upload_reply_to_edit()),
        map("outbox_entry", builders::outbox_entry()),
        map("sale", builders::sale_record()),
        map("shift", builders::shift_record()),
        map("closed_shift", builders::closed_shift_record()),
        map("bounded_shift", builders::bounded_shift_record()),
        map("row_edit", builders::row_edit()),
        map("basket", builders::basket_record()),
        map("store_row", builders::store_row()),
        map("register_row", builders::register_row()),
        map("staff_row", builders::staff_row()),
        map("tax_rate_row", builders::tax_rate_row()),
        map("currency_row", builders::currency_row()),
        map("tender_type_row", builders::tender_type_row()),
        map("category_row", builders::category_row()),
        map("product_row", builders::product_row()),
        map("barcode_row", builders::barcode_row()),
        map("price_row", builders::price_row()),
        map("customer_row", builders::customer_row()),
        Sample {
            name: "problem",
            bytes: problem.encode(),
            is_map: true,
            reads: Box::new(move |bytes| reading(Problem::decode(bytes), &problem)),
        },
        Sample {
            name: "page",
            bytes: page::pack(&rows),
            is_map: false,
            reads: Box::new(move |bytes| reading(page::unpack(bytes), &rows)),
        },
        map("kept_export", KeptExport { number: 3 }),
        export("export", exports::sample()),
        page_of_columns("page_of_columns", builders::rows_for_columns()),
        page_of_columns("page_of_columns_with_odd_texts", builders::rows_with_odd_texts()),
    ]
}

/// The frozen samples of protocol version 1: lines of a name and hex digits.
pub fn frozen_v1() -> BTreeMap<&'static str, Vec<u8>> {
    include_str!("samples/v1.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (name, digits) = line.split_once(' ').expect("a name and hex digits");
            (name, from_hex(digits))
        })
        .collect()
}

pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(digits: &str) -> Vec<u8> {
    let digit = |character: u8| char::from(character).to_digit(16).expect("a hex digit") as u8;
    digits.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
