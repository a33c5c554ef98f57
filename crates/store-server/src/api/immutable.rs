//! What never changes, since its address is the hash of its content: pages and pictures.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, header};

use crate::address::AddressParts;
use crate::error::ApiError;
use crate::secrets;

/// Kept by the register for good, and by nobody on the way.
const CACHE_CONTROL: &str = "private, max-age=31536000, immutable";

/// The hash in an address.
pub struct Immutable {
    /// The hash.
    pub hash: [u8; 32],
    etag: String,
}

impl Immutable {
    /// Reads an address.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when it is no hash, [`ApiError::Malformed`] when it can't be read.
    pub fn at(address: AddressParts<String>) -> Result<Immutable, ApiError> {
        let Path(hash) = address?;
        let hash = secrets::from_hex(&hash).ok_or(ApiError::NotFound)?;
        Ok(Immutable { hash, etag: format!("\"{}\"", secrets::hex(&hash)) })
    }

    /// The headers that say so.
    pub fn headers(&self) -> [(HeaderName, &str); 2] {
        [(header::CACHE_CONTROL, CACHE_CONTROL), (header::ETAG, &self.etag)]
    }

    /// Whether the register has the content already: then it needs no more than the headers.
    pub fn is_known(&self, asked: &HeaderMap) -> bool {
        asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == self.etag.as_bytes())
    }
}
