//! A network that fails: a TCP proxy that refuses, stays silent, delays, and cuts connections in the middle
//! of a request or of its answer.
//!
//! The cut in an answer is the one that matters most: the store server has applied an upload, and the
//! register does not know.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::random::Random;

/// Bytes of a request from which on it must be an upload: everything else that registers send is small.
const UPLOAD_BYTES_MIN: u64 = 4 * 1024;

/// What was done to connections so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// Connections made.
    pub connections: u64,
    /// Cut while a request was sent.
    pub requests_cut: u64,
    /// Cut while an answer was sent: the store server has done what was asked.
    pub answers_cut: u64,
    /// Of these, those that answered an upload.
    pub upload_answers_cut: u64,
    /// Cut whatever they did, when all were.
    pub pulled: u64,
    /// Passed on late.
    pub delayed: u64,
    /// Times that nothing listened.
    pub refusals: u64,
    /// Times that nothing was answered.
    pub silences: u64,
}

#[derive(Debug, Default)]
struct Counters {
    connections: AtomicU64,
    requests_cut: AtomicU64,
    answers_cut: AtomicU64,
    upload_answers_cut: AtomicU64,
    pulled: AtomicU64,
    delayed: AtomicU64,
    refusals: AtomicU64,
    silences: AtomicU64,
}

/// A running proxy. It ends when this is dropped.
#[derive(Debug)]
pub struct CuttingProxy {
    address: SocketAddr,
    counters: Arc<Counters>,
    healed: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl CuttingProxy {
    /// Starts a proxy to `upstream`; `seed` decides what fails.
    ///
    /// # Errors
    /// [`std::io::Error`] when it can't listen.
    pub async fn start(upstream: SocketAddr, seed: u64) -> std::io::Result<CuttingProxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let counters = Arc::new(Counters::default());
        let (healed, healed_seen) = watch::channel(false);
        let network =
            Network { upstream, address, random: Random::new(seed), counters: Arc::clone(&counters) };
        let task = tokio::spawn(network.run(listener, healed_seen));
        Ok(CuttingProxy { address, counters, healed, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends all faults for good.
    pub fn heal(&self) {
        self.healed.send_replace(true);
    }

    /// What was done so far.
    pub fn faults(&self) -> Faults {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Faults {
            connections: read(&self.counters.connections),
            requests_cut: read(&self.counters.requests_cut),
            answers_cut: read(&self.counters.answers_cut),
            upload_answers_cut: read(&self.counters.upload_answers_cut),
            pulled: read(&self.counters.pulled),
            delayed: read(&self.counters.delayed),
            refusals: read(&self.counters.refusals),
            silences: read(&self.counters.silences),
        }
    }
}

impl Drop for CuttingProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What happens to one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Passed,
    Delayed(Duration),
    RequestCut { after_bytes: usize },
    AnswerCut { after_bytes: usize },
}

/// How the network is for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    Fair,
    Refusing,
    Silent,
}

struct Network {
    upstream: SocketAddr,
    address: SocketAddr,
    random: Random,
    counters: Arc<Counters>,
}

impl Network {
    async fn run(mut self, listener: TcpListener, mut healed: watch::Receiver<bool>) {
        let mut listener = Some(listener);
        let (cut_all, _) = watch::channel(());
        let mut weather = Weather::Fair;
        while !*healed.borrow() {
            let until = Instant::now() + self.duration_of(weather);
            match weather {
                Weather::Fair => self.serve(&mut listener, until, &cut_all, &mut healed, false).await,
                Weather::Silent => {
                    count(&self.counters.silences);
                    self.serve(&mut listener, until, &cut_all, &mut healed, true).await;
                }
                Weather::Refusing => {
                    count(&self.counters.refusals);
                    listener = None;
                    wait(until, &mut healed).await;
                }
            }
            // What was fair ends with all connections cut, as when a cable is pulled.
            cut_all.send_replace(());
            weather = self.next_weather(weather);
        }
        loop {
            let far = Instant::now() + Duration::from_secs(3_600);
            self.serve(&mut listener, far, &cut_all, &mut healed, false).await;
        }
    }

    fn next_weather(&mut self, before: Weather) -> Weather {
        match before {
            Weather::Refusing | Weather::Silent => Weather::Fair,
            Weather::Fair if self.random.between(0, 2) == 0 => Weather::Refusing,
            Weather::Fair => Weather::Silent,
        }
    }

    fn duration_of(&mut self, weather: Weather) -> Duration {
        Duration::from_millis(match weather {
            Weather::Fair => self.random.between(200, 2_500),
            // Often shorter than the offline timeout, sometimes longer than a reconnect attempt interval.
            Weather::Refusing | Weather::Silent => 30 + self.random.any_magnitude(12),
        })
    }

    fn fate(&mut self) -> Fate {
        match self.random.between(0, 10) {
            0..5 => Fate::Passed,
            5 => Fate::Delayed(Duration::from_millis(self.random.between(10, 300))),
            6..8 => Fate::RequestCut { after_bytes: bytes(self.random.any_magnitude(19)) },
            8.. => {
                let some = self.random.between(0, 3) * self.random.any_magnitude(10);
                Fate::AnswerCut { after_bytes: bytes(some) }
            }
        }
    }

    /// Accepts connections until the time is over, or until the network heals.
    async fn serve(
        &mut self,
        listener: &mut Option<TcpListener>,
        until: Instant,
        cut_all: &watch::Sender<()>,
        healed: &mut watch::Receiver<bool>,
        is_silent: bool,
    ) {
        let Some(listening) = self.listen(listener).await else { return wait(until, healed).await };
        let was_healed = *healed.borrow();
        loop {
            let client = tokio::select! {
                accepted = listening.accept() => accepted,
                () = tokio::time::sleep_until(until) => return,
                Ok(()) = healed.changed(), if !was_healed => return,
            };
            let Ok((client, _)) = client else { continue };
            count(&self.counters.connections);
            let mut cut = cut_all.subscribe();
            if is_silent {
                tokio::spawn(async move {
                    // Held open, so that the other side gets no answer rather than a refusal.
                    cut.changed().await.ok();
                    reset(&client);
                });
                continue;
            }
            let fate = if was_healed { Fate::Passed } else { self.fate() };
            tokio::spawn(pass_on(client, self.upstream, fate, cut, Arc::clone(&self.counters)));
        }
    }

    async fn listen<'l>(&self, listener: &'l mut Option<TcpListener>) -> Option<&'l TcpListener> {
        if listener.is_none() {
            *listener = TcpListener::bind(self.address).await.ok();
        }
        listener.as_ref()
    }
}

async fn wait(until: Instant, healed: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep_until(until) => {}
        _ = healed.wait_for(|healed| *healed) => {}
    }
}

/// Why a connection ends.
enum End {
    /// By the peers.
    Closed,
    /// By this proxy, while a request was sent.
    RequestCut,
    /// By this proxy, while an answer was sent.
    AnswerCut,
    /// With all others.
    Pulled,
}

async fn pass_on(
    mut client: TcpStream,
    upstream: SocketAddr,
    fate: Fate,
    mut cut: watch::Receiver<()>,
    counters: Arc<Counters>,
) {
    let Ok(mut server) = TcpStream::connect(upstream).await else { return reset(&client) };
    if let Fate::Delayed(delay) = fate {
        count(&counters.delayed);
        tokio::time::sleep(delay).await;
    }
    let (mut request_left, mut answer_left) = match fate {
        Fate::Passed | Fate::Delayed(_) => (usize::MAX, usize::MAX),
        Fate::RequestCut { after_bytes } => (after_bytes, usize::MAX),
        Fate::AnswerCut { after_bytes } => (usize::MAX, after_bytes),
    };
    // Bytes sent since the last answer began.
    let requested = AtomicU64::new(0);
    let is_upload = || requested.load(Ordering::Relaxed) >= UPLOAD_BYTES_MIN;
    let end = {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let requests = copy(&mut from_client, &mut to_server, |bytes| {
            let passed = bytes.min(request_left);
            request_left -= passed;
            requested.fetch_add(passed as u64, Ordering::Relaxed);
            passed
        });
        let answers = copy(&mut from_server, &mut to_client, |bytes| {
            // The fault that matters most is left to no chance: it happens once in every run.
            if is_upload() && counters.upload_answers_cut.load(Ordering::Relaxed) == 0 {
                answer_left = 0;
            }
            let passed = bytes.min(answer_left);
            answer_left -= passed;
            if passed == bytes {
                requested.store(0, Ordering::Relaxed);
            }
            passed
        });
        let both = async {
            let requests = async { requests.await.map_err(|Cut| End::RequestCut) };
            let answers = async { answers.await.map_err(|Cut| End::AnswerCut) };
            tokio::try_join!(requests, answers).err().unwrap_or(End::Closed)
        };
        tokio::select! {
            end = both => end,
            _ = cut.changed() => End::Pulled,
        }
    };
    match end {
        End::Closed => return,
        End::RequestCut => count(&counters.requests_cut),
        End::AnswerCut => {
            count(&counters.answers_cut);
            if is_upload() {
                count(&counters.upload_answers_cut);
            }
        }
        End::Pulled => count(&counters.pulled),
    }
    reset(&client);
    reset(&server);
}

/// Not all of what came was passed on.
struct Cut;

/// Copies to the end, as far as `pass` lets each piece through.
async fn copy(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut pass: impl FnMut(usize) -> usize,
) -> Result<(), Cut> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => {
                // The other direction ends by itself when its peer notices.
                to.shutdown().await.ok();
                return Ok(());
            }
            Ok(read) => read,
        };
        let passed = pass(read);
        if to.write_all(&buffer[..passed]).await.is_err() {
            return Ok(());
        }
        if passed < read {
            return Err(Cut);
        }
    }
}

/// Lets the connection end with a reset instead of an orderly close.
fn reset(stream: &TcpStream) {
    // Without it the close is orderly, which is a fault as well.
    stream.set_zero_linger().ok();
}

fn bytes(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
