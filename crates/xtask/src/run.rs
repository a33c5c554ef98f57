//! `cargo xtask run`: from a fresh clone to a till in the browser.
//!
//! Owns the start of a store server on demo data, or on a real catalogue, and what is said about it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};

use crate::args::Arguments;
use crate::build::{self, Mode};
use crate::failure::{Doing, Failure, Outcome};
use crate::{files, process, server, setup, workspace};

/// A fixed port: a till's data belong to its address, port included.
const PORT: u16 = 8470;
/// In the data folder: the catalogue that was imported.
const IMPORTED_MARK: &str = "imported-from";

/// What the command line asks for.
struct Wishes {
    import: Option<PathBuf>,
    port: u16,
    data: PathBuf,
    mode: Mode,
}

/// `run [--import FOLDER] [--port N] [--data FOLDER] [--dev]`.
pub fn command(arguments: &mut Arguments) -> Outcome<ExitCode> {
    let wishes = wishes(arguments)?;
    let toolchain = setup::ensure(wishes.mode.purpose())?;
    build::ensure(wishes.mode, &toolchain)?;
    let programs = server::build(&[server::STORE_SERVER])?;
    let [program] = programs.as_slice() else { return Err(Failure::new("no store server was built")) };
    serve(program, &wishes)
}

fn wishes(arguments: &mut Arguments) -> Outcome<Wishes> {
    let import = arguments.value("--import")?.map(PathBuf::from);
    let port = match arguments.value("--port")? {
        Some(text) => text.parse().doing(|| format!("--port {text}: not a port"))?,
        None => PORT,
    };
    let usual_data = if import.is_some() { "target/run-data-import" } else { "target/run-data" };
    let data = arguments.value("--data")?.map_or_else(|| workspace::root().join(usual_data), PathBuf::from);
    let mode = if arguments.flag("--dev") { Mode::Dev } else { Mode::Release };
    arguments.done()?;
    let absolute = |path: &Path| std::path::absolute(path).doing(|| path.display().to_string());
    let import = import.as_deref().map(absolute).transpose()?;
    if let Some(folder) = import.as_ref().filter(|folder| !folder.join("products.csv").is_file()) {
        return Err(Failure::new(format!("--import {}: there is no products.csv in it", folder.display())));
    }
    Ok(Wishes { import, port, data: absolute(&data)?, mode })
}

fn serve(program: &Path, wishes: &Wishes) -> Outcome<ExitCode> {
    files::create_folder(&wishes.data)?;
    let mut serve = process::command_that_ends_with_us(program);
    serve
        .arg("serve")
        .arg("--data")
        .arg(&wishes.data)
        .args(["--listen", &format!("127.0.0.1:{}", wishes.port)]);
    serve.arg("--pages").arg(workspace::dist()).arg("--demo").stdout(Stdio::piped());
    let mut child = serve.spawn().doing(|| format!("starting {}", program.display()))?;
    let mut lines = lines_of(&mut child)?;
    let password = wait_until_ready(&mut lines, &mut child, wishes.port)?;
    let prepared = prepare(program, wishes);
    if let Err(failure) = prepared {
        child.kill().and_then(|()| child.wait()).doing(|| "stopping the store server".to_owned())?;
        return Err(failure);
    }
    println!("{}", welcome(wishes, &prepared?, password.as_deref()));
    for line in lines.map_while(Result::ok) {
        println!("{line}");
    }
    let status = child.wait().doing(|| "waiting for the store server".to_owned())?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

type Lines = std::io::Lines<BufReader<ChildStdout>>;

fn lines_of(child: &mut Child) -> Outcome<Lines> {
    let stdout = child.stdout.take().ok_or_else(|| Failure::new("the store server has no output"))?;
    Ok(BufReader::new(stdout).lines())
}

/// Reads until the server listens; gives the administrator's password if it was made at this start.
fn wait_until_ready(lines: &mut Lines, child: &mut Child, port: u16) -> Outcome<Option<String>> {
    let mut password = None;
    for line in lines.map_while(Result::ok) {
        if let Some((_, text)) = line.split_once("admin password: ") {
            password = Some(text.trim().to_owned());
        } else if line.contains("listening on") {
            return Ok(password);
        } else {
            println!("{line}");
        }
    }
    let status = child.wait().doing(|| "waiting for the store server".to_owned())?;
    Err(Failure::new(format!(
        "the store server did not start ({status}). Is port {port} in use? `cargo xtask run --port N` takes another."
    )))
}

/// Imports a catalogue, once; makes a fresh activation code.
fn prepare(program: &Path, wishes: &Wishes) -> Outcome<String> {
    if let Some(folder) = &wishes.import {
        import(program, folder, &wishes.data)?;
    }
    let mut code = on_data(program, &wishes.data, &["activation-code", "--register", "1"]);
    let printed = process::output(&mut code)?;
    Ok(printed.split_whitespace().last().unwrap_or_default().to_owned())
}

fn import(program: &Path, folder: &Path, data: &Path) -> Outcome {
    // A database knows nothing of the mark; there the import finds for itself what has not changed.
    let mark = data.join(IMPORTED_MARK);
    let name = folder.display().to_string();
    if !has_database_url() && mark.is_file() && files::read_text(&mark)? == name {
        return Ok(());
    }
    for kind in ["products", "barcodes", "customers"] {
        let file = folder.join(format!("{kind}.csv"));
        if file.is_file() {
            println!("importing {}", file.display());
            let file = file.display().to_string();
            print!("{}", process::output(&mut on_data(program, data, &["import", kind, &file]))?);
        }
    }
    files::write(&mark, name.as_bytes())
}

/// Whether the store server takes its database from the environment, and not from the data folder.
fn has_database_url() -> bool {
    std::env::var("DATABASE_URL").is_ok_and(|address| !address.trim().is_empty())
}

fn on_data(program: &Path, data: &Path, words: &[&str]) -> Command {
    let mut command = process::command(program);
    command.args(words).arg("--data").arg(data);
    command
}

fn welcome(wishes: &Wishes, code: &str, password: Option<&str>) -> String {
    let at = format!("http://localhost:{}", wishes.port);
    let password = match password {
        Some(password) => format!("admin, password {password} (shown only now)"),
        None => "admin, password as shown at the first start".to_owned(),
    };
    let mut said =
        format!("\n  Till         {at}/?code={code}\n  Back office  {at}/back-office/   {password}\n");
    let staff =
        files::read_text(&workspace::root().join("crates/store-server/demo/staff.csv")).unwrap_or_default();
    let staff = staff_with_pins(&staff);
    if !staff.is_empty() {
        said.push_str(&format!("  Staff        {}\n", staff.join(" · ")));
    }
    let data = workspace::shown(&wishes.data);
    said.push_str(&if has_database_url() {
        "\n  Data are in the PostgreSQL database that DATABASE_URL names. Ctrl-C stops.\n".to_owned()
    } else {
        format!("\n  Data are in {data}; without that folder everything starts anew. Ctrl-C stops.\n")
    });
    said
}

/// Name and PIN of the demo shop's staff, from its CSV (columns `name` and `pin`).
fn staff_with_pins(csv: &str) -> Vec<String> {
    let mut lines = csv.lines();
    let heading: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
    let column = |name: &str| heading.iter().position(|heading| *heading == name);
    let (Some(name), Some(pin)) = (column("name"), column("pin")) else { return Vec::new() };
    let shown = lines.filter_map(|line| {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        Some(format!("{} PIN {}", fields.get(name)?, fields.get(pin)?))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_are_shown_with_their_pins() {
        assert_eq!(staff_with_pins("id,name,pin\n1,Ann,1111\n2,Bo,2222\n"), ["Ann PIN 1111", "Bo PIN 2222"]);
        assert!(staff_with_pins("id,name\n1,Ann\n").is_empty());
        assert!(staff_with_pins("").is_empty());
    }

    #[test]
    fn an_import_folder_without_products_is_refused_before_anything_is_built() {
        let mut arguments = Arguments::new(["--import", "no-such-folder"].map(str::to_owned).into_iter());
        assert!(wishes(&mut arguments).is_err());
    }
}
