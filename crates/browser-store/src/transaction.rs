//! Inside one transaction: reads first, then all writes at once, then its end.
//!
//! That order leaves nothing half done: whatever may fail in Rust fails before the first write, and a write
//! counts only when the browser says that the whole transaction was committed.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use futures_util::future::{Either, select};
use rexie::{KeyRange, Store, Transaction, TransactionResult};
use wasm_bindgen::JsValue;

use crate::error::{BrowserStoreError, Outcome};
use crate::storage;
use crate::task::detached;

/// What a transaction reads from.
pub(crate) struct Reads {
    stores: Vec<Rc<Store>>,
}

impl Reads {
    pub(crate) fn new(transaction: &Transaction, names: &[&str]) -> Outcome<Reads> {
        let store = |name: &&str| {
            let store = transaction.store(name);
            store.map(Rc::new).map_err(|error| BrowserStoreError::of("opening an object store", &error))
        };
        Ok(Reads { stores: names.iter().map(store).collect::<Outcome<_>>()? })
    }

    /// The value of one key.
    pub async fn get(&self, store: &str, key: JsValue) -> Outcome<Option<JsValue>> {
        let store = self.store(store)?;
        detached(async move {
            store.get(key).await.map_err(|error| BrowserStoreError::of("reading a record", &error))
        })
        .await
    }

    /// The values of a range of keys, in order.
    pub async fn get_all(
        &self,
        store: &str,
        range: Option<KeyRange>,
        limit: Option<u32>,
    ) -> Outcome<Vec<JsValue>> {
        let store = self.store(store)?;
        detached(async move {
            let values = store.get_all(range, limit).await;
            values.map_err(|error| BrowserStoreError::of("reading records", &error))
        })
        .await
    }

    /// The keys of a range, in order.
    pub async fn get_all_keys(&self, store: &str, range: Option<KeyRange>) -> Outcome<Vec<JsValue>> {
        let store = self.store(store)?;
        detached(async move {
            let keys = store.get_all_keys(range, None).await;
            keys.map_err(|error| BrowserStoreError::of("reading keys", &error))
        })
        .await
    }

    /// How many keys are in a range.
    pub async fn count(&self, store: &str, range: KeyRange) -> Outcome<u32> {
        let store = self.store(store)?;
        detached(async move {
            let counted = store.count(Some(range)).await;
            counted.map_err(|error| BrowserStoreError::of("counting records", &error))
        })
        .await
    }

    fn store(&self, name: &str) -> Outcome<Rc<Store>> {
        let found = self.stores.iter().find(|store| store.name() == name).map(Rc::clone);
        found.ok_or_else(|| BrowserStoreError::Failed {
            doing: "reading",
            reason: format!("the transaction is not about {name}"),
        })
    }
}

/// What a transaction writes; deletions come before puts.
#[derive(Default)]
pub(crate) struct Writes {
    deletes: Vec<(&'static str, JsValue)>,
    puts: Vec<(&'static str, Vec<ValueAndKey>)>,
}

/// As rexie takes it.
type ValueAndKey = (JsValue, Option<JsValue>);

impl Writes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.deletes.is_empty() && self.puts.is_empty()
    }

    /// Puts a value under a key.
    pub fn put(&mut self, store: &'static str, key: JsValue, value: JsValue) {
        match self.puts.iter_mut().find(|(name, _)| *name == store) {
            Some((_, values)) => values.push((value, Some(key))),
            None => self.puts.push((store, vec![(value, Some(key))])),
        }
    }

    /// Deletes a key, or all keys of a range.
    pub fn delete(&mut self, store: &'static str, key_or_range: impl Into<JsValue>) {
        self.deletes.push((store, key_or_range.into()));
    }
}

type Request = Pin<Box<dyn Future<Output = Result<(), rexie::Error>>>>;

/// Issues all writes and waits for the end of the transaction. An error means that nothing was written.
pub(crate) async fn commit(transaction: Transaction, reads: Reads, writes: Writes) -> Outcome {
    let mut requests = requests(&reads, writes)?;
    let mut pending = Vec::with_capacity(requests.len());
    for mut request in requests.drain(..) {
        // The first poll sends the request; a value or key that can't be stored is refused here and now.
        match poll_once(&mut request).await {
            Poll::Pending => pending.push(request),
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => {
                let mut abort: Request = Box::pin(transaction.abort());
                // Sent with this poll. It and what was already asked for will be called back, so they stay.
                if poll_once(&mut abort).await.is_pending() {
                    std::mem::forget((abort, pending));
                }
                return Err(BrowserStoreError::of("writing", &error));
            }
        }
    }
    finish(transaction, pending).await
}

fn requests(reads: &Reads, writes: Writes) -> Outcome<Vec<Request>> {
    let mut requests: Vec<Request> = Vec::with_capacity(writes.deletes.len() + writes.puts.len());
    for (name, key_or_range) in writes.deletes {
        let store = reads.store(name)?;
        requests.push(Box::pin(async move { store.delete(key_or_range).await }));
    }
    for (name, values) in writes.puts {
        let store = reads.store(name)?;
        requests.push(Box::pin(async move { store.put_all(values.into_iter()).await }));
    }
    Ok(requests)
}

/// Waits until the transaction has ended, one way or the other. A full disk may show as an end without any
/// word from the requests, and an end that is no commit is still an `Ok` of rexie.
async fn finish(transaction: Transaction, mut pending: Vec<Request>) -> Outcome {
    let answered = async {
        for request in &mut pending {
            request.as_mut().await?;
        }
        Ok(())
    };
    let ended = match select(Box::pin(answered), Box::pin(transaction.done())).await {
        Either::Left((Ok(()), done)) => done.await,
        Either::Left((Err(error), done)) => {
            // The abort that follows will still call back.
            std::mem::forget(done);
            Err(error)
        }
        Either::Right((ended, answered)) => {
            drop(answered);
            ended
        }
    };
    let error = match ended {
        Ok(TransactionResult::Committed) => return Ok(()),
        Ok(TransactionResult::Aborted) => BrowserStoreError::Aborted,
        Err(error) => BrowserStoreError::of("writing", &error),
    };
    // What was asked for may still call back.
    std::mem::forget(pending);
    Err(if error == BrowserStoreError::Aborted { taken_back().await } else { error })
}

/// Why the browser took a transaction back, as far as can be told.
async fn taken_back() -> BrowserStoreError {
    if storage::is_nearly_full().await { BrowserStoreError::Full } else { BrowserStoreError::Aborted }
}

async fn poll_once(request: &mut Request) -> Poll<Result<(), rexie::Error>> {
    poll_fn(|context| Poll::Ready(request.as_mut().poll(context))).await
}
