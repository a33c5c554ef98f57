//! Every screen of both pages keeps the rules of all screens, in the pseudo-locale and in all sizes.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::page_rules::{breaches, demo_texts, texts_without_message};
use holdfast_browser_tests::stage::{LANDSCAPE, PHONE, PORTRAIT};

use crate::screens;

const PSEUDO_LOCALE: &str = "?lang=qps";

fn collect(all: &mut Vec<String>, place: &str, found: Vec<String>) {
    all.extend(found.iter().map(|one| format!("{place}: {one}")));
}

#[tokio::test]
async fn all_text_of_the_till_comes_from_the_message_files() -> Outcome {
    let data = demo_texts()?;
    let mut offending = Vec::new();
    screens::through_till(LANDSCAPE, PSEUDO_LOCALE, async |browser, screen| {
        collect(&mut offending, screen, texts_without_message(browser, &data).await?);
        Ok(())
    })
    .await?;
    assert!(offending.is_empty(), "not from the message files:\n{}", offending.join("\n"));
    Ok(())
}

#[tokio::test]
async fn all_text_of_the_back_office_comes_from_the_message_files() -> Outcome {
    let data = demo_texts()?;
    let mut offending = Vec::new();
    screens::through_back_office(LANDSCAPE, PSEUDO_LOCALE, async |browser, screen| {
        collect(&mut offending, screen, texts_without_message(browser, &data).await?);
        Ok(())
    })
    .await?;
    assert!(offending.is_empty(), "not from the message files:\n{}", offending.join("\n"));
    Ok(())
}

#[tokio::test]
async fn what_can_be_operated_on_the_till_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    let mut found = Vec::new();
    for (width, height) in [LANDSCAPE, PORTRAIT] {
        screens::through_till((width, height), "", async |browser, screen| {
            browser.screenshot(&format!("till-{width}x{height}-{}", screen.replace(' ', "-"))).await?;
            collect(&mut found, &format!("{width} × {height}, {screen}"), breaches(browser).await?);
            Ok(())
        })
        .await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[tokio::test]
async fn what_can_be_operated_in_the_back_office_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    let mut found = Vec::new();
    for (width, height) in [LANDSCAPE, PORTRAIT, PHONE] {
        screens::through_back_office((width, height), "", async |browser, screen| {
            browser.screenshot(&format!("back-office-{width}x{height}-{}", screen.replace(' ', "-"))).await?;
            collect(&mut found, &format!("{width} × {height}, {screen}"), breaches(browser).await?);
            Ok(())
        })
        .await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[tokio::test]
async fn all_text_of_rejected_entries_comes_from_the_message_files() -> Outcome {
    let mut data = demo_texts()?;
    // What the odd register says.
    data.extend(["Ms Itō-Marlow", "Ms Itō", "The tablet was restored from a copy."].map(str::to_owned));
    let mut offending = Vec::new();
    screens::through_rejected(LANDSCAPE, PSEUDO_LOCALE, async |browser, screen| {
        collect(&mut offending, screen, texts_without_message(browser, &data).await?);
        Ok(())
    })
    .await?;
    assert!(offending.is_empty(), "not from the message files:\n{}", offending.join("\n"));
    Ok(())
}

#[tokio::test]
async fn what_can_be_done_with_rejected_entries_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    let mut found = Vec::new();
    for (width, height) in [LANDSCAPE, PORTRAIT, PHONE] {
        screens::through_rejected((width, height), "", async |browser, screen| {
            browser.screenshot(&format!("back-office-{width}x{height}-{}", screen.replace(' ', "-"))).await?;
            collect(&mut found, &format!("{width} × {height}, {screen}"), breaches(browser).await?);
            Ok(())
        })
        .await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}
