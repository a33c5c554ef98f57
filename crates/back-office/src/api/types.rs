//! The shapes of the admin API. Fields that an older or newer server may not send have a default.

use holdfast_domain::money::Currency;
use holdfast_profile::{Direction, Frequency, HealthCheck};
use serde::{Deserialize, Serialize};

/// To sign in.
#[derive(Serialize)]
pub struct Credentials {
    /// As typed.
    pub name: String,
    /// As typed.
    pub password: String,
}

/// Answer to signing in, and to whose session it is.
#[derive(Deserialize)]
pub struct SignedIn {
    /// As the trail names them.
    #[serde(default)]
    pub name: String,
}

/// The store and how much it holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Store {
    /// Stays the same whatever it is named.
    pub store_id: String,
    /// Name.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Rows by table.
    #[serde(default)]
    pub rows: Vec<TableCount>,
}

impl Store {
    /// The currency, where this page knows it.
    pub fn known_currency(&self) -> Option<Currency> {
        Currency::from_code(&self.currency).ok()
    }
}

/// Rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TableCount {
    /// The table's name.
    pub table: String,
    /// Rows, those that were deleted not counted.
    pub rows: u64,
}

/// Answer with the exports of a register.
#[derive(Deserialize)]
pub struct ExportList {
    /// Newest first.
    pub exports: Vec<Export>,
}

/// An export that a register sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Export {
    /// Its number, of this register.
    pub export: u64,
    /// When it was made, by the register's clock.
    pub made_at_ms: i64,
    /// Entries of the journal in it.
    pub entries: u64,
    /// Rows of tables in it.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Whether the journal's chain holds.
    pub is_chain_whole: bool,
}

/// Answer with the last shifts of a register.
#[derive(Deserialize)]
pub struct ShiftList {
    /// Newest first.
    pub shifts: Vec<Shift>,
}

/// A shift of a register, and what has arrived of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shift {
    /// Its number, of this register.
    pub number: u32,
    /// When it was closed, by the register's clock; none: it is open.
    #[serde(default)]
    pub closed_at_ms: Option<i64>,
    /// Its sales as the register counted them.
    #[serde(default)]
    pub sales_count: Option<u64>,
    /// What was taken in it, likewise.
    #[serde(default)]
    pub total_minor: Option<i64>,
    /// What arrived, where it is known which sales are of it.
    #[serde(default)]
    pub arrived: Option<ArrivedOfShift>,
}

/// What arrived of a shift's sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct ArrivedOfShift {
    /// Sales.
    pub sales_count: u64,
    /// What was taken by them.
    pub total_minor: i64,
    /// Sales that were rejected and not mended: they are in neither.
    #[serde(default)]
    pub rejected_count: u64,
}

/// Answer with all registers.
#[derive(Deserialize)]
pub struct RegisterList {
    /// By number.
    pub registers: Vec<Register>,
}

/// A register and its last contact.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Register {
    /// Number in the store.
    pub number: u16,
    /// Name.
    pub name: String,
    /// Whether a device is this register now.
    pub activated: bool,
    /// Whether it was locked.
    #[serde(default)]
    pub locked: bool,
    /// Since when a device is this register.
    pub activated_at_ms: Option<i64>,
    /// What the device calls itself.
    pub device_name: Option<String>,
    /// Last contact, by the server's clock.
    pub last_contact_ms: Option<i64>,
    /// Version of its app.
    pub app_version: Option<String>,
    /// Profile version it has,
    pub profile_version: Option<u64>,
    /// and the name of the profile that this was published of.
    #[serde(default)]
    pub profile_name: Option<String>,
    /// Profile version it should have,
    pub published_version: u64,
    /// and its profile's name.
    #[serde(default)]
    pub published_name: Option<String>,
    /// Whether that profile is its own, and not the store's.
    #[serde(default)]
    pub has_own_profile: bool,
    /// Entries that waited in its outbox at the last contact.
    pub waiting: Option<u64>,
    /// Rejected entries that it kept at the last contact.
    pub rejected: Option<u64>,
    /// Sales that arrived.
    pub receipts_count: u64,
    /// Their total.
    pub total_minor: i64,
    /// Its downloaded tables.
    #[serde(default)]
    pub tables: Vec<TableProgress>,
    /// Since when it has been offline because answers are slow, as it told at its last contact.
    #[serde(default)]
    pub slow_since_ms: Option<i64>,
    /// Since when it was offline the last time that this ended,
    pub was_offline_since_ms: Option<i64>,
    /// and when it was back.
    #[serde(default)]
    pub was_offline_until_ms: Option<i64>,
    /// Bytes that its browser has stored.
    pub storage_used_bytes: Option<u64>,
    /// Bytes that its browser may store.
    pub storage_quota_bytes: Option<u64>,
    /// What last went wrong there.
    #[serde(default)]
    pub last_error: Option<LastError>,
    /// What it builds beside what it sells from.
    #[serde(default)]
    pub building: Option<Building>,
    /// When it was asked to synchronise all, where it has not heeded that yet.
    #[serde(default)]
    pub retry_asked_at_ms: Option<i64>,
    /// For how long it counts as online after it spoke, milliseconds.
    #[serde(default = "usually_heard_for_ms")]
    pub heard_for_ms: i64,
}

/// What a store server of before meant.
fn usually_heard_for_ms() -> i64 {
    HealthCheck::default().heard_for_ms()
}

/// What last went wrong at a register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LastError {
    /// Since when, by its clock.
    pub at_ms: i64,
    /// What.
    pub text: String,
    /// What else did not work then.
    #[serde(default)]
    pub others: Vec<String>,
    /// Whether it still did at the last contact.
    pub is_now: bool,
}

/// What a register builds beside what it sells from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Building {
    /// For which version of the profile.
    pub version: u64,
    /// Rows that it has.
    pub rows_have: u64,
    /// Rows that it will have.
    pub rows_wanted: u64,
}

/// How far a register has come with one table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TableProgress {
    /// The table's name.
    pub table: String,
    /// Version up to which the register has all rows.
    pub cursor: u64,
    /// Rows it keeps.
    pub rows: u64,
    /// Highest version on the store server.
    pub head: u64,
    /// When its rows were last known to equal those of the store server, by the register's clock.
    #[serde(default)]
    pub synced_at_ms: Option<i64>,
}

/// What a register keeps, by the scopes of its profile.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RegisterScopes {
    /// In profile order.
    pub scopes: Vec<RegisterScope>,
    /// Tables that it keeps and that are not in the profile.
    #[serde(default)]
    pub left: Vec<KeptTable>,
}

/// A scope on a register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RegisterScope {
    /// Name.
    pub name: String,
    /// Which way its rows move.
    pub direction: Direction,
    /// When it is synchronised.
    pub frequency: Frequency,
    /// Rows of all its tables; none where it only uploads.
    pub rows: Option<u64>,
    /// Entries that wait, where it only uploads.
    #[serde(default)]
    pub waiting: Option<u64>,
    /// When the table that is furthest behind last equalled the store server's, by the register's clock.
    pub synced_at_ms: Option<i64>,
    /// `complete`, `behind`, `missing`, `sent` or `waits`.
    pub state: String,
    /// In scope order.
    pub tables: Vec<KeptTable>,
}

/// A table on a register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptTable {
    /// The table's name.
    pub table: String,
    /// None where it does not come down, or nothing is there yet.
    pub rows: Option<u64>,
    /// Version up to which the register has all rows.
    pub cursor: u64,
    /// Highest version on the store server.
    pub head: u64,
    /// When its rows were last known to equal those of the store server, by the register's clock.
    pub synced_at_ms: Option<i64>,
    /// As of a scope.
    pub state: String,
}

/// A register to add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRegister {
    /// Number in the store.
    pub number: u16,
    /// Name.
    pub name: String,
}

/// A code that makes a device a register, once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ActivationCode {
    /// To be typed.
    pub code: String,
    /// When it stops working, by the server's clock.
    pub expires_at_ms: i64,
}

/// A page of the list of sales.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SaleList {
    /// Newest first.
    pub sales: Vec<Sale>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A sale in the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sale {
    /// Place in the order of arrival.
    pub seq: u64,
    /// Register's number.
    pub register: u16,
    /// Receipt number as printed.
    pub receipt: String,
    /// Its counter.
    pub counter: u32,
    /// Payment, by the register's clock.
    pub finished_at_ms: i64,
    /// Arrival, by the server's clock.
    pub received_at_ms: i64,
    /// Cashier's name.
    pub cashier: String,
    /// Customer's name.
    pub customer: Option<String>,
    /// Number of lines.
    pub lines: u64,
    /// What was due.
    pub total_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// A whole sale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SaleDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub sale: Sale,
    /// Whether prices held their tax.
    pub tax_inclusive: bool,
    /// Cash rounding.
    pub rounding_minor: i64,
    /// Given back.
    pub change_minor: i64,
    /// Its entry in the register's journal.
    pub journal_seq: u64,
    /// Hash of that entry, hexadecimal.
    pub journal_hash: String,
    /// Lines, in order.
    pub sale_lines: Vec<SaleLine>,
    /// Tax by rate.
    pub tax: Vec<SaleTax>,
    /// Payments.
    pub tenders: Vec<SaleTender>,
}

/// A line of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SaleLine {
    /// Place, from 1.
    pub line_no: u32,
    /// Product.
    pub sku: String,
    /// Name as sold.
    pub name: String,
    /// Unit code.
    pub unit: String,
    /// Thousandths.
    pub quantity_milli: i64,
    /// Price of one unit.
    pub unit_price_minor: i64,
    /// Quantity × price.
    pub amount_minor: i64,
}

/// Tax of a sale at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SaleTax {
    /// Tax code.
    pub code: String,
    /// Rate.
    pub rate_ppm: u32,
    /// Without tax.
    pub net_minor: i64,
    /// Tax.
    pub tax_minor: i64,
}

/// A payment of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SaleTender {
    /// Tender type's code.
    pub code: String,
    /// Amount; negative is paid out.
    pub amount_minor: i64,
}

/// Answer with the sales counted anew.
#[derive(Deserialize)]
pub struct AuditList {
    /// By number.
    pub registers: Vec<Audit>,
}

/// The sales of a register, counted anew from their rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Audit {
    /// Register's number.
    pub number: u16,
    /// Sales.
    pub receipts_count: u64,
    /// Lowest receipt counter.
    pub receipt_min: Option<u32>,
    /// Highest receipt counter.
    pub receipt_max: Option<u32>,
    /// Receipt numbers or sales that stand twice.
    pub duplicates: u64,
    /// Lines.
    pub lines_count: u64,
    /// Sum over the lines.
    pub total_minor: i64,
    /// Sum of what the sales say was due.
    #[serde(default)]
    pub sales_total_minor: Option<i64>,
}

impl Audit {
    /// Receipt numbers between the lowest and the highest that are not here.
    pub fn missing_count(&self) -> u64 {
        match (self.receipt_min, self.receipt_max) {
            (Some(min), Some(max)) if max >= min => {
                u64::from(max - min + 1).saturating_sub(self.receipts_count.saturating_sub(self.duplicates))
            }
            (Some(_) | None, Some(_) | None) => 0,
        }
    }

    /// Whether the sum over the lines is what the sales say.
    pub fn sums_agree(&self) -> bool {
        self.sales_total_minor.is_none_or(|total| total == self.total_minor)
    }
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ImportReport {
    /// Lines that were taken.
    pub taken: u64,
    /// Lines that were not, the first of them.
    pub refused: Vec<Refused>,
    /// How many were not.
    pub refused_count: u64,
}

/// A line of a file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refused {
    /// Its number in the file.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// Answer with the fields that were changed on both sides.
#[derive(Deserialize)]
pub struct ConflictList {
    /// Newest first.
    pub conflicts: Vec<Conflict>,
}

/// A field that a register and the store changed both.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Conflict {
    /// Register's number.
    pub register: u16,
    /// Place of the edit in its journal.
    pub seq: u64,
    /// The table's name.
    pub table: String,
    /// The row's key.
    pub key: String,
    /// What people call the row, if it is still there.
    pub row_name: Option<String>,
    /// The column's name.
    pub column: String,
    /// What the register had seen.
    pub base: Option<String>,
    /// What the store server had.
    pub server: Option<String>,
    /// What the register sent.
    pub entered: String,
    /// Whether the register's value stands.
    pub register_won: bool,
    /// When the two were merged.
    pub merged_at_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit(receipts_count: u64, min: Option<u32>, max: Option<u32>, duplicates: u64) -> Audit {
        Audit {
            number: 1,
            receipts_count,
            receipt_min: min,
            receipt_max: max,
            duplicates,
            lines_count: 0,
            total_minor: 5,
            sales_total_minor: None,
        }
    }

    #[test]
    fn missing_receipts_are_counted_between_the_first_and_the_last() {
        assert_eq!(audit(3, Some(1), Some(3), 0).missing_count(), 0);
        assert_eq!(audit(3, Some(1), Some(5), 0).missing_count(), 2);
        assert_eq!(audit(4, Some(1), Some(4), 1).missing_count(), 1);
        assert_eq!(audit(0, None, None, 0).missing_count(), 0);
    }

    #[test]
    fn a_server_that_does_not_send_the_second_sum_is_not_doubted() {
        assert!(audit(1, Some(1), Some(1), 0).sums_agree());
        assert!(!Audit { sales_total_minor: Some(6), ..audit(1, Some(1), Some(1), 0) }.sums_agree());
    }
}
