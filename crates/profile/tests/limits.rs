//! Every limit of a profile, from both sides: the last value that may be saved and the first that may not.

use holdfast_profile::{
    Condition, ConditionGroup, DataExportFolder, DatabaseExportSchedule, FilterPart, FilterValue, Frequency,
    HealthCheck, ImageFolder, Join, OfflineCustomers, OfflineProducts, Profile, RowFilter, Scope,
    SlowIsOffline, Test, UploadBatch, UploadTransactions, default_profile, validate,
};

const PRODUCT_TABLE: &str = "scopes[3].tables[1]";

/// The fields that are named after a change of the profile that ships.
fn fields_after(change: impl FnOnce(&mut Profile)) -> Vec<String> {
    let mut profile = default_profile();
    change(&mut profile);
    validate(&profile).into_iter().map(|finding| finding.field).collect()
}

fn set_products(profile: &mut Profile, test: Test) {
    let column = if matches!(test, Test::Over { .. }) { "rank" } else { "name" };
    profile.scopes[3].tables[1].filter = Some(RowFilter::of(column, test));
}

fn minute_of_day(minute: u32) -> u16 {
    u16::try_from(minute).expect("a minute of a day or two")
}

/// A number, the field that is named, how it is set, and the lowest and highest that may be saved.
type Range = (&'static str, &'static str, fn(&mut Profile, u32), u32, u32);

const DAY_MIN: u32 = 1440;

#[rustfmt::skip]
const RANGES: &[Range] = &[
    ("offline timeout", "device.offline_timeout_s", |p, n| p.device.offline_timeout_s = n, 1, 3600),
    ("reconnect interval", "device.reconnect_interval_min", |p, n| p.device.reconnect_interval_min = n, 1, DAY_MIN),
    ("upload", "device.upload_transactions",
        |p, n| p.device.upload_transactions = UploadTransactions::EveryMinutes { minutes: n }, 1, DAY_MIN),
    ("image cap", "device.image_folder", |p, n| p.device.image_folder = ImageFolder::On { size_cap_mb: n }, 1, 4096),
    ("export hours", "device.database_export_schedule",
        |p, n| export(p, DatabaseExportSchedule::EveryHours { hours: n }), 1, 168),
    ("export time", "device.database_export_schedule",
        |p, n| export(p, DatabaseExportSchedule::DailyAt { minute_of_day: minute_of_day(n) }), 0, DAY_MIN - 1),
    ("slow latency", "device.slow_is_offline.latency_ms", |p, n| {
        p.device.offline_timeout_s = 3600;
        p.device.slow_is_offline = Some(SlowIsOffline { latency_ms: n, for_s: 1 });
    }, 100, 60_000),
    // Slower than that is offline by the timeout of 5 s.
    ("slow latency below the timeout", "device.slow_is_offline.latency_ms",
        |p, n| p.device.slow_is_offline = Some(SlowIsOffline { latency_ms: n, for_s: 1 }), 100, 4_999),
    ("slow time", "device.slow_is_offline.for_s",
        |p, n| p.device.slow_is_offline = Some(SlowIsOffline { latency_ms: 100, for_s: n }), 1, 3600),
    ("upload batch", "device.upload_batch_entries",
        |p, n| p.device.upload_batch_entries = UploadBatch { entries: n }, 1, 500),
    ("health check", "device.health_check_s", |p, n| p.device.health_check_s = HealthCheck { seconds: n }, 1, 300),
    ("frequency", "scopes[4].frequency",
        |p, n| p.scopes[4].frequency = Frequency::EveryMinutes { minutes: n }, 1, DAY_MIN),
    ("frequency time", "scopes[4].frequency",
        |p, n| p.scopes[4].frequency = Frequency::DailyAt { minute_of_day: minute_of_day(n) }, 0, DAY_MIN - 1),
    ("sold days", "offline_products", |p, n| p.offline_products = OfflineProducts::SoldInLastDays { days: n }, 1, 3660),
    ("top", "offline_products", |p, n| p.offline_products = OfflineProducts::TopBySales { count: n }, 1, 1_000_000),
    ("seen days", "offline_customers",
        |p, n| p.offline_customers = OfflineCustomers::SeenInLastDays { days: n }, 1, 3660),
];

fn export(profile: &mut Profile, schedule: DatabaseExportSchedule) {
    profile.device.data_export_folder = DataExportFolder::Download;
    profile.device.database_export_schedule = schedule;
}

#[test]
fn numbers_may_be_as_low_and_as_high_as_is_said() {
    for &(what, field, set, low, high) in RANGES {
        for fits in [low, high] {
            assert_eq!(fields_after(|p| set(p, fits)), Vec::<String>::new(), "{what}: {fits}");
        }
        for outside in low.checked_sub(1).into_iter().chain([high + 1]) {
            assert_eq!(fields_after(|p| set(p, outside)), [field], "{what}: {outside}");
        }
    }
}

/// A text, the field that is named, how it is set, and the most characters that may be saved.
type Length = (&'static str, &'static str, fn(&mut Profile, String), usize);

#[rustfmt::skip]
const LENGTHS: &[Length] = &[
    ("name", "name", |p, text| p.name = text, 60),
    ("description", "description", |p, text| p.description = text, 500),
    ("scope's name", "scopes[4].name", |p, text| p.scopes[4].name = text, 60),
    ("scope's description", "scopes[4].description", |p, text| p.scopes[4].description = text, 500),
    ("category's code", "offline_products.codes[1]",
        |p, text| p.offline_products = OfflineProducts::Categories { codes: vec!["TOYS".into(), text] }, 60),
    ("text that is looked for", "scopes[3].tables[1].filter.parts[0].test",
        |p, text| set_products(p, Test::Contains { text }), 200),
    ("value", "scopes[3].tables[1].filter.parts[0].test",
        |p, text| set_products(p, Test::Is { value: FilterValue::Text(text) }), 200),
    ("one of the values", "scopes[3].tables[1].filter.parts[0].test.values[0]",
        |p, text| set_products(p, Test::OneOf { values: vec![FilterValue::Text(text)] }), 200),
];

#[test]
fn texts_may_be_as_long_as_is_said_and_hold_nothing_that_deceives() {
    for &(what, field, set, chars) in LENGTHS {
        // Characters, not bytes.
        assert_eq!(fields_after(|p| set(p, "é".repeat(chars))), Vec::<String>::new(), "{what}");
        assert_eq!(fields_after(|p| set(p, "é".repeat(chars + 1))), [field], "{what}: {} letters", chars + 1);
        for hostile in ["a\u{7}b", "a\nb", "a\u{0}b", "a\u{2029}b", "\u{202E}ab", "a\u{2067}b"] {
            assert_eq!(fields_after(|p| set(p, hostile.to_owned())), [field], "{what}: {hostile:?}");
        }
    }
}

#[test]
fn lists_have_an_end() {
    let texts = |count: usize| (0..count).map(|at| format!("V{at}"));
    let one_of = |count| {
        fields_after(|p| {
            set_products(p, Test::OneOf { values: texts(count).map(FilterValue::Text).collect() })
        })
    };
    assert_eq!(one_of(200), Vec::<String>::new());
    assert_eq!(one_of(201), [format!("{PRODUCT_TABLE}.filter.parts[0].test")]);
    let categories = |count| {
        fields_after(|p| p.offline_products = OfflineProducts::Categories { codes: texts(count).collect() })
    };
    assert_eq!(categories(500), Vec::<String>::new());
    assert_eq!(categories(501), ["offline_products"]);
    // There are not as many tables: most of the scopes have none, which is found too.
    let names_scopes = |count| {
        let found = fields_after(|p| {
            let empty = Scope { tables: Vec::new(), ..p.scopes[0].clone() };
            let missing = count - p.scopes.len();
            p.scopes.extend(texts(missing).map(|name| Scope { name, ..empty.clone() }));
        });
        found.contains(&"scopes".to_owned())
    };
    assert!(!names_scopes(100));
    assert!(names_scopes(101));
}

#[test]
fn numbers_of_a_filter_are_those_that_a_browser_counts_exactly() {
    let over = |number| fields_after(|p| set_products(p, Test::Over { number }));
    let most = 9_007_199_254_740_991;
    for fits in [most, -most] {
        assert_eq!(over(fits), Vec::<String>::new(), "{fits}");
        assert_eq!(over(fits + fits.signum()), [format!("{PRODUCT_TABLE}.filter.parts[0].test")], "{fits}");
    }
}

/// A filter of groups of so many conditions each, and so many conditions beside them.
fn filter_of(groups: &[usize], beside: usize) -> RowFilter {
    let condition = |at: usize| {
        let test = Test::Contains { text: format!("V{at}") };
        Condition { column: "name".into(), test }
    };
    let group = |count: &usize| {
        let conditions = (0..*count).map(condition).collect();
        FilterPart::Group(ConditionGroup { join: Join::Any, conditions })
    };
    let parts = groups.iter().map(group).chain((0..beside).map(condition).map(FilterPart::Condition));
    RowFilter { join: Join::All, parts: parts.collect() }
}

#[test]
fn conditions_count_wherever_they_stand_and_empty_groups_as_one_each() {
    let fields = |filter: RowFilter| fields_after(|p| p.scopes[3].tables[1].filter = Some(filter));
    let too_many = [format!("{PRODUCT_TABLE}.filter")];
    for (groups, beside) in [(&[][..], 50), (&[50][..], 0), (&[20, 20][..], 10), (&[1; 50][..], 0)] {
        assert_eq!(fields(filter_of(groups, beside)), Vec::<String>::new(), "{groups:?} and {beside}");
        assert_eq!(fields(filter_of(groups, beside + 1)), too_many, "{groups:?} and one more than {beside}");
    }
    assert_eq!(fields(filter_of(&[20, 31], 0)), too_many);
    // Each empty one is named; with one more than there may be, the filter is too.
    let empty = |count: usize| fields(filter_of(&vec![0; count], 0));
    assert_eq!(empty(50).len(), 50);
    assert_eq!((empty(51).len(), &empty(51)[0]), (52, &too_many[0]));
}
