//! Running other programs: as a step with progress and a log, to read their output, or in the foreground.

use std::fs::File;
use std::io::{IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Doing, Failure, Outcome};
use crate::{files, workspace};

/// How much of a log is shown when its step fails.
const TAIL_LINES: usize = 60;
/// How often a step that isn't watched on a terminal says that it goes on.
const SAY_EVERY: Duration = Duration::from_secs(15);

/// A command, cleaned of what the cargo that started this program left in the environment.
///
/// Without that, `LD_LIBRARY_PATH` would point another toolchain's compiler at this one's libraries.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let left_by_cargo = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if text == "LD_LIBRARY_PATH" || text == "CARGO" || left_by_cargo.iter().any(|p| text.starts_with(p)) {
            command.env_remove(&name);
        }
    }
    command
}

/// A command for a program that ends when this one does, however that ends; where the system can do that.
pub fn command_that_ends_with_us(program: &Path) -> Command {
    match find("setpriv") {
        Some(setpriv) => {
            let mut command = command(setpriv);
            command.args(["--pdeathsig", "TERM", "--"]).arg(program);
            command
        }
        None => command(program),
    }
}

/// What a command prints; fails when it does.
pub fn output(command: &mut Command) -> Outcome<String> {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().doing(|| format!("starting {}", name_of(command)))?;
    if !status.success() {
        let said = String::from_utf8_lossy(&stderr);
        return Err(Failure::new(format!("{} ended with {status}:\n{}", name_of(command), said.trim())));
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// What a command prints, while its standard error goes where ours goes; fails when it does.
pub fn output_while_it_speaks(command: &mut Command) -> Outcome<String> {
    let Output { status, stdout, .. } = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .doing(|| format!("starting {}", name_of(command)))?;
    if !status.success() {
        return Err(Failure::new(format!("{} ended with {status}", name_of(command))));
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// Whether a command can be started and succeeds; what it prints is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Runs a command in the foreground, its output where ours goes.
pub fn foreground(command: &mut Command) -> Outcome<ExitStatus> {
    command.status().doing(|| format!("starting {}", name_of(command)))
}

/// Where a program is, by `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

fn name_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}

/// A command that may take a while: says what it does, shows that it goes on, keeps its output in a log.
pub struct Step<'text> {
    what: &'text str,
    usually: &'text str,
    advice: &'text str,
    quiet: bool,
    at_most: Option<Duration>,
    log_folder: PathBuf,
}

impl<'text> Step<'text> {
    /// A step that says it is "doing" `what`, and `usually` takes that long ("" where it is short).
    pub fn new(what: &'text str, usually: &'text str) -> Step<'text> {
        let log_folder = workspace::root().join("target/log");
        Step { what, usually, advice: "", quiet: false, at_most: None, log_folder }
    }

    /// What to do when it fails.
    pub fn advice(mut self, advice: &'text str) -> Self {
        self.advice = advice;
        self
    }

    /// Says nothing unless it fails or takes long.
    pub fn quiet(mut self, quiet: bool) -> Self {
        self.quiet = quiet;
        self
    }

    /// Ends it after this time.
    pub fn at_most(mut self, at_most: Duration) -> Self {
        self.at_most = Some(at_most);
        self
    }

    /// Keeps the log in the user's cache, for steps that don't belong to one clone.
    pub fn log_in_cache(mut self) -> Self {
        self.log_folder = workspace::cache().join("log");
        self
    }

    /// Runs the command to its end.
    pub fn run(&self, command: &mut Command) -> Outcome {
        let log = self.log_folder.join(format!("{}.log", slug(self.what)));
        files::create_folder(&self.log_folder)?;
        let sink = File::create(&log).doing(|| format!("writing {}", workspace::shown(&log)))?;
        let also = sink.try_clone().doing(|| format!("writing {}", workspace::shown(&log)))?;
        let mut child =
            command.stdin(Stdio::null()).stdout(sink).stderr(also).spawn().map_err(|error| {
                self.failed(&format!("{} can't be started: {error}", name_of(command)), &log)
            })?;
        let mut progress = Progress::start(self, &log);
        let status = loop {
            if let Some(status) = child.try_wait().doing(|| self.what.to_owned())? {
                break status;
            }
            if self.at_most.is_some_and(|at_most| progress.started.elapsed() > at_most) {
                child.kill().and_then(|()| child.wait()).doing(|| format!("stopping {}", self.what))?;
                progress.end("stopped");
                return Err(self.failed("it took too long and was stopped", &log));
            }
            progress.tick();
            std::thread::sleep(Duration::from_millis(50));
        };
        if status.success() {
            progress.end("done");
            return Ok(());
        }
        progress.end("FAILED");
        Err(self.failed(&format!("{} ended with {status}", name_of(command)), &log))
    }

    fn failed(&self, how: &str, log: &Path) -> Failure {
        let text =
            files::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n");
        let advice = if self.advice.is_empty() { String::new() } else { format!("\n{}", self.advice) };
        let log = workspace::shown(log);
        Failure::new(format!("{} did not work: {how}\n{tail}\n(all of it: {log}){advice}", self.what))
    }
}

/// The line that shows a step going on.
struct Progress<'step> {
    step: &'step Step<'step>,
    log: &'step Path,
    started: Instant,
    said_at: Instant,
    terminal: bool,
}

impl<'step> Progress<'step> {
    fn start(step: &'step Step<'step>, log: &'step Path) -> Self {
        let now = Instant::now();
        let terminal = std::io::stderr().is_terminal();
        if !terminal && !step.quiet {
            eprintln!("{}{}", step.what, usually(step));
        }
        Progress { step, log, started: now, said_at: now, terminal }
    }

    fn tick(&mut self) {
        let every = if self.terminal { Duration::from_millis(500) } else { SAY_EVERY };
        if self.said_at.elapsed() < every {
            return;
        }
        self.said_at = Instant::now();
        let elapsed = in_words(self.started.elapsed());
        let last: String = last_line(self.log).chars().take(50).collect();
        if self.terminal {
            let line = format!("{}{} {elapsed}  {last}", self.step.what, usually(self.step));
            let line: String = line.chars().take(110).collect();
            eprint!("\r\x1b[2K{line}");
            // A progress line that can't be written is no reason to stop the step.
            std::io::stderr().flush().ok();
        } else {
            eprintln!("  {} goes on: {elapsed}  {last}", self.step.what);
        }
    }

    fn end(&self, how: &str) {
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
        if !self.step.quiet || how != "done" {
            eprintln!("{}: {how} ({})", self.step.what, in_words(self.started.elapsed()));
        }
    }
}

fn usually(step: &Step<'_>) -> String {
    if step.usually.is_empty() { "".into() } else { format!(" (usually {})", step.usually) }
}

/// A duration as people say it.
pub fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..=9 => format!("{:.1} s", duration.as_secs_f32()),
        10..=119 => format!("{seconds} s"),
        120.. => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// The end of a log that is being written.
fn last_line(log: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(400)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

fn slug(text: &str) -> String {
    let kept = text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    kept.take(40).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_shows_the_end_of_its_output_and_what_to_do() {
        let step = Step::new("testing a failure", "").advice("Try something else.").quiet(true);
        let mut failing = command("sh");
        failing.args(["-c", "echo the reason; exit 3"]);
        let said = step.run(&mut failing).unwrap_err().to_string();
        assert!(said.contains("the reason") && said.contains("Try something else."), "{said}");
    }

    #[test]
    fn a_step_that_takes_too_long_is_stopped() {
        let step = Step::new("testing a hang", "").quiet(true).at_most(Duration::from_millis(200));
        let mut hanging = command("sleep");
        hanging.arg("60");
        let said = step.run(&mut hanging).unwrap_err().to_string();
        assert!(said.contains("took too long"), "{said}");
    }

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!(in_words(Duration::from_millis(1_500)), "1.5 s");
        assert_eq!(in_words(Duration::from_secs(75)), "75 s");
        assert_eq!(in_words(Duration::from_secs(185)), "3 min 5 s");
    }
}
