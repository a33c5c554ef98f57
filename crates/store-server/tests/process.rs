//! The program as a process: its command line, and its death at any moment.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use holdfast_protocol::messages::{
    ActivateReply, ActivateRequest, ContactReply, ContactRequest, UploadReply, UploadRequest,
};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::{PROTOCOL_VERSION, decode, encode};
use holdfast_store_server::database::Database;

const PROGRAM: &str = env!("CARGO_BIN_EXE_holdfast-store-server");

/// A running server; killed when it goes out of scope.
struct Server {
    child: Child,
    address: String,
    said: Vec<String>,
}

impl Server {
    fn start(data: &Path, extra: &[&str]) -> Server {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(extra);
        command.env_remove("DATABASE_URL");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Server { child, address: String::new(), said: Vec::new() };
        for line in lines {
            let line = line.unwrap();
            if let Some(address) = line.strip_prefix("listening on http://") {
                address.clone_into(&mut server.address);
                return server;
            }
            server.said.push(line);
        }
        panic!("the server ended: {:?}", server.said);
    }

    /// A request over a connection of its own; `None` when the server is gone.
    fn post(&self, path: &str, token: Option<&[u8; 32]>, body: &[u8]) -> Option<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let authorization = token.map_or_else(String::new, |token| {
            format!("Authorization: Bearer {}\r\n", holdfast_store_server::secrets::hex(token))
        });
        let head = format!(
            "POST /api/v1/{path} HTTP/1.1\r\nHost: till\r\nConnection: close\r\n{authorization}Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&answer[..end]).ok()?;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        Some(answer[end + 4..].to_vec())
    }

    fn stop(&mut self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        if self.child.kill().is_ok() {
            self.child.wait().unwrap();
        }
    }
}

fn run(arguments: &[&str], data: &Path) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).arg("--data").arg(data).env_remove("DATABASE_URL").output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn activate(server: &Server, data: &Path) -> ActivateReply {
    let printed = said(&run(&["activation-code", "--register", "1"], data));
    let request = ActivateRequest {
        code: printed.split_whitespace().last().unwrap().to_owned(),
        protocol_version: PROTOCOL_VERSION,
        app_version: "1.0".to_owned(),
        device_name: "Test".to_owned(),
        attempt_id: [1; 16].into(),
    };
    decode(&server.post("activate", None, &encode(&request)).unwrap()).unwrap()
}

fn acknowledged(server: &Server, token: &[u8; 32]) -> u64 {
    contact(server, token, 0).acknowledged_seq
}

fn contact(server: &Server, token: &[u8; 32], waiting: u64) -> ContactReply {
    let request = ContactRequest {
        nonce: 1,
        protocol_version: PROTOCOL_VERSION,
        app_version: "1.0".to_owned(),
        profile_version: 0,
        schema_version: 0,
        waiting,
        rejected: 0,
        tables: Vec::new(),
        was_offline_since_ms: None,
        storage_bytes: None,
        outcomes_seen: None,
        faults: None,
        building: None,
        retry_heeded_at_ms: None,
        moving_to: None,
        app_schema_version: None,
        mode: None,
    };
    decode(&server.post("contact", Some(token), &encode(&request)).unwrap()).unwrap()
}

#[tokio::test]
async fn what_registers_said_last_is_written_before_the_server_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--demo"]);
    let identity = activate(&server, folder.path());
    // The first is written at once, the others together a second later.
    for waiting in 1..=3 {
        contact(&server, &identity.token, waiting);
    }
    server.stop("-TERM");
    assert!(server.child.wait().unwrap().success());
    let database = Database::open_folder(folder.path()).await.unwrap();
    let registers = database.registers(&identity.store_id, None).await.unwrap();
    assert_eq!(registers[0].waiting, Some(3));
}

#[test]
fn the_password_is_said_at_the_first_start_only() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    let first = Server::start(&data, &[]);
    assert_eq!(first.said.len(), 2, "{:?}", first.said);
    assert!(first.said[0].starts_with("admin password: ") && first.said[1].starts_with("manager PIN: "));
    drop(first);
    assert_eq!(Server::start(&data, &[]).said, Vec::<String>::new());
    let again = said(&run(&["admin-password"], &data));
    assert!(again.starts_with("admin password: "), "{again}");
}

#[test]
fn administrators_are_added_and_removed_by_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Server::start(data, &[]);
    let administrators = |arguments: &[&str]| run(&[&["administrators"], arguments].concat(), data);
    let password_of = |output: &Output, name: &str| {
        let said = said(output);
        let password =
            said.strip_prefix(&format!("{name} password: ")).and_then(|rest| rest.strip_suffix('\n'));
        password.unwrap_or_else(|| panic!("{said} {}", String::from_utf8_lossy(&output.stderr))).to_owned()
    };
    let why_not = |arguments: &[&str]| {
        let output = administrators(arguments);
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8_lossy(&output.stderr).trim().to_owned()
    };
    let first = password_of(&administrators(&["add", "Ann Baker"]), "Ann Baker");
    assert_eq!(said(&administrators(&["list"])), "admin\nAnn Baker\n");
    let second = password_of(&administrators(&["set-password", "ann baker"]), "Ann Baker");
    assert_ne!(first, second);
    let sign_in = |password: &str| {
        let body = format!(r#"{{"name":"Ann Baker","password":"{password}"}}"#);
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let length = body.len();
        let head = "POST /api/admin/sign-in HTTP/1.1\r\nHost: till\r\nX-Holdfast: 1\r\nConnection: close";
        write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!([sign_in(&first), sign_in(&second)], ["403", "200"]);
    assert_eq!(why_not(&["add", "ANN BAKER"]), "There is an administrator “Ann Baker” already.");
    assert_eq!(
        why_not(&["add", "A\nnn"]),
        "An administrator's name is one line, without control characters."
    );
    let removed = said(&administrators(&["remove", "admin"]));
    assert_eq!(removed, "admin was removed and is signed in no more.\n");
    assert_eq!(
        why_not(&["remove", "Ann Baker"]),
        "“Ann Baker” is the only administrator and can't be removed. Add another one first."
    );
    let gone = run(&["admin-password"], data);
    assert!(!gone.status.success());
    assert!(String::from_utf8_lossy(&gone.stderr).contains("There are: Ann Baker."));
    assert_eq!(said(&administrators(&["list"])), "Ann Baker\n");
}

#[test]
fn commands_work_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Server::start(data, &["--demo"]);
    assert_eq!(server.said.len(), 1, "the demo shop's PINs are known");
    let identity = activate(&server, data);
    assert_eq!(identity.store_name, "Market Street Stores");

    let added = run(&["add-register", "--number", "3", "--name", "Third"], data);
    assert!(added.status.success());
    assert!(!run(&["add-register", "--number", "3", "--name", "Third"], data).status.success());
    assert!(!run(&["activation-code", "--register", "9"], data).status.success());

    let file = data.join("products.csv");
    std::fs::write(&file, "sku,name,price\nA,Apple,1.00\nB,,1.00\n").unwrap();
    let file = file.to_str().unwrap();
    let imported = run(&["import", "products", file], data);
    assert!(imported.status.success(), "refused lines are no failure");
    assert_eq!(said(&imported), "1 line taken, 1 line not taken.\nline 3: product B has no name\n");
    let refused = run(&["import", "customers", file], data);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no column “id” or “customer_id”"));
}

#[test]
fn a_folder_without_a_store_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&["activation-code", "--register", "1"], folder.path());
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("There is no store in"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_stop_is_soon_and_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start(folder.path(), &[]);
        // A connection that stays open must not keep the server from stopping.
        let idle = TcpStream::connect(&server.address).unwrap();
        let began = Instant::now();
        server.stop(signal);
        assert!(server.child.wait().unwrap().success());
        assert!(began.elapsed() < Duration::from_secs(10));
        drop(idle);
        let files: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["holdfast.sqlite"]);
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill_and_nothing_counts_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &["--demo"]);
    let identity = activate(&server, folder.path());
    let token = &*identity.token;
    let (mut seq, mut hash) = (0, [0; 32]);
    let mut sealed = Vec::new();
    for _ in 0..200 {
        // Noise is kept like a sale is, and needs no shop around it.
        let entry = OutboxEntry::seal(seq + 1, EntryKind::Sale, 0, hash, vec![0; 40]);
        (seq, hash) = (entry.seq, *entry.hash);
        sealed.push(entry);
    }
    let mut acked = 0_usize;
    for round in 0..5_u64 {
        std::thread::scope(|scope| {
            let server = &server;
            let killed = scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(20 + 13 * round));
                let pid = server.child.id().to_string();
                assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
            });
            while acked < sealed.len() {
                let batch = sealed[acked..(acked + 3).min(sealed.len())].to_vec();
                let request = UploadRequest { entries: batch, protocol_version: PROTOCOL_VERSION };
                let Some(reply) = server.post("upload", Some(token), &encode(&request)) else { break };
                let Ok(reply) = decode::<UploadReply>(&reply) else { break };
                acked = usize::try_from(reply.acknowledged_seq).unwrap();
            }
            killed.join().unwrap();
        });
        server.child.wait().unwrap();
        server = Server::start(folder.path(), &["--demo"]);
        let kept = usize::try_from(acknowledged(&server, token)).unwrap();
        assert!(kept >= acked, "{acked} were acknowledged, {kept} are here");
        acked = kept;
    }
    let all = UploadRequest { entries: sealed, protocol_version: PROTOCOL_VERSION };
    let reply: UploadReply = decode(&server.post("upload", Some(token), &encode(&all)).unwrap()).unwrap();
    assert_eq!((reply.acknowledged_seq, reply.results.len()), (200, 200));
}

#[tokio::test]
async fn a_profile_is_exported_changed_and_published_by_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let identity = activate(&server, folder.path());
    let file = folder.path().join("profile.json");
    let publish = || run(&["publish-profile", file.to_str().unwrap()], folder.path());
    let export = |name: &str| run(&["export-profile", name], folder.path());

    std::fs::write(&file, export("default PR.").stdout).unwrap();
    assert_eq!(said(&publish()), "“Default pr.” is what was published as version 1.\n");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("\"offline_timeout_s\": 5", "\"offline_timeout_s\": 45")).unwrap();
    assert_eq!(said(&publish()), "“Default pr.” was published as version 2.\n");
    assert_eq!(contact(&server, &identity.token, 0).profile_version, 2);
    assert!(said(&export("Default pr.")).contains("\"offline_timeout_s\": 45"));

    std::fs::write(&file, text.replace("\"offline_timeout_s\": 5", "\"offline_timeout_s\": 0")).unwrap();
    let refused = publish();
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("device.offline_timeout_s"));
    assert!(!export("Garden").status.success());
    assert_eq!(contact(&server, &identity.token, 0).profile_version, 2);

    let database = Database::open_folder(folder.path()).await.unwrap();
    let store_id = database.store().await.unwrap().unwrap().row.id;
    let changes = database.admin_changes(&store_id, None, 2).await.unwrap();
    let done: Vec<(&str, &str)> =
        changes.iter().map(|change| (change.administrator.as_str(), change.action.as_str())).collect();
    assert_eq!(done, [("command line", "profile_published"), ("command line", "profile_saved")]);
    database.close().await;
}
