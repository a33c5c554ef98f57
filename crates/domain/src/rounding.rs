//! Exact multiplication and division with a named rounding.

/// How a result that is not whole becomes whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, halves away from zero: what shops call rounding.
    HalfUp,
    /// To the nearest, halves to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

/// `a × b ÷ divisor`, exact in between; `None` when the divisor is zero or the result does not fit.
pub fn mul_div(a: i64, b: i64, divisor: i64, rounding: Rounding) -> Option<i64> {
    if divisor == 0 {
        return None;
    }
    let product = i128::from(a) * i128::from(b);
    let divisor = i128::from(divisor);
    let (quotient, remainder) = (product / divisor, product % divisor);
    let away = if (product < 0) == (divisor < 0) { 1 } else { -1 };
    let double = (remainder * 2).abs();
    let goes_up = match rounding {
        Rounding::HalfUp => double >= divisor.abs(),
        Rounding::HalfEven => double > divisor.abs() || (double == divisor.abs() && quotient % 2 != 0),
        Rounding::Up => remainder != 0,
        Rounding::Down => false,
    };
    i64::try_from(if goes_up && remainder != 0 { quotient + away } else { quotient }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::{Decimal, RoundingStrategy};

    #[test]
    fn halves_go_where_the_name_says() {
        for (rounding, up, down) in [
            (Rounding::HalfUp, 3, -3),
            (Rounding::HalfEven, 2, -2),
            (Rounding::Up, 3, -3),
            (Rounding::Down, 2, -2),
        ] {
            assert_eq!(mul_div(5, 1, 2, rounding), Some(up), "{rounding:?}");
            assert_eq!(mul_div(-5, 1, 2, rounding), Some(down), "{rounding:?}");
        }
        assert_eq!(mul_div(1, 1, 0, Rounding::Down), None);
        assert_eq!(mul_div(i64::MAX, 2, 1, Rounding::Down), None);
    }

    proptest! {
        #[test]
        fn agrees_with_an_independent_decimal_library(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000i64..1_000_000, divisor in 1i64..2_000_000) {
            let exact = Decimal::from(a) * Decimal::from(b) / Decimal::from(divisor);
            for (ours, theirs) in [
                (Rounding::HalfUp, RoundingStrategy::MidpointAwayFromZero),
                (Rounding::HalfEven, RoundingStrategy::MidpointNearestEven),
                (Rounding::Up, RoundingStrategy::AwayFromZero),
                (Rounding::Down, RoundingStrategy::ToZero),
            ] {
                prop_assert_eq!(mul_div(a, b, divisor, ours).map(Decimal::from), Some(exact.round_dp_with_strategy(0, theirs)));
            }
        }
    }
}
