//! Which content encodings a peer takes.

use axum::http::{HeaderMap, header};

/// Whether `Accept-Encoding` names an encoding, and not with quality 0.
pub fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|offer| {
        let (name, parameters) = offer.split_once(';').unwrap_or((offer, ""));
        let quality = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="));
        let is_refused = quality.is_some_and(|quality| quality.trim().parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn an_encoding_counts_when_it_is_named_and_not_refused() {
        let accepts = |value: &'static str, encoding| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            accepts(&headers, encoding)
        };
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("GZIP;q=0.5", "gzip"));
        assert!(!accepts("gzip;q=0, br", "gzip"));
        assert!(!accepts("gzip;q=0.000", "gzip"));
        assert!(!accepts("identity", "br"));
        assert!(!super::accepts(&HeaderMap::new(), "gzip"));
    }
}
