//! Profiles as JSON files: what the command line and the back office read and write.

use holdfast_profile::{
    Profile, ProfileFileError, ReadProfile, TextFormat, read_profile_file, validate, write_profile_file,
};

/// JSON, indented.
struct Json;

impl TextFormat for Json {
    type Error = serde_json::Error;

    fn read<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, Self::Error> {
        serde_json::from_str(text)
    }

    fn write<T: serde::Serialize>(&self, value: &T) -> Result<String, Self::Error> {
        serde_json::to_string_pretty(value)
    }
}

/// Writes a profile as a file.
///
/// # Errors
/// A sentence; what a store holds can always be written.
pub fn write_profile(profile: &Profile) -> Result<String, String> {
    write_profile_file(&Json, profile).map_err(|error| error.to_string())
}

/// Reads a file, whatever its profile breaks.
///
/// # Errors
/// [`ProfileFileError`], a sentence for whoever imports it.
pub fn read_file(text: &str) -> Result<ReadProfile, ProfileFileError> {
    read_profile_file(&Json, text)
}

/// Reads a profile that may be published.
///
/// # Errors
/// Sentences for whoever wrote the file, a line each.
pub fn read_profile(text: &str) -> Result<Profile, String> {
    let read = read_file(text).map_err(|error| error.to_string())?;
    let unknown = read.unknown_fields.iter().map(|field| format!("{field}: This version does not know it."));
    let wrong: Vec<String> = unknown.chain(validate(&read.profile).iter().map(ToString::to_string)).collect();
    if wrong.is_empty() { Ok(read.profile) } else { Err(wrong.join("\n")) }
}

#[cfg(test)]
mod tests {
    use holdfast_profile::default_profile;

    use super::*;

    #[test]
    fn a_profile_that_was_written_is_read() {
        let text = write_profile_file(&Json, &default_profile()).unwrap();
        assert_eq!(read_profile(&text), Ok(default_profile()));
    }

    #[test]
    fn what_is_unknown_or_not_valid_is_named() {
        let mut profile = default_profile();
        profile.device.offline_timeout_s = 0;
        let text = write_profile_file(&Json, &profile).unwrap();
        let text = text.replace("\"description\"", "\"colour\": 1, \"description\"");
        let wrong = read_profile(&text).unwrap_err();
        assert!(wrong.contains("profile.colour") && wrong.contains("device.offline_timeout_s"), "{wrong}");
        assert!(read_profile("{}").is_err());
    }
}
