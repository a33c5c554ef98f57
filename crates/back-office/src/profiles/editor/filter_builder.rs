//! The row filter of a table: conditions and groups of them, joined by all or any, with the sentence that they make.

use holdfast_profile::{ConditionGroup, FilterPart, Join, RowFilter};
use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Button, ButtonKind, Choice, ChoiceEntry, Dialog, Icon, IconButton};
use leptos::prelude::*;

use super::condition::{ConditionFields, ConditionSpot, new_condition};
use super::counts::{NotCounted, TableCount};
use super::state::Editor;
use super::tables::TableSpot;
use super::working_copy::{WorkingCopy, error_at};
use crate::profiles::words::{filter_sentence, table_label};

/// The dialog; open while it is about a table.
#[component]
pub fn FilterDialog(editor: Editor, spot: RwSignal<Option<TableSpot>>) -> impl IntoView {
    let title = move || spot.get().map(|spot| text::row_filter(table_label(spot.table))).unwrap_or_default();
    view! {
        <Dialog
            open=Signal::derive(move || spot.with(Option::is_some))
            title=title
            on_close=move || spot.set(None)
            test_id="row-filter"
            class="wide"
        >
            {move || spot.get().map(|of| view! {
                <Builder editor spot=of />
                <div class="dialog-actions">
                    <Button
                        label=common::done()
                        kind=ButtonKind::Primary
                        on_press=move || spot.set(None)
                        test_id="row-filter-done"
                    />
                </div>
            })}
        </Dialog>
    }
    .into_any()
}

fn filter_of(spot: TableSpot, copy: &WorkingCopy) -> Option<&RowFilter> {
    spot.entry(copy)?.filter.as_ref()
}

#[component]
fn Builder(editor: Editor, spot: TableSpot) -> impl IntoView {
    let has_filter = editor.part(move |copy| filter_of(spot, copy).is_some());
    // Conditions in each part; none for a part that is a condition itself.
    let shape = editor.part(move |copy| {
        let parts = filter_of(spot, copy).map(|filter| filter.parts.as_slice()).unwrap_or_default();
        parts.iter().map(group_len).collect::<Vec<Option<usize>>>()
    });
    let sentence = move || {
        let currency = editor.currency.get();
        editor.read(|copy| Some(filter_sentence(filter_of(spot, copy)?, spot.table, currency)))
    };
    let error = move || {
        let path = editor.read(|copy| format!("{}.filter", spot.path(copy)));
        editor.findings.with(|findings| error_at(findings, &path, false))
    };
    let remove_filter = move || {
        editor.edit_undoable(text::removed_filter(table_label(spot.table)), |copy| {
            let path = format!("{}.filter", spot.path(copy));
            copy.forget_typed(&path);
            spot.change(copy, |entry| entry.filter = None);
        });
    };
    view! {
        <p class="muted">{text::row_filter_detail()}</p>
        <p class="filter-sentence" dir="auto" aria-live="polite" data-testid="filter-sentence">
            {move || sentence().map_or_else(
                || text::no_filter().to_owned(),
                |sentence| format!("{} {sentence}", text::filter_sentence()),
            )}
        </p>
        <p class="filter-count" aria-live="polite"><TableCount editor spot test_id="filter-count" /></p>
        <NotCounted editor />
        <p class="field-error small" lang="en" aria-live="polite">{error}</p>
        {move || has_filter.get().then(|| view! {
            <JoinChoice
                label=text::join()
                value=editor.part(move |copy| {
                    filter_of(spot, copy).map_or("all", |filter| join_name(filter.join)).to_owned()
                })
                on_choose=move |join| editor.edit(|copy| change_filter(spot, copy, |filter| filter.join = join))
                test_id="filter-join"
            />
        })}
        <For
            each=move || shape.get().into_iter().enumerate()
            key=|(part, group)| (*part, group.is_some())
            children=move |(part, group)| match group {
                None => view! { <OneCondition editor spot=ConditionSpot { table: spot, part, in_group: None } /> }.into_any(),
                Some(_) => view! { <Group editor spot part shape /> }.into_any(),
            }
        />
        <div class="row wrap">
            <Button
                label=text::add_condition()
                icon=Icon::Plus
                on_press=move || editor.edit(|copy| add_part(spot, copy, false))
                test_id="condition-add"
            />
            <Button
                label=text::add_group()
                icon=Icon::Plus
                on_press=move || editor.edit(|copy| add_part(spot, copy, true))
                test_id="group-add"
            />
            <span class="grow"></span>
            {move || has_filter.get().then(|| view! {
                <Button
                    label=text::remove_filter()
                    kind=ButtonKind::Quiet
                    on_press=remove_filter
                    test_id="filter-remove"
                />
            })}
        </div>
    }
    .into_any()
}

#[component]
fn OneCondition(editor: Editor, spot: ConditionSpot) -> impl IntoView {
    let name = spot.name();
    view! {
        <div class="condition" data-testid=format!("condition-{name}")>
            <ConditionFields editor spot />
            <IconButton
                icon=Icon::Cross
                kind=ButtonKind::Quiet
                label=text::remove_condition(&name)
                on_press=move || editor.edit(|copy| remove_condition(spot, copy))
                class="condition-remove"
                test_id=format!("condition-remove-{name}")
            />
        </div>
    }
    .into_any()
}

#[component]
fn Group(editor: Editor, spot: TableSpot, part: usize, shape: Signal<Vec<Option<usize>>>) -> impl IntoView {
    let number = (part + 1).to_string();
    let group = move |copy: &WorkingCopy| match filter_of(spot, copy)?.parts.get(part)? {
        FilterPart::Group(group) => Some(group.clone()),
        FilterPart::Condition(_) => None,
    };
    let count = Memo::new(move |_| shape.with(|shape| shape.get(part).copied().flatten().unwrap_or(0)));
    let error = move || {
        let path = editor.read(|copy| format!("{}.filter.parts[{part}]", spot.path(copy)));
        editor.findings.with(|findings| error_at(findings, &path, false))
    };
    let remove = move || {
        editor.edit(|copy| {
            let list = format!("{}.filter.parts", spot.path(copy));
            copy.forget_typed_item(&list, part);
            remove_part(spot, copy, part);
        });
    };
    view! {
        <fieldset class="condition-group" data-testid=format!("group-{number}")>
            <legend>{text::group(&number)}</legend>
            <JoinChoice
                label=text::group_join()
                value=editor.part(move |copy| group(copy).map_or("all", |group| join_name(group.join)).to_owned())
                on_choose=move |join| editor.edit(|copy| change_group(spot, copy, part, |group| group.join = join))
                test_id="group-join"
            />
            <p class="field-error small" lang="en" aria-live="polite">{error}</p>
            <For
                each=move || 0..count.get()
                key=|at| *at
                children=move |at| {
                    view! { <OneCondition editor spot=ConditionSpot { table: spot, part, in_group: Some(at) } /> }
                }
            />
            <div class="row wrap">
                <Button
                    label=text::add_condition()
                    icon=Icon::Plus
                    on_press=move || editor.edit(|copy| {
                        if let Some(condition) = new_condition(spot) {
                            change_group(spot, copy, part, |group| group.conditions.push(condition));
                        }
                    })
                    test_id=format!("condition-add-{number}")
                />
                <Button
                    label=text::remove_group(&number)
                    kind=ButtonKind::Quiet
                    on_press=remove
                    test_id=format!("group-remove-{number}")
                />
            </div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn JoinChoice(
    label: &'static str,
    value: Signal<String>,
    #[prop(into)] on_choose: UnsyncCallback<Join>,
    test_id: &'static str,
) -> impl IntoView {
    let choices = vec![Choice::new("all", text::join_all()), Choice::new("any", text::join_any())];
    view! {
        <ChoiceEntry
            label=label
            choices=Signal::stored(choices)
            value=value
            on_choose=move |name: String| {
                on_choose.try_run(if name == "any" { Join::Any } else { Join::All });
            }
            test_id=test_id
        />
    }
    .into_any()
}

fn join_name(join: Join) -> &'static str {
    match join {
        Join::All => "all",
        Join::Any => "any",
    }
}

fn group_len(part: &FilterPart) -> Option<usize> {
    match part {
        FilterPart::Condition(_) => None,
        FilterPart::Group(group) => Some(group.conditions.len()),
    }
}

fn change_filter(spot: TableSpot, copy: &mut WorkingCopy, change: impl FnOnce(&mut RowFilter)) {
    spot.change(copy, |entry| {
        if let Some(filter) = &mut entry.filter {
            change(filter);
        }
    });
}

fn change_group(
    spot: TableSpot,
    copy: &mut WorkingCopy,
    part: usize,
    change: impl FnOnce(&mut ConditionGroup),
) {
    change_filter(spot, copy, |filter| match filter.parts.get_mut(part) {
        Some(FilterPart::Group(group)) => change(group),
        Some(FilterPart::Condition(_)) | None => {}
    });
}

fn add_part(spot: TableSpot, copy: &mut WorkingCopy, as_group: bool) {
    let Some(condition) = new_condition(spot) else { return };
    let part = if as_group {
        FilterPart::Group(ConditionGroup { join: Join::Any, conditions: vec![condition] })
    } else {
        FilterPart::Condition(condition)
    };
    spot.change(copy, |entry| {
        let filter = entry.filter.get_or_insert(RowFilter { join: Join::All, parts: Vec::new() });
        filter.parts.push(part);
    });
}

/// The filter goes with its last part: without one all rows are kept.
fn remove_part(spot: TableSpot, copy: &mut WorkingCopy, part: usize) {
    spot.change(copy, |entry| {
        if let Some(filter) = &mut entry.filter
            && part < filter.parts.len()
        {
            filter.parts.remove(part);
            if filter.parts.is_empty() {
                entry.filter = None;
            }
        }
    });
}

fn remove_condition(spot: ConditionSpot, copy: &mut WorkingCopy) {
    let ConditionSpot { table, part, in_group } = spot;
    let parts = format!("{}.filter.parts", table.path(copy));
    match in_group {
        None => {
            copy.forget_typed_item(&parts, part);
            remove_part(table, copy, part);
        }
        Some(at) => {
            copy.forget_typed_item(&format!("{parts}[{part}].conditions"), at);
            change_group(table, copy, part, |group| {
                if at < group.conditions.len() {
                    group.conditions.remove(at);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_profile::{TableId, default_profile, validate};

    fn copy_and_spot() -> (WorkingCopy, TableSpot) {
        let copy = WorkingCopy::of(1, default_profile());
        let line = copy.lines[3].key;
        (copy, TableSpot { line, table: TableId::Product, nth: 0 })
    }

    #[test]
    fn parts_are_added_and_the_filter_goes_with_the_last() {
        let (mut copy, spot) = copy_and_spot();
        add_part(spot, &mut copy, false);
        add_part(spot, &mut copy, true);
        assert_eq!(
            filter_of(spot, &copy).unwrap().parts.iter().map(group_len).collect::<Vec<_>>(),
            [None, Some(1)]
        );
        assert!(validate(&copy.profile).is_empty(), "{:?}", validate(&copy.profile));
        remove_condition(ConditionSpot { table: spot, part: 0, in_group: None }, &mut copy);
        remove_part(spot, &mut copy, 0);
        assert_eq!(copy.profile, default_profile());
    }

    #[test]
    fn a_group_that_lost_its_conditions_stays_to_be_filled() {
        let (mut copy, spot) = copy_and_spot();
        add_part(spot, &mut copy, true);
        remove_condition(ConditionSpot { table: spot, part: 0, in_group: Some(0) }, &mut copy);
        assert_eq!(
            filter_of(spot, &copy).unwrap().parts.iter().map(group_len).collect::<Vec<_>>(),
            [Some(0)]
        );
        assert!(validate(&copy.profile).iter().any(|finding| finding.field.ends_with("filter.parts[0]")));
    }
}
