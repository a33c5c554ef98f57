//! Live requests while something else goes on: sign-ins and look-ups at a steady pace, each with its time.
//!
//! The pace does not wait for answers: a request that is due while others are unanswered is sent all the same,
//! and its time counts from when it was due.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use holdfast_protocol::look_up::{LookUpRequest, Wanted};
use holdfast_sync::Call;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::admin_api::AdminApi;
use crate::register_api::RegisterApi;

/// Between two sign-ins.
const SIGN_IN_EVERY: Duration = Duration::from_millis(500);
/// Between two look-ups of each kind.
const LOOK_UP_EVERY: Duration = Duration::from_millis(100);
/// What somebody at a till types whose register does not keep it: in the names of a few products of the real catalogue.
const TYPED: &str = "metal sign";
/// How long a probe may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A kind of live request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// An administrator signs in.
    SignIn,
    /// An administrator looks at the newest sales.
    Sales,
    /// A register asks for its profile.
    Profile,
    /// A register looks for products that it does not keep.
    Products,
}

/// What the probes of a kind came to.
#[derive(Debug, Clone)]
pub struct Latencies {
    /// Which kind.
    pub probe: Probe,
    /// Times, shortest first.
    pub sorted: Vec<Duration>,
    /// How many were not answered with what they asked for.
    pub failed: usize,
}

/// Who sends the probes.
#[derive(Debug, Clone)]
pub struct Prober {
    /// A session.
    pub admin: AdminApi,
    /// A register of its own.
    pub register: RegisterApi,
    /// The store server.
    pub url: String,
    /// The administrator's password.
    pub password: String,
}

/// Probes under way.
#[derive(Debug)]
pub struct Probing {
    stop: Arc<AtomicBool>,
    kinds: JoinSet<Latencies>,
}

impl Latencies {
    /// The time within which this many thousandths were answered.
    pub fn at(&self, thousandths: usize) -> Duration {
        let place = (self.sorted.len() * thousandths).div_ceil(1_000).saturating_sub(1);
        self.sorted.get(place).copied().unwrap_or_default()
    }
}

impl Prober {
    /// Begins.
    pub fn begin(&self) -> Probing {
        let stop = Arc::new(AtomicBool::new(false));
        let mut kinds = JoinSet::new();
        for probe in [Probe::SignIn, Probe::Sales, Probe::Profile, Probe::Products] {
            kinds.spawn(run(self.clone(), probe, Arc::clone(&stop)));
        }
        Probing { stop, kinds }
    }

    async fn send(&self, probe: Probe) -> bool {
        match probe {
            Probe::SignIn => AdminApi::sign_in(&self.url, &self.password).await.is_ok(),
            Probe::Sales => self.admin.newest_sales().await.is_ok(),
            Probe::Profile => self.register.call(&Call::Profile, TIMEOUT).await.is_ok(),
            Probe::Products => {
                let request = LookUpRequest { wanted: Wanted::Products, text: TYPED.to_owned() };
                self.register.call(&Call::LookUp(request), TIMEOUT).await.is_ok()
            }
        }
    }
}

impl Probing {
    /// Ends, once those under way are answered.
    pub async fn end(mut self) -> Vec<Latencies> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        while let Some(latencies) = self.kinds.join_next().await {
            all.extend(latencies);
        }
        all.sort_by_key(|latencies: &Latencies| latencies.probe.name());
        all
    }
}

impl Probe {
    /// Its name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Probe::SignIn => "sign-in",
            Probe::Sales => "newest sales",
            Probe::Profile => "profile",
            Probe::Products => "products",
        }
    }

    fn every(self) -> Duration {
        match self {
            Probe::SignIn => SIGN_IN_EVERY,
            Probe::Sales | Probe::Profile | Probe::Products => LOOK_UP_EVERY,
        }
    }
}

async fn run(prober: Prober, probe: Probe, stop: Arc<AtomicBool>) -> Latencies {
    let mut sent = JoinSet::new();
    let mut due = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        due += probe.every();
        tokio::time::sleep_until(due).await;
        let prober = prober.clone();
        sent.spawn(async move {
            let is_right = prober.send(probe).await;
            (is_right, due.elapsed())
        });
    }
    let (mut sorted, mut failed) = (Vec::new(), 0);
    while let Some(done) = sent.join_next().await {
        match done {
            Ok((true, took)) => sorted.push(took),
            Ok((false, _)) | Err(_) => failed += 1,
        }
    }
    sorted.sort();
    Latencies { probe, sorted, failed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let sorted: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        let latencies = Latencies { probe: Probe::Sales, sorted, failed: 0 };
        assert_eq!([500, 950, 990, 1_000].map(|at| latencies.at(at).as_millis()), [100, 190, 198, 200]);
        let none = Latencies { probe: Probe::Sales, sorted: Vec::new(), failed: 0 };
        assert_eq!(none.at(990), Duration::ZERO);
    }
}
