//! Amounts of money on the screen: the digits as on the receipt, the currency sign once where it matters.

use holdfast_domain::money::{Currency, Money, format_amount};
use leptos::prelude::*;

/// `£`, `€`; the code where the sign would be ambiguous or unknown.
pub fn sign(currency: Currency) -> String {
    match currency.code() {
        "GBP" => "£".to_owned(),
        "EUR" => "€".to_owned(),
        "USD" => "$".to_owned(),
        "JPY" => "¥".to_owned(),
        "INR" => "₹".to_owned(),
        "ILS" => "₪".to_owned(),
        code => code.to_owned(),
    }
}

/// `25.93`, and `−25.93` with a real minus sign.
pub fn digits(amount: Money, currency: Currency) -> String {
    let text = format_amount(amount, currency);
    text.strip_prefix('-').map(|positive| format!("−{positive}")).unwrap_or(text)
}

/// `£ 25.93`, `− £ 25.93`; does not break at the end of a line.
pub fn with_sign(amount: Money, currency: Currency) -> String {
    let text = format_amount(amount, currency);
    let sign = sign(currency);
    match text.strip_prefix('-') {
        Some(positive) => format!("−\u{a0}{sign}\u{a0}{positive}"),
        None => format!("{sign}\u{a0}{text}"),
    }
}

/// An amount whose digits line up with those above and below.
#[component]
pub fn Amount(
    /// How much.
    #[prop(into)]
    amount: Signal<Money>,
    /// Of what.
    #[prop(into)]
    currency: Signal<Currency>,
    /// With the currency sign.
    #[prop(optional)]
    signed: bool,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
) -> impl IntoView {
    let text = move || {
        let (amount, currency) = (amount.get(), currency.get());
        if signed { with_sign(amount, currency) } else { digits(amount, currency) }
    };
    // Amounts read left to right in every language.
    view! { <span class="amount" dir="ltr" data-testid=test_id>{text}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_stands_once_and_never_breaks_off() {
        let pounds = |minor| with_sign(Money::from_minor(minor), Currency::GBP);
        assert_eq!(pounds(2593), "£\u{a0}25.93");
        assert_eq!(pounds(-123_456), "−\u{a0}£\u{a0}1,234.56");
        assert_eq!(digits(Money::from_minor(-5), Currency::GBP), "−0.05");
    }
}
