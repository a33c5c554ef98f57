//! A CSV file: its heading, and its lines one by one.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::ImportError;

/// Longest heading, columns.
const COLUMNS_MAX: usize = 500;
/// Longest line, bytes: a quote that is never closed would swallow the rest of the file.
const LINE_BYTES_MAX: usize = 256 * 1024;
/// Most lines.
const LINES_MAX: u64 = 5_000_000;

/// A CSV file that is being read.
pub struct CsvFile<R> {
    reader: csv::Reader<R>,
    // Lower case, trimmed.
    heading: Vec<String>,
    lines_read: u64,
}

/// Where a column is, if the file has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column(Option<usize>);

impl Column {
    /// Whether the file has it.
    pub fn is_there(self) -> bool {
        self.0.is_some()
    }
}

/// A line of a file.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number; the heading is line 1.
    pub number: u64,
    fields: Vec<String>,
    // What is wrong with the line as a whole.
    fault: Option<String>,
}

impl<R: Read> CsvFile<R> {
    /// Reads the heading.
    ///
    /// # Errors
    /// [`ImportError`] when the file has none.
    pub fn open(file: R) -> Result<CsvFile<R>, ImportError> {
        // Rows of other lengths are told apart below, so that one of them does not end the import.
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
        let mut record = ByteRecord::new();
        if !read(&mut reader, &mut record)? {
            return Err(refused("The file is empty."));
        }
        let heading: Vec<&str> = record
            .iter()
            .map(|field| std::str::from_utf8(field))
            .collect::<Result<_, _>>()
            .map_err(|_| refused("The file is not UTF-8 text."))?;
        if heading.len() > COLUMNS_MAX || heading.iter().any(|name| name.chars().any(char::is_control)) {
            return Err(refused("The file is not a CSV file: its first line is no heading."));
        }
        let named = |name: &&str| name.trim_start_matches('\u{feff}').trim().to_lowercase();
        Ok(CsvFile { heading: heading.iter().map(named).collect(), reader, lines_read: 0 })
    }

    /// The first column that has one of these names.
    pub fn column(&self, names: &[&str]) -> Column {
        Column(names.iter().find_map(|name| self.heading.iter().position(|heading| heading == name)))
    }

    /// The same where the file is of no use without it.
    ///
    /// # Errors
    /// [`ImportError`] naming the columns that are there.
    pub fn needed_column(&self, names: &[&str]) -> Result<Column, ImportError> {
        let column = self.column(names);
        if column.is_there() {
            return Ok(column);
        }
        let here: Vec<&str> = self.heading.iter().map(String::as_str).take(12).collect();
        let here: String = here.join(", ").chars().take(200).collect();
        Err(refused(&format!(
            "The file has no column “{}”. Its first line is: {here}.",
            names.join("” or “")
        )))
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// [`ImportError`] when the file turns out not to be a CSV file.
    pub fn next_line(&mut self) -> Result<Option<Line>, ImportError> {
        let mut record = ByteRecord::new();
        if !read(&mut self.reader, &mut record)? {
            return Ok(None);
        }
        self.lines_read += 1;
        if self.lines_read > LINES_MAX {
            return Err(refused(&format!("The file has more than {LINES_MAX} lines.")));
        }
        let number = record.position().map_or(0, csv::Position::line);
        let fields = record
            .iter()
            .map(|field| std::str::from_utf8(field).map(str::to_owned))
            .collect::<Result<Vec<String>, _>>()
            .map_err(|_| refused(&format!("Line {number} is not UTF-8 text.")))?;
        if fields.iter().any(|field| field.contains('\0')) {
            return Err(refused(&format!("Line {number} holds a zero byte: the file is not text.")));
        }
        let (got, expected) = (fields.len(), self.heading.len());
        let fault = (got != expected).then(|| format!("it has {got} fields, the heading has {expected}"));
        Ok(Some(Line { number, fields, fault }))
    }
}

impl Line {
    /// Why the line can't be used at all.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// The text of a column; empty where the file has no such column.
    pub fn text(&self, column: Column) -> &str {
        column.0.and_then(|place| self.fields.get(place)).map(String::as_str).unwrap_or_default()
    }
}

fn read<R: Read>(reader: &mut csv::Reader<R>, record: &mut ByteRecord) -> Result<bool, ImportError> {
    let found = reader.read_byte_record(record).map_err(|error| refused(&format!("{error}.")))?;
    if record.as_slice().len() > LINE_BYTES_MAX {
        let line = record.position().map_or(0, csv::Position::line);
        return Err(refused(&format!(
            "Line {line} is longer than {LINE_BYTES_MAX} bytes; a quote may never be closed."
        )));
    }
    Ok(found)
}

fn refused(what: &str) -> ImportError {
    ImportError::NotThatKindOfFile(what.to_owned())
}
