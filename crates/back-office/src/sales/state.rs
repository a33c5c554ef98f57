//! The list of sales, kept at the app's root: what was loaded, which register is asked for, and what
//! arrived while somebody reads further down.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::merge::{Merge, merge};
use crate::api::{Api, ApiError, Sale};
use crate::live::Live;

/// The list.
#[derive(Debug, Clone, Copy)]
pub struct SalesState {
    /// Sales on the screen, newest first.
    pub sales: RwSignal<Vec<Sale>>,
    /// Arrived while the page was scrolled; shown when asked for.
    pub arrived: RwSignal<Vec<Sale>>,
    /// Whether there are older ones.
    pub has_more: RwSignal<bool>,
    /// Only those of this register.
    pub register: RwSignal<Option<u16>>,
    /// Older ones are on their way.
    pub is_loading_more: RwSignal<bool>,
    /// Why older ones did not come.
    pub more_error: RwSignal<Option<ApiError>>,
    /// Whether the first answer is here; carries the error while it is not.
    pub first: Live<()>,
    /// Counts changes of the filter, so that an answer to an older question is dropped.
    question: StoredValue<u32>,
}

impl SalesState {
    /// Nothing yet.
    pub fn new() -> SalesState {
        SalesState {
            sales: RwSignal::new(Vec::new()),
            arrived: RwSignal::new(Vec::new()),
            has_more: RwSignal::new(false),
            register: RwSignal::new(None),
            is_loading_more: RwSignal::new(false),
            more_error: RwSignal::new(None),
            first: Live::new(),
            question: StoredValue::new(0),
        }
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.filter(None);
    }

    /// Asks for another register's sales from now on.
    pub fn filter(self, register: Option<u16>) {
        self.question.update_value(|question| *question += 1);
        self.register.set(register);
        self.sales.set(Vec::new());
        self.arrived.set(Vec::new());
        self.has_more.set(false);
        self.is_loading_more.set(false);
        self.more_error.set(None);
        self.first.clear();
    }

    /// Asks for the newest. While `hold`, what arrived waits in `arrived`, so that nothing moves.
    pub fn refresh(self, api: Api, hold: impl Fn() -> bool + 'static) {
        let question = self.question.get_value();
        let register = self.register.get_untracked();
        self.first.ask(async move {
            let page = api.sales(register, None).await?;
            if self.question.get_value() == question {
                self.take_newest(page, hold());
            }
            Ok(())
        });
    }

    /// Shows what arrived.
    pub fn show_arrived(self) {
        let arrived = self.arrived.get_untracked();
        self.arrived.set(Vec::new());
        self.prepend(arrived);
    }

    /// Asks for older ones.
    pub fn load_more(self, api: Api) {
        let Some(oldest_seq) = self.sales.with_untracked(|sales| sales.last().map(|sale| sale.seq)) else {
            return;
        };
        if self.is_loading_more.get_untracked() {
            return;
        }
        let question = self.question.get_value();
        let register = self.register.get_untracked();
        self.is_loading_more.set(true);
        spawn_local(async move {
            let outcome = api.sales(register, Some(oldest_seq)).await;
            if self.question.get_value() != question {
                return;
            }
            match outcome {
                Ok(page) => {
                    self.has_more.set(page.more);
                    self.sales.update(|sales| {
                        sales.extend(page.sales.into_iter().filter(|sale| sale.seq < oldest_seq));
                    });
                    self.more_error.set(None);
                }
                Err(error) => self.more_error.set(Some(error)),
            }
            self.is_loading_more.set(false);
        });
    }

    fn take_newest(self, page: crate::api::SaleList, hold: bool) {
        let newest = |list: &Vec<Sale>| list.first().map(|sale| sale.seq);
        let newest_seq = self.arrived.with_untracked(newest).or_else(|| self.sales.with_untracked(newest));
        match merge(newest_seq, page) {
            Merge::Same => {}
            Merge::Arrived(arrived) if hold => self.arrived.update(|held| {
                held.splice(0..0, arrived);
            }),
            Merge::Arrived(arrived) => self.prepend(arrived),
            Merge::Anew(page) => {
                self.arrived.set(Vec::new());
                self.has_more.set(page.more);
                self.sales.set(page.sales);
            }
        }
    }

    fn prepend(self, arrived: Vec<Sale>) {
        if !arrived.is_empty() {
            self.sales.update(|sales| {
                sales.splice(0..0, arrived);
            });
        }
    }
}
