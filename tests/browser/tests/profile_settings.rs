//! Every field of every tab of the editor is changed on its page: what the store server then has is what was entered,
//! and the page shows it again.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_profile::{
    CheckForNewDatabase, Condition, ConditionGroup, ConflictRule, DataExportFolder, DatabaseExportSchedule,
    DeviceConfiguration, Direction, FilterPart, FilterValue, Frequency, HealthCheck, ImageFolder, Join,
    OfflineCustomers, OfflineProducts, Profile, RowFilter, Scope, ScopeTable, SlowIsOffline, TableId, Test,
    UploadBatch, UploadTransactions, default_profile, validate,
};

use crate::profile_drafts::open_default;

const NAME: &str = "Market stall";
/// How long a save may take.
const SAVED_WITHIN: Duration = Duration::from_secs(30);

/// What is done with one field, by its test id.
#[derive(Debug, Clone, Copy)]
enum Entered {
    /// A text in the place of what was there.
    Text(&'static str, &'static str),
    /// A choice of a list.
    Choice(&'static str, &'static str),
    /// A box that is ticked or not; it was the other way before.
    Tick(&'static str, bool),
    /// One of the cards side by side.
    Card(&'static str),
    /// A button; it holds nothing.
    Button(&'static str),
}

use Entered::{Button, Card, Choice, Text, Tick};

/// A place of the editor: what is pressed to come there and to leave it, and what is entered there.
struct Place {
    way: &'static [&'static str],
    entered: &'static [Entered],
    leave: Option<&'static str>,
    /// What is entered is there afterwards, too.
    stays: bool,
}

const fn tab(way: &'static [&'static str], entered: &'static [Entered]) -> Place {
    Place { way, entered, leave: None, stays: true }
}

const fn filter(way: &'static [&'static str], entered: &'static [Entered]) -> Place {
    Place { way, entered, leave: Some("row-filter-done"), stays: true }
}

const fn fields(way: &'static [&'static str], entered: &'static [Entered]) -> Place {
    Place { way, entered, leave: Some("field-list-done"), stays: true }
}

const fn passing(way: &'static [&'static str], entered: &'static [Entered]) -> Place {
    Place { way, entered, leave: None, stays: false }
}

const EVERYTHING: &[Place] = &[
    tab(
        &["tab-general"],
        &[Text("profile-name", NAME), Text("profile-description", "For the stall, on Saturdays.")],
    ),
    passing(
        &["tab-lines", "scope-add"],
        &[
            Text("scope-new-name", "Parked sales"),
            Button("scope-new"),
            Choice("table-choose", "suspended_sale"),
            Button("table-add"),
            Button("line-up-8"),
        ],
    ),
    tab(
        &["tab-lines", "line-1"],
        &[
            Text("scope-name", "Shop and tills"),
            Text("scope-description", "Which tills there are."),
            Choice("frequency", "daily"),
            Text("frequency-time", "06:40"),
        ],
    ),
    tab(&["tab-lines", "line-2"], &[Choice("frequency", "by_hand"), Button("table-up-tax_rate")]),
    filter(
        &["tab-lines", "line-2", "table-filter-tax_rate"],
        &[
            Button("condition-add"),
            Choice("condition-column-1", "rate_ppm"),
            Choice("condition-test-1", "between"),
            Text("condition-low-1", "2.5"),
            Text("condition-high-1", "20"),
        ],
    ),
    fields(&["tab-lines", "line-2", "table-fields-tender_type"], &[Tick("field-all", false)]),
    tab(&["tab-lines", "line-3"], &[Choice("frequency", "minutes"), Text("frequency-minutes", "45")]),
    filter(
        &["tab-lines", "line-3", "table-filter-staff"],
        &[
            Button("condition-add"),
            Choice("condition-column-1", "is_manager"),
            Choice("condition-value-1", "no"),
        ],
    ),
    fields(
        &["tab-lines", "line-4", "table-fields-category"],
        &[Tick("field-position", false), Tick("field-hue", false)],
    ),
    fields(&["tab-lines", "line-4", "table-fields-product"], &[Tick("field-rank", false)]),
    filter(
        &["tab-lines", "line-4", "table-filter-product"],
        &[
            Button("condition-add"),
            Choice("condition-column-1", "category"),
            Choice("condition-test-1", "one_of"),
            Text("condition-value-1", "bakery\ndeli"),
            Button("condition-add"),
            Choice("condition-column-2", "name"),
            Choice("condition-test-2", "is_not"),
            Text("condition-value-2", "Rye loaf"),
            Button("group-add"),
            Choice("condition-column-3-1", "sku"),
            Choice("condition-test-3-1", "contains"),
            Text("condition-value-3-1", "10"),
            Button("condition-add-3"),
            Choice("condition-column-3-2", "unit"),
            Text("condition-value-3-2", "ea"),
            // Of related rows: the product's tax rate, and its price.
            Button("condition-add-3"),
            Choice("condition-column-3-3", "tax_rate.rate_ppm"),
            Choice("condition-test-3-3", "under"),
            Text("condition-value-3-3", "12.5"),
            Button("condition-add-3"),
            Choice("condition-column-3-4", "price.price_minor"),
            Choice("condition-test-3-4", "over"),
            Text("condition-value-3-4", "1.00"),
            Choice("group-join", "all"),
            Choice("filter-join", "any"),
        ],
    ),
    filter(
        &["tab-lines", "line-5", "table-filter-price"],
        &[
            Button("condition-add"),
            Choice("condition-column-1", "price_minor"),
            Choice("condition-test-1", "over"),
            Text("condition-value-1", "2.05"),
            Button("condition-add"),
            Choice("condition-column-2", "price_minor"),
            Choice("condition-test-2", "under"),
            Text("condition-value-2", "99.50"),
        ],
    ),
    tab(&["tab-lines", "line-6"], &[Choice("conflict-rule-customer", "register_wins")]),
    tab(
        &["tab-lines", "line-7"],
        &[Card("direction-both"), Choice("conflict-rule-suspended_sale", "latest")],
    ),
    // Away from what it is and back.
    tab(&["tab-lines", "line-8"], &[Button("direction-download"), Card("direction-upload")]),
    tab(
        &["tab-device"],
        &[
            Text("device-offline-timeout", "9"),
            Text("device-reconnect-interval", "3"),
            Text("device-health-check", "90"),
            Tick("device-online-hint", false),
            Tick("device-slow", true),
            Text("device-slow-latency", "1500"),
            Text("device-slow-for", "45"),
            Choice("device-check", "never"),
            Choice("device-upload", "minutes"),
            Text("device-upload-minutes", "20"),
            Text("device-upload-batch", "40"),
            Choice("device-images", "on"),
            Text("device-image-cap", "123"),
            Choice("device-export-folder", "server"),
            Choice("device-export-schedule", "daily"),
            Text("device-export-time", "06:45"),
        ],
    ),
    tab(
        &["tab-products"],
        &[Card("products-categories"), Tick("category-bakery", true), Tick("category-deli", true)],
    ),
    tab(&["tab-customers"], &[Card("customers-seen"), Text("customers-days", "77")]),
];

/// The choices that exclude those above.
const OTHER_CHOICES: &[Place] = &[
    tab(&["tab-lines", "line-1"], &[Choice("frequency", "every_sync")]),
    tab(&["tab-lines", "line-6"], &[Card("direction-download")]),
    tab(&["tab-lines", "line-7"], &[Choice("conflict-rule-suspended_sale", "server_wins")]),
    tab(
        &["tab-device"],
        &[
            Tick("device-slow", false),
            Choice("device-check", "start"),
            Choice("device-upload", "shift_close"),
            Choice("device-images", "off"),
            Choice("device-export-folder", "granted"),
            Choice("device-export-schedule", "hours"),
            Text("device-export-hours", "36"),
        ],
    ),
    tab(&["tab-products"], &[Card("products-sold"), Text("products-days", "12")]),
    tab(&["tab-customers"], &[Card("customers-none")]),
];

/// And those that exclude these.
const LAST_CHOICES: &[Place] = &[
    tab(&["tab-lines", "line-7"], &[Choice("conflict-rule-suspended_sale", "default")]),
    tab(
        &["tab-device"],
        &[
            Choice("device-check", "sync"),
            Choice("device-upload", "by_hand"),
            Choice("device-export-folder", "download"),
            Choice("device-export-schedule", "shift_close"),
        ],
    ),
    tab(&["tab-products"], &[Card("products-top"), Text("products-count", "321")]),
    tab(&["tab-customers"], &[Card("customers-all")]),
];

fn condition(column: &str, test: Test) -> FilterPart {
    FilterPart::Condition(Condition { column: column.to_owned(), test })
}

fn text(value: &str) -> FilterValue {
    FilterValue::Text(value.to_owned())
}

fn names(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|&name| name.to_owned()).collect())
}

/// What the first round makes of the profile that ships.
fn with_everything() -> Profile {
    let mut profile = default_profile();
    profile.name = NAME.to_owned();
    profile.description = "For the stall, on Saturdays.".to_owned();
    let [tills, money, staff, goods, prices, customers, _] = profile.scopes.as_mut_slice() else {
        panic!("seven scopes ship");
    };
    tills.name = "Shop and tills".to_owned();
    tills.description = "Which tills there are.".to_owned();
    tills.frequency = Frequency::DailyAt { minute_of_day: 6 * 60 + 40 };
    money.frequency = Frequency::ByHand;
    money.tables.swap(0, 1);
    let rates = Test::Between { low: 25_000, high: 200_000 };
    money.tables[0].filter = Some(RowFilter::of("rate_ppm", rates));
    money.tables[2].fields = names(&["code", "name", "offline_limit_minor"]);
    staff.frequency = Frequency::EveryMinutes { minutes: 45 };
    let cashiers = Test::Is { value: FilterValue::YesNo(false) };
    staff.tables[0].filter = Some(RowFilter::of("is_manager", cashiers));
    goods.tables[0].fields = names(&["code", "name"]);
    goods.tables[1].fields = names(&["sku", "name", "category", "unit", "tax_code"]);
    let group = ConditionGroup {
        join: Join::All,
        conditions: vec![
            Condition { column: "sku".to_owned(), test: Test::Contains { text: "10".to_owned() } },
            Condition { column: "unit".to_owned(), test: Test::Is { value: text("ea") } },
            Condition { column: "tax_rate.rate_ppm".to_owned(), test: Test::Under { number: 125_000 } },
            Condition { column: "price.price_minor".to_owned(), test: Test::Over { number: 100 } },
        ],
    };
    goods.tables[1].filter = Some(RowFilter {
        join: Join::Any,
        parts: vec![
            condition("category", Test::OneOf { values: vec![text("bakery"), text("deli")] }),
            condition("name", Test::IsNot { value: text("Rye loaf") }),
            FilterPart::Group(group),
        ],
    });
    prices.tables[0].filter = Some(RowFilter {
        join: Join::All,
        parts: vec![
            condition("price_minor", Test::Over { number: 205 }),
            condition("price_minor", Test::Under { number: 9_950 }),
        ],
    });
    customers.tables[0].conflict_rule = Some(ConflictRule::RegisterWins);
    let parked =
        ScopeTable { conflict_rule: Some(ConflictRule::Latest), ..ScopeTable::whole(TableId::SuspendedSale) };
    profile.scopes.insert(
        6,
        Scope {
            name: "Parked sales".to_owned(),
            description: String::new(),
            direction: Direction::Bidirectional,
            frequency: Frequency::WithEverySync,
            tables: vec![parked],
        },
    );
    profile.device = DeviceConfiguration {
        offline_timeout_s: 9,
        reconnect_interval_min: 3,
        check_for_new_database: CheckForNewDatabase::Never,
        upload_transactions: UploadTransactions::EveryMinutes { minutes: 20 },
        browser_online_hint: false,
        image_folder: ImageFolder::On { size_cap_mb: 123 },
        data_export_folder: DataExportFolder::StoreServer,
        database_export_schedule: DatabaseExportSchedule::DailyAt { minute_of_day: 6 * 60 + 45 },
        slow_is_offline: Some(SlowIsOffline { latency_ms: 1_500, for_s: 45 }),
        upload_batch_entries: UploadBatch { entries: 40 },
        health_check_s: HealthCheck { seconds: 90 },
    };
    profile.offline_products =
        OfflineProducts::Categories { codes: vec!["bakery".to_owned(), "deli".to_owned()] };
    profile.offline_customers = OfflineCustomers::SeenInLastDays { days: 77 };
    profile
}

fn with_other_choices(mut profile: Profile) -> Profile {
    profile.scopes[0].frequency = Frequency::WithEverySync;
    profile.scopes[5].direction = Direction::Download;
    // No two changes of a customer can meet now.
    profile.scopes[5].tables[0].conflict_rule = None;
    profile.scopes[6].tables[0].conflict_rule = Some(ConflictRule::ServerWins);
    let device = &mut profile.device;
    device.slow_is_offline = None;
    device.check_for_new_database = CheckForNewDatabase::AtStart;
    device.upload_transactions = UploadTransactions::AtShiftClose;
    device.image_folder = ImageFolder::Off;
    device.data_export_folder = DataExportFolder::GrantedFolder;
    device.database_export_schedule = DatabaseExportSchedule::EveryHours { hours: 36 };
    profile.offline_products = OfflineProducts::SoldInLastDays { days: 12 };
    profile.offline_customers = OfflineCustomers::None;
    profile
}

fn with_last_choices(mut profile: Profile) -> Profile {
    profile.scopes[6].tables[0].conflict_rule = None;
    let device = &mut profile.device;
    device.check_for_new_database = CheckForNewDatabase::AtEachSync;
    device.upload_transactions = UploadTransactions::ByHand;
    device.data_export_folder = DataExportFolder::Download;
    device.database_export_schedule = DatabaseExportSchedule::AtShiftClose;
    profile.offline_products = OfflineProducts::TopBySales { count: 321 };
    profile.offline_customers = OfflineCustomers::AllOfThisStore;
    profile
}

/// The editor in a browser.
struct EditorPage<'browser>(BackOfficePage<'browser>);

impl EditorPage<'_> {
    /// Goes to a place, does something with each of its fields, and leaves.
    async fn visit(&self, place: &Place, each: impl AsyncFn(Entered) -> Outcome) -> Outcome {
        for id in place.way {
            self.0.press(id).await?;
        }
        for &entered in place.entered {
            each(entered).await.map_err(|error| format!("{entered:?} in {:?}: {error}", place.way))?;
        }
        match place.leave {
            Some(id) => self.0.press(id).await,
            None => Ok(()),
        }
    }

    async fn enter(&self, entered: Entered) -> Outcome {
        let page = self.0.page();
        match entered {
            Text(id, text) => page.enter(id, text).await,
            Choice(id, name) => self.0.choose(id, name).await,
            Tick(id, is_ticked) => {
                assert_ne!(page.element(id).await?.is_selected().await?, is_ticked, "{id} before");
                self.0.press(id).await
            }
            Card(id) | Button(id) => self.0.press(id).await,
        }
    }

    /// The field shows what was entered.
    async fn check(&self, entered: Entered) -> Outcome {
        let page = self.0.page();
        match entered {
            Text(id, value) | Choice(id, value) => assert_eq!(page.value(id).await?, value, "{id}"),
            Tick(id, is_ticked) => {
                assert_eq!(page.element(id).await?.is_selected().await?, is_ticked, "{id}");
            }
            Card(id) => assert!(page.element(id).await?.is_selected().await?, "{id}"),
            Button(_) => {}
        }
        Ok(())
    }
}

#[tokio::test]
async fn every_setting_that_is_entered_is_saved_and_shown_again() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let driver = stage.browser.driver();
    let editor = EditorPage(BackOfficePage::new(driver));
    open_default(&editor.0, &stage.server).await?;
    let everything = with_everything();
    let others = with_other_choices(everything.clone());
    let last = with_last_choices(others.clone());
    for (places, expected) in [(EVERYTHING, everything), (OTHER_CHOICES, others), (LAST_CHOICES, last)] {
        assert_eq!(validate(&expected), []);
        for place in places {
            editor.visit(place, async |entered| editor.enter(entered).await).await?;
        }
        editor.0.press("save").await?;
        editor.0.page().wait_for_text("Saved ", SAVED_WITHIN).await?;
        let draft: Profile = serde_json::from_value(admin.profile(NAME).await?["draft"].clone())?;
        assert_eq!(draft, expected);

        driver.refresh().await?;
        for place in places.iter().filter(|place| place.stays) {
            editor.visit(place, async |entered| editor.check(entered).await).await?;
        }
    }
    stage.browser.close().await
}
