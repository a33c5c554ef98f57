//! `cargo xtask fuzz`: hands targets to the native fuzzing loop. Its own program does the work.

use std::process::ExitCode;

use crate::args::Arguments;
use crate::failure::{Failure, Outcome};
use crate::{process, server};

/// `fuzz ARGUMENTS`, all of them for the program.
pub fn command(arguments: &mut Arguments) -> Outcome<ExitCode> {
    let programs = server::build(&["fuzz"])?;
    let [fuzz] = programs.as_slice() else { return Err(Failure::new("no fuzzing loop was built")) };
    let status = process::foreground(process::command(fuzz).args(arguments.rest()))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
