//! Figures as the benches' programs print them, and as people read them.

use serde_json::Value;

/// The figures in what a bench printed: a JSON array is its last line.
pub fn figures_in(printed: &str) -> Option<Vec<Value>> {
    let last = printed.lines().rev().find(|line| !line.trim().is_empty())?;
    let parsed: Value = serde_json::from_str(last).or_else(|_| serde_json::from_str(printed)).ok()?;
    parsed.as_array().cloned()
}

/// A line for each figure.
pub fn table(figures: &[Value]) -> String {
    let text = |figure: &Value, key: &str| figure[key].as_str().unwrap_or("-").to_owned();
    let wide = figures.iter().map(|figure| text(figure, "name").chars().count()).max().unwrap_or(0).max(24);
    let mut lines = vec![format!(
        "{:<wide$} {:>14} {:<18} {:>14} {:>7}  peer",
        "name", "value", "unit", "peer's", "ratio"
    )];
    for figure in figures {
        let number = |key: &str| figure[key].as_f64().map_or_else(|| "-".to_owned(), shown);
        let budget = figure["budget"].as_str().map_or_else(String::new, |budget| {
            format!(" ({budget}: {})", if figure["is_met"] == true { "met" } else { "MISSED" })
        });
        lines.push(format!(
            "{:<wide$} {:>14} {:<18} {:>14} {:>7}  {}{budget}",
            text(figure, "name"),
            number("value"),
            text(figure, "unit"),
            number("peer_value"),
            figure["ratio"].as_f64().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
            text(figure, "peer"),
        ));
    }
    lines.join("\n")
}

fn shown(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_are_read_from_the_last_line_or_from_all_of_it() {
        let figure = r#"[{"name":"a","value":1}]"#;
        assert_eq!(figures_in(&format!("warming up\n{figure}\n")).unwrap().len(), 1);
        assert_eq!(figures_in("[\n{\"name\":\"a\"}\n]\n").unwrap().len(), 1);
        assert!(figures_in("it broke").is_none());
        assert!(figures_in("").is_none());
    }

    #[test]
    fn the_table_has_a_line_for_each_figure() {
        let figure =
            json!({"name": "x", "value": 2.5, "unit": "s", "peer": "raw", "peer_value": 5, "ratio": 0.5});
        let text = table(&[figure]);
        assert!(text.lines().count() == 2 && text.contains("2.50") && text.contains("raw"), "{text}");
    }

    #[test]
    fn a_budget_that_is_missed_is_seen() {
        let figure =
            |is_met: bool| json!({"name": "x", "ratio": 0.5, "budget": "at most 0.4", "is_met": is_met});
        assert!(table(&[figure(false)]).contains("(at most 0.4: MISSED)"));
        assert!(table(&[figure(true)]).contains("(at most 0.4: met)"));
    }
}
