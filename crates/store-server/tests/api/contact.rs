//! `POST /api/v1/contact`.

use std::future::Future;
use std::task::Poll;

use holdfast_profile::{TableId, default_profile};
use holdfast_protocol::messages::{
    Building, ContactMode, ContactReply, ContactRequest, FAULT_CHARS_MAX, FAULTS_MAX, PullRequest,
    RegisterFault, TableState, ToldMode,
};
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, SCHEMA_VERSION};

use holdfast_store_server::contacts::Contacts;
use holdfast_store_server::database::{Contact, RegisterKey};

use crate::support::{TestRegister, TestServer};

#[tokio::test]
async fn it_tells_where_the_store_server_stands() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let sales = [register.sell(100)];
    register.upload(&sales).await;
    let reply: ContactReply = register.post("contact", &register.contact_request()).await.message();
    assert_eq!(reply.profile_version, 1);
    assert_eq!(reply.schema_version, SCHEMA_VERSION);
    assert_eq!(reply.acknowledged_seq, 1);
    assert_eq!(reply.server_time_ms, server.now_ms());
    assert!(!reply.update_required);
    let tables: Vec<TableId> = reply.heads.iter().map(|head| head.table).collect();
    assert_eq!(tables, default_profile().download_tables(), "in the order of the profile");
    assert!(reply.heads.iter().all(|head| head.head > 0 && head.oldest_cursor == 0));
}

#[tokio::test]
async fn the_administrator_sees_what_a_register_said() {
    let server = TestServer::demo().await;
    let register = server.register(2).await;
    let mut request = register.contact_request();
    request.waiting = 12;
    request.profile_version = 1;
    request.was_offline_since_ms = Some(1_000);
    request.storage_bytes = Some((5, 500));
    let state = |cursor| TableState { table: TableId::Product, cursor, rows: 626, synced_at_ms: None };
    // A table that stands twice counts once, the last time.
    request.tables = vec![state(1), state(2)];
    server.pass(5_000);
    register.post("contact", &request).await.message::<ContactReply>();
    request.was_offline_since_ms = None;
    register.post("contact", &request).await.message::<ContactReply>();
    let overview = server.administrator().await.get("/api/admin/registers").await.json();
    let seen = &overview["registers"][1];
    assert_eq!(seen["waiting"], 12);
    assert_eq!(seen["last_contact_ms"], server.now_ms());
    assert_eq!(seen["was_offline_since_ms"], 1_000, "the last outage stays to be seen");
    assert_eq!(seen["storage_quota_bytes"], 500);
    assert_eq!(seen["tables"][0]["table"], "product");
    assert_eq!(seen["tables"][0]["cursor"], 2);
    assert!(seen["tables"][0]["head"].as_u64().unwrap() > 2);
    assert_eq!(seen["tables"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_outage_has_an_end_and_a_register_that_is_offline_for_slowness_is_said_to_be() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let said = async |contact: &ContactRequest| {
        server.pass(60_000);
        register.post("contact", contact).await.message::<ContactReply>();
        let all = admin.get("/api/admin/registers").await.json();
        let seen = |name: &str| all["registers"][0][name].as_i64();
        let outage = (seen("was_offline_since_ms"), seen("was_offline_until_ms"));
        (seen("slow_since_ms"), outage, seen("heard_for_ms").unwrap())
    };
    let now = || Some(server.now_ms());
    let mut contact = register.contact_request();
    contact.profile_version = 1;
    let (slow_since_ms, outage, heard_for_ms) = said(&contact).await;
    assert_eq!((slow_since_ms, outage), (None, (None, None)));
    // An app that does not tell its mode.
    contact.was_offline_since_ms = Some(5);
    let first = (Some(5), Some(server.now_ms() + 60_000));
    assert_eq!(said(&contact).await, (None, first, heard_for_ms));
    contact.was_offline_since_ms = None;
    assert_eq!(said(&contact).await, (None, first, heard_for_ms), "the end stays where it was");
    // Its attempts come through, and it stays offline.
    let slow = ContactMode::OfflineForSlowness.number();
    contact.was_offline_since_ms = Some(7);
    contact.mode = Some(ToldMode { mode: slow, since_ms: Some(7) });
    for _ in 0..2 {
        assert_eq!(said(&contact).await, (Some(7), first, heard_for_ms + 60_000));
    }
    contact.was_offline_since_ms = None;
    contact.mode = Some(ToldMode { mode: ContactMode::Online.number(), since_ms: None });
    assert_eq!(said(&contact).await, (None, (Some(7), now()), heard_for_ms));
    let (_, outage, _) = said(&contact).await;
    assert_eq!(outage, (Some(7), Some(server.now_ms() - 60_000)));
}

#[tokio::test]
async fn a_table_that_a_register_keeps_no_longer_is_not_shown() {
    let server = TestServer::demo().await;
    let (one, other) = (server.register(1).await, server.register(2).await);
    let state = |table| TableState { table, cursor: 2, rows: 3, synced_at_ms: None };
    let admin = server.administrator().await;
    let seen = async || {
        server.app.contacts().flush().await.unwrap();
        let overview = admin.get("/api/admin/registers").await.json();
        let tables = |at: usize| overview["registers"][at]["tables"].as_array().unwrap().len();
        (tables(0), tables(1))
    };
    for register in [&one, &other] {
        let mut request = register.contact_request();
        request.tables = vec![state(TableId::Product), state(TableId::Customer)];
        register.post("contact", &request).await.message::<ContactReply>();
    }
    assert_eq!(seen().await, (2, 2));
    let mut request = one.contact_request();
    request.tables = vec![state(TableId::Product)];
    one.post("contact", &request).await.message::<ContactReply>();
    assert_eq!(seen().await, (1, 2));
}

#[tokio::test]
async fn of_many_contacts_that_are_written_together_each_forgets_its_own_tables() {
    let server = TestServer::demo().await;
    let (one, two) = (server.register(1).await, server.register(2).await);
    let state = |table| TableState { table, cursor: 2, rows: 1, synced_at_ms: None };
    let contact = |register: &TestRegister<'_>, at_ms: i64, tables: &[TableId]| {
        let number = register.identity.register_number;
        let key = RegisterKey { store_id: register.identity.store_id.clone(), number };
        let tables = tables.iter().copied().map(state).collect();
        let request = ContactRequest { tables, ..register.contact_request() };
        (key, Contact { request, at_ms, last_seq: 0, has_moved: false, app_is_too_old: false })
    };
    let kept = async || {
        let overview = server.administrator().await.get("/api/admin/registers").await.json();
        let names = |register: &serde_json::Value| {
            let tables = register["tables"].as_array().unwrap().iter();
            tables.map(|table| table["table"].as_str().unwrap().to_owned()).collect::<Vec<String>>()
        };
        let registers = overview["registers"].as_array().unwrap();
        (names(&registers[0]), names(&registers[1]))
    };
    let now_ms = server.now_ms();
    let both = [TableId::Product, TableId::Price, TableId::Customer];
    let contacts = [contact(&one, now_ms, &both), contact(&two, now_ms, &both)];
    server.database.record_contacts(&contacts).await.unwrap();
    let later = now_ms + 1_000;
    // One leaves two tables, the other takes one on; what comes too late says nothing.
    let contacts = [
        contact(&one, later, &[TableId::Price]),
        contact(&two, later, &[TableId::Product, TableId::Price, TableId::Customer, TableId::Staff]),
        contact(&two, now_ms - 1_000, &[TableId::Product]),
    ];
    server.database.record_contacts(&contacts).await.unwrap();
    let (first, second) = kept().await;
    assert_eq!((first, second.len()), (vec![TableId::Price.name().to_owned()], 4));
    // A register that says nothing of tables, because it is just building them, keeps what it said.
    server.database.record_contacts(&[contact(&two, later + 1_000, &[])]).await.unwrap();
    assert_eq!(kept().await.1.len(), 4);
}

#[tokio::test]
async fn what_arrives_after_a_contact_is_not_shown_as_waiting() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let sales = [register.sell(100), register.sell(200)];
    let mut request = register.contact_request();
    request.waiting = 3;
    register.post("contact", &request).await.message::<ContactReply>();
    // A repeat brings nothing new.
    for _ in 0..2 {
        register.upload(&sales).await;
        let overview = server.administrator().await.get("/api/admin/registers").await.json();
        assert_eq!(overview["registers"][0]["waiting"], 1);
    }
}

#[tokio::test]
async fn what_arrives_before_a_contact_is_written_is_not_shown_as_waiting_either() {
    let server = TestServer::demo().await;
    let mut register = server.register(1).await;
    let key = RegisterKey { store_id: register.identity.store_id.clone(), number: 1 };
    let request = ContactRequest { waiting: 3, ..register.contact_request() };
    let sales = [register.sell(100), register.sell(200)];
    register.upload(&sales).await;
    let contact =
        Contact { request, at_ms: server.now_ms(), last_seq: 0, has_moved: false, app_is_too_old: false };
    server.database.record_contacts(&[(key, contact)]).await.unwrap();
    let overview = server.administrator().await.get("/api/admin/registers").await.json();
    assert_eq!(overview["registers"][0]["waiting"], 1);
}

#[tokio::test]
async fn an_older_register_is_told_to_update_and_a_newer_one_is_not_understood() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let mut request = register.contact_request();
    request.protocol_version = 0;
    assert!(register.post("contact", &request).await.message::<ContactReply>().update_required);
    request.protocol_version = PROTOCOL_VERSION + 1;
    let problem = register.post("contact", &request).await.problem();
    assert_eq!((problem.status, problem.code.as_str()), (400, code::VERSION_UNKNOWN));
}

#[tokio::test]
async fn more_tables_than_there_are_is_malformed() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let mut request = register.contact_request();
    request.tables = vec![TableState { table: TableId::Product, cursor: 0, rows: 0, synced_at_ms: None }; 17];
    assert_eq!(register.post("contact", &request).await.problem().code, code::MALFORMED);
}

#[tokio::test]
async fn an_older_contact_does_not_replace_what_another_process_wrote_later() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let key = RegisterKey { store_id: register.identity.store_id.clone(), number: 1 };
    let contact = |at_ms, waiting, cursor| {
        let tables = vec![TableState { table: TableId::Product, cursor, rows: 1, synced_at_ms: None }];
        let request = ContactRequest { waiting, tables, ..register.contact_request() };
        (key.clone(), Contact { request, at_ms, last_seq: 0, has_moved: false, app_is_too_old: false })
    };
    let seen = async || {
        let overview = server.administrator().await.get("/api/admin/registers").await.json();
        let register = overview["registers"][0].clone();
        (register["waiting"].as_u64(), register["tables"][0]["cursor"].as_u64())
    };
    let now_ms = server.now_ms();
    server.database.record_contacts(&[contact(now_ms + 2_000, 7, 20)]).await.unwrap();
    server.database.record_contacts(&[contact(now_ms + 1_000, 9, 10)]).await.unwrap();
    assert_eq!(seen().await, (Some(7), Some(20)), "the later one stands");
    server.database.record_contacts(&[contact(now_ms - 1, 9, 10)]).await.unwrap();
    assert_eq!(seen().await, (Some(7), Some(20)), "one from before the activation is another device's");
    // A process whose clock was an hour ahead must not silence the others for an hour.
    server.database.record_contacts(&[contact(now_ms + 3_600_000, 5, 30)]).await.unwrap();
    server.database.record_contacts(&[contact(now_ms + 3_000, 4, 40)]).await.unwrap();
    assert_eq!(seen().await, (Some(4), Some(40)));
    // Nor does a clock that is behind keep a register on its old profile, or take back an outage.
    let (_, mut late) = contact(now_ms + 1_000, 3, 50);
    late.request.was_offline_since_ms = Some(77);
    server.database.record_contacts(&[(key.clone(), late.clone())]).await.unwrap();
    assert_eq!(seen().await, (Some(4), Some(40)));
    let overview = server.administrator().await.get("/api/admin/registers").await.json();
    assert_eq!(overview["registers"][0]["was_offline_since_ms"], 77);
    late.has_moved = true;
    server.database.record_contacts(&[(key.clone(), late)]).await.unwrap();
    assert_eq!(seen().await, (Some(3), Some(50)));
    let overview = server.administrator().await.get("/api/admin/registers").await.json();
    assert_eq!(overview["registers"][0]["last_contact_ms"], now_ms + 3_000, "the last of all the same");
}

#[tokio::test]
async fn contacts_that_are_being_written_outlive_who_waits_for_it() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let key = RegisterKey { store_id: register.identity.store_id.clone(), number: 1 };
    let contacts = Contacts::new(server.database.clone());
    // Nobody can write meanwhile.
    let writing = server.database.begin_write(&key.store_id, server.now_ms()).await.unwrap();
    let request = ContactRequest { waiting: 12, ..register.contact_request() };
    contacts.keep(
        key,
        Contact { request, at_ms: server.now_ms(), last_seq: 0, has_moved: false, app_is_too_old: false },
    );
    {
        let mut flush = std::pin::pin!(contacts.flush());
        // It begins, and is dropped in the middle.
        assert!(std::future::poll_fn(|context| Poll::Ready(flush.as_mut().poll(context))).await.is_pending());
    }
    drop(writing);
    contacts.flush().await.unwrap();
    let overview = server.administrator().await.get("/api/admin/registers").await.json();
    assert_eq!(overview["registers"][0]["waiting"], 12);
}

#[tokio::test]
async fn what_a_register_reports_of_itself_is_shown_and_the_last_error_stays() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let mut request = register.contact_request();
    let state = TableState { table: TableId::Product, cursor: 2, rows: 626, synced_at_ms: Some(77) };
    request.tables = vec![state];
    let fault = RegisterFault { part: 99, since_ms: 55, text: "full\0 ".repeat(100), no_room: None };
    let mut faults = vec![fault; 20];
    faults[1].text = "the profile\nis not valid".to_owned();
    request.faults = Some(faults);
    request.building = Some(Building { version: 3, rows_have: 10, rows_wanted: 600 });
    register.post("contact", &request).await.message::<ContactReply>();
    let admin = server.administrator().await;
    server.pass(2_000);
    let seen = async || admin.get("/api/admin/registers").await.json()["registers"][0].clone();
    let first = seen().await;
    assert_eq!(first["tables"][0]["synced_at_ms"], 77);
    assert_eq!((&first["last_error"]["at_ms"], &first["last_error"]["is_now"]), (&55.into(), &true.into()));
    assert_eq!(first["last_error"]["text"].as_str().unwrap().chars().count(), FAULT_CHARS_MAX);
    let others = first["last_error"]["others"].as_array().unwrap();
    assert_eq!((others.len(), &others[0]), (FAULTS_MAX - 1, &"the profile\u{fffd}is not valid".into()));
    let building = &first["building"];
    assert_eq!(
        (&building["version"], &building["rows_have"], &building["rows_wanted"]),
        (&3.into(), &10.into(), &600.into())
    );
    (request.faults, request.building) = (Some(Vec::new()), None);
    register.post("contact", &request).await.message::<ContactReply>();
    server.app.contacts().flush().await.unwrap();
    let then = seen().await;
    assert_eq!((&then["last_error"]["at_ms"], &then["last_error"]["is_now"]), (&55.into(), &false.into()));
    assert_eq!(then["last_error"]["others"], first["last_error"]["others"], "they go with the first");
    assert!(then["building"].is_null());
}

#[tokio::test]
async fn a_wish_to_synchronise_all_is_told_until_it_is_heeded() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let mut request = register.contact_request();
    assert_eq!(register.retry_told(&request).await, None);
    assert_eq!(admin.post("/api/admin/registers/1/retry", "").await.status, 204);
    let asked_at_ms = register.retry_told(&request).await;
    assert!(asked_at_ms.is_some());
    assert_eq!(register.retry_told(&request).await, asked_at_ms, "the first reply may have been lost");
    request.retry_heeded_at_ms = asked_at_ms;
    assert_eq!(register.retry_told(&request).await, None);
    server.app.contacts().flush().await.unwrap();
    let seen = admin.get("/api/admin/registers").await.json();
    assert!(seen["registers"][0]["retry_asked_at_ms"].is_null());
}

#[tokio::test]
async fn a_wish_is_told_too_after_the_servers_clock_was_set_back() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let admin = server.administrator().await;
    let mut request = register.contact_request();
    let asked =
        async || admin.get("/api/admin/registers").await.json()["registers"][0]["retry_asked_at_ms"].as_i64();
    server.pass(600_000);
    assert_eq!(admin.post("/api/admin/registers/1/retry", "").await.status, 204);
    request.retry_heeded_at_ms = register.retry_told(&request).await;
    assert_eq!(register.retry_told(&request).await, None);
    assert_eq!(asked().await, None);
    server.pass(-300_000);
    assert_eq!(admin.post("/api/admin/registers/1/retry", "").await.status, 204);
    let again = register.retry_told(&request).await;
    assert!(again.is_some() && again < request.retry_heeded_at_ms, "{again:?}");
    assert_eq!(asked().await, again, "what was heeded before does not take it away");
    request.retry_heeded_at_ms = again;
    assert_eq!(register.retry_told(&request).await, None);
    assert_eq!(asked().await, None);
}

#[tokio::test]
async fn a_register_goes_on_with_the_version_that_it_has_until_it_takes_the_next() {
    let server = TestServer::demo().await;
    let register = server.register(1).await;
    let mut without_customers = default_profile();
    without_customers.scopes.retain(|scope| scope.tables[0].table != TableId::Customer);
    let mut writing =
        server.database.begin_write(&register.identity.store_id, server.now_ms()).await.unwrap();
    let next = writing.publish_profile(&without_customers, server.now_ms()).await.unwrap();
    writing.commit().await.unwrap();
    let mut request = register.contact_request();
    let has_customers = async |request: &ContactRequest| {
        let reply: ContactReply = register.post("contact", request).await.message();
        assert_eq!(reply.profile_version, next);
        let pull = PullRequest { table: TableId::Customer, since: 0, rows_max: 1, profile_version: None };
        let pulled = register.post("pull", &pull).await.status.as_u16();
        (reply.heads.iter().any(|head| head.table == TableId::Customer), pulled)
    };
    request.profile_version = 1;
    assert_eq!(has_customers(&request).await, (true, 200));
    request.profile_version = next;
    assert_eq!(has_customers(&request).await, (false, 403));
    // One that it can't have is none: it goes by the published one.
    request.profile_version = 99;
    assert_eq!(has_customers(&request).await, (false, 403));
}
