//! The `holdfast-store-server` program.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    holdfast_store_server::cli::run().await
}
