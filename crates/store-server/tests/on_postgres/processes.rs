//! The program over PostgreSQL: its command line, and two processes that start at once.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use crate::address;
use crate::support::TestDatabase;

const PROGRAM: &str = env!("CARGO_BIN_EXE_holdfast-store-server");

/// A running server; killed when it goes out of scope.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            self.0.wait().unwrap();
        }
    }
}

fn start(address: &str) -> Server {
    let mut command = Command::new(PROGRAM);
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("DATABASE_URL", address);
    Server(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
}

/// What it says until it listens.
fn said(server: &mut Server) -> Vec<String> {
    let lines = BufReader::new(server.0.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut said = Vec::new();
    for line in lines {
        if line.starts_with("listening on") {
            return said;
        }
        said.push(line);
    }
    panic!("the server ended: {said:?}");
}

fn run(address: &str, arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).env("DATABASE_URL", address).output().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_start_at_once_make_one_store_and_commands_reach_it() {
    let test_database = TestDatabase::fresh().await;
    let address = address(&test_database).to_owned();
    let mut servers = [start(&address), start(&address)];
    let mut passwords: Vec<String> = servers.iter_mut().flat_map(said).collect();
    passwords.retain(|line| line.starts_with("admin password: "));
    assert_eq!(passwords.len(), 1);

    let code = run(&address, &["activation-code", "--register", "1"]);
    assert!(code.status.success(), "{}", String::from_utf8_lossy(&code.stderr));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("products.csv");
    std::fs::write(&file, "sku,name,price\nA,Apple,1.00\n").unwrap();
    let imported = run(&address, &["import", "products", file.to_str().unwrap()]);
    assert_eq!(String::from_utf8_lossy(&imported.stdout), "1 line taken, 0 lines not taken.\n");
    // The address wins over a folder, which stays empty.
    let data = folder.path().join("data");
    let added =
        run(&address, &["add-register", "--number", "9", "--name", "Nine", "--data", data.to_str().unwrap()]);
    assert!(added.status.success() && !data.exists());
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_told_without_its_password() {
    let wrong = "postgres://ann:s3cret@127.0.0.1:9/chain";
    for output in [
        run(wrong, &["serve", "--listen", "127.0.0.1:0"]),
        run(wrong, &["activation-code", "--register", "1"]),
        run("", &["activation-code", "--register", "1", "--database-url", wrong]),
        run("", &["admin-password", "--database-url", "sqlite:s3cret"]),
        run(wrong, &["serve", "--help"]),
    ] {
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(said.to_lowercase().contains("address") || said.contains("127.0.0.1:9"), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
    let neither = run("", &["admin-password"]);
    assert!(!neither.status.success());
    assert!(String::from_utf8_lossy(&neither.stderr).contains("DATABASE_URL"));
}

#[tokio::test]
async fn a_database_without_a_store_is_told() {
    let test_database = TestDatabase::fresh().await;
    let output = run(address(&test_database), &["activation-code", "--register", "1"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("There is no store in this database."));
}
