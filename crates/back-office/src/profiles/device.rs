//! The device configuration of a profile: each setting by its name, with what it means.

use holdfast_profile::DeviceConfiguration;
use holdfast_ui::messages::{back_office as text, common};
use leptos::prelude::*;

use super::words::{check_label, upload_label};

/// The settings, in the two groups of the editor.
#[component]
pub fn DeviceConfigurationView(device: DeviceConfiguration) -> impl IntoView {
    let hint = if device.browser_online_hint { common::yes() } else { common::no() };
    view! {
        <div class="card padded columns settings">
            <section class="stack">
                <h2>{text::going_offline()}</h2>
                <dl class="stack">
                    <Setting
                        name=text::offline_timeout()
                        value=text::seconds(u64::from(device.offline_timeout_s))
                        note=text::offline_timeout_note()
                    />
                    <Setting
                        name=text::reconnect_interval()
                        value=text::minutes(u64::from(device.reconnect_interval_min))
                        note=text::reconnect_interval_note()
                    />
                    <Setting name=text::online_hint() value=hint note=text::online_hint_note() />
                </dl>
            </section>
            <section class="stack">
                <h2>{text::data()}</h2>
                <dl class="stack">
                    <Setting
                        name=text::check_for_new_database()
                        value=check_label(device.check_for_new_database)
                        note=text::check_for_new_database_note()
                    />
                    <Setting
                        name=text::upload_transactions()
                        value=upload_label(device.upload_transactions)
                        note=text::upload_transactions_note()
                    />
                </dl>
            </section>
        </div>
    }
}

#[component]
fn Setting(name: &'static str, #[prop(into)] value: String, note: &'static str) -> impl IntoView {
    view! {
        <div class="setting">
            <dt>{name}</dt>
            <dd class="setting-value">{value}</dd>
            <dd class="small muted">{note}</dd>
        </div>
    }
    .into_any()
}
