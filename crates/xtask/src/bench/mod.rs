//! `cargo xtask bench`: figures beside their peers, each measured in the same run.
//!
//! Owns the list of benches; each has a file of its own here, and its own program measures.

mod figures;
mod first_load;
mod in_browser;
mod sync;

use serde_json::Value;

use crate::args::Arguments;
use crate::failure::{Failure, Outcome};

/// A bench: is given the words that are its own, gives its figures.
type Measure = fn(words: &[String]) -> Outcome<Vec<Value>>;

/// All benches, by name.
const BENCHES: [(&str, Measure); 4] = [
    ("first-load", first_load::measure),
    ("download-demo", in_browser::download_demo),
    ("download", in_browser::download),
    ("sync", sync::measure),
];

/// `bench [NAME [ITS OWN WORDS]] [--json]`.
pub fn command(arguments: &mut Arguments) -> Outcome {
    let as_json = arguments.flag("--json");
    let name = arguments.next_word();
    let wanted = chosen(name.as_deref())?;
    let words = arguments.rest();
    let mut found = Vec::new();
    for measure in wanted {
        found.extend(measure(&words)?);
    }
    if as_json {
        println!("{}", Value::Array(found));
    } else {
        println!("{}", figures::table(&found));
    }
    Ok(())
}

fn chosen(name: Option<&str>) -> Outcome<Vec<Measure>> {
    let Some(name) = name else { return Ok(BENCHES.iter().map(|(_, measure)| *measure).collect()) };
    let found = BENCHES.iter().find(|(candidate, _)| *candidate == name).map(|(_, measure)| vec![*measure]);
    let names = BENCHES.map(|(name, _)| name).join(", ");
    found.ok_or_else(|| Failure::new(format!("there is no bench {name:?}; there are: {names}")))
}

/// Refuses words for a bench that has none.
fn no_words(words: &[String]) -> Outcome {
    Arguments::new(words.iter().cloned()).done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_that_is_not_there_is_refused_with_the_names_of_those_that_are() {
        let said = chosen(Some("speed")).unwrap_err().to_string();
        assert!(said.contains("first-load") && said.contains("download-demo"), "{said}");
        assert_eq!(chosen(None).unwrap().len(), BENCHES.len());
    }

    #[test]
    fn words_that_a_bench_does_not_know_are_refused() {
        assert!(no_words(&["--products".to_owned()]).is_err());
        assert!(no_words(&[]).is_ok());
    }
}
