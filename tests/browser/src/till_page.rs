//! The till as a cashier uses it: every step by what is on the screen.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::Outcome;
use crate::waiting::wait_for;

/// How long a screen may take to come.
const SCREEN_WITHIN: Duration = Duration::from_secs(30);

/// The page of a till in a browser.
pub struct TillPage<'browser> {
    driver: &'browser WebDriver,
}

impl<'browser> TillPage<'browser> {
    /// The till in this session.
    pub fn new(driver: &'browser WebDriver) -> Self {
        TillPage { driver }
    }

    /// An element by its test id, as soon as it is there and can be seen.
    ///
    /// # Errors
    /// When it does not come; the page's text is in the message.
    pub async fn element(&self, id: &str) -> Outcome<WebElement> {
        let found = wait_for(&format!("an element {id}"), SCREEN_WITHIN, || async {
            let element = self
                .driver
                .find(By::Css(format!("[data-testid=\"{id}\"]")))
                .await
                .map_err(|e| e.to_string())?;
            match element.is_displayed().await {
                Ok(true) => Ok(element),
                Ok(false) => Err("it is hidden".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => {
                let (text, console) = (self.page_text().await?, self.console().await?);
                Err(format!("{error}\nthe page says:\n{text}\nits console:\n{console}").into())
            }
        }
    }

    /// All text that can be seen on the page.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn page_text(&self) -> Outcome<String> {
        Ok(self.driver.find(By::Tag("body")).await?.text().await?)
    }

    /// Warnings and errors that the page has logged since the last call.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn console(&self) -> Outcome<String> {
        let entries = self.driver.browser_log().await?;
        Ok(entries.iter().map(|entry| format!("{}: {}\n", entry.level, entry.message)).collect())
    }

    /// Waits until the page shows `text` somewhere.
    ///
    /// # Errors
    /// When it does not within `within`; what it shows instead is in the message.
    pub async fn wait_for_text(&self, text: &str, within: Duration) -> Outcome {
        wait_for(&format!("the text “{text}”"), within, || async {
            match self.page_text().await {
                Ok(seen) if seen.contains(text) => Ok(()),
                Ok(seen) => Err(seen),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Waits until an element says `words` somewhere in its text.
    ///
    /// # Errors
    /// When it does not within `within`; what it says instead is in the message.
    pub async fn wait_for_text_in(&self, id: &str, words: &str, within: Duration) -> Outcome {
        wait_for(&format!("“{words}” in {id}"), within, || async {
            match self.text(id).await {
                Ok(said) if said.contains(words) => Ok(()),
                Ok(said) => Err(said),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Whether an element is on the page now.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn has(&self, id: &str) -> Outcome<bool> {
        Ok(!self.driver.find_all(By::Css(format!("[data-testid=\"{id}\"]"))).await?.is_empty())
    }

    /// Taps an element; tries again where a change of the page took it away under the finger.
    ///
    /// # Errors
    /// When it does not come or can't be tapped.
    pub async fn tap(&self, id: &str) -> Outcome {
        wait_for(&format!("a tap on {id}"), SCREEN_WITHIN, || async {
            let element = self.element(id).await.map_err(|error| error.to_string())?;
            element.click().await.map_err(|error| error.to_string())
        })
        .await
    }

    /// Taps the first element that a CSS selector finds, once there is one.
    ///
    /// # Errors
    /// When it does not come or can't be tapped.
    pub async fn tap_first(&self, selector: &str) -> Outcome {
        wait_for(&format!("a tap on {selector}"), SCREEN_WITHIN, || async {
            let element = self.driver.find(By::Css(selector)).await.map_err(|error| error.to_string())?;
            element.click().await.map_err(|error| error.to_string())
        })
        .await
    }

    /// Taps an element if it is there now.
    ///
    /// # Errors
    /// When the driver fails, or the element went while it was tapped.
    pub async fn tap_if_there(&self, id: &str) -> Outcome {
        for element in self.driver.find_all(By::Css(format!("[data-testid=\"{id}\"]"))).await? {
            element.click().await?;
        }
        Ok(())
    }

    /// How many elements a CSS selector finds now.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn count(&self, selector: &str) -> Outcome<usize> {
        Ok(self.driver.find_all(By::Css(selector)).await?.len())
    }

    /// The first cells of the rows that a CSS selector finds now, a line for each row.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn cells(&self, rows: &str, first: usize) -> Outcome<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((row) => \
            [...row.children].slice(0, arguments[1]).map((cell) => cell.innerText.trim()).join(\" | \"))";
        Ok(self.driver.execute(script, vec![rows.into(), first.into()]).await?.convert()?)
    }

    /// The text of an element.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn text(&self, id: &str) -> Outcome<String> {
        Ok(self.element(id).await?.text().await?)
    }

    /// An attribute of an element; empty where it has none.
    ///
    /// # Errors
    /// When the element does not come.
    pub async fn attribute(&self, id: &str, name: &str) -> Outcome<String> {
        Ok(self.element(id).await?.attr(name).await?.unwrap_or_default())
    }

    /// Types into a field, in the place of what was there.
    ///
    /// # Errors
    /// When it does not come or takes nothing.
    pub async fn enter(&self, id: &str, text: &str) -> Outcome {
        let field = self.element(id).await?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// What is in a field.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn value(&self, id: &str) -> Outcome<String> {
        Ok(self.element(id).await?.prop("value").await?.unwrap_or_default())
    }

    /// Opens the customers' dialog, where it is not open.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open_customers(&self) -> Outcome {
        if !self.element_is_shown("customer-search").await? {
            self.tap("customer").await?;
        }
        wait_for("the customers' dialog", SCREEN_WITHIN, || async {
            match self.element_is_shown("customer-search").await {
                Ok(true) => Ok(()),
                Ok(false) => Err("closed".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Opens the customers' dialog and looks for one; there must be exactly one.
    ///
    /// # Errors
    /// When nobody or more than one is found.
    pub async fn find_customer(&self, query: &str) -> Outcome {
        self.open_customers().await?;
        self.enter("customer-search", query).await?;
        wait_for("one customer", SCREEN_WITHIN, || async {
            match self.driver.find_all(By::Css("[data-testid=\"customer-hit\"]")).await {
                Ok(hits) if hits.len() == 1 => Ok(()),
                Ok(hits) => Err(format!("{} customers", hits.len())),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Opens the fields of the customer that a search finds.
    ///
    /// # Errors
    /// When they don't come.
    pub async fn begin_to_change_customer(&self, query: &str) -> Outcome {
        self.find_customer(query).await?;
        self.tap("customer-change").await?;
        self.element("customer-save").await?;
        Ok(())
    }

    async fn element_is_shown(&self, id: &str) -> Outcome<bool> {
        let found = self.driver.find_all(By::Css(format!("[data-testid=\"{id}\"]"))).await?;
        match found.first() {
            Some(element) => Ok(element.is_displayed().await?),
            None => Ok(false),
        }
    }

    /// Opens the till's page.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn open(&self, url: &str) -> Outcome {
        self.driver.goto(url).await?;
        Ok(())
    }

    /// Activates the register with `code` and waits until it can sell.
    ///
    /// # Errors
    /// When the sign-in screen does not come.
    pub async fn activate(&self, code: &str) -> Outcome {
        let field = self.element("activation-code").await?;
        field.clear().await?;
        field.send_keys(code).await?;
        self.tap("activate").await
    }

    /// Signs in with a PIN.
    ///
    /// # Errors
    /// When a screen does not come.
    pub async fn sign_in(&self, staff: &str, pin: &str) -> Outcome {
        self.tap(&format!("staff-{staff}")).await?;
        self.enter_pin(pin).await?;
        self.element("search").await?;
        Ok(())
    }

    /// Taps a PIN on the pad and confirms it.
    ///
    /// # Errors
    /// When a key does not come.
    pub async fn enter_pin(&self, pin: &str) -> Outcome {
        for digit in pin.chars() {
            self.tap(&format!("pin-{digit}")).await?;
        }
        self.tap("pin-ok").await
    }

    /// The connection's state and the number of waiting entries, as shown.
    ///
    /// # Errors
    /// When the pill is not there.
    pub async fn connection(&self) -> Outcome<(String, u64)> {
        let pill = self.element("connection").await?;
        let mode = pill.attr("data-mode").await?.unwrap_or_default();
        let waiting = pill.attr("data-waiting").await?.unwrap_or_default().parse().unwrap_or(u64::MAX);
        Ok((mode, waiting))
    }

    /// Waits until the connection pill shows `mode`.
    ///
    /// # Errors
    /// When it does not within `within`.
    pub async fn wait_for_mode(&self, mode: &str, within: Duration) -> Outcome {
        wait_for(&format!("the connection “{mode}”"), within, || async {
            match self.connection().await {
                Ok((seen, _)) if seen == mode => Ok(()),
                Ok((seen, waiting)) => Err(format!("{seen}, {waiting} waiting")),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Waits until nothing waits to be sent.
    ///
    /// # Errors
    /// When something still does after `within`.
    pub async fn wait_until_sent(&self, within: Duration) -> Outcome {
        wait_for("everything sent", within, || async {
            match self.connection().await {
                Ok((mode, 0)) if mode == "online" => Ok(()),
                Ok((mode, waiting)) => Err(format!("{mode}, {waiting} waiting")),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Puts a product into the basket as a scanner or a quick typist does: its sku or barcode and Enter.
    ///
    /// # Errors
    /// When the search field does not come.
    pub async fn scan(&self, code: &str) -> Outcome {
        let field = self.element("search").await?;
        field.send_keys(format!("{code}\u{E007}")).await?;
        Ok(())
    }

    /// What is due, as on the screen, in minor units.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn total_minor(&self) -> Outcome<i64> {
        minor(&self.text("basket-total").await?)
    }

    /// Pays the basket in cash, exactly, and gives the receipt number once the till shows the sale as finished.
    ///
    /// # Errors
    /// When a screen does not come.
    pub async fn pay_exact_cash(&self) -> Outcome<String> {
        self.tender_exact_cash().await?;
        self.tap("finish-sale").await?;
        self.text("receipt-number").await
    }

    /// Goes as far as exact cash on the counter: only the tap on `finish-sale` is missing.
    ///
    /// # Errors
    /// When a screen does not come.
    pub async fn tender_exact_cash(&self) -> Outcome {
        self.tap("pay").await?;
        self.tap("quick-0").await?;
        self.element("finish-sale").await?;
        Ok(())
    }

    /// The receipt numbers in the register's own list of sales, the newest first; comes back to the sale.
    ///
    /// # Errors
    /// When a screen does not come.
    pub async fn receipts_on_register(&self) -> Outcome<Vec<String>> {
        self.tap("menu").await?;
        self.tap("menu-sales").await?;
        self.element("sales-list").await?;
        let mut receipts = Vec::new();
        for row in self.driver.find_all(By::Css("[data-testid^=\"sale-row-\"]")).await? {
            receipts.push(row.attr("data-receipt").await?.unwrap_or_default());
        }
        self.tap("back").await?;
        Ok(receipts)
    }

    /// Goes on to the next customer.
    ///
    /// # Errors
    /// When the screen does not come.
    pub async fn next_customer(&self) -> Outcome {
        self.tap("next-customer").await?;
        self.element("search").await?;
        Ok(())
    }
}

/// Minor units in a text like `£ 1,234.56` or `− £ 3.00`.
///
/// # Errors
/// When there are no digits.
pub fn minor(text: &str) -> Outcome<i64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let amount: i64 = digits.parse().map_err(|_| format!("no amount in “{text}”"))?;
    Ok(if text.contains(['-', '−']) { -amount } else { amount })
}
