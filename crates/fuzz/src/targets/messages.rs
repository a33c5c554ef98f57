//! Messages, rows and pages: what crosses the network or is kept by one version and read by another.

use std::fmt::Debug;

use holdfast_profile::{
    EncodedRow, RowValues, TableId, change_plan, default_profile, three_way_merge, validate,
};
use holdfast_protocol::basket::BasketRecord;
use holdfast_protocol::export::{ExportItem, ExportReader, KeptExport};
use holdfast_protocol::messages::{
    ActivateReply, ActivateRequest, ContactReply, ContactRequest, Manifest, ProfileReply, PullReply,
    PullRequest, UploadReply, UploadRequest,
};
use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::pictures::PicturesReply;
use holdfast_protocol::problem::Problem;
use holdfast_protocol::rows::{
    BarcodeRow, CategoryRow, CurrencyRow, CustomerRow, PriceRow, ProductRow, RegisterRow, StaffRow, StoreRow,
    TaxRateRow, TenderTypeRow,
};
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};
use holdfast_protocol::{decode, encode, page};

use super::{Target, Verdict};

pub(super) const TARGETS: &[Target] = &[
    Target::message("activate_request", &["activate_request"], same_again::<ActivateRequest>),
    Target::message(
        "activate_reply",
        &["activate_reply", "activate_reply_with_shift"],
        same_again::<ActivateReply>,
    ),
    Target::message("contact_request", &["contact_request"], same_again::<ContactRequest>),
    Target::message("contact_reply", &["contact_reply"], same_again::<ContactReply>),
    Target::message("pictures_reply", &["pictures_reply"], same_again::<PicturesReply>),
    Target::message("kept_export", &["kept_export"], same_again::<KeptExport>),
    Target {
        name: "export",
        frozen: &["export"],
        texts: &[],
        made: None,
        repair: Some(right_sum),
        run: export,
    },
    Target::message("profile_reply", &["profile_reply"], profile),
    Target::message("manifest", &["manifest"], same_again::<Manifest>),
    Target::message("pull_request", &["pull_request"], same_again::<PullRequest>),
    Target::message("pull_reply", &["pull_reply"], same_again::<PullReply>),
    Target::message("upload_request", &["upload_request"], same_again::<UploadRequest>),
    Target::message("upload_reply", &["upload_reply"], same_again::<UploadReply>),
    Target::message("outbox_entry", &["outbox_entry"], same_again::<OutboxEntry>),
    Target::message("sale", &["sale"], sale),
    Target::message("shift", &["shift", "closed_shift", "bounded_shift"], same_again::<ShiftRecord>),
    Target::message("basket", &["basket"], basket),
    Target::message("store_row", &["store_row"], same_again::<StoreRow>),
    Target::message("register_row", &["register_row"], same_again::<RegisterRow>),
    Target::message("staff_row", &["staff_row"], same_again::<StaffRow>),
    Target::message("tax_rate_row", &["tax_rate_row"], same_again::<TaxRateRow>),
    Target::message("currency_row", &["currency_row"], same_again::<CurrencyRow>),
    Target::message("tender_type_row", &["tender_type_row"], same_again::<TenderTypeRow>),
    Target::message("category_row", &["category_row"], same_again::<CategoryRow>),
    Target::message("product_row", &["product_row"], same_again::<ProductRow>),
    Target::message("barcode_row", &["barcode_row"], same_again::<BarcodeRow>),
    Target::message("price_row", &["price_row"], same_again::<PriceRow>),
    Target::message("customer_row", &["customer_row"], same_again::<CustomerRow>),
    Target::message("row_columns", &["product_row", "price_row", "customer_row", "store_row"], row_columns),
    Target::message("problem", &["problem"], problem),
    Target {
        name: "page",
        frozen: &["page"],
        texts: &[],
        made: None,
        repair: Some(right_checksum),
        run: packed,
    },
];

/// What was read is the same after it was written and read again; what was not is refused in words.
pub(super) fn same_again<T>(bytes: &[u8]) -> Verdict
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq + Debug,
{
    read_twice::<T>(bytes).map_or(Verdict::Refused, |_| Verdict::Taken)
}

/// Read in any parts it is the same, and whatever is refused is refused in words.
fn export(bytes: &[u8]) -> Verdict {
    let read = |part: usize| {
        let (mut reader, mut items) = (ExportReader::new(), 0_u64);
        for part in bytes.chunks(part) {
            reader.push(part, &mut |item: &ExportItem| {
                items += u64::from(!matches!(item, ExportItem::End(_)));
            })?;
        }
        reader.finish().map(|summary| (items, summary))
    };
    let whole = read(bytes.len().max(1));
    match &whole {
        Ok((items, summary)) => {
            assert_eq!(read(97).as_ref(), Ok(&(*items, summary.clone())));
            Verdict::Taken
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(read(97).is_err());
            Verdict::Refused
        }
    }
}

fn read_twice<T>(bytes: &[u8]) -> Option<T>
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq + Debug,
{
    match decode::<T>(bytes) {
        Ok(value) => {
            assert_eq!(decode::<T>(&encode(&value)).as_ref(), Ok(&value));
            Some(value)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

fn profile(bytes: &[u8]) -> Verdict {
    let Some(ProfileReply { profile, .. }) = read_twice::<ProfileReply>(bytes) else {
        return Verdict::Refused;
    };
    let standard = default_profile();
    let findings = validate(&profile);
    assert!(findings.iter().all(|finding| !finding.to_string().is_empty()));
    assert!(change_plan(&profile, &profile).is_empty());
    assert_eq!(change_plan(&standard, &profile).is_empty(), standard == profile);
    assert_eq!(three_way_merge(&standard, &profile, &standard).as_ref(), Ok(&profile));
    for entry in profile.scopes.iter().flat_map(|scope| &scope.tables) {
        if let Some(filter) = &entry.filter {
            filter.sentence(entry.table);
            filter.english(entry.table, holdfast_domain::Currency::GBP);
        }
    }
    Verdict::Taken
}

fn sale(bytes: &[u8]) -> Verdict {
    let Some(record) = read_twice::<SaleRecord>(bytes) else { return Verdict::Refused };
    match record.to_sale() {
        Ok(sale) => {
            if sale.check().is_ok() {
                assert_eq!(SaleRecord::from_sale(&sale).to_sale().as_ref(), Ok(&sale));
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    Verdict::Taken
}

fn basket(bytes: &[u8]) -> Verdict {
    let Some(record) = read_twice::<BasketRecord>(bytes) else { return Verdict::Refused };
    if let Ok(basket) = record.to_basket() {
        let again = BasketRecord::from_basket(&basket).to_basket();
        assert_eq!(again.as_ref(), Ok(&basket));
        if let Err(error) = basket.totals() {
            assert!(!error.to_string().is_empty());
        }
    }
    Verdict::Taken
}

/// A row's columns as a row filter reads them, whichever table it is said to be of.
fn row_columns(bytes: &[u8]) -> Verdict {
    let mut verdict = Verdict::Refused;
    for table in TableId::ALL {
        match EncodedRow::read(table, bytes) {
            Ok(row) => {
                verdict = Verdict::Taken;
                for column in table.columns() {
                    row.value(column.name);
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    for entry in default_profile().scopes.iter().flat_map(|scope| &scope.tables) {
        if let Err(error) = entry.keep_columns(bytes) {
            assert!(!error.to_string().is_empty());
        }
    }
    verdict
}

fn problem(bytes: &[u8]) -> Verdict {
    match Problem::decode(bytes) {
        Ok(problem) => {
            assert_eq!(Problem::decode(&problem.encode()).as_ref(), Ok(&problem));
            Verdict::Taken
        }
        Err(_) => Verdict::Refused,
    }
}

fn packed(bytes: &[u8]) -> Verdict {
    match page::unpack(bytes) {
        Ok(rows) => {
            assert_eq!(page::unpack(&page::pack(&rows)).as_ref(), Ok(&rows));
            assert_eq!(page::unpack(&page::pack_columns(&rows)).as_ref(), Ok(&rows));
            Verdict::Taken
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            Verdict::Refused
        }
    }
}

/// The last item of the frozen export, bytes: what comes before it is what its sum is of.
const EXPORT_END_BYTES: usize = 44;

#[expect(clippy::ptr_arg, reason = "a repair may make the bytes longer")]
fn right_sum(bytes: &mut Vec<u8>) {
    if let Some(before_end) = bytes.len().checked_sub(EXPORT_END_BYTES) {
        let sum = page::address(&bytes[..before_end]);
        let at = bytes.len() - sum.len();
        bytes[at..].copy_from_slice(&sum);
    }
}

#[expect(clippy::ptr_arg, reason = "a repair may make the bytes longer")]
fn right_checksum(bytes: &mut Vec<u8>) {
    if bytes.len() >= 8 {
        let checksum = crc32fast::hash(&bytes[8..]).to_be_bytes();
        let magic = if bytes[3].is_multiple_of(2) { b"HFP2" } else { b"HFP1" };
        bytes[..4].copy_from_slice(magic);
        bytes[4..8].copy_from_slice(&checksum);
    }
}
