//! Profiles as files.

use axum::http::{StatusCode, header};
use holdfast_profile::{
    ColumnKind, FILTER_BYTES_MAX, FilterValue, Frequency, Profile, RowFilter, Test, default_profile,
};
use serde_json::{Value, json};

use super::{copied, detail, draft_of, save, saved};
use crate::support::TestServer;

#[tokio::test]
async fn a_profile_that_was_exported_is_imported_as_it_was() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let file = admin.get("/api/admin/profiles/1/file").await;
    assert_eq!(file.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(
        file.header(header::CONTENT_DISPOSITION),
        "attachment; filename=\"offline-profile-default-pr.json\""
    );
    let read = admin.post("/api/admin/profiles/import", &file.text()).await.json();
    assert_eq!(
        (&read["unknown_fields"], &read["findings"], &read["existing"]),
        (&json!([]), &json!([]), &json!(1))
    );
    assert_eq!(read["profile"], serde_json::to_value(default_profile()).unwrap());
    assert_eq!(admin.get("/api/admin/profiles").await.json()["profiles"].as_array().unwrap().len(), 1);

    let taken = admin
        .post("/api/admin/profiles/import/save", &json!({ "profile": read["profile"] }).to_string())
        .await;
    assert_eq!(taken.json_problem(), (422, "profile_invalid".to_owned()));
    assert_eq!(taken.json()["findings"][0]["field"], "name");
    let mut renamed = default_profile();
    renamed.name = "Garden".to_owned();
    let body = json!({ "profile": renamed }).to_string();
    let made = admin.post("/api/admin/profiles/import/save", &body).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(draft_of(&made.json()), renamed);
    assert_eq!(super::trail(&admin).await[0], ("profile_imported".to_owned(), "Garden".to_owned()));
}

#[tokio::test]
async fn a_file_with_another_scope_of_a_name_changes_no_other_profile() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let mut foreign = default_profile();
    foreign.name = "From elsewhere".to_owned();
    foreign.scopes[2].frequency = Frequency::ByHand;
    let body = json!({ "profile": foreign }).to_string();
    let made = admin.post("/api/admin/profiles/import/save", &body).await.json();
    assert_eq!(draft_of(&made).scopes[2].name, "Staff 2");
    assert_eq!(draft_of(&made).scopes[2].frequency, Frequency::ByHand);
    assert_eq!(draft_of(&detail(&admin, 1).await), default_profile());
}

#[tokio::test]
async fn what_a_file_says_beyond_this_version_is_named() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let text = admin.get("/api/admin/profiles/1/file").await.text();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    file["profile"]["colour"] = json!("red");
    file["profile"]["device"]["offline_timeout_s"] = json!(0);
    let read = admin.post("/api/admin/profiles/import", &file.to_string()).await.json();
    assert_eq!(read["unknown_fields"], json!(["profile.colour"]));
    assert_eq!(read["findings"][0]["field"], "device.offline_timeout_s");
    // So many are named, and of more than that the first ones.
    for (count, named) in [(99, 99), (100, 100), (101, 100)] {
        let mut colourful: Value = serde_json::from_str(&text).unwrap();
        let fields = colourful["profile"]["device"].as_object_mut().unwrap();
        fields.extend((0..count).map(|at| (format!("colour_{at:03}"), json!(at))));
        let read = admin.post("/api/admin/profiles/import", &colourful.to_string()).await.json();
        let unknown = read["unknown_fields"].as_array().unwrap();
        assert_eq!((unknown.len(), &unknown[98]), (named, &json!("profile.device.colour_098")), "{count}");
    }
    file["format_version"] = json!(99);
    for text in ["", "[]", "{}", "null", "\u{0}", &file.to_string(), &"[".repeat(100_000)] {
        let answer = admin.post("/api/admin/profiles/import", text).await;
        assert_eq!(
            answer.json_problem(),
            (422, "field_invalid".to_owned()),
            "{}",
            &text[..text.len().min(30)]
        );
        assert_eq!(answer.json()["field"], "file");
    }
    let large = "x".repeat(2_000_000);
    assert_eq!(
        admin.post("/api/admin/profiles/import", &large).await.json_problem(),
        (413, "too_large".to_owned())
    );
}

/// `Default pr.` with a filter of each table that may have one, each with so many values more than fit.
fn with_long_filters(more: usize) -> Profile {
    let mut profile = default_profile();
    for entry in profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables) {
        if !entry.table.may_be_filtered() {
            continue;
        }
        let columns = entry.table.columns();
        let column = columns.iter().find(|column| column.kind == ColumnKind::Text).unwrap().name;
        let value = |at: usize| FilterValue::Text(format!("{at:04}{}", "𝄞".repeat(196)));
        let of =
            |count: usize| RowFilter::of(column, Test::OneOf { values: (0..count).map(value).collect() });
        let fit = (1..).take_while(|count| of(*count).text_bytes() <= FILTER_BYTES_MAX).last().unwrap();
        entry.filter = Some(of(fit + more));
    }
    profile
}

#[tokio::test]
async fn filters_as_long_as_may_be_are_saved_exported_and_imported_and_longer_ones_are_named() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let long = with_long_filters(0);
    let made = saved(&admin, 1, 1, &long).await;
    assert_eq!(draft_of(&made["detail"]), long);
    let file = admin.get("/api/admin/profiles/1/file").await.text();
    assert!(file.len() > 400_000, "{} bytes", file.len());
    let read = admin.post("/api/admin/profiles/import", &file).await.json();
    assert_eq!((&read["findings"], &read["unknown_fields"]), (&json!([]), &json!([])));
    assert_eq!(serde_json::from_value::<Profile>(read["profile"].clone()).unwrap(), long);
    let again = Profile { name: "Again".to_owned(), ..long };
    let body = json!({ "profile": again }).to_string();
    let made = admin.post("/api/admin/profiles/import/save", &body).await;
    assert_eq!((made.status, draft_of(&made.json())), (StatusCode::CREATED, again));

    let refused = save(&admin, 1, 2, &with_long_filters(1)).await;
    assert_eq!(refused.json_problem(), (422, "profile_invalid".to_owned()));
    let finding = &refused.json()["findings"][0];
    assert!(finding["field"].as_str().unwrap().ends_with(".filter"), "{finding}");
    assert!(finding["mend"].as_str().unwrap().contains("name fewer values"), "{finding}");
}

#[tokio::test]
async fn a_profile_that_has_the_name_takes_the_file_as_a_save() {
    let server = TestServer::start().await;
    let admin = server.administrator().await;
    let id = copied(&admin, "Garden").await;
    let mut file = default_profile();
    file.scopes[2].frequency = Frequency::ByHand;
    saved(&admin, 1, 1, &file).await;
    assert_eq!(
        draft_of(&detail(&admin, id).await).scopes,
        file.scopes,
        "the administrator changed the scope"
    );
}
