//! What must hold of versions of the profile: who has all of one goes from there to all of another, and tells the store
//! server of no version that it has not got.

use holdfast_protocol::messages::ContactRequest;

use super::model_server::ModelServer;
use super::register::Register;
use super::rules::{Broken, Rule};
use crate::Status;

/// At each instant at which something may have become visible: whether each table of the profile is there, as that
/// profile wants it.
pub(super) fn check_one_version(register: &mut Register, server: &ModelServer) -> Result<(), Broken> {
    let state = register.store.state();
    let Some((version, profile)) = state.profile else { return Ok(()) };
    let view_of = server.views_by(&profile);
    let is_here = |table| state.tables.get(&table).is_some_and(|record| record.view == view_of(table));
    if profile.download_tables().into_iter().all(is_here) {
        register.has_been_whole = true;
        return Ok(());
    }
    if !register.has_been_whole {
        return Ok(());
    }
    let detail = format!("register {} has version {version} and not all of its tables", register.number);
    Err((Rule::OneVersion, detail))
}

/// The version in the databases; 0 for none.
fn version_here(register: &Register) -> u64 {
    register.store.with_profile(|profile| profile.map_or(0, |(version, _)| *version))
}

/// Whether the engine has heard by now which version the databases have.
pub(super) fn note_heard(register: &mut Register) {
    if register.version_unheard.is_some() {
        let heard = register.engine.as_ref().and_then(|engine| engine.status().profile);
        if heard.map_or(0, |(_, version)| version as u64) == version_here(register) {
            register.version_unheard = None;
        }
    }
}

/// A register tells the version that is in its databases; where that has just changed, it may not have heard.
pub(super) fn check_told(register: &Register, told: &ContactRequest) -> Result<(), Broken> {
    let here = version_here(register);
    if told.profile_version == here || register.version_unheard == Some(told.profile_version) {
        return Ok(());
    }
    let detail = format!(
        "register {} tells the store server that it has version {}, and has {here}",
        register.number, told.profile_version
    );
    Err((Rule::OneVersion, detail))
}

/// The settings that the engine goes by are of the version that it says it has.
pub(super) fn check_settings(at: usize, status: &Status, server: &ModelServer) -> Result<(), Broken> {
    let Some((_, version)) = status.profile else { return Ok(()) };
    let Some(profile) = server.edits.version(version as u64) else { return Ok(()) };
    let scopes = profile.scopes.iter().map(|scope| &scope.name);
    if status.offline_timeout_s == profile.device.offline_timeout_s
        && status.scopes.iter().map(|scope| &scope.name).eq(scopes)
    {
        return Ok(());
    }
    let detail = format!("register {} goes by other settings than those of version {version}", at + 1);
    Err((Rule::OneVersion, detail))
}
