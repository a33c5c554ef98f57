//! The `load` program: many registers against one store server. See [`holdfast_headless_register::load`].

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use holdfast_figures::Figure;
use holdfast_headless_register::load::{self, Options};
use holdfast_headless_register::server_process;

/// Has many registers take a snapshot, synchronise, and come back at once with queued sales; prints figures.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Arguments {
    /// Registers
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(1..=9_800))]
    registers: u16,
    /// Sales that each has queued when it comes back
    #[arg(long, default_value_t = 500)]
    sales: usize,
    /// Products in the catalogue
    #[arg(long, default_value_t = 100_000)]
    products: usize,
    /// A PostgreSQL in which to make two databases; SQLite where not given
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Folder of the real data
    #[arg(long, env = "HOLDFAST_DATA", default_value = "../shared/data")]
    data: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(printed) => {
            println!("{printed}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<String, Box<dyn std::error::Error>> {
    let options = Options {
        registers: arguments.registers,
        sales: arguments.sales,
        products: arguments.products,
        server: server_process::program()?,
        postgres: arguments.postgres,
        data: arguments.data,
        progress: |text| eprintln!("{text}"),
    };
    let figures = load::run(&options).await?.iter().map(Figure::to_json).collect();
    Ok(serde_json::Value::Array(figures).to_string())
}
