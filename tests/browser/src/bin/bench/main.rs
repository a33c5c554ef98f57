//! Figures measured in a real browser, each beside its peer in the same session: `bench NAME`.
//!
//! Owns the list; each bench has a file of its own. The last line printed is a JSON array of
//! `{name, value, unit, peer, peer_value, ratio}`.

mod download_demo;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let figures = match name.as_str() {
        "download-demo" => download_demo::measure().await,
        other => Err(format!("there is no bench {other:?}; there is: download-demo").into()),
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
