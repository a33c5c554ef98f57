//! Rejected entries that an administrator mends, sets aside, and the registers that are told.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use holdfast_profile::{Direction, default_profile};
use holdfast_protocol::encode;
use holdfast_protocol::messages::{ContactReply, EntryOutcome, EntryResult, LATER_OUTCOMES_MAX};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::sale::ShiftRecord;
use holdfast_store_server::database::MasterRow;
use serde_json::{Value, json};

use crate::support::{Administrator, Answer, NOON_MS, TestRegister, TestServer};

async fn mend(admin: &Administrator<'_>, seq: u64, request: u8, action: &str, note: &str) -> Answer {
    let request_id = format!("{request:032x}");
    let body = json!({ "request_id": request_id, "action": action, "note": note });
    admin.post(&format!("/api/admin/rejected/1/{seq}/mend"), &body.to_string()).await
}

async fn mended(admin: &Administrator<'_>, seq: u64, request: u8, action: &str, note: &str) -> Value {
    let answer = mend(admin, seq, request, action, note).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn detail(admin: &Administrator<'_>, seq: u64) -> Value {
    admin.get(&format!("/api/admin/rejected/1/{seq}")).await.json()
}

async fn rejected(admin: &Administrator<'_>) -> Vec<(u64, String)> {
    let list = admin.get("/api/admin/rejected").await.json();
    let entry =
        |entry: &Value| (entry["seq"].as_u64().unwrap(), entry["reason"].as_str().unwrap().to_owned());
    list["rejected"].as_array().unwrap().iter().map(entry).collect()
}

async fn audit(admin: &Administrator<'_>) -> Value {
    admin.get("/api/admin/audit").await.json()["registers"][0].clone()
}

/// What a register that knows outcomes up to `seen` is told in one reply: the new number, whether each is accepted,
/// and whether more wait.
async fn told_at_most(register: &TestRegister<'_>, seen: u64) -> (u64, Vec<(u64, bool)>, bool) {
    let mut request = register.contact_request();
    request.outcomes_seen = Some(seen);
    let reply: ContactReply = register.post("contact", &request).await.message();
    let Some(later) = reply.later_outcomes else { return (seen, Vec::new(), false) };
    assert_eq!(later.since, seen);
    let results = later.results.iter().map(|result| (result.seq, result.outcome == EntryOutcome::Accepted));
    (later.up_to, results.collect(), later.more)
}

/// The same where one reply has room for all.
async fn told(register: &TestRegister<'_>, seen: u64) -> (u64, Vec<(u64, bool)>) {
    let (up_to, outcomes, more) = told_at_most(register, seen).await;
    assert!(!more, "after {seen} more than {} are told", outcomes.len());
    (up_to, outcomes)
}

async fn set_currency(server: &TestServer, currency: &str) {
    let store = server.store().await.row;
    let mut writing = server.database.begin_write(&store.id, NOON_MS).await.unwrap();
    let row = holdfast_protocol::rows::StoreRow { currency: currency.to_owned(), ..store };
    writing.put(&[MasterRow::Store(row)]).await.unwrap();
    writing.commit().await.unwrap();
}

#[tokio::test]
async fn a_receipt_out_of_series_is_taken_with_a_note_and_the_register_is_told() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    register.last_receipt_counter += 2;
    let entries = [register.sell(700), register.sell(50)];
    register.upload(&entries).await;
    let admin = server.administrator().await;
    let entry = detail(&admin, 1).await;
    assert_eq!((&entry["state"], &entry["sale"]["receipt"]), (&"open".into(), &"0001-000003".into()));
    assert_eq!(entry["actions"], json!(["apply_although", "set_aside"]));
    assert_eq!(entry["sale"]["lines"][0]["amount_minor"], 700);
    assert_eq!((&entry["sale"]["cashier_id"], &entry["sale"]["customer_id"]), (&"1".into(), &Value::Null));
    let (seen, outcomes) = told(&register, 0).await;
    assert_eq!(outcomes, [(1, false)]);
    let refused = mend(&admin, 1, 1, "apply", "").await;
    assert_eq!(refused.json_problem(), (409, "entry_not_applicable".to_owned()));
    let refused = mend(&admin, 1, 1, "apply_although", " ").await;
    assert_eq!(refused.json_problem(), (422, "field_invalid".to_owned()));
    assert_eq!(told(&register, seen).await, (seen, Vec::new()));
    let done = mended(&admin, 1, 1, "apply_although", "The tablet was restored.").await;
    assert_eq!(done["also_applied"], json!([]));
    // The same request again, and another.
    mended(&admin, 1, 1, "apply_although", "The tablet was restored.").await;
    let again = mend(&admin, 1, 2, "apply_although", "Again.").await;
    assert_eq!(again.json_problem(), (409, "entry_not_rejected".to_owned()));
    assert_eq!(rejected(&admin).await, []);
    let counted = audit(&admin).await;
    assert_eq!((&counted["receipts_count"], &counted["total_minor"]), (&2.into(), &750.into()));
    assert_eq!(admin.get("/api/admin/registers").await.json()["registers"][0]["total_minor"], 750);
    let (_, outcomes) = told(&register, seen).await;
    assert_eq!(outcomes, [(1, true)]);
    // The upload of the entry gets the same answer, and the entry's chain is as it was.
    let reply = register.upload(&entries).await;
    assert!(reply.results.iter().all(|result| result.outcome == EntryOutcome::Accepted));
    let entry = detail(&admin, 1).await;
    assert_eq!((&entry["state"], &entry["actions"]), (&"applied".into(), &json!([])));
    assert_eq!(entry["mends"][0]["administrator"], "admin");
    assert_eq!(entry["mends"][0]["reason_before"], "Receipt 0001-000003 came where 0001-000001 was due.");
}

#[tokio::test]
async fn sums_follow_from_the_lines_and_what_was_paid_stays() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut sale = register.sale(&[(600, 2)]);
    sale.total_minor = 1_000;
    sale.tenders[0].amount_minor = 1_000;
    let entry = register.seal_sale(&sale);
    register.upload(&[entry]).await;
    let admin = server.administrator().await;
    let entry = detail(&admin, 1).await;
    assert_eq!(entry["sale"]["restated"]["total_minor"], 1_200);
    assert_eq!(entry["sale"]["restated"]["difference_minor"], -200);
    mended(&admin, 1, 1, "apply_although", "The till was short.").await;
    let booked = admin.get("/api/admin/sales/1/1").await.json();
    assert_eq!((&booked["total_minor"], &booked["difference_minor"]), (&1_200.into(), &(-200).into()));
    assert_eq!(booked["tenders"][0]["amount_minor"], 1_000);
    let counted = audit(&admin).await;
    assert_eq!(counted["total_minor"], counted["sales_total_minor"]);
}

#[tokio::test]
async fn what_a_harmless_line_comes_to_is_bounded_too() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut sale = register.sale(&[(600, 10_000)]);
    sale.lines[0].unit_price_minor = 100_000_000_000_000;
    let entry = register.seal_sale(&sale);
    register.upload(&[entry]).await;
    let admin = server.administrator().await;
    assert_eq!(detail(&admin, 1).await["actions"], json!(["set_aside"]));
    let refused = mend(&admin, 1, 1, "apply_although", "It must.").await;
    assert_eq!(refused.json_problem(), (409, "entry_not_applicable".to_owned()));
    assert_eq!(audit(&admin).await["total_minor"], 0);
}

#[tokio::test]
async fn a_corrected_sale_is_booked_as_corrected_and_its_entry_stays() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    register.last_receipt_counter += 2;
    let sale = register.sell(700);
    let shift = ShiftRecord { register_number: 2, ..register.open_shift(1) };
    let shift = register.seal_shift(&shift);
    register.upload(&[sale, shift]).await;
    let admin = server.administrator().await;
    let send = async |seq: u64, corrections: Value| {
        let body = json!({ "request_id": format!("{seq:032x}"), "action": "apply_although", "note": "A mistake.",
            "corrections": corrections });
        admin.post(&format!("/api/admin/rejected/1/{seq}/mend"), &body.to_string()).await
    };
    let nameless = send(1, json!({ "customer_name": "Ada" })).await;
    assert_eq!(nameless.json_problem().0, 422, "a name belongs to an id");
    let none_to_correct = send(2, json!({ "customer_id": "C1" })).await;
    assert_eq!(none_to_correct.json_problem(), (409, "entry_not_applicable".to_owned()));
    let done = send(1, json!({ "customer_id": "C1", "customer_name": "Ada", "cashier_id": "7" })).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let booked = admin.get("/api/admin/sales/1/3").await.json();
    assert_eq!((&booked["customer"], &booked["customer_id"]), (&"Ada".into(), &"C1".into()));
    assert_eq!((&booked["cashier"], &booked["cashier_id"]), (&"7".into(), &"7".into()));
    assert_eq!(booked["total_minor"], 700);
    assert_eq!(detail(&admin, 1).await["sale"]["customer"], Value::Null, "what was sealed is as it was");
}

#[tokio::test]
async fn an_entry_is_set_aside_and_taken_back() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let entry = register.seal(EntryKind::Sale, vec![0xff]);
    register.upload(&[entry]).await;
    let admin = server.administrator().await;
    let before = rejected(&admin).await;
    assert_eq!(detail(&admin, 1).await["actions"], json!(["set_aside"]));
    let early = mend(&admin, 1, 9, "take_back", "").await;
    assert_eq!(early.json_problem(), (409, "entry_not_set_aside".to_owned()));
    mended(&admin, 1, 1, "set_aside", "A test of the maker.").await;
    assert_eq!(rejected(&admin).await, [(1, "Set aside: A test of the maker.".to_owned())]);
    let twice = mend(&admin, 1, 2, "set_aside", "Again.").await;
    assert_eq!(twice.json_problem(), (409, "entry_set_aside".to_owned()));
    mended(&admin, 1, 3, "take_back", "").await;
    assert_eq!(rejected(&admin).await, before);
    let unreadable = mend(&admin, 1, 4, "apply_although", "It must.").await;
    assert_eq!(unreadable.json_problem(), (409, "entry_not_applicable".to_owned()));
    assert_eq!(detail(&admin, 1).await["mends"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn hostile_mends_change_nothing() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let accepted = register.sell(100);
    let unreadable = register.seal(EntryKind::Sale, vec![0xff]);
    register.upload(&[accepted, unreadable]).await;
    let admin = server.administrator().await;
    assert_eq!(mend(&admin, 1, 1, "apply", "").await.json_problem().0, 409);
    assert_eq!(mend(&admin, 99, 1, "apply", "").await.json_problem().0, 404);
    assert_eq!(mend(&admin, u64::MAX, 1, "apply", "").await.json_problem().0, 404);
    assert_eq!(mend(&admin, 2, 1, "delete", "").await.json_problem().0, 422);
    assert_eq!(mend(&admin, 2, 1, "set_aside", &"x".repeat(501)).await.json_problem().0, 422);
    let body = json!({ "request_id": "zz", "action": "set_aside", "note": "No." }).to_string();
    assert_eq!(admin.post("/api/admin/rejected/1/2/mend", &body).await.json_problem().0, 422);
    let body = json!({ "request_id": "0".repeat(32), "action": "apply", "note": "No.",
        "corrections": { "cashier_id": "" } });
    assert_eq!(admin.post("/api/admin/rejected/1/2/mend", &body.to_string()).await.json_problem().0, 422);
    for path in ["/api/admin/rejected/1/1", "/api/admin/rejected/7/1"] {
        assert_eq!(admin.get(path).await.json_problem().0, 404);
    }
    for path in ["/api/admin/rejected/x/1", "/api/admin/rejected/1/x"] {
        assert_eq!(admin.get(path).await.json_problem().0, 400);
        assert_eq!(admin.post(&format!("{path}/mend"), "{}").await.json_problem().0, 400);
    }
    let unsigned = server.get("/api/admin/rejected/1/2").await;
    assert_eq!(unsigned.json_problem().0, 401);
    assert_eq!(detail(&admin, 2).await["mends"], json!([]));
}

#[tokio::test]
async fn a_shifts_closing_waits_for_its_opening_and_sales_do_not() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let mut shift = ShiftRecord { register_number: 2, float_minor: 5_000, ..register.open_shift(1) };
    let opening = register.seal_shift(&shift);
    let sale = register.sell(300);
    register.upload(&[opening, sale]).await;
    shift.register_number = 1;
    (shift.closed_at_ms, shift.counted_minor) = (Some(20), Some(5_300));
    let closing = register.seal_shift(&shift);
    register.upload(&[closing]).await;
    let admin = server.administrator().await;
    let reasons: Vec<u64> = rejected(&admin).await.into_iter().map(|(seq, _)| seq).collect();
    assert_eq!(BTreeSet::from_iter(reasons), BTreeSet::from([1, 3]));
    let held = detail(&admin, 3).await;
    assert_eq!(
        held["reason"],
        "It closes a shift whose opening, entry 1, was rejected; it waits for that entry."
    );
    assert_eq!(held["shift"]["counted_minor"], 5_300);
    assert_eq!(detail(&admin, 1).await["actions"], json!(["set_aside"]));
    mended(&admin, 3, 1, "apply_although", "The opening names another register.").await;
    assert_eq!(rejected(&admin).await.len(), 1);
    assert_eq!(audit(&admin).await["receipts_count"], 1);
}

async fn publish(server: &TestServer, direction: Direction) {
    let mut profile = default_profile();
    profile.scopes[5].direction = direction;
    let store_id = server.store().await.row.id;
    let mut writing = server.database.begin_write(&store_id, NOON_MS).await.unwrap();
    writing.publish_profile(&profile, NOON_MS).await.unwrap();
    writing.commit().await.unwrap();
}

#[tokio::test]
async fn what_waited_for_an_entry_is_applied_with_it_in_order() {
    let server = TestServer::start().await;
    publish(&server, Direction::Download).await;
    let mut register = server.register(1).await;
    let field = |column, after: &str| FieldEdit { column, before: None, after: encode(&after).into() };
    let edit = |fields, follows_seq| RowEdit {
        table: holdfast_profile::TableId::Customer.number(),
        key: "new".into(),
        base_version: 0,
        edited_at_ms: NOON_MS,
        fields,
        follows_seq,
    };
    let all = vec![field(1, "Ito"), field(2, "IS"), field(3, "1"), field(4, "")];
    let entries = [
        register.seal(EntryKind::RowEdit, encode(&edit(all, None))),
        register.seal(EntryKind::RowEdit, encode(&edit(vec![field(3, "2")], Some(1)))),
        register.seal(EntryKind::RowEdit, encode(&edit(vec![field(3, "3")], Some(2)))),
    ];
    register.upload(&entries).await;
    let admin = server.administrator().await;
    assert_eq!(rejected(&admin).await.len(), 3);
    let made = detail(&admin, 1).await["edit"].clone();
    assert_eq!(
        (&made["table"], &made["key"], &made["is_new"]),
        (&"customer".into(), &"new".into(), &true.into())
    );
    assert_eq!(made["fields"][0], json!({ "column": "name", "before": null, "after": "Ito" }));
    assert_eq!(detail(&admin, 2).await["edit"]["is_new"], false);
    assert_eq!(mend(&admin, 1, 1, "apply", "").await.json_problem().0, 409);
    publish(&server, Direction::Bidirectional).await;
    let done = mended(&admin, 1, 2, "apply", "").await;
    assert_eq!(done["also_applied"], json!([2, 3]), "{:?}", rejected(&admin).await);
    let again = mended(&admin, 1, 2, "apply", "").await;
    assert_eq!(again, done, "the same request has the same answer");
    let other = mend(&admin, 1, 2, "set_aside", "No.").await;
    assert_eq!(other.json_problem(), (409, "request_id_used".to_owned()));
    assert_eq!(rejected(&admin).await, []);
    let mut request = register.contact_request();
    request.outcomes_seen = Some(0);
    let reply: ContactReply = register.post("contact", &request).await.message();
    let later = reply.later_outcomes.unwrap();
    assert!(later.results.iter().all(|result| result.outcome == EntryOutcome::Accepted), "{later:?}");
    // Until the register has the merged row it shows what was entered there: it must know which row that is.
    let versions = |results: Vec<EntryResult>| -> BTreeMap<u64, Option<u64>> {
        results.into_iter().map(|result| (result.seq, result.version)).collect()
    };
    let told = versions(later.results);
    assert!(told.values().all(|version| version.is_some_and(|version| version > 0)), "{told:?}");
    assert_eq!(told, versions(register.upload(&entries).await.results));
}

#[tokio::test]
async fn an_outcome_that_changed_again_is_told_once_under_its_last_number() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    set_currency(&server, "EUR").await;
    let count = LATER_OUTCOMES_MAX as u64 + 1;
    let entries: Vec<OutboxEntry> = (0..count).map(|_| register.sell(100)).collect();
    assert_eq!(register.upload(&entries).await.results.len() as u64, count);
    set_currency(&server, "GBP").await;
    let admin = server.administrator().await;
    mended(&admin, 1, 1, "set_aside", "It is looked into.").await;
    mended(&admin, 1, 2, "take_back", "").await;
    mended(&admin, 1, 3, "apply", "").await;
    // A full reply goes past what it leaves out, and the entry comes last, where its mend is.
    let (cut_at, outcomes, more) = told_at_most(&register, 0).await;
    let untouched: Vec<(u64, bool)> = (2..=count).map(|seq| (seq, false)).collect();
    assert_eq!((outcomes, more), (untouched, true));
    let (seen, outcomes) = told(&register, cut_at).await;
    assert!(seen > cut_at, "{seen} comes after {cut_at}");
    assert_eq!(outcomes, [(1, true)]);
    assert_eq!(told(&register, seen).await, (seen, Vec::new()));
    // A number that a backup lacks has everything told anew.
    assert_eq!(told_at_most(&register, seen + 1).await.0, cut_at);
}

/// A generator of small numbers that gives the same ones again.
fn next(state: &mut u64, end: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap() % end
}

fn some_entries(register: &mut TestRegister<'_>, chance: &mut u64) -> Vec<OutboxEntry> {
    (0..8)
        .map(|_| {
            let price = i64::try_from(next(chance, 900) + 1).unwrap();
            register.sell(price)
        })
        .collect()
}

#[tokio::test]
async fn whatever_was_rejected_and_mended_in_whatever_order_the_books_are_the_same() {
    for seed in 1..=12_u64 {
        let mut chance = seed;
        let server = TestServer::start().await;
        let mut register = server.register(1).await;
        let entries = some_entries(&mut register, &mut chance);
        let admin = server.administrator().await;
        // Some come while the store has another currency.
        let mut wrong = BTreeSet::new();
        for entry in &entries {
            let is_wrong = next(&mut chance, 2) == 0;
            set_currency(&server, if is_wrong { "EUR" } else { "GBP" }).await;
            register.upload(std::slice::from_ref(entry)).await;
            if is_wrong {
                wrong.insert(entry.seq);
            }
        }
        set_currency(&server, "GBP").await;
        let listed: BTreeSet<u64> = rejected(&admin).await.into_iter().map(|(seq, _)| seq).collect();
        assert_eq!(listed, wrong, "seed {seed}");
        let mut left: Vec<u64> = wrong.iter().copied().collect();
        while !left.is_empty() {
            let seq = left.remove(next(&mut chance, left.len()));
            let mut action = "apply";
            if mend(&admin, seq, 1, action, "").await.status != StatusCode::OK {
                action = "apply_although";
                mended(&admin, seq, 1, action, "Its number is right.").await;
            }
            // Whatever comes twice has its effect once.
            register.upload(&entries).await;
            mended(&admin, seq, 1, action, "Its number is right.").await;
        }
        let at_once = TestServer::start().await;
        let other = at_once.register(1).await;
        // Another server gives another store; the same one is pretended by the audit alone.
        let mut register = other;
        let mut chance = seed;
        let entries = some_entries(&mut register, &mut chance);
        register.upload(&entries).await;
        let counted = audit(&admin).await;
        assert_eq!(counted, audit(&at_once.administrator().await).await, "seed {seed}");
        // What was summed up as it came is what is counted from the rows.
        let kept = admin.get("/api/admin/registers").await.json()["registers"][0].clone();
        for sum in ["receipts_count", "total_minor"] {
            assert_eq!(kept[sum], counted[sum], "seed {seed}, {sum}");
        }
    }
}
