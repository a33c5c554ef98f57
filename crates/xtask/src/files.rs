//! Files, with errors that name the file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Doing, Outcome};
use crate::workspace::shown;

/// The bytes of a file.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).doing(|| format!("reading {}", shown(path)))
}

/// The text of a file.
pub fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).doing(|| format!("reading {}", shown(path)))
}

/// The bytes in a file, counted.
pub fn length(path: &Path) -> Outcome<u64> {
    fs::metadata(path).map(|metadata| metadata.len()).doing(|| format!("measuring {}", shown(path)))
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    fs::write(path, bytes).doing(|| format!("writing {}", shown(path)))
}

/// Makes a folder and those above it.
pub fn create_folder(path: &Path) -> Outcome {
    fs::create_dir_all(path).doing(|| format!("making the folder {}", shown(path)))
}

/// Removes a folder with all that is in it; a folder that isn't there is fine.
pub fn remove_folder(path: &Path) -> Outcome {
    if path.exists() {
        fs::remove_dir_all(path).doing(|| format!("removing {}", shown(path)))?;
    }
    Ok(())
}

/// Renames a file or folder.
pub fn rename(from: &Path, to: &Path) -> Outcome {
    fs::rename(from, to).doing(|| format!("renaming {} to {}", shown(from), shown(to)))
}

/// All files below a folder, sorted; none where there is no such folder.
pub fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).doing(|| format!("listing {}", shown(&folder)))? {
            let path = entry.doing(|| format!("listing {}", shown(&folder)))?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// An exclusive hold on something that two runs must not do at once; ends with the process.
pub struct Hold(#[expect(dead_code, reason = "closing the file is what ends the hold")] fs::File);

/// Waits until no other run holds `path`.
pub fn hold(path: &Path, what: &str) -> Outcome<Hold> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    let file = fs::File::create(path).doing(|| format!("opening {}", shown(path)))?;
    if file.try_lock().is_err() {
        eprintln!("waiting: another run is {what}");
        file.lock().doing(|| format!("locking {}", shown(path)))?;
    }
    Ok(Hold(file))
}
