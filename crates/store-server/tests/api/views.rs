//! Registers that keep a part of the tables: what enters their view comes, what leaves it goes.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::StatusCode;
use holdfast_profile::{
    Condition, FilterPart, FilterValue, Join, OfflineCustomers, OfflineProducts, Profile, RowFilter,
    ScopeTable, TableId, Test, View, default_profile,
};
use holdfast_protocol::messages::{ContactReply, TableHead};
use holdfast_protocol::problem::code;
use holdfast_protocol::rows::{CustomerRow, PriceRow, ProductRow};
use holdfast_protocol::{page, view};
use holdfast_store_server::database::{FeedId, ViewRecord};
use holdfast_store_server::housekeeping::put_in_order;
use holdfast_store_server::import::ImportKind;
use holdfast_store_server::secrets::hex;
use holdfast_store_server::views::Views;

use crate::support::{NOON_MS, TestRegister, TestServer};

mod related_rows;

/// Longer than a refresh rests.
const REST_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

const GOODS: &str = "sku,name,price,category\n\
    A1,Apple,1.00,Fruit\nA2,Pear,1.20,Fruit\nB1,Brush,3.00,Home\nB2,Bucket,4.00,Home\nC1,Coin,9.00,\n";
const BARCODES: &str = "barcode,sku\n96385074,A1\n4006381333931,B1\n";

/// A register's tables as it keeps them: the cheapest way that obeys the protocol.
struct Mirror<'a> {
    register: TestRegister<'a>,
    tables: BTreeMap<TableId, Kept>,
    snapshots_count: usize,
}

#[derive(Default)]
struct Kept {
    view: Option<u64>,
    cursor: u64,
    rows: BTreeMap<String, (u64, Vec<u8>)>,
}

impl<'a> Mirror<'a> {
    async fn activate(server: &'a TestServer) -> Mirror<'a> {
        Mirror { register: server.register(1).await, tables: BTreeMap::new(), snapshots_count: 0 }
    }

    async fn contact(&self) -> ContactReply {
        self.register.post("contact", &self.register.contact_request()).await.message()
    }

    /// Contact and what it leads to; says how many changes were pulled.
    async fn sync(&mut self) -> usize {
        let heads = self.contact().await.heads;
        self.tables.retain(|table, _| heads.iter().any(|head| head.table == *table));
        let mut pulled = 0;
        for head in heads {
            let known = self.tables.get(&head.table).is_some_and(|kept| kept.view == head.view);
            if !known || self.tables[&head.table].cursor < head.oldest_cursor {
                self.take_snapshot(&head).await;
            }
            pulled += self.pull(&head).await;
        }
        pulled
    }

    async fn take_snapshot(&mut self, head: &TableHead) {
        self.snapshots_count += 1;
        let manifest = self.register.manifest(head.table).await;
        assert_eq!(manifest.view, head.view);
        let mut kept = Kept { view: manifest.view, cursor: manifest.head, rows: BTreeMap::new() };
        for reference in &manifest.pages {
            let bytes = self.register.get(&format!("page/{}", hex(reference.hash.as_slice()))).await.body;
            for row in page::unpack(&bytes).unwrap() {
                kept.rows.insert(row.key, (row.version, row.body.unwrap().to_vec()));
            }
        }
        self.tables.insert(head.table, kept);
    }

    async fn pull(&mut self, head: &TableHead) -> usize {
        let mut pulled = 0;
        loop {
            let kept = self.tables.get_mut(&head.table).unwrap();
            let reply = self.register.pull(head.table, kept.cursor, 5_000).await;
            assert_eq!((reply.view, reply.restart), (head.view, false));
            pulled += reply.changes.len();
            for change in reply.changes {
                match change.body {
                    Some(body) => kept.rows.insert(change.key, (change.version, body.to_vec())),
                    None => kept.rows.remove(&change.key),
                };
            }
            kept.cursor = reply.up_to;
            if !reply.more {
                assert_eq!(reply.rows, Some(kept.rows.len() as u64), "{}", head.table);
                assert!(kept.cursor >= head.head);
                return pulled;
            }
        }
    }

    fn keys(&self, table: TableId) -> Vec<&str> {
        self.tables[&table].rows.keys().map(String::as_str).collect()
    }

    fn row<T: for<'b> minicbor::Decode<'b, ()>>(&self, table: TableId, key: &str) -> T {
        holdfast_protocol::decode(&self.tables[&table].rows[key].1).unwrap()
    }

    /// No row refers to one that is missing.
    fn check_references(&self) {
        for sku in self.tables[&TableId::Product].rows.keys() {
            let product: ProductRow = self.row(TableId::Product, sku);
            assert!(self.tables[&TableId::TaxRate].rows.contains_key(&product.tax_code), "{product:?}");
            let category = &self.tables[&TableId::Category].rows;
            assert!(product.category.is_empty() || category.contains_key(&product.category), "{product:?}");
        }
        for sku in self.tables[&TableId::Price].rows.keys() {
            assert!(self.tables[&TableId::Product].rows.contains_key(sku), "{sku}");
        }
    }
}

async fn publish(server: &TestServer, profile: &Profile) {
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
    writing.publish_profile(profile, server.now_ms()).await.unwrap();
    writing.commit().await.unwrap();
}

/// The one view of a profile.
async fn view_of(server: &TestServer, profile: &Profile) -> ViewRecord {
    let numbers: Vec<u64> = View::all_of(profile).iter().map(view::number).collect();
    let store_id = server.store().await.row.id;
    let mut found = server.database.views(&store_id, &numbers).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// Writes the body of a product's row as it is, or that it is gone.
async fn write_body(server: &TestServer, sku: &str, body: Option<Vec<u8>>) {
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
    writing.write_copies(TableId::Product.into(), vec![(sku.to_owned(), body)]).await.unwrap();
    writing.commit().await.unwrap();
}

async fn with_goods() -> TestServer {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, GOODS).await;
    server.import(ImportKind::Barcodes, BARCODES).await;
    server.import(ImportKind::Customers, "id,name,country,phone\na,Ada,Malta,1\nb,Bob,Iceland,2\n").await;
    server
}

fn with_products(offline_products: OfflineProducts) -> Profile {
    Profile { offline_products, ..default_profile() }
}

fn of_categories(codes: &[&str]) -> Profile {
    with_products(OfflineProducts::Categories {
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
    })
}

fn with_entry(mut profile: Profile, table: TableId, change: impl FnOnce(&mut ScopeTable)) -> Profile {
    let mut entries = profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
    change(entries.find(|entry| entry.table == table).unwrap());
    profile
}

#[tokio::test]
async fn a_register_keeps_products_of_its_categories_and_what_belongs_to_them() {
    let server = with_goods().await;
    publish(&server, &of_categories(&["Fruit"])).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), ["A1", "A2"]);
    assert_eq!(mirror.keys(TableId::Price), ["A1", "A2"]);
    assert_eq!(mirror.keys(TableId::Barcode), ["00000096385074"]);
    assert_eq!(mirror.keys(TableId::Category).len(), 2, "categories are not filtered");
    assert_eq!(mirror.keys(TableId::Customer), ["a", "b"]);
    mirror.check_references();
}

#[tokio::test]
async fn rows_enter_and_leave_over_pulls() {
    let server = with_goods().await;
    publish(&server, &of_categories(&["Fruit"])).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    let snapshots_count = mirror.snapshots_count;
    server.pass(REST_MS);
    // One moves in, one moves out, one only gets another price, and one that is not of the view too.
    server
        .import(
            ImportKind::Products,
            "sku,name,price,category\nA1,Apple,1.00,Home\nA2,Pear,1.30,Fruit\nB2,Bucket,4.00,Fruit\nC1,Coin,9.50,\n",
        )
        .await;
    let pulled = mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), ["A2", "B2"]);
    assert_eq!(mirror.keys(TableId::Price), ["A2", "B2"]);
    assert_eq!(mirror.keys(TableId::Barcode), Vec::<&str>::new());
    assert_eq!(mirror.row::<PriceRow>(TableId::Price, "A2").price_minor, 130);
    assert_eq!(pulled, 6, "A1 goes from three tables, B2 comes to two, A2 has another price");
    assert_eq!(mirror.snapshots_count, snapshots_count, "deltas alone");
    mirror.check_references();
    server.pass(REST_MS);
    assert_eq!(mirror.sync().await, 0);
}

#[tokio::test]
async fn a_deleted_row_leaves_every_view() {
    let server = with_goods().await;
    publish(&server, &of_categories(&["Fruit"])).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    server.pass(REST_MS);
    let mut writing =
        server.database.begin_write(&mirror.register.identity.store_id, server.now_ms()).await.unwrap();
    writing.remove(TableId::Price, &["A2".to_owned()]).await.unwrap();
    writing.remove(TableId::Product, &["A2".to_owned()]).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(mirror.sync().await, 2);
    assert_eq!((mirror.keys(TableId::Product), mirror.keys(TableId::Price)), (vec!["A1"], vec!["A1"]));
}

#[tokio::test]
async fn another_profile_is_another_view_and_back() {
    let server = with_goods().await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product).len(), 5);
    assert!(
        mirror.tables.values().all(|kept| kept.view.is_none()),
        "a profile of whole tables needs no view"
    );
    for (profile, expected) in [
        (of_categories(&["Home"]), vec!["B1", "B2"]),
        (of_categories(&["Fruit"]), vec!["A1", "A2"]),
        (default_profile(), vec!["A1", "A2", "B1", "B2", "C1"]),
        (of_categories(&["Home"]), vec!["B1", "B2"]),
    ] {
        publish(&server, &profile).await;
        mirror.sync().await;
        assert_eq!(mirror.keys(TableId::Product), expected);
        assert_eq!(mirror.keys(TableId::Price), expected);
    }
}

#[tokio::test]
async fn what_kept_rows_refer_to_comes_along() {
    let server = with_goods().await;
    let is_home = RowFilter::of("name", Test::Is { value: FilterValue::Text("home".into()) });
    let profile =
        with_entry(of_categories(&["Fruit"]), TableId::Category, |entry| entry.filter = Some(is_home));
    publish(&server, &profile).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Category), ["Fruit", "Home"], "one is named by products");
    server.pass(REST_MS);
    server
        .import(ImportKind::Products, "sku,name,price,category\nA1,Apple,1.00,Home\nA2,Pear,1.20,Home\n")
        .await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Category), ["Home"]);
    mirror.check_references();
}

#[tokio::test]
async fn a_register_gets_the_columns_of_its_field_list() {
    let server = with_goods().await;
    let profile = with_entry(default_profile(), TableId::Customer, |entry| {
        entry.fields = Some(["id", "name", "country"].map(Into::into).to_vec());
    });
    publish(&server, &profile).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    let ada: CustomerRow = mirror.row(TableId::Customer, "a");
    assert_eq!((ada.name.as_str(), ada.country.as_str(), ada.phone.as_str()), ("Ada", "Malta", ""));
    server.pass(REST_MS);
    server.import(ImportKind::Customers, "id,name,country,phone\na,Ada,Malta,999\n").await;
    assert_eq!(mirror.sync().await, 0, "a column that is not kept changes nothing");
}

#[tokio::test]
async fn the_best_sellers_are_those_sold_most_often_and_change_with_the_day() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, "sku,name,price,rank\nP0,A,1.00,3\nP1,B,1.00,2\nP2,C,1.00,1\n").await;
    publish(&server, &with_products(OfflineProducts::TopBySales { count: 1 })).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), ["P2"], "nothing was sold: the catalogue's rank decides");
    let sale = mirror.register.sell(100);
    mirror.register.upload(&[sale]).await;
    server.pass(REST_MS);
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), ["P2"], "the same day");
    server.pass(DAY_MS);
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), ["P0"]);
}

#[tokio::test]
async fn what_was_sold_lately_is_kept_for_so_many_days() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, "sku,name,price\nP0,A,1.00\nP1,B,1.00\n").await;
    publish(&server, &with_products(OfflineProducts::SoldInLastDays { days: 2 })).await;
    let mut mirror = Mirror::activate(&server).await;
    let sale = mirror.register.sell(100);
    mirror.register.upload(&[sale]).await;
    let mut kept = Vec::new();
    for _ in 0..4 {
        mirror.sync().await;
        kept.push(mirror.keys(TableId::Product).len());
        server.pass(DAY_MS);
    }
    assert_eq!(kept, [1, 1, 1, 0]);
}

#[tokio::test]
async fn customers_are_kept_by_the_profile_s_choice() {
    let server = with_goods().await;
    let mut mirror = Mirror::activate(&server).await;
    for (offline_customers, expected) in [
        (OfflineCustomers::None, Vec::new()),
        (OfflineCustomers::SeenInLastDays { days: 30 }, Vec::new()),
        (OfflineCustomers::AllOfThisStore, vec!["a", "b"]),
    ] {
        publish(&server, &Profile { offline_customers, ..default_profile() }).await;
        mirror.sync().await;
        assert_eq!(mirror.keys(TableId::Customer), expected);
        assert_eq!(mirror.keys(TableId::Product).len(), 5);
    }
}

#[tokio::test]
async fn a_page_of_another_view_is_not_given() {
    let server = with_goods().await;
    publish(&server, &of_categories(&["Fruit"])).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    let hash = mirror.register.manifest(TableId::Product).await.pages[0].hash;
    let path = format!("page/{}", hex(hash.as_slice()));
    assert_eq!(mirror.register.get(&path).await.status, StatusCode::OK);
    publish(&server, &of_categories(&["Home"])).await;
    assert_eq!(mirror.register.get(&path).await.problem().code, code::NOT_FOUND);
    publish(&server, &of_categories(&["Fruit"])).await;
    assert_eq!(mirror.register.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_new_writes_nothing_and_a_change_is_copied_once() {
    let server = with_goods().await;
    publish(&server, &of_categories(&["Fruit"])).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    let writes = async || view_of(&server, &of_categories(&["Fruit"])).await.writes_count;
    let before = writes().await;
    for _ in 0..5 {
        server.pass(REST_MS);
        mirror.sync().await;
    }
    // A table that is not of the view.
    server.import(ImportKind::Customers, "id,name\nc,Cy\n").await;
    mirror.sync().await;
    assert_eq!(writes().await, before);
    server.import(ImportKind::Products, "sku,name,price\nA1,Apple,1.11\n").await;
    mirror.sync().await;
    assert_eq!(writes().await, before + 2, "the price, and that it is done");
}

#[tokio::test]
async fn a_view_that_nobody_uses_goes_and_comes_again_from_nothing() {
    let server = with_goods().await;
    publish(&server, &of_categories(&["Fruit"])).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    let store_id = mirror.register.identity.store_id.clone();
    assert_eq!(server.database.drop_views(&store_id, server.now_ms()).await.unwrap(), 0);
    server.import(ImportKind::Products, "sku,name,price,category\nA1,Apple,1.00,Home\n").await;
    assert_eq!(server.database.drop_views(&store_id, server.now_ms() + 1).await.unwrap(), 1);
    let snapshots_count = mirror.snapshots_count;
    mirror.sync().await;
    assert!(mirror.snapshots_count > snapshots_count, "deletions from before are not remembered");
    assert_eq!(mirror.keys(TableId::Product), ["A2"]);
}

#[tokio::test]
async fn profiles_beside_each_other_have_views_of_their_own_and_share_equal_ones() {
    let server = with_goods().await;
    let store_id = server.store().await.row.id;
    let views = Views::default();
    let feeds = async |profile: Profile| {
        views.for_contact(&server.database, &store_id, &profile, NOON_MS).await.unwrap().0
    };
    let fruit = feeds(of_categories(&["Fruit"])).await.source(TableId::Product);
    let home = feeds(of_categories(&["Home"])).await.source(TableId::Product);
    let mut other = of_categories(&["Fruit"]);
    other.offline_customers = OfflineCustomers::None;
    let again = feeds(other).await;
    assert_eq!(again.source(TableId::Product), fruit);
    assert_ne!(home, fruit);
    assert!(again.source(TableId::Customer).view.is_some());
    assert_eq!(feeds(default_profile()).await.source(TableId::Product).feed, TableId::Product.into());
    assert_eq!(rows_of(&server, fruit.feed).await.len(), 2);
    assert_eq!(rows_of(&server, home.feed).await.len(), 2);
}

/// Bodies of a feed's rows by key.
async fn rows_of(server: &TestServer, feed: FeedId) -> BTreeMap<String, Vec<u8>> {
    let store_id = server.store().await.row.id;
    let mut reader = server.database.begin_snapshot(&store_id, feed).await.unwrap();
    let mut rows = BTreeMap::new();
    loop {
        let next = reader.next_rows(5_000, usize::MAX).await.unwrap();
        if next.is_empty() {
            return rows;
        }
        rows.extend(next.into_iter().map(|row| (row.key, row.body.unwrap().to_vec())));
    }
}

#[tokio::test]
async fn a_view_that_can_t_be_made_rests_between_two_tries() {
    let server = with_goods().await;
    let profile = of_categories(&["Fruit"]);
    publish(&server, &profile).await;
    write_body(&server, "A9", Some(vec![0xff])).await;
    let mut mirror = Mirror::activate(&server).await;
    let has_products = async |mirror: &Mirror<'_>| {
        mirror.contact().await.heads.iter().any(|head| head.table == TableId::Product)
    };
    assert!(!has_products(&mirror).await);
    let failed = view_of(&server, &profile).await;
    assert_eq!((failed.base_head, failed.refreshed_at_ms), (None, server.now_ms()));
    write_body(&server, "A9", None).await;
    assert!(!has_products(&mirror).await, "it rests");
    assert_eq!(mirror.register.get("manifest/product").await.problem().code, code::BUSY);
    server.pass(REST_MS);
    mirror.sync().await;
    assert_eq!(mirror.keys(TableId::Product), ["A1", "A2"]);
}

#[tokio::test]
async fn deletions_from_a_view_are_forgotten_like_those_from_tables() {
    let server = with_goods().await;
    publish(&server, &of_categories(&["Fruit"])).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    let (store_id, snapshots_count) = (mirror.register.identity.store_id.clone(), mirror.snapshots_count);
    server.pass(REST_MS);
    server.import(ImportKind::Products, "sku,name,price,category\nA1,Apple,1.00,Home\n").await;
    mirror.contact().await;
    let forgotten = server.database.compact_tombstones(&store_id, server.now_ms() + 1).await.unwrap();
    assert_eq!(forgotten, 3, "product, price and barcode have left the view, and nothing the tables");
    mirror.sync().await;
    assert_eq!(mirror.snapshots_count, snapshots_count + 3, "cursors from before can't be gone on from");
    assert_eq!(mirror.keys(TableId::Product), ["A2"]);
    assert_eq!(mirror.sync().await, 0);
}

#[tokio::test]
async fn a_number_of_a_view_is_given_once() {
    let server = with_goods().await;
    let (fruit, home) = (of_categories(&["Fruit"]), of_categories(&["Home"]));
    let store_id = server.store().await.row.id;
    let views = Views::default();
    let mut numbers = Vec::new();
    for profile in [&fruit, &home, &fruit] {
        views.for_contact(&server.database, &store_id, profile, server.now_ms()).await.unwrap();
        numbers.push(view_of(&server, profile).await.view_no);
        server.database.drop_views(&store_id, i64::MAX).await.unwrap();
    }
    assert_eq!(numbers, [1, 2, 3]);
}

#[tokio::test]
async fn views_are_kept_as_long_as_deletions() {
    let server = with_goods().await;
    let profile = of_categories(&["Fruit"]);
    publish(&server, &profile).await;
    let mut mirror = Mirror::activate(&server).await;
    mirror.sync().await;
    let keep = Duration::from_hours(24 * 90);
    server.pass(89 * DAY_MS);
    put_in_order(&server.database, server.now_ms(), keep).await;
    view_of(&server, &profile).await;
    server.pass(2 * DAY_MS);
    put_in_order(&server.database, server.now_ms(), keep).await;
    let snapshots_count = mirror.snapshots_count;
    mirror.sync().await;
    assert!(mirror.snapshots_count > snapshots_count);
}

/// Numbers that look like chance and are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A view that followed many changes, some refreshes of it by two processes at once, is the one that is made from
/// nothing.
#[tokio::test]
async fn a_refreshed_view_equals_one_made_from_nothing() {
    let server = TestServer::start().await;
    let store_id = server.store().await.row.id;
    let profile = with_entry(of_categories(&["K0", "K1"]), TableId::Product, |entry| {
        let conditions = vec![
            Condition { column: "name".into(), test: Test::Contains { text: "1".into() } },
            Condition { column: "price.price_minor".into(), test: Test::Over { number: 200 } },
        ];
        let parts = conditions.into_iter().map(FilterPart::Condition).collect();
        entry.filter = Some(RowFilter { join: Join::Any, parts });
    });
    let (one, two) = (Views::default(), Views::default());
    let mut chance = Chance(1);
    for round in 0..25 {
        let mut csv = "sku,name,price,category\n".to_owned();
        for _ in 0..chance.below(60) {
            let (sku, name) = (chance.below(900), chance.below(13));
            let (price, category) = (chance.below(3) + 1, chance.below(4));
            csv.push_str(&format!("S{sku},Thing {name},{price}.00,K{category}\n"));
        }
        server.import(ImportKind::Products, &csv).await;
        let sku = format!("S{}", chance.below(900));
        let mut writing = server.database.begin_write(&store_id, server.now_ms()).await.unwrap();
        writing.remove(TableId::Price, std::slice::from_ref(&sku)).await.unwrap();
        writing.remove(TableId::Product, &[sku]).await.unwrap();
        writing.commit().await.unwrap();
        let now_ms = NOON_MS + (round + 1) * REST_MS;
        let (a, b) = tokio::join!(
            one.for_contact(&server.database, &store_id, &profile, now_ms),
            two.for_contact(&server.database, &store_id, &profile, now_ms),
        );
        a.unwrap();
        b.unwrap();
    }
    let (feeds, _) =
        one.for_contact(&server.database, &store_id, &profile, NOON_MS + 99 * REST_MS).await.unwrap();
    let tables = [TableId::Product, TableId::Price, TableId::Barcode];
    let mut refreshed = Vec::new();
    for table in tables {
        refreshed.push(rows_of(&server, feeds.source(table).feed).await);
    }
    assert!(refreshed[0].len() > 50, "{}", refreshed[0].len());
    assert_eq!(server.database.drop_views(&store_id, i64::MAX).await.unwrap(), 1);
    let (feeds, _) = one.for_contact(&server.database, &store_id, &profile, NOON_MS).await.unwrap();
    for (table, refreshed) in tables.into_iter().zip(refreshed) {
        assert!(rows_of(&server, feeds.source(table).feed).await == refreshed, "{table}");
    }
}
