//! What the administrator sees, in the shape of the admin API.

use serde::Serialize;

/// How far a register has come with one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableProgress {
    /// The table's name.
    pub table: String,
    /// Version up to which the register has all rows.
    pub cursor: u64,
    /// Rows it keeps.
    pub rows: u64,
    /// Highest version here, of what it downloads: the table, or its view's copy of it.
    pub head: u64,
    /// When the rows were last known to equal those here, by the register's clock.
    pub synced_at_ms: Option<i64>,
}

/// What last went wrong at a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastError {
    /// Since when, by its clock.
    pub at_ms: i64,
    /// What.
    pub text: String,
    /// What else did not work then.
    pub others: Vec<String>,
    /// Whether it still did at the last contact.
    pub is_now: bool,
}

/// What a register builds beside what it sells from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BuildingOverview {
    /// For which version of the profile.
    pub version: u64,
    /// Rows that it has.
    pub rows_have: u64,
    /// Rows that it will have.
    pub rows_wanted: u64,
}

/// A register and its last contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterOverview {
    /// Number in the store.
    pub number: u16,
    /// Name.
    pub name: String,
    /// Whether a device is this register now.
    pub activated: bool,
    /// Whether it was locked.
    pub locked: bool,
    /// Since when.
    pub activated_at_ms: Option<i64>,
    /// What the device calls itself.
    pub device_name: Option<String>,
    /// Last contact.
    pub last_contact_ms: Option<i64>,
    /// Version of its app.
    pub app_version: Option<String>,
    /// Profile version it has,
    pub profile_version: Option<u64>,
    /// and the name of the profile that this was published of.
    pub profile_name: Option<String>,
    /// Profile version it should have,
    pub published_version: u64,
    /// and its profile's name; none where nothing is published.
    pub published_name: Option<String>,
    /// Whether that profile is its own, and not the store's.
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
    pub tables: Vec<TableProgress>,
    /// Since when it has been offline because answers are slow, as it told at its last contact; none where it was not.
    pub slow_since_ms: Option<i64>,
    /// Since when it was offline the last time that this ended, by its clock,
    pub was_offline_since_ms: Option<i64>,
    /// and when it was back; none where that was not kept.
    pub was_offline_until_ms: Option<i64>,
    /// Bytes that its browser has stored.
    pub storage_used_bytes: Option<u64>,
    /// Bytes that its browser may store.
    pub storage_quota_bytes: Option<u64>,
    /// What last went wrong.
    pub last_error: Option<LastError>,
    /// What it builds.
    pub building: Option<BuildingOverview>,
    /// When it was asked to synchronise all, where it has not heeded that yet.
    pub retry_asked_at_ms: Option<i64>,
}

/// A shift of a register, and what has arrived of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShiftOverview {
    /// Number on its register, from 1.
    pub number: u32,
    /// When it was opened, by the register's clock.
    pub opened_at_ms: i64,
    /// When it was closed; none: it is open.
    pub closed_at_ms: Option<i64>,
    /// Its sales, as the register counted them at its close.
    pub sales_count: Option<u64>,
    /// What was taken in it, likewise.
    pub total_minor: Option<i64>,
    /// What arrived; none where it is not known which sales are of it: it is open, or its register did not say it yet.
    pub arrived: Option<ArrivedOfShift>,
}

/// What arrived of a shift's sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ArrivedOfShift {
    /// Sales.
    pub sales_count: u64,
    /// What was taken by them.
    pub total_minor: i64,
    /// Sales that were rejected and not mended: they are in neither.
    pub rejected_count: u64,
}

/// Which sales are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct SalesQuery {
    /// Of this register only.
    pub register: Option<u16>,
    /// That arrived before this one.
    pub before_seq: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// A sale in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleOverview {
    /// Place in the order of arrival; for the next page's `before_seq`.
    pub seq: u64,
    /// Register's number.
    pub register: u16,
    /// Receipt number as printed.
    pub receipt: String,
    /// Its counter.
    pub counter: u32,
    /// Time of payment by the register's clock.
    pub finished_at_ms: i64,
    /// When it came here.
    pub received_at_ms: i64,
    /// Cashier's name.
    pub cashier: String,
    /// Customer's name, or the id where none is known.
    pub customer: Option<String>,
    /// Number of lines.
    pub lines: u64,
    /// What was due.
    pub total_minor: i64,
    /// Currency.
    pub currency: String,
    /// The number another system knows it by.
    pub external_ref: Option<String>,
}

/// A line of a whole sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleLineDetail {
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
    /// Tax code.
    pub tax_code: String,
    /// Rate.
    pub tax_rate_ppm: u32,
}

/// Tax of a whole sale at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleTaxDetail {
    /// Code.
    pub code: String,
    /// Rate.
    pub rate_ppm: u32,
    /// Without tax.
    pub net_minor: i64,
    /// Tax.
    pub tax_minor: i64,
    /// With tax.
    pub gross_minor: i64,
}

/// A payment of a whole sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleTenderDetail {
    /// Tender type's code.
    pub code: String,
    /// Amount; negative is paid out.
    pub amount_minor: i64,
}

/// A whole sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaleDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub overview: SaleOverview,
    /// Cashier's id.
    pub cashier_id: String,
    /// Customer's id.
    pub customer_id: Option<String>,
    /// First line.
    pub started_at_ms: i64,
    /// Minutes by which the register's wall clock was ahead of UTC.
    pub utc_offset_min: i16,
    /// Whether prices held their tax.
    pub tax_inclusive: bool,
    /// Cash rounding.
    pub rounding_minor: i64,
    /// What was paid beyond what the goods come to, of a sale that did not add up and was taken although.
    pub difference_minor: i64,
    /// Given back.
    pub change_minor: i64,
    /// Its journal entry.
    pub journal_seq: u64,
    /// Hash of that entry, hex.
    pub journal_hash: String,
    /// Lines.
    pub sale_lines: Vec<SaleLineDetail>,
    /// Tax.
    pub tax: Vec<SaleTaxDetail>,
    /// Payments.
    pub tenders: Vec<SaleTenderDetail>,
}

/// An entry that was not applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedEntry {
    /// Register's number.
    pub register: u16,
    /// Place in its journal.
    pub seq: u64,
    /// `sale`, `shift`, or the number of an unknown kind.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// When it came.
    pub received_at_ms: i64,
    /// Whether an administrator decided that it is never applied.
    pub is_set_aside: bool,
}

/// The sales of a register, counted anew from their rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterAudit {
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
    /// Numbers of another system, such as invoice numbers, that stand at more than one sale.
    pub external_ref_repeats: u64,
    /// Lines.
    pub lines_count: u64,
    /// Sum of quantity × price over the lines, with the tax where prices don't hold it.
    pub total_minor: i64,
    /// Sum of what the sales say was due: must equal `total_minor`.
    pub sales_total_minor: i64,
    /// Entries kept that were not applied.
    pub rejected_count: u64,
}

/// The store and how much it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreOverview {
    /// Identifier.
    pub store_id: String,
    /// Name.
    pub name: String,
    /// Address lines.
    pub address: Vec<String>,
    /// Tax number.
    pub tax_number: String,
    /// Currency.
    pub currency: String,
    /// Whether prices hold their tax.
    pub prices_include_tax: bool,
    /// The profile of its registers.
    pub profile: String,
    /// Rows by table, tombstones not counted.
    pub rows: Vec<TableCount>,
    /// Version of the last change.
    pub feed_version: u64,
}

/// A published version in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRecord {
    /// Its number.
    pub version: u64,
    /// When it was published, ms since 1970.
    pub published_at_ms: i64,
    /// Who published it.
    pub published_by: String,
    /// The version that it brought back.
    pub restored_from: Option<u64>,
}

/// A category and how many products are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryCount {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Products.
    pub products: u64,
}

/// A change in the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeRecord {
    /// Place in the trail; for the next page's `before`.
    pub id: u64,
    /// When, ms since 1970.
    pub at_ms: i64,
    /// Who.
    pub administrator: String,
    /// What was done, by the name of a [`crate::admin_change::ChangeAction`].
    pub action: String,
    /// What was changed, by its name.
    pub subject: String,
    /// Sentences.
    pub detail: String,
}

/// Rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableCount {
    /// The table's name.
    pub table: String,
    /// Rows.
    pub rows: u64,
}
