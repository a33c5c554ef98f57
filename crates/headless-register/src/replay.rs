//! Replays a file of baskets through registers against a real store server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use holdfast_domain::money::UnknownCurrency;
use holdfast_domain::{Currency, Money};
use holdfast_sync::Event;
use holdfast_sync::memory_store::JournalError;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::admin_api::{AdminApi, AdminError};
use crate::baskets::{self, BasketsError, Invoice};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::clock::Clock;
use crate::customers::CustomerError;
use crate::cutting_proxy::{CuttingProxy, Faults};
use crate::import_files;
use crate::master_data_edits::MasterDataEdits;
use crate::profile_changes::{self, SELLING_PER_CHANGE};
use crate::random::Random;
use crate::random_administrator::{Deeds, RandomAdministrator};
use crate::refusal::RefusedLine;
use crate::register::{Register, RegisterError};
use crate::register_api::RegisterApi;
use crate::server_process::{self, ServerError, ServerProcess};
use crate::summary::{Findings, RegisterTally, Summary};

/// How many times as fast the engine's clock runs while the network is cut: a reconnect attempt interval of
/// a minute takes three seconds.
pub const SPEED_UP_WITH_CUTS: u32 = 20;
/// How long the selling is stretched while the network is cut, so that the cuts fall into it.
const SELLING_WITH_CUTS: Duration = Duration::from_secs(12);
/// Longest pause between two sales.
const PAUSE_MAX: Duration = Duration::from_millis(25);
/// How long a register may take until it can sell.
const READY_AT_MOST: Duration = Duration::from_secs(120);
/// How long the outbox may take to empty once the network is whole, besides the reconnect attempt interval.
const DRAIN_AT_MOST: Duration = Duration::from_secs(120);
/// A reconnect attempt interval of `Default pr.` with its jitter, twice, milliseconds of the engine's clock.
const RECONNECT_MS: i64 = 130_000;

/// What to replay, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// File of baskets.
    pub file: PathBuf,
    /// Registers to sell through.
    pub registers: u16,
    /// Whether the network between registers and store server is cut.
    pub cut_network: bool,
    /// How often the profile is changed at random meanwhile; only on a store server that is started.
    pub profile_changes: u32,
    /// Decides where it is cut, and what is changed.
    pub seed: u64,
    /// Speed of the engine's clock; chosen by itself where not given.
    pub speed_up: Option<u32>,
    /// A store server that runs; else one is started.
    pub server: Option<RunningServer>,
    /// An empty PostgreSQL database for the one that is started; else it has a SQLite file.
    pub database_url: Option<String>,
    /// Where progress goes.
    pub progress: fn(&str),
}

/// A store server that runs already.
#[derive(Debug, Clone)]
pub struct RunningServer {
    /// Its URL.
    pub url: String,
    /// Password of its administrator.
    pub admin_password: String,
}

/// What a replay came to.
#[derive(Debug)]
pub struct Outcome {
    /// The object to print.
    pub summary: Summary,
    /// All that is wrong; nothing when both sides agree.
    pub failures: Vec<String>,
    /// Lines that no sale holds.
    pub refused: Vec<RefusedLine>,
    /// What the network did.
    pub faults: Option<Faults>,
}

/// Why there was no replay.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The file.
    #[error(transparent)]
    Baskets(#[from] BasketsError),
    /// A file beside it.
    #[error("the catalogue beside the file can't be read: {0}")]
    Catalogue(#[from] csv::Error),
    /// The store server's process.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The administrator's API.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// A register.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A register's journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A customer that was changed at a register.
    #[error(transparent)]
    Customer(#[from] CustomerError),
    /// A register's offline database.
    #[error(transparent)]
    OfflineDatabase(#[from] CatalogueError),
    /// The store's currency.
    #[error(transparent)]
    Currency(#[from] UnknownCurrency),
    /// The store's prices do not hold their tax, those of the file do.
    #[error("the store's prices are without tax, those of the file with it")]
    TaxExclusive,
    /// A register could not sell in time.
    #[error("register {number} was not ready to sell in time: {last_error}")]
    NotReady {
        /// Which.
        number: u16,
        /// The last failure it knows.
        last_error: String,
    },
    /// The network.
    #[error("the network can't be set up: {0}")]
    Network(#[from] std::io::Error),
    /// The HTTP client.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
    /// The store server's URL has no address, which cutting needs.
    #[error("“{0}” can't be cut off: give it as http://ADDRESS:PORT")]
    NoAddress(String),
    /// A register's task ended badly.
    #[error("a register failed: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Replays a file.
///
/// # Errors
/// [`ReplayError`] when it can't be done; totals that differ are in [`Outcome::failures`].
pub async fn replay(options: &Options) -> Result<Outcome, ReplayError> {
    let started = Instant::now();
    let say = options.progress;
    // A wrong file is told before anything is started.
    baskets::read(&options.file, Currency::GBP)?;
    let (own_server, server) = server(options).await?;
    let admin = AdminApi::sign_in(&server.url, &server.admin_password).await?;
    let store = admin.store().await?;
    if !store.prices_include_tax {
        return Err(ReplayError::TaxExclusive);
    }
    let currency = Currency::from_code(&store.currency)?;
    let mut read = baskets::read(&options.file, currency)?;
    say(&format!("{} lines of {} invoices", read.lines_count, read.invoices.len()));
    let files = import_files::beside(&options.file, &read, currency)?;
    let edits = MasterDataEdits::of(&files)?;
    let products = admin.import("products", files.products).await?;
    say(&format!("catalogue: {} products taken, {} refused", products.taken, products.refused_count));

    let mut proxy = None;
    if options.cut_network {
        proxy = Some(CuttingProxy::start(address_of(&server.url)?, options.seed).await?);
    }
    let register_url =
        proxy.as_ref().map_or(server.url.clone(), |proxy| format!("http://{}", proxy.address()));
    let speed_up = options.speed_up.unwrap_or(if options.cut_network { SPEED_UP_WITH_CUTS } else { 1 });
    let clock = Clock::start(speed_up);
    let mut registers = activate_registers(options, &admin, &register_url, clock).await?;
    say(&format!("{} registers are activated", registers.len()));
    // Comes down as a delta behind the snapshot, while the registers sell.
    let customers = admin.import("customers", files.customers).await?;
    say(&format!("customers: {} taken, {} refused", customers.taken, customers.refused_count));

    let invoices_count = read.invoices.len();
    let numbers: Vec<u16> = registers.iter().map(Register::number).collect();
    let shares = distribute(std::mem::take(&mut read.invoices), registers.len());
    let changes = options.profile_changes;
    // A register reads what it sells from once, before its profile is changed.
    let (can_sell, can_all_sell) = (Arc::new(Semaphore::new(0)), u32::from(options.registers.max(1)));
    let mut selling = JoinSet::new();
    for (register, share) in registers.drain(..).zip(shares) {
        let pause = (options.cut_network || changes > 0).then(|| pause(share.len(), changes));
        let disturbance = (changes > 0).then(|| Random::new(options.seed ^ u64::from(register.number())));
        selling.spawn(sell_all(register, share, pause, disturbance, Arc::clone(&can_sell)));
    }
    let changing = async {
        if changes == 0 {
            return Ok(Deeds::default());
        }
        let admin = admin.clone();
        let administrator = RandomAdministrator::begin(admin, options.seed, &numbers, edits, say).await?;
        // Ends with an error only where it is closed, and nobody does that.
        can_sell.acquire_many(can_all_sell).await.ok();
        Ok(administrator.work(changes, SELLING_PER_CHANGE).await?)
    };
    let selling = async {
        let mut sold = Vec::new();
        while let Some(done) = selling.join_next().await {
            sold.push(done??);
        }
        Ok::<_, ReplayError>(sold)
    };
    let (deeds, mut sold) = tokio::try_join!(changing, selling)?;
    sold.sort_by_key(|sold| sold.register.number());
    say("all is sold");
    if let Some(proxy) = &proxy {
        proxy.heal();
    }
    let drain_at_most = DRAIN_AT_MOST + clock.real(RECONNECT_MS);
    for sold in &sold {
        drain(&sold.register, drain_at_most, changes > 0).await;
    }
    let changed = if changes > 0 {
        let registers: Vec<&Register> = sold.iter().map(|sold| &sold.register).collect();
        let edits_count = sold.iter().map(|sold| sold.edits_count).sum();
        Some(
            profile_changes::compare_with_fresh(&registers, &admin, &server.url, clock, deeds, edits_count)
                .await?,
        )
    } else {
        None
    };
    let mut refused = read.refused;
    refused.extend(sold.iter().flat_map(|sold| sold.refused.clone()));
    let tallies: Vec<RegisterTally> = sold.iter().map(tally).collect();
    let findings = Findings {
        invoices: invoices_count as u64,
        lines: read.lines_count,
        refused: &refused,
        registers: &tallies,
        audit: &admin.audit().await?,
        rejected: &admin.rejected().await?,
        changed: changed.as_ref(),
        currency,
        seconds: started.elapsed().as_secs_f64(),
    };
    let (summary, failures) = (findings.summary(), findings.failures());
    drop(own_server);
    Ok(Outcome { summary, failures, refused, faults: proxy.map(|proxy| proxy.faults()) })
}

async fn server(options: &Options) -> Result<(Option<ServerProcess>, RunningServer), ReplayError> {
    if let Some(server) = &options.server {
        return Ok((None, server.clone()));
    }
    let program = server_process::program()?;
    let process = ServerProcess::start_on(&program, options.database_url.as_deref()).await?;
    let server = RunningServer { url: process.url(), admin_password: process.admin_password().to_owned() };
    Ok((Some(process), server))
}

fn address_of(url: &str) -> Result<SocketAddr, ReplayError> {
    let address = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let resolved = address.and_then(|address| std::net::ToSocketAddrs::to_socket_addrs(address).ok());
    resolved.and_then(|mut all| all.next()).ok_or_else(|| ReplayError::NoAddress(url.to_owned()))
}

async fn activate_registers(
    options: &Options,
    admin: &AdminApi,
    url: &str,
    clock: Clock,
) -> Result<Vec<Register>, ReplayError> {
    let mut registers = Vec::new();
    for place in 1..=options.registers.max(1) {
        let number = admin.add_register(&format!("Replay {place}")).await?;
        let code = admin.activation_code(number).await?;
        // Sales have random ids: the same seed may be replayed to the same store server.
        let random = Random::new(Random::fresh_seed());
        registers.push(Register::activate(RegisterApi::new(url)?, &code, clock, random).await?);
    }
    Ok(registers)
}

/// Invoices to registers in turn.
fn distribute(invoices: Vec<Invoice>, registers_count: usize) -> Vec<Vec<Invoice>> {
    let mut shares = vec![Vec::new(); registers_count];
    for (place, invoice) in invoices.into_iter().enumerate() {
        shares[place % registers_count].push(invoice);
    }
    shares
}

fn pause(invoices_count: usize, changes: u32) -> Duration {
    let invoices_count = u32::try_from(invoices_count.max(1)).unwrap_or(u32::MAX);
    if changes > 0 {
        return (SELLING_PER_CHANGE * changes).max(SELLING_WITH_CUTS) / invoices_count;
    }
    (SELLING_WITH_CUTS / invoices_count).min(PAUSE_MAX)
}

struct SoldAll {
    register: Register,
    refused: Vec<RefusedLine>,
    /// Customers that were changed at it.
    edits_count: u64,
}

async fn sell_all(
    mut register: Register,
    invoices: Vec<Invoice>,
    pause: Option<Duration>,
    mut disturbance: Option<Random>,
    can_sell: Arc<Semaphore>,
) -> Result<SoldAll, ReplayError> {
    if !register.driver().wait_until(READY_AT_MOST, |status| status.ready_to_sell).await {
        let last_error = register.driver().status().and_then(|status| status.last_error);
        return Err(ReplayError::NotReady {
            number: register.number(),
            last_error: last_error.unwrap_or_default(),
        });
    }
    let catalogue = Catalogue::read(register.store())?;
    can_sell.add_permits(1);
    let mut refused = Vec::new();
    let (began, mut sold_count, mut edits_count) = (Instant::now(), 0_u32, 0);
    for invoice in &invoices {
        refused.extend(register.sell(invoice, &catalogue)?.refused);
        sold_count += 1;
        if let Some(random) = &mut disturbance {
            edits_count += profile_changes::disturb(&mut register, random)?;
        }
        match pause {
            // Timers are coarser than the pause; what matters is the time all of it takes.
            Some(pause) => tokio::time::sleep_until((began + pause * sold_count).into()).await,
            None => tokio::task::yield_now().await,
        }
    }
    Ok(SoldAll { register, refused, edits_count })
}

/// Waits until the store server has settled everything. Where the profile may say that entries wait for somebody,
/// somebody asks.
async fn drain(register: &Register, at_most: Duration, asks: bool) {
    // The count in the status is older than the last sale until the engine has counted again.
    register.driver().tell(Event::JournalGrew);
    let deadline = Instant::now() + at_most;
    while Instant::now() < deadline && register.store().counts().waiting > 0 {
        if asks {
            register.driver().tell(Event::SendNow);
        }
        tokio::time::sleep(Duration::from_millis(if asks { 500 } else { 20 })).await;
    }
}

fn tally(sold: &SoldAll) -> RegisterTally {
    let sales = sold.register.store().sales(usize::MAX);
    RegisterTally {
        number: sold.register.number(),
        sales: sales.len() as u64,
        lines: sales.iter().map(|sale| sale.record.lines.len() as u64).sum(),
        total: sales.iter().map(|sale| Money::from_minor(sale.record.total_minor)).sum(),
        last_counter: sales.first().map_or(0, |newest| newest.record.receipt_counter),
        waiting: sold.register.store().counts().waiting,
    }
}
