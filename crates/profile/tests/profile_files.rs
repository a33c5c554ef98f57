//! Export and import of a profile.

use holdfast_profile::{
    PROFILE_FILE_BYTES_MAX, Profile, ProfileFileError, ReadProfile, TextFormat, default_profile,
    read_profile_file, write_profile_file,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::builders::any_profile;

/// JSON as the store server writes it.
pub struct Json;

impl TextFormat for Json {
    type Error = serde_json::Error;

    fn read<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, Self::Error> {
        serde_json::from_str(text)
    }

    fn write<T: serde::Serialize>(&self, value: &T) -> Result<String, Self::Error> {
        serde_json::to_string_pretty(value)
    }
}

fn written(profile: &Profile) -> Value {
    let text = write_profile_file(&Json, profile).expect("writes");
    serde_json::from_str(&text).expect("is JSON")
}

fn read(file: &Value) -> Result<ReadProfile, ProfileFileError> {
    read_profile_file(&Json, &file.to_string())
}

proptest! {
    #[test]
    fn every_profile_comes_back_and_nothing_is_unknown(profile in any_profile()) {
        let text = write_profile_file(&Json, &profile).expect("writes");
        prop_assert_eq!(read_profile_file(&Json, &text), Ok(ReadProfile { profile, unknown_fields: vec![] }));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}", cut in 0usize..3_000) {
        prop_assert!(read_profile_file(&Json, &text).is_err());
        let whole = write_profile_file(&Json, &default_profile()).expect("writes");
        let cut: String = whole.chars().take(cut.min(whole.len() - 1)).collect();
        prop_assert!(read_profile_file(&Json, &cut).is_err());
    }
}

#[test]
fn the_file_says_what_it_is() {
    let text = write_profile_file(&Json, &default_profile()).unwrap();
    let head = "{\n  \"format\": \"holdfast-offline-profile\",\n  \"format_version\": 1,\n  \"profile\": {\n    \"name\": \"Default pr.\"";
    assert!(text.starts_with(head), "{text}");
}

#[test]
fn another_format_or_a_later_version_is_refused_plainly() {
    let mut file = written(&default_profile());
    file["format_version"] = json!(2);
    // A later version may look in any way; that must not be the reason that is given.
    file["profile"] = json!("elsewhere");
    assert_eq!(read(&file), Err(ProfileFileError::UnknownVersion { found: 2 }));
    file["format_version"] = json!(0);
    assert_eq!(read(&file), Err(ProfileFileError::UnknownVersion { found: 0 }));
    file["format"] = json!("something-else");
    assert_eq!(read(&file), Err(ProfileFileError::OtherFormat));
    assert_eq!(read(&json!({})), Err(ProfileFileError::OtherFormat));
    let version_missing = json!({"format": "holdfast-offline-profile"});
    assert!(matches!(read(&version_missing), Err(ProfileFileError::Unreadable(_))));
}

#[test]
fn what_can_not_be_read_names_the_place() {
    let error = read_profile_file(&Json, "{\n \"format\": 3}").unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
    let mut file = written(&default_profile());
    file["profile"]["scopes"][0]["direction"] = json!("sideways");
    let error = read(&file).unwrap_err().to_string();
    assert!(error.contains("`sideways`") && error.contains("`download`"), "{error}");
    // As large as a file may be, it is read.
    let mut largest = write_profile_file(&Json, &default_profile()).expect("writes");
    largest.extend(std::iter::repeat_n(' ', PROFILE_FILE_BYTES_MAX - largest.len()));
    assert_eq!(read_profile_file(&Json, &largest).map(|read| read.profile), Ok(default_profile()));
    largest.push(' ');
    let bytes = PROFILE_FILE_BYTES_MAX + 1;
    assert_eq!(read_profile_file(&Json, &largest), Err(ProfileFileError::TooLarge { bytes }));
    assert_eq!(read_profile_file(&Json, &" ".repeat(bytes)), Err(ProfileFileError::TooLarge { bytes }));
    assert!(read_profile_file(&Json, &"[".repeat(100_000)).is_err());
}

#[test]
fn fields_that_nobody_knows_are_reported_with_their_place() {
    let mut file = written(&default_profile());
    file["author"] = json!("Ada");
    file["profile"]["device"]["colour"] = json!({"red": 1});
    file["profile"]["device"]["upload_transactions"]["minutes"] = json!(5);
    file["profile"]["scopes"][3]["tables"][1]["colums"] = json!(["sku"]);
    file["profile"]["scopes"][3]["tables"][1]["filter"] = json!(null);
    file["profile"]["nothing"] = json!(null);
    let read = read(&file).unwrap();
    assert_eq!(read.profile, default_profile());
    assert_eq!(
        read.unknown_fields,
        [
            "author",
            "profile.device.colour",
            "profile.device.upload_transactions.minutes",
            "profile.scopes[3].tables[1].colums",
        ]
    );
}

#[test]
fn fields_that_are_missing_get_their_defaults() {
    let mut file = written(&default_profile());
    file["profile"]["device"].as_object_mut().unwrap().remove("image_folder");
    assert_eq!(read(&file).unwrap().profile, default_profile());
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    let text = format!("\u{FEFF}{}", written(&default_profile()));
    assert_eq!(read_profile_file(&Json, &text).unwrap().profile, default_profile());
}
