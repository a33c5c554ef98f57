//! One message of each kind, every field filled.

use holdfast_domain::*;
use holdfast_profile::{TableId, default_profile};
use holdfast_protocol::basket::BasketRecord;
use holdfast_protocol::export::{ExportHeader, FORMAT, FORMAT_VERSION};
use holdfast_protocol::look_up::{FoundCustomer, FoundProduct, LookUpReply, LookUpRequest, Wanted};
use holdfast_protocol::messages::*;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::pictures::{PictureRef, PicturesReply};
use holdfast_protocol::problem::{Problem, code};
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::rows::*;
use holdfast_protocol::sale::{SaleRecord, ShiftRecord, TenderRecord};
use holdfast_protocol::{TableDigest, encode};

pub const AT_MS: i64 = 1_795_003_380_000;

pub fn basket() -> Basket {
    let mut basket = Basket::new(Currency::GBP, TaxMode::Inclusive);
    let mug = ItemToSell {
        sku: "1001".into(),
        name: "Enamel mug".into(),
        unit: Unit::Each,
        unit_price: Money::from_minor(850),
        tax_code: "S".into(),
        tax_rate_ppm: 200_000,
    };
    let apples = ItemToSell {
        sku: "2001".into(),
        name: "Apples, Cox".into(),
        unit: Unit::Kilogram,
        unit_price: Money::from_minor(240),
        tax_code: "Z".into(),
        tax_rate_ppm: 0,
    };
    basket.add(mug, Quantity::units(2), AT_MS).expect("a valid line");
    basket.add(apples, Quantity::from_milli(-1_240), AT_MS).expect("a valid line");
    basket.set_customer(Some(CustomerRef { id: "12347".into(), name: "Ms Ito".into() }));
    basket
}

pub fn sale() -> Sale {
    let tenders = vec![
        Tender { kind: TenderKind::Card, amount: Money::from_minor(1_000) },
        Tender { kind: TenderKind::Cash, amount: Money::from_minor(500) },
    ];
    let context = SaleContext {
        id: [7; 16],
        receipt: ReceiptNumber { register: 2, counter: 1843 },
        store_id: "store-1".into(),
        cashier_id: "1".into(),
        cashier_name: "Ada Marlow".into(),
        finished_at_ms: AT_MS + 61_000,
        utc_offset_min: -330,
        external_ref: Some("C536379".into()),
    };
    Sale::finish(&basket(), tenders, 5, context).expect("a settled basket")
}

pub fn sale_record() -> SaleRecord {
    SaleRecord::from_sale(&sale())
}

pub fn basket_record() -> BasketRecord {
    BasketRecord::from_basket(&basket())
}

pub fn shift_record() -> ShiftRecord {
    ShiftRecord {
        id: [8; 16].into(),
        register_number: 2,
        number: 31,
        opened_at_ms: AT_MS,
        opened_by: "1".into(),
        float_minor: 10_000,
        closed_at_ms: Some(AT_MS + 1),
        counted_minor: Some(25_340),
        sales_count: None,
        takings: None,
        after_seq: None,
    }
}

pub fn closed_shift_record() -> ShiftRecord {
    let takings = vec![TenderRecord { code: "cash".into(), amount_minor: 1_234 }];
    ShiftRecord { sales_count: Some(3), takings: Some(takings), ..shift_record() }
}

pub fn bounded_shift_record() -> ShiftRecord {
    ShiftRecord { after_seq: Some(1_904), ..closed_shift_record() }
}

pub fn outbox_entry() -> OutboxEntry {
    OutboxEntry::seal(7, EntryKind::Sale, AT_MS, [3; 32], encode(&sale_record()))
}

pub fn row_changes() -> Vec<RowChange> {
    let price = encode(&PriceRow { sku: "1001".into(), price_minor: 850 });
    vec![
        RowChange { key: "1001".into(), version: 41, body: Some(price.into()) },
        RowChange { key: "1002".into(), version: 42, body: None },
    ]
}

/// Rows of which a page by columns has a column of each kind, one that is whole and one that was deleted.
pub fn rows_for_columns() -> Vec<RowChange> {
    let product = |(number, name): (u32, &str)| {
        let sku = format!("10{number:02}");
        let category = if number % 2 == 0 { "mugs" } else { "tea" };
        let product = ProductRow {
            sku: sku.clone(),
            name: name.into(),
            category: category.into(),
            unit: "ea".into(),
            tax_code: "standard".into(),
            rank: number * 7 % 5,
        };
        RowChange { key: sku, version: u64::from(40 + number), body: Some(encode(&product).into()) }
    };
    let names = ["Mug", "Green tea", "Mug, blue", "Käsebrett"];
    let mut rows: Vec<RowChange> = (1..).zip(names).map(product).collect();
    rows.extend(row_changes());
    rows
}

/// Rows whose texts share their beginnings or hold a NUL, and whose other field is of several kinds.
pub fn rows_with_odd_texts() -> Vec<RowChange> {
    let fields: [&[u8]; 4] = [&[0x80], &[0x81, 0x01], &[0xf5], &[0x41, 0x00]];
    let texts = ["one\0two", "one", "one more", "\0"];
    let row = |(at, (text, field)): (usize, (&str, &[u8]))| {
        let head = [0xa2, 0x00, 0x60 | text.len() as u8];
        let body = [&head, text.as_bytes(), &[0x01], field].concat();
        RowChange { key: format!("beginning {at}"), version: 900 - at as u64, body: Some(body.into()) }
    };
    texts.into_iter().zip(fields).enumerate().map(row).collect()
}

pub fn problem() -> Problem {
    Problem {
        status: 409,
        code: code::ACTIVATION_CODE_USED.into(),
        title: "This code was used.".into(),
        detail: "Ask for a new one.".into(),
    }
}

pub fn activate_request() -> ActivateRequest {
    ActivateRequest {
        code: "K7QM-4TXP".into(),
        protocol_version: 1,
        app_version: "0.1.0".into(),
        device_name: "Tablet at the door".into(),
        attempt_id: [9; 16].into(),
    }
}

pub fn activate_reply() -> ActivateReply {
    ActivateReply {
        register_number: 2,
        register_name: "Till 2".into(),
        store_id: "store-1".into(),
        store_name: "Marlow & Daughters".into(),
        token: [10; 32].into(),
        server_time_ms: AT_MS,
        last_receipt_counter: 1_842,
        last_seq: 6,
        last_hash: [3; 32].into(),
        last_shift_number: None,
    }
}

pub fn activate_reply_with_shift() -> ActivateReply {
    ActivateReply { last_shift_number: Some(7), ..activate_reply() }
}

pub fn contact_request() -> ContactRequest {
    ContactRequest {
        nonce: u64::MAX,
        protocol_version: 1,
        app_version: "0.1.0".into(),
        profile_version: 3,
        schema_version: 1,
        waiting: 12,
        rejected: 1,
        tables: vec![TableState { table: TableId::Product, cursor: 41, rows: 600, synced_at_ms: None }],
        was_offline_since_ms: Some(AT_MS - 1),
        storage_bytes: Some((1_000_000, 2_000_000_000)),
        outcomes_seen: None,
        faults: None,
        building: None,
        retry_heeded_at_ms: None,
        moving_to: None,
        app_schema_version: None,
        mode: None,
    }
}

/// A view's number.
const VIEW: u64 = 0x0123_4567_89ab_cdef;
pub fn contact_request_with_report() -> ContactRequest {
    let mut request = contact_request_that_takes_later_outcomes();
    for state in &mut request.tables {
        state.synced_at_ms = Some(1_790_000_000_003);
    }
    let text = "storing a page failed: the register's storage is full".into();
    let since_ms = 1_790_000_000_002;
    let fault = RegisterFault { part: FaultPart::Storage.number(), since_ms, text, no_room: None };
    ContactRequest {
        faults: Some(vec![fault]),
        building: Some(Building { version: 18, rows_have: 600, rows_wanted: 601 }),
        retry_heeded_at_ms: Some(1_790_000_000_001),
        ..request
    }
}

/// A register that can't move to a version, for want of room.
pub fn contact_request_that_moves() -> ContactRequest {
    let no_room = NoRoom {
        version: 4,
        needs_bytes: 300_000_000,
        free_bytes: Some(120_000_000),
        tables: vec![TableRoom { table: TableId::Product, bytes: 300_000_000 }],
    };
    let fault = RegisterFault {
        part: FaultPart::Move.number(),
        since_ms: 1_790_000_000_002,
        text: no_room.sentence(),
        no_room: Some(no_room),
    };
    ContactRequest { faults: Some(vec![fault]), moving_to: Some(4), ..contact_request() }
}

pub fn contact_request_that_says_what_its_app_reads() -> ContactRequest {
    ContactRequest { app_schema_version: Some(1), ..contact_request() }
}

pub fn contact_request_of_one_that_is_offline_for_slowness() -> ContactRequest {
    let mode = ToldMode { mode: ContactMode::OfflineForSlowness.number(), since_ms: Some(1_790_000_000_004) };
    ContactRequest { mode: Some(mode), ..contact_request_that_says_what_its_app_reads() }
}

pub fn contact_reply_to_one_that_moves() -> ContactReply {
    let reply = contact_reply_of_view();
    let next_heads = Some(NextHeads { version: 4, heads: reply.heads });
    ContactReply { next_heads, ..contact_reply() }
}

pub fn contact_reply_that_asks_to_retry() -> ContactReply {
    ContactReply { retry_asked_at_ms: Some(1_790_000_000_001), ..contact_reply() }
}

pub fn contact_request_that_takes_later_outcomes() -> ContactRequest {
    ContactRequest { outcomes_seen: Some(1_790_000_000_001), ..contact_request() }
}

pub fn contact_reply() -> ContactReply {
    ContactReply {
        nonce: u64::MAX,
        server_time_ms: AT_MS,
        profile_version: 3,
        schema_version: 1,
        heads: vec![TableHead {
            table: TableId::Price,
            head: 42,
            oldest_cursor: 2,
            digest: None,
            view: None,
        }],
        acknowledged_seq: 6,
        update_required: false,
        later_outcomes: None,
        retry_asked_at_ms: None,
        pictures: None,
        next_heads: None,
    }
}

pub fn contact_reply_with_later_outcomes() -> ContactReply {
    let rejected = EntryOutcome::Rejected { reason: "Set aside: rung up twice.".into() };
    let later_outcomes = Some(LaterOutcomes {
        since: 1_790_000_000_001,
        up_to: 1_790_000_000_003,
        results: vec![EntryResult::new(5, EntryOutcome::Accepted), EntryResult::new(6, rejected)],
        more: true,
    });
    ContactReply { later_outcomes, ..contact_reply() }
}

pub fn contact_reply_with_digest() -> ContactReply {
    let digest = Some(TableDigest { rows: 600, hash: [14; 32] });
    let heads = vec![TableHead { table: TableId::Price, head: 42, oldest_cursor: 2, digest, view: None }];
    ContactReply { heads, ..contact_reply() }
}

pub fn contact_reply_with_pictures() -> ContactReply {
    ContactReply { pictures: Some(17), ..contact_reply() }
}

pub fn pictures_reply() -> PicturesReply {
    let picture = |sku: &str, hash: Option<[u8; 32]>, bytes, media_type: &str| PictureRef {
        sku: sku.into(),
        hash: hash.map(Into::into),
        bytes,
        media_type: media_type.into(),
    };
    let pictures = vec![picture("1001", Some([15; 32]), 40_000, "image/png"), picture("1002", None, 0, "")];
    PicturesReply { since: 12, up_to: 17, more: false, pictures }
}

pub fn export_header() -> ExportHeader {
    ExportHeader {
        format: FORMAT.into(),
        version: FORMAT_VERSION,
        store_id: "store-1".into(),
        store_name: "Corner shop".into(),
        register_number: 2,
        register_name: "Till 2".into(),
        app_version: "0.1.0".into(),
        made_at_ms: AT_MS,
        profile_name: Some("Default pr.".into()),
        profile_version: Some(3),
    }
}

pub fn look_up_request() -> LookUpRequest {
    LookUpRequest { wanted: Wanted::Products, text: "Crème 200 g".into() }
}

pub fn look_up_request_of_code() -> LookUpRequest {
    LookUpRequest { wanted: Wanted::Code, text: "4006381333931".into() }
}

pub fn look_up_request_of_no_text() -> LookUpRequest {
    LookUpRequest { wanted: Wanted::Customers, text: String::new() }
}

pub fn look_up_reply() -> LookUpReply {
    let product =
        FoundProduct { product: product_row(), price: Some(price_row()), tax_rate: Some(tax_rate_row()) };
    let customer = FoundCustomer { body: encode(&customer_row()).into(), version: 41 };
    LookUpReply { products: vec![product], customers: vec![customer], more: true }
}

/// A product of which nobody knows what it costs, and a customer of whom the profile leaves nothing.
pub fn look_up_reply_of_bare_rows() -> LookUpReply {
    let product = FoundProduct { product: product_row(), price: None, tax_rate: None };
    let customer = FoundCustomer { body: Vec::new().into(), version: 0 };
    LookUpReply { products: vec![product], customers: vec![customer], more: false }
}

/// The first two scopes of the profile that ships.
pub fn profile_reply() -> ProfileReply {
    let mut profile = default_profile();
    profile.scopes.truncate(2);
    ProfileReply { version: 3, profile }
}

pub fn manifest() -> Manifest {
    let pages = vec![PageRef { hash: [11; 32].into(), rows: 5_000, bytes: 350_000 }];
    Manifest { table: TableId::Barcode, head: 42, pages, view: None }
}

pub fn pull_request() -> PullRequest {
    PullRequest { table: TableId::Price, since: 40, rows_max: 5_000, profile_version: None }
}

pub fn pull_request_of_version() -> PullRequest {
    PullRequest { profile_version: Some(4), ..pull_request() }
}

pub fn pull_reply() -> PullReply {
    PullReply {
        table: TableId::Price,
        since: 40,
        up_to: 42,
        more: false,
        restart: false,
        changes: row_changes(),
        rows: None,
        view: None,
    }
}

/// A contact's reply, a manifest and a pull's reply of a table of which the register keeps a part.
pub fn contact_reply_of_view() -> ContactReply {
    let mut reply = contact_reply();
    reply.heads.iter_mut().for_each(|head| head.view = Some(VIEW));
    reply
}

pub fn manifest_of_view() -> Manifest {
    Manifest { view: Some(VIEW), ..manifest() }
}

pub fn pull_reply_of_view() -> PullReply {
    PullReply { view: Some(VIEW), ..pull_reply() }
}

pub fn upload_request() -> UploadRequest {
    UploadRequest { entries: vec![outbox_entry()], protocol_version: 1 }
}

pub fn upload_reply() -> UploadReply {
    let rejected = EntryOutcome::Rejected { reason: "The total does not follow from the lines.".into() };
    UploadReply {
        acknowledged_seq: 8,
        results: vec![EntryResult::new(7, EntryOutcome::Accepted), EntryResult::new(8, rejected)],
    }
}

pub fn upload_reply_to_edit() -> UploadReply {
    let merged = EntryResult { seq: 9, outcome: EntryOutcome::Accepted, version: Some(43) };
    UploadReply { acknowledged_seq: 9, results: vec![merged] }
}

pub fn row_edit() -> RowEdit {
    let phone = FieldEdit {
        column: 3,
        before: Some(encode(&"+354 555 0100").into()),
        after: encode(&"+354 555 0199").into(),
    };
    let email = FieldEdit { column: 4, before: None, after: encode(&"ito@example.org").into() };
    RowEdit {
        table: TableId::Customer.number(),
        key: "12347".into(),
        base_version: 41,
        edited_at_ms: AT_MS,
        fields: vec![phone, email],
        follows_seq: Some(8),
    }
}

pub fn store_row() -> StoreRow {
    StoreRow {
        id: "store-1".into(),
        name: "Marlow & Daughters".into(),
        address: vec!["3 Harbour Street".into(), "Whitby".into()],
        tax_number: "GB 123 4567 89".into(),
        currency: "GBP".into(),
        prices_include_tax: true,
        receipt_footer: "Thank you.".into(),
    }
}

pub fn register_row() -> RegisterRow {
    RegisterRow { number: 2, name: "Till 2".into() }
}

pub fn staff_row() -> StaffRow {
    StaffRow {
        id: "1".into(),
        name: "Ada Marlow".into(),
        is_manager: true,
        pin_salt: vec![12; 16].into(),
        pin_rounds: 100_000,
        pin_verifier: vec![13; 32].into(),
    }
}

pub fn tax_rate_row() -> TaxRateRow {
    TaxRateRow { code: "S".into(), name: "Standard".into(), rate_ppm: 200_000 }
}

pub fn currency_row() -> CurrencyRow {
    CurrencyRow { code: "GBP".into(), sign: "£".into(), cash_increment_minor: 1 }
}

pub fn tender_type_row() -> TenderTypeRow {
    TenderTypeRow { code: "card".into(), name: "Card".into(), offline_limit_minor: Some(4_000) }
}

pub fn category_row() -> CategoryRow {
    CategoryRow { code: "kitchen".into(), name: "Kitchen".into(), position: 3, hue: 7 }
}

pub fn product_row() -> ProductRow {
    ProductRow {
        sku: "1001".into(),
        name: "Enamel mug".into(),
        category: "kitchen".into(),
        unit: "ea".into(),
        tax_code: "S".into(),
        rank: 4,
    }
}

pub fn barcode_row() -> BarcodeRow {
    BarcodeRow { gtin: "02000010010013".into(), sku: "1001".into() }
}

pub fn price_row() -> PriceRow {
    PriceRow { sku: "1001".into(), price_minor: 850 }
}

pub fn customer_row() -> CustomerRow {
    CustomerRow {
        id: "12347".into(),
        name: "Ms Ito".into(),
        country: "Iceland".into(),
        phone: "+354 555 0100".into(),
        email: "ito@example.org".into(),
    }
}
