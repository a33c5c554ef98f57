//! What the profile says of exports, as far as this browser can do it.

use holdfast_profile::DataExportFolder;
use leptos::prelude::*;

use super::deliver;
use crate::till::Till;

/// Whether there is a folder to choose: the profile wants one and the browser has them.
pub fn may_choose_folder(till: Till) -> bool {
    let wants_folder = till
        .exports
        .device
        .with(|device| device.is_some_and(|(folder, _)| folder == DataExportFolder::GrantedFolder));
    wants_folder && deliver::has_folders()
}
