//! What an import says at its end.

use serde::Serialize;

/// Refused lines that are named; beyond, they are only counted.
const NAMED_MAX: usize = 10_000;

/// A line that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedLine {
    /// Its number in the file; the heading is line 1.
    pub line: u64,
    /// Why, a sentence without its full stop.
    pub reason: String,
}

/// What became of a file's rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows that are in the store database now.
    pub taken: u64,
    /// Rows of the store database, prices and the like counted on their own, that were written for it.
    pub changed: u64,
    /// Rows that were not taken, in the order of the file.
    pub refused: Vec<RefusedLine>,
    /// How many there are, those that are not named too.
    pub refused_count: u64,
}

impl ImportReport {
    /// Adds a refused line.
    pub fn refuse(&mut self, line: u64, reason: impl Into<String>) {
        self.refused_count += 1;
        if self.refused.len() < NAMED_MAX {
            self.refused.push(RefusedLine { line, reason: reason.into() });
        }
    }

    /// Brings the refused lines into the order of the file; checks of a batch find them in another.
    pub fn finished(mut self) -> ImportReport {
        self.refused.sort_by_key(|refused| refused.line);
        self
    }
}

impl std::fmt::Display for ImportReport {
    /// For the command line: a sentence, then a line for each refused one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines = |count: u64| if count == 1 { "line" } else { "lines" };
        writeln!(
            f,
            "{} {} taken, {} {} not taken.",
            self.taken,
            lines(self.taken),
            self.refused_count,
            lines(self.refused_count)
        )?;
        for refused in &self.refused {
            writeln!(f, "line {}: {}", refused.line, refused.reason)?;
        }
        let unnamed = self.refused_count - self.refused.len() as u64;
        if unnamed > 0 {
            writeln!(f, "and {unnamed} more")?;
        }
        Ok(())
    }
}
