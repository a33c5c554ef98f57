//! What the profile says of exports.

use holdfast_profile::DataExportFolder;
use leptos::logging::warn;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::deliver;
use crate::till::Till;

/// Reads the profile again whenever the register has another version of it.
pub fn follow_profile(till: Till) {
    let version = Memo::new(move |_| {
        let status = till.connection.status;
        status.with(|status| {
            status.as_ref().and_then(|status| status.profile.as_ref().map(|(_, version)| *version))
        })
    });
    Effect::new(move |_| {
        // Asked for its value: nobody else does, and a memo that is only tracked never looks.
        version.get();
        read(till);
    });
}

/// Reads the profile.
pub fn read(till: Till) {
    let Some(scopes) = till.scopes() else { return };
    spawn_local(async move {
        match scopes.profile().await {
            Ok(profile) => till.exports.device.set(profile.map(|(_, profile)| {
                (profile.device.data_export_folder, profile.device.database_export_schedule)
            })),
            Err(error) => warn!("the profile can't be read: {error}"),
        }
    });
}

/// Whether there is a folder to choose: the profile wants one and the browser has them.
pub fn may_choose_folder(till: Till) -> bool {
    let wants_folder = till
        .exports
        .device
        .with(|device| device.is_some_and(|(folder, _)| folder == DataExportFolder::GrantedFolder));
    wants_folder && deliver::has_folders()
}
