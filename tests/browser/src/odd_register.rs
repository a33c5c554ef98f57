//! A register that sends entries which the store server does not apply, of each kind one, and shifts that say something
//! else than what was sent.

use std::time::{SystemTime, UNIX_EPOCH};

use holdfast_domain::{
    Basket, Currency, ItemToSell, Money, Quantity, ReceiptNumber, Sale, SaleContext, TaxMode, Tender,
    TenderKind, Unit,
};
use holdfast_profile::TableId;
use holdfast_protocol::messages::{
    ActivateReply, ActivateRequest, ContactReply, ContactRequest, EntryOutcome, UploadReply, UploadRequest,
};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::sale::{SaleRecord, ShiftRecord, TenderRecord};
use holdfast_protocol::{CONTENT_TYPE, PROTOCOL_VERSION, decode, encode};

use crate::Outcome;
use crate::store_server::StoreServer;

/// An activated register without a browser.
pub struct OddRegister {
    client: reqwest::Client,
    base: String,
    identity: ActivateReply,
    last_seq: u64,
    last_hash: [u8; 32],
}

impl OddRegister {
    /// Activates register `number`.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn activate(server: &StoreServer, number: u16) -> Outcome<OddRegister> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let base = format!("{}/api/v1", server.url());
        let request = ActivateRequest {
            code: server.activation_code(number)?,
            protocol_version: PROTOCOL_VERSION,
            app_version: "1.0".to_owned(),
            device_name: "Chrome, Linux".to_owned(),
            attempt_id: [7; 16].into(),
        };
        let sent = client.post(format!("{base}/activate")).header("Content-Type", CONTENT_TYPE);
        let reply = sent.body(encode(&request)).send().await?.error_for_status()?.bytes().await?;
        let identity: ActivateReply = decode(&reply)?;
        let (last_seq, last_hash) = (identity.last_seq, *identity.last_hash);
        Ok(OddRegister { client, base, identity, last_seq, last_hash })
    }

    /// Sends a sale whose receipt number is not the next one; its entry's sequence.
    ///
    /// # Errors
    /// When the server does not answer, or applies it.
    pub async fn send_sale_out_of_series(&mut self) -> Outcome<u64> {
        let sale = self.sale(self.identity.last_receipt_counter + 3)?;
        self.send_refused(EntryKind::Sale, encode(&sale)).await
    }

    /// Sends the opening of a shift that names another register; its entry's sequence.
    ///
    /// # Errors
    /// When the server does not answer, or applies it.
    pub async fn send_foreign_shift(&mut self) -> Outcome<u64> {
        let shift = ShiftRecord {
            id: [4; 16].into(),
            register_number: self.identity.register_number + 1,
            number: 1,
            opened_at_ms: now_ms()?,
            opened_by: "1".to_owned(),
            float_minor: 5_000,
            closed_at_ms: None,
            counted_minor: None,
            sales_count: None,
            takings: None,
            after_seq: None,
        };
        self.send_refused(EntryKind::Shift, encode(&shift)).await
    }

    /// Sends a change of a customer that is not there any more; its entry's sequence.
    ///
    /// # Errors
    /// When the server does not answer, or applies it.
    pub async fn send_edit_of_nobody(&mut self) -> Outcome<u64> {
        let field = |column, before: &str, after: &str| FieldEdit {
            column,
            before: Some(encode(&before).into()),
            after: encode(&after).into(),
        };
        let edit = RowEdit {
            table: TableId::Customer.number(),
            key: "C9999".to_owned(),
            base_version: 1,
            edited_at_ms: now_ms()?,
            fields: vec![field(1, "Ms Itō", "Ms Itō-Marlow"), field(3, "01632 960000", "01632 960001")],
            follows_seq: None,
        };
        self.send_refused(EntryKind::RowEdit, encode(&edit)).await
    }

    /// Says at a contact how many bytes of its storage are used, and how many it may use.
    ///
    /// # Errors
    /// When the server does not answer, or refuses.
    pub async fn tell_storage(&self, used: u64, allowed: u64) -> Outcome {
        let contact = ContactRequest { storage_bytes: Some((used, allowed)), ..self.contact() };
        self.say(&contact).await.map(drop)
    }

    /// A contact that says nothing in particular.
    pub fn contact(&self) -> ContactRequest {
        ContactRequest {
            nonce: 1,
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

    /// Says something at a contact.
    ///
    /// # Errors
    /// When the server does not answer, or refuses.
    pub async fn say(&self, contact: &ContactRequest) -> Outcome<ContactReply> {
        let token: String = self.identity.token.iter().map(|byte| format!("{byte:02x}")).collect();
        let sent = self.client.post(format!("{}/contact", self.base)).bearer_auth(token);
        let sent = sent.header("Content-Type", CONTENT_TYPE).body(encode(contact));
        Ok(decode(&sent.send().await?.error_for_status()?.bytes().await?)?)
    }

    fn sale(&self, counter: u32) -> Outcome<SaleRecord> {
        let mut basket = Basket::new(Currency::GBP, TaxMode::Inclusive);
        for (sku, name, price_minor, units) in
            [("1001", "White bloomer, large", 240, 2), ("1311", "Milk chocolate bar, 100 g", 310, 1)]
        {
            let item = ItemToSell {
                sku: sku.to_owned(),
                name: name.to_owned(),
                unit: Unit::Each,
                unit_price: Money::from_minor(price_minor),
                tax_code: "standard".to_owned(),
                tax_rate_ppm: 200_000,
            };
            basket.add(item, Quantity::units(units), now_ms()?)?;
        }
        let due = basket.totals()?.due;
        let context = SaleContext {
            id: [9; 16],
            receipt: ReceiptNumber { register: self.identity.register_number, counter },
            store_id: self.identity.store_id.clone(),
            cashier_id: "1".to_owned(),
            cashier_name: "Morag Ellery".to_owned(),
            finished_at_ms: now_ms()?,
            utc_offset_min: 0,
            external_ref: None,
        };
        let tenders = vec![Tender { kind: TenderKind::Cash, amount: due }];
        Ok(SaleRecord::from_sale(&Sale::finish(&basket, tenders, 1, context)?))
    }

    /// Sends the closing of its first shift, which says that it had so many sales and took so much.
    ///
    /// # Errors
    /// When the server does not answer, or does not apply it.
    pub async fn send_closing(&mut self, sales_count: u32, total_minor: i64) -> Outcome {
        let shift = ShiftRecord {
            id: [5; 16].into(),
            register_number: self.identity.register_number,
            number: 1,
            opened_at_ms: now_ms()?,
            opened_by: "1".to_owned(),
            float_minor: 5_000,
            closed_at_ms: Some(now_ms()?),
            counted_minor: None,
            sales_count: Some(sales_count),
            takings: Some(vec![TenderRecord { code: "cash".to_owned(), amount_minor: total_minor }]),
            after_seq: Some(0),
        };
        let (seq, outcome) = self.send(EntryKind::Shift, encode(&shift)).await?;
        match outcome {
            EntryOutcome::Accepted => Ok(()),
            outcome => Err(format!("entry {seq} was not applied: {outcome:?}").into()),
        }
    }

    async fn send_refused(&mut self, kind: EntryKind, payload: Vec<u8>) -> Outcome<u64> {
        match self.send(kind, payload).await? {
            (seq, EntryOutcome::Rejected { .. }) => Ok(seq),
            (seq, outcome) => Err(format!("entry {seq} was not rejected: {outcome:?}").into()),
        }
    }

    async fn send(&mut self, kind: EntryKind, payload: Vec<u8>) -> Outcome<(u64, EntryOutcome)> {
        let entry = OutboxEntry::seal(self.last_seq + 1, kind, now_ms()?, self.last_hash, payload);
        let (seq, hash) = (entry.seq, *entry.hash);
        let request = UploadRequest { entries: vec![entry], protocol_version: PROTOCOL_VERSION };
        let token: String = self.identity.token.iter().map(|byte| format!("{byte:02x}")).collect();
        let sent = self.client.post(format!("{}/upload", self.base)).bearer_auth(token);
        let sent = sent.header("Content-Type", CONTENT_TYPE).body(encode(&request));
        let reply: UploadReply = decode(&sent.send().await?.error_for_status()?.bytes().await?)?;
        (self.last_seq, self.last_hash) = (seq, hash);
        let result = reply.results.first().ok_or_else(|| format!("entry {seq} has no result"))?;
        Ok((seq, result.outcome.clone()))
    }
}

/// The time by this machine's clock, ms since 1970.
///
/// # Errors
/// When that is before 1970.
pub fn now_ms() -> Outcome<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}
