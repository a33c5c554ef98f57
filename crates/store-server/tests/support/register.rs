//! A register that sells and uploads, with its own count of everything.

use axum::body::Body;
use axum::http::{Method, Request, header};
use holdfast_domain::{
    Basket, Currency, ItemToSell, Money, Quantity, ReceiptNumber, Sale, SaleContext, TaxMode, Tender,
    TenderKind, Unit,
};
use holdfast_profile::TableId;
use holdfast_protocol::messages::{
    ActivateReply, ActivateRequest, ContactReply, ContactRequest, Manifest, PullReply, PullRequest,
    UploadReply, UploadRequest,
};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER};

use super::{Answer, NOON_MS, TestServer};

/// An activated register.
pub struct TestRegister<'a> {
    pub server: &'a TestServer,
    pub identity: ActivateReply,
    pub last_seq: u64,
    pub last_hash: [u8; 32],
    pub last_receipt_counter: u32,
}

/// Something that costs this much and is taxed at 20 %.
fn item(sku: &str, price_minor: i64) -> ItemToSell {
    ItemToSell {
        sku: sku.to_owned(),
        name: format!("Product {sku}"),
        unit: Unit::Each,
        unit_price: Money::from_minor(price_minor),
        tax_code: "standard".to_owned(),
        tax_rate_ppm: 200_000,
    }
}

impl<'a> TestRegister<'a> {
    pub async fn activate(server: &'a TestServer, number: u16) -> TestRegister<'a> {
        let code = server.activation_code(number).await;
        TestRegister::of(server, TestRegister::ask(server, &code, [7; 16]).await.message())
    }

    /// The register that was activated with this reply.
    pub fn of(server: &'a TestServer, identity: ActivateReply) -> TestRegister<'a> {
        TestRegister {
            server,
            last_seq: identity.last_seq,
            last_hash: *identity.last_hash,
            last_receipt_counter: identity.last_receipt_counter,
            identity,
        }
    }

    pub async fn ask(server: &TestServer, code: &str, attempt_id: [u8; 16]) -> Answer {
        let request = ActivateRequest {
            code: code.to_owned(),
            protocol_version: PROTOCOL_VERSION,
            app_version: "1.0".to_owned(),
            device_name: "Till 2".to_owned(),
            attempt_id: attempt_id.into(),
        };
        let body = Body::from(holdfast_protocol::encode(&request));
        server.send(Request::post("/api/v1/activate").body(body).unwrap()).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Answer {
        let token = holdfast_store_server::secrets::hex(self.identity.token.as_slice());
        let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = request.header(PROTOCOL_VERSION_HEADER, PROTOCOL_VERSION);
        self.server.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new()).await
    }

    pub async fn post<T: minicbor::Encode<()>>(&self, path: &str, message: &T) -> Answer {
        self.send(Method::POST, path, holdfast_protocol::encode(message)).await
    }

    pub fn contact_request(&self) -> ContactRequest {
        ContactRequest {
            nonce: 99,
            protocol_version: PROTOCOL_VERSION,
            app_version: "1.0".to_owned(),
            profile_version: 0,
            schema_version: 0,
            waiting: 0,
            rejected: 0,
            tables: Vec::new(),
            was_offline_since_ms: None,
            storage_bytes: None,
            outcomes_seen: None,
            faults: None,
            building: None,
            retry_heeded_at_ms: None,
            moving_to: None,
            app_schema_version: None,
            mode: None,
        }
    }

    pub async fn manifest(&self, table: TableId) -> Manifest {
        self.get(&format!("manifest/{table}")).await.message()
    }

    pub async fn pull(&self, table: TableId, since: u64, rows_max: u32) -> PullReply {
        self.post("pull", &PullRequest { table, since, rows_max, profile_version: None }).await.message()
    }

    /// The next sale: lines of price and quantity, paid in cash.
    pub fn sale(&mut self, lines: &[(i64, i64)]) -> SaleRecord {
        let mut basket = Basket::new(Currency::GBP, TaxMode::Inclusive);
        for (place, (price_minor, units)) in lines.iter().enumerate() {
            // A sku of its own, so that no two lines join.
            let item = item(&format!("P{place}"), *price_minor);
            basket.add(item, Quantity::units(*units), NOON_MS).unwrap();
        }
        let due = basket.totals().unwrap().due;
        let tenders = match due.minor() {
            0 => Vec::new(),
            _ => vec![Tender { kind: TenderKind::Cash, amount: due }],
        };
        self.last_receipt_counter += 1;
        let counter = self.last_receipt_counter;
        let mut id = [0; 16];
        id[..4].copy_from_slice(&counter.to_be_bytes());
        id[4..6].copy_from_slice(&self.identity.register_number.to_be_bytes());
        let context = SaleContext {
            id,
            receipt: ReceiptNumber { register: self.identity.register_number, counter },
            store_id: self.identity.store_id.clone(),
            cashier_id: "1".to_owned(),
            cashier_name: "Ann".to_owned(),
            finished_at_ms: NOON_MS + 1_000,
            utc_offset_min: 0,
            external_ref: None,
        };
        SaleRecord::from_sale(&Sale::finish(&basket, tenders, 1, context).unwrap())
    }

    /// A shift with this number that is open.
    pub fn open_shift(&self, number: u32) -> ShiftRecord {
        ShiftRecord {
            id: [number as u8; 16].into(),
            register_number: self.identity.register_number,
            number,
            opened_at_ms: 10,
            opened_by: "1".to_owned(),
            float_minor: 0,
            closed_at_ms: None,
            counted_minor: None,
            sales_count: None,
            takings: None,
            after_seq: None,
        }
    }

    pub fn seal_shift(&mut self, record: &ShiftRecord) -> OutboxEntry {
        self.seal(EntryKind::Shift, holdfast_protocol::encode(record))
    }

    /// Asks whether somebody wishes that it synchronises all; since when.
    pub async fn retry_told(&self, request: &ContactRequest) -> Option<i64> {
        self.post("contact", request).await.message::<ContactReply>().retry_asked_at_ms
    }

    /// Seals the next entry.
    pub fn seal(&mut self, kind: EntryKind, payload: Vec<u8>) -> OutboxEntry {
        let entry = OutboxEntry::seal(self.last_seq + 1, kind, NOON_MS, self.last_hash, payload);
        self.last_seq = entry.seq;
        self.last_hash = *entry.hash;
        entry
    }

    pub fn seal_sale(&mut self, record: &SaleRecord) -> OutboxEntry {
        self.seal(EntryKind::Sale, holdfast_protocol::encode(record))
    }

    /// Sells one thing for this price and seals it.
    pub fn sell(&mut self, price_minor: i64) -> OutboxEntry {
        let sale = self.sale(&[(price_minor, 1)]);
        self.seal_sale(&sale)
    }

    pub async fn upload_raw(&self, entries: &[OutboxEntry]) -> Answer {
        let request = UploadRequest { entries: entries.to_vec(), protocol_version: PROTOCOL_VERSION };
        self.post("upload", &request).await
    }

    #[track_caller]
    pub fn upload(&self, entries: &[OutboxEntry]) -> impl Future<Output = UploadReply> {
        let sent = self.upload_raw(entries);
        async { sent.await.message() }
    }
}
