//! Counts the bytes that a browser gets from a server, headers included.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use holdfast_browser_tests::Outcome;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

/// Stands between a browser and a server; ends with its process.
pub struct CountingProxy {
    port: u16,
    bytes: Arc<AtomicU64>,
}

impl CountingProxy {
    /// Listens for the server on `to_port`.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(to_port: u16) -> Outcome<CountingProxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let bytes = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&bytes);
        tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let counter = Arc::clone(&counter);
                tokio::spawn(async move {
                    // A connection that breaks is the browser's to open again.
                    if let Err(error) = pass_on(browser, to_port, &counter).await {
                        eprintln!("a connection through the proxy ended: {error}");
                    }
                });
            }
        });
        Ok(CountingProxy { port, bytes })
    }

    /// Where the server is reached through it.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Bytes so far, from the server to browsers.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

async fn pass_on(browser: TcpStream, to_port: u16, counter: &AtomicU64) -> std::io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", to_port)).await?;
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async {
        copy(&mut from_browser, &mut to_server).await?;
        to_server.shutdown().await
    };
    let down = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = from_server.read(&mut buffer).await?;
            if read == 0 {
                return to_browser.shutdown().await;
            }
            counter.fetch_add(read as u64, Ordering::Relaxed);
            to_browser.write_all(&buffer[..read]).await?;
        }
    };
    tokio::try_join!(up, down).map(|_| ())
}
