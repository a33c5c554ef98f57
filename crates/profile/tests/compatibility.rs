//! What earlier versions wrote must stay readable. The samples are frozen: never change one, add the next.

use holdfast_profile::{
    CheckForNewDatabase, Condition, ConditionGroup, ConflictRule, DataExportFolder, DatabaseExportSchedule,
    DeviceConfiguration, Direction, FilterPart, FilterValue, Frequency, HealthCheck, ImageFolder, Join,
    OfflineCustomers, OfflineProducts, Profile, RowFilter, ScopeTable, SlowIsOffline, TableId, Test,
    UploadBatch, UploadTransactions, default_profile, validate,
};
use proptest::prelude::*;

use crate::builders::any_profile;

/// `Default pr.` as the first version encoded it.
const DEFAULT_1: &str = "\
    a4006b44656661756c742070722e01782f45766572797468696e672061207265676973746572206e6565647320746f207365\
    6c6c206f6e20697473206f776e2e0287a5007652656769737465727320616e6420686172647761726501781c546865207374\
    6f726520616e6420697473207265676973746572732e0200038200800482a10001a10002a5007643757272656e63792c2074\
    61782c2074656e6465727301781f486f7720616d6f756e74732061726520746178656420616e6420706169642e0200038200\
    800483a10006a10005a10007a500655374616666017057686f206d6179207369676e20696e2e0200038200800481a10004a5\
    007550726f647563747320616e6420626172636f6465730171576861742063616e20626520736f6c642e0200038200800483\
    a10008a10009a1000aa5007450726963657320616e6420646973636f756e7473016e5768617420697420636f7374732e0200\
    038200800481a1000ba50069437573746f6d65727301781f57686f2062757973206f6e206163636f756e74206f7220627920\
    6e616d652e0200038200800481a1000da5006c5472616e73616374696f6e7301782153616c657320616e6420736869667473\
    206f66207468652072656769737465722e0201038200800482a1000ea1000f03a50005010102010382008004f5";
/// A changed one: by hand, every 30 minutes, daily at 3:30, customers both ways, no check, upload every 15 minutes.
const CHANGED_1: &str = "\
    a4006b44656661756c742070722e01782f45766572797468696e672061207265676973746572206e6565647320746f207365\
    6c6c206f6e20697473206f776e2e0287a5007652656769737465727320616e6420686172647761726501781c546865207374\
    6f726520616e6420697473207265676973746572732e0200038200800482a10001a10002a5007643757272656e63792c2074\
    61782c2074656e6465727301781f486f7720616d6f756e74732061726520746178656420616e6420706169642e0200038200\
    800483a10006a10005a10007a500655374616666017057686f206d6179207369676e20696e2e0200038203800481a10004a5\
    007550726f647563747320616e6420626172636f6465730171576861742063616e20626520736f6c642e020003820181181e\
    0483a10008a10009a1000aa5007450726963657320616e6420646973636f756e7473016e5768617420697420636f7374732e\
    02000382028118d20481a1000ba50069437573746f6d65727301781f57686f2062757973206f6e206163636f756e74206f72\
    206279206e616d652e0202038200800481a1000da5006c5472616e73616374696f6e7301782153616c657320616e64207368\
    69667473206f66207468652072656769737465722e0201038200800482a1000ea1000f03a5000501010202038201810f04f5";
/// [`full_2`] as the second version encoded it.
const FULL_2: &str = "\
    a6006b44656661756c742070722e01782f45766572797468696e672061207265676973746572206e6565647320746f207365\
    6c6c206f6e20697473206f776e2e0287a5007652656769737465727320616e6420686172647761726501781c546865207374\
    6f726520616e6420697473207265676973746572732e0200038200800482a10001a10002a5007643757272656e63792c2074\
    61782c2074656e6465727301781f486f7720616d6f756e74732061726520746178656420616e6420706169642e0200038200\
    800483a10006a10005a10007a500655374616666017057686f206d6179207369676e20696e2e0200038200800481a2000402\
    a200000181820081a2006a69735f6d616e6167657201820081820281f5a5007550726f647563747320616e6420626172636f\
    6465730171576861742063616e20626520736f6c642e0200038200800483a10008a30009018663736b75646e616d65686361\
    7465676f727964756e6974687461785f636f64656472616e6b02a200000183820181a200010184a2006863617465676f7279\
    018202818282008164544f595382008165424f4f4b53a200646e616d6501820381646b697465a2006863617465676f727901\
    82018182008160a2006472616e6b01820682011901f4820081a2006472616e6b0182048100820081a2006472616e6b018200\
    8182018107a1000aa5007450726963657320616e6420646973636f756e7473016e5768617420697420636f7374732e020003\
    8200800481a2000b02a200000181820081a2006b70726963655f6d696e6f7201820581192710a50069437573746f6d657273\
    01781f57686f2062757973206f6e206163636f756e74206f72206279206e616d652e0200038200800481a1000da5006c5472\
    616e73616374696f6e7301782153616c657320616e6420736869667473206f66207468652072656769737465722e02010382\
    00800482a1000ea1000f03a90005010102010382008004f50582018118c80603078203810608a20019032001181e04820181\
    8264544f595365424f4f4b5305820181185a";
/// A scope and a device configuration as the first version wrote them in JSON.
const JSON_1: &str = r#"{"name":"Old","description":"","scopes":[{"name":"Staff","description":"","direction":"download",
    "frequency":{"kind":"with_every_sync"},"tables":[{"table":"staff"}]}],"device":{"offline_timeout_s":5,
    "reconnect_interval_min":1,"check_for_new_database":"at_each_sync","upload_transactions":{"kind":"at_once"},
    "browser_online_hint":true}}"#;

/// `Default pr.` of the first version: registers did not edit customers yet.
fn first_default() -> Profile {
    let mut profile = default_profile();
    profile.scopes[5].direction = Direction::Download;
    profile
}

/// A profile that uses everything the second version brought.
fn full_2() -> Profile {
    let text = |text: &str| FilterValue::Text(text.into());
    let mut profile = first_default();
    profile.device.image_folder = ImageFolder::On { size_cap_mb: 200 };
    profile.device.data_export_folder = DataExportFolder::StoreServer;
    profile.device.database_export_schedule = DatabaseExportSchedule::EveryHours { hours: 6 };
    profile.device.slow_is_offline = Some(SlowIsOffline { latency_ms: 800, for_s: 30 });
    profile.offline_products = OfflineProducts::Categories { codes: vec!["TOYS".into(), "BOOKS".into()] };
    profile.offline_customers = OfflineCustomers::SeenInLastDays { days: 90 };
    let condition = |column: &str, test| Condition { column: column.into(), test };
    let group = ConditionGroup {
        join: Join::Any,
        conditions: vec![
            condition("category", Test::OneOf { values: vec![text("TOYS"), text("BOOKS")] }),
            condition("name", Test::Contains { text: "kite".into() }),
            condition("category", Test::IsNot { value: text("") }),
            condition("rank", Test::Between { low: 1, high: 500 }),
        ],
    };
    let product = &mut profile.scopes[3].tables[1];
    product.fields = Some(["sku", "name", "category", "unit", "tax_code", "rank"].map(Into::into).to_vec());
    product.filter = Some(RowFilter {
        join: Join::All,
        parts: vec![
            FilterPart::Group(group),
            FilterPart::Condition(condition("rank", Test::Over { number: 0 })),
            FilterPart::Condition(condition("rank", Test::Is { value: FilterValue::Number(7) })),
        ],
    });
    profile.scopes[2].tables[0].filter =
        Some(RowFilter::of("is_manager", Test::Is { value: FilterValue::YesNo(true) }));
    profile.scopes[4].tables[0].filter = Some(RowFilter::of("price_minor", Test::Under { number: 10_000 }));
    profile
}

/// A device configuration with the fourth version's settings, as that version encoded it: batches of 40 entries, and a
/// question every 60 seconds.
const PACE_4: &str = "a70005010102010382008004f50918280a183c";

#[test]
fn how_much_and_how_often_is_read_as_the_fourth_version_encoded_it() {
    let device = DeviceConfiguration {
        upload_batch_entries: UploadBatch { entries: 40 },
        health_check_s: HealthCheck { seconds: 60 },
        ..first_default().device
    };
    assert_eq!(minicbor::to_vec(&device).unwrap(), bytes(PACE_4));
    assert_eq!(minicbor::decode::<DeviceConfiguration>(&bytes(PACE_4)).unwrap(), device);
    // Where a later version says it in another way, a register goes on as it would without.
    let later = PACE_4.replace("1828", "6161").replace("183c", "6161");
    let read = minicbor::decode::<DeviceConfiguration>(&bytes(&later)).unwrap();
    assert_eq!(read, first_default().device);
}

#[test]
fn what_the_second_version_encoded_is_read() {
    assert_eq!(validate(&full_2()), []);
    assert_eq!(decode(&bytes(FULL_2)), full_2());
    assert_eq!(minicbor::to_vec(full_2()).unwrap(), bytes(FULL_2));
}

#[test]
fn a_conflict_rule_is_read_as_the_third_version_encoded_it() {
    // Table 13 with rule 2; and with one that nobody has yet, which reads as the table's default.
    let mut entry = ScopeTable::whole(TableId::Customer);
    assert_eq!(minicbor::decode::<ScopeTable>(&bytes("a2000d0317")).unwrap(), entry);
    entry.conflict_rule = Some(ConflictRule::Latest);
    assert_eq!(minicbor::decode::<ScopeTable>(&bytes("a2000d0302")).unwrap(), entry);
    assert_eq!(minicbor::to_vec(&entry).unwrap(), bytes("a2000d0302"));
}

proptest! {
    #[test]
    fn every_profile_survives_cbor_and_json(profile in any_profile()) {
        prop_assert_eq!(&decode(&minicbor::to_vec(&profile).expect("encodes")), &profile);
        let text = serde_json::to_string(&profile).expect("prints");
        prop_assert_eq!(&serde_json::from_str::<Profile>(&text).expect("parses"), &profile);
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits"))
        .collect()
}

fn decode(bytes: &[u8]) -> Profile {
    minicbor::decode(bytes).expect("a profile")
}

#[test]
fn what_the_first_version_encoded_is_read_with_defaults() {
    assert_eq!(decode(&bytes(DEFAULT_1)), first_default());

    let mut changed = first_default();
    changed.device.upload_transactions = UploadTransactions::EveryMinutes { minutes: 15 };
    changed.device.check_for_new_database = CheckForNewDatabase::Never;
    changed.scopes[5].direction = Direction::Bidirectional;
    changed.scopes[3].frequency = Frequency::EveryMinutes { minutes: 30 };
    changed.scopes[4].frequency = Frequency::DailyAt { minute_of_day: 210 };
    changed.scopes[2].frequency = Frequency::ByHand;
    assert_eq!(decode(&bytes(CHANGED_1)), changed);
}

#[test]
fn what_the_first_version_wrote_as_json_is_read_with_defaults() {
    let profile: Profile = serde_json::from_str(JSON_1).unwrap();
    let default = default_profile();
    assert_eq!(profile.device, default.device);
    assert_eq!(profile.offline_products, default.offline_products);
    assert_eq!((&profile.scopes[0].tables[0].fields, &profile.scopes[0].tables[0].filter), (&None, &None));
}

#[test]
fn a_profile_without_anything_new_is_encoded_as_by_the_first_version() {
    assert_eq!(minicbor::to_vec(first_default()).unwrap(), bytes(DEFAULT_1));
}

#[test]
fn a_setting_of_a_later_version_reads_as_its_default() {
    let mut profile = default_profile();
    let known = RowFilter::of("category", Test::Contains { text: "toys".into() });
    profile.scopes[3].tables[1].filter = Some(known);
    let mut encoded = minicbor::to_vec(&profile).unwrap();
    // Test number 3 ("contains") becomes one that nobody has yet.
    let at = encoded.windows(7).position(|part| part == [0x82, 0x03, 0x81, 0x64, b't', b'o', b'y']).unwrap();
    encoded[at + 1] = 0x17;
    profile.scopes[3].tables[1].filter = None;
    assert_eq!(decode(&encoded), profile, "the table is still there, with all its rows");
}
