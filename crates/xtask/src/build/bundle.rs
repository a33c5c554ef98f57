//! A page's files in memory, by their path below the page's address.

use std::collections::BTreeMap;
use std::path::Path;

use crate::failure::Outcome;
use crate::files;

/// Files by path, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle(BTreeMap<String, Vec<u8>>);

impl Bundle {
    /// All files of a folder; hidden ones and compressed twins are left out.
    pub fn read_from(folder: &Path) -> Outcome<Bundle> {
        let mut bundle = Bundle::default();
        for path in files::files_below(folder)? {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let left_out = name.starts_with('.') || name.ends_with(".br") || name.ends_with(".gz");
            if !left_out {
                bundle.insert(&name, files::read(&path)?);
            }
        }
        Ok(bundle)
    }

    /// Writes all files below a folder.
    pub fn write_to(&self, folder: &Path) -> Outcome {
        self.iter().try_for_each(|(name, bytes)| files::write(&folder.join(name), bytes))
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.insert(name.to_owned(), bytes);
    }

    /// Takes a file out.
    pub fn remove(&mut self, name: &str) -> Option<Vec<u8>> {
        self.0.remove(name)
    }

    /// All files, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.0.iter()
    }

    /// All files, by path, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&String, &mut Vec<u8>)> {
        self.0.iter_mut()
    }
}

/// Whether a file is text that may name other files.
pub fn is_text(name: &str) -> bool {
    [".html", ".js", ".css", ".webmanifest", ".json", ".svg"].iter().any(|end| name.ends_with(end))
}
