//! One scope: its words, its direction with what that means, its frequency, its tables, and who else uses it.

use holdfast_profile::{Direction, Frequency, Profile, Scope, name_key, time_of_day};
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Badge, Button, ButtonKind, Choice, ChoiceEntry, Entry, FieldKind, Icon};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::field_below::field_unless_below;
use super::focusing::focus_later;
use super::lines::remove;
use super::radio_cards::{RadioCard, RadioCards};
use super::state::Editor;
use super::tables::Tables;
use super::working_copy::{WorkingCopy, error_at};
use crate::live::keep_fresh;
use crate::profiles::words::{direction_icon, direction_label, direction_note};
use crate::state::app_state;

/// Where reading goes on when a line is chosen.
pub const SCOPE_HEADING: &str = "scope-heading";

const MINUTES: u32 = 15;
const MINUTE_OF_DAY: u16 = 5 * 60;

/// A part of a line's scope, as findings name it.
pub fn path_of(editor: Editor, key: u32, part: &'static str) -> Signal<String> {
    editor.part(move |copy| format!("scopes[{}]{part}", copy.place_of(key).unwrap_or_default()))
}

/// What is wrong with a part of a line's scope.
pub fn error_of(editor: Editor, key: u32, part: &'static str) -> Signal<Option<String>> {
    let path = path_of(editor, key, part);
    Signal::derive(move || path.with(|path| editor.findings.with(|findings| error_at(findings, path, false))))
}

/// The panel.
#[component]
pub fn ScopeEditor(editor: Editor, key: u32) -> impl IntoView {
    let state = app_state();
    // Who uses a scope changes with other profiles too.
    state.scopes.ask_anew(state.api.scopes());
    keep_fresh(move || {
        if !state.scopes.is_known() {
            state.scopes.ask(state.api.scopes());
        }
    });
    let name = editor.part(move |copy| copy.scope(key).map(|scope| scope.name.clone()).unwrap_or_default());
    let description =
        editor.part(move |copy| copy.scope(key).map(|scope| scope.description.clone()).unwrap_or_default());
    let change = move |change: &dyn Fn(&mut Scope)| {
        editor.edit(|copy| {
            if let Some(scope) = copy.scope_mut(key) {
                change(scope);
            }
        });
    };
    let back = move || focus_later(format!("line-{key}"), "scope-add".to_owned());
    let on_key = move |event: KeyboardEvent| {
        // A dialog of the scope's closes by the same key, and the scope stays.
        if event.key() == "Escape" && !event.default_prevented() && !is_in_dialog(&event) {
            back();
        }
    };
    let goes_up =
        editor.part(move |copy| copy.scope(key).is_some_and(|scope| scope.direction == Direction::Upload));
    view! {
        <section class="card padded scope" aria-labelledby=SCOPE_HEADING data-testid="scope" on:keydown=on_key>
            <div class="row wrap">
                <h2 id=SCOPE_HEADING tabindex="-1" class="grow" dir="auto">{move || name.get()}</h2>
                <Users editor key />
            </div>
            <Entry
                label=text::scope_name()
                value=name
                on_input=move |typed: String| change(&|scope| scope.name.clone_from(&typed))
                error=error_of(editor, key, ".name")
                field=path_of(editor, key, ".name")
                test_id="scope-name"
            />
            <Entry
                label=text::scope_description()
                value=description
                on_input=move |typed: String| change(&|scope| scope.description.clone_from(&typed))
                error=error_of(editor, key, ".description")
                field=path_of(editor, key, ".description")
                test_id="scope-description"
            />
            <DirectionChoice editor key />
            {move || match goes_up.get() {
                true => view! { <p class="small muted" data-testid="frequency-of-upload">{text::frequency_of_upload()}</p> }.into_any(),
                false => view! { <FrequencyChoice editor key /> }.into_any(),
            }}
            <Tables editor key />
            <div class="scope-foot">
                <Button
                    label=text::back_to_lines()
                    icon=Icon::Back
                    kind=ButtonKind::Quiet
                    on_press=back
                    test_id="scope-back"
                />
                <span class="grow"></span>
                <Button
                    label=text::remove_line()
                    icon=Icon::Cross
                    kind=ButtonKind::Danger
                    on_press=move || remove(editor, key)
                    test_id="scope-remove"
                />
            </div>
        </section>
    }
    .into_any()
}

fn is_in_dialog(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("dialog").is_ok_and(|dialog| dialog.is_some()))
}

/// The other profiles that the scope is part of.
#[component]
fn Users(editor: Editor, key: u32) -> impl IntoView {
    let state = app_state();
    let known_as = editor.part(move |copy| {
        copy.place_of(key).and_then(|place| copy.lines.get(place)).and_then(|line| line.known_as.clone())
    });
    let others = Memo::new(move |_| {
        let Some(name) = known_as.get() else { return Vec::new() };
        let own = editor.id();
        state
            .scopes
            .with(|all| {
                let found = all?.iter().find(|one| name_key(&one.scope.name) == name_key(&name))?;
                let others = found.used_by.iter().filter(|user| Some(user.id) != own);
                Some(others.map(|user| user.name.clone()).collect::<Vec<String>>())
            })
            .unwrap_or_default()
    });
    move || {
        let others = others.get();
        let badge = if others.is_empty() {
            text::only_here().to_owned()
        } else {
            text::used_by_profiles(others.len() as u64)
        };
        view! {
            <Badge text=badge test_id="scope-used-by" />
            {(!others.is_empty()).then(|| view! {
                <p class="small muted whole-row">{text::used_by_others_detail(&others.join(", "))}</p>
            })}
        }
    }
}

#[component]
fn DirectionChoice(editor: Editor, key: u32) -> impl IntoView {
    let directions = [Direction::Download, Direction::Upload, Direction::Bidirectional];
    let cards = directions.map(|direction| RadioCard {
        value: direction_name(direction),
        label: direction_label(direction),
        note: direction_note(direction),
        icon: Some(direction_icon(direction)),
    });
    let choose = move |name: &'static str| {
        editor.edit(|copy| {
            if name == direction_name(Direction::Upload) {
                copy.forget_typed(&frequency_path(copy, key));
            }
            let Some(scope) = copy.scope_mut(key) else { return };
            scope.direction = directions
                .into_iter()
                .find(|direction| direction_name(*direction) == name)
                .unwrap_or(Direction::Download);
            if scope.direction == Direction::Upload {
                // The device configuration says when what is sold is sent.
                scope.frequency = Frequency::WithEverySync;
            }
            if scope.direction != Direction::Bidirectional {
                // No two changes of a row can meet.
                scope.tables.iter_mut().for_each(|entry| entry.conflict_rule = None);
            }
        });
    };
    view! {
        <RadioCards
            legend=text::direction()
            cards=cards.to_vec()
            value=editor.part(move |copy| {
                copy.scope(key).map(|scope| direction_name(scope.direction).to_owned()).unwrap_or_default()
            })
            on_choose=choose
            field=path_of(editor, key, ".direction")
            test_id="direction"
            narrow=true
        />
    }
    .into_any()
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Download => "download",
        Direction::Upload => "upload",
        Direction::Bidirectional => "both",
    }
}

#[component]
fn FrequencyChoice(editor: Editor, key: u32) -> impl IntoView {
    let frequency = move |copy: &WorkingCopy| copy.scope(key).map(|scope| scope.frequency);
    let name = editor.part(move |copy| frequency(copy).map(frequency_name).unwrap_or_default());
    let path = path_of(editor, key, ".frequency");
    let set = move |frequency: Frequency| {
        editor.edit(|copy| {
            copy.forget_typed(&frequency_path(copy, key));
            if let Some(scope) = copy.scope_mut(key) {
                scope.frequency = frequency;
            }
        });
    };
    let choose = move |name: String| {
        set(match name.as_str() {
            "minutes" => Frequency::EveryMinutes { minutes: MINUTES },
            "daily" => Frequency::DailyAt { minute_of_day: MINUTE_OF_DAY },
            "by_hand" => Frequency::ByHand,
            _ => Frequency::WithEverySync,
        });
    };
    let choices = vec![
        Choice::new("every_sync", text::frequency_with_every_sync()),
        Choice::new("minutes", text::frequency_every_minutes()),
        Choice::new("daily", text::frequency_daily()),
        Choice::new("by_hand", text::frequency_by_hand()),
    ];
    let shown = editor.part(move |copy| {
        copy.shown(&frequency_path(copy, key), || match frequency(copy) {
            Some(Frequency::EveryMinutes { minutes }) => minutes.to_string(),
            Some(Frequency::DailyAt { minute_of_day }) => time_of_day(minute_of_day),
            Some(Frequency::WithEverySync | Frequency::ByHand) | None => String::new(),
        })
    });
    let type_minutes = move |typed: String| {
        editor.edit(|copy| {
            let set = set_at(copy.place_of(key), |minutes| Frequency::EveryMinutes { minutes });
            copy.type_count(&frequency_path(copy, key), typed, set);
        });
    };
    let type_time = move |typed: String| {
        editor.edit(|copy| {
            let set = set_at(copy.place_of(key), |minute_of_day| Frequency::DailyAt { minute_of_day });
            copy.type_time(&frequency_path(copy, key), typed, set);
        });
    };
    let error = error_of(editor, key, ".frequency");
    let has_field_below = Signal::derive(move || matches!(name.get(), "minutes" | "daily"));
    view! {
        <ChoiceEntry
            label=text::frequency()
            choices=Signal::stored(choices)
            value=Signal::derive(move || name.get().to_owned())
            on_choose=choose
            field=field_unless_below(has_field_below, path)
            test_id="frequency"
        />
        {move || match name.get() {
            "minutes" => view! {
                <Entry
                    label=text::frequency_minutes()
                    value=shown
                    on_input=type_minutes
                    error=error
                    kind=FieldKind::Number
                    field=path
                    test_id="frequency-minutes"
                />
            }
            .into_any(),
            "daily" => view! {
                <Entry
                    label=text::frequency_time()
                    value=shown
                    on_input=type_time
                    error=error
                    kind=FieldKind::Code
                    field=path
                    test_id="frequency-time"
                />
            }
            .into_any(),
            _ => ().into_any(),
        }}
    }
    .into_any()
}

/// Of the working copy in hand: while it is changed no signal can be asked for what depends on it.
fn frequency_path(copy: &WorkingCopy, key: u32) -> String {
    format!("scopes[{}].frequency", copy.place_of(key).unwrap_or_default())
}

/// Sets the frequency of the scope at a place from what was typed.
fn set_at<T>(place: Option<usize>, frequency: fn(T) -> Frequency) -> impl FnOnce(&mut Profile, T) {
    move |profile, typed| {
        if let Some(scope) = place.and_then(|place| profile.scopes.get_mut(place)) {
            scope.frequency = frequency(typed);
        }
    }
}

fn frequency_name(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::WithEverySync => "every_sync",
        Frequency::EveryMinutes { .. } => "minutes",
        Frequency::DailyAt { .. } => "daily",
        Frequency::ByHand => "by_hand",
    }
}
