//! The scopes of a profile, their order and the order of the tables in them.

use std::collections::{BTreeMap, BTreeSet};

use super::conflicts::{Picker, Side, Three};
use super::order::{OrderConflict, common_order, with_additions};
use super::parts::{Parts, ScopeKey, ScopeWords, TableKey, TablePart, union};
use super::tables::merge_tables;
use crate::{FieldValue, Profile, Scope, ScopeTable, TableId};

pub(super) fn merge(picker: &mut Picker<'_>, base: &Profile, mine: &Profile, theirs: &Profile) -> Vec<Scope> {
    let parts = Three {
        base: Parts::new(base, base),
        mine: Parts::new(base, mine),
        theirs: Parts::new(base, theirs),
    };
    let parts = Three { base: &parts.base, mine: &parts.mine, theirs: &parts.theirs };
    let conflicts_count = picker.conflicts_count();
    let tables = merge_tables(picker, parts);
    // What depends on a conflict waits until that is settled: guessing would tell the two sides different things.
    let settled = picker.conflicts_count() == conflicts_count;
    let in_use: BTreeSet<&ScopeKey> =
        if settled { tables.values().map(|part| &part.scope).collect() } else { BTreeSet::new() };
    let scopes = merge_scopes(picker, parts, &in_use);
    if picker.conflicts_count() > conflicts_count {
        return Vec::new();
    }

    let kept = |side: &Parts<'_>| {
        side.scope_order.iter().filter(|key| scopes.contains_key(key)).cloned().collect::<Vec<ScopeKey>>()
    };
    let shown = |keys: &[ScopeKey]| {
        let name = |key: &ScopeKey| scopes.get(key).map(|words| words.name.clone());
        FieldValue::ScopeOrder(keys.iter().filter_map(name).collect())
    };
    let order = merge_order(picker, "scopes", parts.map(kept), shown);
    let mut merged = Vec::new();
    for key in order {
        let Some(ScopeWords { name, description, direction, frequency }) = scopes.get(&key).cloned() else {
            continue;
        };
        let tables = tables_of(picker, parts, &key, &tables);
        merged.push(Scope { name, description, direction, frequency, tables });
    }
    merged
}

fn merge_scopes(
    picker: &mut Picker<'_>,
    parts: Three<&Parts<'_>>,
    in_use: &BTreeSet<&ScopeKey>,
) -> BTreeMap<ScopeKey, ScopeWords> {
    let mut merged = BTreeMap::new();
    for key in union(parts.map(|side| side.scopes.keys())) {
        let field = parts.base.scope_field(&key);
        let three = parts.map(|side| side.scopes.get(&key));
        let words = match (three.mine, three.theirs) {
            (Some(mine), Some(theirs)) => Some(merge_words(picker, &field, three.base, mine, theirs)),
            (Some(mine), None) => {
                keep(picker, parts, &key, three.base, mine, Side::Mine, in_use.contains(&key))
            }
            (None, Some(theirs)) => {
                keep(picker, parts, &key, three.base, theirs, Side::Theirs, in_use.contains(&key))
            }
            (None, None) => None,
        };
        merged.extend(words.map(|words| (key, words)));
    }
    merged
}

// A scope that one side has and the other has not: it was added; or removed, which is a conflict where the side
// that has it changed it or a table that stays stands in it.
fn keep(
    picker: &mut Picker<'_>,
    parts: Three<&Parts<'_>>,
    key: &ScopeKey,
    base: Option<&ScopeWords>,
    words: &ScopeWords,
    keeper: Side,
    in_use: bool,
) -> Option<ScopeWords> {
    let stays = match base {
        None => true,
        Some(base) if base == words && !in_use => false,
        Some(_) => {
            let field = parts.base.scope_field(key);
            let whole = |side: &Parts<'_>| side.scope(key).cloned().map(FieldValue::Scope);
            picker.choose(&field, || parts.map(whole)) == keeper
        }
    };
    stays.then(|| words.clone())
}

fn merge_words(
    picker: &mut Picker<'_>,
    field: &str,
    base: Option<&ScopeWords>,
    mine: &ScopeWords,
    theirs: &ScopeWords,
) -> ScopeWords {
    let mut text = |name: &str, part: fn(&ScopeWords) -> &String| {
        let field = format!("{field}.{name}");
        let shown = |text: &&String| Some(FieldValue::Text((*text).clone()));
        picker.pick(&field, base.map(part), part(mine), part(theirs), shown).clone()
    };
    let name = text("name", |words| &words.name);
    let description = text("description", |words| &words.description);
    ScopeWords {
        name,
        description,
        direction: picker.pick(
            &format!("{field}.direction"),
            base.map(|words| words.direction),
            mine.direction,
            theirs.direction,
            |&direction| Some(FieldValue::Direction(direction)),
        ),
        frequency: picker.pick(
            &format!("{field}.frequency"),
            base.map(|words| words.frequency),
            mine.frequency,
            theirs.frequency,
            |&frequency| Some(FieldValue::Frequency(frequency)),
        ),
    }
}

fn tables_of(
    picker: &mut Picker<'_>,
    parts: Three<&Parts<'_>>,
    scope: &ScopeKey,
    tables: &BTreeMap<TableKey, TablePart>,
) -> Vec<ScopeTable> {
    let stands = |key: &TableKey| tables.get(key).is_some_and(|part| part.scope == *scope);
    let order = parts.map(|side| {
        let mut order = side.tables_of(scope);
        order.retain(stands);
        order
    });
    let shown =
        |keys: &[TableKey]| FieldValue::TableOrder(keys.iter().map(|key| key.0).collect::<Vec<TableId>>());
    let field = format!("{}.tables", parts.base.scope_field(scope));
    let order = merge_order(picker, &field, order, shown);
    order.into_iter().filter_map(|key| tables.get(&key).map(|part| part.entry(key))).collect()
}

fn merge_order<K: Clone + Ord>(
    picker: &mut Picker<'_>,
    field: &str,
    order: Three<Vec<K>>,
    shown: impl Fn(&[K]) -> FieldValue,
) -> Vec<K> {
    let Three { base, mine, theirs } = &order;
    let common = match common_order(Three { base: &base[..], mine, theirs }) {
        Ok(common) => common,
        Err(OrderConflict { mine, theirs }) => {
            let values = || Three { base: base.as_slice(), mine: &mine, theirs: &theirs };
            match picker.choose(field, || values().map(|order| Some(shown(order)))) {
                Side::Mine => mine,
                Side::Theirs => theirs,
            }
        }
    };
    with_additions(&common, mine, theirs)
}
