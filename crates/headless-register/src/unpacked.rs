//! Pages that many registers of one process get, unpacked once.
//!
//! The bytes of each answer are compared with those that were unpacked, so that what a register is given is
//! what came over the wire.

use std::collections::BTreeMap;
use std::io::{Error, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// Largest page that is unpacked, bytes.
const PAGE_BYTES_MAX: u64 = 64 * 1024 * 1024;

const BUFFER_BYTES: usize = 64 * 1024;

/// The pages, by address. A clone is the same set.
#[derive(Debug, Clone, Default)]
pub struct UnpackedPages {
    pages: Arc<Mutex<BTreeMap<[u8; 32], Arc<Unpacked>>>>,
}

#[derive(Debug)]
struct Unpacked {
    packed: Vec<u8>,
    bytes: Vec<u8>,
}

impl UnpackedPages {
    /// The bytes of a page that came compressed.
    ///
    /// # Errors
    /// [`Error`] when it is no brotli, or unpacks to more than any page has.
    pub fn unpack(&self, address: &[u8; 32], packed: Vec<u8>) -> Result<Vec<u8>, Error> {
        // A map of pages is sound whatever panicked.
        let known = self.pages.lock().unwrap_or_else(PoisonError::into_inner).get(address).cloned();
        if let Some(page) = known.filter(|page| page.packed == packed) {
            return Ok(page.bytes.clone());
        }
        let mut bytes = Vec::new();
        brotli::Decompressor::new(packed.as_slice(), BUFFER_BYTES)
            .take(PAGE_BYTES_MAX + 1)
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > PAGE_BYTES_MAX {
            return Err(Error::other("it unpacks to more than any page has"));
        }
        let page = Arc::new(Unpacked { packed, bytes: bytes.clone() });
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(*address, page);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut writer = brotli::CompressorWriter::new(&mut packed, BUFFER_BYTES, 5, 22);
        writer.write_all(bytes).expect("written");
        drop(writer);
        packed
    }

    #[test]
    fn what_came_is_what_is_given() {
        let pages = UnpackedPages::default();
        assert_eq!(pages.unpack(&[1; 32], packed(b"one")).expect("unpacked"), b"one");
        assert_eq!(pages.unpack(&[1; 32], packed(b"one")).expect("unpacked"), b"one");
        assert_eq!(
            pages.unpack(&[1; 32], packed(b"other")).expect("unpacked"),
            b"other",
            "though it is wrong"
        );
        assert!(pages.unpack(&[1; 32], b"not packed".to_vec()).is_err());
    }
}
