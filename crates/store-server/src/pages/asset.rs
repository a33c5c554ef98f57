//! One file of the pages, with its compressed siblings, and how it is served.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::negotiation::accepts;
use crate::secrets::hex;

/// Largest file that is served, bytes; larger ones are not of the pages.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Folders below each other at most.
const DEPTH_MAX: usize = 8;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";

/// All files by path.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    // Paths begin with a slash.
    assets: Arc<BTreeMap<String, Asset>>,
}

/// A file that is served.
#[derive(Debug, Clone)]
pub struct Asset {
    content_type: &'static str,
    cache_control: &'static str,
    etag: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Pages {
    /// The file at a path.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.assets.is_empty()
    }

    /// Adds the files of a folder below a path; nothing when there is no such folder.
    pub(super) fn read_folder(&mut self, folder: &Path, below: &str) -> std::io::Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        let mut files = BTreeMap::new();
        collect_files(folder, below, 0, &mut files)?;
        let mut assets = BTreeMap::clone(&self.assets);
        for (path, bytes) in &files {
            let original = path.strip_suffix(".br").or_else(|| path.strip_suffix(".gz"));
            if original.is_some_and(|original| files.contains_key(original)) {
                continue;
            }
            let sibling = |suffix: &str| files.get(&format!("{path}{suffix}")).cloned();
            assets.insert(path.clone(), Asset::new(path, bytes.clone(), sibling(".br"), sibling(".gz")));
        }
        self.assets = Arc::new(assets);
        Ok(())
    }
}

impl Asset {
    fn new(path: &str, plain: Bytes, brotli: Option<Bytes>, gzip: Option<Bytes>) -> Asset {
        let name = path.rsplit('/').next().unwrap_or(path);
        Asset {
            content_type: content_type(name),
            cache_control: if is_named_by_content(name) { FOR_EVER } else { ASK_EACH_TIME },
            etag: hex(&Sha256::digest(&plain)[..16]),
            plain,
            brotli,
            gzip,
        }
    }

    /// Serves it in the smallest form that the browser takes.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        let brotli = self.brotli.as_ref().filter(|_| accepts(headers, "br")).map(|bytes| (bytes, "br"));
        let gzip = self.gzip.as_ref().filter(|_| accepts(headers, "gzip")).map(|bytes| (bytes, "gzip"));
        let (bytes, encoding) = match brotli.or(gzip) {
            Some((bytes, encoding)) => (bytes, Some(encoding)),
            None => (&self.plain, None),
        };
        // Each form has a tag of its own, or a cache would mix them up.
        let etag =
            format!("\"{}{}\"", self.etag, encoding.map(|name| format!("-{name}")).unwrap_or_default());
        let common = [
            (header::ETAG, etag.as_str()),
            (header::CACHE_CONTROL, self.cache_control),
            (header::VARY, "Accept-Encoding"),
        ];
        if is_known(headers, &etag) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let content_type = [(header::CONTENT_TYPE, self.content_type)];
        let body = Body::from(bytes.clone());
        match encoding {
            Some(encoding) => {
                (common, content_type, [(header::CONTENT_ENCODING, encoding)], body).into_response()
            }
            None => (common, content_type, body).into_response(),
        }
    }
}

fn collect_files(
    folder: &Path,
    below: &str,
    depth: usize,
    files: &mut BTreeMap<String, Bytes>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A name that is not text can't be asked for.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{below}/{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < DEPTH_MAX {
            collect_files(&entry.path(), &path, depth + 1, files)?;
        } else if kind.is_file() && entry.metadata()?.len() <= FILE_BYTES_MAX {
            files.insert(path, std::fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

/// Whether a name is `name-<hex digest>.ext`: then the content behind it never changes.
fn is_named_by_content(name: &str) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let digest = stem.rsplit_once('-').map(|(_, digest)| digest).unwrap_or_default();
    digest.len() >= 8 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "txt" | "md" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_are_kept_for_ever() {
        assert!(is_named_by_content("till-0a1b2c3d4e5f6071.js"));
        assert!(is_named_by_content("till_bg-0a1b2c3d.wasm"));
        for name in
            ["index.html", "sw.js", "strict-journal.js", "manifest.webmanifest", "boot.js", "icon-192.png"]
        {
            assert!(!is_named_by_content(name), "{name}");
        }
    }
}
