//! What keeps a profile from being saved, by the field that is named.

use holdfast_profile::{
    Condition, ConditionGroup, ConflictRule, DataExportFolder, DatabaseExportSchedule, Direction, FilterPart,
    FilterValue, Frequency, HealthCheck, ImageFolder, Join, OfflineCustomers, OfflineProducts, Profile,
    RowFilter, Scope, ScopeTable, SlowIsOffline, TableId, Test, UploadBatch, default_profile, name_key,
    validate,
};

fn fields_after(change: impl FnOnce(&mut Profile)) -> Vec<String> {
    let mut profile = default_profile();
    change(&mut profile);
    let findings = validate(&profile);
    for finding in &findings {
        for sentence in [&finding.reason, &finding.mend] {
            assert!(sentence.ends_with('.') && sentence.len() > 5, "not a sentence: {finding}");
        }
    }
    findings.into_iter().map(|finding| finding.field).collect()
}

fn product_table(p: &mut Profile) -> &mut ScopeTable {
    &mut p.scopes[3].tables[1]
}

/// Fields found below the product table's filter after setting it.
fn filter_fields(filter: RowFilter) -> Vec<String> {
    let fields = fields_after(|p| product_table(p).filter = Some(filter));
    fields
        .iter()
        .map(|field| {
            field.strip_prefix("scopes[3].tables[1].filter").expect("a field of the filter").to_owned()
        })
        .collect()
}

const NONE: Vec<String> = Vec::new();

#[test]
fn the_default_profile_is_valid() {
    assert_eq!(fields_after(|_| {}), NONE);
}

#[test]
fn timeouts_outside_their_range_are_named() {
    assert_eq!(fields_after(|p| p.device.offline_timeout_s = 0), ["device.offline_timeout_s"]);
    assert_eq!(fields_after(|p| p.device.offline_timeout_s = 3601), ["device.offline_timeout_s"]);
    assert_eq!(fields_after(|p| p.device.reconnect_interval_min = 0), ["device.reconnect_interval_min"]);
    assert_eq!(fields_after(|p| p.device.reconnect_interval_min = 1441), ["device.reconnect_interval_min"]);
    assert_eq!(fields_after(|p| p.device.offline_timeout_s = 3600), NONE);
}

#[test]
fn a_table_twice_is_named_at_its_second_place() {
    let fields = fields_after(|p| p.scopes[4].tables.push(ScopeTable::whole(TableId::Staff)));
    assert_eq!(fields, ["scopes[4].tables[1]"]);
}

#[test]
fn a_table_that_cannot_take_the_direction_is_named() {
    assert_eq!(
        fields_after(|p| p.scopes[6].direction = Direction::Download),
        ["scopes[6].tables[0]", "scopes[6].tables[1]"]
    );
}

#[test]
fn a_conflict_rule_where_no_two_changes_can_meet_is_named() {
    let rule = Some(ConflictRule::RegisterWins);
    let field = "scopes[5].tables[0].conflict_rule";
    assert_eq!(fields_after(|p| p.scopes[5].tables[0].conflict_rule = rule), NONE);
    let only_down = fields_after(|p| {
        p.scopes[5].direction = Direction::Download;
        p.scopes[5].tables[0].conflict_rule = rule;
    });
    assert_eq!(only_down, [field]);
}

#[test]
fn a_scope_that_refers_to_a_later_one_is_named() {
    // Products and barcodes before the tax rates they refer to.
    assert_eq!(fields_after(|p| p.scopes.swap(1, 3)), ["scopes[1].tables[1]"]);
    // However long the order is: each product comes before the last of the tax rates.
    let long = fields_after(|p| {
        let entry = |table| ScopeTable::whole(table);
        p.scopes[3].tables = vec![entry(TableId::Product); 5_000];
        p.scopes[3].tables.push(entry(TableId::TaxRate));
    });
    let early = long.iter().filter(|field| *field == "scopes[3].tables[4999]").count();
    assert_eq!(early, 2, "it stands twice, and too early: {:?}", long.last());
}

#[test]
fn empty_and_double_names_are_named() {
    assert_eq!(fields_after(|p| p.name = String::new()), ["name"]);
    assert_eq!(fields_after(|p| p.name = "  ".into()), ["name"]);
    assert_eq!(fields_after(|p| p.scopes[1].name = "STAFF".into()), ["scopes[2].name"]);
    assert_eq!(fields_after(|p| p.scopes[1].name = "Sta\u{200B}ff ".into()), ["scopes[2].name"]);
    assert_eq!(fields_after(|p| p.name = "x".repeat(61)), ["name"]);
    assert_eq!(fields_after(|p| p.description = "x".repeat(501)), ["description"]);
}

#[test]
fn names_that_deceive_their_reader_are_named() {
    for hostile in
        ["a\u{7}b", "a\nb", "a\u{2028}b", "\u{202E}drowssap", "a\u{2066}b\u{2069}", "\u{200B}\u{FEFF}"]
    {
        assert_eq!(fields_after(|p| p.name = hostile.into()), ["name"], "{hostile:?}");
        assert_eq!(fields_after(|p| p.scopes[0].name = hostile.into()), ["scopes[0].name"], "{hostile:?}");
    }
    assert_eq!(fields_after(|p| p.description = "\u{202E}x".into()), ["description"]);
    for harmless in ["متجر", "<script>alert(1)</script>", "Ѕtaff", "❤️", "می\u{200C}خواهم"] {
        assert_eq!(fields_after(|p| p.name = harmless.into()), NONE, "{harmless:?}");
    }
}

#[test]
fn names_that_look_the_same_have_one_key() {
    assert_eq!(name_key(" Default\u{200B}  PR. "), name_key("Default pr."));
    assert_ne!(name_key("Default pr. 2"), name_key("Default pr."));
}

#[test]
fn a_profile_or_scope_with_nothing_in_it_is_named() {
    assert_eq!(fields_after(|p| p.scopes.clear()), ["scopes"]);
    assert_eq!(fields_after(|p| p.scopes[5].tables.clear()), ["scopes[5].tables"]);
}

#[test]
fn frequencies_outside_the_day_are_named() {
    let with =
        |frequency| fields_after(|p: &mut Profile| p.scopes[0] = Scope { frequency, ..p.scopes[0].clone() });
    assert_eq!(with(Frequency::DailyAt { minute_of_day: 1440 }), ["scopes[0].frequency"]);
    assert_eq!(with(Frequency::EveryMinutes { minutes: 0 }), ["scopes[0].frequency"]);
    assert_eq!(with(Frequency::ByHand), NONE);
}

#[test]
fn device_settings_outside_their_range_are_named() {
    let images = |size_cap_mb| fields_after(|p| p.device.image_folder = ImageFolder::On { size_cap_mb });
    assert_eq!(images(0), ["device.image_folder"]);
    assert_eq!(images(4097), ["device.image_folder"]);
    assert_eq!(images(100), NONE);

    let export = |schedule| {
        fields_after(|p| {
            p.device.data_export_folder = DataExportFolder::StoreServer;
            p.device.database_export_schedule = schedule;
        })
    };
    let field = ["device.database_export_schedule"];
    assert_eq!(export(DatabaseExportSchedule::EveryHours { hours: 0 }), field);
    assert_eq!(export(DatabaseExportSchedule::EveryHours { hours: 169 }), field);
    assert_eq!(export(DatabaseExportSchedule::DailyAt { minute_of_day: 1440 }), field);
    assert_eq!(export(DatabaseExportSchedule::DailyAt { minute_of_day: 1439 }), NONE);

    let batch = |entries| fields_after(|p| p.device.upload_batch_entries = UploadBatch { entries });
    assert_eq!(batch(0), ["device.upload_batch_entries"]);
    assert_eq!(batch(501), ["device.upload_batch_entries"]);
    let health = |seconds| fields_after(|p| p.device.health_check_s = HealthCheck { seconds });
    assert_eq!(health(0), ["device.health_check_s"]);
    assert_eq!(health(301), ["device.health_check_s"]);
    // Longer than the offline timeout of 5 s: an outage is noticed later, which may be what is wanted.
    assert_eq!(health(300), NONE);

    let slow = |latency_ms, for_s| {
        fields_after(|p| p.device.slow_is_offline = Some(SlowIsOffline { latency_ms, for_s }))
    };
    assert_eq!(slow(99, 10), ["device.slow_is_offline.latency_ms"]);
    assert_eq!(slow(60_001, 10), ["device.slow_is_offline.latency_ms"]);
    assert_eq!(slow(800, 0), ["device.slow_is_offline.for_s"]);
    assert_eq!(slow(800, 3600), NONE);
}

#[test]
fn one_entry_is_called_so() {
    let mut profile = default_profile();
    profile.device.upload_batch_entries = UploadBatch { entries: 0 };
    assert_eq!(validate(&profile)[0].reason, "Upload batch size must be at least 1 entry.");
}

#[test]
fn device_settings_that_contradict_each_other_are_named() {
    let schedule = DatabaseExportSchedule::AtShiftClose;
    assert_eq!(
        fields_after(|p| p.device.database_export_schedule = schedule),
        ["device.database_export_schedule"]
    );
    // The offline timeout is 5 s.
    let slow = Some(SlowIsOffline { latency_ms: 5_000, for_s: 30 });
    assert_eq!(fields_after(|p| p.device.slow_is_offline = slow), ["device.slow_is_offline.latency_ms"]);
    let fields = fields_after(|p| {
        p.device.image_folder = ImageFolder::On { size_cap_mb: 10 };
        p.scopes[3].tables.remove(1);
    });
    assert_eq!(fields, ["device.image_folder"]);
}

#[test]
fn offline_products_and_customers_outside_their_range_are_named() {
    let products = |choice| fields_after(|p| p.offline_products = choice);
    let categories = |codes: &[&str]| {
        products(OfflineProducts::Categories { codes: codes.iter().map(|&code| code.into()).collect() })
    };
    assert_eq!(products(OfflineProducts::SoldInLastDays { days: 0 }), ["offline_products"]);
    assert_eq!(products(OfflineProducts::TopBySales { count: 1_000_001 }), ["offline_products"]);
    assert_eq!(categories(&[]), ["offline_products"]);
    assert_eq!(
        categories(&["TOYS", " ", "TOYS"]),
        ["offline_products.codes[1]", "offline_products.codes[2]"]
    );
    assert_eq!(categories(&["TOYS", "BOOKS"]), NONE);
    let customers = |choice| fields_after(|p| p.offline_customers = choice);
    assert_eq!(customers(OfflineCustomers::SeenInLastDays { days: 3661 }), ["offline_customers"]);
    assert_eq!(customers(OfflineCustomers::None), NONE);
    let fields = fields_after(|p| {
        p.offline_customers = OfflineCustomers::SeenInLastDays { days: 30 };
        p.scopes.remove(5);
    });
    assert_eq!(fields, ["offline_customers"]);
}

#[test]
fn a_field_list_keeps_what_the_till_needs() {
    let with = |fields: &[&str]| {
        let fields: Vec<String> = fields.iter().map(|&field| field.into()).collect();
        fields_after(|p| product_table(p).fields = Some(fields))
    };
    let field = "scopes[3].tables[1].fields";
    assert_eq!(with(&["sku", "name", "unit", "tax_code"]), NONE);
    assert_eq!(with(&["sku", "name", "unit"]), [field]);
    assert_eq!(with(&["sku", "name", "unit", "tax_code", "colour"]), [format!("{field}[4]")]);
    assert_eq!(with(&["sku", "name", "unit", "tax_code", "name"]), [format!("{field}[4]")]);
    assert_eq!(with(&[]).len(), 4);
    let of_sales = fields_after(|p| p.scopes[6].tables[0].fields = Some(vec!["total".into()]));
    assert_eq!(of_sales, ["scopes[6].tables[0].fields"]);
    let both_ways = fields_after(|p| {
        p.scopes[5].tables[0].fields = Some(["id", "name", "phone", "email"].map(Into::into).to_vec());
    });
    assert_eq!(both_ways, ["scopes[5].tables[0].fields"]);
}

#[test]
fn filters_that_no_row_or_every_row_fits_are_named() {
    let of = |column: &str, test| filter_fields(RowFilter::of(column, test));
    let text = |text: &str| FilterValue::Text(text.into());
    assert_eq!(of("category", Test::Is { value: text("TOYS") }), NONE);
    assert_eq!(of("category", Test::Is { value: text("") }), NONE, "products without a category");
    assert_eq!(of("rank", Test::Between { low: 1, high: 100 }), NONE);
    assert_eq!(of("rank", Test::Between { low: 2, high: 1 }), [".parts[0].test"]);
    assert_eq!(of("name", Test::Contains { text: String::new() }), [".parts[0].test"]);
    assert_eq!(of("category", Test::OneOf { values: vec![] }), [".parts[0].test"]);
    let twice = Test::OneOf { values: vec![text("A"), text("A")] };
    assert_eq!(of("category", twice), [".parts[0].test.values[1]"]);
    assert_eq!(filter_fields(RowFilter { join: Join::All, parts: vec![] }), [""]);
    let group = FilterPart::Group(ConditionGroup { join: Join::Any, conditions: vec![] });
    assert_eq!(filter_fields(RowFilter { join: Join::All, parts: vec![group] }), [".parts[0]"]);
}

#[test]
fn conditions_that_do_not_fit_their_column_are_named() {
    let of = |column: &str, test| filter_fields(RowFilter::of(column, test));
    assert_eq!(of("colour", Test::Contains { text: "red".into() }), [".parts[0].column"]);
    assert_eq!(of("name", Test::Over { number: 3 }), [".parts[0].test"]);
    assert_eq!(of("rank", Test::Contains { text: "3".into() }), [".parts[0].test"]);
    assert_eq!(of("rank", Test::Is { value: FilterValue::YesNo(true) }), [".parts[0].test"]);
    assert_eq!(of("rank", Test::Over { number: i64::MIN }), [".parts[0].test"]);
    assert_eq!(of("name", Test::Contains { text: "\u{202E}x".into() }), [".parts[0].test"]);
    assert_eq!(of("name", Test::Contains { text: "x".repeat(201) }), [".parts[0].test"]);
    let in_group = Condition { column: "colour".into(), test: Test::Over { number: 1 } };
    let group = FilterPart::Group(ConditionGroup { join: Join::Any, conditions: vec![in_group] });
    assert_eq!(
        filter_fields(RowFilter { join: Join::All, parts: vec![group] }),
        [".parts[0].conditions[0].column"]
    );
    let staff = fields_after(|p| {
        p.scopes[2].tables[0].filter = Some(RowFilter::of("pin_rounds", Test::Over { number: 1 }));
    });
    assert_eq!(staff, ["scopes[2].tables[0].filter.parts[0].column"]);
}

#[test]
fn a_filter_on_a_column_that_is_not_kept_or_a_table_that_is_kept_whole_is_named() {
    let fields = fields_after(|p| {
        product_table(p).fields = Some(["sku", "name", "unit", "tax_code"].map(Into::into).to_vec());
        product_table(p).filter = Some(RowFilter::of("rank", Test::Over { number: 0 }));
    });
    assert_eq!(fields, ["scopes[3].tables[1].filter.parts[0].column"]);
    let store = RowFilter::of("name", Test::Contains { text: "x".into() });
    assert_eq!(fields_after(|p| p.scopes[0].tables[0].filter = Some(store)), ["scopes[0].tables[0].filter"]);
}

/// What is said of the only finding after setting the filter of a table.
fn said_of_filter(table: TableId, column: &str, test: Test) -> (String, String) {
    let mut profile = default_profile();
    let mut entries = profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
    let entry = entries.find(|entry| entry.table == table).expect("a table of the default profile");
    entry.filter = Some(RowFilter::of(column, test));
    let findings = validate(&profile);
    assert_eq!(findings.len(), 1, "{findings:?}");
    (findings[0].reason.clone(), findings[0].mend.clone())
}

#[test]
fn a_filter_may_ask_related_rows_even_of_tables_that_the_profile_lacks() {
    assert_eq!(filter_fields(RowFilter::of("price.price_minor", Test::Over { number: 100 })), NONE);
    let toys = RowFilter::of("category.name", Test::Is { value: FilterValue::Text("Toys".into()) });
    let without_prices = fields_after(|p| {
        product_table(p).fields = Some(["sku", "name", "unit", "tax_code"].map(Into::into).into());
        product_table(p).filter = Some(toys);
        p.scopes.remove(4);
    });
    assert_eq!(without_prices, NONE);
}

#[test]
fn a_related_column_that_is_not_there_is_named_with_those_that_are() {
    let over = || Test::Over { number: 1 };
    let (reason, mend) = said_of_filter(TableId::Product, "price.colour", over());
    assert_eq!(reason, "A row filter of table product can't ask for “price.colour”.");
    assert_eq!(mend, "Choose price.price_minor, or remove the condition.");
    let (_, mend) = said_of_filter(TableId::Product, "barcode.gtin", over());
    assert_eq!(
        mend,
        "Choose category.name, category.position, category.hue, tax_rate.name, tax_rate.rate_ppm, \
         price.price_minor, or remove the condition."
    );
    // The product names its category already.
    let (reason, _) = said_of_filter(TableId::Product, "category.code", over());
    assert_eq!(reason, "A row filter of table product can't ask for “category.code”.");
    let (_, mend) = said_of_filter(TableId::Category, "product.name", over());
    assert_eq!(mend, "Choose a column of the table itself, or remove the condition.");
    let (reason, _) = said_of_filter(TableId::Product, "price\u{202e}.x", over());
    assert_eq!(reason, "A row filter of table product can't ask for “price\\u{202e}.x”.");
    let (reason, _) = said_of_filter(TableId::Staff, "pin_salt", over());
    assert_eq!(reason, "Column pin_salt is secret and can't be asked for.");
}

#[test]
fn a_related_column_is_asked_by_its_kind() {
    let of = |column: &str, test| filter_fields(RowFilter::of(column, test));
    assert_eq!(of("price.price_minor", Test::Contains { text: "1".into() }), [".parts[0].test"]);
    let text = Test::Is { value: FilterValue::Text("dear".into()) };
    assert_eq!(of("price.price_minor", text), [".parts[0].test"]);
    assert_eq!(of("category.name", Test::Over { number: 1 }), [".parts[0].test"]);
}

#[test]
fn a_filter_has_an_end() {
    let condition =
        || FilterPart::Condition(Condition { column: "rank".into(), test: Test::Over { number: 1 } });
    let many = |count| RowFilter { join: Join::All, parts: (0..count).map(|_| condition()).collect() };
    assert_eq!(filter_fields(many(50)), NONE);
    assert_eq!(filter_fields(many(51)), [""]);
}
