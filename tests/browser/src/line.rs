//! A line to a server: it counts the bytes that a browser is told, headers included, and they arrive as late as a test
//! says, the first as the last. What a browser asks for arrives at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::Outcome;

/// Pieces of an answer that are on the line at once; more have to wait where they come from.
const PIECES_MAX: usize = 1_024;

/// A running line. It ends when this is dropped.
pub struct Line {
    address: SocketAddr,
    told: Arc<Told>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Told {
    delay_ms: AtomicU64,
    bytes: AtomicU64,
}

impl Line {
    /// A line to the server on a port, as fast as the machine.
    ///
    /// # Errors
    /// When it can't listen.
    pub async fn to(port: u16) -> Outcome<Line> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let told = Arc::<Told>::default();
        let task = tokio::spawn(serve(listener, port, Arc::clone(&told)));
        Ok(Line { address, told, task })
    }

    /// Where the server's pages are at this end of the line.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// How late what the server says arrives from now on.
    pub fn delay(&self, by: Duration) {
        self.told.delay_ms.store(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Bytes so far, from the server to browsers.
    pub fn bytes(&self) -> u64 {
        self.told.bytes.load(Ordering::Relaxed)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, port: u16, told: Arc<Told>) {
    while let Ok((client, _)) = listener.accept().await {
        let told = Arc::clone(&told);
        tokio::spawn(async move {
            // Without a server the connection just ends, as it does without the line.
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
            let (mut from_client, to_client) = client.into_split();
            let (from_server, mut to_server) = server.into_split();
            let (pieces, late) = mpsc::channel(PIECES_MAX);
            tokio::join!(
                async {
                    // The end of one side is the end of the other; whoever ended it knows why.
                    tokio::io::copy(&mut from_client, &mut to_server).await.ok();
                    to_server.shutdown().await.ok();
                },
                take(from_server, pieces, told),
                give(late, to_client),
            );
        });
    }
}

/// Notes of each piece when it is to arrive.
async fn take(
    mut from: impl AsyncReadExt + Unpin,
    pieces: mpsc::Sender<(Instant, Vec<u8>)>,
    told: Arc<Told>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        told.bytes.fetch_add(count as u64, Ordering::Relaxed);
        let at = Instant::now() + Duration::from_millis(told.delay_ms.load(Ordering::Relaxed));
        if pieces.send((at, buffer[..count].to_vec())).await.is_err() {
            return;
        }
    }
}

async fn give(mut late: mpsc::Receiver<(Instant, Vec<u8>)>, mut to: impl AsyncWriteExt + Unpin) {
    while let Some((at, bytes)) = late.recv().await {
        sleep_until(at).await;
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
    to.shutdown().await.ok();
}
