//! A profile is published with a preview, followed to its registers, and brought back; what it keeps is filtered and
//! counted; it leaves and comes back as a file.

use std::time::Duration;

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::admin::Admin;
use holdfast_browser_tests::back_office_page::BackOfficePage;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::look::{Of, look};
use holdfast_browser_tests::stage::{LANDSCAPE, Stage};
use holdfast_browser_tests::waiting::wait_for;
use thirtyfour::Key;

/// How long a register may take to move to a new version.
const MOVES_WITHIN: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_change_is_previewed_published_followed_and_brought_back() -> Outcome {
    let stage = Stage::ready_to_sell(LANDSCAPE).await?;
    let desk = tempfile::tempdir()?;
    let browser = Browser::open(desk.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
    let office = BackOfficePage::new(browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let first =
        admin.profile("Default pr.").await?["published"]["version"].as_u64().ok_or("not published")?;

    // Only dear products, only a few columns.
    page.tap("nav-profiles").await?;
    page.tap_first("[data-testid^=\"open-profile-\"]").await?;
    page.tap("line-5").await?;
    page.tap("table-filter-price").await?;
    page.tap("condition-add").await?;
    page.element("condition-column-1").await?.send_keys("Price").await?;
    page.element("condition-test-1").await?.send_keys("is over").await?;
    page.enter("condition-value-1", "dear").await?;
    office.wait_for_text("“dear” is not an amount.").await?;
    page.enter("condition-value-1", "2.00").await?;
    page.wait_for_text_in("filter-sentence", "Price is over £ 2.00", Duration::from_secs(10)).await?;
    page.tap("row-filter-done").await?;
    page.tap("line-4").await?;
    page.tap("table-fields-product").await?;
    page.tap("field-rank").await?;
    assert!(!page.element("field-sku").await?.is_enabled().await?, "a locked column can be left out");
    page.tap("field-list-done").await?;
    office.wait_for_text("5 of 6 fields").await?;

    page.tap("preview-publish").await?;
    page.element("plan-registers").await?;
    assert!(
        page.text("plan-stops").await?.contains("show the best sellers first"),
        "{}",
        page.text("plan-stops").await?
    );
    assert!(
        page.text("plan-changes").await?.contains("Products loses Rank."),
        "{}",
        page.text("plan-changes").await?
    );
    page.element("plan-register-1").await?;
    browser.screenshot("profile-publish-1280x800").await?;
    page.tap("publish").await?;
    page.element("rollout-1").await?;
    page.wait_for_text("Has it", MOVES_WITHIN).await?;
    browser.screenshot("profile-rollout-1280x800").await?;
    let second = admin.profile("Default pr.").await?["published"].clone();
    assert!(second["version"].as_u64() > Some(first), "{second}");

    // And back.
    page.tap("nav-profiles").await?;
    page.tap_first("[data-testid^=\"open-profile-\"]").await?;
    page.tap("tab-versions").await?;
    page.tap(&format!("roll-back-{first}")).await?;
    page.tap("roll-back-confirm").await?;
    page.element("rolled-back").await?;
    let third = admin.profile("Default pr.").await?;
    assert_eq!(third["published"]["restored_from"].as_u64(), Some(first));
    assert_eq!(third["draft"], third["published"]["profile"]);
    page.tap("nav-profiles").await?;
    page.tap("profile-changes").await?;
    office.wait_for_text("Profile rolled back").await?;
    office.wait_for_text("Profile published").await?;
    browser.close().await?;
    stage.browser.close().await
}

#[tokio::test]
async fn changes_that_were_never_published_are_shown_before_they_are_lost() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let shipped = admin.profile("Default pr.").await?;
    let first = shipped["published"]["version"].as_u64().ok_or("not published")?;
    admin.publish(|draft| draft["device"]["offline_timeout_s"] = 12.into()).await?;
    let save = async |seconds: u32| {
        let mut one = admin.profile("Default pr.").await?;
        one["draft"]["device"]["offline_timeout_s"] = seconds.into();
        let body = serde_json::json!({
            "base_revision": one["revision"], "profile": one["draft"], "renamed_scopes": [], "choices": {},
        });
        admin.change("PUT", &format!("profiles/{}", one["id"]), &body).await
    };
    save(34).await?;

    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    page.tap("nav-profiles").await?;
    page.tap(&format!("open-profile-{}", shipped["id"])).await?;
    page.tap("tab-versions").await?;
    page.tap(&format!("roll-back-{first}")).await?;
    page.tap("roll-back-confirm").await?;
    page.element("loses-draft").await?;
    page.wait_for_text("from 12 s to 34 s", MOVES_WITHIN).await?;
    assert!(page.text("loses-draft").await?.contains("admin saved the draft"), "who saved it");
    look(&stage.browser, Of::BackOffice, "roll-back-loses-draft", "loses-draft").await?;
    // Saved again while somebody reads: that is another question.
    save(35).await?;
    page.tap("roll-back-confirm").await?;
    page.wait_for_text("from 12 s to 35 s", MOVES_WITHIN).await?;
    assert_eq!(admin.profile("Default pr.").await?["draft"]["device"]["offline_timeout_s"], 35);
    page.tap("roll-back-confirm").await?;
    page.element("rolled-back").await?;
    assert_eq!(admin.profile("Default pr.").await?["draft"], shipped["draft"]);

    save(36).await?;
    page.tap("nav-profiles").await?;
    page.tap("restore-default").await?;
    page.element("loses-draft").await?;
    page.wait_for_text("to 36 s", MOVES_WITHIN).await?;
    look(&stage.browser, Of::BackOffice, "restore-default-loses-draft", "loses-draft").await?;
    page.tap("restore-default-confirm").await?;
    page.element("restored-default").await?;
    assert_eq!(admin.profile("Default pr.").await?["draft"], shipped["draft"]);
    stage.browser.close().await
}

#[tokio::test]
async fn a_profile_nobody_uses_is_deleted_after_a_while_and_one_in_use_is_not() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let id = admin.profile("Default pr.").await?["id"].as_u64().ok_or("no id")?;
    page.tap("nav-profiles").await?;
    assert!(!page.element(&format!("delete-{id}")).await?.is_enabled().await?);
    office.wait_for_text("It is the store's profile").await?;
    page.tap("profile-new").await?;
    page.enter("new-description", "Meant for another.").await?;
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;
    page.tap(&format!("duplicate-{id}")).await?;
    let description = "Everything a register needs to sell on its own.";
    assert_eq!(page.value("new-description").await?, description, "the original's");
    assert!(!page.has("new-without-unsaved").await?);
    page.tap("new-create").await?;
    page.element("line-7").await?;
    let copy = admin.profile("Default pr., copy").await?;
    assert_eq!(copy["draft"]["description"], description);
    let copy = copy["id"].as_u64().ok_or("no id")?;
    // A copy is made of what is saved, and it is said where that is not all.
    page.tap("nav-profiles").await?;
    page.tap(&format!("open-profile-{id}")).await?;
    page.tap("tab-general").await?;
    page.enter("profile-description", "Not saved.").await?;
    page.tap("nav-profiles").await?;
    page.tap(&format!("duplicate-{id}")).await?;
    page.element("new-without-unsaved").await?;
    assert_eq!(page.value("new-description").await?, description);
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;
    page.tap("nav-profiles").await?;
    page.tap(&format!("delete-{copy}")).await?;
    page.tap("undo-delete").await?;
    page.tap(&format!("delete-{copy}")).await?;
    wait_for("one profile", Duration::from_secs(20), || async {
        match admin.profile("Default pr., copy").await {
            Ok(_) => Err("the copy is still there"),
            Err(_) => Ok(()),
        }
    })
    .await?;
    stage.browser.close().await
}

#[tokio::test]
async fn a_profile_leaves_as_a_file_and_comes_back_with_what_is_wrong_in_it() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let id = &admin.profile("Default pr.").await?["id"];
    let mut file = admin.get(&format!("profiles/{id}/file")).await?;
    file["profile"]["name"] = "From elsewhere".into();
    file["profile"]["device"]["offline_timeout_s"] = 0.into();
    file["profile"]["device"]["colour"] = "red".into();
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("profile.json");
    std::fs::write(&path, file.to_string())?;

    page.tap("nav-profiles").await?;
    page.element("profiles").await?;
    let choose = async |path: &std::path::Path| {
        let input =
            stage.browser.driver().find(thirtyfour::By::Css("[data-testid=\"profile-file\"]")).await?;
        input.send_keys(path.to_string_lossy()).await?;
        Outcome::Ok(())
    };
    let photo = folder.path().join("photo.jpg");
    for (content, said) in
        [(&[0xff, 0xd8, 0xff, 0xe0][..], "The file is no text"), (b"", "The file is empty")]
    {
        std::fs::write(&photo, content)?;
        choose(&photo).await?;
        for words in ["This file can't be taken", "Choose a file that Export file made", said] {
            page.wait_for_text_in("import-failed", words, Duration::from_secs(20)).await?;
        }
        stage.browser.driver().action_chain().send_keys(thirtyfour::Key::Escape).perform().await?;
    }
    choose(&path).await?;
    page.element("import-read").await?;
    page.enter("import-name", "From afar").await?;
    stage.browser.driver().refresh().await?;
    assert_eq!(page.value("import-name").await?, "From afar");
    assert!(page.text("import-unknown").await?.contains("profile.device.colour"));
    assert!(page.text("import-findings").await?.contains("at least 1 second."));
    look(&stage.browser, Of::BackOffice, "import-with-findings", "import-findings").await?;
    page.tap("import-save").await?;
    page.tap("show-me").await?;
    page.enter("device-offline-timeout", "12").await?;
    page.tap("save").await?;
    page.wait_for_text("Saved ", Duration::from_secs(20)).await?;
    let draft = admin.profile("From afar").await?["draft"].clone();
    assert_eq!(draft["device"]["offline_timeout_s"], 12);
    stage.browser.close().await
}

#[tokio::test]
async fn what_changes_other_profiles_too_is_asked_first_and_an_unused_scope_can_be_deleted() -> Outcome {
    let stage = Stage::set(LANDSCAPE).await?;
    let admin = Admin::sign_in(&stage.server).await?;
    let shipped = admin.profile("Default pr.").await?;
    let id = &shipped["id"];
    let first = shipped["published"]["version"].as_u64().ok_or("not published")?;
    let copy = serde_json::json!({ "name": "Sunday market", "description": "", "copy_of": id });
    admin.change("POST", "profiles", &copy).await?;
    // Both have the scope, so this changes in both.
    let second = admin.publish(|draft| draft["scopes"][4]["description"] = "Second.".into()).await?;
    admin.publish(|draft| draft["scopes"][4]["description"] = "Third.".into()).await?;
    let prices = async || admin.profile("Sunday market").await.map(|one| one["draft"]["scopes"][4].clone());
    assert_eq!(prices().await?["description"], "Third.");

    let office = BackOfficePage::new(stage.browser.driver());
    let page = office.page();
    office.sign_in(&stage.server).await?;
    page.tap("nav-profiles").await?;
    page.tap(&format!("open-profile-{id}")).await?;
    page.tap("tab-versions").await?;
    // What comes late of one version is no answer to the question for another.
    stage.browser.hold_answers("POST", "rollback").await?;
    page.tap(&format!("roll-back-{second}")).await?;
    page.tap("roll-back-confirm").await?;
    stage.browser.wait_for_held_answer().await?;
    stage.browser.driver().action_chain().send_keys(Key::Escape).perform().await?;
    page.tap(&format!("roll-back-{first}")).await?;
    stage.browser.release_answers().await?;
    wait_for("the late answer", MOVES_WITHIN, || async {
        let confirm = page.element("roll-back-confirm").await.map_err(|error| error.to_string())?;
        match confirm.is_enabled().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it is still waited for".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    assert!(!page.has("changes-others").await?, "{}", page.text("roll-back-dialog").await?);
    page.tap("roll-back-confirm").await?;
    page.element("changes-others").await?;
    let said = page.text("roll-back-dialog").await?;
    assert!(said.contains("Sunday market"), "{said}");
    look(&stage.browser, Of::BackOffice, "roll-back-changes-others", "changes-others").await?;
    assert_eq!(prices().await?["description"], "Third.", "it was not said that this is meant");
    page.tap("roll-back-confirm").await?;
    page.element("rolled-back").await?;
    assert_eq!(prices().await?, shipped["draft"]["scopes"][4]);

    // A scope of its own, and what ships again: the scope is nobody's then.
    admin
        .publish(|draft| {
            let mut scope = draft["scopes"][3].clone();
            let barcodes = draft["scopes"][3]["tables"].as_array_mut().and_then(Vec::pop);
            scope["name"] = "Christmas".into();
            scope["tables"] = serde_json::json!([barcodes]);
            if let Some(scopes) = draft["scopes"].as_array_mut() {
                scopes.push(scope);
            }
        })
        .await?;
    page.tap("nav-profiles").await?;
    page.tap("restore-default").await?;
    page.element("changes-others").await?;
    let said = page.text("restore-default-dialog").await?;
    assert!(said.contains("Sunday market"), "{said}");
    look(&stage.browser, Of::BackOffice, "restore-default-changes-others", "changes-others").await?;
    page.tap("restore-default-confirm").await?;
    page.element("restored-default").await?;
    assert_eq!(admin.profile("Default pr.").await?["draft"], shipped["draft"]);
    let unused = page.text("unused-scopes").await?;
    assert!(unused.contains("Christmas"), "{unused}");
    look(&stage.browser, Of::BackOffice, "unused-scopes", "unused-scopes").await?;
    page.tap("delete-scope").await?;
    page.element("delete-scope-confirm").await?;
    look(&stage.browser, Of::BackOffice, "delete-scope", "delete-scope-dialog").await?;
    page.tap("delete-scope-confirm").await?;
    wait_for("no unused scope", MOVES_WITHIN, || async {
        match page.has("unused-scopes").await {
            Ok(false) => Ok(()),
            Ok(true) => Err("it is still there".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
    .await?;
    stage.browser.close().await
}
