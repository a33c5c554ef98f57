//! A store server as a process of its own, on a data folder that goes with it or over a PostgreSQL database.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use holdfast_profile::{PROFILE_FILE_FORMAT, PROFILE_FILE_VERSION, Profile};
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
    program: PathBuf,
    folder: TempDir,
    database_url: Option<String>,
    child: Child,
}

impl ServerProcess {
    /// Starts `program` without demo data.
    ///
    /// # Errors
    /// [`ServerError`], with what the program said.
    pub async fn start(program: &Path) -> Result<ServerProcess, ServerError> {
        ServerProcess::start_with(program, None, None).await
    }

    /// Starts `program` over an empty PostgreSQL database where one is given, else on a folder of its own.
    ///
    /// # Errors
    /// [`ServerError`], with what the program said; also when there is a store in the database already.
    pub async fn start_on(program: &Path, database_url: Option<&str>) -> Result<ServerProcess, ServerError> {
        ServerProcess::start_with(program, database_url.map(str::to_owned), None).await
    }

    /// Starts another process over the same database.
    ///
    /// # Errors
    /// [`ServerError`], with what the program said.
    pub async fn start_another(&self) -> Result<ServerProcess, ServerError> {
        let password = Some(self.admin_password.clone());
        ServerProcess::start_with(&self.program, self.database_url.clone(), password).await
    }

    async fn start_with(
        program: &Path,
        database_url: Option<String>,
        known_password: Option<String>,
    ) -> Result<ServerProcess, ServerError> {
        let folder = tempfile::Builder::new().prefix("holdfast-replay-").tempdir()?;
        std::fs::create_dir(folder.path().join("pages"))?;
        let url = database_url.as_deref();
        let (child, address, password) = spawn(program, folder.path(), url, "127.0.0.1:0").await?;
        let admin_password = password.or(known_password).ok_or_else(|| did_not_start(folder.path()))?;
        Ok(ServerProcess {
            address,
            admin_password,
            program: program.to_owned(),
            folder,
            database_url,
            child,
        })
    }

    /// Starts it again on its data and its address.
    ///
    /// # Errors
    /// [`ServerError`], with what the program said.
    pub async fn start_again(&mut self) -> Result<(), ServerError> {
        let address = self.address.to_string();
        (self.child, _, _) =
            spawn(&self.program, self.folder.path(), self.database_url.as_deref(), &address).await?;
        Ok(())
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

    /// Its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Its data folder.
    pub fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        log(self.folder.path())
    }

    /// Publishes a profile on its data while it runs.
    ///
    /// # Errors
    /// [`std::io::Error`] with what the program said when it refuses.
    pub async fn publish(&self, profile: &Profile) -> Result<(), std::io::Error> {
        let file = serde_json::json!({
            "format": PROFILE_FILE_FORMAT, "format_version": PROFILE_FILE_VERSION, "profile": profile,
        });
        let path = self.folder.path().join("profile.json");
        std::fs::write(&path, file.to_string())?;
        let mut command = Command::new(&self.program);
        command.arg("publish-profile").arg(path).arg("--data").arg(self.folder.path().join("data"));
        on_database(&mut command, self.database_url.as_deref());
        let output = command.stdin(Stdio::null()).output().await?;
        if output.status.success() {
            return Ok(());
        }
        Err(std::io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    /// Ends it at once, without a chance to finish anything.
    ///
    /// # Errors
    /// [`std::io::Error`] when it can't be ended.
    pub async fn kill(&mut self) -> Result<(), std::io::Error> {
        self.child.kill().await
    }

    /// Ends it and keeps its folder until what is returned is dropped.
    ///
    /// # Errors
    /// [`std::io::Error`] when it can't be ended.
    pub async fn stop(mut self) -> Result<TempDir, std::io::Error> {
        self.child.kill().await?;
        Ok(self.folder)
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

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("server.log")).unwrap_or_default()
}

fn did_not_start(folder: &Path) -> ServerError {
    ServerError::DidNotStart { log: log(folder) }
}

/// Has the program use a PostgreSQL or, without an address, its data folder's file.
fn on_database(command: &mut Command, database_url: Option<&str>) {
    match database_url {
        Some(address) => command.env("DATABASE_URL", address),
        // Whatever database the person who calls us has in use is none of ours.
        None => command.env_remove("DATABASE_URL"),
    };
}

/// Starts the program and waits until it listens; gives the password, too, if it made one.
async fn spawn(
    program: &Path,
    folder: &Path,
    database_url: Option<&str>,
    listen: &str,
) -> Result<(Child, SocketAddr, Option<String>), ServerError> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("server.log"))?;
    let mut command = Command::new(program);
    command
        .arg("serve")
        .arg("--data")
        .arg(folder.join("data"))
        .args(["--listen", listen, "--pages"])
        .arg(folder.join("pages"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true);
    on_database(&mut command, database_url);
    let mut child = command.spawn()?;
    let said = match child.stdout.take() {
        Some(stdout) => tokio::time::timeout(START_AT_MOST, read_start(stdout)).await.ok().flatten(),
        None => None,
    };
    let (address, password) = said.ok_or_else(|| did_not_start(folder))?;
    Ok((child, address, password))
}

/// Reads until the program says where it listens, and goes on reading so that it never waits for us.
async fn read_start(stdout: ChildStdout) -> Option<(SocketAddr, Option<String>)> {
    let mut lines = BufReader::new(stdout).lines();
    let mut password = None;
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, said)) = line.split_once("admin password:") {
            password = Some(said.trim().to_owned());
        }
        let address = line.split_once("listening on http://").map(|(_, said)| said.trim());
        if let Some(address) = address.and_then(|said| said.trim_end_matches('/').parse().ok()) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some((address, password));
        }
    }
    None
}
