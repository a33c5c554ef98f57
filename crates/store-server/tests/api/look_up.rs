//! `POST /api/v1/look-up`: what a register does not keep.

use holdfast_profile::{OfflineCustomers, OfflineProducts, Profile, TableId, default_profile};
use holdfast_protocol::look_up::{LOOK_UP_CHARS_MAX, LOOK_UP_HITS_MAX, LookUpReply, LookUpRequest, Wanted};
use holdfast_protocol::messages::EntryOutcome;
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::problem::code;
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::rows::{CustomerRow, PriceRow, ProductRow, TaxRateRow};
use holdfast_store_server::database::MasterRow;
use holdfast_store_server::import::ImportKind;

use crate::support::{Answer, NOON_MS, TestRegister, TestServer};

mod by_an_earlier_version;
mod hostile;
mod real_data;

const GOODS: &str = "sku,name,price,rank\n\
    1001,Sourdough loaf,3.80,3\n1002,Crème fraîche 200 g,1.20,\n1003,\"Ice cream, vanilla\",4.00,1\n\
    1004,Loaf tin,9.00,\n1005,Meatloaf,5.00,2\n10o,Oat loaf,2.00,\nB-1001,Bread 1001,1.00,\n9é,Éclair,1.50,\n\
    100%,Juice_box,1.00,\n";
const BARCODES: &str = "barcode,sku\n96385074,1002\n4006381333931,1004\n";
const CUSTOMERS: &str = "id,name,country,phone,email\n12347,Ms Itō,Iceland,+354 555 0100,ito@example.com\n\
    2,Ada Marlow,,020 7946 0018,\n3,Åke Öberg,,,\n1001,Zoë Loaf,,,\nc7,Bo 354,,12,\nC7,Adam Ash,,,\n";

/// A shop of which a register keeps hardly anything.
async fn with_goods() -> TestServer {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, GOODS).await;
    server.import(ImportKind::Barcodes, BARCODES).await;
    server.import(ImportKind::Customers, CUSTOMERS).await;
    let offline_products = OfflineProducts::Categories { codes: vec!["None".to_owned()] };
    let offline_customers = OfflineCustomers::None;
    publish(&server, &Profile { offline_products, offline_customers, ..default_profile() }).await;
    server
}

async fn publish(server: &TestServer, profile: &Profile) {
    let mut writing = server.database.begin_write(&store_id(server).await, server.now_ms()).await.unwrap();
    writing.publish_profile(profile, server.now_ms()).await.unwrap();
    writing.commit().await.unwrap();
}

async fn put(server: &TestServer, store_id: &str, rows: &[MasterRow]) {
    let mut writing = server.database.begin_write(store_id, server.now_ms()).await.unwrap();
    writing.put(rows).await.unwrap();
    writing.commit().await.unwrap();
}

async fn remove(server: &TestServer, table: TableId, keys: &[&str]) {
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let mut writing = server.database.begin_write(&store_id(server).await, server.now_ms()).await.unwrap();
    assert_eq!(writing.remove(table, &keys).await.unwrap(), keys.len() as u64);
    writing.commit().await.unwrap();
}

async fn store_id(server: &TestServer) -> String {
    server.store().await.row.id
}

fn product(sku: &str, name: &str) -> MasterRow {
    MasterRow::Product(ProductRow {
        sku: sku.into(),
        name: name.into(),
        category: String::new(),
        unit: "ea".into(),
        tax_code: "standard".into(),
        rank: 0,
    })
}

fn customer(id: &str, name: &str) -> MasterRow {
    MasterRow::Customer(CustomerRow {
        id: id.into(),
        name: name.into(),
        country: String::new(),
        phone: String::new(),
        email: String::new(),
    })
}

async fn ask(register: &TestRegister<'_>, wanted: Wanted, text: &str) -> Answer {
    register.post("look-up", &LookUpRequest { wanted, text: text.to_owned() }).await
}

async fn look_up(register: &TestRegister<'_>, wanted: Wanted, text: &str) -> LookUpReply {
    ask(register, wanted, text).await.message()
}

/// Skus and numbers of customers that were found.
fn keys(reply: &LookUpReply) -> (Vec<&str>, Vec<String>) {
    let products = reply.products.iter().map(|found| found.product.sku.as_str()).collect();
    (products, customers(reply).into_iter().map(|row| row.id).collect())
}

fn customers(reply: &LookUpReply) -> Vec<CustomerRow> {
    reply.customers.iter().map(|found| holdfast_protocol::decode(&found.body).unwrap()).collect()
}

async fn check_code(register: &TestRegister<'_>, text: &str, sku: Option<&str>, id: Option<&str>) {
    let reply = look_up(register, Wanted::Code, text).await;
    let expected = (sku.into_iter().collect(), id.into_iter().map(str::to_owned).collect());
    assert_eq!((keys(&reply), reply.more), (expected, false), "{text:?}");
}

async fn check_products(register: &TestRegister<'_>, text: &str, skus: &[&str]) {
    let reply = look_up(register, Wanted::Products, text).await;
    assert_eq!(keys(&reply), (skus.to_vec(), vec![]), "{text:?}");
    assert!(!reply.more);
}

async fn check_customers(register: &TestRegister<'_>, text: &str, ids: &[&str]) {
    let reply = look_up(register, Wanted::Customers, text).await;
    assert_eq!(keys(&reply), (vec![], ids.iter().map(|id| (*id).to_owned()).collect()), "{text:?}");
    assert!(!reply.more);
}

#[tokio::test]
async fn a_code_stands_for_one_product_and_one_customer() {
    let server = with_goods().await;
    let register = server.register(1).await;
    check_code(&register, "1002", Some("1002"), None).await;
    check_code(&register, " 1001\n", Some("1001"), Some("1001")).await;
    check_code(&register, "10O", Some("10o"), None).await;
    // As a till: only ASCII letters are the same in both cases.
    check_code(&register, "9é", Some("9é"), None).await;
    check_code(&register, "9É", None, None).await;
    for barcode in ["96385074", "000096385074", "0000096385074", "00000096385074"] {
        check_code(&register, barcode, Some("1002"), None).await;
    }
    for barcode in ["4006381333931", "04006381333931"] {
        check_code(&register, barcode, Some("1004"), None).await;
    }
    check_code(&register, "12347", None, Some("12347")).await;
    check_code(&register, "c7", None, Some("c7")).await;
    check_code(&register, "C7", None, Some("C7")).await;
    check_code(&register, "100%", Some("100%"), None).await;
    for nothing in ["100", "loaf", "Ada Marlow", "96385075", "9638507", "400638133393", "%", "1001\0", "★"]
    {
        let expected = (nothing == "1001\0").then_some("1001");
        check_code(&register, nothing, expected, expected).await;
    }
}

#[tokio::test]
async fn a_product_comes_with_what_it_takes_to_sell_it() {
    let server = with_goods().await;
    put(&server, &store_id(&server).await, &[product("unpriced", "Unpriced thing")]).await;
    let register = server.register(1).await;
    let found = look_up(&register, Wanted::Code, "1003").await.products.remove(0);
    assert_eq!((found.product.name.as_str(), found.product.rank), ("Ice cream, vanilla", 1));
    assert_eq!(found.price, Some(PriceRow { sku: "1003".into(), price_minor: 400 }));
    let rate = TaxRateRow { code: "standard".into(), name: "Standard".into(), rate_ppm: 200_000 };
    assert_eq!(found.tax_rate.map(|rate| (rate.code, rate.rate_ppm)), Some((rate.code, rate.rate_ppm)));
    let found = look_up(&register, Wanted::Products, "thing").await.products.remove(0);
    assert_eq!((found.product.sku.as_str(), found.price), ("unpriced", None));
    assert!(found.tax_rate.is_some());
}

#[tokio::test]
async fn products_are_found_as_a_till_finds_its_own() {
    let server = with_goods().await;
    let register = server.register(1).await;
    // Beginnings of words first, best sellers first in both, then by name.
    check_products(&register, "loaf", &["1001", "1004", "10o", "1005"]).await;
    check_products(&register, " LOÁF ", &["1001", "1004", "10o", "1005"]).await;
    check_products(&register, "cre", &["1003", "1002"]).await;
    check_products(&register, "van cream", &["1003"]).await;
    check_products(&register, "urdoug", &["1001"]).await;
    check_products(&register, "loaf cream", &[]).await;
    // Skus that begin with the text come before names.
    check_products(&register, "1001", &["1001", "B-1001"]).await;
    check_products(&register, "10O", &["10o"]).await;
    check_products(&register, "b-", &["B-1001", "100%"]).await;
    check_products(&register, "9É", &[]).await;
    check_products(&register, "eclair", &["9é"]).await;
    check_products(&register, "96385074", &["1002"]).await;
    // Nothing means more than it says.
    check_products(&register, "100%", &["100%", "B-1001"]).await;
    check_products(&register, "juice_box", &["100%"]).await;
    check_products(&register, "10%", &["B-1001"]).await;
    check_products(&register, "100_", &["B-1001"]).await;
    for nothing in ["%", "_", "\\", "—", "'"] {
        check_products(&register, nothing, &[]).await;
    }
}

#[tokio::test]
async fn customers_are_found_by_name_telephone_or_number_and_come_by_name() {
    let server = with_goods().await;
    let register = server.register(1).await;
    check_customers(&register, "ito", &["12347"]).await;
    check_customers(&register, "marlow ADA", &["2"]).await;
    check_customers(&register, "oberg", &["3"]).await;
    check_customers(&register, "ada", &["2", "C7"]).await;
    check_customers(&register, "555-0100", &["12347"]).await;
    check_customers(&register, "79 46", &["2"]).await;
    // A name and a telephone number.
    check_customers(&register, "354", &["c7", "12347"]).await;
    check_customers(&register, "55", &[]).await;
    check_customers(&register, "1", &["12347", "1001"]).await;
    check_customers(&register, "c7", &["c7"]).await;
    for nothing in ["nobody", "%", "_", "--", "1%", "1_"] {
        check_customers(&register, nothing, &[]).await;
    }
}

#[tokio::test]
async fn an_answer_is_bounded_and_tells_that_there_is_more() {
    let server = TestServer::start().await;
    let lines = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    let goods = lines(LOOK_UP_HITS_MAX, |at| format!("A{at:02},Thing {at:02},1.00,{}\n", at + 1));
    server.import(ImportKind::Products, &format!("sku,name,price,rank\n{goods}")).await;
    let people = lines(LOOK_UP_HITS_MAX, |at| format!("{at},Person {at:02},\n"));
    server.import(ImportKind::Customers, &format!("id,name,country\n{people}")).await;
    let register = server.register(1).await;
    let count = async |wanted, text: &str| {
        let reply = look_up(&register, wanted, text).await;
        (reply.products.len() + reply.customers.len(), reply.more)
    };
    for (wanted, text) in [(Wanted::Products, "thing"), (Wanted::Products, "a"), (Wanted::Customers, "per")] {
        assert_eq!(count(wanted, text).await, (LOOK_UP_HITS_MAX, false), "{text}");
    }
    server.import(ImportKind::Products, "sku,name,price\nA99,Thing 99,1.00\n").await;
    server.import(ImportKind::Customers, "id,name,country\n99,Person 99,\n").await;
    for (wanted, text) in [(Wanted::Products, "thing"), (Wanted::Products, "a"), (Wanted::Customers, "per")] {
        assert_eq!(count(wanted, text).await, (LOOK_UP_HITS_MAX, true), "{text}");
    }
    let first = look_up(&register, Wanted::Products, "thing").await;
    assert_eq!(first.products[0].product.sku, "A00");
    assert!(first.products.iter().all(|found| found.product.sku != "A99"), "best sellers come first");
}

#[tokio::test]
async fn a_text_that_is_none_or_too_long_is_refused_in_words() {
    let server = with_goods().await;
    let register = server.register(1).await;
    for wanted in [Wanted::Code, Wanted::Products, Wanted::Customers] {
        for empty in ["", " \t\r\n "] {
            let problem = ask(&register, wanted, empty).await.problem();
            assert_eq!((problem.status, problem.code.as_str()), (400, code::MALFORMED));
            assert_eq!(problem.detail, "There is no text to look for.");
        }
        let longest = format!(" {} ", "é".repeat(LOOK_UP_CHARS_MAX));
        assert_eq!(look_up(&register, wanted, &longest).await, LookUpReply::default());
        let problem = ask(&register, wanted, &"é".repeat(LOOK_UP_CHARS_MAX + 1)).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (400, code::MALFORMED));
        assert_eq!(problem.detail, "The text to look for has 101 characters, 100 are the most.");
    }
    // As many words as there can be.
    let words: String = ('a'..='z').chain('0'..='9').flat_map(|letter| [letter, ' ']).collect();
    check_products(&register, &words, &[]).await;
    check_customers(&register, &words, &[]).await;
}

#[tokio::test]
async fn only_a_register_that_is_known_is_answered() {
    let server = with_goods().await;
    let mut register = server.register(1).await;
    assert_eq!(ask(&register, Wanted::Products, "loaf").await.status, 200);
    register.identity.token = [0; 32].into();
    let problem = ask(&register, Wanted::Products, "loaf").await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (401, code::REGISTER_UNKNOWN));
}

#[tokio::test]
async fn another_store_s_rows_are_never_found() {
    let server = with_goods().await;
    // Behind the register's own store, which the server therefore takes for its own.
    server
        .test_database
        .run(&[
            "INSERT INTO stores (store_id, name, address, tax_number, currency, prices_include_tax, \
             receipt_footer) VALUES ('zz', 'Other', '', '', 'GBP', TRUE, '')"
                .to_owned(),
            "INSERT INTO feed_counters (store_id, version) VALUES ('zz', 0)".to_owned(),
        ])
        .await;
    let rate = TaxRateRow { code: "standard".into(), name: "S".into(), rate_ppm: 1 };
    let theirs = [
        MasterRow::TaxRate(rate),
        product("1001", "Their loaf"),
        product("their1", "Their thing"),
        MasterRow::Barcode(holdfast_protocol::rows::BarcodeRow {
            gtin: "00000096385081".into(),
            sku: "their1".into(),
        }),
        MasterRow::Price(PriceRow { sku: "1001".into(), price_minor: 1 }),
        customer("9001", "Their customer"),
    ];
    put(&server, "zz", &theirs).await;
    let register = server.register(1).await;
    assert_ne!(register.identity.store_id, "zz");
    for text in ["their1", "96385081", "9001"] {
        check_code(&register, text, None, None).await;
    }
    for text in ["their", "thing", "96385081"] {
        check_products(&register, text, &[]).await;
    }
    for text in ["their", "customer", "9001"] {
        check_customers(&register, text, &[]).await;
    }
    let own = look_up(&register, Wanted::Code, "1001").await.products.remove(0);
    assert_eq!((own.product.name.as_str(), own.price.unwrap().price_minor), ("Sourdough loaf", 380));
    assert_eq!(own.tax_rate.unwrap().rate_ppm, 200_000);
}

#[tokio::test]
async fn a_row_comes_without_the_columns_that_the_register_s_profile_leaves_out() {
    let server = with_goods().await;
    let register = server.register(1).await;
    let ito = async || {
        let reply = look_up(&register, Wanted::Customers, "ito").await;
        assert_eq!(reply, look_up(&register, Wanted::Code, "12347").await);
        assert!(reply.customers[0].version > 0);
        (customers(&reply).remove(0), reply.customers[0].version)
    };
    let (whole, version) = ito().await;
    assert_eq!((whole.phone.as_str(), whole.country.as_str()), ("+354 555 0100", "Iceland"));
    let feed = server
        .database
        .changes(&register.identity.store_id, TableId::Customer.into(), version - 1, 1, 1_000)
        .await
        .unwrap();
    assert_eq!((feed.rows[0].key.as_str(), feed.rows[0].version), ("12347", version));

    let mut narrow = default_profile();
    let kept: [(TableId, &[&str]); 2] = [
        (TableId::Customer, &["id", "name", "country"]),
        (TableId::Product, &["sku", "name", "unit", "tax_code"]),
    ];
    for entry in narrow.scopes.iter_mut().flat_map(|scope| &mut scope.tables) {
        if let Some((_, fields)) = kept.iter().find(|(table, _)| *table == entry.table) {
            entry.fields = Some(fields.iter().map(|field| (*field).to_owned()).collect());
        }
    }
    publish(&server, &narrow).await;
    let (trimmed, of_version) = ito().await;
    let expected = CustomerRow { phone: String::new(), email: String::new(), ..whole.clone() };
    assert_eq!((trimmed, of_version), (expected, version));
    let found = look_up(&register, Wanted::Products, "loaf").await.products.remove(0);
    assert_eq!(
        (found.product.sku.as_str(), found.product.unit.as_str(), found.product.rank),
        ("1001", "ea", 0)
    );
    assert!(found.price.is_some() && found.tax_rate.is_some());

    // Without the table there is no field list.
    let mut without = default_profile();
    for scope in &mut without.scopes {
        scope.tables.retain(|entry| entry.table != TableId::Customer);
    }
    publish(&server, &without).await;
    assert_eq!(ito().await, (whole, version));
}

#[tokio::test]
async fn what_was_deleted_is_not_found() {
    let server = with_goods().await;
    let register = server.register(1).await;
    remove(&server, TableId::Price, &["1001", "1002", "10o"]).await;
    remove(&server, TableId::Barcode, &["00000096385074"]).await;
    remove(&server, TableId::Product, &["1001", "1002", "10o"]).await;
    remove(&server, TableId::Customer, &["1001", "2", "c7"]).await;
    for text in ["1001", "96385074", "c7", "2"] {
        check_code(&register, text, None, None).await;
    }
    check_products(&register, "loaf", &["1004", "1005"]).await;
    check_products(&register, "10", &["100%", "1003", "1004", "1005", "B-1001"]).await;
    check_products(&register, "96385074", &[]).await;
    check_customers(&register, "a", &["C7", "3"]).await;
}

#[tokio::test]
async fn what_was_imported_again_is_found_by_what_it_is_called_now() {
    let server = with_goods().await;
    let register = server.register(1).await;
    let again = "sku,name,price,rank\n1001,Rye bread,3.80,0\n1004,Loaf tin,9.00,1\n";
    server.import(ImportKind::Products, again).await;
    server.import(ImportKind::Customers, "id,name,phone,country\n2,Bea Marlow,0171 111,\n").await;
    check_products(&register, "sourdough", &[]).await;
    check_products(&register, "rye", &["1001"]).await;
    check_products(&register, "loaf", &["1004", "10o", "1005"]).await;
    check_customers(&register, "ada", &["C7"]).await;
    check_customers(&register, "bea", &["2"]).await;
    check_customers(&register, "7946", &[]).await;
    check_customers(&register, "0171", &["2"]).await;
}

#[tokio::test]
async fn a_customer_that_another_register_made_is_found() {
    let server = with_goods().await;
    let mut other = server.register(2).await;
    let name = holdfast_protocol::encode(&"Nora New".to_owned()).into();
    let edit = RowEdit {
        table: TableId::Customer.number(),
        key: "2-1".to_owned(),
        base_version: 0,
        edited_at_ms: NOON_MS,
        fields: vec![FieldEdit { column: 1, before: None, after: name }],
        follows_seq: None,
    };
    let entry = other.seal(EntryKind::RowEdit, holdfast_protocol::encode(&edit));
    assert_eq!(other.upload(&[entry]).await.results[0].outcome, EntryOutcome::Accepted);
    let register = server.register(1).await;
    check_customers(&register, "nora", &["2-1"]).await;
    check_code(&register, "2-1", None, Some("2-1")).await;
}
