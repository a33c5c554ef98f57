//! Which rows a filter keeps, against an oracle that knows nothing of columns or case folding by parts, and how
//! it reads.

use std::collections::BTreeMap;

use holdfast_domain::Currency;
use holdfast_profile::{
    ColumnValue, Condition, ConditionGroup, FilterPart, FilterValue, Join, RowFilter, RowValues,
    SentencePart, ShownValue, TableId, Test, TestKind,
};
use proptest::prelude::*;

use crate::builders::any_filter;

/// A row of few columns, each with a value of any kind.
#[derive(Debug, Clone)]
struct Row(BTreeMap<String, Value>);

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Lines(Vec<String>),
    Number(i64),
    YesNo(bool),
}

impl RowValues for Row {
    fn value(&self, column: &str) -> Option<ColumnValue<'_>> {
        self.0.get(column).map(|value| match value {
            Value::Text(text) => ColumnValue::Text(text),
            Value::Lines(lines) => ColumnValue::TextList(lines.iter().map(String::as_str).collect()),
            Value::Number(number) => ColumnValue::Number(*number),
            Value::YesNo(yes) => ColumnValue::YesNo(*yes),
        })
    }
}

// The oracle: everything is text in lower case, numbers get a mark, and a filter is a table of truth values.
fn oracle(filter: &RowFilter, row: &Row) -> bool {
    let parts: Vec<bool> = filter
        .parts
        .iter()
        .map(|part| match part {
            FilterPart::Condition(condition) => oracle_condition(condition, row),
            FilterPart::Group(group) => {
                let truths = group.conditions.iter().map(|condition| oracle_condition(condition, row));
                oracle_join(group.join, &truths.collect::<Vec<bool>>())
            }
        })
        .collect();
    oracle_join(filter.join, &parts)
}

fn oracle_join(join: Join, truths: &[bool]) -> bool {
    let true_count = truths.iter().filter(|&&truth| truth).count();
    if join == Join::All { true_count == truths.len() } else { true_count > 0 }
}

fn oracle_condition(condition: &Condition, row: &Row) -> bool {
    let found = row.0.get(&condition.column);
    let same = |wanted: &FilterValue| match (found, wanted) {
        (Some(Value::Text(a)), FilterValue::Text(b)) => a.to_lowercase() == b.to_lowercase(),
        (Some(Value::Number(a)), FilterValue::Number(b)) => a == b,
        (Some(Value::YesNo(a)), FilterValue::YesNo(b)) => a == b,
        _ => false,
    };
    let number = if let Some(Value::Number(number)) = found { Some(*number) } else { None };
    match &condition.test {
        Test::Is { value } => same(value),
        Test::IsNot { value } => !same(value),
        Test::OneOf { values } => values.iter().filter(|value| same(value)).count() > 0,
        Test::Contains { text } => match found {
            Some(Value::Text(found)) => found.to_lowercase().contains(&text.to_lowercase()),
            Some(Value::Lines(lines)) => {
                lines.join("\u{0}").to_lowercase().contains(&text.to_lowercase()) && !lines.is_empty()
            }
            _ => false,
        },
        Test::Over { number: limit } => number.is_some_and(|found| found > *limit),
        Test::Under { number: limit } => number.is_some_and(|found| found < *limit),
        Test::Between { low, high } => number.is_some_and(|found| found >= *low && found <= *high),
    }
}

fn any_row() -> impl Strategy<Value = Row> {
    let value = prop_oneof![
        "[abAB]{0,3}".prop_map(Value::Text),
        proptest::collection::vec("[abAB]{0,3}", 0..3).prop_map(Value::Lines),
        (-3i64..4).prop_map(Value::Number),
        any::<bool>().prop_map(Value::YesNo),
    ];
    proptest::collection::btree_map("[xyz]", value, 0..4).prop_map(Row)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_filter_keeps_what_the_oracle_keeps(filter in any_filter(), row in any_row()) {
        prop_assert_eq!(filter.keeps(&row), oracle(&filter, &row));
    }

    #[test]
    fn a_filter_survives_cbor_and_json(filter in any_filter()) {
        let bytes = minicbor::to_vec(&filter).expect("encodes");
        prop_assert_eq!(&minicbor::decode::<RowFilter>(&bytes).expect("decodes"), &filter);
        let text = serde_json::to_string(&filter).expect("prints");
        prop_assert_eq!(&serde_json::from_str::<RowFilter>(&text).expect("parses"), &filter);
    }

    #[test]
    fn any_filter_has_a_sentence(filter in any_filter()) {
        let columns = |part: &SentencePart| matches!(part, SentencePart::Column(_));
        let sentence = filter.sentence(TableId::Product);
        prop_assert_eq!(sentence.iter().filter(|part| columns(part)).count(), filter.conditions().count());
    }
}

fn condition(column: &str, test: Test) -> Condition {
    Condition { column: column.into(), test }
}

fn text(text: &str) -> FilterValue {
    FilterValue::Text(text.into())
}

#[test]
fn a_filter_reads_as_a_sentence() {
    let english = |table, filter: &RowFilter| filter.english(table, Currency::GBP);
    let toys = condition("category", Test::Is { value: text("Toys") });
    let group = ConditionGroup {
        join: Join::Any,
        conditions: vec![
            condition("name", Test::Contains { text: "oat milk".into() }),
            condition("rank", Test::Between { low: 1, high: 20 }),
        ],
    };
    let filter =
        RowFilter { join: Join::All, parts: vec![FilterPart::Condition(toys), FilterPart::Group(group)] };
    assert_eq!(
        english(TableId::Product, &filter),
        "category is Toys and (name contains “oat milk” or rank is between 1 and 20)"
    );
    let price = RowFilter::of("price_minor", Test::Over { number: 100 });
    assert_eq!(english(TableId::Price, &price), "price is over 1.00");
    let rates = [50_000, 125_000].map(FilterValue::Number).to_vec();
    let rate = RowFilter::of("rate_ppm", Test::OneOf { values: rates });
    assert_eq!(english(TableId::TaxRate, &rate), "rate is one of 5 %, 12.5 %");
    let none = RowFilter::of("category", Test::IsNot { value: text("") });
    assert_eq!(english(TableId::Product, &none), "category is not empty");
    let manager = RowFilter::of("is_manager", Test::Is { value: FilterValue::YesNo(true) });
    assert_eq!(english(TableId::Staff, &manager), "manager is yes");
    let unknown = RowFilter::of("cousin.hair_colour", Test::Is { value: FilterValue::Number(1) });
    assert_eq!(english(TableId::Product, &unknown), "cousin hair colour is 1");
}

#[test]
fn a_filter_that_asks_related_rows_reads_as_one_sentence() {
    let parts = |conditions: Vec<Condition>| conditions.into_iter().map(FilterPart::Condition).collect();
    let dear_toys = RowFilter {
        join: Join::All,
        parts: parts(vec![
            condition("category", Test::Is { value: text("Toys") }),
            condition("price.price_minor", Test::Over { number: 100 }),
        ]),
    };
    let english = |filter: &RowFilter| filter.english(TableId::Product, Currency::GBP);
    assert_eq!(english(&dear_toys), "category is Toys and price is over 1.00");
    let taxed = RowFilter {
        join: Join::Any,
        parts: parts(vec![
            condition("tax_rate.rate_ppm", Test::Over { number: 0 }),
            condition("category.name", Test::Contains { text: "gift".into() }),
        ]),
    };
    assert_eq!(english(&taxed), "tax rate is over 0 % or category name contains gift");
    let of_toys = RowFilter::of("product.category", Test::Is { value: text("Toys") });
    assert_eq!(of_toys.english(TableId::Barcode, Currency::GBP), "product category is Toys");
}

#[test]
fn a_sentence_is_parts_that_each_language_can_word() {
    let price = RowFilter::of("price_minor", Test::Between { low: 100, high: 250 });
    assert_eq!(
        price.sentence(TableId::Price),
        [
            SentencePart::Column("price_minor".into()),
            SentencePart::Test(TestKind::Between),
            SentencePart::Value(ShownValue::MoneyMinor(100)),
            SentencePart::RangeAnd,
            SentencePart::Value(ShownValue::MoneyMinor(250)),
        ]
    );
}

#[test]
fn a_filter_is_readable_json() {
    let filter = RowFilter::of("category", Test::OneOf { values: vec![text("TOYS"), text("BOOKS")] });
    assert_eq!(
        serde_json::to_string(&filter).unwrap(),
        r#"{"join":"all","parts":[{"kind":"condition","column":"category","test":{"kind":"one_of","values":["TOYS","BOOKS"]}}]}"#
    );
}

#[test]
fn upper_and_lower_case_are_the_same() {
    let row = Row([("name".to_owned(), Value::Text("ÉCLAIR au café".into()))].into());
    assert!(RowFilter::of("name", Test::Contains { text: "éclair AU".into() }).keeps(&row));
    assert!(RowFilter::of("name", Test::Is { value: text("éclair AU CAFÉ") }).keeps(&row));
}
