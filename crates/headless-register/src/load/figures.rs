//! What a load run measured, as figures beside their peers.

use holdfast_figures::{Budget, Figure};

use super::probes::Latencies;
use super::process_usage::Usage;
use crate::traffic::{Kind, KindCounts};

/// Figures of one database.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    prefix: String,
    all: Vec<Figure>,
}

impl Figures {
    /// None yet; each name begins with the database's.
    pub fn of(database: &str) -> Figures {
        Figures { prefix: format!("sync {database}: "), all: Vec::new() }
    }

    /// A figure without a peer.
    pub fn add(&mut self, name: &str, value: f64, unit: &'static str) {
        self.all.push(Figure::alone(&format!("{}{name}", self.prefix), (value, unit), ""));
    }

    /// A figure that is to be no more than that.
    pub fn at_most(&mut self, name: &str, value: f64, unit: &'static str, most: f64) {
        self.compare(name, (value, unit), "budget", most, Budget::AtMost(1.0));
    }

    /// A figure beside its peer, and what their ratio is to be.
    pub fn compare(
        &mut self,
        name: &str,
        value: (f64, &'static str),
        peer: &str,
        peer_value: f64,
        budget: Budget,
    ) {
        let name = format!("{}{name}", self.prefix);
        self.all.push(Figure::beside(&name, value, peer, peer_value).budget(budget));
    }

    /// What the store server used in a phase.
    pub fn usage(&mut self, phase: &str, usage: Usage) {
        self.add(&format!("{phase}, server processor time"), usage.cpu_s, "s");
        self.add(&format!("{phase}, server memory before"), megabytes(usage.begin_bytes), "MB");
        self.add(&format!("{phase}, server memory after"), megabytes(usage.end_bytes), "MB");
    }

    /// Times of live requests.
    pub fn latencies(&mut self, phase: &str, latencies: &Latencies, budget_ms: f64) {
        let name = format!("{phase}, {}", latencies.probe.name());
        for (words, thousandths) in [("p50", 500), ("p95", 950)] {
            self.add(&format!("{name} {words}"), milliseconds(latencies.at(thousandths)), "ms");
        }
        self.at_most(&format!("{name} p99"), milliseconds(latencies.at(990)), "ms", budget_ms);
        self.add(&format!("{name}, failed"), count(latencies.failed as u64), "requests");
    }

    /// All of them.
    pub fn into_all(self) -> Vec<Figure> {
        self.all
    }
}

/// Requests of all kinds and their bytes.
pub fn total(counts: &[KindCounts; Kind::ALL.len()]) -> KindCounts {
    let mut total = KindCounts::default();
    for one in counts {
        total.requests += one.requests;
        total.busy += one.busy;
        total.sent_bytes += one.sent_bytes;
        total.received_bytes += one.received_bytes;
    }
    total
}

/// Bytes as megabytes.
pub fn megabytes(bytes: u64) -> f64 {
    count(bytes) / 1_000_000.0
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "far below the whole numbers that a float holds")]
pub fn count(count: u64) -> f64 {
    count as f64
}

fn milliseconds(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
