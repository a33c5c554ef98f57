//! Many short texts in one allocation: a column of a table in memory.

/// Texts by number, in the order they were pushed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    text: String,
    // Where each text ends; never decreasing, and the last is the length of `text`.
    ends: Vec<u32>,
}

impl TextColumn {
    /// Adds a text at the end. What no longer fits into 4 GB of text is kept as an empty one.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        let end = u32::try_from(self.text.len()).unwrap_or_else(|_| {
            self.text.truncate(self.text.len() - text.len());
            self.end()
        });
        self.ends.push(end);
    }

    /// The text with this number; empty where there is none.
    pub fn get(&self, number: usize) -> &str {
        let (Some(start), Some(end)) = (self.start_of(number), self.ends.get(number)) else { return "" };
        self.text.get(start..*end as usize).unwrap_or_default()
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All texts run together, for searching.
    pub fn run_together(&self) -> &str {
        &self.text
    }

    /// The number of the text that holds the byte at `position`.
    pub fn number_at(&self, position: usize) -> usize {
        self.ends.partition_point(|end| *end as usize <= position)
    }

    /// Where in [`Self::run_together`] a text ends.
    pub fn end_of(&self, number: usize) -> usize {
        self.ends.get(number).copied().unwrap_or_else(|| self.end()) as usize
    }

    fn start_of(&self, number: usize) -> Option<usize> {
        match number.checked_sub(1) {
            None => Some(0),
            Some(before) => self.ends.get(before).map(|end| *end as usize),
        }
    }

    fn end(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_by_number_and_by_place() {
        let mut column = TextColumn::default();
        for text in ["Käse", "", "milk"] {
            column.push(text);
        }
        assert_eq!((column.get(0), column.get(1), column.get(2), column.get(3)), ("Käse", "", "milk", ""));
        assert_eq!(column.len(), 3);
        assert_eq!((column.number_at(0), column.number_at(4), column.number_at(5)), (0, 0, 2));
    }
}
