//! The power goes between the tap that finishes a sale and its receipt.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use holdfast_browser_tests::Outcome;
use holdfast_browser_tests::browser::Browser;
use holdfast_browser_tests::stage::{LANDSCAPE, SENT_WITHIN, SKUS, STAFF, Stage, Takings};
use holdfast_browser_tests::till_page::TillPage;

/// Kills in steps over [`SPAN`].
const SWEEP_KILLS: u32 = 7;
/// Kills after them, around the moment at which the sale is written.
const AIMED_KILLS: u32 = 7;
/// The latest kill after the tap.
const SPAN: Duration = Duration::from_millis(60);
/// `HOLDFAST_SEED` repeats a run's delays.
const SEED_VARIABLE: &str = "HOLDFAST_SEED";

#[tokio::test]
async fn a_sale_is_wholly_kept_or_was_never_shown_as_finished_whenever_the_browser_is_killed() -> Outcome {
    let seed = seed()?;
    println!("{SEED_VARIABLE}={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let Stage { server, mut browser, profile } = Stage::ready_to_sell(LANDSCAPE).await?;

    // One sale as it should be.
    let mut kept = Takings::default();
    let mut shown = Vec::new();
    let till = TillPage::new(browser.driver());
    till.scan(SKUS[0]).await?;
    till.element("basket-line-1").await?;
    let price = till.total_minor().await?;
    kept.add(till.pay_exact_cash().await?, price);

    let mut aim = Aim::default();
    for kill in 0..SWEEP_KILLS + AIMED_KILLS {
        let till = TillPage::new(browser.driver());
        if till.has("next-customer").await? {
            till.next_customer().await?;
        }
        if !till.has("basket-line-1").await? {
            till.scan(SKUS[0]).await?;
            till.element("basket-line-1").await?;
        }
        till.tender_exact_cash().await?;

        let delay = aim.delay(kill, random.f64());
        let seen = tokio::select! {
            receipt = finish(&browser) => Some(receipt?),
            () = tokio::time::sleep(delay) => None,
        };
        browser.kill()?;

        browser = Browser::open(profile.path(), LANDSCAPE.0, LANDSCAPE.1).await?;
        let till = TillPage::new(browser.driver());
        till.open(&server.url()).await?;
        till.sign_in(STAFF.0, STAFF.1).await?;
        let basket_is_open = till.has("basket-line-1").await?;
        let on_register = till.receipts_on_register().await?;
        let new = on_register.iter().find(|receipt| !kept.receipts().any(|known| known == receipt.as_str()));
        println!("killed after {delay:?}: shown {seen:?}, kept {new:?}, basket open {basket_is_open}");
        assert_eq!(new.is_some(), !basket_is_open, "the sale must be kept, or its basket still be open");
        aim.learn(delay, new.is_some());
        if let Some(new) = new {
            kept.add(new.clone(), price);
        }
        shown.extend(seen);
        assert_eq!(on_register.len(), kept.count(), "more than one sale was made of one basket");
    }

    let on_register: BTreeSet<&str> = kept.receipts().collect();
    for receipt in &shown {
        assert!(on_register.contains(receipt.as_str()), "{receipt} was shown as finished and is gone");
    }
    TillPage::new(browser.driver()).wait_until_sent(SENT_WITHIN).await?;
    kept.check(&server).await?;
    browser.close().await
}

/// Where to aim: the latest kill that came before the sale was written and the earliest that came after it.
#[derive(Debug)]
struct Aim {
    before: Duration,
    after: Duration,
}

impl Default for Aim {
    fn default() -> Self {
        Aim { before: Duration::ZERO, after: SPAN }
    }
}

impl Aim {
    /// How long after the tap to kill: first in steps over the whole span, then around the writing. `random` is 0–1.
    fn delay(&self, kill: u32, random: f64) -> Duration {
        if kill < SWEEP_KILLS {
            let step = SPAN / SWEEP_KILLS;
            return step * kill + step.mul_f64(random);
        }
        let (from, to) = (self.before.min(self.after) / 2, self.before.max(self.after));
        from + (to - from).mul_f64(random)
    }

    fn learn(&mut self, delay: Duration, was_kept: bool) {
        if was_kept {
            self.after = self.after.min(delay);
        } else {
            self.before = self.before.max(delay);
        }
    }
}

/// Taps `finish-sale` and waits until the page shows the receipt's number.
async fn finish(browser: &Browser) -> Outcome<String> {
    let number = browser.script_async(include_str!("../src/scripts/finish_and_watch.js"), vec![]).await?;
    Ok(number.as_str().ok_or("the page gave no receipt number")?.to_owned())
}

fn seed() -> Outcome<u64> {
    match std::env::var(SEED_VARIABLE) {
        Ok(text) => Ok(text.parse()?),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos().into()),
    }
}
