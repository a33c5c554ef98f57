//! Old bytes are read by this build, and what a later version adds is passed over.

use holdfast_profile::TableId;
use holdfast_protocol::messages::{ContactReply, ContactRequest, ProfileReply};
use holdfast_protocol::problem::Problem;
use holdfast_protocol::sale::SaleRecord;
use holdfast_protocol::{decode, encode, page};

use crate::builders;
use crate::cbor::value;
use crate::samples::{Reading, all, frozen_v1, to_hex};

#[test]
fn messages_of_version_1_are_read_as_what_they_were() {
    let frozen = frozen_v1();
    let mut wrong = Vec::new();
    for sample in all() {
        match frozen.get(sample.name) {
            Some(bytes) => {
                let reading = (sample.reads)(bytes);
                if reading != Reading::Same {
                    wrong.push(format!("{}: {reading:?}", sample.name));
                }
            }
            // A new message is frozen by adding this line to samples/v1.txt. A line is never changed.
            None => wrong.push(format!("{} {}", sample.name, to_hex(&sample.bytes))),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn all_that_a_peer_of_version_1_looks_for_is_still_written() {
    let frozen = frozen_v1();
    for sample in all().into_iter().filter(|sample| sample.is_map) {
        let old = frozen.get(sample.name).map(|bytes| value(bytes));
        let holds = old.is_some_and(|old| value(&sample.bytes).holds(&old));
        assert!(holds, "{}: {}", sample.name, to_hex(&sample.bytes));
    }
}

#[test]
fn a_field_of_a_later_version_is_passed_over() {
    for sample in all().into_iter().filter(|sample| sample.is_map) {
        let later = with_an_unknown_field(&sample.bytes);
        assert_eq!((sample.reads)(&later), Reading::Same, "{}", sample.name);
    }
}

// A definite map of fewer than 23 entries, one entry more: { ..., 200: [{"later": 1}, h'00'] }.
fn with_an_unknown_field(message: &[u8]) -> Vec<u8> {
    let (first, rest) = message.split_first().expect("a message");
    assert!((0xa0..0xb7).contains(first), "a small definite map, not {first:02x}");
    let later = [0x18, 200, 0x82, 0xa1, 0x65, b'l', b'a', b't', b'e', b'r', 0x01, 0x41, 0x00];
    [&[first + 1], rest, &later].concat()
}

#[test]
fn a_problem_may_have_keys_that_are_text() {
    // RFC 9290 lets others add such keys.
    let plain = builders::problem().encode();
    let (first, rest) = plain.split_first().expect("a message");
    let more = [&[first + 1], rest, &[0x61, b'x', 0x80]].concat();
    assert_eq!(Problem::decode(&more), Ok(builders::problem()));
}

#[test]
fn a_row_of_a_page_may_have_more_fields() {
    // ["1002", 42, null, "later"] in an array of one.
    let content =
        [0x81, 0x84, 0x64, b'1', b'0', b'0', b'2', 0x18, 42, 0xf6, 0x65, b'l', b'a', b't', b'e', b'r'];
    let page = [b"HFP1".as_slice(), &crc32fast::hash(&content).to_be_bytes(), &content].concat();
    assert_eq!(page::unpack(&page), Ok(builders::row_changes().split_off(1)));
}

#[test]
fn optional_fields_may_be_missing() {
    let older = SaleRecord { customer_name: None, ..builders::sale_record() };
    let read: SaleRecord = decode(&encode(&older)).expect("readable");
    assert_eq!(read, older);
    let customer = read.to_sale().expect("a sale of an older version").customer.expect("a customer");
    assert_eq!((customer.id.as_str(), customer.name.as_str()), ("12347", "12347"));
}

#[test]
fn tables_of_a_later_version_do_not_keep_an_older_peer_from_talking() {
    let request = with_an_unknown_table(encode(&builders::contact_request()), TableId::Product);
    assert_eq!(decode::<ContactRequest>(&request).map(|read| read.tables), Ok(vec![]));
    let reply = with_an_unknown_table(encode(&builders::contact_reply()), TableId::Price);
    assert_eq!(decode::<ContactReply>(&reply).map(|read| read.heads), Ok(vec![]));
    let profile = with_an_unknown_table(encode(&builders::profile_reply()), TableId::TaxRate);
    let downloads = decode::<ProfileReply>(&profile).expect("readable").profile.download_tables();
    assert!(
        downloads.contains(&TableId::Currency) && !downloads.contains(&TableId::TaxRate),
        "{downloads:?}"
    );
}

// Each of these lists holds small maps that begin with field 0, the table's number.
fn with_an_unknown_table(mut bytes: Vec<u8>, known: TableId) -> Vec<u8> {
    const UNKNOWN: u8 = 23;
    assert_eq!(TableId::from_number(UNKNOWN), None);
    for place in 2..bytes.len() {
        let is_table =
            matches!(bytes[place - 2..place], [0xa1..=0xa3, 0x00]) && bytes[place] == known.number();
        if is_table {
            bytes[place] = UNKNOWN;
        }
    }
    bytes
}
