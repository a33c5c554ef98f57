//! `POST /api/v1/upload` of edits of rows: merged by field, never against a direction, each once.

use holdfast_profile::{ConflictRule, Direction, TableId, default_profile};
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{decode, encode};
use holdfast_store_server::import::ImportKind;

use crate::support::{NOON_MS, TestRegister, TestServer};

const NAME: u32 = 1;
const PHONE: u32 = 3;
const EMAIL: u32 = 4;

/// A store with one customer, as registers have it.
async fn store_with_a_customer() -> TestServer {
    let server = TestServer::start().await;
    server.import(ImportKind::Customers, "id,name,country,phone,email\n7,Ito,Iceland,1,a@b\n").await;
    server
}

async fn publish(server: &TestServer, change: impl FnOnce(&mut holdfast_profile::Profile)) -> u64 {
    let mut profile = default_profile();
    change(&mut profile);
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, NOON_MS).await.unwrap();
    let version = writing.publish_profile(&profile, NOON_MS).await.unwrap();
    writing.commit().await.unwrap();
    version
}

async fn with_rule(server: &TestServer, rule: ConflictRule) {
    publish(server, |profile| profile.scopes[5].tables[0].conflict_rule = Some(rule)).await;
}

fn text(text: &str) -> minicbor::bytes::ByteVec {
    encode(&text).into()
}

/// An edit of customer 7 at noon.
fn edit(fields: &[(u32, &str, &str)]) -> RowEdit {
    let field = |&(column, before, after): &(u32, &str, &str)| FieldEdit {
        column,
        before: Some(text(before)),
        after: text(after),
    };
    RowEdit {
        table: TableId::Customer.number(),
        key: "7".to_owned(),
        base_version: 1,
        edited_at_ms: NOON_MS,
        fields: fields.iter().map(field).collect(),
        follows_seq: None,
    }
}

fn new_customer(key: &str, name: &str) -> RowEdit {
    let name = FieldEdit { column: NAME, before: None, after: text(name) };
    RowEdit { key: key.to_owned(), base_version: 0, fields: vec![name], ..edit(&[]) }
}

fn seal(register: &mut TestRegister<'_>, edit: &RowEdit) -> OutboxEntry {
    register.seal(EntryKind::RowEdit, encode(edit))
}

async fn send(register: &mut TestRegister<'_>, edit: &RowEdit) -> EntryResult {
    let entry = seal(register, edit);
    register.upload(&[entry]).await.results.remove(0)
}

/// The rows as registers download them, with their versions.
async fn customers(register: &TestRegister<'_>) -> Vec<(u64, CustomerRow)> {
    let changes = register.pull(TableId::Customer, 0, 100).await.changes;
    let live = changes.into_iter().filter_map(|change| {
        change.body.map(|body| (change.version, decode::<CustomerRow>(&body).expect("a customer")))
    });
    live.collect()
}

async fn customer(register: &TestRegister<'_>) -> (u64, CustomerRow) {
    customers(register).await.into_iter().find(|(_, row)| row.id == "7").expect("customer 7")
}

async fn conflicts(server: &TestServer) -> Vec<serde_json::Value> {
    let list = server.administrator().await.get("/api/admin/conflicts").await.json();
    list["conflicts"].as_array().unwrap().clone()
}

#[track_caller]
fn reason(result: &EntryResult) -> &str {
    match &result.outcome {
        EntryOutcome::Accepted => "",
        EntryOutcome::Rejected { reason } => reason,
    }
}

#[tokio::test]
async fn edits_of_different_fields_are_merged_and_every_register_gets_the_row() {
    let server = store_with_a_customer().await;
    let (mut one, mut two) = (server.register(1).await, server.register(2).await);
    let first = send(&mut one, &edit(&[(PHONE, "1", "2")])).await;
    let second = send(&mut two, &edit(&[(EMAIL, "a@b", "c@d")])).await;
    assert_eq!((reason(&first), reason(&second)), ("", ""));
    let (version, row) = customer(&one).await;
    assert_eq!((row.name.as_str(), row.phone.as_str(), row.email.as_str()), ("Ito", "2", "c@d"));
    assert!(first.version < second.version && second.version == Some(version), "{first:?} {second:?}");
    assert_eq!(conflicts(&server).await, Vec::<serde_json::Value>::new());
    // The relational table has it too: a file that says nothing of these columns leaves them.
    server.import(ImportKind::Customers, "id,name\n7,Itō\n").await;
    assert_eq!(customer(&one).await.1, CustomerRow { name: "Itō".into(), ..row });
}

#[tokio::test]
async fn an_edit_that_comes_again_has_its_effect_once_and_the_same_answer() {
    let server = store_with_a_customer().await;
    let mut register = server.register(1).await;
    let entries = [seal(&mut register, &edit(&[(PHONE, "1", "2")])), register.sell(100)];
    let reply = register.upload(&entries).await;
    let after = customer(&register).await;
    server.import(ImportKind::Customers, "id,name,phone\n7,Ito,3\n").await;
    assert_eq!(register.upload(&entries).await, reply);
    let now = customer(&register).await;
    assert_eq!((now.1.phone.as_str(), reply.results[0].version), ("3", Some(after.0)));
    assert_eq!(reply.results[1].version, None, "a sale is no row of the feed");
}

#[tokio::test]
async fn what_overlaps_goes_by_the_tables_rule_and_is_recorded_with_both_values() {
    for (rule, stands) in [(ConflictRule::ServerWins, "2"), (ConflictRule::RegisterWins, "3")] {
        let server = store_with_a_customer().await;
        with_rule(&server, rule).await;
        let mut register = server.register(1).await;
        server.import(ImportKind::Customers, "id,name,phone\n7,Ito,2\n").await;
        let before = customer(&register).await.0;
        let result = send(&mut register, &edit(&[(PHONE, "1", "3"), (EMAIL, "a@b", "c@d")])).await;
        let (version, row) = customer(&register).await;
        assert_eq!((row.phone.as_str(), row.email.as_str()), (stands, "c@d"), "{rule:?}");
        assert!(version > before && result.version == Some(version), "{rule:?}");
        let conflicts = conflicts(&server).await;
        assert_eq!(conflicts.len(), 1, "{conflicts:?}");
        let conflict = &conflicts[0];
        assert_eq!((&conflict["table"], &conflict["column"]), (&"customer".into(), &"phone".into()));
        assert_eq!((&conflict["key"], &conflict["row_name"]), (&"7".into(), &"Ito".into()));
        let values = ["base", "server", "entered"].map(|name| conflict[name].as_str().unwrap());
        assert_eq!(values, ["1", "2", "3"]);
        assert_eq!(conflict["register_won"], stands == "3");
        assert_eq!((&conflict["register"], &conflict["seq"]), (&1.into(), &1.into()));
    }
}

#[tokio::test]
async fn the_later_change_wins_whoever_comes_first() {
    let server = store_with_a_customer().await;
    let (mut one, mut two) = (server.register(1).await, server.register(2).await);
    server.pass(60_000);
    let later = RowEdit { edited_at_ms: NOON_MS + 2_000, ..edit(&[(PHONE, "1", "later")]) };
    let earlier = RowEdit { edited_at_ms: NOON_MS + 1_000, ..edit(&[(PHONE, "1", "earlier")]) };
    send(&mut two, &later).await;
    let result = send(&mut one, &earlier).await;
    assert_eq!(customer(&one).await.1.phone, "later");
    assert_eq!((reason(&result), conflicts(&server).await.len()), ("", 1));
    // The shop changes it now, which is later than what a register entered before.
    server.import(ImportKind::Customers, "id,name,email\n7,Ito,shop@b\n").await;
    let result = send(&mut one, &edit(&[(EMAIL, "a@b", "till@b")])).await;
    assert_eq!((reason(&result), customer(&one).await.1.email.as_str()), ("", "shop@b"));
}

#[tokio::test]
async fn a_customer_is_made_and_changed_before_it_was_ever_downloaded() {
    let server = store_with_a_customer().await;
    let mut register = server.register(1).await;
    let made = seal(&mut register, &new_customer("till-1", "Ada"));
    let phone = FieldEdit { column: PHONE, before: Some(text("")), after: text("5") };
    let changed = RowEdit { fields: vec![phone], follows_seq: Some(1), ..new_customer("till-1", "Ada") };
    let changed = seal(&mut register, &changed);
    let reply = register.upload(&[made, changed]).await;
    assert_eq!(reply.results.iter().map(reason).collect::<Vec<_>>(), ["", ""]);
    let rows = customers(&register).await;
    let (version, ada) = rows.iter().find(|(_, row)| row.id == "till-1").unwrap();
    assert_eq!((ada.name.as_str(), ada.phone.as_str(), ada.country.as_str()), ("Ada", "5", ""));
    assert_eq!(reply.results[1].version, Some(*version));
    assert_eq!(conflicts(&server).await.len(), 0);
}

#[tokio::test]
async fn only_what_depends_on_a_rejected_creation_is_held_and_its_sale_is_not() {
    let server = store_with_a_customer().await;
    let mut register = server.register(1).await;
    let long = "x".repeat(201);
    let made = seal(&mut register, &new_customer("till-1", &long));
    let phone = FieldEdit { column: PHONE, before: Some(text("")), after: text("5") };
    let of_it = RowEdit { fields: vec![phone], follows_seq: Some(1), ..new_customer("till-1", "") };
    let of_it = seal(&mut register, &of_it);
    let of_another = seal(&mut register, &edit(&[(PHONE, "1", "2")]));
    let mut sale = register.sale(&[(500, 1)]);
    (sale.customer_id, sale.customer_name) = (Some("till-1".into()), Some("Ada".into()));
    let sale = register.seal_sale(&sale);
    // The dependent one comes with a later upload: what it waits for is remembered.
    let reply = register.upload(std::slice::from_ref(&made)).await;
    assert_eq!(reason(&reply.results[0]), "The value of column name is too long.");
    let reply = register.upload(&[made, of_it, of_another, sale]).await;
    let reasons: Vec<&str> = reply.results.iter().map(reason).collect();
    assert_eq!(
        reasons,
        [
            "The value of column name is too long.",
            "It waits for entry 1, which was to make the row and was rejected.",
            "",
            "",
        ]
    );
    let sold = server.administrator().await.get("/api/admin/sales/1/1").await.json();
    assert_eq!((&sold["customer_id"], &sold["customer"]), (&"till-1".into(), &"Ada".into()));
}

#[tokio::test]
async fn hostile_edits_are_rejected_with_a_reason_and_change_nothing() {
    let server = store_with_a_customer().await;
    let mut register = server.register(1).await;
    let before = customers(&register).await;
    let head = register.pull(TableId::Customer, 0, 100).await.up_to;
    let phone = |after: Vec<u8>| FieldEdit { column: PHONE, before: Some(text("1")), after: after.into() };
    let with = |change: &dyn Fn(&mut RowEdit)| {
        let mut edit = edit(&[(PHONE, "1", "2")]);
        change(&mut edit);
        encode(&edit)
    };
    let hostile: Vec<(Vec<u8>, &str)> = vec![
        (vec![0xff], "The edit can't be read: "),
        (with(&|edit| edit.table = 99), "No table of this version has the number 99."),
        (with(&|edit| edit.table = TableId::Price.number()), "Rows of table price can't be edited"),
        (with(&|edit| edit.table = TableId::Staff.number()), "Rows of table staff can't be edited"),
        (with(&|edit| edit.fields[0].column = 5), "Table customer has no column with number 5."),
        (with(&|edit| edit.fields[0].column = 0), "Column id can't be edited."),
        (with(&|edit| edit.fields[0] = phone(encode(&5))), "The value of column phone is of another kind"),
        (
            with(&|edit| edit.fields[0] = phone(encode(&"é".repeat(201)))),
            "The value of column phone is too long.",
        ),
        (with(&|edit| edit.key = "a\u{0}b".into()), "The key of the row"),
        (with(&|edit| edit.key = "k".repeat(65)), "The key of the row"),
        (with(&|edit| edit.key = "8".into()), "The store never had the row that it changes."),
        (with(&|edit| edit.fields.clear()), "It changes no field."),
    ];
    let entries: Vec<OutboxEntry> =
        hostile.iter().map(|(payload, _)| register.seal(EntryKind::RowEdit, payload.clone())).collect();
    let reply = register.upload(&entries).await;
    for (result, (_, expected)) in reply.results.iter().zip(&hostile) {
        assert!(reason(result).starts_with(expected), "{:?} is not {expected:?}", reason(result));
        assert_eq!(result.version, None);
    }
    assert_eq!(customers(&register).await, before);
    assert_eq!(register.pull(TableId::Customer, 0, 100).await.up_to, head);
    assert_eq!(conflicts(&server).await.len(), 0);
    let rejected = server.administrator().await.get("/api/admin/rejected").await.json();
    assert_eq!(rejected["rejected"].as_array().unwrap().len(), hostile.len());
}

#[tokio::test]
async fn a_deleted_customer_stays_deleted() {
    let server = store_with_a_customer().await;
    let mut register = server.register(1).await;
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, NOON_MS).await.unwrap();
    writing.remove(TableId::Customer, &["7".to_owned()]).await.unwrap();
    writing.commit().await.unwrap();
    let result = send(&mut register, &edit(&[(PHONE, "1", "2")])).await;
    assert_eq!(reason(&result), "The row was deleted in the store meanwhile.");
    assert_eq!(customers(&register).await, []);
}

#[tokio::test]
async fn nothing_flows_against_a_direction() {
    let server = store_with_a_customer().await;
    let mut register = server.register(1).await;
    let both_ways = publish(&server, |profile| profile.description = "Both ways.".into()).await;
    publish(&server, |profile| profile.scopes[5].direction = Direction::Download).await;
    let refused = send(&mut register, &edit(&[(PHONE, "1", "2")])).await;
    let reason_of_direction =
        "Rows of table customer don't go from this register to the store: its profile does not let them.";
    assert_eq!(reason(&refused), reason_of_direction);
    assert_eq!(customer(&register).await.1.phone, "1");
    // A register that has not heard of the change yet edited in good faith.
    let mut contact = register.contact_request();
    contact.profile_version = both_ways;
    register.post("contact", &contact).await;
    assert_eq!(reason(&send(&mut register, &edit(&[(PHONE, "1", "2")])).await), "");
    // Without any scope of it, sales that were made still arrive, with the customer's name.
    publish(&server, |profile| profile.scopes.truncate(5)).await;
    contact.profile_version = 0;
    register.post("contact", &contact).await;
    let sale = register.sell(100);
    assert_eq!(register.upload(&[sale]).await.results[0].outcome, EntryOutcome::Accepted);
    assert_eq!(reason(&send(&mut register, &edit(&[(PHONE, "2", "3")])).await), reason_of_direction);
}

#[tokio::test]
async fn a_register_that_got_another_profile_is_judged_by_that_and_by_the_one_that_it_has() {
    let server = store_with_a_customer().await;
    let mut register = server.register(1).await;
    let mut contact = register.contact_request();
    contact.profile_version = 1;
    register.post("contact", &contact).await;
    let admin = server.administrator().await;
    let made = admin.post("/api/admin/profiles", r#"{"name":"Download only"}"#).await.json();
    let mut one_way: holdfast_profile::Profile = serde_json::from_value(made["draft"].clone()).unwrap();
    // A scope of its own, so that the profile that the register has stays as it is.
    one_way.scopes[5].name = "Customers to look at".to_owned();
    one_way.scopes[5].direction = Direction::Download;
    let body = serde_json::json!({ "base_revision": 1, "profile": one_way }).to_string();
    assert_eq!(admin.put("/api/admin/profiles/2", &body).await.status, 200);
    assert_eq!(admin.post("/api/admin/profiles/2/publish", r#"{"revision":2}"#).await.status, 200);
    assert_eq!(admin.put("/api/admin/registers/1/profile", r#"{"profile":2}"#).await.status, 204);
    // What it made under the profile that it still has is taken.
    let first = send(&mut register, &edit(&[(PHONE, "1", "2")])).await;
    assert_eq!(first.outcome, EntryOutcome::Accepted);
    contact.profile_version = 2;
    register.post("contact", &contact).await;
    let second = send(&mut register, &edit(&[(PHONE, "2", "3")])).await;
    assert!(matches!(second.outcome, EntryOutcome::Rejected { .. }), "{second:?}");
}
