//! Figures measured in a real browser, each beside its peer in the same session: `bench NAME`.
//!
//! Owns the list; each bench has a file or folder of its own. The last line printed is a JSON array of
//! `{name, value, unit, peer, peer_value, ratio}`, with `budget` and `is_met` where there is one.

mod download;
mod download_demo;
mod peer_server;
mod products;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    let words: Vec<String> = words.collect();
    let figures = match name.as_str() {
        "download" => download::measure(&words).await,
        "download-demo" => download_demo::measure().await,
        other => Err(format!("there is no bench {other:?}; there are: download, download-demo").into()),
    };
    match figures {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
