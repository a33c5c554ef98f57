//! Whether a scanner may be typing: from its first key until no further one has come for longer than a scanner takes.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::burst::BETWEEN_KEYS_MS_MAX;

/// Follows the keys.
#[derive(Debug, Clone, Copy)]
pub struct Scanning {
    may_be: RwSignal<bool>,
    end: StoredValue<Option<TimeoutHandle>>,
}

impl Scanning {
    /// Says it in this signal.
    pub fn new(may_be: RwSignal<bool>) -> Scanning {
        Scanning { may_be, end: StoredValue::new(None) }
    }

    /// After each key: whether it may be a scanner's.
    pub fn follow(self, may_be: bool) {
        if let Some(Some(end)) = self.end.try_update_value(Option::take) {
            end.clear();
        }
        let end = may_be.then(|| {
            let pause = Duration::from_secs_f64(BETWEEN_KEYS_MS_MAX / 1_000.0);
            set_timeout_with_handle(move || self.say(false), pause)
        });
        match end {
            Some(Ok(end)) => {
                self.end.set_value(Some(end));
                self.say(true);
            }
            // Without an end what is typed would never be searched for.
            Some(Err(error)) => {
                leptos::logging::warn!("no pause could be begun: {error:?}");
                self.say(false);
            }
            None => self.say(false),
        }
    }

    fn say(self, may_be: bool) {
        if self.may_be.get_untracked() != may_be {
            self.may_be.set(may_be);
        }
    }
}
