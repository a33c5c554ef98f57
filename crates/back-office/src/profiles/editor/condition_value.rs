//! What a condition of a row filter compares with, as people type it.

use holdfast_domain::money::Currency;
use holdfast_profile::{ColumnKind, FilterValue, Test, TestKind};

use super::typed::{Wanted, read_number, show_number, wanted_of};

/// Which of a test's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The only one, or all of a list, one a line.
    Only,
    /// The low number.
    Low,
    /// The high number.
    High,
}

/// A value as it is typed.
pub fn shown(test: &Test, slot: Slot, kind: ColumnKind, currency: Option<Currency>) -> String {
    let number = |number: i64| show_number(wanted_of(kind).unwrap_or(Wanted::WholeNumber), number, currency);
    let value = |value: &FilterValue| match value {
        FilterValue::Text(text) => text.clone(),
        FilterValue::Number(found) => number(*found),
        FilterValue::YesNo(true) => "yes".to_owned(),
        FilterValue::YesNo(false) => "no".to_owned(),
    };
    match test {
        Test::Is { value: found } | Test::IsNot { value: found } => value(found),
        Test::OneOf { values } => values.iter().map(value).collect::<Vec<String>>().join("\n"),
        Test::Contains { text } => text.clone(),
        Test::Over { number: found } | Test::Under { number: found } => number(*found),
        Test::Between { low, high } => number(if slot == Slot::High { *high } else { *low }),
    }
}

/// The test with a value that was typed; none where the column holds something else.
pub fn with_typed(
    test: &Test,
    slot: Slot,
    kind: ColumnKind,
    typed: &str,
    currency: Option<Currency>,
) -> Option<Test> {
    let number = || read_number(wanted_of(kind)?, typed, currency);
    let value = |typed: &str| match (kind, wanted_of(kind)) {
        (ColumnKind::YesNo, _) => Some(FilterValue::YesNo(typed == "yes")),
        (_, Some(wanted)) => read_number(wanted, typed, currency).map(FilterValue::Number),
        (_, None) => Some(FilterValue::Text(typed.to_owned())),
    };
    Some(match test {
        Test::Is { .. } => Test::Is { value: value(typed)? },
        Test::IsNot { .. } => Test::IsNot { value: value(typed)? },
        Test::OneOf { .. } => {
            let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
            Test::OneOf { values: lines.map(value).collect::<Option<Vec<FilterValue>>>()? }
        }
        Test::Contains { .. } => Test::Contains { text: typed.to_owned() },
        Test::Over { .. } => Test::Over { number: number()? },
        Test::Under { .. } => Test::Under { number: number()? },
        Test::Between { low, high } => match slot {
            Slot::High => Test::Between { low: *low, high: number()? },
            Slot::Only | Slot::Low => Test::Between { low: number()?, high: *high },
        },
    })
}

/// A test of a kind, with what was compared with before where that can be read.
pub fn begun(kind: ColumnKind, test: TestKind, before: &str, currency: Option<Currency>) -> Test {
    let value = match kind {
        ColumnKind::YesNo => FilterValue::YesNo(true),
        ColumnKind::WholeNumber | ColumnKind::Money | ColumnKind::RatePpm => FilterValue::Number(0),
        ColumnKind::Text | ColumnKind::TextList | ColumnKind::Secret => FilterValue::Text(String::new()),
    };
    let empty = match test {
        TestKind::Is => Test::Is { value },
        TestKind::IsNot => Test::IsNot { value },
        TestKind::OneOf => Test::OneOf { values: Vec::new() },
        TestKind::Contains => Test::Contains { text: String::new() },
        TestKind::Over => Test::Over { number: 0 },
        TestKind::Under => Test::Under { number: 0 },
        TestKind::Between => Test::Between { low: 0, high: 0 },
    };
    let with_low = with_typed(&empty, Slot::Low, kind, before, currency).unwrap_or(empty);
    match &with_low {
        Test::Between { low, .. } => Test::Between { low: *low, high: *low },
        Test::Is { .. }
        | Test::IsNot { .. }
        | Test::OneOf { .. }
        | Test::Contains { .. }
        | Test::Over { .. }
        | Test::Under { .. } => with_low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pounds() -> Option<Currency> {
        Currency::from_code("GBP").ok()
    }

    #[test]
    fn what_is_typed_is_read_in_the_columns_unit_and_shown_again() {
        let over = begun(ColumnKind::Money, TestKind::Over, "", pounds());
        let typed = with_typed(&over, Slot::Only, ColumnKind::Money, "1.00", pounds()).unwrap();
        assert_eq!(typed, Test::Over { number: 100 });
        assert_eq!(shown(&typed, Slot::Only, ColumnKind::Money, pounds()), "1.00");
        assert_eq!(with_typed(&over, Slot::Only, ColumnKind::Money, "dear", pounds()), None);
    }

    #[test]
    fn a_list_is_typed_one_a_line() {
        let one_of = begun(ColumnKind::Text, TestKind::OneOf, "", None);
        let typed =
            with_typed(&one_of, Slot::Only, ColumnKind::Text, "Toys, soft\n\n Books \n", None).unwrap();
        assert_eq!(shown(&typed, Slot::Only, ColumnKind::Text, None), "Toys, soft\nBooks");
        assert_eq!(with_typed(&one_of, Slot::Only, ColumnKind::WholeNumber, "1\nx", None), None);
    }

    #[test]
    fn another_test_takes_over_what_it_can() {
        assert_eq!(
            begun(ColumnKind::WholeNumber, TestKind::Between, "7", None),
            Test::Between { low: 7, high: 7 }
        );
        assert_eq!(
            begun(ColumnKind::Text, TestKind::Contains, "toy", None),
            Test::Contains { text: "toy".to_owned() }
        );
        assert_eq!(begun(ColumnKind::Money, TestKind::Over, "toy", None), Test::Over { number: 0 });
    }

    #[test]
    fn whatever_a_column_may_be_asked_can_be_begun() {
        use ColumnKind::{Money, RatePpm, Text, TextList, WholeNumber, YesNo};
        for kind in [Text, TextList, WholeNumber, Money, RatePpm, YesNo] {
            for test in kind.tests() {
                assert_eq!(begun(kind, *test, "", None).kind(), *test);
            }
        }
    }
}
