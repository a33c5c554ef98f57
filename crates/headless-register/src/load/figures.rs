//! What a load run measured, as figures beside their peers.

use serde::Serialize;

use super::probes::Latencies;
use super::process_usage::Usage;
use crate::traffic::{Kind, KindCounts};

/// A figure; `cargo xtask bench` shows them as a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: String,
    /// What it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// How much that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer_value: Option<f64>,
    /// Value ÷ peer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
}

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
    pub fn add(&mut self, name: &str, value: f64, unit: &str) {
        let name = format!("{}{name}", self.prefix);
        let unit = unit.to_owned();
        self.all.push(Figure { name, value, unit, peer: None, peer_value: None, ratio: None });
    }

    /// A figure beside its peer.
    pub fn compare(&mut self, name: &str, value: f64, unit: &str, peer: &str, peer_value: f64) {
        self.add(name, value, unit);
        if let Some(figure) = self.all.last_mut().filter(|_| peer_value > 0.0) {
            figure.peer = Some(peer.to_owned());
            figure.peer_value = Some(peer_value);
            figure.ratio = Some(value / peer_value);
        }
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
        let p99 = milliseconds(latencies.at(990));
        self.compare(&format!("{name} p99"), p99, "ms", "budget", budget_ms);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_without_a_peer_has_no_ratio() {
        let mut figures = Figures::of("sqlite");
        figures.add("a", 2.0, "s");
        figures.compare("b", 2.0, "s", "limit", 4.0);
        figures.compare("c", 2.0, "s", "nothing", 0.0);
        let ratios: Vec<Option<f64>> = figures.into_all().iter().map(|figure| figure.ratio).collect();
        assert_eq!(ratios, [None, Some(0.5), None]);
    }
}
