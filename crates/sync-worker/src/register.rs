//! The loop around the engine: an event in, its effects carried out, a timer for what it waits for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use holdfast_browser_store::{BrowserRegisterStore, RegisterIdentity};
use holdfast_profile::TableId;
use holdfast_sync::messages::ToPage;
use holdfast_sync::{Effect, Engine, EngineConfig, Event, Mode, RegisterStore};
use wasm_bindgen_futures::spawn_local;

use crate::export::export;
use crate::http::Http;
use crate::pages::Pages;
use crate::pictures::PictureKeeper;
use crate::worker::Databases;

/// Longest timer, milliseconds; what is later is waited for in parts.
const TIMER_MS_MAX: i64 = 60_000;

/// How often the storage is measured, milliseconds.
const MEASURED_EVERY_MS: f64 = 60_000.0;

/// An activated register with its engine.
pub(crate) struct Register {
    engine: RefCell<Engine>,
    store: BrowserRegisterStore,
    databases: Databases,
    pictures: PictureKeeper,
    http: Http,
    pages: Pages,
    /// Requests and storage calls that have not ended.
    in_flight: Cell<u32>,
    /// Exports and looks after pictures that have not ended.
    others_in_flight: Cell<u32>,
    /// Those who wait for the end of all of them.
    idle: RefCell<Vec<oneshot::Sender<()>>>,
    timer: RefCell<Option<Timeout>>,
    /// When the storage was last measured, ms since 1970.
    measured_at_ms: Cell<f64>,
    /// Whether the engine has had anything to show yet.
    has_status: Cell<bool>,
    /// Another register has taken its place; what still comes in is for nobody.
    ended: Cell<bool>,
}

impl Register {
    /// Starts the engine of a register.
    pub fn start(identity: &RegisterIdentity, databases: Databases, pages: Pages) -> Rc<Register> {
        let engine = Engine::new(EngineConfig {
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            nonce_seed: u64::from_le_bytes(random()),
        });
        let register = Rc::new(Register {
            engine: RefCell::new(engine),
            store: BrowserRegisterStore::new(databases.journal.clone(), databases.scopes.clone()),
            databases,
            pictures: PictureKeeper::default(),
            http: Http::of(&identity.token),
            pages,
            in_flight: Cell::new(0),
            others_in_flight: Cell::new(0),
            idle: RefCell::default(),
            timer: RefCell::new(None),
            measured_at_ms: Cell::new(0.0),
            has_status: Cell::new(false),
            ended: Cell::new(false),
        });
        register.handle(Event::Tick);
        register
    }

    /// Measures how full the storage is, now and then; told the store server with the next contact.
    pub fn measure_storage(self: &Rc<Self>) {
        let is_due = !(0.0..MEASURED_EVERY_MS).contains(&(js_sys::Date::now() - self.measured_at_ms.get()));
        if is_due {
            self.measured_at_ms.set(js_sys::Date::now());
            let register = Rc::clone(self);
            spawn_local(async move {
                if let Some((used_bytes, allowed_bytes)) = holdfast_browser_store::storage::estimate().await {
                    register.handle(Event::StorageMeasured { used_bytes, allowed_bytes });
                }
            });
        }
    }

    /// Hands the engine an event and carries out what comes of it.
    pub fn handle(self: &Rc<Self>, event: Event) {
        if self.ended.get() {
            return self.wake_if_idle();
        }
        {
            let mut engine = self.engine.borrow_mut();
            engine.set_utc_offset_min(utc_offset_min());
            engine.handle(event, now_ms());
        }
        while let Some(effect) = self.next_effect() {
            self.carry_out(effect);
        }
        self.set_timer();
        self.wake_if_idle();
        self.keep_pictures();
    }

    /// Makes an export and sends it to the store server.
    pub async fn export(&self, at_ms: i64) {
        let is_online = self.engine.borrow().status().mode == Mode::Online;
        self.others_changed(1);
        export(&self.databases, &self.http, &self.pages, is_online, at_ms).await;
        self.others_changed(-1);
    }

    /// Shows the register's state to the pages, if there is any yet.
    pub fn show_status(&self) {
        if self.has_status.get() {
            self.pages.post(&ToPage::Status { status: self.engine.borrow().status() });
        }
    }

    /// Entries that wait, as far as the engine knows.
    pub fn waiting(&self) -> u64 {
        self.engine.borrow().status().waiting
    }

    /// Waits until nothing is on its way.
    pub async fn idle(&self) {
        if self.in_flight.get() > 0 {
            let (sender, receiver) = oneshot::channel();
            self.idle.borrow_mut().push(sender);
            receiver.await.ok();
        }
    }

    /// Stops the engine for good.
    pub fn end(&self) {
        self.ended.set(true);
        self.timer.replace(None);
    }

    fn next_effect(&self) -> Option<Effect> {
        self.engine.borrow_mut().poll_effect()
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Request { id, call, timeout_ms } => {
                let register = Rc::clone(self);
                self.spawn(async move {
                    Event::Answered { id, result: register.http.call(call, timeout_ms).await }
                });
            }
            Effect::Store { id, call } => {
                let register = Rc::clone(self);
                self.spawn(async move { Event::Stored { id, result: register.store.execute(call).await } });
            }
            Effect::StatusChanged => {
                self.has_status.set(true);
                self.show_status();
            }
            Effect::LookedUp { asked, result } => {
                self.pages.post(&ToPage::LookedUp { asked, answer: result.into() });
            }
            Effect::TablesChanged(tables) => {
                if tables.contains(&TableId::Product) {
                    self.pictures.products_changed();
                }
                let tables = tables.into_iter().map(|table| table.number()).collect();
                self.pages.post(&ToPage::TablesChanged { tables });
            }
        }
    }

    /// Does what is due about pictures, beside everything else: nobody waits for its end.
    fn keep_pictures(self: &Rc<Self>) {
        let Some(wish) = self.pictures.due(&self.engine.borrow()) else { return };
        let register = Rc::clone(self);
        register.others_changed(1);
        spawn_local(async move {
            let Register { pictures, http, databases, pages, .. } = &*register;
            let may_go_on = || !register.ended.get() && register.engine.borrow().may_fetch_pictures();
            pictures.work(wish, http, &databases.scopes, pages, may_go_on).await;
            register.others_changed(-1);
        });
    }

    fn others_changed(&self, by: i32) {
        let count = self.others_in_flight.get().saturating_add_signed(by);
        self.others_in_flight.set(count);
        self.engine.borrow_mut().set_others_busy(count > 0);
    }

    fn spawn(self: &Rc<Self>, work: impl Future<Output = Event> + 'static) {
        self.in_flight.set(self.in_flight.get() + 1);
        let register = Rc::clone(self);
        spawn_local(async move {
            let event = work.await;
            register.in_flight.set(register.in_flight.get() - 1);
            register.handle(event);
        });
    }

    fn set_timer(self: &Rc<Self>) {
        let deadline_ms = self.engine.borrow().next_deadline_ms();
        let timer = deadline_ms.map(|at_ms| {
            let wait_ms = (at_ms - now_ms()).clamp(0, TIMER_MS_MAX);
            let register = Rc::downgrade(self);
            Timeout::new(u32::try_from(wait_ms).unwrap_or(0), move || {
                // In a task of its own: the engine will replace this very timer.
                spawn_local(async move {
                    if let Some(register) = register.upgrade() {
                        register.handle(Event::Tick);
                    }
                });
            })
        });
        self.timer.replace(timer);
    }

    fn wake_if_idle(&self) {
        if self.in_flight.get() == 0 {
            // Those who wait are woken by the end of their channels.
            self.idle.take().clear();
        }
    }
}

/// Random bytes, from the browser.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    // Without `crypto` there is no service worker either; numbers of lower quality still tell requests apart.
    let mut bytes = [0; N];
    let crypto = js_sys::Reflect::get(&js_sys::global(), &"crypto".into())
        .ok()
        .and_then(|crypto| wasm_bindgen::JsCast::dyn_into::<web_sys::Crypto>(crypto).ok());
    if crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok()).is_none() {
        bytes.iter_mut().for_each(|byte| *byte = (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}

/// The wall clock, ms since 1970.
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

fn utc_offset_min() -> i16 {
    -(js_sys::Date::new_0().get_timezone_offset() as i16)
}
