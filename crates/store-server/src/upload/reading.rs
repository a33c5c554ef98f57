//! Reads uploaded entries: what each says, or why it can't be applied whatever the journal holds.

use holdfast_protocol::checked_edit::CheckedEdit;
use holdfast_protocol::messages::UploadRequest;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};

/// Highest amount of a sale: some thousands of the largest still add up in 64 bits.
const AMOUNT_MINOR_MAX: u64 = 100_000_000_000_000;
/// PostgreSQL keeps no text with it, and nobody can type it.
const NUL: char = '\0';
const HAS_NUL: &str = "has a text with the character U+0000 in it, which no database keeps.";

/// An uploaded entry with its content.
#[derive(Debug, Clone)]
pub struct ReadEntry {
    /// As it came.
    pub entry: OutboxEntry,
    /// Whether the stated hash is that of the content.
    pub is_intact: bool,
    /// What it says.
    pub content: Content,
}

/// What an entry says.
#[derive(Debug, Clone)]
pub enum Content {
    /// A finished sale.
    Sale {
        /// The sale.
        record: Box<SaleRecord>,
        /// Why it does not add up, if it doesn't.
        fault: Option<String>,
    },
    /// A shift that was opened or closed.
    Shift(ShiftRecord),
    /// A row that the register changed or made.
    Edit(CheckedEdit),
    /// Nothing that this version can apply; with the reason.
    Unusable(String),
}

/// Reads the entries of a request, in their order.
pub fn read(request: UploadRequest) -> Vec<ReadEntry> {
    request.entries.into_iter().map(read_entry).collect()
}

/// Reads one entry, an uploaded one or one that was kept.
pub fn read_entry(entry: OutboxEntry) -> ReadEntry {
    ReadEntry { is_intact: entry.is_intact(), content: read_content(&entry), entry }
}

fn read_content(entry: &OutboxEntry) -> Content {
    match EntryKind::from_number(entry.kind) {
        Some(EntryKind::Sale) => match holdfast_protocol::decode::<SaleRecord>(entry.payload.as_slice()) {
            Ok(record) => {
                let fault = fault_of(&record);
                Content::Sale { record: Box::new(record), fault }
            }
            Err(error) => Content::Unusable(format!("The sale can't be read: {error}.")),
        },
        Some(EntryKind::Shift) => match holdfast_protocol::decode::<ShiftRecord>(entry.payload.as_slice()) {
            Ok(record) if record.opened_by.contains(NUL) => Content::Unusable(format!("The shift {HAS_NUL}")),
            Ok(record) => Content::Shift(record),
            Err(error) => Content::Unusable(format!("The shift can't be read: {error}.")),
        },
        Some(EntryKind::RowEdit) => match holdfast_protocol::decode::<RowEdit>(entry.payload.as_slice()) {
            Ok(edit) => match CheckedEdit::check(&edit) {
                Ok(_) if has_nul(&edit) => Content::Unusable(format!("The edit {HAS_NUL}")),
                Ok(edit) => Content::Edit(edit),
                Err(fault) => Content::Unusable(fault.to_string()),
            },
            Err(error) => Content::Unusable(format!("The edit can't be read: {error}.")),
        },
        None => Content::Unusable(format!(
            "This store server does not know entries of kind {} yet; it keeps them.",
            entry.kind
        )),
    }
}

fn has_nul(edit: &RowEdit) -> bool {
    let in_text = |value: &[u8]| minicbor::Decoder::new(value).str().is_ok_and(|text| text.contains(NUL));
    edit.fields.iter().any(|field| in_text(&field.after))
}

fn fault_of(record: &SaleRecord) -> Option<String> {
    if texts(record).any(|text| text.contains(NUL)) {
        return Some(format!("The sale {HAS_NUL}"));
    }
    if has_impossible_amounts(record) {
        return Some("The sale has an amount that is larger than any till needs.".to_owned());
    }
    match record.to_sale() {
        Ok(sale) => sale.check().err().map(|error| format!("The sale does not add up: {error}.")),
        Err(error) => Some(format!("The sale can't be read: {error}.")),
    }
}

fn texts(record: &SaleRecord) -> impl Iterator<Item = &str> + '_ {
    let lines = record.lines.iter().flat_map(|line| [&line.sku, &line.name, &line.unit, &line.tax_code]);
    let codes =
        record.tax.iter().map(|tax| &tax.code).chain(record.tenders.iter().map(|tender| &tender.code));
    let whole = [&record.store_id, &record.cashier_id, &record.cashier_name, &record.currency];
    let optional = [&record.customer_id, &record.customer_name, &record.external_ref];
    lines.chain(codes).chain(whole).chain(optional.into_iter().flatten()).map(String::as_str)
}

/// Whether the sale can't be kept whatever its sums: an amount is beyond what any till needs, or a text has a NUL.
pub fn is_beyond_keeping(record: &SaleRecord) -> bool {
    texts(record).any(|text| text.contains(NUL)) || has_impossible_amounts(record)
}

/// Whether an amount is beyond what any till needs.
pub fn is_impossible_amount(minor: i64) -> bool {
    minor.unsigned_abs() > AMOUNT_MINOR_MAX
}

fn has_impossible_amounts(record: &SaleRecord) -> bool {
    amounts(record).any(is_impossible_amount)
}

fn amounts(record: &SaleRecord) -> impl Iterator<Item = i64> + '_ {
    let lines = record.lines.iter().flat_map(|line| [line.unit_price_minor, line.amount_minor]);
    let tax = record.tax.iter().flat_map(|tax| [tax.net_minor, tax.tax_minor, tax.gross_minor]);
    let tenders = record.tenders.iter().map(|tender| tender.amount_minor);
    let whole = [record.total_minor, record.rounding_minor, record.change_minor];
    lines.chain(tax).chain(tenders).chain(whole)
}
