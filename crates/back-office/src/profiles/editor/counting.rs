//! What a working copy would do to registers: counted by the store server once typing has paused, and only where
//! something differs that it depends on.

use std::time::Duration;

use holdfast_profile::{OfflineCustomers, OfflineProducts, Profile, Scope};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{Api, ApiError, Preview};
use crate::live::REFRESH_EVERY;

/// Counting waits until typing pauses.
const AFTER: Duration = Duration::from_millis(600);

/// What is to be counted.
#[derive(Debug, Clone, PartialEq)]
pub struct ToCount {
    /// The profile's id.
    pub id: u64,
    /// The version that is compared with.
    pub published: Option<u64>,
    /// The profile as it is edited.
    pub profile: Profile,
}

/// What a register's rows depend on: counting again is of use only where one of these differs.
#[derive(Debug, Clone, PartialEq)]
struct Counted {
    scopes: Vec<Scope>,
    offline_products: OfflineProducts,
    offline_customers: OfflineCustomers,
    published: Option<u64>,
}

impl From<&ToCount> for Counted {
    fn from(wanted: &ToCount) -> Counted {
        let ToCount { published, profile, .. } = wanted;
        Counted {
            scopes: profile.scopes.clone(),
            offline_products: profile.offline_products.clone(),
            offline_customers: profile.offline_customers,
            published: *published,
        }
    }
}

/// What was counted last, and what is being counted.
#[derive(Clone, Copy)]
pub struct Counting {
    /// What the working copy would do to registers.
    pub preview: RwSignal<Option<Preview>>,
    /// Whether what was counted is not yet of the working copy as it is now: typing goes on, or the answer is on its
    /// way.
    pub is_under_way: RwSignal<bool>,
    /// Why it could not be counted.
    pub error: RwSignal<Option<ApiError>>,
    /// Counts the wishes: an answer to an earlier one is dropped.
    turn: StoredValue<u32>,
    /// What the preview is of.
    counted: StoredValue<Option<Counted>>,
}

impl Counting {
    /// Nothing was counted.
    pub fn new() -> Counting {
        Counting {
            preview: RwSignal::new(None),
            is_under_way: RwSignal::new(false),
            error: RwSignal::new(None),
            turn: StoredValue::new(0),
            counted: StoredValue::new(None),
        }
    }

    /// Forgets what was counted and what is on its way.
    pub fn clear(self) {
        self.next_turn();
        self.preview.set(None);
        self.forget();
    }

    /// The next wish is asked for, though nothing differs.
    pub fn forget(self) {
        self.counted.set_value(None);
        self.error.set(None);
    }

    /// Counts what `wanted` gives once typing has paused.
    pub fn again(self, api: Api, wanted: impl Fn() -> Option<ToCount> + 'static) {
        let turn = self.next_turn();
        let now = wanted().as_ref().map(Counted::from);
        let is_known = self.preview.with_untracked(Option::is_some)
            && self.counted.with_value(|counted| counted.is_some() && *counted == now);
        if self.is_under_way.get_untracked() == is_known {
            self.is_under_way.set(!is_known);
        }
        if is_known {
            // What could not be counted was another state of it.
            if self.error.with_untracked(Option::is_some) {
                self.error.set(None);
            }
            return;
        }
        set_timeout(
            move || {
                if self.turn.get_value() == turn
                    && let Some(wanted) = wanted()
                {
                    spawn_local(self.count(api, wanted, turn));
                }
            },
            AFTER,
        );
    }

    async fn count(self, api: Api, wanted: ToCount, turn: u32) {
        let preview = api.preview_profile(wanted.id, &wanted.profile).await;
        if self.turn.get_value() != turn {
            return;
        }
        self.is_under_way.set(false);
        match preview {
            Ok(preview) => {
                self.preview.set(Some(preview));
                self.counted.set_value(Some(Counted::from(&wanted)));
                self.error.set(None);
            }
            // The counts are a help: without them the editor works as well.
            Err(error) => {
                let is_away = matches!(error, ApiError::Away(_));
                if self.error.with_untracked(|said| said.as_ref() != Some(&error)) {
                    self.error.set(Some(error));
                }
                if is_away {
                    let again = move || {
                        if self.turn.get_value() == turn {
                            spawn_local(self.count(api, wanted, turn));
                        }
                    };
                    set_timeout(again, REFRESH_EVERY);
                }
            }
        }
    }

    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn += 1);
        self.turn.get_value()
    }
}
