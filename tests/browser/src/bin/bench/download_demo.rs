//! `download-demo`: a till's first download of the demo shop beside the writes of the same rows.

use std::path::Path;
use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::LANDSCAPE;
use holdfast_browser_tests::store_server::{StoreServer, workspace};
use holdfast_browser_tests::till_page::TillPage;
use holdfast_browser_tests::waiting::wait_for;
use serde_json::{Value, json};

/// Runs, each in a browser that has seen nothing; the median counts.
const RUNS: usize = 5;
/// How long a download may take.
const DOWNLOAD_WITHIN: Duration = Duration::from_secs(60);
/// The tables of the demo shop with the key of each. Prices, a table of their own, come from the products.
const TABLES: [(&str, &str); 10] = [
    ("store", "id"),
    ("registers", "number"),
    ("staff", "id"),
    ("tax_rates", "code"),
    ("currencies", "code"),
    ("tender_types", "code"),
    ("categories", "code"),
    ("products", "sku"),
    ("barcodes", "barcode"),
    ("customers", "id"),
];

/// From the activation to a till that searches and sells, network, verification, durable writes and index
/// included; beside only the writes of the same rows, with their network and index left out.
pub async fn measure() -> Outcome<Value> {
    let server = StoreServer::start_demo()?;
    let rows = demo_rows()?;
    let mut runs = Vec::new();
    for number in 1..=RUNS {
        let run = download_once(&server, &rows).await?;
        eprintln!("run {number} of {RUNS}, rows/s: {run:.0?}");
        runs.push(run);
    }
    let value = median(runs.iter().map(|run| run.download))?;
    let figure = |name: &str, peer: &str, peer_value: f64| {
        json!({
            "name": name,
            "value": value.round(),
            "unit": "rows/s",
            "peer": peer,
            "peer_value": peer_value.round(),
            "ratio": value / peer_value,
        })
    };
    Ok(json!([
        figure(
            "download-demo",
            "raw IndexedDB, row by row",
            median(runs.iter().map(|run| run.transaction_a_row))?
        ),
        figure(
            "download-demo-in-one-transaction-a-table",
            "the same in one transaction a table",
            median(runs.iter().map(|run| run.transaction_a_table))?
        ),
    ]))
}

/// One run; all in rows per second.
#[derive(Debug)]
struct Run {
    /// A till's first download.
    download: f64,
    /// Row by row, each in a transaction of its own.
    transaction_a_row: f64,
    /// Row by row in one transaction a table.
    transaction_a_table: f64,
}

/// One download in a fresh browser and the peers' writes after it.
async fn download_once(server: &StoreServer, rows: &Value) -> Outcome<Run> {
    let profile = tempfile::tempdir()?;
    let browser = Browser::open(profile.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let till = TillPage::new(browser.driver());
    till.open(&server.url()).await?;
    till.element("activation-code").await?;
    browser.script(include_str!("../../scripts/watch_download.js"), vec![]).await?;
    till.activate(&server.activation_code(1)?).await?;
    let (took_ms, count) = wait_for("a till that can sell", DOWNLOAD_WITHIN, || async {
        let noted = browser.script("return globalThis.holdfastDownload", vec![]).await;
        let noted = noted.map_err(|error| error.to_string())?;
        match (noted["began"].as_f64(), noted["ready"].as_f64(), noted["rows"].as_f64()) {
            (Some(began), Some(ready), Some(rows)) if rows > 0.0 => Ok((ready - began, rows)),
            _ => Err(noted.to_string()),
        }
    })
    .await?;
    let run = Run {
        download: count / took_ms * 1_000.0,
        transaction_a_row: row_by_row(&browser, rows, true).await?,
        transaction_a_table: row_by_row(&browser, rows, false).await?,
    };
    browser.close().await?;
    Ok(run)
}

/// Rows per second of the peer.
async fn row_by_row(browser: &Browser, rows: &Value, own_transactions: bool) -> Outcome<f64> {
    let arguments = vec![rows.clone(), "row-by-row".into(), own_transactions.into()];
    let answer = browser.script_async(include_str!("../../scripts/row_by_row.js"), arguments).await?;
    let took_ms = answer.as_f64().ok_or_else(|| format!("the row by row writes: {answer}"))?;
    Ok(rows_count(rows) / took_ms * 1_000.0)
}

/// The demo shop's rows as a page would keep them: an object each.
fn demo_rows() -> Outcome<Value> {
    let mut tables = Vec::new();
    for (table, key) in TABLES {
        let path = workspace().join(format!("crates/store-server/demo/{table}.csv"));
        let rows = objects(&path)?;
        if table == "products" {
            let price = |row: &Value| json!({ "sku": row["sku"], "price": row["price"] });
            let prices: Vec<Value> = rows.iter().map(price).collect();
            tables.push(json!({ "table": "prices", "key": "sku", "rows": prices }));
        }
        tables.push(json!({ "table": table, "key": key, "rows": rows }));
    }
    Ok(Value::Array(tables))
}

fn objects(path: &Path) -> Outcome<Vec<Value>> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let names = reader.headers()?.clone();
    let mut objects = Vec::new();
    for record in reader.records() {
        let record = record?;
        let fields = names.iter().zip(record.iter()).map(|(name, field)| (name.to_owned(), field.into()));
        objects.push(Value::Object(fields.collect()));
    }
    Ok(objects)
}

#[expect(clippy::cast_precision_loss, reason = "some thousand rows")]
fn rows_count(tables: &Value) -> f64 {
    let tables = tables.as_array().map(Vec::as_slice).unwrap_or_default();
    tables.iter().filter_map(|table| table["rows"].as_array()).map(Vec::len).sum::<usize>() as f64
}

fn median(values: impl Iterator<Item = f64>) -> Outcome<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().ok_or_else(|| "nothing was measured".into())
}
