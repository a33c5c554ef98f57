//! One of the register's databases: opened within a limit, opened again when the browser cuts the connection.
//!
//! Owns the rules of every access: a write counts once its transaction has completed, and what fails for want
//! of a connection is tried once more on a new one.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use rexie::{ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::Schema;
use crate::task::{detached, within};
use crate::transaction::{Reads, Writes, commit};

/// How long opening may take: what lies behind it is another page that holds on to an older version.
const OPEN_WITHIN_MS: u32 = 5_000;
/// How long a transaction may take before the database counts as gone.
const ANSWER_WITHIN_MS: u32 = 20_000;

/// A database; clones share its connection.
#[derive(Clone)]
pub(crate) struct Database {
    schema: &'static Schema,
    connection: Rc<RefCell<Option<Rc<Connection>>>>,
}

/// An open connection; closed when it goes out of scope, since one that lingers would block an upgrade.
struct Connection(Option<Rexie>);

impl Connection {
    fn rexie(&self) -> Outcome<&Rexie> {
        self.0.as_ref().ok_or_else(|| BrowserStoreError::ConnectionLost("it is closed".into()))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(rexie) = self.0.take() {
            rexie.close();
        }
    }
}

/// The names of this site's databases, where the browser says them in time.
pub(crate) async fn database_names() -> Option<Vec<String>> {
    let property = |value: &JsValue, name: &str| Reflect::get(value, &JsValue::from_str(name)).ok();
    let factory = property(&js_sys::global(), "indexedDB")?;
    let databases: Function = property(&factory, "databases")?.dyn_into().ok()?;
    let asked: Promise = databases.call0(&factory).ok()?.dyn_into().ok()?;
    let listed = within(OPEN_WITHIN_MS, JsFuture::from(asked)).await?.ok()?;
    let listed: Array = listed.dyn_into().ok()?;
    Some(listed.iter().filter_map(|one| property(&one, "name")?.as_string()).collect())
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What is done in a transaction, whatever it gives: all around it is compiled once, and not anew for each of the
/// many that there are.
trait Work {
    /// Reads, keeps what it gives, and says what to write.
    fn run<'a>(&'a mut self, reads: &'a Reads) -> Boxed<'a, Outcome<Writes>>;
}

struct Reading<F, T> {
    body: F,
    value: Option<T>,
}

impl<T, F: AsyncFnMut(&Reads) -> Outcome<T>> Work for Reading<F, T> {
    fn run<'a>(&'a mut self, reads: &'a Reads) -> Boxed<'a, Outcome<Writes>> {
        Box::pin(async move {
            self.value = Some((self.body)(reads).await?);
            Ok(Writes::default())
        })
    }
}

struct Writing<F, T> {
    body: F,
    value: Option<T>,
}

impl<T, F: AsyncFnMut(&Reads) -> Outcome<(T, Writes)>> Work for Writing<F, T> {
    fn run<'a>(&'a mut self, reads: &'a Reads) -> Boxed<'a, Outcome<Writes>> {
        Box::pin(async move {
            let (value, writes) = (self.body)(reads).await?;
            self.value = Some(value);
            Ok(writes)
        })
    }
}

impl Database {
    /// Opens a database, or makes it.
    pub async fn open(schema: &'static Schema) -> Outcome<Database> {
        let database = Database { schema, connection: Rc::default() };
        database.connected().await?;
        Ok(database)
    }

    /// Reads in one transaction. `body` awaits nothing but what `Reads` gives.
    pub async fn read<T>(&self, stores: &[&str], body: impl AsyncFnMut(&Reads) -> Outcome<T>) -> Outcome<T> {
        let mut reading = Reading { body, value: None };
        self.in_transaction(stores, TransactionMode::ReadOnly, &mut reading).await?;
        reading.value.ok_or(BrowserStoreError::NoAnswer)
    }

    /// Reads, then writes, in one transaction. `body` awaits nothing but what `Reads` gives; an error from it
    /// leaves everything as it was. It may be called once more, when the connection was lost.
    pub async fn write<T>(
        &self,
        stores: &[&str],
        body: impl AsyncFnMut(&Reads) -> Outcome<(T, Writes)>,
    ) -> Outcome<T> {
        let mut writing = Writing { body, value: None };
        self.in_transaction(stores, TransactionMode::ReadWrite, &mut writing).await?;
        writing.value.ok_or(BrowserStoreError::NoAnswer)
    }

    fn in_transaction<'a>(
        &'a self,
        stores: &'a [&str],
        mode: TransactionMode,
        work: &'a mut dyn Work,
    ) -> Boxed<'a, Outcome> {
        Box::pin(async move {
            match self.attempt(stores, mode, work).await {
                Err(BrowserStoreError::ConnectionLost(_)) => self.attempt(stores, mode, work).await,
                outcome => outcome,
            }
        })
    }

    async fn attempt(&self, stores: &[&str], mode: TransactionMode, work: &mut dyn Work) -> Outcome {
        let connection = self.connected().await?;
        let outcome = within(ANSWER_WITHIN_MS, transact(connection.rexie()?, stores, mode, work))
            .await
            .unwrap_or(Err(BrowserStoreError::NoAnswer));
        if matches!(outcome, Err(BrowserStoreError::ConnectionLost(_) | BrowserStoreError::NoAnswer)) {
            let mut current = self.connection.borrow_mut();
            // Somebody else may have opened a new one meanwhile.
            if current.as_ref().is_some_and(|current| Rc::ptr_eq(current, &connection)) {
                *current = None;
            }
        }
        outcome
    }

    async fn connected(&self) -> Outcome<Rc<Connection>> {
        if let Some(connection) = &*self.connection.borrow() {
            return Ok(Rc::clone(connection));
        }
        let blocked = BrowserStoreError::Blocked { database: self.schema.shown };
        let opened = within(OPEN_WITHIN_MS, detached(connect(self.schema))).await.ok_or(blocked)??;
        let opened = Rc::new(opened);
        *self.connection.borrow_mut() = Some(Rc::clone(&opened));
        Ok(opened)
    }
}

async fn transact(rexie: &Rexie, stores: &[&str], mode: TransactionMode, work: &mut dyn Work) -> Outcome {
    let transaction = rexie
        .transaction(stores, mode)
        .map_err(|error| BrowserStoreError::of("opening a transaction", &error))?;
    let reads = Reads::new(&transaction, stores)?;
    match work.run(&reads).await {
        Ok(writes) if writes.is_empty() => Ok(()),
        Ok(writes) => detached(commit(transaction, reads, writes)).await,
        Err(error) if mode == TransactionMode::ReadOnly => Err(error),
        Err(error) => {
            // Nothing was written yet; this only ends the transaction at once.
            detached(async move {
                transaction
                    .abort()
                    .await
                    .map_err(|error| BrowserStoreError::of("leaving a transaction", &error))
            })
            .await
            .ok();
            Err(error)
        }
    }
}

async fn connect(schema: &'static Schema) -> Outcome<Connection> {
    let mut builder = Rexie::builder(schema.name).version(schema.version());
    for store in schema.stores() {
        builder = builder.add_object_store(ObjectStore::new(store));
    }
    let error = match builder.build().await {
        Ok(rexie) => return Ok(Connection(Some(rexie))),
        Err(error) => BrowserStoreError::of("opening the database", &error),
    };
    if let BrowserStoreError::Failed { reason, .. } = &error
        && reason.contains("VersionError")
    {
        return Err(BrowserStoreError::NewerVersion { database: schema.shown });
    }
    Err(error)
}
