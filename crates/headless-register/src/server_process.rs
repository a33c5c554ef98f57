//! A store server as a process of its own, on a data folder that goes with it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// Name of the program.
const PROGRAM: &str = "holdfast-store-server";
/// How long it may take until it listens.
const START_AT_MOST: Duration = Duration::from_secs(60);

/// Why no store server runs.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// No program.
    #[error(
        "no store server program: set HOLDFAST_SERVER_BIN, or build it with `cargo build -p holdfast-store-server`"
    )]
    NotBuilt,
    /// It can't be started, or its folder can't be made.
    #[error("the store server can't be started: {0}")]
    Io(#[from] std::io::Error),
    /// It did not say that it listens.
    #[error("the store server did not start: {log}")]
    DidNotStart {
        /// What it said.
        log: String,
    },
}

/// A running store server. It ends when this is dropped.
#[derive(Debug)]
pub struct ServerProcess {
    address: SocketAddr,
    admin_password: String,
    folder: TempDir,
    child: Child,
}

impl ServerProcess {
    /// Starts `program` without demo data.
    ///
    /// # Errors
    /// [`ServerError`], with what the program said.
    pub async fn start(program: &Path) -> Result<ServerProcess, ServerError> {
        let folder = tempfile::Builder::new().prefix("holdfast-replay-").tempdir()?;
        let pages = folder.path().join("pages");
        std::fs::create_dir(&pages)?;
        let log_path = folder.path().join("server.log");
        let log = std::fs::File::create(&log_path)?;
        let mut child = Command::new(program)
            .arg("serve")
            .arg("--data")
            .arg(folder.path().join("data"))
            .args(["--listen", "127.0.0.1:0", "--pages"])
            .arg(&pages)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let said = match child.stdout.take() {
            Some(stdout) => tokio::time::timeout(START_AT_MOST, read_start(stdout)).await.ok().flatten(),
            None => None,
        };
        match said {
            Some((address, admin_password)) => Ok(ServerProcess { address, admin_password, folder, child }),
            None => {
                child.start_kill()?;
                Err(ServerError::DidNotStart { log: std::fs::read_to_string(log_path).unwrap_or_default() })
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The password that it made at its first start.
    pub fn admin_password(&self) -> &str {
        &self.admin_password
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// Ends it at once, without a chance to finish anything.
    ///
    /// # Errors
    /// [`std::io::Error`] when it can't be ended.
    pub async fn kill(&mut self) -> Result<(), std::io::Error> {
        self.child.kill().await
    }
}

/// The program named by `HOLDFAST_SERVER_BIN`, or the one built beside this one.
///
/// # Errors
/// [`ServerError::NotBuilt`].
pub fn program() -> Result<PathBuf, ServerError> {
    if let Some(path) = std::env::var_os("HOLDFAST_SERVER_BIN") {
        let path = PathBuf::from(path);
        return if path.is_file() { Ok(path) } else { Err(ServerError::NotBuilt) };
    }
    let here = std::env::current_exe()?;
    // Tests lie one folder deeper than programs.
    let beside = here.ancestors().skip(1).take(2).map(|folder| folder.join(PROGRAM));
    beside.into_iter().find(|path| path.is_file()).ok_or(ServerError::NotBuilt)
}

/// Reads until the program says where it listens, and goes on reading so that it never waits for us.
async fn read_start(stdout: ChildStdout) -> Option<(SocketAddr, String)> {
    let mut lines = BufReader::new(stdout).lines();
    let mut password = None;
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, said)) = line.split_once("admin password:") {
            password = Some(said.trim().to_owned());
        }
        let address = line.split_once("listening on http://").map(|(_, said)| said.trim());
        if let Some(address) = address.and_then(|said| said.trim_end_matches('/').parse().ok()) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some((address, password?));
        }
    }
    None
}
