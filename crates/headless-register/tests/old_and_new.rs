//! A store server is updated; a register with last month's app sells and uploads, and a reload goes on.

use std::time::Duration;

use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_profile::TableId;
use holdfast_protocol::messages::PullRequest;
use holdfast_protocol::problem::code;
use holdfast_protocol::{PROTOCOL_VERSION, SCHEMA_VERSION, Versions};
use holdfast_sync::{Call, CallError, Event, ManifestRequest, Mode};

use crate::in_process::InProcess;
use crate::setting::{AT_MOST, invoice, wait_until_all_is_sent};

const NEXT_MONTH: Versions = Versions {
    protocol_min: PROTOCOL_VERSION + 1,
    protocol: PROTOCOL_VERSION + 2,
    schema: SCHEMA_VERSION + 1,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_register_of_last_month_still_uploads_is_told_to_update_and_a_reload_goes_on() {
    let server = InProcess::start().await;
    let mut register = server.register(1, Clock::start(20)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    let catalogue = Catalogue::read(register.store()).expect("a catalogue");
    let before = register.store().state().tables;

    server.update(NEXT_MONTH);
    register.sell(&invoice(1, 2), &catalogue).expect("the journal takes it");
    assert!(register.driver().wait_until(AT_MOST, |status| status.update_required).await);
    register.sell(&invoice(2, 3), &catalogue).expect("the journal takes it");
    wait_until_all_is_sent(&register).await;
    assert_eq!(audited(&server).await, (2, 5 * 255));

    // Whoever asks all the same is refused, in words.
    let (table, profile_version) = (TableId::Price, None);
    let pull = PullRequest { table, since: 0, rows_max: 10, profile_version };
    let manifest = ManifestRequest { table, profile_version };
    for call in [Call::Profile, Call::Manifest(manifest), Call::Page([0; 32]), Call::Pull(pull)] {
        match register.api().call(&call, Duration::from_secs(10)).await {
            Err(CallError::Refused(problem)) => assert_eq!(problem.code, code::VERSION_UNKNOWN, "{problem}"),
            answer => panic!("{call:?}: {answer:?}"),
        }
    }
    assert_eq!(register.store().state().tables, before, "its offline database is as it was");
    let status = register.driver().status().expect("it has one");
    assert_eq!((status.mode, status.ready_to_sell), (Mode::Online, true));

    register.reload(NEXT_MONTH);
    register.sell(&invoice(3, 1), &catalogue).expect("the journal takes it");
    register.driver().tell(Event::JournalGrew);
    let is_new = |status: &holdfast_sync::Status| {
        status.ready_to_sell && !status.update_required && status.waiting == 0
    };
    assert!(register.driver().wait_until(AT_MOST, is_new).await);
    crate::setting::wait_for("each table is built anew", async || {
        let tables = register.store().state().tables;
        tables.len() == before.len() && tables.values().all(|record| record.schema_version == 2)
    })
    .await;
    wait_until_all_is_sent(&register).await;
    assert_eq!(audited(&server).await, (3, 6 * 255));
}

/// Receipts of the first register, and their sum.
async fn audited(server: &InProcess) -> (u64, i64) {
    let store = server.database().store().await.expect("it answers").expect("there is one");
    let audit = server.database().audit(&store.row.id).await.expect("it answers");
    let first = audit.into_iter().find(|register| register.number == 1).expect("it is there");
    (first.receipts_count, first.total_minor)
}
