//! Customers that several registers change while they are away, over real HTTP.

use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::register::Register;
use holdfast_protocol::rows::CustomerRow;
use holdfast_sync::Event;
use holdfast_sync::overlay::EditState;

use crate::setting::{AT_MOST, Shop, wait_for, wait_until_all_is_sent};

async fn ready(register: &Register) {
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    wait_for("the customer is here", async || customer(register).is_some()).await;
}

fn customer(register: &Register) -> Option<CustomerRow> {
    register.customer("7").expect("readable")
}

fn words(row: Option<CustomerRow>) -> (String, String, String) {
    row.map(|row| (row.name, row.phone, row.email)).unwrap_or_default()
}

fn said(name: &str, phone: &str, email: &str) -> (String, String, String) {
    (name.to_owned(), phone.to_owned(), email.to_owned())
}

async fn wait_until_shown(register: &Register, expected: &(String, String, String)) {
    let what = format!("register {} shows {expected:?}", register.number());
    wait_for(&what, async || words(customer(register)) == *expected).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_registers_change_a_customer_offline_and_a_third_sees_what_came_of_it() {
    let shop = Shop::open().await;
    let file = b"id,name,phone,email\n7,Ito,1,a@b\n".to_vec();
    shop.admin.import("customers", file).await.expect("it is imported");
    // As fast as the store server's: the later change is told by both clocks.
    let clock = Clock::start(1);
    let one = shop.register(clock).await;
    let two = shop.register(clock).await;
    let third = shop.register(clock).await;
    for register in [&one, &two, &third] {
        ready(register).await;
    }
    for register in [&one, &two] {
        register.driver().tell(Event::GoOffline);
    }
    // Different fields, and one field twice: the later one wins, whoever sends it first.
    one.edit_customer("7", |row| (row.name, row.phone) = ("Itō".into(), "2".into())).expect("kept");
    let later = clock.now_ms() + 1;
    wait_for("time passes", async || clock.now_ms() > later).await;
    two.edit_customer("7", |row| (row.phone, row.email) = ("3".into(), "c@d".into())).expect("kept");
    two.edit_customer("till-2-1", |row| row.name = "Ada".into()).expect("kept");
    assert_eq!(words(customer(&one)), said("Itō", "2", "a@b"));
    assert_eq!(words(customer(&two)), said("Ito", "3", "c@d"));
    assert_eq!(words(customer(&third)), said("Ito", "1", "a@b"));

    two.driver().tell(Event::GoOnline);
    wait_until_all_is_sent(&two).await;
    // What waits here lies over what the other one sent.
    assert_eq!(words(customer(&one)), said("Itō", "2", "a@b"));
    one.driver().tell(Event::GoOnline);
    wait_until_all_is_sent(&one).await;
    for register in [&one, &two, &third] {
        register.driver().tell(Event::SyncNow);
        wait_until_shown(register, &said("Itō", "3", "c@d")).await;
        wait_for("the new customer is everywhere", async || {
            register.customer("till-2-1").expect("readable").is_some_and(|row| row.name == "Ada")
        })
        .await;
    }
    let conflicts = shop.admin.conflicts().await.expect("they are listed");
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    let conflict = &conflicts[0];
    assert_eq!(
        (conflict.register, conflict.key.as_str(), conflict.column.as_str()),
        (one.number(), "7", "phone")
    );
    let values = (conflict.base.as_deref(), conflict.server.as_deref(), conflict.entered.as_str());
    assert_eq!((values, conflict.register_won), ((Some("1"), Some("3"), "2"), false));
    // Every edit was merged, and nothing lies over the rows any more.
    for register in [&one, &two] {
        let states = register.store().edits().into_iter().map(|kept| kept.state);
        assert!(states.into_iter().all(|state| matches!(state, EditState::Merged { .. })));
    }
    assert_eq!(shop.admin.rejected().await.expect("listed"), []);
}
