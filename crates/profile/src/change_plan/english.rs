//! A change plan as English sentences.

use holdfast_domain::Currency;

use super::{
    ChangePlan, ScopeChange, ScopeDifference, SettingChange, StoppedOperation, TableChange, TableDifference,
    TableStep,
};
use crate::field_value_english::{
    conflict_rule_english, direction_english, filter_english, frequency_english, list, setting_english,
};

impl ChangePlan {
    /// The plan, a sentence for each thing that changes; amounts in the currency's decimals.
    pub fn english(&self, currency: Currency) -> Vec<String> {
        let mut sentences: Vec<String> = self.stops_to_say().map(StoppedOperation::english).collect();
        for operation in &self.starts_offline {
            sentences.push(format!("Offline, a till can {} from now on.", operation.english()));
        }
        sentences.extend(self.scopes.iter().map(ScopeChange::english));
        for change in &self.tables {
            sentences.extend(change.english(currency));
        }
        if let Some(order) = &self.order {
            let (scopes, tables) = (list(&order.scopes), list(&order.tables));
            sentences.push(format!("Scopes are synchronised in this order: {scopes}; tables: {tables}."));
        }
        sentences.extend(self.settings.iter().map(|change| change.english(currency)));
        sentences
    }
}

impl StoppedOperation {
    /// Whether a till with a connection does it all the same.
    pub fn only_offline(&self) -> bool {
        self.lacks.iter().all(|need| need.is_asked_for())
    }

    /// The operation and why it stops, one English sentence.
    pub fn english(&self) -> String {
        let lacks: Vec<String> = self.lacks.iter().map(|need| need.english()).collect();
        let (operation, lacks) = (self.operation.english(), lacks.join(", "));
        if self.only_offline() {
            format!("Offline, a till can't {operation} any more: {lacks}.")
        } else {
            format!("A till can't {operation} any more, not even with a connection: {lacks}.")
        }
    }
}

impl ScopeChange {
    /// The change, one English sentence.
    pub fn english(&self) -> String {
        let name = &self.name;
        match &self.difference {
            ScopeDifference::Added => format!("Scope “{name}” is new."),
            ScopeDifference::Removed => format!("Scope “{name}” goes."),
            ScopeDifference::Renamed { before } => format!("Scope “{before}” is named “{name}”."),
            ScopeDifference::Described => format!("Scope “{name}” has another description."),
            ScopeDifference::Direction { before, after } => format!(
                "Scope “{name}” changes its direction from {} to {}.",
                direction_english(*before),
                direction_english(*after)
            ),
            ScopeDifference::Frequency { before, after } => format!(
                "Scope “{name}” is synchronised {} instead of {}.",
                frequency_english(*after),
                frequency_english(*before)
            ),
        }
    }
}

impl TableChange {
    /// What differs and what a register does about it, English sentences.
    pub fn english(&self, currency: Currency) -> Vec<String> {
        let table = self.table;
        let mut sentences: Vec<String> =
            self.differences.iter().map(|difference| self.difference_english(difference, currency)).collect();
        match self.step {
            TableStep::Keep => {}
            TableStep::Build => sentences.push(format!("Registers download table {table}.")),
            TableStep::Rebuild => {
                sentences.push(format!(
                    "Registers download table {table} again and go on with the old rows until then."
                ));
            }
            TableStep::Drop => sentences.push(format!("Registers remove the rows of table {table}.")),
        }
        if self.waits_for_upload {
            sentences.push(format!("What waits of table {table} is sent to the store server first."));
        }
        sentences
    }

    fn difference_english(&self, difference: &TableDifference, currency: Currency) -> String {
        let table = self.table;
        match difference {
            TableDifference::Added { scope, direction } => {
                format!("Table {table} is new, in scope “{scope}” ({}).", direction_english(*direction))
            }
            TableDifference::Removed { scope, direction } => {
                format!("Table {table} of scope “{scope}” ({}) goes.", direction_english(*direction))
            }
            TableDifference::Moved { before, after } => {
                format!("Table {table} moves from scope “{before}” to “{after}”.")
            }
            TableDifference::Direction { before, after } => format!(
                "Table {table} changes its direction from {} to {}.",
                direction_english(*before),
                direction_english(*after)
            ),
            TableDifference::Filter { before, after } => format!(
                "Registers keep {} of table {table} instead of {}.",
                filter_english(after.as_ref(), Some(table), currency),
                filter_english(before.as_ref(), Some(table), currency)
            ),
            TableDifference::Fields { added, removed, .. } => match (added.is_empty(), removed.is_empty()) {
                (true, true) => format!("The field list of table {table} is written in another way."),
                (false, true) => format!("Table {table} gains {}.", list(added)),
                (true, false) => format!("Table {table} loses {}.", list(removed)),
                (false, false) => {
                    format!("Table {table} gains {} and loses {}.", list(added), list(removed))
                }
            },
            TableDifference::ConflictRule { before, after } => format!(
                "Where both sides changed a field of table {table}, {} instead of {}.",
                conflict_rule_english(*after),
                conflict_rule_english(*before)
            ),
            TableDifference::Choice => format!("Other rows of table {table} are chosen."),
            TableDifference::Related { of } => {
                format!("Other rows of table {table} belong to those of table {of}.")
            }
        }
    }
}

impl SettingChange {
    /// The change, one English sentence.
    pub fn english(&self, currency: Currency) -> String {
        format!(
            "{} changes from {} to {}.",
            setting_english(&self.field),
            self.before.english(None, currency),
            self.after.english(None, currency)
        )
    }
}
