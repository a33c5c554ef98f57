//! The picture database: what is offered, kept and used; and that it holds nothing else up.

use holdfast_browser_store::{BrowserStoreError, PictureDatabase};
use holdfast_protocol::pictures::{PictureRef, PicturesReply};
use holdfast_sync::pictures::{Kept, Offered};
use rexie::Rexie;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{fresh_journal, mend, replace, sale};

async fn fresh() -> PictureDatabase {
    mend();
    Rexie::delete("holdfast-pictures").await.unwrap();
    PictureDatabase::open().await.unwrap()
}

fn offered(sku: &str, hash: u8) -> Offered {
    Offered { sku: sku.into(), hash: [hash; 32], bytes: 3, rank: 0 }
}

fn told(sku: &str, hash: Option<u8>) -> PictureRef {
    let hash = hash.map(|hash| [hash; 32].into());
    PictureRef { sku: sku.into(), hash, bytes: 3, media_type: "image/png".into() }
}

fn reply(since: u64, up_to: u64, pictures: Vec<PictureRef>) -> PicturesReply {
    PicturesReply { since, up_to, more: false, pictures }
}

async fn offered_skus(database: &PictureDatabase) -> Vec<String> {
    database.offered().await.unwrap().into_iter().map(|(picture, _)| picture.sku).collect()
}

#[wasm_bindgen_test]
async fn what_is_offered_is_kept_with_its_version() {
    let database = fresh().await;
    assert_eq!(database.version().await, Ok(0));
    database.take_changes(&reply(0, 5, vec![told("1", Some(1)), told("2", Some(2))])).await.unwrap();
    database.take_changes(&reply(5, 7, vec![told("1", None), told("3", Some(3))])).await.unwrap();
    let again = PictureDatabase::open().await.unwrap();
    assert_eq!(again.version().await, Ok(7));
    assert_eq!(offered_skus(&again).await, ["2", "3"]);
    // All anew: what is not told any more is gone.
    again.take_changes(&reply(0, 9, vec![told("2", Some(8))])).await.unwrap();
    assert_eq!(again.offered().await, Ok(vec![(offered("2", 8), "image/png".to_owned())]));
}

#[wasm_bindgen_test]
async fn a_picture_comes_back_with_its_type_and_bytes_until_it_is_dropped() {
    let database = fresh().await;
    let picture = |sku: &str| (offered(sku, 1), "image/svg+xml".to_owned(), b"<svg".to_vec());
    database.put(&[picture("1"), picture("2")]).await.unwrap();
    let kept = |sku: &str| Kept { sku: sku.into(), hash: [1; 32] };
    assert_eq!(database.kept().await, Ok(vec![kept("1"), kept("2")]));
    let found = database.pictures(&["2".into(), "3".into()]).await.unwrap();
    assert_eq!(found.len(), 1);
    let (sku, blob) = &found[0];
    assert_eq!((sku.as_str(), blob.type_().as_str(), blob.size()), ("2", "image/svg+xml", 4.0));
    let bytes = JsFuture::from(blob.array_buffer()).await.unwrap();
    assert_eq!(js_sys::Uint8Array::new(&bytes).to_vec(), b"<svg");
    // Another one in its place.
    database.put(&[(offered("2", 9), "image/png".to_owned(), vec![1])]).await.unwrap();
    database.drop_pictures(&["1".into()]).await.unwrap();
    assert_eq!(database.kept().await, Ok(vec![Kept { sku: "2".into(), hash: [9; 32] }]));
    assert_eq!(database.clear().await, Ok(true));
    assert_eq!(database.clear().await, Ok(false));
    assert_eq!(database.kept().await, Ok(Vec::new()));
    assert_eq!(database.pictures(&["2".into()]).await.unwrap().len(), 0);
}

#[wasm_bindgen_test]
async fn a_database_that_is_not_there_is_not_made_by_looking_for_it() {
    mend();
    Rexie::delete("holdfast-pictures").await.unwrap();
    for _ in 0..2 {
        assert!(PictureDatabase::open_if_any().await.unwrap().is_none());
    }
    fresh().await.put(&[(offered("1", 1), "image/png".to_owned(), vec![1])]).await.unwrap();
    let there = PictureDatabase::open_if_any().await.unwrap();
    assert_eq!(there.unwrap().kept().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn uses_are_noted_to_the_newest() {
    let database = fresh().await;
    let hour_ms = 60 * 60 * 1_000;
    database.sold(&["1".into()], 5 * hour_ms + 1).await.unwrap();
    database.sold(&["1".into()], 3 * hour_ms).await.unwrap();
    database.shown(&["1".into(), "2".into()], 7 * hour_ms + 17).await.unwrap();
    let uses = database.uses().await.unwrap();
    let last = |sku: &str| uses.get(sku).map(|last| (last.sold_at_ms, last.shown_at_ms));
    assert_eq!(last("1"), Some((5 * hour_ms + 1, 7 * hour_ms)));
    assert_eq!(last("2"), Some((0, 7 * hour_ms)));
}

#[wasm_bindgen_test]
async fn a_full_disk_refuses_pictures_and_takes_a_sale() {
    let database = fresh().await;
    let journal = fresh_journal().await;
    let full = "function (...all) {
        if (this.transaction.db.name === 'holdfast-pictures') {
            throw new DOMException('no room', 'QuotaExceededError');
        }
        return kept.apply(this, all);
    }";
    replace("IDBObjectStore", "put", full);
    let refused = database.put(&[(offered("1", 1), "image/png".to_owned(), vec![1])]).await;
    let sold = journal.finish_sale(|receipt| Ok(sale(receipt))).await;
    mend();
    assert_eq!(refused, Err(BrowserStoreError::Full));
    assert!(sold.is_ok());
    assert_eq!(database.kept().await, Ok(Vec::new()));
}
