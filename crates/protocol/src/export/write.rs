//! Writing an export, item by item: whoever writes hands the bytes on and keeps none of them.

use sha2::{Digest, Sha256};

use super::{
    END, ENTRY, ExportEnd, ExportHeader, ExportedEntry, ExportedJournal, ExportedRows, ExportedTable, HEADER,
    JOURNAL, ROWS, TABLE,
};
use crate::encode;

/// An export that is being written.
#[derive(Debug, Clone, Default)]
pub struct ExportWriter {
    hash: Sha256,
    entries: u64,
    rows: u64,
    tables: u64,
}

impl ExportWriter {
    /// Begins; the header comes first.
    pub fn new() -> ExportWriter {
        ExportWriter::default()
    }

    /// The bytes of the header.
    pub fn header(&mut self, header: &ExportHeader) -> Vec<u8> {
        self.item(HEADER, header)
    }

    /// The bytes that say where the journal stands; before its entries.
    pub fn journal(&mut self, journal: &ExportedJournal) -> Vec<u8> {
        self.item(JOURNAL, journal)
    }

    /// The bytes of an entry; in the order of series and sequence.
    pub fn entry(&mut self, entry: &ExportedEntry) -> Vec<u8> {
        self.entries += 1;
        self.item(ENTRY, entry)
    }

    /// The bytes of some rows of a table, well below [`super::ITEM_BYTES_MAX`].
    pub fn rows(&mut self, rows: &ExportedRows) -> Vec<u8> {
        self.rows += rows.rows.len() as u64;
        self.item(ROWS, rows)
    }

    /// The bytes of a table's end; after its rows.
    pub fn table(&mut self, table: &ExportedTable) -> Vec<u8> {
        self.tables += 1;
        self.item(TABLE, table)
    }

    /// The last bytes.
    pub fn end(self) -> Vec<u8> {
        let ExportWriter { hash, entries, rows, tables } = self;
        let sha256: [u8; 32] = hash.finalize().into();
        framed(END, &ExportEnd { entries, rows, tables, sha256: sha256.into() })
    }

    fn item<T: minicbor::Encode<()>>(&mut self, kind: u32, item: &T) -> Vec<u8> {
        let bytes = framed(kind, item);
        self.hash.update(&bytes);
        bytes
    }
}

fn framed<T: minicbor::Encode<()>>(kind: u32, item: &T) -> Vec<u8> {
    encode(&(kind, item))
}
