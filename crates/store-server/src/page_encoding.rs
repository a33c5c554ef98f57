//! How the pages of snapshots are compressed: with brotli, once, when they are made. Whoever can't read that gets
//! them unpacked, or with gzip, made anew each time.

use std::io::{Error, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Of 11. More takes many times as long for some hundredths of the bytes.
const BROTLI_QUALITY: u32 = 6;
/// Pages are smaller than 4 MiB, so that this is all of a page.
const BROTLI_WINDOW_BITS: u32 = 22;
const BUFFER_BYTES: usize = 64 * 1024;

/// Compresses a page as it is stored.
///
/// # Errors
/// None that is known: it is written to memory.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let packed = Vec::with_capacity(bytes.len() / 2);
    let mut writer = brotli::CompressorWriter::new(packed, BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW_BITS);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

/// A stored page as it was before, `bytes_count` bytes.
///
/// # Errors
/// When it was damaged.
pub fn unpacked(brotli: &[u8], bytes_count: u32) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(bytes_count as usize);
    brotli::Decompressor::new(brotli, BUFFER_BYTES)
        .take(u64::from(bytes_count) + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() == bytes_count as usize {
        Ok(bytes)
    } else {
        Err(Error::other(format!("{} bytes instead of {bytes_count}", bytes.len())))
    }
}

/// A page for those that read gzip at most.
///
/// # Errors
/// None that is known: it is written to memory.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_back_and_a_damaged_one_does_not() {
        let page = b"one and the same ".repeat(10_000);
        let packed = brotli(&page).unwrap();
        assert!(packed.len() < 1_000, "{}", packed.len());
        assert_eq!(unpacked(&packed, 170_000).unwrap(), page);
        assert!(unpacked(&packed, 169_999).is_err());
        assert!(unpacked(&packed, 170_001).is_err());
        assert!(unpacked(&packed[..packed.len() / 2], 170_000).is_err());
        assert!(unpacked(b"no page", 170_000).is_err());
    }
}
