//! Load: many registers against one store server process, and what each phase costs.
//!
//! A first snapshot for all, a delta round with nothing new and one with some prices, and all registers coming back
//! at once with queued sales while others sign in and look things up. Then the limit: a plain batch INSERT of the
//! same rows. Registers and store server share the machine; the figures say so by standing beside peers of the
//! same run.

pub mod figures;
mod fleet;
mod invoices;
mod limit;
mod probes;
mod process_usage;
mod shop;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use holdfast_figures::{Budget, Figure};
use holdfast_profile::TableId;
use holdfast_sync::Event;
use holdfast_sync::connectivity::Mode;
use holdfast_sync::memory_store::JournalError;

use crate::admin_api::{AdminApi, AdminError};
use crate::catalogue::CatalogueError;
use crate::register::RegisterError;
use crate::server_process::{ServerError, ServerProcess};
use crate::traffic::{Kind, KindCounts, Traffic};
use figures::{Figures, count, megabytes, total};
use fleet::{Crew, Fleet, Sold};
use limit::{Batch, Target};
use probes::Prober;
use process_usage::{Process, Usage};

/// Longest time of a phase.
const PHASE_AT_MOST: Duration = Duration::from_secs(15 * 60);
/// How long registers at rest are watched: two heartbeats each.
const REST: Duration = Duration::from_secs(10);
/// Prices that change in the delta round.
const CHANGED_PRICES: usize = 100;
/// What live requests may take while all registers come back, milliseconds.
const LIVE_P99_BUDGET_MS: f64 = 200.0;
/// What part of a plain INSERT's rows are to arrive in the same time.
const DRAINED_BUDGET: f64 = 0.5;
/// What the store server's memory may be while all registers take a snapshot, megabytes.
const MEMORY_BUDGET_MB: f64 = 256.0;

/// How much load.
#[derive(Debug, Clone)]
pub struct Options {
    /// Registers.
    pub registers: u16,
    /// Sales that each has queued when it comes back.
    pub sales: usize,
    /// Products in the catalogue.
    pub products: usize,
    /// The store server's program.
    pub server: PathBuf,
    /// A PostgreSQL in which two databases are made; SQLite where there is none.
    pub postgres: Option<String>,
    /// Folder of real data.
    pub data: PathBuf,
    /// Where progress goes.
    pub progress: fn(&str),
}

/// Why a load run came to no figures.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file of real data.
    #[error("the catalogue can't be made: {0}")]
    Shop(#[from] csv::Error),
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
    /// A register's offline database.
    #[error(transparent)]
    OfflineDatabase(#[from] CatalogueError),
    /// The HTTP client.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
    /// A task ended badly.
    #[error("a part of the load failed: {0}")]
    Task(#[from] tokio::task::JoinError),
    /// `/proc` can't be read.
    #[error("the store server's process can't be watched: {0}")]
    Process(#[from] std::io::Error),
    /// The limit can't be measured.
    #[error("the plain INSERT failed: {0}")]
    Limit(#[from] sqlx::Error),
    /// Registers did not get there in time.
    #[error("{what}: {count} registers did not get there in time; one says: {last_error}")]
    NotInTime {
        /// What they should have done.
        what: &'static str,
        /// How many did not.
        count: usize,
        /// The last failure that one of them knows.
        last_error: String,
    },
    /// What the store server has is not what the registers sold.
    #[error("the store server does not have what the registers sold: {0}")]
    Differs(String),
    /// An import took less than it was given.
    #[error("the store server took {taken} of {given} lines")]
    ImportRefused {
        /// Lines taken.
        taken: u64,
        /// Lines given.
        given: u64,
    },
}

/// Runs all phases.
///
/// # Errors
/// [`LoadError`], also when a sale is missing or there twice.
pub async fn run(options: &Options) -> Result<Vec<Figure>, LoadError> {
    let database = if options.postgres.is_some() { "postgres" } else { "sqlite" };
    let say = |text: &str| (options.progress)(&format!("{database}: {text}"));
    let mut figures = Figures::of(database);
    let databases = match &options.postgres {
        Some(address) => Some(limit::make_databases(address).await?),
        None => None,
    };
    let own = databases.as_ref().map(|[own, _]| own.as_str());
    let server = ServerProcess::start_on(&options.server, own).await?;
    let admin = AdminApi::sign_in(&server.url(), server.admin_password()).await?;
    let mut shop = shop::shop(&options.data, options.products)?;
    figures.add("processes that ran on the machine before", process_usage::load_average()?, "processes");
    if !shop.is_real {
        say("no real data: the names are made up");
    }
    take_all(&admin, "products", std::mem::take(&mut shop.products), options.products).await?;
    take_all(&admin, "barcodes", std::mem::take(&mut shop.barcodes), options.products).await?;
    say(&format!("{} products with barcodes are imported", options.products));
    let crew = Crew::activate(&admin, &server.url(), options.registers).await?;
    say(&format!("{} registers are activated", options.registers));
    let process = Process(server.process_id().unwrap_or_default());
    let traffic = crew.traffic();
    let prober = crew.some_api().map(|register| Prober {
        admin: admin.clone(),
        register,
        url: server.url(),
        password: server.admin_password().to_owned(),
    });

    let mut run = Run { figures: &mut figures, process, registers: count(options.registers.into()) };
    let before = traffic.counts();
    let measuring = process.measure()?;
    let mut fleet = crew.start()?;
    let took = fleet.wait("the first snapshot", PHASE_AT_MOST, |_, status| status.ready_to_sell).await?;
    run.snapshot(took, measuring.end()?, &since(&traffic, before));
    say(&format!("all have their first snapshot after {:.1} s", took.as_secs_f64()));

    run.rest(&traffic).await?;
    let changes = CHANGED_PRICES.min(options.products);
    let cursor = fleet.lowest_cursor(TableId::Price);
    take_all(&admin, "products", shop.changed_prices(options.products, changes)?, changes).await?;
    run.changed_prices(&fleet, &traffic, cursor).await?;
    say("delta rounds are done");

    fleet.tell(&Event::GoOffline);
    let is_offline = |mode: Mode| matches!(mode, Mode::Offline { .. });
    fleet.wait("going offline", PHASE_AT_MOST, |_, status| is_offline(status.mode)).await?;
    let began = Instant::now();
    fleet.sell(options.sales, options.products).await?;
    let prepared = began.elapsed().as_secs_f64();
    say(&format!("{} sales each are queued (prepared in {prepared:.1} s, not measured)", options.sales));
    if let Some(prober) = &prober {
        run.quiet(prober).await;
    }
    let drained = run.storm(&fleet, prober.as_ref(), &traffic).await?;
    say(&format!("the outboxes are empty after {:.1} s", drained.as_secs_f64()));
    let sold = fleet.sold();
    check(&admin, &sold).await?;
    say("each sale is there once, and the sums agree");

    let batches = batches(&fleet);
    let rows: u64 = batches.iter().flat_map(|batch| &batch.sales).map(|(_, sale)| limit::rows_of(sale)).sum();
    drop((fleet, server));
    let limit = databases.as_ref().map(|[_, limit]| limit.as_str());
    let empty = ServerProcess::start_on(&options.server, limit).await?;
    let target = match limit {
        Some(address) => Target::Postgres(address.to_owned()),
        None => Target::Sqlite(empty.data_folder().join("holdfast.sqlite")),
    };
    let folder = empty.stop().await?;
    let written = limit::write(&target, batches.into_iter()).await?;
    drop(folder);
    say(&format!("the same {rows} rows by plain INSERT in {:.1} s", written.took.as_secs_f64()));
    let rate = |took: Duration| count(rows) / took.as_secs_f64().max(f64::EPSILON);
    figures.compare(
        "reconnect, rows drained",
        (rate(drained), "rows/s"),
        "plain batch INSERT",
        rate(written.took),
        Budget::AtLeast(DRAINED_BUDGET),
    );
    Ok(figures.into_all())
}

/// A run under way.
struct Run<'f> {
    figures: &'f mut Figures,
    process: Process,
    registers: f64,
}

impl Run<'_> {
    fn snapshot(&mut self, took: Duration, usage: Usage, counts: &[KindCounts; Kind::ALL.len()]) {
        let peak = megabytes(usage.peak_bytes);
        self.figures.add("snapshot, all registers", took.as_secs_f64(), "s");
        self.figures.at_most("snapshot, server memory peak", peak, "MB", MEMORY_BUDGET_MB);
        self.figures.usage("snapshot", usage);
        let total = total(counts);
        self.figures.add("snapshot, bytes to all", megabytes(total.received_bytes), "MB");
        self.figures.add("snapshot, requests of each", count(total.requests) / self.registers, "requests");
        self.figures.add("snapshot, asked to come again", count(total.busy), "requests");
    }

    /// Registers that have everything: what their heartbeats cost.
    async fn rest(&mut self, traffic: &Traffic) -> Result<(), LoadError> {
        let before = traffic.counts();
        let measuring = self.process.measure()?;
        tokio::time::sleep(REST).await;
        let usage = measuring.end()?;
        let counts = since(traffic, before);
        let (all, contacts) = (total(&counts), counts[Kind::Contact as usize]);
        let exchanges = count(contacts.requests).max(1.0);
        let name = "nothing new, requests per contact";
        self.figures.at_most(name, count(all.requests) / exchanges, "requests", 1.0);
        let bytes = count(contacts.sent_bytes + contacts.received_bytes) / exchanges;
        self.figures.add("nothing new, bytes of an exchange", bytes, "bytes");
        self.figures.add("nothing new, server processor time of one", usage.cpu_s * 1e6 / exchanges, "µs");
        self.figures.add("nothing new, exchanges", exchanges / REST.as_secs_f64(), "per s");
        Ok(())
    }

    /// Some prices change, and everybody is told to look at once.
    async fn changed_prices(
        &mut self,
        fleet: &Fleet,
        traffic: &Traffic,
        cursor: u64,
    ) -> Result<(), LoadError> {
        let before = traffic.counts();
        let measuring = self.process.measure()?;
        fleet.tell(&Event::SyncNow);
        let has_them = |register: &crate::register::Register| {
            register.store().state().tables.get(&TableId::Price).is_some_and(|record| record.cursor > cursor)
        };
        let took = fleet.wait("the changed prices", PHASE_AT_MOST, |register, _| has_them(register)).await?;
        let usage = measuring.end()?;
        let counts = total(&since(traffic, before));
        self.figures.add("100 changed prices, all registers", took.as_secs_f64(), "s");
        self.figures.usage("100 changed prices", usage);
        let bytes = count(counts.received_bytes) / self.registers;
        self.figures.add("100 changed prices, bytes to each", bytes, "bytes");
        let requests = count(counts.requests) / self.registers;
        self.figures.add("100 changed prices, requests of each", requests, "requests");
        Ok(())
    }

    /// Live requests while nothing else goes on.
    async fn quiet(&mut self, prober: &Prober) {
        let probing = prober.begin();
        tokio::time::sleep(REST).await;
        for latencies in probing.end().await {
            self.figures.latencies("quiet", &latencies, LIVE_P99_BUDGET_MS);
        }
    }

    /// Everybody comes back at once; how long until all outboxes are empty.
    async fn storm(
        &mut self,
        fleet: &Fleet,
        prober: Option<&Prober>,
        traffic: &Traffic,
    ) -> Result<Duration, LoadError> {
        let before = traffic.counts();
        let measuring = self.process.measure()?;
        let probing = prober.map(Prober::begin);
        fleet.tell(&Event::GoOnline);
        let is_empty = |register: &crate::register::Register| register.store().counts().waiting == 0;
        let took = fleet.wait("the reconnect", PHASE_AT_MOST, |register, _| is_empty(register)).await?;
        let usage = measuring.end()?;
        let counts = since(traffic, before);
        let uploads = counts[Kind::Upload as usize];
        self.figures.add("reconnect, all outboxes empty", took.as_secs_f64(), "s");
        let peak = megabytes(usage.peak_bytes);
        self.figures.at_most("reconnect, server memory peak", peak, "MB", MEMORY_BUDGET_MB);
        self.figures.usage("reconnect", usage);
        self.figures.add("reconnect, uploads", count(uploads.requests), "requests");
        self.figures.add("reconnect, asked to come again", count(uploads.busy), "requests");
        self.figures.add("reconnect, bytes to the server", megabytes(uploads.sent_bytes), "MB");
        if let Some(probing) = probing {
            for latencies in probing.end().await {
                self.figures.latencies("reconnect", &latencies, LIVE_P99_BUDGET_MS);
            }
        }
        Ok(took)
    }
}

fn since(traffic: &Traffic, before: [KindCounts; Kind::ALL.len()]) -> [KindCounts; Kind::ALL.len()] {
    let mut counts = traffic.counts();
    counts.iter_mut().zip(before).for_each(|(count, before)| *count = count.since(before));
    counts
}

async fn take_all(admin: &AdminApi, kind: &str, csv: Vec<u8>, lines: usize) -> Result<(), LoadError> {
    let report = admin.import(kind, csv).await?;
    if report.taken == lines as u64 {
        return Ok(());
    }
    Err(LoadError::ImportRefused { taken: report.taken, given: lines as u64 })
}

/// Counts in the store database, and compares with what the registers know.
async fn check(admin: &AdminApi, sold: &BTreeMap<u16, Sold>) -> Result<(), LoadError> {
    let audit = admin.audit().await?;
    let mut found = 0;
    for there in &audit {
        let Some(here) = sold.get(&there.number) else { continue };
        found += 1;
        let arrived =
            Sold { sales: there.receipts_count, lines: there.lines_count, total_minor: there.total_minor };
        if arrived != *here || there.duplicates > 0 || there.rejected_count > 0 {
            let number = there.number;
            return Err(LoadError::Differs(format!("register {number} sold {here:?}, there is {there:?}")));
        }
    }
    let selling = sold.values().filter(|sold| sold.sales > 0).count();
    if found < selling {
        return Err(LoadError::Differs(format!("{found} of {selling} registers are there")));
    }
    Ok(())
}

fn batches(fleet: &Fleet) -> Vec<Batch> {
    let batch = |register: &crate::register::Register| {
        let entries = register.store().entries().into_iter().map(|kept| kept.entry);
        let sales = entries.filter_map(|entry| {
            let sale = holdfast_protocol::decode(entry.payload.as_slice()).ok()?;
            Some((entry, sale))
        });
        Batch { number: register.number(), sales: sales.collect() }
    };
    fleet.registers().iter().map(batch).collect()
}
