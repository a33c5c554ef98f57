//! `download`: a catalogue of many products on its way into a real till, beside how others keep the same
//! products in the same browser.

mod arriving;
mod at_the_till;
mod cold_start;
mod first_download;
mod frames;
mod peers;

use std::collections::BTreeMap;
use std::path::PathBuf;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::line::Line;
use holdfast_browser_tests::stage::{LANDSCAPE, SKUS, STAFF};
use holdfast_browser_tests::store_server::StoreServer;
use holdfast_browser_tests::till_page::TillPage;
use holdfast_figures::{Budget, Figure, median, quantile};
use serde_json::Value;
use tempfile::TempDir;

use crate::peer_server::PeerServer;
use crate::products::{self, Product};
use first_download::{FirstDownload, before_activation, download};
use frames::NOTICED_MS;

/// Rounds, each in a browser that has seen nothing; the median counts.
const ROUNDS: usize = 3;
/// One frame of a screen, milliseconds.
const FRAME_MS: f64 = 16.0;
/// What a frame stands beside.
const NOTICED: &str = "what a person notices";
/// Products, where no other number is asked for.
const PRODUCTS: usize = 100_000;
/// The peers: name in `peers.js`, what it is, the least ratio of speed that is asked for, whether once is enough.
const PEERS: [(&str, &str, Option<f64>, bool); 6] = [
    ("row-by-row", "raw IndexedDB, row by row", Some(12.0), false),
    ("transaction-a-row", "the same, a transaction a row", None, true),
    ("dexie", "Dexie, bulkPut, indexed", Some(12.0), false),
    ("dexie-memory", "Dexie, bulkPut, index in memory", None, true),
    ("pouchdb", "PouchDB, bulkDocs, index in memory", Some(60.0), true),
    ("packed-pages", "packed pages in plain JS", Some(1.3), false),
];

/// What this bench is asked for.
struct Wishes {
    products: usize,
    rounds: usize,
    with_slow_peers: bool,
}

impl Wishes {
    fn read(words: &[String]) -> Outcome<Wishes> {
        let mut wishes = Wishes { products: PRODUCTS, rounds: ROUNDS, with_slow_peers: true };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut number = || -> Outcome<usize> {
                let value = words.next().ok_or_else(|| format!("{word} needs a number after it"))?;
                Ok(value.parse().map_err(|_| format!("{word}: {value:?} is no number"))?)
            };
            match word.as_str() {
                "--products" => wishes.products = number()?.max(1),
                "--rounds" => wishes.rounds = number()?.max(1),
                "--quick" => wishes.with_slow_peers = false,
                other => return Err(format!("{other:?} is not understood by the bench download").into()),
            }
        }
        Ok(wishes)
    }
}

/// Measures everything; the words are the bench's own.
///
/// # Errors
/// When one of the parts does not come so far.
pub async fn measure(words: &[String]) -> Outcome<Value> {
    let wishes = Wishes::read(words)?;
    let packages = std::env::var_os("HOLDFAST_BENCH_PACKAGES").map(PathBuf::from);
    let packages = packages.ok_or("HOLDFAST_BENCH_PACKAGES is not set: run this by `cargo xtask bench`")?;
    let products = products::make(wishes.products)?;
    let peer_server = PeerServer::start(&products, &packages).await?;
    let server = StoreServer::start_demo()?;
    let folder = tempfile::tempdir()?;
    for (kind, path) in
        ["products", "barcodes"].into_iter().zip(products::write_files(&products, folder.path())?)
    {
        let report = server.command(&["import", kind, &path.display().to_string()])?;
        eprintln!("{}", report.lines().take(3).collect::<Vec<_>>().join("\n"));
    }

    let bench = Bench { wishes, products, server, peer_server };
    let figures = bench.run().await?;
    Ok(Value::Array(figures.iter().map(Figure::to_json).collect()))
}

/// What all parts need.
struct Bench {
    wishes: Wishes,
    products: Vec<Product>,
    server: StoreServer,
    peer_server: PeerServer,
}

impl Bench {
    async fn run(mut self) -> Outcome<Vec<Figure>> {
        let mut figures = self.over_the_wire().await?;
        let profile = self.rounds(&mut figures).await?;
        figures.extend(self.offline(&profile).await?);
        Ok(figures)
    }

    /// One download that is not timed: the store server makes its pages, and the bytes are counted.
    async fn over_the_wire(&self) -> Outcome<Vec<Figure>> {
        let line = Line::to(self.server.port()).await?;
        let profile = tempfile::tempdir()?;
        let browser = before_activation(profile.path(), &line.url()).await?;
        let before = line.bytes();
        let seen = download(&browser, &self.server).await?;
        let bytes = line.bytes() - before;
        eprintln!("over the wire: {bytes} bytes, {seen:?}");
        browser.close().await?;
        #[expect(clippy::cast_precision_loss, reason = "some million bytes")]
        let (own, peers) = (bytes as f64, self.peer_server.wire_bytes as f64);
        let wire = Figure::beside("bytes on the wire", (own, "bytes"), "the rows as gzipped JSON", peers);
        Ok(vec![
            wire.budget(Budget::AtMost(0.5)),
            Figure::alone(
                "the first till after an import",
                (seen.took_ms / 1_000.0, "s"),
                "the store server makes the pages; through a proxy",
            ),
        ])
    }

    /// The till's downloads and the peers' between them; gives the last round's browser folder.
    async fn rounds(&self, figures: &mut Vec<Figure>) -> Outcome<TempDir> {
        let Bench { wishes, server, .. } = self;
        let mut downloads = Vec::new();
        let mut peer_runs: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut profile = tempfile::tempdir()?;
        for round in 1..=wishes.rounds {
            profile = tempfile::tempdir()?;
            let browser = before_activation(profile.path(), &server.url()).await?;
            let seen = download(&browser, server).await?;
            eprintln!("round {round} of {}: {seen:?}", wishes.rounds);
            downloads.push(seen);
            if round == wishes.rounds {
                // What is shown as there survives a kill at once; the offline part finds it.
                browser.kill()?;
                let browser = Browser::open(profile.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
                self.peers_of(round, &browser, &mut peer_runs).await?;
                browser.close().await?;
            } else {
                self.peers_of(round, &browser, &mut peer_runs).await?;
                browser.close().await?;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "some hundred thousand products")]
        let speed = |took_ms: f64| wishes.products as f64 / took_ms * 1_000.0;
        let own = speed(median(downloads.iter().map(|run| run.took_ms)));
        for (way, what, least, _) in PEERS {
            if let Some(runs) = peer_runs.get(way) {
                let peer = speed(median(runs.iter().copied()));
                let figure = Figure::beside(&format!("download v. {way}"), (own, "products/s"), what, peer);
                figures.push(match least {
                    Some(least) => figure.budget(Budget::AtLeast(least)),
                    None => figure,
                });
            }
        }
        let longest = |of: fn(&FirstDownload) -> f64| downloads.iter().map(of).fold(0.0, f64::max);
        let frame = (longest(|run| run.frames.longest_ms), "ms");
        let frame = Figure::beside("longest frame of a download", frame, NOTICED, NOTICED_MS);
        let idle = (longest(|run| run.idle.longest_ms), "ms");
        figures.extend([
            frame.budget(Budget::AtMost(1.0)),
            Figure::alone("longest frame of an idle till", idle, "what the machine alone costs"),
        ]);
        Ok(profile)
    }

    async fn peers_of(
        &self,
        round: usize,
        browser: &Browser,
        runs: &mut BTreeMap<&str, Vec<f64>>,
    ) -> Outcome {
        peers::open(browser, &self.peer_server).await?;
        for (way, _, _, is_slow) in PEERS {
            if !is_slow || (self.wishes.with_slow_peers && round == 1) {
                let run = peers::measure(browser, &self.peer_server, way).await?;
                runs.entry(way).or_default().push(run.took_ms);
            }
        }
        Ok(())
    }

    /// The store server is gone: cold starts, and what a cashier waits for; then a price list that arrives.
    async fn offline(&mut self, profile: &TempDir) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        self.server.kill()?;
        let (mut starts, mut read_backs) = (Vec::new(), Vec::new());
        for _ in 0..self.wishes.rounds {
            let (browser, seen) = cold_start::start(profile.path(), &self.server.url()).await?;
            browser.close().await?;
            starts.push(seen);
            read_backs.push(cold_start::read_back(profile.path(), &self.peer_server).await?);
        }
        let (browser, seen) = cold_start::start(profile.path(), &self.server.url()).await?;
        starts.push(seen);
        eprintln!("cold starts: {starts:?}; packed pages read back: {read_backs:?}");
        let ready = (median(starts.iter().map(|start| start.ready_ms)), "ms");
        let read_back = median(read_backs.iter().copied());
        let painted = (median(starts.iter().map(|start| start.painted_ms)), "ms");
        figures.extend([
            Figure::beside(
                "cold offline start to selling",
                ready,
                "packed pages in plain JS, read back",
                read_back,
            )
            .budget(Budget::AtMost(0.7)),
            Figure::alone("cold offline start to first paint", painted, "before the app's code runs"),
        ]);

        let till = TillPage::new(browser.driver());
        till.sign_in(STAFF.0, STAFF.1).await?;
        for (slower, name) in [(4.0, "under 4x CPU throttle"), (1.0, "without throttle")] {
            let from = if slower > 1.0 { 3 } else { 7 };
            let waits = at_the_till::scan_and_type(&browser, &self.products, slower, from).await?;
            for (what, times) in [("scan to line", &waits.scans_ms), ("key to results", &waits.keys_ms)] {
                let p50 = quantile(times.iter().copied(), 0.5);
                let p99 = (quantile(times.iter().copied(), 0.99), "ms");
                let figure = Figure::beside(&format!("{what} p99 {name}"), p99, "one frame", FRAME_MS);
                figures.push(if slower > 1.0 { figure.budget(Budget::AtMost(1.0)) } else { figure });
                figures.push(Figure::alone(&format!("{what} p50 {name}"), (p50, "ms"), ""));
            }
            till.tap("void").await?;
        }
        let (sales, raw) = at_the_till::sell(&browser, SKUS[0]).await?;
        let own = (median(sales), "ms");
        figures.push(
            Figure::beside("durable sale p50, tap to receipt", own, "a raw strict transaction", median(raw))
                .budget(Budget::AtMost(1.2)),
        );

        self.server.start()?;
        let (seen, took_ms) = arriving::watch(&browser, &self.server, &self.products).await?;
        eprintln!("a price list arrives: {seen:?} in {took_ms:.0} ms");
        figures.extend([
            Figure::beside("longest frame while prices arrive", (seen.longest_ms, "ms"), NOTICED, NOTICED_MS)
                .budget(Budget::AtMost(1.0)),
            Figure::alone("all prices changed, shown after", (took_ms / 1_000.0, "s"), ""),
        ]);
        browser.close().await?;
        Ok(figures)
    }
}
