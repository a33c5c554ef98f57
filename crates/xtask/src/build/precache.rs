//! What the service worker keeps so that the till starts without a network.

use super::bundle::Bundle;
use super::fingerprint::short_digest;
use crate::failure::{Failure, Outcome};
use crate::{files, workspace};

/// In `web/sw.js`: where the list of addresses goes.
const LIST_MARKER: &str = "/*PRECACHE*/[]";
/// In `web/sw.js`: where the name of this build goes.
const BUILD_MARKER: &str = "__BUILD__";

/// Fills the list and the build's name into the service worker.
pub fn fill_in(service_worker: &str, till: &Bundle) -> Outcome<String> {
    for marker in [LIST_MARKER, BUILD_MARKER] {
        if !service_worker.contains(marker) {
            return Err(Failure::new(format!("web/sw.js has lost its marker {marker}")));
        }
    }
    let list = serde_json::to_string(&addresses(till)).map_err(|error| Failure::new(error.to_string()))?;
    let filled =
        service_worker.replace(LIST_MARKER, &list).replace(BUILD_MARKER, &build_name(till, service_worker));
    Ok(filled)
}

/// Whether a till loads the file itself; pictures of the icon are for the system that installs it.
fn is_loaded(name: &str) -> bool {
    ![".png", ".br", ".gz"].iter().any(|end| name.ends_with(end))
}

/// The addresses of all that the till loads; the page itself is `/`.
fn addresses(till: &Bundle) -> Vec<String> {
    let files = till.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "sw.js" && is_loaded(name));
    files.map(|name| if name == "index.html" { "/".to_owned() } else { format!("/{name}") }).collect()
}

/// Changes when any file of the till changes.
fn build_name(till: &Bundle, service_worker: &str) -> String {
    let mut all = service_worker.as_bytes().to_vec();
    for (name, bytes) in till.iter() {
        all.extend(name.as_bytes());
        all.extend(short_digest(bytes).as_bytes());
    }
    short_digest(&all)
}

/// Weighs what a till downloads before it can sell: every file of it in `dist/` that it loads, the service worker
/// included, in bytes over the network (brotli where there is such a file).
pub fn first_load_bytes() -> Outcome<u64> {
    let folder = workspace::dist().join("till");
    let mut bytes = 0;
    for path in files::files_below(&folder)? {
        let name = path.to_string_lossy();
        if !is_loaded(&name) {
            continue;
        }
        let brotli = std::path::PathBuf::from(format!("{name}.br"));
        bytes += files::length(if brotli.is_file() { &brotli } else { &path })?;
    }
    if bytes == 0 {
        return Err(Failure::new("there are no pages to weigh; `cargo xtask build` makes them"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKER: &str = "const BUILD = \"__BUILD__\"; const FILES = /*PRECACHE*/[];";

    fn till(script: &str) -> Bundle {
        let mut bundle = Bundle::default();
        bundle.insert("index.html", b"<html>".to_vec());
        bundle.insert("app-1.js", script.as_bytes().to_vec());
        bundle.insert("icons/app.png", vec![0]);
        bundle
    }

    #[test]
    fn the_service_worker_gets_every_file_and_the_page_as_its_address() {
        let filled = fill_in(WORKER, &till("1")).unwrap();
        assert!(filled.contains("const FILES = [\"/app-1.js\",\"/\"];"), "{filled}");
    }

    #[test]
    fn the_build_has_another_name_when_any_file_changes() {
        assert_ne!(fill_in(WORKER, &till("1")).unwrap(), fill_in(WORKER, &till("2")).unwrap());
        assert_eq!(fill_in(WORKER, &till("1")).unwrap(), fill_in(WORKER, &till("1")).unwrap());
    }

    #[test]
    fn a_service_worker_without_its_markers_is_refused() {
        assert!(fill_in("const FILES = [];", &till("1")).is_err());
    }
}
