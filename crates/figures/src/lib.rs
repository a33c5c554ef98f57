//! What the benches measured: figures beside their peers and budgets, as `cargo xtask bench` reads them.

use serde_json::{Value, json};

/// What a ratio to the peer has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Budget {
    /// No less.
    AtLeast(f64),
    /// No more.
    AtMost(f64),
}

/// A measured value and its peer's, measured in the same run.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// Holdfast's.
    pub value: f64,
    /// Of both values.
    pub unit: &'static str,
    /// What it stands beside.
    pub peer: String,
    /// The peer's; none where only the value itself was wanted.
    pub peer_value: Option<f64>,
    /// What the ratio has to be, where there is a rule for it.
    pub budget: Option<Budget>,
}

impl Figure {
    /// A value beside a peer's, which is not 0.
    pub fn beside(name: &str, (value, unit): (f64, &'static str), peer: &str, peer_value: f64) -> Figure {
        let peer_value = Some(peer_value);
        Figure { name: name.into(), value, unit, peer: peer.into(), peer_value, budget: None }
    }

    /// A value that stands alone.
    pub fn alone(name: &str, (value, unit): (f64, &'static str), about: &str) -> Figure {
        Figure { name: name.into(), value, unit, peer: about.into(), peer_value: None, budget: None }
    }

    /// With what the ratio has to be.
    #[must_use]
    pub fn budget(self, budget: Budget) -> Figure {
        Figure { budget: Some(budget), ..self }
    }

    /// As it is printed.
    pub fn to_json(&self) -> Value {
        let ratio = self.peer_value.filter(|&peer_value| peer_value != 0.0);
        let ratio = ratio.map(|peer_value| self.value / peer_value);
        let mut printed = json!({
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": self.peer_value.map(rounded),
            "ratio": ratio.map(rounded),
        });
        if let (Some(budget), Some(ratio)) = (self.budget, ratio) {
            let (words, is_met) = match budget {
                Budget::AtLeast(least) => (format!("at least {least}"), ratio >= least),
                Budget::AtMost(most) => (format!("at most {most}"), ratio <= most),
            };
            printed["budget"] = words.into();
            printed["is_met"] = is_met.into();
        }
        printed
    }
}

/// Three digits behind the point are more than any run repeats.
fn rounded(value: f64) -> f64 {
    if value.abs() >= 1_000.0 { value.round() } else { (value * 1_000.0).round() / 1_000.0 }
}

/// The value in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this part of them lies; not a number where there are none.
pub fn quantile(values: impl IntoIterator<Item = f64>, part: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "some thousand values")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and their count")]
    let place = (values.len() as f64 * part) as usize;
    values.get(place.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_there() {
        let values = [3.0, 1.0, 2.0, 4.0];
        assert_eq!((median(values), quantile(values, 0.99), quantile(values, 0.0)), (3.0, 4.0, 1.0));
        assert!(median([]).is_nan());
    }

    #[test]
    fn a_figure_beside_nothing_has_no_ratio_and_meets_no_budget() {
        let figure = Figure::beside("x", (6.0, "s"), "nothing", 0.0).budget(Budget::AtLeast(0.5));
        assert_eq!((&figure.to_json()["ratio"], &figure.to_json()["is_met"]), (&Value::Null, &Value::Null));
        assert_eq!(Figure::alone("x", (6.0, "s"), "").to_json()["ratio"], Value::Null);
    }

    #[test]
    fn a_budget_is_met_or_not() {
        let figure = Figure::beside("x", (6.0, "s"), "raw", 12.0);
        assert_eq!(figure.clone().budget(Budget::AtMost(0.5)).to_json()["is_met"], true);
        assert_eq!(figure.budget(Budget::AtLeast(0.6)).to_json()["is_met"], false);
    }
}
