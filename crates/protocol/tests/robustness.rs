//! Whatever bytes arrive: an answer or an error, never a panic and never memory without bound.

use holdfast_protocol::sale::SaleRecord;
use holdfast_protocol::{decode, encode};
use proptest::prelude::*;

use crate::builders;
use crate::samples::{Reading, all};

#[test]
fn a_truncated_message_is_refused() {
    for sample in all() {
        for length in 0..sample.bytes.len() {
            let reading = (sample.reads)(&sample.bytes[..length]);
            assert!(matches!(reading, Reading::Refused(_)), "{} at {length}: {reading:?}", sample.name);
        }
    }
}

#[test]
fn bytes_after_a_message_are_refused() {
    for sample in all() {
        // A problem is read up to its end; nothing in HTTP follows it.
        if sample.name != "problem" {
            let reading = (sample.reads)(&[sample.bytes.as_slice(), &[0]].concat());
            assert!(matches!(reading, Reading::Refused(_)), "{}: {reading:?}", sample.name);
        }
    }
}

#[test]
fn lengths_larger_than_any_memory_are_refused() {
    let huge: [&[u8]; 6] = [
        &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        // Field 0, then an array, a text or bytes of such a length.
        &[0xa1, 0x00, 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0xa1, 0x00, 0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0xa1, 0x00, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        // The same in a field that only a later version has.
        &[0xa1, 0x18, 0xc8, 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ];
    for sample in all() {
        for bytes in huge {
            let reading = (sample.reads)(bytes);
            assert!(matches!(reading, Reading::Refused(_)), "{}: {reading:?}", sample.name);
        }
    }
}

#[test]
fn deep_nesting_in_an_unknown_field_does_not_overflow_the_stack() {
    for opening in [0x81, 0x9f, 0xc1] {
        let deep = [&[0xa1, 0x18, 0xc8], vec![opening; 1_000_000].as_slice()].concat();
        for sample in all() {
            let reading = (sample.reads)(&deep);
            assert!(matches!(reading, Reading::Refused(_)), "{}: {reading:?}", sample.name);
        }
    }
}

/// Amounts and quantities as no till would send them.
fn wild_sale() -> impl Strategy<Value = SaleRecord> {
    let wild = || prop_oneof![any::<i64>(), -1_000i64..1_000, Just(i64::MAX), Just(i64::MIN)];
    let line = (wild(), wild(), wild(), any::<u32>(), "[a-z]{0,3}");
    let lines = proptest::collection::vec(line, 0..4);
    (lines, wild(), wild(), wild(), wild(), any::<bool>(), "[A-Z]{3}|GBP").prop_map(
        |(lines, total, rounding, change, tender, tax_inclusive, currency)| {
            let mut sale = builders::sale_record();
            sale.lines = lines
                .into_iter()
                .map(|(quantity_milli, unit_price_minor, amount_minor, tax_rate_ppm, unit)| {
                    let mut line = builders::sale_record().lines.remove(1);
                    if unit.len() == 1 {
                        line.unit = unit;
                    }
                    (line.quantity_milli, line.unit_price_minor) = (quantity_milli, unit_price_minor);
                    (line.amount_minor, line.tax_rate_ppm) = (amount_minor, tax_rate_ppm);
                    line
                })
                .collect();
            (sale.total_minor, sale.rounding_minor, sale.change_minor) = (total, rounding, change);
            sale.tenders[1].amount_minor = tender;
            (sale.tax_inclusive, sale.currency) = (tax_inclusive, currency);
            sale
        },
    )
}

#[test]
fn a_flipped_bit_is_noticed_unless_nothing_is_said_there() {
    let mut unnoticed = Vec::new();
    for sample in all() {
        for (place, bit) in (0..sample.bytes.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut bytes = sample.bytes.clone();
            bytes[place] ^= 1 << bit;
            // The fields of a variant that has none are an empty array, and whatever else is there is passed over.
            let is_empty_array = sample.bytes[place] == 0x80;
            if (sample.reads)(&bytes) == Reading::Same && !is_empty_array {
                unnoticed.push(format!("{} {place}.{bit}: {:02x}", sample.name, sample.bytes[place]));
            }
        }
    }
    assert_eq!(unnoticed, Vec::<String>::new());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for sample in all() {
            prop_assert_ne!((sample.reads)(&bytes), Reading::Same, "{}", sample.name);
        }
    }

    #[test]
    fn no_sale_makes_the_check_panic(record in wild_sale()) {
        let read = decode::<SaleRecord>(&encode(&record));
        prop_assert_eq!(read.as_ref(), Ok(&record));
        if let Ok(sale) = record.to_sale() {
            prop_assert!(sale.check().is_err());
        }
    }
}
