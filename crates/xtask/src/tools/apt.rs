//! System packages of Debian and its relatives.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::{Failure, Outcome};
use crate::process::{self, Step};

/// The package lists are fetched once in a run.
static UPDATED: AtomicBool = AtomicBool::new(false);

/// Installs those of `packages` that are missing, after saying `why`.
pub fn install(packages: &[&str], why: &str) -> Outcome {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if process::find("apt-get").is_none() {
        return Err(Failure::new(format!(
            "{names}: needed ({why}), and this machine has no apt-get. Install what your system calls them, then run this again."
        )));
    }
    eprintln!("system packages needed: {names}\n  why: {why}");
    let how =
        format!("Run this yourself, then try again: sudo apt-get update && sudo apt-get install {names}");
    allow_root(&how)?;
    if !UPDATED.swap(true, Ordering::Relaxed) {
        let mut update = apt_get();
        update.arg("update");
        Step::new("fetching the lists of system packages", "10 s")
            .advice(&how)
            .log_in_cache()
            .run(&mut update)?;
    }
    let mut install = apt_get();
    install.args(["install", "--yes", "--no-install-recommends"]).args(&missing);
    let what = format!("installing {names}");
    Step::new(&what, "half a minute").advice(&how).log_in_cache().run(&mut install)
}

/// Whether a package is installed, as dpkg says.
pub fn is_installed(package: &str) -> bool {
    let mut query = process::command("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    process::output(&mut query).is_ok_and(|status| status.trim() == "installed")
}

/// A command that runs as root: itself where we are root, else by sudo.
pub fn as_root(program: &str) -> Command {
    if is_root() {
        return process::command(program);
    }
    let mut command = process::command("sudo");
    // sudo drops the environment; a proxy that is only there must go on.
    command.arg("env").args(kept_variables()).arg(program);
    command
}

/// Asks for the password, where sudo wants one, before a progress line covers the question.
pub fn allow_root(how: &str) -> Outcome {
    if is_root() || process::succeeds(process::command("sudo").args(["-n", "true"])) {
        return Ok(());
    }
    let allowed = process::find("sudo").is_some()
        && process::foreground(process::command("sudo").arg("--validate"))?.success();
    if allowed { Ok(()) } else { Err(Failure::new(format!("this needs an administrator's rights. {how}"))) }
}

/// Whether we are root.
pub fn is_root() -> bool {
    process::output(process::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt_get() -> Command {
    let mut command = as_root("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]);
    command
}

fn kept_variables() -> Vec<String> {
    let kept = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
    let mut found = vec!["DEBIAN_FRONTEND=noninteractive".to_owned()];
    found.extend(kept.iter().filter_map(|name| Some(format!("{name}={}", std::env::var(name).ok()?))));
    found
}
