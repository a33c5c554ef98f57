//! `cargo xtask simulate`: hands seeds to the simulator. Its own program does the work.

use std::process::ExitCode;

use crate::args::Arguments;
use crate::failure::{Failure, Outcome};
use crate::{process, server};

/// `simulate ARGUMENTS`, all of them for the program.
pub fn command(arguments: &mut Arguments) -> Outcome<ExitCode> {
    let programs = server::build(&["simulate"])?;
    let [simulate] = programs.as_slice() else { return Err(Failure::new("no simulator was built")) };
    let status = process::foreground(process::command(simulate).args(arguments.rest()))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
