//! The tables of a scope, in order: added, removed and moved here; what is kept of each is chosen in dialogs of its
//! own.

use holdfast_profile::{ConflictRule, Direction, ScopeTable, TableId};
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Button, Choice, ChoiceEntry, Icon, LiveRegion};
use leptos::prelude::*;

use super::counts::{NotCounted, TableCount};
use super::field_list::FieldListDialog;
use super::filter_builder::FilterDialog;
use super::focusing::focus_later;
use super::lines::{MoveButton, SmallButton};
use super::scope_editor::{error_of, path_of};
use super::state::Editor;
use super::working_copy::{WorkingCopy, error_at};
use crate::profiles::words::{conflict_rule_label, filter_sentence, table_label};

/// A table of a scope, wherever it stands: the scope's line, the table, and which of several it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableSpot {
    /// The line.
    pub line: u32,
    /// The table.
    pub table: TableId,
    /// How many of the same stand before it; a draft may name a table twice.
    pub nth: usize,
}

impl TableSpot {
    /// Its place in the scope.
    pub fn place(self, copy: &WorkingCopy) -> Option<usize> {
        let tables = &copy.scope(self.line)?.tables;
        let same = tables.iter().enumerate().filter(|(_, entry)| entry.table == self.table);
        same.map(|(place, _)| place).nth(self.nth)
    }

    /// Its entry.
    pub fn entry(self, copy: &WorkingCopy) -> Option<&ScopeTable> {
        copy.scope(self.line)?.tables.get(self.place(copy)?)
    }

    /// Its path, as findings name it.
    pub fn path(self, copy: &WorkingCopy) -> String {
        let (scope, table) =
            (copy.place_of(self.line).unwrap_or_default(), self.place(copy).unwrap_or_default());
        format!("scopes[{scope}].tables[{table}]")
    }

    /// Changes its entry.
    pub fn change(self, copy: &mut WorkingCopy, change: impl FnOnce(&mut ScopeTable)) {
        if let Some(place) = self.place(copy)
            && let Some(entry) = copy.table_mut(self.line, place)
        {
            change(entry);
        }
    }

    fn id(self, what: &str) -> String {
        format!("table-{what}-{}-{}", self.table, self.nth)
    }
}

/// The list and what adds to it.
#[component]
pub fn Tables(editor: Editor, key: u32) -> impl IntoView {
    let spots = editor.part(move |copy| {
        let mut spots: Vec<TableSpot> = Vec::new();
        for entry in copy.scope(key).map(|scope| scope.tables.as_slice()).unwrap_or_default() {
            let nth = spots.iter().filter(|spot| spot.table == entry.table).count();
            spots.push(TableSpot { line: key, table: entry.table, nth });
        }
        spots
    });
    let said = RwSignal::new(String::new());
    let fields_of = RwSignal::new(None::<TableSpot>);
    let filter_of = RwSignal::new(None::<TableSpot>);
    let error = error_of(editor, key, ".tables");
    view! {
        <section class="stack" aria-label=text::tables_in_order()>
            <h3>{text::tables_in_order()}</h3>
            <p class="field-error small" lang="en" aria-live="polite">{move || error.get()}</p>
            <ol class="scope-tables">
                <For
                    each=move || spots.get()
                    key=|spot| *spot
                    children=move |spot| view! { <TableRow editor spot said fields_of filter_of /> }
                />
            </ol>
            <NotCounted editor />
            <AddTable editor key />
            <LiveRegion text=said />
            <FieldListDialog editor spot=fields_of />
            <FilterDialog editor spot=filter_of />
        </section>
    }
    .into_any()
}

#[component]
fn AddTable(editor: Editor, key: u32) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let choices = editor.part(move |copy| {
        let Some(scope) = copy.scope(key) else { return Vec::new() };
        let left = TableId::ALL
            .into_iter()
            .filter(|table| table.allows(scope.direction) && copy.profile.entry(*table).is_none());
        let label = |table: TableId| match table.holds_nothing_yet() {
            true => text::table_holds_nothing(table_label(table)),
            false => table_label(table).to_owned(),
        };
        left.map(|table| Choice::new(table.name(), label(table))).collect()
    });
    let with_nothing = Signal::derive(move || {
        let mut all = vec![Choice::new("", text::choose_table())];
        all.extend(choices.get());
        all
    });
    let is_empty = Memo::new(move |_| choices.with(Vec::is_empty));
    let add = move || {
        if let Some(table) = TableId::from_name(&chosen.get_untracked()) {
            editor.edit(|copy| copy.add_table(key, table));
            chosen.set(String::new());
        }
    };
    let help = move || if is_empty.get() { text::no_table_left() } else { "" };
    view! {
        <div class="add-table">
            <ChoiceEntry
                label=text::table_to_add()
                choices=with_nothing
                value=chosen
                on_choose=move |name| chosen.set(name)
                disabled=is_empty
                help=TextProp::from(help)
                field=path_of(editor, key, ".tables")
                test_id="table-choose"
            />
            <Button
                label=text::add_table()
                icon=Icon::Plus
                on_press=add
                disabled=Signal::derive(move || chosen.with(String::is_empty))
                test_id="table-add"
            />
        </div>
    }
    .into_any()
}

#[component]
fn TableRow(
    editor: Editor,
    spot: TableSpot,
    said: RwSignal<String>,
    fields_of: RwSignal<Option<TableSpot>>,
    filter_of: RwSignal<Option<TableSpot>>,
) -> impl IntoView {
    let TableSpot { line, table, .. } = spot;
    let name = table_label(table);
    let place = editor.part(move |copy| spot.place(copy).unwrap_or_default());
    let total = editor.part(move |copy| copy.scope(line).map_or(0, |scope| scope.tables.len()));
    let direction = editor.part(move |copy| copy.scope(line).map(|scope| scope.direction));
    let kept = editor.part(move |copy| spot.entry(copy).map(fields_words).unwrap_or_default());
    let sentence = Memo::new(move |_| {
        let currency = editor.currency.get();
        editor.read(|copy| Some(filter_sentence(spot.entry(copy)?.filter.as_ref()?, table, currency)))
    });
    let path = editor.part(move |copy| spot.path(copy));
    let error = move || {
        // What is wrong in the field list and the filter is said here too: those are dialogs.
        path.with(|path| editor.findings.with(|findings| error_at(findings, path, true)))
    };
    let go = move |to: usize, focused: &'static str| {
        let from = place.get_untracked();
        let total = total.get_untracked();
        if to < total {
            editor.edit(|copy| copy.move_table(line, from, to));
            said.set(text::table_moved(name, &(to + 1).to_string(), &total.to_string()));
            focus_later(spot.id(focused), spot.id(if focused == "up" { "down" } else { "up" }));
        }
    };
    let up = move || {
        if let Some(to) = place.get_untracked().checked_sub(1) {
            go(to, "up");
        }
    };
    let remove = move || {
        let scope = editor.peek(|copy| copy.scope(line).map(|scope| scope.name.clone()).unwrap_or_default());
        let at = place.get_untracked();
        editor.edit_undoable(text::removed_table(name, &scope), |copy| copy.remove_table(line, at));
        focus_later("table-add".to_owned(), super::scope_editor::SCOPE_HEADING.to_owned());
    };
    let has_fields = !table.columns().is_empty();
    view! {
        <li class="table-row" data-testid=format!("table-{table}")>
            <span class="muted line-number">{move || (place.get() + 1).to_string()}</span>
            <span class="grow">
                <strong>{name}</strong>
                <span class="small muted">{move || kept.get()}</span>
                <span class="small muted prose" dir="auto">
                    {move || sentence.get().map(|sentence| text::filter_is(&sentence))}
                </span>
                <TableCount editor spot test_id=format!("table-count-{table}") />
                <span class="field-error small" lang="en" aria-live="polite">{error}</span>
            </span>
            <span class="table-actions">
                <MoveButton
                    icon=Icon::Up
                    id=spot.id("up")
                    label=Signal::stored(text::move_up(name))
                    disabled=Signal::derive(move || place.get() == 0)
                    on_press=up
                    test_id=Signal::stored(format!("table-up-{table}"))
                />
                <MoveButton
                    icon=Icon::Down
                    id=spot.id("down")
                    label=Signal::stored(text::move_down(name))
                    disabled=Signal::derive(move || place.get() + 1 >= total.get())
                    on_press=move || go(place.get_untracked() + 1, "down")
                    test_id=Signal::stored(format!("table-down-{table}"))
                />
                {has_fields.then(|| view! {
                    <SmallButton
                        icon=Icon::Columns
                        label=text::field_list(name)
                        on_press=move || fields_of.set(Some(spot))
                        test_id=format!("table-fields-{table}")
                    />
                })}
                {table.may_be_filtered().then(|| view! {
                    <SmallButton
                        icon=Icon::Filter
                        label=text::row_filter(name)
                        on_press=move || filter_of.set(Some(spot))
                        test_id=format!("table-filter-{table}")
                    />
                })}
                <SmallButton
                    icon=Icon::Cross
                    label=text::remove_table(name)
                    on_press=remove
                    test_id=format!("table-remove-{table}")
                />
            </span>
            {move || (direction.get() == Some(Direction::Bidirectional)).then(|| view! { <RuleChoice editor spot /> })}
            // Findings about the whole entry lead here.
            <span class="unseen" tabindex="-1" data-field=move || path.get()></span>
        </li>
    }
    .into_any()
}

#[component]
fn RuleChoice(editor: Editor, spot: TableSpot) -> impl IntoView {
    let usual = conflict_rule_label(spot.table.default_conflict_rule());
    let mut choices = vec![Choice::new("default", text::conflict_rule_default(usual))];
    choices.extend(ConflictRule::ALL.map(|rule| Choice::new(rule_name(rule), conflict_rule_label(rule))));
    let choose = move |name: String| {
        let rule = ConflictRule::ALL.into_iter().find(|rule| rule_name(*rule) == name);
        editor.edit(|copy| spot.change(copy, |entry| entry.conflict_rule = rule));
    };
    view! {
        <ChoiceEntry
            label=text::conflict_rule()
            choices=Signal::stored(choices)
            value=editor.part(move |copy| {
                let rule = spot.entry(copy).and_then(|entry| entry.conflict_rule);
                rule.map_or("default", rule_name).to_owned()
            })
            on_choose=choose
            field=editor.part(move |copy| format!("{}.conflict_rule", spot.path(copy)))
            class="whole-row"
            test_id=format!("conflict-rule-{}", spot.table)
        />
    }
    .into_any()
}

fn rule_name(rule: ConflictRule) -> &'static str {
    match rule {
        ConflictRule::ServerWins => "server_wins",
        ConflictRule::RegisterWins => "register_wins",
        ConflictRule::Latest => "latest",
    }
}

fn fields_words(entry: &ScopeTable) -> String {
    let total = entry.table.columns().len();
    if total == 0 {
        return text::whole_only().to_owned();
    }
    match &entry.fields {
        None => text::all_fields().to_owned(),
        Some(_) => text::some_fields(&entry.kept_columns().len().to_string(), &total.to_string()),
    }
}
