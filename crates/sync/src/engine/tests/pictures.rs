//! When pictures may be fetched: last of all.

use super::bench::Bench;
use crate::effect::Event;

#[test]
fn pictures_come_after_everything_else() {
    let mut bench = Bench::new();
    assert!(!bench.engine.may_fetch_pictures(), "nothing is here yet");
    bench.pass_serving(6);
    assert!(bench.engine.may_fetch_pictures());
    bench.sell();
    assert!(!bench.engine.may_fetch_pictures(), "a sale goes up first");
    bench.pass_serving(6);
    assert!(bench.engine.may_fetch_pictures());
    bench.tell(Event::GoOffline);
    assert!(!bench.engine.may_fetch_pictures());
}
