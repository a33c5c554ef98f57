//! A register without a page: activated over HTTP, selling from its own offline database, synchronised by the
//! engine.

use std::time::Duration;

use holdfast_domain::tender::cash_rounding;
use holdfast_domain::{Basket, Money, ReceiptNumber, Sale, SaleContext, SaleError, Tender, TenderKind};
use holdfast_protocol::Versions;
use holdfast_protocol::messages::{ActivateReply, ActivateRequest};
use holdfast_protocol::sale::SaleRecord;
use holdfast_sync::memory_store::{JournalError, JournalIdentity, KeptSale, MemoryStore};
use holdfast_sync::{CallError, EngineConfig, Event};
use tokio::task::JoinHandle;

use crate::baskets::{Invoice, InvoiceLine};
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::driver::{Driver, DriverHandle};
use crate::random::Random;
use crate::refusal::{Reason, RefusedLine};
use crate::register_api::RegisterApi;

/// Version that headless registers state.
const APP_VERSION: &str = concat!("headless ", env!("CARGO_PKG_VERSION"));
/// How often a lost activation is tried again; the same attempt does not use the code up.
const ACTIVATION_TRIES_MAX: u32 = 200;
/// How long an activation may take.
const ACTIVATION_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a register is none.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// It was not activated.
    #[error("the register was not activated: {0}")]
    Activation(#[from] CallError),
    /// Its journal refuses.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// A running register. Its engine ends when this is dropped.
#[derive(Debug)]
pub struct Register {
    number: u16,
    store_id: String,
    store: MemoryStore,
    api: RegisterApi,
    driver: DriverHandle,
    task: JoinHandle<()>,
    clock: Clock,
    random: Random,
}

/// What became of an invoice.
#[derive(Debug, Default)]
pub struct Sold {
    /// The sale, if any line could be sold.
    pub sale: Option<KeptSale>,
    /// Lines that could not.
    pub refused: Vec<RefusedLine>,
}

/// A device that is a register, before its engine runs.
#[derive(Debug)]
pub struct Activated {
    api: RegisterApi,
    reply: ActivateReply,
    random: Random,
}

impl Activated {
    /// Turns a code into an identity.
    ///
    /// # Errors
    /// [`CallError`] when the store server refuses or never answers.
    pub async fn ask(api: RegisterApi, code: &str, mut random: Random) -> Result<Activated, CallError> {
        let reply = activate(&api, code, random.bytes()).await?;
        let api = api.with_token(&reply.token);
        Ok(Activated { api, reply, random })
    }

    /// Its way to the store server.
    pub fn api(&self) -> &RegisterApi {
        &self.api
    }
}

impl Register {
    /// Activates a register and starts its engine.
    ///
    /// # Errors
    /// [`RegisterError`] when the store server refuses or never answers.
    pub async fn activate(
        api: RegisterApi,
        code: &str,
        clock: Clock,
        random: Random,
    ) -> Result<Register, RegisterError> {
        Register::start(Activated::ask(api, code, random).await?, clock, MemoryStore::new())
    }

    /// Starts the engine of a register on empty databases.
    ///
    /// # Errors
    /// [`RegisterError`] when the journal refuses the identity.
    pub fn start(activated: Activated, clock: Clock, store: MemoryStore) -> Result<Register, RegisterError> {
        let Activated { api, reply, mut random } = activated;
        store.activate(JournalIdentity {
            register_number: reply.register_number,
            last_receipt_counter: reply.last_receipt_counter,
            last_seq: reply.last_seq,
            last_hash: *reply.last_hash,
        })?;
        let config = EngineConfig { app_version: APP_VERSION.to_owned(), nonce_seed: random.next_u64() };
        let (driver, handle) = Driver::new(config, store.clone(), api.clone(), clock);
        handle.tell(Event::TillStarted);
        let task = tokio::spawn(driver.run());
        let (number, store_id) = (reply.register_number, reply.store_id);
        Ok(Register { number, store_id, store, api, driver: handle, task, clock, random })
    }

    /// Reloads the app on the same databases; the new one may speak other versions.
    pub fn reload(&mut self, versions: Versions) {
        self.task.abort();
        self.api = self.api.clone().speaking(versions);
        let config = EngineConfig { app_version: APP_VERSION.to_owned(), nonce_seed: self.random.next_u64() };
        let (driver, handle) = Driver::new(config, self.store.clone(), self.api.clone(), self.clock);
        handle.tell(Event::TillStarted);
        self.task = tokio::spawn(driver.run());
        self.driver = handle;
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// Its databases.
    pub fn store(&self) -> &MemoryStore {
        &self.store
    }

    /// Its way to the store server.
    pub fn api(&self) -> &RegisterApi {
        &self.api
    }

    /// Its engine.
    pub fn driver(&self) -> &DriverHandle {
        &self.driver
    }

    /// Now, by its clock, ms since 1970.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Makes a sale of an invoice by the rules of the till, paid exactly in cash, and keeps it in the journal.
    ///
    /// # Errors
    /// [`JournalError`] when the journal takes nothing.
    pub fn sell(&mut self, invoice: &Invoice, catalogue: &Catalogue) -> Result<Sold, JournalError> {
        let at_ms = invoice.invoiced_at_ms.unwrap_or_else(|| self.clock.now_ms());
        let Filled { basket, taken, mut refused } = fill_basket(invoice, catalogue, at_ms);
        if basket.is_empty() {
            return Ok(Sold { sale: None, refused });
        }
        let id = self.random.bytes();
        let finished = self.store.finish_sale(|receipt| {
            let context = self.context(receipt, id, invoice, catalogue, at_ms);
            let sale = finish(&basket, catalogue.cash_increment_minor, context)?;
            Ok(SaleRecord::from_sale(&sale))
        });
        match finished {
            Ok(sale) => {
                self.driver.tell(Event::JournalGrew);
                Ok(Sold { sale: Some(sale), refused })
            }
            Err(NotSold::NoSale) => {
                refused.extend(taken.iter().map(|line| refusal(invoice, line, Reason::SaleNotPossible)));
                Ok(Sold { sale: None, refused })
            }
            Err(NotSold::Journal(error)) => Err(error),
        }
    }

    fn context(
        &self,
        receipt: ReceiptNumber,
        id: [u8; 16],
        invoice: &Invoice,
        catalogue: &Catalogue,
        at_ms: i64,
    ) -> SaleContext {
        SaleContext {
            id,
            receipt,
            store_id: self.store_id.clone(),
            cashier_id: catalogue.cashier.id.clone(),
            cashier_name: catalogue.cashier.name.clone(),
            finished_at_ms: at_ms,
            utc_offset_min: 0,
            external_ref: Some(invoice.invoice_no.clone()),
        }
    }
}

impl Drop for Register {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn activate(api: &RegisterApi, code: &str, attempt_id: [u8; 16]) -> Result<ActivateReply, CallError> {
    let request = ActivateRequest {
        code: code.to_owned(),
        protocol_version: api.versions().protocol,
        app_version: APP_VERSION.to_owned(),
        device_name: "Headless register".to_owned(),
        attempt_id: attempt_id.into(),
    };
    let mut tries = 1;
    loop {
        match api.activate(&request, ACTIVATION_TIMEOUT).await {
            Ok(reply) => return Ok(reply),
            Err(CallError::NoAnswer(_)) if tries < ACTIVATION_TRIES_MAX => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(CallError::Busy { retry_after_ms }) if tries < ACTIVATION_TRIES_MAX => {
                let wait_ms = u64::try_from(retry_after_ms).unwrap_or(0).clamp(100, 60_000);
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            }
            Err(error @ (CallError::NoAnswer(_) | CallError::Busy { .. } | CallError::Refused(_))) => {
                return Err(error);
            }
        }
        tries += 1;
    }
}

/// An invoice as a basket.
struct Filled<'i> {
    basket: Basket,
    taken: Vec<&'i InvoiceLine>,
    refused: Vec<RefusedLine>,
}

fn fill_basket<'i>(invoice: &'i Invoice, catalogue: &Catalogue, at_ms: i64) -> Filled<'i> {
    let mut basket = Basket::new(catalogue.currency, catalogue.tax_mode);
    basket.set_customer(catalogue.customer(&invoice.customer_id));
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for line in &invoice.lines {
        // Each line stays a line, so that the store server's count can be compared with the file.
        match basket.add_line(catalogue.item(line), line.quantity, at_ms) {
            Ok(_) => taken.push(line),
            Err(error) => refused.push(refusal(invoice, line, Reason::of_basket(error))),
        }
    }
    Filled { basket, taken, refused }
}

fn finish(basket: &Basket, cash_increment_minor: u32, context: SaleContext) -> Result<Sale, SaleError> {
    let due = basket.totals()?.due;
    let in_cash =
        Money::from_minor(due.minor().saturating_add(cash_rounding(due, cash_increment_minor).minor()));
    let tenders = if due == Money::ZERO {
        Vec::new()
    } else {
        vec![Tender { kind: TenderKind::Cash, amount: in_cash }]
    };
    Sale::finish(basket, tenders, cash_increment_minor, context)
}

fn refusal(invoice: &Invoice, line: &InvoiceLine, reason: Reason) -> RefusedLine {
    RefusedLine { invoice_no: invoice.invoice_no.clone(), line_no: line.line_no.clone(), reason }
}

/// Why an invoice became no sale.
enum NotSold {
    /// Its lines add up to none; which rule says so makes no difference to a replay.
    NoSale,
    Journal(JournalError),
}

impl From<SaleError> for NotSold {
    fn from(_: SaleError) -> NotSold {
        NotSold::NoSale
    }
}

impl From<JournalError> for NotSold {
    fn from(error: JournalError) -> NotSold {
        NotSold::Journal(error)
    }
}
