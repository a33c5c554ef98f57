//! Profiles and filters at random: few names and small numbers, so that two of them often meet.

use holdfast_profile::{Condition, ConditionGroup, FilterPart, FilterValue, Join, RowFilter, Test};
use proptest::collection::vec;
use proptest::prelude::*;

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
    ("[xyz]", any_test()).prop_map(|(column, test)| Condition { column, test })
}

/// Any filter, those that validation refuses too.
pub fn any_filter() -> impl Strategy<Value = RowFilter> {
    let group = (any_join(), vec(any_condition(), 0..4))
        .prop_map(|(join, conditions)| FilterPart::Group(ConditionGroup { join, conditions }));
    let part = prop_oneof![any_condition().prop_map(FilterPart::Condition), group];
    (any_join(), vec(part, 0..4)).prop_map(|(join, parts)| RowFilter { join, parts })
}
