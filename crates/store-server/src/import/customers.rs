//! Customers. One without a name is shown by its number.

use std::collections::HashMap;
use std::io::Read;

use holdfast_profile::TableId;
use holdfast_protocol::rows::CustomerRow;

use super::file::{Column, Line};
use super::{BATCH_LINES, CsvFile, ImportError, ImportReport, rows_here, tidied};
use crate::database::{DatabaseError, MasterRow, WriteTransaction};

/// Longest id, characters.
const ID_CHARS_MAX: usize = 64;

struct Columns {
    id: Column,
    name: Column,
    country: Column,
    phone: Column,
    email: Column,
}

/// A line that may be taken; what the file does not say is `None`.
struct Candidate {
    id: String,
    name: Option<String>,
    country: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

/// Imports customers.
pub async fn import<R: Read + Send>(
    writing: &mut WriteTransaction,
    file: &mut CsvFile<R>,
) -> Result<ImportReport, ImportError> {
    let columns = Columns {
        id: file.needed_column(&["id", "customer_id"])?,
        name: file.column(&["name"]),
        country: file.column(&["country"]),
        phone: file.column(&["phone"]),
        email: file.column(&["email"]),
    };
    // An id alone could be of anything: a list of sales has one too.
    if !columns.name.is_there() {
        file.needed_column(&["country", "name"])?;
    }
    let mut seen = HashMap::new();
    let mut report = ImportReport::default();
    let mut batch = Vec::with_capacity(BATCH_LINES);
    while let Some(line) = file.next_line()? {
        match candidate(&columns, &mut seen, &line) {
            Ok(candidate) => batch.push(candidate),
            Err(reason) => report.refuse(line.number, reason),
        }
        if batch.len() == BATCH_LINES {
            settle(writing, std::mem::take(&mut batch), &mut report).await?;
        }
    }
    settle(writing, batch, &mut report).await?;
    Ok(report.finished())
}

/// Reads a line; says why it can't be taken.
fn candidate(columns: &Columns, seen: &mut HashMap<String, u64>, line: &Line) -> Result<Candidate, String> {
    if let Some(fault) = line.fault() {
        return Err(fault.to_owned());
    }
    let id = tidied("the id", line.text(columns.id))?;
    if id.is_empty() {
        return Err("the id is missing".to_owned());
    }
    if id.chars().count() > ID_CHARS_MAX {
        return Err(format!("the id has more than {ID_CHARS_MAX} characters"));
    }
    let said = |column: Column, what| column.is_there().then(|| tidied(what, line.text(column))).transpose();
    let candidate = Candidate {
        name: said(columns.name, "the name")?.filter(|name| !name.is_empty()),
        country: said(columns.country, "the country")?,
        phone: said(columns.phone, "the phone number")?,
        email: said(columns.email, "the e-mail address")?,
        id,
    };
    if let Some(first) = seen.get(&candidate.id) {
        return Err(format!("customer {} stands in line {first} already", candidate.id));
    }
    seen.insert(candidate.id.clone(), line.number);
    Ok(candidate)
}

/// Writes a batch; what the file does not say stays as it was.
async fn settle(
    writing: &mut WriteTransaction,
    batch: Vec<Candidate>,
    report: &mut ImportReport,
) -> Result<(), DatabaseError> {
    let ids: Vec<String> = batch.iter().map(|candidate| candidate.id.clone()).collect();
    let here: HashMap<String, CustomerRow> = rows_here(writing, TableId::Customer, &ids).await?;
    report.taken += batch.len() as u64;
    let rows = batch.into_iter().map(|candidate| {
        let old = here.get(&candidate.id);
        let kept = |said: Option<String>, field: fn(&CustomerRow) -> &String| {
            said.or_else(|| old.map(field).cloned())
        };
        MasterRow::Customer(CustomerRow {
            name: kept(candidate.name, |row| &row.name).unwrap_or_else(|| candidate.id.clone()),
            country: kept(candidate.country, |row| &row.country).unwrap_or_default(),
            phone: kept(candidate.phone, |row| &row.phone).unwrap_or_default(),
            email: kept(candidate.email, |row| &row.email).unwrap_or_default(),
            id: candidate.id,
        })
    });
    report.changed += writing.put(&rows.collect::<Vec<_>>()).await?;
    Ok(())
}
