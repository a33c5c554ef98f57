//! A look at what is on the screen: in every size and all colours of its page, with a picture of each, no rule of all
//! screens broken, and no barrier.

use crate::Outcome;
use crate::barriers::barriers_in;
use crate::browser::{Browser, Colours};
use crate::page_rules::breaches;
use crate::stage::{LANDSCAPE, PHONE, PORTRAIT};
use crate::till_page::TillPage;

/// Whose screen it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The till's, on tablets.
    Till,
    /// The back office's, on tablets and phones.
    BackOffice,
}

impl Of {
    /// Begins the names of the pictures.
    fn name(self) -> &'static str {
        match self {
            Of::Till => "till",
            Of::BackOffice => "back-office",
        }
    }

    /// The last one is what most tests work in.
    fn sizes(self) -> &'static [(u32, u32)] {
        match self {
            Of::Till => &[PORTRAIT, LANDSCAPE],
            Of::BackOffice => &[PORTRAIT, PHONE, LANDSCAPE],
        }
    }
}

/// Looks at the screen with an element in view; leaves the page in light colours and on a tablet lying on its side.
///
/// # Errors
/// When the driver fails, or the element does not come.
///
/// # Panics
/// When a rule is broken or there is a barrier.
pub async fn look(browser: &Browser, of: Of, name: &str, in_view: &str) -> Outcome {
    for &(width, height) in of.sizes() {
        browser.set_viewport(width, height).await?;
        TillPage::new(browser.driver()).element(in_view).await?.scroll_into_view().await?;
        let mut found = breaches(browser).await?;
        for colours in [Colours::Dark, Colours::Forced, Colours::Light] {
            browser.show_in(colours).await?;
            browser.screenshot(&format!("{}-{width}x{height}-{name}-{}", of.name(), colours.name())).await?;
            let here = barriers_in(browser, colours).await?;
            found.extend(here.into_iter().map(|one| format!("{}: {one}", colours.name())));
        }
        assert!(found.is_empty(), "{width} × {height}, {name}: {}", found.join("\n"));
    }
    Ok(())
}
