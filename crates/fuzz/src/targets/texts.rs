//! Texts that people and devices bring: barcodes, amounts, codes, profile files, messages between page and worker.

use axum::http::{HeaderMap, HeaderValue, header};
use holdfast_domain::barcode::Gtin;
use holdfast_domain::money::{parse_decimal, to_decimal_string};
use holdfast_domain::{Currency, Quantity, ReceiptNumber};
use holdfast_profile::{TableId, TextFormat, default_profile, read_profile_file, write_profile_file};
use holdfast_store_server::{import, pages, secrets};
use holdfast_sync::messages::{ToPage, ToWorker};

use super::{Target, Verdict};

pub(super) const TARGETS: &[Target] = &[
    Target::text("barcode", &["04006381333931", "4006381333931", "96385074", "036000291452"], barcode),
    Target::text("amount", &["12.34", "-0.5", "1234.00", "92233720368547758.07"], amount),
    Target::text("quantity", &["1", "0.125", "-2.5", "999999"], quantity),
    Target::text("receipt_number", &["0002-001843", "0001-4000000001"], receipt_number),
    Target::text("activation_code", &["K7QM-4TXP", "k7qm 4txp"], activation_code),
    Target::text("token", &["0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"], token),
    Target::text("table_name", &["product", "tax_rate"], table_name),
    Target::text("accept_encoding", &["gzip, br;q=0.8", "gzip;q=0, *"], accept_encoding),
    Target::text(
        "imported_text",
        &["Fish &amp; Chips", "&#39;x&#x41; &lt;b&gt;", "a\u{a0}b\tc"],
        imported_text,
    ),
    Target {
        name: "profile_file",
        frozen: &[],
        texts: &[],
        made: Some(default_profile_file),
        repair: None,
        run: profile_file,
    },
    Target::text(
        "message_to_worker",
        &[
            r#"{"type":"wake"}"#,
            r#"{"type":"journal_grew"}"#,
            r#"{"type":"activate","code":"K7QM-4TXP","device_name":"Tablet"}"#,
        ],
        message_to_worker,
    ),
    Target::text(
        "message_to_page",
        &[
            r#"{"type":"tables_changed","tables":[10,11]}"#,
            r#"{"type":"activation_failed","code":"no_answer","message":"Nobody."}"#,
            include_str!("status.json"),
        ],
        message_to_page,
    ),
];

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// Whether a text was read as something, where an error always has words.
fn said<T, E: std::fmt::Display>(read: Result<T, E>) -> Option<T> {
    read.map_err(|error| assert!(!error.to_string().is_empty())).ok()
}

fn verdict<T>(read: Option<T>) -> Verdict {
    if read.is_some() { Verdict::Taken } else { Verdict::Refused }
}

fn barcode(bytes: &[u8]) -> Verdict {
    let read = text(bytes).and_then(|text| said(Gtin::parse(text)));
    if let Some(gtin) = read {
        assert_eq!(Gtin::parse(&gtin.to_string()), Ok(gtin));
    }
    verdict(read)
}

fn amount(bytes: &[u8]) -> Verdict {
    let Some(text) = text(bytes) else { return Verdict::Refused };
    let mut taken = Verdict::Refused;
    for code in ["GBP", "JPY", "KWD"] {
        let Some(currency) = said(Currency::from_code(code)) else { continue };
        if let Some(money) = said(parse_decimal(text, currency)) {
            assert_eq!(parse_decimal(&to_decimal_string(money, currency), currency), Ok(money));
            taken = Verdict::Taken;
        }
    }
    if let Some(currency) = said(Currency::from_code(text)) {
        assert_eq!(Currency::from_code(currency.code()), Ok(currency));
    }
    taken
}

fn quantity(bytes: &[u8]) -> Verdict {
    let read = text(bytes).and_then(|text| said(Quantity::parse(text)));
    if let Some(quantity) = read {
        assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
    }
    verdict(read)
}

fn receipt_number(bytes: &[u8]) -> Verdict {
    let read = text(bytes).and_then(|text| said(text.parse::<ReceiptNumber>()));
    if let Some(number) = read {
        assert_eq!(number.to_string().parse(), Ok(number));
    }
    verdict(read)
}

fn activation_code(bytes: &[u8]) -> Verdict {
    let Some(text) = text(bytes) else { return Verdict::Refused };
    let typed_otherwise: String = text.to_lowercase().chars().flat_map(|letter| [' ', letter, '-']).collect();
    if text.is_ascii() {
        assert_eq!(secrets::activation_code_hash(text), secrets::activation_code_hash(&typed_otherwise));
    }
    Verdict::Taken
}

fn token(bytes: &[u8]) -> Verdict {
    let read = text(bytes).and_then(secrets::from_hex);
    if let Some(token) = &read {
        assert_eq!(secrets::from_hex(&secrets::hex(token)).as_ref(), Some(token));
    }
    verdict(read)
}

fn table_name(bytes: &[u8]) -> Verdict {
    let read = text(bytes).and_then(TableId::from_name);
    if let Some(table) = read {
        assert_eq!(Some(table.name()), text(bytes));
    }
    verdict(read)
}

fn accept_encoding(bytes: &[u8]) -> Verdict {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return Verdict::Refused };
    let headers: HeaderMap = [(header::ACCEPT_ENCODING, value)].into_iter().collect();
    if pages::accepts(&headers, "gzip") { Verdict::Taken } else { Verdict::Refused }
}

fn imported_text(bytes: &[u8]) -> Verdict {
    let Some(text) = text(bytes) else { return Verdict::Refused };
    match import::tidied("The name", text) {
        Ok(tidy) => {
            assert!(tidy.trim() == tidy && !tidy.chars().any(char::is_control), "{tidy:?}");
            Verdict::Taken
        }
        Err(reason) => {
            assert!(!reason.is_empty());
            Verdict::Refused
        }
    }
}

struct Json;

impl TextFormat for Json {
    type Error = serde_json::Error;

    fn read<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, Self::Error> {
        serde_json::from_str(text)
    }

    fn write<T: serde::Serialize>(&self, value: &T) -> Result<String, Self::Error> {
        serde_json::to_string_pretty(value)
    }
}

fn default_profile_file() -> Vec<u8> {
    write_profile_file(&Json, &default_profile()).expect("it can be written").into_bytes()
}

fn profile_file(bytes: &[u8]) -> Verdict {
    let read = text(bytes).and_then(|text| said(read_profile_file(&Json, text)));
    if let Some(read) = &read {
        let written = said(write_profile_file(&Json, &read.profile)).expect("what was read can be written");
        let again = said(read_profile_file(&Json, &written)).expect("what was written can be read");
        assert_eq!(again.profile, read.profile);
        assert_eq!(again.unknown_fields, Vec::<String>::new());
    }
    verdict(read)
}

// In the browser these cross as JavaScript objects; the types' own reading is the same.
fn message_to_worker(bytes: &[u8]) -> Verdict {
    let read: Option<ToWorker> = said(serde_json::from_slice(bytes));
    if let Some(message) = &read {
        let written = serde_json::to_vec(message).expect("it can be written");
        assert_eq!(serde_json::from_slice::<ToWorker>(&written).ok().as_ref(), Some(message));
    }
    verdict(read)
}

fn message_to_page(bytes: &[u8]) -> Verdict {
    let read: Option<ToPage> = said(serde_json::from_slice(bytes));
    if let Some(message) = &read {
        let written = serde_json::to_vec(message).expect("it can be written");
        // Times are floating-point numbers, whose last digit JSON may lose.
        assert!(serde_json::from_slice::<ToPage>(&written).is_ok());
    }
    verdict(read)
}
