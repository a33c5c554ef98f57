//! A folder of pictures, each named after its product: `1001.png` by sku, `05000000000019.jpg` by barcode.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use holdfast_domain::Gtin;
use holdfast_profile::TableId;
use holdfast_protocol::pictures::PICTURE_BYTES_MAX;

use super::picture_of;
use crate::admin_change::{ChangeAction, NewChange};
use crate::database::{Database, DatabaseError, NewPicture, Store, WriteTransaction};
use crate::import::tidied;
use crate::printable::shown;

/// Pictures that are in memory together.
const BATCH_FILES: usize = 100;

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFile {
    /// Its name.
    pub name: String,
    /// Why, a sentence without its full stop.
    pub reason: String,
}

/// What became of a folder's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureReport {
    /// Pictures that are in the store database now.
    pub taken: u64,
    /// Those of them that were not before.
    pub changed: u64,
    /// Pictures of products that have none in the folder; removed where that was asked for.
    pub removed: u64,
    /// Files that were not taken, by name.
    pub refused: Vec<RefusedFile>,
    /// Whether pictures were to be removed and stay, since a file was not taken.
    pub removed_none: bool,
}

/// Takes the pictures of a folder, in one transaction, in which the trail says who did. With `removes_others`, products
/// without one in it have none afterwards; not where a file was refused, since it may be theirs.
///
/// # Errors
/// A sentence, and then nothing was changed.
pub async fn import_folder(
    database: &Database,
    store: &Store,
    folder: &Path,
    removes_others: bool,
    by: &str,
    now_ms: i64,
) -> Result<PictureReport, String> {
    let files = files_of(folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    let mut writing = database.begin_write(&store.row.id, now_ms).await.map_err(|error| error.to_string())?;
    let mut report = PictureReport::default();
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for batch in files.chunks(BATCH_FILES) {
        let taken = take_batch(&mut writing, batch, &mut named, &mut report);
        let pictures = taken.await.map_err(|error| error.to_string())?;
        report.taken += pictures.len() as u64;
        report.changed += writing.put_pictures(&pictures).await.map_err(|error| error.to_string())?;
    }
    report.removed_none = removes_others && !report.refused.is_empty();
    if removes_others && !report.removed_none {
        let kept: Vec<String> = named.into_keys().collect();
        report.removed = writing.remove_pictures_but(&kept).await.map_err(|error| error.to_string())?;
    }
    let words = format!(
        "Pictures taken: {}, written: {}, removed: {}, files refused: {}.",
        report.taken,
        report.changed,
        report.removed,
        report.refused.len()
    );
    let change = NewChange::new(now_ms, by, ChangeAction::RowsImported, "pictures", words);
    writing.note_change(&change).await.map_err(|error| error.to_string())?;
    writing.commit().await.map_err(|error| error.to_string())?;
    Ok(report)
}

/// The files of a folder, by name; folders in it are passed over, and so are hidden files.
fn files_of(folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().is_file() {
            files.push((name, entry.path()));
        }
    }
    files.sort();
    Ok(files)
}

/// Those of some files that are pictures of products; `named` are the products that have one already.
async fn take_batch(
    writing: &mut WriteTransaction,
    batch: &[(String, PathBuf)],
    named: &mut BTreeMap<String, String>,
    report: &mut PictureReport,
) -> Result<Vec<NewPicture>, DatabaseError> {
    let stems: Vec<String> = batch.iter().map(|(name, _)| stem(name)).collect();
    let gtins: Vec<String> = stems.iter().filter_map(|stem| gtin(stem)).collect();
    let by_gtin: BTreeMap<String, String> = writing.barcodes(&gtins).await?.into_iter().collect();
    let skus = writing.bodies(TableId::Product, &stems).await?;
    let skus: BTreeMap<String, ()> = skus.into_iter().map(|(sku, _)| (sku, ())).collect();
    let mut pictures = Vec::new();
    for ((name, path), stem) in batch.iter().zip(&stems) {
        let sku = if skus.contains_key(stem) {
            Some(stem.clone())
        } else {
            gtin(stem).and_then(|gtin| by_gtin.get(&gtin).cloned())
        };
        let taken = match sku {
            None => Err(format!("there is no product with the sku or barcode {stem}")),
            Some(sku) => take_file(sku, name, path, named),
        };
        match taken {
            Ok(picture) => pictures.push(picture),
            Err(reason) => report.refused.push(RefusedFile { name: shown(name), reason }),
        }
    }
    Ok(pictures)
}

fn take_file(
    sku: String,
    name: &str,
    path: &Path,
    named: &mut BTreeMap<String, String>,
) -> Result<NewPicture, String> {
    if let Some(other) = named.get(&sku) {
        return Err(format!("{other} is a picture of the same product, {sku}"));
    }
    let mut bytes = Vec::new();
    // One byte more than is taken tells that it is too large, however large it is.
    let read =
        File::open(path).and_then(|file| file.take(PICTURE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| error.to_string())?;
    let picture = picture_of(sku.clone(), bytes).map_err(|error| error.to_string())?;
    named.insert(sku, shown(name));
    Ok(picture)
}

/// The name without what follows its last full stop.
fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    tidied("the name", stem).unwrap_or_default()
}

fn gtin(stem: &str) -> Option<String> {
    Gtin::parse(stem).ok().map(|gtin| gtin.to_string())
}

impl std::fmt::Display for PictureReport {
    /// For the command line: a sentence, then a line for each refused file.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pictures = |count: u64| if count == 1 { "picture" } else { "pictures" };
        writeln!(f, "{} {} taken, {} of them new.", self.taken, pictures(self.taken), self.changed)?;
        if self.removed > 0 {
            writeln!(f, "{} {} removed.", self.removed, pictures(self.removed))?;
        }
        if self.removed_none {
            writeln!(f, "None was removed: a file that was not taken may be the picture of such a product.")?;
        }
        if !self.refused.is_empty() {
            writeln!(f, "{} files not taken:", self.refused.len())?;
        }
        for refused in &self.refused {
            writeln!(f, "{}: {}", refused.name, refused.reason)?;
        }
        Ok(())
    }
}
