//! One condition of a row filter: column, comparison, value.

use holdfast_profile::{Column, ColumnKind, Condition, FilterColumn, FilterPart, TestKind};
use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Choice, ChoiceEntry, Entry, FieldKind};
use leptos::prelude::*;

use super::condition_value::{Slot, begun, shown, with_typed};
use super::state::Editor;
use super::tables::TableSpot;
use super::typed::{Wanted, wanted_of};
use super::working_copy::{WorkingCopy, error_at};
use crate::profiles::words::{column_label, related_label, test_label};

/// Where a condition stands in the filter of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionSpot {
    /// The table.
    pub table: TableSpot,
    /// The part of the filter.
    pub part: usize,
    /// The condition in that part, where it is a group.
    pub in_group: Option<usize>,
}

impl ConditionSpot {
    fn condition(self, copy: &WorkingCopy) -> Option<&Condition> {
        let part = self.table.entry(copy)?.filter.as_ref()?.parts.get(self.part)?;
        part.conditions().get(self.in_group.unwrap_or(0))
    }

    fn change(self, copy: &mut WorkingCopy, change: impl FnOnce(&mut Condition)) {
        self.table.change(copy, |entry| {
            let part = entry.filter.as_mut().and_then(|filter| filter.parts.get_mut(self.part));
            match (part, self.in_group) {
                (Some(FilterPart::Condition(condition)), None) => change(condition),
                (Some(FilterPart::Group(group)), Some(at)) => {
                    if let Some(condition) = group.conditions.get_mut(at) {
                        change(condition);
                    }
                }
                (Some(FilterPart::Condition(_) | FilterPart::Group(_)) | None, _) => {}
            }
        });
    }

    fn path(self, copy: &WorkingCopy) -> String {
        let part = format!("{}.filter.parts[{}]", self.table.path(copy), self.part);
        self.in_group.map_or_else(|| part.clone(), |at| format!("{part}.conditions[{at}]"))
    }

    fn column(self, copy: &WorkingCopy) -> Option<&'static Column> {
        Some(self.table.table.filter_column(&self.condition(copy)?.column)?.column)
    }

    /// The end of its test ids: `2` or `2-1`.
    pub fn name(self) -> String {
        let part = self.part + 1;
        self.in_group.map_or_else(|| part.to_string(), |at| format!("{part}-{}", at + 1))
    }
}

/// A condition that a new one begins as.
pub fn new_condition(spot: TableSpot) -> Option<Condition> {
    let asked = spot.table.filter_columns().into_iter().next()?;
    let test = begun(asked.column.kind, *asked.column.kind.tests().first()?, "", None);
    Some(Condition { column: asked.name(), test })
}

/// The condition's fields.
#[component]
pub fn ConditionFields(editor: Editor, spot: ConditionSpot) -> impl IntoView {
    let name = spot.name();
    let form = editor.part(move |copy| {
        let kind = spot.column(copy)?.kind;
        Some((kind, spot.condition(copy)?.test.kind()))
    });
    let choice = |asked: FilterColumn| {
        let choice = Choice::new(asked.name(), column_label(&asked.name()));
        match asked.of {
            None => choice,
            Some(relation) => choice.under(related_label(relation.table)),
        }
    };
    let columns: Vec<Choice> = spot.table.table.filter_columns().into_iter().map(choice).collect();
    let tests = Signal::derive(move || {
        let kind = form.get().map(|(kind, _)| kind);
        let tests = kind.map(ColumnKind::tests).unwrap_or_default();
        tests.iter().map(|test| Choice::new(test_name(*test), test_label(*test))).collect()
    });
    let begin = move |column: Option<String>, test: Option<String>| {
        let currency = editor.currency.get_untracked();
        editor.edit(|copy| {
            let Some(condition) = spot.condition(copy).cloned() else { return };
            let kind_of = |name: &str| spot.table.table.filter_column(name).map(|asked| asked.column.kind);
            let before_kind = kind_of(&condition.column).unwrap_or(ColumnKind::Text);
            let column = column.unwrap_or(condition.column);
            let Some(kind) = kind_of(&column) else { return };
            let wanted = test
                .and_then(|name| kind.tests().iter().copied().find(|test| test_name(*test) == name))
                .unwrap_or(condition.test.kind());
            let allowed = kind.tests();
            let test = if allowed.contains(&wanted) { Some(wanted) } else { allowed.first().copied() };
            let Some(test) = test else { return };
            let before = shown(&condition.test, Slot::Only, before_kind, currency);
            let path = format!("{}.test", spot.path(copy));
            copy.forget_typed(&path);
            let test = begun(kind, test, &before, currency);
            spot.change(copy, |condition| *condition = Condition { column, test });
        });
    };
    let column_error = error_at_part(editor, spot, ".column");
    view! {
        <ChoiceEntry
            label=text::column()
            choices=Signal::stored(columns)
            value=editor.part(move |copy| spot.condition(copy).map(|one| one.column.clone()).unwrap_or_default())
            on_choose=move |column| begin(Some(column), None)
            error=column_error
            test_id=format!("condition-column-{name}")
        />
        <ChoiceEntry
            label=text::test()
            choices=tests
            value=Signal::derive(move || form.get().map(|(_, test)| test_name(test).to_owned()).unwrap_or_default())
            on_choose=move |test| begin(None, Some(test))
            test_id=format!("condition-test-{name}")
        />
        {move || form.get().map(|(kind, test)| view! { <Values editor spot kind test /> })}
    }
    .into_any()
}

#[component]
fn Values(editor: Editor, spot: ConditionSpot, kind: ColumnKind, test: TestKind) -> impl IntoView {
    let name = spot.name();
    if kind == ColumnKind::YesNo {
        let choices = vec![Choice::new("yes", common::yes()), Choice::new("no", common::no())];
        return view! {
            <ChoiceEntry
                label=text::value()
                choices=Signal::stored(choices)
                value=value_of(editor, spot, Slot::Only, kind)
                on_choose=move |typed| type_value(editor, spot, Slot::Only, kind, typed)
                test_id=format!("condition-value-{name}")
            />
        }
        .into_any();
    }
    let help = match wanted_of(kind) {
        Some(Wanted::Amount) => text::amount_help(),
        Some(Wanted::Percent) => text::percent_help(),
        Some(Wanted::Count | Wanted::WholeNumber | Wanted::TimeOfDay) | None => "",
    };
    let is_text = wanted_of(kind).is_none();
    let entry = move |label: &'static str, slot: Slot, end: &str| {
        view! {
            <Entry
                label=label
                value=value_of(editor, spot, slot, kind)
                on_input=move |typed| type_value(editor, spot, slot, kind, typed)
                error=error_at_part(editor, spot, slot_path(slot))
                help=TextProp::from(help)
                kind=if is_text { FieldKind::Text } else { FieldKind::Code }
                multiline=test == TestKind::OneOf
                test_id=format!("condition-{end}-{}", spot.name())
            />
        }
    };
    match test {
        TestKind::Between => view! {
            {entry(text::value_low(), Slot::Low, "low")}
            {entry(text::value_high(), Slot::High, "high")}
        }
        .into_any(),
        TestKind::OneOf => entry(text::values(), Slot::Only, "value").into_any(),
        TestKind::Is | TestKind::IsNot | TestKind::Contains | TestKind::Over | TestKind::Under => {
            entry(text::value(), Slot::Only, "value").into_any()
        }
    }
}

fn slot_path(slot: Slot) -> &'static str {
    match slot {
        Slot::Only => ".test",
        Slot::Low => ".test.low",
        Slot::High => ".test.high",
    }
}

fn value_of(editor: Editor, spot: ConditionSpot, slot: Slot, kind: ColumnKind) -> Signal<String> {
    let currency = editor.currency;
    Memo::new(move |_| {
        let currency = currency.get();
        editor.read(|copy| {
            let path = format!("{}{}", spot.path(copy), slot_path(slot));
            copy.shown(&path, || {
                spot.condition(copy).map(|one| shown(&one.test, slot, kind, currency)).unwrap_or_default()
            })
        })
    })
    .into()
}

fn type_value(editor: Editor, spot: ConditionSpot, slot: Slot, kind: ColumnKind, typed: String) {
    let currency = editor.currency.get_untracked();
    editor.edit(|copy| {
        let Some(condition) = spot.condition(copy) else { return };
        let test = with_typed(&condition.test, slot, kind, &typed, currency);
        let path = format!("{}{}", spot.path(copy), slot_path(slot));
        let held = test.as_ref().map(|test| shown(test, slot, kind, currency));
        if let Some(test) = test {
            spot.change(copy, |condition| condition.test = test);
        }
        copy.note(&path, typed, held, wanted_of(kind).unwrap_or(Wanted::WholeNumber));
    });
}

/// What is wrong with a part of the condition. Of the two numbers of a range the low one says what is wrong with
/// both.
fn error_at_part(editor: Editor, spot: ConditionSpot, part: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        let path = editor.read(|copy| spot.path(copy));
        editor.findings.with(|findings| {
            let of_range =
                (part == ".test.low").then(|| error_at(findings, &format!("{path}.test"), false)).flatten();
            of_range.or_else(|| error_at(findings, &format!("{path}{part}"), part == ".test"))
        })
    })
}

fn test_name(test: TestKind) -> &'static str {
    match test {
        TestKind::Is => "is",
        TestKind::IsNot => "is_not",
        TestKind::OneOf => "one_of",
        TestKind::Contains => "contains",
        TestKind::Over => "over",
        TestKind::Under => "under",
        TestKind::Between => "between",
    }
}
