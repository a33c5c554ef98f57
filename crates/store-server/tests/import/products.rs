//! Products and prices.

use holdfast_profile::TableId;
use holdfast_protocol::rows::{CategoryRow, PriceRow, ProductRow};
use holdfast_store_server::import::ImportKind;

use super::{check_idempotent, refused, rows};
use crate::support::TestServer;

#[tokio::test]
async fn columns_are_found_by_their_headings() {
    let server = TestServer::start().await;
    let file = "\u{feff}NAME, Unit_Price ,SKU,lines\r\n\"Globe,  blue \",0.85,10002,73\r\nTea &amp; Cake,1.5,T1,1\r\n";
    let report = server.import(ImportKind::Products, file).await;
    assert_eq!((report.taken, report.refused_count), (2, 0));
    let products = rows::<ProductRow>(&server, TableId::Product).await;
    assert_eq!(products["10002"].name, "Globe, blue");
    assert_eq!(products["T1"].name, "Tea & Cake");
    assert_eq!((products["T1"].unit.as_str(), products["T1"].tax_code.as_str()), ("ea", "standard"));
    let prices = rows::<PriceRow>(&server, TableId::Price).await;
    assert_eq!((prices["10002"].price_minor, prices["T1"].price_minor), (85, 150));
    check_idempotent(&server, ImportKind::Products, file, &report).await;
}

#[tokio::test]
async fn each_refused_line_has_its_number_and_reason() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, "sku,name,price\nOld1,Old,1.00\n").await;
    let long = "n".repeat(201);
    let file = format!(
        "sku,name,price,unit,tax_code,rank\n\
         A,Apple,1.00,ea,zero,1\n\
         ,Nothing,1.00,,,\n\
         B,,1.00,,,\n\
         C,Cherry,,,,\n\
         D,Date,0.00,,,\n\
         E,Elder,-1,,,\n\
         F,Fig,1.001,,,\n\
         G,Grape,one,,,\n\
         A,Apple again,1.00,,,\n\
         a,Apple small,1.00,,,\n\
         old1,Older,1.00,,,\n\
         H,Hop\u{1},1.00,,,\n\
         I,{long},1.00,,,\n\
         J,Juice,1.00,pint,,\n\
         K,Kale,1.00,,nonsense,\n\
         L,Lime,1.00,,,first\n\
         M,Mango\n\
         N,Nut,99999999.00,,,\n\
         O,\"Oat\nmeal\",1.00,kg,reduced,2\n"
    );
    let report = server.import(ImportKind::Products, &file).await;
    assert_eq!(
        refused(&report),
        [
            (3, "the sku is missing"),
            (4, "product B has no name"),
            (5, "product C has no price"),
            (6, "product D has no price above 0, a till could not sell it"),
            (7, "the price of product E is below 0"),
            (8, "the price can't be read: “1.001” has more than 2 decimals"),
            (9, "the price can't be read: “one” is not a number"),
            (10, "sku A stands in line 2 already"),
            (11, "sku a differs from A in line 2 only in upper and lower case"),
            (12, "sku old1 differs from product Old1 only in upper and lower case"),
            (13, "the name holds a control character"),
            (14, "the name has 201 characters, 200 are the most"),
            (15, "unit “pint” is none of ea, kg, l, m"),
            (16, "tax code “nonsense” is none of reduced, standard, zero"),
            (17, "rank “first” is not a whole number"),
            (18, "it has 2 fields, the heading has 6"),
            (19, "the price of product N is too high"),
        ]
    );
    assert_eq!(report.taken, 2);
    let products = rows::<ProductRow>(&server, TableId::Product).await;
    assert_eq!(products.keys().collect::<Vec<_>>(), ["A", "O", "Old1"]);
    assert_eq!(products["O"].name, "Oat meal");
    assert_eq!((products["O"].unit.as_str(), products["O"].rank), ("kg", 2));
}

#[tokio::test]
async fn only_what_changed_gets_a_new_version() {
    let server = TestServer::start().await;
    server.import(ImportKind::Products, "sku,name,price\nA,Apple,1.00\nB,Beet,2.00\n").await;
    let register = server.register(1).await;
    let products = register.pull(TableId::Product, 0, 100).await.up_to;
    let prices = register.pull(TableId::Price, 0, 100).await.up_to;
    let report = server.import(ImportKind::Products, "sku,name,price\nA,Apple,1.00\nB,Beet,2.50\n").await;
    assert_eq!((report.taken, report.changed), (2, 1));
    assert_eq!(register.pull(TableId::Product, products, 100).await.changes.len(), 0);
    let changes = register.pull(TableId::Price, prices, 100).await.changes;
    assert_eq!(changes.iter().map(|change| change.key.as_str()).collect::<Vec<_>>(), ["B"]);
}

#[tokio::test]
async fn what_a_file_does_not_say_stays_as_it_was() {
    let server = TestServer::start().await;
    let whole = "sku,name,price,category,unit,tax_code,rank\nA,Apple,1.00,Fruit,kg,zero,5\n";
    server.import(ImportKind::Products, whole).await;
    server.import(ImportKind::Products, "sku,name\nA,Apples\n").await;
    server.import(ImportKind::Products, "sku,name,price,category\nA,Apples,1.20,\n").await;
    let product = rows::<ProductRow>(&server, TableId::Product).await["A"].clone();
    assert_eq!(product.name, "Apples");
    assert_eq!((product.category.as_str(), product.unit.as_str()), ("Fruit", "kg"));
    assert_eq!((product.tax_code.as_str(), product.rank), ("zero", 5));
    assert_eq!(rows::<PriceRow>(&server, TableId::Price).await["A"].price_minor, 120);
}

#[tokio::test]
async fn a_category_that_is_not_there_is_made() {
    let server = TestServer::demo().await;
    let file = "sku,name,price,category\nX1,Thing,1.00,Gifts\nX2,Bread,1.00,bakery\nX3,Other,1.00,Gifts\n";
    assert_eq!(server.import(ImportKind::Products, file).await.refused_count, 0);
    let categories = rows::<CategoryRow>(&server, TableId::Category).await;
    assert_eq!(categories["Gifts"].name, "Gifts");
    let last = categories.values().map(|category| category.position).max();
    assert_eq!(Some(categories["Gifts"].position), last);
}

#[tokio::test]
async fn a_file_that_turns_out_not_to_be_text_changes_nothing() {
    let server = TestServer::start().await;
    let store = server.store().await;
    // More than a batch before the line that is not UTF-8.
    let mut file = b"sku,name,price\n".to_vec();
    for number in 0..1_200 {
        file.extend_from_slice(format!("S{number},Thing,1.00\n").as_bytes());
    }
    file.extend_from_slice(b"S9999,\xff\xfe,1.00\n");
    let import = holdfast_store_server::import::import(
        &server.database,
        &store,
        ImportKind::Products,
        file.as_slice(),
        "admin",
        server.now_ms(),
    );
    assert_eq!(import.await.unwrap_err().to_string(), "Line 1202 is not UTF-8 text.");
    assert!(rows::<ProductRow>(&server, TableId::Product).await.is_empty());
}

#[tokio::test]
async fn a_quote_that_is_never_closed_is_refused_whole() {
    let server = TestServer::start().await;
    let store = server.store().await;
    let file = format!("sku,name,price\nA,\"Apple,1.00\n{}", "B,Beet,1.00\n".repeat(40_000));
    let import = holdfast_store_server::import::import(
        &server.database,
        &store,
        ImportKind::Products,
        file.as_bytes(),
        "admin",
        server.now_ms(),
    );
    assert!(import.await.unwrap_err().to_string().contains("a quote may never be closed"));
}
