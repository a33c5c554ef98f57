//! The back office as an administrator uses it: every step by what is on the screen.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::Outcome;
use crate::hands::Keyboard;
use crate::store_server::StoreServer;
use crate::till_page::TillPage;
use crate::waiting::wait_for;

/// How long a text may take to come: the page asks the store server again and again.
const TEXT_WITHIN: Duration = Duration::from_secs(15);

/// The back office in a browser.
pub struct BackOfficePage<'browser> {
    driver: &'browser WebDriver,
    page: TillPage<'browser>,
}

impl<'browser> BackOfficePage<'browser> {
    /// The back office in this session.
    pub fn new(driver: &'browser WebDriver) -> Self {
        BackOfficePage { driver, page: TillPage::new(driver) }
    }

    /// Opens the page; `query` goes behind its address.
    ///
    /// # Errors
    /// When the browser can't, or the sign-in does not come.
    pub async fn open(&self, server: &StoreServer, query: &str) -> Outcome {
        self.driver.goto(format!("{}/back-office/{query}", server.url())).await?;
        self.page.element("admin-password").await?;
        Ok(())
    }

    /// Opens the page and signs in.
    ///
    /// # Errors
    /// When a screen does not come.
    pub async fn sign_in(&self, server: &StoreServer) -> Outcome {
        self.open(server, "").await?;
        self.enter_password(server.admin_password()).await?;
        self.page.element("nav-registers").await?;
        Ok(())
    }

    /// Types a password and confirms it.
    ///
    /// # Errors
    /// When the field does not come.
    pub async fn enter_password(&self, password: &str) -> Outcome {
        let field = self.page.element("admin-password").await?;
        field.clear().await?;
        field.send_keys(format!("{password}\u{E007}")).await?;
        Ok(())
    }

    /// Taps an element; scrolls first, since the foot of the editor floats over what is below. Where that shows a scope,
    /// waits until it has the focus: the page scrolls to it.
    ///
    /// # Errors
    /// When it does not come, can't be tapped, or the scope does not get the focus.
    pub async fn press(&self, id: &str) -> Outcome {
        wait_for(&format!("a press of {id}"), TEXT_WITHIN, || async {
            let element = self.page.element(id).await.map_err(|error| error.to_string())?;
            element.scroll_into_view().await.map_err(|error| error.to_string())?;
            element.click().await.map_err(|error| error.to_string())
        })
        .await?;
        let is_line = id.strip_prefix("line-").is_some_and(|place| place.parse::<u16>().is_ok());
        if is_line || id == "scope-new" || id.starts_with("scope-existing-") {
            Keyboard::new(self.driver).wait_until_at("scope-heading").await?;
        }
        Ok(())
    }

    /// Chooses from a list by what the page calls the choice.
    ///
    /// # Errors
    /// When the list does not come or has no such choice.
    pub async fn choose(&self, id: &str, name: &str) -> Outcome {
        let list = self.page.element(id).await?;
        list.find(By::Css(format!("option[value=\"{name}\"]"))).await?.click().await?;
        Ok(())
    }

    /// The elements of the page, by test id.
    pub fn page(&self) -> &TillPage<'browser> {
        &self.page
    }

    /// Waits for a text on the page.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn wait_for_text(&self, text: &str) -> Outcome {
        self.page.wait_for_text(text, TEXT_WITHIN).await
    }
}
