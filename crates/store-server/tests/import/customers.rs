//! Customers.

use holdfast_profile::TableId;
use holdfast_protocol::rows::CustomerRow;
use holdfast_store_server::import::ImportKind;

use super::{check_idempotent, refused, rows};
use crate::support::TestServer;

#[tokio::test]
async fn a_customer_without_a_name_is_shown_by_the_id() {
    let server = TestServer::start().await;
    let file = "customer_id,country,countries\n12346,United Kingdom,United Kingdom\n12346,EIRE,EIRE\n,France,France\n";
    let report = server.import(ImportKind::Customers, file).await;
    assert_eq!(refused(&report), [(3, "customer 12346 stands in line 2 already"), (4, "the id is missing")]);
    let customers = rows::<CustomerRow>(&server, TableId::Customer).await;
    let customer = &customers["12346"];
    assert_eq!((customer.name.as_str(), customer.country.as_str()), ("12346", "United Kingdom"));
    check_idempotent(&server, ImportKind::Customers, file, &report).await;
}

#[tokio::test]
async fn what_a_file_does_not_say_stays_as_it_was() {
    let server = TestServer::start().await;
    server.import(ImportKind::Customers, "id,name,country,phone,email\n1,Ann,EIRE,01,a@example.com\n").await;
    server.import(ImportKind::Customers, "customer_id,country\n1,France\n").await;
    server.import(ImportKind::Customers, "id,name,phone\n1,,\n").await;
    let customer = rows::<CustomerRow>(&server, TableId::Customer).await["1"].clone();
    assert_eq!((customer.name.as_str(), customer.country.as_str()), ("Ann", "France"));
    assert_eq!((customer.phone.as_str(), customer.email.as_str()), ("", "a@example.com"));
}
