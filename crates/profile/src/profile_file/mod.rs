//! A profile as a readable file, to be kept, mailed and imported elsewhere.
//!
//! The file says what it is and in which version. A reader refuses what it isn't sure to understand whole: another
//! format or a later version with a plain sentence, and fields that it doesn't know are reported, so that nobody
//! believes in a setting that was never read. Callers bring the text format, such as JSON by `serde_json`.

mod field_tree;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Profile;
use field_tree::FieldTree;

/// What the file's `format` says.
pub const PROFILE_FILE_FORMAT: &str = "holdfast-offline-profile";
/// The version that this build writes, and the latest that it reads.
pub const PROFILE_FILE_VERSION: u32 = 1;
/// Largest file that is read, bytes.
pub const PROFILE_FILE_BYTES_MAX: usize = 1024 * 1024;

/// What turns values into text and back.
pub trait TextFormat {
    /// What is wrong with a text, with the place in it.
    type Error: std::fmt::Display;

    /// Reads a value.
    ///
    /// # Errors
    /// When the text is not one value of that type.
    fn read<T: DeserializeOwned>(&self, text: &str) -> Result<T, Self::Error>;

    /// Writes a value, for people to read.
    ///
    /// # Errors
    /// When the format can't hold the value.
    fn write<T: Serialize>(&self, value: &T) -> Result<String, Self::Error>;
}

/// Why a file is not a profile; whole sentences for the one who imports it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileFileError {
    /// It is too large for a profile.
    #[error("The file has {bytes} bytes, more than a profile can have ({PROFILE_FILE_BYTES_MAX}).")]
    TooLarge {
        /// How many bytes it has.
        bytes: usize,
    },
    /// It can't be read as a profile of this version.
    #[error("The file can't be read: {0}.")]
    Unreadable(String),
    /// It is something else.
    #[error("The file is not an offline profile: its format is not “{PROFILE_FILE_FORMAT}”.")]
    OtherFormat,
    /// It comes from a later version of Holdfast.
    #[error(
        "The file has version {found}, and this Holdfast reads up to {PROFILE_FILE_VERSION}. Update Holdfast, or export the profile from an older one."
    )]
    UnknownVersion {
        /// The version that the file says.
        found: u64,
    },
    /// The profile can't be written.
    #[error("The profile can't be written: {0}.")]
    Unwritable(String),
}

/// A profile that was read from a file. Validation is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadProfile {
    /// The profile.
    pub profile: Profile,
    /// Paths of fields that this build does not know and therefore did not read, such as
    /// `profile.device.colour`.
    pub unknown_fields: Vec<String>,
}

#[derive(Serialize)]
struct FileToWrite<'a> {
    format: &'a str,
    format_version: u32,
    profile: &'a Profile,
}

#[derive(Serialize, Deserialize)]
struct WholeFile {
    format: String,
    format_version: u64,
    profile: Profile,
}

// What every version says, however the rest looks.
#[derive(Deserialize)]
struct FileHead {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    format_version: Option<u64>,
}

/// Writes a profile as a file.
///
/// # Errors
/// [`ProfileFileError::Unwritable`] when the text format can't hold it.
pub fn write_profile_file(
    text_format: &impl TextFormat,
    profile: &Profile,
) -> Result<String, ProfileFileError> {
    let file = FileToWrite { format: PROFILE_FILE_FORMAT, format_version: PROFILE_FILE_VERSION, profile };
    text_format.write(&file).map_err(|error| ProfileFileError::Unwritable(error.to_string()))
}

/// Reads a profile from a file.
///
/// # Errors
/// [`ProfileFileError`], a sentence for the one who imports it.
pub fn read_profile_file(text_format: &impl TextFormat, text: &str) -> Result<ReadProfile, ProfileFileError> {
    if text.len() > PROFILE_FILE_BYTES_MAX {
        return Err(ProfileFileError::TooLarge { bytes: text.len() });
    }
    // Editors of some systems put a byte order mark before the text.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let head: FileHead = read(text_format, text)?;
    if head.format.as_deref() != Some(PROFILE_FILE_FORMAT) {
        return Err(ProfileFileError::OtherFormat);
    }
    match head.format_version {
        Some(found) if found == 0 || found > u64::from(PROFILE_FILE_VERSION) => {
            return Err(ProfileFileError::UnknownVersion { found });
        }
        Some(_) | None => {}
    }
    let file: WholeFile = read(text_format, text)?;
    // What was understood is written again: a field that is only in the file was not understood.
    let written =
        text_format.write(&file).map_err(|error| ProfileFileError::Unwritable(error.to_string()))?;
    let given: FieldTree = read(text_format, text)?;
    let understood: FieldTree = read(text_format, &written)?;
    Ok(ReadProfile { profile: file.profile, unknown_fields: given.fields_not_in(&understood) })
}

fn read<T: DeserializeOwned>(text_format: &impl TextFormat, text: &str) -> Result<T, ProfileFileError> {
    text_format.read(text).map_err(|error| ProfileFileError::Unreadable(error.to_string()))
}
