//! Command line words: flags, values and the rest. Refuses what no command asked for.

use crate::failure::{Failure, Outcome};

/// The words that no one has taken yet.
pub struct Arguments(Vec<String>);

impl Arguments {
    /// All words after the program's name.
    pub fn new(words: impl Iterator<Item = String>) -> Arguments {
        Arguments(words.collect())
    }

    /// Takes the first word that is left.
    pub fn next_word(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Takes a flag such as `--dev`; whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let found = self.0.iter().position(|word| word == name);
        found.map(|at| self.0.remove(at)).is_some()
    }

    /// Takes `--name VALUE` or `--name=VALUE`.
    pub fn value(&mut self, name: &str) -> Outcome<Option<String>> {
        let prefix = format!("{name}=");
        let Some(at) = self.0.iter().position(|word| word == name || word.starts_with(&prefix)) else {
            return Ok(None);
        };
        let word = self.0.remove(at);
        if let Some(value) = word.strip_prefix(&prefix) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.0.len() {
            Ok(Some(self.0.remove(at)))
        } else {
            Err(Failure::new(format!("{name} needs a value after it")))
        }
    }

    /// Takes all words that are left, whatever they are.
    pub fn rest(&mut self) -> Vec<String> {
        std::mem::take(&mut self.0)
    }

    /// Refuses words that are left.
    pub fn done(&mut self) -> Outcome {
        match self.next_word() {
            None => Ok(()),
            Some(word) => Err(Failure::new(format!("{word:?} is not understood here; see cargo xtask help"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_and_values_are_taken_wherever_they_stand() {
        let mut given = arguments("run --port 80 --dev --data=x");
        assert_eq!(given.next_word().as_deref(), Some("run"));
        assert!(given.flag("--dev"));
        assert!(!given.flag("--dev"));
        assert_eq!(given.value("--data").unwrap().as_deref(), Some("x"));
        assert_eq!(given.value("--port").unwrap().as_deref(), Some("80"));
        given.done().unwrap();
    }

    #[test]
    fn a_value_that_is_missing_and_a_word_that_is_left_are_refused() {
        assert!(arguments("--port").value("--port").is_err());
        assert!(arguments("--prot 80").done().is_err());
    }
}
