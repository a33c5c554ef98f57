//! `GET /api/v1/manifest/{table}` and `GET /api/v1/page/{hash}`.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use holdfast_profile::TableId;
use holdfast_protocol::messages::Manifest;
use holdfast_protocol::page;
use holdfast_protocol::problem::code;
use holdfast_protocol::rows::{PriceRow, ProductRow};
use holdfast_protocol::{PROTOCOL_VERSION, PROTOCOL_VERSION_HEADER};
use holdfast_store_server::database::MasterRow;
use holdfast_store_server::import::ImportKind;
use holdfast_store_server::secrets::hex;

use crate::support::{Answer, TestRegister, TestServer, real_data};

async fn page_as(register: &TestRegister<'_>, hash: &[u8], extra: &[(header::HeaderName, &str)]) -> Answer {
    let mut request = Request::get(format!("/api/v1/page/{}", hex(hash)))
        .header(header::AUTHORIZATION, format!("Bearer {}", hex(register.identity.token.as_slice())))
        .header(PROTOCOL_VERSION_HEADER, PROTOCOL_VERSION);
    for (name, value) in extra {
        request = request.header(name, *value);
    }
    register.server.send(request.body(Body::empty()).unwrap()).await
}

/// All rows of a table by key, from its snapshot.
async fn rows_of(register: &TestRegister<'_>, manifest: &Manifest) -> BTreeMap<String, Vec<u8>> {
    let mut rows = BTreeMap::new();
    for reference in &manifest.pages {
        let bytes = page_as(register, reference.hash.as_slice(), &[]).await.body;
        assert_eq!(page::address(&bytes), *reference.hash);
        assert_eq!(bytes.len(), reference.bytes as usize);
        let unpacked = page::unpack(&bytes).unwrap();
        assert_eq!(unpacked.len(), reference.rows as usize);
        for row in unpacked {
            assert!(row.version <= manifest.head);
            assert!(rows.last_key_value().is_none_or(|(last, _)| *last < row.key), "ordered by key");
            rows.insert(row.key, row.body.unwrap().to_vec());
        }
    }
    rows
}

fn many_products(from: u32, to: u32, price: &str) -> String {
    let lines = (from..to).map(|number| format!("S{number:06},Thing number {number},{price}\n"));
    std::iter::once("sku,name,price\n".to_owned()).chain(lines).collect()
}

#[tokio::test]
async fn the_pages_together_are_the_table() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, &many_products(0, 30_000, "1.50")).await;
    let register = server.register(1).await;
    let manifest = register.manifest(TableId::Product).await;
    assert_eq!(manifest.table, TableId::Product);
    assert!(manifest.pages.len() >= 3);
    let rows = rows_of(&register, &manifest).await;
    assert_eq!(rows.len(), 30_000);
    let row: ProductRow = holdfast_protocol::decode(&rows["S000042"]).unwrap();
    assert_eq!((row.name.as_str(), row.unit.as_str()), ("Thing number 42", "ea"));
}

#[tokio::test]
async fn all_registers_get_the_same_pages() {
    let server = TestServer::demo().await;
    let (one, two) = (server.register(1).await, server.register(2).await);
    let manifest = one.manifest(TableId::Price).await;
    assert_eq!(manifest, two.manifest(TableId::Price).await);
    assert_eq!(rows_of(&one, &manifest).await, rows_of(&two, &manifest).await);
}

#[tokio::test]
async fn a_snapshot_is_used_again_until_much_has_changed() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, &many_products(0, 3_000, "1.50")).await;
    let register = server.register(1).await;
    let first = register.manifest(TableId::Price).await;
    server.import(ImportKind::Products, &many_products(0, 10, "1.60")).await;
    assert_eq!(register.manifest(TableId::Price).await, first, "ten changes come as deltas");
    let delta = register.pull(TableId::Price, first.head, 5_000).await;
    assert_eq!(delta.changes.len(), 10);

    server.import(ImportKind::Products, &many_products(0, 2_000, "1.70")).await;
    let second = register.manifest(TableId::Price).await;
    assert!(second.head > first.head);
    let rows = rows_of(&register, &second).await;
    let price: PriceRow = holdfast_protocol::decode(&rows["S000000"]).unwrap();
    assert_eq!(price.price_minor, 170);
    // A download of the first that has begun can end.
    assert_eq!(rows_of(&register, &first).await.len(), 3_000);
}

#[tokio::test]
async fn old_pages_go_an_hour_after_they_were_superseded() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let mut manifests = Vec::new();
    for (price, minutes) in [("1.00", 600), ("2.00", 59), ("3.00", 2), ("4.00", 0)] {
        server.import(ImportKind::Products, &many_products(0, 1_500, price)).await;
        manifests.push(register.manifest(TableId::Price).await);
        server.pass(minutes * 60_000);
    }
    let mut kept = Vec::new();
    for manifest in &manifests {
        kept.push(page_as(&register, manifest.pages[0].hash.as_slice(), &[]).await.status == StatusCode::OK);
    }
    assert_eq!(kept, [false, true, true, true]);
}

/// Has the next manifest be of a new snapshot: the one before is too old to go on from.
async fn outdate_snapshots(server: &TestServer, table: TableId, key: &str) {
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
    assert_eq!(writing.remove(table, &[key.to_owned()]).await.unwrap(), 1);
    writing.commit().await.unwrap();
    assert!(server.database.compact_tombstones(&store_id, server.now_ms() + 1).await.unwrap() > 0);
}

/// Real barcodes and names, three times over with other keys: some 100,000.
fn many_real_products(folder: &std::path::Path, tax_code: &str) -> Vec<MasterRow> {
    let csv = std::fs::read_to_string(folder.join("gtin/openfoodfacts.csv")).unwrap();
    let lines: Vec<(&str, &str)> = csv.lines().skip(1).filter_map(|line| line.split_once(',')).collect();
    let product = |sku: String, name: &str| {
        MasterRow::Product(ProductRow {
            sku,
            name: name.to_owned(),
            category: String::new(),
            unit: "ea".to_owned(),
            tax_code: tax_code.to_owned(),
            rank: 0,
        })
    };
    let rows = ["", "A", "B"].into_iter().flat_map(|before| {
        lines.iter().map(move |(barcode, name)| product(format!("{before}{barcode}"), name))
    });
    rows.collect()
}

#[tokio::test]
async fn snapshots_before_and_after_a_few_changes_share_nearly_all_pages() {
    let Some(folder) = real_data() else { return };
    let server = TestServer::demo().await;
    let store = server.store().await;
    let store_id = store.row.id;
    let products = many_real_products(&folder, &store.default_tax_code);
    let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
    writing.put(&products).await.unwrap();
    writing.commit().await.unwrap();
    let register = server.register(1).await;
    let before = register.manifest(TableId::Product).await;
    let rows: u32 = before.pages.iter().map(|page| page.rows).sum();
    let mean = rows as usize / before.pages.len();
    assert!((7_500..=11_000).contains(&mean), "{rows} rows in {} pages", before.pages.len());

    // Ten new articles of one maker, one of another gone.
    let MasterRow::Product(like) = &products[products.len() / 2] else { panic!("not a product") };
    let new =
        |number| MasterRow::Product(ProductRow { sku: format!("{}-{number}", like.sku), ..like.clone() });
    let new: Vec<MasterRow> = (0..10).map(new).collect();
    let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
    assert_eq!(writing.put(&new).await.unwrap(), 10);
    writing.commit().await.unwrap();
    outdate_snapshots(&server, TableId::Product, &products[99].key()).await;
    let after = register.manifest(TableId::Product).await;
    assert!(after.head > before.head);
    assert_eq!(after.pages.iter().map(|page| page.rows).sum::<u32>(), rows + 9);
    let known: BTreeSet<_> = before.pages.iter().map(|page| *page.hash).collect();
    let same = after.pages.iter().filter(|page| known.contains(&*page.hash)).count();
    // Rows changed at two places.
    assert!(same + 2 >= after.pages.len(), "{same} of {} pages are the same", after.pages.len());
    assert!(same < after.pages.len());
}

#[tokio::test]
async fn a_page_comes_compressed_where_that_is_taken() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let reference = &register.manifest(TableId::Product).await.pages[0];
    let plain = page_as(&register, reference.hash.as_slice(), &[]).await;
    let accepting = async |encodings| {
        page_as(&register, reference.hash.as_slice(), &[(header::ACCEPT_ENCODING, encodings)]).await
    };
    let brotli = accepting("gzip, br").await;
    let gzip = accepting("gzip, br;q=0").await;
    for (answer, encoding) in [(&plain, ""), (&brotli, "br"), (&gzip, "gzip")] {
        assert_eq!(answer.header(header::CONTENT_ENCODING), encoding);
        assert_eq!(answer.header(header::CACHE_CONTROL), "private, max-age=31536000, immutable");
        assert_eq!(answer.header(header::VARY), "Accept-Encoding");
    }
    assert!(brotli.body.len() < gzip.body.len() && gzip.body.len() < plain.body.len());
    let mut unpacked = Vec::new();
    std::io::copy(&mut brotli::Decompressor::new(brotli.body.as_slice(), 4_096), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    unpacked.clear();
    std::io::copy(&mut flate2::read::GzDecoder::new(gzip.body.as_slice()), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
}

#[tokio::test]
async fn a_page_that_is_known_is_not_sent_again() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let hash = register.manifest(TableId::Staff).await.pages[0].hash;
    let etag = format!("\"{}\"", hex(hash.as_slice()));
    let answer = page_as(&register, hash.as_slice(), &[(header::IF_NONE_MATCH, &etag)]).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn an_empty_table_has_no_pages() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let manifest = register.manifest(TableId::Customer).await;
    assert_eq!((manifest.head, manifest.pages.len()), (0, 0));
}

#[tokio::test]
async fn only_tables_that_come_down_are_given() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    for (path, expected) in [
        ("manifest/sale", (403, code::TABLE_NOT_IN_PROFILE)),
        ("manifest/suspended_sale", (403, code::TABLE_NOT_IN_PROFILE)),
        ("manifest/nothing", (404, code::NOT_FOUND)),
        ("page/00", (404, code::NOT_FOUND)),
        (&format!("page/{}", "0".repeat(64)), (404, code::NOT_FOUND)),
    ] {
        let problem = register.get(path).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), expected, "{path}");
    }
}

#[tokio::test]
async fn a_page_of_a_table_that_left_the_profile_is_not_given() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let hash = register.manifest(TableId::Customer).await.pages[0].hash;
    let mut profile = holdfast_profile::default_profile();
    profile.scopes.retain(|scope| scope.tables.iter().all(|entry| entry.table != TableId::Customer));
    let mut writing =
        server.database.begin_write(&register.identity.store_id, server.now_ms()).await.unwrap();
    writing.publish_profile(&profile, 0).await.unwrap();
    writing.commit().await.unwrap();
    let problem = page_as(&register, hash.as_slice(), &[]).await.problem();
    assert_eq!(problem.code, code::TABLE_NOT_IN_PROFILE);
}
