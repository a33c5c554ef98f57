//! `cargo xtask postgres`: a private PostgreSQL cluster, for tests and for developers.
//!
//! Owns its folder, its start and its end. It listens on a Unix socket in that folder only, so that nobody else gets in,
//! and writes as carefully as a shop's own would. PostgreSQL refuses to run as root: then it runs as its own user.

use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::args::Arguments;
use crate::failure::{Doing, Failure, Outcome};
use crate::files;
use crate::process::{self, Step};
use crate::tools::apt;
use crate::tools::postgres::{self, Postgres};

/// Where tests find the cluster.
pub const VARIABLE: &str = "HOLDFAST_TEST_POSTGRES";
/// Its superuser: named so that no test finds itself to be `postgres` by chance.
const USER: &str = "holdfast";
/// The users that it may run as where we are root.
const SYSTEM_USERS: [&str; 2] = ["postgres", "nobody"];
/// Begins the names of clusters' folders; the number of the process that owns it follows.
const FOLDER_PREFIX: &str = "holdfast-postgres-";
/// A socket's path may have 107 bytes; what stands behind the folder is this long.
const TEMPORARY_BYTES_MAX: usize = 60;
const START_AT_MOST: Duration = Duration::from_secs(60);
const STOP_AT_MOST: Duration = Duration::from_secs(20);
/// Waits until nobody holds its standard input any more, then stops the cluster in the folder and removes it. No signal of
/// a terminal ends it before.
const SWEEPER: &str = "trap '' INT TERM HUP; echo
    cat >/dev/null
    pid=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null) && kill -INT \"$pid\" 2>/dev/null
    left=200
    while [ -e \"$1/data/postmaster.pid\" ] && [ $left -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
    rm -rf \"$1\"";
/// The oldest version that sorts by ICU.
const ICU_SINCE: u32 = 15;

/// `postgres`: starts a cluster, says where it is, and waits for Ctrl-C.
pub fn command(arguments: &mut Arguments) -> Outcome<ExitCode> {
    arguments.done()?;
    postgres::ensure()?;
    let mut cluster = Cluster::start()?;
    println!(
        "{}\n\n  {VARIABLE}=\"{0}\" cargo test -p holdfast-store-server --test postgres\n  \
         DATABASE_URL=\"{0}\" cargo xtask run\n\nCtrl-C stops it, and all that is in it goes.",
        cluster.address()
    );
    cluster.child.wait().doing(|| "waiting for PostgreSQL".to_owned())?;
    Ok(ExitCode::SUCCESS)
}

/// A running cluster. It ends, and its folder goes, when this is dropped, and also when this process is killed.
pub struct Cluster {
    folder: PathBuf,
    child: Child,
    // Dropped last: it has nothing to do then.
    _sweeper: Sweeper,
}

/// Removes a cluster once this process is gone, however it ends.
struct Sweeper(Child);

impl Cluster {
    /// Makes and starts one.
    pub fn start() -> Outcome<Cluster> {
        let programs = postgres::programs()?;
        remove_stale();
        let folder = temporary().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        let owner = make_folder(&folder)?;
        let sweeper = Sweeper::start(&folder)?;
        let started = init(&programs, &folder, owner.as_deref())
            .and_then(|()| spawn(&programs, &folder, owner.as_deref()));
        match started {
            Ok(child) => {
                let mut cluster = Cluster { folder, child, _sweeper: sweeper };
                cluster.wait_until_ready()?;
                Ok(cluster)
            }
            Err(failure) => {
                files::remove_folder(&folder)?;
                Err(failure)
            }
        }
    }

    /// The address of a database in it.
    pub fn address(&self) -> String {
        format!("postgres://{USER}@localhost/postgres?host={}", self.folder.display())
    }

    /// It says so itself in the last line of its own file, as its own tools look for.
    fn wait_until_ready(&mut self) -> Outcome {
        let state = self.folder.join("data/postmaster.pid");
        let began = Instant::now();
        loop {
            let text = std::fs::read_to_string(&state).unwrap_or_default();
            if text.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            let ended = self.child.try_wait().doing(|| "starting PostgreSQL".to_owned())?;
            if ended.is_some() || began.elapsed() > START_AT_MOST {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(Failure::new(format!("PostgreSQL did not start:\n{log}")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // An interrupt makes it end at once and in good order, whoever is connected.
        let interrupted =
            process::succeeds(Command::new("kill").args(["-INT", &self.child.id().to_string()]));
        let began = Instant::now();
        while interrupted && began.elapsed() < STOP_AT_MOST && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().and_then(|()| self.child.wait()).ok();
        }
        if let Err(failure) = files::remove_folder(&self.folder) {
            eprintln!("{failure}");
        }
    }
}

impl Sweeper {
    fn start(folder: &Path) -> Outcome<Sweeper> {
        let doing = || "starting what removes PostgreSQL's folder".to_owned();
        let mut sweeper = process::command("sh");
        sweeper.args(["-c", SWEEPER, "sh"]).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = sweeper.spawn().doing(doing)?;
        // It says when no Ctrl-C can end it any more.
        if let Some(said) = &mut child.stdout {
            said.read_exact(&mut [0]).doing(doing)?;
        }
        Ok(Sweeper(child))
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        if let Err(error) = self.0.wait() {
            eprintln!("PostgreSQL's folder may be left: {error}");
        }
    }
}

fn temporary() -> PathBuf {
    let usual = std::env::temp_dir();
    if usual.as_os_str().len() <= TEMPORARY_BYTES_MAX { usual } else { PathBuf::from("/tmp") }
}

/// Removes what clusters left behind whose owners were killed.
fn remove_stale() {
    for entry in std::fs::read_dir(temporary()).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(FOLDER_PREFIX));
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) {
            // Another user's folder stays; it is in nobody's way.
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// Makes the folder; gives the user that owns it where that is not ourselves.
fn make_folder(folder: &Path) -> Outcome<Option<String>> {
    files::remove_folder(folder)?;
    let making = || format!("making {}", folder.display());
    std::fs::DirBuilder::new().mode(0o700).create(folder).doing(making)?;
    if !apt::is_root() {
        return Ok(None);
    }
    let number = |user: &str| {
        let printed = process::output(process::command("id").args(["-u", user])).ok()?;
        printed.trim().parse::<u32>().ok().map(|number| (user.to_owned(), number))
    };
    let found = SYSTEM_USERS.iter().find_map(|user| number(user));
    let (user, number) =
        found.ok_or_else(|| Failure::new("PostgreSQL refuses to run as root, and there is no other user"))?;
    chown(folder, Some(number), None).doing(making)?;
    Ok(Some(user))
}

fn init(programs: &Postgres, folder: &Path, owner: Option<&str>) -> Outcome {
    let mut initdb = as_owner(&programs.folder.join("initdb"), folder, owner, false);
    initdb.args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]);
    if programs.version.is_some_and(|version| version >= ICU_SINCE) {
        // Sorted as people sort: where Holdfast means bytes, it must say so.
        initdb.args(["--locale-provider", "icu", "--icu-locale", "en-US"]);
    }
    initdb.arg("--pgdata").arg(folder.join("data"));
    Step::new("making a private PostgreSQL cluster", "3 s").quiet(true).run(&mut initdb)
}

fn spawn(programs: &Postgres, folder: &Path, owner: Option<&str>) -> Outcome<Child> {
    let log = std::fs::File::create(folder.join("log")).doing(|| "starting PostgreSQL".to_owned())?;
    let also = log.try_clone().doing(|| "starting PostgreSQL".to_owned())?;
    let mut server = as_owner(&programs.folder.join("postgres"), folder, owner, true);
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    server.args(["-c", "listen_addresses=", "-c", "max_connections=200"]);
    server.stdin(Stdio::null()).stdout(log).stderr(also);
    server.spawn().doing(|| "starting PostgreSQL".to_owned())
}

/// A command that runs as the folder's owner, and is interrupted when we end, if it is to go on so long.
fn as_owner(program: &Path, folder: &Path, owner: Option<&str>, ends_with_us: bool) -> Command {
    let mut words: Vec<&str> = Vec::new();
    if let Some(owner) = owner {
        words.extend(["--reuid", owner, "--regid", owner, "--init-groups"]);
    }
    if ends_with_us {
        words.extend(["--pdeathsig", "INT"]);
    }
    let setpriv = process::find("setpriv").filter(|_| !words.is_empty());
    let mut command = match setpriv {
        Some(setpriv) => {
            let mut command = process::command(setpriv);
            command.args(words).arg("--").arg(program);
            command
        }
        None => process::command(program),
    };
    // The owner may not be allowed into the folder where we stand.
    command.current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_starts_and_leaves_nothing_behind() {
        if postgres::programs().is_err() {
            assert!(std::env::var_os("CI").is_none(), "no PostgreSQL");
            println!("skipped, no PostgreSQL");
            return;
        }
        let cluster = Cluster::start().unwrap();
        let folder = cluster.folder.clone();
        assert!(folder.join(".s.PGSQL.5432").exists());
        assert!(cluster.address().starts_with("postgres://holdfast@localhost/postgres?host=/"));
        drop(cluster);
        assert!(!folder.exists());
    }

    #[test]
    fn the_folder_goes_with_its_process_also_after_an_interrupt() {
        let folder = temporary().join(format!("holdfast-sweeper-test-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let sweeper = Sweeper::start(&folder).unwrap();
        assert!(process::succeeds(Command::new("kill").args(["-INT", &sweeper.0.id().to_string()])));
        assert!(folder.exists());
        drop(sweeper);
        assert!(!folder.exists());
    }
}
