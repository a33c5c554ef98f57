//! `cargo xtask bench`: figures beside their peers, each measured in the same run.
//!
//! Owns the list of benches and how figures are shown; each bench's own program measures.

use serde_json::{Value, json};

use crate::args::Arguments;
use crate::build::{self, Mode};
use crate::failure::{Failure, Outcome};
use crate::setup::{self, Purpose};
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::{process, server, workspace};

/// What a till's first load may weigh, bytes after brotli.
const FIRST_LOAD_BUDGET_BYTES: u64 = 350_000;

/// A bench by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bench {
    /// Bytes of the till's first load.
    FirstLoad,
    /// One that `tests/browser` measures in a real browser.
    InBrowser(&'static str),
}

/// All benches.
const BENCHES: [(&str, Bench); 2] =
    [("first-load", Bench::FirstLoad), ("download-demo", Bench::InBrowser("download-demo"))];

/// `bench [NAME] [--json]`.
pub fn command(arguments: &mut Arguments) -> Outcome {
    let as_json = arguments.flag("--json");
    let name = arguments.next_word();
    arguments.done()?;
    let wanted = chosen(name.as_deref())?;
    let in_browser = wanted.iter().any(|bench| *bench != Bench::FirstLoad);
    let toolchain = setup::ensure(if in_browser { Purpose::Test } else { Purpose::Build })?;
    let mut figures = Vec::new();
    for bench in wanted {
        figures.extend(measure(bench, &toolchain)?);
    }
    if as_json {
        println!("{}", Value::Array(figures));
    } else {
        println!("{}", table(&figures));
    }
    Ok(())
}

fn chosen(name: Option<&str>) -> Outcome<Vec<Bench>> {
    let Some(name) = name else { return Ok(BENCHES.iter().map(|(_, bench)| *bench).collect()) };
    let found = BENCHES.iter().find(|(candidate, _)| *candidate == name).map(|(_, bench)| vec![*bench]);
    let names = BENCHES.map(|(name, _)| name).join(", ");
    found.ok_or_else(|| Failure::new(format!("there is no bench {name:?}; there are: {names}")))
}

fn measure(bench: Bench, toolchain: &WasmToolchain) -> Outcome<Vec<Value>> {
    build::ensure(Mode::Release, toolchain)?;
    match bench {
        Bench::FirstLoad => first_load(),
        Bench::InBrowser(name) => in_browser(name),
    }
}

fn first_load() -> Outcome<Vec<Value>> {
    let bytes = build::first_load_bytes()?;
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand bytes")]
    let ratio = bytes as f64 / FIRST_LOAD_BUDGET_BYTES as f64;
    Ok(vec![json!({
        "name": "first-load",
        "value": bytes,
        "unit": "bytes (brotli)",
        "peer": "budget",
        "peer_value": FIRST_LOAD_BUDGET_BYTES,
        "ratio": ratio,
    })])
}

fn in_browser(name: &str) -> Outcome<Vec<Value>> {
    let programs = server::build(&[server::STORE_SERVER, "bench"])?;
    let [store_server, bench] = programs.as_slice() else { return Err(Failure::new("no bench was built")) };
    let mut command = process::command(bench);
    command
        .args([name, "--json"])
        .env("HOLDFAST_SERVER_BIN", store_server)
        .env("HOLDFAST_DIST", workspace::dist());
    let printed = process::output(&mut command)?;
    figures_in(&printed).ok_or_else(|| Failure::new(format!("the bench {name} gave no figures:\n{printed}")))
}

/// The figures in what a bench printed: a JSON array is its last line.
fn figures_in(printed: &str) -> Option<Vec<Value>> {
    let last = printed.lines().rev().find(|line| !line.trim().is_empty())?;
    let parsed: Value = serde_json::from_str(last).or_else(|_| serde_json::from_str(printed)).ok()?;
    parsed.as_array().cloned()
}

fn table(figures: &[Value]) -> String {
    let mut lines =
        vec![format!("{:<24} {:>14} {:<18} {:>14} {:>7}  peer", "name", "value", "unit", "peer's", "ratio")];
    for figure in figures {
        let text = |key: &str| figure[key].as_str().unwrap_or("-").to_owned();
        let number = |key: &str| figure[key].as_f64().map_or_else(|| "-".to_owned(), shown);
        lines.push(format!(
            "{:<24} {:>14} {:<18} {:>14} {:>7}  {}",
            text("name"),
            number("value"),
            text("unit"),
            number("peer_value"),
            figure["ratio"].as_f64().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
            text("peer"),
        ));
    }
    lines.join("\n")
}

fn shown(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_last_line_or_from_all_of_it() {
        let figure = r#"[{"name":"a","value":1}]"#;
        assert_eq!(figures_in(&format!("warming up\n{figure}\n")).unwrap().len(), 1);
        assert_eq!(figures_in("[\n{\"name\":\"a\"}\n]\n").unwrap().len(), 1);
        assert!(figures_in("it broke").is_none());
        assert!(figures_in("").is_none());
    }

    #[test]
    fn a_bench_that_is_not_there_is_refused_with_the_names_of_those_that_are() {
        let said = chosen(Some("speed")).unwrap_err().to_string();
        assert!(said.contains("first-load") && said.contains("download-demo"), "{said}");
        assert_eq!(chosen(None).unwrap().len(), BENCHES.len());
    }

    #[test]
    fn the_table_has_a_line_for_each_figure() {
        let figure =
            json!({"name": "x", "value": 2.5, "unit": "s", "peer": "raw", "peer_value": 5, "ratio": 0.5});
        let text = table(&[figure]);
        assert!(text.lines().count() == 2 && text.contains("2.50") && text.contains("raw"), "{text}");
    }
}
