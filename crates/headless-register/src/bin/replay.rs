//! The `replay` program: a file of baskets through headless registers. See [`holdfast_headless_register::replay`].

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use holdfast_headless_register::random::Random;
use holdfast_headless_register::refusal;
use holdfast_headless_register::replay::{Options, Outcome, RunningServer, replay};

/// Replays a file of baskets through registers against a store server, and compares the totals.
#[derive(Debug, Parser)]
#[command(name = "replay")]
struct Arguments {
    /// File of baskets (CSV, packed with gzip or not); products.csv and customers.csv beside it are its catalogue
    file: PathBuf,
    /// Registers that sell
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=500))]
    registers: u16,
    /// Cut the network between registers and store server at random
    #[arg(long)]
    cut_network: bool,
    /// Publish so many versions of two profiles at random while they sell, as an administrator over the admin API, who
    /// also goes back to earlier ones, gives registers the one or the other and edits customers and products; compare
    /// the registers with fresh ones at the end
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "server", value_parser = clap::value_parser!(u32).range(0..=1000))]
    profile_changes: u32,
    /// Where the network is cut and what is changed; another one at each start where not given
    #[arg(long)]
    seed: Option<u64>,
    /// Speed of the registers' clock; 20 with --cut-network, else 1
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    speed_up: Option<u32>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Write the refused lines: invoice_no,line_no,reason
    #[arg(long, value_name = "OUT.csv")]
    refused: Option<PathBuf>,
    /// A store server that runs; else one is started on a temporary folder
    #[arg(long, value_name = "URL", requires = "admin_password")]
    server: Option<String>,
    /// An empty PostgreSQL database for the store server that is started: postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, value_name = "ADDRESS", env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Password of its administrator
    #[arg(long, value_name = "P", env = "HOLDFAST_ADMIN_PASSWORD", hide_env_values = true)]
    admin_password: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(Random::fresh_seed);
    if arguments.cut_network || arguments.profile_changes > 0 {
        eprintln!("seed {seed}");
    }
    let server = arguments.server.clone().zip(arguments.admin_password.clone());
    let options = Options {
        file: arguments.file.clone(),
        registers: arguments.registers,
        cut_network: arguments.cut_network,
        profile_changes: arguments.profile_changes,
        seed,
        speed_up: arguments.speed_up,
        server: server.map(|(url, admin_password)| RunningServer { url, admin_password }),
        database_url: arguments.database_url.clone().filter(|address| !address.is_empty()),
        progress: |text| eprintln!("{text}"),
    };
    match replay(&options).await {
        Ok(outcome) => report(&arguments, &outcome),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn report(arguments: &Arguments, outcome: &Outcome) -> ExitCode {
    if let Some(faults) = outcome.faults {
        eprintln!("network: {faults:?}");
    }
    let printed = if arguments.json {
        serde_json::to_string(&outcome.summary)
    } else {
        serde_json::to_string_pretty(&outcome.summary)
    };
    match printed {
        Ok(text) => println!("{text}"),
        Err(error) => eprintln!("error: {error}"),
    }
    for failure in &outcome.failures {
        eprintln!("FAILED {failure}");
    }
    if let Some(path) = &arguments.refused
        && let Err(error) = refusal::write_csv(path, &outcome.refused)
    {
        eprintln!("error: {} can't be written: {error}", path.display());
        return ExitCode::from(2);
    }
    if outcome.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
