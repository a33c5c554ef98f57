//! Reading an export piece by piece, and whether it is whole: the sum over its bytes, its counts, the journal's chain.
//!
//! Memory is bounded by one item, whatever is read.

use std::collections::BTreeMap;

use minicbor::{Decode, Decoder};
use sha2::{Digest, Sha256};

use super::item_end::ItemEnd;
use super::{
    END, ENTRY, ExportEnd, ExportHeader, ExportItem, ExportedEntry, ExportedJournal, ExportedTable, FORMAT,
    FORMAT_VERSION, HEADER, ITEM_BYTES_MAX, JOURNAL, ROWS, TABLE,
};
use crate::decode;
use crate::outbox::{EntryKind, OutboxEntry};
use crate::sale::SaleRecord;

/// Tables that are kept of a summary: more are no tables.
const TABLES_MAX: usize = 256;
/// Currencies that are summed up apart.
const CURRENCIES_MAX: usize = 64;

/// Why a file is not a whole export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// Something else.
    #[error("this is no export of a register")]
    NotAnExport,
    /// A format that this build can't read.
    #[error("this export has format {0}; this version reads up to {FORMAT_VERSION}")]
    NewerFormat(u16),
    /// An item can't be read.
    #[error("the export can't be read at byte {at}: {reason}")]
    Malformed {
        /// Where in the unpacked bytes.
        at: u64,
        /// Why.
        reason: String,
    },
    /// It ends too early.
    #[error("the export is cut off: its end is missing")]
    CutOff,
    /// Something follows its end.
    #[error("something follows the export's end")]
    AfterTheEnd,
    /// The bytes are not those that were written.
    #[error("the export was changed: its sum does not hold")]
    Changed,
    /// The counts in its end are not what it holds.
    #[error("the export does not hold what its end counts")]
    Miscounted,
}

/// What an export holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSummary {
    /// Whose it is.
    pub header: ExportHeader,
    /// Where the journal stood; none before the register was activated.
    pub journal: Option<ExportedJournal>,
    /// Entries.
    pub entries: u64,
    /// Those that waited for the store server.
    pub waiting: u64,
    /// Those that it had rejected.
    pub rejected: u64,
    /// Sales among the entries.
    pub sales: u64,
    /// Sum of the sales' totals by currency, minor units.
    pub totals_minor: BTreeMap<String, i64>,
    /// Series and sequence of the first entry at which the chain is broken: it was changed, or one before it is missing;
    /// of the sequence after the last, where the last are missing.
    pub broken_at: Option<(u32, u64)>,
    /// The tables.
    pub tables: Vec<ExportedTable>,
    /// All rows.
    pub rows: u64,
}

/// An export that is being read.
#[derive(Debug, Default)]
pub struct ExportReader {
    /// The beginning of an item that is not all here.
    buffer: Vec<u8>,
    /// How far it was looked at.
    item_end: ItemEnd,
    read_bytes: u64,
    hash: Sha256,
    header: Option<ExportHeader>,
    journal: Option<ExportedJournal>,
    chain: Chain,
    entries: u64,
    waiting: u64,
    rejected: u64,
    sales: u64,
    totals_minor: BTreeMap<String, i64>,
    tables: Vec<ExportedTable>,
    tables_count: u64,
    rows: u64,
    end: Option<ExportEnd>,
}

impl ExportReader {
    /// Nothing read yet.
    pub fn new() -> ExportReader {
        ExportReader::default()
    }

    /// Takes the next bytes, unpacked, and gives `take` each item that they complete.
    ///
    /// # Errors
    /// [`ExportError`] when this is no export; nothing more can be read then.
    pub fn push(&mut self, bytes: &[u8], take: &mut dyn FnMut(&ExportItem)) -> Result<(), ExportError> {
        self.buffer.extend_from_slice(bytes);
        let mut at = 0;
        let mut buffer = std::mem::take(&mut self.buffer);
        while at < buffer.len() {
            if self.end.is_some() {
                return Err(ExportError::AfterTheEnd);
            }
            let rest = &buffer[at..];
            let found = self.item_end.find(rest).map_err(|error| self.malformed(at, &error))?;
            if found.unwrap_or(rest.len()) > ITEM_BYTES_MAX {
                return Err(self.malformed(at, &"an item is longer than any may be"));
            }
            let Some(length) = found else { break };
            self.item_end = ItemEnd::default();
            let item = item(&rest[..length]).map_err(|error| self.malformed(at, &error))?;
            if let Some(item) = &item {
                self.take_in(item)?;
                take(item);
            } else if self.header.is_none() {
                return Err(ExportError::NotAnExport);
            }
            if self.end.is_none() {
                self.hash.update(&rest[..length]);
            }
            at += length;
        }
        self.read_bytes += at as u64;
        buffer.drain(..at);
        self.buffer = buffer;
        Ok(())
    }

    fn malformed(&self, at: usize, reason: &dyn ToString) -> ExportError {
        if self.header.is_none() {
            return ExportError::NotAnExport;
        }
        ExportError::Malformed { at: self.read_bytes + at as u64, reason: reason.to_string() }
    }

    /// All bytes were taken: what they hold.
    ///
    /// # Errors
    /// [`ExportError`] when the file is not whole.
    pub fn finish(self) -> Result<ExportSummary, ExportError> {
        let (Some(end), true) = (&self.end, self.buffer.is_empty()) else {
            return Err(if self.header.is_some() { ExportError::CutOff } else { ExportError::NotAnExport });
        };
        let sum: [u8; 32] = self.hash.finalize().into();
        if *end.sha256 != sum {
            return Err(ExportError::Changed);
        }
        if (end.entries, end.rows, end.tables) != (self.entries, self.rows, self.tables_count) {
            return Err(ExportError::Miscounted);
        }
        Ok(ExportSummary {
            header: self.header.ok_or(ExportError::NotAnExport)?,
            broken_at: self.chain.broken_at(self.journal.as_ref()),
            journal: self.journal,
            entries: self.entries,
            waiting: self.waiting,
            rejected: self.rejected,
            sales: self.sales,
            totals_minor: self.totals_minor,
            tables: self.tables,
            rows: self.rows,
        })
    }

    fn take_in(&mut self, item: &ExportItem) -> Result<(), ExportError> {
        match item {
            ExportItem::Header(header) if self.header.is_none() => {
                if header.format != FORMAT {
                    return Err(ExportError::NotAnExport);
                }
                if header.version > FORMAT_VERSION {
                    return Err(ExportError::NewerFormat(header.version));
                }
                self.header = Some(header.clone());
            }
            // A second header or journal stands for nothing.
            _ if self.header.is_none() => return Err(ExportError::NotAnExport),
            ExportItem::Header(_) => {}
            ExportItem::Journal(journal) => {
                self.chain.begin(journal);
                self.journal.get_or_insert_with(|| journal.clone());
            }
            ExportItem::Entry(entry) => self.take_entry(entry),
            ExportItem::Rows(rows) => self.rows += rows.rows.len() as u64,
            ExportItem::Table(table) => {
                self.tables_count += 1;
                if self.tables.len() < TABLES_MAX {
                    self.tables.push(table.clone());
                }
            }
            ExportItem::End(end) => self.end = Some(end.clone()),
        }
        Ok(())
    }

    fn take_entry(&mut self, exported: &ExportedEntry) {
        self.entries += 1;
        match &exported.outcome {
            None => self.waiting += 1,
            Some(outcome) if outcome.rejected_because.is_some() => self.rejected += 1,
            Some(_) => {}
        }
        let Ok(entry) = decode::<OutboxEntry>(&exported.envelope) else {
            return self.chain.take_unreadable(exported.series);
        };
        self.chain.take(exported.series, &entry);
        if EntryKind::from_number(entry.kind) == Some(EntryKind::Sale)
            && let Ok(sale) = decode::<SaleRecord>(&entry.payload)
        {
            self.sales += 1;
            if self.totals_minor.len() < CURRENCIES_MAX || self.totals_minor.contains_key(&sale.currency) {
                let total = self.totals_minor.entry(sale.currency).or_default();
                *total = total.saturating_add(sale.total_minor);
            }
        }
    }
}

/// The journal's chain as far as it was read.
#[derive(Debug, Default)]
struct Chain {
    /// Series, sequence and hash that the next entry follows; none where any may be the first of its series.
    last: Option<(u32, u64, [u8; 32])>,
    /// Where the series that goes on begins.
    base: Option<(u32, u64, [u8; 32])>,
    broken_at: Option<(u32, u64)>,
}

impl Chain {
    fn begin(&mut self, journal: &ExportedJournal) {
        self.base = Some((journal.series, journal.base_seq, *journal.base_hash));
    }

    fn take(&mut self, series: u32, entry: &OutboxEntry) {
        // The first of a series follows its base, where that is known.
        let follows = match (self.last, self.base) {
            (Some(last), _) if last.0 == series => Some(last),
            (_, Some(base)) if base.0 == series => Some(base),
            _ => None,
        };
        let is_next = follows.is_none_or(|(_, seq, hash)| {
            Some(entry.seq) == seq.checked_add(1) && *entry.previous_hash == hash
        });
        let goes_back = self.last.is_some_and(|(last, ..)| last > series);
        if !is_next || goes_back || !entry.is_intact() {
            self.broken_at.get_or_insert((series, entry.seq));
        }
        self.last = Some((series, entry.seq, *entry.hash));
    }

    fn take_unreadable(&mut self, series: u32) {
        let seq = self.last.map_or(0, |(_, seq, _)| seq.saturating_add(1));
        self.broken_at.get_or_insert((series, seq));
    }

    /// Where it is broken, the end included.
    fn broken_at(self, journal: Option<&ExportedJournal>) -> Option<(u32, u64)> {
        let missing = journal.and_then(|journal| {
            let (series, seq, hash) = self.last.filter(|last| last.0 == journal.series).or(self.base)?;
            let is_whole = seq == journal.last_seq && hash == *journal.last_hash;
            (!is_whole).then_some((series, seq.saturating_add(1)))
        });
        self.broken_at.or(missing)
    }
}

/// The item of all these bytes, `None` for a kind that this build does not know.
fn item(bytes: &[u8]) -> Result<Option<ExportItem>, minicbor::decode::Error> {
    let mut decoder = Decoder::new(bytes);
    let length = decoder.array()?;
    if length.is_none_or(|length| length < 2) {
        return Err(minicbor::decode::Error::message("an item is an array of a kind and a map"));
    }
    let kind = decoder.u32()?;
    let item = match kind {
        HEADER => Some(ExportItem::Header(part(&mut decoder)?)),
        JOURNAL => Some(ExportItem::Journal(part(&mut decoder)?)),
        ENTRY => Some(ExportItem::Entry(part(&mut decoder)?)),
        ROWS => Some(ExportItem::Rows(part(&mut decoder)?)),
        TABLE => Some(ExportItem::Table(part(&mut decoder)?)),
        END => Some(ExportItem::End(part(&mut decoder)?)),
        _ => None,
    };
    // What follows is what a later version adds to an item.
    Ok(item)
}

fn part<'b, T: Decode<'b, ()>>(decoder: &mut Decoder<'b>) -> Result<T, minicbor::decode::Error> {
    decoder.decode()
}
