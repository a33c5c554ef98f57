//! Tables on their way down.

use holdfast_profile::{Frequency, OfflineProducts, Profile, TableId, default_profile};
use holdfast_protocol::page;
use holdfast_protocol::problem::code;

use super::bench::Bench;
use crate::effect::{Call, CallReply, Event};
use crate::simulator::Mutation;
use crate::simulator::model_server::ModelRow;
use crate::store::StoreCall;

fn is_page(bench: &Bench) -> bool {
    matches!(bench.pending[0].1, Call::Page(_))
}

/// Serves until the oldest request is for a page.
fn serve_to_page(bench: &mut Bench) {
    while !is_page(bench) {
        bench.serve_one();
    }
}

#[test]
fn a_first_download_brings_all_tables_and_then_the_register_can_sell() {
    let mut bench = Bench::new();
    assert!(!bench.engine.status().ready_to_sell);
    bench.serve();
    let status = bench.engine.status();
    assert!(status.ready_to_sell);
    assert_eq!(status.download_progress, None);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    let products = status.scopes.iter().flat_map(|scope| &scope.tables).find(|t| t.table == TableId::Product);
    assert_eq!(products.map(|table| (table.rows, table.complete)), Some((3, true)));
}

#[test]
fn a_first_download_shows_how_far_it_is() {
    let mut bench = Bench::new();
    serve_to_page(&mut bench);
    assert_eq!(bench.engine.status().download_progress, Some((0, 3)));
    bench.serve_one();
    let (here, expected) = bench.engine.status().download_progress.unwrap();
    assert!(here > 0 && expected == 3, "{here} of {expected}");
}

#[test]
fn tables_show_in_profile_order() {
    let mut bench = Bench::new();
    bench.serve();
    assert_eq!(bench.changed, default_profile().download_tables());
}

#[test]
fn a_page_that_is_not_the_one_is_fetched_again() {
    let mut bench = Bench::new();
    serve_to_page(&mut bench);
    let (id, call) = bench.take();
    // Intact, but another page.
    bench.answer(id, Ok(CallReply::Page(page::pack(&[]))));
    assert!(bench.pending.iter().any(|(_, again)| *again == call));
    bench.serve();
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
}

#[test]
fn a_page_that_is_wrong_three_times_is_said_and_tried_later() {
    let mut bench = Bench::new();
    serve_to_page(&mut bench);
    let (_, wanted) = bench.pending[0].clone();
    for _ in 0..3 {
        let at = bench.pending.iter().position(|(_, call)| *call == wanted).unwrap();
        let (id, _) = bench.pending.remove(at);
        bench.answer(id, Ok(CallReply::Page(b"<html>".to_vec())));
    }
    assert!(bench.engine.status().last_error.is_some());
    bench.pending.clear();
    bench.pass_serving(5);
    assert!(bench.engine.status().ready_to_sell);
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn a_killed_download_fetches_only_the_missing_pages() {
    let mut bench = Bench::new();
    serve_to_page(&mut bench);
    bench.serve_one();
    bench.restart();
    bench.sent.clear();
    bench.serve();
    assert!(bench.engine.status().ready_to_sell);
    assert_eq!(bench.sent_count("page"), 1);
}

#[test]
fn a_change_comes_with_the_next_contact_alone() {
    let mut bench = Bench::at_rest();
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(6);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
    assert_eq!(bench.changed, [TableId::Product]);
    assert_eq!((bench.sent_count("page"), bench.sent_count("pull")), (0, 1));
}

#[test]
fn a_deleted_row_goes() {
    let mut bench = Bench::at_rest();
    bench.server.feed.write(vec![((TableId::Product, "b".into()), None)], false);
    bench.pass_serving(6);
    assert_eq!(bench.keys(TableId::Product), ["a", "c"]);
}

#[test]
fn nothing_new_costs_nothing_but_contacts() {
    let mut bench = Bench::at_rest();
    bench.pass_serving(120);
    assert_eq!(bench.sent_count("contact"), bench.sent.len());
}

#[test]
fn a_hiccup_repeats_nothing() {
    let mut bench = Bench::at_rest();
    bench.pass(5_000);
    bench.cut();
    bench.pass(1_000);
    bench.serve();
    assert_eq!(bench.sent_count("contact"), bench.sent.len());
}

#[test]
fn rows_never_show_before_what_they_refer_to() {
    let mut bench = Bench::at_rest();
    bench.change(TableId::Product, "d", &[]);
    bench.pass(5_000);
    bench.serve_one();
    assert!(matches!(&bench.pending[0].1, Call::Pull(request) if request.table == TableId::Product));
    // After the contact: a category, and the product moves into it.
    bench.change(TableId::Category, "new", &[]);
    bench.change(TableId::Product, "d", &[(TableId::Category, "new")]);
    bench.serve();
    assert_eq!(bench.changed, [TableId::Category, TableId::Product]);
}

#[test]
fn a_register_that_was_away_for_too_long_starts_again_from_a_snapshot() {
    let mut bench = Bench::at_rest();
    bench.server.feed.write(vec![((TableId::Product, "b".into()), None)], false);
    bench.server.feed.compact();
    bench.server.rebuild_snapshots();
    bench.pass_serving(6);
    assert_eq!(bench.keys(TableId::Product), ["a", "c"]);
    assert!(bench.sent_count("manifest") > 0);
}

#[test]
fn many_small_changes_are_folded_into_a_new_snapshot() {
    let mut bench = Bench::at_rest();
    for _ in 0..70 {
        bench.change(TableId::Product, "a", &[]);
        bench.pass_serving(6);
    }
    bench.server.rebuild_snapshots();
    bench.pass_serving(700);
    let record = &bench.store.state().tables[&TableId::Product];
    assert!(record.pages < 10 && record.generation == 2, "{record:?}");
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
}

#[test]
fn a_new_profile_drops_what_it_no_longer_names_and_keeps_the_rest() {
    let mut bench = Bench::at_rest();
    bench.change(TableId::Customer, "smith", &[]);
    bench.pass_serving(6);
    let mut profile = default_profile();
    profile.scopes.retain(|scope| scope.tables[0].table != TableId::Customer);
    bench.server.publish(profile);
    bench.sent.clear();
    bench.pass_serving(12);
    assert!(!bench.store.state().tables.contains_key(&TableId::Customer));
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    assert_eq!(bench.sent_count("manifest"), 0);
    assert!(bench.engine.status().ready_to_sell);
}

#[test]
fn a_profile_that_is_not_valid_is_not_taken() {
    let mut bench = Bench::at_rest();
    let mut profile = default_profile();
    profile.device.offline_timeout_s = 0;
    bench.server.publish(profile);
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(12);
    assert_eq!(bench.store.state().profile.unwrap().0, 1);
    assert!(bench.engine.status().last_error.is_some());
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"], "the old profile goes on");
}

#[test]
fn scopes_by_hand_come_first_and_then_by_hand() {
    let mut profile = default_profile();
    for scope in &mut profile.scopes {
        scope.frequency = Frequency::ByHand;
    }
    let mut bench = Bench::with_profile(profile);
    bench.serve();
    assert!(bench.engine.status().ready_to_sell);
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(60);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    bench.tell(Event::SyncNow);
    bench.serve();
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
}

#[test]
fn a_full_disk_stops_no_upload() {
    let mut bench = Bench::at_rest();
    bench.store_fails = |call| matches!(call, StoreCall::ApplyDelta { .. });
    bench.change(TableId::Product, "d", &[]);
    bench.pass_serving(6);
    assert!(bench.engine.status().last_error.is_some());
    bench.sell();
    bench.serve();
    assert_eq!(bench.waiting(), 0);
    bench.store_fails = |_| false;
    bench.pass_serving(60);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
}

#[test]
fn rows_of_a_newer_schema_are_for_a_newer_app() {
    let mut bench = Bench::at_rest();
    bench.server.schema_version = 2;
    bench.change(TableId::Product, "d", &[]);
    bench.sell();
    bench.pass_serving(6);
    assert!(bench.engine.status().update_required);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    assert_eq!(bench.waiting(), 0, "uploads go on");
}

#[test]
fn a_refused_table_keeps_the_register_selling_on_what_it_has() {
    let mut bench = Bench::at_rest();
    bench.change(TableId::Product, "d", &[]);
    bench.pass(5_000);
    bench.serve_one();
    bench.refuse(403, code::TABLE_NOT_IN_PROFILE);
    let status = bench.engine.status();
    assert!(status.ready_to_sell && status.last_error.is_some());
    bench.pass_serving(10);
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c", "d"]);
}

#[test]
fn a_row_that_is_kept_can_be_read() {
    let bench = Bench::at_rest();
    let rows = bench.store.rows(TableId::Product).unwrap();
    assert_eq!(rows.values().filter_map(ModelRow::of).count(), 3);
}

#[test]
fn other_products_in_the_profile_are_built_beside_what_is_sold_from() {
    let mut bench = Bench::at_rest();
    let mut profile = default_profile();
    profile.offline_products = OfflineProducts::TopBySales { count: 10 };
    bench.server.publish(profile);
    bench.pass(5_000);
    while bench.pending.iter().all(|(_, call)| !matches!(call, Call::Page(_))) {
        bench.pass(100);
        bench.serve_one();
    }
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"], "the old generation serves");
    bench.serve();
    let tables = bench.store.state().tables;
    assert_eq!((tables[&TableId::Product].generation, tables[&TableId::Price].generation), (2, 2));
    assert_eq!(tables[&TableId::Customer].generation, 1);
}

/// Products whose content passes: the bench's have 1 and 2.
fn with_products(count: u32) -> Profile {
    Profile { offline_products: OfflineProducts::TopBySales { count }, ..default_profile() }
}

#[test]
fn rows_that_leave_the_view_leave_the_register_and_come_back() {
    let mut bench = Bench::with_profile(with_products(2));
    bench.serve();
    assert_eq!(bench.keys(TableId::Product), ["a", "b", "c"]);
    bench.change(TableId::Price, "b", &[(TableId::Product, "b")]);
    bench.pass_serving(6);
    assert_eq!(bench.keys(TableId::Price), ["b"]);
    bench.change(TableId::Product, "b", &[]);
    bench.pass_serving(6);
    assert_eq!((bench.keys(TableId::Product), bench.keys(TableId::Price)), (keys(["a", "c"]), keys([])));
    let row = ModelRow { content: 1, refers_to: Vec::new() };
    bench.server.feed.write(vec![((TableId::Product, "b".into()), Some(row))], false);
    bench.pass_serving(6);
    assert_eq!(
        (bench.keys(TableId::Product), bench.keys(TableId::Price)),
        (keys(["a", "b", "c"]), keys(["b"]))
    );
}

fn keys<const N: usize>(keys: [&str; N]) -> Vec<String> {
    keys.map(str::to_owned).to_vec()
}

#[test]
fn what_comes_of_another_view_than_the_contact_announced_is_not_taken() {
    // Such as one of before, or one that has lost what the register said.
    let mut bench = Bench::of(with_products(3), Some(Mutation::PublishedServedAtOnce));
    bench.serve();
    bench.change(TableId::Price, "b", &[(TableId::Product, "b")]);
    bench.pass(5_000);
    bench.serve_one();
    assert!(matches!(&bench.pending[0].1, Call::Pull(request) if request.table == TableId::Price));
    // After the contact.
    bench.server.publish(with_products(1));
    bench.changed.clear();
    bench.serve_one();
    assert_eq!(bench.changed, []);
    bench.pass_serving(6);
    assert_eq!((bench.keys(TableId::Product), bench.keys(TableId::Price)), (keys([]), keys([])));
    assert_eq!(bench.engine.status().last_error, None);
}

#[test]
fn tables_of_a_view_change_together_however_often_each_is_synchronised() {
    let mut profile = default_profile();
    for scope in &mut profile.scopes {
        if scope.tables.iter().any(|entry| entry.table == TableId::Barcode) {
            scope.frequency = Frequency::ByHand;
        }
    }
    let mut bench = Bench::with_profile(profile.clone());
    bench.change(TableId::Barcode, "gtin", &[(TableId::Product, "a")]);
    bench.serve();
    profile.offline_products = OfflineProducts::TopBySales { count: 1 };
    bench.server.publish(profile);
    bench.pass_serving(6);
    assert_eq!((bench.keys(TableId::Product), bench.keys(TableId::Barcode)), (keys([]), keys([])));
}

/// Another process of the store server, of last month, does not know it yet.
#[test]
fn a_table_of_which_a_contact_tells_nothing_grows_old() {
    let mut bench = Bench::at_rest();
    let synced_at_ms = |bench: &Bench, table: TableId| {
        let tables = bench.engine.status().scopes.into_iter().flat_map(|scope| scope.tables);
        tables.filter(|status| status.table == table).find_map(|status| status.synced_at_ms)
    };
    let before = synced_at_ms(&bench, TableId::Customer);
    for _ in 0..3 {
        bench.pass(5_000);
        let (id, call) = bench.take();
        let Ok(CallReply::Contact(mut reply)) = bench.server.answer(1, &call, bench.now_ms) else {
            panic!("a contact was to be answered")
        };
        reply.heads.retain(|head| head.table != TableId::Customer);
        bench.answer(id, Ok(CallReply::Contact(reply)));
    }
    assert_eq!(synced_at_ms(&bench, TableId::Customer), before);
    assert!(synced_at_ms(&bench, TableId::Product) > before);
}
