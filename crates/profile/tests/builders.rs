//! Profiles and filters at random: few names and small numbers, so that two of them often meet.

use std::collections::BTreeSet;

use holdfast_profile::{
    CheckForNewDatabase, Condition, ConditionGroup, ConflictRule, DataExportFolder, DatabaseExportSchedule,
    DeviceConfiguration, Direction, FilterPart, FilterValue, Frequency, HealthCheck, ImageFolder, Join,
    OfflineCustomers, OfflineProducts, Profile, RowFilter, Scope, ScopeTable, SlowIsOffline, TableId, Test,
    UploadBatch, UploadTransactions,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn any_join() -> impl Strategy<Value = Join> {
    prop_oneof![Just(Join::All), Just(Join::Any)]
}

fn any_value() -> impl Strategy<Value = FilterValue> {
    prop_oneof![
        "[abAB]{0,2}".prop_map(FilterValue::Text),
        (-3i64..4).prop_map(FilterValue::Number),
        any::<bool>().prop_map(FilterValue::YesNo),
    ]
}

fn any_test() -> impl Strategy<Value = Test> {
    prop_oneof![
        any_value().prop_map(|value| Test::Is { value }),
        any_value().prop_map(|value| Test::IsNot { value }),
        vec(any_value(), 0..4).prop_map(|values| Test::OneOf { values }),
        "[abAB]{0,2}".prop_map(|text| Test::Contains { text }),
        (-3i64..4).prop_map(|number| Test::Over { number }),
        (-3i64..4).prop_map(|number| Test::Under { number }),
        (-3i64..4, -3i64..4).prop_map(|(low, high)| Test::Between { low, high }),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    ("[xyz]|category\\.name|price\\.price_minor", any_test())
        .prop_map(|(column, test)| Condition { column, test })
}

/// Any filter, those that validation refuses too.
pub fn any_filter() -> impl Strategy<Value = RowFilter> {
    let group = (any_join(), vec(any_condition(), 0..4))
        .prop_map(|(join, conditions)| FilterPart::Group(ConditionGroup { join, conditions }));
    let part = prop_oneof![any_condition().prop_map(FilterPart::Condition), group];
    (any_join(), vec(part, 0..4)).prop_map(|(join, parts)| RowFilter { join, parts })
}

/// Any profile, those that validation refuses too: scopes without or with the same name, tables twice.
pub fn any_profile() -> impl Strategy<Value = Profile> {
    let settings = ("[ab]", "[ab]?", any_device(), any_products(), any_customers());
    (settings, vec(any_scope(), 0..4)).prop_map(
        |((name, description, device, offline_products, offline_customers), scopes)| Profile {
            name,
            description,
            scopes,
            device,
            offline_products,
            offline_customers,
        },
    )
}

/// A profile whose scopes have names of their own and in which no table stands twice, as validation wants it.
pub fn any_distinct_profile() -> impl Strategy<Value = Profile> {
    any_profile().prop_map(distinct)
}

/// The same profile without second scopes of a name and second entries of a table.
pub fn distinct(mut profile: Profile) -> Profile {
    let (mut names, mut tables) = (BTreeSet::new(), BTreeSet::new());
    profile.scopes.retain(|scope| names.insert(scope.name.clone()));
    for scope in &mut profile.scopes {
        scope.tables.retain(|entry| tables.insert(entry.table));
    }
    profile
}

fn any_scope() -> impl Strategy<Value = Scope> {
    let direction = select(vec![Direction::Download, Direction::Upload, Direction::Bidirectional]);
    let frequency = prop_oneof![
        Just(Frequency::WithEverySync),
        (1u32..3).prop_map(|minutes| Frequency::EveryMinutes { minutes }),
        (0u16..2).prop_map(|minute_of_day| Frequency::DailyAt { minute_of_day }),
        Just(Frequency::ByHand),
    ];
    ("[ABC]", "[ab]?", direction, frequency, vec(any_entry(), 0..3)).prop_map(
        |(name, description, direction, frequency, tables)| Scope {
            name,
            description,
            direction,
            frequency,
            tables,
        },
    )
}

fn any_entry() -> impl Strategy<Value = ScopeTable> {
    let table =
        select(vec![TableId::Staff, TableId::Category, TableId::Product, TableId::Price, TableId::Customer]);
    let fields = select(vec!["id", "name", "category", "rank", "phone"]).prop_map(str::to_owned);
    let rule = select(ConflictRule::ALL.to_vec());
    (table, option::of(vec(fields, 0..3)), option::weighted(0.3, any_filter()), option::weighted(0.3, rule))
        .prop_map(|(table, fields, filter, conflict_rule)| ScopeTable {
            table,
            fields,
            filter,
            conflict_rule,
        })
}

fn any_device() -> impl Strategy<Value = DeviceConfiguration> {
    let times = (1u32..3, 1u32..3, any::<bool>());
    let check = select(vec![
        CheckForNewDatabase::AtStart,
        CheckForNewDatabase::AtEachSync,
        CheckForNewDatabase::Never,
    ]);
    let upload = prop_oneof![
        Just(UploadTransactions::AtOnce),
        (1u32..3).prop_map(|minutes| UploadTransactions::EveryMinutes { minutes }),
        Just(UploadTransactions::AtShiftClose),
        Just(UploadTransactions::ByHand),
    ];
    let images = prop_oneof![
        Just(ImageFolder::Off),
        (1u32..3).prop_map(|size_cap_mb| ImageFolder::On { size_cap_mb }),
    ];
    let folder = select(vec![
        DataExportFolder::Off,
        DataExportFolder::GrantedFolder,
        DataExportFolder::Download,
        DataExportFolder::StoreServer,
    ]);
    let schedule = prop_oneof![
        Just(DatabaseExportSchedule::Never),
        Just(DatabaseExportSchedule::AtShiftClose),
        (0u16..2).prop_map(|minute_of_day| DatabaseExportSchedule::DailyAt { minute_of_day }),
        (1u32..3).prop_map(|hours| DatabaseExportSchedule::EveryHours { hours }),
    ];
    let slow = option::of(
        (100u32..102, 1u32..3).prop_map(|(latency_ms, for_s)| SlowIsOffline { latency_ms, for_s }),
    );
    let pace = (1u32..3, 1u32..3);
    (times, check, upload, images, folder, schedule, slow, pace).prop_map(
        |(
            (timeout_s, interval_min, hint),
            check,
            upload,
            images,
            folder,
            schedule,
            slow,
            (entries, seconds),
        )| {
            DeviceConfiguration {
                offline_timeout_s: timeout_s,
                reconnect_interval_min: interval_min,
                check_for_new_database: check,
                upload_transactions: upload,
                browser_online_hint: hint,
                image_folder: images,
                data_export_folder: folder,
                database_export_schedule: schedule,
                slow_is_offline: slow,
                upload_batch_entries: UploadBatch { entries },
                health_check_s: HealthCheck { seconds },
            }
        },
    )
}

fn any_products() -> impl Strategy<Value = OfflineProducts> {
    prop_oneof![
        Just(OfflineProducts::All),
        vec("[AB]", 0..3).prop_map(|codes| OfflineProducts::Categories { codes }),
        (1u32..3).prop_map(|days| OfflineProducts::SoldInLastDays { days }),
        (1u32..3).prop_map(|count| OfflineProducts::TopBySales { count }),
    ]
}

fn any_customers() -> impl Strategy<Value = OfflineCustomers> {
    prop_oneof![
        Just(OfflineCustomers::AllOfThisStore),
        (1u32..3).prop_map(|days| OfflineCustomers::SeenInLastDays { days }),
        Just(OfflineCustomers::None),
    ]
}

/// A base and two profiles that came from it by a few edits each, as two administrators make them.
pub fn three_versions() -> impl Strategy<Value = (Profile, Profile, Profile)> {
    let edits = || vec((0u8..12, any::<prop::sample::Index>(), any_distinct_profile()), 1..4);
    (any_distinct_profile(), edits(), edits()).prop_map(|(base, mine, theirs)| {
        let edited = |edits: Vec<_>| {
            edits.into_iter().fold(base.clone(), |mut profile, (kind, at, other)| {
                edit(&mut profile, kind, at, other);
                distinct(profile)
            })
        };
        (base.clone(), edited(mine), edited(theirs))
    })
}

// One edit, with what it needs from another profile.
fn edit(profile: &mut Profile, kind: u8, at: prop::sample::Index, other: Profile) {
    let scopes_count = profile.scopes.len();
    let mut others = other.scopes.into_iter();
    match (kind, others.next()) {
        (0, _) => profile.name = other.name,
        (1, _) => profile.device.offline_timeout_s = other.device.offline_timeout_s,
        (2, _) => profile.device = other.device,
        (3, _) => profile.offline_products = other.offline_products,
        (4, Some(scope)) => profile.scopes.insert(at.index(scopes_count + 1), scope),
        (_, Some(scope)) if scopes_count > 0 => {
            let index = at.index(scopes_count);
            match kind {
                5 => drop(profile.scopes.remove(index)),
                6 => profile.scopes.rotate_left(index),
                7 => profile.scopes[index].direction = scope.direction,
                8 => profile.scopes[index].name = scope.name,
                9 => profile.scopes[index].tables = scope.tables,
                10 => profile.scopes[index].tables.reverse(),
                _ => {
                    let moved = std::mem::take(&mut profile.scopes[index].tables);
                    profile.scopes[0].tables.extend(moved);
                }
            }
        }
        _ => profile.description = other.description,
    }
}
