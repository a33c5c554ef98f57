//! Every screen of both pages keeps the rules of all screens, in the pseudo-locale and in all sizes.

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::barriers::barriers_in;
use holdfast_browser_tests::browser::{Browser, Colours};
use holdfast_browser_tests::page_rules::{breaches, demo_texts, texts_without_message};
use holdfast_browser_tests::stage::{LANDSCAPE, PHONE, PORTRAIT};

use crate::screens;

const PSEUDO_LOCALE: &str = "?lang=qps";

/// A way through screens of one of the pages.
#[derive(Clone, Copy)]
enum Tour {
    Till,
    BackOffice,
    Rejected,
    Profiles,
}

impl Tour {
    async fn go(
        self,
        size: (u32, u32),
        query: &str,
        look: impl AsyncFnMut(&Browser, &str) -> Outcome,
    ) -> Outcome {
        match self {
            Tour::Till => screens::through_till(size, query, look).await,
            Tour::BackOffice => screens::through_back_office(size, query, look).await,
            Tour::Rejected => screens::through_rejected(size, query, look).await,
            Tour::Profiles => screens::through_profiles(size, query, look).await,
        }
    }

    /// Begins the names of its pictures.
    fn page(self) -> &'static str {
        match self {
            Tour::Till => "till",
            Tour::BackOffice | Tour::Rejected | Tour::Profiles => "back-office",
        }
    }
}

/// All text of the screens is from the message files or, like this, data.
async fn texts_come_from_messages(tour: Tour, data: &[&str]) -> Outcome {
    let mut known = demo_texts()?;
    known.extend(data.iter().map(|&text| text.to_owned()));
    let mut offending = Vec::new();
    tour.go(LANDSCAPE, PSEUDO_LOCALE, async |browser, screen| {
        collect(&mut offending, screen, texts_without_message(browser, &known).await?);
        Ok(())
    })
    .await?;
    assert!(offending.is_empty(), "not from the message files:\n{}", offending.join("\n"));
    Ok(())
}

/// Whatever can be operated has a name, a size for fingers and room, and axe finds no barrier in any colours; takes
/// a picture of each screen.
async fn can_be_operated(tour: Tour, sizes: &[(u32, u32)]) -> Outcome {
    let mut found = Vec::new();
    for &(width, height) in sizes {
        tour.go((width, height), "", async |browser, screen| {
            let picture = format!("{}-{width}x{height}-{}", tour.page(), screen.replace(' ', "-"));
            let place = format!("{width} × {height}, {screen}");
            browser.show_in(Colours::Light).await?;
            browser.screenshot(&picture).await?;
            collect(&mut found, &place, breaches(browser).await?);
            collect(&mut found, &place, barriers_in(browser, Colours::Light).await?);
            for colours in [Colours::Dark, Colours::Forced] {
                browser.show_in(colours).await?;
                browser.screenshot(&format!("{picture}-{}", colours.name())).await?;
                let here = barriers_in(browser, colours).await?;
                collect(&mut found, &format!("{place}, {}", colours.name()), here);
            }
            Ok(())
        })
        .await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

fn collect(all: &mut Vec<String>, place: &str, found: Vec<String>) {
    all.extend(found.iter().map(|one| format!("{place}: {one}")));
}

#[tokio::test]
async fn all_text_of_the_till_comes_from_the_message_files() -> Outcome {
    texts_come_from_messages(Tour::Till, &[screens::GOODS_NAME]).await
}

#[tokio::test]
async fn all_text_of_the_back_office_comes_from_the_message_files() -> Outcome {
    texts_come_from_messages(Tour::BackOffice, &[]).await
}

#[tokio::test]
async fn all_text_of_rejected_entries_comes_from_the_message_files() -> Outcome {
    // What the odd register says.
    let said = ["Ms Itō-Marlow", "Ms Itō", "The tablet was restored from a copy."];
    texts_come_from_messages(Tour::Rejected, &said).await
}

#[tokio::test]
async fn what_can_be_operated_on_the_till_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    can_be_operated(Tour::Till, &[LANDSCAPE, PORTRAIT]).await
}

#[tokio::test]
async fn what_can_be_operated_in_the_back_office_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    can_be_operated(Tour::BackOffice, &[LANDSCAPE, PORTRAIT, PHONE]).await
}

#[tokio::test]
async fn what_can_be_done_with_rejected_entries_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    can_be_operated(Tour::Rejected, &[LANDSCAPE, PORTRAIT, PHONE]).await
}

#[tokio::test]
async fn all_text_of_the_profile_editor_comes_from_the_message_files() -> Outcome {
    texts_come_from_messages(Tour::Profiles, &[screens::LONG_NAME, screens::HOSTILE_NAME]).await
}

#[tokio::test]
async fn what_can_be_operated_in_the_profile_editor_has_a_name_a_size_for_fingers_and_room() -> Outcome {
    can_be_operated(Tour::Profiles, &[LANDSCAPE, PORTRAIT, PHONE]).await
}
