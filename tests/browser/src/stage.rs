//! What most tests begin with: a store server on demo data and a till that is activated and signed in.

use std::collections::BTreeSet;
use std::time::Duration;

use tempfile::TempDir;

use crate::Outcome;
use crate::admin::Admin;
use crate::browser::Browser;
use crate::store_server::StoreServer;
use crate::till_page::TillPage;

/// The member of staff that tests sign in as: the demo shop's manager.
pub const STAFF: (&str, &str) = ("1", "1111");
/// Skus of the demo shop that are sold by the piece: one of each tax rate, zero, standard and reduced.
pub const SKUS: [&str; 3] = ["1001", "1311", "1577"];
/// A tablet lying on its side, CSS pixels.
pub const LANDSCAPE: (u32, u32) = (1280, 800);
/// A tablet standing up, CSS pixels.
pub const PORTRAIT: (u32, u32) = (820, 1180);
/// A phone, for the back office, CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);
/// How long a till that is online may take to send what waits.
pub const SENT_WITHIN: Duration = Duration::from_secs(30);

/// A store server and a browser with a till in it.
pub struct Stage {
    /// The store server.
    pub server: StoreServer,
    /// The browser.
    pub browser: Browser,
    /// The browser's folder.
    pub profile: TempDir,
}

impl Stage {
    /// A store server and a browser that shows nothing yet.
    ///
    /// # Errors
    /// When one of them does not start.
    pub async fn set((width, height): (u32, u32)) -> Outcome<Stage> {
        let server = StoreServer::start_demo()?;
        let profile = tempfile::tempdir()?;
        let browser = Browser::open(profile.path(), width, height).await?;
        Ok(Stage { server, browser, profile })
    }

    /// The same with register 1 activated, its catalogue downloaded and the manager signed in.
    ///
    /// # Errors
    /// When one of the steps fails.
    pub async fn ready_to_sell(size: (u32, u32)) -> Outcome<Stage> {
        let stage = Stage::set(size).await?;
        stage.begin_to_sell().await?;
        Ok(stage)
    }

    /// Activates register 1 in the browser, waits for its catalogue and signs the manager in.
    ///
    /// # Errors
    /// When one of the steps fails.
    pub async fn begin_to_sell(&self) -> Outcome {
        self.begin_to_sell_at(&self.server.url()).await
    }

    /// The same with the till's page at another address.
    ///
    /// # Errors
    /// When one of the steps fails.
    pub async fn begin_to_sell_at(&self, url: &str) -> Outcome {
        let till = self.till();
        till.open(url).await?;
        till.activate(&self.server.activation_code(1)?).await?;
        till.sign_in(STAFF.0, STAFF.1).await
    }

    /// A second browser with register 2 of the same store, activated and signed in.
    ///
    /// # Errors
    /// When one of the steps fails.
    pub async fn open_register_2(&self) -> Outcome<OtherRegister> {
        let folder = tempfile::tempdir()?;
        let browser = Browser::open(folder.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
        let till = TillPage::new(browser.driver());
        till.open(&self.server.url()).await?;
        till.activate(&self.server.activation_code(2)?).await?;
        till.sign_in(STAFF.0, STAFF.1).await?;
        Ok(OtherRegister { browser, _folder: folder })
    }

    /// The till in the browser.
    pub fn till(&self) -> TillPage<'_> {
        TillPage::new(self.browser.driver())
    }
}

/// The browser of another register.
pub struct OtherRegister {
    /// The browser.
    pub browser: Browser,
    _folder: TempDir,
}

impl OtherRegister {
    /// The till in it.
    pub fn till(&self) -> TillPage<'_> {
        TillPage::new(self.browser.driver())
    }
}

/// Sales as the tests know them, to be compared with what the store server has.
#[derive(Debug, Default)]
pub struct Takings {
    sales: Vec<(String, i64)>,
}

impl Takings {
    /// Notes a sale that a till has shown as finished.
    pub fn add(&mut self, receipt: String, due_minor: i64) {
        self.sales.push((receipt, due_minor));
    }

    /// How many sales.
    pub fn count(&self) -> usize {
        self.sales.len()
    }

    /// The receipt numbers in the order of the sales.
    pub fn receipts(&self) -> impl Iterator<Item = &str> {
        self.sales.iter().map(|(receipt, _)| receipt.as_str())
    }

    /// The store server has these sales of register 1, each once, without a gap in their numbers, each total and
    /// their sum to the penny.
    ///
    /// # Errors
    /// When the store server does not answer.
    ///
    /// # Panics
    /// When it has anything else.
    pub async fn check(&self, server: &StoreServer) -> Outcome {
        let distinct: BTreeSet<&str> = self.receipts().collect();
        assert_eq!(distinct.len(), self.count(), "a receipt number was given twice: {:?}", self.sales);
        let admin = Admin::sign_in(server).await?;
        let mut expected = self.sales.clone();
        expected.sort();
        assert_eq!(admin.sales(1).await?, expected);
        let audit = admin.audit(1).await?.ok_or("nothing arrived from register 1")?;
        assert_eq!(audit.total_minor, self.sales.iter().map(|(_, due)| due).sum::<i64>());
        assert_eq!(audit.receipts, self.count() as u64);
        assert_eq!(audit.duplicates, 0);
        assert_eq!(audit.receipt_min, 1);
        assert_eq!(audit.receipt_max, audit.receipts, "the receipt numbers have a gap");
        Ok(())
    }
}

/// Rings up one to three products, pays exactly in cash and goes on to the next customer.
///
/// # Errors
/// When the till does not come so far.
pub async fn sell(till: &TillPage<'_>, round: usize, takings: &mut Takings) -> Outcome {
    let lines = 1 + round % SKUS.len();
    for sku in SKUS.iter().take(lines) {
        till.scan(sku).await?;
    }
    till.element(&format!("basket-line-{lines}")).await?;
    let due = till.total_minor().await?;
    let receipt = till.pay_exact_cash().await?;
    till.next_customer().await?;
    takings.add(receipt, due);
    Ok(())
}
