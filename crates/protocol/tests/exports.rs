//! Exports: written and read again, and what was changed, cut or left out is seen.

use holdfast_protocol::encode;
use holdfast_protocol::export::*;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use proptest::prelude::*;

use crate::builders;

/// Reads a whole file in parts of so many bytes.
pub fn read(bytes: &[u8], part: usize) -> Result<(Vec<ExportItem>, ExportSummary), ExportError> {
    let mut reader = ExportReader::new();
    let mut items = Vec::new();
    for part in bytes.chunks(part.max(1)) {
        reader.push(part, &mut |item| items.push(item.clone()))?;
    }
    Ok((items, reader.finish()?))
}

/// The entries of a register's second series, and one of its first.
fn entries() -> Vec<(u32, OutboxEntry)> {
    let before = OutboxEntry::seal(9, EntryKind::Shift, builders::AT_MS, [1; 32], vec![1]);
    let sale =
        OutboxEntry::seal(5, EntryKind::Sale, builders::AT_MS, [4; 32], encode(&builders::sale_record()));
    let edit =
        OutboxEntry::seal(6, EntryKind::RowEdit, builders::AT_MS, *sale.hash, encode(&builders::row_edit()));
    vec![(1, before), (2, sale), (2, edit)]
}

/// All bytes of an export of some entries and rows.
fn export_of(entries: &[(u32, OutboxEntry)], rows: &[RowChange], last: &OutboxEntry) -> Vec<u8> {
    let mut writer = ExportWriter::new();
    let mut bytes = writer.header(&builders::export_header());
    bytes.extend(writer.journal(&ExportedJournal {
        series: 2,
        base_seq: 4,
        base_hash: [4; 32].into(),
        last_seq: last.seq,
        last_hash: last.hash,
        receipt_counter: 1843,
        acknowledged_seq: 5,
        basket: Some(encode(&builders::basket_record()).into()),
    }));
    for (series, entry) in entries {
        let outcome =
            (entry.seq != 6).then_some(ExportedOutcome { at_ms: builders::AT_MS, rejected_because: None });
        bytes.extend(writer.entry(&ExportedEntry {
            series: *series,
            envelope: encode(entry).into(),
            outcome,
        }));
    }
    for rows in rows.chunks(2) {
        bytes.extend(writer.rows(&ExportedRows { table: 8, rows: rows.to_vec() }));
    }
    let table = |table, rows, unreadable: Option<&str>| ExportedTable {
        table,
        rows,
        cursor: 42,
        synced_at_ms: Some(builders::AT_MS),
        unreadable: unreadable.map(Into::into),
    };
    bytes.extend(writer.table(&table(8, rows.len() as u64, None)));
    bytes.extend(writer.table(&table(9, 0, Some("page 3 is damaged"))));
    bytes.extend(writer.end());
    bytes
}

/// A whole export.
pub fn sample() -> Vec<u8> {
    let entries = entries();
    export_of(&entries, &builders::row_changes(), &entries[2].1)
}

#[test]
fn an_export_says_what_it_holds() {
    let (items, summary) = read(&sample(), 7).unwrap();
    assert_eq!(items.len(), 2 + 3 + builders::row_changes().chunks(2).len() + 2 + 1);
    assert_eq!(summary.header, builders::export_header());
    assert_eq!((summary.entries, summary.waiting, summary.rejected, summary.sales), (3, 1, 0, 1));
    let sale = builders::sale_record();
    assert_eq!(summary.totals_minor.into_iter().collect::<Vec<_>>(), [(sale.currency, sale.total_minor)]);
    assert_eq!(summary.broken_at, None);
    assert_eq!(summary.rows, builders::row_changes().len() as u64);
    assert_eq!(summary.tables[1].unreadable.as_deref(), Some("page 3 is damaged"));
}

/// In parts so small that looking at all of it with each would take minutes.
#[test]
fn a_large_item_is_read_in_small_parts() {
    let rows =
        |bytes: usize| vec![RowChange { key: "1".into(), version: 1, body: Some(vec![7; bytes].into()) }];
    let last = &entries()[2].1;
    let large = export_of(&entries(), &rows(ITEM_BYTES_MAX - 100), last);
    let (items, summary) = read(&large, 100).unwrap();
    assert_eq!(summary.rows, 1);
    assert!(items.iter().any(|item| matches!(item, ExportItem::Rows(_))));
    let too_large = export_of(&entries(), &rows(ITEM_BYTES_MAX), last);
    for part in [100, usize::MAX] {
        assert!(matches!(read(&too_large, part), Err(ExportError::Malformed { .. })), "in parts of {part}");
    }
}

#[test]
fn a_missing_changed_or_foreign_entry_breaks_the_chain() {
    let whole = entries();
    let last = &whole[2].1;
    let broken =
        |entries: &[(u32, OutboxEntry)]| read(&export_of(entries, &[], last), 1_000).unwrap().1.broken_at;
    assert_eq!(broken(&whole), None);
    assert_eq!(broken(&whole[1..]), None, "of an earlier series nobody knows where it began");
    assert_eq!(broken(&[whole[0].clone(), whole[2].clone()]), Some((2, 6)), "the first is missing");
    assert_eq!(broken(&whole[..2]), Some((2, 6)), "the last is missing");
    assert_eq!(broken(&whole[..1]), Some((2, 5)), "all are missing");
    assert_eq!(broken(&[whole[1].clone(), whole[2].clone(), whole[0].clone()]), Some((1, 9)));
    let mut changed = whole.clone();
    changed[1].1.created_at_ms += 1;
    assert_eq!(broken(&changed), Some((2, 5)));
}

#[test]
fn what_is_no_export_is_told_from_one_that_is_cut_or_newer() {
    let whole = sample();
    assert_eq!(read(b"<html>", 3), Err(ExportError::NotAnExport));
    assert_eq!(read(&[], 3), Err(ExportError::NotAnExport));
    assert_eq!(read(&encode(&(0_u32, builders::category_row())), 3), Err(ExportError::NotAnExport));
    assert_eq!(read(&whole[..whole.len() - 1], 100), Err(ExportError::CutOff));
    let mut header = builders::export_header();
    header.version += 1;
    assert_eq!(read(&encode(&(0_u32, header)), 100), Err(ExportError::NewerFormat(FORMAT_VERSION + 1)));
    assert_eq!(read(&[whole.as_slice(), &[0x82]].concat(), 100), Err(ExportError::AfterTheEnd));
}

#[test]
fn an_item_of_a_later_version_is_passed_over_and_counted_in_the_sum() {
    let mut writer = ExportWriter::new();
    let header = writer.header(&builders::export_header());
    let end = writer.end();
    let later = encode(&(77_u32, ("anything", 7_u8)));
    assert_eq!(read(&[header.as_slice(), &later, &end].concat(), 9), Err(ExportError::Changed));
    // An item that says more than this version knows.
    let mut longer = encode(&(0_u32, builders::export_header(), "more"));
    let mut hash = <sha2::Sha256 as sha2::Digest>::new();
    sha2::Digest::update(&mut hash, &longer);
    sha2::Digest::update(&mut hash, &later);
    let sha256: [u8; 32] = sha2::Digest::finalize(hash).into();
    longer.extend(later);
    longer.extend(encode(&(5_u32, ExportEnd { entries: 0, rows: 0, tables: 0, sha256: sha256.into() })));
    assert!(read(&longer, 9).is_ok());
}

proptest! {
    #[test]
    fn any_changed_byte_is_seen(place in any::<prop::sample::Index>(), bit in 0u8..8, part in 1usize..400) {
        let mut bytes = sample();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        prop_assert!(read(&bytes, part).is_err());
    }

    #[test]
    fn it_does_not_matter_in_which_parts_it_comes(part in 1usize..2_000) {
        prop_assert_eq!(read(&sample(), part), read(&sample(), usize::MAX));
    }
}
