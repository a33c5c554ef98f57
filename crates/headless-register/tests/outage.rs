//! The store server dies; the registers go on selling.

use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_sync::{Event, Mode};

use crate::setting::{AT_MOST, Shop, invoice, wait_for, wait_until_all_is_sent};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sold_while_the_store_server_is_gone_arrives_once_it_is_back() {
    let mut shop = Shop::open().await;
    let mut register = shop.register(Clock::start(20)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    let catalogue = Catalogue::read(register.store()).expect("a catalogue");
    let mut sold = 0;
    let mut sell = |register: &mut holdfast_headless_register::register::Register, count: usize| {
        for _ in 0..count {
            sold += 1;
            let done = register.sell(&invoice(sold, 3), &catalogue).expect("the journal takes it");
            assert!(done.sale.is_some());
        }
    };
    // Killed with sales on their way: whatever was applied is known, whatever was not comes again.
    sell(&mut register, 40);
    shop.server.kill().await.expect("it ends");
    sell(&mut register, 40);
    let is_offline = |mode: Mode| matches!(mode, Mode::Offline { .. } | Mode::Reconnecting { .. });
    assert!(register.driver().wait_until(AT_MOST, |status| is_offline(status.mode)).await);
    assert!(register.store().counts().waiting >= 40);
    sell(&mut register, 20);

    shop.server.start_again().await.expect("it starts again");
    // By itself, at the reconnect attempt interval.
    wait_until_all_is_sent(&register).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.mode == Mode::Online).await);
    let audit = shop.audit(register.number()).await;
    assert_eq!((audit.receipts_count, audit.lines_count), (100, 100));
    assert_eq!((audit.receipt_min, audit.receipt_max, audit.duplicates), (Some(1), Some(100), 0));
    assert_eq!(audit.total_minor, 100 * 3 * 255);
    assert_eq!(register.store().counts().rejected, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn try_now_does_not_wait_for_the_interval() {
    let mut shop = Shop::open().await;
    // The real clock: the interval is a whole minute.
    let mut register = shop.register(Clock::start(1)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    let catalogue = Catalogue::read(register.store()).expect("a catalogue");
    shop.server.kill().await.expect("it ends");
    register.sell(&invoice(1, 1), &catalogue).expect("the journal takes it");
    let is_offline = |mode: Mode| matches!(mode, Mode::Offline { .. });
    assert!(register.driver().wait_until(AT_MOST, |status| is_offline(status.mode)).await);
    shop.server.start_again().await.expect("it starts again");
    let began = std::time::Instant::now();
    register.driver().tell(Event::TryNow);
    wait_for("it is sent", async || register.store().counts().waiting == 0).await;
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert_eq!(shop.audit(register.number()).await.receipts_count, 1);
}
