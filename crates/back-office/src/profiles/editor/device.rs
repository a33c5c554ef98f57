//! The device configuration: when a till goes offline and comes back, what it looks for, sends, keeps and exports.

use std::mem::discriminant;

use holdfast_profile::{
    CheckForNewDatabase, DataExportFolder, DatabaseExportSchedule, DeviceConfiguration, HealthCheck,
    ImageFolder, SlowIsOffline, UploadBatch, UploadTransactions, time_of_day,
};
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{CheckEntry, Choice, ChoiceEntry, Entry, FieldKind};
use leptos::prelude::*;

use super::field_below::{error_unless_below, field_unless_below};
use super::state::Editor;
use super::working_copy::WorkingCopy;

/// Where slowness begins when it is switched on.
const SLOW: SlowIsOffline = SlowIsOffline { latency_ms: 2_000, for_s: 30 };
/// What a time or an interval is before somebody says it.
const MINUTES: u32 = 15;
const HOURS: u32 = 24;
const MINUTE_OF_DAY: u16 = 22 * 60 + 30;
const SIZE_CAP_MB: u32 = 50;

/// The tab.
#[component]
pub fn Device(editor: Editor) -> impl IntoView {
    view! {
        <div class="columns">
            <section class="card padded stack">
                <h2>{text::going_offline()}</h2>
                <GoingOffline editor />
            </section>
            <section class="card padded stack">
                <h2>{text::data()}</h2>
                <Data editor />
            </section>
            <section class="card padded stack">
                <h2>{text::export()}</h2>
                <Export editor />
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn GoingOffline(editor: Editor) -> impl IntoView {
    let slow = editor.part(|copy| copy.profile.device.slow_is_offline.is_some());
    // The question that fails comes an interval after the last at the latest, and the timeout counts from it.
    let late_s = editor.part(|copy| {
        let device = &copy.profile.device;
        u64::from(device.health_check_s.seconds) + u64::from(device.offline_timeout_s)
    });
    // Switched on again it is what it was.
    let last_slow = StoredValue::new(SLOW);
    let set_slow = move |on: bool| {
        editor.edit(|copy| {
            if let Some(slow) = copy.profile.device.slow_is_offline {
                last_slow.set_value(slow);
            }
            copy.profile.device.slow_is_offline = on.then(|| last_slow.get_value());
            copy.forget_typed("device.slow_is_offline");
        });
    };
    view! {
        <CountEntry
            editor
            label=text::offline_timeout()
            help=text::offline_timeout_help()
            path="device.offline_timeout_s"
            test_id="device-offline-timeout"
            held=|device| device.offline_timeout_s
            set=|device, seconds| device.offline_timeout_s = seconds
        />
        <CountEntry
            editor
            label=text::reconnect_interval()
            help=text::reconnect_interval_help()
            path="device.reconnect_interval_min"
            test_id="device-reconnect-interval"
            held=|device| device.reconnect_interval_min
            set=|device, minutes| device.reconnect_interval_min = minutes
        />
        <CountEntry
            editor
            label=text::health_check()
            help=TextProp::from(move || text::health_check_help(late_s.get()))
            path="device.health_check_s"
            test_id="device-health-check"
            held=|device| device.health_check_s.seconds
            set=|device, seconds| device.health_check_s = HealthCheck { seconds }
        />
        <CheckEntry
            label=text::online_hint()
            help=TextProp::from(text::online_hint_help())
            value=editor.part(|copy| copy.profile.device.browser_online_hint)
            on_change=move |on| editor.edit(|copy| copy.profile.device.browser_online_hint = on)
            field="device.browser_online_hint"
            test_id="device-online-hint"
        />
        <CheckEntry
            label=text::slow_is_offline()
            help=TextProp::from(text::slow_is_offline_help())
            value=slow
            on_change=set_slow
            field="device.slow_is_offline"
            test_id="device-slow"
        />
        {move || slow.get().then(|| view! {
            <div class="pair indented">
                <CountEntry
                    editor
                    label=text::slow_latency()
                    help=text::slow_latency_help()
                    path="device.slow_is_offline.latency_ms"
                    test_id="device-slow-latency"
                    held=|device| device.slow_is_offline.unwrap_or(SLOW).latency_ms
                    set=|device, ms| {
                        let slow = device.slow_is_offline.unwrap_or(SLOW);
                        device.slow_is_offline = Some(SlowIsOffline { latency_ms: ms, ..slow });
                    }
                />
                <CountEntry
                    editor
                    label=text::slow_for()
                    help=text::slow_for_help()
                    path="device.slow_is_offline.for_s"
                    test_id="device-slow-for"
                    held=|device| device.slow_is_offline.unwrap_or(SLOW).for_s
                    set=|device, seconds| {
                        let slow = device.slow_is_offline.unwrap_or(SLOW);
                        device.slow_is_offline = Some(SlowIsOffline { for_s: seconds, ..slow });
                    }
                />
            </div>
        })}
    }
    .into_any()
}

#[component]
fn Data(editor: Editor) -> impl IntoView {
    let is_by_minutes = editor.part(|copy| {
        matches!(copy.profile.device.upload_transactions, UploadTransactions::EveryMinutes { .. })
    });
    let is_on = editor.part(|copy| copy.profile.device.image_folder != ImageFolder::Off);
    let (upload, images) = ("device.upload_transactions", "device.image_folder");
    view! {
        <SettingChoice
            editor
            label=text::check_for_new_database()
            help=text::check_for_new_database_help()
            path="device.check_for_new_database"
            test_id="device-check"
            options=vec![
                ("start", text::check_at_start(), CheckForNewDatabase::AtStart),
                ("sync", text::check_at_each_sync(), CheckForNewDatabase::AtEachSync),
                ("never", text::never(), CheckForNewDatabase::Never),
            ]
            held=|device| device.check_for_new_database
            set=|device, chosen| device.check_for_new_database = chosen
        />
        <SettingChoice
            editor
            label=text::upload_transactions()
            help=text::upload_transactions_help()
            path=upload
            test_id="device-upload"
            options=vec![
                ("at_once", text::upload_at_once(), UploadTransactions::AtOnce),
                ("minutes", text::upload_every_minutes(), UploadTransactions::EveryMinutes { minutes: MINUTES }),
                ("shift_close", text::upload_at_shift_close(), UploadTransactions::AtShiftClose),
                ("by_hand", text::by_hand(), UploadTransactions::ByHand),
            ]
            held=|device| device.upload_transactions
            set=|device, chosen| device.upload_transactions = chosen
            has_field_below=is_by_minutes
        />
        {move || is_by_minutes.get().then(|| view! {
            <CountEntry
                editor
                label=text::upload_minutes()
                help=""
                path=upload
                test_id="device-upload-minutes"
                held=|device| match device.upload_transactions {
                    UploadTransactions::EveryMinutes { minutes } => minutes,
                    UploadTransactions::AtOnce | UploadTransactions::AtShiftClose | UploadTransactions::ByHand => MINUTES,
                }
                set=|device, minutes| device.upload_transactions = UploadTransactions::EveryMinutes { minutes }
            />
        })}
        <CountEntry
            editor
            label=text::upload_batch()
            help=text::upload_batch_help()
            path="device.upload_batch_entries"
            test_id="device-upload-batch"
            held=|device| device.upload_batch_entries.entries
            set=|device, entries| device.upload_batch_entries = UploadBatch { entries }
        />
        <SettingChoice
            editor
            label=text::image_folder()
            help=text::image_folder_help()
            path=images
            test_id="device-images"
            options=vec![
                ("off", text::image_folder_off(), ImageFolder::Off),
                ("on", text::image_folder_on(), ImageFolder::On { size_cap_mb: SIZE_CAP_MB }),
            ]
            held=|device| device.image_folder
            set=|device, chosen| device.image_folder = chosen
            has_field_below=is_on
        />
        {move || is_on.get().then(|| view! {
            <CountEntry
                editor
                label=text::image_cap()
                help=text::image_cap_help()
                path=images
                test_id="device-image-cap"
                held=|device| match device.image_folder {
                    ImageFolder::On { size_cap_mb } => size_cap_mb,
                    ImageFolder::Off => SIZE_CAP_MB,
                }
                set=|device, size_cap_mb| device.image_folder = ImageFolder::On { size_cap_mb }
            />
        })}
    }
    .into_any()
}

#[component]
fn Export(editor: Editor) -> impl IntoView {
    let path = "device.database_export_schedule";
    let schedule = |copy: &WorkingCopy| copy.profile.device.database_export_schedule;
    let is_daily = editor.part(move |copy| matches!(schedule(copy), DatabaseExportSchedule::DailyAt { .. }));
    let is_by_hours =
        editor.part(move |copy| matches!(schedule(copy), DatabaseExportSchedule::EveryHours { .. }));
    let time = editor.part(move |copy| {
        copy.shown(path, || match copy.profile.device.database_export_schedule {
            DatabaseExportSchedule::DailyAt { minute_of_day } => time_of_day(minute_of_day),
            DatabaseExportSchedule::Never
            | DatabaseExportSchedule::AtShiftClose
            | DatabaseExportSchedule::EveryHours { .. } => String::new(),
        })
    });
    let set_time = move |typed: String| {
        editor.edit(|copy| {
            copy.type_time(path, typed, |profile, minute_of_day| {
                profile.device.database_export_schedule = DatabaseExportSchedule::DailyAt { minute_of_day };
            });
        });
    };
    view! {
        <SettingChoice
            editor
            label=text::data_export_folder()
            help=text::data_export_folder_help()
            path="device.data_export_folder"
            test_id="device-export-folder"
            options=vec![
                ("off", text::export_off(), DataExportFolder::Off),
                ("granted", text::export_granted(), DataExportFolder::GrantedFolder),
                ("download", text::export_download(), DataExportFolder::Download),
                ("server", text::export_server(), DataExportFolder::StoreServer),
            ]
            held=|device| device.data_export_folder
            set=|device, chosen| device.data_export_folder = chosen
        />
        <SettingChoice
            editor
            label=text::export_schedule()
            help=text::export_schedule_help()
            path=path
            test_id="device-export-schedule"
            options=vec![
                ("never", text::never(), DatabaseExportSchedule::Never),
                ("shift_close", text::export_at_shift_close(), DatabaseExportSchedule::AtShiftClose),
                (
                    "daily",
                    text::export_daily(),
                    DatabaseExportSchedule::DailyAt { minute_of_day: MINUTE_OF_DAY },
                ),
                ("hours", text::export_every_hours(), DatabaseExportSchedule::EveryHours { hours: HOURS }),
            ]
            held=|device| device.database_export_schedule
            set=|device, chosen| device.database_export_schedule = chosen
            has_field_below=Signal::derive(move || is_daily.get() || is_by_hours.get())
        />
        {move || is_daily.get().then(|| view! {
                <Entry
                    label=text::export_time()
                    value=time
                    on_input=set_time
                    error=editor.error(path)
                    kind=FieldKind::Code
                    field=path
                    test_id="device-export-time"
                />
        })}
        {move || is_by_hours.get().then(|| view! {
                <CountEntry
                    editor
                    label=text::export_hours()
                    help=""
                    path=path
                    test_id="device-export-hours"
                    held=|device| match device.database_export_schedule {
                        DatabaseExportSchedule::EveryHours { hours } => hours,
                        DatabaseExportSchedule::Never
                        | DatabaseExportSchedule::AtShiftClose
                        | DatabaseExportSchedule::DailyAt { .. } => HOURS,
                    }
                    set=|device, hours| device.database_export_schedule = DatabaseExportSchedule::EveryHours { hours }
                />
        })}
    }
    .into_any()
}

/// A number of the device configuration.
#[component]
fn CountEntry(
    editor: Editor,
    label: &'static str,
    #[prop(into)] help: TextProp,
    path: &'static str,
    test_id: &'static str,
    held: fn(&DeviceConfiguration) -> u32,
    set: fn(&mut DeviceConfiguration, u32),
) -> impl IntoView {
    let value = editor.part(move |copy| copy.shown(path, || held(&copy.profile.device).to_string()));
    let type_it = move |typed: String| {
        editor.edit(|copy| {
            copy.type_count(path, typed, |profile, count| set(&mut profile.device, count));
        });
    };
    view! {
        <Entry
            label=label
            value=value
            on_input=type_it
            error=editor.error(path)
            help=help
            kind=FieldKind::Number
            field=path
            test_id=test_id
        />
    }
    .into_any()
}

/// A setting with a few choices; each has the name by which the page knows it, its words, and what is set with it.
#[component]
fn SettingChoice<V: Copy + Send + Sync + 'static>(
    editor: Editor,
    label: &'static str,
    help: &'static str,
    path: &'static str,
    test_id: &'static str,
    options: Vec<(&'static str, &'static str, V)>,
    held: fn(&DeviceConfiguration) -> V,
    set: fn(&mut DeviceConfiguration, V),
    /// What is chosen has a field below, of the same path.
    #[prop(optional, into)]
    has_field_below: Signal<bool>,
) -> impl IntoView {
    let choices: Vec<Choice> = options.iter().map(|(name, words, _)| Choice::new(*name, *words)).collect();
    let options = StoredValue::new(options);
    let value = editor.part(move |copy| {
        let held = discriminant(&held(&copy.profile.device));
        options.with_value(|options| {
            let chosen = options.iter().find(|(_, _, option)| discriminant(option) == held);
            chosen.map_or("", |(name, _, _)| *name).to_owned()
        })
    });
    let choose = move |name: String| {
        // What a choice was set to comes back with it.
        let before = editor.peek(|copy| Some(held(&copy.profile.device)));
        options.update_value(|options| {
            for (_, _, option) in options {
                if let Some(before) = before.filter(|before| discriminant(before) == discriminant(option)) {
                    *option = before;
                }
            }
        });
        let found =
            options.with_value(|options| options.iter().find(|(known, _, _)| *known == name).copied());
        let Some((_, _, option)) = found else { return };
        editor.edit(|copy| {
            copy.forget_typed(path);
            set(&mut copy.profile.device, option);
        });
    };
    view! {
        <ChoiceEntry
            label=label
            choices=Signal::stored(choices)
            value=value
            on_choose=choose
            error=error_unless_below(has_field_below, editor.error(path))
            help=TextProp::from(help)
            field=field_unless_below(has_field_below, Signal::stored(path.to_owned()))
            test_id=test_id
        />
    }
    .into_any()
}
