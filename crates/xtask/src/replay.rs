//! `cargo xtask replay`: hands a file of baskets to the headless registers. Their own program does the work.

use std::process::ExitCode;

use crate::args::Arguments;
use crate::failure::{Failure, Outcome};
use crate::{process, server};

/// `replay ARGUMENTS`, all of them for the program.
pub fn command(arguments: &mut Arguments) -> Outcome<ExitCode> {
    let programs = server::build(&[server::STORE_SERVER, "replay"])?;
    let [store_server, replay] = programs.as_slice() else { return Err(Failure::new("no replay was built")) };
    let mut command = process::command(replay);
    // File names on the command line are relative to where the person stands.
    command.current_dir(std::env::current_dir().map_err(|error| Failure::new(error.to_string()))?);
    command.args(arguments.rest()).env("HOLDFAST_SERVER_BIN", store_server);
    let status = process::foreground(&mut command)?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
