//! A month and a year of real sales, compared with sums that are made without any of Holdfast's code.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use holdfast_headless_register::refusal::RefusedLine;
use holdfast_headless_register::replay::{Options, Outcome, replay};
use rust_decimal::Decimal;

use crate::setting::real_data;
use crate::test_postgres::TestPostgres;

/// Versions of profiles that are published while registers sell.
const CHANGES: u32 = 50;

fn options(file: &Path) -> Options {
    Options {
        file: file.to_owned(),
        registers: 2,
        cut_network: false,
        profile_changes: 0,
        seed: 2010,
        speed_up: None,
        server: None,
        database_url: None,
        progress: |text| println!("{text}"),
    }
}

/// Sums of quantity × price over a file: of the lines not refused, and of those refused.
struct Sums {
    lines: u64,
    accepted: Decimal,
    refused: Decimal,
}

fn independent_sums(csv_text: impl Read, refused: &[RefusedLine]) -> Sums {
    let refused: BTreeSet<(&str, &str)> =
        refused.iter().map(|line| (line.invoice_no.as_str(), line.line_no.as_str())).collect();
    let mut sums = Sums { lines: 0, accepted: Decimal::ZERO, refused: Decimal::ZERO };
    let mut reader = csv::Reader::from_reader(csv_text);
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|column| column == name).expect("the column");
    let (invoice, line) = (place("invoice_no"), place("line_no"));
    let (quantity, price) = (place("quantity"), place("unit_price"));
    for record in reader.records() {
        let record = record.expect("a record");
        let amount = record[quantity].parse::<Decimal>().expect("a quantity")
            * record[price].parse::<Decimal>().expect("a price");
        sums.lines += 1;
        if refused.contains(&(&record[invoice], &record[line])) {
            sums.refused += amount;
        } else {
            sums.accepted += amount;
        }
    }
    sums
}

fn check(outcome: &Outcome, sums: &Sums) {
    let summary = &outcome.summary;
    assert_eq!(outcome.failures, Vec::<String>::new());
    let refused: u64 = summary.refused.values().sum();
    assert_eq!((summary.lines, summary.accepted_lines + refused), (sums.lines, sums.lines));
    assert_eq!(refused, outcome.refused.len() as u64);
    assert_eq!(summary.till_total.parse(), Ok(sums.accepted));
    assert_eq!(summary.server_total.parse(), Ok(sums.accepted));
    assert_eq!((summary.duplicates, summary.receipt_gaps), (0, 0));
}

/// Lines, invoices and value of a month, or of `ALL`, as the data's own control totals state them.
fn control_totals(folder: &Path, month: &str) -> (u64, u64, Decimal) {
    let mut reader = csv::Reader::from_path(folder.join("control-totals.csv")).expect("the file opens");
    let records: Vec<_> = reader.records().map(|record| record.expect("a record")).collect();
    let of_month = records.iter().find(|record| &record[0] == month).expect("the month");
    let whole = |column: usize| of_month[column].parse::<u64>().expect("a count");
    (whole(1), whole(2) + whole(3), of_month[5].parse().expect("a value"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn december_2010_arrives_to_the_penny_over_a_network_that_is_cut() {
    let Some(folder) = real_data("online-retail") else { return };
    let file = folder.join("baskets-2010-12.csv");
    let outcome = replay(&Options { cut_network: true, ..options(&file) }).await.expect("it can be replayed");
    let sums = independent_sums(std::fs::File::open(&file).expect("the file opens"), &outcome.refused);
    check(&outcome, &sums);
    let (lines, invoices, value) = control_totals(&folder, "2010-12");
    assert_eq!((outcome.summary.lines, outcome.summary.invoices), (lines, invoices));
    assert_eq!((lines, invoices), (42_481, 2_025));
    assert_eq!(sums.accepted, value - sums.refused);
    let faults = outcome.faults.expect("the network was cut");
    assert!(faults.upload_answers_cut >= 1, "{faults:?}");
    assert!(faults.refusals + faults.silences >= 1, "{faults:?}");
}

/// The same month, the same sums, over the other database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn december_2010_arrives_to_the_penny_in_postgresql_too() {
    let Some(folder) = real_data("online-retail") else { return };
    let Some(database) = TestPostgres::fresh().await else { return };
    let file = folder.join("baskets-2010-12.csv");
    let over_postgres =
        Options { cut_network: true, database_url: Some(database.address.clone()), ..options(&file) };
    let outcome = replay(&over_postgres).await.expect("it can be replayed");
    let sums = independent_sums(std::fs::File::open(&file).expect("the file opens"), &outcome.refused);
    check(&outcome, &sums);
    assert_eq!((outcome.summary.lines, outcome.summary.invoices), (42_481, 2_025));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_arrives_to_the_penny_and_what_no_sale_holds_is_refused_by_reason() {
    let Some(folder) = real_data("online-retail") else { return };
    let file = folder.join("baskets.csv.gz");
    let outcome = replay(&Options { registers: 4, ..options(&file) }).await.expect("it can be replayed");
    let packed = std::fs::File::open(&file).expect("the file opens");
    let sums = independent_sums(flate2::read::MultiGzDecoder::new(packed), &outcome.refused);
    check(&outcome, &sums);
    let (lines, invoices, value) = control_totals(&folder, "ALL");
    assert_eq!((outcome.summary.lines, outcome.summary.invoices), (lines, invoices));
    assert_eq!(sums.accepted, value - sums.refused);
    // Four lines at 0.001 and two of a bad debt at -11,062.06, as the data's README counts them.
    let refused: Vec<(&str, u64)> =
        outcome.summary.refused.iter().map(|(reason, count)| (*reason, *count)).collect();
    assert_eq!(refused, [("price_has_too_many_decimals", 4), ("price_negative", 2)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_that_changes_at_random_while_registers_sell_ends_as_a_fresh_register_has_it() {
    let Some(folder) = real_data("online-retail") else { return };
    let file = folder.join("baskets-2010-12.csv");
    let changing = Options { cut_network: true, profile_changes: CHANGES, ..options(&file) };
    let outcome = replay(&changing).await.expect("it can be replayed");
    let sums = independent_sums(std::fs::File::open(&file).expect("the file opens"), &outcome.refused);
    check(&outcome, &sums);
    let changed = outcome.summary.changed.expect("profiles were changed");
    let deeds = changed.deeds;
    assert_eq!((deeds.published, changed.equal_to_fresh), (u64::from(CHANGES), true));
    // What this seed does, some of each; another generator does something else.
    let beside = [deeds.rollbacks, deeds.assignments, deeds.customer_edits, deeds.product_edits];
    assert!(beside.iter().all(|count| *count > 0) && changed.register_edits > 0, "{changed:?}");
}
