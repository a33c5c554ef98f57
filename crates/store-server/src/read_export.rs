//! `read-export`: what an export holds, in words, and its sales as a CSV file.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use holdfast_domain::money::to_decimal_string;
use holdfast_domain::{Currency, Money, ReceiptNumber};
use holdfast_profile::TableId;
use holdfast_protocol::decode;
use holdfast_protocol::export::{ExportItem, ExportSummary, ExportedEntry};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::sale::SaleRecord;

use crate::cli::say;
use crate::exports::read_packed;
use crate::printable::shown;

/// Reads a file, prints what is in it and writes its sales where that is asked for.
///
/// # Errors
/// A sentence, also where the file is whole and the journal's chain is not.
pub fn read_export(path: &Path, sales: Option<&Path>) -> Result<(), String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut table = match sales {
        Some(to) => Some(SalesTable::begin(to)?),
        None => None,
    };
    let mut take = |item: &ExportItem| {
        if let (ExportItem::Entry(entry), Some(table)) = (item, &mut table) {
            table.take(entry);
        }
    };
    let summary = read_packed(BufReader::new(file), &mut take);
    let summary = match summary {
        Ok(summary) => summary,
        Err(error) => {
            if let Some(table) = table {
                table.abandon();
            }
            return Err(format!("{}: {}.", path.display(), shown(&error.to_string())));
        }
    };
    if let Some(table) = table {
        table.finish()?;
    }
    say(&words(&summary));
    match summary.broken_at {
        None => Ok(()),
        Some((series, seq)) => Err(format!(
            "The journal's chain is broken at entry {seq} of series {series}: it was changed, or one is missing."
        )),
    }
}

/// One fact a line, each with a name that a program finds. The file may be of anybody, and so are the names in it.
fn words(summary: &ExportSummary) -> String {
    let header = &summary.header;
    let mut lines = vec![
        format!("register: {} {}", header.register_number, header.register_name),
        format!("store: {} {}", header.store_id, header.store_name),
        format!("made_at_ms: {}", header.made_at_ms),
        format!("app_version: {}", header.app_version),
    ];
    if let (Some(name), Some(version)) = (&header.profile_name, header.profile_version) {
        lines.push(format!("profile: {name}, version {version}"));
    }
    lines.push(format!(
        "entries: {}, {} of them waiting, {} rejected",
        summary.entries, summary.waiting, summary.rejected
    ));
    if let Some(journal) = &summary.journal {
        lines.push(format!("last_entry: {}", journal.last_seq));
        lines.push(format!("last_receipt: {}", journal.receipt_counter));
    }
    lines.push(format!("chain: {}", if summary.broken_at.is_none() { "whole" } else { "broken" }));
    lines.push(format!("sales: {}", summary.sales));
    for (currency, total_minor) in &summary.totals_minor {
        lines.push(format!("total: {} {currency}", amount(currency, *total_minor)));
    }
    for table in &summary.tables {
        let name = TableId::from_number(table.table)
            .map_or_else(|| format!("number {}", table.table), |table| table.name().to_owned());
        let rows = format!("table: {name}, {} rows, as of version {}", table.rows, table.cursor);
        lines.push(match &table.unreadable {
            None => rows,
            Some(reason) => format!("{rows}, not all of them: {reason}"),
        });
    }
    lines.iter().map(|line| shown(line) + "\n").collect()
}

/// An amount as a decimal number; in minor units where the currency is not known.
fn amount(currency: &str, minor: i64) -> String {
    match Currency::from_code(currency) {
        Ok(currency) => to_decimal_string(Money::from_minor(minor), currency),
        Err(_) => minor.to_string(),
    }
}

/// The CSV file of sales. It is written beside its place, and takes it once the export is known to be whole.
struct SalesTable {
    writer: csv::Writer<BufWriter<File>>,
    failed: Option<csv::Error>,
    to: PathBuf,
    /// Where it is written; none where the place is no file but, say, a pipe.
    beside: Option<PathBuf>,
}

impl SalesTable {
    fn begin(to: &Path) -> Result<SalesTable, String> {
        let is_special = to.exists() && !to.is_file();
        let beside = (!is_special).then(|| {
            let mut name = to.file_name().unwrap_or_default().to_owned();
            name.push(".part");
            to.with_file_name(name)
        });
        let written = beside.as_deref().unwrap_or(to);
        let file = File::create(written).map_err(|error| format!("{}: {error}", written.display()))?;
        let writer = csv::Writer::from_writer(BufWriter::new(file));
        let mut table = SalesTable { writer, failed: None, to: to.to_owned(), beside };
        table.write(&[
            "receipt",
            "finished_at_ms",
            "cashier",
            "customer",
            "lines",
            "total",
            "currency",
            "paid_by",
            "state",
        ]);
        Ok(table)
    }

    fn take(&mut self, exported: &ExportedEntry) {
        let Ok(entry) = decode::<OutboxEntry>(&exported.envelope) else { return };
        if EntryKind::from_number(entry.kind) != Some(EntryKind::Sale) {
            return;
        }
        let Ok(sale) = decode::<SaleRecord>(&entry.payload) else { return };
        let receipt = ReceiptNumber { register: sale.register_number, counter: sale.receipt_counter };
        let tenders: Vec<&str> = sale.tenders.iter().map(|tender| tender.code.as_str()).collect();
        let state = match &exported.outcome {
            None => "waiting",
            Some(outcome) if outcome.rejected_because.is_some() => "rejected",
            Some(_) => "accepted",
        };
        self.write(&[
            &receipt.to_string(),
            &sale.finished_at_ms.to_string(),
            &sale.cashier_name,
            sale.customer_name.as_deref().unwrap_or_default(),
            &sale.lines.len().to_string(),
            &amount(&sale.currency, sale.total_minor),
            &sale.currency,
            &tenders.join("+"),
            state,
        ]);
    }

    fn write(&mut self, fields: &[&str]) {
        if self.failed.is_none() {
            self.failed = self.writer.write_record(fields.iter().map(|field| harmless(field))).err();
        }
    }

    fn finish(mut self) -> Result<(), String> {
        let flushed = match self.failed.take() {
            Some(error) => Err(error.to_string()),
            None => self.writer.flush().map_err(|error| error.to_string()),
        };
        let placed = flushed.and_then(|()| match &self.beside {
            Some(beside) => std::fs::rename(beside, &self.to).map_err(|error| error.to_string()),
            None => Ok(()),
        });
        placed.map_err(|error| {
            let words = format!("{}: {error}", self.to.display());
            self.abandon();
            words
        })
    }

    /// Leaves what is in its place as it was.
    fn abandon(self) {
        let SalesTable { writer, beside, .. } = self;
        drop(writer);
        if let Some(beside) = beside {
            // One that stays is in nobody's way.
            std::fs::remove_file(beside).ok();
        }
    }
}

/// A text that a spreadsheet does not take for a formula.
fn harmless(field: &str) -> String {
    let is_number = field.parse::<f64>().is_ok();
    if !is_number && field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{field}")
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use holdfast_protocol::export::{ExportHeader, ExportWriter, FORMAT, FORMAT_VERSION};

    use super::*;

    /// An export of a register of this name, without anything in it; whole or without its end.
    fn export_of(register_name: &str, is_whole: bool) -> Vec<u8> {
        let mut writer = ExportWriter::new();
        let mut bytes = writer.header(&ExportHeader {
            format: FORMAT.to_owned(),
            version: FORMAT_VERSION,
            store_id: "s".to_owned(),
            store_name: "Shop".to_owned(),
            register_number: 1,
            register_name: register_name.to_owned(),
            app_version: "1.0".to_owned(),
            made_at_ms: 0,
            profile_name: None,
            profile_version: None,
        });
        if is_whole {
            bytes.extend(writer.end());
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn sales_take_their_place_only_of_a_whole_export() {
        let folder = tempfile::tempdir().unwrap();
        let (file, to) = (folder.path().join("export.gz"), folder.path().join("sales.csv"));
        let names = || {
            let entries = std::fs::read_dir(folder.path()).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        std::fs::write(&to, "of last week").unwrap();
        std::fs::write(&file, export_of("Till 1", false)).unwrap();
        assert!(read_export(&file, Some(&to)).unwrap_err().contains("cut off"));
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "of last week");
        assert_eq!(names(), ["export.gz", "sales.csv"]);
        std::fs::write(&file, export_of("Till 1", true)).unwrap();
        read_export(&file, Some(&to)).unwrap();
        assert!(std::fs::read_to_string(&to).unwrap().starts_with("receipt,"));
        assert_eq!(names(), ["export.gz", "sales.csv"]);
    }

    #[test]
    fn a_foreign_name_does_not_reach_the_terminal_as_it_is() {
        let bytes = export_of("Till\u{1b}[2J\nchain: broken", true);
        let words = words(&read_packed(bytes.as_slice(), &mut |_| {}).unwrap());
        assert!(words.contains("register: 1 Till\u{fffd}[2J\u{fffd}chain: broken\n"), "{words}");
        assert!(words.lines().any(|line| line == "chain: whole"), "{words}");
    }

    #[test]
    fn amounts_are_written_with_their_decimals() {
        assert_eq!(amount("GBP", 123_405), "1234.05");
        assert_eq!(amount("GBP", -7), "-0.07");
        assert_eq!(amount("???", 7), "7");
    }

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("-3.50"), "-3.50");
        assert_eq!(harmless("Ada"), "Ada");
    }
}
