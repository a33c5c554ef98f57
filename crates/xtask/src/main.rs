//! `cargo xtask`: the only entry point for getting tools, building, running, testing and measuring.
//!
//! Owns the command line; each command has a file or folder of its own. Never part of what is shipped.

mod args;
mod bench;
mod build;
mod failure;
mod files;
mod fuzz;
mod postgres;
mod process;
mod replay;
mod run;
mod server;
mod setup;
mod simulate;
mod test_command;
mod tidy;
mod tools;
mod wasm_tests;
mod workspace;

use std::process::ExitCode;

use args::Arguments;
use failure::{Failure, Outcome};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  run [--import FOLDER] [--port N] [--data FOLDER] [--dev]
                     gets what is missing, builds, starts the store server and prints two addresses
  test [FILTER]      gets what is missing, then checks and tests everything (or the tests named like FILTER)
  setup [--browser] [--quiet]
                     only gets the tools (--browser: those of the browser tests, too)
  build [--dev]      only builds the pages, into dist/ (--dev: quick to build, large to load)
  bench [NAME [--products N] [--rounds N]] [--json]
                     figures beside their peers (bench sync --registers N --sales N: the store server under load)
  replay FILE ...    rings up a file of real baskets on headless registers (--help says how)
  simulate [--seeds N] [--from S] [--mutation NAME] | --mutations
                     registers and a store server on one clock, with faults, from seeds (--help says how)
  postgres           a private PostgreSQL, until Ctrl-C: for tests, or to run a store server on
  fuzz [TARGET] [--seconds N] [--seed S] | --list
                     damages valid inputs of every decoder (--help says how)
  tidy               the repository's own rules
";

fn main() -> ExitCode {
    let mut arguments = Arguments::new(std::env::args().skip(1));
    match dispatch(&mut arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &mut Arguments) -> Outcome<ExitCode> {
    let command = arguments.next_word().unwrap_or_default();
    match command.as_str() {
        "setup" => setup::command(arguments).map(|()| ExitCode::SUCCESS),
        "build" => build::command(arguments).map(|()| ExitCode::SUCCESS),
        "run" => run::command(arguments),
        "test" => test_command::command(arguments),
        "tidy" => tidy::command(arguments),
        "postgres" => postgres::command(arguments),
        "bench" => bench::command(arguments).map(|()| ExitCode::SUCCESS),
        "replay" => replay::command(arguments),
        "simulate" => simulate::command(arguments),
        "fuzz" => fuzz::command(arguments),
        "" | "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(Failure::new(format!("there is no command {other:?}\n\n{USAGE}"))),
    }
}
