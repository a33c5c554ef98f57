//! Many registers in one process, each with its own engine, databases and connections.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use holdfast_profile::TableId;
use holdfast_sync::memory_store::{MemoryStore, SharedPages};
use holdfast_sync::{Event, Status};
use tokio::task::JoinSet;

use super::LoadError;
use super::invoices::invoices;
use crate::admin_api::AdminApi;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::random::Random;
use crate::register::{Activated, Register};
use crate::register_api::RegisterApi;
use crate::traffic::Traffic;
use crate::unpacked::UnpackedPages;

/// Activations at once: as many as are not taken for guesses.
const ACTIVATIONS_MAX: usize = 3;
/// The highest number that a new store may have given.
const NUMBERS_BEHIND: u16 = 100;
/// Between two looks whether all have got there.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Devices that are registers; no engine runs yet.
#[derive(Debug)]
pub struct Crew {
    activated: Vec<Activated>,
    traffic: Arc<Traffic>,
}

/// Registers whose engines run.
#[derive(Debug)]
pub struct Fleet {
    registers: Vec<Register>,
}

/// What registers have sold, for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sold {
    /// Sales.
    pub sales: u64,
    /// Their lines.
    pub lines: u64,
    /// Their total, minor units.
    pub total_minor: i64,
}

impl Crew {
    /// Adds and activates registers, with numbers behind those of a new store.
    ///
    /// # Errors
    /// [`LoadError`] when the store server refuses one.
    pub async fn activate(admin: &AdminApi, url: &str, count: u16) -> Result<Crew, LoadError> {
        let (traffic, unpacked) = (Arc::<Traffic>::default(), UnpackedPages::default());
        let (mut tasks, mut activated) = (JoinSet::new(), Vec::new());
        for number in (NUMBERS_BEHIND..).skip(1).take(count.into()) {
            let api = RegisterApi::new(url)?.sharing(Arc::clone(&traffic), unpacked.clone());
            let admin = admin.clone();
            tasks.spawn(async move {
                admin.add_register_numbered(number, &format!("Load {number}")).await?;
                let code = admin.activation_code(number).await?;
                let asked = Activated::ask(api, &code, Random::new(Random::fresh_seed())).await;
                Ok::<_, LoadError>((number, asked.map_err(crate::register::RegisterError::from)?))
            });
            if tasks.len() == ACTIVATIONS_MAX
                && let Some(done) = tasks.join_next().await
            {
                activated.push(done??);
            }
        }
        while let Some(done) = tasks.join_next().await {
            activated.push(done??);
        }
        activated.sort_by_key(|(number, _)| *number);
        Ok(Crew { activated: activated.into_iter().map(|(_, one)| one).collect(), traffic })
    }

    /// What they send and get, together.
    pub fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(&self.traffic)
    }

    /// The way of one of them to the store server.
    pub fn some_api(&self) -> Option<RegisterApi> {
        self.activated.first().map(|one| one.api().clone())
    }

    /// Starts all engines; each begins its first download.
    ///
    /// # Errors
    /// [`LoadError`] when a journal refuses its identity.
    pub fn start(self) -> Result<Fleet, LoadError> {
        let (clock, pages) = (Clock::start(1), SharedPages::new());
        let start = |one| Register::start(one, clock, MemoryStore::sharing(pages.clone()));
        let registers = self.activated.into_iter().map(start).collect::<Result<_, _>>()?;
        Ok(Fleet { registers })
    }
}

impl Fleet {
    /// The registers.
    pub fn registers(&self) -> &[Register] {
        &self.registers
    }

    /// Tells all of them.
    pub fn tell(&self, event: &Event) {
        self.registers.iter().for_each(|register| register.driver().tell(event.clone()));
    }

    /// Waits until all are as wanted; how long that took.
    ///
    /// # Errors
    /// [`LoadError::NotInTime`], with the last failure of one that is not.
    pub async fn wait(
        &self,
        what: &'static str,
        at_most: Duration,
        wanted: impl Fn(&Register, &Status) -> bool,
    ) -> Result<Duration, LoadError> {
        let began = Instant::now();
        let mut missing: Vec<&Register> = self.registers.iter().collect();
        loop {
            missing.retain(|register| !register.driver().status().is_some_and(|s| wanted(register, &s)));
            let Some(first) = missing.first() else { return Ok(began.elapsed()) };
            if began.elapsed() > at_most {
                let last_error = first.driver().status().and_then(|status| status.last_error);
                return Err(LoadError::NotInTime {
                    what,
                    count: missing.len(),
                    last_error: last_error.unwrap_or_default(),
                });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The lowest cursor of a table over all registers.
    pub fn lowest_cursor(&self, table: TableId) -> u64 {
        let cursor =
            |register: &Register| register.store().state().tables.get(&table).map_or(0, |r| r.cursor);
        self.registers.iter().map(cursor).min().unwrap_or(0)
    }

    /// Has each register sell so much, all at once on as many threads as there are cores.
    ///
    /// # Errors
    /// [`LoadError`] when an offline database can't be read or a journal takes nothing.
    pub async fn sell(&mut self, sales_each: usize, products_count: usize) -> Result<(), LoadError> {
        let Some(first) = self.registers.first() else { return Ok(()) };
        // All have the same rows; one has decoded them for all.
        let catalogue = Arc::new(Catalogue::read(first.store())?);
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        let size = self.registers.len().div_ceil(threads).max(1);
        let mut tasks = Vec::new();
        let mut registers = std::mem::take(&mut self.registers).into_iter();
        loop {
            let share: Vec<Register> = registers.by_ref().take(size).collect();
            if share.is_empty() {
                break;
            }
            let catalogue = Arc::clone(&catalogue);
            tasks.push(tokio::task::spawn_blocking(move || {
                sell(share, sales_each, products_count, &catalogue)
            }));
        }
        for task in tasks {
            self.registers.extend(task.await??);
        }
        Ok(())
    }

    /// What each register has sold, by its number.
    pub fn sold(&self) -> BTreeMap<u16, Sold> {
        let sold = |register: &Register| {
            let mut sold = Sold::default();
            for sale in register.store().sales(usize::MAX) {
                sold.sales += 1;
                sold.lines += sale.record.lines.len() as u64;
                sold.total_minor += sale.record.total_minor;
            }
            (register.number(), sold)
        };
        self.registers.iter().map(sold).collect()
    }
}

fn sell(
    mut registers: Vec<Register>,
    sales_each: usize,
    products_count: usize,
    catalogue: &Catalogue,
) -> Result<Vec<Register>, LoadError> {
    for register in &mut registers {
        for invoice in invoices(register.number(), sales_each, products_count) {
            register.sell(&invoice, catalogue)?;
        }
    }
    Ok(registers)
}
