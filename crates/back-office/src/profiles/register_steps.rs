//! What each register would do to go by another version: downloaded, removed, how long, and whether it fits.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Badge, Cell, Column, DataTable, Icon, Tone, size, time};
use leptos::prelude::*;

use super::plan_words::stopped_words;
use crate::api::RegisterPreview;

/// A row for each.
#[component]
pub fn RegisterSteps(
    /// As the store server says.
    registers: Vec<RegisterPreview>,
    /// The rate at which it estimates times, bytes of rows a second.
    bytes_per_s: u64,
) -> impl IntoView {
    let columns = vec![
        Column::text(text::register()),
        Column::text(text::has_version()),
        Column::number(text::download()),
        Column::number(text::removed()),
        Column::number(text::estimated()),
        Column::text(text::fits()),
    ];
    let rows = registers.into_iter().map(|register| view! { <RegisterRow register /> }).collect_view();
    view! {
        <DataTable label=text::plan_registers() columns=columns test_id="plan-registers">{rows}</DataTable>
        <p class="small muted">{text::estimated_at(&size::bytes(bytes_per_s))}</p>
    }
    .into_any()
}

#[component]
fn RegisterRow(register: RegisterPreview) -> impl IntoView {
    let down = if register.rows_down == 0 {
        text::nothing_to_do().to_owned()
    } else {
        text::rows_and_size(&text::rows_count(register.rows_down), &size::bytes(register.bytes_down))
    };
    // They come when all else is there, and need no time to wait for.
    let pictures =
        (register.pictures_bytes > 0).then(|| text::pictures_up_to(&size::bytes(register.pictures_bytes)));
    let has_room_without = register.fits == Some(true) && register.pictures_fit == Some(false);
    let removed = if register.rows_removed == 0 {
        text::nothing_to_do().to_owned()
    } else {
        text::rows_count(register.rows_removed)
    };
    let (fits, tone, icon) = match register.fits {
        Some(true) => (text::fits_yes(), Tone::Ok, Some(Icon::Tick)),
        Some(false) => (text::fits_no(), Tone::Bad, Some(Icon::Warn)),
        None => (text::fits_unknown(), Tone::Neutral, None),
    };
    let offline = register
        .offline_since_ms
        .map(|since| text::is_offline_since(&time::clock_or_date(since, time::now_ms())));
    let also_stops = (!register.also_stops_offline.is_empty())
        .then(|| text::also_stops_there(&stopped_words(&register.also_stops_offline)));
    let goes_up_first =
        register.waiting.filter(|waiting| register.uploads_first && *waiting > 0).map(text::goes_up_first);
    view! {
        <tr role="row" data-testid=format!("plan-register-{}", register.number)>
            <Cell>
                <span class="two-lines">
                    <strong dir="auto" class="breaks">{register.name}</strong>
                    <span class="small muted">{offline}</span>
                    <span class="small bad-text">{also_stops}</span>
                    <span class="small waits">{goes_up_first}</span>
                </span>
            </Cell>
            <Cell label=text::has_version()>
                <span class="two-lines">
                    <span>
                        {register.version.map_or_else(|| text::nothing_to_do().to_owned(), text::published_version)}
                    </span>
                    <span class="small muted breaks" dir="auto">{register.profile_name}</span>
                </span>
            </Cell>
            <Cell label=text::download() numeric=true>
                <span class="two-lines">
                    <span>{down}</span>
                    <span class="small muted">{pictures}</span>
                </span>
            </Cell>
            <Cell label=text::removed() numeric=true>{removed}</Cell>
            <Cell label=text::estimated() numeric=true>{duration(register.estimated_s)}</Cell>
            <Cell label=text::fits()>
                <span class="two-lines">
                    <Badge text=fits tone=tone icon=icon />
                    <span class="small waits">{has_room_without.then(text::pictures_have_no_room)}</span>
                </span>
            </Cell>
        </tr>
    }
    .into_any()
}

fn duration(seconds: u64) -> String {
    if seconds < 90 { text::estimated_s(seconds) } else { text::estimated_min(seconds.div_ceil(60)) }
}
