//! Waiting after wrong PINs.

use holdfast_domain::pin::PinAttempts;

const NOW_MS: i64 = 1_795_000_000_000;

fn after(failures: u32) -> PinAttempts {
    let mut attempts = PinAttempts::default();
    (0..failures).for_each(|_| attempts.failed(NOW_MS));
    attempts
}

#[test]
fn the_first_three_tries_are_free_and_then_it_takes_longer_each_time() {
    let waits: Vec<i64> = (0..9).map(|failures| after(failures).wait_ms(NOW_MS)).collect();
    assert_eq!(waits, [0, 0, 0, 5_000, 15_000, 60_000, 300_000, 300_000, 300_000]);
}

#[test]
fn a_wait_ends() {
    let attempts = after(4);
    assert_eq!(attempts.wait_ms(NOW_MS + 14_999), 1);
    assert_eq!(attempts.wait_ms(NOW_MS + 15_000), 0);
    assert_eq!(attempts.wait_ms(i64::MAX), 0);
}

#[test]
fn the_right_pin_forgives() {
    let mut attempts = after(7);
    attempts.succeeded();
    assert_eq!(attempts, PinAttempts::default());
}

#[test]
fn a_clock_set_back_neither_shortens_nor_lengthens_the_wait() {
    let mut attempts = after(3);
    let earlier_ms = NOW_MS - 86_400_000;
    assert_eq!(attempts.wait_ms(earlier_ms), 5_000);
    assert_eq!(attempts.wait_ms(i64::MIN), 5_000);
    attempts.observe_clock(earlier_ms);
    assert_eq!(attempts.wait_ms(earlier_ms), 5_000);
    assert_eq!(attempts.wait_ms(earlier_ms + 5_000), 0);
}
