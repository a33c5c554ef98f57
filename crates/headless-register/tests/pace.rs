//! How much goes in one upload, counted at the register over real HTTP.

use std::sync::Arc;

use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::random::Random;
use holdfast_headless_register::register::Register;
use holdfast_headless_register::register_api::RegisterApi;
use holdfast_headless_register::traffic::{Kind, Traffic};
use holdfast_headless_register::unpacked::UnpackedPages;
use holdfast_profile::{UploadBatch, default_profile};
use holdfast_sync::{Event, Mode};

use crate::setting::{AT_MOST, Shop, invoice, wait_until_all_is_sent};

/// Sales that wait until the register comes back.
const SALES_COUNT: usize = 23;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backlog_comes_in_as_many_requests_as_its_batches_are() {
    for (entries, requests_count) in [(1, 23), (5, 5), (23, 1), (500, 1)] {
        let shop = Shop::open().await;
        let mut profile = default_profile();
        profile.device.upload_batch_entries = UploadBatch { entries };
        if profile != default_profile() {
            shop.server.publish(&profile).await.expect("it is published");
        }
        let traffic = Arc::new(Traffic::default());
        let mut register = counted_by(&shop, &traffic).await;
        assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
        let catalogue = Catalogue::read(register.store()).expect("a catalogue");
        register.driver().tell(Event::GoOffline);
        let is_offline = |mode: Mode| matches!(mode, Mode::Offline { .. });
        assert!(register.driver().wait_until(AT_MOST, |status| is_offline(status.mode)).await);
        for number in 1..=SALES_COUNT {
            register.sell(&invoice(number, 1), &catalogue).expect("the journal takes it");
        }
        let waits = |waiting: u64| waiting == SALES_COUNT as u64;
        assert!(register.driver().wait_until(AT_MOST, |status| waits(status.waiting)).await);
        assert_eq!(uploads_count(&traffic), 0);
        register.driver().tell(Event::GoOnline);
        wait_until_all_is_sent(&register).await;
        assert_eq!(uploads_count(&traffic), requests_count, "batches of {entries}");
        assert_eq!(shop.audit(register.number()).await.receipts_count, SALES_COUNT as u64);
    }
}

/// A register whose requests are counted.
async fn counted_by(shop: &Shop, traffic: &Arc<Traffic>) -> Register {
    let number = shop.admin.add_register("Till").await.expect("a register is added");
    let code = shop.admin.activation_code(number).await.expect("it has a code");
    let api = RegisterApi::new(&shop.server.url()).expect("a client");
    let api = api.sharing(Arc::clone(traffic), UnpackedPages::default());
    let random = Random::new(Random::fresh_seed());
    Register::activate(api, &code, Clock::start(1), random).await.expect("the code is right")
}

fn uploads_count(traffic: &Traffic) -> u64 {
    traffic.counts()[Kind::Upload as usize].requests
}
