//! The connectivity machine under random events: whatever comes, each wait has an end and offline is silent.

use proptest::prelude::*;

use super::{Connectivity, FAST_PROBES, Mode, PROBE_EVERY_MS, SlowLimits, Timeouts};

/// Something that happens to the machine.
#[derive(Debug, Clone)]
enum Step {
    Succeeded,
    /// An exchange that began so long ago failed.
    Failed {
        ago_ms: i64,
    },
    /// So much time passes, then a tick; clocks may go back.
    Pass {
        by_ms: i64,
    },
    TryNow,
    BrowserOnline,
    GoOffline,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => Just(Step::Succeeded),
        4 => (0i64..20_000).prop_map(|ago_ms| Step::Failed { ago_ms }),
        6 => (0i64..90_000).prop_map(|by_ms| Step::Pass { by_ms }),
        1 => (-10_000_000i64..10_000_000).prop_map(|by_ms| Step::Pass { by_ms }),
        1 => Just(Step::TryNow),
        1 => Just(Step::BrowserOnline),
        1 => Just(Step::GoOffline),
    ];
    proptest::collection::vec(step, 0..60)
}

fn timeouts() -> impl Strategy<Value = Timeouts> {
    (1i64..=3_600, 1i64..=1_440, any::<bool>()).prop_map(|(offline_s, reconnect_min, browser_online_hint)| {
        Timeouts {
            offline_ms: offline_s * 1_000,
            reconnect_ms: reconnect_min * 60_000,
            browser_online_hint,
            slow: None,
        }
    })
}

/// A machine and a clock.
struct Run {
    machine: Connectivity,
    now_ms: i64,
    timeouts: Timeouts,
}

impl Run {
    fn new(timeouts: Timeouts) -> Run {
        Run { machine: Connectivity::default(), now_ms: 1_790_000_000_000, timeouts }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Succeeded => self.machine.succeeded(),
            Step::Failed { ago_ms } => {
                self.machine.failed(self.now_ms - ago_ms, self.now_ms, &self.timeouts);
            }
            Step::Pass { by_ms } => {
                self.now_ms += by_ms;
                self.machine.tick(self.now_ms, &self.timeouts);
            }
            Step::TryNow => self.machine.try_now(self.now_ms, &self.timeouts),
            Step::BrowserOnline => self.machine.browser_online(self.now_ms, &self.timeouts),
            Step::GoOffline => self.machine.go_offline(self.now_ms),
        }
    }

    /// Ticks at the deadline, as a driver does.
    fn wait(&mut self) {
        if let Some(deadline_ms) = self.machine.deadline_ms() {
            self.now_ms = self.now_ms.max(deadline_ms);
            self.machine.tick(self.now_ms, &self.timeouts);
        }
    }

    fn is_by_hand(&self) -> bool {
        matches!(self.machine.mode(), Mode::Offline { next_attempt_at_ms: None, .. })
    }
}

proptest! {
    #[test]
    fn every_wait_has_an_end_that_a_clock_can_not_put_off(timeouts in timeouts(), steps in steps()) {
        let mut run = Run::new(timeouts);
        for step in &steps {
            run.take(step);
            run.machine.tick(run.now_ms, &timeouts);
            match run.machine.mode() {
                Mode::Online => prop_assert_eq!(run.machine.deadline_ms(), None),
                Mode::Waiting { since_ms, offline_at_ms } => {
                    prop_assert!(since_ms <= run.now_ms);
                    prop_assert!(offline_at_ms > run.now_ms);
                    prop_assert!(offline_at_ms <= run.now_ms + timeouts.offline_ms);
                }
                Mode::Offline { next_attempt_at_ms: None, .. } => {
                    prop_assert_eq!(run.machine.deadline_ms(), None);
                }
                Mode::Offline { next_attempt_at_ms: Some(at_ms), .. } => {
                    prop_assert!(at_ms > run.now_ms && at_ms <= run.now_ms + timeouts.reconnect_ms);
                }
                Mode::Reconnecting { give_up_at_ms, .. } => {
                    prop_assert!(give_up_at_ms > run.now_ms);
                    prop_assert!(give_up_at_ms <= run.now_ms + timeouts.offline_ms);
                }
            }
        }
    }

    #[test]
    fn only_an_attempt_may_send_once_the_register_is_offline(timeouts in timeouts(), steps in steps()) {
        let mut run = Run::new(timeouts);
        for step in &steps {
            let before = run.machine.mode();
            run.take(step);
            let offline = matches!(run.machine.mode(), Mode::Offline { .. });
            prop_assert_eq!(run.machine.may_send(), !offline);
            // From offline there is no way back but through an attempt.
            if matches!(before, Mode::Offline { .. }) {
                let stays = matches!(run.machine.mode(), Mode::Offline { .. } | Mode::Reconnecting { .. });
                prop_assert!(stays);
            }
        }
    }

    #[test]
    fn whatever_came_before_a_success_after_the_next_attempt_brings_it_back(
        timeouts in timeouts(),
        steps in steps(),
    ) {
        let mut run = Run::new(timeouts);
        steps.iter().for_each(|step| run.take(step));
        if run.is_by_hand() {
            run.take(&Step::TryNow);
        }
        if matches!(run.machine.mode(), Mode::Offline { .. }) {
            run.wait();
        }
        prop_assert!(run.machine.may_send());
        run.take(&Step::Succeeded);
        prop_assert_eq!(run.machine.mode(), Mode::Online);
    }

    #[test]
    fn the_timeout_counts_from_the_start_of_the_first_failure(
        timeouts in timeouts(),
        failures in proptest::collection::vec((0i64..500, 0i64..500), 1..20),
    ) {
        let mut run = Run::new(timeouts);
        let (ago_ms, _) = failures[0];
        let first_ms = run.now_ms - ago_ms;
        for (ago_ms, then_ms) in failures {
            run.take(&Step::Failed { ago_ms });
            let over = run.now_ms >= first_ms + timeouts.offline_ms;
            prop_assert_eq!(matches!(run.machine.mode(), Mode::Offline { .. }), over);
            if over {
                return Ok(());
            }
            prop_assert_eq!(
                run.machine.mode(),
                Mode::Waiting { since_ms: first_ms, offline_at_ms: first_ms + timeouts.offline_ms }
            );
            run.now_ms += then_ms;
        }
    }

    #[test]
    fn offline_by_hand_nothing_happens_by_itself(timeouts in timeouts(), waits in proptest::collection::vec(0i64..10_000_000, 0..10)) {
        let mut run = Run::new(timeouts);
        run.take(&Step::GoOffline);
        for by_ms in waits {
            run.take(&Step::Pass { by_ms });
            run.take(&Step::BrowserOnline);
            prop_assert!(run.is_by_hand());
        }
    }

    #[test]
    fn the_state_is_the_same_after_it_was_kept(timeouts in timeouts(), steps in steps()) {
        let mut run = Run::new(timeouts);
        steps.iter().for_each(|step| run.take(step));
        let kept = holdfast_protocol::encode(&run.machine);
        prop_assert_eq!(holdfast_protocol::decode::<Connectivity>(&kept), Ok(run.machine));
    }
}

const BEGIN_MS: i64 = 1_790_000_000_000;

fn minding_slowness() -> Timeouts {
    Timeouts { slow: Some(SlowLimits { latency_ms: 800, for_ms: 10_000 }), ..Timeouts::INITIAL }
}

/// A machine to which a contact each two seconds was answered after so long.
fn after_answers(latencies_ms: &[i64]) -> (Connectivity, i64) {
    let (mut machine, mut now_ms) = (Connectivity::default(), BEGIN_MS);
    for latency_ms in latencies_ms {
        machine.answered(now_ms, now_ms + latency_ms, &minding_slowness());
        now_ms += 2_000;
    }
    (machine, now_ms)
}

#[test]
fn only_answers_that_stay_slow_take_a_register_offline() {
    let (machine, _) = after_answers(&[900; 5]);
    assert_eq!(machine.mode(), Mode::Online, "for eight seconds");
    assert!(machine.is_getting_slow());
    let (machine, _) = after_answers(&[900, 900, 900, 900, 100, 900, 900, 900]);
    assert_eq!(machine.mode(), Mode::Online, "a fast one among them");
    let (machine, _) = after_answers(&[900; 6]);
    assert!(machine.is_offline_for_slowness());
    assert!(matches!(machine.mode(), Mode::Offline { next_attempt_at_ms: Some(_), .. }));
}

#[test]
fn a_register_that_is_offline_for_slowness_comes_back_after_several_fast_probes() {
    let limits = minding_slowness();
    let (slow, _) = after_answers(&[900; 6]);
    let Mode::Offline { next_attempt_at_ms: Some(at_ms), .. } = slow.mode() else { panic!("{slow:?}") };
    let mut machine = slow;
    machine.tick(at_ms, &limits);
    let mut now_ms = at_ms;
    for probe in 1..=FAST_PROBES {
        assert!(machine.is_offline_for_slowness(), "before probe {probe}");
        machine.answered(now_ms, now_ms + 50, &limits);
        now_ms += PROBE_EVERY_MS;
        machine.tick(now_ms, &limits);
    }
    assert_eq!(machine.mode(), Mode::Online);
    // Below what is slow, but not by much.
    let mut machine = slow;
    machine.tick(at_ms, &limits);
    machine.answered(at_ms, at_ms + 700, &limits);
    assert!(machine.is_offline_for_slowness() && matches!(machine.mode(), Mode::Offline { .. }));
}

#[test]
fn whoever_wants_a_slow_store_server_gets_it_and_a_profile_may_stop_minding() {
    let limits = minding_slowness();
    let (slow, now_ms) = after_answers(&[900; 6]);
    let mut machine = slow;
    machine.try_now(now_ms, &limits);
    machine.answered(now_ms, now_ms + 900, &limits);
    assert_eq!(machine.mode(), Mode::Online);
    let mut machine = slow;
    machine.tick(now_ms, &Timeouts::INITIAL);
    assert!(!machine.is_offline_for_slowness());
    machine.try_now(now_ms, &Timeouts::INITIAL);
    machine.succeeded();
    assert_eq!(machine.mode(), Mode::Online);
}
