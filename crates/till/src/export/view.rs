//! The part of the offline database page about exports: the last one, what the profile says, what can be done.

use holdfast_browser_store::{ExportPlace, ExportRecord};
use holdfast_profile::{DataExportFolder, DatabaseExportSchedule, time_of_day};
use holdfast_ui::messages::till as text;
use holdfast_ui::{Badge, Banner, Button, ButtonKind, Card, Icon, Tone, size, time};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{deliver, export_now, may_choose_folder, save_here};
use crate::live;
use crate::till::{Till, use_till};

/// The card.
#[component]
pub fn ExportCard() -> impl IntoView {
    let till = use_till();
    let exports = till.exports;
    let is_running = Signal::derive(move || exports.is_running());
    let result = live::part(move || {
        let now_ms = till.now_ms.get_untracked();
        exports.record.with(|record| last(record.as_ref(), now_ms))
    });
    let failed = live::maybe(move || {
        let failed =
            exports.record.with(|record| record.as_ref().and_then(|record| record.failed.clone()))?;
        let title = text::export_failed(&time::clock_or_date(failed.at_ms, till.now_ms.get_untracked()));
        Some(
            view! { <Banner tone=Tone::Wait title=title detail=failed.reason test_id="export-failed" /> }
                .into_any(),
        )
    });
    let folder_failed = live::maybe(move || {
        let wants_folder =
            exports.device.with(|device| matches!(device, Some((DataExportFolder::GrantedFolder, _))));
        if !wants_folder {
            return None;
        }
        let failed =
            exports.record.with(|record| record.as_ref().and_then(|record| record.folder_failed.clone()))?;
        let title =
            text::export_folder_failed(&time::clock_or_date(failed.at_ms, till.now_ms.get_untracked()));
        let detail = text::export_folder_failed_detail(&failed.reason);
        Some(
            view! { <Banner tone=Tone::Wait title=title detail=detail test_id="export-folder-failed" /> }
                .into_any(),
        )
    });
    let has_other_place = move || {
        exports.device.with(|device| {
            matches!(device, Some((DataExportFolder::GrantedFolder | DataExportFolder::StoreServer, _)))
        })
    };
    view! {
        <Card class="padded">
            <div class="export">
                <div class="grow">
                    <h2>{text::export_title()}</h2>
                    <p class="muted small">{text::export_detail()}</p>
                    <p class="export-last">
                        {result}
                        <span class="muted small" data-testid="export-plan">{live::words(move || plan(till))}</span>
                    </p>
                </div>
                <div class="export-actions">
                    {live::maybe(move || has_other_place().then(|| view! {
                        <Button
                            label=text::export_save_here()
                            kind=ButtonKind::Quiet
                            on_press=move || save_here(till)
                            disabled=is_running
                            test_id="export-save-here"
                        />
                    }.into_any()))}
                    {live::maybe(move || may_choose_folder(till).then(|| view! {
                        <Button
                            label=text::export_choose_folder()
                            on_press=move || choose(till)
                            disabled=is_running
                            test_id="export-folder"
                        />
                    }.into_any()))}
                    <Button
                        label=text::export_now()
                        icon=Icon::Down
                        on_press=move || export_now(till)
                        disabled=is_running
                        test_id="export-now"
                    />
                </div>
            </div>
        </Card>
        {failed}
        {folder_failed}
    }
}

fn choose(till: Till) {
    spawn_local(async move {
        match deliver::choose_folder(till).await {
            Ok(_) => export_now(till),
            // Somebody who thinks better of it needs no word about that.
            Err(error) => leptos::logging::warn!("no folder: {error}"),
        }
    });
}

/// The last export, as a badge; `data-at` is for tests.
fn last(record: Option<&ExportRecord>, now_ms: i64) -> AnyView {
    let made = record.and_then(|record| record.made.as_ref());
    let (words, tone, icon, at_ms) = match made {
        None => (text::export_none().to_owned(), Tone::Neutral, Icon::Clock, 0),
        Some(made) => {
            let at = time::clock_or_date(made.at_ms, now_ms);
            let bytes = size::bytes(made.bytes);
            let words = match made.place {
                ExportPlace::Folder => text::export_in_folder(&at, &bytes),
                ExportPlace::Download => text::export_downloaded(&at, &bytes),
                ExportPlace::StoreServer => text::export_sent(&at, &bytes),
            };
            (words, Tone::Ok, Icon::Tick, made.at_ms)
        }
    };
    view! {
        <span data-testid="export-last" data-at=at_ms.to_string() role="status">
            <Badge text=words tone icon />
        </span>
    }
    .into_any()
}

/// What the profile says, in one sentence.
fn plan(till: Till) -> String {
    let Some((folder, schedule)) = till.exports.device.get() else { return String::new() };
    let place = match folder {
        DataExportFolder::Off => return text::export_plan_off().to_owned(),
        DataExportFolder::GrantedFolder if deliver::has_folders() => text::export_to_folder(),
        DataExportFolder::GrantedFolder => text::export_to_downloads_instead(),
        DataExportFolder::Download => text::export_to_downloads(),
        DataExportFolder::StoreServer => text::export_to_server(),
    };
    match schedule {
        DatabaseExportSchedule::Never => text::export_plan_never(place),
        DatabaseExportSchedule::AtShiftClose => text::export_plan_shift(place),
        DatabaseExportSchedule::DailyAt { minute_of_day } => {
            text::export_plan_daily(place, &time_of_day(minute_of_day))
        }
        DatabaseExportSchedule::EveryHours { hours } => text::export_plan_hours(place, u64::from(hours)),
    }
}
