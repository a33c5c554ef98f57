//! The proxy does what it says: without this, a replay over it would prove nothing.

use std::time::Duration;

use holdfast_headless_register::cutting_proxy::CuttingProxy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server that answers each byte with itself.
async fn echo() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await.ok();
            });
        }
    });
    address
}

/// Sends so many bytes and reads them back.
async fn exchange(address: std::net::SocketAddr, bytes: usize) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let (mut from, mut to) = stream.split();
    let sent = vec![7; bytes];
    let write = async {
        to.write_all(&sent).await?;
        to.shutdown().await
    };
    let mut back = Vec::new();
    let read = from.read_to_end(&mut back);
    tokio::try_join!(write, async { read.await.map(drop) })?;
    Ok(back == sent)
}

#[tokio::test]
async fn every_fault_happens_and_what_is_passed_on_is_whole() {
    let proxy = CuttingProxy::start(echo().await, 1).await.expect("it listens");
    let (mut whole, mut failed) = (0, 0);
    let has_all = || {
        let faults = proxy.faults();
        [
            faults.requests_cut,
            faults.answers_cut,
            faults.upload_answers_cut,
            faults.pulled,
            faults.delayed,
            faults.refusals,
            faults.silences,
        ]
        .iter()
        .all(|count| *count > 0)
    };
    let began = tokio::time::Instant::now();
    while !has_all() || whole == 0 || failed == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", proxy.faults());
        let once = tokio::time::timeout(Duration::from_millis(500), exchange(proxy.address(), 50_000));
        match once.await {
            Ok(Ok(true)) => whole += 1,
            // Cut in an orderly way: too little came back, and the peer can tell.
            Ok(Ok(false) | Err(_)) | Err(_) => failed += 1,
        }
        // Idle connections are what a pulled cable finds most.
        if whole % 5 == 4 {
            drop(tokio::time::timeout(Duration::from_millis(5), TcpStream::connect(proxy.address())).await);
        }
    }
}

#[tokio::test]
async fn a_healed_network_fails_no_more() {
    let proxy = CuttingProxy::start(echo().await, 2).await.expect("it listens");
    tokio::time::sleep(Duration::from_millis(300)).await;
    proxy.heal();
    tokio::time::sleep(Duration::from_millis(300)).await;
    // The one fault that is left to no chance.
    if proxy.faults().upload_answers_cut == 0 {
        exchange(proxy.address(), 50_000).await.ok();
    }
    for _ in 0..50 {
        assert!(exchange(proxy.address(), 50_000).await.expect("an answer"));
    }
}
