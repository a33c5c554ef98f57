//! `fuzz`: the native loop over the targets; `cargo xtask fuzz` calls it.
//!
//! A round is made from seed, target and number alone, so that any of them can be run again. The rounds run in
//! a process of their own: one that is ended by the system (too much memory, a stack that is full) is found by
//! running its last rounds again, each input written down before it is used.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Parser;
use holdfast_fuzz::round::{Finding, input_of, run, warm_up};
use holdfast_fuzz::targets::{self, Target, Verdict};

/// Rounds between two notes of how far it is.
const NOTED_EVERY: u64 = 500;
/// After so long in one round it hangs.
const HANGS_AFTER: Duration = Duration::from_secs(20);

/// Damages valid inputs of every decoder and looks for panics, lies, and memory or time without measure.
#[derive(Debug, Clone, Parser)]
#[command(name = "fuzz")]
struct Arguments {
    /// Only this target.
    target: Option<String>,
    /// How long, all targets together.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Instead of a time, so many rounds of each target.
    #[arg(long)]
    rounds: Option<u64>,
    /// The same seed makes the same inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first round.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Only prints the names of the targets, one a line.
    #[arg(long)]
    list: bool,
    /// Runs the target with the content of this file, once.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Where inputs that fail are kept.
    #[arg(long, default_value = "target/fuzz")]
    findings: PathBuf,
    /// Does the rounds itself.
    #[arg(long, hide = true)]
    worker: bool,
    /// Writes each input down before it is used.
    #[arg(long, hide = true)]
    careful: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        targets::all().iter().for_each(|target| println!("{}", target.name));
        return ExitCode::SUCCESS;
    }
    let chosen: Vec<&'static Target> = match &arguments.target {
        None => targets::all().to_vec(),
        Some(name) => Target::named(name).into_iter().collect(),
    };
    if chosen.is_empty() {
        eprintln!("there is no such target; --list names them");
        return ExitCode::FAILURE;
    }
    let done = match (&arguments.input, chosen.as_slice()) {
        (Some(file), [target]) => one_input(target, file),
        (Some(_), _) => Err("name the target of the input".to_owned()),
        (None, [target]) if arguments.worker => rounds(target, &arguments),
        (None, chosen) => all_targets(chosen, &arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            println!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn one_input(target: &Target, file: &Path) -> Result<(), String> {
    let input = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    warm_up(target, &target.samples());
    let verdict = run(target, &input).map_err(|finding| format!("{}: {finding:?}", target.name))?;
    println!("{}: {verdict:?}", target.name);
    Ok(())
}

fn all_targets(chosen: &[&Target], arguments: &Arguments) -> Result<(), String> {
    println!("seed {}", arguments.seed);
    let each_ms = arguments.seconds * 1_000 / chosen.len() as u64;
    let mut failed = 0;
    for target in chosen {
        if let Err(reason) = in_a_process(target, arguments, each_ms) {
            println!("{reason}");
            failed += 1;
        }
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} targets failed", chosen.len())) }
}

/// Where a worker notes how far it is, and its input where it is careful.
struct Notes {
    round: PathBuf,
    input: PathBuf,
}

impl Notes {
    fn of(target: &Target, arguments: &Arguments) -> Notes {
        let name = |what: &str| arguments.findings.join(format!("{}-{what}", target.name));
        Notes { round: name("round"), input: name("input") }
    }
}

fn worker(target: &Target, arguments: &Arguments) -> Command {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("fuzz"));
    let mut command = Command::new(program);
    command.args([target.name, "--worker", "--seed", &arguments.seed.to_string()]);
    command.arg("--findings").arg(&arguments.findings);
    command
}

fn in_a_process(target: &Target, arguments: &Arguments, each_ms: u64) -> Result<(), String> {
    let io = |error: std::io::Error| format!("{}: {error}", target.name);
    std::fs::create_dir_all(&arguments.findings).map_err(io)?;
    let notes = Notes::of(target, arguments);
    let mut command = worker(target, arguments);
    command.args(["--from", &arguments.from.to_string(), "--seconds", &each_ms.div_ceil(1_000).to_string()]);
    if let Some(rounds) = arguments.rounds {
        command.args(["--rounds", &rounds.to_string()]);
    }
    let status = command.status().map_err(io)?;
    match status.code() {
        Some(0) => return Ok(()),
        Some(_) => return Err(format!("{}: failed", target.name)),
        None => {}
    }
    // Ended by the system: the round is one of those since the last note.
    let noted = std::fs::read_to_string(&notes.round).unwrap_or_default();
    let mut command = worker(target, arguments);
    command.args(["--from", noted.trim(), "--rounds", &NOTED_EVERY.to_string(), "--careful"]);
    let again = command.status().map_err(io)?;
    Err(format!(
        "{}: {status}, and {again} when run again; its last input is in {}",
        target.name,
        notes.input.display()
    ))
}

fn rounds(target: &'static Target, arguments: &Arguments) -> Result<(), String> {
    // A panic is a finding that is told below, once.
    std::panic::set_hook(Box::new(|_| {}));
    let samples = target.samples();
    warm_up(target, &samples);
    let notes = Notes::of(target, arguments);
    let began = Instant::now();
    let end = arguments.rounds.map(|count| arguments.from.saturating_add(count));
    let (mut round, mut taken) = (arguments.from, 0_u64);
    let io = |error: std::io::Error| format!("{}: {error}", target.name);
    while end.map_or(began.elapsed().as_secs() < arguments.seconds, |end| round < end) {
        if (round - arguments.from).is_multiple_of(NOTED_EVERY) {
            std::fs::write(&notes.round, round.to_string()).map_err(io)?;
        }
        let input = input_of(target, &samples, arguments.seed, round);
        if arguments.careful {
            std::fs::write(&notes.input, &input).map_err(io)?;
        }
        watch::begin(target, round, &input, arguments);
        // Something slow is slow again; another program that took the processor is not.
        let found = run(target, &input).or_else(|finding| match finding {
            Finding::Time(_) => run(target, &input),
            finding @ (Finding::Panic(_) | Finding::Memory { .. }) => Err(finding),
        });
        watch::end();
        match found {
            Ok(Verdict::Taken) => taken += 1,
            Ok(Verdict::Refused) => {}
            Err(finding) => {
                let file = keep(target, round, &input, arguments);
                return Err(format!(
                    "{} seed {} round {round}: {finding:?}\n  {file}",
                    target.name, arguments.seed
                ));
            }
        }
        round += 1;
    }
    let count = round - arguments.from;
    println!("{}: {count} rounds in {:.1} s, {taken} taken", target.name, began.elapsed().as_secs_f64());
    Ok(())
}

/// Writes an input that fails to a file; says where.
fn keep(target: &Target, round: u64, input: &[u8], arguments: &Arguments) -> String {
    let file = arguments.findings.join(format!("{}-{}-{round}.bin", target.name, arguments.seed));
    match std::fs::write(&file, input) {
        Ok(()) => format!("kept in {}", file.display()),
        Err(error) => format!("not kept: {error}"),
    }
}

/// Ends the program when a round does not.
mod watch {
    use super::{Arguments, Duration, HANGS_AFTER, Instant, Mutex, PoisonError, Target, keep};

    struct Running {
        began: Instant,
        round: u64,
        input: Vec<u8>,
    }

    static RUNNING: Mutex<Option<Running>> = Mutex::new(None);
    static WATCHER: std::sync::Once = std::sync::Once::new();

    pub(super) fn begin(target: &'static Target, round: u64, input: &[u8], arguments: &Arguments) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Running { began: Instant::now(), round, input: input.to_vec() });
        WATCHER.call_once(|| {
            let arguments = arguments.clone();
            std::thread::spawn(move || {
                loop {
                    std::thread::sleep(Duration::from_secs(1));
                    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(Running { began, round, input }) = running.as_ref()
                        && began.elapsed() > HANGS_AFTER
                    {
                        let file = keep(target, *round, input, &arguments);
                        println!(
                            "{} seed {} round {round} does not end\n  {file}",
                            target.name, arguments.seed
                        );
                        std::process::exit(1);
                    }
                }
            });
        });
    }

    pub(super) fn end() {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
