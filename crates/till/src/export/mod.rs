//! Exports of this register: asked for, or when the profile's schedule says so, to where it says.
//!
//! The page makes those to a folder and to the browser's downloads; the service worker makes and sends those to the
//! store server. One that the schedule makes where nobody can grant the folder goes to the downloads instead, else to the
//! store server. When the last one was made, and what stood in the folder's way, is in the journal.

mod deliver;
mod device;
pub mod view;

use holdfast_browser_store::{
    ExportPlace, ExportRecord, FailedExport, MadeExport, PackedExport, write_export,
};
use holdfast_profile::{DataExportFolder, DatabaseExportSchedule};
use holdfast_sync::export_schedule;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::{now_ms, utc_offset_min};
use leptos::logging::warn;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::turns::Turns;
use crate::catalogue;
use crate::till::Till;

pub use device::may_choose_folder;

/// After this, an export of the worker that has not ended counts as failed, milliseconds: it may have been killed.
const GIVE_UP_MS: i64 = 2 * 60 * 1_000;

/// The exports of this register.
#[derive(Debug, Clone, Copy)]
pub struct Exports {
    /// What the journal knows of them.
    pub record: RwSignal<Option<ExportRecord>>,
    /// Where the profile wants them, and when; nothing before the register has a profile.
    pub device: RwSignal<Option<(DataExportFolder, DatabaseExportSchedule)>>,
    /// The one that is being made, and since when, ms since 1970.
    running: RwSignal<Option<(Way, i64)>>,
}

/// Where an export goes, and how it came to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// To the folder that was granted; with somebody there who can grant it.
    Folder { somebody_asked: bool },
    /// To the browser's downloads.
    Download,
    /// To the store server.
    StoreServer,
}

impl Exports {
    /// Nothing known.
    pub fn new() -> Exports {
        Exports { record: RwSignal::new(None), device: RwSignal::new(None), running: RwSignal::new(None) }
    }

    /// Whether one is being made.
    pub fn is_running(&self) -> bool {
        self.running.get().is_some()
    }

    /// Whether an entry of the journal is in the last export.
    pub fn hold(&self, seq: u64) -> bool {
        let made = |record: &ExportRecord| record.made.as_ref().is_some_and(|made| made.up_to_seq >= seq);
        self.record.with(|record| record.as_ref().is_some_and(made))
    }

    fn folder(&self) -> DataExportFolder {
        self.device.with_untracked(|device| device.map_or(DataExportFolder::Off, |(folder, _)| folder))
    }

    fn schedule(&self) -> DatabaseExportSchedule {
        self.device
            .with_untracked(|device| device.map_or(DatabaseExportSchedule::Never, |(_, schedule)| schedule))
    }
}

impl Default for Exports {
    fn default() -> Self {
        Exports::new()
    }
}

/// Somebody wants an export now. Without a place in the profile it is a download.
pub fn export_now(till: Till) {
    let way = match till.exports.folder() {
        DataExportFolder::Off | DataExportFolder::Download => Way::Download,
        DataExportFolder::GrantedFolder => Way::Folder { somebody_asked: true },
        DataExportFolder::StoreServer => Way::StoreServer,
    };
    begin(till, way);
}

/// Somebody wants one on this device, whatever the profile says.
pub fn save_here(till: Till) {
    begin(till, Way::Download);
}

/// Time has passed: makes an export where the schedule has one due.
pub fn tick(till: Till) {
    if !till.has_turn.get_value() {
        return;
    }
    let at_ms = now_ms();
    let exports = till.exports;
    if let Some((way, since_ms)) = exports.running.get_untracked() {
        // Those that this page makes end by themselves.
        if way == Way::StoreServer && (at_ms - since_ms).abs() > GIVE_UP_MS {
            note(till, Err(FailedExport { at_ms, reason: text::export_no_end().to_owned() }));
        }
        return;
    }
    let is_due = exports.record.with_untracked(|record| {
        record.as_ref().is_some_and(|record| {
            let made_at_ms = record.made.as_ref().map(|made| made.at_ms);
            let failed_at_ms = record.failed.as_ref().map(|failed| failed.at_ms);
            let offset_min = utc_offset_min(at_ms);
            let lacks_shift = record.lacks_shift;
            let schedule = exports.schedule();
            export_schedule::is_due(schedule, made_at_ms, failed_at_ms, lacks_shift, at_ms, offset_min)
        })
    });
    if is_due {
        by_itself(till);
    }
}

/// The journal may know of another export.
pub fn read_record(till: Till) {
    spawn_local(read_record_now(till));
}

async fn read_record_now(till: Till) {
    let Some(journal) = till.journal() else { return };
    match journal.exports().await {
        Ok(record) => till.exports.record.set(Some(record)),
        Err(error) => warn!("the last export can't be read: {error}"),
    }
}

/// The worker has made an export, or has failed to.
pub fn ended(till: Till) {
    spawn_local(async move {
        // First what is known of it: what is due is not asked meanwhile.
        read_record_now(till).await;
        till.exports.running.set(None);
    });
}

/// Notes how one has ended.
fn note(till: Till, result: Result<MadeExport, FailedExport>) {
    let Some(journal) = till.journal() else { return };
    // Not given up twice.
    till.exports.running.update(|running| {
        if let Some((_, since_ms)) = running {
            *since_ms = now_ms();
        }
    });
    spawn_local(async move {
        if let Err(error) = journal.note_export(&result).await {
            warn!("the export was not noted: {error}");
        }
        ended(till);
    });
}

fn by_itself(till: Till) {
    match till.exports.folder() {
        DataExportFolder::Off => {}
        DataExportFolder::GrantedFolder => begin(till, Way::Folder { somebody_asked: false }),
        DataExportFolder::Download => begin(till, Way::Download),
        DataExportFolder::StoreServer => begin(till, Way::StoreServer),
    }
}

fn begin(till: Till, way: Way) {
    let running = till.exports.running;
    if running.get_untracked().is_some() || till.journal().is_none() {
        return;
    }
    if way == Way::StoreServer {
        send(till);
        return;
    }
    running.set(Some((way, now_ms())));
    spawn_local(async move {
        let at_ms = now_ms();
        let result = match make(till, way, at_ms).await {
            Ok((place, export)) => {
                if export.has_unreadable {
                    catalogue::load::ask_to_mend(till);
                }
                let PackedExport { bytes, series, up_to_seq, .. } = export;
                Ok(MadeExport { at_ms, place, bytes, series, up_to_seq })
            }
            Err(NotMade::StoreServerInstead) => return send(till),
            Err(NotMade::Failed(reason)) => Err(FailedExport { at_ms, reason }),
        };
        note(till, result);
    });
}

/// Has the worker make one and send it to the store server; it tells how that ended ([`ended`]).
fn send(till: Till) {
    let running = till.exports.running;
    match till.link() {
        Some(link) => {
            running.set(Some((Way::StoreServer, now_ms())));
            #[expect(clippy::cast_precision_loss, reason = "exact to 2^53 ms, some 285,000 years")]
            link.send(&ToWorker::Export { at_ms: now_ms() as f64 });
        }
        None => running.set(None),
    }
}

/// Why the page made none.
enum NotMade {
    /// It could not, for this reason.
    Failed(String),
    /// Neither folder nor downloads took it, and nobody is there to help: the store server is to have it.
    StoreServerInstead,
}

impl From<String> for NotMade {
    fn from(reason: String) -> NotMade {
        NotMade::Failed(reason)
    }
}

async fn make(till: Till, way: Way, at_ms: i64) -> Result<(ExportPlace, PackedExport), NotMade> {
    let goes_on = way == Way::Folder { somebody_asked: false };
    // Asked before anything that takes long: the browser lets nobody ask long after a tap.
    let mut folder = match way {
        Way::Folder { somebody_asked } => deliver::granted_folder(till, somebody_asked).await,
        Way::Download | Way::StoreServer => Ok(None),
    };
    if !goes_on && let Err(reason) = folder {
        return Err(reason.into());
    }
    let journal = till.journal().ok_or_else(|| text::export_no_journal().to_owned())?;
    let scopes = till.scopes();
    let mut turns = Turns::begin();
    let version = env!("CARGO_PKG_VERSION");
    let written = write_export(&journal, scopes.as_ref(), version, at_ms, async || turns.give().await).await;
    let export = written.map_err(|error| error.to_string())?;
    let name = deliver::file_name(till, at_ms);
    if let Ok(Some(granted)) = &folder {
        match deliver::into_folder(granted, &name, &export.file).await {
            Ok(()) => return Ok((ExportPlace::Folder, export)),
            Err(error) if goes_on => folder = Err(text::export_folder_unwritable(&error)),
            Err(error) => return Err(error.into()),
        }
    }
    if let Err(reason) = folder
        && let Err(error) = journal.note_export_folder(&FailedExport { at_ms, reason }).await
    {
        warn!("what is wrong with the folder was not noted: {error}");
    }
    match deliver::as_download(&name, &export.file) {
        Ok(()) => Ok((ExportPlace::Download, export)),
        Err(error) if goes_on => {
            warn!("the export goes to the store server, since there is no download: {error}");
            Err(NotMade::StoreServerInstead)
        }
        Err(error) => Err(error.into()),
    }
}
