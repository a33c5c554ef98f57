//! Profiles changed at random, always valid ones: what an administrator might do in an afternoon, for the simulator
//! and for replays. One generator, so that both try the same kinds of change.

use std::collections::BTreeSet;

use crate::{
    CheckForNewDatabase, ColumnKind, Condition, ConditionGroup, ConflictRule, DataExportFolder,
    DatabaseExportSchedule, Direction, FilterColumn, FilterPart, FilterValue, Frequency, HealthCheck,
    ImageFolder, Join, OfflineCustomers, OfflineProducts, Profile, RowFilter, Scope, ScopeTable,
    SlowIsOffline, TableId, Test, UploadBatch, UploadTransactions, validate,
};

/// How often a change that came out invalid, or as nothing, is thrown again.
const TRIES_MAX: usize = 200;
/// Scopes above this are not added.
const SCOPES_MAX: usize = 12;

/// Where chance comes from, and what the store has.
pub struct RandomChanges<'c> {
    /// The next random number.
    pub next: &'c mut dyn FnMut() -> u64,
    /// Codes of categories that "some categories" may name; without any it names none.
    pub categories: &'c [String],
}

/// What a change was, for whoever prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RandomChange {
    /// The changed profile; valid, and another than before.
    pub profile: Profile,
    /// Kinds of the edits that made it, in order.
    pub kinds: Vec<&'static str>,
}

type Edit = fn(&mut RandomChanges<'_>, &mut Profile);

/// Kinds of edits; those that move rows are there twice.
const EDITS: [(&str, Edit); 22] = [
    ("scope removed", remove_scope),
    ("scope removed", remove_scope),
    ("scope added", add_scope),
    ("scope added", add_scope),
    ("scope added", add_scope),
    ("scopes reordered", reorder_scopes),
    ("scopes reordered", reorder_scopes),
    ("scope renamed", rename_scope),
    ("table moved", move_table),
    ("table removed", remove_table),
    ("direction", change_direction),
    ("direction", change_direction),
    ("frequency", change_frequency),
    ("conflict rule", change_conflict_rule),
    ("field list", change_fields),
    ("row filter", change_filter),
    ("row filter", change_filter),
    ("offline products", change_products),
    ("offline products", change_products),
    ("offline customers", change_customers),
    ("times", change_times),
    ("device", change_device),
];

impl RandomChanges<'_> {
    /// Changes a valid profile in one to three ways.
    pub fn change(&mut self, before: &Profile) -> RandomChange {
        for _ in 0..TRIES_MAX {
            let mut profile = before.clone();
            let mut kinds = Vec::new();
            for _ in 0..=self.below(3) {
                let (kind, edit) = EDITS[self.index(EDITS.len())];
                let edited = {
                    let mut edited = profile.clone();
                    edit(self, &mut edited);
                    edited
                };
                if edited != profile && validate(&edited).is_empty() {
                    profile = edited;
                    kinds.push(kind);
                }
            }
            if profile != *before {
                return RandomChange { profile, kinds };
            }
        }
        // Two timeouts are always there to choose from.
        let mut profile = before.clone();
        profile.device.offline_timeout_s = if before.device.offline_timeout_s == 5 { 6 } else { 5 };
        RandomChange { profile, kinds: vec!["times"] }
    }

    /// Changes how much a register sends at once and how often it asks. Apart from [`RandomChanges::change`], so that a
    /// seed of before these settings means what it meant.
    pub fn change_pace(&mut self, profile: &mut Profile) {
        profile.device.upload_batch_entries = UploadBatch { entries: self.pick(&[1, 2, 7, 50, 500]) };
        profile.device.health_check_s = HealthCheck { seconds: self.pick(&[1, 2, 5, 8, 12]) };
    }

    /// A number below `end`, which is at least 1.
    fn below(&mut self, end: u64) -> u64 {
        (self.next)() % end.max(1)
    }

    fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.below(count as u64)).unwrap_or(0)
    }

    fn small(&mut self, low: u32, high: u32) -> u32 {
        low + u32::try_from(self.below(u64::from(high - low) + 1)).unwrap_or(0)
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }
}

fn any_scope<'p>(random: &mut RandomChanges<'_>, profile: &'p mut Profile) -> &'p mut Scope {
    let at = random.index(profile.scopes.len());
    &mut profile.scopes[at]
}

fn any_entry<'p>(
    random: &mut RandomChanges<'_>,
    profile: &'p mut Profile,
) -> (Direction, &'p mut ScopeTable) {
    let scope = any_scope(random, profile);
    let at = random.index(scope.tables.len());
    (scope.direction, &mut scope.tables[at])
}

fn remove_scope(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    if profile.scopes.len() > 1 {
        profile.scopes.remove(random.index(profile.scopes.len()));
    }
}

/// A scope of tables that the profile lacks, in an order that references allow.
fn add_scope(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    if profile.scopes.len() >= SCOPES_MAX {
        return;
    }
    let there: BTreeSet<TableId> = profile.scopes.iter().flat_map(|s| &s.tables).map(|e| e.table).collect();
    let missing: Vec<TableId> = TableId::ALL.into_iter().filter(|table| !there.contains(table)).collect();
    if missing.is_empty() {
        return;
    }
    let first = random.pick(&missing);
    let directions: Vec<Direction> = [Direction::Download, Direction::Upload, Direction::Bidirectional]
        .into_iter()
        .filter(|&direction| first.allows(direction))
        .collect();
    let direction = random.pick(&directions);
    let mut tables = vec![first];
    tables.extend(
        missing.into_iter().filter(|&table| table != first && table.allows(direction) && random.one_in(2)),
    );
    // By number; what refers to something has a higher number than that, or is put right by its place.
    tables.sort_by_key(|table| (table.refers_to().len(), table.number()));
    let name = new_name(random);
    let scope = Scope {
        name,
        description: String::new(),
        direction,
        frequency: Frequency::WithEverySync,
        tables: tables.into_iter().map(ScopeTable::whole).collect(),
    };
    let at = random.index(profile.scopes.len() + 1);
    profile.scopes.insert(at, scope);
}

fn reorder_scopes(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    if random.one_in(4) {
        let scope = any_scope(random, profile);
        let (from, to) = (random.index(scope.tables.len()), random.index(scope.tables.len()));
        scope.tables.swap(from, to);
        return;
    }
    for _ in 0..=random.below(4) {
        let (from, to) = (random.index(profile.scopes.len()), random.index(profile.scopes.len()));
        let moved = profile.scopes.remove(from);
        profile.scopes.insert(to, moved);
    }
}

/// A name that no scope has had: a scope that was removed is still the store server's, and another of its name would
/// be a change of that one, which an administrator is asked about.
fn new_name(random: &mut RandomChanges<'_>) -> String {
    format!("Scope {}", random.below(1_000_000_000))
}

fn rename_scope(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let name = new_name(random);
    any_scope(random, profile).name = name;
}

fn move_table(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let from = any_scope(random, profile);
    if from.tables.len() > 1 {
        let entry = from.tables.remove(random.index(from.tables.len()));
        let to = any_scope(random, profile);
        let at = random.index(to.tables.len() + 1);
        to.tables.insert(at, entry);
    }
}

fn remove_table(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let scope = any_scope(random, profile);
    if scope.tables.len() > 1 {
        scope.tables.remove(random.index(scope.tables.len()));
    }
}

fn change_direction(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    for scope in &mut profile.scopes {
        let both_ways = scope.tables.iter().all(|entry| entry.table.allows(Direction::Bidirectional));
        if both_ways && random.below(3) > 0 {
            scope.direction = match scope.direction {
                Direction::Download => Direction::Bidirectional,
                Direction::Bidirectional | Direction::Upload => Direction::Download,
            };
            for entry in &mut scope.tables {
                entry.conflict_rule = None;
                if scope.direction == Direction::Bidirectional {
                    entry.fields = None;
                }
            }
        }
    }
}

fn change_frequency(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let frequency = match random.below(4) {
        0 => Frequency::WithEverySync,
        1 => Frequency::EveryMinutes { minutes: random.small(1, 3) },
        2 => Frequency::DailyAt { minute_of_day: u16::try_from(random.small(0, 1_439)).unwrap_or(0) },
        _ => Frequency::ByHand,
    };
    any_scope(random, profile).frequency = frequency;
}

fn change_conflict_rule(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let (direction, entry) = any_entry(random, profile);
    if direction == Direction::Bidirectional {
        entry.conflict_rule = (!random.one_in(3)).then(|| random.pick(&ConflictRule::ALL));
    }
}

fn change_fields(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let (direction, entry) = any_entry(random, profile);
    if entry.fields.is_some() && random.one_in(2) {
        entry.fields = None;
    } else if direction == Direction::Download && !entry.table.columns().is_empty() {
        let kept = entry.table.columns().iter().filter(|column| column.locked.is_some() || random.one_in(2));
        entry.fields = Some(kept.map(|column| column.name.to_owned()).collect());
    }
}

fn change_filter(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let (_, entry) = any_entry(random, profile);
    if entry.filter.is_some() && random.one_in(2) {
        entry.filter = None;
        return;
    }
    let table = entry.table;
    if !table.may_be_filtered() {
        return;
    }
    let join = random.pick(&[Join::All, Join::Any]);
    let mut parts = Vec::new();
    for _ in 0..=random.below(2) {
        let Some(condition) = condition(random, table) else { return };
        parts.push(if random.one_in(4) {
            let conditions = vec![condition];
            FilterPart::Group(ConditionGroup { join: Join::Any, conditions })
        } else {
            FilterPart::Condition(condition)
        });
    }
    entry.filter = Some(RowFilter { join, parts });
}

fn condition(random: &mut RandomChanges<'_>, table: TableId) -> Option<Condition> {
    let (own, related): (Vec<FilterColumn>, Vec<FilterColumn>) =
        table.filter_columns().into_iter().partition(|column| column.of.is_none());
    if own.is_empty() {
        return None;
    }
    // One number for both choices: found seeds go on meaning what they meant before related rows could be asked.
    let thrown = random.below(u64::MAX);
    let at = |columns: &[FilterColumn], thrown: u64| {
        columns[usize::try_from(thrown % columns.len() as u64).unwrap_or(0)]
    };
    let of_related = thrown / own.len() as u64;
    let asked = if related.is_empty() || !of_related.is_multiple_of(3) {
        at(&own, thrown)
    } else {
        at(&related, of_related / 3)
    };
    let letter = |random: &mut RandomChanges<'_>| {
        let letters: Vec<String> = "aeinorst12345".chars().map(String::from).collect();
        letters[random.index(letters.len())].clone()
    };
    let test = match asked.column.kind {
        ColumnKind::Text if random.one_in(5) => Test::IsNot { value: FilterValue::Text(letter(random)) },
        ColumnKind::Text | ColumnKind::TextList | ColumnKind::Secret => {
            Test::Contains { text: letter(random) }
        }
        ColumnKind::YesNo => Test::Is { value: FilterValue::YesNo(random.one_in(2)) },
        ColumnKind::Money | ColumnKind::WholeNumber | ColumnKind::RatePpm => {
            let number = i64::from(random.small(1, 1_000));
            match random.below(3) {
                0 => Test::Over { number },
                1 => Test::Under { number },
                _ => Test::Between { low: number / 2, high: number * 2 },
            }
        }
    };
    Some(Condition { column: asked.name(), test })
}

fn change_products(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    profile.offline_products = match random.below(5) {
        0 | 1 => OfflineProducts::TopBySales { count: random.pick(&[50, 250, 500, 750]) },
        2 => OfflineProducts::SoldInLastDays { days: random.pick(&[7, 400, 3_600]) },
        3 if !random.categories.is_empty() => {
            let categories = random.categories;
            let mut codes: Vec<String> =
                categories.iter().filter(|_| random.one_in(3)).take(20).cloned().collect();
            if codes.is_empty() {
                codes.push(categories[random.index(categories.len())].clone());
            }
            OfflineProducts::Categories { codes }
        }
        _ => OfflineProducts::All,
    };
}

fn change_customers(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    profile.offline_customers = match random.below(3) {
        0 => OfflineCustomers::AllOfThisStore,
        1 => OfflineCustomers::SeenInLastDays { days: random.pick(&[7, 3_600]) },
        _ => OfflineCustomers::None,
    };
}

fn change_times(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let device = &mut profile.device;
    device.offline_timeout_s = random.small(1, 20);
    device.reconnect_interval_min = random.small(1, 2);
}

fn change_device(random: &mut RandomChanges<'_>, profile: &mut Profile) {
    let device = &mut profile.device;
    match random.below(7) {
        0 => {
            device.check_for_new_database = random.pick(&[
                CheckForNewDatabase::AtStart,
                CheckForNewDatabase::AtEachSync,
                CheckForNewDatabase::AtEachSync,
                CheckForNewDatabase::Never,
            ]);
        }
        1 | 2 => {
            device.upload_transactions = match random.below(4) {
                0 => UploadTransactions::AtOnce,
                1 => UploadTransactions::EveryMinutes { minutes: random.small(1, 3) },
                2 => UploadTransactions::AtShiftClose,
                _ => UploadTransactions::ByHand,
            };
        }
        3 => device.browser_online_hint = !device.browser_online_hint,
        4 => {
            device.slow_is_offline = random
                .one_in(2)
                .then(|| SlowIsOffline { latency_ms: random.pick(&[500, 900]), for_s: random.small(1, 20) });
        }
        5 => {
            device.image_folder = match random.below(2) {
                0 => ImageFolder::Off,
                _ => ImageFolder::On { size_cap_mb: random.small(1, 64) },
            };
        }
        _ => {
            device.data_export_folder = random.pick(&[
                DataExportFolder::Off,
                DataExportFolder::Download,
                DataExportFolder::StoreServer,
            ]);
            device.database_export_schedule = match random.below(3) {
                0 => DatabaseExportSchedule::AtShiftClose,
                _ => DatabaseExportSchedule::Never,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::RandomChanges;
    use crate::{change_plan, default_profile, validate};

    #[test]
    fn each_random_change_is_valid_another_profile_and_all_kinds_come_up() {
        let mut state = 7_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        let categories = ["1".to_owned(), "2".to_owned()];
        let mut random = RandomChanges { next: &mut next, categories: &categories };
        let mut profile = default_profile();
        let (mut kinds, mut asks_related) = (BTreeSet::new(), false);
        for _ in 0..2_000 {
            let mut paced = profile.clone();
            random.change_pace(&mut paced);
            assert_eq!(validate(&paced), []);
            let change = random.change(&profile);
            assert_eq!(validate(&change.profile), []);
            assert!(!change_plan(&profile, &change.profile).is_empty(), "{:?}", change.kinds);
            kinds.extend(change.kinds);
            profile = change.profile;
            let filters =
                profile.scopes.iter().flat_map(|scope| &scope.tables).filter_map(|e| e.filter.as_ref());
            asks_related |=
                filters.flat_map(|filter| filter.conditions()).any(|one| one.column.contains('.'));
        }
        assert!(asks_related, "no filter asked a related row");
        assert_eq!(kinds.len(), 15, "{kinds:?}");
    }
}
