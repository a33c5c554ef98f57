//! A real store server process with a data folder of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use holdfast_profile::{Profile, TextFormat, write_profile_file};

use crate::Outcome;

/// How long a start may take, the demo import included.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A store server that is killed when it goes out of scope.
pub struct StoreServer {
    data: tempfile::TempDir,
    port: u16,
    child: Option<Child>,
    admin_password: String,
}

/// The workspace's folder.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The server program: `HOLDFAST_SERVER_BIN`, else the workspace's debug build.
pub fn server_bin() -> PathBuf {
    std::env::var_os("HOLDFAST_SERVER_BIN")
        .map_or_else(|| workspace().join("target/debug/holdfast-store-server"), PathBuf::from)
}

/// The built pages: `HOLDFAST_DIST`, else the workspace's `dist`.
pub fn dist() -> PathBuf {
    std::env::var_os("HOLDFAST_DIST").map_or_else(|| workspace().join("dist"), PathBuf::from)
}

impl StoreServer {
    /// Starts a server on demo data.
    ///
    /// # Errors
    /// When the program is missing or does not get ready.
    pub fn start_demo() -> Outcome<StoreServer> {
        let data = tempfile::tempdir()?;
        let port = free_port()?;
        let mut server = StoreServer { data, port, child: None, admin_password: String::new() };
        server.start()?;
        Ok(server)
    }

    /// Where the till's page is.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The port it listens on, on this machine.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The administrator's password, printed at the first start.
    pub fn admin_password(&self) -> &str {
        &self.admin_password
    }

    /// Starts the process again on the same data and port.
    ///
    /// # Errors
    /// When it does not get ready.
    pub fn start(&mut self) -> Outcome {
        let mut child = Command::new(server_bin())
            .arg("serve")
            .args(["--data".as_ref(), self.data.path().as_os_str()])
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .args(["--pages".as_ref(), dist().as_os_str()])
            .arg("--demo")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}; build it first", server_bin().display()))?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        self.child = Some(child);
        let lines = read_lines(stdout);
        loop {
            let line = lines.recv_timeout(READY_WITHIN).map_err(|_| "the store server did not get ready")?;
            if let Some((_, password)) = line.split_once("admin password: ") {
                self.admin_password = password.trim().to_owned();
            }
            if line.contains("listening on") {
                return Ok(());
            }
        }
    }

    /// Pulls the plug: the process is killed, nothing is said to anybody.
    ///
    /// # Errors
    /// When there is no process to kill.
    pub fn kill(&mut self) -> Outcome {
        let mut child = self.child.take().ok_or("the store server is not running")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Listens in the place of the killed process and answers nothing.
    ///
    /// # Errors
    /// When the port is taken, so while the process still runs.
    pub fn stand_in(&self) -> Outcome<StandIn> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", self.port))?;
        listener.set_nonblocking(true)?;
        Ok(StandIn(listener))
    }

    /// Runs one of the program's other commands on this server's data and gives what it printed.
    ///
    /// # Errors
    /// When the command fails.
    pub fn command(&self, arguments: &[&str]) -> Outcome<String> {
        let output = Command::new(server_bin())
            .args(arguments)
            .args(["--data".as_ref(), self.data.path().as_os_str()])
            .output()?;
        if !output.status.success() {
            return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Publishes a profile as the next version of the one of its name.
    ///
    /// # Errors
    /// When the program refuses it.
    pub fn publish(&self, profile: &Profile) -> Outcome {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), write_profile_file(&Json, profile)?)?;
        self.command(&["publish-profile", &file.path().to_string_lossy()]).map(drop)
    }

    /// A fresh activation code for a register.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn activation_code(&self, register: u16) -> Outcome<String> {
        let printed = self.command(&["activation-code", "--register", &register.to_string()])?;
        Ok(printed.split_whitespace().last().unwrap_or_default().to_owned())
    }
}

/// Profile files are JSON.
struct Json;

impl TextFormat for Json {
    type Error = serde_json::Error;

    fn read<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, Self::Error> {
        serde_json::from_str(text)
    }

    fn write<T: serde::Serialize>(&self, value: &T) -> Result<String, Self::Error> {
        serde_json::to_string_pretty(value)
    }
}

/// Sees whether anybody calls a store server that is gone.
pub struct StandIn(std::net::TcpListener);

impl StandIn {
    /// Whether somebody has called since it began to listen.
    ///
    /// # Errors
    /// When the listener itself fails.
    pub fn was_called(&self) -> Outcome<bool> {
        match self.0.accept() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for StoreServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take()
            && let Err(error) = child.kill().and_then(|()| child.wait())
        {
            eprintln!("the store server could not be stopped: {error}");
        }
    }
}

/// Reads on in a thread for as long as the process prints, so that its pipe never fills.
fn read_lines(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut listening = true;
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            listening = listening && sender.send(line).is_ok();
        }
    });
    receiver
}

fn free_port() -> Outcome<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
