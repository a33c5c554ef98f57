//! The `replay` program as a person calls it.

use std::path::Path;
use std::process::{Command, Output};

fn replay(arguments: &[&str], file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay"));
    command.arg(file).args(arguments).env_remove("DATABASE_URL").output().expect("it runs")
}

const HEADER: &str =
    "invoice_no,line_no,invoiced_at,customer_id,country,sku,description,quantity,unit_price\n";

#[test]
fn one_object_says_what_was_sold_and_a_file_says_what_was_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("baskets.csv");
    let lines = "536365,1,2010-12-01T08:26:00,17850,United Kingdom,85123A,HEART HOLDER,6,2.55\n\
                 536365,2,2010-12-01T08:26:00,17850,United Kingdom,71053,LANTERN,0,3.39\n\
                 536366,1,2010-12-01T08:28:00,,United Kingdom,22633,HAND WARMER,1,0.001\n\
                 C536367,1,2010-12-01T08:29:00,17850,United Kingdom,85123A,HEART HOLDER,-1,2.55\n\
                 536368,1,2010-12-01T08:30:00,,United Kingdom,85123B,damaged,-10,0.00\n";
    std::fs::write(&file, format!("{HEADER}{lines}")).expect("written");
    let refused = folder.path().join("refused.csv");
    let output =
        replay(&["--json", "--registers", "3", "--refused", refused.to_str().expect("a path")], &file);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let mut printed: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert!(printed["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
    printed["seconds"] = 1.into();
    let expected = serde_json::json!({
        "invoices": 4, "lines": 5, "accepted_lines": 3,
        "refused": { "quantity_zero": 1, "price_has_too_many_decimals": 1 },
        "till_total": "12.75", "server_total": "12.75", "duplicates": 0, "receipt_gaps": 0, "seconds": 1,
    });
    assert_eq!(printed, expected);
    let listed = std::fs::read_to_string(refused).expect("written");
    assert_eq!(
        listed,
        "invoice_no,line_no,reason\n536365,2,quantity_zero\n536366,1,price_has_too_many_decimals\n"
    );
}

#[test]
fn profiles_that_were_changed_meanwhile_are_counted_under_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("baskets.csv");
    let line = "536365,1,2010-12-01T08:26:00,17850,United Kingdom,85123A,HEART HOLDER,6,2.55\n";
    std::fs::write(&file, format!("{HEADER}{line}")).expect("written");
    let output = replay(&["--profile-changes", "3", "--json"], &file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!((&printed["profile_changes"], &printed["equal_to_fresh"]), (&3.into(), &true.into()));
    assert_eq!(printed["till_total"], "15.30");
}

#[test]
fn what_can_t_be_replayed_is_an_error_that_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("products.csv");
    std::fs::write(&file, "sku,name\n85123A,HEART HOLDER\n").expect("written");
    let output = replay(&["--json"], &file);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("has no column “invoice_no”: it is not a file of baskets"), "{stderr}");

    let output = replay(&["--json"], &folder.path().join("missing.csv"));
    assert_eq!(output.status.code(), Some(2));
    let baskets = folder.path().join("baskets.csv");
    std::fs::write(&baskets, HEADER).expect("written");
    let nobody = replay(&["--server", "http://127.0.0.1:9", "--admin-password", "x"], &baskets);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("did not answer"));
}
