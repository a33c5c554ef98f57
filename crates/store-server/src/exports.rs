//! Exports of registers as files: unpacked and read, however large.

use std::io::Read;

use flate2::read::GzDecoder;
use holdfast_protocol::export::{ExportError, ExportItem, ExportReader, ExportSummary};

/// Exports that are kept of each register.
pub const EXPORTS_KEPT: u32 = 5;
/// Most bytes that an export unpacks to: no register keeps that much.
const UNPACKED_BYTES_MAX: u64 = 1024 * 1024 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;

/// Why a file is not a whole export.
#[derive(Debug, thiserror::Error)]
pub enum ExportFileError {
    /// It can't be unpacked, or not be read at all.
    #[error("the file can't be unpacked ({0})")]
    Packed(#[from] std::io::Error),
    /// It unpacks to more than any register has.
    #[error("it unpacks to more than {UNPACKED_BYTES_MAX} bytes")]
    TooLarge,
    /// What is in it.
    #[error(transparent)]
    Export(#[from] ExportError),
}

/// Reads a packed export and gives `take` each item.
///
/// # Errors
/// [`ExportFileError`] when it is not whole.
pub fn read_packed(
    file: impl Read,
    take: &mut dyn FnMut(&ExportItem),
) -> Result<ExportSummary, ExportFileError> {
    let mut unpacked = GzDecoder::new(file);
    let mut reader = ExportReader::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut bytes_count = 0;
    loop {
        let count = unpacked.read(&mut buffer)?;
        if count == 0 {
            return Ok(reader.finish()?);
        }
        bytes_count += count as u64;
        if bytes_count > UNPACKED_BYTES_MAX {
            return Err(ExportFileError::TooLarge);
        }
        reader.push(buffer.get(..count).unwrap_or_default(), take)?;
    }
}
